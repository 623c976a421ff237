"""Duty holes and bodies on every way: what a graph and its people cannot do without."""

import attrs
import pytest

from kakao_asi.catalog import kakao_governance
from kakao_asi.governance import START, Edge, EscalationGraph, GovernanceBody, Person, Quorum, Roster, Seat, When

STRONGER = frozenset({"missing_evidence", "disagreement", "overdue", "objection", "incident"})


def body(name: str, tier: int, *, seats: int = 1) -> GovernanceBody:
    """Return a body of one vote."""
    return GovernanceBody(id=name, ko=name, en=name, tier=tier, seats=seats, quorum=Quorum(votes=1))


def chain(*names: str, seats: int = 1) -> EscalationGraph:
    """Return a graph in which every case goes through all bodies."""
    ways = (START, *names)
    return EscalationGraph(
        bodies=[body(name, tier, seats=seats) for tier, name in enumerate(names, 1)],
        edges=[Edge(source=one, target=two) for one, two in zip(ways, names, strict=False)],
        apex=names[-1],
    )


def roster(*people: Person, at: str = "low") -> Roster:
    """Return people who all sit in one body, with somebody else at the top."""
    seats = [*(Seat(body=at, person=one.id) for one in people), Seat(body="top", person="ceo")]
    return Roster(
        people=[*people, Person(id="ceo"), Person(id="vice")], seats=[*seats, Seat(body="top", person="vice")]
    )


def holes(graph: EscalationGraph, people: Roster) -> list[tuple[str, ...]]:
    """Return what the duty holes are about."""
    return [one.ids for one in graph.check(people) if one.code == "duty_hole"]


def test_a_role_that_holds_every_seat_is_a_hole() -> None:
    """A risk of that role could be decided by nobody of the body."""
    people = roster(Person(id="a", roles={"serving"}), Person(id="b", roles={"serving"}))

    assert holes(chain("low", "top", seats=2), people) == [("serving", "low", "a", "b")]


def test_one_seat_without_the_role_is_enough() -> None:
    """Where somebody else can vote there is no hole."""
    people = roster(Person(id="a", roles={"serving"}), Person(id="b"))

    assert holes(chain("low", "top", seats=2), people) == []


def test_a_hole_comes_with_an_example() -> None:
    """It names the role, the people and one kind of case, in both languages."""
    people = roster(Person(id="a", roles={"serving"}), Person(id="b", roles={"serving"}))
    found = next(one for one in chain("low", "top", seats=2).check(people) if one.code == "duty_hole")

    assert found.example is not None
    assert all("serving" in found.message(lang) and "low" in found.message(lang) for lang in ("ko", "en"))


def test_what_nobody_can_decide_anyway_is_no_hole() -> None:
    """An empty body is another finding."""
    people = Roster(people=[Person(id="ceo", roles={"serving"})], seats=[Seat(body="top", person="ceo")])

    assert holes(chain("low", "top"), people) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [(("top",), ()), (("low", "top"), ("low",)), (("low", "mid", "top"), ("mid", "low"))],
    ids=["one", "two", "three"],
)
def test_bodies_on_every_way(names: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """In a chain every body below the apex is on every way."""
    assert chain(*names).on_every_way() == expected


def test_a_way_round_frees_a_body() -> None:
    """The default graph has ways straight to the top."""
    assert kakao_governance().graph.on_every_way() == ()


def test_a_body_below_a_fork_is_on_every_way() -> None:
    """Two ways that start at one body leave that body on both."""
    graph = chain("low", "mid", "top")
    edges = [one for one in graph.edges if one.source != "low"]
    calm = Edge(source="low", target="mid", when=When(reason={"level"}))
    rest = Edge(source="low", target="top", when=When(reason=STRONGER))

    assert attrs.evolve(graph, edges=[*edges, calm, rest]).on_every_way() == ("low",)
