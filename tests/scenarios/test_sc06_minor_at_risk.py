"""SC06: a minor in a sexual or self-harm dialogue.

Missing here: the codes S3, S5 and S6 of a safety model as findings in the register.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, commands
from kakao_asi.hooks import parse_kanana


@pytest.fixture
def harmed(tell: Callable[..., Any]) -> Any:
    """The persona is off at once; both halves, the model's and the design's, are identified and linked."""
    story = tell(running=True)
    story.risk("harms-minor", RiskCategory.MODEL_IMPERFECTION, component="persona", principles={"user_protection"})
    story.risk("no-age-check", RiskCategory.PASSIVE_NEGLIGENCE, principles={"user_protection"})
    story.link("no-age-check", "amplifies", "harms-minor")
    story.life.submit(commands.Contain(risk="harms-minor"))
    story.at(hours=1)
    return story


def test_people_who_need_protection_floor_the_impact(harmed: Any, scored: Any) -> None:
    """Whatever severity is typed in, a failure that meets minors is five of five."""
    found = [harmed.assess("harms-minor", 4, bad, vulnerable_group=True) for bad in (1, 3, 5)]

    assert [(4, 5)] * 3 == [scored(one) for one in found]


def test_who_decides_by_when(harmed: Any) -> None:
    """T+1 h AI Safety, T+24 h the committee, T+48 h the top; the persona stays off all the while."""
    harmed.assess("harms-minor", 4, 5)
    case = harmed.ask("harms-minor")
    case = harmed.decide_at(case, 1, 24, 48)

    assert ["ai_safety", "erm_committee", "top"] == [one.body for one in case.decisions]
    assert (case.approved, ["containment_open"]) == (True, harmed.shut("persona"))


def test_the_side_of_the_users_is_heard(tell: Callable[..., Any], profile: Callable[..., Any]) -> None:
    """Where opinions are asked for, user protection calls for the side of the users before anybody votes."""
    story = tell(governance=profile(reviews=True))
    story.risk("harms-minor", RiskCategory.MODEL_IMPERFECTION, principles={"user_protection"})
    case = story.ask("harms-minor")
    ballot = commands.Decide(case=case.id, outcome="approve", body="ai_safety")

    assert {"technical", "user"} == set(story.register.can(ballot, by="safety.kim").refusals[0].missing)


def test_both_halves_are_answered(harmed: Any) -> None:
    """An age check does not close the model's half, and a filter does not close the design's."""
    harmed.assess("harms-minor", 4, 5)
    harmed.answer("harms-minor", "ai.output_filter", left=(2, 4))
    harmed.assess("no-age-check", 3, 3)

    assert "link_unanswered" in harmed.life.can(commands.Close(risk="harms-minor"))
    assert harmed.grade("harms-minor") is Grade.HIGH


@pytest.mark.parametrize("code", ["S3", "S5", "S6"])
def test_the_codes_of_a_safety_model_are_read(code: str) -> None:
    """In a reply each of the three codes is the model's failure and asks for user protection or more."""
    seen = parse_kanana(f"<UNSAFE-{code}>", model="kanana-safeguard-8b", turn="assistant")

    assert RiskCategory.MODEL_IMPERFECTION is seen.category
