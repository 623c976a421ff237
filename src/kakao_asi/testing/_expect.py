"""Checks that need no test framework and stay under ``python -O``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["expect_raised", "expect_same"]

E = TypeVar("E", bound=BaseException)


def expect_same(expected: object, actual: object) -> None:
    """Fail unless two values are equal.

    Raises:
        AssertionError: they differ.
    """
    if expected != actual:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def expect_raised(kind: type[E], call: Callable[[], object]) -> E:
    """Return the error of a kind that a call raises; fail if it raises none.

    Raises:
        AssertionError: the call returned.
    """
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}, nothing was raised")
