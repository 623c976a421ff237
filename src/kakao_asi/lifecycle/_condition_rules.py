"""Conditions of an approval: they become responses, and one that is missed opens the decision again."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from .._internal.clock import KST
from ..governance import Case, CaseStep, Code, Matter, Reason, Refusal
from ..responses import Coverage, PlannedResponse, Verification
from . import commands as c
from . import events as e
from ._case_rules import new_case
from ._clocks import steps_of
from ._context import Context
from ._risk_acts import revoke
from ._states import RiskState, SystemState
from ._transition import Change, StreamKind, stream

__all__ = [
    "condition_is_missed",
    "condition_is_open",
    "meet_condition",
    "miss_condition",
    "miss_system_condition",
    "system_condition_is_missed",
]


def _missed(state: RiskState, command: c.MissCondition) -> PlannedResponse | None:
    found = (one for one in state.responses if one.id == command.response and one.condition_of and not one.verified)
    return next(found, None)


def condition_is_missed(state: RiskState, command: c.MissCondition, ctx: Context) -> Iterator[Refusal]:
    """Ask that the day has passed without a proof that the condition is met, and that this was not noted yet."""
    planned = _missed(state, command)
    today = ctx.now.astimezone(KST).date()
    if planned is None or planned.response.due >= today or planned.id in state.missed:
        yield Refusal(code=Code.NOT_DUE, subject=state.id)


def miss_condition(state: RiskState, command: c.MissCondition, ctx: Context) -> tuple[Change, ...]:
    """Open the decision again at the body that made it, and end an acceptance that stood on the condition."""
    planned = _missed(state, command)
    former = next(case for case in ctx.facts.cases if planned is not None and case.id == planned.condition_of)
    again = former.matter is not Matter.ACCEPT or (former.until is not None and former.until > ctx.now)
    asked = c.Escalate(
        subject=state.id,
        matter=former.matter if again else Matter.RISK,
        until=former.until if again else None,
        reason=Reason.OVERDUE,
    )
    opened = _opened(asked, former, command.response, ctx)
    ended: tuple[Change, ...] = ()
    acceptance = state.acceptance
    if acceptance is not None and acceptance.case == former.id and ctx.now < acceptance.until:
        ended = revoke(state, c.Revoke(risk=state.id), ctx)
    missed = Change(stream(StreamKind.RISK, state.id), e.ConditionMissed(response=command.response, case=former.id))
    return (missed, *ended, opened)


def _back_to(body: str, case: Case, ctx: Context) -> tuple[CaseStep, ...]:
    known = [step for step in steps_of(case.cell, ctx) if step.body == body]
    otherwise = (CaseStep(body=body),) if body in ctx.governance.graph.by_id else case.steps
    return tuple(known) or otherwise


# --- on a system -----------------------------------------------------------------------------------------------------


def _open_condition(state: SystemState, response: str) -> PlannedResponse | None:
    return next((one for one in state.conditions if one.id == response and not one.verified), None)


def condition_is_open(state: SystemState, command: c.MeetCondition, ctx: Context) -> Iterator[Refusal]:
    """Ask that there is such a condition, not met yet, and that nobody proves what their own role answers for."""
    planned = _open_condition(state, command.response)
    if planned is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.response,))
    elif ctx.roster.holds(ctx.by, planned.response.owner):
        yield Refusal(code=Code.CONFLICT_OF_INTEREST, subject=command.response, detail=ctx.by)


def meet_condition(state: SystemState, command: c.MeetCondition, ctx: Context) -> tuple[Change, ...]:
    """Record the proof; a condition is met or it is not."""
    proof = Verification(
        by=ctx.by, at=ctx.now, coverage=Coverage(done=1, of=1), effective=True, evidence=command.evidence
    )
    met = e.ResponseVerified(response=command.response, verification=proof)
    return (Change(stream(StreamKind.SYSTEM, state.id), met),)


def system_condition_is_missed(state: SystemState, command: c.MissSystemCondition, ctx: Context) -> Iterator[Refusal]:
    """Ask that the day has passed without a proof that the condition is met, and that this was not noted yet."""
    planned = _open_condition(state, command.response)
    today = ctx.now.astimezone(KST).date()
    if planned is None or planned.response.due >= today or planned.id in state.missed:
        yield Refusal(code=Code.NOT_DUE, subject=state.id)


def miss_system_condition(state: SystemState, command: c.MissSystemCondition, ctx: Context) -> tuple[Change, ...]:
    """Open the decision again at the body that made it; what a stop was lifted on puts the stop on again."""
    planned = _open_condition(state, command.response)
    former = next(case for case in ctx.facts.cases if planned is not None and case.id == planned.condition_of)
    on_system = stream(StreamKind.SYSTEM, state.id)
    missed = Change(on_system, e.ConditionMissed(response=command.response, case=former.id))
    if former.matter is Matter.STOP:
        stopped = former.component in {one.component for one in state.stops}
        return (missed,) if stopped else (missed, Change(on_system, e.SystemStopped(component=former.component)))
    asked = _asked_again(state, former, ctx)
    return (missed,) if asked is None else (missed, _opened(asked, former, command.response, ctx))


def _asked_again(state: SystemState, former: Case, ctx: Context) -> c.Escalate | None:
    """Return the question to ask again; None where it is before the bodies already, or has no meaning any more."""
    over = former.until is not None and former.until <= ctx.now
    same = any((case.matter, case.stage) == (former.matter, former.stage) for case in ctx.facts.open_cases_on(state.id))
    if over or same:
        return None
    return c.Escalate(
        subject=state.id,
        matter=former.matter,
        stage=former.stage if former.matter is Matter.STAGE else None,
        until=former.until,
        rollback=former.rollback,
        reason=Reason.OVERDUE,
    )


def _opened(asked: c.Escalate, former: Case, response: str, ctx: Context) -> Change:
    case = new_case(asked, ctx)
    opened = evolve(case, steps=_back_to(former.body, case, ctx), reopens=response)
    return Change(stream(StreamKind.CASE, opened.id), e.CaseOpened(case=opened))
