"""What a method is: a value with an id and a version that turns factors into a judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeVar, cast

from ..evidence import EvidenceKind
from ..exceptions import InvalidValue
from ..taxonomy import RiskCategory
from ._factors import Factors, ImperfectionFactors
from ._judgement import Judgement
from ._scales import Basis

__all__ = ["FAIRNESS", "SLICES_FOR_FAIRNESS", "AssessmentMethod", "assessable", "known", "unassessable"]

F = TypeVar("F", bound=Factors)
T = TypeVar("T")

FAIRNESS = "non_discrimination"
"""Id of the principle that asks for counts by group."""

SLICES_FOR_FAIRNESS = 2
"""Fewest groups that can be compared (our choice)."""


class AssessmentMethod(Protocol):
    """Anything that judges the factors of one category.

    A method is part of the governance, so it is a frozen value: two equal ones judge alike, and a changed one has
    another id or version. It reads no clock and nothing outside its arguments.
    """

    @property
    def id(self) -> str:
        """Stable id that stands on every assessment made with it."""
        ...

    @property
    def version(self) -> int:
        """Version, from 1; stands beside the id."""
        ...

    @property
    def category(self) -> RiskCategory:
        """The category it judges."""
        ...

    @property
    def needs(self) -> frozenset[EvidenceKind]:
        """Kinds of evidence that must be there before an assessment counts as measured."""
        ...

    def unassessable(self, factors: Factors, touches: AbstractSet[str]) -> tuple[str, ...]:
        """Return the names of the factors that stand in the way of a grade; see the function of this name.

        Args:
            factors: the factors of ``category``.
            touches: ids of the principles that the risk touches.
        """
        ...

    def judge(self, factors: Factors, *, basis: Basis, touches: AbstractSet[str], now: dt.datetime) -> Judgement:
        """Turn factors into a grade and the steps to it.

        Args:
            factors: the factors of ``category``, none of them missing.
            basis: what the assessment stands on.
            touches: ids of the principles that the risk touches.
            now: the instant of the assessment, aware.

        Raises:
            InvalidValue: the factors belong to another category, or ``unassessable`` names some.
        """
        ...


def unassessable(factors: Factors, touches: AbstractSet[str] = frozenset()) -> tuple[str, ...]:
    """Return the names of the factors that stand in the way of a grade; empty: a grade can be found.

    These are required factors that nobody knows, and ``slices`` where the risk touches non-discrimination and fewer
    than two groups were counted.

    Args:
        factors: the factors of any category.
        touches: ids of the principles that the risk touches.
    """
    missing = factors.missing
    too_few = isinstance(factors, ImperfectionFactors) and len(factors.slices) < SLICES_FOR_FAIRNESS
    return (*missing, "slices") if too_few and FAIRNESS in touches else missing


def assessable(factors: Factors, kind: type[F], touches: AbstractSet[str]) -> F:
    """Return the factors if they are of the kind a method judges and complete.

    Raises:
        InvalidValue: they are of another category, or something is missing.
    """
    if not isinstance(factors, kind):
        rule = f"must be {kind.__name__}, the factors of {kind.category.id}"
        raise InvalidValue("factors", rule, "a mixed cause is two linked risks, each with its own factors")
    missing = unassessable(factors, touches)
    if missing:
        name = f"{kind.__name__}.{missing[0]}"
        raise InvalidValue(
            name, "is not known, so there is no grade", "find it out; until then the risk stays unassessed"
        )
    return factors


def known(value: T | None) -> T:
    """Return a required factor as one that is known; :func:`assessable` has refused the rest before."""
    return cast("T", value)
