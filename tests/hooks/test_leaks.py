"""Streams that are closed early and exceptions with large locals leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
import weakref
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from kakao_asi import hooks

LARGE = 100_000
FLAT = 64 * 1024
TIMES = [pytest.param(2_000, marks=pytest.mark.long), pytest.param(100_000, marks=pytest.mark.soak)]
LENGTH = hooks.length_detector("length", most=5)


@hooks.watch("fails", on=ValueError)
def stream() -> Iterator[bytes]:
    """Hold much, and yield for ever."""
    held = bytes(LARGE)
    while True:
        yield held


@hooks.watch("fails", on=ValueError)
async def astream() -> AsyncIterator[bytes]:
    """Hold much, and yield for ever."""
    held = bytes(LARGE)
    while True:
        yield held


@hooks.guard("demo-chat/reply", output=[LENGTH], mode="observe")
def guarded() -> Iterator[str]:
    """Yield for ever."""
    while True:
        yield "a"


@hooks.watch("fails", on=ValueError)
def fail() -> None:
    """Fail with much in the frame."""
    held = bytes(LARGE)
    raise ValueError(len(held))


def close_stream() -> None:
    """Close a stream after its first item."""
    running = stream()
    next(running)
    running.close()  # type: ignore[attr-defined]  # a generator


def forget_stream() -> None:
    """Drop a stream after its first item."""
    next(stream())


def close_astream() -> None:
    """Close an async stream after its first item."""
    running = astream()
    for step in (running.__anext__(), running.aclose()):  # type: ignore[attr-defined]  # a generator
        with pytest.raises((StopIteration, StopAsyncIteration)):
            step.send(None)


def close_guarded() -> None:
    """Close a guarded stream after its first item."""
    running = guarded()
    next(running)
    running.close()  # type: ignore[attr-defined]  # a generator


def catch() -> None:
    """Catch an exception."""
    with pytest.raises(ValueError, match="100000"):
        fail()


def block() -> None:
    """Leave an activity by an exception."""
    with pytest.raises(KeyError), hooks.activity("act", risk="fails"):
        raise KeyError(bytes(LARGE))


@pytest.mark.parametrize("times", TIMES, ids=str)
@pytest.mark.parametrize("act", [close_stream, forget_stream, close_astream, close_guarded, catch, block])
def test_memory_stays_flat(act: Callable[[], None], times: int) -> None:
    """After a first hundred, many more of the same take less than 64 KiB together."""
    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        for _ in range(100):
            act()
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            for _ in range(times):
                act()
            gc.collect()
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()

    assert grown < FLAT


def test_no_exception_is_kept_alive() -> None:
    """Once the caller has let an exception go, nobody holds it: no group, no mark, no frame."""

    class HeldError(ValueError):
        """Takes a weak reference."""

    @hooks.watch("fails", on=ValueError)
    def raises() -> None:
        raise HeldError

    left: list[weakref.ref[HeldError]] = []
    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        for _ in range(3):
            try:
                raises()
            except HeldError as error:
                left.append(weakref.ref(error))
        gc.collect()

        assert [None] * 3 == [one() for one in left]


def test_an_event_loop_ends_early_streams_too() -> None:
    """A stream that a coroutine leaves by break is closed by the loop, and nothing is reported."""

    async def leave() -> None:
        """Be awaited by the test."""
        async for _ in astream():
            break

    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        asyncio.run(leave())

        assert 0 == hooks.health().offered
