"""Detectors that do what a test wants: answer, fail, hang, or talk nonsense."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from attrs import frozen

from ..findings import Verdict
from ..hooks import Detection, Detector, Item
from ..hooks._running import standing_in
from ._expect import expect_same

__all__ = ["DETECTOR_RULES", "DetectorContract", "Outage", "detector", "simulate_outage"]

Outage: TypeAlias = Literal["500", "timeout", "drop", "schema_drift", "free_text"]
"""Ways in which a detector behind a network stops answering."""


@frozen(kw_only=True)
class _Fake:
    """A detector that calls a function."""

    name: str
    answer: Callable[[Item], Any]

    def detect(self, item: Item) -> Any:
        return self.answer(item)


@contextmanager
def detector(
    name: str,
    *,
    returns: Iterable[Verdict] = (),
    raises: Exception | None = None,
    delay: dt.timedelta = dt.timedelta(0),
    label: str = "fake",
) -> Iterator[None]:
    """Let a fake stand in for the detector of a name, in this context only.

    Args:
        name: name of the detector in the guard.
        returns: a detection for each verdict.
        raises: raised instead.
        delay: how long an answer takes; what is longer than the guard's deadline is a timeout.
        label: code of the detections.
    """
    verdicts = tuple(returns)
    ended = threading.Event()

    def answer(_item: Item) -> list[Detection]:
        ended.wait(delay.total_seconds())
        if raises is not None:
            raise raises
        silent = {Verdict.CLEAR, Verdict.INDETERMINATE}
        return [Detection(verdict=one, label=None if one in silent else label) for one in verdicts]

    with standing_in(name, _Fake(name=name, answer=answer)):
        try:
            yield
        finally:
            ended.set()


@contextmanager
def simulate_outage(name: str, *, kind: Outage = "timeout") -> Iterator[None]:
    """Let the detector of a name stop answering, in this context only.

    Args:
        name: name of the detector in the guard.
        kind: ``500`` and ``drop`` raise; ``timeout`` answers only when the block ends, or raises where the guard sets
            no deadline; ``schema_drift`` and ``free_text`` answer with what is no detection.
    """
    ended = threading.Event()

    def hang() -> Any:
        ended.wait()
        return []

    def fail(error: Exception) -> Any:
        raise error

    outages: dict[Outage, Callable[[Item], Any]] = {
        "500": lambda _item: fail(RuntimeError("internal server error")),
        "timeout": lambda _item: hang(),
        "drop": lambda _item: fail(ConnectionResetError()),
        "schema_drift": lambda _item: {"verdict": "safe"},
        "free_text": lambda _item: "This looks fine to me.",
    }
    with standing_in(name, _Fake(name=name, answer=outages[kind])):
        try:
            yield
        finally:
            ended.set()


class DetectorContract:
    """What every detector keeps; lives for one run.

    Example:
        >>> from kakao_asi.hooks import length_detector
        >>> DetectorContract(length_detector("short", most=5)).run("answers_are_detections")
    """

    def __init__(self, tested: Detector) -> None:
        """Hold the detector."""
        self._tested = tested

    def run(self, name: str) -> None:
        """Show one rule of ``DETECTOR_RULES``.

        Raises:
            AssertionError: the detector does not keep it.
        """
        getattr(self, f"_{name}")()

    def _ask(self, text: str, *, final: bool = True) -> tuple[Detection, ...]:
        return tuple(self._tested.detect(Item(text=text, side="output", turn="assistant", final=final)))

    def _answers_are_detections(self) -> None:
        for text in ("", "a", "가나다", "\x00\u200b", "9" * 1_000):
            expect_same(True, all(isinstance(one, Detection) for one in self._ask(text)))

    def _spans_lie_in_the_text(self) -> None:
        for text in ("", "주민번호는 900101-1234567 입니다", "\uff41@b.com", "가" * 50):
            ends = [span.end for one in self._ask(text) for span in one.spans]
            expect_same(True, all(end <= len(text) for end in ends))

    def _keeps_nothing_between_calls(self) -> None:
        text = "주민번호는 900101-1234567 입니다"
        before = self._ask(text)
        self._ask("something else", final=False)
        expect_same(before, self._ask(text))


DETECTOR_RULES: tuple[str, ...] = ("answers_are_detections", "spans_lie_in_the_text", "keeps_nothing_between_calls")
"""The names of the rules of ``DetectorContract``."""
