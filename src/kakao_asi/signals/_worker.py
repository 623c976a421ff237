"""The one daemon thread of a receiver: it reads the board and hands findings on."""

from __future__ import annotations

import threading

from ._counting import counts
from ._receiver import Receiver

__all__ = ["Worker"]


class Worker:
    """Refreshes and flushes in the background; lives as long as its receiver, and starts when it is first woken."""

    def __init__(self, receiver: Receiver, *, period: float, threaded: bool) -> None:
        """Remember the receiver; nothing runs yet."""
        self._receiver = receiver
        self._period = period
        self._threaded = threaded
        self._renew()

    def _renew(self) -> None:
        self._thread: threading.Thread | None = None
        self._lock = threading.RLock()
        self._end = threading.Event()
        self._stir = threading.Event()
        self._ended = threading.Event()

    def wake(self) -> None:
        """Start the thread if there is none; never wait for it."""
        if not self._threaded:
            return
        with self._lock:
            if self._thread is not None or self._end.is_set():
                return
            thread = threading.Thread(target=self._run, name="kakao-asi-signals", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the interpreter is ending; end() flushes then
                counts.add("internal_errors")
                return
            self._thread = thread

    def hurry(self) -> None:
        """Let the thread hand on what waits now rather than at the end of its period; never wait for it."""
        self.wake()
        self._stir.set()

    def _run(self) -> None:
        while True:
            stirred = self._stir.wait(self._period)
            if self._end.is_set():
                break
            self._stir.clear()
            try:
                if not stirred:
                    self._receiver.refresh()
                self._receiver.flush(everything=False)
            except Exception:  # noqa: BLE001  # our own failure must not end the thread
                counts.add("internal_errors")
        try:
            self._receiver.close()
        finally:
            self._ended.set()

    def end(self, deadline: float) -> None:
        """Flush and stop, within ``deadline`` seconds where a thread runs; a sink that hangs is left behind."""
        self._end.set()
        self._stir.set()
        if self._thread is None:
            self._receiver.close()
        elif threading.current_thread() is not self._thread:
            self._ended.wait(deadline)

    def after_fork(self) -> None:  # pragma: no cover  # runs in a forked child only
        """Forget the thread, which the child does not have."""
        self._renew()
