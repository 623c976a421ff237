"""SC07: data was used for training beyond what people consented to; found in DEVELOPMENT."""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, Matter, RiskCategory, Stage, commands
from kakao_asi.exceptions import CommandRefused
from kakao_asi.systems import PinKind


@pytest.fixture
def trained(tell: Callable[..., Any]) -> Any:
    """The data set is pinned and the breach, a legal duty, is assessed: four by five."""
    story = tell()
    story.on(Stage.DEVELOPMENT)
    story.risk("no-consent", RiskCategory.PASSIVE_NEGLIGENCE, legal_obligation=True)
    story.life.submit(commands.Pin(system="chat", pins=[story.life.pin("dialogues", kind=PinKind.DATA)]))
    story.assess("no-consent", 4, 5)
    return story


def test_nothing_is_released_with_it(trained: Any) -> None:
    """Twenty is HIGH: the gate is shut for the outside."""
    assert (Grade.HIGH, ["grade_high"]) == (trained.grade("no-consent"), trained.release())


def test_a_legal_duty_is_not_accepted_and_not_merely_retained(trained: Any) -> None:
    """Neither a case to live with it nor a response that keeps it is taken."""
    ask = commands.Escalate(subject="no-consent", matter=Matter.ACCEPT, until=trained.life.in_days(30))
    assert "legal_obligation" in trained.life.can(ask, because="everybody else in the market does it")
    with pytest.raises(CommandRefused, match="legal"):
        trained.respond("no-consent", "any.retain", strategy="retain")


def test_all_three_tiers_are_asked_and_legal_and_privacy_before_them(
    tell: Callable[..., Any], profile: Callable[..., Any]
) -> None:
    """Legal and privacy are heard the same day; once trained on, only the top may keep the artefact."""
    story = tell(governance=profile(reviews=True))
    story.risk("no-consent", RiskCategory.PASSIVE_NEGLIGENCE, legal_obligation=True)
    story.assess("no-consent", 4, 5)
    case = story.ask("no-consent")
    ballot = commands.Decide(case=case.id, outcome="approve", body="ai_safety")
    missing = story.register.can(ballot, by="safety.kim").refusals[0].missing

    assert {"legal", "privacy"} <= set(missing)
    assert ["ai_safety", "erm_committee", "top"] == [step.body for step in case.steps]


def test_only_the_second_line_says_that_a_duty_is_none(trained: Any) -> None:
    """Free text of the team is no legal basis: dropping the duty needs the second line."""
    drop = commands.Rescope(risk="no-consent", legal_obligation=False)

    assert (["not_authorized"], []) == (trained.life.can(drop), trained.life.can(drop, by="audit.han"))


def test_dropped_data_is_another_digest_and_asked_again(trained: Any) -> None:
    """Without the data set the risk is looked at anew: its cycle starts again, its grade does not fall."""
    trained.life.submit(commands.Pin(system="chat", pins=[trained.life.pin("without them", kind=PinKind.DATA)]))

    assert (2, Grade.HIGH) == (trained.life.state("no-consent").cycle, trained.grade("no-consent"))
