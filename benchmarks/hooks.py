"""What a hook costs: ratios to a ``functools.wraps`` wrapper that does nothing, measured in the same run.

Milliseconds of a shared machine mean little; the ratio of two things timed in turns in one process means more. Each
case is timed in blocks of about two milliseconds; of three blocks the fastest counts, and of all rounds the median.
"""

from __future__ import annotations

import contextlib
import functools
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from attrs import frozen

import kakao_asi as asi
from kakao_asi import hooks

ROUNDS = 31
BLOCKS = 3
BLOCK_NS = 2_000_000
SLACK = 1.15
ITEMS = 200


@frozen
class Case:
    """One thing to time.

    Attributes:
        name: what it is.
        run: runs it a number of times.
        over: name of the case it is divided by.
        target: the ratio it should stay under; None: shown only.
    """

    name: str
    run: Callable[[int], object]
    over: str
    target: float | None = None


def noop(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function the plain way."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


def async_noop(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a coroutine function the plain way."""

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        return await function(*args, **kwargs)

    return wrapper


def gen_noop(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a generator the plain way."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return (yield from function(*args, **kwargs))

    return wrapper


def agen_noop(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap an async generator the plain way."""

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        async for item in function(*args, **kwargs):
            yield item

    return wrapper


def f(a: int, b: int = 2) -> int:  # noqa: ARG001  # a parameter with a default is part of the shape
    """Do next to nothing."""
    return a


def k(a: int, *, b: int = 2) -> int:  # noqa: ARG001  # a parameter with a default is part of the shape
    """Do next to nothing, with a keyword-only parameter."""
    return a


async def af(a: int, b: int = 2) -> int:  # noqa: ARG001  # a parameter with a default is part of the shape
    """Do next to nothing."""
    return a


def g(n: int) -> Iterator[int]:
    """Yield numbers."""
    yield from range(n)


async def ag(n: int) -> AsyncIterator[int]:
    """Yield numbers."""
    for item in range(n):
        yield item


def boom(a: int, b: int = 2) -> int:  # noqa: ARG001  # a parameter with a default is part of the shape
    """Raise."""
    raise ValueError(a)


LOOPS = {
    "calls": "for _ in range(n): target(1, b=3)",
    "awaits": "for _ in range(n):\n    try: target(1, b=3).send(None)\n    except StopIteration: pass",
    "items": "for _ in target(n): pass",
    "raises": "for _ in range(n):\n    try: target(1)\n    except ValueError: pass",
    "blocks": "for _ in range(n):\n    with target: pass",
}


def looped(kind: str, target: Any) -> Callable[[int], object]:
    """Return a loop of a case's own: the interpreter specialises code for what runs through it, so none is shared."""
    body = LOOPS[kind].replace("\n", "\n    ")
    space: dict[str, Any] = {"target": target}
    exec(f"def run(n):\n    {body}", space)  # noqa: S102  # a loop of our own
    run: Callable[[int], object] = space["run"]
    return run


def calls(function: Callable[..., Any]) -> Callable[[int], object]:
    """Call a function many times."""
    return looped("calls", function)


def awaits(function: Callable[..., Any]) -> Callable[[int], object]:
    """Drive a coroutine function many times, without an event loop."""
    return looped("awaits", function)


def items(function: Callable[..., Any]) -> Callable[[int], object]:
    """Consume a generator."""
    return looped("items", function)


def async_items(function: Callable[..., Any]) -> Callable[[int], object]:
    """Consume an async generator, without an event loop."""
    space: dict[str, Any] = {"target": function}
    exec("async def consume(n):\n    async for _ in target(n): pass", space)  # noqa: S102  # a loop of our own
    consume = space["consume"]

    def run(n: int) -> None:
        with contextlib.suppress(StopIteration):
            consume(n).send(None)

    return run


def raises(function: Callable[..., Any]) -> Callable[[int], object]:
    """Call a function that raises many times."""
    return looped("raises", function)


def cases() -> list[Case]:
    """List what is timed."""
    watch = asi.watch("r", on=ValueError)
    gate = asi.gate("demo-chat/reply")
    looks = asi.watch("r", on=ValueError, when=_never)
    return [
        Case("no-op wrapper", calls(noop(f)), "no-op wrapper"),
        Case("bare call", calls(f), "no-op wrapper"),
        Case("watch", calls(watch(f)), "no-op wrapper", 0.45),
        Case("gate + watch", calls(gate(watch(f))), "no-op wrapper", 0.55),
        Case("gate + watch, keyword-only", calls(gate(watch(k))), "no-op wrapper", 0.75),
        Case("watch with a predicate", calls(looks(f)), "no-op wrapper"),
        Case("async no-op wrapper", awaits(async_noop(af)), "async no-op wrapper"),
        Case("async watch", awaits(watch(af)), "async no-op wrapper", 0.70),
        Case("async gate + watch", awaits(gate(watch(af))), "async no-op wrapper", 0.70),
        Case("generator no-op, item", items(gen_noop(g)), "generator no-op, item"),
        Case("generator watch, item", items(watch(g)), "generator no-op, item", 1.05),
        Case("async generator no-op, item", async_items(agen_noop(ag)), "async generator no-op, item"),
        Case("async generator watch, item", async_items(watch(ag)), "async generator no-op, item", 1.20),
        Case("raising no-op", raises(noop(boom)), "raising no-op"),
        Case("raising, finding suppressed", raises(watch(boom)), "raising no-op", 2.5),
        Case("with block", looped("blocks", hooks.activity("reindex")), "no-op wrapper"),
    ]


def _never(_call: object) -> bool:
    return False


def _timed(run: Callable[[int], object], n: int) -> float:
    start = time.perf_counter_ns()
    run(n)
    return (time.perf_counter_ns() - start) / n


def measure(chosen: list[Case]) -> dict[str, float]:
    """Return nanoseconds a call, the median of shuffled rounds."""
    sizes = {case.name: max(20, int(BLOCK_NS / max(_timed(case.run, 200), 1))) for case in chosen}
    seen: dict[str, list[float]] = {case.name: [] for case in chosen}
    order = list(chosen)
    shuffle = random.Random(7)  # noqa: S311  # an order, no secret
    for _ in range(ROUNDS):
        shuffle.shuffle(order)
        for case in order:
            seen[case.name].append(min(_timed(case.run, sizes[case.name]) for _ in range(BLOCKS)))
    return {name: statistics.median(values) for name, values in seen.items()}


def main() -> int:
    """Print the table; return 1 if a ratio is over its target by more than 15 %."""
    chosen = cases()
    failed = 0
    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        found = measure(chosen)
    print(f"{'case':36}{'ns':>10}{'ratio':>8}{'target':>8}")
    for case in chosen:
        ratio = found[case.name] / found[case.over]
        over = case.target is not None and ratio > case.target * SLACK
        failed += over
        target = "" if case.target is None else f"{case.target:.2f}"
        print(f"{case.name:36}{found[case.name]:>10.0f}{ratio:>8.2f}{target:>8}{'  over' if over else ''}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
