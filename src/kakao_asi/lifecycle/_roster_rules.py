"""What is asked before people and seats change, and what happens then. Seats change by event; no case is needed."""

from __future__ import annotations

from collections.abc import Iterator

from ..exceptions import InvalidValue
from ..governance import Code, PersonKind, Refusal
from . import commands as c
from . import events as e
from ._context import Context
from ._fold import Stamp, apply
from ._states import GovernanceState
from ._transition import Change, StreamKind, stream

__all__ = ["GOVERNANCE", "change_person", "change_seat", "person_fits", "seat_fits"]

GOVERNANCE = stream(StreamKind.GOVERNANCE, "adopted")
"""The one governance stream of a register."""


def person_fits(state: GovernanceState, command: c.ChangePerson, ctx: Context) -> Iterator[Refusal]:
    """Ask that no id or alias belongs to two people, that no seat loses its person, and that no agent turns human.

    A program that was called a person would have a vote: a person is another entry of the roster (our choice).
    """
    before = state.roster.by_name.get(command.person.id)
    if before is not None and before.kind is PersonKind.AGENT and command.person.kind is not PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=before.id, detail=before.id)
    try:
        apply(state, e.PersonChanged(person=command.person), Stamp(ctx.by, ctx.now))
    except InvalidValue:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=command.person.id, missing=("aliases",))


def seat_fits(state: GovernanceState, command: c.ChangeSeat, _ctx: Context) -> Iterator[Refusal]:
    """Ask that the body and the person exist; a seat in a body that is no more can still be left."""
    bodies = {body.id for body in state.governance.graph.bodies}
    if not command.seated:
        bodies |= {seat.body for seat in state.roster.seats}
    people = state.roster.by_name
    missing = tuple(name for name, known in ((command.body, bodies), (command.person, people)) if name not in known)
    if missing:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=command.body, missing=missing)


def change_person(_state: GovernanceState, command: c.ChangePerson, _ctx: Context) -> tuple[Change, ...]:
    """Put the person into the roster."""
    return (Change(GOVERNANCE, e.PersonChanged(person=command.person)),)


def change_seat(state: GovernanceState, command: c.ChangeSeat, _ctx: Context) -> tuple[Change, ...]:
    """Give or take the seat; whatever name the person was given by, the seat is under the id."""
    person = state.roster.by_name[command.person].id
    event = e.SeatChanged(
        body=command.body, person=person, seated=command.seated, alternate=command.seated and command.alternate
    )
    return (Change(GOVERNANCE, event),)
