"""The daily verbs: thin wrappers around commands, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict, Unpack, cast

from ..assessments import (
    AssessmentKind,
    Basis,
    ImperfectionFactors,
    MisuseFactors,
    NegligenceFactors,
    UncontrollabilityFactors,
)
from ..evidence import Evidence
from ..governance import Case, Condition, Matter, Outcome, Reason
from ..lifecycle import ReopenCode, RiskState, SystemState
from ..lifecycle import commands as c
from ..responses import Coverage, Response
from ..risks import Risk
from ..stages import Stage
from ..systems import System

__all__ = ["Verbs", "Who"]


class Who(TypedDict):
    """Who acts, why and when: keywords that every verb takes.

    Attributes:
        by: the principal who acts.
        because: why; at most 4,000 characters, erasable.
        at: when it happened, not in the future; now if left out.
        key: an id for the request: the same request again changes nothing.
    """

    by: str
    because: NotRequired[str | None]
    at: NotRequired[dt.datetime | None]
    key: NotRequired[str | None]


class Verbs:
    """The thirteen daily verbs.

    All take the keywords of :class:`Who` and return the subject's new frozen state. All raise ``CommandRefused`` with
    every reason, and write nothing then.
    """

    def _do(self, command: c.Command, **who: Unpack[Who]) -> Any:
        raise NotImplementedError  # pragma: no cover  # the register does it

    def add_system(self, system: System, **who: Unpack[Who]) -> SystemState:
        """Take a new system under management; it starts in DESIGN."""
        command = c.AddSystem(system=system)
        return cast(SystemState, self._do(command, **who))

    def identify(self, risk: Risk, **who: Unpack[Who]) -> RiskState:
        """Identify a risk."""
        command = c.Identify(risk=risk)
        return cast(RiskState, self._do(command, **who))

    def assess(
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
        """Assess a risk with the factors of its category; see ``commands.Assess``."""
        command = c.Assess(risk=risk, factors=factors, evidence=evidence, kind=kind, basis=basis, responses=responses)
        return cast(RiskState, self._do(command, **who))

    def respond(self, risk: str, response: Response, **who: Unpack[Who]) -> RiskState:
        """Plan a response to a risk."""
        command = c.Respond(risk=risk, response=response)
        return cast(RiskState, self._do(command, **who))

    def verify(
        self,
        risk: str,
        response: str,
        *,
        coverage: Coverage,
        effective: bool,
        evidence: Iterable[Evidence],
        **who: Unpack[Who],
    ) -> RiskState:
        """Record whether a response works; see ``commands.Verify``."""
        command = c.Verify(risk=risk, response=response, coverage=coverage, effective=effective, evidence=evidence)
        return cast(RiskState, self._do(command, **who))

    def contain(self, risk: str, *, until: dt.datetime | None = None, **who: Unpack[Who]) -> RiskState:
        """Contain a risk at once, without waiting for an assessment."""
        command = c.Contain(risk=risk, until=until)
        return cast(RiskState, self._do(command, **who))

    def escalate(
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
        """Put a question before the bodies; see ``commands.Escalate``. Returns the new case."""
        command = c.Escalate(
            subject=subject,
            matter=matter,
            stage=stage,
            component=component,
            until=until,
            rollback=rollback,
            reason=reason,
        )
        return cast(Case, self._do(command, **who))

    def decide(
        self, case: str, outcome: Outcome | str, *, body: str, conditions: Iterable[Condition] = (), **who: Unpack[Who]
    ) -> Case:
        """Give one person's vote on a case; with the vote that completes the quorum the body has decided."""
        command = c.Decide(case=case, outcome=outcome, body=body, conditions=conditions)
        return cast(Case, self._do(command, **who))

    def close(self, risk: str, **who: Unpack[Who]) -> RiskState:
        """Close a risk on the decision that stands."""
        command = c.Close(risk=risk)
        return cast(RiskState, self._do(command, **who))

    def reopen(self, risk: str, code: ReopenCode | str, **who: Unpack[Who]) -> RiskState:
        """Start the next cycle of a risk, closed or still open."""
        command = c.Reopen(risk=risk, code=code)
        return cast(RiskState, self._do(command, **who))

    def enter(self, system: str, stage: Stage | str, **who: Unpack[Who]) -> SystemState:
        """Enter a stage.

        Raises:
            GateBlocked: the stage's gate is shut; nothing was written.
        """
        command = c.Enter(system=system, stage=stage)
        return cast(SystemState, self._do(command, **who))

    def stop(self, system: str, component: str | None = None, **who: Unpack[Who]) -> SystemState:
        """Stop a system or one of its components, alone and at once."""
        command = c.Stop(system=system, component=component)
        return cast(SystemState, self._do(command, **who))

    def lift(self, system: str, component: str | None = None, **who: Unpack[Who]) -> SystemState:
        """Lift a stop that the top body decided to lift."""
        command = c.Lift(system=system, component=component)
        return cast(SystemState, self._do(command, **who))
