"""How the open risks of a period came to be: counted so that it adds up, and which grade moved, by what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from attrs import field, frozen

from .._internal.fields import check_kind
from .._internal.words import Word
from ..lifecycle import Event, RiskState, Stamp, State, apply, is_open
from ..lifecycle import events as e
from ..register import Entry, Questions
from ..taxonomy import Grade

__all__ = ["MoveReason", "Moved", "Movement", "Period", "movement_of", "period_of"]

_PAGE = 1_000


class MoveReason(Word):
    """What moved the effective grade of a risk last."""

    ASSESSED = "assessed", "평가", "assessed"
    LOWERED = "lowered", "결정으로 하향", "lowered by a decision"
    TOOK_OVER = "took_over", "병합으로 승계", "took over another risk"


@frozen(kw_only=True)
class Moved:
    """A risk whose effective grade moved within the period.

    Attributes:
        risk: its id.
        before: the grade when the period began.
        now: the grade now.
        reason: what moved it last.
        case: id of the case that decided it; None unless it was lowered by a decision.
    """

    risk: str
    before: Grade
    now: Grade
    reason: MoveReason = field(validator=check_kind(MoveReason))
    case: str | None = None


@frozen(kw_only=True)
class Movement:
    """How the number of open risks came to be; the parts add up.

    Attributes:
        previous: open at the start of the period.
        new: ids of risks identified within it, sorted.
        reopened: ids of risks closed at its start and open now, sorted.
        closed: ids of risks open at its start or new, and closed now, sorted.
        merged: ids of risks open at its start or new that live on in another risk, sorted.
        now: open now.
        raised: the risks whose effective grade rose, by id.
        lowered: the risks whose effective grade was lowered, by id.
    """

    previous: int
    new: tuple[str, ...]
    reopened: tuple[str, ...]
    closed: tuple[str, ...]
    merged: tuple[str, ...]
    now: int
    raised: tuple[Moved, ...]
    lowered: tuple[Moved, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The terms of the equation, in its order."""
        parts = ("new", "reopened", "closed", "merged")
        return {"previous": self.previous, **{name: len(getattr(self, name)) for name in parts}, "now": self.now}


@frozen(kw_only=True)
class Period:
    """The log of a period, folded.

    Attributes:
        before: the risks as they were when it began, by id.
        now: the risks as they are, sorted by id.
        moved: what moved each grade last within it, with the case, by id of the risk.
        entered: how many stages were entered within it.
        assessed: ids of the risks assessed within it.
    """

    before: dict[str, RiskState]
    now: tuple[RiskState, ...]
    moved: dict[str, tuple[MoveReason, str | None]]
    entered: int
    assessed: frozenset[str]


def _entries(register: Questions) -> Iterator[tuple[Entry, Event]]:
    after = -1
    while True:
        page = register.events(after=after, limit=_PAGE)
        yield from ((one, one.event) for one in page if one.event is not None)
        if page.next is None:
            return
        after = int(page.next)


def period_of(register: Questions, since: dt.datetime) -> Period:
    """Fold the log and keep what a pack tells about the period."""
    states: dict[str, State | None] = {}
    before: dict[str, RiskState] | None = None
    moved: dict[str, tuple[MoveReason, str | None]] = {}
    assessed: set[str] = set()
    entered = 0
    for entry, event in _entries(register):
        within = entry.recorded_at >= since
        if before is None and within:
            before = {risk.id: risk for risk in _risks(states)}
        old = states.get(entry.stream)
        states[entry.stream] = new = apply(old, event, Stamp(entry.by, entry.at))
        if within:
            entered += isinstance(event, e.StageEntered)
            name = entry.stream.partition(":")[2]
            assessed |= {name} if isinstance(event, e.RiskAssessed) else set()
            if isinstance(old, RiskState) and isinstance(new, RiskState) and old.effective is not new.effective:
                moved[name] = _why(event)
    now = _risks(states)
    return Period(
        before={risk.id: risk for risk in now} if before is None else before,
        now=now,
        moved=moved,
        entered=entered,
        assessed=frozenset(assessed),
    )


def _risks(states: dict[str, State | None]) -> tuple[RiskState, ...]:
    return tuple(state for _, state in sorted(states.items()) if isinstance(state, RiskState))


def _why(event: Event) -> tuple[MoveReason, str | None]:
    if isinstance(event, e.PeakLowered):
        return MoveReason.LOWERED, event.case
    return (MoveReason.TOOK_OVER if isinstance(event, e.RiskTookOver) else MoveReason.ASSESSED), None


def movement_of(period: Period, since: dt.datetime, at: dt.datetime) -> Movement:
    """Return how the number of open risks came to be, from the start of the period to an instant."""
    parts: dict[str, list[str]] = {"new": [], "reopened": [], "closed": [], "merged": []}
    raised: list[Moved] = []
    lowered: list[Moved] = []
    previous = current = 0
    for risk in period.now:
        old = period.before.get(risk.id)
        was, is_ = old is not None and is_open(old, since), is_open(risk, at)
        previous, current = previous + was, current + is_
        for name in _places(risk, old, was=was, is_=is_):
            parts[name].append(risk.id)
        if old is not None and was and is_ and (one := _moved(old, risk, period)) is not None:
            (raised if one.now > one.before else lowered).append(one)
    return Movement(
        previous=previous,
        now=current,
        raised=tuple(raised),
        lowered=tuple(lowered),
        **{name: tuple(ids) for name, ids in parts.items()},
    )


def _places(risk: RiskState, old: RiskState | None, *, was: bool, is_: bool) -> Iterator[str]:
    """Yield the terms of the equation a risk counts in; one that is new and gone counts in two."""
    if old is None:
        yield "new"
    elif not was and is_:
        yield "reopened"
    if (was or old is None) and not is_:
        yield "merged" if risk.succeeded_by else "closed"


def _moved(old: RiskState, risk: RiskState, period: Period) -> Moved | None:
    before, now = old.effective, risk.effective
    if before is None or now is None or before is now:
        return None
    reason, case = period.moved[risk.id]
    return Moved(risk=risk.id, before=before, now=now, reason=reason, case=case)
