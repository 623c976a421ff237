"""Routing a case, against ``networkx.shortest_path`` from the start to the body that decides.

Three twins. The *equal graph* is what ``EscalationGraph.to_networkx`` gives: all bodies and edges; the search ignores
the conditions on them, so it does less than routing and may take a way that the case is not allowed to take. The *equal
problem* has the conditions as a weight function, and finds what routing finds. The *solved problem* is a graph made for
the case beforehand that holds nothing but the way itself: the least a shortest path can cost.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import networkx as nx

from kakao_asi.catalog import kakao_graph
from kakao_asi.governance import START, Cell, EdgeKind, EscalationGraph, Level, Matter, Reason, Route
from kakao_asi.stages import Stage
from kakao_asi.systems import Audience
from kakao_asi.taxonomy import RiskCategory

from .pairing import Ratio, paired

__all__ = ["measure"]

_CASES = 200
_AT_MOST = 1 / 25
"""Routing at least 25 times faster than a shortest path on the equal graph (our choice)."""


def _cases() -> list[Cell]:
    matters = [one for one in Matter if one is not Matter.GOVERNANCE]
    every = [
        Cell(matter=matter, level=level, category=category, stage=stage, audience=audience, reason=reason)
        for matter, level, category, stage, audience, reason in itertools.product(
            matters, Level, RiskCategory, Stage, Audience, Reason
        )
    ]
    return random.Random(0).sample(every, _CASES)  # noqa: S311  # chooses cases, keeps no secret


def _with_conditions(graph: EscalationGraph) -> nx.MultiDiGraph[str]:
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for edge in graph.edges:
        if edge.kind is EdgeKind.ESCALATE:
            found.add_edge(edge.source, edge.target, when=edge.when)
    return found


def _weight(cell: Cell) -> Callable[[str, str, dict[Any, Any]], int | None]:
    """Hide the edges whose condition a case does not meet."""

    def weight(_source: str, _target: str, edges: dict[Any, Any]) -> int | None:
        return 1 if any(edge["when"].holds(cell) for edge in edges.values()) else None

    return weight


def _solved(route: Route) -> nx.DiGraph[str]:
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_edges_from(itertools.pairwise((START, *route.bodies)))
    return found


def _twins(graph: EscalationGraph, routes: list[Route]) -> dict[str, Callable[[], object]]:
    whole, conditional = graph.to_networkx(), _with_conditions(graph)
    asked = [(route.bodies[-1], _weight(route.cell), _solved(route)) for route in routes]

    def equal_graph() -> None:
        for decider, _, _ in asked:
            nx.shortest_path(whole, START, decider, backend="networkx")

    def equal_problem() -> None:
        for decider, weight, _ in asked:
            nx.shortest_path(conditional, START, decider, weight=weight, backend="networkx")

    def solved_problem() -> None:
        for decider, _, solved in asked:
            nx.shortest_path(solved, START, decider, backend="networkx")

    for route, (decider, weight, _) in zip(routes, asked, strict=True):
        path = nx.shortest_path(conditional, START, decider, weight=weight, backend="networkx")
        if tuple(path[1:]) != route.bodies:
            message = f"the two ways of a case differ: {path[1:]} and {route.bodies}"
            raise RuntimeError(message)
    return {"equal graph": equal_graph, "equal problem": equal_problem, "solved problem": solved_problem}


def measure(*, rounds: int, calls: int) -> tuple[Ratio, ...]:
    """Compare the routes of 200 different cases; that routing and the equal problem agree is checked first."""
    graph = kakao_graph()
    cells = _cases()

    def ours() -> None:
        for cell in cells:
            graph.route(cell)

    found = []
    for name, twin in _twins(graph, [graph.route(cell) for cell in cells]).items():
        aim = _AT_MOST if name == "equal graph" else None
        what = f"routing of {_CASES} different cases"
        found.append(
            paired(what, ours, f"networkx.shortest_path, {name}", twin, rounds=rounds, calls=calls, at_most=aim)
        )
    return tuple(found)
