"""The escalation graph: bodies, the conditional edges between them, and the way of every possible case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from .._internal.fields import check_id, check_kind, check_tuple_of, tupled
from .._internal.words import Lang
from ..exceptions import GovernanceInvalid, UnknownId
from ._bodies import GovernanceBody
from ._checks import graph_findings, paths_of, upward
from ._differences import RouteChange, changed_routes, lost_routes
from ._dimensions import Cell
from ._edges import Edge, Withheld
from ._faults import GraphFinding
from ._graph import drawing
from ._layout import Layout
from ._people import Roster
from ._render import Drawing, explained
from ._routing import Route, RoutingTable
from ._staffing import notes, staffing_findings
from ._when import CELLS, cell_at

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["EscalationGraph"]

_ANY_NUMBER = 1 << 31


def _bodies(values: Iterable[GovernanceBody]) -> tuple[GovernanceBody, ...]:
    return tupled(values)


def _edges(values: Iterable[Edge]) -> tuple[Edge, ...]:
    return tupled(values)


def _rows(values: Iterable[Withheld]) -> tuple[Withheld, ...]:
    return tupled(values)


@frozen(kw_only=True)
class EscalationGraph:
    """Who decides on which case, and in which order.

    Bodies and edges are closed data, so every possible case is known when the graph is built: each has exactly one way
    through it, or is openly withheld. At ``START`` exactly one escalate edge takes a case. At a body exactly one of its
    powers or one escalate edge does. The apex decides whatever reaches it. Sign edges add bodies that must approve too.

    Attributes:
        bodies: at most 1,000.
        edges: at most 10,000.
        apex: id of the body that nothing leads on from.
        withheld: cells for which no case is possible.

    Raises:
        GovernanceInvalid: the parts make no graph that can work; all findings are in ``.findings``.
    """

    bodies: tuple[GovernanceBody, ...] = field(
        converter=_bodies, validator=check_tuple_of(check_kind(GovernanceBody), most=_ANY_NUMBER)
    )
    edges: tuple[Edge, ...] = field(converter=_edges, validator=check_tuple_of(check_kind(Edge), most=_ANY_NUMBER))
    apex: str = field(validator=check_id)
    withheld: tuple[Withheld, ...] = field(
        default=(), converter=_rows, validator=check_tuple_of(check_kind(Withheld), most=_ANY_NUMBER)
    )
    by_id: dict[str, GovernanceBody] = field(init=False, eq=False, repr=False)
    layout: Layout = field(init=False, eq=False, repr=False)
    table: RoutingTable = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse parts that make no graph, and set up what routing looks up."""
        findings = graph_findings(self.bodies, self.edges, self.apex, self.withheld)
        if findings:
            raise GovernanceInvalid(findings)
        layout = Layout(self.bodies, self.edges, self.apex, self.withheld)
        object.__setattr__(self, "by_id", {body.id: body for body in self.bodies})
        object.__setattr__(self, "layout", layout)
        object.__setattr__(self, "table", RoutingTable(layout))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the declared parts only; whoever loads them checks them again."""
        return _built, (self.bodies, self.edges, self.apex, self.withheld)

    def body(self, id: str) -> GovernanceBody:  # the word the whole library uses
        """Return a body.

        Raises:
            UnknownId: no body of this graph has the id.
        """
        try:
            return self.by_id[id]
        except KeyError:
            raise UnknownId("body", id) from None

    def above(self, body: str) -> str | None:
        """Return the body above: where a case goes that this one escalates, or does not decide in time.

        That is the lowest body that an escalate edge leads to; among equals the first by id. There is none above the
        apex, nor above a body that only signs, is asked or is told.

        Raises:
            UnknownId: no body of this graph has the id.
        """
        self.body(body)
        targets = {edge.target for edge in upward(self.edges) if edge.source == body}
        return min(targets, key=lambda one: (self.by_id[one].tier, one), default=None)

    def check(self, roster: Roster | None = None) -> tuple[GraphFinding, ...]:
        """Return what is worth a look, and with a roster what is missing in it; never raises.

        A graph that exists has no structure findings: they refuse the build.
        """
        found = notes(self.bodies, self.edges, self.layout)
        return found if roster is None else staffing_findings(self.bodies, self.layout, roster) + found

    def compile(self) -> None:
        """Build all routing tables now; otherwise each is built when the first case comes to its body."""
        self.table.compile()

    def route(self, cell: Cell) -> Route:
        """Return the way of a kind of case; the same object every time."""
        return self.table.route(cell)

    def diff(self, other: EscalationGraph, cells: Iterable[Cell] | None = None) -> tuple[RouteChange, ...]:
        """Return which kinds of case go another way through another graph, or have other deadlines there.

        Args:
            other: the other graph.
            cells: only these kinds; None: all there are.
        """
        asked = map(cell_at, range(CELLS)) if cells is None else cells
        return changed_routes((self.route(cell), other.route(cell)) for cell in asked)

    def without(self, name: str, roster: Roster | None = None) -> tuple[GraphFinding, ...]:
        """Return which kinds of case nobody could decide without a body, or without a person of a roster.

        Args:
            name: id of a body, or with a roster the id or an alias of a person.
            roster: who has a seat; a person's absence is judged by it.

        Raises:
            UnknownId: there is no such body, nor such a person in the roster.
        """
        if name not in self.by_id and (roster is None or roster.person(name) is None):
            raise UnknownId("body or person", name)
        return tuple(lost_routes(self.bodies, self.layout, name, roster))

    def on_every_way(self) -> tuple[str, ...]:
        """Return the bodies that every case that comes to the apex comes through, nearest to the apex first."""
        return paths_of(self.bodies, upward(self.edges)).dominators(self.apex)

    def explain(self, route: Route, *, lang: Lang = "en") -> tuple[str, ...]:
        """Say a route in words: one line for the case, one for each body with what matched, why and whose rule.

        Raises:
            UnknownId: the route names a body that this graph does not have.
        """
        for step in (*route.steps, *route.consulted, *route.informed):
            self.body(step.body)
        return explained(route, self.by_id, lang)

    def to_mermaid(self, route: Route | None = None, *, at: str | None = None, lang: Lang = "en") -> str:
        """Return a Mermaid flow chart with nodes ``n1``, ``n2``, ...; one arrow per pair of bodies and kind of edge.

        Args:
            route: a route whose arrows are drawn thick.
            at: id of the body where a case stands.
            lang: the language of all labels.

        Raises:
            UnknownId: no body of this graph has the id ``at``.
        """
        return self._drawing(route, at, lang).mermaid()

    def to_dot(self, route: Route | None = None, *, at: str | None = None, lang: Lang = "en") -> str:
        """Return the graph in the language of Graphviz; arguments as in :meth:`to_mermaid`."""
        return self._drawing(route, at, lang).dot()

    def to_text(self, route: Route | None = None, *, at: str | None = None, lang: Lang = "en") -> str:
        """Return the graph as plain text with every edge and its condition; arguments as in :meth:`to_mermaid`."""
        return self._drawing(route, at, lang).text()

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return a new networkx graph for analyses of one's own; changing it changes nothing here.

        Nodes are ids with ``tier``, ``ko`` and ``en``; edges have ``kind``, ``when`` (in English words) and ``hours``.
        """
        nodes: dict[str, dict[str, object]] = {
            body.id: {"tier": body.tier, "ko": body.ko, "en": body.en} for body in self.bodies
        }
        edges = (
            (
                edge.source,
                edge.target,
                {
                    "kind": edge.kind.id,
                    "when": edge.when.label("en"),
                    "hours": edge.within.measure if edge.within else None,
                },
            )
            for edge in self.edges
        )
        return drawing(nodes, edges)

    def _drawing(self, route: Route | None, at: str | None, lang: Lang) -> Drawing:
        if at is not None:
            self.body(at)
        return Drawing(self.bodies, self.edges, self.withheld, route, at, lang)


def _built(
    bodies: tuple[GovernanceBody, ...], edges: tuple[Edge, ...], apex: str, withheld: tuple[Withheld, ...]
) -> EscalationGraph:
    return EscalationGraph(bodies=bodies, edges=edges, apex=apex, withheld=withheld)
