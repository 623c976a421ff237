"""Findings: hooks record them, people judge them, and spools of processes without a register are read in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Unpack, cast

from attrs import frozen

from ..exceptions import CommandRefused, InvalidValue
from ..findings import Finding
from ..governance import Code
from ..lifecycle import FindingGroup, Sighting
from ..lifecycle import commands as c
from ..risks import Risk
from ..signals import SpoolEntry, SpoolFault, read_spool_file, spool_files
from ._verbs import Who

__all__ = ["FindingVerbs", "SpoolImport"]

_STEP = 500
"""How many lines of a spool are written as one (our choice): a kill loses at most that much work, and no count."""


@frozen(kw_only=True)
class SpoolImport:
    """What reading a spool in did.

    Attributes:
        files: how many files there were.
        recorded: occurrences that were counted now.
        known: lines that an earlier import had counted already.
        faults: lines that cannot be used, by file and line, each with the rule it breaks; the others were read in.
    """

    files: int
    recorded: int
    known: int
    faults: tuple[SpoolFault, ...]


class FindingVerbs:
    """The verbs on findings; errors and keywords as in ``Verbs``."""

    def _do(self, command: c.Command, **who: Unpack[Who]) -> Any:
        raise NotImplementedError  # pragma: no cover  # the register does it

    def _spool_read_to(self, writer: str) -> int:
        raise NotImplementedError  # pragma: no cover  # the register does it

    def record(self, finding: Finding | Sighting, **who: Unpack[Who]) -> FindingGroup:
        """Record a finding, or with its ``count`` several of one group; returns the group.

        It joins its group, asks for an assessment of a risk it names, and opens a closed one again by the rules of the
        governance (``FindingTerms``). It never assesses. One that bears on no known risk waits until a person promotes
        or dismisses its group. Many at once: ``commands.RecordFindings``.
        """
        return cast(FindingGroup, self._do(c.RecordFindings(findings=[finding]), **who))

    def promote(self, finding: str, risk: Risk | str, **who: Unpack[Who]) -> FindingGroup:
        """Make a risk of a group of findings, or tie it to a risk that is known, which is then assessed again.

        Args:
            finding: id of the group.
            risk: the new risk, or the id of a known one.
            **who: a person; an agent is refused.
        """
        if isinstance(risk, Risk):
            return cast(FindingGroup, self._do(c.PromoteFinding(finding=finding, risk=risk), **who))
        return cast(FindingGroup, self._do(c.LinkFinding(finding=finding, risk=risk), **who))

    def dismiss(self, finding: str, **who: Unpack[Who]) -> FindingGroup:
        """Set a group of findings aside; ``because`` says why. It waits again when it grows or comes back.

        Args:
            finding: id of the group.
            **who: a person; an agent is refused.
        """
        return cast(FindingGroup, self._do(c.DismissFinding(finding=finding), **who))

    def import_spool(self, folder: str | Path, *, by: str) -> SpoolImport:
        """Read the findings in that processes without a register wrote to a folder.

        How far each file was read stands in the log beside the counts, written as one: reading in again, or after a
        kill in the middle, counts nothing twice and leaves nothing out. A file may be written to meanwhile.

        Args:
            folder: the folder that was passed to ``hooks.Spool``.
            by: the principal who reads it in.

        Raises:
            InvalidValue: there is no such folder.
            OSError: a file cannot be read.
        """
        if not Path(folder).is_dir():
            raise InvalidValue("import_spool.folder", "must be a folder that exists")
        reading = _Reading()
        paths = spool_files(folder)
        for path in paths:
            for one in _steps(read_spool_file(path), reading):
                self._read_in(one, by, reading)
        faults = tuple(reading.faults)
        return SpoolImport(files=len(paths), recorded=reading.recorded, known=reading.known, faults=faults)

    def _read_in(self, step: list[SpoolEntry], by: str, reading: _Reading) -> None:
        """Record lines of one file that follow each other; those that were counted before are left out."""
        while True:
            writer = step[0].writer
            start = self._spool_read_to(writer)
            new = [one for one in step if one.n >= start]
            if not new:
                break
            sightings = [Sighting.of(one.finding) for one in new]
            command = c.ImportFindings(spool=writer, start=start, end=new[-1].n + 1, findings=sightings)
            try:
                self._do(command, by=by)
            except CommandRefused as refused:
                if any(one.code is not Code.SPOOL_READ for one in refused.refusals):
                    raise
                continue  # another process read it in meanwhile
            reading.recorded += sum(one.count for one in sightings)
            break
        reading.known += len(step) - len(new)


class _Reading:
    """What an import has come to."""

    def __init__(self) -> None:
        self.recorded = 0
        self.known = 0
        self.faults: list[SpoolFault] = []


def _steps(lines: Iterable[SpoolEntry | SpoolFault], reading: _Reading) -> Iterable[list[SpoolEntry]]:
    """Yield the usable lines of one file, some hundred at a time, each step of one writer."""
    step: list[SpoolEntry] = []
    for one in lines:
        if isinstance(one, SpoolFault):
            reading.faults.append(one)
            continue
        if step and (len(step) >= _STEP or step[0].writer != one.writer):
            yield step
            step = []
        step.append(one)
    if step:
        yield step
