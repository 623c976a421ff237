"""When a body meets: every week or every month on a day of the week, so that a clock can be held against it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Self

from attrs import Attribute, field, frozen

from .._internal.clock import KST
from .._internal.fields import check_kind, check_optional, check_whole
from .._internal.words import Lang, Word
from ..exceptions import InvalidValue

__all__ = ["Cadence", "Weekday"]

_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = 7
_LONGEST_MONTHLY_GAP: Final = 35
_LAST_SECOND: Final = dt.time(23, 59, 59, tzinfo=KST)


class Weekday(Word):
    """A day of the week."""

    MONDAY = "monday", "월요일", "Monday"
    TUESDAY = "tuesday", "화요일", "Tuesday"
    WEDNESDAY = "wednesday", "수요일", "Wednesday"
    THURSDAY = "thursday", "목요일", "Thursday"
    FRIDAY = "friday", "금요일", "Friday"
    SATURDAY = "saturday", "토요일", "Saturday"
    SUNDAY = "sunday", "일요일", "Sunday"


def _as_weekday(value: Weekday | str) -> Weekday:
    return Weekday(value)


def _check_week(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    del instance, attribute
    if value is not None and (type(value) is not int or not 1 <= value <= 4):  # noqa: PLR2004  # every month has four
        raise InvalidValue(
            "Cadence.week", "must be 1 to 4", "a fifth week is not in every month; leave it out for weekly"
        )


@frozen(kw_only=True)
class Cadence:
    """How often a body meets; days are days of Korean time.

    Attributes:
        day: the day of the week.
        week: 1 to 4: once a month, on the first to fourth such day of it; None: every week.
    """

    day: Weekday = field(converter=_as_weekday, validator=check_kind(Weekday))
    week: int | None = field(default=None, validator=[check_optional(check_whole(least=1)), _check_week])

    @classmethod
    def weekly(cls, day: Weekday | str) -> Self:
        """Return a meeting every week."""
        return cls(day=Weekday(day))

    @classmethod
    def monthly(cls, day: Weekday | str, *, week: int = 1) -> Self:
        """Return a meeting once a month, by default on the first such day of it."""
        return cls(day=Weekday(day), week=week)

    @property
    def longest_gap(self) -> int:
        """The most days between two meetings: 7, or 35 where it is once a month."""
        return _WEEK if self.week is None else _LONGEST_MONTHLY_GAP

    def next(self, start: dt.datetime) -> dt.datetime:
        """Return the end of the next meeting day, in UTC; a meeting on the day of ``start`` counts.

        Args:
            start: an aware instant.
        """
        day = start.astimezone(KST).date()
        while not self._meets_on(day):
            day += _DAY
        return dt.datetime.combine(day, _LAST_SECOND).astimezone(dt.UTC)

    def _meets_on(self, day: dt.date) -> bool:
        return day.weekday() == self.day.rank and self.week in {None, (day.day - 1) // _WEEK + 1}

    def label(self, lang: Lang) -> str:
        """Say it in words, for example ``every Tuesday`` or ``매월 첫째 화요일``."""
        day = self.day.label(lang)
        if self.week is None:
            return f"매주 {day}" if lang == "ko" else f"every {day}"
        ko = ("첫째", "둘째", "셋째", "넷째")[self.week - 1]
        en = ("first", "second", "third", "fourth")[self.week - 1]
        return f"매월 {ko} {day}" if lang == "ko" else f"the {en} {day} of every month"
