"""The clocks of a case: by when each body on its way decides, and by when the one it comes to says that it knows."""

from __future__ import annotations

import datetime as dt

from attrs import evolve

from ..governance import Case, CaseStep, Cell, Step
from ._context import Context

__all__ = ["acknowledge_by", "owes_acknowledgement", "steps_of"]


def steps_of(cell: Cell, ctx: Context) -> tuple[CaseStep, ...]:
    """Return the bodies on the way of a case that is opened now, each with its due time.

    A body that meets and has no term is due with the end of its next meeting. A term is never stretched to a meeting.
    """
    way = ctx.governance.graph.route(cell).steps
    steps = [CaseStep(body=step.body, due_at=_due(step, ctx)) for step in way]
    first = [evolve(one, acknowledge_by=acknowledge_by(cell, ctx)) for one in steps[:1]]
    return (*first, *steps[1:])


def _due(step: Step, ctx: Context) -> dt.datetime | None:
    if step.edge.within is not None:
        return step.edge.within.due(ctx.now, ctx.calendar)
    meets = ctx.governance.graph.body(step.body).meets
    return None if meets is None else meets.next(ctx.now)


def acknowledge_by(cell: Cell, ctx: Context) -> dt.datetime | None:
    """Return by when a body that a case comes to now says that it knows; None where no such clock runs."""
    terms = ctx.governance.acknowledge
    return None if terms is None else terms.term(cell).due(ctx.now, ctx.calendar)


def owes_acknowledgement(case: Case, now: dt.datetime) -> bool:
    """Tell whether the body a case is before has let the time to say that it knows pass, and nobody noted it yet.

    A vote of the body says so too.
    """
    due = case.steps[case.position].acknowledge_by
    if due is None or now < due or case.position in (*case.acknowledged, *case.unacknowledged):
        return False
    return not any(vote.body == case.body for vote in case.votes)
