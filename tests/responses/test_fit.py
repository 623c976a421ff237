"""Whether strategy and controls fit the actor of a risk."""

from itertools import product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.responses import CONTROLS, Strategy, misfits, people_measures_alone
from kakao_asi.taxonomy import RiskCategory

IMPERFECTION, UNCONTROLLABILITY = RiskCategory.MODEL_IMPERFECTION, RiskCategory.UNCONTROLLABILITY
MISUSE, NEGLIGENCE = RiskCategory.ACTIVE_MISUSE, RiskCategory.PASSIVE_NEGLIGENCE
REDUCE = Strategy.CHANGE_LIKELIHOOD

STOPPING = {
    "mu.input_filter",
    "mu.rate_limit",
    "mu.access_control",
    "mu.age_check",
    "mu.account_action",
    "mu.watermark",
    "mu.takedown",
    "mu.report_channel",
    "any.withhold",
    "any.restrict",
    "any.withdraw",
}


def codes(*asked: object, **more: object) -> list[str]:
    """The codes of all misfits."""
    return [one.code for one in misfits(*asked, **more)]  # type: ignore[arg-type]  # passed on as it came


@pytest.mark.parametrize(
    ("category", "control"), list(product(RiskCategory, CONTROLS)), ids=lambda one: getattr(one, "id", one)
)
def test_a_control_fits_its_categories_and_no_other(category: RiskCategory, control: str) -> None:
    """Of the 160 pairs exactly those of the catalogue fit."""
    about_the_control = {"control_misfit", "blames_carelessness"}

    assert (category in CONTROLS[control].categories) is not bool(
        about_the_control & set(codes(category, REDUCE, [control]))
    )


def test_an_unknown_control_fits_nothing() -> None:
    """A control that the catalogue does not hold is named as unknown."""
    assert codes(IMPERFECTION, REDUCE, ["ai.output_filtre"]) == ["control_unknown"]


def test_carelessness_is_not_answered_by_acting_on_accounts() -> None:
    """A sanction against an account is refused for negligence, with a reason of its own."""
    assert codes(NEGLIGENCE, REDUCE, ["mu.account_action"]) == ["blames_carelessness"]


def test_carelessness_is_not_answered_so_in_a_catalogue_of_ones_own_either() -> None:
    """No catalogue makes a sanction against accounts fit negligence."""
    own = attrs.evolve(CONTROLS["mu.account_action"], categories=frozenset(RiskCategory))

    assert codes(NEGLIGENCE, REDUCE, [own.id], catalogue={own.id: own}) == ["blames_carelessness"]


@pytest.mark.parametrize("control", [one for one in CONTROLS if one.startswith(("mu.", "any."))])
def test_misuse_needs_a_control_that_stops_or_detects(control: str) -> None:
    """A response to misuse stops it or finds it; anything else alone is not enough."""
    assert (control not in STOPPING) is ("misuse_unstopped" in codes(MISUSE, REDUCE, [control]))


@pytest.mark.parametrize("strategy", [Strategy.RETAIN, Strategy.SHARE], ids=lambda one: one.id)
def test_misuse_is_not_just_retained_or_shared(strategy: Strategy) -> None:
    """Without a control that stops or detects, misuse is neither retained nor shared."""
    assert codes(MISUSE, strategy, []) == ["misuse_unstopped"]


def test_what_is_not_done_cannot_be_misused() -> None:
    """AVOID stands without a control."""
    assert misfits(MISUSE, Strategy.AVOID, []) == ()


def test_a_control_of_another_category_stops_no_misuse() -> None:
    """A control counts as stopping only where it fits misuse at all."""
    own = attrs.evolve(CONTROLS["mu.input_filter"], categories=frozenset({NEGLIGENCE}))

    assert codes(MISUSE, REDUCE, [own.id], catalogue={own.id: own}) == ["control_misfit", "misuse_unstopped"]


def test_one_control_that_stops_is_enough() -> None:
    """Others beside it may inform."""
    assert misfits(MISUSE, REDUCE, ["any.inform_users", "mu.rate_limit"]) == ()


@pytest.mark.parametrize(
    ("strategy", "obliged", "expected"),
    [
        (Strategy.RETAIN, True, ["legal_obligation"]),
        (Strategy.RETAIN, False, []),
        (Strategy.AVOID, True, []),
    ],
    ids=["retained", "no-obligation", "avoided"],
)
def test_a_legal_obligation_is_not_retained(strategy: Strategy, obliged: bool, expected: list[str]) -> None:
    """Nobody decides to live with breaking a law."""
    assert expected == codes(IMPERFECTION, strategy, [], legal_obligation=obliged)


def test_all_reasons_are_given_at_once() -> None:
    """Controls come first in the order given, then the rules about the whole response."""
    found = codes(MISUSE, Strategy.RETAIN, ["ng.training", "no.such"], legal_obligation=True)

    assert found == ["control_misfit", "control_unknown", "misuse_unstopped", "legal_obligation"]


def test_a_misfit_is_told_in_both_languages() -> None:
    """A reason unpacks to code, Korean and English."""
    ((code, ko, en),) = misfits(NEGLIGENCE, REDUCE, ["ai.retrain"])

    assert (code, ko, en) == (
        "control_misfit",
        "ai.retrain: ‘수동적 부주의’ 리스크에 맞지 않는 통제",
        "ai.retrain: does not fit a risk of category passive_negligence",
    )


@pytest.mark.parametrize(
    ("category", "controls", "expected"),
    [
        (IMPERFECTION, ["any.inform_users"], True),
        (UNCONTROLLABILITY, ["any.inform_users"], True),
        (IMPERFECTION, ["any.inform_users", "ai.output_filter"], False),
        (IMPERFECTION, ["ai.output_filter"], False),
        (IMPERFECTION, [], False),
        (IMPERFECTION, ["any.inform_users", "no.such"], True),
        (NEGLIGENCE, ["ng.training"], False),
        (MISUSE, ["any.inform_users"], False),
    ],
    ids=["informed", "informed-agent", "and-filtered", "filtered", "nothing", "unknown", "careless", "malicious"],
)
def test_a_risk_from_ai_needs_more_than_people_measures(
    category: RiskCategory, controls: list[str], expected: bool
) -> None:
    """Training and information alone do not answer what a system does; for humans they may."""
    assert expected is people_measures_alone(category, controls)


def test_a_team_decides_which_of_its_controls_are_people_measures() -> None:
    """The catalogue passed is the one asked."""
    own = attrs.evolve(CONTROLS["ai.output_filter"], people_only=True)

    assert people_measures_alone(IMPERFECTION, [own.id], catalogue={own.id: own})


@given(st.sampled_from(list(RiskCategory)), st.lists(st.sampled_from(list(CONTROLS)), min_size=1), st.data())
def test_a_further_control_never_makes_people_measures_of_the_rest(
    category: RiskCategory, controls: list[str], data: st.DataObject
) -> None:
    """Whatever is added, what was more than people measures stays more."""
    more = [*controls, data.draw(st.sampled_from(list(CONTROLS)))]

    assert people_measures_alone(category, controls) >= people_measures_alone(category, more)
