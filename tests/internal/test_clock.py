"""Instants as they are stored and shown, and ids that carry one."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi._internal.clock import format_instant, show_instant, utc_now
from kakao_asi._internal.ids import uuid7

MORNING = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
ZONES = st.integers(-23, 23).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
INSTANTS = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001  # Hypothesis adds the zone
NANOSECONDS = st.integers(0, 2**48 * 1_000_000 - 1)


@given(INSTANTS)
def test_a_stored_instant_has_one_width(instant: dt.datetime) -> None:
    """Every instant is stored in 27 characters, so that texts sort as times do."""
    assert len(format_instant(instant)) == 27


@given(INSTANTS, INSTANTS)
def test_stored_instants_sort_as_times_do(one: dt.datetime, other: dt.datetime) -> None:
    """The earlier instant is the smaller text, whatever the zones."""
    assert (one < other) is (format_instant(one) < format_instant(other))


@given(INSTANTS)
def test_a_stored_instant_reads_back_the_same(instant: dt.datetime) -> None:
    """Nothing is lost by storing."""
    assert instant == dt.datetime.fromisoformat(format_instant(instant))


@pytest.mark.parametrize(
    ("lang", "shown"),
    [("ko", "2026년 11월 23일(월) 10:30 KST"), ("en", "2026-11-23 10:30 KST")],
)
def test_an_instant_is_shown_in_korean_time(lang: str, shown: str) -> None:
    """People read Korean time, with the weekday in Korean."""
    assert shown == show_instant(MORNING, lang=lang)


@pytest.mark.parametrize(("day", "name"), list(enumerate("월화수목금토일", 23)))
def test_weekdays_have_their_korean_names(day: int, name: str) -> None:
    """The seven days of a week are named in order."""
    shown = show_instant(dt.datetime(2026, 11, 23, tzinfo=dt.UTC) + dt.timedelta(days=day - 23), lang="ko")

    assert f"({name})" in shown


def test_the_present_is_told_in_utc() -> None:
    """The default clock answers an aware instant in UTC."""
    assert utc_now().tzinfo is dt.UTC


@given(NANOSECONDS)
def test_an_id_is_a_uuid_of_version_seven(now_ns: int) -> None:
    """Version and variant bits are where the standard puts them."""
    made = uuid.UUID(uuid7(now_ns))

    assert (made.version, made.variant) == (7, uuid.RFC_4122)


@given(NANOSECONDS)
def test_an_id_carries_its_millisecond(now_ns: int) -> None:
    """The first 48 bits are the Unix time in milliseconds."""
    assert uuid.UUID(uuid7(now_ns)).int >> 80 == now_ns // 1_000_000


@given(NANOSECONDS, NANOSECONDS)
def test_ids_of_different_milliseconds_sort_by_time(one: int, other: int) -> None:
    """An id made in a later millisecond is the larger text."""
    earlier, later = sorted((one // 1_000_000, other // 1_000_000))

    assert earlier == later or uuid7(earlier * 1_000_000) < uuid7(later * 1_000_000)


def test_ids_of_one_instant_differ() -> None:
    """A thousand ids made at one instant are a thousand ids."""
    assert len({uuid7(0) for _ in range(1_000)}) == 1_000
