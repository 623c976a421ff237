"""What a roster lacks for a graph, and what is worth a look in one that works."""

from collections.abc import Iterable
from typing import Any

import pytest

from kakao_asi.governance import (
    START,
    Edge,
    EdgeKind,
    EscalationGraph,
    FindingKind,
    GovernanceBody,
    GraphFinding,
    Level,
    Matter,
    Person,
    PersonKind,
    Quorum,
    Reason,
    Roster,
    Seat,
    Term,
    When,
    Withheld,
)

RELEASE = When(matter={Matter.RELEASE})
REST = When(matter=set(Matter) - {Matter.RELEASE})
RISK = {Matter.RISK}
NO_RISK = When(matter=set(Matter) - RISK)


def body(id_: str, tier: int, votes: int = 1, **more: Any) -> GovernanceBody:
    """Return a body with as many seats as votes."""
    values: dict[str, Any] = {"seats": votes, "roles": frozenset(), **more}
    quorum = Quorum(votes=votes, roles=values.pop("roles"))
    return GovernanceBody(id=id_, ko="기구", en="Body", tier=tier, quorum=quorum, **values)


def edge(source: str, target: str, when: When | None = None, **more: Any) -> Edge:
    """Return an edge, by default for every case."""
    return Edge(source=source, target=target, when=when or When(), **more)


def graph(bodies: Iterable[GovernanceBody], edges: Iterable[Edge], **more: Any) -> EscalationGraph:
    """Return a graph with the apex ``top``."""
    return EscalationGraph(bodies=bodies, edges=edges, apex="top", **more)


def roster(**seats: list[Person]) -> Roster:
    """Return a roster of everybody who is seated, body by body."""
    people = {person.id: person for seated in seats.values() for person in seated}
    taken = [Seat(body=name, person=person.id) for name, seated in seats.items() for person in seated]
    return Roster(people=people.values(), seats=taken)


def found(one: EscalationGraph, taken: Roster | None = None) -> dict[str, list[GraphFinding]]:
    """Return findings by code."""
    findings: dict[str, list[GraphFinding]] = {}
    for finding in one.check(taken):
        findings.setdefault(finding.code, []).append(finding)
    return findings


A, B, C, D = (Person(id=name) for name in "abcd")
BOT = Person(id="bot", kind=PersonKind.AGENT)
CHAIN = graph([body("low", 1), body("top", 2)], [edge(START, "low"), edge("low", "top")])


def test_graph_without_a_roster_has_no_staffing_findings() -> None:
    """Without a roster only the graph itself is looked at."""
    assert CHAIN.check() == ()


def test_graph_with_spare_people_has_no_findings() -> None:
    """Enough different people, each replaceable, leave nothing to say."""
    assert CHAIN.check(roster(low=[A, B], top=[C, D])) == ()


def test_empty_seats_are_counted() -> None:
    """A body with fewer people than seats is named with the number of empty seats."""
    wide = graph([body("top", 1, seats=3)], [edge(START, "top")])
    (finding,) = found(wide, roster(top=[A, B]))["empty_seat"]

    assert (finding.ids, finding.severity) == (("top",), FindingKind.STAFFING)
    assert "1 of 3" in finding.text


def test_bodies_that_only_listen_need_nobody() -> None:
    """A body that no route needs approved has no staffing findings."""
    listening = graph([body("ear", 1), body("top", 2)], [edge(START, "top"), edge("top", "ear", kind="inform")])

    assert listening.check(roster(top=[A, B])) == ()


def test_body_of_agents_only_is_found() -> None:
    """A body in which only agents sit can never approve."""
    findings = found(CHAIN, roster(low=[BOT], top=[A, B]))

    assert findings["agent_only"][0].ids == ("low", "bot")
    assert "quorum_unsatisfiable" in findings


def test_quorum_without_enough_people_is_unsatisfiable() -> None:
    """A quorum of two with one person is told with a case that shows it."""
    pair = graph([body("top", 1, 2)], [edge(START, "top")])
    (finding,) = found(pair, roster(top=[A]))["quorum_unsatisfiable"]

    assert finding.ids == ("top",)
    assert finding.example is not None
    assert "needs 2 different people over top; 1 too few" in finding.text


def test_quorum_without_its_role_is_unsatisfiable() -> None:
    """A missing role is named."""
    legal = graph([body("top", 1, roles={"legal"})], [edge(START, "top")])
    (finding,) = found(legal, roster(top=[A]))["quorum_unsatisfiable"]

    assert "one with role 'legal' for 'top'" in finding.text
    assert "'legal' 역할을 맡은 위원" in finding.text_ko


def test_one_person_in_two_bodies_of_a_route_is_too_few() -> None:
    """Each body is staffed, yet the whole route needs two different people."""
    (finding,) = found(CHAIN, roster(low=[A], top=[A]))["quorum_unsatisfiable"]

    assert finding.ids == ("low", "top")


def test_signing_bodies_are_part_of_the_route() -> None:
    """Who signs must be somebody else too; the finding tells a case that needs the signature."""
    signed = graph(
        [body("legal", 1), body("top", 2)],
        [edge(START, "top"), edge("top", "legal", RELEASE, kind=EdgeKind.SIGN)],
    )
    (finding,) = found(signed, roster(top=[A], legal=[A]))["quorum_unsatisfiable"]

    assert finding.example is not None
    assert finding.example.matter is Matter.RELEASE


def test_larger_routes_are_not_told_again() -> None:
    """Once a body alone cannot be filled, the routes that lead through it are not told one by one."""
    two = graph(
        [body("low", 1, decides=[RELEASE]), body("top", 2)],
        [edge(START, "low"), edge("low", "top", REST)],
    )
    (finding,) = found(two, roster(top=[A]))["quorum_unsatisfiable"]

    assert finding.ids == ("low",)


def test_irreplaceable_person_is_a_single_point_of_failure() -> None:
    """Somebody without whom a route fails is named with the body."""
    findings = found(CHAIN, roster(low=[A], top=[B, C]))["single_point_of_failure"]

    assert [one.ids for one in findings] == [("a", "low")]


def test_replaceable_people_are_not_told() -> None:
    """Where others can move so that all fit, nobody is irreplaceable."""
    assert "single_point_of_failure" not in found(CHAIN, roster(low=[A, B, C], top=[A, B, C]))


def test_withheld_cells_need_nobody() -> None:
    """Nobody is missing for a case that is not possible."""
    row = Withheld(when=RELEASE, needless=False, why_ko="안 됩니다", why_en="No")
    kept = graph([body("low", 1), body("top", 2)], [edge(START, "low", REST), edge("low", "top", REST)], withheld=[row])
    (finding,) = found(kept, roster())["quorum_unsatisfiable"]

    assert finding.example is not None
    assert finding.example.matter is not Matter.RELEASE


@pytest.mark.parametrize(("days", "told"), [(20, False), (21, True)], ids=["at the limit", "above"])
def test_slow_way_to_the_apex_is_noted(days: int, told: bool) -> None:
    """A way of more than 20 business days is noted with its path; the slowest of parallel edges counts."""
    terms = [Term(hours=24), Term(business_days=days - 1)]
    slow = graph(
        [body("low", 1), body("top", 2)],
        [
            edge(START, "low", within=Term(business_days=1)),
            edge("low", "top", RELEASE, within=terms[1]),
            edge("low", "top", REST, within=terms[0]),
        ],
    )
    notes = found(slow).get("slow_to_apex", [])

    assert [(one.ids, one.severity) for one in notes] == [((START, "low", "top"), FindingKind.NOTE)] * told


def test_hours_count_towards_a_slow_way() -> None:
    """Started days are told: 481 hours are 21 days."""
    (note,) = found(graph([body("top", 1)], [edge(START, "top", within=Term(hours=481))]))["slow_to_apex"]

    assert "21 business days" in note.text


def test_skipped_tier_is_noted() -> None:
    """An edge that leaves out a tier is noted; entry edges may start anywhere."""
    skipping = graph([body("low", 1), body("top", 3)], [edge(START, "low"), edge("low", "top")])

    assert [one.ids for one in found(skipping)["skipped_tier"]] == [("low", "top")]


def test_edge_that_does_not_lead_up_is_noted() -> None:
    """Passing a case on to a body of the same tier is noted."""
    flat = graph([body("low", 1), body("top", 1)], [edge(START, "low"), edge("low", "top")])

    assert [one.ids for one in found(flat)["not_upward"]] == [("low", "top")]


def test_power_that_no_case_comes_to_is_noted() -> None:
    """A power over cases that never reach the body is noted; the apex may hold rows that change nothing."""
    idle = graph(
        [body("low", 1, decides=[RELEASE]), body("top", 2, decides=[RELEASE])],
        [edge(START, "low", REST), edge("low", "top", REST), edge(START, "top", RELEASE)],
    )

    assert [one.ids for one in found(idle)["idle_power"]] == [("low",)]


def upside_down(weak: When, strong: When) -> EscalationGraph:
    """Return a graph in which the weak cases go to the top and the strong ones end below."""
    return graph(
        [body("low", 1, decides=[strong]), body("top", 2)],
        [
            edge(START, "low", strong),
            edge(START, "low", NO_RISK),
            edge("low", "top", NO_RISK),
            edge(START, "top", weak),
        ],
    )


@pytest.mark.parametrize(
    ("weak", "strong", "said"),
    [
        (
            When(matter=RISK, level=set(Level) - {Level.HIGH}),
            When(matter=RISK, level={Level.HIGH}),
            ("a stronger grade", "등급이 무거운"),
        ),
        (
            When(matter=RISK, reason=set(Reason) - {Reason.INCIDENT}),
            When(matter=RISK, reason={Reason.INCIDENT}),
            ("a stronger reason", "사유가 무거운"),
        ),
    ],
    ids=["grade", "reason"],
)
def test_stronger_case_decided_lower_is_noted(weak: When, strong: When, said: tuple[str, str]) -> None:
    """Where the next grade or reason up is decided on a lower tier, a case below it is told."""
    (note,) = found(upside_down(weak, strong))["not_strictest"]

    assert note.example is not None
    assert weak.holds(note.example)
    assert said[0] in note.text
    assert said[1] in note.text_ko
