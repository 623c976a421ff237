"""Structure: what makes a graph impossible to work with. Each finding carries one concrete example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from ._bodies import START, GovernanceBody
from ._dimensions import Cell, Matter
from ._edges import Edge, EdgeKind, Withheld
from ._faults import FindingKind, GraphFinding
from ._graph import Paths
from ._layout import Choice, Layout
from ._when import DIMENSIONS, MASKS, box_within, first_cell

__all__ = ["MOST_BODIES", "MOST_EDGES", "decided_below", "graph_findings", "paths_of", "upward"]

MOST_BODIES: Final = 1_000
"""Largest number of bodies in one graph (our choice: far above any organisation, small enough to check at once)."""

MOST_EDGES: Final = 10_000
"""Largest number of edges in one graph, and of withheld rows (our choice, see :data:`MOST_BODIES`)."""


def graph_findings(
    bodies: Iterable[GovernanceBody], edges: Iterable[Edge], apex: str, withheld: Iterable[Withheld] = ()
) -> tuple[GraphFinding, ...]:
    """Return everything that keeps these parts from being a graph; empty if they can be built.

    Later checks stand on earlier ones: paths are judged when all names are known, coverage when there is no cycle.
    """
    parts = tuple(bodies), tuple(edges), tuple(withheld)
    found = [*_too_many(*parts), *_names(*parts)]
    if not found:
        found = [*_conditions(*parts), *_shape(parts[0], parts[1], apex)]
    if not {"cycle", "no_apex", "too_many_bodies", "too_many_edges", "unknown_body", "duplicate_body"} & {
        one.code for one in found
    }:
        found += _coverage(*parts, apex)
    return tuple(found)


def upward(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return the escalate edges, which are the skeleton of a graph."""
    return tuple(edge for edge in edges if edge.kind is EdgeKind.ESCALATE)


def paths_of(bodies: Iterable[GovernanceBody], edges: Iterable[Edge]) -> Paths:
    """Return the graph of START, the bodies and these edges; a deadline is the weight of its edge."""
    weighted = ((edge.source, edge.target, edge.within.measure if edge.within else 0) for edge in edges)
    return Paths([START, *(body.id for body in bodies)], weighted)


def _fault(code: str, ids: Sequence[str], en: str, ko: str, example: Cell | None = None) -> GraphFinding:
    return GraphFinding(code=code, severity=FindingKind.STRUCTURE, ids=tuple(ids), text=en, text_ko=ko, example=example)


def _too_many(
    bodies: Sequence[GovernanceBody], edges: Sequence[Edge], withheld: Sequence[Withheld]
) -> Iterator[GraphFinding]:
    if len(bodies) > MOST_BODIES:
        en = f"{len(bodies):,} bodies are more than the {MOST_BODIES:,} a graph may have; divide it"
        ko = f"기구가 {len(bodies):,}개로 그래프 한도 {MOST_BODIES:,}개를 넘습니다. 그래프를 나누십시오."
        yield _fault("too_many_bodies", (), en, ko)
    rows = max(len(edges), len(withheld))
    if rows > MOST_EDGES:
        en = f"{rows:,} edges or withheld rows are more than the {MOST_EDGES:,} a graph may have; fold them"
        ko = f"간선 또는 보류 행이 {rows:,}개로 그래프 한도 {MOST_EDGES:,}개를 넘습니다. 조건을 합치십시오."
        yield _fault("too_many_edges", (), en, ko)


def _names(
    bodies: Sequence[GovernanceBody], edges: Sequence[Edge], withheld: Sequence[Withheld]
) -> Iterator[GraphFinding]:
    del withheld  # names no body
    known: set[str] = {START}
    for body in bodies:
        if body.id in known:
            yield _fault(
                "duplicate_body",
                (body.id,),
                f"two bodies have the id '{body.id}'",
                f"'{body.id}' 기구가 두 번 정의되어 있습니다.",
            )
        known.add(body.id)
    for edge in edges:
        for name in (edge.source, edge.target):
            if name not in known:
                en = f"the edge {_arrow(edge)} names '{name}', which is no body here"
                ko = f"간선 {_arrow(edge)}에 적힌 '{name}' 기구가 없습니다."
                yield _fault("unknown_body", (name,), en, ko)


def _conditions(
    bodies: Sequence[GovernanceBody], edges: Sequence[Edge], withheld: Sequence[Withheld]
) -> Iterator[GraphFinding]:
    powers = (
        (body.id, f"a power of '{body.id}'", f"'{body.id}'의 의결 권한", row) for body in bodies for row in body.decides
    )
    ways = ((edge.source, f"the edge {_arrow(edge)}", f"간선 {_arrow(edge)}", edge.when) for edge in edges)
    rows = ((START, f"withheld row {number}", f"보류 행 {number}", row.when) for number, row in enumerate(withheld, 1))
    for place, en, ko, when in chain(powers, ways, rows):
        if not when.mask:
            empty = next(name for name, _, _, _ in DIMENSIONS if getattr(when, name) == frozenset())
            yield _fault(
                "unsatisfiable_condition",
                (place,),
                f"the condition of {en} holds for no case, because its set '{empty}' is empty; drop the set or fill it",
                f"{ko}의 조건은 '{empty}' 집합이 비어 있어 어떤 안건에도 맞지 않습니다.",
            )
        elif when.foreign:
            tested = ", ".join(when.foreign)
            yield _fault(
                "foreign_dimension",
                (place,),
                f"the condition of {en} takes in GOVERNANCE cases, which have no {tested}; name the other matters",
                f"{ko}의 조건에 거버넌스 변경 안건이 포함되어 있으나, 이 안건에는 {tested} 값이 없습니다. "
                "다른 안건만 지정하십시오.",
                Cell(matter=Matter.GOVERNANCE),
            )


def _arrow(edge: Edge) -> str:
    return f"'{edge.source}' -> '{edge.target}' ({edge.kind.id})"


def _shape(bodies: Sequence[GovernanceBody], edges: Sequence[Edge], apex: str) -> Iterator[GraphFinding]:
    skeleton = upward(edges)
    if apex not in {body.id for body in bodies}:
        yield _fault(
            "no_apex", (apex,), f"the apex '{apex}' is no body here", f"최상위 기구로 지정된 '{apex}' 기구가 없습니다."
        )
        return
    above = sorted({edge.target for edge in skeleton if edge.source == apex})
    if above:
        en = f"the apex '{apex}' passes cases on to '{above[0]}', so nobody decides finally"
        ko = f"최상위 기구 '{apex}'에서 '{above[0]}'(으)로 안건이 다시 올라가므로 최종 의결 기구가 없습니다."
        yield _fault("no_apex", (apex, *above), en, ko)
    paths = paths_of(bodies, skeleton)
    cycle = paths.cycle()
    if cycle:
        en = f"cases can go round in a circle: {' -> '.join(cycle)}"
        yield _fault("cycle", cycle, en, f"안건이 제자리로 돌아옵니다: {' → '.join(cycle)}")
    if not above:
        yield from _ends(skeleton, paths, apex)
    yield from _unreachable(bodies, edges)


def _ends(skeleton: Sequence[Edge], paths: Paths, apex: str) -> Iterator[GraphFinding]:
    steps = {name for edge in skeleton for name in (edge.source, edge.target)} - {START, apex}
    tops = sorted(steps & paths.ends())
    if tops:
        en = f"nothing leads on from '{tops[0]}', so it is a second apex beside '{apex}'; add an escalate edge upward"
        ko = f"'{tops[0]}'에서 위로 가는 간선이 없어 최상위 기구가 '{apex}' 외에 또 생깁니다. 상신 간선을 추가하십시오."
        yield _fault("several_apexes", (apex, *tops), en, ko)
    for stuck in sorted(steps - paths.before(apex) - set(tops)):
        en = f"no path leads from '{stuck}' to the apex '{apex}', so a missed deadline there has nowhere to go"
        ko = f"'{stuck}'에서 최상위 기구 '{apex}'까지 가는 경로가 없어 기한을 넘긴 안건이 올라갈 곳이 없습니다."
        yield _fault("dead_end", (stuck,), en, ko)


def _unreachable(bodies: Sequence[GovernanceBody], edges: Sequence[Edge]) -> Iterator[GraphFinding]:
    reached = paths_of(bodies, edges).after(START)
    for body in bodies:
        if body.id not in reached:
            en = f"no path leads from '{START}' to '{body.id}'; add an edge to it or leave it out"
            ko = f"'{START}'에서 '{body.id}'까지 가는 경로가 없습니다. 간선을 추가하거나 기구를 빼십시오."
            yield _fault("unreachable_body", (body.id,), en, ko)


def _coverage(
    bodies: Sequence[GovernanceBody], edges: Sequence[Edge], withheld: Sequence[Withheld], apex: str
) -> Iterator[GraphFinding]:
    layout = Layout(bodies, edges, apex, withheld)
    reach = layout.reach(paths_of(bodies, upward(edges)).in_order())
    for place, cells in reach.items():
        yield from _gap(place, cells, layout.choices[place])
        yield from _overlap(place, cells, layout.choices[place])
    reached = paths_of(bodies, edges).after(START) | {START}
    for edge in edges:
        mask = edge.when.mask
        if mask and edge.source in reached and not mask & reach[edge.source]:
            box = box_within(mask)
            yield _fault(
                "dead_edge",
                (edge.source, edge.target),
                f"no case takes the edge {_arrow(edge)}: "
                f"what it asks for ({box.label('en')}) never comes to '{edge.source}'",
                f"간선 {_arrow(edge)}을 지나는 안건이 없습니다. "
                f"조건({box.label('ko')})에 맞는 안건이 '{edge.source}'에 오지 않습니다.",
                first_cell(mask),
            )


def _gap(place: str, cells: int, choices: Sequence[Choice]) -> Iterator[GraphFinding]:
    for choice in choices:
        cells &= ~choice.mask
    if cells:
        box, count = box_within(cells), cells.bit_count()
        yield _fault(
            "gap",
            (place,),
            f"at '{place}' {count:,} kinds of case have nowhere to go, for example {box.label('en')}; "
            "add an edge, a power or a withheld row",
            f"'{place}'에서 갈 곳이 정해지지 않은 안건 유형이 {count:,}개 있습니다. 예: {box.label('ko')}. "
            "간선, 의결 권한 또는 보류 행을 추가하십시오.",
            first_cell(cells),
        )


def _overlap(place: str, cells: int, choices: Sequence[Choice]) -> Iterator[GraphFinding]:
    seen = twice = 0
    for choice in choices:
        twice |= seen & choice.mask & cells
        seen |= choice.mask
    if twice:
        box, count = box_within(twice), twice.bit_count()
        claims = [_named(choice) for choice in choices if choice.mask & twice & -twice]
        yield _fault(
            "overlap",
            (place,),
            f"at '{place}' {count:,} kinds of case can go more than one way, for example {box.label('en')}: "
            f"{' and '.join(en for en, _ in claims)}",
            f"'{place}'에서 갈 길이 둘 이상인 안건 유형이 {count:,}개 있습니다. 예: {box.label('ko')} "
            f"({', '.join(ko for _, ko in claims)})",
            first_cell(twice),
        )


def _named(choice: Choice) -> tuple[str, str]:
    if choice.withheld is not None:
        return "it is withheld", "보류"
    if choice.edge is not None:
        return f"it goes to '{choice.edge.target}'", f"'{choice.edge.target}'(으)로 상신"
    return "it is decided there", "그 자리에서 의결"


_APEX_ONLY: Final = MASKS["matter"][Matter.STOP.rank] | MASKS["matter"][Matter.GOVERNANCE.rank]
"""What the apex alone decides: it lifts stops, and owns who decides and how much is tolerated (our choice)."""


def decided_below(bodies: Sequence[GovernanceBody], edges: Sequence[Edge], layout: Layout) -> Iterator[GraphFinding]:
    """Yield each body below the apex of a graph that would lift a stop or change the governance."""
    reach = layout.reach(paths_of(bodies, upward(edges)).in_order())
    for body in bodies:
        kept = reach[body.id] & _APEX_ONLY if body.id != layout.apex else 0
        for choice in layout.choices[body.id]:
            if choice.edge is not None:
                kept &= ~choice.mask
        if kept:
            box = box_within(kept)
            yield _fault(
                "below_apex",
                (body.id, layout.apex),
                f"'{body.id}' may decide on {box.label('en')}, which is for the apex '{layout.apex}' alone; pass it on",
                f"'{body.id}'에 {box.label('ko')} 의결 권한이 있지만, 이는 '{layout.apex}'만 의결합니다.",
                first_cell(kept),
            )
