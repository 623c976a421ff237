"""The values that the benchmarks work on."""

from __future__ import annotations

import datetime as dt

import kakao_asi as asi
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock

__all__ = ["NOW", "register_with_one_risk"]

NOW = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
"""The instant at which everything happens."""


def register_with_one_risk() -> asi.RiskRegister:
    """Return a register in memory with one system and one assessed risk, ``leaks-rrn``."""
    register = asi.RiskRegister.on(MemoryStore(), clock=FrozenClock(NOW), ids=CountingIds())
    register.add_system(asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
    register.identify(
        asi.Risk(
            id="leaks-rrn",
            title="A reply repeats a resident registration number",
            category=asi.RiskCategory.MODEL_IMPERFECTION,
            system="demo-chat",
            component="reply",
            principles={"privacy"},
            owner="serving",
        ),
        by="ml.lee",
    )
    register.assess(
        "leaks-rrn",
        asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.SEVERE),
        by="safety.han",
    )
    return register
