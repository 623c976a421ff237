"""SC14: a leak is fixed for new objects only; somebody outside finds the old ones."""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, Matter, RiskCategory, commands


@pytest.fixture
def half_fixed(tell: Callable[..., Any]) -> Any:
    """The fix holds for 700 of 1,000 objects, and what is left was assessed as if it were done."""
    story = tell(running=True)
    story.risk("old-objects", RiskCategory.PASSIVE_NEGLIGENCE)
    story.assess("old-objects", 4, 5)
    story.fix = story.respond("old-objects", "ng.change_control")
    story.verify("old-objects", story.fix, done=700, of=1_000)
    story.left("old-objects", 2, 3)
    return story


def test_it_stays_open_while_old_objects_are_left(half_fixed: Any) -> None:
    """Coverage below a hundred percent keeps it open, and the grade too: the top lowers it to what it was."""
    half_fixed.lower("old-objects")

    assert "coverage_incomplete" in half_fixed.life.can(commands.Close(risk="old-objects"))
    assert Grade.HIGH is half_fixed.grade("old-objects")


def test_living_with_the_rest_is_an_acceptance_of_the_top(half_fixed: Any) -> None:
    """A partial fix is an acceptance of the rest: with an end, by the top, and not for a release to the outside."""
    until = half_fixed.life.in_days(30)
    case = half_fixed.life.decided("old-objects", Matter.ACCEPT, until=until)

    assert (["top"], until) == ([one.body for one in case.decisions], case.until)
    assert "grade_high" in half_fixed.release()


def test_closing_needs_the_old_objects_too(half_fixed: Any) -> None:
    """With the backfill shown for all objects the top lowers it, and it closes."""
    half_fixed.verify("old-objects", half_fixed.fix, done=1_000, of=1_000)
    half_fixed.left("old-objects", 2, 3)

    assert ["top"] == half_fixed.lower("old-objects")
    assert "closed" == half_fixed.register.close("old-objects", by="pm.oh").status.id


def test_the_acceptance_ends_and_the_rest_is_open_again(half_fixed: Any) -> None:
    """On the day it ends the risk counts as open and what runs is shut, before anybody looks at a clock."""
    half_fixed.life.decided("old-objects", Matter.ACCEPT, until=half_fixed.life.in_days(30))
    half_fixed.register.close("old-objects", by="pm.oh")
    assert () == half_fixed.register.risks(open=True).items

    half_fixed.at(days=30)
    assert ["old-objects"] == [one.id for one in half_fixed.register.risks(open=True)]
    assert ["expired"] == half_fixed.shut()
