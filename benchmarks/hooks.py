"""What a hook costs: ratios to a ``functools.wraps`` wrapper that does nothing, measured in the same run.

    python -m benchmarks.hooks

Other libraries stand in the same table where they are installed; who is not is named as skipped.

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
from contextvars import ContextVar
from typing import Any

from attrs import frozen

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.integrations.asgi import RiskMiddleware

from .peers import installed

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


_BOUND: ContextVar[object] = ContextVar("bound", default=None)


def bindings(n: int) -> None:
    """Bind a context variable and bind back, many times: what no block can do without."""
    bind = _BOUND.set
    for _ in range(n):
        bind(n)
        bind(None)


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
        Case("  of it, binding a context variable", bindings, "no-op wrapper"),
    ]


def _never(_call: object) -> bool:
    return False


def requests(app: Any) -> Callable[[int], object]:
    """Send many requests through an ASGI app that never really waits, without an event loop."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/", "raw_path": b"/", "query_string": b"", "headers": [], "root_path": "",
        "server": ("app", 80), "client": ("bench", 1),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: object) -> None:
        return None

    def run(n: int) -> None:
        for _ in range(n):
            with contextlib.suppress(StopIteration):
                app(dict(scope), receive, send).send(None)

    return run


def asgi_cases() -> list[Case]:
    """List requests through a Starlette route, bare, behind our middleware, and behind one that buffers."""
    try:
        from starlette.applications import Starlette
        from starlette.responses import PlainTextResponse
        from starlette.routing import Route
    except ImportError:
        print("skipped: starlette is not installed, so no request is timed")
        return []

    async def endpoint(_request: object) -> Any:
        return PlainTextResponse("hello")

    def app() -> Any:
        return Starlette(routes=[Route("/", endpoint)])

    guarded = RiskMiddleware(app(), component="demo-chat/http", watch={"5xx": "down"})
    return [
        Case("request, bare app", requests(app()), "request, bare app"),
        Case("request, our middleware", requests(guarded), "request, bare app", 1.10),
    ]


def peer_cases() -> list[Case]:
    """List what the other libraries cost on the same functions."""
    listed: list[Case] = []
    for peer, decorate in installed():
        if decorate is None:
            print(f"skipped: {peer.module} is not installed")
            continue
        listed.append(Case(peer.name, calls(decorate(f)), "no-op wrapper"))
        if peer.waits:
            listed.append(Case(f"{peer.name}, async", awaits(decorate(af)), "async no-op wrapper"))
        listed.append(Case(f"{peer.name}, raising", raises(decorate(boom)), "raising no-op"))
    return listed


HOSTILE = {
    "digits": "1", "day of birth": "900101-", "at signs": "a@", "Hangul": "가", "jamo": "\u1100",
    "full-width digits": "\uff11", "invisible": "\u200b", "ligatures": "\ufdfa",
}  # fmt: skip
HOSTILE_MS = 10.0


def tell_personal() -> None:
    """Print how long the personal detector takes for 100,000 hostile characters, in milliseconds of this process."""
    detector = hooks.personal_detector()
    print(f"\n{'personal detector, 100,000 characters':44}{'ms':>8}{'aim':>8}")
    for name, piece in HOSTILE.items():
        item = hooks.Item(text=(piece * 100_000)[:100_000], side="output", turn="assistant")
        took = []
        for _ in range(7):
            begun = time.process_time()
            detector.detect(item)
            took.append((time.process_time() - begun) * 1_000)
        print(f"{name:44}{min(took):>8.1f}{HOSTILE_MS:>8.0f}")


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
    chosen = [*cases(), *asgi_cases(), *peer_cases()]
    failed = 0
    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        found = measure(chosen)
    print(f"{'case':44}{'ns':>10}{'ratio':>8}{'target':>8}")
    for case in chosen:
        ratio = found[case.name] / found[case.over]
        over = case.target is not None and ratio > case.target * SLACK
        failed += over
        target = "" if case.target is None else f"{case.target:.2f}"
        print(f"{case.name:44}{found[case.name]:>10.0f}{ratio:>8.2f}{target:>8}{'  over' if over else ''}")
    tell_personal()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
