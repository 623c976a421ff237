"""A board in a file, for pods and ranks that reach no database."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from attrs import frozen

from ..exceptions import LoadError
from ..serialization import dump_bytes, load_json, structure
from ._board import BoardState

__all__ = ["FileBoard", "write_board"]

_FORMAT = "kakao_asi.board/1"
_LARGEST = 64 << 20
_MOST_VALUES = 4_000_000


def write_board(path: str | Path, state: BoardState) -> None:
    """Write a board file; a reader sees the old one or the new one, never half of it.

    The file is readable by everybody who may read its folder: it holds ids, codes and grades, no texts.

    Raises:
        OSError: the folder cannot be written.
    """
    target = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(dump_bytes(_BoardFile(format=_FORMAT, board=state)) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


class FileBoard:
    """Reads a board file that ``register.write_board`` wrote; lives as long as its receiver."""

    def __init__(self, path: str | Path) -> None:
        """Remember the path; nothing is read yet, and the file may come later."""
        self._path = Path(path)
        self._seen: tuple[tuple[int, int, int], BoardState] | None = None

    def read(self) -> BoardState:
        """Return the file's state; a file that has not changed is not parsed again.

        Raises:
            OSError: it cannot be read.
            LoadError: it is no board file of this version.
        """
        found = self._path.stat()
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._seen is not None and self._seen[0] == mark:
            return self._seen[1]
        if found.st_size > _LARGEST:
            raise LoadError("$", "too_large", f"at most {_LARGEST:,} bytes")
        state = _parsed(self._path.read_bytes())
        self._seen = (mark, state)
        return state


@frozen(kw_only=True)
class _BoardFile:
    format: str
    board: BoardState


def _parsed(raw: bytes) -> BoardState:
    data = load_json(raw, size=_LARGEST, nodes=_MOST_VALUES)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise LoadError("$.format", "unknown_format", _FORMAT)
    return structure(_BoardFile, data).board
