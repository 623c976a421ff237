"""Delivering committed entries to observers: at least once, in order, and never in the way of a commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from attrs import define

from .._internal.text import ID_RULE, is_id
from ..exceptions import AsiError, InvalidValue
from ..stores import Row, Store
from ._codec import entry_of
from ._records import Entry

__all__ = ["Delivery"]

_PAGE = 500


@define
class _Observer:
    """One observer, where it stands, and how often it raised; lives as long as its register."""

    name: str
    callback: Callable[[Entry], object]
    position: int
    stored: bool
    failed: int = 0


class Delivery:
    """Hands entries on; lives as long as its register."""

    def __init__(self, store: Store, observers: Iterable[Callable[[Entry], object]]) -> None:
        """Start with observers that see what is committed from now on."""
        self._store = store
        self._lock = threading.RLock()
        self._busy = False
        start = store.frontier().size - 1
        self._observers = [
            _Observer(f"observer-{number}", one, start, stored=False) for number, one in enumerate(observers, 1)
        ]

    def add(self, name: str, callback: Callable[[Entry], object]) -> None:
        """Add an observer that goes on from its stored cursor, or from the beginning."""
        if not is_id(name):
            raise InvalidValue("observe.name", ID_RULE, "choose a short lower-case id such as 'audit-stream'")
        row = self._store.get("cursor", name)
        with self._lock:
            self._observers = [one for one in self._observers if one.name != name]
            self._observers.append(_Observer(name, callback, row.version - 1 if row else -1, stored=True))
        self.deliver()

    def failures(self) -> dict[str, int]:
        """Return how often each observer raised, by name."""
        with self._lock:
            return {one.name: one.failed for one in self._observers}

    def deliver(self) -> None:
        """Hand on what is new. An observer that submits commands of its own is not called from within itself."""
        with self._lock:
            if self._busy:
                return
            self._busy = True
            try:
                self._drain()
            finally:
                self._busy = False

    def _drain(self) -> None:
        """Go round until a whole round moved nobody: an observer may have caused entries that another one missed."""
        resting: set[str] = set()
        moved = True
        while moved:
            moved = False
            for observer in tuple(self._observers):
                if observer.name not in resting:
                    start, failed = observer.position, observer.failed
                    self._deliver_to(observer)
                    moved = moved or observer.position != start
                    if observer.failed != failed:
                        resting.add(observer.name)

    def _deliver_to(self, observer: _Observer) -> None:
        start = observer.position
        try:
            while page := self._store.read(after=observer.position, limit=_PAGE):
                for stored in page:
                    observer.callback(entry_of(stored))
                    observer.position = stored.seq
        except Exception:  # noqa: BLE001  # a failing observer is counted, never in the way of what was committed
            observer.failed += 1
        if observer.stored and observer.position != start:
            self._keep(observer)

    def _keep(self, observer: _Observer) -> None:
        row = Row(kind="cursor", id=observer.name, version=observer.position + 1, state=b"")
        try:
            self._store.append((), (row,), {}, None)
        except AsiError:
            observer.failed += 1
