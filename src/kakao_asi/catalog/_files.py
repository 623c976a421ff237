"""Reading scheme files: the shipped ones, and a company's own from a folder, under the same checks."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from ..exceptions import InvalidValue
from ..serialization import load, load_json, structure

__all__ = ["from_file", "shipped"]

T = TypeVar("T")


def shipped(name: str, kind: type[T]) -> tuple[T, ...]:
    """Return the rows of a shipped file, in its order."""
    many: Any = tuple[kind, ...]  # type: ignore[valid-type]  # a type made at run time
    rows: tuple[T, ...] = structure(many, load_json(files(__package__).joinpath(name).read_bytes()))
    return rows


def from_file(path: str | Path, kind: type[T]) -> tuple[T, ...]:
    """Return the rows of a company's own file: a JSON list of at most 1 MiB, read strictly, sorted by id.

    Mappings have no id and keep the order of the file.

    Raises:
        InvalidValue: an id stands twice, or a row breaks a rule of its field.
        LoadError: the file is malformed, too large, or holds a key or a word that is not known.
    """
    many: Any = tuple[kind, ...]  # type: ignore[valid-type]  # a type made at run time
    rows: tuple[T, ...] = load(many, Path(path).read_bytes())
    ids = [row.id for row in rows if hasattr(row, "id")]
    if len(set(ids)) != len(ids):
        raise InvalidValue(f"{kind.__name__}.id", "must not stand twice in one file", "give each row its own id")
    return tuple(sorted(rows, key=lambda row: str(getattr(row, "id", ""))))
