"""What happened: frozen facts in the past tense, one class a kind.

An event says only what is new; who, when and why stand in the envelope around it. ``KINDS`` maps the stored word to the
class; a kind this version does not know is kept as it is and changes no state.
"""

from __future__ import annotations

from typing import TypeAlias, get_args

from ._cases import (
    Acknowledged,
    AcknowledgementMissed,
    BodyDecided,
    CaseOpened,
    CaseRebased,
    CaseWithdrawn,
    DeadlineMissed,
    Delegated,
    DelegationEnded,
    Recused,
    Reminded,
    Reviewed,
    Voted,
)
from ._findings import (
    FindingDismissed,
    FindingLinked,
    FindingReturned,
    FindingsCounted,
    FindingsGrouped,
    ReassessmentAsked,
    SpoolRead,
)
from ._governance import (
    GovernanceAdopted,
    GovernanceChanged,
    GovernanceProposed,
    PersonChanged,
    RecordSet,
    SeatChanged,
)
from ._retention import HoldEnded, HoldSet, TextErased
from ._risks import (
    AcceptanceRevoked,
    Accepted,
    AssessmentWithdrawn,
    ConditionMissed,
    Contained,
    CycleOpened,
    ObjectionRaised,
    ObjectionResolved,
    PeakLowered,
    ResponsePlanned,
    ResponseVerified,
    RiskAssessed,
    RiskClosed,
    RiskIdentified,
    RiskReopened,
    RiskRescoped,
    RiskReworded,
    RisksRelated,
    RiskSucceeded,
    RiskTookOver,
)
from ._systems import (
    CandidateDismissed,
    CheckedOff,
    ComponentPinned,
    FactsStated,
    Lifted,
    NotApplicableSet,
    RolledBack,
    StageEntered,
    SystemAdded,
    SystemAdopted,
    SystemRetired,
    SystemStopped,
)

__all__ = [
    "KINDS",
    "AcceptanceRevoked",
    "Accepted",
    "Acknowledged",
    "AcknowledgementMissed",
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
    "FindingDismissed",
    "FindingLinked",
    "FindingReturned",
    "FindingsCounted",
    "FindingsGrouped",
    "GovernanceAdopted",
    "GovernanceChanged",
    "GovernanceProposed",
    "HoldEnded",
    "HoldSet",
    "Lifted",
    "NotApplicableSet",
    "ObjectionRaised",
    "ObjectionResolved",
    "PeakLowered",
    "PersonChanged",
    "ReassessmentAsked",
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
    "SpoolRead",
    "StageEntered",
    "SystemAdded",
    "SystemAdopted",
    "SystemRetired",
    "SystemStopped",
    "TextErased",
    "Voted",
]

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
    | AcknowledgementMissed
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
    | FindingsGrouped
    | FindingsCounted
    | FindingLinked
    | FindingDismissed
    | FindingReturned
    | ReassessmentAsked
    | SpoolRead
    | TextErased
    | HoldSet
    | HoldEnded
)
"""Any event."""

KINDS: dict[str, type[Event]] = {event.kind: event for event in get_args(Event)}
"""The class of each stored kind."""
