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

_BOX: Final = 116
_GAP: Final = 14
_WIDTH: Final = len(Stage) * (_BOX + _GAP) - _GAP
_HEIGHT: Final = 96
_HEAD: Final = 22
_ROW: Final = _HEAD + _HEIGHT + 44
_DONE: Final = "#dde6ef"
_PRESENT: Final = "#0b4f9e"
_MOST_MARKS: Final = 7


@frozen(kw_only=True)
class _Place:
    """Where a record is drawn: UPDATE closes the row of the round before, though it opens the next one."""

    row: int
    stage: Stage


def _place(record: CycleRecord) -> _Place:
    opens_round = record.stage is Stage.UPDATE and record.round > 1
    return _Place(row=record.round - opens_round, stage=record.stage)


def numbered_marks(system: SystemFacts) -> tuple[tuple[int, Mark], ...]:
    """Return the emergency measures of a system with their numbers on its timeline, from 1."""
    return tuple(enumerate(system.marks, 1))


def timeline(system: SystemFacts, w: Words, ids: Ids) -> Safe:
    """Return the timeline of a system."""
    records = {_place(one): one for one in system.records}
    first = min(place.row for place in records)
    rows = range(first, max(place.row for place in records) + 1)
    parts = [_row(system, row, (row - first) * _ROW, records, w) for row in rows]
    name = f"{w('timeline')}: {system_name(system.state, w)}"
    said = [f"{one.stage.label(w.lang)} {w('round', round=one.round)} {cycle_word(one, w)}" for one in system.records]
    size = (_WIDTH, len(rows) * _ROW - 14)
    return drawing(ids, f"timeline {w.lang} {system.state.id}", size, *parts, title=name, desc=", ".join(said))


def _row(system: SystemFacts, row: int, top: float, records: dict[_Place, CycleRecord], w: Words) -> Safe:
    last = system.records[-1]
    begins = min(record.started_at for place, record in records.items() if place.row == row)
    boxes = [words(0, top + 14, f"{w('round', round=row)} · {w('from_day', day=w.day(begins))}", size=12, bold=True)]
    for stage in Stage:
        left = stage.rank * (_BOX + _GAP)
        record = records.get(_Place(row=row, stage=stage))
        if record is None:
            later = _place(last) == _Place(row=row, stage=last.stage) and stage > last.stage
            boxes.append(_empty(stage, left, top + _HEAD, w("not_yet" if later else "skipped"), w))
        else:
            present = record is last and system.state.status is SystemStatus.ACTIVE
            boxes.append(_filled(record, left, top + _HEAD, present=present, w=w))
            boxes += _marks(system, record, left, top + _HEAD + _HEIGHT)
        if stage is not Stage.UPDATE:
            boxes.append(_arrow(left + _BOX, top + _HEAD + _HEIGHT / 2))
    return join(*boxes)


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
    head = f"{w('present')} · {record.stage.label(w.lang)}" if present else record.stage.label(w.lang)
    lines = [
        (fit(head, _BOX - 12, 12.5), 12.5, INK, True),
        (fit(_span(record, w), _BOX - 12, 10.5), 10.5, MUTED, False),
        (fit(_said(record, w), _BOX - 12, 11), 11, INK, False),
    ]
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
    if record.stage is Stage.UPDATE and record.round > 1:
        return w("round_begins", round=record.round)
    return word


def _span(record: CycleRecord, w: Words) -> str:
    start = _month_day(record.started_at, w)
    return f"{start} –" if record.ended_at is None else f"{start} – {_month_day(record.ended_at, w)}"


def _month_day(value: dt.datetime, w: Words) -> str:
    day = value.astimezone(KST)
    return f"{day.month}. {day.day}." if w.lang == "ko" else f"{day:%m-%d}"


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
        yield words(middle, top + 19, fit(phase.phase.label(w.lang), width, 10), size=10, anchor="middle")


def _marks(system: SystemFacts, record: CycleRecord, left: float, top: float) -> Iterator[Safe]:
    """Yield the numbered signs of the measures taken while a record lasted; those beyond seven are counted."""
    taken = [one for one in numbered_marks(system) if _during(record, one[1].at)]
    for place, (number, mark) in enumerate(taken[:_MOST_MARKS]):
        yield from _sign(mark.kind, number, left + 14 + 28 * (place % 4), top + 14 + 22 * (place // 4))
    if len(taken) > _MOST_MARKS:
        yield words(left + 92, top + 40, f"+{len(taken) - _MOST_MARKS}", size=10.5, bold=True)


def _during(record: CycleRecord, at: dt.datetime) -> bool:
    return record.started_at <= at and (record.ended_at is None or at < record.ended_at)


def _sign(kind: MarkKind, number: int, x: float, y: float) -> tuple[Safe, Safe]:
    """Return the sign of a measure with its number: a filled square stops, an open one lifts, a triangle contains."""
    if kind is MarkKind.CONTAINED:
        shape = tag("path", d=f"M{x:g} {y - 11:g} l12 20 h-24 z", fill=UNKNOWN, stroke=INK, stroke_width="1.6")
    else:
        fill = INK if kind is MarkKind.STOPPED else UNKNOWN
        box = {"x": f"{x - 9:g}", "y": f"{y - 9:g}", "width": "18", "height": "18"}
        shape = tag("rect", **box, fill=fill, stroke=INK, stroke_width="1.6")
    ink = UNKNOWN if kind is MarkKind.STOPPED else INK
    return shape, words(
        x, y + (6.5 if kind is MarkKind.CONTAINED else 4), str(number), size=10, ink=ink, bold=True, anchor="middle"
    )
