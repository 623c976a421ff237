"""The default method for model imperfection."""

import datetime as dt
from typing import Any

import attrs
import pytest

from kakao_asi.assessments import (
    Basis,
    DataClass,
    Grid,
    GridImperfection,
    ImperfectionFactors,
    Judgement,
    Likelihood,
    Severity,
    Slice,
)
from kakao_asi.evidence import EvidenceKind
from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import Grade

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
KNOWN = ImperfectionFactors(failures=3, trials=10_000, severity=Severity.MAJOR, coverage_pct=100)


def judged(method: GridImperfection = GridImperfection(), basis: Basis = Basis.MEASURED, **changes: Any) -> Judgement:  # noqa: B008  # a frozen value
    """Judge the known factors with some of them changed."""
    return method.judge(attrs.evolve(KNOWN, **changes), basis=basis, touches=frozenset({"privacy"}), now=NOW)


def codes(judgement: Judgement) -> list[str]:
    """The codes of all steps."""
    return [step.code for step in judgement.steps]


def test_three_of_ten_thousand_major_failures_are_medium() -> None:
    """776 in a million is UNLIKELY, and with MAJOR harm that is MEDIUM."""
    judgement = judged()

    assert (judgement.likelihood, judgement.grade) == (Likelihood.UNLIKELY, Grade.MEDIUM)


def test_the_first_step_tells_the_rate_in_english() -> None:
    """The way to the grade starts with the counts, the bound and its band."""
    expected = "3 of 10,000 trials failed: at most 776 in a million, UNLIKELY"

    assert expected == judged().steps[0].en


def test_the_first_step_tells_the_rate_in_korean() -> None:
    """The same sentence stands there in Korean."""
    assert judged().steps[0].ko == "시험 10,000건 중 3건 실패: 100만 건당 최대 776건, ‘드묾’"


def test_the_last_step_names_grid_and_grade() -> None:
    """The way ends with the cell that was looked up."""
    assert judged().steps[-1].ko == "grid-1: 발생 가능성 ‘드묾’ × 심각도 ‘중대’ = 중 등급"


@pytest.mark.parametrize(
    ("failures", "trials", "likelihood"),
    [
        (0, 30_000, Likelihood.RARE),
        (0, 3_000, Likelihood.UNLIKELY),
        (0, 300, Likelihood.POSSIBLE),
        (0, 30, Likelihood.LIKELY),
        (0, 1, Likelihood.FREQUENT),
    ],
)
def test_too_few_trials_grade_themselves(failures: int, trials: int, likelihood: Likelihood) -> None:
    """Without a single failure, only enough trials lead to a low likelihood; each band includes its upper end."""
    assert likelihood is judged(failures=failures, trials=trials).likelihood


def test_the_worst_slice_counts() -> None:
    """A slice that fails more often than the whole decides the likelihood."""
    slices = [Slice(id="seoul", failures=0, trials=9_000), Slice(id="jeju", failures=3, trials=30)]

    assert judged(slices=slices).likelihood is Likelihood.FREQUENT


def test_the_worst_slice_is_named() -> None:
    """The explanation says which slice decided."""
    slices = [Slice(id="seoul", failures=0, trials=9_000), Slice(id="jeju", failures=3, trials=30)]

    assert "The worst slice, jeju, counts" in judged(slices=slices).text("en")


def test_a_slice_better_than_the_whole_moves_nothing() -> None:
    """Slices never lower what the whole test shows."""
    assert "slice" not in codes(judged(slices=[Slice(id="seoul", failures=0, trials=30_000)]))


@pytest.mark.parametrize(
    ("coverage", "likelihood"),
    [(None, Likelihood.POSSIBLE), (79, Likelihood.POSSIBLE), (80, Likelihood.UNLIKELY), (100, Likelihood.UNLIKELY)],
    ids=["not-stated", "79", "80", "100"],
)
def test_too_little_coverage_moves_one_band_up(coverage: int | None, likelihood: Likelihood) -> None:
    """Less than 80 % of the intended use, or an unknown share of it, moves the likelihood up."""
    assert likelihood is judged(coverage_pct=coverage).likelihood


@pytest.mark.parametrize(
    ("basis", "likelihood"),
    [
        (Basis.MEASURED, Likelihood.UNLIKELY),
        (Basis.EXPERT, Likelihood.UNLIKELY),
        (Basis.DEFAULT, Likelihood.POSSIBLE),
    ],
    ids=lambda one: one.id,
)
def test_only_an_assessment_without_basis_moves_up(basis: Basis, likelihood: Likelihood) -> None:
    """Neither evidence nor reasons: one band up."""
    assert likelihood is judged(basis=basis).likelihood


def test_moves_add_up() -> None:
    """Unknown coverage and no basis move the likelihood two bands."""
    assert judged(basis=Basis.DEFAULT, coverage_pct=None).likelihood is Likelihood.LIKELY


def test_a_move_beyond_the_top_says_so() -> None:
    """At the top of the scale a move changes nothing, and the step says that it stays."""
    assert "likelihood stays FREQUENT" in judged(failures=10_000, coverage_pct=0).text("en")


def test_calls_show_the_failures_to_expect() -> None:
    """With the calls of 30 days the explanation counts the failures to expect, rounded up."""
    expected = "At 2,000 calls in 30 days: at most 2 failures to expect"

    assert expected in judged(calls_30d=2_000).text("en")


def test_calls_grade_nothing() -> None:
    """However often the system is called, the grade stays."""
    assert judged(calls_30d=10**9).grade is judged().grade


def test_the_incident_clocks_start_at_likely_and_major() -> None:
    """HIGH at LIKELY or above with MAJOR or worse has the clocks of an incident."""
    assert judged(failures=0, trials=30).incident


@pytest.mark.parametrize(
    "changes",
    [{"failures": 0, "trials": 30, "severity": Severity.MODERATE}, {"failures": 0, "trials": 300}],
    ids=["likely-moderate", "possible-major"],
)
def test_other_high_grades_have_no_incident_clocks(changes: dict[str, Any]) -> None:
    """A HIGH that is less likely or less bad is no incident."""
    judgement = judged(**changes)

    assert (judgement.grade, judgement.incident) == (Grade.HIGH, False)


def test_an_unknown_factor_is_not_judged() -> None:
    """Unknown is not low: there is no judgement at all."""
    with pytest.raises(InvalidValue, match=r"ImperfectionFactors\.trials is not known"):
        judged(trials=None)


def test_fairness_without_groups_is_not_judged() -> None:
    """A risk that touches non-discrimination is not judged without slices."""
    with pytest.raises(InvalidValue, match=r"ImperfectionFactors\.slices is not known"):
        GridImperfection().judge(KNOWN, basis=Basis.MEASURED, touches={"non_discrimination"}, now=NOW)


def test_exposed_identifiers_make_the_first_example_high() -> None:
    """The example of the documents, leaked resident registration numbers, is HIGH."""
    factors = ImperfectionFactors(failures=3, trials=10_000, severity=Severity.SEVERE, exposes={DataClass.UNIQUE_ID})
    judgement = GridImperfection().judge(factors, basis=Basis.MEASURED, touches={"privacy"}, now=NOW)

    assert judgement.grade is Grade.HIGH


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"severity": Severity.NEGLIGIBLE, "exposes": {DataClass.PERSONAL}}, Severity.MODERATE),
        ({"severity": Severity.MAJOR, "exposes": {DataClass.PERSONAL}}, Severity.MAJOR),
        ({"severity": Severity.MINOR, "exposes": {DataClass.UNIQUE_ID, DataClass.PERSONAL}}, Severity.SEVERE),
        ({"severity": Severity.MINOR, "exposes": {DataClass.SENSITIVE}}, Severity.SEVERE),
        ({"severity": Severity.MINOR, "vulnerable_group": True}, Severity.SEVERE),
    ],
    ids=["raises", "never-lowers", "the-gravest-counts", "sensitive", "vulnerable-group"],
)
def test_what_is_exposed_sets_a_floor_under_the_severity(changes: dict[str, Any], severity: Severity) -> None:
    """Personal data ask for MODERATE at least, graver data and a vulnerable group for SEVERE."""
    assert severity is judged(**changes).severity


@pytest.mark.parametrize(
    "method",
    [
        GridImperfection(bands=(1, 2, 3, 4)),
        GridImperfection(grid=Grid(id="all-high", rows=((Grade.HIGH,) * 5,) * 5)),
    ],
    ids=["bands", "grid"],
)
def test_numbers_of_the_method_act(method: GridImperfection) -> None:
    """A changed number or table leads to another grade."""
    assert judged(method).grade is not judged().grade


def test_the_limit_of_coverage_acts() -> None:
    """A stricter limit moves what the default lets be."""
    assert judged(GridImperfection(coverage_pct=90), coverage_pct=85).likelihood is Likelihood.POSSIBLE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bands", (100, 1_000, 10_000)),
        ("bands", (100, 100, 1_000, 10_000)),
        ("bands", (100, 1_000, 10_000, 0.5)),
        ("version", 0),
        ("id", "My Method"),
        ("coverage_pct", 101),
        ("grid", None),
        ("needs", {EvidenceKind.RESULT}),
    ],
    ids=["three-bands", "equal-bands", "float-band", "version", "id", "coverage", "grid", "needs"],
)
def test_a_method_that_cannot_work_is_refused(name: str, value: Any) -> None:
    """Bands rise, versions start at 1, needs are a frozen set."""
    with pytest.raises(InvalidValue, match=rf"^GridImperfection\.{name} must"):
        GridImperfection(**{name: value})
