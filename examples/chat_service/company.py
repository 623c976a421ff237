"""The made-up company: who decides, which system runs, and what could go wrong with its replies."""

from __future__ import annotations

from pathlib import Path

import kakao_asi as asi
from kakao_asi.assessments import Basis
from kakao_asi.governance import Person, Roster, Seat

__all__ = ["ASKS", "FAILS", "LEAKS", "REPLY", "ROSTER", "found"]

SYSTEM = "demo-chat"
REPLY = f"{SYSTEM}/reply"
LEAKS, ASKS, FAILS = "leaks-rrn", "asks-rrn", "reply-fails"

ROSTER = Roster(
    people=[
        Person(id="ml.lee", roles={"serving"}, unit="chat"),
        Person(id="safety.han", unit="safety"),
        *(Person(id=f"erm.{name}", unit="risk") for name in ("an", "bae", "cho")),
        Person(id="ceo.yoon", unit="board"),
    ],
    seats=[
        Seat(body="ai_safety", person="safety.han"),
        *(Seat(body="erm_committee", person=f"erm.{name}") for name in ("an", "bae", "cho")),
        Seat(body="top", person="ceo.yoon"),
    ],
)
"""Everybody who decides; the people who run the service have no seat."""


def found(path: Path) -> None:
    """Start the register of the company: one system, and three risks of its replies."""
    with asi.RiskRegister.open(path, roster=ROSTER) as register:
        register.add_system(asi.System(id=SYSTEM, unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
        for id_, title, category in (
            (LEAKS, "A reply repeats a resident registration number", asi.RiskCategory.MODEL_IMPERFECTION),
            (ASKS, "A user types a resident registration number", asi.RiskCategory.PASSIVE_NEGLIGENCE),
            (FAILS, "The service fails instead of replying", asi.RiskCategory.MODEL_IMPERFECTION),
        ):
            register.identify(
                asi.Risk(
                    id=id_,
                    title=title,
                    category=category,
                    system=SYSTEM,
                    component="reply",
                    principles={"privacy"},
                    owner="serving",
                ),
                by="ml.lee",
            )
        register.assess(
            LEAKS,
            asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.MAJOR, coverage_pct=100),
            basis=Basis.EXPERT,
            because="the quality team read ten thousand replies",
            by="ml.lee",
        )
