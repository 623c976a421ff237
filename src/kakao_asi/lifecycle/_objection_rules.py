"""Objections: one that asks for a block keeps a system from DEPLOYMENT until somebody higher up resolves it in writing.

A live override lets the system pass all the same, for a week at most; it passes no stop and no rejection.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ..governance import Case, Code, Matter, PersonKind, Reason, Refusal
from ..stages import Stage
from . import commands as c
from . import events as e
from ._context import Context
from ._decisions import case_on, cell_of_system, duties_of
from ._states import Objection, RiskState, SystemState
from ._transition import Change, StreamKind, part_of, stream

__all__ = [
    "LONGEST_OVERRIDE",
    "object_",
    "objection_is_open",
    "open_objections",
    "override_ended",
    "override_is_live",
    "override_of",
    "resolve",
    "resolver_is_above",
]

LONGEST_OVERRIDE = dt.timedelta(days=7)
"""Longest time an override may last (our choice)."""


def open_objections(risks: Iterable[RiskState], ctx: Context) -> tuple[Refusal, ...]:
    """Return the objections that ask for a block and are not resolved."""
    found = [(risk, one) for risk in risks for one in risk.objections if one.blocks]
    return tuple(
        Refusal(code=Code.OBJECTION_OPEN, subject=risk.id, missing=(one.id,), who=_above_launch(ctx))
        for risk, one in found
    )


def _above_launch(ctx: Context) -> tuple[str, ...]:
    """Return the bodies above the one that launches: the first on the way of a release; at the apex the apex itself."""
    graph, system = ctx.governance.graph, ctx.facts.system
    if system is None:  # pragma: no cover  # a risk always has its system
        return (graph.apex,)
    cell = cell_of_system(
        system,
        ctx.facts.risks.values(),
        matter=Matter.RELEASE,
        stage=Stage.DEPLOYMENT,
        reason=Reason.LEVEL,
        now=ctx.now,
    )
    bodies = graph.route(cell).bodies
    tier = graph.body(bodies[0] if bodies else graph.apex).tier
    return tuple(body.id for body in graph.bodies if body.tier > tier) or (graph.apex,)


def object_(state: RiskState, command: c.Object, ctx: Context) -> tuple[Change, ...]:
    """Record the objection."""
    objection = Objection(
        id=part_of(state.id, f"o{len(state.objections) + 1}"),
        by=ctx.by,
        at=ctx.now,
        block_requested=command.block_requested,
    )
    return (Change(stream(StreamKind.RISK, state.id), e.ObjectionRaised(objection=objection)),)


def objection_is_open(state: RiskState, command: c.ResolveObjection, _ctx: Context) -> Iterator[Refusal]:
    """Ask that there is such an objection, and that it is not resolved."""
    if not any(one.id == command.objection and one.upheld is None for one in state.objections):
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.objection,))


def resolver_is_above(state: RiskState, command: c.ResolveObjection, ctx: Context) -> Iterator[Refusal]:
    """Ask that a person of a body above the launching one resolves it, who neither raised it nor had a hand in it."""
    person, who = ctx.person, _above_launch(ctx)
    if person is not None and person.kind is PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=state.id, detail=ctx.by)
        return
    if person is None or not any(person in ctx.roster.seated(body) for body in who):
        yield Refusal(code=Code.AUTHORITY, subject=state.id, who=who, detail=ctx.by)
        return
    raised = ctx.names_behind(one.by for one in state.objections if one.id == command.objection)
    if person.id in raised | duties_of([state], ctx, extra=frozenset()):
        yield Refusal(code=Code.CONFLICT_OF_INTEREST, subject=state.id, who=who, detail=ctx.by)


def resolve(state: RiskState, command: c.ResolveObjection, _ctx: Context) -> tuple[Change, ...]:
    """Record what follows from the objection."""
    event = e.ObjectionResolved(objection=command.objection, upheld=command.upheld)
    return (Change(stream(StreamKind.RISK, state.id), event),)


# --- overrides -------------------------------------------------------------------------------------------------------


def override_of(system: SystemState, ctx: Context) -> Case | None:
    """Return the latest override that was approved for a system; None if the latest case was decided otherwise."""
    found = case_on(ctx.facts.cases_on(system.id), Matter.OVERRIDE)
    return found if found is not None and found.approved else None


def override_is_live(system: SystemState, ctx: Context) -> bool:
    """Tell whether an override lets the candidate pass now; it is for those digests only."""
    found = override_of(system, ctx)
    return found is not None and found.until is not None and ctx.now < found.until and found.pins == system.candidate


def override_ended(system: SystemState, ctx: Context) -> tuple[Refusal, ...]:
    """Return that what serves runs on an override that has ended, while an objection is still open."""
    found = override_of(system, ctx)
    if found is None or found.until is None or not system.live or found.pins != system.live or ctx.now < found.until:
        return ()
    if not open_objections(ctx.facts.risks.values(), ctx):
        return ()
    return (Refusal(code=Code.OVERRIDE_ENDED, subject=system.id, missing=(found.id,), until=found.until),)
