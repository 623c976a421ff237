"""Reviews before votes: nobody decides while an opinion is missing, and an approval over a *no* says why."""

from __future__ import annotations

from collections.abc import Iterator

from ..governance import Case, Code, Matter, PersonKind, Perspective, Refusal, Review
from . import commands as c
from . import events as e
from ._context import Context
from ._decisions import assessors_of, owners_of, risks_of
from ._risk_rules import reason_is_given
from ._transition import Change, StreamKind, stream

__all__ = ["needed_perspectives", "no_is_answered", "review", "reviewer_may_review", "reviews_are_in"]


def needed_perspectives(case: Case, ctx: Context) -> tuple[Perspective, ...]:
    """Return the sides a case has to be looked at from, in their order."""
    risks = () if case.matter is Matter.GOVERNANCE else risks_of(case, ctx)
    named = frozenset(principle for risk in risks for principle in risk.risk.principles)
    legal = any(risk.risk.legal_obligation for risk in risks)
    rows = (row for row in ctx.governance.perspectives if row.fits(case.cell, principles=named, legal_obligation=legal))
    return tuple(sorted({one for row in rows for one in row.perspectives}, key=lambda one: one.rank))


def _asked(case: Case, ctx: Context) -> tuple[str, ...]:
    """Return the side bodies whose opinion the way of a case asks for."""
    if case.governance != ctx.governance_digest:
        return ()
    return tuple(step.body for step in ctx.governance.graph.route(case.cell).consulted)


def reviews_are_in(state: Case, _command: c.Decide, ctx: Context) -> Iterator[Refusal]:
    """Ask that every side that is needed was heard, and every side body that the way asks."""
    given = {one.perspective for one in state.reviews}
    missing = [one for one in needed_perspectives(state, ctx) if one not in given]
    if missing:
        names, roles = tuple(one.id for one in missing), tuple(one.role for one in missing)
        yield Refusal(code=Code.PERSPECTIVE_MISSING, subject=state.id, missing=names, who=roles)
    reviewers = {one.person for one in state.reviews}
    silent = tuple(body for body in _asked(state, ctx) if not reviewers & {p.id for p in ctx.roster.seated(body)})
    if silent:
        yield Refusal(code=Code.PERSPECTIVE_MISSING, subject=state.id, missing=silent, who=silent)


def no_is_answered(state: Case, command: c.Decide, ctx: Context) -> Iterator[Refusal]:
    """Ask for a reason where somebody approves what a reviewer found inadequate."""
    if command.outcome.approves and any(not one.adequate for one in state.reviews):
        yield from reason_is_given(state, command, ctx)


def reviewer_may_review(state: Case, command: c.Review, ctx: Context) -> Iterator[Refusal]:
    """Ask that a person of that side, with no hand in it, gives their one opinion on the case."""
    person = ctx.person
    if person is not None and person.kind is PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=state.id, detail=ctx.by)
        return
    role, asked = command.perspective.role, _asked(state, ctx)
    if person is None or (role not in person.roles and not any(person in ctx.roster.seated(one) for one in asked)):
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=state.id, who=(role, *asked), detail=ctx.by)
        return
    risks = risks_of(state, ctx)
    if person.id in assessors_of(risks, ctx) | owners_of(risks, ctx):
        yield Refusal(code=Code.CONFLICT_OF_INTEREST, subject=state.id, who=(role,), detail=ctx.by)
    if person.id in {one.person for one in state.reviews}:
        yield Refusal(code=Code.REVIEW_GIVEN, subject=state.id, detail=ctx.by)


def review(state: Case, command: c.Review, ctx: Context) -> tuple[Change, ...]:
    """Record the opinion."""
    given = Review(
        perspective=command.perspective,
        by=ctx.by,
        person=next(iter(ctx.names_behind([ctx.by]))),
        assessment_adequate=command.assessment_adequate,
        response_adequate=command.response_adequate,
        at=ctx.now,
    )
    return (Change(stream(StreamKind.CASE, state.id), e.Reviewed(review=given)),)
