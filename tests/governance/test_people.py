"""Who exists, under which names, in which roles and seats."""

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import Person, PersonKind, Roster, Seat

KIM = Person(id="kim", aliases={"kim@corp", "k.kim"}, roles={"serving", "second_line"}, unit="chat")
LEE = Person(id="lee", roles={"serving"}, unit="map")
BOT = Person(id="bot", kind=PersonKind.AGENT)
ROSTER = Roster(
    people=[LEE, BOT, KIM],
    seats=[Seat(body="top", person="lee"), Seat(body="erm", person="k.kim"), Seat(body="erm", person="bot")],
)


def test_person_keeps_aliases_and_roles_as_sets() -> None:
    """A person's aliases and roles are frozen sets, whatever iterable they came in."""
    person = Person(id="kim", aliases=["k.kim", "k.kim"], roles=(role for role in ("serving",)))

    assert (person.aliases, person.roles) == (frozenset({"k.kim"}), frozenset({"serving"}))


@pytest.mark.parametrize("label", ["agent", "에이전트", PersonKind.AGENT], ids=["id", "korean", "member"])
def test_person_kind_is_found_by_id_and_korean_label(label: Any) -> None:
    """A kind is found by its member, its id or its Korean label."""
    assert Person(id="bot", kind=label).kind is PersonKind.AGENT


@pytest.mark.parametrize("principal", ["kim", "kim@corp", "k.kim"])
def test_roster_finds_a_person_under_every_name(principal: str) -> None:
    """A person is found under the id and under every alias."""
    assert ROSTER.person(principal) == KIM


def test_roster_knows_nobody_else() -> None:
    """An unknown principal is nobody, holds no role and has no seat."""
    assert (ROSTER.person("park"), ROSTER.holds("park", "serving")) == (None, False)


def test_roster_order_does_not_matter() -> None:
    """Two rosters of the same people and seats are equal in whatever order they were given."""
    again = Roster(people=reversed(ROSTER.people), seats=reversed(ROSTER.seats))

    assert (again, hash(again)) == (ROSTER, hash(ROSTER))


def test_roster_lists_holders_of_a_role_by_id() -> None:
    """Everybody who holds a role is listed, sorted by id."""
    assert ROSTER.holders("serving") == (KIM, LEE)


def test_roster_lists_holders_of_a_role_in_one_unit() -> None:
    """With a unit only its people are listed."""
    assert ROSTER.holders("serving", unit="map") == (LEE,)


@pytest.mark.parametrize(
    ("principal", "role", "expected"),
    [("k.kim", "second_line", True), ("lee", "second_line", False)],
    ids=["alias", "without"],
)
def test_roster_tells_who_holds_a_role(principal: str, role: str, expected: bool) -> None:
    """A role is held by the person behind a principal."""
    assert ROSTER.holds(principal, role) is expected


def test_roster_lists_who_is_seated_by_id() -> None:
    """Seated people are listed sorted by id, found through their aliases too."""
    assert ROSTER.seated("erm") == (BOT, KIM)


def test_roster_seats_a_person_once() -> None:
    """Two seats of one person in one body, under two names, are one seated person."""
    twice = Roster(people=[KIM], seats=[Seat(body="erm", person="kim"), Seat(body="erm", person="k.kim")])

    assert twice.seated("erm") == (KIM,)


def test_roster_leaves_an_unknown_body_empty() -> None:
    """A body without seats has nobody."""
    assert ROSTER.seated("board") == ()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("kim", "k.kim", True),
        ("kim@corp", "k.kim", True),
        ("kim", "lee", False),
        ("park", "park", True),
        ("park", "kim", False),
        ("kim", "park", False),
        ("park", "choi", False),
    ],
    ids=["alias", "two aliases", "others", "unknown", "unknown and known", "known and unknown", "two unknown"],
)
def test_roster_tells_whether_two_principals_are_one_person(a: str, b: str, expected: bool) -> None:
    """Two principals are one person under all aliases; unknown ones only if they are spelled alike."""
    assert ROSTER.same(a, b) is expected


@pytest.mark.parametrize(
    "people",
    [
        [KIM, Person(id="k.kim")],
        [KIM, Person(id="kim2", aliases={"kim@corp"})],
        [KIM, KIM],
        [Person(id="kim", aliases={"kim"})],
    ],
    ids=["alias is an id", "alias of two", "same id", "alias of oneself"],
)
def test_roster_refuses_a_name_of_two_people(people: list[Person]) -> None:
    """An id or alias that is used twice is refused, and named."""
    with pytest.raises(InvalidValue, match="used twice: k"):
        Roster(people=people)


def test_roster_refuses_a_seat_of_nobody() -> None:
    """A seat for somebody who is not in the roster is refused."""
    with pytest.raises(InvalidValue, match="unknown: park"):
        Roster(people=[KIM], seats=[Seat(body="erm", person="park")])


@pytest.mark.parametrize(
    ("field", "value"),
    [("people", "kim"), ("people", 3), ("people", ["kim"]), ("seats", [3]), ("seats", None)],
    ids=["text", "number", "text inside", "number inside", "none"],
)
def test_roster_refuses_anything_but_people_and_seats(field: str, value: Any) -> None:
    """What is no person or no seat is refused with the field's name."""
    with pytest.raises(InvalidValue, match=f"Roster.{field}"):
        Roster(**{field: value})


def test_roster_survives_a_pickle() -> None:
    """A pickled roster answers as before."""
    again = pickle.loads(pickle.dumps(ROSTER))  # noqa: S301  # our own bytes

    assert (again, again.person("k.kim"), again.seated("top")) == (ROSTER, KIM, (LEE,))


@given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1), st.data())
def test_sameness_is_an_equivalence(names: list[str], data: st.DataObject) -> None:
    """However names are divided among people, two are the same exactly when they share the person."""
    owner = {name: data.draw(st.integers(0, 2)) for name in names}
    people = []
    for number in set(owner.values()):
        first, *others = [name for name in names if owner[name] == number]
        people.append(Person(id=first, aliases=frozenset(others)))
    roster = Roster(people=people)

    assert all(roster.same(a, b) == (owner[a] == owner[b]) for a in names for b in names)


@pytest.mark.parametrize("former", [["ab"], [("a",)], [("a", "b", "c")], [("A!", "kim")], [3]], ids=str)
def test_former_names_are_pairs_of_ids(former: Any) -> None:
    """A former name stands with the id of the person who had it, and with nothing else."""
    with pytest.raises(InvalidValue, match="former"):
        Roster(former=former)


def test_a_name_given_up_stays_with_who_had_it() -> None:
    """Two people who had a name one after the other both stay behind it, also when somebody takes another's old id."""
    roster = Roster(people=[Person(id="kim", aliases={"k"}), Person(id="lee", aliases={"l", "kim.old"})])
    roster = roster.with_person(Person(id="kim"))
    roster = roster.with_person(Person(id="lee", aliases={"l", "k"}))
    roster = roster.with_person(Person(id="lee", aliases={"l"}))
    roster = roster.with_person(Person(id="kim.old"))

    assert (("k", "kim"), ("k", "lee"), ("kim.old", "lee")) == roster.former
    assert frozenset({"kim", "lee"}) == roster.by_former["k"]
    assert ["kim", "kim.old", "lee"] == [person.id for person in roster.people]


def test_a_person_takes_no_name_of_another() -> None:
    """The id of a new person that is somebody's alias is refused."""
    roster = Roster(people=[Person(id="kim", aliases={"k"})])

    with pytest.raises(InvalidValue, match="one person only"):
        roster.with_person(Person(id="k"))
