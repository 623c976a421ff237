"""Who decides: people, bodies, the escalation graph between them, cases and gates."""

from __future__ import annotations

from ._bodies import START, GovernanceBody, Quorum, Shortfall, Slot, open_slots, slots_of
from ._cadence import Cadence, Weekday
from ._cases import Acceptance, Case, CaseStatus, CaseStep, Condition, Decision, Outcome, Reminder, Vote
from ._checks import graph_findings
from ._differences import RouteChange, way_of
from ._dimensions import Cell, Level, Matter, Reason
from ._edges import Edge, EdgeKind, Withheld
from ._escalation import EscalationGraph
from ._faults import FindingKind, GraphFinding
from ._finding_terms import FindingTerms
from ._gates import GateResult
from ._governance import Duty, GateMode, Governance, MethodEntry, NamedMethod, ReleaseRule, StageGate, StageNeed
from ._people import Person, PersonKind, Roster, Seat
from ._refusals import Code, Refusal
from ._reviews import Delegation, Perspective, PerspectiveNeed, Review
from ._routing import Route, Step
from ._terms import AcknowledgeTerms, Calendar, Term, WeekdayCalendar
from ._tolerance import AcceptanceTerms, Tolerance, ToleranceRule
from ._when import When

__all__ = [
    "START",
    "Acceptance",
    "AcceptanceTerms",
    "AcknowledgeTerms",
    "Cadence",
    "Calendar",
    "Case",
    "CaseStatus",
    "CaseStep",
    "Cell",
    "Code",
    "Condition",
    "Decision",
    "Delegation",
    "Duty",
    "Edge",
    "EdgeKind",
    "EscalationGraph",
    "FindingKind",
    "FindingTerms",
    "GateMode",
    "GateResult",
    "Governance",
    "GovernanceBody",
    "GraphFinding",
    "Level",
    "Matter",
    "MethodEntry",
    "NamedMethod",
    "Outcome",
    "Person",
    "PersonKind",
    "Perspective",
    "PerspectiveNeed",
    "Quorum",
    "Reason",
    "Refusal",
    "ReleaseRule",
    "Reminder",
    "Review",
    "Roster",
    "Route",
    "RouteChange",
    "Seat",
    "Shortfall",
    "Slot",
    "StageGate",
    "StageNeed",
    "Step",
    "Term",
    "Tolerance",
    "ToleranceRule",
    "Vote",
    "Weekday",
    "WeekdayCalendar",
    "When",
    "Withheld",
    "graph_findings",
    "open_slots",
    "slots_of",
    "way_of",
]
