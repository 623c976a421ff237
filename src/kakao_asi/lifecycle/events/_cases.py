"""Events of cases: opened, voted on, decided, moved up."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from attrs import frozen

from ...governance import Case, CaseStep, Decision, Delegation, Review, Vote

__all__ = [
    "Acknowledged",
    "AcknowledgementMissed",
    "BodyDecided",
    "CaseOpened",
    "CaseRebased",
    "CaseWithdrawn",
    "DeadlineMissed",
    "Delegated",
    "DelegationEnded",
    "Recused",
    "Reminded",
    "Reviewed",
    "Voted",
]


@frozen(kw_only=True)
class CaseOpened:
    """A question was put before the bodies."""

    kind: ClassVar[str] = "case_opened"
    case: Case


@frozen(kw_only=True)
class Voted:
    """A person voted."""

    kind: ClassVar[str] = "voted"
    vote: Vote


@frozen(kw_only=True)
class Reviewed:
    """Somebody gave an opinion; it is no vote."""

    kind: ClassVar[str] = "reviewed"
    review: Review


@frozen(kw_only=True)
class Recused:
    """A person stepped back: vote and seat are gone for this case."""

    kind: ClassVar[str] = "recused"
    person: str


@frozen(kw_only=True)
class Delegated:
    """A seat was lent."""

    kind: ClassVar[str] = "delegated"
    delegation: Delegation


@frozen(kw_only=True)
class DelegationEnded:
    """A seat was given back before its time."""

    kind: ClassVar[str] = "delegation_ended"
    delegation: Delegation


@frozen(kw_only=True)
class Acknowledged:
    """A body knows of the case; it is reminded no more, and its time runs on."""

    kind: ClassVar[str] = "acknowledged"
    position: int


@frozen(kw_only=True)
class BodyDecided:
    """A body decided; the case goes on to the body at ``next_position``, or is over.

    ``acknowledge_by`` is by when the body it goes on to says that it knows.
    """

    kind: ClassVar[str] = "decided"
    decision: Decision
    next_position: int | None = None
    next_body: str | None = None
    acknowledge_by: dt.datetime | None = None


@frozen(kw_only=True)
class Reminded:
    """A body was reminded that a share of its term, in percent, has passed."""

    kind: ClassVar[str] = "reminded"
    position: int
    share: int


@frozen(kw_only=True)
class DeadlineMissed:
    """A body let its time pass; the case moves up, or is overdue at the apex.

    ``acknowledge_by`` is by when the body it moves up to says that it knows.
    """

    kind: ClassVar[str] = "deadline_missed"
    position: int
    moves: bool
    upward: CaseStep | None = None
    acknowledge_by: dt.datetime | None = None


@frozen(kw_only=True)
class AcknowledgementMissed:
    """A body did not say in time that it knows of the case; the one above is told, None above the apex."""

    kind: ClassVar[str] = "acknowledgement_missed"
    position: int
    told: str | None = None


@frozen(kw_only=True)
class CaseRebased:
    """A case was pinned to the present; what was given on it before is void."""

    kind: ClassVar[str] = "case_rebased"
    case: Case


@frozen(kw_only=True)
class CaseWithdrawn:
    """A case was withdrawn."""

    kind: ClassVar[str] = "case_withdrawn"
