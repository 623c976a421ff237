"""What tests of a program that uses this library need: a clock and ids that stand still, and contract suites."""

from __future__ import annotations

from ._clock import FrozenClock
from ._ids import CountingIds
from ._store_contract import StoreContract

__all__ = ["CountingIds", "FrozenClock", "StoreContract"]
