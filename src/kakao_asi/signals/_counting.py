"""Counts of what hooks did and of what went wrong inside them."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

from attrs import define, frozen

__all__ = ["Counts", "Health", "Tally", "counts"]


@frozen(kw_only=True)
class Health:
    """How the hooks of this process are doing; ``offered == stored + dropped + pending``, in occurrences.

    Attributes:
        active: whether there is a receiver.
        offered: occurrences that hooks reported.
        stored: occurrences that the sink or the spool took.
        pending: occurrences that wait in memory.
        dropped: occurrences that were lost: the buffer was full, or the sink refused until the end.
        suppressed: occurrences that were counted and not reported on their own.
        internal_errors: errors inside hooks, predicates and selectors; none of them reached the call.
        reentered: findings given up because a hook was entered while it was at work in the same thread.
        control_failures: times a control did not answer: a detector, or the board.
        guarded_calls: sides of calls that a guard checked to the end.
        unguarded_calls: sides of calls that went on although a control had not answered.
        sink_errors: times the sink raised or refused.
        sink_cause: name of the type of the latest error that the sink raised; None if it refused without one.
        board_age: how long ago the board was last read; None if it never was.
        shut: paths of the decorated components that are shut, sorted.
        disabled: decorated places that were switched off by ``KAKAO_ASI_HOOKS=off``.
    """

    active: bool
    offered: int = 0
    stored: int = 0
    pending: int = 0
    dropped: int = 0
    suppressed: int = 0
    internal_errors: int = 0
    reentered: int = 0
    control_failures: int = 0
    guarded_calls: int = 0
    unguarded_calls: int = 0
    sink_errors: int = 0
    sink_cause: str | None = None
    board_age: dt.timedelta | None = None
    shut: tuple[str, ...] = ()
    disabled: int = 0


@define(eq=False)
class Tally:
    """What one receiver did with findings, in occurrences; raised only while its lock is held.

    A receiver that is replaced keeps its own, so that what it still does counts in nobody else's health.

    Attributes:
        offers: that were offered in full.
        quiet: of these, that were counted and not reported on their own.
        repeats: that were only counted, because their kind was reported before.
        stored: that the sink or the spool took.
        dropped: that were lost.
        sink_errors: times the sink raised or refused.
        board_failures: windows in which the board could not be read.
    """

    offers: int = 0
    quiet: int = 0
    repeats: int = 0
    stored: int = 0
    dropped: int = 0
    sink_errors: int = 0
    sink_cause: str | None = None
    board_failures: int = 0

    @property
    def offered(self) -> int:
        """All that hooks reported."""
        return self.offers + self.repeats

    @property
    def suppressed(self) -> int:
        """All that were not reported on their own."""
        return self.quiet + self.repeats


class Counts:
    """Named counts that threads may raise at once; they live as long as the process."""

    def __init__(self) -> None:
        """Start at zero."""
        self._lock = threading.RLock()
        self._counter: Counter[str] = Counter()

    def add(self, name: str, by: int = 1) -> None:
        """Raise a count."""
        with self._lock:
            self._counter[name] += by

    def get(self, name: str) -> int:
        """Return a count."""
        return self._counter[name]

    def forget(self) -> None:
        """Start at zero with a new lock: a receiver was activated, or the process forked."""
        self._lock = threading.RLock()
        self._counter = Counter()


counts = Counts()
"""The counts of this process."""
