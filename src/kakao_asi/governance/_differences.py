"""What differs between two graphs, and what one loses without a body or a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from attrs import frozen

from ._bodies import GovernanceBody, slots_of
from ._dimensions import Cell
from ._faults import FindingKind, GraphFinding
from ._layout import Layout
from ._matching import Assignment
from ._people import Roster
from ._routing import Route, Step
from ._when import box_within, first_cell

__all__ = ["RouteChange", "Way", "changed_routes", "lost_routes", "way_of"]

Way: TypeAlias = tuple[object, ...]
"""What is material about a route: bodies, terms, who decides, who is asked and told, and whether it is withheld."""


@frozen(kw_only=True)
class RouteChange:
    """A way that kinds of case take in one graph and not in the other.

    Attributes:
        before: the route of the example in the one.
        after: its route in the other.
        cells: how many kinds of case change in this way.
    """

    before: Route
    after: Route
    cells: int


def way_of(route: Route) -> Way:
    """Return what is material about a route; two routes are alike where it is equal."""
    withheld = None if route.withheld is None else route.withheld.needless
    return (_terms(route.steps), route.decider, withheld, _terms(route.consulted), _terms(route.informed))


def _terms(steps: Iterable[Step]) -> tuple[tuple[str, int | None, int | None], ...]:
    found = ((step.body, step.edge.within) for step in steps)
    return tuple((body, term.hours, term.business_days) if term else (body, None, None) for body, term in found)


def changed_routes(pairs: Iterable[tuple[Route, Route]]) -> tuple[RouteChange, ...]:
    """Group the pairs whose ways differ by what they differ in; the first of a group is its example."""
    found: dict[tuple[Way, Way], tuple[Route, Route]] = {}
    counts: dict[tuple[Way, Way], int] = {}
    for before, after in pairs:
        key = way_of(before), way_of(after)
        if key[0] != key[1]:
            found.setdefault(key, (before, after))
            counts[key] = counts.get(key, 0) + 1
    return tuple(RouteChange(before=pair[0], after=pair[1], cells=counts[key]) for key, pair in found.items())


def lost_routes(
    bodies: Sequence[GovernanceBody], layout: Layout, without: str, roster: Roster | None
) -> Iterator[GraphFinding]:
    """Yield each group of bodies that could not approve without a body, or without a person of a roster."""
    known = {body.id: body for body in bodies}
    groups: dict[tuple[str, ...], int] = {}
    for mask, route in layout.routes():
        groups[route] = groups.get(route, 0) | mask
    for route, mask in groups.items():
        if without in route or (roster is not None and _needs([known[one] for one in route], without, roster)):
            yield _lost(without, route, first_cell(mask), mask)


def _needs(bodies: Sequence[GovernanceBody], person: str, roster: Roster) -> bool:
    found = roster.person(person)
    gone = frozenset() if found is None else frozenset({found.id})
    all_there = not Assignment([slot.eligible for slot in slots_of(bodies, roster)]).empty
    return all_there and bool(Assignment([slot.eligible for slot in slots_of(bodies, roster, gone)]).empty)


def _lost(without: str, route: tuple[str, ...], cell: Cell, mask: int) -> GraphFinding:
    box, count = box_within(mask), mask.bit_count()
    way = ", ".join(route)
    return GraphFinding(
        code="route_lost",
        severity=FindingKind.STAFFING,
        ids=(without, *route),
        text=f"without '{without}' nobody can decide {count:,} kinds of case, for example {box.label('en')}: {way}",
        text_ko=f"'{without}' 없이는 안건 유형 {count:,}개를 의결할 수 없습니다. 예: {box.label('ko')} ({way})",
        example=cell,
    )
