"""When a body meets, and what a clock that ends before a meeting is told."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import (
    START,
    Cadence,
    Edge,
    EscalationGraph,
    GovernanceBody,
    GraphFinding,
    Quorum,
    Reason,
    Term,
    Weekday,
    When,
)

KST = dt.timezone(dt.timedelta(hours=9))
CADENCES = [
    *(Cadence.weekly(day) for day in Weekday),
    *(Cadence.monthly(day, week=week) for day in Weekday for week in (1, 2, 3, 4)),
]


@given(cadence=st.sampled_from(CADENCES), hours=st.integers(0, 15 * 8_766))
def test_the_next_meeting_is_the_first_day_that_fits(cadence: Cadence, hours: int) -> None:
    """It is a day of that kind, not before the start, and none of that kind lies between."""
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    day, first = cadence.next(begin).astimezone(KST).date(), begin.astimezone(KST).date()
    fits = [
        one
        for one in (first + dt.timedelta(days=number) for number in range((day - first).days + 1))
        if one.weekday() == cadence.day.rank and cadence.week in {None, (one.day + 6) // 7}
    ]

    assert [day] == fits
    assert (day - first).days < cadence.longest_gap


@pytest.mark.parametrize("cadence", CADENCES, ids=lambda one: one.label("en"))
def test_no_gap_is_longer_than_said(cadence: Cadence) -> None:
    """Over ten years the gaps between meetings never exceed the longest, and reach it."""
    meetings = [cadence.next(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))]
    while meetings[-1].year < 2036:
        meetings.append(cadence.next(meetings[-1] + dt.timedelta(seconds=1)))

    assert cadence.longest_gap == max((later - earlier).days for earlier, later in pairwise(meetings))


def test_a_meeting_ends_with_its_day_in_korea() -> None:
    """A meeting on the very day counts until its last second."""
    tuesday = dt.datetime(2026, 12, 1, 3, tzinfo=dt.UTC)

    assert dt.datetime(2026, 12, 1, 14, 59, 59, tzinfo=dt.UTC) == Cadence.weekly("tuesday").next(tuesday)


@pytest.mark.parametrize(
    ("cadence", "ko", "en"),
    [
        (Cadence.weekly("화요일"), "매주 화요일", "every Tuesday"),
        (Cadence.monthly("friday"), "매월 첫째 금요일", "the first Friday of every month"),
        (Cadence.monthly("friday", week=4), "매월 넷째 금요일", "the fourth Friday of every month"),
    ],
)
def test_a_cadence_is_said_in_both_languages(cadence: Cadence, ko: str, en: str) -> None:
    """In plain words."""
    assert (ko, en) == (cadence.label("ko"), cadence.label("en"))


@pytest.mark.parametrize("week", [0, 5, True, "1"])
def test_not_every_month_has_a_fifth_week(week: object) -> None:
    """A week is 1 to 4."""
    with pytest.raises(InvalidValue, match=r"Cadence\.week"):
        Cadence(day=Weekday.MONDAY, week=week)  # type: ignore[arg-type]  # what is refused


def notes(meets: Cadence | None, *edges: Edge) -> list[GraphFinding]:
    """Return what a graph whose only body meets so says about its clocks."""
    top = GovernanceBody(id="top", ko="기구", en="Body", tier=1, seats=1, quorum=Quorum(), meets=meets)
    graph = EscalationGraph(bodies=[top], edges=edges, apex="top")
    return [one for one in graph.check() if one.code == "clock_before_meeting"]


FAST = Edge(source=START, target="top", when=When(reason={Reason.INCIDENT}), within=Term(hours=48))
SLOW = Edge(source=START, target="top", when=When(reason=set(Reason) - {Reason.INCIDENT}), within=Term(business_days=6))


def test_a_clock_that_ends_before_a_meeting_is_noted() -> None:
    """Once for each pair of bodies, with the shortest term, how often it meets, and a kind of case."""
    (one,) = notes(Cadence.weekly("tuesday"), SLOW, FAST)

    assert (("start", "top"), Reason.INCIDENT) == (one.ids, one.example.reason if one.example else None)
    assert all(text in one.text for text in ("every Tuesday", "48 hours"))
    assert all(text in one.text_ko for text in ("매주 화요일", "48시간"))


def test_a_clock_longer_than_every_gap_is_not_noted() -> None:
    """Nor is one of a body that meets whenever it is asked, nor the absence of one."""
    long = Edge(source=START, target="top", within=Term(business_days=7))
    none = Edge(source=START, target="top")

    assert [[], [], []] == [
        notes(Cadence.weekly("tuesday"), long),
        notes(None, FAST, SLOW),
        notes(Cadence.weekly("tuesday"), none),
    ]
