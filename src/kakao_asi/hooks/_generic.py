"""The wrappers, one for each kind of callable, with ``*args, **kwargs``: right for every callable, not the fastest.

Each delegates exactly: exceptions leave by a bare ``raise``, generators keep ``send``, ``throw`` and ``close``, and
nothing of ours, no lock, token or frame, is held while user code runs.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from types import CoroutineType
from typing import Any

from ._hook import GO, Plan

__all__ = ["GENERIC", "Kind", "follow", "from_async", "from_sync", "kind_of", "settle"]

Kind = str
"""``plain``, ``coroutine``, ``generator`` or ``async_generator``."""


def kind_of(function: Callable[..., Any]) -> Kind:
    """Tell which wrapper a callable needs; an object with ``__call__`` is judged by that method."""
    for one in (function, vars(type(function)).get("__call__")):
        if inspect.iscoroutinefunction(one):
            return "coroutine"
        if inspect.isasyncgenfunction(one):
            return "async_generator"
        if inspect.isgeneratorfunction(one):
            return "generator"
        if inspect.isfunction(one) or inspect.ismethod(one):
            break
    return "plain"


def plain(plan: Plan) -> Callable[..., Any]:
    """Wrap a function; a coroutine it returns is followed, any other result keeps its identity."""
    function, wanted, looks, doors = plan.function, plan.wanted, plan.looks, bool(plan.doors)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if doors and (instead := plan.enter(args, kwargs)) is not GO:
            return instead
        try:
            result = function(*args, **kwargs)
        except wanted as error:
            plan.failed(error)
            raise
        if type(result) is CoroutineType:
            return follow(plan, result, args, kwargs)
        if looks:
            plan.returned(result, args, kwargs)
        return result

    return wrapper


def follow(plan: Plan, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> CoroutineType[Any, Any, Any]:
    """Return a coroutine that awaits a coroutine a plain function returned, and sees what comes out of it."""
    following: CoroutineType[Any, Any, Any] = _follow(plan, result, args, kwargs)  # type: ignore[assignment]  # is one
    following.__name__, following.__qualname__ = result.__name__, result.__qualname__
    return following


async def _follow(plan: Plan, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    try:
        outcome = await result
    except plan.wanted as error:
        plan.failed(error)
        raise
    if plan.looks:
        plan.returned(outcome, args, kwargs)
    return outcome


def coroutine(plan: Plan) -> Callable[..., Any]:
    """Wrap a coroutine function."""
    function, wanted, looks, doors = plan.function, plan.wanted, plan.looks, bool(plan.doors)

    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        if doors and (instead := plan.enter(args, kwargs)) is not GO:
            return await settle(instead)
        try:
            result = await function(*args, **kwargs)
        except wanted as error:
            plan.failed(error)
            raise
        if looks:
            plan.returned(result, args, kwargs)
        return result

    return wrapper


async def settle(instead: Any) -> Any:
    """Await what stands in for a coroutine's result, if it has to be awaited."""
    return await instead if inspect.isawaitable(instead) else instead


def generator(plan: Plan) -> Callable[..., Any]:
    """Wrap a generator function; ``yield from`` hands on all that is sent, thrown and closed."""
    function, wanted, looks, doors = plan.function, plan.wanted, plan.looks, bool(plan.doors)

    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        if doors and (instead := plan.enter(args, kwargs)) is not GO:
            return (yield from from_sync(instead))
        try:
            result = yield from function(*args, **kwargs)
        except wanted as error:
            plan.failed(error)
            raise
        if looks:
            plan.returned(result, args, kwargs)
        return result

    return wrapper


def from_sync(instead: Any) -> Generator[Any, Any, Any]:
    """Yield what stands in for a generator: its items if it is an iterable but no text, else itself as one item."""
    if isinstance(instead, str | bytes) or not hasattr(instead, "__iter__"):
        yield instead
        return None
    return (yield from instead)


def async_generator(plan: Plan) -> Callable[..., Any]:
    """Wrap an async generator function.

    ``async for`` would not hand on what is sent and thrown, so each step is delegated by hand.
    """
    function, wanted, looks, doors = plan.function, plan.wanted, plan.looks, bool(plan.doors)

    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        if doors and (instead := plan.enter(args, kwargs)) is not GO:
            source = from_async(instead)
        else:
            source = function(*args, **kwargs)
        step = source.asend
        try:
            item = await step(None)
            while True:
                thrown = None
                try:
                    sent = yield item
                except GeneratorExit:
                    await source.aclose()
                    raise
                except BaseException as error:  # noqa: BLE001  # handed on to the source
                    thrown = error
                if thrown is None:
                    item = await step(sent)
                    continue
                # As if it had been thrown into the source alone: this frame stands in its traceback once, not twice.
                trace = thrown.__traceback__
                thrown.__traceback__ = None if trace is None else trace.tb_next
                try:
                    item = await source.athrow(thrown)
                finally:
                    del thrown, trace
        except StopAsyncIteration:
            pass
        except wanted as error:
            plan.failed(error)
            raise
        if looks:
            plan.returned(None, args, kwargs)

    return wrapper


async def from_async(instead: Any) -> AsyncGenerator[Any, Any]:
    """Yield what stands in for an async generator: the items of any iterable but a text, else itself as one item."""
    instead = await settle(instead)
    if hasattr(instead, "__aiter__"):
        async for item in instead:
            yield item
    else:
        for item in from_sync(instead):
            yield item


GENERIC: dict[Kind, Callable[[Plan], Callable[..., Any]]] = {
    "plain": plain,
    "coroutine": coroutine,
    "generator": generator,
    "async_generator": async_generator,
}
"""The wrapper of each kind."""


def named_after(wrapper: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a wrapper the name, signature and documents of what it wraps; attributes only of a plain function."""
    updated = ("__dict__",) if inspect.isfunction(function) else ()
    return functools.wraps(function, updated=updated)(wrapper)
