"""What is true of a group of findings, of the marks they leave on a risk, and of a spool that is read in."""

from __future__ import annotations

import datetime as dt

from attrs import frozen

from .._internal.words import Word
from ._sightings import Sighting

__all__ = ["FindingDismissal", "FindingGroup", "FindingStatus", "Recheck", "SpoolState", "SpoolStatus"]


class FindingStatus(Word):
    """Where a group of findings stands."""

    WAITING = "waiting", "판단 대기", "Waiting for a person"
    LINKED = "linked", "리스크에 연결", "Linked to a risk"
    DISMISSED = "dismissed", "제외", "Dismissed"


@frozen(kw_only=True)
class FindingDismissal:
    """A person set a group aside; why stands beside the event.

    Attributes:
        by: the principal who did.
        at: when.
        count: how many occurrences there were then.
    """

    by: str
    at: dt.datetime
    count: int


@frozen(kw_only=True)
class FindingGroup:
    """Findings of one fingerprint, however many; versions of the system are no part of it.

    Attributes:
        id: the fingerprint.
        sample: the first of them that was recorded.
        system: id of the system they were seen in; None if the register knows none of that name.
        status: where the group stands.
        risk: id of the risk they are tied to; None while they wait.
        count: occurrences, exact.
        suppressed: how many of them were not reported on their own.
        first_seen: when the first was seen.
        last_seen: when the last was seen.
        dismissed: the latest dismissal, over or not.
    """

    id: str
    sample: Sighting
    system: str | None = None
    status: FindingStatus
    risk: str | None = None
    count: int
    suppressed: int = 0
    first_seen: dt.datetime
    last_seen: dt.datetime
    dismissed: FindingDismissal | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits for a person to promote or dismiss it."""
        return self.status is FindingStatus.WAITING


@frozen(kw_only=True)
class Recheck:
    """Findings ask for a new assessment of a risk; the next assessment answers it.

    Attributes:
        at: since when.
        finding: id of the group that asks.
        step_up: whether they ask for one grade up, because there are several in short time.
    """

    at: dt.datetime
    finding: str
    step_up: bool = False


class SpoolStatus(Word):
    """A spool is read as often as one likes."""

    READ = "read", "읽음", "Read"


@frozen(kw_only=True)
class SpoolState:
    """How far the file of one process was read in.

    Attributes:
        writer: id of the process's file.
        status: always read.
        next: the first position that was not read in yet; from 0.
    """

    writer: str
    status: SpoolStatus = SpoolStatus.READ
    next: int

    @property
    def id(self) -> str:
        """The writer."""
        return self.writer
