"""Writing: decide under the store's lock, fold, and append events, states and receipt as one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import cast

from attrs import frozen

from .._internal.ids import IdSource
from ..exceptions import VersionConflict
from ..lifecycle import Change, Command, Stamp, apply
from ..lifecycle import commands as c
from ..lifecycle import events as e
from ..stores import Receipt, RequestKey, Store
from ._codec import State, draft_of, row_of, sealed_event
from ._planning import Planner, Request, known, stream_of, subject_of
from ._reading import StateCache, StoreReading

__all__ = ["Writer"]

_ATTEMPTS = 5
_SALT_BYTES = 32


@frozen(kw_only=True)
class Writer:
    """Turns requests into what a store holds; lives as long as its register.

    Attributes:
        store: where to write.
        states: the parsed states of the same register.
        planner: what decides.
        ids: where event ids come from.
    """

    store: Store
    states: StateCache
    planner: Planner
    ids: IdSource

    def reading(self) -> StoreReading:
        """Return a fresh reading, which notes the versions it reads."""
        return StoreReading(self.store, self.states)

    def decide(self, command: Command, request: Request) -> State:
        """Decide and write; on a stale version decide anew, at most five times (our choice).

        Raises:
            CommandRefused: the engine refuses the command.
            GateBlocked: a stage's gate is shut.
            VersionConflict: another writer was faster every time; a store that excludes others never gets there.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._decide_once(command, request)
            except VersionConflict:
                continue
        return self._decide_once(command, request)

    def _decide_once(self, command: Command, request: Request) -> State:
        with self.store.exclusive():
            reading = self.reading()
            key = request.taken_as(command)
            taken = None if key is None else self.store.receipt(key)
            if taken is not None:
                return self._present(command, taken, reading)
            plan = self.planner.plan(command, request, reading)
            # A request with a key leaves its receipt even where it changes nothing, so that it changes nothing later.
            states = self.append(plan.changes, reading, request, key) if plan.changes or key is not None else {}
            return _known(states.get(plan.stream, plan.state), command)

    def _present(self, command: Command, taken: Receipt, reading: StoreReading) -> State:
        """Return the state of what a request taken before is about; for an escalation, of the case that it opened."""
        stream = stream_of(command)
        if isinstance(command, c.Escalate | c.ProposeGovernance | c.RecordFindings):
            stream = self.store.read(after=taken.first_seq - 1, limit=1)[0].stream
        return _known(reading.state(stream), command)

    def append(
        self, changes: Iterable[Change], reading: StoreReading, request: Request, key: RequestKey | None
    ) -> dict[str, State]:
        """Fold the changes and write events, states and receipt as one; return the states by stream."""
        states: dict[str, State] = {}
        written: dict[str, int] = {}
        drafts = []
        governance = reading.governance_digest()
        done = tuple(changes)
        for change in done:
            sealed = sealed_event(change.event, _salt)
            before = states[change.stream] if change.stream in states else reading.state(change.stream)
            after = apply(before, sealed.event, Stamp(request.by, request.at))
            states[change.stream] = cast("State", known(after, "stream", change.stream))
            written[change.stream] = written.get(change.stream, 0) + 1
            drafts.append(
                draft_of(
                    sealed,
                    id=self.ids(int(request.now.timestamp() * 1_000_000) * 1_000),
                    stream=change.stream,
                    at=request.at,
                    by=request.by,
                    because=request.because,
                    cause=request.cause,
                    governance=governance,
                    salt=_salt,
                )
            )
        rows = [row_of(name, reading.versions[name] + count, states[name]) for name, count in written.items()]
        self.store.append(drafts, rows, reading.versions, key)
        for change in done:
            if isinstance(change.event, e.TextErased):
                self.store.erase(change.event.seq, change.event.field)
        return states


def _known(state: State | None, command: Command) -> State:
    return cast("State", known(state, "subject", subject_of(command)))  # of a union, mypy infers no more than object


def _salt() -> bytes:
    return os.urandom(_SALT_BYTES)
