"""SC08: an employee pastes source code into an outside language model.

Missing here: three findings of one fingerprint in thirty days as a trigger; the factor that counts them is there.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Audience, Grade, RiskCategory, Stage, commands


@pytest.fixture
def outside_tool(tell: Callable[..., Any]) -> Any:
    """A tool of somebody else that only employees use."""
    story = tell(audience=Audience.INTERNAL)
    story.risk("pasted-code", RiskCategory.PASSIVE_NEGLIGENCE)
    return story


def test_a_stage_that_does_not_apply_needs_its_reason(tell: Callable[..., Any]) -> None:
    """DEVELOPMENT of somebody else's tool is set aside: with twenty characters, an owner and a review day."""
    story = tell(audience=Audience.INTERNAL)
    review = story.life.in_days(180).date()
    aside = commands.NotApplicable(system="chat", owner="serving", review=review)
    assert ["reason_too_short"] == story.life.can(aside, because="n/a")

    story.life.submit(aside, because="the supplier builds and tests the tool")
    assert "cycle_open" not in story.life.blockers(story.register.gate("chat", Stage.DEVELOPMENT))


@pytest.mark.parametrize(("again", "grade"), [(2, Grade.MEDIUM), (3, Grade.HIGH)])
def test_the_third_time_in_thirty_days_is_one_grade_up(outside_tool: Any, again: int, grade: Grade) -> None:
    """Twice is what it was; the third return of the same error moves the grade one up."""
    found = outside_tool.assess("pasted-code", 2, 3, recurrences_30d=again)

    assert grade is found.grade


def test_customer_data_would_take_it_to_the_committee(outside_tool: Any, scored: Any) -> None:
    """Three by four is HIGH: AI Safety, then the committee, then the top, whatever else is decided inside."""
    assert (3, 4) == scored(outside_tool.assess("pasted-code", 3, 4))
    case = outside_tool.ask("pasted-code")

    assert ["ai_safety", "erm_committee", "top"] == [step.body for step in case.steps]


def test_input_caps_and_training_leave_two_by_three(outside_tool: Any, scored: Any) -> None:
    """For a slip of people a cap and training may close it, once the top has lowered it."""
    outside_tool.assess("pasted-code", 3, 4)
    left = outside_tool.answer("pasted-code", "ng.range_guard", "ng.training", left=(2, 3))
    assert ((2, 3), ["top"]) == (scored(left), outside_tool.lower("pasted-code"))

    assert [] == outside_tool.life.can(commands.Close(risk="pasted-code"))


def test_inside_an_accepted_high_may_be_lived_with(outside_tool: Any) -> None:
    """The rule about releases is one for the outside: inside, the top may accept a HIGH for a while."""
    outside_tool.assess("pasted-code", 3, 4)
    assert ["residual_above_tolerance"] == outside_tool.release()

    outside_tool.life.accepted("pasted-code", days=30)
    assert [] == outside_tool.release()
