"""The register as a board for running code: what is shut, how grave risks are, which cases are approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from attrs import evolve

from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Finding, Verdict
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

__all__ = ["RegisterSink", "Signals", "StoreBoard"]

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
        # Before all else: what is stored while this is worked out then makes the next reading work it out anew.
        position = self._length()
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
            position=position,
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
        sink: Sink | None = None,
        by: str = "hooks",
        spool: Spool | None = None,
        refresh: dt.timedelta = dt.timedelta(seconds=5),
        flush: Literal["thread", "manual"] = "thread",
    ) -> AbstractContextManager[Receiver]:
        """Make this register the board of this process's hooks, and the place their findings go to.

        Decisions that other processes store arrive within ``refresh``. Findings are written by the receiver's thread,
        some hundred in one transaction, never in the thread of the function that is watched; those on a risk graded
        HIGH or not assessed at once, the others every ``refresh``. While the store is locked, full or read-only they
        wait, counted in ``hooks.health()``, and what is still there at the end counts as dropped.

        Args:
            sink: where findings go instead.
            by: the principal who records them; an agent may.
            spool: where findings on risks graded HIGH or not assessed go at once, for ``import_spool``: they survive
                every end of the process.
            refresh: see ``hooks.activate``.
            flush: see ``hooks.activate``; with ``manual`` nothing is written before ``hooks.flush()``.

        Raises:
            InvalidValue: an option is wrong; see ``hooks.activate``.
        """
        if not is_id(by):
            raise InvalidValue("active.by", ID_RULE)
        taken = RegisterSink(self, by) if sink is None else sink
        return activate(board=StoreBoard(self), sink=taken, spool=spool, refresh=refresh, flush=flush, clock=self._now)

    def length(self) -> int:
        """Return how many events the log holds."""
        return self._length()

    def _length(self) -> int:
        raise NotImplementedError  # pragma: no cover  # the register does it

    def record_all(self, findings: Sequence[Finding], *, by: str) -> None:
        """Record at most 1,000 findings in one transaction; see ``commands.RecordFindings``.

        Raises:
            CommandRefused: ``authorize=`` refuses it.
            StoreError: the store could not take them; nothing was written.
        """
        raise NotImplementedError  # pragma: no cover  # the register does it

    def _stands(self, case: Case) -> bool:
        return case.state_hash == self.state_hash(case.subject)


class RegisterSink:
    """Writes findings to a register, for the receiver of this process; lives as long as the receiver."""

    def __init__(self, register: Signals, by: str) -> None:
        """Remember the register and who records."""
        self._register = register
        self._by = by

    def __call__(self, finding: Finding) -> bool:
        """Write one finding."""
        return self.take((finding,))

    def take(self, findings: Sequence[Finding]) -> bool:
        """Write findings in one transaction; what found nothing is none.

        Raises:
            CommandRefused: the register's ``authorize`` refuses whoever records.
            StoreError: the store cannot take them now.
        """
        found = [one for one in findings if one.verdict is not Verdict.CLEAR]
        if found:
            self._register.record_all(found, by=self._by)
        return True


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
