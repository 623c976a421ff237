"""The failure rate that a count of trials still allows: few trials grade themselves."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

from ..exceptions import InvalidValue

__all__ = ["MAX_TRIALS", "rate_ppm"]

MAX_TRIALS = 10**9
"""Most trials one rate is made of (our choice: more change no rate by a whole millionth that matters)."""

_MILLION = 1_000_000
_STEPS = 20  # 2**20 is the first power of two above one million

# Equality at the limit counts as "still allowed", whatever the last bit of a logarithm is on this machine.
_LIMIT = 0.05 * (1 - 1e-9)
_LOG_OF_NOTHING = -700.0
_NEGLIGIBLE = 1e-15


def rate_ppm(failures: int, trials: int) -> int:
    """Return the highest failure rate that the counts still allow, in failures per million.

    It is the one-sided 95 % upper bound of Clopper and Pearson: the smallest rate at which so few failures would be
    seen in at most 5 of 100 such tests. It is found by 20 bisection steps over whole millionths.

    Args:
        failures: how many trials failed, 0 to ``trials``.
        trials: how many there were, 1 to :data:`MAX_TRIALS`.

    Returns:
        1 to 1,000,000. All failed: 1,000,000. None of 300 failed: 9,937.

    Raises:
        InvalidValue: the counts are no whole numbers in these ranges.

    Source: Clopper and Pearson, Biometrika 26 (1934). The confidence of 95 % is our choice.
    """
    if type(trials) is not int or not 1 <= trials <= MAX_TRIALS:
        raise InvalidValue("trials", f"must be a whole number from 1 to {MAX_TRIALS:,}")
    if type(failures) is not int or not 0 <= failures <= trials:
        raise InvalidValue("failures", "must be a whole number from 0 to trials")
    if failures == trials:
        return _MILLION
    allowed, refused = 0, _MILLION
    for _ in range(_STEPS):
        middle = (allowed + refused) // 2
        if middle == allowed:
            break
        if _is_refused(failures, trials, middle / _MILLION):
            refused = middle
        else:
            allowed = middle
    return refused


def _is_refused(failures: int, trials: int, rate: float) -> bool:
    """Tell whether at most ``failures`` in ``trials`` have a probability of 5 % or less at this rate."""
    if failures >= trials * rate:
        return False  # at or above the mean the probability is never under a quarter
    passes = trials - failures
    ways = lgamma(trials + 1) - lgamma(failures + 1) - lgamma(passes + 1)
    logarithm = ways + failures * log(rate) + passes * log1p(-rate)
    if logarithm < _LOG_OF_NOTHING:
        return True  # below the mean each further term is smaller still
    return _tail(failures, trials, exp(logarithm), (1 - rate) / rate) <= _LIMIT


def _tail(failures: int, trials: int, term: float, odds: float) -> float:
    """Sum the binomial terms from ``failures`` down, until the limit is passed or a term no longer counts."""
    total = 0.0
    while failures >= 0 and term > total * _NEGLIGIBLE and total <= _LIMIT:
        total += term
        term *= failures * odds / (trials - failures + 1)
        failures -= 1
    return total
