"""The content that makes the engine ASI, as values: guidance, screening, law clocks, crosswalks, records, pledge."""

from __future__ import annotations

from ._clocks import (
    AnyOf,
    ClockKind,
    ClockRow,
    DueClock,
    Fact,
    FactTest,
    Incident,
    LeakKind,
    RowStatus,
    Start,
    Unit,
)
from ._guidance import Guidance, GuidanceAudience
from ._regulation import HorizonRow, ImpactAssessment, RetentionRule
from ._screening import Candidate, Dismissal, Screened, check_unique

__all__ = [
    "AnyOf",
    "Candidate",
    "ClockKind",
    "ClockRow",
    "Dismissal",
    "DueClock",
    "Fact",
    "FactTest",
    "Guidance",
    "GuidanceAudience",
    "HorizonRow",
    "ImpactAssessment",
    "Incident",
    "LeakKind",
    "RetentionRule",
    "RowStatus",
    "Screened",
    "Start",
    "Unit",
    "check_unique",
]
