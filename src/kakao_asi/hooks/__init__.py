"""Checks on running code: ``watch``, ``gate``, ``guard``, ``activity``, ``human_action`` and ``carry``.

Without a receiver (``hooks.activate``, ``register.active``) every hook is a no-op; with ``KAKAO_ASI_HOOKS=off`` in the
environment the decorators return what they were given. A hook's own failures are counted and never reach the call.
"""

from __future__ import annotations

from ..exceptions import GuardBlocked, GuardUnavailable
from ..signals import (
    Board,
    BoardState,
    CaseNote,
    ComponentGate,
    FileBoard,
    GateStep,
    Health,
    RiskNote,
    Sink,
    Spool,
    activate,
    active,
    deactivate,
    flush,
    health,
    override,
    refresh,
    write_board,
)
from ._activity import Activity, activity, carry
from ._adapters import wrap_presidio, wrap_scanner
from ._calls import Call
from ._detectors import AsyncDetector, Detection, Detector, Item, Side, Span, Turn
from ._gate import Gate, Mode, gate
from ._guard import guard
from ._human import human_action
from ._inventory import Inventory, InventoryCheck, SiteNote, inventory
from ._judging import OnIndeterminate
from ._kanana import SafetyModel, combined, parse_kanana, safety_token
from ._named import detector
from ._personal import PersonalPattern, personal_detector, personal_patterns
from ._streams import Stream, StreamMode
from ._watch import watch
from ._words import keyword_detector, length_detector

__all__ = [
    "Activity",
    "AsyncDetector",
    "Board",
    "BoardState",
    "Call",
    "CaseNote",
    "ComponentGate",
    "Detection",
    "Detector",
    "FileBoard",
    "Gate",
    "GateStep",
    "GuardBlocked",
    "GuardUnavailable",
    "Health",
    "Inventory",
    "InventoryCheck",
    "Item",
    "Mode",
    "OnIndeterminate",
    "PersonalPattern",
    "RiskNote",
    "SafetyModel",
    "Side",
    "Sink",
    "SiteNote",
    "Span",
    "Spool",
    "Stream",
    "StreamMode",
    "Turn",
    "activate",
    "active",
    "activity",
    "carry",
    "combined",
    "deactivate",
    "detector",
    "flush",
    "gate",
    "guard",
    "health",
    "human_action",
    "inventory",
    "keyword_detector",
    "length_detector",
    "override",
    "parse_kanana",
    "personal_detector",
    "personal_patterns",
    "refresh",
    "safety_token",
    "watch",
    "wrap_presidio",
    "wrap_scanner",
    "write_board",
]
