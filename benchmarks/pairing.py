"""Measuring in pairs: ours and its twin take turns in one run, and only their ratio is believed.

A busy machine slows both of a pair alike, so the ratio stays while the milliseconds wander.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

from attrs import frozen

__all__ = ["Ratio", "of_pairs", "paired"]


@frozen(kw_only=True)
class Ratio:
    """What one comparison found.

    Attributes:
        name: what was compared.
        twin: what it was compared with.
        ours_per_call: what one call of ours took, median; in ``unit``.
        twin_per_call: the same for the twin.
        unit: of the two numbers.
        ratio: ours through twin, median over the rounds; below 1 means less than the twin.
        low: lower quartile of the ratios.
        high: upper quartile of the ratios.
        rounds: how many rounds there were.
        at_most: the ratio aimed at; None where there is no aim.
    """

    name: str
    twin: str
    ours_per_call: float
    twin_per_call: float
    unit: str
    ratio: float
    low: float
    high: float
    rounds: int
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        return None if self.at_most is None else self.ratio <= self.at_most


def of_pairs(
    name: str, twin: str, pairs: list[tuple[float, float]], *, unit: str, at_most: float | None = None
) -> Ratio:
    """Return the ratio over measured pairs of ours and twin; at least two pairs."""
    ratios = [ours / other for ours, other in pairs]
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return Ratio(
        name=name,
        twin=twin,
        ours_per_call=statistics.median(ours for ours, _ in pairs),
        twin_per_call=statistics.median(other for _, other in pairs),
        unit=unit,
        ratio=statistics.median(ratios),
        low=low,
        high=high,
        rounds=len(pairs),
        at_most=at_most,
    )


def paired(
    name: str,
    ours: Callable[[], object],
    twin_name: str,
    twin: Callable[[], object],
    *,
    rounds: int,
    calls: int,
    at_most: float | None = None,
) -> Ratio:
    """Time two callables in turns, the first of a round alternating, and return their ratio in microseconds a call."""
    ours()
    twin()
    pairs = []
    collecting = gc.isenabled()
    gc.disable()
    try:
        for number in range(rounds):
            first, second = (ours, twin) if number % 2 else (twin, ours)
            times = {first: _time(first, calls), second: _time(second, calls)}
            pairs.append((times[ours], times[twin]))
            gc.collect()
    finally:
        if collecting:
            gc.enable()
    return of_pairs(name, twin_name, pairs, unit="us", at_most=at_most)


def _time(call: Callable[[], object], calls: int) -> float:
    begun = time.perf_counter_ns()
    for _ in range(calls):
        call()
    return (time.perf_counter_ns() - begun) / calls / 1_000
