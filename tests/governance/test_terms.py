"""When a time to decide ends."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import Term, WeekdayCalendar

KST = dt.timezone(dt.timedelta(hours=9))
WEEKDAYS = WeekdayCalendar()


class NeverOpen:
    """A calendar on which nobody ever works."""

    def is_business_day(self, day: dt.date, /) -> bool:
        """Say no."""
        del day
        return False


def korean(day: int, hour: int = 10, minute: int = 0, second: int = 0) -> dt.datetime:
    """Return an instant of November 2026 in Korean time; the 23rd is a Monday."""
    return dt.datetime(2026, 11, day, hour, minute, second, tzinfo=KST)


def test_hours_run_through_the_weekend() -> None:
    """Hours are hours on the clock, in UTC."""
    due = Term(hours=48).due(korean(27), WEEKDAYS)

    assert (due, due.tzinfo) == (korean(29), dt.UTC)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (korean(23), 1, 24),
        (korean(23, 0), 1, 24),
        (korean(23, 23, 59), 1, 24),
        (korean(27), 1, 30),
        (korean(28), 1, 30),
        (korean(23), 5, 30),
    ],
    ids=["Monday", "Monday at midnight", "Monday late", "Friday", "Saturday", "a week"],
)
def test_business_days_end_with_the_last_second_of_the_last_day(start: dt.datetime, days: int, last: int) -> None:
    """The day of the start is not counted, and the last day counts to its end."""
    assert Term(business_days=days).due(start, WEEKDAYS) == korean(last, 23, 59, 59)


def test_business_days_are_days_of_korean_time() -> None:
    """Sunday evening in UTC is Monday in Korea, so one business day ends on Tuesday."""
    start = dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC)

    assert Term(business_days=1).due(start, WEEKDAYS) == korean(24, 23, 59, 59)


def test_business_days_pass_over_holidays() -> None:
    """A holiday is no business day."""
    calendar = WeekdayCalendar(holidays=[dt.date(2026, 11, 24)])

    assert Term(business_days=1).due(korean(23), calendar) == korean(25, 23, 59, 59)


@pytest.mark.parametrize(
    "values",
    [{}, {"hours": 1, "business_days": 1}, {"hours": 0}, {"business_days": 367}, {"hours": 1.5}],
    ids=["neither", "both", "zero", "too many", "half"],
)
def test_term_refuses_anything_but_one_measure(values: dict[str, Any]) -> None:
    """A term has exactly one measure, a whole number in its range."""
    with pytest.raises(InvalidValue, match=r"^Term"):
        Term(**values)


@pytest.mark.parametrize("term", [Term(hours=1), Term(business_days=1)], ids=["hours", "days"])
def test_term_refuses_a_start_without_a_time_zone(term: Term) -> None:
    """A naive instant is refused, because nobody knows when it was."""
    with pytest.raises(InvalidValue, match="time zone"):
        term.due(dt.datetime(2026, 11, 23), WEEKDAYS)  # noqa: DTZ001  # the naive one is the point


@pytest.mark.parametrize("term", [Term(hours=24), Term(business_days=1)], ids=["hours", "days"])
def test_term_refuses_to_end_after_the_last_year(term: Term) -> None:
    """A term that would end after the year 9999 is refused."""
    with pytest.raises(InvalidValue, match="9999"):
        term.due(dt.datetime(9999, 12, 31, 20, tzinfo=dt.UTC), WEEKDAYS)


def test_term_refuses_a_calendar_without_business_days() -> None:
    """A calendar that never opens is refused instead of being asked for ever."""
    with pytest.raises(InvalidValue, match="business day within 366 days"):
        Term(business_days=1).due(korean(23), NeverOpen())


@pytest.mark.parametrize("holidays", ["2026-11-24", 3, [3], [korean(24)]], ids=["text", "number", "inside", "instant"])
def test_calendar_refuses_anything_but_dates(holidays: Any) -> None:
    """Holidays are dates."""
    with pytest.raises(InvalidValue, match=r"WeekdayCalendar\.holidays"):
        WeekdayCalendar(holidays=holidays)


@pytest.mark.parametrize(
    ("term", "ko", "en"),
    [
        (Term(hours=1), "1시간", "1 hour"),
        (Term(hours=24), "24시간", "24 hours"),
        (Term(business_days=1), "영업일 1일", "1 business day"),
        (Term(business_days=5), "영업일 5일", "5 business days"),
    ],
    ids=["hour", "hours", "day", "days"],
)
def test_term_is_said_in_both_languages(term: Term, ko: str, en: str) -> None:
    """A term reads naturally in Korean and in English."""
    assert (term.label("ko"), term.label("en")) == (ko, en)


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
    st.integers(1, 60),
)
def test_longer_terms_end_later(start: dt.datetime, days: int) -> None:
    """One business day more ends on a later business day, after the start."""
    sooner, later = (Term(business_days=number).due(start, WEEKDAYS) for number in (days, days + 1))

    assert start < sooner < later
    assert WEEKDAYS.is_business_day(later.astimezone(KST).date())
