"""What time does to a case: reminders at half and four fifths of a term, and up one tier when it has passed.

A timeout never approves. Each reminder and each miss happens once, however often and from however many processes the
clock is looked at: what has happened stands on the case, and the next look sees it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..governance import Case, CaseStep, Code, Refusal
from . import commands as c
from . import events as e
from ._clocks import acknowledge_by, owes_acknowledgement
from ._context import Context
from ._transition import Change, StreamKind, stream

__all__ = [
    "REMINDERS",
    "acknowledgement_is_owed",
    "due_reminder",
    "miss",
    "miss_acknowledgement",
    "remind",
    "reminder_is_due",
    "time_has_passed",
]

REMINDERS = (50, 80)
"""Shares of a term, in percent, at which the body is reminded (our choice)."""


def due_reminder(case: Case, now: dt.datetime) -> int | None:
    """Return the highest share of the present term that has passed and was not reminded of; None if none."""
    due = case.steps[case.position].due_at
    if due is None or now >= due or case.position in case.acknowledged:
        return None
    passed = [share for share in REMINDERS if now >= case.opened_at + (due - case.opened_at) * share / 100]
    told = {reminder.share for reminder in case.reminders if reminder.position == case.position}
    return passed[-1] if passed and passed[-1] not in told else None


def reminder_is_due(state: Case, _command: c.Remind, ctx: Context) -> Iterator[Refusal]:
    """Ask that a share of the term has passed that nobody was reminded of."""
    if due_reminder(state, ctx.now) is None:
        yield Refusal(code=Code.NOT_DUE, subject=state.id, until=state.steps[state.position].due_at)


def remind(state: Case, _command: c.Remind, ctx: Context) -> tuple[Change, ...]:
    """Note the reminder; observers carry it to people."""
    share = due_reminder(state, ctx.now) or REMINDERS[0]
    event = e.Reminded(position=state.position, share=share)
    return (Change(stream(StreamKind.CASE, state.id), event),)


def time_has_passed(state: Case, _command: c.MissDeadline, ctx: Context) -> Iterator[Refusal]:
    """Ask that the term of the body the case is before has passed, and that this was not noted yet."""
    due = state.steps[state.position].due_at
    if due is None or ctx.now < due or state.position in state.missed:
        yield Refusal(code=Code.NOT_DUE, subject=state.id, until=due)


def acknowledgement_is_owed(state: Case, _command: c.MissAcknowledgement, ctx: Context) -> Iterator[Refusal]:
    """Ask that the time to say that it knows has passed for the body the case is before, and was not noted yet."""
    if not owes_acknowledgement(state, ctx.now):
        due = state.steps[state.position].acknowledge_by
        yield Refusal(code=Code.NOT_DUE, subject=state.id, until=due)


def miss_acknowledgement(state: Case, _command: c.MissAcknowledgement, ctx: Context) -> tuple[Change, ...]:
    """Tell the body above; the case stays where it is until its decision is due (our choice)."""
    event = e.AcknowledgementMissed(position=state.position, told=_above(state.body, ctx))
    return (Change(stream(StreamKind.CASE, state.id), event),)


def _above(body: str, ctx: Context) -> str | None:
    """Return the body above; the apex is above one that a later governance does not know."""
    graph = ctx.governance.graph
    return graph.above(body) if body in graph.by_id else graph.apex


def miss(state: Case, _command: c.MissDeadline, ctx: Context) -> tuple[Change, ...]:
    """Move the case up one tier; at the apex it is overdue and stays."""
    upward = None
    if state.position + 1 == len(state.steps):
        above = _above(state.body, ctx)
        upward = CaseStep(body=above) if above is not None else None
    moves = upward is not None or state.position + 1 < len(state.steps)
    told = acknowledge_by(state.cell, ctx) if moves else None
    event = e.DeadlineMissed(position=state.position, moves=moves, upward=upward, acknowledge_by=told)
    return (Change(stream(StreamKind.CASE, state.id), event),)
