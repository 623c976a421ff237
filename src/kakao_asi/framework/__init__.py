"""The content that makes the engine ASI, as values: guidance, screening, law clocks, crosswalks, records, pledge."""

from __future__ import annotations

from ._clocks import ClockKind, ClockRow, DueClock, RowStatus, Start, Unit
from ._crosswalk import (
    Confidence,
    Mapping,
    MitEntity,
    MitIntent,
    MitReading,
    MitTiming,
    Predicate,
    Reference,
    Scheme,
    SchemeCoverage,
)
from ._findings import FrameworkFinding, Lacking, in_force, latest_review, latest_versions, record_findings
from ._guidance import Advice, AdviceRow, Guidance, GuidanceAudience
from ._pledge import Attestation, EvidenceRule, EvidenceSource, PledgeItem, Standing
from ._records import (
    Accountability,
    ChangeKind,
    FrameworkReview,
    Lesson,
    Policy,
    Procedure,
    ProcedureStep,
    Record,
    RegulationLink,
    ReviewedChange,
)
from ._regulation import HorizonRow, ImpactAssessment, RetentionRule
from ._screening import Candidate, Dismissal, Screened, check_unique
from ._triggers import AnyOf, Fact, FactTest, Incident, LeakKind, Triggered, known, triggered

__all__ = [
    "Accountability",
    "Advice",
    "AdviceRow",
    "AnyOf",
    "Attestation",
    "Candidate",
    "ChangeKind",
    "ClockKind",
    "ClockRow",
    "Confidence",
    "Dismissal",
    "DueClock",
    "EvidenceRule",
    "EvidenceSource",
    "Fact",
    "FactTest",
    "FrameworkFinding",
    "FrameworkReview",
    "Guidance",
    "GuidanceAudience",
    "HorizonRow",
    "ImpactAssessment",
    "Incident",
    "Lacking",
    "LeakKind",
    "Lesson",
    "Mapping",
    "MitEntity",
    "MitIntent",
    "MitReading",
    "MitTiming",
    "PledgeItem",
    "Policy",
    "Predicate",
    "Procedure",
    "ProcedureStep",
    "Record",
    "Reference",
    "RegulationLink",
    "RetentionRule",
    "ReviewedChange",
    "RowStatus",
    "Scheme",
    "SchemeCoverage",
    "Screened",
    "Standing",
    "Start",
    "Triggered",
    "Unit",
    "check_unique",
    "in_force",
    "known",
    "latest_review",
    "latest_versions",
    "record_findings",
    "triggered",
]
