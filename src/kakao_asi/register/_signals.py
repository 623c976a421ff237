"""The register as a board for running code: what is shut, how grave risks are, which cases are approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from attrs import evolve

from ..governance import Case, GateResult
from ..lifecycle import Context, SystemState, component_gate, grades_of
from ..lifecycle._decisions import approval_end
from ..signals import (
    BoardState,
    CaseNote,
    ComponentGate,
    GateStep,
    Receiver,
    RiskNote,
    Sink,
    Spool,
    activate,
    write_board,
)
from ._questions import Questions

__all__ = ["Signals", "StoreBoard"]

_MOST_STEPS = 32
_STALE = dt.timedelta(minutes=1)
_NO_COMPONENT = ""


class Signals(Questions):
    """What a register tells running code."""

    def board(self) -> BoardState:
        """Return what running code has to know, now.

        A gate is worked out for the instants ahead at which time alone changes it, so that it opens and shuts on time
        in a process that cannot reach the register then. Who has a seat in the top body may override a gate (our
        choice); a case counts as approved while its approval has not lapsed and what it is pinned to has not changed.
        """
        now = self._now()
        gates: list[ComponentGate] = []
        risks: list[RiskNote] = []
        cases: list[CaseNote] = []
        for system in self._every_system():
            context = self._context(system.id)
            gates.extend(_gates_of(system, context))
            for risk in context.facts.risks.values():
                grade = None if grades_of(risk, now).unassessed else risk.effective
                risks.append(RiskNote(id=risk.id, category=risk.risk.category, grade=grade))
            cases.extend(
                CaseNote(id=case.id, until=approval_end(case, context))
                for case in context.facts.cases
                if case.approved and self._stands(case)
            )
        governance, roster = self.governance(), self.roster()
        people = roster.seated(governance.graph.apex)
        return BoardState(
            at=now,
            position=self._length(),
            gates=gates,
            risks=risks,
            cases=cases,
            overriders=frozenset(name for person in people for name in (person.id, *person.aliases)),
        )

    def write_board(self, path: str | Path) -> None:
        """Write the board to a file for processes that do not reach the register; they read it with ``FileBoard``.

        A reader sees the old file or the new one, never half of it.

        Raises:
            OSError: the folder cannot be written.
        """
        write_board(path, self.board())

    def active(
        self,
        *,
        sink: Sink,
        spool: Spool | None = None,
        refresh: dt.timedelta = dt.timedelta(seconds=5),
        flush: Literal["thread", "manual"] = "thread",
    ) -> AbstractContextManager[Receiver]:
        """Make this register the board of this process's hooks; options as in ``hooks.activate``.

        Decisions that other processes store arrive within ``refresh``.
        """
        return activate(board=StoreBoard(self), sink=sink, spool=spool, refresh=refresh, flush=flush, clock=self._now)

    def length(self) -> int:
        """Return how many events the log holds."""
        return self._length()

    def _length(self) -> int:
        raise NotImplementedError  # pragma: no cover  # the register does it

    def _stands(self, case: Case) -> bool:
        return case.state_hash == self.state_hash(case.subject)


class StoreBoard:
    """Reads the board of a register; lives as long as its receiver.

    It asks for the newest position of the log each time, and works the board out anew if the log has grown or a
    minute has passed (our choice), because grades end by time alone.
    """

    def __init__(self, register: Signals) -> None:
        """Remember the register; nothing is read yet."""
        self._register = register
        self._last: BoardState | None = None

    def read(self) -> BoardState:
        """Return the present state.

        Raises:
            StoreError: the store cannot be read.
        """
        last = self._last
        if last is None or last.position != self._register.length() or self._register.now() - last.at >= _STALE:
            last = self._last = self._register.board()
        return last


def _gates_of(system: SystemState, context: Context) -> Iterator[ComponentGate]:
    named = {risk.risk.component for risk in context.facts.risks.values()}
    named |= {stop.component for stop in system.stops} | set(system.system.components)
    for component in (_NO_COMPONENT, *sorted(one for one in named if one is not None)):
        # Asked about a part that no risk names, the engine answers with what shuts the system as a whole.
        steps = tuple(_steps(system, component, context))
        if any(step.blockers for step in steps):
            path = f"{system.id}/{component}" if component else system.id
            yield ComponentGate(path=path, steps=steps)


def _steps(system: SystemState, component: str, context: Context) -> Iterator[GateStep]:
    for _ in range(_MOST_STEPS):
        result: GateResult = component_gate(system, component, context)
        yield GateStep(since=context.now, blockers=result.blockers)
        if result.next_change is None or result.next_change <= context.now:
            return
        context = evolve(context, now=result.next_change)
