"""Events of findings: grouped, counted, tied to a risk, set aside."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from attrs import frozen

from .._sightings import Sighting

__all__ = [
    "FindingDismissed",
    "FindingLinked",
    "FindingReturned",
    "FindingsCounted",
    "FindingsGrouped",
    "ReassessmentAsked",
    "SpoolRead",
]


@frozen(kw_only=True)
class FindingsGrouped:
    """The first findings of a group were recorded; without a risk it waits for a person."""

    kind: ClassVar[str] = "findings_grouped"
    sample: Sighting
    system: str | None = None
    risk: str | None = None


@frozen(kw_only=True)
class FindingsCounted:
    """More findings of a group were recorded."""

    kind: ClassVar[str] = "findings_counted"
    count: int
    suppressed: int = 0
    first: dt.datetime
    last: dt.datetime


@frozen(kw_only=True)
class FindingLinked:
    """A group belongs to a risk from now on."""

    kind: ClassVar[str] = "finding_linked"
    risk: str


@frozen(kw_only=True)
class FindingDismissed:
    """A person set a group aside."""

    kind: ClassVar[str] = "finding_dismissed"


@frozen(kw_only=True)
class FindingReturned:
    """A group that was set aside waits for a person again."""

    kind: ClassVar[str] = "finding_returned"


@frozen(kw_only=True)
class ReassessmentAsked:
    """Findings ask for a new assessment of a risk; with ``step_up`` for one grade up."""

    kind: ClassVar[str] = "reassessment_asked"
    finding: str
    step_up: bool = False


@frozen(kw_only=True)
class SpoolRead:
    """The file of a process was read in up to a position."""

    kind: ClassVar[str] = "spool_read"
    writer: str
    next: int
