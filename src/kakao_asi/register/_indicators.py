"""Key risk indicators from events alone, at any point of the log; what is missing is missing, never 0.

The five of the first release. Their formulas and limits are ours; grades are counted, never averaged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TypeVar

from attrs import field, frozen

from .._internal.clock import KST
from .._internal.words import Lang, OrderedWord
from ..exceptions import InvalidValue
from ..governance import Governance
from ..lifecycle import (
    GovernanceState,
    ReopenCode,
    RiskState,
    Stamp,
    State,
    SystemState,
    SystemStatus,
    apply,
    grades_of,
    is_open,
    open_candidates,
)
from ..lifecycle import events as e
from ..taxonomy import Grade
from ._records import Entry

__all__ = ["Indicator", "Kri", "Light", "indicators"]

T = TypeVar("T")

_WINDOW = dt.timedelta(days=90)
_PERIOD = dt.timedelta(days=30)
_PERIODS = 4
_RECURRED = frozenset({ReopenCode.RECURRENCE, ReopenCode.EXPIRY, ReopenCode.FAILED_VERIFICATION})


class Kri(OrderedWord):
    """An indicator (our choice of the first five)."""

    RESIDUAL_TREND = "residual_trend", "잔여 리스크 추이", "residual trend"
    MTTR = "mttr", "조치 완료 시간", "time to treat"
    OVERDUE_RESPONSES = "overdue_responses", "기한을 넘긴 대응방안", "overdue responses"
    COVERAGE = "coverage", "평가 완료율", "coverage"
    REOPEN_RATE = "reopen_rate", "리스크 재개율", "reopening rate"


class Light(OrderedWord):
    """How an indicator stands against its limits."""

    MISSING = "missing", "자료 없음", "missing"
    GREEN = "green", "정상", "green"
    AMBER = "amber", "주의", "amber"
    RED = "red", "경고", "red"


@frozen(kw_only=True)
class Indicator:
    """One value of an indicator, with the counts behind it.

    Attributes:
        kri: the indicator.
        subject: id of the system or of the grade it is about; None for the whole register.
        value: thousandths of a whole (1000 is 100 %), periods in a row for ``residual_trend``; None if missing.
        light: how it stands against its limits.
        counts: what it is made of, by name, in a stable order.
        reason: why it is missing, as one word; None if it is not.
    """

    kri: Kri
    subject: str | None = None
    value: int | None = None
    light: Light = Light.MISSING
    counts: tuple[tuple[str, int], ...] = field(factory=tuple)
    reason: str | None = None

    def text(self, lang: Lang) -> str:
        """Say the value in one line; what is missing says why."""
        name = self.kri.label(lang) if self.subject is None else f"{self.kri.label(lang)} ({self.subject})"
        counts = ", ".join(f"{key} {number}" for key, number in self.counts)
        if self.value is None:
            return f"{name}: {self.light.label(lang)} ({self.reason})"
        value = str(self.value) if self.kri is Kri.RESIDUAL_TREND else f"{self.value // 10}.{self.value % 10} %"
        return f"{name}: {value}, {self.light.label(lang)} ({counts})"


@frozen
class _Past:
    """States as they were at an instant, folded from the log."""

    at: dt.datetime
    states: Mapping[str, State | None]

    def of(self, kind: type[T]) -> tuple[T, ...]:
        return tuple(state for _, state in sorted(self.states.items()) if isinstance(state, kind))

    @property
    def governance(self) -> Governance:
        return self.of(GovernanceState)[0].governance


def indicators(entries: Iterable[Entry], *, at: dt.datetime) -> tuple[Indicator, ...]:
    """Return the five indicators as of an instant, in the order of :class:`Kri`, then by subject.

    Intervals are half-open: an event at the end belongs to the next one.

    Args:
        entries: the log from its beginning.
        at: the instant, aware.

    Raises:
        InvalidValue: the instant has no time zone.
    """
    if at.tzinfo is None:
        raise InvalidValue("indicators.at", "must be a datetime with a time zone")
    every = tuple(one for one in entries if one.event is not None)
    now = _fold(every, at)
    found = [*_trend(every, at), *_mttr(every, now), _overdue(now), _coverage(now), _reopened(every, at)]
    return tuple(sorted(found, key=lambda one: (one.kri.rank, one.subject or "")))


def _fold(entries: tuple[Entry, ...], at: dt.datetime) -> _Past:
    states: dict[str, State | None] = {}
    for entry in entries:
        if entry.recorded_at < at and entry.event is not None:
            states[entry.stream] = apply(states.get(entry.stream), entry.event, Stamp(entry.by, entry.at))
    return _Past(at, states)


def _light(value: int, amber: int, red: int) -> Light:
    return Light.RED if value >= red else Light.AMBER if value >= amber else Light.GREEN


# --- residual trend --------------------------------------------------------------------------------------------------


def _trend(entries: tuple[Entry, ...], at: dt.datetime) -> list[Indicator]:
    """Count open risks by residual grade at the ends of four 30-day periods; unassessed counts as HIGH."""
    past = [_fold(entries, at - _PERIOD * back) for back in reversed(range(_PERIODS))]
    found = []
    for system in past[-1].of(SystemState):
        counts = [_levels(one, system.id) for one in past]
        begun = [one for one, was in zip(counts, past, strict=True) if f"system:{system.id}" in was.states]
        rising = _rises(begun)
        names = {"high": begun[-1][0], "medium": begun[-1][1], "periods": len(begun)}
        if len(begun) <= 1:
            found.append(
                Indicator(kri=Kri.RESIDUAL_TREND, subject=system.id, counts=_named(names), reason="one_period_only")
            )
            continue
        light = _light(rising, 2, 3)
        found.append(
            Indicator(kri=Kri.RESIDUAL_TREND, subject=system.id, value=rising, light=light, counts=_named(names))
        )
    return found


def _levels(past: _Past, system: str) -> tuple[int, int]:
    grades = []
    for risk in past.of(RiskState):
        if risk.risk.system == system and is_open(risk, past.at):
            seen = grades_of(risk, past.at)
            grades.append(Grade.HIGH if seen.unassessed else seen.residual or seen.inherent or Grade.HIGH)
    return grades.count(Grade.HIGH), grades.count(Grade.MEDIUM)


def _rises(counts: list[tuple[int, int]]) -> int:
    """Return how many of the latest steps in a row rose: more HIGH, or as many HIGH and more MEDIUM."""
    rising = 0
    for before, after in reversed(list(pairwise(counts))):
        if after <= before:
            break
        rising += 1
    return rising


# --- time to treat ---------------------------------------------------------------------------------------------------


def _mttr(entries: tuple[Entry, ...], now: _Past) -> list[Indicator]:
    """Return the 90th percentile of the share of its time each treated risk took, by grade.

    From identification, which a reopened risk keeps, to the residual within tolerance with every response verified;
    its time runs to the end of the latest due day. Open ones are counted with the age of the oldest, not dropped. A
    reopened risk has a second clock beside it, from its latest reopening.
    """
    treated, reopened = _treated_at(entries, now), _reopened_at(entries, now.at)
    found = []
    for grade in Grade:
        risks = [risk for risk in now.of(RiskState) if risk.peak is grade]
        done = [(risk, treated[risk.id]) for risk in risks if risk.id in treated and risk.responses]
        ages = [
            _hours(risk.identified_at, now.at) for risk in risks if risk.id not in treated and is_open(risk, now.at)
        ]
        hours = sorted(_hours(risk.identified_at, at) for risk, at in done)
        names = {"treated": len(done), "open": len(ages), "oldest_open_h": max(ages, default=0)}
        if not done:
            found.append(Indicator(kri=Kri.MTTR, subject=grade.id, counts=_named(names), reason="nothing_treated"))
            continue
        value = _percentile(sorted(_share(risk, at) for risk, at in done), 90)
        names |= {"median_h": _percentile(hours, 50), "p90_h": _percentile(hours, 90)}
        again = sorted(_hours(reopened[risk.id], at) for risk, at in done if risk.id in reopened)
        if again:
            names |= {"reopened": len(again), "second_median_h": _percentile(again, 50)}
            names |= {"second_p90_h": _percentile(again, 90)}
        light = _light(value, 800, 1_000)
        found.append(Indicator(kri=Kri.MTTR, subject=grade.id, value=value, light=light, counts=_named(names)))
    return found


def _share(risk: RiskState, at: dt.datetime) -> int:
    due = max(planned.response.due for planned in risk.responses)
    return _hours(risk.identified_at, at) * 1_000 // max(_hours(risk.identified_at, _end_of(due)), 1)


def _treated_at(entries: tuple[Entry, ...], now: _Past) -> dict[str, dt.datetime]:
    """Return since when each risk is treated; one that no longer is has no entry."""
    found: dict[str, dt.datetime] = {}
    states: dict[str, State | None] = {}
    for entry in entries:
        if entry.event is None or entry.recorded_at >= now.at:
            continue
        after = states[entry.stream] = apply(states.get(entry.stream), entry.event, Stamp(entry.by, entry.at))
        if isinstance(after, RiskState):
            if not _is_treated(after, now, entry.at):
                found.pop(after.id, None)
            else:
                found.setdefault(after.id, entry.at)
    return found


def _reopened_at(entries: tuple[Entry, ...], at: dt.datetime) -> dict[str, dt.datetime]:
    """Return when each risk that was ever reopened was so last."""
    return {
        one.stream.partition(":")[2]: one.at
        for one in entries
        if one.recorded_at < at and isinstance(one.event, e.RiskReopened)
    }


def _is_treated(risk: RiskState, now: _Past, at: dt.datetime) -> bool:
    system = now.states.get(f"system:{risk.risk.system}")
    residual = grades_of(risk, at).residual
    if residual is None or not isinstance(system, SystemState):
        return False
    limit = now.governance.tolerance.limit(system.system, risk.risk.category, system.stage)
    return residual <= limit and bool(risk.responses) and all(planned.verified for planned in risk.responses)


def _hours(start: dt.datetime, end: dt.datetime) -> int:
    return int((end - start) // dt.timedelta(hours=1))


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), KST)


def _percentile(values: list[int], share: int) -> int:
    """Return the smallest value that so many percent of a sorted list do not exceed (nearest rank)."""
    return values[-(-len(values) * share // 100) - 1]


# --- the others ------------------------------------------------------------------------------------------------------


def _overdue(now: _Past) -> Indicator:
    today = now.at.astimezone(KST).date()
    open_ones = [
        planned.response.due
        for risk in now.of(RiskState)
        if is_open(risk, now.at)
        for planned in risk.responses
        if not planned.verified
    ]
    late = [due for due in open_ones if due < today]
    names = {"open": len(open_ones), "late": len(late), "days_late": sum((today - due).days for due in late)}
    if not open_ones:
        return Indicator(kri=Kri.OVERDUE_RESPONSES, counts=_named(names), reason="nothing_open")
    value = len(late) * 1_000 // len(open_ones)
    return Indicator(kri=Kri.OVERDUE_RESPONSES, value=value, light=_light(value, 50, 100), counts=_named(names))


def _coverage(now: _Past) -> Indicator:
    systems = [one for one in now.of(SystemState) if one.status is not SystemStatus.RETIRED]
    risks = now.of(RiskState)
    done = 0
    for system in systems:
        mine = [risk for risk in risks if risk.risk.system == system.id]
        assessed = all(not grades_of(risk, now.at).unassessed for risk in mine if is_open(risk, now.at))
        done += assessed and not open_candidates(system, mine, now.governance)
    names = {"systems": len(systems), "complete": done}
    if not systems:
        return Indicator(kri=Kri.COVERAGE, counts=_named(names), reason="no_system")
    value = done * 1_000 // len(systems)
    light = Light.RED if value < 900 else Light.AMBER if value < 950 else Light.GREEN  # noqa: PLR2004  # 90 and 95 %
    return Indicator(kri=Kri.COVERAGE, value=value, light=light, counts=_named(names))


def _reopened(entries: tuple[Entry, ...], at: dt.datetime) -> Indicator:
    recent = [one for one in entries if at - _WINDOW <= one.recorded_at < at]
    closed = sum(isinstance(one.event, e.RiskClosed) for one in recent)
    codes = [one.event.code for one in recent if isinstance(one.event, e.RiskReopened)]
    recurred = sum(code in _RECURRED for code in codes)
    names = {"closed": closed, "recurred": recurred, "meant": len(codes) - recurred}
    if not closed:
        return Indicator(kri=Kri.REOPEN_RATE, counts=_named(names), reason="nothing_closed")
    value = recurred * 1_000 // closed
    return Indicator(kri=Kri.REOPEN_RATE, value=value, light=_light(value, 50, 100), counts=_named(names))


def _named(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(counts.items())
