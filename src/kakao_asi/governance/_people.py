"""Who exists and who has a seat: people, their aliases, roles and seats, frozen as a roster."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

from attrs import Attribute, evolve, field, frozen

from .._internal.fields import as_ids, check_bool, check_id, check_kind, check_optional, check_tuple_of, name_of
from .._internal.words import Word
from ..exceptions import InvalidValue

__all__ = ["Person", "PersonKind", "Roster", "Seat"]

T = TypeVar("T")

_MOST = 100_000
_PAIR = 2


class PersonKind(Word):
    """Whether somebody acts or a program does. Programs may record and assess; they never approve (our choice)."""

    HUMAN = "human", "사람", "Human"
    AGENT = "agent", "에이전트", "Agent"


def _as_kind(value: PersonKind | str) -> PersonKind:
    return PersonKind(value)


@frozen(kw_only=True)
class Person:
    """Somebody, or a program, who can act on the register.

    Attributes:
        id: the principal the person is known by.
        kind: human or agent.
        aliases: further principals of the same person; all of them count as one voter.
        roles: ids of the roles held, for example ``serving`` or ``second_line``.
        unit: id of the business unit or affiliate; None: none.
    """

    id: str = field(validator=check_id)
    kind: PersonKind = field(default=PersonKind.HUMAN, converter=_as_kind, validator=check_kind(PersonKind))
    aliases: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    roles: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    unit: str | None = field(default=None, validator=check_optional(check_id))


@frozen(kw_only=True)
class Seat:
    """One seat: a person's place in a body.

    Attributes:
        body: id of the body.
        person: id or alias of the person.
        alternate: whether the person only steps in for a seat that is empty, or whose owner may not vote.
    """

    body: str = field(validator=check_id)
    person: str = field(validator=check_id)
    alternate: bool = field(default=False, validator=check_bool)


def _people(values: Iterable[Person]) -> tuple[Person, ...]:
    return _sorted(values, lambda one: one.id if isinstance(one, Person) else "")


def _seats(values: Iterable[Seat]) -> tuple[Seat, ...]:
    return _sorted(values, lambda one: f"{one.body} {one.person}" if isinstance(one, Seat) else "")


def _pairs(values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return _sorted(values, lambda one: "/".join(map(str, one)) if isinstance(one, tuple) else "")


def _check_pair(instance: object, attribute: Attribute[object], value: object) -> None:
    """Refuse anything but a name and the id of a person."""
    if not isinstance(value, tuple) or len(value) != _PAIR:
        raise InvalidValue(name_of(instance, attribute), "must be pairs of a name and the id of a person")
    for part in value:
        check_id(instance, attribute, part)


def _sorted(values: Iterable[T], key: Callable[[T], str]) -> tuple[T, ...]:
    if not isinstance(values, Iterable):
        return values
    return tuple(sorted(values, key=key))


@frozen(kw_only=True)
class Roster:
    """Who exists and who sits where, at one time. A change is a new roster.

    Whatever order people and seats are given in, equal rosters are equal and have one digest.

    Attributes:
        people: sorted by id; every id and alias belongs to one person only.
        seats: sorted by body and person; each names a person of this roster.
        former: names that were given up, each with the id of the person who had it, sorted; the register keeps them,
            so that nobody approves what they did under a name that is theirs no more (our choice).

    Raises:
        InvalidValue: an id or alias belongs to two people, or a seat names somebody who is not in the roster.
    """

    people: tuple[Person, ...] = field(
        default=(), converter=_people, validator=check_tuple_of(check_kind(Person), most=_MOST)
    )
    seats: tuple[Seat, ...] = field(
        default=(), converter=_seats, validator=check_tuple_of(check_kind(Seat), most=_MOST)
    )
    former: tuple[tuple[str, str], ...] = field(
        default=(), converter=_pairs, validator=check_tuple_of(_check_pair, most=_MOST)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse names that belong to two people, and seats of nobody."""
        names = [name for person in self.people for name in (person.id, *person.aliases)]
        if len(self.by_name) != len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            rule = f"must give every id and alias to one person only; used twice: {', '.join(twice)}"
            raise InvalidValue("Roster.people", rule, "merge the two people, or rename one")
        unknown = sorted({seat.person for seat in self.seats if seat.person not in self.by_name})
        if unknown:
            rule = f"must name people of the roster; unknown: {', '.join(unknown)}"
            raise InvalidValue("Roster.seats", rule, "add the person before giving a seat")
        both = sorted(
            body
            for body, people in self.by_body.items()
            if {one.id for one in people} & {one.id for one in self.alternates(body)}
        )
        if both:
            rule = f"must seat a person either as a member or as an alternate of a body: {', '.join(both)}"
            raise InvalidValue("Roster.seats", rule, "give the person one seat there")

    @cached_property
    def by_name(self) -> dict[str, Person]:
        """Every id and alias with its person; read it, do not change it."""
        return {name: person for person in self.people for name in (person.id, *person.aliases)}

    @cached_property
    def by_body(self) -> dict[str, tuple[Person, ...]]:
        """Every body with a seat taken, and who sits there, sorted by id; read it, do not change it."""
        return self._by_body(alternate=False)

    @cached_property
    def alternates_by_body(self) -> dict[str, tuple[Person, ...]]:
        """Every body with alternates, and who they are, sorted by id; read it, do not change it."""
        return self._by_body(alternate=True)

    def _by_body(self, *, alternate: bool) -> dict[str, tuple[Person, ...]]:
        found: dict[str, dict[str, Person]] = {}
        for seat in self.seats:
            if seat.alternate is alternate:
                person = self.by_name[seat.person]
                found.setdefault(seat.body, {})[person.id] = person
        return {body: tuple(sorted(seated.values(), key=lambda one: one.id)) for body, seated in found.items()}

    @cached_property
    def by_former(self) -> dict[str, frozenset[str]]:
        """Every name that was given up, and the ids of those who had it; read it, do not change it."""
        found: dict[str, set[str]] = {}
        for name, person in self.former:
            found.setdefault(name, set()).add(person)
        return {name: frozenset(people) for name, people in found.items()}

    def with_person(self, person: Person) -> Roster:
        """Return the roster with a person in place of the one of that id; names given up become former ones.

        Raises:
            InvalidValue: as for a new roster.
        """
        before = self.by_name.get(person.id)
        others = tuple(one for one in self.people if one.id != person.id)
        given_up = () if before is None or before.id != person.id else before.aliases - person.aliases
        former = {*self.former, *((name, person.id) for name in given_up)}
        return evolve(self, people=(*others, person), former=former)

    def person(self, principal: str) -> Person | None:
        """Return who is behind a principal, aliases folded; None if nobody in the roster is."""
        return self.by_name.get(principal)

    def holders(self, role: str, *, unit: str | None = None) -> tuple[Person, ...]:
        """Return everybody who holds a role, sorted by id; with ``unit``, in that unit only."""
        return tuple(one for one in self.people if role in one.roles and (unit is None or one.unit == unit))

    def holds(self, principal: str, role: str) -> bool:
        """Tell whether the person behind a principal holds a role; nobody unknown does."""
        person = self.person(principal)
        return person is not None and role in person.roles

    def seated(self, body: str) -> tuple[Person, ...]:
        """Return who has a seat in a body, each person once, sorted by id."""
        return self.by_body.get(body, ())

    def alternates(self, body: str) -> tuple[Person, ...]:
        """Return who steps in for members of a body, each person once, sorted by id."""
        return self.alternates_by_body.get(body, ())

    def same(self, a: str, b: str) -> bool:
        """Tell whether two principals are one person; two unknown ones are where they are spelled alike."""
        if a == b:
            return True
        person = self.person(a)
        return person is not None and person is self.person(b)
