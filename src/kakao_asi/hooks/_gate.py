"""``gate``: code that may refuse to start, because a governance body, a stop or a containment shut its component."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, ParamSpec, Protocol, TypeVar, cast, overload

from .._internal.clock import utc_now
from .._internal.sites import Site, note_site
from ..exceptions import GateBlocked, InvalidValue
from ..findings import Verdict, is_path
from ..governance import Code, GateResult, Refusal
from ..signals import Slot, current, slot_for
from ..signals._scope import forced_blockers
from ._decorate import D, function_of, name_of_site, wrap, wrapped_with
from ._hook import GO
from ._noting import note
from ._switch import SWITCHED_OFF
from ._trouble import trouble

__all__ = ["Fallback", "Gate", "Mode", "gate", "result_of"]

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)

Mode = Literal["enforce", "observe"]
"""Whether a shut gate refuses, or is only reported: the first stage of a roll-out."""

_FIRM = frozenset({Code.STOPPED, Code.REJECTED})
"""What no override passes."""


class Fallback(Protocol[S_co]):
    """Decorates so that a shut gate answers with something else instead of refusing."""

    @overload
    def __call__(self, function: Callable[P, Awaitable[R]], /) -> Callable[P, Awaitable[R | S_co]]: ...
    @overload
    def __call__(self, function: Callable[P, R], /) -> Callable[P, R | S_co]: ...


class Gate:
    """The gate of a component: decorates code that runs through it, or answers ``check()``."""

    def __init__(self, component: str, *, mode: Mode) -> None:
        """Use ``gate`` instead."""
        self._component, self._mode = component, mode
        self._slot = slot_for(component)

    def __call__(self, target: D, /) -> D:
        """Decorate: a call starts only while the gate is open."""
        return _decorated(target, self._slot, self._mode, None)

    def check(self) -> GateResult:
        """Return the gate's answer for this process; raises nothing and reports nothing."""
        return result_of(self._slot)


@overload
def gate(component: str, *, mode: Mode = "enforce") -> Gate: ...
@overload
def gate(component: str, *, fallback: Callable[..., S], mode: Mode = "enforce") -> Fallback[S]: ...


def gate(component: str, *, fallback: Callable[..., Any] | None = None, mode: Mode = "enforce") -> Gate | Fallback[Any]:
    """Let code run only while its component's gate is open.

    The gate is read when the body would start: at the call, the first ``await``, the first ``next``. Closing it later
    does not cut a running stream. A change of the board arrives within the ``refresh`` of ``hooks.activate``; without
    a receiver every gate is open.

    Args:
        component: path of the component, ``system/component``; what shuts a system shuts what lies below it.
        fallback: called with the same arguments when the gate is shut; its result stands in for the body's.
        mode: ``observe`` reports each call that would have been refused and lets it pass.

    Example:
        >>> @gate("demo-chat/reply", fallback=lambda question: "Please try again later.")
        ... def answer(question: str) -> str:
        ...     return "…"
        >>> answer("?")
        '…'

    Raises:
        InvalidValue: ``component`` is no path, or ``mode`` is neither word.
        TypeError: used without parentheses.
    """
    if callable(component):
        raise TypeError("gate needs the path of a component: @gate('demo-chat/reply')")
    if not is_path(component):
        raise InvalidValue("gate.component", "must be a system's id and the ids of its parts, parted by '/'")
    if mode not in {"enforce", "observe"}:
        raise InvalidValue("gate.mode", "must be 'enforce' or 'observe'")
    if fallback is None:
        return Gate(component, mode=mode)
    slot = slot_for(component)
    return cast("Fallback[Any]", lambda target: _decorated(target, slot, mode, fallback))


def _decorated(target: D, slot: Slot, mode: Mode, fallback: Callable[..., Any] | None) -> D:
    name = name_of_site(function_of(target, "gate"))
    site = note_site(Site(name=name, hook="gate", component=slot.path, disabled=SWITCHED_OFF))
    if SWITCHED_OFF:
        return target
    return wrap(target, lambda function: wrapped_with(function, door=_GateDoor(site, slot, mode, fallback)))


class _GateDoor:
    """One gate in front of one callable; lives as long as what it decorates."""

    __slots__ = ("_fallback", "_mode", "_site", "replaces", "slot")

    def __init__(self, site: Site, slot: Slot, mode: Mode, fallback: Callable[..., Any] | None) -> None:
        """Bind what is known at decoration."""
        self._site, self._mode, self._fallback = site, mode, fallback
        self.slot = slot
        self.replaces = fallback is not None

    def enter(self, _function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Refuse, stand in or let pass; called only while the slot is full."""
        try:
            result = result_of(self.slot)
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the call
            note(self._site, verdict=Verdict.INDETERMINATE, label="control_failure:gate", policy="allow")
            trouble(self._site, error, current())
            return GO
        if result.passed:
            return GO
        if self._mode == "observe":
            codes = ",".join(sorted({one.code.id for one in result.blockers}))
            note(self._site, verdict=Verdict.FLAG, label="would_block", facts={"codes": codes})
            return GO
        if self._fallback is not None:
            return self._fallback(*args, **kwargs)
        raise GateBlocked(result)


def result_of(slot: Slot) -> GateResult:
    """Return the answer of a slot: test scopes first, then the board less what is overridden."""
    recorder = current()
    now = utc_now() if recorder is None else recorder.now()
    blockers: tuple[Refusal, ...] = forced_blockers(slot.path)
    if not blockers and slot.full:
        blockers = slot.blockers
        if any(one.until > now for one in slot.overrides):
            blockers = tuple(one for one in blockers if one.code in _FIRM)
    system, _, component = slot.path.partition("/")
    return GateResult(
        system=system,
        component=component or None,
        at=now,
        blockers=blockers,
        next_change=slot.next_change,
    )
