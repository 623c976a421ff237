"""Which duties of which version of which law an incident sets off, and by when; and which stand all the time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from ..exceptions import InvalidValue
from ..framework import ClockKind, ClockRow, DueClock, HorizonRow, Incident, RowStatus, Start, Unit, known, triggered
from ..governance import Calendar
from ..systems import System
from ._files import shipped

__all__ = ["check_clock_rows", "clock_rows", "clocks", "duties", "horizon"]

_DAY = dt.timedelta(days=1)
_LAST_SECOND = dt.time(23, 59, 59)


@cache
def clock_rows() -> tuple[ClockRow, ...]:
    """Return the shipped rows of the scheme ``law.clocks``, sorted by id. Output is no legal advice."""
    return check_clock_rows(shipped("clocks.json", ClockRow))


@cache
def horizon() -> tuple[HorizonRow, ...]:
    """Return the dated changes of law ahead, sorted by id; they are shown and fire nothing."""
    return shipped("horizon.json", HorizonRow)


def check_clock_rows(rows: Iterable[ClockRow]) -> tuple[ClockRow, ...]:
    """Return the rows sorted by id, refusing what would let a duty vanish or count twice.

    Raises:
        InvalidValue: an id stands twice, two versions of one duty are live on one day, or the only successor of a row
            that ends is unconfirmed.
    """
    found = tuple(sorted(rows, key=lambda row: row.id))
    if len({row.id for row in found}) != len(found):
        raise InvalidValue("clock rows", "must not hold an id twice")
    by_duty: dict[str, list[ClockRow]] = defaultdict(list)
    for row in sorted(found, key=lambda row: row.effective_from):
        by_duty[row.duty].append(row)
    for versions in by_duty.values():
        for earlier, later in pairwise(versions):
            if earlier.effective_to is None or later.effective_from < earlier.effective_to:
                rule = f"must not hold two live versions of one duty on one day ({earlier.id}, {later.id})"
                raise InvalidValue("clock rows", rule, "end the earlier one on the day the later one starts")
            if later.status is RowStatus.UNCONFIRMED:
                rule = f"must not let an unconfirmed row switch an earlier one off ({later.id})"
                raise InvalidValue("clock rows", rule, "leave the earlier one open until the later one is confirmed")
    return found


def clocks(
    incident: Incident,
    system: System,
    *,
    calendar: Calendar | None = None,
    rows: Iterable[ClockRow] | None = None,
) -> tuple[DueClock, ...]:
    """Return the clocks an incident sets off, the earliest first; the version of each law is chosen by ``aware_at``.

    Hours run from the instant, nights and holidays too. Of days the first is left out and the last ends the period;
    ``due_at`` ignores that a final holiday moves it on (stricter, our choice), ``legal_end`` applies it when a
    calendar is given. Output is no legal advice.

    Args:
        incident: what is known.
        system: the system it is about, with the facts known about it.
        calendar: which days are business days in the law's country.
        rows: rows to choose from; the shipped ones by default.

    Source: Civil Act (Korea), articles 156, 157, 159 and 161; Regulation (EEC, Euratom) 1182/71, article 3.
    """
    found: list[DueClock] = []
    for row in check_clock_rows(rows) if rows is not None else clock_rows():
        start = _start(row, incident)
        if row.kind is ClockKind.INCIDENT and row.is_live(incident.aware_at) and start is not None:
            found += _set_off(row, incident, system, start, calendar)
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(found, key=lambda clock: (clock.due_at or latest, clock.id)))


def duties(system: System, *, on: dt.date, rows: Iterable[ClockRow] | None = None) -> tuple[DueClock, ...]:
    """Return the standing duties of a system on a day, sorted by id. Output is no legal advice.

    Args:
        system: the system, with the facts known about it.
        on: the day.
        rows: rows to choose from; the shipped ones by default.
    """
    found: list[DueClock] = []
    for row in check_clock_rows(rows) if rows is not None else clock_rows():
        noon = dt.datetime.combine(on, dt.time(12), row.zone)
        if row.kind is ClockKind.STANDING and row.is_live(noon):
            found += _set_off(row, None, system, None, None)
    return tuple(found)


def _start(row: ClockRow, incident: Incident) -> dt.datetime | None:
    if row.counts_from is Start.ANSWER:
        return incident.answered_at
    return incident.resolved_at if row.counts_from is Start.RESOLVED else incident.aware_at


def _set_off(
    row: ClockRow, incident: Incident | None, system: System, start: dt.datetime | None, calendar: Calendar | None
) -> tuple[DueClock, ...]:
    why = triggered(row.all_of, system, incident)
    if why is None:
        return ()
    due = None if start is None else _due(row, start)
    return (
        DueClock(
            row=row,
            starts_at=start,
            due_at=due,
            legal_end=_legal_end(row, due, calendar),
            triggered_by=why.tests,
            assumed=why.assumed,
            may_drop=incident is not None
            and bool(row.relief)
            and all(test.passes(known(test.fact, system, incident)) for test in row.relief),
        ),
    )


def _due(row: ClockRow, start: dt.datetime) -> dt.datetime | None:
    if row.limit is None or row.unit is None:
        return None
    if row.unit is Unit.HOURS:
        return start + dt.timedelta(hours=row.limit)
    first = start.astimezone(row.zone).date()
    last = _months_on(first, row.limit * _MONTHS[row.unit]) if row.unit in _MONTHS else first + row.limit * _DAY
    return _end_of(last, row)


_MONTHS = {Unit.MONTHS: 1, Unit.YEARS: 12}


def _months_on(day: dt.date, months: int) -> dt.date:
    """Return the day so many months on, or the last day of that month where it has no such day.

    Source: Civil Act (Korea), article 160.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return dt.date(year, month + 1, day.day)


def _end_of(day: dt.date, row: ClockRow) -> dt.datetime:
    return dt.datetime.combine(day, _LAST_SECOND, row.zone).astimezone(dt.UTC)


def _legal_end(row: ClockRow, due: dt.datetime | None, calendar: Calendar | None) -> dt.datetime | None:
    if due is None or row.unit is Unit.HOURS:
        return due
    if calendar is None:
        return None
    last = due.astimezone(row.zone).date()
    while not calendar.is_business_day(last):
        last += _DAY
    return _end_of(last, row)
