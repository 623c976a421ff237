"""Who takes findings here and now: a test's recorder in this context, else the process's receiver."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Protocol

from ..findings import Finding, FindingKey
from ..governance import Refusal
from ._board import BoardState

__all__ = ["Recorder", "current", "forced_blockers", "forcing", "scoped", "set_process_recorder"]


class Recorder(Protocol):
    """What hooks report to."""

    @property
    def strict(self) -> bool:
        """Whether errors inside hooks are raised instead of counted; only under the test kit."""
        ...

    @property
    def state(self) -> BoardState | None:
        """What the board said last; None if there is none."""
        ...

    def now(self) -> dt.datetime:
        """Return the present instant."""
        ...

    def offer(self, key: FindingKey, build: Callable[[], Finding]) -> bool:
        """Take one occurrence: count it in the group of its key, and build the finding if the group needs one."""
        ...


_scoped: ContextVar[Recorder | None] = ContextVar("kakao_asi_recorder", default=None)
_forced: ContextVar[tuple[tuple[str, Refusal], ...]] = ContextVar("kakao_asi_forced", default=())
# One place that is never empty, so that no thread finds it gone between asking and taking.
_process: list[Recorder | None] = [None]

scoped_recorder = _scoped.get
process_recorder = _process
"""The two halves of :func:`current`, for the one place where a call of it is felt."""


def current() -> Recorder | None:
    """Return who takes findings here; None if nobody does, and then hooks do nothing."""
    found = _scoped.get()
    return _process[0] if found is None else found


def set_process_recorder(recorder: Recorder | None) -> None:
    """Make a recorder the process's own, or take it away."""
    _process[0] = recorder


@contextlib.contextmanager
def scoped(recorder: Recorder) -> Iterator[None]:
    """Let a recorder take what is found in this context, and only there."""
    before = _scoped.get()
    _scoped.set(recorder)
    try:
        yield
    finally:
        _scoped.set(before)


@contextlib.contextmanager
def forcing(path: str, refusal: Refusal) -> Iterator[None]:
    """Let the gate of a component and of all below it be shut in this context, and only there."""
    before = _forced.get()
    _forced.set((*before, (path, refusal)))
    try:
        yield
    finally:
        _forced.set(before)


def forced_blockers(path: str) -> tuple[Refusal, ...]:
    """Return what a test scope of this context puts in the way of a component."""
    return tuple(one for forced, one in _forced.get() if path == forced or path.startswith(forced + "/"))
