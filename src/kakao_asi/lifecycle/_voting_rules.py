"""Stepping back from a case, lending a seat on it, and ending its reminders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..governance import Case, Code, Delegation, Person, PersonKind, Refusal
from . import commands as c
from . import events as e
from ._context import Context
from ._decisions import excluded_from, voters_of
from ._seats import belongs, live_delegations
from ._transition import Change, StreamKind, stream

__all__ = [
    "acknowledge",
    "acknowledges_once",
    "delegate",
    "delegation_exists",
    "delegation_fits",
    "end_delegation",
    "recusal_fits",
    "recuse",
]


def _on(state: Case, event: e.Event) -> tuple[Change, ...]:
    return (Change(stream(StreamKind.CASE, state.id), event),)


def _bodies(state: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step.body for step in state.steps))


def recusal_fits(state: Case, _command: c.Recuse, ctx: Context) -> Iterator[Refusal]:
    """Ask that somebody with a seat on the case's way steps back, and that no decision was made with their vote."""
    person, bodies = ctx.person, _bodies(state)
    if person is None or not any(belongs(person, state, body, ctx) for body in bodies):
        yield Refusal(code=Code.AUTHORITY, subject=state.id, who=bodies, detail=ctx.by)
        return
    if any(person.id in decision.voters for decision in state.decisions):
        yield Refusal(code=Code.VOTE_COUNTED, subject=state.id, detail=ctx.by)
    if person.id in state.recused:
        yield Refusal(code=Code.NOTHING_CHANGED, subject=state.id)


def recuse(state: Case, _command: c.Recuse, ctx: Context) -> tuple[Change, ...]:
    """Take vote and seat away for this case."""
    return _on(state, e.Recused(person=_who(ctx)))


def _who(ctx: Context) -> str:
    return next(iter(ctx.names_behind([ctx.by])))


def delegation_fits(state: Case, command: c.Delegate, ctx: Context) -> Iterator[Refusal]:
    """Ask that a member who could vote lends the seat, for a while, to somebody who could vote in it and has none."""
    person = ctx.person
    if person is None or person not in ctx.roster.seated(command.body) or command.body not in _bodies(state):
        yield Refusal(code=Code.AUTHORITY, subject=state.id, who=(command.body,), detail=ctx.by)
        return
    out = voters_of(state, ctx) | excluded_from(state, ctx)
    if person.id in out or any(one.of == person.id for one in live_delegations(state, command.body, ctx.now)):
        yield Refusal(code=Code.CONFLICT_OF_INTEREST, subject=state.id, who=(command.body,), detail=ctx.by)
    last = ctx.now + dt.timedelta(days=ctx.governance.delegation_days)
    if not ctx.now < command.until <= last:
        yield Refusal(code=Code.UNTIL_TOO_FAR, subject=state.id, until=last)
    yield from _taker_fits(state, command, out, ctx)


def _taker_fits(state: Case, command: c.Delegate, out: frozenset[str], ctx: Context) -> Iterator[Refusal]:
    taker: Person | None = ctx.roster.person(command.to)
    if taker is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.to,))
    elif taker.kind is PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=state.id, detail=command.to)
    elif taker.id in out or belongs(taker, state, command.body, ctx):
        yield Refusal(code=Code.CONFLICT_OF_INTEREST, subject=state.id, who=(command.body,), detail=command.to)


def delegate(state: Case, command: c.Delegate, ctx: Context) -> tuple[Change, ...]:
    """Lend the seat."""
    to = next(iter(ctx.names_behind([command.to])))
    lent = Delegation(body=command.body, of=_who(ctx), to=to, until=command.until)
    return _on(state, e.Delegated(delegation=lent))


def _ending(state: Case, command: c.EndDelegation, ctx: Context) -> Delegation | None:
    who = _who(ctx)
    found = (one for one in live_delegations(state, command.body, ctx.now) if who in {one.of, one.to})
    return next(found, None)


def delegation_exists(state: Case, command: c.EndDelegation, ctx: Context) -> Iterator[Refusal]:
    """Ask that whoever ends a delegation gave or took it."""
    if _ending(state, command, ctx) is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=("delegation",))


def end_delegation(state: Case, command: c.EndDelegation, ctx: Context) -> tuple[Change, ...]:
    """Give the seat back to its owner."""
    found = _ending(state, command, ctx)
    return () if found is None else _on(state, e.DelegationEnded(delegation=found))


def acknowledges_once(state: Case, _command: c.Acknowledge, ctx: Context) -> Iterator[Refusal]:
    """Ask that somebody of the body the case is before says so, once."""
    person = ctx.person
    if person is None or not belongs(person, state, state.body, ctx):
        yield Refusal(code=Code.AUTHORITY, subject=state.id, who=(state.body,), detail=ctx.by)
    elif state.position in state.acknowledged:
        yield Refusal(code=Code.NOTHING_CHANGED, subject=state.id)


def acknowledge(state: Case, _command: c.Acknowledge, _ctx: Context) -> tuple[Change, ...]:
    """Note that the body knows; its time runs on."""
    return _on(state, e.Acknowledged(position=state.position))
