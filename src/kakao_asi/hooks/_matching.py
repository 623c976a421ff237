"""Which exceptions a hook is asked to see."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from typing import TypeAlias

from ..exceptions import AsiError, InvalidValue

__all__ = ["Wanted", "as_wanted", "is_wanted", "leaves_of"]

Wanted: TypeAlias = tuple[type[BaseException], ...]

_SILENT: Wanted = (GeneratorExit, KeyboardInterrupt, SystemExit, StopIteration, StopAsyncIteration)
_HOMES_OF_CANCELLED = ("asyncio.exceptions", "concurrent.futures._base")


def as_wanted(on: type[BaseException] | tuple[type[BaseException], ...] | None) -> Wanted:
    """Return exception types as a tuple.

    Raises:
        InvalidValue: something in it is no exception type.
    """
    types = () if on is None else on if isinstance(on, tuple) else (on,)
    if not all(isinstance(one, type) and issubclass(one, BaseException) for one in types):
        raise InvalidValue("watch.on", "must be one exception type or a tuple of them")
    return types


def is_wanted(error: BaseException, on: Wanted) -> bool:
    """Tell whether an exception is asked for.

    Errors of this library never are. Cancellation, the end of generators and iterators, and interrupts are only if
    their own type, and not merely a type above it, is named.
    """
    return isinstance(error, on) and _is_wanted_type(type(error), on)  # type: ignore[arg-type]  # a type has a hash


@functools.lru_cache(maxsize=1_024)
def _is_wanted_type(kind: type[BaseException], on: Wanted) -> bool:
    if issubclass(kind, AsiError):
        return False
    for silent in _silent():
        if issubclass(kind, silent):
            return any(issubclass(one, silent) and issubclass(kind, one) for one in on)
    return True


def _silent() -> Wanted:
    # Where nobody imported asyncio or futures, nothing can be cancelled.
    cancelled = (getattr(sys.modules.get(home), "CancelledError", None) for home in _HOMES_OF_CANCELLED)
    return (*_SILENT, *(one for one in cancelled if one is not None))


def leaves_of(error: BaseException, on: Wanted) -> Iterator[BaseException]:
    """Iterate over what is asked for: the exception itself, or the wanted members of a group; the group stays whole."""
    if not isinstance(error, BaseExceptionGroup):
        if is_wanted(error, on):
            yield error
        return
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        elif is_wanted(one, on):
            yield one
