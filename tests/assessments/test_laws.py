"""Laws that hold in all four classes: worse input never lowers a grade, and each shared field moves one."""

import datetime as dt
import pickle
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.assessments import (
    Access,
    AssessmentMethod,
    Basis,
    DataClass,
    ErrorKind,
    Factors,
    ImperfectionFactors,
    Judgement,
    MisuseFactors,
    NegligenceFactors,
    Reversibility,
    Severity,
    Skill,
    Slice,
    UncontrollabilityFactors,
    Uplift,
    default_methods,
)
from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import RiskCategory

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
METHODS = {method.category: method for method in default_methods()}
CERTAIN_FIRST = (Basis.MEASURED, Basis.DEFAULT)

TRIALS = 1_000
SMALL = st.integers(0, TRIALS)
PERCENT = st.integers(0, 100)
LEVEL = st.integers(0, 4)

Worse = Callable[[Any, Any], tuple[Any, Any]]


def ordered(one: Any, other: Any) -> tuple[Any, Any]:
    """Larger is worse."""
    return min(one, other), max(one, other)


def falling(one: Any, other: Any) -> tuple[Any, Any]:
    """Smaller is worse."""
    return max(one, other), min(one, other)


def gap_last(one: Any, other: Any) -> tuple[Any, Any]:
    """Larger is worse, and None is the worst."""
    if one is None or other is None:
        return (one if other is None else other), None
    return ordered(one, other)


def gap_first_falls(one: Any, other: Any) -> tuple[Any, Any]:
    """Smaller is worse, and None is the worst."""
    if one is None or other is None:
        return (one if other is None else other), None
    return falling(one, other)


def grows(one: frozenset[Any], other: frozenset[Any]) -> tuple[Any, Any]:
    """More of it is worse."""
    return one & other, one


def judge(factors: Factors, basis: Basis = Basis.MEASURED) -> Judgement:
    """Judge factors by the default method of their category."""
    return METHODS[factors.category].judge(factors, basis=basis, touches=frozenset(), now=NOW)


def words(*kinds: Any) -> Iterable[Any]:
    """A strategy for each scale."""
    return (st.sampled_from(list(kind)) for kind in kinds)


SEVERITIES, REVERSIBILITIES, ACCESSES, SKILLS, UPLIFTS = words(Severity, Reversibility, Access, Skill, Uplift)
DATA = st.frozensets(st.sampled_from(list(DataClass)))
DRILLED = st.none() | st.integers(0, 200).map(lambda days: NOW - dt.timedelta(days=days))
SLICES = st.lists(st.tuples(SMALL, st.integers(1, TRIALS)), max_size=3).map(
    lambda pairs: tuple(Slice(id=f"s{n}", failures=min(pair), trials=max(pair)) for n, pair in enumerate(pairs))
)

IMPERFECTION = st.builds(
    ImperfectionFactors,
    failures=SMALL,
    trials=st.just(TRIALS),
    severity=SEVERITIES,
    slices=SLICES,
    coverage_pct=st.none() | PERCENT,
    exposes=DATA,
    vulnerable_group=st.booleans(),
)
UNCONTROLLABILITY = st.builds(
    UncontrollabilityFactors,
    tier=LEVEL,
    safeguards_tier=LEVEL,
    margin_pct=PERCENT,
    autonomy=LEVEL,
    reversibility=REVERSIBILITIES,
    oversight_pct=PERCENT,
    surprises_30d=st.integers(0, 3),
    evasion_seen=st.booleans(),
    stop_tested_at=DRILLED,
    stop_ms=st.none() | st.integers(1, 200),
    stop_limit_ms=st.none() | st.integers(1, 200),
    exposes=DATA,
    vulnerable_group=st.booleans(),
)


@st.composite
def misuses(draw: st.DrawFn) -> MisuseFactors:
    """Any factors of misuse, with or without drills."""
    drills = draw(st.none() | st.integers(1, 100))
    return MisuseFactors(
        successes=draw(SMALL),
        attempts=TRIALS,
        severity=draw(SEVERITIES),
        access=draw(ACCESSES),
        skill=draw(SKILLS),
        uplift=draw(UPLIFTS),
        known_campaign=draw(st.booleans()),
        drills=drills,
        detected=None if drills is None else draw(st.integers(0, drills)),
        action_h=None if drills is None else draw(st.integers(0, 3)),
        exposes=draw(DATA),
        vulnerable_group=draw(st.booleans()),
    )


NEGLIGENCE = st.builds(
    NegligenceFactors,
    opportunities_30d=st.integers(0, 2_000),
    errors=SMALL,
    observed=st.just(TRIALS),
    caught_pct=PERCENT,
    severity=SEVERITIES,
    recovery_h=st.none() | st.integers(0, 4),
    recurrences_30d=st.integers(0, 6),
    trained_days=st.none() | st.integers(0, 800),
    error_kind=st.none() | st.sampled_from(list(ErrorKind)),
    exposes=DATA,
    vulnerable_group=st.booleans(),
)

SHARED: list[tuple[str, Worse]] = [("exposes", grows), ("vulnerable_group", ordered)]
PAIRED = {"detected", "action_h", "drills"}


def worsened(data: st.DataObject, strategy: st.SearchStrategy[Any], rules: list[tuple[str, Worse]]) -> tuple[Any, Any]:
    """Factors, and the same with any of the fields made worse."""
    one, other = data.draw(strategy), data.draw(strategy)
    chosen = data.draw(st.sets(st.sampled_from([name for name, _ in rules]), min_size=1))
    better, worse = one, one
    for name, rule in rules:
        if name in chosen and not (name in PAIRED and None in (getattr(one, name), getattr(other, name))):
            low, high = rule(getattr(one, name), getattr(other, name))
            better, worse = evolved(better, name, low), evolved(worse, name, high)
    return better, worse


def evolved(factors: Any, name: str, value: Any) -> Any:
    """The factors with one field changed; more detected than drilled cannot be."""
    if name == "detected" and value > factors.drills:
        value = factors.drills
    return attrs.evolve(factors, **{name: value})


@given(st.data())
def test_worse_imperfection_is_never_graded_lower(data: st.DataObject) -> None:
    """More failures, more harm, less coverage, more exposed: the grade rises or stays."""
    rules = [("failures", ordered), ("severity", ordered), ("coverage_pct", gap_first_falls), *SHARED]
    better, worse = worsened(data, IMPERFECTION, rules)

    assert judge(better).grade <= judge(worse).grade


@given(IMPERFECTION, SLICES)
def test_a_further_slice_never_lowers_the_grade(factors: ImperfectionFactors, slices: tuple[Slice, ...]) -> None:
    """Looking at more groups can only show more."""
    fewer = attrs.evolve(factors, slices=slices[:1])
    more = attrs.evolve(factors, slices=slices)

    assert judge(fewer).grade <= judge(more).grade


@given(st.data())
def test_worse_uncontrollability_is_never_graded_lower(data: st.DataObject) -> None:
    """More capability, more freedom, less brake: the grade rises or stays, and so do the incident clocks."""
    rules = [
        ("tier", ordered),
        ("safeguards_tier", falling),
        ("margin_pct", falling),
        ("autonomy", ordered),
        ("reversibility", ordered),
        ("oversight_pct", falling),
        ("surprises_30d", ordered),
        ("evasion_seen", ordered),
        ("stop_tested_at", gap_first_falls),
        ("stop_ms", gap_last),
        ("stop_limit_ms", gap_first_falls),
        *SHARED,
    ]
    better, worse = (judge(one) for one in worsened(data, UNCONTROLLABILITY, rules))

    assert (better.grade, better.incident) <= (worse.grade, worse.incident)


@given(st.data())
def test_worse_misuse_is_never_graded_lower(data: st.DataObject) -> None:
    """More successes, easier access, more uplift, less detection: the grade rises or stays."""
    rules = [
        ("successes", ordered),
        ("severity", ordered),
        ("access", ordered),
        ("skill", ordered),
        ("uplift", ordered),
        ("known_campaign", ordered),
        ("detected", falling),
        ("action_h", ordered),
        *SHARED,
    ]
    better, worse = worsened(data, misuses(), rules)

    assert judge(better).grade <= judge(worse).grade


@given(misuses())
def test_detection_never_raises_the_grade(factors: MisuseFactors) -> None:
    """Drills that were run never make the grade worse than none."""
    without = attrs.evolve(factors, drills=None, detected=None, action_h=None)

    assert judge(factors).grade <= judge(without).grade


@given(st.data())
def test_worse_negligence_is_never_graded_lower(data: st.DataObject) -> None:
    """More errors, fewer caught, harder to undo, longer untrained: the grade rises or stays."""
    rules = [
        ("opportunities_30d", ordered),
        ("errors", ordered),
        ("caught_pct", falling),
        ("severity", ordered),
        ("recovery_h", gap_last),
        ("recurrences_30d", ordered),
        ("trained_days", gap_last),
        *SHARED,
    ]
    better, worse = worsened(data, NEGLIGENCE, rules)

    assert judge(better).grade <= judge(worse).grade


@given(st.one_of(IMPERFECTION, UNCONTROLLABILITY, misuses(), NEGLIGENCE))
def test_an_assessment_without_basis_is_never_graded_lower(factors: Factors) -> None:
    """Unknown is not low: without evidence or reasons the grade rises or stays."""
    better, worse = (judge(factors, basis).grade for basis in CERTAIN_FIRST)

    assert better <= worse


@given(st.one_of(IMPERFECTION, UNCONTROLLABILITY, misuses(), NEGLIGENCE))
def test_an_expert_is_believed_as_a_measurement_is(factors: Factors) -> None:
    """The judgement of an expert who gives reasons stands like a measured one."""
    assert judge(factors, Basis.EXPERT) == judge(factors, Basis.MEASURED)


@given(st.one_of(IMPERFECTION, UNCONTROLLABILITY, misuses(), NEGLIGENCE))
def test_a_judgement_is_the_same_each_time(factors: Factors) -> None:
    """A method reads nothing but its arguments: equal factors, equal judgement, equal words."""
    assert judge(factors) == judge(attrs.evolve(factors))


@given(st.one_of(IMPERFECTION, UNCONTROLLABILITY, misuses(), NEGLIGENCE))
def test_every_judgement_ends_with_its_grade_in_both_languages(factors: Factors) -> None:
    """Somewhere on the way the grade is said in words, in Korean and in English."""
    judgement = judge(factors)

    assert judgement.grade.ko in judgement.text("ko")
    assert judgement.grade.en in judgement.text("en")


@given(st.one_of(IMPERFECTION, UNCONTROLLABILITY, misuses(), NEGLIGENCE))
def test_no_korean_sentence_uses_words_of_other_laws(factors: Factors) -> None:
    """HIGH is printed as the highest grade, never with a term that a law has taken."""
    text = judge(factors, Basis.DEFAULT).text("ko")

    assert [word for word in ("고위험", "고영향") if word in text] == []


CALM: dict[RiskCategory, Factors] = {
    RiskCategory.MODEL_IMPERFECTION: ImperfectionFactors(
        failures=0, trials=3_000, severity=Severity.NEGLIGIBLE, coverage_pct=100
    ),
    RiskCategory.UNCONTROLLABILITY: UncontrollabilityFactors(
        tier=0,
        safeguards_tier=0,
        margin_pct=100,
        autonomy=0,
        reversibility=Reversibility.REVERSIBLE,
        oversight_pct=100,
        surprises_30d=0,
        evasion_seen=False,
    ),
    RiskCategory.ACTIVE_MISUSE: MisuseFactors(
        successes=12,
        attempts=400,
        severity=Severity.NEGLIGIBLE,
        access=Access.REGISTERED,
        skill=Skill.LAYPERSON,
        uplift=Uplift.NONE,
        known_campaign=False,
    ),
    RiskCategory.PASSIVE_NEGLIGENCE: NegligenceFactors(
        opportunities_30d=1,
        errors=0,
        observed=10,
        caught_pct=0,
        severity=Severity.NEGLIGIBLE,
        recovery_h=8,
        recurrences_30d=0,
        trained_days=30,
    ),
}


@pytest.mark.parametrize(
    "changes",
    [*({"exposes": {data}} for data in DataClass), {"vulnerable_group": True}],
    ids=[*(data.id for data in DataClass), "vulnerable-group"],
)
@pytest.mark.parametrize("category", RiskCategory, ids=lambda one: one.id)
def test_each_shared_field_alone_moves_a_grade_in_each_class(category: RiskCategory, changes: dict[str, Any]) -> None:
    """Exposed data of each class, and a vulnerable group, raise the grade of every category by themselves."""
    calm = CALM[category]

    assert judge(attrs.evolve(calm, **changes)).grade > judge(calm).grade


def test_the_shipped_methods_cover_the_four_categories() -> None:
    """There is one default method per category, in the order of the taxonomy."""
    assert list(RiskCategory) == [method.category for method in default_methods()]


def test_the_shipped_methods_have_ids_of_their_own() -> None:
    """Each method is told apart on an assessment, and starts at version 1."""
    assert {(method.id, method.version) for method in default_methods()} == {
        ("grid-imperfection", 1),
        ("threshold-uncontrollability", 1),
        ("grid-misuse", 1),
        ("grid-negligence", 1),
    }


@pytest.mark.parametrize("method", default_methods(), ids=lambda one: one.id)
def test_every_shipped_method_names_the_evidence_it_needs(method: AssessmentMethod) -> None:
    """No assessment counts as measured without any evidence."""
    assert method.needs


@pytest.mark.parametrize("method", default_methods(), ids=lambda one: one.id)
def test_a_method_is_a_value(method: AssessmentMethod) -> None:
    """A method survives pickling as an equal value."""
    assert method == pickle.loads(pickle.dumps(method))  # noqa: S301  # our own bytes


@pytest.mark.parametrize("method", default_methods(), ids=lambda one: one.id)
def test_a_method_refuses_the_factors_of_another_category(method: AssessmentMethod) -> None:
    """Factors of the next category are refused, so the split by actor is no label."""
    other = CALM[RiskCategory(list(RiskCategory)[(method.category.rank + 1) % 4])]

    with pytest.raises(InvalidValue, match=r"^factors must be"):
        method.judge(other, basis=Basis.MEASURED, touches=frozenset(), now=NOW)


@pytest.mark.parametrize("method", default_methods(), ids=lambda one: one.id)
def test_a_method_names_what_is_missing(method: AssessmentMethod) -> None:
    """Each method tells the missing factor before it is asked to judge."""
    calm = CALM[method.category]
    name = calm.required[0]

    assert method.unassessable(evolved(calm, name, None), frozenset()) == (name,)
