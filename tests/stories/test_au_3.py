"""AU-3: which law clock runs follows from when it became known and from what is known, to the minute."""

import datetime as dt
from typing import Any

import pytest

from kakao_asi import commands
from kakao_asi.framework import Incident, IncidentRecord
from kakao_asi.testing import FrozenClock

KST = dt.timezone(dt.timedelta(hours=9))
AWARE = dt.datetime(2026, 11, 20, 18, 30, tzinfo=KST)
DUE = dt.datetime(2026, 11, 23, 18, 30, tzinfo=KST)
NAMES = {"unique_id": False, "sensitive": False, "outside_access": False, "pseudonymised": False}


def duties(start_life: Any, aware: dt.datetime, **facts: Any) -> dict[str, dt.datetime]:
    """When each Korean duty of an incident on record is due."""
    life = start_life(risk=False, clock=FrozenClock(aware))
    known: dict[str, Any] = {"kinds": {"leak"}, "people": 1, **NAMES, **facts}
    record = IncidentRecord(id="leak-1", system="chat", facts=Incident(aware_at=aware, **known))
    life.submit(commands.Record(record=record))
    (found,) = life.register.incidents()
    return {one.clock.id: one.due_at for one in found.clocks if one.clock.id.startswith("kr.")}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"unique_id": True}, {"kr.pipa.notice.v2", "kr.pipa.report.v2"}, id="one-unique-id"),
        pytest.param({"people": 999}, {"kr.pipa.notice.v2"}, id="999-names"),
        pytest.param({"possible_only": True}, {"kr.pipa.possible"}, id="possible"),
    ],
)
def test_both_duties_are_due_in_72_hours(start_life: Any, facts: dict[str, Any], expected: set[str]) -> None:
    """Aware on 20 November at 18:30, what is due is due on 23 November at 18:30, Korean time."""
    assert dict.fromkeys(expected, DUE) == duties(start_life, AWARE, **facts)


def test_the_rule_for_a_possible_leak_starts_with_its_day(start_life: Any) -> None:
    """The same facts of 10 September set off no rule for a possible leak; those of the day after do."""
    before = duties(start_life, dt.datetime(2026, 9, 10, 23, 59, tzinfo=KST), possible_only=True)
    after = duties(start_life, dt.datetime(2026, 9, 11, tzinfo=KST), possible_only=True)

    assert (set(), {"kr.pipa.possible"}) == (set(before), set(after))
