"""Decorators keep the static type of what they decorate."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeVar, assert_type, overload

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.integrations.asgi import begun

T = TypeVar("T")


@asi.watch("r", on=ValueError)
def plain(a: int, /, b: str = "x", *, c: bool = True) -> bytes:
    """Return bytes."""
    return f"{a}{b}{c}".encode()


@asi.gate("demo-chat/reply")
@asi.watch("r", on=ValueError)
async def waits(a: int) -> str:
    """Return text."""
    return str(a)


@asi.guard("demo-chat/reply")
async def stream(a: int) -> AsyncIterator[str]:
    """Yield text."""
    yield str(a)


@asi.human_action("act", risk="r", reversible=True)
def numbers(a: int) -> Iterator[int]:
    """Yield a number."""
    yield a


@asi.watch("r", on=ValueError)
def first(items: list[T]) -> T:
    """Return the first item."""
    return items[0]


@overload
def either(a: int) -> int: ...
@overload
def either(a: str) -> str: ...
@asi.watch("r", on=ValueError)
def either(a: int | str) -> int | str:
    """Return the argument."""
    return a


class Service:
    """Has methods of every kind."""

    @asi.watch("r", on=ValueError)
    def method(self, a: int) -> int:
        """Return the argument."""
        return a

    @asi.watch("r", on=ValueError)
    @classmethod
    def of_class(cls, a: int) -> int:
        """Return the argument."""
        return a

    @asi.watch("r", on=ValueError)
    @staticmethod
    def of_none(a: int) -> int:
        """Return the argument."""
        return a


def nothing(_a: int) -> None:
    """Stand in."""


@asi.gate("demo-chat/reply", fallback=nothing)
def falls_back(a: int) -> str:
    """Return text."""
    return str(a)


assert_type(plain(1, b="y"), bytes)
assert_type(first(["a"]), str)
assert_type(either(1), int)
assert_type(either("a"), str)
assert_type(Service().method(1), int)
assert_type(Service.of_class(1), int)
assert_type(Service().of_none(1), int)
assert_type(numbers(1), Iterator[int])
assert_type(falls_back(1), str | None)
assert_type(asi.carry(plain)(1), bytes)


async def check() -> None:
    """Check what is awaited."""
    assert_type(await waits(1), str)
    async for item in stream(1):
        assert_type(item, str)


plain("a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
kept: Callable[[int], Awaitable[str]] = waits


@asi.guard("demo-chat/reply")
def looked_at(items: list[T]) -> T:
    """Return the first item."""
    return items[0]


@asi.human_action("act", risk="r", reversible=True)
async def slow_stream(a: int) -> AsyncIterator[int]:
    """Yield a number."""
    yield a


@asi.gate("demo-chat/reply", fallback=nothing)
async def awaits_or_nothing(a: int) -> str:
    """Return text."""
    return str(a)


@overload
def gated(a: int) -> int: ...
@overload
def gated(a: str) -> str: ...
@asi.gate("demo-chat/reply", mode="observe")
def gated(a: int | str) -> int | str:
    """Return the argument."""
    return a


class Gated:
    """Has a method behind each decorator."""

    @asi.gate("demo-chat/reply")
    def method(self, a: int) -> int:
        """Return the argument."""
        return a

    @asi.guard("demo-chat/reply")
    @classmethod
    async def of_class(cls, a: int) -> int:
        """Return the argument."""
        return a

    @asi.human_action("act", risk="r", reversible=True)
    @staticmethod
    def of_none(items: list[T]) -> T:
        """Return the first item."""
        return items[0]


@asi.gate("demo-chat/reply")
@asi.watch("r", on=ValueError)
async def watched_stream(items: list[T]) -> AsyncIterator[T]:
    """Yield the items."""
    for item in items:
        yield item


async def check_all() -> None:
    """Check what the other decorators keep."""
    assert_type(await awaits_or_nothing(1), str | None)
    assert_type(await Gated.of_class(1), int)
    async for item in slow_stream(1):
        assert_type(item, int)
    async for kept_item in watched_stream(["a"]):
        assert_type(kept_item, str)
    async with asi.activity("act") as block:
        assert_type(block.run, str)
    async for piece in await begun(stream(1)):
        assert_type(piece, str)


assert_type(looked_at(["a"]), str)
assert_type(gated(1), int)
assert_type(gated("a"), str)
assert_type(Gated().method(1), int)
assert_type(Gated().of_none(["a"]), str)
assert_type(asi.gate("demo-chat/reply").check(), asi.GateResult)
with asi.activity("act") as entered:
    assert_type(entered.by, str | None)
assert_type(hooks.detector("pii-ko"), hooks.Detector | hooks.AsyncDetector)
asi.watch("r", on="ValueError")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
asi.gate("demo-chat/reply", mode="loud")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
