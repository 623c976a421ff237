"""``guard``: detectors on what goes into a call and on what comes out of it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve

from .._internal.sites import Site, note_site
from .._internal.text import is_id
from ..exceptions import InvalidValue
from ..findings import is_path
from ._decorate import D, function_of, name_of_site, wrap
from ._detectors import AsyncDetector, Detector, Turn
from ._gate import Mode
from ._generic import kind_of, named_after
from ._guarding import GUARDING
from ._judging import Judge, OnIndeterminate, text_of_item
from ._running import Runner
from ._sides import Sides
from ._streams import Stream
from ._switch import SWITCHED_OFF

__all__ = ["guard"]


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
        sides = Sides(
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
        return wrap(target, lambda inner: named_after(GUARDING[kind_of(inner)](inner, sides), inner))

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
