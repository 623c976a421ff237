"""The receiver of this process: made by ``activate``, flushed at the end, renewed after a fork."""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterator
from typing import Literal

from attrs import evolve

from .._internal.clock import Clock, utc_now
from .._internal.sites import disabled_sites
from .._internal.text import ID_RULE, is_id
from ..exceptions import AsiError, CommandRefused, InvalidValue
from ..findings import Finding, Verdict
from ..governance import Code, Refusal
from ..taxonomy import Actor
from ._board import Board
from ._counting import Health, Tally, counts
from ._receiver import Receiver, Sink
from ._scope import current, set_process_recorder
from ._slots import Override, clear_slots, forget_locks, slot_for, slots
from ._spool import Spool
from ._worker import Worker

__all__ = ["activate", "active", "deactivate", "flush", "health", "override", "refresh"]

EXIT_DEADLINE = 2.0
LONGEST_OVERRIDE = dt.timedelta(days=7)

_receivers: list[tuple[Receiver, Worker]] = []
_registered: list[int] = []
# What the newest receiver did, so that it can be asked for after its end.
_tallies: list[Tally] = []


class _Activation(contextlib.AbstractContextManager[Receiver]):
    """What ``activate`` returns: to be ignored, or to be used with ``with``."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    def __enter__(self) -> Receiver:
        return self.receiver

    def __exit__(self, *_: object) -> None:
        if active() is self.receiver:
            deactivate()


def activate(
    *,
    board: Board | None = None,
    sink: Sink | None = None,
    spool: Spool | None = None,
    refresh: dt.timedelta = dt.timedelta(seconds=5),
    flush: Literal["thread", "manual"] = "thread",
    clock: Clock = utc_now,
) -> contextlib.AbstractContextManager[Receiver]:
    """Make this process's receiver; the one before, if any, is flushed and taken away.

    Args:
        board: where to read which components are shut; None: gates stay open.
        sink: where findings go; None: they are counted as dropped.
        spool: where findings on risks graded HIGH or not assessed go at once; the sink itself, if it is a spool.
        refresh: how often the board is read, more than zero; a change arrives at most that late (our choice: 5 s).
        flush: ``thread`` starts one daemon thread for refreshing and flushing; ``manual`` leaves both to the host,
            which calls :func:`refresh` and :func:`flush`.
        clock: where time comes from.

    Returns:
        A context manager that deactivates it; it may be ignored.

    Raises:
        InvalidValue: ``refresh`` is not more than zero, or ``flush`` is neither word.
    """
    if refresh <= dt.timedelta(0):
        raise InvalidValue("activate.refresh", "must be more than zero")
    if flush not in {"thread", "manual"}:
        raise InvalidValue("activate.flush", "must be 'thread' or 'manual'")
    deactivate()
    counts.forget()
    receiver = Receiver(board=board, sink=sink, spool=spool, clock=clock)
    worker = Worker(receiver, period=refresh.total_seconds(), threaded=flush == "thread")
    receiver.wake, receiver.hurry = worker.wake, worker.hurry
    _receivers[:] = [(receiver, worker)]
    _tallies[:] = [receiver.tally]
    set_process_recorder(receiver)
    _register_endings()
    receiver.refresh()
    if board is not None:
        worker.wake()
    return _Activation(receiver)


def deactivate() -> None:
    """Flush and take the receiver away; gates open. Without a receiver nothing happens."""
    if _receivers:
        receiver, worker = _receivers.pop()
        set_process_recorder(None)
        worker.end(EXIT_DEADLINE)
        clear_slots()
        del receiver


def active() -> Receiver | None:
    """Return this process's receiver, or None."""
    return _receivers[0][0] if _receivers else None


def flush() -> None:
    """Hand every finding that waits to the sink, now and in this thread."""
    receiver = active()
    if receiver is not None:
        receiver.flush()


def refresh() -> None:
    """Read the board now and flip the gates, in this thread."""
    receiver = active()
    if receiver is not None:
        receiver.refresh()


def health() -> Health:
    """Say how the hooks of this process are doing."""
    receiver = active()
    tally = _tallies[0] if _tallies else Tally()
    seen = Health(
        active=receiver is not None,
        offered=tally.offered,
        stored=tally.stored,
        dropped=tally.dropped,
        suppressed=tally.suppressed,
        internal_errors=counts.get("internal_errors"),
        reentered=counts.get("reentered"),
        control_failures=counts.get("control_failures") + tally.board_failures,
        guarded_calls=counts.get("guarded_calls"),
        unguarded_calls=counts.get("unguarded_calls"),
        sink_errors=tally.sink_errors,
        sink_cause=tally.sink_cause,
        disabled=disabled_sites(),
    )
    if receiver is None:
        return seen
    age = None if receiver.read_at is None else receiver.now() - receiver.read_at
    shut = tuple(slot.path for slot in slots() if slot.blockers)
    return evolve(seen, pending=receiver.pending(), board_age=age, shut=shut)


# --- break-glass -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def override(component: str, *, by: str, because: str, until: dt.datetime) -> Iterator[None]:
    """Open the gate of a component by hand, in this process, until the block ends or ``until`` comes.

    It passes containments and ended acceptances, never a stop or a rejection, and it is itself a finding from humans.

    Args:
        component: path of the component.
        by: a principal the board names as holder of the power to override.
        because: why; not kept, only its length is noted. Write the reason into the case.
        until: the first instant at which it holds no longer; at most 7 days ahead (our choice).

    Raises:
        InvalidValue: ``by`` is no principal, ``because`` is blank, or ``until`` has passed or is too far ahead.
        CommandRefused: the board does not name ``by``.
    """
    recorder = current()
    if recorder is None:
        yield
        return
    now = recorder.now()
    _check_override(by, because, until, now)
    state = recorder.state
    if state is None or by not in state.overriders:
        who = () if state is None else tuple(sorted(state.overriders))
        raise CommandRefused([Refusal(code=Code.NOT_AUTHORIZED, subject=component, detail=by, who=who)])
    slot, opened = slot_for(component), Override(by=by, until=until)
    finding = Finding(
        component=component,
        actor=Actor.HUMAN,
        verdict=Verdict.FLAG,
        site="kakao_asi.hooks:override",
        label="override",
        at=now,
        facts={"by": by, "because.length": len(because), "until": until.isoformat()},
    )
    recorder.offer(finding.key, lambda: finding)
    slot.overrides.append(opened)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            slot.overrides.remove(opened)


def _check_override(by: str, because: str, until: dt.datetime, now: dt.datetime) -> None:
    if not is_id(by):
        raise InvalidValue("override.by", ID_RULE)
    if not because.strip():
        raise InvalidValue("override.because", "must say why")
    if until.tzinfo is None or not now < until <= now + LONGEST_OVERRIDE:
        raise InvalidValue("override.until", "must be an instant within the next 7 days")


# --- the ends of a process -------------------------------------------------------------------------------------------


def _register_endings() -> None:
    """Register for the end of the process and for forks, once a process; a forked child registers its own."""
    if _registered and _registered[0] == os.getpid():
        return
    first = not _registered
    _registered[:] = [os.getpid()]
    atexit.register(_at_end)
    # A child of multiprocessing runs its finalisers and no atexit, and begins by forgetting those of its parent.
    from multiprocessing.util import register_after_fork

    _finalise(_at_end)
    if first:  # pragma: no branch  # a forked child inherits both
        os.register_at_fork(after_in_child=_after_fork)
        register_after_fork(_at_end, _finalise)


def _finalise(end: Callable[[], None]) -> None:
    from multiprocessing.util import Finalize

    Finalize(None, end, exitpriority=10)


def _at_end() -> None:
    with contextlib.suppress(AsiError, OSError):
        deactivate()


def _after_fork() -> None:  # pragma: no cover  # runs in a forked child only
    forget_locks()
    counts.forget()
    for receiver, worker in _receivers:
        receiver.after_fork()
        worker.after_fork()
        _tallies[:] = [receiver.tally]
    if _receivers:
        _register_endings()
