"""What happens to open files when the process forks: SQLite's connections and locks must not be shared over it."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol

__all__ = ["watch_forks"]


class Forkable(Protocol):
    """Something with a lock and a connection."""

    def pause(self) -> bool:
        """Hold the lock while the process forks; return whether nothing was under way."""
        ...

    def resume(self) -> None:
        """Give the lock back in the parent, if ``pause`` got it."""
        ...

    def start_anew(self, *, quiet: bool) -> None:
        """Let go of the parent's connection in the child; ``quiet`` is what ``pause`` returned."""
        ...


_WATCHED: weakref.WeakSet[Forkable] = weakref.WeakSet()
_ONE_FORK = threading.Lock()
_PAUSED: list[tuple[Forkable, bool]] = []


def watch_forks(one: Forkable) -> None:
    """Pause, resume and renew something with every fork from now on, as long as it lives."""
    _WATCHED.add(one)


def _before() -> None:
    _ONE_FORK.acquire()
    _PAUSED.extend((one, one.pause()) for one in tuple(_WATCHED))


def _in_parent() -> None:
    for one, _ in _PAUSED:
        one.resume()
    _PAUSED.clear()
    _ONE_FORK.release()


def _in_child() -> None:  # pragma: no cover  # runs in a forked child, where nothing is measured
    for one, quiet in _PAUSED:
        one.start_anew(quiet=quiet)
    _PAUSED.clear()
    _ONE_FORK.release()


if hasattr(os, "register_at_fork"):  # pragma: no branch  # Windows does not fork
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
