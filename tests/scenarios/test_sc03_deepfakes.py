"""SC03: users make sexual deepfakes with the image feature.

Missing here: the hash match and the velocity of reports as findings in the register.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, commands
from kakao_asi.responses import CONTROLS, controls_for


@pytest.fixture
def abused(tell: Callable[..., Any]) -> Any:
    """T+1 h: blocked and preserved; T+2 h: assessed, a minor is among those hurt."""
    story = tell(running=True)
    story.risk("deepfake", RiskCategory.ACTIVE_MISUSE, component="image", principles={"human_rights"})
    story.at(hours=1)
    story.life.submit(commands.Contain(risk="deepfake"))
    story.at(hours=2)
    return story


def test_a_minor_makes_it_five_of_five(abused: Any, scored: Any) -> None:
    """Reports from outside tests move the likelihood up, a child among the victims floors the impact."""
    assert (4, 5) == scored(abused.assess("deepfake", 4, 5))
    assert (5, 5) == scored(abused.assess("deepfake", 4, 4, known_campaign=True, vulnerable_group=True))


def test_three_tiers_within_two_days(abused: Any) -> None:
    """AI Safety at once, the committee at T+12 h, the top at T+48 h, each within its hours."""
    abused.assess("deepfake", 4, 5)
    case = abused.ask("deepfake")
    assert [("ai_safety", 4), ("erm_committee", 24), ("top", 48)] == abused.way(case)

    case = abused.decide_at(case, 3, 12, 48)
    assert (True, [48]) == (case.approved, [(case.decided_at - abused.began).total_seconds() / 3_600])
    assert case.decided_at <= case.steps[-1].due_at


def test_what_is_left_is_still_high_and_keeps_it_inside(abused: Any, scored: Any) -> None:
    """With every response verified three by four is left: twelve is HIGH, the external gate stays shut."""
    abused.assess("deepfake", 4, 5)
    left = abused.answer("deepfake", "mu.age_check", "mu.takedown", "mu.account_action", left=(3, 4))

    assert ((3, 4), Grade.HIGH) == (scored(left), left.grade)
    assert "grade_high" in abused.release()


def test_malice_is_answered_by_sanctions_and_friction() -> None:
    """Sanctions, an age gate and take-downs are offered, training is not."""
    offered = {one.id for one in controls_for(RiskCategory.ACTIVE_MISUSE)}

    assert {"mu.account_action", "mu.age_check", "mu.takedown", "mu.report_channel"} <= offered
    assert "ng.training" not in offered
    assert all(CONTROLS[one].stops_or_detects for one in ("mu.age_check", "mu.account_action", "mu.takedown"))
