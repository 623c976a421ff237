"""A refusal on its way up: it collects the path, and becomes a LoadError at the top."""

from __future__ import annotations

from .._internal.text import PrivateText
from ..exceptions import LoadError

__all__ = ["UNNAMED", "Fault", "Repeated", "mismatch"]

UNNAMED = "*"
"""What stands in a path for a key that the data chose: it is not repeated."""


class Fault(Exception):  # noqa: N818  # never leaves the package; LoadError does
    """One broken rule and the steps from it up to the top.

    Attributes:
        code: the stable word of ``LoadError``.
        expected: what was expected.
        steps: keys and positions, innermost first.
    """

    def __init__(self, code: str, expected: str) -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected
        self.steps: list[str | int] = []

    def error(self) -> LoadError:
        """Return what the caller gets to see."""
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in reversed(self.steps))
        return LoadError("$" + path, self.code, self.expected)


class Repeated:
    """Stands for an object that names one key twice, until its place is known."""


def mismatch(value: object, expected: str) -> Fault:
    """Return the fault of a value of the wrong type, with the more telling code where there is one."""
    if isinstance(value, Repeated):
        return Fault("duplicate_key", "every key once")
    if isinstance(value, float):
        return Fault("float", "a decimal as text, because a float is not the same everywhere")
    if isinstance(value, PrivateText):
        return Fault("sealed", f"{expected}; a sealed text stands only in an erasable field")
    return Fault("type", expected)
