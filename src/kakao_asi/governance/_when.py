"""Conditions as closed data: a product of finite sets over the routing space, compiled to one integer.

The space has 9,216 cells. A condition is an integer with one bit per cell, so that "which cells does nobody cover" and
"which cells do two edges claim" are one machine operation each, not a walk over cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from math import prod
from typing import Any, Final, TypeVar

from attrs import field, frozen

from .._internal.fields import check_kind, check_optional, check_tuple_of, worded
from .._internal.words import Lang, Word
from ..stages import Stage
from ..systems import Audience
from ..taxonomy import RiskCategory
from ._dimensions import Cell, Level, Matter, Reason

__all__ = ["CELLS", "EVERY_CELL", "When", "box_within", "cell_at", "first_cell", "index_of", "listed", "words_of"]

W = TypeVar("W", bound=Word)

DIMENSIONS: Final[tuple[tuple[str, type[Word], str, str], ...]] = (
    ("matter", Matter, "안건", "matter"),
    ("level", Level, "등급", "grade"),
    ("category", RiskCategory, "리스크 범주", "category"),
    ("stage", Stage, "단계", "stage"),
    ("audience", Audience, "대상", "audience"),
    ("reason", Reason, "사유", "reason"),
)
"""Field, closed set, Korean and English name of each dimension; the last varies fastest from cell to cell."""

FOREIGN: Final = ("level", "category", "stage", "audience")
"""What a case on the governance lacks, so that no condition for one may test it."""

_PAIR: Final = 2

CELLS: Final = prod(len(kind) for _, kind, _, _ in DIMENSIONS)
"""Number of cells of the routing space: 8 x 4 x 4 x 6 x 2 x 6 = 9,216."""

EVERY_CELL: Final = (1 << CELLS) - 1
"""The condition that every cell meets, as bits."""


def _strides() -> dict[str, int]:
    strides: dict[str, int] = {}
    stride = 1
    for name, kind, _, _ in reversed(DIMENSIONS):
        strides[name] = stride
        stride *= len(kind)
    return strides


STRIDES: Final = _strides()
"""How far apart two cells are that differ by one step in a dimension only."""


def _member_masks(name: str, kind: type[Word]) -> tuple[int, ...]:
    stride = STRIDES[name]
    every_period = EVERY_CELL // ((1 << stride * len(kind)) - 1)
    return tuple(((1 << stride) - 1 << stride * rank) * every_period for rank in range(len(kind)))


MASKS: Final = {name: _member_masks(name, kind) for name, kind, _, _ in DIMENSIONS}
"""Per dimension, the cells of each of its members, in order."""


def _members(kind: type[W], values: Iterable[W | str] | None) -> frozenset[W] | None:
    return None if values is None else worded(kind, values)


def _matters(values: Iterable[Matter | str] | None) -> frozenset[Matter] | None:
    return _members(Matter, values)


def _levels(values: Iterable[Level | str] | None) -> frozenset[Level] | None:
    return _members(Level, values)


def _categories(values: Iterable[RiskCategory | str] | None) -> frozenset[RiskCategory] | None:
    return _members(RiskCategory, values)


def _stages(values: Iterable[Stage | str] | None) -> frozenset[Stage] | None:
    return _members(Stage, values)


def _audiences(values: Iterable[Audience | str] | None) -> frozenset[Audience] | None:
    return _members(Audience, values)


def _reasons(values: Iterable[Reason | str] | None) -> frozenset[Reason] | None:
    return _members(Reason, values)


@frozen(kw_only=True)
class When:
    """A condition: a product of finite sets. ``When()`` holds for every case.

    An empty set holds for no case, and a graph refuses it. A case on the governance has no grade, category, stage or
    audience, so a condition that takes in ``Matter.GOVERNANCE`` may not test those; name the other matters instead.

    Attributes:
        matter: the matters it holds for; None: any.
        level: the grades it holds for; None: any.
        category: the risk categories it holds for; None: any.
        stage: the stages it holds for; None: any.
        audience: the audiences it holds for; None: any.
        reason: the reasons it holds for; None: any.
    """

    matter: frozenset[Matter] | None = field(
        default=None,
        converter=_matters,
        validator=check_optional(check_tuple_of(check_kind(Matter), kind=frozenset)),
    )
    level: frozenset[Level] | None = field(
        default=None,
        converter=_levels,
        validator=check_optional(check_tuple_of(check_kind(Level), kind=frozenset)),
    )
    category: frozenset[RiskCategory] | None = field(
        default=None,
        converter=_categories,
        validator=check_optional(check_tuple_of(check_kind(RiskCategory), kind=frozenset)),
    )
    stage: frozenset[Stage] | None = field(
        default=None,
        converter=_stages,
        validator=check_optional(check_tuple_of(check_kind(Stage), kind=frozenset)),
    )
    audience: frozenset[Audience] | None = field(
        default=None,
        converter=_audiences,
        validator=check_optional(check_tuple_of(check_kind(Audience), kind=frozenset)),
    )
    reason: frozenset[Reason] | None = field(
        default=None,
        converter=_reasons,
        validator=check_optional(check_tuple_of(check_kind(Reason), kind=frozenset)),
    )

    @cached_property
    def mask(self) -> int:
        """The cells it holds for, one bit each."""
        mask = EVERY_CELL
        for name, _, _, _ in DIMENSIONS:
            members: frozenset[Word] | None = getattr(self, name)
            if members is not None:
                mask &= sum(MASKS[name][member.rank] for member in members)
        return mask

    @property
    def foreign(self) -> tuple[str, ...]:
        """The dimensions it tests although a case on the governance, which it takes in, lacks them."""
        if self.matter is not None and Matter.GOVERNANCE not in self.matter:
            return ()
        kinds = {name: kind for name, kind, _, _ in DIMENSIONS}
        tested = {name: getattr(self, name) for name in FOREIGN}
        return tuple(name for name, members in tested.items() if members not in (None, frozenset(kinds[name])))

    def holds(self, cell: Cell) -> bool:
        """Tell whether it holds for a cell."""
        return bool(self.mask >> index_of(cell) & 1)

    def label(self, lang: Lang) -> str:
        """Say the condition in words; ``any case`` where it tests nothing."""
        parts = []
        for name, kind, ko, en in DIMENSIONS:
            members: frozenset[Word] | None = getattr(self, name)
            if members is not None and len(members) < len(kind):
                parts.append(f"{ko if lang == 'ko' else en}: {listed(members, kind, lang)}")
        return "; ".join(parts) or ("모든 안건" if lang == "ko" else "any case")


def listed(members: frozenset[Word], kind: type[Word], lang: Lang) -> str:
    """Say some members of a closed set, in its order; where only one of several is left out, say that one."""
    absent = [member.label(lang) for member in kind if member not in members]
    if len(absent) == 1 and len(kind) > _PAIR:
        return f"{absent[0]} 제외" if lang == "ko" else f"any but {absent[0]}"
    return ", ".join(member.label(lang) for member in kind if member in members) or ("없음" if lang == "ko" else "none")


def index_of(cell: Cell) -> int:
    """Return the position of a cell in the routing space, from 0."""
    return cell.index


def cell_at(index: int) -> Cell:
    """Return the cell at a position of the routing space."""
    members = {name: list(kind)[index // STRIDES[name] % len(kind)] for name, kind, _, _ in DIMENSIONS}
    return Cell(**members)  # type: ignore[arg-type]  # each member comes from its own dimension


def first_cell(mask: int) -> Cell:
    """Return the first cell of a mask that has one."""
    return cell_at((mask & -mask).bit_length() - 1)


def words_of(cell: Cell, lang: Lang) -> str:
    """Say a cell in words; what its matter lacks is left out."""
    names = [name for name, _, _, _ in DIMENSIONS if cell.matter is not Matter.GOVERNANCE or name not in FOREIGN]
    return _product({name: frozenset({getattr(cell, name)}) for name in names}).label(lang)


@lru_cache(maxsize=64)
def box_within(mask: int) -> When:
    """Return a condition that holds only for cells of the mask and cannot be widened in one dimension alone.

    It starts from the first cell and takes in neighbours, so that a hole of a thousand cells is told in one line. The
    last few are kept: the findings of one check are often about the same cells.
    """
    cell = first_cell(mask)
    box: dict[str, frozenset[Word]] = {name: frozenset({getattr(cell, name)}) for name, _, _, _ in DIMENSIONS}
    for name, kind, _, _ in reversed(DIMENSIONS):
        for member in kind:
            wider = {**box, name: box[name] | {member}}
            if not _product(wider).mask & ~mask:
                box = wider
    return _product(box)


def _product(sets: dict[str, Any]) -> When:
    return When(**sets)
