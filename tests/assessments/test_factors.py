"""What factors accept, what they call missing, and what they refuse."""

import datetime as dt
from typing import Any

import attrs
import pytest

from kakao_asi.assessments import (
    Access,
    DataClass,
    ErrorKind,
    Factors,
    ImperfectionFactors,
    MisuseFactors,
    NegligenceFactors,
    Reversibility,
    Severity,
    Skill,
    Slice,
    UncontrollabilityFactors,
    Uplift,
    assessable,
    unassessable,
)
from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import RiskCategory

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)

IMPERFECTION = ImperfectionFactors(failures=0, trials=30_000, severity=Severity.MINOR)
UNCONTROLLABILITY = UncontrollabilityFactors(
    tier=0,
    safeguards_tier=0,
    margin_pct=100,
    autonomy=0,
    reversibility=Reversibility.REVERSIBLE,
    oversight_pct=100,
    surprises_30d=0,
    evasion_seen=False,
)
MISUSE = MisuseFactors(
    successes=0,
    attempts=3_000,
    severity=Severity.MINOR,
    access=Access.REGISTERED,
    skill=Skill.LAYPERSON,
    uplift=Uplift.NONE,
    known_campaign=False,
)
NEGLIGENCE = NegligenceFactors(
    opportunities_30d=10,
    errors=0,
    observed=30_000,
    caught_pct=50,
    severity=Severity.MINOR,
    recovery_h=8,
    recurrences_30d=0,
)
EACH: list[Factors] = [IMPERFECTION, UNCONTROLLABILITY, MISUSE, NEGLIGENCE]
REQUIRED = [(factors, name) for factors in EACH for name in factors.required]


def named(value: object) -> str:
    """A readable id for parametrised cases."""
    return value if isinstance(value, str) else type(value).__name__


def test_the_four_kinds_of_factors_stand_for_the_four_categories() -> None:
    """Each category has factors of its own, in the order of the taxonomy."""
    assert list(RiskCategory) == [factors.category for factors in EACH]


@pytest.mark.parametrize("factors", EACH, ids=named)
def test_nothing_is_missing_where_all_is_known(factors: Factors) -> None:
    """Factors that state all that is required are assessable."""
    assert factors.missing == unassessable(factors) == ()


@pytest.mark.parametrize(("factors", "name"), REQUIRED, ids=named)
def test_a_required_factor_that_nobody_knows_is_missing(factors: Factors, name: str) -> None:
    """None for a required factor makes exactly that factor missing."""
    changes: dict[str, Any] = {name: None}

    assert (name,) == attrs.evolve(factors, **changes).missing


@pytest.mark.parametrize(("factors", "name"), REQUIRED, ids=named)
def test_a_required_factor_has_no_default(factors: Factors, name: str) -> None:
    """What a careful person must decide is stated, as a value or as not known."""
    stated = {field.name: getattr(factors, field.name) for field in attrs.fields(type(factors)) if field.name != name}

    with pytest.raises(TypeError, match=name):
        type(factors)(**stated)


def test_missing_factors_come_in_the_order_of_the_fields() -> None:
    """Several missing factors are named in one stable order."""
    assert ImperfectionFactors(failures=None, trials=None, severity=None).missing == ("failures", "trials", "severity")


def test_what_cannot_be_undone_is_no_missing_factor() -> None:
    """For the time to recover, None is an answer and not a gap."""
    assert attrs.evolve(NEGLIGENCE, recovery_h=None).missing == ()


@pytest.mark.parametrize("count", [0, 1], ids=["none", "one"])
def test_fairness_asks_for_two_slices(count: int) -> None:
    """A risk that touches non-discrimination has no grade from fewer than two groups."""
    slices = [Slice(id="age-65", failures=0, trials=30)] * count

    assert unassessable(attrs.evolve(IMPERFECTION, slices=slices), {"non_discrimination"}) == ("slices",)


def test_two_slices_are_enough_for_fairness() -> None:
    """Two groups can be compared."""
    slices = [Slice(id="age-20", failures=0, trials=30), Slice(id="age-65", failures=0, trials=30)]

    assert unassessable(attrs.evolve(IMPERFECTION, slices=slices), {"non_discrimination"}) == ()


def test_other_principles_ask_for_no_slices() -> None:
    """Where non-discrimination is not touched, slices are optional."""
    assert unassessable(IMPERFECTION, {"privacy"}) == ()


def test_only_imperfection_has_slices_to_ask_for() -> None:
    """A misuse risk that touches non-discrimination is assessable as it is."""
    assert unassessable(MISUSE, {"non_discrimination"}) == ()


def test_missing_factors_and_slices_are_named_together() -> None:
    """All gaps are named at once."""
    factors = ImperfectionFactors(failures=0, trials=None, severity=Severity.MINOR)

    assert unassessable(factors, {"non_discrimination"}) == ("trials", "slices")


def test_factors_of_another_category_are_not_assessable() -> None:
    """A method for one category refuses the factors of another and says which it wants."""
    with pytest.raises(InvalidValue, match="factors must be MisuseFactors, the factors of active_misuse"):
        assessable(NEGLIGENCE, MisuseFactors, frozenset())


def test_missing_factors_are_not_assessable() -> None:
    """A method refuses factors with a gap and names the first one."""
    with pytest.raises(InvalidValue, match=r"MisuseFactors\.uplift is not known, so there is no grade"):
        assessable(attrs.evolve(MISUSE, uplift=None), MisuseFactors, frozenset())


@pytest.mark.parametrize(
    ("factors", "changes", "member"),
    [
        (IMPERFECTION, {"severity": "심각"}, Severity.SEVERE),
        (UNCONTROLLABILITY, {"reversibility": "되돌릴 수 없음"}, Reversibility.IRREVERSIBLE),
        (MISUSE, {"access": "누구나"}, Access.ANONYMOUS),
        (MISUSE, {"skill": "전문가"}, Skill.EXPERT),
        (MISUSE, {"uplift": "실질적"}, Uplift.MATERIAL),
        (NEGLIGENCE, {"error_kind": "건망"}, ErrorKind.LAPSE),
        (IMPERFECTION, {"exposes": ["민감정보"]}, frozenset({DataClass.SENSITIVE})),
    ],
    ids=["severity", "reversibility", "access", "skill", "uplift", "error-kind", "exposes"],
)
def test_korean_labels_are_accepted(factors: Factors, changes: dict[str, Any], member: object) -> None:
    """A scale is stated by its Korean label as well, and the member is stored."""
    (name,) = changes

    assert member == getattr(attrs.evolve(factors, **changes), name)


def test_slices_come_in_any_iterable() -> None:
    """Slices are taken from any iterable and kept as a tuple."""
    one = Slice(id="dialect", failures=1, trials=10)

    assert attrs.evolve(IMPERFECTION, slices=iter([one])).slices == (one,)


def test_instants_are_kept_in_utc() -> None:
    """An instant of another time zone is stored in UTC."""
    seoul = dt.timezone(dt.timedelta(hours=9))
    factors = attrs.evolve(UNCONTROLLABILITY, stop_tested_at=NOON.astimezone(seoul))

    assert factors.stop_tested_at is not None
    assert factors.stop_tested_at.tzinfo is dt.UTC


def test_a_metric_may_be_fixed_at_the_instant_of_the_test() -> None:
    """Only a metric fixed after the test is refused."""
    assert attrs.evolve(IMPERFECTION, tested_at=NOON, metric_fixed_at=NOON).metric_fixed_at == NOON


@pytest.mark.parametrize(
    ("factors", "changes", "field"),
    [
        pytest.param(IMPERFECTION, {"failures": 30_001}, "failures", id="more-failures-than-trials"),
        pytest.param(IMPERFECTION, {"failures": -1}, "failures", id="negative-failures"),
        pytest.param(IMPERFECTION, {"failures": True}, "failures", id="bool-for-failures"),
        pytest.param(IMPERFECTION, {"trials": 0, "failures": 0}, "trials", id="no-trial"),
        pytest.param(IMPERFECTION, {"trials": 1.5}, "trials", id="float-trials"),
        pytest.param(IMPERFECTION, {"coverage_pct": 101}, "coverage_pct", id="coverage-over-100"),
        pytest.param(IMPERFECTION, {"calls_30d": -1}, "calls_30d", id="negative-calls"),
        pytest.param(IMPERFECTION, {"slices": "dialect"}, "slices", id="slices-as-text"),
        pytest.param(IMPERFECTION, {"slices": [("a", 0, 1)]}, "slices", id="slice-as-tuple"),
        pytest.param(
            IMPERFECTION,
            {"slices": [Slice(id=f"s{n}", failures=0, trials=1) for n in range(65)]},
            "slices",
            id="too-many-slices",
        ),
        pytest.param(IMPERFECTION, {"slices": [Slice(id="a", failures=0, trials=1)] * 2}, "slices", id="slice-twice"),
        pytest.param(IMPERFECTION, {"exposes": "personal"}, "exposes", id="exposes-as-text"),
        pytest.param(IMPERFECTION, {"exposes": ["postcode"]}, "exposes", id="unknown-data-class"),
        pytest.param(IMPERFECTION, {"vulnerable_group": "yes"}, "vulnerable_group", id="group-as-text"),
        pytest.param(IMPERFECTION, {"tested_at": NOON}, "tested_at", id="test-without-metric-time"),
        pytest.param(IMPERFECTION, {"metric_fixed_at": NOON}, "tested_at", id="metric-without-test-time"),
        pytest.param(
            IMPERFECTION,
            {"tested_at": NOON, "metric_fixed_at": NOON + dt.timedelta(hours=1)},
            "metric_fixed_at",
            id="metric-after-test",
        ),
        pytest.param(
            IMPERFECTION,
            {"tested_at": NOON.replace(tzinfo=None), "metric_fixed_at": NOON},
            "tested_at",
            id="instant-without-zone",
        ),  # the point
        pytest.param(UNCONTROLLABILITY, {"tier": 5}, "tier", id="tier-over-4"),
        pytest.param(UNCONTROLLABILITY, {"autonomy": -1}, "autonomy", id="autonomy-under-0"),
        pytest.param(UNCONTROLLABILITY, {"stop_ms": 0}, "stop_ms", id="stop-in-no-time"),
        pytest.param(UNCONTROLLABILITY, {"evasion_seen": 1}, "evasion_seen", id="evasion-as-number"),
        pytest.param(MISUSE, {"successes": 3_001}, "successes", id="more-successes-than-attempts"),
        pytest.param(MISUSE, {"drills": 3}, "drills", id="drills-alone"),
        pytest.param(MISUSE, {"drills": 3, "detected": 3}, "drills", id="drills-without-action"),
        pytest.param(MISUSE, {"drills": 3, "detected": 4, "action_h": 1}, "detected", id="more-detected-than-drills"),
        pytest.param(NEGLIGENCE, {"errors": 1, "observed": 0}, "errors", id="more-errors-than-observed"),
        pytest.param(NEGLIGENCE, {"caught_pct": 101}, "caught_pct", id="caught-over-100"),
        pytest.param(NEGLIGENCE, {"recovery_h": 0.5}, "recovery_h", id="half-an-hour"),
    ],
)
def test_factors_that_make_no_sense_are_refused(factors: Factors, changes: dict[str, Any], field: str) -> None:
    """A value out of its range, of the wrong type or at odds with another one is refused by field name."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(factors, **changes)

    assert caught.value.field == f"{type(factors).__name__}.{field}"


@pytest.mark.parametrize(
    ("factors", "name"),
    [(IMPERFECTION, "severity"), (UNCONTROLLABILITY, "reversibility"), (MISUSE, "access"), (NEGLIGENCE, "error_kind")],
    ids=named,
)
def test_unknown_words_are_refused(factors: Factors, name: str) -> None:
    """A word that is not on the scale is refused, and the error lists the scale instead of the word."""
    changes: dict[str, Any] = {name: "catastrophic"}

    with pytest.raises(InvalidValue, match="must be one of") as caught:
        attrs.evolve(factors, **changes)

    assert "catastrophic" not in str(caught.value)


@pytest.mark.parametrize(
    ("failures", "trials"), [(2, 1), (-1, 1), (0, 0)], ids=["more-than-trials", "negative", "no-trial"]
)
def test_a_slice_that_does_not_add_up_is_refused(failures: int, trials: int) -> None:
    """A slice has at least one trial and at most as many failures."""
    with pytest.raises(InvalidValue, match=r"^Slice\."):
        Slice(id="dialect", failures=failures, trials=trials)


def test_no_field_names_the_person_who_slipped() -> None:
    """Negligence is stored by counts and kinds of error; no field could hold a name."""
    kinds = {str(field.type) for field in attrs.fields(NegligenceFactors)}

    assert not any("str" in kind for kind in kinds)
