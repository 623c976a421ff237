"""One call of a decorated callable, as predicates and fallbacks see it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Call"]


class Call:
    """A call that returned; lives while a predicate looks at it.

    Attributes:
        function: what was called.
        result: what it returned; for a generator its return value, for an async generator None.
    """

    __slots__ = ("_args", "_kwargs", "function", "result")

    def __init__(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], result: Any
    ) -> None:
        """Hold the parts; arguments are bound to names only if somebody asks."""
        self.function: Callable[..., Any] = function
        self.result: Any = result
        self._args = args
        self._kwargs = kwargs

    @property
    def args(self) -> Mapping[str, Any]:
        """The arguments by parameter name, defaults included.

        Raises:
            ValueError: the signature of the callable cannot be read.
        """
        bound = inspect.signature(self.function).bind(*self._args, **self._kwargs)
        bound.apply_defaults()
        return bound.arguments
