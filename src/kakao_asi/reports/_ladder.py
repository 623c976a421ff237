"""The escalation graph as a ladder: one rung a tier, the team at the foot, the apex on top, a case on its way up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from ..governance import START, Case, Edge, EdgeKind, EscalationGraph, Route
from ._drawing import INK, LINE, MUTED, UNKNOWN, drawing, fit, words
from ._escape import Ids, Safe, join, tag
from ._facts import Facts
from ._phrases import Waypoint, matters_of, way_name, way_of
from ._words import Words

__all__ = ["Arrow", "arrow_line", "arrows", "ladder"]

_NODE_WIDTH: Final = 176
_NODE_HEIGHT: Final = 64
_NODE_GAP: Final = 20
_RISE: Final = 64
_EXTRA_RISE: Final = 40
_LANE: Final = 24
_MARGIN: Final = 10
_HERE: Final = "#0b4f9e"
"""Colour of where a case stands; no colour of a grade."""


@frozen(kw_only=True)
class Arrow:
    """All edges of one kind between two places.

    Attributes:
        number: its number, from 1.
        source: id of the place it leaves.
        target: id of the body it leads to.
        kind: what it does.
        edges: the edges.
        taken: whether the case shown went this way, or will.
    """

    number: int
    source: str
    target: str
    kind: EdgeKind
    edges: tuple[Edge, ...]
    taken: bool


def arrows(graph: EscalationGraph, route: Route | None) -> tuple[Arrow, ...]:
    """Return the arrows of a graph in order of declaration; those of the route are marked."""
    grouped: dict[tuple[str, str, EdgeKind], list[Edge]] = {}
    for edge in graph.edges:
        grouped.setdefault((edge.source, edge.target, edge.kind), []).append(edge)
    steps = () if route is None else (*route.steps, *route.consulted, *route.informed)
    taken = [step.edge for step in steps]
    return tuple(
        Arrow(
            number=number,
            source=source,
            target=target,
            kind=kind,
            edges=tuple(edges),
            taken=any(edge in taken for edge in edges),
        )
        for number, ((source, target, kind), edges) in enumerate(grouped.items(), 1)
    )


def arrow_line(arrow: Arrow, facts: Facts, w: Words) -> str:
    """Say an arrow: from where to where, what it does and for which matters."""
    way = way_name(arrow.source, arrow.target, facts, w)
    return f"{way} · {arrow.kind.label(w.lang)}: {matters_of(arrow.edges, w)}"


def ladder(facts: Facts, case: Case | None, w: Words, ids: Ids, *, alone: bool = False) -> Safe:
    """Return the graph with a case on it: its way thick, what each body said in its box, a frame where it stands.

    Args:
        facts: what the report tells.
        case: the case; None: the graph alone.
        w: the words of the language.
        ids: the ids of the page.
        alone: whether it stands in a file of its own.
    """
    return _Ladder(facts, case, w).drawn(ids, alone=alone)


class _Ladder:
    """Places and lines of one drawing; lives as long as it is made."""

    def __init__(self, facts: Facts, case: Case | None, w: Words) -> None:
        graph = facts.governance.graph
        self.facts, self.case, self.w = facts, case, w
        self.way = {} if case is None else {one.body: one for one in way_of(case, facts, w)}
        self.arrows = arrows(graph, None if case is None else graph.route(case.cell))
        tiers = sorted({body.tier for body in graph.bodies})
        self.rows = [[START], *([body.id for body in graph.bodies if body.tier == tier] for tier in tiers)]
        self.row_of = {place: number for number, row in enumerate(self.rows) for place in row}
        rise = {one.number: self.row_of[one.target] - self.row_of[one.source] for one in self.arrows}
        self.level = [one for one in self.arrows if rise[one.number] == 0]
        self.lanes = [one for one in self.arrows if rise[one.number] not in {0, 1}]
        self.bent = [*self.level, *self.lanes]
        self.rise = _RISE + _EXTRA_RISE * bool(self.level)
        widest = max(len(row) for row in self.rows)
        self.inner = widest * (_NODE_WIDTH + _NODE_GAP) - _NODE_GAP
        self.width = 2 * _MARGIN + self.inner + _LANE * len(self.lanes)
        over_top = any(one.source in self.rows[-1] for one in self.level)
        self.height = 2 * _MARGIN + len(self.rows) * (_NODE_HEIGHT + self.rise) - self.rise * (not over_top)

    def drawn(self, ids: Ids, *, alone: bool) -> Safe:
        """Return the drawing: lines first, boxes over them, numbers on top."""
        title = self.w("graph")
        desc = self.w("graph_no_case") if self.case is None else self.w("graph_case", case=self.case.id)
        said = [f"{one.name}: {one.says}" for one in self.way.values()]
        lines = sorted(self.arrows, key=lambda one: one.taken)
        return drawing(
            ids,
            f"ladder {self.w.lang}",
            (self.width, self.height),
            *(self._line(one) for one in lines),
            *(self._box(place) for row in self.rows for place in row),
            *(self._badge(one) for one in self.arrows),
            title=title,
            desc=" · ".join([desc, *said]),
            alone=alone,
        )

    def _corner(self, place: str) -> tuple[float, float]:
        """Return the upper left corner of a box; the first of each tier stands at the left, so the way is straight."""
        number = self.row_of[place]
        left = _MARGIN + self.rows[number].index(place) * (_NODE_WIDTH + _NODE_GAP)
        return left, self.height - _MARGIN - _NODE_HEIGHT - number * (_NODE_HEIGHT + self.rise)

    def _port(self, arrow: Arrow, *, at_source: bool) -> tuple[float, float]:
        """Return where an arrow touches a box: it leaves above and comes in from below; within a tier from above."""
        place = arrow.source if at_source else arrow.target
        kind = self._kind(arrow)
        group = [one for one in kind if (one.source if at_source else one.target) == place]
        number, count = group.index(arrow), len(group)
        left, top = self._corner(place)
        if kind is self.lanes:
            # The outermost lane takes the rightmost port and turns first, so that lanes do not cross each other.
            x = left + _NODE_WIDTH - 14 - (count - 1 - number) * min(14, 0.3 * _NODE_WIDTH / count)
        elif kind is self.level and at_source:
            x = left + _NODE_WIDTH - 22 - number * min(10, 0.2 * _NODE_WIDTH / count)
        else:
            aslant = [one for one in group if self._corner(one.source)[0] != self._corner(one.target)[0]]
            steps = 1 + aslant.index(arrow) if arrow in aslant and len(group) > 1 else 0
            x = left + _NODE_WIDTH / 2 + steps * min(20, 0.4 * _NODE_WIDTH / count)
        return x, top if at_source or kind is self.level else top + _NODE_HEIGHT

    def _kind(self, arrow: Arrow) -> Sequence[Arrow]:
        """Return the arrows that run like this one: within a tier, around by a lane, or to the next tier."""
        if arrow in self.level:
            return self.level
        return self.lanes if arrow in self.lanes else [one for one in self.arrows if one not in self.bent]

    def _points(self, arrow: Arrow) -> list[tuple[float, float]]:
        """Return the corners of an arrow: straight to the next tier, above the boxes within one, else around a lane."""
        start, end = self._port(arrow, at_source=True), self._port(arrow, at_source=False)
        if arrow in self.level:
            height = start[1] - 26 - 12 * (self.level.index(arrow) % 4)
            return [start, (start[0], height), (end[0], height), end]
        if arrow not in self.lanes:
            return [start, end]
        number = self.lanes.index(arrow)
        lane = _MARGIN + self.inner + _LANE * (number + 1) - 6
        bend = 5 * ((len(self.lanes) - 1 - number) % 4)
        out, back = start[1] - 8 - bend, end[1] + 16 + bend
        return [start, (start[0], out), (lane, out), (lane, back), (end[0], back), end]

    def _line(self, arrow: Arrow) -> Safe:
        points = self._points(arrow)
        ink = INK if arrow.taken else LINE
        path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
        asked = arrow.kind in {EdgeKind.CONSULT, EdgeKind.INFORM}
        x, y = points[-1]
        head = 7 if arrow.taken else 5
        down = -1 if arrow in self.level else 1
        return join(
            tag(
                "path",
                d=path,
                fill="none",
                stroke=ink,
                stroke_width="4.5" if arrow.taken else "1.5",
                stroke_dasharray="5 4" if asked else None,
            ),
            tag("path", d=f"M{x:g} {y:g} l{-head} {down * 2 * head} h{2 * head} z", fill=ink),
        )

    def _badge(self, arrow: Arrow) -> Safe:
        points = self._points(arrow)
        begin = 2 if arrow in self.lanes or arrow in self.level else 0
        (x1, y1), (x2, y2) = points[begin : begin + 2]
        x, y = ((x1 + x2) / 2, (y1 + y2) / 2) if arrow not in self.level else (x1, y1)
        ground, ink = (INK, UNKNOWN) if arrow.taken else (UNKNOWN, INK)
        disc = tag("circle", cx=f"{x:g}", cy=f"{y:g}", r="10", fill=ground, stroke=INK, stroke_width="1.2")
        return join(disc, words(x, y + 4, str(arrow.number), size=11, ink=ink, bold=arrow.taken, anchor="middle"))

    def _box(self, place: str) -> Safe:
        left, top = self._corner(place)
        step = self.way.get(place)
        here = step is not None and step.here
        on_way = step is not None or (place == START and self.case is not None)
        frame = tag(
            "rect",
            x=f"{left:g}",
            y=f"{top:g}",
            width=f"{_NODE_WIDTH:g}",
            height=f"{_NODE_HEIGHT:g}",
            rx="24" if place == START else "4",
            fill=UNKNOWN,
            stroke=_HERE if here else INK,
            stroke_width="5" if here else "2.5" if on_way else "1",
        )
        lines = self._texts(place, step)
        first = top + _NODE_HEIGHT / 2 + 5 - 8 * (len(lines) - 1)
        middle = left + _NODE_WIDTH / 2
        texts = [
            words(
                middle,
                first + 16.5 * number,
                fit(line, _NODE_WIDTH - 14, size),
                size=size,
                ink=ink,
                bold=bold,
                anchor="middle",
            )
            for number, (line, size, ink, bold) in enumerate(lines)
        ]
        return tag("g", frame, *texts)

    def _texts(self, place: str, step: Waypoint | None) -> Sequence[tuple[str, float, str, bool]]:
        w = self.w
        if place == START:
            return [(w("start"), 12.5, INK, True)]
        body = self.facts.governance.graph.body(place)
        lines: list[tuple[str, float, str, bool]] = [
            (body.label(w.lang), 12.5, INK, True),
            (w("quorum", votes=body.quorum.votes, seats=body.seats), 10.5, MUTED, False),
        ]
        if step is not None:
            says = f"{w('here')} · {step.says}" if step.here else step.says
            lines.append((says, 11, _HERE if step.here else INK, step.here or step.decided))
        return lines
