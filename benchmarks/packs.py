"""A committee pack of 120 risks of which 9 moved, timed; a second is a second, so it is a figure and no gate.

The test suite checks the shape of the same pack: tests/framework/test_committee_size.py.
"""

from __future__ import annotations

import datetime as dt
import time
from unicodedata import east_asian_width

import kakao_asi as asi
from kakao_asi import reports
from kakao_asi.assessments import Basis
from kakao_asi.catalog import principles
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock

__all__ = ["MOVED", "RISKS", "measure", "pages_of", "register_of"]

RISKS = 120
MOVED = 9
_CASES = 7
_START = dt.datetime(2026, 10, 1, 1, tzinfo=dt.UTC)
_MONTH = dt.timedelta(days=30)
_LINES, _COLUMNS = 50, 110
_AT_MOST_S = 5.0
_BECAUSE = "looked at in depth, see the evidence"


def _assess(register: asi.RiskRegister, number: int, failures: int, severity: asi.Severity) -> None:
    factors = asi.ImperfectionFactors(failures=failures, trials=10_000, severity=severity, coverage_pct=100)
    evidence = [asi.Evidence.of_bytes(f"evaluation {number}".encode(), at=_START)]
    risk = f"rsk-2026-{number:06}"
    register.assess(risk, factors, basis=Basis.EXPERT, because=_BECAUSE, evidence=evidence, by="qa.seo")


def register_of() -> tuple[asi.RiskRegister, dt.datetime]:
    """Return a register of 12 systems with 10 risks each, and the start of the month in which 9 of them moved."""
    clock = FrozenClock(_START)
    register = asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds())
    touched = [one.id for one in principles() if one.id != "non_discrimination"]  # which would ask for slices
    for number in range(RISKS):
        system = f"service-{number // 10:02}"
        if number % 10 == 0:
            unit = f"unit-{number // 40}"
            register.add_system(asi.System(id=system, unit=unit, audience=asi.Audience.EXTERNAL), by="pm.oh")
        risk = asi.Risk(
            id=f"rsk-2026-{number:06}",
            title=f"{number}번째 리스크: 답변에 틀린 사실이 섞여 나옴",
            category=asi.RiskCategory.MODEL_IMPERFECTION,
            system=system,
            principles={touched[number % len(touched)]},
            owner=f"owner-{number % 6}",
        )
        register.identify(risk, by="pm.oh")
        _assess(register, number, 0, asi.Severity.MINOR)
        due = (_START + dt.timedelta(days=20 + number)).date()
        response = asi.Response(
            strategy=asi.Strategy.CHANGE_LIKELIHOOD, controls=["ai.output_filter"], owner=f"owner-{number % 6}", due=due
        )
        register.respond(risk.id, response, by="pm.oh")
    clock.forward(_MONTH)
    since = clock()
    for number in range(MOVED):
        _assess(register, number * 13, 400, asi.Severity.MAJOR)
    for number in range(_CASES):
        register.escalate(f"rsk-2026-{number + 1:06}", asi.Matter.RISK, by="pm.oh", because=_BECAUSE)
    clock.forward(dt.timedelta(days=1))
    return register, since


def pages_of(text: str) -> int:
    """Return how many pages a text fills: 50 lines of 110 columns, a wide character taking two, longer lines wrapped.

    Our choice: about what A4 across holds in ten points. No source says how long a page of Markdown is.
    """
    widths = (sum(2 if east_asian_width(one) in "WF" else 1 for one in line) for line in text.splitlines())
    return -(-sum(max(1, -(-width // _COLUMNS)) for width in widths) // _LINES)


def measure() -> str:
    """Time the pack and say how long it is."""
    register, since = register_of()
    started = time.perf_counter()
    text = reports.committee(register, body="ai_safety", since=since)
    took = time.perf_counter() - started
    verdict = "met" if took < _AT_MOST_S else "missed"
    return (
        f"a committee pack of {RISKS} risks, {MOVED} of them moved: {took:.2f} s, {pages_of(text)} pages of Markdown"
        f"; aim under {_AT_MOST_S:.0f} s: {verdict}"
    )
