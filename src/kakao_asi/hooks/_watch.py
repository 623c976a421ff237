"""``watch``: reports exceptions and results that bear on a risk, and never changes the call."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from .._internal.sites import Site, note_site
from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Verdict, decimal_text
from ..signals import BoardState, Group, Receiver, Recorder, current
from ..signals._scope import process_recorder, scoped_recorder
from ._calls import Call
from ._decorate import D, function_of, name_of_site, wrap, wrapped_with
from ._matching import Wanted, as_wanted, leaves_of
from ._noting import MARK, cause_of_type, key_of, note, note_error, source_of
from ._switch import SWITCHED_OFF
from ._trouble import trouble

__all__ = ["watch"]

_GROUPS: Wanted = (BaseExceptionGroup,)
_MOST_KINDS = 64


def watch(
    risk: str,
    *,
    on: type[BaseException] | tuple[type[BaseException], ...] | None = None,
    when: Callable[[Call], bool] | None = None,
    sample: float = 1.0,
    component: str | None = None,
) -> Callable[[D], D]:
    """Report what bears on a risk; the call itself goes on as if nothing were there.

    Decorates functions, coroutine functions, generators, async generators, methods, classmethods, staticmethods,
    partials, callable objects, and plain functions that return coroutines. One exception counts once for a risk,
    however many watched calls it passes. Errors of this library are never findings; cancellation, generator ends and
    interrupts are none unless their own type is named.

    Args:
        risk: id of the risk. Whether the register knows it is asked by ``hooks.inventory().check(register)``.
        on: exception types that count; also inside an exception group, whose other members stay untouched.
        when: asked about each call that returned; true counts. What it raises is counted and passed over.
        sample: the share of calls that ``when`` is asked about, more than 0 to 1, spread evenly; 1 asks about all.
        component: path of the component, ``system/component``, that findings name.

    Example:
        >>> @watch("answers-late", on=TimeoutError)
        ... def answer(question: str) -> str:
        ...     return "…"
        >>> answer("?")
        '…'

    Raises:
        InvalidValue: ``risk`` is no id, ``sample`` is out of range, or ``on`` holds something else than exceptions.
        TypeError: used without parentheses, or without ``on`` and ``when``.
    """
    if callable(risk):
        raise TypeError("watch needs the id of a risk: @watch('answers-late', on=TimeoutError)")
    if on is None and when is None:
        raise TypeError("watch needs on= (exception types) or when= (a predicate on the call)")
    if not is_id(risk):
        raise InvalidValue("watch.risk", ID_RULE)
    if not 0 < sample <= 1:
        raise InvalidValue("watch.sample", "must be more than 0 and at most 1")
    types = as_wanted(on)

    def decorate(target: D) -> D:
        name = name_of_site(function_of(target, "watch"))
        site = note_site(Site(name=name, hook="watch", risks=(risk,), component=component, disabled=SWITCHED_OFF))
        if SWITCHED_OFF:
            return target
        return wrap(target, lambda function: wrapped_with(function, hook=_Watch(site, risk, types, when, sample)))

    return decorate


class _Watch:
    """What one ``watch`` looks at; lives as long as what it decorates."""

    __slots__ = ("_calls", "_groups", "_on", "_recorder", "_risk", "_sample", "_site", "_state", "_when",
                 "looks", "wanted")  # fmt: skip

    def __init__(self, site: Site, risk: str, on: Wanted, when: Callable[[Call], bool] | None, sample: float) -> None:
        """Bind what is known at decoration."""
        self._site, self._risk, self._on, self._when, self._sample = site, risk, on, when, sample
        self._calls = itertools.count(1)
        self.looks = when is not None
        self.wanted: Wanted = (*on, *_GROUPS) if on else ()
        self._recorder: Recorder | None = None
        self._state: BoardState | None = None
        # The groups that exceptions of a type were counted in last; good for one recorder and one state of its board.
        self._groups: dict[type[BaseException], Group] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as what it was made of; in the other process the count of sampled calls starts anew."""
        return _Watch, (self._site, self._risk, self._on, self._when, self._sample)

    def failed(self, error: BaseException, function: Callable[..., Any] | None = None) -> None:
        """Report the exception, or the members of a group, that it is asked to see.

        In a storm the kind was reported before: then the exception is only marked and counted.
        """
        try:
            recorder = scoped_recorder()
            if recorder is None:
                recorder = process_recorder[0]
                if recorder is None:
                    return
            if self._recorder is recorder and self._state is recorder.state:
                group = self._groups.get(type(error))
                if group is not None:
                    marks = error.__dict__
                    noted = marks.get(MARK, ())
                    if self._risk in noted:
                        return
                    if group.again():
                        marks[MARK] = (*noted, self._risk)
                        return
            self._failed(error, function, recorder)
        except Exception as trouble_met:  # noqa: BLE001  # our own failure must not reach the call
            trouble(self._site, trouble_met, current())

    def _failed(self, error: BaseException, function: Callable[..., Any] | None, recorder: Recorder) -> None:
        if isinstance(error, TypeError) and _is_wrong_call(error, function):
            return
        note_error(self._site, self._risk, error, leaves_of(error, self._on))
        self._remember(type(error), recorder)

    def _remember(self, kind: type[BaseException], recorder: Recorder) -> None:
        """Keep the group of a kind of exception, if it has one of its own whatever the call was."""
        if not isinstance(recorder, Receiver) or issubclass(kind, (BaseExceptionGroup, TypeError)):
            return
        if self._recorder is not recorder or self._state is not recorder.state:
            self._groups = {}
            self._recorder, self._state = recorder, recorder.state
        actor, _ = source_of(recorder, self._risk, None, None)
        cause = cause_of_type(kind)
        key = key_of(self._site, risk=self._risk, actor=actor, cause=cause, label=None, verdict=Verdict.FLAG)
        group = recorder.group_of(key)
        if group is not None and len(self._groups) < _MOST_KINDS:
            self._groups[kind] = group

    def returned(
        self, result: Any, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Ask the predicate, of as many calls as are sampled."""
        try:
            if current() is None or self._when is None or not self._is_sampled():
                return
            if self._when(Call(function, args, kwargs, result)):
                facts = {} if self._sample == 1 else {"sample": decimal_text(self._sample)}
                note(self._site, risk=self._risk, verdict=Verdict.FLAG, facts=facts)
        except Exception as error:  # noqa: BLE001  # neither a predicate nor a failure of ours changes the call
            trouble(self._site, error, current())

    def _is_sampled(self) -> bool:
        if self._sample == 1:
            return True
        number = next(self._calls)
        return int(number * self._sample) > int((number - 1) * self._sample)


def _is_wrong_call(error: TypeError, function: Callable[..., Any] | None) -> bool:
    """Tell whether the arguments did not fit, so that the body never started: no frame of it is in the traceback."""
    trace = error.__traceback__
    return trace is not None and trace.tb_next is None and (function is None or hasattr(function, "__code__"))
