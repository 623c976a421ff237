"""Digests of what a run leaves: its checkpoints, whether files or folders, and what its rules ask."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from .._internal.canonical import Json, digest_of
from .._internal.words import Word
from ..evidence import Evidence
from ..findings import decimal_text
from ._rule import Rule

__all__ = ["definition_of", "digest_of_path"]


def definition_of(rules: Iterable[Rule]) -> str:
    """Return the digest of what rules ask: name, kind, risk, numbers, and for records their settings.

    It is the same in every process; what a rule of your own keeps beside these does not count.
    """
    rows: list[Json] = []
    for rule in rules:
        kind = type(rule)
        stated: Json = {}
        if attrs.has(kind):
            names = (one.name for one in attrs.fields(kind) if one.init)
            stated = {name: _told(getattr(rule, name)) for name in names}
        rows.append([rule.name, kind.__qualname__, rule.risk, [*sorted(rule.metrics)], stated])
    return digest_of(rows)


def _told(value: object) -> Json:
    """Return a setting as canonical JSON."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return decimal_text(value)
    if isinstance(value, Word):
        return value.id
    if isinstance(value, frozenset | tuple):
        told = [_told(one) for one in value]
        return sorted(told, key=repr) if isinstance(value, frozenset) else told
    return repr(value)  # a record, such as a citation: all it holds are texts


def digest_of_path(path: Path) -> str:
    """Return the digest of a file, or of a folder: over the sorted paths and digests of the files below it.

    Raises:
        OSError: it cannot be read.
    """
    if path.is_file():
        return Evidence.of_file(path).digest
    files = sorted(one for one in path.rglob("*") if one.is_file())
    if not files:
        raise FileNotFoundError(path)
    rows: list[Json] = [[one.relative_to(path).as_posix(), Evidence.of_file(one).digest] for one in files]
    return digest_of(rows)
