"""Questions about paths, asked of networkx: the one door to it.

networkx loads at the first question and never while a case is routed. Calls name their backend, so that a setting of
the environment cannot answer in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Paths", "drawing"]


class Paths:
    """A directed graph of names, for questions about what leads where; lives as long as one check.

    Parallel edges count once; the heaviest one gives the weight.
    """

    __slots__ = ("_graph",)

    def __init__(self, nodes: Iterable[str], edges: Iterable[tuple[str, str, int]]) -> None:
        """Take nodes, and edges as source, target and weight; an edge brings its ends along."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(nodes)
        for source, target, weight in edges:
            known = graph.get_edge_data(source, target, {"weight": 0})["weight"]
            graph.add_edge(source, target, weight=max(weight, known))
        self._graph = graph

    def cycle(self) -> tuple[str, ...]:
        """Return the nodes along one cycle, the first repeated at the end; empty if there is none."""
        import networkx as nx

        if nx.is_directed_acyclic_graph(self._graph, backend="networkx"):
            return ()
        found = [source for source, _ in nx.find_cycle(self._graph, backend="networkx")]
        return (*found, found[0])

    def after(self, node: str) -> frozenset[str]:
        """Return every node that a path from this one reaches, without itself."""
        import networkx as nx

        return frozenset(map(str, nx.descendants(self._graph, node, backend="networkx")))

    def before(self, node: str) -> frozenset[str]:
        """Return every node from which a path reaches this one, without itself."""
        import networkx as nx

        return frozenset(map(str, nx.ancestors(self._graph, node, backend="networkx")))

    def ends(self) -> frozenset[str]:
        """Return the nodes that no edge leaves."""
        return frozenset(node for node in self._graph if not self._graph.out_degree(node))

    def dominators(self, node: str) -> tuple[str, ...]:
        """Return the nodes that every path from the first node to this one goes through, nearest first; no ends."""
        import networkx as nx

        start = next(iter(self._graph))
        above = nx.immediate_dominators(self._graph, start, backend="networkx")
        found: list[str] = []
        # The start is left out of the answer in some versions of networkx, and is its own dominator in others.
        while node in above and above[node] not in (start, node):
            node = str(above[node])
            found.append(node)
        return tuple(found)

    def in_order(self) -> tuple[str, ...]:
        """Return all nodes so that every edge leads from an earlier to a later one; there must be no cycle."""
        import networkx as nx

        return tuple(map(str, nx.topological_sort(self._graph, backend="networkx")))

    def heaviest(self) -> tuple[tuple[str, ...], int]:
        """Return the path of the greatest total weight, and that weight; there must be no cycle."""
        import networkx as nx

        path = tuple(map(str, nx.dag_longest_path(self._graph, weight="weight", backend="networkx")))
        weights = (self._graph.edges[edge]["weight"] for edge in pairwise(path))
        return path, sum(weights)


def drawing(
    nodes: Mapping[str, Mapping[str, object]], edges: Iterable[tuple[str, str, Mapping[str, object]]]
) -> nx.MultiDiGraph[str]:
    """Return a new networkx graph with attributes; parallel edges stay apart."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, attributes in nodes.items():
        graph.add_node(node, **attributes)
    for source, target, attributes in edges:
        graph.add_edge(source, target, **attributes)
    return graph
