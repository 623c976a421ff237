"""Duty holes and bodies on every way: what a graph and its people cannot do without."""

from typing import Any

import attrs
import pytest

from kakao_asi.catalog import kakao_governance
from kakao_asi.exceptions import GovernanceInvalid
from kakao_asi.governance import (
    START,
    Duty,
    Edge,
    EscalationGraph,
    FindingKind,
    Governance,
    GovernanceBody,
    GraphFinding,
    Level,
    Matter,
    Person,
    Quorum,
    Reason,
    Roster,
    Seat,
    When,
    Withheld,
)
from kakao_asi.stages import Stage
from kakao_asi.taxonomy import RiskCategory

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


# --- with the duties of a governance ---------------------------------------------------------------------------------


def governed(graph: EscalationGraph, **changes: Any) -> Governance:
    """Return the default governance with another graph."""
    return attrs.evolve(kakao_governance(), graph=graph, **changes)


def duty_holes(governance: Governance, people: Roster | None = None) -> list[GraphFinding]:
    """Return what a governance says about its duties."""
    return [one for one in governance.check(people) if one.code == "duty_hole"]


PAIR = roster(Person(id="a"), Person(id="b"))


def test_two_hands_may_leave_a_place_unfilled() -> None:
    """Of two members one may identify and the other assess; the pair, the body and a kind of case are named."""
    (one,) = duty_holes(governed(chain("low", "top", seats=2)), PAIR)

    assert (("a", "b", "low"), FindingKind.STAFFING) == (one.ids, one.severity)
    assert one.example is not None
    assert all(text in one.message(lang) for lang in ("ko", "en") for text in ("'a'", "'b'", "'low'"))


def test_a_third_member_closes_the_hole_of_two_hands() -> None:
    """Then somebody is left at the lower body; the pair of the upper one is named instead."""
    people = roster(Person(id="a"), Person(id="b"), Person(id="c"))

    assert [("ceo", "vice", "top")] == [one.ids for one in duty_holes(governed(chain("low", "top")), people)]


def test_what_one_hand_leaves_unfilled_is_no_hole_of_two() -> None:
    """A person whom nobody replaces is another finding."""
    people = Roster(
        people=[Person(id="a"), Person(id="ceo")], seats=[Seat(body="low", person="a"), Seat(body="top", person="ceo")]
    )

    assert [] == duty_holes(governed(chain("low", "top")), people)


def test_a_way_with_an_empty_body_has_no_hole_of_two() -> None:
    """What nobody can decide anyway is not blamed on the duties."""
    people = Roster(people=[Person(id="ceo")], seats=[Seat(body="top", person="ceo")])

    assert [] == duty_holes(governed(chain("low", "top")), people)


def test_a_crowd_is_not_tried_pair_by_pair() -> None:
    """With more than 64 people on a way each place has spare ones, and no hostile roster keeps a check busy."""
    people = roster(*(Person(id=f"p{number:03d}") for number in range(70)))

    assert [] == duty_holes(governed(chain("low", "top", seats=70)), people)


@pytest.mark.long
def test_many_ways_and_spare_people_end_soon() -> None:
    """Of thousands of ways, each with people enough, only so many are tried: the check ends and finds nothing."""
    asked = frozenset(Matter) - {Matter.GOVERNANCE}
    signs = [
        (f"{name}.{member.id}", When(**({"matter": asked} | {name: {member}})))
        for name, kind in (("level", Level), ("category", RiskCategory), ("stage", Stage), ("reason", Reason))
        for member in kind
    ]
    graph = chain("low", "top", seats=3)
    graph = attrs.evolve(
        graph,
        bodies=[*graph.bodies, *(body(name, 1, seats=3) for name, _ in signs)],
        edges=[*graph.edges, *(Edge(source="low", target=name, kind="sign", when=when) for name, when in signs)],
    )
    people = {one.id: [Person(id=f"{one.id}.{seat}") for seat in "xyz"] for one in graph.bodies}
    everybody = Roster(
        people=[one for group in people.values() for one in group],
        seats=[Seat(body=name, person=one.id) for name, group in people.items() for one in group],
    )

    assert [] == duty_holes(governed(graph), everybody)


def test_duties_that_are_off_leave_no_holes() -> None:
    """Without the duties of identifier and assessor two hands keep nobody out, without the owner's no role does."""
    free = governed(chain("low", "top", seats=2), duties=frozenset({Duty.OWNER}))
    owners = roster(Person(id="a", roles={"serving"}), Person(id="b", roles={"serving"}))
    trusting = governed(chain("low", "top", seats=2), duties=frozenset())

    assert ([], []) == (duty_holes(free, PAIR), duty_holes(trusting, owners))


def test_a_role_that_a_quorum_asks_for_is_a_hole_by_design() -> None:
    """Without any roster: whoever sits there, a risk of that role could not be decided; it is noted once a body."""
    graph = chain("low", "top")
    chaired = [attrs.evolve(one, quorum=Quorum(roles={"chair"})) if one.id == "top" else one for one in graph.bodies]
    governance = governed(attrs.evolve(graph, bodies=chaired))
    (one,) = duty_holes(governance)

    assert (("chair", "top"), FindingKind.NOTE) == (one.ids, one.severity)
    assert all("'chair'" in one.message(lang) for lang in ("ko", "en"))
    assert (("top",), ()) == (governance.undecided_by("chair"), governance.undecided_by("serving"))
    assert () == attrs.evolve(governance, duties=frozenset()).undecided_by("chair")


def test_a_hole_is_told_once_for_the_ways_that_share_it() -> None:
    """Where some cases end at a body and others go on, the shorter way stands for the longer one."""
    graph = chain("low", "top", seats=2)
    small = When(matter={Matter.RISK})
    bodies = [
        attrs.evolve(one, quorum=Quorum(roles={"chair"}), decides=[small]) if one.id == "low" else one
        for one in graph.bodies
    ]
    rest = Edge(source="low", target="top", when=When(matter=set(Matter) - {Matter.RISK}))
    edges = [*(one for one in graph.edges if one.source != "low"), rest]
    people = roster(Person(id="a", roles={"chair"}), Person(id="b", roles={"chair"}))
    found = duty_holes(governed(attrs.evolve(graph, bodies=bodies, edges=edges)), people)

    assert [("chair", "low", "a", "b"), ("chair", "low"), ("a", "b", "low")] == [one.ids for one in found]


# --- what is the apex's alone ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("matter", [Matter.STOP, Matter.GOVERNANCE], ids=lambda one: one.id)
def test_what_is_the_apexs_alone_is_decided_nowhere_else(matter: Matter) -> None:
    """A governance in which a body below lifts stops or changes the governance is refused, with a kind of case."""
    graph = chain("low", "top")
    bodies = [attrs.evolve(one, decides=[When(matter={matter})]) if one.id == "low" else one for one in graph.bodies]
    rest = Edge(source="low", target="top", when=When(matter=set(Matter) - {matter}))
    lower = attrs.evolve(graph, bodies=bodies, edges=[*(one for one in graph.edges if one.source != "low"), rest])
    with pytest.raises(GovernanceInvalid, match="below_apex") as raised:
        governed(lower)
    (one,) = raised.value.findings

    assert (("low", "top"), matter) == (one.ids, one.example.matter if one.example else None)
    assert all("'low'" in one.message(lang) for lang in ("ko", "en"))


def test_what_is_the_apexs_alone_may_be_withheld() -> None:
    """That nobody lifts a stop at all is no body below doing so."""
    graph = chain("low", "top")
    row = Withheld(when=When(matter={Matter.STOP}), needless=False, why_ko="해제 없음", why_en="Never")
    entry = Edge(source=START, target="low", when=When(matter=set(Matter) - {Matter.STOP}))
    edges = [entry, *(one for one in graph.edges if one.source != START)]

    assert governed(attrs.evolve(graph, edges=edges, withheld=[row])).graph.withheld == (row,)
