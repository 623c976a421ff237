"""SO-2: one harm, two actors: a slip of an operator, and a drift of the model."""

from typing import Any

import pytest

from kakao_asi import Grade, NegligenceFactors, RiskCategory, Severity, Strategy, commands
from kakao_asi.assessments import Basis
from kakao_asi.exceptions import CommandRefused
from kakao_asi.lifecycle import LinkKind
from kakao_asi.responses import controls_for

SLIP = NegligenceFactors(
    opportunities_30d=20,
    errors=1,
    observed=400,
    caught_pct=90,
    severity=Severity.MODERATE,
    recovery_h=2,
    recurrences_30d=0,
    trained_days=100,
)


@pytest.fixture
def both(life: Any) -> Any:
    """The two risks of one harm, linked."""
    life.identify("slip", category=RiskCategory.PASSIVE_NEGLIGENCE)
    life.identify("drift", category=RiskCategory.MODEL_IMPERFECTION)
    life.submit(commands.Relate(risk="slip", kind=LinkKind.MASKS, to="drift"))
    return life


def test_each_actor_is_asked_something_else(both: Any) -> None:
    """Factors of the one are refused for the other."""
    assert both.can(commands.Assess(risk="drift", factors=SLIP)) == ["factors_do_not_fit"]
    assert both.can(commands.Assess(risk="slip", factors=both.factors(Grade.LOW))) == ["factors_do_not_fit"]
    assert both.can(commands.Assess(risk="slip", factors=SLIP)) == []
    assert both.can(commands.Assess(risk="drift", factors=both.factors(Grade.LOW))) == []


def test_each_actor_is_offered_other_controls(both: Any) -> None:
    """What fits the one is refused for the other, but for what fits any."""
    offered = {risk: {one.id for one in controls_for(both.state(risk).risk.category)} for risk in ("slip", "drift")}
    shared = offered["slip"] & offered["drift"]

    assert shared
    assert all(one.startswith("any.") for one in shared)
    both.register.assess("slip", SLIP, basis=Basis.EXPERT, because="counted over a month", by="qa.seo")
    with pytest.raises(CommandRefused):
        both.respond("slip", "ai.retrain", strategy=Strategy.CHANGE_LIKELIHOOD)


def test_training_does_not_close_the_models_half(both: Any) -> None:
    """It is an answer to the slip; the drift cannot even be answered by it."""
    both.assess(Grade.LOW, "drift")
    with pytest.raises(CommandRefused):
        both.respond("drift", "ng.training")
    both.respond("drift", "any.inform_users")

    assert "people_measures_alone" in both.can(commands.Close(risk="drift"))
