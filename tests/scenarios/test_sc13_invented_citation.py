"""SC13: an invented citation, and a professional who relied on it.

Missing here: the rate of citations that do not exist as an indicator of the running system.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, commands
from kakao_asi.exceptions import CommandRefused


@pytest.fixture
def relied_on(tell: Callable[..., Any]) -> Any:
    """Two halves: the model invents, the user does not check; three by four and two by three."""
    story = tell(running=True)
    story.risk("invents", RiskCategory.MODEL_IMPERFECTION)
    story.risk("unchecked", RiskCategory.PASSIVE_NEGLIGENCE)
    story.link("unchecked", "amplifies", "invents")
    story.at(days=1)
    story.assess("invents", 3, 4)
    story.assess("unchecked", 2, 3)
    return story


def test_the_models_half_goes_to_the_top_the_users_half_to_the_committee(relied_on: Any) -> None:
    """Each half takes the way of its own grade."""
    ways = {name: [step.body for step in relied_on.ask(name).steps] for name in ("invents", "unchecked")}

    assert {
        "invents": ["ai_safety", "erm_committee", "top"],
        "unchecked": ["ai_safety", "erm_committee"],
    } == ways


def test_training_of_users_does_not_answer_the_model(relied_on: Any) -> None:
    """What only people keep to is refused for the model, or does not close it; grounding does."""
    with pytest.raises(CommandRefused):
        relied_on.respond("invents", "ng.training")
    relied_on.respond("invents", "any.inform_users")
    assert "people_measures_alone" in relied_on.life.can(commands.Close(risk="invents"))

    relied_on.respond("invents", "ai.grounding")
    assert "people_measures_alone" not in relied_on.life.can(commands.Close(risk="invents"))


def test_neither_half_closes_the_other(relied_on: Any, scored: Any) -> None:
    """With the model's half closed the user's is open as before, with its own grade."""
    relied_on.respond("unchecked", "ng.ui_friction", "ng.training")
    assert (2, 3) == scored(relied_on.answer("invents", "ai.grounding", "ai.abstain", left=(2, 3)))
    assert ["top"] == relied_on.lower("invents")
    relied_on.register.close("invents", by="pm.oh")

    assert ["unchecked"] == [one.id for one in relied_on.register.risks(open=True)]
    assert Grade.MEDIUM is relied_on.grade("unchecked")
