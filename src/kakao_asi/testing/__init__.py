"""What tests of a program that uses this library need: a clock and ids that stand still, and contract suites."""

from __future__ import annotations

from ._clock import FrozenClock
from ._hooks_capture import Capture, blocked, capture
from ._hooks_detectors import DETECTOR_RULES, DetectorContract, Outage, detector, simulate_outage
from ._hooks_matrix import HOOK_BEHAVIOURS, HookContract
from ._ids import CountingIds
from ._store_contract import StoreContract

__all__ = [
    "DETECTOR_RULES",
    "HOOK_BEHAVIOURS",
    "Capture",
    "CountingIds",
    "DetectorContract",
    "FrozenClock",
    "HookContract",
    "Outage",
    "StoreContract",
    "blocked",
    "capture",
    "detector",
    "simulate_outage",
]
