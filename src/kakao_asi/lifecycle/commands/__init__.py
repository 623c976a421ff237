"""Everything that can be asked of a register, as frozen values; ``register.submit`` takes any of them.

The daily ones have verbs on the register (``register.identify(risk, by=...)`` submits ``Identify(risk=risk)``). A
command says what should happen; whether it may is decided by the engine, and what happened is an event.
"""

from __future__ import annotations

from typing import TypeAlias

from ._cases import Decide, Escalate, WithdrawCase
from ._deadlines import MissAcknowledgement, MissDeadline, Remind
from ._findings import DismissFinding, ImportFindings, LinkFinding, PromoteFinding, RecordFindings
from ._framework import Dismiss, Record, StateFacts
from ._governance import CheckOff, ProposeGovernance, Rebase
from ._identity import Merge, Split, Supersede
from ._objections import Object, ResolveObjection
from ._retention import EndHold, Erase, ErasureGround, LegalHold
from ._risks import (
    Assess,
    Close,
    Contain,
    Identify,
    Relate,
    Reopen,
    ReopenCode,
    Rescope,
    Respond,
    Revoke,
    Reword,
    Verify,
    WithdrawAssessment,
)
from ._roster import ChangePerson, ChangeSeat
from ._systems import AddSystem, AdoptSystem, Enter, Lift, NotApplicable, Pin, Retire, RollBack, Stop
from ._voting import (
    Acknowledge,
    Delegate,
    EndDelegation,
    MeetCondition,
    MissCondition,
    MissSystemCondition,
    Recuse,
    Review,
)

__all__ = [
    "Acknowledge",
    "AddSystem",
    "AdoptSystem",
    "Assess",
    "ChangePerson",
    "ChangeSeat",
    "CheckOff",
    "Close",
    "Command",
    "Contain",
    "Decide",
    "Delegate",
    "Dismiss",
    "DismissFinding",
    "EndDelegation",
    "EndHold",
    "Enter",
    "Erase",
    "ErasureGround",
    "Escalate",
    "Identify",
    "ImportFindings",
    "LegalHold",
    "Lift",
    "LinkFinding",
    "MeetCondition",
    "Merge",
    "MissAcknowledgement",
    "MissCondition",
    "MissDeadline",
    "MissSystemCondition",
    "NotApplicable",
    "Object",
    "Pin",
    "PromoteFinding",
    "ProposeGovernance",
    "Rebase",
    "Record",
    "RecordFindings",
    "Recuse",
    "Relate",
    "Remind",
    "Reopen",
    "ReopenCode",
    "Rescope",
    "ResolveObjection",
    "Respond",
    "Retire",
    "Review",
    "Revoke",
    "Reword",
    "RollBack",
    "Split",
    "StateFacts",
    "Stop",
    "Supersede",
    "Verify",
    "WithdrawAssessment",
    "WithdrawCase",
]

Command: TypeAlias = (
    AddSystem
    | AdoptSystem
    | Retire
    | Pin
    | NotApplicable
    | Enter
    | RollBack
    | Stop
    | Lift
    | Dismiss
    | StateFacts
    | Identify
    | Reword
    | Rescope
    | Relate
    | Assess
    | WithdrawAssessment
    | Respond
    | Verify
    | Contain
    | Close
    | Reopen
    | Revoke
    | Merge
    | Split
    | Supersede
    | Escalate
    | Decide
    | WithdrawCase
    | ProposeGovernance
    | Rebase
    | Review
    | Recuse
    | Delegate
    | EndDelegation
    | Acknowledge
    | MeetCondition
    | MissCondition
    | MissSystemCondition
    | CheckOff
    | Object
    | ResolveObjection
    | Remind
    | MissAcknowledgement
    | MissDeadline
    | ChangePerson
    | ChangeSeat
    | Record
    | RecordFindings
    | ImportFindings
    | PromoteFinding
    | LinkFinding
    | DismissFinding
    | Erase
    | LegalHold
    | EndHold
)
"""Any command."""
