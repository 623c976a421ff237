"""The test profile that the scenarios are scored on."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory


def test_the_25_cells_fold_to_three_grades(profile: Callable[..., Any]) -> None:
    """Eight cells are LOW, seven MEDIUM and ten HIGH, and no grade falls as either side rises."""
    rows = profile().method_for(RiskCategory.MODEL_IMPERFECTION).grid.rows

    assert {Grade.LOW: 8, Grade.MEDIUM: 7, Grade.HIGH: 10} == Counter(cell for row in rows for cell in row)
    lines = [*rows, *zip(*rows, strict=True)]
    assert all(before <= after for line in lines for before, after in pairwise(line))


@pytest.mark.parametrize("likely", range(1, 6))
@pytest.mark.parametrize("bad", range(1, 6))
@pytest.mark.parametrize("category", ["model_imperfection", "active_misuse", "passive_negligence"])
def test_a_score_is_what_a_story_says(
    tell: Callable[..., Any], scored: Callable[..., Any], category: str, likely: int, bad: int
) -> None:
    """Factors for a score give it, and from sixteen up a HIGH takes the clocks of an incident."""
    story = tell()
    story.risk("r", RiskCategory(category))
    found = story.assess("r", likely, bad)

    assert (likely, bad) == scored(found)
    assert (likely * bad >= 16) is found.judgement.incident
