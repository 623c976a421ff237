"""Graphs made to be slow: each of these only has to finish, which it would not if paths were enumerated."""

from itertools import combinations, pairwise

import pytest

from kakao_asi.governance import (
    START,
    Cell,
    Edge,
    EdgeKind,
    EscalationGraph,
    GovernanceBody,
    Matter,
    Person,
    Quorum,
    Reason,
    Roster,
    Seat,
    When,
    graph_findings,
)

EVEN = frozenset({Reason.LEVEL, Reason.MISSING_EVIDENCE, Reason.DISAGREEMENT})
ODD = frozenset({Reason.LEVEL, Reason.OVERDUE, Reason.OBJECTION})


def body(id_: str, tier: int) -> GovernanceBody:
    """Return a body of one seat."""
    return GovernanceBody(id=id_, ko="기구", en="Body", tier=tier, seats=1, quorum=Quorum())


def staffed(graph: EscalationGraph) -> Roster:
    """Return a roster with one person for each body."""
    people = [Person(id=f"p-{one.id}") for one in graph.bodies]
    return Roster(people=people, seats=[Seat(body=one.id, person=f"p-{one.id}") for one in graph.bodies])


def ladder(layers: int) -> EscalationGraph:
    """Return a graph with two bodies on each layer and both ways between layers: 2 to the power of layers paths."""
    bodies, edges = [], []
    below = [START]
    for layer in range(layers):
        left, right = f"l{layer}", f"r{layer}"
        bodies += [body(left, layer + 1), body(right, layer + 1)]
        some = EVEN if layer % 2 else ODD
        for source in below:
            edges += [
                Edge(source=source, target=left, when=When(reason=some)),
                Edge(source=source, target=right, when=When(reason=set(Reason) - some)),
            ]
        below = [left, right]
    edges += [Edge(source=source, target="top") for source in below]
    return EscalationGraph(bodies=[*bodies, body("top", layers + 1)], edges=edges, apex="top")


def chain(length: int) -> EscalationGraph:
    """Return a graph of bodies in a row."""
    names = [START, *(f"b{number}" for number in range(length))]
    return EscalationGraph(
        bodies=[body(name, number) for number, name in enumerate(names[1:], 1)],
        edges=[Edge(source=source, target=target) for source, target in pairwise(names)],
        apex=names[-1],
    )


def dense(size: int) -> EscalationGraph:
    """Return a chain in which every body also informs every body above it."""
    names = [f"b{number}" for number in range(size)]
    told = [Edge(source=a, target=b, kind=EdgeKind.INFORM) for a, b in combinations(names, 2)]
    row = chain(size)
    return EscalationGraph(bodies=row.bodies, edges=[*row.edges, *told], apex=row.apex)


@pytest.mark.long
@pytest.mark.parametrize(
    ("graph", "steps"),
    [(ladder(20), 21), (chain(1_000), 1_000), (dense(50), 50)],
    ids=["ladder of 20 layers", "chain of 1,000", "50 bodies that all inform each other"],
)
def test_large_graph_is_built_checked_routed_and_drawn(graph: EscalationGraph, steps: int) -> None:
    """Building, checking with a roster, routing and drawing a hard graph comes to an end."""
    codes = {finding.code for finding in graph.check(staffed(graph))}
    route = graph.route(Cell(matter=Matter.GOVERNANCE))

    assert len(route.steps) == steps
    assert codes == {"single_point_of_failure"}
    assert graph.to_mermaid(route).count("==>") >= steps


def test_complete_graph_is_refused_with_its_overlaps() -> None:
    """Fifty bodies that all pass every case to all above them are refused at once, body by body."""
    names = [START, *(f"b{number}" for number in range(50))]
    edges = [Edge(source=source, target=target) for source, target in combinations(names, 2)]
    findings = graph_findings([body(name, 1) for name in names[1:]], edges, "b49")

    assert [finding.code for finding in findings] == ["overlap"] * 49


def test_graph_at_both_caps_is_judged() -> None:
    """A thousand bodies with ten thousand edges are judged, and a circle among them is found."""
    names = [START, *(f"b{number}" for number in range(1_000))]
    edges = [Edge(source=a, target=names[(n + step) % 1_000 + 1]) for n, a in enumerate(names) for step in range(1, 11)]
    findings = graph_findings([body(name, 1) for name in names[1:]], edges[:10_000], names[-1])

    assert "cycle" in {finding.code for finding in findings}
