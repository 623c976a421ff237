"""Digests of checkpoints, whether one file or a folder of them."""

from __future__ import annotations

from pathlib import Path

from .._internal.canonical import Json, digest_of
from ..evidence import Evidence

__all__ = ["digest_of_path"]


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
