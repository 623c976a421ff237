"""The scales, and the grid that folds likelihood and severity to a grade."""

from itertools import pairwise, product
from typing import Any

import pytest

from kakao_asi.assessments import (
    GRID,
    Access,
    AssessmentKind,
    Basis,
    DataClass,
    ErrorKind,
    Grid,
    Likelihood,
    Line,
    Reversibility,
    Severity,
    Skill,
    Uplift,
)
from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import Grade

CELLS = list(product(Likelihood, Severity))
WORDS = [Access, AssessmentKind, Basis, DataClass, ErrorKind, Likelihood, Line, Reversibility, Severity, Skill, Uplift]
LETTERS = {
    Likelihood.RARE: "LLLMM",
    Likelihood.UNLIKELY: "LLMMH",
    Likelihood.POSSIBLE: "LMMHH",
    Likelihood.LIKELY: "LMHHH",
    Likelihood.FREQUENT: "MMHHH",
}
OFF_THE_PRODUCT = {(Likelihood.RARE, Severity.MAJOR), (Likelihood.FREQUENT, Severity.MINOR)}


def rows_with(likelihood: int, severity: int, grade: Any) -> Any:
    """The rows of the default grid with one cell replaced."""
    rows: list[list[Any]] = [list(row) for row in GRID.rows]
    rows[likelihood][severity] = grade
    return tuple(tuple(row) for row in rows)


@pytest.mark.parametrize("likelihood", Likelihood, ids=lambda one: one.id)
def test_every_row_of_the_grid_is_as_documented(likelihood: Likelihood) -> None:
    """Each of the 25 cells holds the grade that the documents print."""
    letters = "".join(GRID.grade(likelihood, severity).name[0] for severity in Severity)

    assert LETTERS[likelihood] == letters


def test_a_higher_likelihood_never_lowers_the_grade() -> None:
    """Along every column the grades rise or stay."""
    assert all(
        GRID.grade(lower, severity) <= GRID.grade(higher, severity)
        for lower, higher in pairwise(Likelihood)
        for severity in Severity
    )


def test_a_higher_severity_never_lowers_the_grade() -> None:
    """Along every row the grades rise or stay."""
    assert all(
        GRID.grade(likelihood, lower) <= GRID.grade(likelihood, higher)
        for lower, higher in pairwise(Severity)
        for likelihood in Likelihood
    )


def test_severe_is_never_low() -> None:
    """However rare, a SEVERE harm is not LOW."""
    assert Grade.LOW not in {GRID.grade(likelihood, Severity.SEVERE) for likelihood in Likelihood}


@pytest.mark.parametrize(("likelihood", "severity"), CELLS, ids=lambda one: one.id)
def test_the_grid_folds_the_bands_of_a_product_but_for_two_cells(likelihood: Likelihood, severity: Severity) -> None:
    """Products 1-4, 5-9 and 10-25 fold to LOW, MEDIUM and HIGH, save two cells that are MEDIUM."""
    number = (likelihood.rank + 1) * (severity.rank + 1)
    folded = Grade.HIGH if number >= 10 else Grade.MEDIUM if number >= 5 else Grade.LOW
    expected = Grade.MEDIUM if (likelihood, severity) in OFF_THE_PRODUCT else folded

    assert expected is GRID.grade(likelihood, severity)


def test_both_cells_off_the_product_differ_from_it() -> None:
    """One cell lies above its product band and one below, so neither exception is idle."""
    assert {4, 10} == {(likelihood.rank + 1) * (severity.rank + 1) for likelihood, severity in OFF_THE_PRODUCT}


@pytest.mark.parametrize(
    "rows",
    [
        list(GRID.rows),
        GRID.rows[:4],
        (*GRID.rows[:4], GRID.rows[4][:4]),
        (*GRID.rows[:4], list(GRID.rows[4])),
        rows_with(0, 0, "low"),
        rows_with(2, 4, Grade.LOW),
        rows_with(3, 1, Grade.LOW),
    ],
    ids=["no-tuple", "a-row-short", "a-cell-short", "a-row-as-list", "no-grade", "falls-in-row", "falls-in-column"],
)
def test_a_grid_that_cannot_be_right_is_refused(rows: Any) -> None:
    """A grid has 5 rows of 5 grades that never fall as likelihood or severity rises."""
    with pytest.raises(InvalidValue, match=r"^Grid\.rows must"):
        Grid(id="own", rows=rows)


def test_a_team_builds_a_grid_of_its_own() -> None:
    """A grid with other grades answers with them."""
    strict = Grid(id="strict", rows=((Grade.MEDIUM,) * 5,) * 4 + ((Grade.HIGH,) * 5,))

    assert strict.grade(Likelihood.FREQUENT, Severity.NEGLIGIBLE) is Grade.HIGH


@pytest.mark.parametrize("word", WORDS, ids=lambda one: one.__name__)
def test_every_word_is_found_by_its_korean_label(word: Any) -> None:
    """The Korean label names one member of a scale, and the same one as its id."""
    assert list(word) == [word(member.ko) for member in word] == [word(member.id) for member in word]
