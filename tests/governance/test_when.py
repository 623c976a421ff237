"""Conditions: which cells they hold for, and how they are said."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import Cell, Level, Matter, Reason, When
from kakao_asi.stages import Stage
from kakao_asi.systems import Audience
from kakao_asi.taxonomy import RiskCategory

DIMENSIONS: dict[str, Any] = {
    "matter": Matter,
    "level": Level,
    "category": RiskCategory,
    "stage": Stage,
    "audience": Audience,
    "reason": Reason,
}

sets = {name: st.none() | st.frozensets(st.sampled_from(list(kind))) for name, kind in DIMENSIONS.items()}
conditions = st.builds(When, **sets)
cells = st.builds(Cell, **{name: st.sampled_from(list(kind)) for name, kind in DIMENSIONS.items()})


def holds(when: When, cell: Cell) -> bool:
    """Tell set by set whether a condition holds."""
    pairs = ((getattr(when, name), getattr(cell, name)) for name in DIMENSIONS)
    return all(members is None or member in members for members, member in pairs)


@given(conditions, cells)
def test_condition_holds_where_each_of_its_sets_holds(when: When, cell: Cell) -> None:
    """The compiled mask says the same as looking into every set."""
    assert when.holds(cell) == holds(when, cell)


@given(conditions)
def test_condition_counts_the_product_of_its_sets(when: When) -> None:
    """A condition has as many cells as its sets multiply to."""
    expected = 1
    for name, kind in DIMENSIONS.items():
        members = getattr(when, name)
        expected *= len(kind) if members is None else len(members)

    assert when.mask.bit_count() == expected


def test_every_cell_has_a_place_of_its_own() -> None:
    """The 9,216 cells are told apart by conditions of one member each."""
    masks = {
        When(**{name: {member} for name, member in zip(DIMENSIONS, members, strict=True)}).mask
        for members in product(*DIMENSIONS.values())
    }

    assert (len(masks), sum(masks)) == (9_216, When().mask)


@pytest.mark.parametrize(
    "matter",
    [["release"], ("출시",), {Matter.RELEASE}, iter([Matter.RELEASE])],
    ids=["ids", "korean", "members", "iterator"],
)
def test_condition_takes_members_by_id_and_label(matter: Any) -> None:
    """Members are found by id and Korean label, in any iterable."""
    assert When(matter=matter) == When(matter={Matter.RELEASE})


@pytest.mark.parametrize("name", DIMENSIONS)
@pytest.mark.parametrize("value", ["low", 3, [3]], ids=["text", "number", "number inside"])
def test_condition_refuses_anything_but_members(name: str, value: Any) -> None:
    """One text alone, a number or a foreign member is refused with the field's name."""
    with pytest.raises(InvalidValue, match=f"When.{name}"):
        When(**{name: value})


@pytest.mark.parametrize(
    ("when", "ko", "en"),
    [
        (When(), "모든 안건", "any case"),
        (When(level=set(Level)), "모든 안건", "any case"),
        (When(matter={Matter.RELEASE}), "안건: 출시", "matter: Release"),
        (
            When(level={Level.HIGH, Level.MEDIUM}, audience={Audience.EXTERNAL}),
            "등급: 중 등급, 고 등급; 대상: 외부 공개",
            "grade: MEDIUM, HIGH; audience: External",
        ),
        (When(reason=set(Reason) - {Reason.INCIDENT}), "사유: 사고 제외", "reason: any but an incident"),
        (When(level=[]), "등급: 없음", "grade: none"),
    ],
    ids=["any", "all members", "one", "two sets", "all but one", "empty"],
)
def test_condition_is_said_in_both_languages(when: When, ko: str, en: str) -> None:
    """A condition says what it tests, in the order of the dimensions, and nothing else."""
    assert (when.label("ko"), when.label("en")) == (ko, en)


def test_condition_never_calls_a_grade_by_a_legal_term() -> None:
    """The Korean word for HIGH is neither the EU's nor the AI Basic Act's."""
    said = When(level={Level.HIGH}).label("ko")

    assert "고 등급" in said
    assert not {"고위험", "고영향"} & set(said.split())


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When(level={Level.HIGH}), ("level",)),
        (
            When(matter={Matter.GOVERNANCE}, stage={Stage.TEST}, category={RiskCategory.ACTIVE_MISUSE}),
            ("category", "stage"),
        ),
        (When(matter={Matter.RISK}, level={Level.HIGH}), ()),
        (When(matter={Matter.GOVERNANCE}, reason={Reason.OBJECTION}), ()),
        (When(audience=set(Audience)), ()),
    ],
    ids=["any matter", "governance", "other matter", "reason", "all members"],
)
def test_condition_knows_what_a_governance_case_lacks(when: When, expected: tuple[str, ...]) -> None:
    """A condition names the dimensions it tests although a governance case, which it takes in, has none."""
    assert when.foreign == expected
