"""How long a body has to decide, in hours or in business days of a calendar that the host brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from attrs import field, frozen

from .._internal.clock import KST
from .._internal.fields import check_date, check_kind, check_optional, check_tuple_of, check_whole
from .._internal.words import Lang, Origin
from ..exceptions import InvalidValue
from ._dimensions import Cell, Level, Reason

__all__ = ["AcknowledgeTerms", "Calendar", "Term", "WeekdayCalendar"]

_DAY = dt.timedelta(days=1)
_LAST_SECOND = dt.time(23, 59, 59, tzinfo=KST)
_LONGEST_BREAK = 366
_FRIDAY = 4


class Calendar(Protocol):
    """Anything that knows which days are worked."""

    def is_business_day(self, day: dt.date, /) -> bool:
        """Tell whether a day of Korean time is a business day."""
        ...


def _dates(values: Iterable[dt.date]) -> frozenset[dt.date]:
    return frozenset(values) if isinstance(values, Iterable) else values


@frozen(kw_only=True)
class WeekdayCalendar:
    """Monday to Friday, less the holidays it is given.

    Korean public holidays follow the lunar calendar and government decisions, so no formula stands here: pass them.

    Attributes:
        holidays: days of Korean time that are not worked; at most 10,000.
    """

    holidays: frozenset[dt.date] = field(
        default=frozenset(), converter=_dates, validator=check_tuple_of(check_date, most=10_000, kind=frozenset)
    )

    def is_business_day(self, day: dt.date, /) -> bool:
        """Tell whether a day is a weekday and no holiday."""
        return day.weekday() <= _FRIDAY and day not in self.holidays


@frozen(kw_only=True)
class Term:
    """A time to decide, either in hours or in business days.

    Attributes:
        hours: 1 to 8,784 hours on the clock, weekends included; None if business days are given.
        business_days: 1 to 366 business days; None if hours are given.
        origin: who says so; None: the organisation's own rule.

    Raises:
        InvalidValue: both or neither are given.
    """

    hours: int | None = field(default=None, validator=check_optional(check_whole(least=1, most=8_784)))
    business_days: int | None = field(default=None, validator=check_optional(check_whole(least=1, most=366)))
    origin: Origin | None = field(default=None, validator=check_optional(check_kind(Origin)))

    def __attrs_post_init__(self) -> None:
        """Refuse a term of two measures or of none."""
        if (self.hours is None) == (self.business_days is None):
            raise InvalidValue("Term", "must be either hours or business days", "give exactly one of the two")

    def due(self, start: dt.datetime, calendar: Calendar) -> dt.datetime:
        """Return the last instant in time, in UTC.

        Hours run from ``start``. Business days are days of Korean time: the day of ``start`` is not counted, and the
        term ends with the last second of its last day (our choice, after the way Korean law counts days).

        Source: Civil Act of Korea, articles 157 and 159.

        Raises:
            InvalidValue: ``start`` has no time zone, the end lies beyond the year 9999, or the calendar knows no
                business day within 366 days.
        """
        if start.tzinfo is None:
            raise InvalidValue("Term.due", "must start at a datetime with a time zone", "pass tzinfo=datetime.UTC")
        try:
            if self.hours is not None:
                return start.astimezone(dt.UTC) + dt.timedelta(hours=self.hours)
            day = start.astimezone(KST).date()
            for _ in range(self.business_days or 0):
                day = _next_business_day(day, calendar)
            return dt.datetime.combine(day, _LAST_SECOND).astimezone(dt.UTC)
        except OverflowError:
            raise InvalidValue("Term.due", "must end within the year 9999", "start earlier") from None

    @property
    def measure(self) -> int:
        """Hours for comparing terms with each other, a business day counted as 24."""
        return self.hours if self.hours is not None else 24 * (self.business_days or 0)

    def label(self, lang: Lang) -> str:
        """Say the term in words, for example ``3 business days`` or ``영업일 3일``."""
        if self.hours is not None:
            return f"{self.hours}시간" if lang == "ko" else _counted(self.hours, "hour")
        days = self.business_days or 0
        return f"영업일 {days}일" if lang == "ko" else _counted(days, "business day")


@frozen(kw_only=True)
class AcknowledgeTerms:
    """How long a body has to say that it knows of a case, from when the case comes to it (our choice of times).

    Attributes:
        low: for cases of LOW level.
        medium: for MEDIUM.
        high: for HIGH, and where the grade is not known.
        incident: for HIGH or not known, after an incident.
    """

    low: Term = field(factory=lambda: Term(business_days=5, origin=Origin.OURS), validator=check_kind(Term))
    medium: Term = field(factory=lambda: Term(business_days=1, origin=Origin.OURS), validator=check_kind(Term))
    high: Term = field(factory=lambda: Term(hours=4, origin=Origin.OURS), validator=check_kind(Term))
    incident: Term = field(factory=lambda: Term(hours=1, origin=Origin.OURS), validator=check_kind(Term))

    def term(self, cell: Cell) -> Term:
        """Return the term for a kind of case."""
        if cell.level < Level.HIGH:
            return self.low if cell.level is Level.LOW else self.medium
        return self.incident if cell.reason is Reason.INCIDENT else self.high


def _next_business_day(day: dt.date, calendar: Calendar) -> dt.date:
    for _ in range(_LONGEST_BREAK):
        day += _DAY
        if calendar.is_business_day(day):
            return day
    rule = f"must know a business day within {_LONGEST_BREAK} days"
    raise InvalidValue("Calendar.is_business_day", rule, "check the holidays it was given")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
