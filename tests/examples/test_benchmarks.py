"""The benchmarks run and compare like with like; how fast is not asked here."""

from collections.abc import Callable
from typing import Any

import pytest

SHORT: dict[str, dict[str, int]] = {
    "transitions": {"rounds": 2, "calls": 2},
    "routing": {"rounds": 2, "calls": 1},
    "importing": {"rounds": 2},
    "memory": {"rounds": 2, "count": 100},
    "storing": {"rounds": 2, "calls": 1},
    "training": {"rounds": 2, "calls": 1},
}
"""Each module that measures, and how little it is asked to do here."""


@pytest.fixture(scope="module")
def of_pairs(imported: Callable[[str], Any]) -> Any:
    """The function that makes a ratio of pairs."""
    return imported("benchmarks.pairing").of_pairs


@pytest.mark.long
@pytest.mark.parametrize("name", SHORT)
def test_a_comparison_runs(imported: Callable[[str], Any], name: str) -> None:
    """Each comparison gives positive ratios with their quartiles around the median."""
    for ratio in imported(f"benchmarks.{name}").measure(**SHORT[name]):
        assert 0 < ratio.low <= ratio.ratio <= ratio.high


def test_a_ratio_is_the_median_over_pairs(of_pairs: Any) -> None:
    """The ratio is that of pairs, not that of medians, and an aim is met at the ratio itself."""
    ratio = of_pairs("a", "b", [(1, 1), (4, 2), (9, 3)], unit="us", at_most=2)

    assert (2, True) == (ratio.ratio, ratio.met)


def test_a_comparison_without_an_aim_is_neither_met_nor_missed(of_pairs: Any) -> None:
    """Without an aim nothing is said about it."""
    assert of_pairs("a", "b", [(1, 1), (2, 1)], unit="us").met is None


def test_importing_the_package_loads_nothing_heavy(imported: Callable[[str], Any]) -> None:
    """What the benchmark prints as loaded holds none of the heavy packages."""
    importing = imported("benchmarks.importing")

    assert set(importing.HEAVY).isdisjoint(importing.loaded_by("kakao_asi"))
