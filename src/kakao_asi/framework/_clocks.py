"""Law clocks: dated rows with a trigger in closed data, and the due time that follows."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from .._internal.fields import (
    check_bool,
    check_date,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    check_whole,
)
from .._internal.words import Lang, Origin, Word
from ..exceptions import InvalidValue
from ._triggers import AnyOf, Fact, FactTest, as_clauses, as_tests

__all__ = ["ClockKind", "ClockRow", "DueClock", "RowStatus", "Start", "Unit"]


class Unit(Word):
    """What a limit counts."""

    HOURS = "hours", "시간", "hours"
    DAYS = "days", "일", "days"
    MONTHS = "months", "개월", "months"
    YEARS = "years", "년", "years"


class Start(Word):
    """From when a limit counts."""

    AWARE = "aware", "인지한 때", "awareness"
    ANSWER = "answer", "회신을 받은 때", "the answer"
    BEFORE = "before", "제공하기 전", "before it is provided"
    RECORD = "record", "기록한 때", "the record"
    RESOLVED = "resolved", "해결된 때", "resolution"


_STEPS = {Unit.HOURS: dt.timedelta(hours=1), Unit.DAYS: dt.timedelta(days=1)}


class RowStatus(Word):
    """How sure a row is."""

    CONFIRMED = "confirmed", "확인됨", "confirmed"
    RECHECK = "recheck", "재확인 필요", "check again"
    UNCONFIRMED = "unconfirmed", "미확정", "unconfirmed"


class ClockKind(Word):
    """What a row is for: a duty with a due time of an incident, or a standing duty of the system."""

    INCIDENT = "incident", "사고 대응", "incident"
    STANDING = "standing", "상시 의무", "standing duty"


@frozen(kw_only=True)
class ClockRow:
    """One duty of one version of a law, with what triggers it and how long it leaves.

    Attributes:
        id: stable id of the row, for example ``kr.pipa.report.v2``.
        duty: what rows of successive versions share, for example ``kr.pipa.report``; one is live at a time.
        kind: whether it is for an incident or stands all the time.
        ko: what is to be done, in Korean, at most 300 characters.
        en: the same in English.
        law: the law and its article.
        limit: how many units it leaves; None if the law gives no number.
        unit: the unit of the limit; None without a limit.
        counts_from: from when it counts.
        repeats: whether it is due again one limit after each due time until the incident is resolved; not for months.
        all_of: what triggers it: each of these has to hold; none means that it always applies.
        relief: tests that all pass where the law lets the duty be dropped; empty if it never does.
        effective_from: first day it applies, local to the law.
        effective_to: first day it no longer applies; None while no end is known.
        offset_hours: hours by which local time of the law is ahead of UTC; 9 for Korea.
        status: how sure the row is.
        follow_up_ko: what comes after or is special, in Korean, at most 500 characters; None if nothing.
        follow_up_en: the same in English.
        origin: LAW or STANDARD; a company's own duty is OURS.
        source_url: https address of the source.
        licence: licence of the source.
        retrieved_on: day it was read.
    """

    id: str = field(validator=check_id)
    duty: str = field(validator=check_id)
    kind: ClockKind = field(validator=check_kind(ClockKind))
    ko: str = field(validator=check_text(longest=300))
    en: str = field(validator=check_text(longest=300))
    law: str = field(validator=check_text())
    limit: int | None = field(default=None, validator=check_optional(check_whole(least=1, most=10_000)))
    unit: Unit | None = field(default=None, validator=check_optional(check_kind(Unit)))
    counts_from: Start = field(validator=check_kind(Start))
    repeats: bool = field(default=False, validator=check_bool)
    all_of: tuple[AnyOf, ...] = field(default=(), converter=as_clauses, validator=check_tuple_of(check_kind(AnyOf)))
    relief: tuple[FactTest, ...] = field(default=(), converter=as_tests, validator=check_tuple_of(check_kind(FactTest)))
    effective_from: dt.date = field(validator=check_date)
    effective_to: dt.date | None = field(default=None, validator=check_optional(check_date))
    offset_hours: int = field(default=9, validator=check_whole(most=14))
    status: RowStatus = field(validator=check_kind(RowStatus))
    follow_up_ko: str | None = field(default=None, validator=check_optional(check_text(longest=500)))
    follow_up_en: str | None = field(default=None, validator=check_optional(check_text(longest=500)))
    origin: Origin = field(validator=check_kind(Origin))
    source_url: str = field(validator=check_text(longest=500))
    licence: str = field(validator=check_text(longest=50))
    retrieved_on: dt.date = field(validator=check_date)

    def __attrs_post_init__(self) -> None:
        """Refuse a limit without its unit, an end before the start, and a source that is no https address.

        A limit in months or years does not repeat.
        """
        if (self.limit is None) != (self.unit is None):
            raise InvalidValue("ClockRow.limit", "must come with its unit, or both must be left out")
        if self.repeats and self.unit not in _STEPS:
            raise InvalidValue("ClockRow.repeats", "must come with a limit in hours or days")
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise InvalidValue("ClockRow.effective_to", "must be after effective_from", "the interval is half-open")
        if not self.source_url.startswith("https://"):
            raise InvalidValue("ClockRow.source_url", "must be an https address")

    @property
    def zone(self) -> dt.timezone:
        """The local time of the law; fixed, so that no time-zone data is needed."""
        return dt.timezone(dt.timedelta(hours=self.offset_hours))

    def is_live(self, aware_at: dt.datetime) -> bool:
        """Tell whether the row applies to what became known at an instant: from 00:00 local time, half-open."""
        day = aware_at.astimezone(self.zone).date()
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def text(self, lang: Lang) -> str:
        """Return what is to be done, in the language asked for."""
        return self.ko if lang == "ko" else self.en

    def follow_up(self, lang: Lang) -> str | None:
        """Return what comes after or is special, in the language asked for."""
        return self.follow_up_ko if lang == "ko" else self.follow_up_en


@frozen(kw_only=True)
class DueClock:
    """A duty that is triggered, and when it is due. Output is no legal advice.

    Attributes:
        row: the row of the law.
        starts_at: from when it counts; None for a standing duty.
        due_at: by when it is to be done, UTC; a final holiday does not move it (stricter than the law, our choice).
            None where the law gives no number.
        legal_end: the end the law itself gives: a period of days that would end on a Saturday, a Sunday or a holiday
            moves on. None without a due time, and for days where no calendar was given.
        triggered_by: the tests that passed or count as passed, in the order of the row.
        assumed: the facts nobody knows that were counted as passing, sorted by id.
        may_drop: whether the law lets it be dropped as things stand; people decide, so it is still listed.
    """

    row: ClockRow
    starts_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    legal_end: dt.datetime | None = None
    triggered_by: tuple[FactTest, ...] = ()
    assumed: tuple[Fact, ...] = ()
    may_drop: bool = False

    def due_times(self, count: int) -> tuple[dt.datetime, ...]:
        """Return the first so many due times: one at most, unless the duty repeats; none without a due time."""
        if self.due_at is None:
            return ()
        if not self.row.repeats or self.row.unit is None:
            return (self.due_at,)[:count]
        step = _STEPS[self.row.unit] * (self.row.limit or 0)
        return tuple(self.due_at + step * number for number in range(count))

    @property
    def id(self) -> str:
        """The id of the row."""
        return self.row.id
