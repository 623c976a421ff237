"""Readers of old versions: stored bytes never change, so what is read is brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from attrs import field, frozen

from .._internal.canonical import Json
from ..exceptions import LoadError

__all__ = ["Step", "Upcasters"]

Step: TypeAlias = "Callable[[Json], Json]"
"""A pure function from the payload of one version to that of the next; it returns a new payload."""


def _as_table(table: Mapping[tuple[str, int], Step]) -> Mapping[tuple[str, int], Step]:
    return MappingProxyType(dict(table))


@frozen
class Upcasters:
    """A table of steps from each old version of a payload to the next.

    Attributes:
        table: (kind, version) to the step that leads to the version after it.
    """

    table: Mapping[tuple[str, int], Step] = field(converter=_as_table)

    def to_current(self, kind: str, schema: int, payload: Json, current: int) -> Json:
        """Return a payload as the current version has it.

        Args:
            kind: what the payload is, for example ``risk_identified``.
            schema: the version it was written in, 1 or later.
            payload: the payload as it was read.
            current: the version asked for.

        Raises:
            LoadError: the payload is newer than ``current``, or a step is missing.
        """
        if schema > current:
            raise LoadError("$", "newer_schema", f"version {current} or older; a newer library wrote this")
        for version in range(schema, current):
            step = self.table.get((kind, version))
            if step is None:
                raise LoadError("$", "unknown_schema", f"a version this library has a step for, up to {current}")
            payload = step(payload)
        return payload
