"""``guard``: detectors on what goes into a call and on what comes out of it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve, frozen

from .._internal.sites import Site, note_site
from .._internal.text import is_id
from ..exceptions import GuardBlocked, GuardUnavailable, InvalidValue
from ..findings import is_path
from ..signals import current
from ._decorate import D, function_of, name_of_site, wrap
from ._detectors import AsyncDetector, Detector, Item, Side, Turn
from ._gate import Mode
from ._generic import GENERIC, from_async, from_sync, kind_of, named_after, settle
from ._hook import plan_of
from ._judging import Judge, Judgement, OnIndeterminate, all_new, text_of_item
from ._running import Answer, Runner
from ._streams import Stream, StreamSession, masked
from ._switch import SWITCHED_OFF

__all__ = ["guard"]

_NO_TEXT = "no_text"


def guard(
    component: str,
    *,
    risks: Mapping[str, str] | None = None,
    input: Iterable[Detector | AsyncDetector] = (),  # noqa: A002  # the side it guards
    output: Iterable[Detector | AsyncDetector] = (),
    deadline: dt.timedelta | None = None,
    on_indeterminate: OnIndeterminate | None = None,
    fallback: Callable[..., Any] | None = None,
    mode: Mode = "enforce",
    stream: Stream | None = None,
    input_text: Callable[..., str | Iterable[str] | None] | None = None,
    output_text: Callable[[Any], str | None] | None = None,
    turn: Turn = "user",
    side_effects: bool = False,
    concurrency: int = 8,
) -> Callable[[D], D]:
    """Run detectors on the texts of a call; what they block is withheld, what they transform is replaced.

    Detectors run before the body and one after another. One that does not answer, in time or at all, is
    INDETERMINATE: reported with the policy that really took effect, and never read as clear. Without a receiver the
    call passes untouched.

    Args:
        component: path of the component.
        risks: which risk a finding bears on, by side (``input``, ``output``) or by a detector's label; a label wins.
            What is mapped nowhere is a signal, a finding without a risk.
        input: detectors for the texts that go in: every ``str`` argument, or what ``input_text`` selects.
        output: detectors for what comes out: a ``str`` result or ``str`` items, or what ``output_text`` selects.
        deadline: how long each detector may take; required for one that is not ``in_process``.
        on_indeterminate: what happens when a detector does not answer. Left out: ``block`` where the side's risk is
            graded HIGH or not assessed or the body has side effects, else ``allow`` (our choice).
        fallback: called with the same arguments; its result stands in for what is withheld.
        mode: ``observe`` only reports.
        stream: how a stream is treated; the options of :class:`Stream`.
        input_text: called with the same arguments; returns the text or texts to check.
        output_text: called with a result or an item; returns the text to check. No text at all is INDETERMINATE.
        turn: who speaks on the input; the output is the assistant's.
        side_effects: whether the body does what cannot be undone.
        concurrency: how many calls of one detector may run at once (our choice: 8).

    Raises:
        InvalidValue: an option is out of range, two detectors of a side share a name, or a detector that may wait has
            no deadline: it would hang instead of failing.
    """
    if not is_path(component):
        raise InvalidValue("guard.component", "must be a system's id and the ids of its parts, parted by '/'")
    _check_policy(mode=mode, on_indeterminate=on_indeterminate, fallback=fallback)
    if concurrency < 1:
        raise InvalidValue("guard.concurrency", "must be 1 or more")
    if deadline is not None and deadline <= dt.timedelta(0):
        raise InvalidValue("guard.deadline", "must be more than zero")
    options = _with_mode(stream or Stream(), mode)
    ins = _runners(input, deadline, concurrency)
    outs = _runners(output, deadline, concurrency)
    named = tuple(dict.fromkeys((risks or {}).values()))

    def decorate(target: D) -> D:
        function = function_of(target, "guard")
        site = note_site(
            Site(
                name=name_of_site(function),
                hook="guard",
                risks=named,
                component=component,
                disabled=SWITCHED_OFF,
            )
        )
        if SWITCHED_OFF:
            return target
        judge = Judge(
            site=site,
            risks=dict(risks or {}),
            enforces=mode == "enforce",
            on_indeterminate=on_indeterminate,
            side_effects=side_effects,
        )
        sides = _Sides(
            component=component,
            judge=judge,
            ins=ins,
            outs=outs,
            fallback=fallback,
            stream=options,
            input_text=input_text,
            output_text=output_text or text_of_item,
            turn=turn,
        )
        return wrap(target, lambda inner: named_after(_WRAPPERS[kind_of(inner)](inner, sides), inner))

    return decorate


def _check_policy(*, mode: str, on_indeterminate: str | None, fallback: object) -> None:
    if mode not in {"enforce", "observe"}:
        raise InvalidValue("guard.mode", "must be 'enforce' or 'observe'")
    if on_indeterminate not in {None, "block", "allow", "fallback"}:
        raise InvalidValue("guard.on_indeterminate", "must be 'block', 'allow' or 'fallback'")
    if on_indeterminate == "fallback" and fallback is None:
        raise InvalidValue("guard.fallback", "must be given where on_indeterminate='fallback' asks for it")


def _with_mode(stream: Stream, mode: str) -> Stream:
    if mode == "observe":
        return evolve(stream, mode="observe")
    return stream if stream.mode is not None else evolve(stream, mode="holdback")


def _runners(
    detectors: Iterable[Detector | AsyncDetector], deadline: dt.timedelta | None, concurrency: int
) -> tuple[Runner, ...]:
    runners = []
    for one in detectors:
        if not is_id(one.name):
            raise InvalidValue("guard.detectors", "must have ids as names")
        inside = bool(getattr(one, "in_process", False)) and not hasattr(one, "adetect")
        if deadline is None and not inside:
            rule = f"must be given: detector '{one.name}' may wait, and would hang instead of failing"
            raise InvalidValue("guard.deadline", rule, "pass deadline=timedelta(milliseconds=300)")
        slots = threading.BoundedSemaphore(concurrency)
        runners.append(Runner(detector=one, deadline=None if inside else deadline, slots=slots))
    if len({one.name for one in runners}) != len(runners):
        raise InvalidValue("guard.detectors", "must have names that differ on one side")
    return tuple(runners)


class _Withheld(Exception):  # noqa: N818  # never leaves this module
    """A side is withheld; carries what the caller may see instead."""

    def __init__(self, error: GuardBlocked | GuardUnavailable, *, instead: bool) -> None:
        super().__init__()
        self.error, self.instead = error, instead


@frozen(kw_only=True)
class _Sides:
    """One guard of one callable; lives as long as what it decorates."""

    component: str
    judge: Judge
    ins: tuple[Runner, ...]
    outs: tuple[Runner, ...]
    fallback: Callable[..., Any] | None
    stream: Stream
    input_text: Callable[..., str | Iterable[str] | None] | None
    output_text: Callable[[Any], str | None]
    turn: Turn

    # --- the input ---------------------------------------------------------------------------------------------------

    def texts(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[int | str | None, str]]:
        """Return the texts that go in, each with the argument it came from; none at all is a failure of the control."""
        if self.input_text is not None:
            found = self._selected(args, kwargs)
        else:
            given: list[tuple[int | str | None, Any]] = [*enumerate(args), *kwargs.items()]
            found = [(key, one) for key, one in given if isinstance(one, str)]
        if not found:
            self.fail("input", _NO_TEXT)
        return found

    def _selected(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[int | str | None, str]]:
        try:
            chosen = self.input_text(*args, **kwargs) if self.input_text is not None else None
            texts = [chosen] if isinstance(chosen, str) else list(chosen or ())
        except Exception:  # noqa: BLE001  # a selector never breaks the call; the policy answers
            return []
        return [(None, one) for one in texts if isinstance(one, str)]

    def let_in(
        self,
        found: list[tuple[int | str | None, str]],
        answers: list[list[tuple[Runner, Answer]]],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Judge the answers on each text; return the arguments, transformed texts replaced."""
        new_args, new_kwargs = list(args), dict(kwargs)
        for (key, text), of_text in zip(found, answers, strict=True):
            judged = self.judge.judge("input", of_text, fresh=all_new, mode="call")
            self.enforce("input", judged)
            if judged.transforms and key is not None:
                if isinstance(key, int):
                    new_args[key] = masked(text, judged.transforms)
                else:
                    new_kwargs[key] = masked(text, judged.transforms)
        return tuple(new_args), new_kwargs

    def item(self, text: str, side: Side) -> Item:
        """Return a text as detectors see it."""
        return Item(text=text, side=side, turn=self.turn if side == "input" else "assistant")

    # --- the output --------------------------------------------------------------------------------------------------

    def text_out(self, result: Any) -> str | None:
        """Return the text of a result; None, after the policy has let it pass, if there is none."""
        try:
            text = self.output_text(result)
        except Exception:  # noqa: BLE001  # a selector never breaks the call; the policy answers
            text = None
        if not isinstance(text, str):
            self.fail("output", _NO_TEXT)
            return None
        return text

    def let_out(self, result: Any, answers: list[tuple[Runner, Answer]]) -> Any:
        """Judge the answers on a result and return it, transformed where it is a text."""
        judged = self.judge.judge("output", answers, fresh=all_new, mode="call")
        self.enforce("output", judged)
        if judged.transforms:
            if not isinstance(result, str):
                labels = tuple(sorted({one.label or "" for one in judged.transforms}))
                raise _Withheld(GuardBlocked(self.component, "output", labels), instead=True)
            return masked(result, judged.transforms)
        return result

    # --- withholding -------------------------------------------------------------------------------------------------

    def enforce(self, side: Side, judged: Judgement) -> None:
        """Raise where something is withheld."""
        if judged.blocked:
            raise _Withheld(GuardBlocked(self.component, side, judged.blocked), instead=True)
        if judged.silent:
            self._unavailable(side, judged.silent, fall_back=judged.policy == "fallback")

    def fail(self, side: Side, failure: str) -> None:
        """Report that a side cannot be checked at all, and do what the policy says."""
        self.judge.report_failure(side, failure, failure, "call")
        policy = self.judge.policy(side)
        if policy != "allow":
            self._unavailable(side, (failure,), fall_back=policy == "fallback")

    def _unavailable(self, side: Side, names: tuple[str, ...], *, fall_back: bool) -> None:
        raise _Withheld(GuardUnavailable(self.component, side, names), instead=fall_back)

    def instead(self, withheld: _Withheld, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return the caller's replacement, or raise what says why there is no result."""
        if withheld.instead and self.fallback is not None:
            return self.fallback(*args, **kwargs)
        raise withheld.error from None

    def session(self) -> StreamSession:
        """Start the state of one stream."""
        return StreamSession(self.stream, side="output", turn="assistant", text_of=self._text_of)

    def _text_of(self, item: Any) -> str | None:
        try:
            return self.output_text(item)
        except Exception:  # noqa: BLE001  # a selector never breaks the call; the policy answers
            return None

    def pass_on(self, session: StreamSession, item: Item, answers: list[tuple[Runner, Answer]]) -> None:
        """Judge the answers on a part of a stream: mask or withhold, then let the rest leave."""
        mode = self.stream.mode or "holdback"
        judged = self.judge.judge(
            "output", answers, fresh=lambda name, seen: session.fresh(name, item, seen), mode=mode
        )
        session.checked()
        if mode == "observe":
            return
        session.mask(judged.transforms)
        if judged.blocked and self.stream.on_flag == "mask" and session.can_mask():
            session.mask(judged.blocking)
        elif judged.blocked and self.stream.on_flag != "note":
            raise _Withheld(GuardBlocked(self.component, "output", judged.blocked), instead=False)
        if judged.silent:
            self._unavailable("output", judged.silent, fall_back=False)


def _asked(runners: tuple[Runner, ...], item: Item) -> list[tuple[Runner, Answer]]:
    return [(runner, runner.ask(item)) for runner in runners]


async def _aasked(runners: tuple[Runner, ...], item: Item) -> list[tuple[Runner, Answer]]:
    return [(runner, await runner.aask(item)) for runner in runners]


def _entered(sides: _Sides, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if not sides.ins:
        return args, kwargs
    found = sides.texts(args, kwargs)
    answers = [_asked(sides.ins, sides.item(text, "input")) for _, text in found]
    return sides.let_in(found, answers, args, kwargs)


async def _aentered(
    sides: _Sides, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if not sides.ins:
        return args, kwargs
    found = sides.texts(args, kwargs)
    answers = [await _aasked(sides.ins, sides.item(text, "input")) for _, text in found]
    return sides.let_in(found, answers, args, kwargs)


def _plain(function: Callable[..., Any], sides: _Sides) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return function(*args, **kwargs)
        try:
            args, kwargs = _entered(sides, args, kwargs)
        except _Withheld as withheld:
            return sides.instead(withheld, args, kwargs)
        result = function(*args, **kwargs)
        if not sides.outs:
            return result
        try:
            text = sides.text_out(result)
            return result if text is None else sides.let_out(result, _asked(sides.outs, sides.item(text, "output")))
        except _Withheld as withheld:
            return sides.instead(withheld, args, kwargs)

    return wrapper


def _coroutine(function: Callable[..., Any], sides: _Sides) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return await function(*args, **kwargs)
        try:
            args, kwargs = await _aentered(sides, args, kwargs)
        except _Withheld as withheld:
            return await settle(sides.instead(withheld, args, kwargs))
        result = await function(*args, **kwargs)
        if not sides.outs:
            return result
        try:
            text = sides.text_out(result)
            if text is None:
                return result
            return sides.let_out(result, await _aasked(sides.outs, sides.item(text, "output")))
        except _Withheld as withheld:
            return await settle(sides.instead(withheld, args, kwargs))

    return wrapper


def _generator(function: Callable[..., Any], sides: _Sides) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return (yield from function(*args, **kwargs))
        try:
            args, kwargs = _entered(sides, args, kwargs)
        except _Withheld as withheld:
            return (yield from from_sync(sides.instead(withheld, args, kwargs)))
        source = function(*args, **kwargs)
        return (yield from (_streamed(source, sides) if sides.outs else source))

    return wrapper


def _streamed(source: Any, sides: _Sides) -> Any:
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
    except _Withheld as withheld:
        if sides.stream.closing is None:
            raise withheld.error from None
        yield sides.stream.closing
    finally:
        source.close()
    return result


def _check(sides: _Sides, session: StreamSession, *, final: bool) -> None:
    item = session.to_check(final=final)
    if item is not None:
        sides.pass_on(session, item, _asked(sides.outs, item))


async def _acheck(sides: _Sides, session: StreamSession, *, final: bool) -> None:
    item = session.to_check(final=final)
    if item is not None:
        sides.pass_on(session, item, await _aasked(sides.outs, item))


def _end(sides: _Sides, session: StreamSession) -> None:
    """At the end of a stream, ask the policy about items that held no text."""
    if session.textless:
        sides.fail("output", _NO_TEXT)


def _async_generator(function: Callable[..., Any], sides: _Sides) -> Callable[..., Any]:
    def opened(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return function(*args, **kwargs)
        return _aguarded(function, sides, args, kwargs)

    return GENERIC["async_generator"](plan_of(opened, (), ()))


async def _aguarded(function: Callable[..., Any], sides: _Sides, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    try:
        args, kwargs = await _aentered(sides, args, kwargs)
    except _Withheld as withheld:
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


async def _astreamed(source: Any, sides: _Sides) -> Any:  # noqa: C901  # the twin of _streamed, with await
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
    except _Withheld as withheld:
        if sides.stream.closing is None:
            raise withheld.error from None
        yield sides.stream.closing
    finally:
        await source.aclose()


_WRAPPERS: dict[str, Callable[[Callable[..., Any], _Sides], Callable[..., Any]]] = {
    "plain": _plain,
    "coroutine": _coroutine,
    "generator": _generator,
    "async_generator": _async_generator,
}
