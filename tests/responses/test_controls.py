"""The shipped controls, and the order in which they are offered."""

from itertools import pairwise
from typing import Any

import attrs
import pytest

from kakao_asi.assessments import ErrorKind
from kakao_asi.exceptions import InvalidValue
from kakao_asi.responses import CONTROLS, Control, Preference, controls_for
from kakao_asi.taxonomy import Origin, RiskCategory

FAMILIES = {
    "ai": "data_fix retrain output_filter grounding abstain fallback_model rollback regression_suite",
    "uc": "limit_autonomy human_approval sandbox emergency_stop staged_release tripwire least_tools deactivate",
    "mu": "input_filter rate_limit access_control age_check account_action watermark takedown report_channel red_team",
    "ng": "two_person range_guard dry_run change_control checklist least_privilege ui_friction training job_aid",
    "any": "withhold restrict withdraw inform_users share retain",
}
FITS = {
    "ai": {RiskCategory.MODEL_IMPERFECTION},
    "uc": {RiskCategory.UNCONTROLLABILITY},
    "mu": {RiskCategory.ACTIVE_MISUSE},
    "ng": {RiskCategory.PASSIVE_NEGLIGENCE},
    "any": set(RiskCategory),
}
OWN = Control(
    id="own.freeze",
    ko="동결",
    en="Freeze",
    categories=frozenset({RiskCategory.UNCONTROLLABILITY}),
    order=Preference.ELIMINATE,
    verified_when_ko="동결 상태를 확인한 때",
    verified_when_en="The frozen state was seen",
)


def family(control: Control) -> str:
    """The part of an id before the dot."""
    return control.id.partition(".")[0]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_holds_the_documented_controls(name: str) -> None:
    """The ids of each family are those the documents list."""
    expected = {f"{name}.{control}" for control in FAMILIES[name].split()}

    assert expected == {key for key, control in CONTROLS.items() if family(control) == name}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=lambda one: one.id)
def test_a_control_fits_the_category_of_its_family(control: Control) -> None:
    """A family answers one category; what fits any answers all four."""
    assert FITS[family(control)] == control.categories


def test_controls_stand_under_their_ids() -> None:
    """The catalogue finds each control by its own id."""
    assert all(key == control.id for key, control in CONTROLS.items())


def test_people_measures_are_the_four_documented() -> None:
    """Training, checklist, job aid and informing users work only as far as people keep to them."""
    assert {"ng.training", "ng.checklist", "ng.job_aid", "any.inform_users"} == {
        key for key, control in CONTROLS.items() if control.people_only
    }


def test_every_people_measure_comes_last() -> None:
    """What informs or trains is what works through people alone."""
    last = {key for key, control in CONTROLS.items() if control.order is Preference.INFORM_AND_TRAIN}

    assert last == {key for key, control in CONTROLS.items() if control.people_only}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=lambda one: one.id)
def test_every_shipped_control_is_ours(control: Control) -> None:
    """No shipped control claims to come from Kakao, a law or a standard."""
    assert control.origin is Origin.OURS


def test_the_catalogue_cannot_be_changed() -> None:
    """The shipped catalogue is read-only; a team passes another mapping."""
    with pytest.raises(TypeError):
        CONTROLS["own.freeze"] = OWN  # type: ignore[index]  # the point


@pytest.mark.parametrize("category", RiskCategory, ids=lambda one: one.id)
def test_offered_controls_eliminate_before_they_mitigate_before_they_inform(category: RiskCategory) -> None:
    """The order of preference never falls back."""
    offered = controls_for(category)

    assert all(before.order <= after.order for before, after in pairwise(offered))


@pytest.mark.parametrize("category", RiskCategory, ids=lambda one: one.id)
def test_exactly_the_fitting_controls_are_offered(category: RiskCategory) -> None:
    """Nothing that fits is left out, and nothing else is in."""
    assert {one.id for one in CONTROLS.values() if category in one.categories} == {
        one.id for one in controls_for(category)
    }


def test_malice_and_carelessness_share_only_what_fits_any() -> None:
    """The controls for misuse and for negligence have nothing in common but the general ones."""
    misuse, negligence = (
        {one.id for one in controls_for(category)}
        for category in (RiskCategory.ACTIVE_MISUSE, RiskCategory.PASSIVE_NEGLIGENCE)
    )

    assert {family(CONTROLS[key]) for key in misuse & negligence} == {"any"}


@pytest.mark.parametrize("kind", ErrorKind, ids=lambda one: one.id)
def test_the_kind_of_error_comes_first_within_each_preference(kind: ErrorKind) -> None:
    """Controls that suit a kind of error stand before the others of the same preference."""
    offered = controls_for(RiskCategory.PASSIVE_NEGLIGENCE, error_kind=kind)

    assert all(
        before.order < after.order or kind in before.error_kinds or kind not in after.error_kinds
        for before, after in pairwise(offered)
    )


def test_every_kind_of_error_orders_the_controls_its_own_way() -> None:
    """Each kind of error leads to another order, so the factor is no idle one."""
    orders = {controls_for(RiskCategory.PASSIVE_NEGLIGENCE, error_kind=kind) for kind in ErrorKind}

    assert len(ErrorKind) == len(orders)


def test_a_team_offers_controls_of_its_own() -> None:
    """With another catalogue, other controls are offered."""
    assert controls_for(RiskCategory.UNCONTROLLABILITY, catalogue={OWN.id: OWN}) == (OWN,)


@pytest.mark.parametrize(
    ("lang", "words"), [("ko", ("동결", "동결 상태를 확인한 때")), ("en", ("Freeze", "The frozen state was seen"))]
)
def test_a_control_speaks_both_languages(lang: Any, words: tuple[str, str]) -> None:
    """Label and proof are told in the language asked for."""
    assert words == (OWN.label(lang), OWN.verified_when(lang))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"categories": frozenset()}, "categories"),
        ({"categories": RiskCategory.UNCONTROLLABILITY}, "categories"),
        ({"id": "Own Freeze"}, "id"),
        ({"ko": " "}, "ko"),
        ({"order": 1}, "order"),
        ({"people_only": None}, "people_only"),
        ({"error_kinds": {ErrorKind.SLIP}}, "error_kinds"),
    ],
    ids=["fits-nothing", "one-category", "id", "blank", "order", "people-only", "mutable-set"],
)
def test_a_control_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """A control has an id, labels, and fits at least one category."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(OWN, **changes)

    assert caught.value.field == f"Control.{field}"
