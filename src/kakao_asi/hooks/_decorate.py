"""From a callable of any shape to its wrapper."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from ..exceptions import InvalidValue
from ._compiled import compiled
from ._generic import GENERIC, kind_of, named_after
from ._hook import Door, Hook, Plan, plan_of

__all__ = ["D", "function_of", "name_of_site", "wrap", "wrapped_with"]

D = TypeVar("D", bound="Callable[..., Any] | classmethod[Any, ..., Any] | staticmethod[..., Any]")
"""What a decorator takes and gives back, as it was."""

_PLAN = "__kakao_asi_plan__"
_LONGEST_NAME = 200


def function_of(target: Any, hook: str) -> Any:
    """Return the callable inside a classmethod or staticmethod, or the target itself.

    Raises:
        InvalidValue: it is nothing that can be called, for example a property.
    """
    inner = target.__func__ if isinstance(target, classmethod | staticmethod) else target
    if not callable(inner):
        remedy = "decorate the function below @property instead" if isinstance(target, property) else ""
        raise InvalidValue(hook, "decorates something that can be called", remedy)
    return inner


def name_of_site(function: Any) -> str:
    """Return ``module:qualified name`` of a callable; of an object, that of its type."""
    while hasattr(function, "func") and not hasattr(function, "__qualname__"):
        function = function.func
    named = function if hasattr(function, "__qualname__") else type(function)
    module = getattr(named, "__module__", None) or "unknown"
    return f"{module}:{named.__qualname__}"[:_LONGEST_NAME]


def wrap(target: D, wrapping: Callable[[Callable[..., Any]], Callable[..., Any]]) -> D:
    """Replace the function of a target; classmethod and staticmethod are taken off and put on again."""
    if isinstance(target, classmethod | staticmethod):
        return type(target)(wrapping(target.__func__))
    return wrapping(target)  # type: ignore[return-value]  # a wrapper takes and returns what the function does


def wrapped_with(
    function: Callable[..., Any], *, door: Door | None = None, hook: Hook | None = None
) -> Callable[..., Any]:
    """Wrap a callable in a door and a hook; hooks that are on it already move into the same wrapper."""
    doors = () if door is None else (door,)
    hooks = () if hook is None else (hook,)
    inner = _plan_on(function)
    if inner is not None and not any(one.replaces for one in inner.doors):
        plan = plan_of(inner.function, (*doors, *inner.doors), (*hooks, *inner.hooks))
    else:
        # What stands in for a result is a result to the hooks outside, so such a wrapper stays one of its own.
        plan = plan_of(function, doors, hooks)
    kind = kind_of(plan.function)
    wrapper = compiled(plan, kind)
    if wrapper is None:
        wrapper = GENERIC[kind](plan)
    wrapper = named_after(wrapper, function)
    vars(wrapper)["__wrapped__"] = plan.function
    vars(wrapper)[_PLAN] = (wrapper.__code__, plan)
    return wrapper


def _plan_on(function: Any) -> Plan | None:
    held = getattr(function, _PLAN, None)
    # functools.wraps copies attributes onto wrappers of others; only the code it was made for counts.
    if held is not None and inspect.isfunction(function) and held[0] is function.__code__:
        plan: Plan = held[1]
        return plan
    return None
