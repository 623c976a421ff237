"""Who can clear what a gate says: the team, or the bodies whose decision would."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from ..governance import Code, Matter, Reason, Refusal
from ..stages import Stage
from ._context import Context
from ._decisions import cell_of_risk, cell_of_system
from ._states import SystemState

__all__ = ["with_who"]

_OF_THE_TEAM = frozenset(
    {
        Code.STAGE_ORDER,
        Code.CYCLE_OPEN,
        Code.CANDIDATE_OPEN,
        Code.ENTRY_NEED_OPEN,
        Code.CHECKLIST_OPEN,
        Code.POLICY_OPEN,
        Code.REVIEW_OVERDUE,
    }
)
"""What the team that runs the system works off; it is named by its unit. A risk is named by its owner's role."""

_NOBODY_COUNTS = frozenset({Code.QUORUM_OPEN, Code.PERSPECTIVE_MISSING})
"""What says itself who is left to give it: an empty answer means that nobody is."""

_BY_MATTER = {
    Code.GRADE_HIGH: Matter.CLOSE_OR_LOWER,
    Code.RESIDUAL_ABOVE_TOLERANCE: Matter.CLOSE_OR_LOWER,
    Code.EXPIRED: Matter.ACCEPT,
    Code.ACCEPTANCE_ENDING: Matter.ACCEPT,
    Code.CONTAINMENT_OPEN: Matter.RISK,
    Code.ADOPTED_UNGATED: Matter.RELEASE,
}
"""Which question the bodies would have to answer."""


def with_who(
    refusals: Iterable[Refusal], system: SystemState, ctx: Context, *, stage: Stage | None = None
) -> tuple[Refusal, ...]:
    """Return what a gate says, each with who can clear it.

    Args:
        refusals: what it says.
        system: the system asked about.
        ctx: the context.
        stage: the stage it would enter; None for the gate of a component.
    """
    return tuple(
        one if one.who or one.code in _NOBODY_COUNTS else evolve(one, who=_who(one, system, stage, ctx))
        for one in refusals
    )


def _who(refusal: Refusal, system: SystemState, stage: Stage | None, ctx: Context) -> tuple[str, ...]:
    if refusal.code in _OF_THE_TEAM:
        return (system.system.unit,)
    risk = ctx.facts.risks.get(refusal.subject)
    if refusal.code is Code.NOT_ASSESSED and risk is not None:
        return (risk.owner,)
    matter = _BY_MATTER.get(refusal.code)
    if matter is None:
        at_stage = None if stage is None else ctx.governance.matter_for(stage)
        matter = at_stage or Matter.RELEASE
    bodies = _bodies(refusal.subject, matter, system, stage, ctx)
    # Where no case is possible the governance itself is in the way, and that is the apex's.
    return bodies or (ctx.governance.graph.apex,)


def _bodies(subject: str, matter: Matter, system: SystemState, stage: Stage | None, ctx: Context) -> tuple[str, ...]:
    graph, risk = ctx.governance.graph, ctx.facts.risks.get(subject)
    if risk is not None:
        asked = matter if matter in {Matter.CLOSE_OR_LOWER, Matter.ACCEPT} else Matter.RISK
        return graph.route(cell_of_risk(risk, system, asked, Reason.LEVEL, ctx.now)).bodies
    cell = cell_of_system(
        system,
        ctx.facts.risks.values(),
        matter=matter,
        stage=stage or Stage.DEPLOYMENT,
        reason=Reason.LEVEL,
        now=ctx.now,
    )
    return graph.route(cell).bodies
