"""Incidents on record: what is known, what was done about each duty of the law, and which of its clocks still run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import (
    as_ids,
    as_utc,
    as_utc_or_none,
    check_aware,
    check_id,
    check_kind,
    check_optional,
    check_tuple_of,
    check_whole,
    tupled,
)
from .._internal.words import OrderedWord, Word
from ..exceptions import InvalidValue
from ._clocks import DueClock
from ._triggers import Incident

__all__ = ["ClockStanding", "DutyDone", "IncidentRecord", "PostMortem", "RunningClock", "RunningIncident", "running"]


class PostMortem(OrderedWord):
    """How far the post-mortem of an incident is (our choice of states, after the practice of on-call teams)."""

    DRAFT = "draft", "작성 중", "draft"
    IN_REVIEW = "in_review", "검토 중", "in review"
    REVIEWED = "reviewed", "검토 완료", "reviewed"
    CLOSED = "closed", "종결", "closed"


class ClockStanding(Word):
    """How a duty of the law stands for an incident."""

    RUNNING = "running", "진행 중", "running"
    MET = "met", "기한 내 이행", "met"
    LATE = "late", "기한을 넘겨 이행", "done late"
    MISSED = "missed", "기한 넘김", "missed"
    UNDATED = "undated", "기한 없음", "without a due time"


@frozen(kw_only=True)
class DutyDone:
    """That a duty of the law was done for an incident; one that repeats is done again.

    Attributes:
        clock: id of the row of the law, for example ``kr.pipa.report.v2``.
        at: when it was done.
    """

    clock: str = field(validator=check_id)
    at: dt.datetime = field(converter=as_utc, validator=check_aware)


def _done(values: Iterable[DutyDone]) -> tuple[DutyDone, ...]:
    return tuple(sorted(tupled(values), key=lambda one: (one.at, one.clock)))


@frozen(kw_only=True)
class IncidentRecord:
    """An incident with a system; what becomes known later is a new version of the record.

    Attributes:
        id: stable id.
        version: its version, at least 1.
        system: id of the system.
        risks: ids of the risks it belongs to.
        facts: what is known; when it became known decides which law applies.
        occurred_at: when it began; None while nobody knows. Not after it became known.
        contained_at: when it was contained; None while it is not.
        done: the duties of the law that were done, in order of time; none before it became known.
        post_mortem: how far the post-mortem is; None while there is none.
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    system: str = field(validator=check_id)
    risks: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    facts: Incident = field(validator=check_kind(Incident))
    occurred_at: dt.datetime | None = field(
        default=None, converter=as_utc_or_none, validator=check_optional(check_aware)
    )
    contained_at: dt.datetime | None = field(
        default=None, converter=as_utc_or_none, validator=check_optional(check_aware)
    )
    done: tuple[DutyDone, ...] = field(
        default=(), converter=_done, validator=check_tuple_of(check_kind(DutyDone), most=200)
    )
    post_mortem: PostMortem | None = field(default=None, validator=check_optional(check_kind(PostMortem)))

    def __attrs_post_init__(self) -> None:
        """Refuse a beginning after awareness and a duty done before it."""
        if self.occurred_at is not None and self.occurred_at > self.facts.aware_at:
            raise InvalidValue("IncidentRecord.occurred_at", "must not be after it became known")
        if any(one.at < self.facts.aware_at for one in self.done):
            raise InvalidValue("IncidentRecord.done", "must not be before the incident became known")


@frozen(kw_only=True)
class RunningClock:
    """A duty of the law for an incident on record, as it stands.

    Attributes:
        clock: the duty with what set it off.
        due_at: when it is due; of one that repeats, the next time. None without a due time.
        done_at: when it was last done; None if it was not.
        standing: running, met, done late, missed, or without a due time.
    """

    clock: DueClock
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    standing: ClockStanding


@frozen(kw_only=True)
class RunningIncident:
    """An incident on record with its duties.

    Attributes:
        record: its latest version.
        clocks: its duties, the earliest first.
    """

    record: IncidentRecord
    clocks: tuple[RunningClock, ...]

    @property
    def open(self) -> bool:
        """Whether it is not resolved, a duty of it runs or was missed, or its post-mortem is not closed."""
        left = {ClockStanding.RUNNING, ClockStanding.MISSED}
        unresolved = self.record.facts.resolved_at is None or self.record.post_mortem is not PostMortem.CLOSED
        return unresolved or any(one.standing in left for one in self.clocks)


def running(record: IncidentRecord, clocks: Iterable[DueClock], now: dt.datetime) -> RunningIncident:
    """Return how the duties an incident set off stand at an instant.

    A duty that repeats is due again one limit after each due time until the incident is resolved.
    """
    found = tuple(_standing(record, one, now) for one in clocks)
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return RunningIncident(
        record=record, clocks=tuple(sorted(found, key=lambda one: (one.due_at or latest, one.clock.id)))
    )


def _standing(record: IncidentRecord, clock: DueClock, now: dt.datetime) -> RunningClock:
    times = [one.at for one in record.done if one.clock == clock.id]
    done_at = times[-1] if times else None
    if clock.due_at is None:
        return RunningClock(clock=clock, due_at=None, done_at=done_at, standing=ClockStanding.UNDATED)
    late = any(at > due for at, due in zip(times, clock.due_times(len(times)), strict=False))
    (*_, due) = clock.due_times(len(times) + 1 if clock.row.repeats else 1)
    resolved = record.facts.resolved_at
    over = (bool(times) and not clock.row.repeats) or (clock.row.repeats and resolved is not None and due > resolved)
    if over:
        standing = ClockStanding.LATE if late else ClockStanding.MET
    else:
        standing = ClockStanding.MISSED if now > due else ClockStanding.RUNNING
    return RunningClock(clock=clock, due_at=due, done_at=done_at, standing=standing)
