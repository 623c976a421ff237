"""The wrappers of a guard, one for each kind of callable: ask about what goes in and out, and hand on the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..signals import current
from ._detectors import Item
from ._generic import GENERIC, Kind, from_async, from_sync, settle
from ._hook import plan_of
from ._running import Answer, Runner
from ._sides import NO_TEXT, Sides, Withheld
from ._streams import StreamSession

__all__ = ["GUARDING"]


def _asked(runners: tuple[Runner, ...], item: Item) -> list[tuple[Runner, Answer]]:
    return [(runner, runner.ask(item)) for runner in runners]


async def _aasked(runners: tuple[Runner, ...], item: Item) -> list[tuple[Runner, Answer]]:
    return [(runner, await runner.aask(item)) for runner in runners]


def _entered(sides: Sides, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if not sides.ins:
        return args, kwargs
    found = sides.texts(args, kwargs)
    answers = [_asked(sides.ins, sides.item(text, "input")) for _, text in found]
    return sides.let_in(found, answers, args, kwargs)


async def _aentered(
    sides: Sides, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if not sides.ins:
        return args, kwargs
    found = sides.texts(args, kwargs)
    answers = [await _aasked(sides.ins, sides.item(text, "input")) for _, text in found]
    return sides.let_in(found, answers, args, kwargs)


def _plain(function: Callable[..., Any], sides: Sides) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return function(*args, **kwargs)
        try:
            args, kwargs = _entered(sides, args, kwargs)
        except Withheld as withheld:
            return sides.instead(withheld, args, kwargs)
        result = function(*args, **kwargs)
        if not sides.outs:
            return result
        try:
            text = sides.text_out(result)
            return result if text is None else sides.let_out(result, _asked(sides.outs, sides.item(text, "output")))
        except Withheld as withheld:
            return sides.instead(withheld, args, kwargs)

    return wrapper


def _coroutine(function: Callable[..., Any], sides: Sides) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return await function(*args, **kwargs)
        try:
            args, kwargs = await _aentered(sides, args, kwargs)
        except Withheld as withheld:
            return await settle(sides.instead(withheld, args, kwargs))
        result = await function(*args, **kwargs)
        if not sides.outs:
            return result
        try:
            text = sides.text_out(result)
            if text is None:
                return result
            return sides.let_out(result, await _aasked(sides.outs, sides.item(text, "output")))
        except Withheld as withheld:
            return await settle(sides.instead(withheld, args, kwargs))

    return wrapper


def _generator(function: Callable[..., Any], sides: Sides) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return (yield from function(*args, **kwargs))
        try:
            args, kwargs = _entered(sides, args, kwargs)
        except Withheld as withheld:
            return (yield from from_sync(sides.instead(withheld, args, kwargs)))
        source = function(*args, **kwargs)
        return (yield from (_streamed(source, sides) if sides.outs else source))

    return wrapper


def _streamed(source: Any, sides: Sides) -> Any:
    """Hand on what may leave; what is sent and thrown goes to the source at its next step."""
    session = sides.session()
    behind = sides.stream.mode == "observe"
    step, given, result = source.send, None, None
    try:
        while True:
            try:
                due = session.take(step(given))
            except StopIteration as stop:
                result = stop.value
                break
            step, given = source.send, None
            if due and not behind:
                _check(sides, session, final=False)
            for one in session.leaving(final=False):
                try:
                    given = yield one
                except GeneratorExit:
                    raise
                except BaseException as thrown:  # noqa: BLE001  # handed on to the source
                    step, given = source.throw, thrown
            if due and behind:
                _check(sides, session, final=False)
        _end(sides, session)
        _check(sides, session, final=True)
        yield from session.leaving(final=True)
    except Withheld as withheld:
        if sides.stream.closing is None:
            raise withheld.error from None
        yield sides.stream.closing
    finally:
        source.close()
    return result


def _check(sides: Sides, session: StreamSession, *, final: bool) -> None:
    item = session.to_check(final=final)
    if item is not None:
        sides.pass_on(session, item, _asked(sides.outs, item))


async def _acheck(sides: Sides, session: StreamSession, *, final: bool) -> None:
    item = session.to_check(final=final)
    if item is not None:
        sides.pass_on(session, item, await _aasked(sides.outs, item))


def _end(sides: Sides, session: StreamSession) -> None:
    """At the end of a stream, ask the policy about items that held no text."""
    if session.textless:
        sides.fail("output", NO_TEXT)


def _async_generator(function: Callable[..., Any], sides: Sides) -> Callable[..., Any]:
    def opened(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return function(*args, **kwargs)
        return _aguarded(function, sides, args, kwargs)

    return GENERIC["async_generator"](plan_of(opened, (), ()))


async def _aguarded(function: Callable[..., Any], sides: Sides, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    try:
        args, kwargs = await _aentered(sides, args, kwargs)
    except Withheld as withheld:
        async for one in from_async(sides.instead(withheld, args, kwargs)):
            yield one
        return
    source = function(*args, **kwargs)
    stream = _astreamed(source, sides) if sides.outs else source
    step, given = stream.asend, None
    try:
        while True:
            taken = await step(given)
            try:
                step, given = stream.asend, (yield taken)
            except GeneratorExit:
                raise
            except BaseException as thrown:  # noqa: BLE001  # handed on to the source
                step, given = stream.athrow, thrown
    except StopAsyncIteration:
        return
    finally:
        await stream.aclose()


async def _astreamed(source: Any, sides: Sides) -> Any:  # noqa: C901  # the twin of _streamed, with await
    """Hand on what may leave; what is sent and thrown goes to the source at its next step."""
    session = sides.session()
    behind = sides.stream.mode == "observe"
    step, given = source.asend, None
    try:
        while True:
            try:
                due = session.take(await step(given))
            except StopAsyncIteration:
                break
            step, given = source.asend, None
            if due and not behind:
                await _acheck(sides, session, final=False)
            for one in session.leaving(final=False):
                try:
                    given = yield one
                except GeneratorExit:
                    raise
                except BaseException as thrown:  # noqa: BLE001  # handed on to the source
                    step, given = source.athrow, thrown
            if due and behind:
                await _acheck(sides, session, final=False)
        _end(sides, session)
        await _acheck(sides, session, final=True)
        for one in session.leaving(final=True):
            yield one
    except Withheld as withheld:
        if sides.stream.closing is None:
            raise withheld.error from None
        yield sides.stream.closing
    finally:
        await source.aclose()


GUARDING: dict[Kind, Callable[[Callable[..., Any], Sides], Callable[..., Any]]] = {
    "plain": _plain,
    "coroutine": _coroutine,
    "generator": _generator,
    "async_generator": _async_generator,
}
"""The wrapper of each kind."""
