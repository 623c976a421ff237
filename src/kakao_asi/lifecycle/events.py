"""What happened: frozen facts in the past tense, one class a kind.

An event says only what is new; who, when and why stand in the envelope around it. ``KINDS`` maps the stored word to the
class; a kind this version does not know is kept as it is and changes no state.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, TypeAlias, get_args

from attrs import field, frozen

from .._internal.fields import PRIVATE
from ..assessments import Assessment
from ..framework import Dismissal, Record
from ..governance import (
    Acceptance,
    Case,
    CaseStep,
    Decision,
    Delegation,
    Governance,
    Person,
    Review,
    Roster,
    Vote,
)
from ..responses import PlannedResponse, Verification
from ..risks import Risk
from ..stages import Stage
from ..systems import HighImpact, Pin, StatedFact, System
from ..taxonomy import Grade
from ._links import Link
from ._states import CycleRecord, Objection, SetAside
from .commands import ReopenCode

__all__ = [
    "KINDS",
    "AcceptanceRevoked",
    "Accepted",
    "Acknowledged",
    "AssessmentWithdrawn",
    "BodyDecided",
    "CandidateDismissed",
    "CaseOpened",
    "CaseRebased",
    "CaseWithdrawn",
    "CheckedOff",
    "ComponentPinned",
    "ConditionMissed",
    "Contained",
    "CycleOpened",
    "DeadlineMissed",
    "Delegated",
    "DelegationEnded",
    "Event",
    "FactsStated",
    "GovernanceAdopted",
    "GovernanceChanged",
    "GovernanceProposed",
    "Lifted",
    "NotApplicableSet",
    "ObjectionRaised",
    "ObjectionResolved",
    "PeakLowered",
    "PersonChanged",
    "RecordSet",
    "Recused",
    "Reminded",
    "ResponsePlanned",
    "ResponseVerified",
    "Reviewed",
    "RiskAssessed",
    "RiskClosed",
    "RiskIdentified",
    "RiskReopened",
    "RiskRescoped",
    "RiskReworded",
    "RiskSucceeded",
    "RiskTookOver",
    "RisksRelated",
    "RolledBack",
    "SeatChanged",
    "StageEntered",
    "SystemAdded",
    "SystemAdopted",
    "SystemRetired",
    "SystemStopped",
    "Voted",
]


@frozen(kw_only=True)
class SystemAdded:
    """A system was taken under management; it is in DESIGN."""

    kind: ClassVar[str] = "system_added"
    system: System


@frozen(kw_only=True)
class SystemAdopted:
    """A running system was taken in."""

    kind: ClassVar[str] = "system_adopted"
    system: System
    stage: Stage
    live: tuple[Pin, ...] = ()


@frozen(kw_only=True)
class SystemRetired:
    """The management of a system ended."""

    kind: ClassVar[str] = "system_retired"


@frozen(kw_only=True)
class ComponentPinned:
    """The candidate's digests were set; ``pins`` is the whole set from now on."""

    kind: ClassVar[str] = "component_pinned"
    pins: tuple[Pin, ...]


@frozen(kw_only=True)
class NotApplicableSet:
    """A stage or phase was set aside."""

    kind: ClassVar[str] = "not_applicable_set"
    set_aside: SetAside


@frozen(kw_only=True)
class StageEntered:
    """A stage was entered, and the cycle of the one before ended.

    The record of the finished stage travels in the event, so that a reader sees it without replaying the log.
    """

    kind: ClassVar[str] = "stage_entered"
    stage: Stage
    round: int
    left: CycleRecord
    case: str | None = None
    live: tuple[Pin, ...]
    passed: bool = True


@frozen(kw_only=True)
class CheckedOff:
    """The team checked an item of a stage's checklist off."""

    kind: ClassVar[str] = "checked_off"
    stage: Stage
    item: str


@frozen(kw_only=True)
class RolledBack:
    """Digests that were live before serve again."""

    kind: ClassVar[str] = "rolled_back"
    live: tuple[Pin, ...]


@frozen(kw_only=True)
class SystemStopped:
    """A system or component was stopped."""

    kind: ClassVar[str] = "stopped"
    component: str | None = None


@frozen(kw_only=True)
class Lifted:
    """A stop was lifted."""

    kind: ClassVar[str] = "lifted"
    component: str | None = None
    case: str


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
    """A risk stands for others from now on; its effective grade is at least theirs."""

    kind: ClassVar[str] = "risk_took_over"
    risks: tuple[str, ...]
    peak: Grade | None = None
    incident: bool


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
    """A body decided; the case goes on to the body at ``next_position``, or is over."""

    kind: ClassVar[str] = "decided"
    decision: Decision
    next_position: int | None = None
    next_body: str | None = None


@frozen(kw_only=True)
class Reminded:
    """A body was reminded that a share of its term, in percent, has passed."""

    kind: ClassVar[str] = "reminded"
    position: int
    share: int


@frozen(kw_only=True)
class DeadlineMissed:
    """A body let its time pass; the case moves up, or is overdue at the apex."""

    kind: ClassVar[str] = "deadline_missed"
    position: int
    moves: bool
    upward: CaseStep | None = None


@frozen(kw_only=True)
class CaseRebased:
    """A case was pinned to the present; what was given on it before is void."""

    kind: ClassVar[str] = "case_rebased"
    case: Case


@frozen(kw_only=True)
class CaseWithdrawn:
    """A case was withdrawn."""

    kind: ClassVar[str] = "case_withdrawn"


@frozen(kw_only=True)
class GovernanceAdopted:
    """A governance is in force; the first one is the first event of a register."""

    kind: ClassVar[str] = "governance_adopted"
    governance: Governance
    digest: str
    roster: Roster


@frozen(kw_only=True)
class GovernanceProposed:
    """Another governance was put before the bodies."""

    kind: ClassVar[str] = "governance_proposed"
    case: str
    governance: Governance
    digest: str


@frozen(kw_only=True)
class GovernanceChanged:
    """What was proposed in a case is in force from now on."""

    kind: ClassVar[str] = "governance_changed"
    case: str


@frozen(kw_only=True)
class PersonChanged:
    """The roster holds a person from now on."""

    kind: ClassVar[str] = "person_changed"
    person: Person


@frozen(kw_only=True)
class SeatChanged:
    """A person has a seat from now on, or has it no longer."""

    kind: ClassVar[str] = "seat_changed"
    body: str
    person: str
    seated: bool
    alternate: bool = False


@frozen(kw_only=True)
class CandidateDismissed:
    """A candidate of the stage's screening was set aside with a reason."""

    kind: ClassVar[str] = "candidate_dismissed"
    dismissal: Dismissal


@frozen(kw_only=True)
class FactsStated:
    """Somebody said what is true of a system; facts that are not named keep what they are."""

    kind: ClassVar[str] = "facts_stated"
    facts: tuple[StatedFact, ...] = ()
    high_impact: HighImpact | None = None
    training_flop_exponent: int | None = None


@frozen(kw_only=True)
class RecordSet:
    """A policy, procedure, accountability, regulation link, review or attestation is on record."""

    kind: ClassVar[str] = "record_set"
    record: Record


Event: TypeAlias = (
    SystemAdded
    | SystemAdopted
    | SystemRetired
    | ComponentPinned
    | NotApplicableSet
    | StageEntered
    | CheckedOff
    | RolledBack
    | SystemStopped
    | Lifted
    | RiskIdentified
    | RiskReworded
    | RiskRescoped
    | RisksRelated
    | RiskSucceeded
    | RiskTookOver
    | RiskAssessed
    | AssessmentWithdrawn
    | ResponsePlanned
    | ResponseVerified
    | Contained
    | RiskClosed
    | RiskReopened
    | CycleOpened
    | PeakLowered
    | Accepted
    | AcceptanceRevoked
    | ObjectionRaised
    | ObjectionResolved
    | ConditionMissed
    | CaseOpened
    | Voted
    | Reviewed
    | Recused
    | Delegated
    | DelegationEnded
    | Acknowledged
    | BodyDecided
    | Reminded
    | DeadlineMissed
    | CaseRebased
    | CaseWithdrawn
    | GovernanceAdopted
    | GovernanceProposed
    | GovernanceChanged
    | PersonChanged
    | SeatChanged
    | CandidateDismissed
    | FactsStated
    | RecordSet
)
"""Any event."""

KINDS: dict[str, type[Event]] = {event.kind: event for event in get_args(Event)}
"""The class of each stored kind."""
