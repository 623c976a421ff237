"""Whether a decision stands: a case that asked this, on this very state, approved, and used in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Protocol

from ..governance import Case, CaseStatus, Cell, Code, Level, Matter, Outcome, Reason, Refusal, Route
from ..stages import Stage
from ..systems import Pin
from ..taxonomy import Grade, RiskCategory
from ._context import Context
from ._grades import grades_of, is_open
from ._seats import seats_open
from ._states import RiskState, SystemState

__all__ = [
    "assessors_of",
    "case_on",
    "cell_of_risk",
    "cell_of_system",
    "duties_of",
    "excluded_from",
    "gravest",
    "missing_decision",
    "open_seats",
    "owners_of",
    "risks_of",
    "voters_of",
]


def cell_of_risk(state: RiskState, system: SystemState, matter: Matter, reason: Reason, now: dt.datetime) -> Cell:
    """Return the cell that a case on a risk is routed by; the strongest reason that holds counts."""
    found = [reason]
    if any(one.blocks for one in state.objections):
        found.append(Reason.OBJECTION)
    if grades_of(state, now).disagree:
        found.append(Reason.DISAGREEMENT)
    if state.incident:
        found.append(Reason.INCIDENT)
    return Cell(
        matter=matter,
        level=Level.of(state.effective),
        category=state.risk.category,
        stage=system.stage,
        audience=system.system.audience,
        reason=max(found),
    )


def cell_of_system(
    system: SystemState, risks: Iterable[RiskState], *, matter: Matter, stage: Stage, reason: Reason, now: dt.datetime
) -> Cell:
    """Return the cell that a case on a system is routed by: its gravest open risk counts (ties: order of categories).

    A system without any open risk that was assessed is UNASSESSED, because unknown is not low.
    """
    found = ((risk.effective, risk.risk.category) for risk in risks if is_open(risk, now))
    level, category = gravest(found)
    return Cell(
        matter=matter,
        level=level,
        category=category,
        stage=stage,
        audience=system.system.audience,
        reason=reason,
    )


def gravest(risks: Iterable[tuple[Grade | None, RiskCategory]]) -> tuple[Level, RiskCategory]:
    """Return level and category of the gravest of open risks; UNASSESSED and the first category where there is none."""
    ranked = ((Level.of(grade), -category.rank) for grade, category in risks)
    level, category = max(ranked, default=(Level.UNASSESSED, 0))
    return level, list(RiskCategory)[-category]


def case_on(
    cases: Iterable[Case], matter: Matter, *, stage: Stage | None = None, component: str | None = None
) -> Case | None:
    """Return the latest case that asked this and was not withdrawn."""
    found = [
        case
        for case in cases
        if case.matter is matter
        and case.stage is stage
        and case.component == component
        and case.status is not CaseStatus.WITHDRAWN
    ]
    # By number, not by time: a clock may be set back between two cases.
    return max(found, key=lambda case: case.number, default=None)


def missing_decision(
    case: Case | None,
    *,
    subject: str,
    matter: Matter,
    route: Route,
    state_hash: str,
    pins: tuple[Pin, ...],
    ctx: Context,
) -> tuple[Refusal, ...]:
    """Return why no decision stands; empty if one does."""
    if case is None:
        return (Refusal(code=Code.CASE_MISSING, subject=subject, who=route.bodies, detail=matter.id),)
    if case.status is CaseStatus.OPEN:
        return (open_quorum(case, ctx),)
    if not case.approved:
        code = Code.REJECTED if case.outcome in {Outcome.REJECT, Outcome.STOP} else Code.CASE_MISSING
        return (Refusal(code=code, subject=subject, missing=(case.id,), who=route.bodies, detail=matter.id),)
    return tuple(_no_longer_standing(case, state_hash, pins, ctx))


def _no_longer_standing(case: Case, state_hash: str, pins: tuple[Pin, ...], ctx: Context) -> Iterator[Refusal]:
    if case.pins != pins:
        yield Refusal(code=Code.PINS_CHANGED, subject=case.id)
    elif case.decisions[-1].state_hash != state_hash:
        yield Refusal(code=Code.STATE_CHANGED, subject=case.id)
    lapses = approval_end(case, ctx)
    if lapses <= ctx.now:
        yield Refusal(code=Code.LAPSED, subject=case.id, until=lapses)


def approval_end(case: Case, ctx: Context) -> dt.datetime:
    """Return when an approval lapses if it is not used."""
    decided = case.decided_at or case.opened_at
    return decided + dt.timedelta(days=ctx.governance.approval_days)


def open_quorum(case: Case, ctx: Context) -> Refusal:
    """Say how many votes are missing where the case stands, and who could give them."""
    body = ctx.governance.graph.by_id.get(case.body)
    given = [vote for vote in case.votes if vote.body == case.body]
    return Refusal(
        code=Code.QUORUM_OPEN,
        subject=case.id,
        missing=(case.body,),
        who=open_seats(case, ctx),
        # A running case may stand before a body that a later governance does not know.
        detail=str(max(body.quorum.votes - len(given), 1) if body is not None else 1),
    )


def open_seats(case: Case, ctx: Context) -> tuple[str, ...]:
    """Return the ids of the persons who may still vote where the case stands, sorted."""
    return tuple(sorted(seats_open(case, voters_of(case, ctx) | excluded_from(case, ctx), ctx)))


def voters_of(case: Case, ctx: Context) -> frozenset[str]:
    """Return the ids of the persons who voted, in any body; a name that has changed hands counts for both."""
    return ctx.names_behind(vote.by for vote in case.votes) | {vote.person for vote in case.votes}


_ASKED_FOR = frozenset({Matter.ACCEPT, Matter.OVERRIDE})
"""Matters that are a favour: whoever asks for one does not approve it, whatever the duties are (our choice)."""


def excluded_from(case: Case, ctx: Context) -> frozenset[str]:
    """Return the ids of the persons kept from deciding on a case, by the governance's duties or as who asks for it."""
    if case.matter is Matter.GOVERNANCE:
        return ctx.hands_behind([case.opened_by]) | case.recused
    asked = ctx.hands_behind([case.opened_by]) if case.matter in _ASKED_FOR else frozenset[str]()
    return duties_of(risks_of(case, ctx), ctx, extra=_pinned_by(case, ctx)) | case.recused | asked


def risks_of(case: Case, ctx: Context) -> tuple[RiskState, ...]:
    """Return the risks a case is about: its subject, or those of its system that are not closed for good."""
    one = ctx.facts.risks.get(case.subject)
    if one is not None and case.matter in {Matter.RISK, Matter.ACCEPT, Matter.CLOSE_OR_LOWER}:
        return (one,)
    return tuple(risk for risk in ctx.facts.risks.values() if not risk.closed_for_good)


def _pinned_by(case: Case, ctx: Context) -> frozenset[str]:
    system = ctx.facts.system
    if system is None or case.matter not in {Matter.STAGE, Matter.RELEASE}:
        return frozenset()
    return system.editors


class Handled(Protocol):
    """A risk as far as it matters who had a hand in it."""

    @property
    def identified_by(self) -> str:
        """Who identified it."""
        ...

    @property
    def assessors(self) -> tuple[str, ...]:
        """Who assessed it."""
        ...

    @property
    def editors(self) -> frozenset[str]:
        """Who changed it."""
        ...

    @property
    def owner(self) -> str:
        """The role that answers for it."""
        ...


def duties_of(risks: Iterable[Handled], ctx: Context, *, extra: frozenset[str]) -> frozenset[str]:
    """Return the ids of everybody with a hand in the risks, as far as the governance's duties name them."""
    every = tuple(risks)
    barred: set[str] = set()
    for duty in ctx.governance.duties:
        barred |= _HANDS[duty.id](every, ctx, extra)
    return frozenset(barred)


def _owners(risks: tuple[Handled, ...], ctx: Context, _extra: frozenset[str]) -> frozenset[str]:
    roles = {risk.owner for risk in risks}
    return frozenset(person.id for role in roles for person in ctx.roster.holders(role))


def owners_of(risks: tuple[Handled, ...], ctx: Context) -> frozenset[str]:
    """Return the ids of everybody who holds an owner's role."""
    return _owners(risks, ctx, frozenset())


def assessors_of(risks: tuple[Handled, ...], ctx: Context) -> frozenset[str]:
    """Return the ids of everybody who assessed one of the risks."""
    return _assessors(risks, ctx, frozenset())


def _identifiers(risks: tuple[Handled, ...], ctx: Context, _extra: frozenset[str]) -> frozenset[str]:
    return ctx.hands_behind(risk.identified_by for risk in risks)


def _assessors(risks: tuple[Handled, ...], ctx: Context, _extra: frozenset[str]) -> frozenset[str]:
    return ctx.hands_behind(one for risk in risks for one in risk.assessors)


def _editors(risks: tuple[Handled, ...], ctx: Context, extra: frozenset[str]) -> frozenset[str]:
    return ctx.hands_behind([editor for risk in risks for editor in risk.editors] + list(extra))


_HANDS = {"identifier": _identifiers, "assessor": _assessors, "editor": _editors, "owner": _owners}
