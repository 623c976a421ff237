"""Writing a report to a file: the whole of it or nothing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TypeVar

__all__ = ["written"]


Content = TypeVar("Content", str, bytes)


def written(content: Content, path: str | Path | None) -> Content:
    """Write a text as UTF-8, its line ends as they are, or bytes to a file, if a path is given, and return it.

    It is written beside the file first and then takes its place, so that a reader sees the old report or the new one.
    What was there before is replaced.

    Raises:
        OSError: the file cannot be written; what was there stays as it was.
    """
    if path is None:
        return content
    target = Path(path)
    beside = target.parent / f".{target.name[:100]}.{secrets.token_hex(8)}.tmp"
    try:
        with beside.open("xb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode())
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return content
