"""The register for coroutines: the same calls, made in a thread."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from ._register import RiskRegister

from ..governance import Case
from ..lifecycle import Command, GovernanceState, RiskState, SystemState
from ._questions import Questions
from ._verbs import Verbs

__all__ = ["AsyncRegister"]

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", Verbs, Questions)


def _awaited(
    call: Callable[Concatenate[R, P], T],
) -> Callable[Concatenate[AsyncRegister, P], Awaitable[T]]:
    """Return a call of the register as a coroutine of the same signature."""

    @functools.wraps(call)
    async def coroutine(self: AsyncRegister, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(call, self.register, *args, **kwargs)

    return coroutine


class AsyncRegister:
    """The verbs and questions of a register as coroutines; lives as long as its register.

    Attributes:
        register: the register it works on.
    """

    register: RiskRegister

    def __init__(self, register: RiskRegister) -> None:
        """Work on a register."""
        self.register = register

    async def submit(
        self,
        command: Command,
        *,
        by: str,
        because: str | None = None,
        at: dt.datetime | None = None,
        key: str | None = None,
    ) -> RiskState | SystemState | Case | GovernanceState:
        """Decide on a command; see ``RiskRegister.submit``."""
        return await asyncio.to_thread(self.register.submit, command, by=by, because=because, at=at, key=key)

    add_system = _awaited(Verbs.add_system)
    identify = _awaited(Verbs.identify)
    assess = _awaited(Verbs.assess)
    respond = _awaited(Verbs.respond)
    verify = _awaited(Verbs.verify)
    contain = _awaited(Verbs.contain)
    escalate = _awaited(Verbs.escalate)
    decide = _awaited(Verbs.decide)
    close = _awaited(Verbs.close)
    reopen = _awaited(Verbs.reopen)
    enter = _awaited(Verbs.enter)
    stop = _awaited(Verbs.stop)
    lift = _awaited(Verbs.lift)
    risk = _awaited(Questions.risk)
    system = _awaited(Questions.system)
    case = _awaited(Questions.case)
    risks = _awaited(Questions.risks)
    systems = _awaited(Questions.systems)
    cases = _awaited(Questions.cases)
    decisions = _awaited(Questions.decisions)
    grades = _awaited(Questions.grades)
    gate = _awaited(Questions.gate)
    component_gate = _awaited(Questions.component_gate)
    cycle = _awaited(Questions.cycle)
    compare = _awaited(Questions.compare)
    state_hash = _awaited(Questions.state_hash)
    explain = _awaited(Questions.explain)
    history = _awaited(Questions.history)
    events = _awaited(Questions.events)
