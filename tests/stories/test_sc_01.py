"""SC01: a reply repeats a resident registration number; from the detector to the risk, and the number stays nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.lifecycle import RiskStatus

NUMBER = "900101-1234567"
PERSONAL = hooks.personal_detector(key=b"a secret of at least 16 bytes")


@asi.guard("chat/reply", risks={"output": "r"}, output=[PERSONAL], mode="observe")
def reply(text: str) -> str:
    """Repeat what it was given."""
    return text


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Take every receiver away at the end."""
    yield
    hooks.deactivate()


def test_three_hits_are_one_group_that_opens_the_closed_risk_again(life: Any) -> None:
    """Seen after closing: the risk is open, an assessment one grade up is asked for, and no grade moved by itself."""
    life.closed()
    life.forward(hours=1)
    peak = life.state().peak
    with life.register.active(flush="manual"):
        for _ in range(3):
            reply(f"주민등록번호는 {NUMBER}입니다")
        hooks.flush()
    (group,) = life.register.findings()
    state = life.state()

    assert ("r", 3, "chat") == (group.risk, group.count, group.system)
    assert (RiskStatus.IDENTIFIED, 2, True, peak) == (state.status, state.cycle, state.recheck.step_up, state.peak)


def test_the_number_stands_nowhere(life: Any) -> None:
    """Not in an event, a state, a text beside the log, a report or a repr."""
    with life.register.active(flush="manual"):
        reply(f"주민등록번호는 {NUMBER}입니다")
        hooks.flush()
    (group,) = life.register.findings()
    entries = life.register.events().items
    told = [repr(group), str(group.sample.facts), repr(entries), repr([one.payload for one in entries])]
    told += [asi.reports.markdown(life.register), asi.reports.html(life.register), life.register.explain("r")]

    assert not [text for text in told for part in (NUMBER, NUMBER.replace("-", ""), "1234567") if part in text]
