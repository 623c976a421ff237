"""What wrappers ask: may the body start, and what came out of it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, Protocol

from attrs import define

from ..signals import Slot
from ._matching import Wanted

__all__ = ["GO", "Always", "Door", "Hook", "Plan", "plan_of"]


class _Answer(enum.Enum):
    """An enum, so that the one answer stays the same object in another process."""

    GO = "go"


GO: Any = _Answer.GO
"""What a door answers where the body may start."""


class Always:
    """Stands where a slot would, for hooks that have to look at every call."""

    full = True
    path = ""


class Door(Protocol):
    """What may refuse to let a body start."""

    @property
    def slot(self) -> Slot | Always:
        """What the happy path reads."""
        ...

    @property
    def replaces(self) -> bool:
        """Whether it may answer with something else instead of the body."""
        ...

    def enter(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return GO, or what stands in for the body's result; raise to refuse."""
        ...


class Hook(Protocol):
    """What looks at what came out of a body. Neither method raises, but under the test kit."""

    @property
    def wanted(self) -> Wanted:
        """The exception types it is asked to see, groups included."""
        ...

    @property
    def looks(self) -> bool:
        """Whether it looks at results."""
        ...

    def failed(self, error: BaseException, function: Callable[..., Any] | None = None) -> None:
        """See an exception on its way out; ``function`` is left out where it is a plain Python function."""
        ...

    def returned(
        self, result: Any, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """See a result on its way out."""
        ...


@define(eq=False)
class Plan:
    """All hooks on one callable, so that several of them cost one wrapper. Outermost first.

    Attributes:
        function: the callable underneath.
        doors: what may refuse to let the body start.
        hooks: what looks at what came out.
        wanted: exception types that any hook is asked to see.
        looks: whether any hook looks at results.
    """

    function: Callable[..., Any]
    doors: tuple[Door, ...]
    hooks: tuple[Hook, ...]
    wanted: Wanted
    looks: bool

    def enter(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask every door whose slot is full; return GO or what stands in for the result."""
        for door in self.doors:
            if door.slot.full and (instead := door.enter(self.function, args, kwargs)) is not GO:
                return instead
        return GO

    @property
    def seer(self) -> Callable[[BaseException], None]:
        """What shows an exception to every hook of a plain Python function, by the shortest way."""
        return self.hooks[0].failed if len(self.hooks) == 1 else self.failed

    def failed(self, error: BaseException) -> None:
        """Show an exception to every hook, innermost first."""
        for hook in reversed(self.hooks):
            if isinstance(error, hook.wanted):
                hook.failed(error, self.function)

    def returned(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Show a result to every hook that looks at results, innermost first."""
        for hook in reversed(self.hooks):
            if hook.looks:
                hook.returned(result, self.function, args, kwargs)


def plan_of(function: Callable[..., Any], doors: tuple[Door, ...], hooks: tuple[Hook, ...]) -> Plan:
    """Put doors and hooks on a callable together."""
    wanted = tuple(dict.fromkeys(one for hook in hooks for one in hook.wanted))
    return Plan(function, doors, hooks, wanted, any(hook.looks for hook in hooks))
