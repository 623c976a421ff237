"""The daily verbs: thin wrappers around commands, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

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

__all__ = ["Verbs"]


class Verbs:
    """The thirteen daily verbs.

    All take ``by`` (the principal who acts), ``because`` (why, erasable), ``at`` (when it happened, if not now) and
    ``key`` (an idempotency key: the same request again changes nothing), and return the subject's new frozen state.
    All raise ``CommandRefused`` with every reason, and write nothing then.
    """

    def _do(self, command: c.Command, **who: Any) -> Any:
        raise NotImplementedError

    def add_system(
        self,
        system: System,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> SystemState:
        """Take a new system under management; it starts in DESIGN."""
        command = c.AddSystem(system=system)
        return cast(SystemState, self._do(command, by=by, because=because, at=at, key=key))

    def identify(
        self, risk: Risk, *, by: str, because: str | None = None, at: dt.datetime | None = None, key: str | None = None
    ) -> RiskState:
        """Identify a risk."""
        command = c.Identify(risk=risk)
        return cast(RiskState, self._do(command, by=by, because=because, at=at, key=key))

    def assess(
        self,
        risk: str,
        factors: ImperfectionFactors | UncontrollabilityFactors | MisuseFactors | NegligenceFactors,
        *,
        evidence: Iterable[Evidence] = (),
        kind: AssessmentKind = AssessmentKind.INHERENT,
        basis: Basis | None = None,
        responses: Iterable[str] = (),
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> RiskState:
        """Assess a risk with the factors of its category; see ``commands.Assess``."""
        command = c.Assess(risk=risk, factors=factors, evidence=evidence, kind=kind, basis=basis, responses=responses)
        return cast(RiskState, self._do(command, by=by, because=because, at=at, key=key))

    def respond(
        self,
        risk: str,
        response: Response,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> RiskState:
        """Plan a response to a risk."""
        command = c.Respond(risk=risk, response=response)
        return cast(RiskState, self._do(command, by=by, because=because, at=at, key=key))

    def verify(
        self,
        risk: str,
        response: str,
        *,
        coverage: Coverage,
        effective: bool,
        evidence: Iterable[Evidence],
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> RiskState:
        """Record whether a response works; see ``commands.Verify``."""
        command = c.Verify(risk=risk, response=response, coverage=coverage, effective=effective, evidence=evidence)
        return cast(RiskState, self._do(command, by=by, because=because, at=at, key=key))

    def contain(
        self,
        risk: str,
        *,
        until: dt.datetime | None = None,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> RiskState:
        """Contain a risk at once, without waiting for an assessment."""
        command = c.Contain(risk=risk, until=until)
        return cast(RiskState, self._do(command, by=by, because=because, at=at, key=key))

    def escalate(
        self,
        subject: str,
        matter: Matter | str,
        *,
        stage: Stage | None = None,
        component: str | None = None,
        until: dt.datetime | None = None,
        reason: Reason | str = Reason.LEVEL,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Put a question before the bodies; see ``commands.Escalate``. Returns the new case."""
        command = c.Escalate(
            subject=subject, matter=matter, stage=stage, component=component, until=until, reason=reason
        )
        return cast(Case, self._do(command, by=by, because=because, at=at, key=key))

    def decide(
        self,
        case: str,
        outcome: Outcome | str,
        *,
        body: str,
        conditions: Iterable[Condition] = (),
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Give one person's vote on a case; with the vote that completes the quorum the body has decided."""
        command = c.Decide(case=case, outcome=outcome, body=body, conditions=conditions)
        return cast(Case, self._do(command, by=by, because=because, at=at, key=key))

    def close(
        self, risk: str, *, by: str, because: str | None = None, at: dt.datetime | None = None, key: str | None = None
    ) -> RiskState:
        """Close a risk on the decision that stands."""
        command = c.Close(risk=risk)
        return cast(RiskState, self._do(command, by=by, because=because, at=at, key=key))

    def reopen(
        self,
        risk: str,
        code: ReopenCode | str,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> RiskState:
        """Start the next cycle of a risk, closed or still open."""
        command = c.Reopen(risk=risk, code=code)
        return cast(RiskState, self._do(command, by=by, because=because, at=at, key=key))

    def enter(
        self,
        system: str,
        stage: Stage | str,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> SystemState:
        """Enter a stage.

        Raises:
            GateBlocked: the stage's gate is shut; nothing was written.
        """
        command = c.Enter(system=system, stage=stage)
        return cast(SystemState, self._do(command, by=by, because=because, at=at, key=key))

    def stop(
        self,
        system: str,
        component: str | None = None,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> SystemState:
        """Stop a system or one of its components, alone and at once."""
        command = c.Stop(system=system, component=component)
        return cast(SystemState, self._do(command, by=by, because=because, at=at, key=key))

    def lift(
        self,
        system: str,
        component: str | None = None,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> SystemState:
        """Lift a stop that the top body decided to lift."""
        command = c.Lift(system=system, component=component)
        return cast(SystemState, self._do(command, by=by, because=because, at=at, key=key))
