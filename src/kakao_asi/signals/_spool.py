"""Findings on a local disk: one JSON-lines file per run, rank and process, each line written at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from .._internal.canonical import canonical_bytes
from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue, LoadError
from ..findings import Finding
from ..serialization import load_json

__all__ = ["Spool", "SpoolEntry", "SpoolFault", "SpoolReading", "read_spool"]

_SUFFIX = ".findings.jsonl"
_LINE = {"n", "writer", "finding"}
_LONGEST_LINE = 1 << 16


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
        name = f"{self._run}-{self._rank}-{os.getpid()}-{writer}{_SUFFIX}"
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


@frozen(kw_only=True)
class SpoolEntry:
    """One finding of a spool.

    Attributes:
        writer: id of the process's file.
        n: position in it, from 0. Writer and position together name the finding for good.
        finding: the finding.
    """

    writer: str
    n: int
    finding: Finding


@frozen(kw_only=True)
class SpoolFault:
    """Something in a spool that cannot be used.

    Attributes:
        file: name of the file.
        line: number of the line, from 1.
        code: ``torn`` for a last line without its end, ``unreadable`` for any other, ``gap`` where lines are missing
            before this one.
    """

    file: str
    line: int
    code: str


@frozen(kw_only=True)
class SpoolReading:
    """What a spool holds.

    Attributes:
        entries: the findings, by file and position.
        faults: what cannot be used, by file and line.
    """

    entries: tuple[SpoolEntry, ...]
    faults: tuple[SpoolFault, ...]


def read_spool(folder: str | Path) -> SpoolReading:
    """Read every spool file of a folder, also while others still write there.

    Raises:
        OSError: the folder cannot be read.
    """
    entries: list[SpoolEntry] = []
    faults: list[SpoolFault] = []
    for path in sorted(Path(folder).glob("*" + _SUFFIX)):
        for one in _read(path):
            if isinstance(one, SpoolEntry):
                entries.append(one)
            else:
                faults.append(one)
    return SpoolReading(entries=tuple(entries), faults=tuple(faults))


def _read(path: Path) -> Iterator[SpoolEntry | SpoolFault]:
    expected = 0
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            entry = _entry(raw)
            if entry is None:
                yield SpoolFault(file=path.name, line=number, code="unreadable" if raw.endswith(b"\n") else "torn")
                continue
            if entry.n != expected:
                yield SpoolFault(file=path.name, line=number, code="gap")
            expected = entry.n + 1
            yield entry


def _entry(raw: bytes) -> SpoolEntry | None:
    if len(raw) > _LONGEST_LINE or not raw.endswith(b"\n"):
        return None
    try:
        data: Any = load_json(raw)
        if data.keys() != _LINE:
            return None
        writer, number = data["writer"], data["n"]
        finding = Finding.from_data(data["finding"])
    except (AttributeError, LoadError):
        return None
    return SpoolEntry(writer=writer, n=number, finding=finding) if is_id(writer) and type(number) is int else None
