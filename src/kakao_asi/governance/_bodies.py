"""The bodies that decide, their seats and what makes a decision of theirs valid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import field, frozen

from .._internal.fields import (
    as_ids,
    as_nfc,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    check_whole,
    tupled,
)
from .._internal.words import Lang, Origin
from ..exceptions import InvalidValue
from ._cadence import Cadence
from ._matching import Assignment
from ._people import Person, PersonKind, Roster
from ._when import When

__all__ = ["START", "GovernanceBody", "Quorum", "Shortfall", "Slot", "check_source", "open_slots"]

START: Final = "start"
"""Where every case enters a graph: the team that brings it. It is no body and approves nothing."""


def _conditions(values: Iterable[When]) -> tuple[When, ...]:
    return tupled(values)


def check_source(owner: str, origin: Origin | None, source: str | None) -> None:
    """Refuse an outside origin without an https address of the document it stands in."""
    if origin in (None, Origin.OURS):
        return
    if source is None or not source.startswith("https://"):
        rule = "must be an https address where the origin is somebody else's"
        raise InvalidValue(owner, rule, "name the document, or leave the origin out for a rule of your own")


@frozen(kw_only=True)
class Shortfall:
    """What a quorum still lacks.

    Attributes:
        votes: how many further voters.
        roles: roles that no voter fills yet.
    """

    votes: int = field(validator=check_whole())
    roles: frozenset[str] = field(converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset))

    @property
    def met(self) -> bool:
        """Whether nothing is lacking."""
        return not self.votes and not self.roles


@frozen(kw_only=True)
class Quorum:
    """How many people must vote for a decision, and which roles must be among them.

    Only humans count, each once. Every named role is filled by a voter of its own: one person who holds two of them
    fills one, because two roles in a quorum mean two pairs of eyes.

    Attributes:
        votes: number of different voters, at least 1 and at least the number of roles.
        roles: roles that must be among the voters.
        veto: roles whose holders reject for the whole body: one such vote decides at once.
        origin: who says so; None: the organisation's own rule.
    """

    votes: int = field(default=1, validator=check_whole(least=1, most=1_000))
    roles: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    veto: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    origin: Origin | None = field(default=None, validator=check_optional(check_kind(Origin)))

    def __attrs_post_init__(self) -> None:
        """Refuse more roles than voters."""
        if len(self.roles) > self.votes:
            rule = f"must be at least {len(self.roles)}, one voter for each role"
            raise InvalidValue("Quorum.votes", rule, "raise the votes or name fewer roles")

    def vetoes(self, person: Person) -> bool:
        """Tell whether a rejection by somebody rejects for the whole body; an agent's never does."""
        return person.kind is PersonKind.HUMAN and bool(self.veto & person.roles)

    def shortfall(self, voters: Iterable[Person]) -> Shortfall:
        """Return what is lacking when these people have voted; agents and repeated people do not count."""
        people = {one.id: one for one in voters if one.kind is PersonKind.HUMAN}
        roles = sorted(self.roles)
        assigned = Assignment([sorted(one.id for one in people.values() if role in one.roles) for role in roles])
        lacking = frozenset(roles[slot] for slot in assigned.empty)
        return Shortfall(votes=max(0, self.votes - len(people)), roles=lacking)


@frozen(kw_only=True)
class GovernanceBody:
    """A body that decides.

    Attributes:
        id: stable id that edges name; never ``start``.
        ko: Korean name, at most 200 characters.
        en: English name, at most 200 characters.
        tier: its height, from 1; used to say which body is above which. Not unique.
        seats: how many seats it has, from 1 to 1,000; fewer people than seats is a staffing finding.
        quorum: what makes a decision of it valid; never more votes than seats.
        decides: what it may decide finally, each row a condition. The apex of a graph needs no rows: it decides
            whatever reaches it.
        meets: when it meets; None: whenever it is asked. A term that ends before a meeting stays as it is, and is
            shown; without a term a case is due with the end of the next meeting.
        origin: who says that it exists under this name; None: the organisation itself.
        source: https address of the document that says so.
    """

    id: str = field(validator=check_id)
    ko: str = field(converter=as_nfc, validator=check_text())
    en: str = field(converter=as_nfc, validator=check_text())
    tier: int = field(validator=check_whole(least=1, most=1_000))
    seats: int = field(validator=check_whole(least=1, most=1_000))
    quorum: Quorum = field(validator=check_kind(Quorum))
    decides: tuple[When, ...] = field(default=(), converter=_conditions, validator=check_tuple_of(check_kind(When)))
    meets: Cadence | None = field(default=None, validator=check_optional(check_kind(Cadence)))
    origin: Origin | None = field(default=None, validator=check_optional(check_kind(Origin)))
    source: str | None = field(default=None, validator=check_optional(check_text(longest=500)))

    def __attrs_post_init__(self) -> None:
        """Refuse the reserved id, a quorum that its seats cannot hold, and an origin without a source."""
        if self.id == START:
            raise InvalidValue("GovernanceBody.id", f"must not be '{START}'", "that word is where cases enter")
        if self.quorum.votes > self.seats:
            rule = f"must be at most the {self.seats} seats of the body"
            raise InvalidValue("GovernanceBody.quorum", rule, "lower the votes or add seats")
        check_source("GovernanceBody.source", self.origin, self.source)

    def label(self, lang: Lang) -> str:
        """Return its name in the language asked for."""
        return self.ko if lang == "ko" else self.en


@frozen
class Slot:
    """One place in a quorum that a person must fill.

    Attributes:
        body: id of the body.
        role: the role asked for; None: any human with a seat.
        eligible: ids of the people who could fill it, sorted.
    """

    body: str
    role: str | None
    eligible: tuple[str, ...]


def slots_of(
    bodies: Iterable[GovernanceBody], roster: Roster, excluded: frozenset[str] = frozenset()
) -> tuple[Slot, ...]:
    """Return every place in the quorums of several bodies, with who could fill it."""
    found: list[Slot] = []
    for body in bodies:
        humans = [one for one in roster.seated(body.id) if one.kind is PersonKind.HUMAN and one.id not in excluded]
        if len(humans) < body.seats:
            spare = (one for one in roster.alternates(body.id) if one.kind is PersonKind.HUMAN)
            humans += [one for one in spare if one.id not in excluded]
        roles = sorted(body.quorum.roles)
        for role in [*roles, *[None] * (body.quorum.votes - len(roles))]:
            eligible = tuple(one.id for one in humans if role is None or role in one.roles)
            found.append(Slot(body.id, role, eligible))
    return tuple(found)


def open_slots(bodies: Iterable[GovernanceBody], roster: Roster, *, excluded: Iterable[str] = ()) -> tuple[Slot, ...]:
    """Return the places in the quorums of a whole route that nobody is left for; empty if all can be filled.

    Nobody fills two places, in whichever bodies they sit.

    Args:
        bodies: the bodies that must approve.
        roster: who exists and who has a seat.
        excluded: principals who may not approve, for example the assessor; aliases are folded.
    """
    people = (roster.person(principal) for principal in excluded)
    slots = slots_of(bodies, roster, frozenset(person.id for person in people if person is not None))
    return tuple(slots[number] for number in Assignment([slot.eligible for slot in slots]).empty)
