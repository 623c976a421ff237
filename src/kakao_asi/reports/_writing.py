"""Writing a report to a file: the whole of it or nothing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["written"]


def written(text: str, path: str | Path | None) -> str:
    """Write a text to a file as UTF-8 with plain line feeds, if a path is given, and return it.

    It is written beside the file first and then takes its place, so that a reader sees the old report or the new one.
    What was there before is replaced.

    Raises:
        OSError: the file cannot be written; what was there stays as it was.
    """
    if path is None:
        return text
    target = Path(path)
    beside = target.parent / f".{target.name[:100]}.{secrets.token_hex(8)}.tmp"
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return text
