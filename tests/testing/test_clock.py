"""The clock that stands still."""

import datetime as dt

import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.testing import FrozenClock

START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
KST = dt.timezone(dt.timedelta(hours=9))


def test_clock_stands_still() -> None:
    """Asking the time does not move it."""
    clock = FrozenClock(START)

    assert [clock(), clock()] == [START, START]


@pytest.mark.parametrize("hours", [5, 0, -5], ids=["forward", "not at all", "back"])
def test_clock_moves_when_told(hours: int) -> None:
    """A duration moves the clock forward, or back where it is negative."""
    clock = FrozenClock(START)
    clock.forward(dt.timedelta(hours=hours))

    assert clock() - START == dt.timedelta(hours=hours)


def test_clock_is_set() -> None:
    """A clock is set to any instant, and answers in UTC."""
    clock = FrozenClock(START)
    clock.set(START.replace(year=2027).astimezone(KST))

    assert (clock(), clock().tzinfo) == (START.replace(year=2027), dt.UTC)


def test_clock_needs_a_zone() -> None:
    """An instant without a time zone is refused."""
    with pytest.raises(InvalidValue, match="time zone"):
        FrozenClock(START.replace(tzinfo=None))
