"""The behaviours a hook keeps for every callable, as a suite that other hooks can be run through."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextvars import ContextVar
from typing import Any

from ._expect import expect_raised, expect_same

__all__ = ["HOOK_BEHAVIOURS", "HookContract"]

_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")


class _Meets:
    """A barrier of four threads, to show that calls run at the same time without measuring any."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(4, timeout=10)

    def wait(self) -> int:
        return self.barrier.wait()


class HookContract:
    """The 22 behaviours; lives for one run.

    Example:
        >>> from kakao_asi.hooks import watch
        >>> from kakao_asi.testing import capture
        >>> with capture() as seen:
        ...     contract = HookContract(watch("r", on=ValueError), count=lambda: len(seen.findings))
        ...     contract.run("function_raises")
    """

    def __init__(self, decorate: Callable[[Any], Any], *, count: Callable[[], int] | None = None) -> None:
        """Hold what is looked at.

        Args:
            decorate: the decorator; where ``count`` is given, one that reports ``ValueError``.
            count: how many reports there are so far; None for a decorator that reports nothing.
        """
        self._decorate = decorate
        self._count = count

    def run(self, name: str) -> None:
        """Show one behaviour of ``HOOK_BEHAVIOURS``.

        Raises:
            AssertionError: the hook does not keep it.
        """
        getattr(self, f"_{name}")()

    # --- tools -------------------------------------------------------------------------------------------------------

    def _reports(self, expected: int, act: Callable[[], object]) -> None:
        before = 0 if self._count is None else self._count()
        act()
        if self._count is not None:
            expect_same(expected, self._count() - before)

    def _raises_once(self, call: Callable[[], object], error: BaseException) -> None:
        self._reports(1, lambda: expect_same(True, expect_raised(ValueError, call) is error))

    # --- functions ---------------------------------------------------------------------------------------------------

    def _function_raises(self) -> None:
        error = ValueError("private")

        def function(_x: int) -> None:
            raise error

        decorated = self._decorate(function)
        self._raises_once(lambda: decorated(1), error)

    def _coroutine_raises(self) -> None:
        error = ValueError("private")

        async def function() -> None:
            await asyncio.sleep(0)
            raise error

        decorated = self._decorate(function)
        made: list[Any] = []
        self._reports(0, lambda: made.append(decorated()))
        self._raises_once(lambda: asyncio.run(made[0]), error)

    def _coroutine_function_is_seen(self) -> None:
        async def function() -> None: ...

        expect_same(True, inspect.iscoroutinefunction(self._decorate(function)))

    def _coroutine_of_plain_function_raises(self) -> None:
        error = ValueError("private")

        async def inner() -> None:
            raise error

        def function() -> Coroutine[Any, Any, None]:
            return inner()

        decorated = self._decorate(function)
        self._raises_once(lambda: asyncio.run(decorated()), error)

    def _signature_is_kept(self) -> None:
        def function(a: int, /, b: str = "x", *args: int, c: bool = True, **rest: str) -> bytes:
            """Say something."""
            return f"{a}{b}{args}{c}{rest}".encode()

        decorated = self._decorate(function)
        expect_same(inspect.signature(function), inspect.signature(decorated))
        expect_same((function.__name__, function.__doc__), (decorated.__name__, decorated.__doc__))
        expect_same(function(1, "y", 2, c=False, d="z"), decorated(1, "y", 2, c=False, d="z"))

    def _calls_run_at_the_same_time(self) -> None:
        meets = _Meets()
        decorated = self._decorate(meets.wait)
        threads = [threading.Thread(target=decorated) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        expect_same(False, meets.barrier.broken or any(thread.is_alive() for thread in threads))

    # --- generators --------------------------------------------------------------------------------------------------

    def _generator_raises(self) -> None:
        error = ValueError("private")

        def function() -> Generator[int, None, None]:
            yield 1
            raise error

        decorated = self._decorate(function)
        self._raises_once(lambda: list(decorated()), error)

    def _generator_function_is_seen(self) -> None:
        def function() -> Generator[str, None, None]:
            yield "ready"

        decorated = self._decorate(function)
        expect_same((True, ["ready"]), (inspect.isgeneratorfunction(decorated), list(decorated())))

    def _generator_sends_and_returns(self) -> None:
        def function() -> Generator[Any, Any, str]:
            yield (yield "ready")
            return "ret"

        running = self._decorate(function)()
        expect_same(("ready", 42), (next(running), running.send(42)))
        expect_same("ret", expect_raised(StopIteration, lambda: next(running)).value)

    def _generator_throws(self) -> None:
        def function() -> Generator[str, None, None]:
            try:
                yield "ready"
            except KeyError:
                yield "caught"

        def act() -> None:
            running = self._decorate(function)()
            next(running)
            expect_same("caught", running.throw(KeyError()))

        self._reports(0, act)

    def _generator_closes(self) -> None:
        ended: list[str] = []

        def function() -> Generator[int, None, None]:
            try:
                while True:
                    yield 1
            finally:
                ended.append("finally")

        def act() -> None:
            running = self._decorate(function)()
            next(running)
            running.close()

        self._reports(0, act)
        expect_same(["finally"], ended)

    def _generator_keeps_the_consumers_context(self) -> None:
        def function() -> Generator[str, None, None]:
            yield _SPOKEN.get()
            yield _SPOKEN.get()

        running = self._decorate(function)()
        _SPOKEN.set("one")
        first = next(running)
        _SPOKEN.set("two")
        expect_same(("one", "two"), (first, next(running)))

    # --- async generators --------------------------------------------------------------------------------------------

    def _async_generator_raises(self) -> None:
        error = ValueError("private")

        async def function() -> AsyncGenerator[int, None]:
            yield 1
            await asyncio.sleep(0)
            raise error

        decorated = self._decorate(function)

        async def consume() -> None:
            async for _ in decorated():
                pass

        self._raises_once(lambda: asyncio.run(consume()), error)

    def _async_generator_function_is_seen(self) -> None:
        async def function() -> AsyncGenerator[str, None]:
            yield "ready"

        decorated = self._decorate(function)

        async def consume() -> list[str]:
            return [item async for item in decorated()]

        expect_same((True, ["ready"]), (inspect.isasyncgenfunction(decorated), asyncio.run(consume())))

    def _async_generator_sends(self) -> None:
        async def function() -> AsyncGenerator[Any, Any]:
            yield (yield "ready")

        async def consume() -> object:
            running = self._decorate(function)()
            await anext(running)
            sent = await running.asend(42)
            await running.aclose()
            return sent

        expect_same(42, asyncio.run(consume()))

    def _async_generator_closes(self) -> None:
        ended: list[str] = []

        async def function() -> AsyncGenerator[int, None]:
            try:
                while True:
                    yield 1
            finally:
                ended.append("finally")

        async def consume() -> list[str]:
            running = self._decorate(function)()
            await anext(running)
            await running.aclose()
            return list(ended)

        self._reports(0, lambda: expect_same(["finally"], asyncio.run(consume())))

    # --- methods -----------------------------------------------------------------------------------------------------

    def _method_raises(self) -> None:
        decorate, error = self._decorate, ValueError("private")

        class Owner:
            @decorate
            def method(self) -> None:
                expect_same(True, type(self) is Owner)
                raise error

        self._raises_once(lambda: Owner().method(), error)

    def _below_classmethod_raises(self) -> None:
        decorate, error = self._decorate, ValueError("private")

        class Owner:
            @classmethod
            @decorate
            def method(cls, _x: int) -> None:
                expect_same(True, cls is Owner)
                raise error

        self._raises_once(lambda: Owner.method(1), error)

    def _above_classmethod_raises(self) -> None:
        decorate, error = self._decorate, ValueError("private")

        class Owner:
            @decorate
            @classmethod
            def method(cls, _x: int) -> None:
                expect_same(True, cls is Owner)
                raise error

        self._raises_once(lambda: Owner.method(1), error)

    def _above_staticmethod_raises(self) -> None:
        decorate, error = self._decorate, ValueError("private")

        class Owner:
            @decorate
            @staticmethod
            def method(x: int) -> None:
                expect_same(1, x)
                raise error

        self._raises_once(lambda: Owner().method(1), error)

    # --- tasks -------------------------------------------------------------------------------------------------------

    def _task_group_raises(self) -> None:
        error = ValueError("private")

        async def child() -> None:
            raise error

        async def function() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(child())

        decorated = self._decorate(function)

        def act() -> None:
            seen = expect_raised(ExceptionGroup, lambda: asyncio.run(decorated()))
            expect_same((error,), seen.exceptions)

        self._reports(1, act)

    def _cancellation_passes(self) -> None:
        async def function() -> None:
            await asyncio.Event().wait()

        decorated = self._decorate(function)

        async def cancel() -> bool:
            task = asyncio.ensure_future(decorated())
            await asyncio.sleep(0)
            task.cancel()
            done = await asyncio.gather(task, return_exceptions=True)
            return isinstance(done[0], asyncio.CancelledError)

        self._reports(0, lambda: expect_same(True, asyncio.run(cancel())))


HOOK_BEHAVIOURS: tuple[str, ...] = (
    "function_raises",
    "coroutine_raises",
    "coroutine_function_is_seen",
    "generator_raises",
    "generator_function_is_seen",
    "generator_sends_and_returns",
    "generator_throws",
    "generator_closes",
    "async_generator_raises",
    "async_generator_function_is_seen",
    "async_generator_sends",
    "async_generator_closes",
    "method_raises",
    "below_classmethod_raises",
    "above_classmethod_raises",
    "above_staticmethod_raises",
    "signature_is_kept",
    "task_group_raises",
    "cancellation_passes",
    "coroutine_of_plain_function_raises",
    "generator_keeps_the_consumers_context",
    "calls_run_at_the_same_time",
)
"""The names of the 22 behaviours, in the order of the design."""
