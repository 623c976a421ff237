"""The register for coroutines: the same calls, made in a thread."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar, Unpack

from .._internal.words import Lang
from ..assessments import (
    AssessmentKind,
    Basis,
    ImperfectionFactors,
    MisuseFactors,
    NegligenceFactors,
    UncontrollabilityFactors,
)
from ..evidence import Evidence
from ..findings import Finding
from ..framework import (
    Advice,
    DueClock,
    FrameworkFinding,
    Guidance,
    GuidanceAudience,
    Incident,
    Mapping,
    Record,
    RunningIncident,
)
from ..governance import Case, Condition, Decision, GateResult, Governance, Matter, Outcome, Reason
from ..lifecycle import Command, CycleRecord, FindingGroup, Grades, ReopenCode, RiskState, Sighting, SystemState
from ..responses import Coverage, Response
from ..risks import Risk
from ..stages import Stage
from ..systems import System
from ._codec import State
from ._content import Covered
from ._finding_verbs import SpoolImport
from ._foresight import Moved, Undecidable
from ._framework import Disproved
from ._indicators import Indicator
from ._questions import PAGE
from ._records import CycleDifference, Entry, Page, Screening
from ._reviewing import ReviewDue
from ._verbs import Who

if TYPE_CHECKING:
    from ._register import RiskRegister

__all__ = ["AsyncRegister"]

P = ParamSpec("P")
T = TypeVar("T")


async def _in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.to_thread(call, *args, **kwargs)


class AsyncRegister:
    """The verbs and questions of a register as coroutines; lives as long as its register.

    Attributes:
        register: the register it works on.
    """

    register: RiskRegister

    def __init__(self, register: RiskRegister) -> None:
        """Work on a register."""
        self.register = register

    async def submit(self, command: Command, **who: Unpack[Who]) -> State:
        """Do what ``RiskRegister.submit`` does."""
        return await _in_thread(self.register.submit, command, **who)

    async def add_system(self, system: System, **who: Unpack[Who]) -> SystemState:
        """Do what ``RiskRegister.add_system`` does."""
        return await _in_thread(self.register.add_system, system, **who)

    async def identify(self, risk: Risk, **who: Unpack[Who]) -> RiskState:
        """Do what ``RiskRegister.identify`` does."""
        return await _in_thread(self.register.identify, risk, **who)

    async def assess(
        self,
        risk: str,
        factors: ImperfectionFactors | UncontrollabilityFactors | MisuseFactors | NegligenceFactors,
        *,
        evidence: Iterable[Evidence] = (),
        kind: AssessmentKind = AssessmentKind.INHERENT,
        basis: Basis | None = None,
        responses: Iterable[str] = (),
        **who: Unpack[Who],
    ) -> RiskState:
        """Do what ``RiskRegister.assess`` does."""
        return await _in_thread(
            self.register.assess, risk, factors, evidence=evidence, kind=kind, basis=basis, responses=responses, **who
        )

    async def respond(self, risk: str, response: Response, **who: Unpack[Who]) -> RiskState:
        """Do what ``RiskRegister.respond`` does."""
        return await _in_thread(self.register.respond, risk, response, **who)

    async def verify(
        self,
        risk: str,
        response: str,
        *,
        coverage: Coverage,
        effective: bool,
        evidence: Iterable[Evidence],
        **who: Unpack[Who],
    ) -> RiskState:
        """Do what ``RiskRegister.verify`` does."""
        return await _in_thread(
            self.register.verify, risk, response, coverage=coverage, effective=effective, evidence=evidence, **who
        )

    async def contain(self, risk: str, *, until: dt.datetime | None = None, **who: Unpack[Who]) -> RiskState:
        """Do what ``RiskRegister.contain`` does."""
        return await _in_thread(self.register.contain, risk, until=until, **who)

    async def escalate(
        self,
        subject: str,
        matter: Matter | str,
        *,
        stage: Stage | None = None,
        component: str | None = None,
        until: dt.datetime | None = None,
        rollback: Evidence | None = None,
        reason: Reason | str = Reason.LEVEL,
        **who: Unpack[Who],
    ) -> Case:
        """Do what ``RiskRegister.escalate`` does."""
        return await _in_thread(
            self.register.escalate,
            subject,
            matter,
            stage=stage,
            component=component,
            until=until,
            rollback=rollback,
            reason=reason,
            **who,
        )

    async def decide(
        self, case: str, outcome: Outcome | str, *, body: str, conditions: Iterable[Condition] = (), **who: Unpack[Who]
    ) -> Case:
        """Do what ``RiskRegister.decide`` does."""
        return await _in_thread(self.register.decide, case, outcome, body=body, conditions=conditions, **who)

    async def close(self, risk: str, **who: Unpack[Who]) -> RiskState:
        """Do what ``RiskRegister.close`` does."""
        return await _in_thread(self.register.close, risk, **who)

    async def reopen(self, risk: str, code: ReopenCode | str, **who: Unpack[Who]) -> RiskState:
        """Do what ``RiskRegister.reopen`` does."""
        return await _in_thread(self.register.reopen, risk, code, **who)

    async def enter(self, system: str, stage: Stage | str, **who: Unpack[Who]) -> SystemState:
        """Do what ``RiskRegister.enter`` does."""
        return await _in_thread(self.register.enter, system, stage, **who)

    async def stop(self, system: str, component: str | None = None, **who: Unpack[Who]) -> SystemState:
        """Do what ``RiskRegister.stop`` does."""
        return await _in_thread(self.register.stop, system, component, **who)

    async def lift(self, system: str, component: str | None = None, **who: Unpack[Who]) -> SystemState:
        """Do what ``RiskRegister.lift`` does."""
        return await _in_thread(self.register.lift, system, component, **who)

    async def record(self, finding: Finding | Sighting, **who: Unpack[Who]) -> FindingGroup:
        """Do what ``RiskRegister.record`` does."""
        return await _in_thread(self.register.record, finding, **who)

    async def record_all(self, findings: Sequence[Finding], *, by: str) -> None:
        """Do what ``RiskRegister.record_all`` does."""
        await _in_thread(self.register.record_all, findings, by=by)

    async def promote(self, finding: str, risk: Risk | str, **who: Unpack[Who]) -> FindingGroup:
        """Do what ``RiskRegister.promote`` does."""
        return await _in_thread(self.register.promote, finding, risk, **who)

    async def dismiss(self, finding: str, **who: Unpack[Who]) -> FindingGroup:
        """Do what ``RiskRegister.dismiss`` does."""
        return await _in_thread(self.register.dismiss, finding, **who)

    async def import_spool(self, folder: str | Path, *, by: str) -> SpoolImport:
        """Do what ``RiskRegister.import_spool`` does."""
        return await _in_thread(self.register.import_spool, folder, by=by)

    async def finding(self, id: str) -> FindingGroup:
        """Do what ``RiskRegister.finding`` does."""
        return await _in_thread(self.register.finding, id)

    async def findings(
        self,
        *,
        open: bool | None = None,
        known: bool | None = None,
        system: str | None = None,
        risk: str | None = None,
        after: str | None = None,
        limit: int = PAGE,
    ) -> Page[FindingGroup]:
        """Do what ``RiskRegister.findings`` does."""
        return await _in_thread(
            self.register.findings, open=open, known=known, system=system, risk=risk, after=after, limit=limit
        )

    async def risk(self, id: str) -> RiskState:
        """Do what ``RiskRegister.risk`` does."""
        return await _in_thread(self.register.risk, id)

    async def system(self, id: str) -> SystemState:
        """Do what ``RiskRegister.system`` does."""
        return await _in_thread(self.register.system, id)

    async def case(self, id: str) -> Case:
        """Do what ``RiskRegister.case`` does."""
        return await _in_thread(self.register.case, id)

    async def risks(
        self, *, open: bool | None = None, system: str | None = None, after: str | None = None, limit: int = PAGE
    ) -> Page[RiskState]:
        """Do what ``RiskRegister.risks`` does."""
        return await _in_thread(self.register.risks, open=open, system=system, after=after, limit=limit)

    async def systems(self, *, after: str | None = None, limit: int = PAGE) -> Page[SystemState]:
        """Do what ``RiskRegister.systems`` does."""
        return await _in_thread(self.register.systems, after=after, limit=limit)

    async def cases(
        self,
        *,
        open: bool | None = None,
        system: str | None = None,
        subject: str | None = None,
        after: str | None = None,
        limit: int = PAGE,
    ) -> Page[Case]:
        """Do what ``RiskRegister.cases`` does."""
        return await _in_thread(
            self.register.cases, open=open, system=system, subject=subject, after=after, limit=limit
        )

    async def decisions(self, *, system: str | None = None) -> tuple[tuple[Case, Decision], ...]:
        """Do what ``RiskRegister.decisions`` does."""
        return await _in_thread(self.register.decisions, system=system)

    async def grades(self, risk: str) -> Grades:
        """Do what ``RiskRegister.grades`` does."""
        return await _in_thread(self.register.grades, risk)

    async def gate(self, system: str, stage: Stage | str) -> GateResult:
        """Do what ``RiskRegister.gate`` does."""
        return await _in_thread(self.register.gate, system, stage)

    async def component_gate(self, system: str, component: str | None = None) -> GateResult:
        """Do what ``RiskRegister.component_gate`` does."""
        return await _in_thread(self.register.component_gate, system, component)

    async def cycle(self, system: str, stage: Stage | str | None = None, *, round: int | None = None) -> CycleRecord:
        """Do what ``RiskRegister.cycle`` does."""
        return await _in_thread(self.register.cycle, system, stage, round=round)

    async def compare(self, risk: str, before: int, after: int) -> CycleDifference:
        """Do what ``RiskRegister.compare`` does."""
        return await _in_thread(self.register.compare, risk, before, after)

    async def state_hash(self, id: str) -> str:
        """Do what ``RiskRegister.state_hash`` does."""
        return await _in_thread(self.register.state_hash, id)

    async def explain(self, id: str, *, lang: Lang = "en") -> str:
        """Do what ``RiskRegister.explain`` does."""
        return await _in_thread(self.register.explain, id, lang=lang)

    async def history(self, id: str) -> tuple[Entry, ...]:
        """Do what ``RiskRegister.history`` does."""
        return await _in_thread(self.register.history, id)

    async def events(self, *, after: int = -1, limit: int = PAGE) -> Page[Entry]:
        """Do what ``RiskRegister.events`` does."""
        return await _in_thread(self.register.events, after=after, limit=limit)

    async def what_if(self, governance: Governance) -> tuple[Moved, ...]:
        """Do what ``RiskRegister.what_if`` does."""
        return await _in_thread(self.register.what_if, governance)

    async def without(self, name: str) -> tuple[Undecidable, ...]:
        """Do what ``RiskRegister.without`` does."""
        return await _in_thread(self.register.without, name)

    async def guidance(
        self, system: str, stage: Stage | str | None = None, *, audience: GuidanceAudience | str | None = None
    ) -> tuple[Guidance, ...]:
        """Do what ``RiskRegister.guidance`` does."""
        return await _in_thread(self.register.guidance, system, stage, audience=audience)

    async def advice(self, result: GateResult) -> tuple[Advice, ...]:
        """Do what ``RiskRegister.advice`` does."""
        return await _in_thread(self.register.advice, result)

    async def screen(self, system: str, stage: Stage | str | None = None) -> Screening:
        """Do what ``RiskRegister.screen`` does."""
        return await _in_thread(self.register.screen, system, stage)

    async def disproved(self, system: str | None = None) -> tuple[Disproved, ...]:
        """Do what ``RiskRegister.disproved`` does."""
        return await _in_thread(self.register.disproved, system)

    async def coverage(self, scheme: str = "kakao.principles") -> tuple[Covered, ...]:
        """Do what ``RiskRegister.coverage`` does."""
        return await _in_thread(self.register.coverage, scheme)

    async def crosswalk(self, id: str, *, scheme: str | None = None) -> tuple[Mapping, ...]:
        """Do what ``RiskRegister.crosswalk`` does."""
        return await _in_thread(self.register.crosswalk, id, scheme=scheme)

    async def clocks(self, incident: Incident, system: str) -> tuple[DueClock, ...]:
        """Do what ``RiskRegister.clocks`` does."""
        return await _in_thread(self.register.clocks, incident, system)

    async def incidents(self, *, open: bool | None = None) -> tuple[RunningIncident, ...]:
        """Do what ``RiskRegister.incidents`` does."""
        return await _in_thread(self.register.incidents, open=open)

    async def duties(self, system: str) -> tuple[DueClock, ...]:
        """Do what ``RiskRegister.duties`` does."""
        return await _in_thread(self.register.duties, system)

    async def records(self, *, every_version: bool = False) -> tuple[Record, ...]:
        """Do what ``RiskRegister.records`` does."""
        return await _in_thread(self.register.records, every_version=every_version)

    async def framework_findings(self) -> tuple[FrameworkFinding, ...]:
        """Do what ``RiskRegister.framework_findings`` does."""
        return await _in_thread(self.register.framework_findings)

    async def reviews_due(self) -> tuple[ReviewDue, ...]:
        """Do what ``RiskRegister.reviews_due`` does."""
        return await _in_thread(self.register.reviews_due)

    async def kri_history(self, ends: Iterable[dt.datetime]) -> tuple[tuple[Indicator, ...], ...]:
        """Do what ``RiskRegister.kri_history`` does."""
        return await _in_thread(self.register.kri_history, ends)

    async def kris(self, *, at: dt.datetime | None = None) -> tuple[Indicator, ...]:
        """Do what ``RiskRegister.kris`` does."""
        return await _in_thread(self.register.kris, at=at)
