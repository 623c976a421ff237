"""Facts put into words, as plain texts that the page and the Markdown report share; they are escaped where shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

from .._internal.words import Lang, Origin, Word
from ..catalog import categories
from ..governance import START, Case, CaseStatus, Code, Condition, Edge, Matter, Refusal
from ..lifecycle import CycleRecord, SystemState
from ..responses import CONTROLS, PlannedResponse
from ..stages import Phase, Stage
from ..systems import PinKind
from ..taxonomy import Actor, Grade
from ._facts import Facts, Mark, RiskFacts
from ._words import Words

__all__ = [
    "Waypoint",
    "acceptance_line",
    "asked_lines",
    "body_name",
    "condition_line",
    "cycle_word",
    "grade_word",
    "mark_line",
    "matters_of",
    "refusal_line",
    "response_line",
    "risk_flags",
    "shape_of",
    "short",
    "source_rows",
    "subject_name",
    "system_name",
    "vote_reasons",
    "way_name",
    "way_of",
    "who_clears",
    "worst",
]

_DIGEST_SHOWN = slice(0, 19)
_PRESS = "https://newsbell.co.kr/?p=955764"
_SHAPES = {Actor.AI: "○", Actor.HUMAN: "□"}

_DETAILS: Mapping[Code, type[Word]] = {
    Code.CYCLE_OPEN: Phase,
    Code.STAGE_ORDER: Stage,
    Code.CASE_MISSING: Matter,
    Code.CASE_NOT_POSSIBLE: Matter,
    Code.GRADE_HIGH: Grade,
    Code.RESIDUAL_ABOVE_TOLERANCE: Grade,
}
"""What the id in the detail of a refusal names, where it names one of a closed set."""

_MISSING: Mapping[Code, type[Word]] = {Code.STAGE_ORDER: Stage, Code.ENTRY_NEED_OPEN: PinKind}
"""What the ids of what is missing name, where they name some of a closed set."""


def shape_of(actor: Actor) -> str:
    """Return the sign of an actor: a circle for AI, a square for humans."""
    return _SHAPES[actor]


def short(digest: str) -> str:
    """Return the beginning of a digest: its algorithm and twelve hexadecimal digits."""
    return digest[_DIGEST_SHOWN]


def grade_word(grade: Grade | None, w: Words) -> str:
    """Write a grade; None is 'not assessed', never low."""
    return w("unassessed") if grade is None else grade.label(w.lang)


def worst(risks: Iterable[RiskFacts]) -> Grade | None:
    """Return the highest effective grade of risks; None where none has one."""
    return max((one.grades.effective for one in risks if one.grades.effective is not None), default=None)


def system_name(state: SystemState, w: Words) -> str:
    """Return what people call a system; its id where it has no title."""
    return state.id if state.system.title is None else w.text(state.system.title)


def subject_name(case: Case, facts: Facts, w: Words) -> str:
    """Return the title of what a case is about."""
    for system in facts.systems:
        if system.state.id == case.subject:
            return system_name(system.state, w)
    return next((w.text(one.state.risk.title) for one in facts.risks if one.state.id == case.subject), case.subject)


def body_name(body: str, facts: Facts, lang: Lang) -> str:
    """Return the name of a body; the id itself where the governance in force does not know it."""
    found = facts.governance.graph.by_id.get(body)
    return body if found is None else found.label(lang)


def who_clears(refusal: Refusal, facts: Facts, w: Words) -> tuple[str, ...]:
    """Return who can clear a blocker: bodies and people, a role that answers for it, or the unit of a system."""
    units = {one.state.system.unit for one in facts.systems}
    roles = {one.state.risk.owner for one in facts.risks if one.state.id == refusal.subject}
    return tuple(_who(one, units, roles, facts, w) for one in refusal.who)


def _who(one: str, units: set[str], roles: set[str], facts: Facts, w: Words) -> str:
    if one in facts.governance.graph.by_id:
        return body_name(one, facts, w.lang)
    if one in roles:
        return w("role", role=one)
    return w("unit_role", unit=one) if one in units else one


def refusal_line(refusal: Refusal, facts: Facts, w: Words) -> str:
    """Say a blocker with the names of stages, phases, matters and bodies in place of their ids."""
    bodies = facts.governance.graph.by_id
    kind = _MISSING.get(refusal.code)
    named = evolve(
        refusal,
        detail=_named(_DETAILS.get(refusal.code), refusal.detail, w),
        missing=tuple(
            body_name(one, facts, w.lang) if one in bodies else _named(kind, one, w) for one in refusal.missing
        ),
        who=tuple(body_name(one, facts, w.lang) for one in refusal.who),
    )
    return named.message(w.lang)


def _named(kind: type[Word] | None, id_: str, w: Words) -> str:
    if kind is None:
        return id_
    return next((one.label(w.lang) for one in kind if one.id == id_), id_)


def response_line(planned: PlannedResponse, w: Words) -> str:
    """Say a response: strategy, controls, owner, due day and how far it reaches."""
    response = planned.response
    controls = [CONTROLS[one].label(w.lang) if one in CONTROLS else one for one in response.controls]
    name = response.strategy.label(w.lang) + (f": {', '.join(controls)}" if controls else "")
    return " · ".join([name, response.owner, w("due", day=w.day(response.due)), _effect(planned, w)])


def _effect(planned: PlannedResponse, w: Words) -> str:
    proof = planned.verification
    if proof is None:
        return w("unverified")
    key = "covered" if proof.effective else "ineffective"
    return w(key, done=proof.coverage.done, of=proof.coverage.of)


def risk_flags(one: RiskFacts, w: Words) -> tuple[str, ...]:
    """Return what stands out about a risk, in words."""
    found = (
        ("legal_obligation", one.state.risk.legal_obligation),
        ("contained", one.contained),
        ("lines_disagree", one.grades.disagree),
    )
    links = (w("link", kind=link.kind.label(w.lang), to=link.to) for link in one.state.links)
    return (*(w(key) for key, holds in found if holds), *links)


def acceptance_line(risk: RiskFacts, facts: Facts, w: Words) -> str | None:
    """Say the latest acceptance of a risk and whether it still holds; None where there is none."""
    acceptance = risk.state.acceptance
    if acceptance is None:
        return None
    day = w.day(acceptance.until)
    if risk.accepted:
        return w("accepted_until", grade=acceptance.grade.label(w.lang), day=day)
    return w("accepted_ended" if acceptance.until <= facts.at else "accepted_over", day=day)


@frozen(kw_only=True)
class Waypoint:
    """A body on the way of a case, and how far it has come there.

    Attributes:
        body: id of the body.
        name: its name.
        says: its decision, or what it waits for.
        here: whether an open case is before it now.
        decided: whether it has decided.
    """

    body: str
    name: str
    says: str
    here: bool
    decided: bool


def way_of(case: Case, facts: Facts, w: Words) -> tuple[Waypoint, ...]:
    """Return the bodies on the way of a case, in order."""
    return tuple(_waypoint(case, number, facts, w) for number in range(len(case.steps)))


def _waypoint(case: Case, number: int, facts: Facts, w: Words) -> Waypoint:
    body = case.steps[number].body
    decided = [one for one in case.decisions if one.body == body]
    here = case.status is CaseStatus.OPEN and number == case.position
    if decided:
        says = f"{decided[-1].outcome.label(w.lang)} · {w.day(decided[-1].at)}"
    elif here:
        known = facts.governance.graph.by_id.get(body)
        given = sum(vote.body == body for vote in case.votes)
        says = w("votes_given", given=given, needed="?" if known is None else known.quorum.votes)
    elif number in case.missed:
        says = w("missed")
    else:
        says = w("not_reached" if case.status is CaseStatus.OPEN else "not_asked")
    return Waypoint(body=body, name=body_name(body, facts, w.lang), says=says, here=here, decided=bool(decided))


def asked_lines(case: Case, facts: Facts, w: Words) -> tuple[str, str, str]:
    """Say an open case in three texts: what is asked about what, of whom with how many votes, and by when."""
    here = next(one for one in way_of(case, facts, w) if one.here)
    due = case.steps[case.position].due_at
    asks = f"{case.matter.label(w.lang)}: {subject_name(case, facts, w)}"
    by = w("no_deadline") if due is None else w.instant(due)
    late = f" ({w('overdue')})" if due is not None and due < facts.at else ""
    return asks, f"{here.name} · {here.says}", by + late


def condition_line(condition: Condition, w: Words) -> str:
    """Say a condition of an approval with who has to meet it by when."""
    return w("condition", text=w.text(condition.text), owner=condition.owner, day=w.day(condition.due))


def vote_reasons(case: Case, body: str, facts: Facts, w: Words) -> tuple[str, ...]:
    """Return the reasons that the voters of a body gave, each once."""
    said = (facts.voted_because.get((case.id, body, vote.by)) for vote in case.votes if vote.body == body)
    return tuple(dict.fromkeys(w.text(one) for one in said if one is not None))


def cycle_word(record: CycleRecord, w: Words) -> str:
    """Say whether a turn of the cycle is complete, open, or was set aside as a whole."""
    if all(phase.set_aside for phase in record.phases):
        return w("set_aside")
    return w("complete" if record.complete else "open")


def mark_line(mark: Mark, w: Words) -> str:
    """Say an emergency measure, with its reason if one was given."""
    line = w("mark", at=w.instant(mark.at), kind=mark.kind.label(w.lang), subject=mark.subject, by=mark.by)
    return line if mark.because is None else f"{line}: {w.text(mark.because)}"


def source_rows(facts: Facts, w: Words) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return what a report rests on: whose word, the address if there is one, and what it says, each once."""
    grouped: dict[tuple[str, str], dict[str, None]] = {}
    for what, origin, address in _sources(facts, w):
        grouped.setdefault((origin, address), {})[what] = None
    return tuple((origin, address, tuple(said)) for (origin, address), said in grouped.items())


def _sources(facts: Facts, w: Words) -> Iterator[tuple[str, str, str]]:
    lang = w.lang
    graph = facts.governance.graph
    for row in categories():
        yield w("row_categories"), row.origin.label(lang), row.source_url
    for one in facts.governance.principles:
        yield w("row_principles"), one.origin.label(lang), one.source or ""
    yield w("row_grades"), Origin.PRESS.label(lang), _PRESS
    for body in graph.bodies:
        yield w("row_body", name=body.label(lang)), _origin(body.origin, w), body.source or ""
    ways: dict[tuple[str, str, str, str], list[Edge]] = {}
    for edge in graph.edges:
        key = (edge.source, edge.target, _origin(edge.origin, w), edge.source_url or "")
        ways.setdefault(key, []).append(edge)
    for (source, target, origin, address), edges in ways.items():
        yield w("row_way", way=way_name(source, target, facts, w), matters=matters_of(edges, w)), origin, address
    yield w("row_methods"), Origin.OURS.label(lang), ""
    yield w("row_choices"), Origin.OURS.label(lang), ""


def way_name(source: str, target: str, facts: Facts, w: Words) -> str:
    """Say from where to where an edge leads."""
    begins = w("start") if source == START else body_name(source, facts, w.lang)
    return f"{begins} → {body_name(target, facts, w.lang)}"


def matters_of(edges: Iterable[Edge], w: Words) -> str:
    """Say for which matters some edges are taken."""
    sets = [edge.when.matter for edge in edges]
    found = [one for one in Matter if any(matters is None or one in matters for matters in sets)]
    every = len(found) == len(Matter)
    return w("every_matter") if every else ", ".join(one.label(w.lang) for one in found)


def _origin(origin: Origin | None, w: Words) -> str:
    return w("own_rule") if origin is None else origin.label(w.lang)
