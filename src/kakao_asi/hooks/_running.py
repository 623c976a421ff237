"""Running detectors: within a deadline, a few at a time, and whatever they do, with an answer."""

from __future__ import annotations

import datetime as dt
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any

from attrs import field, frozen

from ..findings import Verdict
from ._detectors import AsyncDetector, Detection, Detector, Item
from ._noting import cause_of

__all__ = ["Answer", "Runner", "standing_in"]

_POLL_SECONDS = 0.005

_stand_ins: ContextVar[tuple[tuple[str, Any], ...]] = ContextVar("kakao_asi_stand_ins", default=())


@contextmanager
def standing_in(name: str, detector: Any) -> Iterator[None]:
    """Let another detector answer for the one of a name, in this context only; for tests."""
    before = _stand_ins.get()
    _stand_ins.set(((name, detector), *before))
    try:
        yield
    finally:
        _stand_ins.set(before)


@frozen(kw_only=True)
class Answer:
    """What became of asking one detector.

    Attributes:
        detector: its name.
        detections: what it said.
        failure: why there is no answer: an exception's type, ``timeout``, ``at_capacity``, ``malformed`` or a note of
            the detector; None if it answered.
    """

    detector: str
    detections: tuple[Detection, ...] = ()
    failure: str | None = None


@frozen
class _Failed:
    cause: str


@frozen(kw_only=True)
class Runner:
    """Runs one detector; lives as long as its guard.

    Attributes:
        detector: the detector.
        deadline: how long an answer may take; None only for a detector that neither waits nor calls out.
        slots: how many may run at once; one that hangs keeps its slot.
    """

    detector: Detector | AsyncDetector
    deadline: dt.timedelta | None
    slots: threading.Semaphore = field(repr=False)

    @property
    def name(self) -> str:
        """The detector's name."""
        return self.detector.name

    @property
    def answering(self) -> Any:
        """The detector, or what a test lets stand in for it."""
        return next((one for name, one in _stand_ins.get() if name == self.name), self.detector)

    def ask(self, item: Item) -> Answer:
        """Return the detector's answer, within the deadline."""
        if self.deadline is None:
            return self._read(_called(self.answering, item))
        ends = time.monotonic() + self.deadline.total_seconds()
        if not self.slots.acquire(timeout=self.deadline.total_seconds()):
            return self._read(_Failed("at_capacity"))
        try:
            return self._read(self._start(item).get(timeout=max(ends - time.monotonic(), 0)))
        except queue.Empty:
            return self._read(_Failed("timeout"))

    async def aask(self, item: Item) -> Answer:
        """Return the detector's answer, within the deadline and without holding up the event loop."""
        if self.deadline is None:
            return self._read(_called(self.answering, item))
        import asyncio

        ends = time.monotonic() + self.deadline.total_seconds()
        while not self.slots.acquire(blocking=False):
            if time.monotonic() >= ends:
                return self._read(_Failed("at_capacity"))
            await asyncio.sleep(_POLL_SECONDS)
        left = max(ends - time.monotonic(), 0)
        try:
            if hasattr(self.answering, "adetect"):
                return self._read(await asyncio.wait_for(self._awaited(item), left))
            return self._read(await asyncio.wait_for(self._threaded(item), left))
        except TimeoutError:
            return self._read(_Failed("timeout"))

    async def _awaited(self, item: Item) -> Any:
        try:
            return await self.answering.adetect(item)
        except Exception as error:  # noqa: BLE001  # a detector is the host's; what it raises is an answer
            return _Failed(cause_of(error))
        finally:
            self.slots.release()

    async def _threaded(self, item: Item) -> Any:
        import asyncio

        loop = asyncio.get_running_loop()
        told: asyncio.Future[Any] = loop.create_future()

        def tell(answer: Any) -> None:
            if not told.done():
                told.set_result(answer)

        def hand(answer: Any) -> None:
            try:
                loop.call_soon_threadsafe(tell, answer)
            except RuntimeError:  # the loop is closed, and nobody waits any more
                return

        self._spawn(item, hand)
        return await told

    def _start(self, item: Item) -> queue.SimpleQueue[Any]:
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._spawn(item, answers.put)
        return answers

    def _spawn(self, item: Item, hand: Any) -> None:
        # A daemon of its own: a pool's threads would be waited for at the end of the process, and one may hang.
        context, detector = copy_context(), self.answering

        def run() -> None:
            try:
                answer = context.run(_called, detector, item)
            finally:
                self.slots.release()
            hand(answer)

        threading.Thread(target=run, name=f"kakao-asi-{self.name}", daemon=True).start()

    def _read(self, raw: Any) -> Answer:
        """Turn whatever came back into an answer; what is not a sequence of detections is none."""
        if isinstance(raw, _Failed):
            return Answer(detector=self.name, failure=raw.cause)
        if not isinstance(raw, Sequence) or not all(isinstance(one, Detection) for one in raw):
            return Answer(detector=self.name, failure="malformed")
        silent = [one for one in raw if one.verdict is Verdict.INDETERMINATE]
        failure = ",".join(sorted({note for one in silent for note in one.notes})) or "indeterminate"
        return Answer(detector=self.name, detections=tuple(raw), failure=failure if silent else None)


def _called(detector: Any, item: Item) -> Any:
    try:
        return detector.detect(item)
    except Exception as error:  # noqa: BLE001  # a detector is the host's; what it raises is an answer
        return _Failed(cause_of(error))
