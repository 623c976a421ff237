"""When the framework is to be reviewed: as planned, or within 30 days of something that cannot wait for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise

from attrs import field, frozen

from .._internal.clock import KST
from .._internal.fields import check_kind
from .._internal.words import Word
from ..framework import ClockRow, FrameworkReview, triggered
from ..governance import Matter
from ..lifecycle import SystemState
from ..lifecycle import events as e
from ..taxonomy import Grade
from ._indicators import Light, indicators
from ._records import Entry

__all__ = ["ReviewDue", "ReviewReason", "Watched", "due_reviews"]

_SOON = dt.timedelta(days=30)
_PERIOD = dt.timedelta(days=30)
_PERIODS = 12
_DISPROVED = 5


class ReviewReason(Word):
    """Why a review of the framework is due (our choice)."""

    PLANNED = "planned", "예정된 재검토", "planned"
    HIGH_INCIDENT = "high_incident", "고 등급 사고", "an incident graded HIGH"
    OVERRIDE = "override", "예외 승인", "an override"
    LAW_STARTED = "law_started", "법령 시행", "a law that started"
    KRI_RED_TWICE = "kri_red_twice", "두 기간 이어진 지표 경고", "an indicator red twice in a row"
    DISPROVED = "disproved", "잘못으로 드러난 제외 5건", "five dismissals proved wrong"


@frozen(kw_only=True)
class ReviewDue:
    """A review that is due.

    Attributes:
        on: last day for it.
        reason: why.
        subject: id of what it is about: the latest review, a risk, a case, a row of law, an indicator or a candidate.
    """

    on: dt.date
    reason: ReviewReason = field(validator=check_kind(ReviewReason))
    subject: str


@frozen(kw_only=True)
class Watched:
    """What is looked at beside the log.

    Attributes:
        systems: the systems under management.
        disproved: when a dismissal was proved wrong, and id of its candidate.
        clocks: the rows of law.
    """

    systems: tuple[SystemState, ...]
    disproved: tuple[tuple[dt.datetime, str], ...]
    clocks: tuple[ClockRow, ...]


def due_reviews(
    entries: Iterable[Entry], latest: FrameworkReview | None, watched: Watched, now: dt.datetime
) -> tuple[ReviewDue, ...]:
    """Return why a review is due and by when, the earliest first; what a later review has seen counts no more.

    Args:
        entries: the log from its beginning.
        latest: the review held last; None if none was.
        watched: what is looked at beside the log.
        now: the instant.
    """
    every = tuple(entries)
    held = dt.date.min if latest is None else latest.held_on
    today = _day(now)
    found = [*_events(every), *_laws(watched, held, today), *_wrong(watched.disproved, held)]
    found += _red_twice(every, held, now)
    due = [
        ReviewDue(on=day + _SOON, reason=reason, subject=subject)
        for day, reason, subject in found
        if held < day <= today
    ]
    if latest is not None:
        due.append(ReviewDue(on=latest.next_on, reason=ReviewReason.PLANNED, subject=latest.id))
    return tuple(sorted(due, key=lambda one: (one.on, one.reason.id, one.subject)))


_Trigger = tuple[dt.date, ReviewReason, str]


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(KST).date()


def _events(entries: tuple[Entry, ...]) -> Iterator[_Trigger]:
    overrides = set()
    for entry in entries:
        event = entry.event
        if isinstance(event, e.CaseOpened) and event.case.matter is Matter.OVERRIDE:
            overrides.add(entry.stream)
        elif isinstance(event, e.BodyDecided) and entry.stream in overrides and event.decision.outcome.approves:
            yield _day(entry.at), ReviewReason.OVERRIDE, entry.stream.partition(":")[2]
        elif isinstance(event, e.RiskAssessed):
            one = event.assessment
            if one.grade is Grade.HIGH and one.judgement.incident:
                yield _day(entry.at), ReviewReason.HIGH_INCIDENT, entry.stream.partition(":")[2]


def _laws(watched: Watched, held: dt.date, today: dt.date) -> Iterator[_Trigger]:
    for row in watched.clocks:
        if held < row.effective_from <= today and any(
            _day(one.entered_at) < row.effective_from and triggered(row.all_of, one.system) is not None
            for one in watched.systems
        ):
            yield row.effective_from, ReviewReason.LAW_STARTED, row.id


def _wrong(disproved: Iterable[tuple[dt.datetime, str]], held: dt.date) -> Iterator[_Trigger]:
    since = sorted((_day(at), name) for at, name in disproved if _day(at) > held)
    if len(since) >= _DISPROVED:
        day, name = since[_DISPROVED - 1]
        yield day, ReviewReason.DISPROVED, name


def _red_twice(entries: tuple[Entry, ...], held: dt.date, now: dt.datetime) -> Iterator[_Trigger]:
    """Yield each indicator that was red at the ends of two 30-day periods in a row, with the first such end.

    Periods count from the latest review, without one from the first event.
    """
    start = max(entries[0].recorded_at, dt.datetime.combine(max(held, dt.date(1970, 1, 1)), dt.time(), KST))
    ends = [end for number in range(1, _PERIODS + 1) if (end := start + _PERIOD * number) <= now]
    red = [{(one.kri.id, one.subject) for one in indicators(entries, at=end) if one.light is Light.RED} for end in ends]
    seen: set[tuple[str, str | None]] = set()
    for (_, before), (end, after) in pairwise(zip(ends, red, strict=True)):
        for kri, subject in sorted((before & after) - seen, key=lambda one: (one[0], one[1] or "")):
            yield _day(end), ReviewReason.KRI_RED_TWICE, kri if subject is None else f"{kri}/{subject}"
        seen |= before & after
