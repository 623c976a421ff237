"""What can happen to a case at each place of a graph, compiled to masks: the ground of checking and of routing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from ._bodies import START, GovernanceBody
from ._edges import Edge, EdgeKind, Withheld
from ._when import EVERY_CELL

__all__ = ["Choice", "Layout"]


@frozen
class Choice:
    """One thing that can happen at a place: a case leaves by an edge, is withheld, or is decided there.

    Attributes:
        mask: the cells it happens to.
        edge: the edge the case leaves by; None if it does not leave.
        withheld: the row that withholds it; None if no row does.
    """

    mask: int
    edge: Edge | None = None
    withheld: Withheld | None = None


class Layout:
    """Choices and side edges of every place, in the order they were declared; lives as long as its graph."""

    __slots__ = ("apex", "choices", "sides")

    def __init__(
        self,
        bodies: Iterable[GovernanceBody],
        edges: Iterable[Edge],
        apex: str,
        withheld: Iterable[Withheld],
    ) -> None:
        """Compile a graph whose edges name known bodies only and do not escalate from the apex."""
        self.apex: str = apex
        self.choices: dict[str, list[Choice]] = {START: [Choice(row.when.mask, withheld=row) for row in withheld]}
        self.sides: dict[str, list[Edge]] = {START: []}
        for body in bodies:
            powers = [Choice(EVERY_CELL)] if body.id == apex else [Choice(row.mask) for row in body.decides]
            self.choices[body.id] = powers
            self.sides[body.id] = []
        for edge in edges:
            if edge.kind is not EdgeKind.ESCALATE:
                self.sides[edge.source].append(edge)
            else:
                self.choices[edge.source].append(Choice(edge.when.mask, edge=edge))

    def reach(self, order: Iterable[str]) -> dict[str, int]:
        """Return the cells that can come to each place; ``order`` leads from START upward."""
        reached = dict.fromkeys(self.choices, 0)
        reached[START] = EVERY_CELL
        for place in order:
            for choice in self.choices[place]:
                if choice.edge is not None:
                    reached[choice.edge.target] |= reached[place] & choice.mask
        return reached

    def routes(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield groups of cells with the bodies that must approve them, each body once.

        The groups are disjoint, so there are never more of them than cells, however many paths the graph has.
        """
        pending: list[tuple[str, int, tuple[str, ...]]] = [(START, EVERY_CELL, ())]
        while pending:
            place, mask, bodies = pending.pop()
            for choice in reversed(self.choices[place]):
                cells = mask & choice.mask
                if not cells or choice.withheld is not None:
                    continue
                for part, signers in self._signed(place, cells):
                    if choice.edge is None:
                        yield part, tuple(dict.fromkeys(bodies + signers))
                    else:
                        pending.append((choice.edge.target, part, (*bodies, *signers, choice.edge.target)))

    def _signed(self, place: str, cells: int) -> list[tuple[int, tuple[str, ...]]]:
        parts: list[tuple[int, tuple[str, ...]]] = [(cells, ())]
        for edge in self.sides[place]:
            if edge.kind is EdgeKind.SIGN:
                mask = edge.when.mask
                signed = [(part & mask, (*signers, edge.target)) for part, signers in parts if part & mask]
                parts = [(part & ~mask, signers) for part, signers in parts if part & ~mask] + signed
        return parts
