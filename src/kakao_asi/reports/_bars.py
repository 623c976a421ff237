"""Residual against inherent: two bars a risk, and a line at the effective grade."""

from __future__ import annotations

from typing import Final

from ..taxonomy import Grade
from ._drawing import INK, LINE, MUTED, actor_sign, drawing, fill_of, fit, hatched, words
from ._escape import Ids, Safe, join, tag
from ._facts import Facts, RiskFacts
from ._phrases import grade_word
from ._words import Words

__all__ = ["bars"]

_WIDTH: Final = 420
_LEFT: Final = 64
_STEP: Final = 84
_BAR: Final = 16
_ROW: Final = 70


def bars(facts: Facts, w: Words, ids: Ids) -> Safe | None:
    """Return the bars of all open risks, the gravest first; None where no risk is open."""
    risks = sorted((one for one in facts.risks if one.open), key=_order)
    if not risks:
        return None
    definition, hatching = hatched(ids, w.lang, "bars")
    rows = [_row(one, number * _ROW, hatching, w) for number, one in enumerate(risks)]
    size = (_WIDTH, _ROW * len(rows))
    return drawing(ids, f"bars {w.lang}", size, definition, *rows, title=w("bars"), desc=w("bars_note"))


def _order(risk: RiskFacts) -> tuple[int, str]:
    grade = risk.grades.effective
    return -len(Grade) if grade is None else -grade.rank, risk.state.id


def _row(risk: RiskFacts, top: float, hatching: str, w: Words) -> Safe:
    grades = risk.grades
    title = w.text(risk.state.risk.title)
    effective = grades.effective
    line = None
    if effective is not None:
        at = f"{_LEFT + _STEP * (effective.rank + 1):g}"
        line = tag("line", x1=at, y1=f"{top + 20:g}", x2=at, y2=f"{top + 61:g}", stroke=INK, stroke_width="4")
    return join(
        actor_sign(risk.state.risk.actor, 8, top + 10, ink=INK),
        words(20, top + 14, fit(title, _WIDTH - 22, 12), size=12, bold=True),
        _bar(grades.inherent, w("inherent"), top + 23, hatching, w),
        _bar(grades.residual, w("residual"), top + 43, hatching, w),
        line,
    )


def _bar(grade: Grade | None, name: str, top: float, hatching: str, w: Words) -> Safe:
    length = _STEP * (len(Grade) if grade is None else grade.rank + 1)
    box = tag(
        "rect",
        x=f"{_LEFT:g}",
        y=f"{top:g}",
        width=f"{length:g}",
        height=f"{_BAR:g}",
        fill=hatching if grade is None else fill_of(grade),
        stroke=LINE if grade is None else INK,
        stroke_dasharray="5 3" if grade is None else None,
    )
    label = words(0, top + 12.5, fit(name, _LEFT - 4, 11), size=11, ink=MUTED)
    return join(label, box, words(_LEFT + length + 8, top + 12.5, grade_word(grade, w), size=11))
