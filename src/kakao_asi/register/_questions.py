"""What a register can be asked; the same questions at a past point. Values only, in a stable order."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from typing_extensions import override

from .._internal.clock import format_instant
from .._internal.words import Lang
from ..assessments import AssessmentKind, Line
from ..catalog import Content
from ..exceptions import InvalidValue, UnknownId
from ..governance import Calendar, Case, Decision, GateResult, Governance, Roster
from ..lifecycle import (
    Context,
    CycleRecord,
    Facts,
    FindingGroup,
    FindingStatus,
    Grades,
    LifecycleEngine,
    RiskState,
    StreamKind,
    SystemState,
    component_gate,
    cycle_record,
    grades_of,
    risk_hash,
    stage_gate,
    system_hash,
)
from ..stages import Stage
from ._explain import explain_case, explain_risk, explain_system
from ._finding_facts import waiting_for
from ._foresight import Moved, Undecidable, moved, subjects_of, undecidable
from ._framework import FrameworkQuestions
from ._planning import known
from ._reading import FindingsAsked, Reading, in_order_of_opening
from ._records import CycleDifference, Entry, Page, all_pages
from ._sketches import Sketch

__all__ = ["PAGE", "Questions", "RegisterView", "all_pages"]

T = TypeVar("T")

PAGE = 1_000
"""How much a page holds unless another limit is asked for (our choice)."""

_LONGEST_PAGE = 9_999
_HOST = "host"


class Questions(FrameworkQuestions):
    """The questions; a register answers them for now, a view for a point in the past."""

    def now(self) -> dt.datetime:
        """Return the instant the answers are for: the clock's for a register, the past point for a view."""
        return self._now()

    # --- states ------------------------------------------------------------------------------------------------------

    def risk(self, id: str) -> RiskState:  # the word the whole library uses
        """Return what is true of a risk.

        Raises:
            UnknownId: there is no such risk.
        """
        return known(self._source().risk(id), "risk", id)

    def system(self, id: str) -> SystemState:  # the word the whole library uses
        """Return what is true of a system.

        Raises:
            UnknownId: there is no such system.
        """
        return known(self._source().system(id), "system", id)

    def case(self, id: str) -> Case:  # the word the whole library uses
        """Return a case.

        Raises:
            UnknownId: there is no such case.
        """
        return known(self._source().case(id), "case", id)

    def finding(self, id: str) -> FindingGroup:  # the word the whole library uses
        """Return a group of findings.

        Raises:
            UnknownId: there is no such group.
        """
        return known(self._source().finding(id), "group of findings", id)

    def risks(
        self,
        *,
        open: bool | None = None,  # reads as a sentence: risks(open=True)
        system: str | None = None,
        after: str | None = None,
        limit: int = PAGE,
    ) -> Page[RiskState]:
        """Return risks in the order of their ids.

        Args:
            open: True for those that count as open now, a lapsed acceptance included; False for the rest; None for all.
            system: only those of this system.
            after: only ids behind this one; the ``next`` of the page before.
            limit: 1 to 9,999.
        """
        now = format_instant(self._now())
        return self._source().risks(system=system, open=open, now=now, after=after, limit=_within(limit))

    def systems(self, *, after: str | None = None, limit: int = PAGE) -> Page[SystemState]:
        """Return systems in the order of their ids; paging as in :meth:`risks`."""
        return self._source().systems(after=after, limit=_within(limit))

    def cases(
        self,
        *,
        open: bool | None = None,  # reads as a sentence: cases(open=True)
        system: str | None = None,
        subject: str | None = None,
        after: str | None = None,
        limit: int = PAGE,
    ) -> Page[Case]:
        """Return cases in the order of their ids.

        Args:
            open: True for those that wait for a decision; False for those that are over; None for all.
            system: only those of this system.
            subject: only those on this risk or system.
            after: only ids behind this one.
            limit: 1 to 9,999.
        """
        return self._source().cases(system=system, subject=subject, open=open, after=after, limit=_within(limit))

    def findings(
        self,
        *,
        open: bool | None = None,  # reads as a sentence: findings(open=True)
        known: bool | None = None,
        system: str | None = None,
        risk: str | None = None,
        after: str | None = None,
        limit: int = PAGE,
    ) -> Page[FindingGroup]:
        """Return groups of findings in the order of their ids.

        Args:
            open: True for those that wait for a person; False for the rest; None for all.
            known: True for those tied to a risk; False for the rest; None for all.
            system: only those seen in this system; the empty text asks for those in no system the register knows.
            risk: only those tied to this risk.
            after: only ids behind this one.
            limit: 1 to 9,999.
        """
        statuses = tuple(
            one
            for one in FindingStatus
            if open in {None, one is FindingStatus.WAITING} and known in {None, one is FindingStatus.LINKED}
        )
        wanted = FindingsAsked(statuses=statuses, system=system, risk=risk)
        return self._source().findings(wanted, after=after, limit=_within(limit))

    def decisions(self, *, system: str | None = None) -> tuple[tuple[Case, Decision], ...]:
        """Return every decision of every body with its case, in the order they were made."""
        found = [(case, decision) for case in self._all_cases(system) for decision in case.decisions]
        return tuple(sorted(found, key=lambda pair: (pair[1].at, pair[0].id)))

    def governance(self) -> Governance:
        """Return the governance in force."""
        return self._source().governed().state.governance

    def roster(self) -> Roster:
        """Return who exists and who has which seat."""
        return self._source().governed().state.roster

    def grades(self, risk: str) -> Grades:
        """Return the grades of a risk as they stand: inherent, residual, peak and effective."""
        return grades_of(self.risk(risk), self._now())

    # --- what would be otherwise -------------------------------------------------------------------------------------

    def what_if(self, governance: Governance) -> tuple[Moved, ...]:
        """Return which cases on open risks and systems would be decided otherwise under another governance.

        That is: on another way or in other terms, after other opinions, without other people, or within another
        tolerance.

        Args:
            governance: what would govern; nothing is proposed by asking.
        """
        return tuple(moved(subjects_of(*self._everything()), self._context_of(Facts()), governance))

    def without(self, name: str) -> tuple[Undecidable, ...]:
        """Return which cases on open risks and systems nobody could decide without a body or a person.

        Args:
            name: id of a body, or id or alias of a person.

        Raises:
            UnknownId: there is no such body and no such person.
        """
        if name not in self.governance().graph.by_id and self.roster().person(name) is None:
            raise UnknownId("body or person", name)
        return tuple(undecidable(subjects_of(*self._everything()), name, self._context_of(Facts())))

    def _everything(self) -> tuple[list[SystemState], dict[str, list[Sketch]]]:
        systems = all_pages(lambda after: self.systems(after=after))
        found: dict[str, list[Sketch]] = {}
        for sketch in self._source().sketches({one.id: one for one in systems}, self._now()):
            found.setdefault(sketch.system, []).append(sketch)
        return systems, found

    # --- gates and cycles --------------------------------------------------------------------------------------------

    def gate(self, system: str, stage: Stage | str) -> GateResult:
        """Ask whether a system may enter a stage; writes nothing.

        Raises:
            UnknownId: there is no such system.
        """
        return stage_gate(self.system(system), Stage(stage), self._context(system))

    def component_gate(self, system: str, component: str | None = None) -> GateResult:
        """Ask whether a component may run; None asks about the whole system. Writes nothing.

        Raises:
            UnknownId: there is no such system, or it names its components and this is none of them.
        """
        state = self.system(system)
        if component is not None and state.system.components and component not in state.system.components:
            raise UnknownId("component", component)
        return component_gate(state, component, self._context(system))

    def cycle(
        self, system: str, stage: Stage | str | None = None, *, round: int | None = None
    ) -> CycleRecord:  # a round of the life cycle
        """Return the latest turn of the cycle at a stage; None asks about the present stage.

        Raises:
            UnknownId: there is no such system, or it was never at that stage in that round.
        """
        state = self.system(system)
        wanted = state.stage if stage is None else Stage(stage)
        if wanted is state.stage and round in {None, state.round}:
            facts = self._facts(system)
            findings = facts.findings.values()
            return cycle_record(state, facts.risks.values(), self.governance(), self._now(), findings=findings)
        for record in reversed(state.records):
            if record.stage is wanted and round in {None, record.round}:
                return record
        raise UnknownId("cycle record", f"{system}/{wanted.id}")

    def compare(self, risk: str, before: int, after: int) -> CycleDifference:
        """Return what changed between the ends of two turns of a risk's cycle.

        Raises:
            UnknownId: there is no such risk, or it has not come to one of the cycles.
        """
        old, new = self._at_end_of(risk, before), self._at_end_of(risk, after)
        return CycleDifference(
            risk=risk,
            before=before,
            after=after,
            new=tuple(sorted(new.keys() - old.keys())),
            modified=tuple(sorted(name for name in old.keys() & new.keys() if old[name] != new[name])),
            closed=tuple(sorted(old.keys() - new.keys())),
            unchanged=tuple(sorted(name for name in old.keys() & new.keys() if old[name] == new[name])),
        )

    def _at_end_of(self, risk: str, cycle: int) -> dict[str, object]:
        engine = LifecycleEngine()
        found: RiskState | None = None
        state: RiskState | None = None
        for entry in self.history(risk):
            if entry.event is None:
                continue
            folded = engine.apply(state, entry.event, by=entry.by, at=entry.at)
            state = folded if isinstance(folded, RiskState) else state
            found = state if state is not None and state.cycle == cycle else found
        if found is None:
            raise UnknownId("cycle", f"{risk}/{cycle}")
        return _items(found)

    # --- hashes, words, log ------------------------------------------------------------------------------------------

    def state_hash(self, id: str) -> str:  # the word the whole library uses
        """Return the hash of what is material about a risk or a system; an approval is pinned to it.

        Raises:
            UnknownId: there is no risk or system of that id.
        """
        risk = self._source().risk(id)
        if risk is not None:
            return risk_hash(risk)
        return system_hash(known(self._source().system(id), "risk or system", id), self._facts(id).risks.values())

    def explain(self, id: str, *, lang: Lang = "en") -> str:  # the word the whole library uses
        """Say in words where a case, a risk or a system stands, why, and who can act next.

        Raises:
            UnknownId: nothing has this id.
        """
        source = self._source()
        case = source.case(id)
        if case is not None:
            return explain_case(case, self._context(case.system), lang)
        risk = source.risk(id)
        if risk is not None:
            return explain_risk(risk, self._context(risk.risk.system), lang)
        return explain_system(known(source.system(id), "case, risk or system", id), self._context(id), lang)

    def history(self, id: str) -> tuple[Entry, ...]:  # the word the whole library uses
        """Return everything that happened to a risk, a system, a case or a group of findings, in the order of the log.

        Raises:
            UnknownId: nothing has this id.
        """
        source = self._source()
        for kind in (StreamKind.RISK, StreamKind.SYSTEM, StreamKind.CASE, StreamKind.FINDING):
            found: list[Entry] = []
            after = -1
            while page := source.entries(after=after, limit=PAGE, stream=f"{kind.id}:{id}"):
                found += page
                after = page[-1].seq
            if found:
                return tuple(found)
        raise UnknownId("risk, system or case", id)

    def events(self, *, after: int = -1, limit: int = PAGE) -> Page[Entry]:
        """Return entries of the whole log, in its order.

        Args:
            after: only entries behind this position; -1 from the beginning. ``int(page.next)`` of the page before.
            limit: 1 to 9,999.
        """
        found = self._source().entries(after=after, limit=_within(limit) + 1, stream=None)
        items = found[:limit]
        return Page(items=items, next=str(items[-1].seq) if len(found) > limit else None)

    # --- facts -------------------------------------------------------------------------------------------------------

    def _all_cases(self, system: str | None) -> tuple[Case, ...]:
        found = all_pages(lambda after: self.cases(system=system, after=after))
        return in_order_of_opening(found)

    def _facts(self, system: str) -> Facts:
        risks = all_pages(lambda after: self.risks(system=system, after=after))
        return Facts(
            system=self._source().system(system),
            risks={state.id: state for state in risks},
            cases=self._all_cases(system),
            findings=waiting_for(system, self._source()),
        )

    def _context(self, system: str) -> Context:
        return self._context_of(self._facts(system))

    def _context_of(self, facts: Facts) -> Context:
        governed = self._source().governed()
        return Context(
            now=self._now(),
            by=_HOST,
            governance=governed.state.governance,
            governance_digest=governed.state.digest,
            roster=governed.state.roster,
            roster_digest=governed.roster_digest,
            calendar=self._calendar(),
            facts=facts,
            records=governed.state.records,
        )


class RegisterView(Questions):
    """A register as it was at a point of its log; it answers the same questions and writes nothing."""

    def __init__(self, reading: Reading, now: dt.datetime, calendar: Calendar, content: Content) -> None:
        """Answer from a folded log, as of ``now``."""
        self._reading = reading
        self._as_of = now
        self._days = calendar
        self._known = content

    @override
    def _source(self) -> Reading:
        return self._reading

    @override
    def _now(self) -> dt.datetime:
        return self._as_of

    @override
    def _calendar(self) -> Calendar:
        return self._days

    @override
    def content(self) -> Content:
        """Return the content of the register it is a view of."""
        return self._known

    @property
    def as_of(self) -> dt.datetime:
        """The instant the view answers for."""
        return self._as_of


def _within(limit: int) -> int:
    if type(limit) is not int or not 1 <= limit <= _LONGEST_PAGE:
        raise InvalidValue("limit", f"must be a whole number from 1 to {_LONGEST_PAGE:,}", "ask for a smaller page")
    return limit


def _items(state: RiskState) -> dict[str, object]:
    items: dict[str, object] = {f"response:{one.id}": (one.response, one.verified) for one in state.responses}
    for kind in AssessmentKind:
        for line in Line:
            for one in state.assessments:
                if one.kind is kind and one.line is line and not one.withdrawn:
                    items[f"assessment:{kind.id}:{line.id}"] = (one.grade, one.factors)
    items["grade"] = state.effective
    return items
