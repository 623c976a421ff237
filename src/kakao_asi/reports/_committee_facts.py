"""What a body's committee pack says, before it is written: figures that reconcile, from the log and the states."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from attrs import frozen

from .._internal.clock import KST
from ..exceptions import UnknownId
from ..framework import HorizonRow
from ..governance import Case
from ..lifecycle import Event, RiskState, Stamp, State, apply, grades_of, is_open
from ..register import Covered, Entry, Indicator, Questions
from ..responses import PlannedResponse
from ..stages import Stage
from ..taxonomy import Actor, Grade

__all__ = ["Asked", "Movement", "Pack", "gathered_for", "level_of"]

_PAGE = 200
_TOP = 5
_ENDING = dt.timedelta(days=30)
_AHEAD = dt.timedelta(days=120)


@frozen(kw_only=True)
class Asked:
    """A decision asked of the body.

    Attributes:
        case: the case.
        final: whether the body decides it, or approves and forwards it.
        due_at: by when; None without a deadline.
    """

    case: Case
    final: bool
    due_at: dt.datetime | None


@frozen(kw_only=True)
class Movement:
    """How the number of open risks came to be; the parts add up.

    Attributes:
        previous: open at the start of the period.
        new: identified within it.
        reopened: closed at its start and open now.
        closed: open at its start or new, and closed now.
        merged: open at its start or new, and lived on in another risk.
        now: open now.
        raised: ids of risks whose effective grade rose, sorted.
        lowered: ids of risks whose effective grade was lowered, sorted.
    """

    previous: int
    new: int
    reopened: int
    closed: int
    merged: int
    now: int
    raised: tuple[str, ...]
    lowered: tuple[str, ...]


@frozen(kw_only=True)
class Pack:
    """Everything in a pack.

    Attributes:
        body: id of the body.
        since: start of the period.
        at: as of when.
        governance: id and version of the governance in force.
        asked: decisions asked of the body, the most urgent first.
        top: up to five open risks, the gravest first.
        movement: how the number of open risks came to be.
        grid: open risks by actor and stage; a risk counts at each stage it can show at.
        overdue: responses past due with their risk, the latest first.
        ending: risks whose acceptance ends within 30 days, sorted by id.
        lapsed: open risks whose acceptance has ended, sorted by id.
        kris: the indicators.
        covered: how each principle stands.
        horizon: changes of law within 120 days.
        risks: every risk, sorted by id.
    """

    body: str
    since: dt.datetime
    at: dt.datetime
    governance: str
    asked: tuple[Asked, ...]
    top: tuple[RiskState, ...]
    movement: Movement
    grid: tuple[tuple[Actor, Stage, int], ...]
    overdue: tuple[tuple[RiskState, PlannedResponse], ...]
    ending: tuple[RiskState, ...]
    lapsed: tuple[RiskState, ...]
    kris: tuple[Indicator, ...]
    covered: tuple[Covered, ...]
    horizon: tuple[HorizonRow, ...]
    risks: tuple[RiskState, ...]

    @property
    def today(self) -> dt.date:
        """The day the pack is as of, in Korea."""
        return self.at.astimezone(KST).date()


def gathered_for(register: Questions, body: str, since: dt.datetime, horizon: tuple[HorizonRow, ...]) -> Pack:
    """Gather a pack.

    Raises:
        UnknownId: the governance has no such body.
    """
    governance = register.governance()
    if body not in {one.id for one in governance.graph.bodies}:
        raise UnknownId("body", body)
    at = register.now()
    before, now = _fold(register, since)
    open_now = tuple(risk for risk in now if is_open(risk, at))
    today = at.astimezone(KST).date()
    return Pack(
        body=body,
        since=since,
        at=at,
        governance=f"{governance.id}/{governance.version}",
        asked=_asked(register, body),
        top=tuple(sorted(open_now, key=_gravity)[:_TOP]),
        movement=_movement(before, now, since, at),
        grid=_grid(open_now),
        overdue=_overdue(open_now, today),
        ending=tuple(one for one in open_now if _ends(one, at) is True),
        lapsed=tuple(one for one in open_now if _ends(one, at) is False),
        kris=register.kris(),
        covered=register.coverage(),
        horizon=tuple(one for one in horizon if today <= one.on <= today + _AHEAD),
        risks=now,
    )


def _entries(register: Questions) -> Iterator[tuple[Entry, Event]]:
    after = -1
    while True:
        page = register.events(after=after, limit=_PAGE)
        yield from ((one, one.event) for one in page if one.event is not None)
        if page.next is None:
            return
        after = int(page.next)


def _fold(register: Questions, since: dt.datetime) -> tuple[dict[str, RiskState], tuple[RiskState, ...]]:
    """Return the risks as they were when the period began, by id, and as they are."""
    states: dict[str, State | None] = {}
    before: dict[str, RiskState] | None = None
    for entry, event in _entries(register):
        if before is None and entry.recorded_at >= since:
            before = {risk.id: risk for risk in _risks(states)}
        states[entry.stream] = apply(states.get(entry.stream), event, Stamp(entry.by, entry.at))
    now = _risks(states)
    return ({risk.id: risk for risk in now} if before is None else before), now


def _risks(states: dict[str, State | None]) -> tuple[RiskState, ...]:
    return tuple(state for _, state in sorted(states.items()) if isinstance(state, RiskState))


def _gravity(risk: RiskState) -> tuple[int, str]:
    return (-1 if risk.effective is None else len(Grade) - 1 - risk.effective.rank), risk.id


def _asked(register: Questions, body: str) -> tuple[Asked, ...]:
    found = []
    after: str | None = None
    graph = register.governance().graph
    while True:
        page = register.cases(open=True, after=after, limit=_PAGE // 2)
        for case in page:
            if case.body == body:
                due = case.steps[case.position].due_at
                found.append(Asked(case=case, final=graph.route(case.cell).decider == body, due_at=due))
        if page.next is None:
            break
        after = page.next
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(found, key=lambda one: (one.due_at or latest, one.case.id)))


def _movement(
    before: dict[str, RiskState], now: tuple[RiskState, ...], since: dt.datetime, at: dt.datetime
) -> Movement:
    counted: Counter[str] = Counter()
    raised, lowered = [], []
    for risk in now:
        old = before.get(risk.id)
        was, is_ = old is not None and is_open(old, since), is_open(risk, at)
        counted["previous"] += was
        counted["new"] += old is None
        counted["reopened"] += old is not None and not was and is_
        gone = (was or old is None) and not is_
        counted["merged"] += gone and bool(risk.succeeded_by)
        counted["closed"] += gone and not risk.succeeded_by
        counted["now"] += is_
        if old is not None and was and is_ and old.effective is not None and risk.effective is not None:
            raised += [risk.id] if risk.effective > old.effective else []
            lowered += [risk.id] if risk.effective < old.effective else []
    names = ("previous", "new", "reopened", "closed", "merged", "now")
    return Movement(**{name: counted[name] for name in names}, raised=tuple(raised), lowered=tuple(lowered))


def _grid(risks: tuple[RiskState, ...]) -> tuple[tuple[Actor, Stage, int], ...]:
    return tuple(
        (actor, stage, sum(risk.risk.actor is actor and stage in risk.risk.stages for risk in risks))
        for actor in Actor
        for stage in Stage
    )


def _overdue(risks: tuple[RiskState, ...], today: dt.date) -> tuple[tuple[RiskState, PlannedResponse], ...]:
    late = [
        (risk, planned)
        for risk in risks
        for planned in risk.responses
        if planned.response.due < today and not planned.verified
    ]
    return tuple(sorted(late, key=lambda pair: (pair[1].response.due, pair[0].id, pair[1].id)))


def _ends(risk: RiskState, at: dt.datetime) -> bool | None:
    """Tell whether a live acceptance ends soon; False for one that has ended, None for any other risk."""
    if risk.acceptance is None:
        return None
    if risk.acceptance.until <= at:
        return False
    return True if risk.acceptance.until - at <= _ENDING else None


def level_of(risk: RiskState, at: dt.datetime) -> tuple[Grade | None, Grade | None, Grade | None]:
    """Return the inherent, the residual and the effective grade of a risk."""
    grades = grades_of(risk, at)
    return grades.inherent, grades.residual, grades.effective
