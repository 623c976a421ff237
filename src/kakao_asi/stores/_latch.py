"""One lock per store: for single calls, and for the block in which a decision is read for, made and written."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from ..exceptions import StoreBusy

__all__ = ["Latch"]


class Latch:
    """Keeps the threads of one process apart; lives as long as its store.

    Attributes:
        open: whether the thread that holds the latch is inside ``block``.
    """

    def __init__(self, patience: float = -1) -> None:
        """Wait at most ``patience`` seconds for another thread; -1 waits for ever."""
        self._lock = threading.RLock()
        self._patience = patience
        self.open = False

    def acquire(self) -> bool:
        """Take the latch; return whether it could be had in time. Free for a thread that holds it already."""
        return self._lock.acquire(timeout=self._patience)

    def release(self) -> None:
        """Give the latch back once."""
        self._lock.release()

    @contextmanager
    def held(self) -> Generator[None]:
        """Hold the latch for a call."""
        if not self.acquire():
            raise StoreBusy("another thread holds the store; nothing was written, try again later")
        try:
            yield
        finally:
            self.release()

    @contextmanager
    def block(self) -> Generator[None]:
        """Hold the latch for a whole block; refuse a block inside a block."""
        with self.held():
            self.refuse_inside("exclusive() cannot be nested; append inside the block that is open")
            self.open = True
            try:
                yield
            finally:
                self.open = False

    def refuse_inside(self, message: str) -> None:
        """Raise StoreBusy with a message while the block is open."""
        if self.open:
            raise StoreBusy(message)
