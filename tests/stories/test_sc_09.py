"""SC09: a guard's detector is down and traffic passes; the register says that a control did not answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.lifecycle import RiskStatus


class Down:
    """A detector whose service is down."""

    name = "down"
    in_process = True

    def detect(self, item: Any) -> list[hooks.Detection]:
        """Fail as a service does."""
        raise ConnectionError(item.text)


@asi.guard("chat/reply", risks={"output": "r"}, output=[Down()], on_indeterminate="allow")
def reply(text: str) -> str:
    """Answer."""
    return text


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Take every receiver away at the end."""
    yield
    hooks.deactivate()


def test_an_outage_is_a_group_of_controls_that_did_not_answer(life: Any) -> None:
    """The policy that took effect stands in it; the risk is to be assessed again, and the calls are counted."""
    with life.register.active(flush="manual"):
        answers = {reply("hello") for _ in range(41)}
        hooks.flush()
        unguarded = hooks.health().unguarded_calls
    groups = life.register.findings(risk="r").items

    assert ({"hello"}, 41) == (answers, unguarded)
    assert {(asi.Verdict.INDETERMINATE, "allow")} == {(one.sample.verdict, one.sample.policy) for one in groups}
    assert 41 == max(one.count for one in groups)
    assert life.state().recheck is not None


def test_an_outage_opens_no_closed_risk(life: Any) -> None:
    """That nobody looked is no proof that it happened again; it is marked for an assessment."""
    life.closed()
    life.forward(hours=1)
    with life.register.active(flush="manual"):
        reply("hello")
        hooks.flush()

    assert (RiskStatus.CLOSED, True) == (life.state().status, life.state().recheck is not None)
