"""Our own failures at every line and interrupts at any bytecode: neither changes what a call does.

A trace function raises inside the library, line by line, and the call must give the result or the exception object it
gives without hooks. Interrupts are raised at bytecodes, and must come out as the object they are.
"""

from __future__ import annotations

import ast
import asyncio
import functools
import random
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Self

import pytest

import kakao_asi
from kakao_asi import hooks

ROOT = Path(kakao_asi.__file__).parent
OURS = tuple(str(ROOT / name) for name in ("hooks", "signals", "findings.py", "_internal"))
INTERRUPTS: tuple[type[BaseException], ...] = (KeyboardInterrupt, SystemExit, asyncio.CancelledError, GeneratorExit)
# Since 3.12 a trace function is told of bytecodes or not, as it happens; there interrupts come at lines.
POINT = "opcode" if sys.version_info < (3, 12) else "line"


class Injected(Exception):  # noqa: N818  # a bug of ours, as a test makes it
    """A bug of ours."""


# --- calls of six kinds, each with an ending -------------------------------------------------------------------------


class Result:
    """What a call returns; compared by identity."""


RESULT = Result()


def ended(error: Exception | None) -> Result:
    """Return, or raise the one error."""
    if error is not None:
        raise error
    return RESULT


def driven(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that never waits, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError


def calls(decorate: Callable[[Any], Any]) -> dict[str, Callable[[Exception | None], Any]]:
    """Return a call of each kind that ends as it is told."""

    async def acoroutine(error: Exception | None) -> Result:
        """Be driven by the test."""
        return ended(error)

    def generator(error: Exception | None) -> Iterator[Result]:
        yield ended(None)
        ended(error)

    async def async_generator(error: Exception | None) -> AsyncIterator[Result]:
        """Be driven by the test."""
        yield ended(None)
        ended(error)

    class CallableObject:
        def __call__(self, error: Exception | None) -> Result:
            return ended(error)

    def returns_coroutine(error: Exception | None) -> Coroutine[Any, Any, Result]:
        return acoroutine(error)

    made = {
        "function": decorate(ended),
        "coroutine": decorate(acoroutine),
        "generator": decorate(generator),
        "async_generator": decorate(async_generator),
        "callable": decorate(CallableObject()),
        "returns_coroutine": decorate(returns_coroutine),
    }

    async def consumed(error: Exception | None) -> list[Result]:
        """Be driven by the test."""
        return [one async for one in made["async_generator"](error)]

    return {
        "function": made["function"],
        "coroutine": lambda error: driven(made["coroutine"](error)),
        "generator": lambda error: list(made["generator"](error)),
        "async_generator": lambda error: driven(consumed(error)),
        "callable": made["callable"],
        "returns_coroutine": lambda error: driven(made["returns_coroutine"](error)),
    }


def hooked(target: Any) -> Any:
    """Put an observing gate and two watches on a callable."""
    seen = hooks.watch("looks", when=lambda call: call.args["error"] is None, component="demo-chat/reply")
    return hooks.gate("demo-chat/reply", mode="observe")(hooks.watch("fails", on=ValueError)(seen(target)))


PLAIN = calls(lambda target: target)
KINDS = tuple(PLAIN)
ENDINGS = ("returns", "raises")


def outcome(call: Callable[[Exception | None], Any], ending: str) -> tuple[Any, ...]:
    """Return all that a caller can see of how a call ended; the error is a new one each time."""
    error = ValueError("private") if ending == "raises" else None
    try:
        return "returned", call(error)
    except ValueError as caught:
        frames = len(list(traceback.walk_tb(caught.__traceback__)))
        return "raised", caught is error, caught.args, caught.__cause__, caught.__context__, frames


# --- raising inside our code -----------------------------------------------------------------------------------------


@functools.cache
def nets(filename: str) -> frozenset[int]:
    """Return the lines of a file that are the net itself: handlers, the ends of ``try``, and its first line."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(Path(filename).read_text("utf-8"))):
        if isinstance(node, ast.Try):
            found.add(node.lineno)
            for part in (*node.handlers, *node.finalbody):
                found.update(range(part.lineno, (part.end_lineno or part.lineno) + 1))
    return frozenset(found)


SHELLS = {"wrapper", "follow", "_follow", "trouble", "tell_once", "enter", "failed", "returned"}
"""What cannot fail in a way of its own: the wrappers, what they call by name alone, and what counts our failures."""


class Fault:
    """Raises at one line event inside our code, counted from 0; lives for one call."""

    def __init__(self, at: int | None = None) -> None:
        """Count only, where no number is given."""
        self.at, self.seen, self.raised = at, 0, False
        self.points: list[tuple[str, int]] = []

    def __enter__(self) -> Self:
        """Start tracing."""
        self.before = sys.gettrace()
        sys.settrace(self.called)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop tracing."""
        sys.settrace(self.before)

    def called(self, frame: FrameType, _event: str, _arg: object) -> Any:
        """Look into frames of ours that are no shells."""
        code = frame.f_code
        ours = code.co_filename.startswith(OURS) and code.co_name not in SHELLS
        return self.line if ours else None

    def line(self, frame: FrameType, event: str, _arg: object) -> Any:
        """Raise when it is time."""
        if event == "line" and frame.f_lineno not in nets(frame.f_code.co_filename):
            if self.seen == self.at:
                self.seen += 1
                self.raised = True
                raise Injected
            if self.at is None:
                self.points.append((Path(frame.f_code.co_filename).name, frame.f_lineno))
            self.seen += 1
        return self.line


def prepared(kind: str) -> Callable[[Exception | None], Any]:
    """Return a hooked call under a new receiver, so that nothing was reported before."""
    hooks.activate(sink=lambda _finding: True, flush="manual")
    return calls(hooked)[kind]


@pytest.fixture(autouse=True)
def _no_receiver() -> Iterator[None]:
    """Take the last receiver away."""
    yield
    hooks.deactivate()


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bug_of_ours_at_any_line_changes_nothing(kind: str, ending: str) -> None:
    """At each line of ours that is reached, the result or exception is the same, its traceback one frame longer."""
    plain = outcome(PLAIN[kind], ending)
    longer = (*plain[:-1], plain[-1] + 1) if plain[0] == "raised" else plain
    outcome(prepared(kind), ending)  # what is remembered for good is remembered now
    call = prepared(kind)
    with Fault() as counting:
        assert longer == outcome(call, ending)
    wrong, missed = [], []
    for at, point in enumerate(counting.points):
        call = prepared(kind)
        with Fault(at) as fault:
            found = outcome(call, ending)
        if found != longer:
            wrong.append((point, found))
        if not fault.raised:
            missed.append(point)

    assert ([], []) == (wrong, missed)
    assert 60 <= len(counting.points)


# --- interrupts ------------------------------------------------------------------------------------------------------


class Interrupt:
    """Raises one object at one bytecode of ours, counted from 0; lives for one call."""

    def __init__(self, error: BaseException | None = None, at: int = -1) -> None:
        """Count only, where no object is given."""
        self.error, self.at, self.seen = error, at, 0

    def __enter__(self) -> Self:
        """Start tracing."""
        self.before = sys.gettrace()
        sys.settrace(self.called)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop tracing."""
        sys.settrace(self.before)

    def called(self, frame: FrameType, _event: str, _arg: object) -> Any:
        """Look at every bytecode of ours, the wrappers included."""
        if not frame.f_code.co_filename.startswith((*OURS, "<kakao_asi")):
            return None
        frame.f_trace_opcodes = POINT == "opcode"
        return self.step

    def step(self, _frame: FrameType, event: str, _arg: object) -> Any:
        """Raise when it is time."""
        if event == POINT:
            self.seen += 1
            if self.seen - 1 == self.at and self.error is not None:
                raise self.error
        return self.step


def interrupted(kind: str, ending: str, error: BaseException, at: int) -> bool:
    """Tell whether an interrupt came out as the object it is."""
    call = prepared(kind)
    with Interrupt(error, at):
        try:
            outcome(call, ending)
        except BaseException as caught:  # noqa: BLE001  # interrupts are what is looked for
            return caught is error
    return False


def interrupts_pass(points: int) -> list[tuple[str, str, str, int]]:
    """Interrupt at random bytecodes; return where the interrupt did not come out."""
    chosen = random.Random(11)  # noqa: S311  # an order, no secret
    sizes: dict[tuple[str, str], int] = {}
    wrong = []
    for number in range(points):
        kind, ending = chosen.choice(KINDS), chosen.choice(ENDINGS)
        if (kind, ending) not in sizes:
            outcome(prepared(kind), ending)  # what is remembered for good is remembered now
            call = prepared(kind)
            with Interrupt() as counting:
                outcome(call, ending)
            sizes[kind, ending] = counting.seen
        error = INTERRUPTS[number % len(INTERRUPTS)]()
        at = chosen.randrange(sizes[kind, ending])
        if not interrupted(kind, ending, error, at):
            wrong.append((kind, ending, type(error).__name__, at))
    return wrong


@pytest.mark.parametrize(
    "points", [pytest.param(200, marks=pytest.mark.long), pytest.param(1_000, marks=pytest.mark.soak)], ids=str
)
@pytest.mark.filterwarnings("ignore:.*was never awaited:RuntimeWarning")  # an interrupt may come before the await
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupts_pass_and_hooks_live_on(points: int) -> None:
    """An interrupt at any bytecode comes out as it is; afterwards hooks count as before, in this thread too."""
    wrong = interrupts_pass(points)
    outcome(prepared("function"), "raises")
    hooks.flush()
    seen = hooks.health()

    assert [] == wrong
    assert (1, 1, 0) == (seen.offered, seen.stored, seen.reentered)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_interrupted_is_really_ours(kind: str) -> None:
    """There are many points of ours in every kind, so that those above are no few."""
    call = prepared(kind)
    with Interrupt() as counting:
        outcome(call, "raises")

    assert (300 if POINT == "opcode" else 60) < counting.seen
