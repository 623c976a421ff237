"""Conditions of an approval on a risk: they become responses, and one that is missed opens the decision again."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from .._internal.clock import KST
from ..governance import Case, CaseStep, Code, Matter, Reason, Refusal
from ..responses import PlannedResponse
from . import commands as c
from . import events as e
from ._case_rules import new_case, steps_of
from ._context import Context
from ._risk_acts import revoke
from ._states import RiskState
from ._transition import Change, StreamKind, stream

__all__ = ["condition_is_missed", "miss_condition"]


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
    case = new_case(asked, ctx)
    opened = evolve(case, steps=_back_to(former.body, case, ctx), reopens=command.response)
    ended: tuple[Change, ...] = ()
    acceptance = state.acceptance
    if acceptance is not None and acceptance.case == former.id and ctx.now < acceptance.until:
        ended = revoke(state, c.Revoke(risk=state.id), ctx)
    missed = Change(stream(StreamKind.RISK, state.id), e.ConditionMissed(response=command.response, case=former.id))
    return (missed, *ended, Change(stream(StreamKind.CASE, opened.id), e.CaseOpened(case=opened)))


def _back_to(body: str, case: Case, ctx: Context) -> tuple[CaseStep, ...]:
    known = [step for step in steps_of(case.cell, ctx) if step.body == body]
    otherwise = (CaseStep(body=body),) if body in ctx.governance.graph.by_id else case.steps
    return tuple(known) or otherwise
