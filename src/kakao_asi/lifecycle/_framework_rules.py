"""What is asked before a candidate is dismissed, facts are stated or a record is set, and what happens then."""

from __future__ import annotations

from collections.abc import Iterator

from ..framework import Dismissal, FrameworkReview, IncidentRecord, Policy, Procedure, Record, RegulationLink
from ..governance import Code, Matter, PersonKind, Refusal
from . import commands as c
from . import events as e
from ._context import Context
from ._cycles import open_candidates
from ._roster_rules import GOVERNANCE
from ._states import GovernanceState, SystemState
from ._transition import Change, StreamKind, stream

__all__ = [
    "candidate_is_open",
    "dismiss",
    "is_no_agent",
    "legal_signs",
    "names_are_known",
    "policy_is_decided",
    "record",
    "state_facts",
    "version_is_next",
]

_LEGAL = "legal"


def is_no_agent(state: SystemState | GovernanceState, _command: object, ctx: Context) -> Iterator[Refusal]:
    """Ask that a person, not an agent, does it."""
    if ctx.person is not None and ctx.person.kind is PersonKind.AGENT:
        subject = state.id if isinstance(state, SystemState) else state.governance.id
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=subject, detail=ctx.by)


def candidate_is_open(state: SystemState, command: c.Dismiss, ctx: Context) -> Iterator[Refusal]:
    """Ask that the candidate waits for an answer at the present stage."""
    waiting = open_candidates(state, ctx.facts.risks.values(), ctx.governance)
    if command.candidate not in {one.id for one in waiting}:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.candidate,))


def dismiss(state: SystemState, command: c.Dismiss, ctx: Context) -> tuple[Change, ...]:
    """Set the candidate aside for this turn of the cycle."""
    candidate = next(one for one in ctx.governance.screening if one.id == command.candidate)
    dismissal = Dismissal(
        candidate=candidate.id,
        version=candidate.version,
        stage=state.stage,
        round=state.round,
        because=ctx.because or "",
        by=ctx.by,
        at=ctx.now,
    )
    return (Change(stream(StreamKind.SYSTEM, state.id), e.CandidateDismissed(dismissal=dismissal)),)


def state_facts(state: SystemState, command: c.StateFacts, _ctx: Context) -> tuple[Change, ...]:
    """State the facts that are new; stating what is known already changes nothing."""
    event = e.FactsStated(
        facts=tuple(one for one in command.facts if state.system.fact(one.fact) is not one.value),
        high_impact=command.high_impact if command.high_impact != state.system.high_impact else None,
        training_flop_exponent=(
            command.training_flop_exponent
            if command.training_flop_exponent != state.system.training_flop_exponent
            else None
        ),
    )
    if event == e.FactsStated():
        return ()
    return (Change(stream(StreamKind.SYSTEM, state.id), event),)


# --- records ---------------------------------------------------------------------------------------------------------


def version_is_next(state: GovernanceState, command: c.Record, _ctx: Context) -> Iterator[Refusal]:
    """Ask that a record has the version after the one that is there."""
    wanted = 1 + max((one.version for one in state.records if _is_same(one, command.record)), default=0)
    if command.record.version != wanted:
        yield Refusal(code=Code.VERSION_ORDER, subject=command.record.id, detail=str(wanted))


def _is_same(one: Record, other: Record) -> bool:
    return type(one) is type(other) and one.id == other.id


def names_are_known(state: GovernanceState, command: c.Record, ctx: Context) -> Iterator[Refusal]:
    """Ask that the bodies, principles, policies, procedures and systems a record names exist."""
    new = command.record
    policies = {one.id for one in state.records if isinstance(one, Policy)}
    procedures = {one.id for one in state.records if isinstance(one, Procedure)}
    bodies = {body.id for body in ctx.governance.graph.bodies}
    missing: set[str] = set()
    if isinstance(new, Policy):
        missing = {one for one in new.principles if not ctx.governance.knows(one)}
        missing |= {new.body} - bodies
        missing |= ({new.supersedes} if new.supersedes else set()) - policies
    elif isinstance(new, Procedure):
        missing = {new.policy} - policies
    elif isinstance(new, RegulationLink):
        missing = (set(new.policies) - policies) | (set(new.procedures) - procedures)
    elif isinstance(new, FrameworkReview):
        missing = {new.body} - bodies
    elif isinstance(new, IncidentRecord):
        missing = {new.system} if ctx.facts.system is None else set()
    if missing:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=new.id, missing=tuple(sorted(missing)))


def policy_is_decided(_state: GovernanceState, command: c.Record, ctx: Context) -> Iterator[Refusal]:
    """Ask that the case a policy names was approved and changes the governance; a draft names none."""
    new = command.record
    if not isinstance(new, Policy) or new.case is None:
        return
    case = next((one for one in ctx.facts.cases if one.id == new.case), None)
    if case is None or not case.approved or case.matter is not Matter.GOVERNANCE:
        yield Refusal(code=Code.CASE_MISSING, subject=new.id, who=(new.body,), detail=Matter.GOVERNANCE.id)


def legal_signs(_state: GovernanceState, command: c.Record, ctx: Context) -> Iterator[Refusal]:
    """Ask that somebody with the role ``legal`` records how an outside rule is answered (our choice)."""
    holds = ctx.person is not None and _LEGAL in ctx.person.roles
    if isinstance(command.record, RegulationLink) and not holds:
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=command.record.id, who=(_LEGAL,), detail=ctx.by)


def record(_state: GovernanceState, command: c.Record, _ctx: Context) -> tuple[Change, ...]:
    """Set the record; earlier versions stay readable."""
    return (Change(GOVERNANCE, e.RecordSet(record=command.record)),)
