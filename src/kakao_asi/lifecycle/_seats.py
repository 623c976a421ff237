"""Who may vote where a case stands: the seats, who they are lent to, and who steps in for an empty one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ..governance import Case, Delegation, Person, PersonKind
from ._context import Context

__all__ = ["belongs", "live_delegations", "seats_open"]


def live_delegations(case: Case, body: str, now: dt.datetime) -> tuple[Delegation, ...]:
    """Return the delegations of seats in a body that have not ended."""
    return tuple(one for one in case.delegations if one.body == body and now < one.until)


def belongs(person: Person, case: Case, body: str, ctx: Context) -> bool:
    """Tell whether somebody has a seat in a body, an alternate's, or one lent to them for this case."""
    if person in ctx.roster.seated(body) or person in ctx.roster.alternates(body):
        return True
    return any(one.to == person.id for one in live_delegations(case, body, ctx.now))


def seats_open(case: Case, out: frozenset[str], ctx: Context) -> dict[str, str]:
    """Return who may vote where the case stands, each with the person whose seat it is.

    Regular members vote in their own seat. A lent seat is voted by whoever it is lent to, for as long as its owner
    could vote. Alternates step in for seats that are empty, or whose owner may not vote on this case: never for more.

    Args:
        case: the case.
        out: ids of the persons who voted already, stepped back or are barred.
        ctx: the context.
    """
    given = [vote for vote in case.votes if vote.body == case.body]
    spent = {vote.seat for vote in given}
    owners = [one.id for one in _humans(ctx.roster.seated(case.body)) if one.id not in out | spent]
    found: dict[str, str] = {}
    lent = {one.of: one.to for one in live_delegations(case, case.body, ctx.now)}
    for owner in owners:
        voter = lent.get(owner, owner)
        if voter not in out and voter not in found:
            found[voter] = owner
    free = _seats_in(case.body, ctx) - len(owners) - len(given)
    if free > 0:
        able = (one.id for one in _humans(ctx.roster.alternates(case.body)) if one.id not in out)
        found |= {name: name for name in able if name not in found}
    return found


def _humans(people: Iterable[Person]) -> Iterator[Person]:
    return (one for one in people if one.kind is PersonKind.HUMAN)


def _seats_in(body: str, ctx: Context) -> int:
    known = ctx.governance.graph.by_id.get(body)
    return 0 if known is None else known.seats
