"""One slot for each decorated component: what a call reads, and what a change of the board flips."""

from __future__ import annotations

import datetime as dt
import threading
import weakref
from collections.abc import Iterator

from attrs import define, field

from ..governance import Refusal
from ._board import BoardState

__all__ = ["Override", "Slot", "apply_board", "clear_slots", "forget_locks", "slot_for", "slots"]


@define(kw_only=True, eq=False)
class Override:
    """A gate opened by hand for a while.

    Attributes:
        by: the principal who did it.
        until: the first instant at which it holds no longer; UTC.
    """

    by: str
    until: dt.datetime


@define(eq=False, weakref_slot=True)
class Slot:
    """The gate of one component as running code sees it; lives as long as something is decorated with it.

    Attributes:
        path: path of the component.
        full: whether a call has to look closer; the one attribute that the happy path reads.
        blockers: what keeps it shut.
        next_change: when time alone changes that.
        forced: how many test scopes may force it shut.
        overrides: who opened it by hand.
    """

    path: str
    full: bool = False
    blockers: tuple[Refusal, ...] = ()
    next_change: dt.datetime | None = None
    forced: int = 0
    overrides: list[Override] = field(factory=list)

    def set(self, blockers: tuple[Refusal, ...], next_change: dt.datetime | None) -> None:
        """Take what the board says."""
        self.blockers, self.next_change = blockers, next_change
        self.full = bool(blockers) or self.forced > 0

    def force(self, by: int) -> None:
        """Add or remove test scopes."""
        self.forced += by
        self.full = bool(self.blockers) or self.forced > 0

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as the path; in the other process it is that process's slot."""
        return slot_for, (self.path,)


_slots: weakref.WeakValueDictionary[str, Slot] = weakref.WeakValueDictionary()
_lock = threading.RLock()
# What the active receiver read last, so that a component decorated later starts with it.
_latest: list[tuple[BoardState, dt.datetime]] = []


def slot_for(path: str) -> Slot:
    """Return the slot of a component; the same one as long as somebody holds it."""
    with _lock:
        slot = _slots.get(path)
        if slot is None:
            slot = _slots[path] = Slot(path)
            for state, now in _latest:
                slot.set(state.blockers(path, now), state.next_change(path, now))
        return slot


def slots() -> Iterator[Slot]:
    """Iterate over the slots in use, in order of their paths."""
    with _lock:
        return iter(sorted(_slots.values(), key=lambda slot: slot.path))


def apply_board(state: BoardState, now: dt.datetime) -> None:
    """Flip every slot to what a board says of an instant."""
    with _lock:
        _latest[:] = [(state, now)]
        for slot in list(_slots.values()):
            slot.set(state.blockers(slot.path, now), state.next_change(slot.path, now))


def clear_slots() -> None:
    """Open every slot: there is no receiver any more."""
    with _lock:
        _latest.clear()
        for slot in list(_slots.values()):
            slot.overrides.clear()
            slot.set((), None)


def forget_locks() -> None:  # pragma: no cover  # runs in a forked child only
    """Make a new lock in a forked child; one that was held at the fork would stay locked."""
    global _lock  # noqa: PLW0603  # the lock is the module's
    _lock = threading.RLock()
