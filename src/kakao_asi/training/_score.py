"""A number that an evaluation found, with the counts behind it where they are known."""

from __future__ import annotations

from typing import Any, Self

from attrs import Attribute, field, frozen

from .._internal.fields import check_optional, check_whole, name_of
from ..exceptions import InvalidValue

__all__ = ["Score"]


def _as_float(value: float) -> float:
    return value if isinstance(value, str | bool) else float(value)


def _check_number(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    if type(value) is not float:
        raise InvalidValue(name_of(instance, attribute), "must be a number")


@frozen(kw_only=True)
class Score:
    """A number that an evaluation found.

    Attributes:
        value: the number; not a number and infinity are kept and count as missing.
        trials: how many cases it was found on; None if unknown, and then it counts as too few where that matters.
        failures: how many of them failed, 0 to ``trials``; None if the number is no share of failures.
    """

    value: float = field(converter=_as_float, validator=_check_number)
    trials: int | None = field(default=None, validator=check_optional(check_whole()))
    failures: int | None = field(default=None, validator=check_optional(check_whole()))

    def __attrs_post_init__(self) -> None:
        """Refuse failures without trials, or more of them."""
        if self.failures is not None and (self.trials is None or self.failures > self.trials):
            raise InvalidValue("Score.failures", "must be at most trials", "give both, counted over the same cases")

    @classmethod
    def of(cls, *, failures: int, trials: int) -> Self:
        """Return the share of failures with its counts.

        Args:
            failures: how many cases failed, 0 to ``trials``.
            trials: how many there were, at least 1.

        Raises:
            InvalidValue: the counts do not fit.
        """
        if trials < 1:
            raise InvalidValue("Score.trials", "must be at least 1", "an evaluation without cases is none")
        return cls(value=failures / trials, trials=trials, failures=failures)
