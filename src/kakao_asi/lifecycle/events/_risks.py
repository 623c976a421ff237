"""Events of risks: identified, assessed, answered, closed, and again."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from attrs import field, frozen

from ..._internal.fields import PRIVATE
from ...assessments import Assessment
from ...governance import Acceptance
from ...responses import PlannedResponse, Verification
from ...risks import Risk
from ...stages import Stage
from ...taxonomy import Grade
from .._links import Link
from .._states import Objection
from ..commands import ReopenCode

__all__ = [
    "AcceptanceRevoked",
    "Accepted",
    "AssessmentWithdrawn",
    "ConditionMissed",
    "Contained",
    "CycleOpened",
    "ObjectionRaised",
    "ObjectionResolved",
    "PeakLowered",
    "ResponsePlanned",
    "ResponseVerified",
    "RiskAssessed",
    "RiskClosed",
    "RiskIdentified",
    "RiskReopened",
    "RiskRescoped",
    "RiskReworded",
    "RiskSucceeded",
    "RiskTookOver",
    "RisksRelated",
]


@frozen(kw_only=True)
class RiskIdentified:
    """A risk was identified."""

    kind: ClassVar[str] = "risk_identified"
    risk: Risk


@frozen(kw_only=True)
class RiskReworded:
    """A risk got other words."""

    kind: ClassVar[str] = "risk_reworded"
    title: str | None = field(default=None, repr=False, metadata=PRIVATE)
    description: str | None = field(default=None, repr=False, metadata=PRIVATE)


@frozen(kw_only=True)
class RiskRescoped:
    """A risk is about something else now."""

    kind: ClassVar[str] = "risk_rescoped"
    stages: frozenset[Stage] | None = None
    principles: frozenset[str] | None = None
    owner: str | None = None
    legal_obligation: bool | None = None


@frozen(kw_only=True)
class RisksRelated:
    """A risk was linked to another one."""

    kind: ClassVar[str] = "risks_related"
    link: Link


@frozen(kw_only=True)
class RiskSucceeded:
    """A risk leads to others from now on: ``how`` is merged, split or superseded."""

    kind: ClassVar[str] = "risk_succeeded"
    by: tuple[str, ...]
    how: str


@frozen(kw_only=True)
class RiskTookOver:
    """A risk stands for others from now on: its grade is at least theirs, and who had a hand in them has one in it."""

    kind: ClassVar[str] = "risk_took_over"
    risks: tuple[str, ...]
    peak: Grade | None = None
    incident: bool
    hands: frozenset[str] = frozenset()


@frozen(kw_only=True)
class RiskAssessed:
    """A risk was assessed."""

    kind: ClassVar[str] = "risk_assessed"
    assessment: Assessment


@frozen(kw_only=True)
class AssessmentWithdrawn:
    """An assessment was withdrawn; it stays readable."""

    kind: ClassVar[str] = "assessment_withdrawn"
    assessment: str


@frozen(kw_only=True)
class ResponsePlanned:
    """A response was planned."""

    kind: ClassVar[str] = "response_planned"
    response: PlannedResponse


@frozen(kw_only=True)
class ResponseVerified:
    """The effect of a response was looked at."""

    kind: ClassVar[str] = "response_verified"
    response: str
    verification: Verification


@frozen(kw_only=True)
class Contained:
    """A risk was contained, or its containment got another end."""

    kind: ClassVar[str] = "contained"
    until: dt.datetime | None = None


@frozen(kw_only=True)
class RiskClosed:
    """A risk was closed."""

    kind: ClassVar[str] = "risk_closed"
    case: str
    on_acceptance: bool


@frozen(kw_only=True)
class RiskReopened:
    """A closed risk is open again; the next cycle starts."""

    kind: ClassVar[str] = "risk_reopened"
    code: ReopenCode


@frozen(kw_only=True)
class CycleOpened:
    """The next cycle of an open risk starts."""

    kind: ClassVar[str] = "cycle_opened"
    code: ReopenCode


@frozen(kw_only=True)
class PeakLowered:
    """A body lowered the effective grade to what stands."""

    kind: ClassVar[str] = "peak_lowered"
    to: Grade
    case: str


@frozen(kw_only=True)
class Accepted:
    """A body decided to live with a risk for a while."""

    kind: ClassVar[str] = "accepted"
    acceptance: Acceptance


@frozen(kw_only=True)
class AcceptanceRevoked:
    """An acceptance was taken back."""

    kind: ClassVar[str] = "acceptance_revoked"
    case: str


@frozen(kw_only=True)
class ObjectionRaised:
    """Somebody objected."""

    kind: ClassVar[str] = "objection_raised"
    objection: Objection


@frozen(kw_only=True)
class ObjectionResolved:
    """An objection was resolved in writing."""

    kind: ClassVar[str] = "objection_resolved"
    objection: str
    upheld: bool


@frozen(kw_only=True)
class ConditionMissed:
    """What an approval asked for was not done in time; the decision of that case is open again."""

    kind: ClassVar[str] = "condition_missed"
    response: str
    case: str
