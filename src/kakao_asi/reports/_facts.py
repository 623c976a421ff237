"""What a report tells: read from a register or a view in one go, in no language yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from attrs import field, frozen

from .._internal.clock import KST
from .._internal.words import Word
from ..exceptions import StoreBusy
from ..governance import Case, CaseStatus, Decision, GateResult, Governance, Roster
from ..lifecycle import (
    CycleRecord,
    Grades,
    RiskState,
    SystemState,
    SystemStatus,
    acceptance_is_live,
    grades_of,
    is_open,
)
from ..lifecycle.events import CaseOpened, Contained, GovernanceAdopted, Lifted, RolledBack, SystemStopped, Voted
from ..register import Entry, Page, Questions
from ..responses import PlannedResponse
from ..taxonomy import Grade, RiskCategory

__all__ = ["Facts", "Mark", "MarkKind", "RiskFacts", "SystemFacts", "counts", "gathered"]

T = TypeVar("T")

_ENDING: Final = dt.timedelta(days=30)

_ATTEMPTS: Final = 5
"""How often a register that others write to meanwhile is read before the report gives up (our choice)."""


class MarkKind(Word):
    """What is marked on the timeline of a system."""

    CONTAINED = "contained", "긴급 차단", "Containment"
    STOPPED = "stopped", "긴급 정지", "Stop"
    LIFTED = "lifted", "정지 해제", "Stop lifted"
    ROLLED_BACK = "rolled_back", "이전 버전으로 되돌림", "Rolled back"


@frozen(kw_only=True)
class Mark:
    """An emergency measure on a system.

    Attributes:
        kind: what was done.
        at: when.
        by: the principal who did it.
        subject: id of the contained risk or of the stopped component; the system's where all of it is meant.
        because: why, if it was said.
    """

    kind: MarkKind
    at: dt.datetime
    by: str
    subject: str
    because: str | None = field(repr=False)


@frozen(kw_only=True)
class RiskFacts:
    """A risk as a report shows it.

    Attributes:
        state: its state.
        grades: its grades as they stand.
        open: whether it counts as open.
        accepted: whether a live acceptance covers it.
        contained: whether a containment is on.
        overdue: responses past their due day whose full effect nobody has verified.
    """

    state: RiskState
    grades: Grades
    open: bool
    accepted: bool
    contained: bool
    overdue: tuple[PlannedResponse, ...]


@frozen(kw_only=True)
class SystemFacts:
    """A system as a report shows it.

    Attributes:
        state: its state.
        risks: its risks: by category, then the gravest first, then by id.
        gates: the gate of each stage that may follow; none for a retired system.
        running: whether the system may run as a whole.
        records: finished cycle records and the present one, in order.
        marks: emergency measures, in order.
    """

    state: SystemState
    risks: tuple[RiskFacts, ...]
    gates: tuple[GateResult, ...]
    running: GateResult
    records: tuple[CycleRecord, ...]
    marks: tuple[Mark, ...]

    def of(self, category: RiskCategory) -> tuple[RiskFacts, ...]:
        """Return its risks of a category."""
        return tuple(one for one in self.risks if one.state.risk.category is category)


@frozen(kw_only=True)
class Facts:
    """All that a report tells.

    Attributes:
        at: the instant it is about.
        events: number of events in the log up to then.
        recorded_at: when the last of them was recorded.
        governance: the governance in force.
        digest: its digest.
        roster: who exists and who has which seat.
        systems: systems by id.
        cases: cases in order of opening.
        decisions: every decision with its case, in order.
        opened_because: why a case was opened, by its id.
        voted_because: why a person voted as they did, by case, body and principal.
        waiting_findings: how many groups of findings wait for a person.
    """

    at: dt.datetime
    events: int
    recorded_at: dt.datetime
    governance: Governance
    digest: str
    roster: Roster
    systems: tuple[SystemFacts, ...]
    cases: tuple[Case, ...]
    decisions: tuple[tuple[Case, Decision], ...]
    opened_because: Mapping[str, str] = field(repr=False)
    voted_because: Mapping[tuple[str, str, str], str] = field(repr=False)
    waiting_findings: int

    @property
    def risks(self) -> tuple[RiskFacts, ...]:
        """Every risk, system by system."""
        return tuple(risk for system in self.systems for risk in system.risks)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """The cases that wait for a decision."""
        return tuple(case for case in self.cases if case.status is CaseStatus.OPEN)

    @property
    def shown_case(self) -> Case | None:
        """The case drawn on the graph: the one opened last that is still open, else the one decided last."""
        if self.open_cases:
            return self.open_cases[-1]
        decided = [(case.decided_at, case) for case in self.cases if case.decided_at is not None]
        return max(decided, key=lambda one: one[0])[1] if decided else None


def counts(facts: Facts) -> tuple[tuple[str, int], ...]:
    """Return the numbers at a glance, by the key of their label."""
    open_ = [one for one in facts.risks if one.open]
    live = [one.state.acceptance for one in facts.risks if one.accepted and one.state.acceptance is not None]
    return (
        ("waiting_cases", len(facts.open_cases)),
        ("shut_gates", sum(not gate.passed for system in facts.systems for gate in system.gates)),
        ("open_risks", len(open_)),
        ("high_risks", sum(one.grades.effective is Grade.HIGH for one in open_)),
        ("unassessed_risks", sum(one.grades.unassessed for one in open_)),
        ("waiting_findings", facts.waiting_findings),
        ("asked_assessments", sum(one.state.recheck is not None for one in open_)),
        ("overdue_responses", sum(len(one.overdue) for one in facts.risks)),
        ("ending_acceptances", sum(one.until - facts.at <= _ENDING for one in live)),
        ("measures_on", sum(len(one.state.stops) for one in facts.systems) + sum(one.contained for one in facts.risks)),
    )


def gathered(register: Questions) -> Facts:
    """Read everything a report tells, as of one point of the log.

    A register that others write to meanwhile is read again, so that no report mixes two states.

    Raises:
        StoreBusy: the log moved on each time it was read; pass ``register.as_of(...)`` instead.
    """
    for _ in range(_ATTEMPTS):
        log = _Log(register)
        facts = _read(register, log)
        if not register.events(after=log.events - 1, limit=1).items:
            return facts
    raise StoreBusy("the register is written to all the time; report on register.as_of(...) instead")


class _Log:
    """What only the log tells; read once from beginning to end."""

    def __init__(self, register: Questions) -> None:
        self.events = 0
        self.recorded_at = register.now()
        self.digest = ""
        self.marks: list[tuple[str, Mark]] = []
        self.opened: dict[str, str] = {}
        self.voted: dict[tuple[str, str, str], str] = {}
        for entry in _entries(register):
            self.events = entry.seq + 1
            self.recorded_at = entry.recorded_at
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        event = entry.event
        name = entry.stream.partition(":")[2]
        if isinstance(event, GovernanceAdopted):
            self.digest = event.digest
        elif isinstance(event, Contained):
            self._mark(entry, MarkKind.CONTAINED, name)
        elif isinstance(event, SystemStopped | Lifted):
            kind = MarkKind.STOPPED if isinstance(event, SystemStopped) else MarkKind.LIFTED
            self._mark(entry, kind, event.component or name)
        elif isinstance(event, RolledBack):
            self._mark(entry, MarkKind.ROLLED_BACK, name)
        elif isinstance(event, CaseOpened) and entry.because is not None:
            self.opened[event.case.id] = entry.because
        elif isinstance(event, Voted) and entry.because is not None:
            self.voted[name, event.vote.body, event.vote.by] = entry.because

    def _mark(self, entry: Entry, kind: MarkKind, subject: str) -> None:
        mark = Mark(kind=kind, at=entry.at, by=entry.by, subject=subject, because=entry.because)
        self.marks.append((entry.stream, mark))


def _entries(register: Questions) -> Iterator[Entry]:
    after = -1
    while True:
        page = register.events(after=after)
        yield from page
        if page.next is None:
            return
        after = int(page.next)


def _read(register: Questions, log: _Log) -> Facts:
    at = register.now()
    systems = tuple(_system(register, state, log, at) for state in _all(lambda after: register.systems(after=after)))
    cases = _all(lambda after: register.cases(after=after))
    return Facts(
        at=at,
        events=log.events,
        recorded_at=log.recorded_at,
        governance=register.governance(),
        digest=log.digest,
        roster=register.roster(),
        systems=systems,
        cases=tuple(sorted(cases, key=lambda case: (case.opened_at, case.id))),
        decisions=register.decisions(),
        opened_because=log.opened,
        voted_because=log.voted,
        waiting_findings=len(_all(lambda after: register.findings(open=True, after=after))),
    )


def _all(page_after: Callable[[str | None], Page[T]]) -> list[T]:
    page = page_after(None)
    found = list(page)
    while page.next is not None:
        page = page_after(page.next)
        found += page
    return found


def _system(register: Questions, state: SystemState, log: _Log, at: dt.datetime) -> SystemFacts:
    risks = [_risk(one, at) for one in _all(lambda after: register.risks(system=state.id, after=after))]
    streams = {f"system:{state.id}", *(f"risk:{one.state.id}" for one in risks)}
    following = sorted(state.stage.following) if state.status is SystemStatus.ACTIVE else []
    return SystemFacts(
        state=state,
        risks=tuple(sorted(risks, key=_order)),
        gates=tuple(register.gate(state.id, stage) for stage in following),
        running=register.component_gate(state.id),
        records=(*state.records, register.cycle(state.id)),
        marks=tuple(mark for stream, mark in log.marks if stream in streams),
    )


def _order(risk: RiskFacts) -> tuple[int, bool, int, str]:
    grade = risk.grades.effective
    return risk.state.risk.category.rank, not risk.open, -len(Grade) if grade is None else -grade.rank, risk.state.id


def _risk(state: RiskState, at: dt.datetime) -> RiskFacts:
    today = at.astimezone(KST).date()
    late = [one for one in state.responses if one.response.due < today and not one.verified]
    counts = is_open(state, at)
    return RiskFacts(
        state=state,
        grades=grades_of(state, at),
        open=counts,
        accepted=acceptance_is_live(state, at),
        contained=state.containment is not None and state.containment.is_on(at),
        overdue=tuple(late) if counts else (),
    )
