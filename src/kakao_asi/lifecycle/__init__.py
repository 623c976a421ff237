"""The lifecycle engine: commands, guards, events, states and grades. Pure."""

from __future__ import annotations

from ._case_rules import RISK_MATTERS
from ._clocks import owes_acknowledgement
from ._context import Context, Facts, KeptText
from ._cycles import cycle_record, fitting_candidates, open_candidates, waiting_groups
from ._deadline_rules import due_reminder
from ._decisions import cell_of_risk, cell_of_system, duties_of, excluded_from, gravest, open_seats
from ._engine import Decided, LifecycleEngine, Refused
from ._finding_states import FindingDismissal, FindingGroup, FindingStatus, Recheck, SpoolState, SpoolStatus
from ._fold import Stamp, State, apply
from ._gate_rules import component_gate, stage_gate
from ._governance_rules import GOVERNANCE_SUBJECT
from ._grades import Grades, acceptance_end, acceptance_is_live, grades_of, is_open
from ._hashes import risk_hash, system_hash
from ._links import Link, LinkKind
from ._reads import UNDECLARED, reads
from ._risk_rules import recheck_open
from ._roster_rules import GOVERNANCE
from ._sightings import Sighting
from ._states import (
    Checked,
    Containment,
    CycleRecord,
    GovernanceState,
    GovernanceStatus,
    Hold,
    Objection,
    PhaseRecord,
    Proposal,
    RiskState,
    RiskStatus,
    SetAside,
    Stopped,
    SystemState,
    SystemStatus,
)
from ._transition import Change, StreamKind, Transition, stream
from .commands import Command, ErasureGround, ReopenCode
from .events import Event

__all__ = [
    "GOVERNANCE",
    "GOVERNANCE_SUBJECT",
    "RISK_MATTERS",
    "UNDECLARED",
    "Change",
    "Checked",
    "Command",
    "Containment",
    "Context",
    "CycleRecord",
    "Decided",
    "ErasureGround",
    "Event",
    "Facts",
    "FindingDismissal",
    "FindingGroup",
    "FindingStatus",
    "GovernanceState",
    "GovernanceStatus",
    "Grades",
    "Hold",
    "KeptText",
    "LifecycleEngine",
    "Link",
    "LinkKind",
    "Objection",
    "PhaseRecord",
    "Proposal",
    "Recheck",
    "Refused",
    "ReopenCode",
    "RiskState",
    "RiskStatus",
    "SetAside",
    "Sighting",
    "SpoolState",
    "SpoolStatus",
    "Stamp",
    "State",
    "Stopped",
    "StreamKind",
    "SystemState",
    "SystemStatus",
    "Transition",
    "acceptance_end",
    "acceptance_is_live",
    "apply",
    "cell_of_risk",
    "cell_of_system",
    "component_gate",
    "cycle_record",
    "due_reminder",
    "duties_of",
    "excluded_from",
    "fitting_candidates",
    "grades_of",
    "gravest",
    "is_open",
    "open_candidates",
    "open_seats",
    "owes_acknowledgement",
    "reads",
    "recheck_open",
    "risk_hash",
    "stage_gate",
    "stream",
    "system_hash",
    "waiting_groups",
]
