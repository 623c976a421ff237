"""SC10: a system prompt that nobody approved goes live, past the review."""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import RiskCategory, Stage, commands
from kakao_asi.responses import controls_for
from kakao_asi.systems import PinKind


@pytest.fixture
def bypassed(tell: Callable[..., Any]) -> Any:
    """Two linked halves: somebody's bypass, and the process that let it through; four by four each."""
    story = tell(running=True)
    story.risk("bypass", RiskCategory.ACTIVE_MISUSE)
    story.risk("no-review", RiskCategory.PASSIVE_NEGLIGENCE)
    story.link("no-review", "amplifies", "bypass")
    story.at(hours=1)
    story.assess("bypass", 4, 4)
    story.assess("no-review", 4, 4)
    return story


def test_one_hour_and_one_day(bypassed: Any) -> None:
    """AI Safety within the hour, the committee within a day, the top for what reached many."""
    case = bypassed.decide_at(bypassed.ask("bypass"), 1, 24)

    assert [("ai_safety", 4), ("erm_committee", 24), ("top", 48)] == bypassed.way(case)
    assert ("top", None) == (case.body, case.outcome)


def test_an_approval_covers_the_prompt_it_was_given_for(tell: Callable[..., Any]) -> None:
    """A release signed for one prompt lets no other one in, and the gate says why."""
    story = tell()
    life = story.life
    story.on(Stage.DEVELOPMENT)
    life.submit(commands.Pin(system="chat", pins=[life.pin("approved", kind=PinKind.PROMPT)]))
    story.on(Stage.TEST)
    review = life.in_days(30).date()
    life.submit(commands.NotApplicable(system="chat", owner="serving", review=review), because="no risk known yet here")
    life.decided("chat", "release")
    assert story.register.gate("chat", Stage.DEPLOYMENT).passed

    life.submit(commands.Pin(system="chat", pins=[life.pin("slipped in", kind=PinKind.PROMPT)]))
    assert "pins_changed" in life.blockers(story.register.gate("chat", Stage.DEPLOYMENT))


def test_the_author_of_a_prompt_does_not_approve_it(tell: Callable[..., Any]) -> None:
    """Whoever pinned the candidate is kept from the vote on its release, under an alias too."""
    story = tell()
    life = story.life
    pin = commands.Pin(system="chat", pins=[life.pin("mine", kind=PinKind.PROMPT)])
    life.submit(pin, by="erm.a.alt")
    case = life.vote(story.ask("chat", "release").id)
    ballot = commands.Decide(case=case.id, outcome="approve", body="erm_committee")

    assert [["conflict_of_interest"], []] == [life.can(ballot, by=name) for name in ("erm.a", "erm.b")]


def test_malice_and_carelessness_have_their_own_answers(bypassed: Any) -> None:
    """Taking a right away answers the bypass, a two-person rule the process; neither answers the other."""
    malice, carelessness = (
        {one.id for one in controls_for(one)} for one in (RiskCategory.ACTIVE_MISUSE, RiskCategory.PASSIVE_NEGLIGENCE)
    )
    assert "mu.access_control" in malice - carelessness
    assert "ng.two_person" in carelessness - malice

    bypassed.answer("bypass", "mu.access_control", left=(2, 3))
    bypassed.answer("no-review", "ng.two_person", left=(2, 3))
    assert [["top"], ["top"]] == [bypassed.lower(name) for name in ("bypass", "no-review")]
