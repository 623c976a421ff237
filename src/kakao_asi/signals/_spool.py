"""Findings on a local disk: one JSON-lines file per run, rank and process, each line written at once."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from .._internal.canonical import canonical_bytes
from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Finding

__all__ = ["SUFFIX", "Spool"]

SUFFIX = ".findings.jsonl"
"""What the names of spool files end in."""


class Spool:
    """A sink that writes each finding as one line to a file of its own; lives as long as its receiver.

    A line is one ``write`` to a file opened for appending, so it survives every end of the process; a power cut may
    lose the last ones, because nothing waits for the disk. After a fork the child writes to a file of its own.
    """

    def __init__(self, folder: str | Path, *, run: str = "service", rank: int = 0) -> None:
        """Name the folder; nothing is created before the first finding.

        Args:
            folder: on a local disk; made if it does not exist.
            run: id of the run, or of the service.
            rank: number of the process in a distributed run, from 0.

        Raises:
            InvalidValue: run is no id, or rank is negative.
        """
        if not is_id(run):
            raise InvalidValue("Spool.run", ID_RULE)
        if rank < 0:
            raise InvalidValue("Spool.rank", "must be 0 or more")
        self._folder = Path(folder)
        self._run, self._rank = run, rank
        self._lock = threading.RLock()
        self._pid, self._handle, self._writer, self._next = 0, -1, "", 0

    def __call__(self, finding: Finding) -> bool:
        """Write one finding; return whether it was taken. A full disk is an answer, not an error."""
        try:
            with self._lock:
                if self._pid != os.getpid():
                    self._open()
                raw = canonical_bytes({"n": self._next, "writer": self._writer, "finding": finding.to_data()}) + b"\n"
                if os.write(self._handle, raw) != len(raw):
                    self.close()  # half a line ends a file; the next finding starts another
                    return False
                self._next += 1
                return True
        except OSError:
            return False

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        writer = os.urandom(8).hex()
        name = f"{self._run}-{self._rank}-{os.getpid()}-{writer}{SUFFIX}"
        self._handle = os.open(self._folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._pid, self._writer, self._next = os.getpid(), writer, 0

    def after_fork(self) -> None:
        """Forget the parent's lock and file in a forked child."""
        self._lock = threading.RLock()
        if self._handle >= 0:
            os.close(self._handle)
        self._pid, self._handle = 0, -1

    def close(self) -> None:
        """Close the file; the next finding opens a new one."""
        with self._lock:
            if self._handle >= 0 and self._pid == os.getpid():
                os.close(self._handle)
            self._pid, self._handle = 0, -1
