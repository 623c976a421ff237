"""A guarded transition with its event, against ``attrs.evolve`` of a plain record and one lookup in a dict.

Ours decides (table, guards, the event's own record) and applies; the twin does the least that any library could do to
move a frozen record: look up whether it may, and make the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import attrs

import kakao_asi as asi
from kakao_asi.governance import WeekdayCalendar
from kakao_asi.lifecycle import Context, Decided, Facts, RiskStatus, Stamp, apply
from kakao_asi.serialization import dump_bytes

from .pairing import Ratio, paired
from .subjects import NOW, register_with_one_risk

__all__ = ["Plain", "measure"]

_AT_MOST = 0.7
"""The aim for a transition that checks and evolves once, against the same in plain attrs (our choice)."""


@attrs.frozen
class Plain:
    """A record of eight fields without validators: the cheapest attrs class that could hold a risk."""

    id: str
    status: str
    cycle: int
    identified_at: dt.datetime
    identified_by: str
    assessments: tuple[object, ...]
    responses: tuple[object, ...]
    peak: str | None


_ALLOWED = {("assessed", "respond"): "responding"}


def _context(register: asi.RiskRegister) -> Context:
    risk = register.risk("leaks-rrn")
    roster = register.roster()
    return Context(
        now=NOW,
        by="ml.lee",
        governance=register.governance(),
        governance_digest=register.governance_digest(),
        roster=roster,
        roster_digest=f"{len(dump_bytes(roster))}",
        calendar=WeekdayCalendar(),
        facts=Facts(system=register.system("demo-chat"), risks={risk.id: risk}),
    )


def _commands() -> Iterator[tuple[str, asi.commands.Command, float | None]]:
    response = asi.Response(
        strategy=asi.Strategy.CHANGE_LIKELIHOOD,
        controls=["ai.output_filter"],
        owner="serving",
        due=dt.date(2026, 12, 1),
    )
    yield "transition: respond (two guards)", asi.commands.Respond(risk="leaks-rrn", response=response), _AT_MOST
    yield "transition: contain (one guard)", asi.commands.Contain(risk="leaks-rrn"), _AT_MOST
    yield "transition: reword (no guard, new texts checked)", asi.commands.Reword(risk="leaks-rrn", title="New"), None


def _plain() -> Callable[[], Plain]:
    state = Plain("leaks-rrn", RiskStatus.ASSESSED.id, 1, NOW, "ml.lee", (), (), "high")

    def twin() -> Plain:
        return attrs.evolve(state, status=_ALLOWED[state.status, "respond"])

    return twin


def _moved(state: asi.RiskState, command: asi.commands.Command, context: Context) -> Callable[[], object]:
    engine = asi.LifecycleEngine()
    stamp = Stamp("ml.lee", NOW)

    def ours() -> object:
        answer = engine.decide(state, command, context)
        after: object = state
        if isinstance(answer, Decided):
            for change in answer.changes:
                after = apply(state, change.event, stamp)
        return after

    return ours


def measure(*, rounds: int, calls: int) -> tuple[Ratio, ...]:
    """Compare transitions of a risk with the plain twin."""
    with register_with_one_risk() as register:
        context = _context(register)
        state = register.risk("leaks-rrn")
    ratios = []
    for name, command, at_most in _commands():
        ours = _moved(state, command, context)
        if ours() is state:
            message = f"{name} was refused or changed nothing, so there is nothing to measure"
            raise RuntimeError(message)
        twin = "attrs.evolve of 8 plain fields + dict lookup"
        ratios.append(paired(name, ours, twin, _plain(), rounds=rounds, calls=calls, at_most=at_most))
    return tuple(ratios)
