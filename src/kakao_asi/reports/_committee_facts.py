"""What a body's committee pack says, before it is written: figures that reconcile, from the log and the states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from attrs import field, frozen

from .. import catalog
from .._internal.clock import KST
from .._internal.fields import check_kind
from .._internal.words import Lang, Word
from ..assessments import Line
from ..evidence import EvidenceKind
from ..exceptions import UnknownId
from ..framework import (
    ClockRow,
    HorizonRow,
    Policy,
    Procedure,
    Record,
    RegulationLink,
    RunningIncident,
    in_force,
    latest_versions,
)
from ..governance import Case, CaseStatus, EscalationGraph, Matter, Outcome
from ..lifecycle import FindingGroup, RiskState, SystemState, SystemStatus, acceptance_is_live, grades_of, is_open
from ..principles import Principle
from ..register import Covered, Indicator, Kri, Questions, ReviewDue
from ..responses import PlannedResponse
from ..stages import Stage
from ..taxonomy import Actor, Grade
from ._committee_movement import Movement, Period, movement_of, period_of

__all__ = ["Asked", "Breadth", "Late", "LateKind", "Pack", "Piece", "Top", "gathered_for", "level_of"]

_PAGE = 1_000
_TOP = 5
_ENDING = dt.timedelta(days=30)
_AHEAD = dt.timedelta(days=120)
_PERIODS = 3
_PERIOD = dt.timedelta(days=30)


@frozen(kw_only=True)
class Asked:
    """A decision asked of the body.

    Attributes:
        case: the case.
        final: whether the body decides it, or approves and forwards it.
        due_at: by when; None without a deadline.
        said: what the bodies before it decided, in order: the recommendation.
        adequate: how many of the opinions given find assessment and response adequate.
    """

    case: Case
    final: bool
    due_at: dt.datetime | None
    said: tuple[tuple[str, Outcome], ...]
    adequate: int


@frozen(kw_only=True)
class Top:
    """One of the gravest open risks.

    Attributes:
        risk: the risk.
        limit: the highest grade within tolerance for it.
        plan: the open response that is due next; None if there is none.
        warning: the indicator of its system that warns early; None while there is none.
    """

    risk: RiskState
    limit: Grade
    plan: PlannedResponse | None
    warning: Indicator | None


class LateKind(Word):
    """What is past its date."""

    DECISION = "decision", "결정", "decision"
    ACKNOWLEDGEMENT = "acknowledgement", "접수 확인", "acknowledgement"
    RESPONSE = "response", "대응방안", "response"
    ASSESSMENT = "assessment", "재평가", "assessment"
    REVIEW = "review", "재검토", "review"


@frozen(kw_only=True)
class Late:
    """Something past its date.

    Attributes:
        kind: what.
        subject: id of the risk, of the case, or of what is to be reviewed.
        item: id of the response or of the body, where there is one.
        owner: the role or the body that has to act.
        days: full days late.
    """

    kind: LateKind = field(validator=check_kind(LateKind))
    subject: str
    item: str = ""
    owner: str = ""
    days: int


@frozen(kw_only=True)
class Breadth:
    """How much of what is registered was looked at.

    Attributes:
        systems: systems under management.
        risks: open risks.
        assessed: open risks with a valid grade.
        first: open risks that the first line assessed.
        second: open risks that the second line assessed, independently.
        entered: stages entered within the period.
        overrides: ids of the overrides approved within the period, sorted.
        silent: units with a system of theirs and nothing assessed within the period, sorted.
    """

    systems: int
    risks: int
    assessed: int
    first: int
    second: int
    entered: int
    overrides: tuple[str, ...]
    silent: tuple[str, ...]


@frozen(kw_only=True)
class Piece:
    """One piece of evidence in the index.

    Attributes:
        digest: its digest.
        kind: what it is.
        on: day it was made.
        age: its age in days.
        risks: ids of the risks it is cited for, sorted.
        methods: ids and versions of the methods that cite it, sorted; empty for a proof of a response.
    """

    digest: str
    kind: EvidenceKind
    on: dt.date
    age: int
    risks: tuple[str, ...]
    methods: tuple[str, ...]


@frozen(kw_only=True)
class Pack:
    """Everything in a pack.

    Attributes:
        body: id of the body.
        since: start of the period.
        at: as of when.
        governance: id and version of the governance in force.
        taxonomy: scheme and version of the principles.
        bodies: Korean and English names of the bodies that decide, from the lowest tier.
        policies: how many policies are in force.
        asked: decisions asked of the body, the most urgent first.
        top: up to five open risks, the gravest first.
        movement: how the number of open risks came to be.
        grid: open risks by actor and stage; a risk counts at each stage it can show at.
        late: what is past its date, the longest first.
        accepted: ids of open or closed risks that a live acceptance covers, sorted.
        ending: those of them whose acceptance ends within 30 days.
        lapsed: open risks whose acceptance has ended or no longer fits their state, sorted by id.
        breaches: ids of open risks above tolerance without a live acceptance, unassessed ones included, sorted.
        unproved: ids of open risks with a grade and no evidence, sorted.
        overruled: ids of objections that were not upheld, sorted.
        incidents: incidents on record that are open or became known within the period, the latest first.
        kris: the indicators.
        history: what each indicator was at the ends of the two 30-day periods before, the earlier first.
        covered: how each principle stands.
        principles: the principles of the governance.
        breadth: how much was looked at.
        horizon: changes of law within 120 days.
        starting: rows of law that start within 120 days.
        reviews: when the framework is to be reviewed.
        actions: conditions of earlier decisions, with the risk they are on, by due day.
        pieces: the index of evidence, the oldest first.
        findings: groups of findings that wait for a person, those of most occurrences first.
        asked_again: open risks whose findings ask for a new assessment, sorted by id.
        risks: every risk, sorted by id.
    """

    body: str
    since: dt.datetime
    at: dt.datetime
    governance: str
    taxonomy: str
    bodies: tuple[tuple[str, str], ...]
    policies: int
    asked: tuple[Asked, ...]
    top: tuple[Top, ...]
    movement: Movement
    grid: tuple[tuple[Actor, Stage, int], ...]
    late: tuple[Late, ...]
    accepted: tuple[str, ...]
    ending: tuple[RiskState, ...]
    lapsed: tuple[RiskState, ...]
    breaches: tuple[str, ...]
    unproved: tuple[str, ...]
    overruled: tuple[str, ...]
    incidents: tuple[RunningIncident, ...]
    kris: tuple[Indicator, ...]
    history: tuple[tuple[Indicator, ...], ...]
    covered: tuple[Covered, ...]
    principles: tuple[Principle, ...]
    breadth: Breadth
    horizon: tuple[HorizonRow, ...]
    starting: tuple[ClockRow, ...]
    reviews: tuple[ReviewDue, ...]
    actions: tuple[tuple[RiskState, PlannedResponse], ...]
    pieces: tuple[Piece, ...]
    findings: tuple[FindingGroup, ...]
    asked_again: tuple[RiskState, ...]
    risks: tuple[RiskState, ...]

    def principle(self, id: str, lang: Lang) -> str:  # the word the whole library uses
        """Return what a principle is called."""
        return next((one.ko if lang == "ko" else one.en for one in self.principles if one.id == id), id)

    @property
    def today(self) -> dt.date:
        """The day the pack is as of, in Korea."""
        return self.at.astimezone(KST).date()


def gathered_for(register: Questions, body: str, since: dt.datetime) -> Pack:
    """Gather a pack.

    Raises:
        UnknownId: the governance has no such body.
    """
    governance = register.governance()
    if body not in {one.id for one in governance.graph.bodies}:
        raise UnknownId("body", body)
    at = register.now()
    today = at.astimezone(KST).date()
    period = period_of(register, since)
    open_now = tuple(risk for risk in period.now if is_open(risk, at))
    systems, cases = _systems(register), _cases(register)
    *history, kris = register.kri_history(
        at - _PERIOD * back + dt.timedelta(microseconds=1) for back in reversed(range(_PERIODS))
    )
    live = {risk.id for risk in period.now if acceptance_is_live(risk, at)}
    reviews = register.reviews_due()
    above = _above(register, open_now, systems, at)
    return Pack(
        body=body,
        since=since,
        at=at,
        governance=f"{governance.id}/{governance.version}",
        taxonomy=f"{catalog.principle_rows()[0].scheme}/{catalog.principle_rows()[0].version}",
        bodies=_deciding(governance.graph),
        policies=sum(isinstance(one, Policy) for one in in_force(register.records(every_version=True), today)),
        asked=_asked(register, body, cases),
        top=tuple(_top(register, one, systems, kris) for one in sorted(open_now, key=_gravity)[:_TOP]),
        movement=movement_of(period, since, at),
        grid=_grid(open_now),
        late=tuple(
            sorted(
                (
                    *_late_cases(cases, at),
                    *_late_risks(open_now, at, today),
                    *_late_reviews(register.records(every_version=True), reviews, today),
                ),
                key=lambda one: (-one.days, one.kind.id, one.subject, one.item),
            )
        ),
        accepted=tuple(sorted(live)),
        ending=tuple(one for one in period.now if one.id in live and _ends_soon(one, at)),
        lapsed=tuple(one for one in open_now if one.acceptance is not None and one.id not in live),
        breaches=tuple(one for one in above if one not in live),
        unproved=tuple(one.id for one in open_now if _unproved(one)),
        overruled=tuple(sorted(one.id for risk in period.now for one in risk.objections if one.upheld is False)),
        incidents=tuple(one for one in register.incidents() if one.open or one.record.facts.aware_at >= since),
        kris=kris,
        history=tuple(history),
        covered=register.coverage(),
        principles=governance.principles,
        breadth=_breadth(period, open_now, systems, _overrides(cases, since), at),
        horizon=tuple(one for one in register.content().horizon if today <= one.on <= today + _AHEAD),
        starting=tuple(one for one in register.content().clocks if today < one.effective_from <= today + _AHEAD),
        reviews=reviews,
        actions=_actions(period.now),
        pieces=_pieces(period.now, today),
        findings=_waiting(register),
        asked_again=tuple(one for one in open_now if one.recheck is not None),
        risks=period.now,
    )


def level_of(risk: RiskState, at: dt.datetime) -> tuple[Grade | None, Grade | None, Grade | None]:
    """Return the inherent, the residual and the effective grade of a risk."""
    grades = grades_of(risk, at)
    return grades.inherent, grades.residual, grades.effective


# --- reading ---------------------------------------------------------------------------------------------------------


def _systems(register: Questions) -> dict[str, SystemState]:
    found: dict[str, SystemState] = {}
    after: str | None = None
    while True:
        page = register.systems(after=after, limit=_PAGE)
        found |= {one.id: one for one in page if one.status is not SystemStatus.RETIRED}
        if page.next is None:
            return found
        after = page.next


def _cases(register: Questions) -> tuple[Case, ...]:
    found: list[Case] = []
    after: str | None = None
    while True:
        page = register.cases(after=after, limit=_PAGE)
        found += page
        if page.next is None:
            return tuple(found)
        after = page.next


def _waiting(register: Questions) -> tuple[FindingGroup, ...]:
    found: list[FindingGroup] = []
    after: str | None = None
    while True:
        page = register.findings(open=True, after=after, limit=_PAGE)
        found += page
        if page.next is None:
            return tuple(sorted(found, key=lambda one: (-one.count, one.id)))
        after = page.next


# --- parts -----------------------------------------------------------------------------------------------------------


def _gravity(risk: RiskState) -> tuple[int, str]:
    return (-1 if risk.effective is None else len(Grade) - 1 - risk.effective.rank), risk.id


def _deciding(graph: EscalationGraph) -> tuple[tuple[str, str], ...]:
    bodies = sorted(graph.bodies, key=lambda one: (one.tier, one.id))
    return tuple((one.ko, one.en) for one in bodies if one.decides or one.id == graph.apex)


def _asked(register: Questions, body: str, cases: Iterable[Case]) -> tuple[Asked, ...]:
    graph = register.governance().graph
    found = [
        Asked(
            case=case,
            final=graph.route(case.cell).decider == body,
            due_at=case.steps[case.position].due_at,
            said=tuple((one.body, one.outcome) for one in case.decisions),
            adequate=sum(one.assessment_adequate and one.response_adequate for one in case.reviews),
        )
        for case in cases
        if case.status is CaseStatus.OPEN and case.body == body
    ]
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(found, key=lambda one: (one.due_at or latest, one.case.id)))


def _limit(register: Questions, risk: RiskState, systems: dict[str, SystemState]) -> Grade:
    system = systems.get(risk.risk.system) or register.system(risk.risk.system)
    return register.governance().tolerance.limit(system.system, risk.risk.category, system.stage)


def _top(register: Questions, risk: RiskState, systems: dict[str, SystemState], kris: Iterable[Indicator]) -> Top:
    plans = sorted((one for one in risk.responses if not one.verified), key=lambda one: (one.response.due, one.id))
    trend = [one for one in kris if one.kri is Kri.RESIDUAL_TREND and one.subject == risk.risk.system]
    return Top(
        risk=risk,
        limit=_limit(register, risk, systems),
        plan=plans[0] if plans else None,
        warning=trend[0] if trend else None,
    )


def _above(
    register: Questions, risks: Iterable[RiskState], systems: dict[str, SystemState], at: dt.datetime
) -> tuple[str, ...]:
    return tuple(
        risk.id
        for risk in risks
        if grades_of(risk, at).unassessed or risk.effective is None or risk.effective > _limit(register, risk, systems)
    )


def _grid(risks: tuple[RiskState, ...]) -> tuple[tuple[Actor, Stage, int], ...]:
    return tuple(
        (actor, stage, sum(risk.risk.actor is actor and stage in risk.risk.stages for risk in risks))
        for actor in Actor
        for stage in Stage
    )


def _late_cases(cases: Iterable[Case], at: dt.datetime) -> Iterator[Late]:
    for case in cases:
        step = case.steps[case.position]
        knows = case.position in case.acknowledged or step.acknowledge_by is None
        for kind, due in ((LateKind.DECISION, step.due_at), (LateKind.ACKNOWLEDGEMENT, step.acknowledge_by)):
            waits = case.status is CaseStatus.OPEN and not (knows and kind is LateKind.ACKNOWLEDGEMENT)
            if waits and due is not None and due < at:
                yield Late(kind=kind, subject=case.id, item=case.body, owner=case.body, days=(at - due).days)


def _late_risks(risks: Iterable[RiskState], at: dt.datetime, today: dt.date) -> Iterator[Late]:
    for risk in risks:
        for one in risk.responses:
            if one.response.due < today and not one.verified:
                days = (today - one.response.due).days
                owner = one.response.owner
                yield Late(kind=LateKind.RESPONSE, subject=risk.id, item=one.id, owner=owner, days=days)
        ended = max((one.until for one in risk.assessments if not one.withdrawn), default=at)
        if ended < at:
            yield Late(kind=LateKind.ASSESSMENT, subject=risk.id, owner=risk.risk.owner, days=(at - ended).days)


def _late_reviews(records: tuple[Record, ...], reviews: Iterable[ReviewDue], today: dt.date) -> Iterator[Late]:
    dates = [(one.subject, "", one.on) for one in reviews]
    here = in_force(records, today)
    dates += [(one.id, one.owner, one.review_by) for one in here if isinstance(one, Policy)]
    dates += [(one.id, "", one.review_by) for one in here if isinstance(one, Procedure)]
    dates += [(one.rule, "legal", one.next_check) for one in latest_versions(records, RegulationLink)]
    for subject, owner, on in dates:
        if on < today:
            yield Late(kind=LateKind.REVIEW, subject=subject, owner=owner, days=(today - on).days)


def _ends_soon(risk: RiskState, at: dt.datetime) -> bool:
    return risk.acceptance is not None and risk.acceptance.until - at <= _ENDING


def _unproved(risk: RiskState) -> bool:
    standing = [one for one in risk.assessments if not one.withdrawn]
    return bool(standing) and not any(one.evidence for one in standing)


def _breadth(
    period: Period,
    risks: tuple[RiskState, ...],
    systems: dict[str, SystemState],
    overrides: tuple[str, ...],
    at: dt.datetime,
) -> Breadth:
    by_line = {
        line: sum(any(one.line is line and not one.withdrawn for one in risk.assessments) for risk in risks)
        for line in Line
    }
    active = {risk.risk.system for risk in period.now if risk.id in period.assessed}
    units = {one.system.unit for one in systems.values()}
    return Breadth(
        systems=len(systems),
        risks=len(risks),
        assessed=sum(not grades_of(risk, at).unassessed for risk in risks),
        first=by_line[Line.FIRST],
        second=by_line[Line.SECOND],
        entered=period.entered,
        overrides=overrides,
        silent=tuple(sorted(units - {one.system.unit for one in systems.values() if one.id in active})),
    )


def _overrides(cases: Iterable[Case], since: dt.datetime) -> tuple[str, ...]:
    decided = ((one, one.decided_at) for one in cases if one.matter is Matter.OVERRIDE and one.approved)
    return tuple(sorted(one.id for one, at in decided if at is not None and at >= since))


def _actions(risks: Iterable[RiskState]) -> tuple[tuple[RiskState, PlannedResponse], ...]:
    found = [(risk, one) for risk in risks for one in risk.responses if one.condition_of is not None]
    return tuple(sorted(found, key=lambda pair: (pair[1].response.due, pair[0].id, pair[1].id)))


def _pieces(risks: Iterable[RiskState], today: dt.date) -> tuple[Piece, ...]:
    cited: dict[tuple[str, EvidenceKind, dt.date], tuple[set[str], set[str]]] = {}
    for risk in risks:
        for method, evidence in (
            *((f"{one.method}/{one.method_version}", one.evidence) for one in risk.assessments if not one.withdrawn),
            *((None, one.verification.evidence) for one in risk.responses if one.verification is not None),
        ):
            for piece in evidence:
                key = (piece.digest, piece.kind, piece.at.astimezone(KST).date())
                risks_of, methods = cited.setdefault(key, (set(), set()))
                risks_of.add(risk.id)
                methods |= set() if method is None else {method}
    found = [
        Piece(
            digest=digest,
            kind=kind,
            on=on,
            age=(today - on).days,
            risks=tuple(sorted(risks_of)),
            methods=tuple(sorted(methods)),
        )
        for (digest, kind, on), (risks_of, methods) in cited.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.digest, one.kind.id)))
