"""The scales factors are stated on, and the grid that folds likelihood and severity to a grade.

Kakao's own scales are not public. Every scale, grid and number here is a library default, not Kakao's, and can be
replaced.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeAlias

from attrs import Attribute, field, frozen

from .._internal.fields import check_id, name_of
from .._internal.words import OrderedWord, Word
from ..exceptions import InvalidValue
from ..taxonomy import Grade

__all__ = [
    "GRID",
    "Access",
    "AssessmentKind",
    "Basis",
    "DataClass",
    "ErrorKind",
    "Grid",
    "Likelihood",
    "Line",
    "Reversibility",
    "Severity",
    "Skill",
    "Uplift",
]


class Severity(OrderedWord):
    """How bad the harm is when it happens. Ordinal: there is no arithmetic. Our choice of five steps."""

    NEGLIGIBLE = "negligible", "미미", "NEGLIGIBLE"
    MINOR = "minor", "경미", "MINOR"
    MODERATE = "moderate", "보통", "MODERATE"
    MAJOR = "major", "중대", "MAJOR"
    SEVERE = "severe", "심각", "SEVERE"


class Likelihood(OrderedWord):
    """How often the harm is to be expected. Ordinal: there is no arithmetic. Our choice of five bands."""

    RARE = "rare", "거의 없음", "RARE"
    UNLIKELY = "unlikely", "드묾", "UNLIKELY"
    POSSIBLE = "possible", "가끔", "POSSIBLE"
    LIKELY = "likely", "잦음", "LIKELY"
    FREQUENT = "frequent", "매우 잦음", "FREQUENT"


class DataClass(Word):
    """Data about people that the harm exposes; each class raises what a method finds.

    Source: the three classes are those of Korea's Personal Information Protection Act, articles 2, 23 and 24. What each
    one raises is our choice.
    """

    UNIQUE_ID = "unique_id", "고유식별정보", "Unique identifier"
    SENSITIVE = "sensitive", "민감정보", "Sensitive data"
    PERSONAL = "personal", "개인정보", "Personal data"


class Reversibility(OrderedWord):
    """Whether an act of the system can be taken back; later means worse (our choice of steps)."""

    REVERSIBLE = "reversible", "되돌릴 수 있음", "Reversible"
    COSTLY = "costly", "비용을 들여 되돌림", "Reversible at a cost"
    IRREVERSIBLE = "irreversible", "되돌릴 수 없음", "Irreversible"


class Access(OrderedWord):
    """Who can reach the system; later means more people (our choice of steps)."""

    INTERNAL = "internal", "사내", "Internal"
    VETTED = "vetted", "심사된 이용자", "Vetted users"
    REGISTERED = "registered", "가입 이용자", "Registered users"
    ANONYMOUS = "anonymous", "누구나", "Anyone"


class Skill(OrderedWord):
    """What the misuse asks of the one who tries it; later means more people can (our choice of steps)."""

    EXPERT = "expert", "전문가", "Expert"
    SKILLED = "skilled", "숙련자", "Skilled"
    LAYPERSON = "layperson", "일반인", "Layperson"


class Uplift(OrderedWord):
    """How much more a misuser can do than with what is freely available (our choice of steps)."""

    NONE = "none", "없음", "None"
    SOME = "some", "일부", "Some"
    MATERIAL = "material", "실질적", "Material"


class ErrorKind(Word):
    """How a careless act comes about; it chooses among controls and grades nothing.

    Source: slip, lapse and mistake after J. Reason, Human Error (1990); over-reliance and process gap are ours.
    """

    SLIP = "slip", "실수", "Slip"
    LAPSE = "lapse", "건망", "Lapse"
    MISTAKE = "mistake", "착오", "Mistake"
    OVERRELIANCE = "overreliance", "과의존", "Over-reliance"
    PROCESS_GAP = "process_gap", "절차 공백", "Process gap"


class Basis(Word):
    """What an assessment stands on; the least certain basis moves the grade up (our choice)."""

    MEASURED = "measured", "측정", "measured"
    """The evidence that the method needs is there."""
    EXPERT = "expert", "전문가 판단", "expert judgement"
    """Somebody judged, and said why."""
    DEFAULT = "default", "근거 없음(기본값)", "default"
    """Neither: likelihood counts one band higher."""


class AssessmentKind(Word):
    """Whether responses are counted on."""

    INHERENT = "inherent", "고유 리스크", "inherent"
    RESIDUAL = "residual", "잔여 리스크", "residual"


class Line(Word):
    """Who assesses: the team that runs the system, or an independent second line."""

    FIRST = "first", "1선", "first line"
    SECOND = "second", "2선", "second line"


Rows: TypeAlias = "tuple[tuple[Grade, ...], ...]"
"""One row per likelihood from RARE up; in each, one grade per severity from NEGLIGIBLE up."""


def _never_falls(grades: tuple[Grade, ...]) -> bool:
    return all(before <= after for before, after in pairwise(grades))


def _check_rows(instance: Any, field: Attribute[Any], value: Any) -> None:
    name = name_of(instance, field)
    shape = isinstance(value, tuple) and len(value) == len(Likelihood)
    if not shape or any(not isinstance(row, tuple) or len(row) != len(Severity) for row in value):
        raise InvalidValue(name, "must be 5 tuples of 5 grades", "give one row per likelihood, from RARE up")
    if any(not isinstance(grade, Grade) for row in value for grade in row):
        raise InvalidValue(name, "must hold grades only", "choose one of LOW, MEDIUM, HIGH for each cell")
    if not all(map(_never_falls, value)) or not all(map(_never_falls, zip(*value, strict=True))):
        raise InvalidValue(name, "must never fall as likelihood or severity rises", "raise the cells that fall")


@frozen(kw_only=True)
class Grid:
    """A lookup from likelihood and severity to a grade.

    A lookup and not a product: the product of two ordinal numbers makes ties and a precision nobody measured.

    Attributes:
        id: what stored explanations call it; another table needs another id.
        rows: five rows, one per likelihood from RARE up, of five grades, one per severity from NEGLIGIBLE up. A grade
            never falls along a row or a column.
    """

    id: str = field(validator=check_id)
    rows: Rows = field(validator=_check_rows)

    def grade(self, likelihood: Likelihood, severity: Severity) -> Grade:
        """Look up one cell."""
        return self.rows[likelihood.rank][severity.rank]


_L, _M, _H = Grade.LOW, Grade.MEDIUM, Grade.HIGH

GRID = Grid(
    id="grid-1",
    rows=(
        (_L, _L, _L, _M, _M),
        (_L, _L, _M, _M, _H),
        (_L, _M, _M, _H, _H),
        (_L, _M, _H, _H, _H),
        (_M, _M, _H, _H, _H),
    ),
)
"""The default grid, ``grid-1`` (our choice): SEVERE is never LOW, and FREQUENT neither."""
