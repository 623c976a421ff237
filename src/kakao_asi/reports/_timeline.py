"""The timeline of one system: its six stages, round by round, with what the cycle left and the emergency measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from .._internal.clock import KST
from ..lifecycle import CycleRecord, SystemStatus
from ..stages import Stage
from ._drawing import INK, LINE, MUTED, UNKNOWN, drawing, fit, words
from ._escape import Ids, Safe, join, tag
from ._facts import Mark, MarkKind, SystemFacts
from ._phrases import cycle_word, system_name
from ._words import Words

__all__ = ["numbered_marks", "timeline"]

_COLUMNS: Final = 3
"""Two lines of three stages for a round, so that a narrow screen shows them all."""

_BOX: Final = 124
_GAP: Final = 14
_WIDTH: Final = _COLUMNS * (_BOX + _GAP) - _GAP
_HEIGHT: Final = 96
_HEAD: Final = 24
_SIGNS: Final = 24
_DONE: Final = "#dde6ef"
_PRESENT: Final = "#0b4f9e"
_SIGNS_A_LINE: Final = 4
_MOST_SIGNS: Final = 7


@frozen(kw_only=True)
class _Place:
    """Where a record is drawn: UPDATE closes the row of the round before, though it opens the next one.

    Attributes:
        row: number of the row, from 1; 0 for a system that was taken in while in UPDATE.
        stage: the stage.
    """

    row: int
    stage: Stage


def _place(record: CycleRecord) -> _Place:
    return _Place(row=record.round - (record.stage is Stage.UPDATE), stage=record.stage)


def numbered_marks(system: SystemFacts) -> tuple[tuple[int, Mark], ...]:
    """Return the emergency measures of a system with their numbers on its timeline, from 1."""
    return tuple(enumerate(system.marks, 1))


def timeline(system: SystemFacts, w: Words, ids: Ids) -> Safe:
    """Return the timeline of a system: for each round two lines of three stages."""
    name = f"{w('timeline')}: {system_name(system.state, w)}"
    said = [f"{one.stage.label(w.lang)} {w('round', round=one.round)} {cycle_word(one, w)}" for one in system.records]
    parts, height = _Timeline(system, w).drawn()
    size = (_WIDTH, height)
    return drawing(ids, f"timeline {w.lang} {system.state.id}", size, *parts, title=name, desc=", ".join(said))


class _Timeline:
    """The rounds of one system; lives as long as its drawing is made."""

    def __init__(self, system: SystemFacts, w: Words) -> None:
        self.system, self.w = system, w
        self.records = {_place(one): one for one in system.records}

    def drawn(self) -> tuple[list[Safe], float]:
        """Return all parts and the height they need."""
        parts: list[Safe] = []
        top = 0.0
        for row in sorted({place.row for place in self.records}):
            parts.append(self._round(row, top))
            top += _HEAD
            for stages in (tuple(Stage)[:_COLUMNS], tuple(Stage)[_COLUMNS:]):
                places = [_Place(row=row, stage=stage) for stage in stages]
                parts += (self._stage(place, top) for place in places)
                most = max(len(self._marks(place)) for place in places)
                top += _HEIGHT + 8 + _SIGNS * min(-(-most // _SIGNS_A_LINE), 2)
        return parts, top

    def _round(self, row: int, top: float) -> Safe:
        within = [record for place, record in self.records.items() if place.row == row]
        begins = self.w("from_day", day=self.w.day(min(one.started_at for one in within)))
        round_ = self.w("round", round=min(one.round for one in within))
        return words(0, top + 15, f"{round_} · {begins}", size=12, bold=True)

    def _stage(self, place: _Place, top: float) -> Safe:
        column = place.stage.rank % _COLUMNS
        left = column * (_BOX + _GAP)
        record = self.records.get(place)
        arrow = None if column == _COLUMNS - 1 else _arrow(left + _BOX, top + _HEIGHT / 2)
        last = self.system.records[-1]
        if record is None:
            later = _place(last).row == place.row and place.stage > last.stage
            note = self.w("not_yet" if later else "skipped")
            return join(_empty(place.stage, left, top, note, self.w), arrow)
        present = record is last and self.system.state.status is SystemStatus.ACTIVE
        box = _filled(record, left, top, present=present, w=self.w)
        return join(box, arrow, *_signs(self._marks(place), left, top + _HEIGHT))

    def _marks(self, place: _Place) -> list[tuple[int, Mark]]:
        """Return the numbered measures taken while the record of a place lasted."""
        record = self.records.get(place)
        if record is None:
            return []
        end = record.ended_at
        after = [one for one in numbered_marks(self.system) if one[1].at >= record.started_at]
        return [one for one in after if end is None or one[1].at < end]


def _arrow(left: float, middle: float) -> Safe:
    return tag("path", d=f"M{left + 3:g} {middle - 5:g} l7 5 l-7 5 z", fill=LINE)


def _frame(left: float, top: float, *, fill: str, stroke: str, width: str, dashes: str | None) -> Safe:
    return tag(
        "rect",
        x=f"{left + 2:g}",
        y=f"{top + 2:g}",
        width=f"{_BOX - 4:g}",
        height=f"{_HEIGHT - 4:g}",
        rx="4",
        fill=fill,
        stroke=stroke,
        stroke_width=width,
        stroke_dasharray=dashes,
    )


def _empty(stage: Stage, left: float, top: float, note: str, w: Words) -> Safe:
    middle = left + _BOX / 2
    return tag(
        "g",
        _frame(left, top, fill=UNKNOWN, stroke=LINE, width="1", dashes="3 4"),
        words(middle, top + 44, stage.label(w.lang), size=12, ink=MUTED, anchor="middle"),
        words(middle, top + 62, note, size=10.5, ink=MUTED, anchor="middle"),
    )


def _filled(record: CycleRecord, left: float, top: float, *, present: bool, w: Words) -> Safe:
    aside = any(phase.set_aside for phase in record.phases)
    fill = _DONE if record.complete and not aside else UNKNOWN
    span = f"{w('present')} · {_span(record)}" if present else _span(record)
    lines = (
        (fit(record.stage.label(w.lang), _BOX - 12, 12.5), 12.5, INK, True),
        (span, 10.5, INK if present else MUTED, present),
        (fit(_said(record, w), _BOX - 8, 10.5), 10.5, INK, False),
    )
    middle = left + _BOX / 2
    texts = [
        words(middle, top + 19 + 17 * number, line, size=size, ink=ink, bold=bold, anchor="middle")
        for number, (line, size, ink, bold) in enumerate(lines)
    ]
    frame = _frame(
        left,
        top,
        fill=fill,
        stroke=_PRESENT if present else INK,
        width="4" if present else "1.2",
        dashes="8 3" if aside else None,
    )
    return tag("g", frame, *texts, *_phases(record, left, top + 66, w))


def _said(record: CycleRecord, w: Words) -> str:
    word = cycle_word(record, w)
    opens_round = record.stage is Stage.UPDATE and record.round > 1
    return f"{w('round', round=record.round)} · {word}" if opens_round else word


def _span(record: CycleRecord) -> str:
    start = _month_day(record.started_at)
    return f"{start} –" if record.ended_at is None else f"{start} – {_month_day(record.ended_at)}"


def _month_day(value: dt.datetime) -> str:
    return f"{value.astimezone(KST):%m-%d}"


def _phases(record: CycleRecord, left: float, top: float, w: Words) -> Iterator[Safe]:
    """Yield a sign for each phase: filled is complete, empty is open, a bar is set aside; its name stands beneath."""
    width = (_BOX - 8) / len(record.phases)
    for number, phase in enumerate(record.phases):
        middle = left + 4 + width * (number + 0.5)
        if phase.set_aside:
            yield tag(
                "line",
                x1=f"{middle - 6:g}",
                y1=f"{top:g}",
                x2=f"{middle + 6:g}",
                y2=f"{top:g}",
                stroke=INK,
                stroke_width="3",
            )
        else:
            fill = INK if phase.complete else UNKNOWN
            yield tag("circle", cx=f"{middle:g}", cy=f"{top:g}", r="5", fill=fill, stroke=INK, stroke_width="1.5")
        yield words(middle, top + 19, phase.phase.label(w.lang), size=9.5 if w.lang == "ko" else 9, anchor="middle")


def _signs(taken: list[tuple[int, Mark]], left: float, top: float) -> Iterator[Safe]:
    """Yield the signs of measures; those beyond seven are counted."""
    for place, (number, mark) in enumerate(taken[:_MOST_SIGNS]):
        x, y = place % _SIGNS_A_LINE, place // _SIGNS_A_LINE
        yield from _sign(mark.kind, number, left + 15 + 29 * x, top + 13 + _SIGNS * y)
    if len(taken) > _MOST_SIGNS:
        yield words(left + 93, top + 17 + _SIGNS, f"+{len(taken) - _MOST_SIGNS}", size=10.5, bold=True)


def _sign(kind: MarkKind, number: int, x: float, y: float) -> tuple[Safe, Safe]:
    """Return the sign of a measure: a triangle contains, a full square stops, an open one lifts, a disc rolls back."""
    if kind is MarkKind.CONTAINED:
        shape = tag("path", d=f"M{x:g} {y - 11:g} l12 20 h-24 z", fill=UNKNOWN, stroke=INK, stroke_width="1.6")
    elif kind is MarkKind.ROLLED_BACK:
        shape = tag("circle", cx=f"{x:g}", cy=f"{y:g}", r="10", fill=UNKNOWN, stroke=INK, stroke_width="1.6")
    else:
        fill = INK if kind is MarkKind.STOPPED else UNKNOWN
        box = {"x": f"{x - 9:g}", "y": f"{y - 9:g}", "width": "18", "height": "18"}
        shape = tag("rect", **box, fill=fill, stroke=INK, stroke_width="1.6")
    ink = UNKNOWN if kind is MarkKind.STOPPED else INK
    return shape, words(
        x, y + (6.5 if kind is MarkKind.CONTAINED else 4), str(number), size=10, ink=ink, bold=True, anchor="middle"
    )
