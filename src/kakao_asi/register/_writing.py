"""Writing: decide under the store's lock, fold, and append events, states and receipt as one."""

from __future__ import annotations

import os
from collections.abc import Iterable

from attrs import frozen

from .._internal.ids import IdSource
from ..exceptions import IntegrityError, UnknownId, VersionConflict
from ..governance import Case
from ..lifecycle import Change, Command, Stamp, apply
from ..lifecycle import commands as c
from ..stores import RequestKey, Store
from ._codec import State, draft_of, row_of, sealed_event
from ._planning import Planner, Request, stream_of, subject_of, system_behind
from ._reading import StateCache, StoreReading, in_order_of_opening

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
            if key is not None and self.store.receipt(key) is not None:
                return self._present(command, reading)
            plan = self.planner.plan(command, request, reading)
            if not plan.changes and plan.state is not None:
                return plan.state
            return self.append(plan.changes, reading, request, key)[plan.stream]

    def _present(self, command: Command, reading: StoreReading) -> State:
        """Return the state of what a request taken before is about; for a new case, the latest on its subject."""
        if isinstance(command, c.Escalate):
            return _latest(reading.all_cases(system_behind(command, reading)), command)
        found = reading.state(stream_of(command))
        if found is None:
            raise UnknownId("subject", subject_of(command))
        return found

    def append(
        self, changes: Iterable[Change], reading: StoreReading, request: Request, key: RequestKey | None
    ) -> dict[str, State]:
        """Fold the changes and write events, states and receipt as one; return the states by stream."""
        states: dict[str, State] = {}
        written: dict[str, int] = {}
        drafts = []
        governance = reading.governance_digest()
        for change in changes:
            sealed = sealed_event(change.event, _salt)
            before = states[change.stream] if change.stream in states else reading.state(change.stream)
            after = apply(before, sealed.event, Stamp(request.by, request.at))
            if after is None:
                raise IntegrityError(f"event {sealed.event.kind} does not start '{change.stream}'")
            states[change.stream] = after
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
        return states


def _salt() -> bytes:
    return os.urandom(_SALT_BYTES)


def _latest(cases: Iterable[Case], command: c.Escalate) -> Case:
    same = [one for one in in_order_of_opening(cases) if (one.subject, one.matter) == (command.subject, command.matter)]
    return same[-1]
