"""Reading spools: line by line, so that one that cannot be used costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from attrs import evolve, frozen

from .._internal.text import ID_RULE, is_id
from ..exceptions import LoadError
from ..findings import Finding, Verdict
from ..serialization import load_json
from ._spool import SUFFIX

__all__ = ["SpoolEntry", "SpoolFault", "SpoolReading", "read_spool", "read_spool_file", "spool_files"]

_LINE = {"n", "writer", "finding"}
_LONGEST_LINE = 1 << 16


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
            before this one, ``repeated`` for a position that came before.
        path: where in the line the rule is broken, ``$`` for all of it; never the value.
        rule: the rule.
    """

    file: str
    line: int
    code: str
    path: str
    rule: str


@frozen(kw_only=True)
class SpoolReading:
    """What a spool holds.

    Attributes:
        entries: the findings, by file and position.
        faults: what cannot be used, by file and line.
    """

    entries: tuple[SpoolEntry, ...]
    faults: tuple[SpoolFault, ...]


def spool_files(folder: str | Path) -> tuple[Path, ...]:
    """Return the spool files of a folder, in the order of their names."""
    return tuple(sorted(Path(folder).glob("*" + SUFFIX)))


def read_spool(folder: str | Path) -> SpoolReading:
    """Read every spool file of a folder, also while others still write there.

    Raises:
        OSError: the folder cannot be read.
    """
    entries: list[SpoolEntry] = []
    faults: list[SpoolFault] = []
    for path in spool_files(folder):
        for one in read_spool_file(path):
            if isinstance(one, SpoolEntry):
                entries.append(one)
            else:
                faults.append(one)
    return SpoolReading(entries=tuple(entries), faults=tuple(faults))


def read_spool_file(path: Path) -> Iterator[SpoolEntry | SpoolFault]:
    """Read one spool file line by line; a line that cannot be used is a fault, and the next one is read.

    Raises:
        OSError: the file cannot be read.
    """
    expected: dict[str, int] = {}
    with path.open("rb") as stream:
        for number, raw in enumerate(_lines(stream), 1):
            entry = _entry(raw)
            if isinstance(entry, SpoolFault):
                code = entry.code if raw.endswith(b"\n") else "torn"
                yield evolve(entry, file=path.name, line=number, code=code)
            elif entry.n < expected.get(entry.writer, 0):
                rule = "a position after those of the lines before"
                yield SpoolFault(file=path.name, line=number, code="repeated", path="$.n", rule=rule)
            else:
                if entry.n != expected.get(entry.writer, 0):
                    rule = "the position after that of the line before; lines are missing"
                    yield SpoolFault(file=path.name, line=number, code="gap", path="$.n", rule=rule)
                expected[entry.writer] = entry.n + 1
                yield entry


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines; of one that is too long the beginning alone, so that no line fills the memory."""
    while raw := stream.readline(_LONGEST_LINE + 1):
        rest = raw
        while len(rest) > _LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(_LONGEST_LINE + 1)
        yield raw if rest is raw or not rest.endswith(b"\n") else raw + b"\n"


def _entry(raw: bytes) -> SpoolEntry | SpoolFault:
    """Read a line; a fault of it names no file and line yet."""
    if not raw.endswith(b"\n"):
        return _fault("$", "a whole line; a process may still be writing it")
    if len(raw) > _LONGEST_LINE:
        return _fault("$", f"a line of at most {_LONGEST_LINE:,} bytes")
    try:
        data: Any = load_json(raw)
        path, rule = _broken(data)
        if rule:
            return _fault(path, rule)
        finding = Finding.from_data(data["finding"], path="$.finding")
    except LoadError as error:
        return _fault(error.path, error.expected)
    if finding.verdict is Verdict.CLEAR:
        return _fault("$.finding.verdict", "another verdict than clear: the control found nothing")
    return SpoolEntry(writer=data["writer"], n=data["n"], finding=finding)


def _broken(data: Any) -> tuple[str, str]:
    """Return where a line breaks which rule; empty texts if it breaks none."""
    if not isinstance(data, dict) or data.keys() != _LINE:
        return "$", "an object with the keys finding, n and writer"
    if not is_id(data["writer"]):
        return "$.writer", ID_RULE
    if type(data["n"]) is not int or data["n"] < 0:
        return "$.n", "a whole number of 0 or more"
    return "$", ""


def _fault(path: str, rule: str) -> SpoolFault:
    return SpoolFault(file="", line=0, code="unreadable", path=path, rule=rule)
