"""Routing: which bodies a case goes through. A table lookup; no graph library is asked."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Sequence

from attrs import frozen

from ._bodies import START
from ._dimensions import Cell
from ._edges import Edge, EdgeKind, Withheld
from ._layout import Choice, Layout
from ._when import CELLS, EVERY_CELL

__all__ = ["Route", "RoutingTable", "Step"]


@frozen
class Step:
    """One body on a route, and the edge that brought the case there.

    Attributes:
        body: id of the body.
        edge: the edge that matched.
    """

    body: str
    edge: Edge


@frozen(kw_only=True)
class Route:
    """The way of one kind of case through a graph.

    Attributes:
        cell: the kind of case.
        steps: bodies that must approve, in order, each once; empty if the case is withheld.
        consulted: bodies that are asked for an opinion, each once.
        informed: bodies that are told, each once.
        decider: id of the body that has the power to decide; signatures may follow it. None if withheld.
        withheld: the row that says that no case is possible; None if one is.
    """

    cell: Cell
    steps: tuple[Step, ...] = ()
    consulted: tuple[Step, ...] = ()
    informed: tuple[Step, ...] = ()
    decider: str | None = None
    withheld: Withheld | None = None

    @property
    def bodies(self) -> tuple[str, ...]:
        """Ids of the bodies that must approve, in order."""
        return tuple(step.body for step in self.steps)


class RoutingTable:
    """Dense tables of one graph, and the routes found so far; lives as long as its graph and is safe between threads.

    Each place has one small integer per cell, made when the first case comes there; each route is made once.
    """

    __slots__ = ("_choices", "_layout", "_lock", "_routes")

    def __init__(self, layout: Layout) -> None:
        """Start empty; nothing is compiled before it is used."""
        self._layout = layout
        self._lock = threading.Lock()
        self._choices: dict[str, array[int]] = {}
        self._routes: list[Route | None] = [None] * CELLS

    def route(self, cell: Cell) -> Route:
        """Return the route of a cell: one look-up once the route is known."""
        found = self._routes[cell.index]
        return self._find(cell.index, cell) if found is None else found

    def compile(self) -> None:
        """Make the table of every place now, so that no later case waits for one."""
        with self._lock:
            for place in self._layout.choices:
                self._table(place)

    def _find(self, index: int, cell: Cell) -> Route:
        with self._lock:
            found = self._routes[index]
            if found is None:  # pragma: no branch  # another thread may have been faster
                found = self._routes[index] = self._walk(index, cell)
            return found

    def _walk(self, index: int, cell: Cell) -> Route:
        place = START
        taken: list[Step] = []
        sides: list[Edge] = []
        while True:
            sides += [edge for edge in self._layout.sides[place] if edge.when.mask >> index & 1]
            choice = self._layout.choices[place][self._table(place)[index] - 1]
            if choice.withheld is not None:
                return Route(cell=cell, withheld=choice.withheld)
            if choice.edge is None:
                break
            place = choice.edge.target
            taken.append(Step(place, choice.edge))
        return Route(
            cell=cell,
            steps=_with_signatures(taken, sides),
            consulted=_once(sides, EdgeKind.CONSULT),
            informed=_once(sides, EdgeKind.INFORM),
            decider=place,
        )

    def _table(self, place: str) -> array[int]:
        table = self._choices.get(place)
        if table is None:
            table = self._choices[place] = _numbered(self._layout.choices[place])
        return table


def _numbered(choices: Sequence[Choice]) -> array[int]:
    """Return for each cell the number of the choice that takes it, from 1; 0 where none does."""
    table = array("H", bytes(2 * CELLS))
    free = EVERY_CELL
    for number, choice in enumerate(choices, 1):
        bits = f"{choice.mask & free:0{CELLS}b}"[::-1]
        free &= ~choice.mask
        start = bits.find("1")
        while start >= 0:
            end = bits.find("0", start)
            end = CELLS if end < 0 else end
            table[start:end] = array("H", [number]) * (end - start)
            start = bits.find("1", end)
    return table


def _with_signatures(taken: Sequence[Step], sides: Iterable[Edge]) -> tuple[Step, ...]:
    """Put each signature directly after the body that asks for it; a body on the way signs by deciding."""
    seen = {step.body for step in taken}
    signatures: dict[str, list[Step]] = {}
    for edge in sides:
        if edge.kind is EdgeKind.SIGN and edge.target not in seen:
            seen.add(edge.target)
            signatures.setdefault(edge.source, []).append(Step(edge.target, edge))
    steps = signatures.get(START, [])
    for step in taken:
        steps += [step, *signatures.get(step.body, [])]
    return tuple(steps)


def _once(sides: Iterable[Edge], kind: EdgeKind) -> tuple[Step, ...]:
    first: dict[str, Edge] = {}
    for edge in sides:
        if edge.kind is kind:
            first.setdefault(edge.target, edge)
    return tuple(Step(body, edge) for body, edge in first.items())
