"""The default method for passive negligence."""

import datetime as dt
from typing import Any

import attrs
import pytest

from kakao_asi.assessments import (
    Basis,
    DataClass,
    ErrorKind,
    Grid,
    GridNegligence,
    Judgement,
    Likelihood,
    NegligenceFactors,
    Severity,
)
from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import Grade

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
KNOWN = NegligenceFactors(
    opportunities_30d=1,
    errors=1,
    observed=1,
    caught_pct=0,
    severity=Severity.MODERATE,
    recovery_h=8,
    recurrences_30d=0,
    trained_days=365,
)


def judged(method: GridNegligence = GridNegligence(), basis: Basis = Basis.MEASURED, **changes: Any) -> Judgement:  # noqa: B008  # a frozen value
    """Judge the known factors with some of them changed."""
    return method.judge(attrs.evolve(KNOWN, **changes), basis=basis, touches=frozenset(), now=NOW)


@pytest.mark.parametrize(
    ("opportunities", "caught", "likelihood"),
    [
        (0, 0, Likelihood.RARE),
        (1, 97, Likelihood.RARE),
        (1, 96, Likelihood.UNLIKELY),
        (1, 70, Likelihood.UNLIKELY),
        (1, 69, Likelihood.POSSIBLE),
        (1, 0, Likelihood.POSSIBLE),
        (2, 0, Likelihood.LIKELY),
        (10, 0, Likelihood.LIKELY),
        (11, 0, Likelihood.FREQUENT),
        (1_000_000, 100, Likelihood.RARE),
    ],
)
def test_uncaught_errors_give_the_likelihood(opportunities: int, caught: int, likelihood: Likelihood) -> None:
    """With every observation an error, the errors that pass in 30 days fall into bands with inclusive upper ends."""
    assert likelihood is judged(opportunities_30d=opportunities, caught_pct=caught).likelihood


def test_nobody_looked_is_likely() -> None:
    """Without observations there is no rate, and the likelihood is LIKELY, however rarely the step is done."""
    assert judged(opportunities_30d=0, errors=0, observed=0).likelihood is Likelihood.LIKELY


def test_nobody_looked_is_told() -> None:
    """The explanation says that nobody has looked."""
    assert judged(errors=0, observed=0).steps[0].ko == "관찰된 적이 없어 ‘잦음’으로 봄"


def test_the_rate_and_what_passes_are_told() -> None:
    """The first two steps count observations and what is not caught, rounded up to hundredths."""
    judgement = judged(opportunities_30d=1_200, errors=5, observed=1_000, caught_pct=90)

    assert [step.en for step in judgement.steps[:2]] == [
        "Errors in 1,000 observations: 5, at most 10,485 in a million",
        "Done in 30 days: 1,200, 90 % caught: at most 1.26 uncaught errors, LIKELY",
    ]


@pytest.mark.parametrize(
    ("days", "likelihood"),
    [(None, Likelihood.LIKELY), (366, Likelihood.LIKELY), (365, Likelihood.POSSIBLE), (0, Likelihood.POSSIBLE)],
    ids=["never", "366", "365", "0"],
)
def test_old_training_moves_one_band_up(days: int | None, likelihood: Likelihood) -> None:
    """Training more than a year ago, never, or nobody knows when, moves the likelihood up."""
    assert likelihood is judged(trained_days=days).likelihood


def test_an_assessment_without_basis_moves_up() -> None:
    """Neither evidence nor reasons: one band up."""
    assert judged(basis=Basis.DEFAULT).likelihood is Likelihood.LIKELY


@pytest.mark.parametrize(
    ("hours", "severity", "expected"),
    [
        (0, Severity.SEVERE, Severity.MAJOR),
        (1, Severity.MODERATE, Severity.MINOR),
        (1, Severity.MINOR, Severity.MINOR),
        (1, Severity.NEGLIGIBLE, Severity.NEGLIGIBLE),
        (2, Severity.MODERATE, Severity.MODERATE),
        (None, Severity.MODERATE, Severity.MAJOR),
        (None, Severity.SEVERE, Severity.SEVERE),
    ],
    ids=["at-once", "an-hour", "not-under-minor", "negligible-stays", "two-hours", "never", "never-at-the-top"],
)
def test_recovery_moves_the_severity(hours: int | None, severity: Severity, expected: Severity) -> None:
    """Undone within the hour: one lower, not under MINOR; cannot be undone: one higher."""
    assert expected is judged(recovery_h=hours, severity=severity).severity


def test_floors_come_after_recovery() -> None:
    """Quick recovery does not take away what exposed data ask for."""
    assert judged(recovery_h=0, exposes={DataClass.SENSITIVE}).severity is Severity.SEVERE


@pytest.mark.parametrize(("times", "grade"), [(2, Grade.MEDIUM), (3, Grade.HIGH)])
def test_three_returns_move_the_grade_one_up(times: int, grade: Grade) -> None:
    """An error that came back three times in 30 days is one grade graver."""
    assert grade is judged(recurrences_30d=times).grade


def test_returns_at_the_top_stay_high() -> None:
    """There is no grade above HIGH, and the explanation says that it stays."""
    assert (
        judged(recurrences_30d=3, opportunities_30d=11).steps[-1].en
        == "Returns of one error in 30 days: 3; grade stays HIGH"
    )


@pytest.mark.parametrize("kind", [None, *ErrorKind], ids=lambda kind: kind.id if kind else "none")
def test_the_kind_of_error_grades_nothing(kind: ErrorKind | None) -> None:
    """How an error comes about chooses controls and leaves the judgement alone."""
    assert judged() == judged(error_kind=kind)


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        (GridNegligence(bands=(1, 2, 3, 4)), {}),
        (GridNegligence(recovery_h=8), {}),
        (GridNegligence(trained_days=364), {}),
        (GridNegligence(recurrences=1), {"recurrences_30d": 1}),
        (GridNegligence(grid=Grid(id="all-high", rows=((Grade.HIGH,) * 5,) * 5)), {}),
    ],
    ids=["bands", "recovery", "training", "recurrences", "grid"],
)
def test_numbers_of_the_method_act(method: GridNegligence, changes: dict[str, Any]) -> None:
    """A changed number or table judges otherwise than the default."""
    assert judged(method, **changes) != judged(**changes)


def test_an_unknown_factor_is_not_judged() -> None:
    """How often the same error came back must be known."""
    with pytest.raises(InvalidValue, match=r"NegligenceFactors\.recurrences_30d is not known"):
        judged(recurrences_30d=None)
