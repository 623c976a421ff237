"""The heat map: the highest effective grade by system and category, with shape, word and colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..taxonomy import Actor, RiskCategory
from ._drawing import INK, LINE, MUTED, UNKNOWN, actor_sign, drawing, fill_of, fit, hatched, ink_of, words
from ._escape import Ids, Safe, join, tag
from ._facts import Facts, RiskFacts, SystemFacts
from ._phrases import grade_word, system_name, worst
from ._words import Words

__all__ = ["heat_map"]

_WIDTH: Final = 420
_GAP: Final = 6
_CELL_WIDTH: Final = (_WIDTH - 3 * _GAP) / 4
_CELL_HEIGHT: Final = 60
_STRIP: Final = 20
_HEAD: Final = 62
_NAME: Final = 26
_ROW: Final = _NAME + _CELL_HEIGHT + 10


def heat_map(facts: Facts, w: Words, ids: Ids) -> Safe:
    """Return the heat map of all systems; a cell with risks links to its rows in the register table."""
    definition, hatching = hatched(ids, w.lang, "heat map")
    cells = _Cells(hatching, w, ids)
    rows = [cells.row(system, _HEAD + number * _ROW) for number, system in enumerate(facts.systems)]
    height = _HEAD + _ROW * len(rows)
    size = (_WIDTH, height)
    return drawing(
        ids,
        f"heat {w.lang}",
        size,
        definition,
        _head(w),
        *rows,
        title=w("heat_map"),
        desc=w("heat_map_note"),
        linked=True,
    )


def _left(category: RiskCategory) -> float:
    return category.rank * (_CELL_WIDTH + _GAP)


def _head(w: Words) -> Safe:
    parts: list[Safe] = []
    for actor in Actor:
        columns = [one for one in RiskCategory if one.actor is actor]
        left, right = _left(columns[0]), _left(columns[-1]) + _CELL_WIDTH
        parts += [
            actor_sign(actor, left + 8, 12, ink=INK),
            words(left + 20, 16, actor.label(w.lang), size=12, bold=True),
            tag("line", x1=f"{left:g}", y1="24", x2=f"{right:g}", y2="24", stroke=INK, stroke_width="2"),
        ]
    for category in RiskCategory:
        parts += _lines(category.label(w.lang), _left(category) + _CELL_WIDTH / 2)
    return join(*parts)


def _lines(label: str, middle: float) -> list[Safe]:
    """Return a column's name, one word a line."""
    lines = label.split(" ", 1)
    top = 47 if len(lines) == 1 else 40
    return [words(middle, top + 14 * number, one, size=11, anchor="middle") for number, one in enumerate(lines)]


class _Cells:
    """Draws the cells of one heat map; lives as long as it is made."""

    def __init__(self, hatching: str, w: Words, ids: Ids) -> None:
        self.hatching, self.w, self.ids = hatching, w, ids

    def row(self, system: SystemFacts, top: float) -> Safe:
        """Return a system's name and its four cells."""
        name = system_name(system.state, self.w)
        label = name if name == system.state.id else f"{name} ({system.state.id})"
        cells = (self._cell(system, category, top + _NAME) for category in RiskCategory)
        return join(words(0, top + 17, fit(label, _WIDTH, 13), size=13, bold=True), *cells)

    def _cell(self, system: SystemFacts, category: RiskCategory, top: float) -> Safe:
        w, risks, left = self.w, system.of(category), _left(category)
        if not risks:
            return _empty(left, top, w("none_identified"))
        label, drawn = self._filled(risks, left, top)
        name = f"{system_name(system.state, w)}, {category.label(w.lang)}: {label}"
        rows = self.ids.of(w.lang, "rows", system.state.id, category)
        return tag("a", tag("g", *drawn), href=f"#{rows}", aria_label=name)

    def _filled(self, risks: Sequence[RiskFacts], left: float, top: float) -> tuple[str, list[Safe]]:
        """Return what a cell says and how it is drawn: a grade, not known, both, or all closed."""
        w, actor = self.w, risks[0].state.risk.actor
        counting = [one for one in risks if one.open]
        count = w.counted("risk_count", len(counting) or len(risks))
        if not counting:
            label = w("all_closed")
            box = _box(left, top, fill=UNKNOWN, stroke=LINE, dashes=None)
            return f"{label}, {count}", [box, *_inside(actor, label, count, (left, top), INK)]
        grade = worst(counting)
        said = [grade_word(grade, w), count]
        if grade is None:
            box = _box(left, top, fill=self.hatching, stroke=INK, dashes="5 3")
            return ", ".join(said), [box, _plate(left, top, 40), *_inside(actor, said[0], count, (left, top + 6), INK)]
        unknown = sum(one.grades.unassessed for one in counting)
        box = _box(left, top, fill=fill_of(grade), stroke=INK, dashes=None)
        drawn = [box, *_inside(actor, said[0], count, (left, top if unknown else top + 8), ink_of(grade))]
        if unknown:
            note = w("unassessed_count", count=unknown)
            drawn += _strip(left, top, note, self.hatching)
            said.append(note)
        return ", ".join(said), drawn


def _empty(left: float, top: float, label: str) -> Safe:
    box = _box(left, top, fill=UNKNOWN, stroke="#c4c4c4", dashes=None)
    return tag("g", box, words(left + _CELL_WIDTH / 2, top + 34, label, size=11, ink=MUTED, anchor="middle"))


def _box(left: float, top: float, *, fill: str, stroke: str, dashes: str | None, height: float = _CELL_HEIGHT) -> Safe:
    return tag(
        "rect",
        x=f"{left + 0.5:g}",
        y=f"{top + 0.5:g}",
        width=f"{_CELL_WIDTH - 1:g}",
        height=f"{height - 1:g}",
        fill=fill,
        stroke=stroke,
        stroke_dasharray=dashes,
    )


def _plate(left: float, top: float, height: float) -> Safe:
    """Return a white ground for words on hatching."""
    return tag(
        "rect", x=f"{left + 4:g}", y=f"{top + 10:g}", width=f"{_CELL_WIDTH - 8:g}", height=f"{height:g}", fill=UNKNOWN
    )


def _inside(actor: Actor, word: str, count: str, corner: tuple[float, float], ink: str) -> list[Safe]:
    left, top = corner
    return [
        actor_sign(actor, left + 14, top + 14, ink=ink),
        words(left + 25, top + 18.5, fit(word, _CELL_WIDTH - 28, 12.5), size=12.5, ink=ink, bold=True),
        words(left + 25, top + 34, count, size=11, ink=ink),
    ]


def _strip(left: float, top: float, note: str, hatching: str) -> list[Safe]:
    """Return the lower edge of a cell that says how many of its risks have no valid assessment."""
    edge = top + _CELL_HEIGHT - _STRIP
    return [
        _box(left, edge, fill=hatching, stroke=INK, dashes="5 3", height=_STRIP),
        tag("rect", x=f"{left + 8:g}", y=f"{edge + 3:g}", width=f"{_CELL_WIDTH - 16:g}", height="14", fill=UNKNOWN),
        words(left + _CELL_WIDTH / 2, edge + 14, note, size=10.5, anchor="middle"),
    ]
