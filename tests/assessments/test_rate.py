"""The failure rate that a count of trials still allows."""

from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.assessments import MAX_TRIALS, rate_ppm
from kakao_asi.exceptions import InvalidValue

LIMIT = Fraction(1, 20)

COUNTS = st.integers(1, 400).flatmap(lambda trials: st.tuples(st.integers(0, trials - 1), st.just(trials)))
LARGE = st.integers(1, MAX_TRIALS).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


def chance(failures: int, trials: int, ppm: int) -> Fraction:
    """The exact probability of at most so many failures at a rate."""
    rate = Fraction(ppm, 1_000_000)
    return sum(
        (comb(trials, one) * rate**one * (1 - rate) ** (trials - one) for one in range(failures + 1)), Fraction(0)
    )


@pytest.mark.parametrize(
    ("failures", "trials", "expected"),
    [
        (0, 1, 950_001),
        (0, 30, 95_034),
        (0, 300, 9_937),
        (0, 3_000, 999),
        (0, 30_000, 100),
        (3, 10_000, 776),
        (5, 1_000, 10_485),
        (12, 400, 48_154),
        (1, 1, 1_000_000),
        (400, 400, 1_000_000),
        (0, 1_000_000_000, 1),
        (10_000_000, 1_000_000_000, 10_006),
    ],
)
def test_known_counts_have_known_rates(failures: int, trials: int, expected: int) -> None:
    """Published and hand-checked counts give the rates they are known to give."""
    assert expected == rate_ppm(failures, trials)


@given(COUNTS)
def test_the_rate_is_the_smallest_that_is_refused(counts: tuple[int, int]) -> None:
    """At the rate returned so few failures are too unlikely, and one millionth lower they are not."""
    rate = rate_ppm(*counts)

    assert chance(*counts, rate) <= LIMIT <= chance(*counts, rate - 1) * (1 + Fraction(1, 10**8))


@given(LARGE)
def test_the_rate_is_never_under_the_share_that_failed(counts: tuple[int, int]) -> None:
    """The bound lies above the observed share, and inside one million."""
    failures, trials = counts

    assert failures * 1_000_000 <= rate_ppm(failures, trials) * trials <= 1_000_000 * trials


@given(LARGE, st.integers(0, MAX_TRIALS))
def test_more_failures_never_lower_the_rate(counts: tuple[int, int], fewer: int) -> None:
    """Of two tests with as many trials the one with fewer failures has no higher rate."""
    failures, trials = counts

    assert rate_ppm(min(fewer, failures), trials) <= rate_ppm(failures, trials)


@given(LARGE, st.integers(1, MAX_TRIALS))
def test_more_trials_never_raise_the_rate(counts: tuple[int, int], more: int) -> None:
    """Further trials that all pass do not raise the rate."""
    failures, trials = counts

    assert rate_ppm(failures, min(trials + more, MAX_TRIALS)) <= rate_ppm(failures, trials)


@pytest.mark.parametrize(
    ("failures", "trials"),
    [(0, 0), (-1, 10), (11, 10), (0, MAX_TRIALS + 1), (1.0, 10), (1, 10.0), (True, 10), (0, True), ("1", 10)],
    ids=[
        "no-trial",
        "negative",
        "too-many",
        "beyond-the-limit",
        "float",
        "float-trials",
        "bool",
        "bool-trials",
        "text",
    ],
)
def test_counts_that_make_no_sense_are_refused(failures: Any, trials: Any) -> None:
    """Anything but whole numbers with 0 <= failures <= trials >= 1 is refused."""
    with pytest.raises(InvalidValue):
        rate_ppm(failures, trials)
