"""When a quorum is met, and whether different people can fill a whole route."""

from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import (
    START,
    GovernanceBody,
    Person,
    PersonKind,
    Quorum,
    Roster,
    Seat,
    Shortfall,
    Slot,
    When,
    open_slots,
)
from kakao_asi.taxonomy import Origin


def body(id_: str, votes: int = 1, roles: frozenset[str] = frozenset(), **more: Any) -> GovernanceBody:
    """Return a body with as many seats as votes."""
    values: dict[str, Any] = {"ko": "기구", "en": "Body", "tier": 1, "seats": votes, **more}
    return GovernanceBody(id=id_, quorum=Quorum(votes=votes, roles=roles), **values)


def roster(seats: dict[str, list[Person]]) -> Roster:
    """Return a roster of everybody who is seated."""
    people = {person.id: person for seated in seats.values() for person in seated}
    taken = [Seat(body=name, person=person.id) for name, seated in seats.items() for person in seated]
    return Roster(people=people.values(), seats=taken)


A, B, C = (Person(id=name) for name in "abc")
LEGAL = Person(id="l", roles={"legal"})
BOTH = Person(id="x", roles={"legal", "security"})
BOT = Person(id="bot", kind=PersonKind.AGENT, roles={"legal"})


def test_quorum_is_met_by_enough_people() -> None:
    """Two of two voters leave nothing open."""
    assert Quorum(votes=2).shortfall([A, B]) == Shortfall(votes=0, roles=frozenset())


def test_quorum_counts_a_person_once() -> None:
    """The same person twice is one vote."""
    assert Quorum(votes=2).shortfall([A, A]).votes == 1


def test_quorum_does_not_count_agents() -> None:
    """An agent's vote neither counts nor fills a role."""
    assert Quorum(votes=1, roles={"legal"}).shortfall([BOT]) == Shortfall(votes=1, roles={"legal"})


def test_quorum_needs_its_roles_among_the_voters() -> None:
    """Enough votes without the role leave the role open."""
    short = Quorum(votes=2, roles={"legal"}).shortfall([A, B])

    assert (short.votes, short.roles, short.met) == (0, frozenset({"legal"}), False)


def test_quorum_gives_each_role_a_voter_of_its_own() -> None:
    """One person who holds two roles fills one of them."""
    short = Quorum(votes=2, roles={"legal", "security"}).shortfall([BOTH, A])

    assert len(short.roles) == 1


def test_quorum_moves_people_between_roles() -> None:
    """Who holds both roles takes the one that nobody else can, whichever came first."""
    assert Quorum(votes=2, roles={"legal", "security"}).shortfall([BOTH, LEGAL]).met


def test_quorum_refuses_more_roles_than_votes() -> None:
    """More roles than voters can never be met and is refused."""
    with pytest.raises(InvalidValue, match=r"Quorum.votes must be at least 2"):
        Quorum(votes=1, roles={"legal", "security"})


@pytest.mark.parametrize("votes", [0, -1, True, 1.0, "1"], ids=str)
def test_quorum_refuses_anything_but_a_positive_number(votes: Any) -> None:
    """Votes are a whole number of at least one."""
    with pytest.raises(InvalidValue, match=r"Quorum\.votes"):
        Quorum(votes=votes)


def test_body_refuses_the_reserved_id() -> None:
    """No body is called as the place where cases enter."""
    with pytest.raises(InvalidValue, match=r"GovernanceBody\.id"):
        body(START)


def test_body_refuses_a_quorum_beyond_its_seats() -> None:
    """A quorum that the seats cannot hold is refused."""
    with pytest.raises(InvalidValue, match=r"GovernanceBody\.quorum"):
        body("erm", votes=3, seats=2)


@pytest.mark.parametrize("source", [None, "http://example.com", "a letter"], ids=["none", "http", "words"])
def test_body_refuses_an_outside_origin_without_a_source(source: str | None) -> None:
    """Who claims that somebody else says so names an https address."""
    with pytest.raises(InvalidValue, match=r"GovernanceBody\.source"):
        body("erm", origin=Origin.PRESS, source=source)


@pytest.mark.parametrize("origin", [None, Origin.OURS], ids=str)
def test_body_of_ones_own_needs_no_source(origin: Origin | None) -> None:
    """A body of one's own, or of this library, names no document."""
    assert body("erm", origin=origin).source is None


def test_body_keeps_its_powers_as_a_tuple() -> None:
    """Powers come in any iterable and stay in order."""
    powers = [When(matter={"stage"}), When(matter={"risk"})]

    assert body("erm", decides=iter(powers)).decides == tuple(powers)


@pytest.mark.parametrize("decides", ["stage", 3, [3]], ids=["text", "number", "number inside"])
def test_body_refuses_anything_but_conditions_as_powers(decides: Any) -> None:
    """A power is a condition."""
    with pytest.raises(InvalidValue, match=r"GovernanceBody\.decides"):
        body("erm", decides=decides)


@pytest.mark.parametrize(("lang", "expected"), [("ko", "기구"), ("en", "Body")], ids=["ko", "en"])
def test_body_is_named_in_both_languages(lang: Any, expected: str) -> None:
    """The label is the name in the language asked for."""
    assert body("erm").label(lang) == expected


def test_route_with_different_people_is_filled() -> None:
    """Two bodies with a person each leave nothing open."""
    assert open_slots([body("one"), body("two")], roster({"one": [A], "two": [B]})) == ()


def test_route_with_one_person_in_two_bodies_is_open() -> None:
    """One person cannot fill places in two bodies of a route."""
    assert open_slots([body("one"), body("two")], roster({"one": [A], "two": [A]})) == (Slot("two", None, ("a",)),)


def test_route_moves_people_so_that_all_fit() -> None:
    """Who could sit for both bodies leaves the place that only they can fill to last."""
    assert open_slots([body("one"), body("two")], roster({"one": [A, B], "two": [A]})) == ()


def test_route_names_the_open_role() -> None:
    """An open place says which role it asks for."""
    lacking = open_slots([body("one", 2, frozenset({"legal"}))], roster({"one": [A, B]}))

    assert lacking == (Slot("one", "legal", ()),)


def test_route_leaves_out_the_excluded_under_every_alias() -> None:
    """Who may not approve is left out under an alias too; unknown principals exclude nobody."""
    someone = Person(id="a", aliases={"a@corp"})

    assert open_slots([body("one")], roster({"one": [someone]}), excluded=["a@corp", "nobody"]) == (
        Slot("one", None, ()),
    )


def fillable(slots: list[list[str]], people: list[str]) -> int:
    """Return by trying all ways how many slots different people can fill."""
    best = 0
    padded = [*people, *[""] * len(slots)]
    for order in set(permutations(padded, len(slots))):
        best = max(best, sum(one in slot for one, slot in zip(order, slots, strict=True)))
    return best


@given(st.lists(st.lists(st.sampled_from("abc"), unique=True), min_size=1, max_size=4))
def test_route_leaves_as_few_places_open_as_possible(seats: list[list[str]]) -> None:
    """The number of open places is the smallest that any assignment of different people reaches."""
    bodies = [body(f"b{number}") for number in range(len(seats))]
    people = {name: Person(id=name) for name in "abc"}
    taken = roster({one.id: [people[name] for name in names] for one, names in zip(bodies, seats, strict=True)})

    assert len(open_slots(bodies, taken)) == len(seats) - fillable(seats, list("abc"))


@given(
    st.integers(1, 3),
    st.lists(st.sampled_from([A, B, LEGAL, BOTH, BOT])),
    st.sets(st.sampled_from(["legal", "security"])),
)
def test_quorum_is_met_exactly_when_its_voters_could_be_placed(
    votes: int, voters: list[Person], roles: set[str]
) -> None:
    """A quorum is met when enough different humans voted and each role can have one of its own."""
    if len(roles) > votes:
        return
    humans = sorted({one.id for one in voters if one.kind is PersonKind.HUMAN})
    held = {one.id: one.roles for one in voters}
    ways = product(humans, repeat=len(roles))
    placed = any(
        len(set(way)) == len(way) and all(role in held[one] for role, one in zip(sorted(roles), way, strict=True))
        for way in ways
    )

    assert Quorum(votes=votes, roles=roles).shortfall(voters).met == (len(humans) >= votes and placed)
