"""SC04: an operator sets a safety threshold from 0.50 to 0.95, outside of its safe range.

Missing here: the drift of the configuration at load, and the block rate of 14:20 as an indicator.
"""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, NegligenceFactors, RiskCategory, Stage, commands
from kakao_asi.responses import controls_for
from kakao_asi.systems import PinKind


@pytest.fixture
def slipped(tell: Callable[..., Any]) -> Any:
    """T+38 min: the configuration that served before serves again; T+60 min: the exposure is known."""
    story = tell(running=True)
    life = story.life
    story.on(Stage.UPDATE)
    life.submit(commands.Pin(system="chat", pins=[life.pin("threshold 0.95", kind=PinKind.GUARD)]))
    story.on(Stage.TEST, Stage.DEPLOYMENT)
    story.risk("threshold-slip", RiskCategory.PASSIVE_NEGLIGENCE, component="guard")
    return story


def test_rolling_back_asks_nobody(slipped: Any) -> None:
    """At T+38 min what was live before serves again, without a case and before any grade."""
    before = slipped.register.system("chat")
    slipped.at(minutes=38)
    after = slipped.life.submit(commands.RollBack(system="chat", pins=before.former[0]))

    assert (before.former[0], None) == (after.live, slipped.grade("threshold-slip"))
    assert () == slipped.register.cases(subject="threshold-slip").items


def test_four_by_four_goes_to_all_tiers_in_hours(slipped: Any, scored: Any) -> None:
    """45,600 calls in 38 minutes: AI Safety within the hour, the committee within a day."""
    slipped.at(hours=1)
    assert (4, 4) == scored(slipped.assess("threshold-slip", 4, 4))
    case = slipped.ask("threshold-slip")
    assert [("ai_safety", 4), ("erm_committee", 24), ("top", 48)] == slipped.way(case)

    case = slipped.decide_at(case, 1, 24)
    assert ("top", 2) == (case.body, len(case.decisions))


def test_change_control_leaves_two_by_three(slipped: Any, scored: Any) -> None:
    """A range guard and a second person leave MEDIUM; the top, whose grade it was, lowers it."""
    slipped.assess("threshold-slip", 4, 4)
    left = slipped.answer("threshold-slip", "ng.range_guard", "ng.two_person", left=(2, 3))

    assert ((2, 3), ["top"]) == (scored(left), slipped.lower("threshold-slip"))
    assert slipped.grade("threshold-slip") is Grade.MEDIUM


def test_nobody_is_named_and_carelessness_has_its_own_answers() -> None:
    """There is no field for a person's name, and account sanctions are no answer to a slip."""
    names = set(inspect.signature(NegligenceFactors).parameters)
    offered = {one.id for one in controls_for(RiskCategory.PASSIVE_NEGLIGENCE)}

    assert not names & {"by", "person", "name", "employee", "who"}
    assert {"ng.range_guard", "ng.two_person", "ng.change_control"} <= offered
    assert "mu.account_action" not in offered
