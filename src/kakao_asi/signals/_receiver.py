"""Groups findings, keeps exact counts, and hands few of them on."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from attrs import define, evolve, field

from .._internal.clock import Clock, utc_now
from .._internal.sites import disabled_sites
from ..findings import Finding, FindingKey, Scalar, Verdict
from ..taxonomy import Grade
from ._board import Board, BoardState
from ._counting import Tally
from ._slots import apply_board
from ._spool import Spool

__all__ = ["BatchSink", "Group", "Receiver", "Sink"]

WINDOW = dt.timedelta(seconds=60)
MOST_GROUPS = 4_096
MOST_WAITING = 10_000
MOST_WRITTEN_THROUGH = 1_000
MOST_AT_ONCE = 500

_SITE = "kakao_asi.signals:receiver"


class Sink(Protocol):
    """Where findings go."""

    def __call__(self, finding: Finding, /) -> bool:
        """Take a finding; return whether it was taken. It may raise: that counts as not taken."""
        ...


@runtime_checkable
class BatchSink(Sink, Protocol):
    """A sink that takes what waits in one go, which costs a database much less."""

    def take(self, findings: Sequence[Finding], /) -> bool:
        """Take at most 500 findings, all of them or none; it may raise: that counts as none."""
        ...


@define(eq=False)
class Group:
    """The findings of one key since its receiver began.

    Attributes:
        sample: the first of them.
        receiver: whose it is.
        live: whether the receiver still keeps it.
        total: occurrences.
        due: at how many of them the next is reported on its own.
        sent: how many of them were reported.
        written: how many were written to the spool in this window.
        first: when the first that was not reported was seen.
        last: when the last was seen; a number is seconds since 1970.
        opened: when the window began.
    """

    sample: Finding
    receiver: Receiver = field(repr=False)
    live: bool = True
    total: int = 0
    due: int = 1
    sent: int = 0
    written: int = 0
    first: dt.datetime = field(kw_only=True)
    last: dt.datetime | float = field(kw_only=True)
    opened: dt.datetime = field(kw_only=True)

    def again(self) -> bool:
        """Count an occurrence that need not be reported on its own; False where it has to be offered in full.

        This is what an exception in a storm costs: no finding is built, and no key compared.
        """
        receiver = self.receiver
        now = receiver.stamp()
        with receiver.lock:
            total = self.total + 1
            if total >= self.due or self.written or not self.live:
                return False
            self.total = total
            self.last = now
            receiver.tally.repeats += 1
        return True

    @property
    def unsent(self) -> int:
        """How many were not reported."""
        return self.total - self.sent


class Receiver:
    """Takes what hooks report in this process; lives from ``activate`` until the end or the next ``activate``.

    Occurrences of one key are counted exactly and reported at 1, 10, 100, ... and at the end of each window of 60
    seconds. At most 4,096 keys are kept, one that has to go reports its remainder first; at most 10,000 findings
    wait for the sink. A finding on a risk that is graded HIGH or not assessed is written to the spool at once, each
    occurrence on its own up to 1,000 a key and window. All numbers are our choice.
    """

    strict = False

    def __init__(
        self, *, board: Board | None, sink: Sink | None, spool: Spool | None = None, clock: Clock = utc_now
    ) -> None:
        """Use ``activate`` instead."""
        self.board: Board | None = board
        self.sink: Sink | None = sink
        self.spool: Spool | None = sink if spool is None and isinstance(sink, Spool) else spool
        self.state: BoardState | None = None
        self.read_at: dt.datetime | None = None
        self.clock: Clock = clock
        # Making an aware instant costs more than all the rest of counting, so it waits until somebody reads it.
        self.stamp: Callable[[], dt.datetime | float] = time.time if clock is utc_now else clock
        self.tally: Tally = Tally()
        self._groups: OrderedDict[FindingKey, Group] = OrderedDict()
        self._queue: deque[Finding] = deque()
        self._forget_lock()
        self._in_flight = 0
        self._draining = False
        self._told_dropped, self._told_disabled = 0, 0
        self._board_failed_at: dt.datetime | None = None
        self.wake: Callable[[], None] = _nothing
        self.hurry: Callable[[], None] = _nothing

    def _forget_lock(self) -> None:
        # Reentrant: a signal handler or __del__ may enter while this thread holds it.
        self.lock: threading.RLock = threading.RLock()

    def now(self) -> dt.datetime:
        """Return the present instant."""
        return self.clock()

    # --- taking findings ---------------------------------------------------------------------------------------------

    def offer(self, key: FindingKey, build: Callable[[], Finding]) -> bool:
        """Take one occurrence; the finding is built only where the group has to report it."""
        now = self.clock()
        with self.lock:
            self.tally.offers += 1
            group = self._groups.get(key)
            if group is not None:
                group.total += 1
                group.last = now
                if group.total < group.due and not (group.written and self._writes_through(group)):
                    self.tally.quiet += 1
                    return True
                taken = self._take(group)
        if group is None:
            return self._start(key, build, now)
        return self._report(group, taken, suppressed=taken.count - 1)

    def group_of(self, key: FindingKey) -> Group | None:
        """Return the group of a key, so that more of the kind can be counted by :meth:`Group.again`."""
        return self._groups.get(key)

    def _start(self, key: FindingKey, build: Callable[[], Finding], now: dt.datetime) -> bool:
        # Built without the lock: building looks at context variables only, but a lock is held across nothing of ours
        # that can be left out.
        try:
            sample = build()
        except BaseException:
            with self.lock:
                self.tally.dropped += 1
            raise
        evicted: tuple[Group, Finding] | None = None
        with self.lock:
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = Group(sample, self, first=now, last=now, opened=now)
            group.total += 1
            if len(self._groups) > MOST_GROUPS:
                old = self._groups.popitem(last=False)[1]
                old.live = False
                evicted = (old, self._take(old)) if old.unsent else None
            if group.total < group.due:
                self.tally.quiet += 1
                return True
            taken = self._take(group)
        if evicted is not None:
            self._report(*evicted, suppressed=evicted[1].count)
        self.wake()
        return self._report(group, taken, suppressed=taken.count - 1)

    def _take(self, group: Group) -> Finding:
        """Turn what a group has not reported into one finding; the caller holds the lock."""
        count, group.sent = group.unsent, group.total
        while group.due <= group.total:
            group.due *= 10
        last = group.last if isinstance(group.last, dt.datetime) else dt.datetime.fromtimestamp(group.last, dt.UTC)
        first, group.first = group.first, last
        self._in_flight += count
        return evolve(group.sample, count=count, at=last, first=first if count > 1 else None)

    def _report(self, group: Group, finding: Finding, *, suppressed: int) -> bool:
        finding = evolve(finding, suppressed=suppressed)
        if self.spool is not None and self._is_urgent(finding):
            group.written += finding.count
            if self._hand(self.spool, finding):
                return True
        with self.lock:
            self._in_flight -= finding.count
            if len(self._queue) >= MOST_WAITING or (self.sink is None):
                self.tally.dropped += finding.count
                return False
            self._queue.append(finding)
        (self.hurry if self._is_urgent(finding) else self.wake)()
        return True

    def _hand(self, sink: Sink, *findings: Finding) -> bool:
        """Give findings that are in flight to a sink, without any lock; tell whether they were taken."""
        cause = None
        try:
            taken = bool(sink.take(findings) if isinstance(sink, BatchSink) else sink(findings[0]))
        except Exception as error:  # noqa: BLE001  # a sink is the host's; what it raises is counted
            taken, cause = False, type(error).__name__
        count = sum(one.count for one in findings)
        with self.lock:
            if taken:
                self._in_flight -= count
                self.tally.stored += count
            else:
                self.tally.sink_errors += 1
                self.tally.sink_cause = cause
        return taken

    def _writes_through(self, group: Group) -> bool:
        return self.spool is not None and group.written < MOST_WRITTEN_THROUGH and self._is_urgent(group.sample)

    def _is_urgent(self, finding: Finding) -> bool:
        if finding.risk is None:
            return False
        note = None if self.state is None else self.state.risk(finding.risk)
        return note is None or note.grade in {None, Grade.HIGH}

    # --- handing them on ---------------------------------------------------------------------------------------------

    def flush(self, *, everything: bool = True) -> None:
        """Hand what waits to the sink.

        Args:
            everything: report the remainder of every group; else only of those whose window has ended.
        """
        now = self.clock()
        due: list[tuple[Group, Finding]] = []
        with self.lock:
            for group in self._groups.values():
                ended = now - group.opened >= WINDOW
                if group.unsent and (everything or ended):
                    due.append((group, self._take(group)))
                if ended:
                    group.opened, group.written = now, 0
        for group, finding in due:
            self._report(group, finding, suppressed=finding.count)
        self._tell_disabled(now)
        self._drain()
        if self._tell_dropped(now):
            self._drain()

    def _drain(self) -> None:
        sink, mine = self.sink, False
        try:
            with self.lock:
                if self._draining or sink is None:
                    return
                mine = self._draining = True
            most = MOST_AT_ONCE if isinstance(sink, BatchSink) else 1
            while self._drain_some(sink, most):
                pass
        finally:
            if mine:
                self._draining = False

    def _drain_some(self, sink: Sink, most: int) -> bool:
        """Hand the first that wait to the sink; tell whether they were taken. An interrupt puts them back."""
        with self.lock:
            findings = [self._queue.popleft() for _ in range(min(most, len(self._queue)))]
            if not findings:
                return False
            count = sum(one.count for one in findings)
            self._in_flight += count
        taken = False
        try:
            taken = self._hand(sink, *findings)
        finally:
            if not taken:
                with self.lock:
                    self._in_flight -= count
                    self._queue.extendleft(reversed(findings))
        return taken

    def _tell_dropped(self, now: dt.datetime) -> bool:
        """Let what was dropped since the last time be a finding, as soon as there is room for it."""
        with self.lock:
            dropped = self.tally.dropped - self._told_dropped
            if dropped == 0 or not self._queue_own("findings_dropped", {"dropped": dropped}, now):
                return False
            self._told_dropped += dropped
        return True

    def _tell_disabled(self, now: dt.datetime) -> None:
        """Let the number of places that are switched off be a finding, when it has grown: silence is not green."""
        disabled = disabled_sites()
        with self.lock:
            grown = disabled > self._told_disabled
            if grown and self._queue_own("hooks_disabled", {"disabled": disabled}, now):
                self._told_disabled = disabled

    def _queue_own(self, label: str, facts: dict[str, Scalar], now: dt.datetime) -> bool:
        """Let a finding of the receiver's own wait, past all groups; the caller holds the lock."""
        if self.sink is None or len(self._queue) >= MOST_WAITING:
            return False
        self.tally.offers += 1
        self._queue.append(Finding(verdict=Verdict.INDETERMINATE, site=_SITE, label=label, at=now, facts=facts))
        return True

    def close(self) -> None:
        """Hand on what can be handed on; the rest is dropped and counted."""
        self.flush()
        with self.lock:
            left = sum(finding.count for finding in self._queue)
            self._queue.clear()
            self.tally.dropped += left
        if self.spool is not None:
            self.spool.close()

    def pending(self) -> int:
        """Return how many occurrences wait in memory."""
        with self.lock:
            waiting = sum(finding.count for finding in self._queue)
            return waiting + self._in_flight + sum(group.unsent for group in self._groups.values())

    # --- the board ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the board and flip the slots.

        A board that cannot be read keeps its last state; what was known to change by time changes all the same, and
        each window of 60 seconds counts one failure of the control and reports it.
        """
        now = self.clock()
        if self.board is not None:
            try:
                self.state = self.board.read()
                self.read_at = now
                self._board_failed_at = None
            except Exception as error:  # noqa: BLE001  # a board is the host's; what it raises is a finding
                self._note_board_failure(now, type(error).__name__)
        if self.state is not None:
            apply_board(self.state, now)

    def _note_board_failure(self, now: dt.datetime, cause: str) -> None:
        if self._board_failed_at is not None and now - self._board_failed_at < WINDOW:
            return
        self._board_failed_at = now
        with self.lock:
            self.tally.board_failures += 1
        finding = Finding(verdict=Verdict.INDETERMINATE, site=_SITE, label="control_failure:board", cause=cause, at=now)
        self.offer(finding.key, lambda: finding)

    def after_fork(self) -> None:  # pragma: no cover  # runs in a forked child only
        """Start over in a forked child: new locks, nothing waiting, a file of its own."""
        self._forget_lock()
        for group in self._groups.values():
            group.live = False
        self._groups.clear()
        self._queue.clear()
        self.tally = Tally()
        self._in_flight, self._draining, self._told_dropped = 0, False, 0
        if self.spool is not None:
            self.spool.after_fork()


def _nothing() -> None:
    """Wake nobody: findings are flushed by hand."""
