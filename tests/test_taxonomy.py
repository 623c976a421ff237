"""The taxonomy of ASI: actors, classes, axes, categories, grades."""

from itertools import product
from typing import Any

import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import Actor, Axis, Grade, HumanRole, Origin, RiskCategory, RiskClass

ROWS = {
    RiskCategory.MODEL_IMPERFECTION: (Actor.AI, RiskClass.TECHNICAL, Axis.SHORT_TERM),
    RiskCategory.UNCONTROLLABILITY: (Actor.AI, RiskClass.TECHNICAL, Axis.LONG_TERM),
    RiskCategory.ACTIVE_MISUSE: (Actor.HUMAN, RiskClass.ETHICAL, Axis.INTENT),
    RiskCategory.PASSIVE_NEGLIGENCE: (Actor.HUMAN, RiskClass.ETHICAL, Axis.NO_INTENT),
}
WORDS: list[Any] = [Actor, Axis, Grade, HumanRole, Origin, RiskCategory, RiskClass]


@pytest.mark.parametrize("category", RiskCategory, ids=lambda one: one.id)
def test_a_category_implies_actor_class_and_axis(category: RiskCategory) -> None:
    """Each of the four rows of the taxonomy follows from its category."""
    assert ROWS[category] == (category.actor, category.risk_class, category.axis)


def test_of_all_mixes_only_four_exist() -> None:
    """Of the 64 ways to combine category, actor, class and axis that fit the figure, four are implied and no other."""
    implied = {(one.actor, one.risk_class, one.axis) for one in RiskCategory}

    assert set(ROWS.values()) == implied & set(product(Actor, RiskClass, Axis))


def test_there_are_two_actors() -> None:
    """Risks come from AI or from humans; there is no third actor."""
    assert [one.id for one in Actor] == ["ai", "human"]


@pytest.mark.parametrize(
    ("category", "ko"),
    [
        (RiskCategory.MODEL_IMPERFECTION, "모델 불완전성"),
        (RiskCategory.UNCONTROLLABILITY, "통제 불가능"),
        (RiskCategory.ACTIVE_MISUSE, "적극적 악용"),
        (RiskCategory.PASSIVE_NEGLIGENCE, "수동적 부주의"),
    ],
    ids=lambda one: getattr(one, "id", None),
)
def test_categories_keep_their_korean_names(category: RiskCategory, ko: str) -> None:
    """The Korean labels are the published ones, and each finds its category."""
    assert (ko, category) == (category.label("ko"), RiskCategory(ko))


def test_grades_are_ordered() -> None:
    """LOW stands below MEDIUM and MEDIUM below HIGH, so the highest can be taken."""
    assert max(Grade.LOW, Grade.HIGH, Grade.MEDIUM) is Grade.HIGH


@pytest.mark.parametrize(
    ("one", "other", "signs"),
    [
        (Grade.LOW, Grade.MEDIUM, (True, True, False, False)),
        (Grade.MEDIUM, Grade.MEDIUM, (False, True, False, True)),
        (Grade.HIGH, Grade.MEDIUM, (False, False, True, True)),
    ],
    ids=["below", "same", "above"],
)
def test_grades_compare_like_numbers(one: Grade, other: Grade, signs: tuple[bool, ...]) -> None:
    """All four comparisons agree with the order."""
    assert signs == (one < other, one <= other, one > other, one >= other)


@pytest.mark.parametrize("compare", ["__lt__", "__le__", "__gt__", "__ge__"])
def test_a_grade_is_not_compared_with_another_scale(compare: str) -> None:
    """Grades have no order with numbers or texts."""
    assert getattr(Grade.LOW, compare)("medium") is NotImplemented


@pytest.mark.parametrize(
    ("steps", "grade"), [(-5, Grade.LOW), (-1, Grade.LOW), (0, Grade.MEDIUM), (1, Grade.HIGH), (9, Grade.HIGH)]
)
def test_a_moved_grade_is_held_at_both_ends(steps: int, grade: Grade) -> None:
    """Moving beyond the scale stops at its end."""
    assert grade is Grade.MEDIUM.moved(steps)


@pytest.mark.parametrize(("short", "grade"), [("저", Grade.LOW), ("중", Grade.MEDIUM), ("고", Grade.HIGH)])
def test_a_grade_is_found_by_its_short_name(short: str, grade: Grade) -> None:
    """The one-syllable names that the press uses find the grade."""
    assert grade is Grade(short)


def test_high_is_printed_with_a_word_of_its_own() -> None:
    """HIGH is printed with no term that a law has taken."""
    assert Grade.HIGH.label("ko") == "고 등급"


@pytest.mark.parametrize("word", WORDS, ids=lambda one: one.__name__)
def test_every_word_is_found_by_id_and_korean_label(word: Any) -> None:
    """Id and Korean label find the same member."""
    assert list(word) == [word(one.id) for one in word] == [word(one.ko) for one in word]


def test_a_label_in_separate_jamo_is_found() -> None:
    """A Korean label is found in whatever normal form it was typed."""
    assert Grade("\u1100\u1169") is Grade.HIGH


@pytest.mark.parametrize("word", WORDS, ids=lambda one: one.__name__)
def test_every_word_has_an_english_label(word: Any) -> None:
    """Each member is shown in English as well, and its own way."""
    assert len(word) == len({one.label("en") for one in word} - {""})


@pytest.mark.parametrize("value", ["other", "", 1, None, "AI "], ids=["other", "empty", "number", "none", "space"])
def test_an_unknown_word_is_refused(value: Any) -> None:
    """Anything else is refused with the list of what there is."""
    with pytest.raises(InvalidValue, match="Actor must be one of ai, human"):
        Actor(value)
