"""A risk: what could go wrong, and who it comes from."""

from typing import Any

import attrs
import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.risks import Fingerprint, Risk
from kakao_asi.stages import Stage
from kakao_asi.taxonomy import Actor, HumanRole, RiskCategory

LEAK = Risk(
    id="leaks-rrn",
    title="답변에 주민등록번호가 그대로 나온다",
    category=RiskCategory.MODEL_IMPERFECTION,
    system="demo-chat",
    component="reply",
    principles={"privacy"},
    owner="serving",
)
SLIP = attrs.evolve(LEAK, id="pastes-rrn", category=RiskCategory.PASSIVE_NEGLIGENCE, human_role=HumanRole.DEPLOYER)


@pytest.mark.parametrize("category", RiskCategory, ids=lambda one: one.id)
def test_the_actor_follows_from_the_category(category: RiskCategory) -> None:
    """Nobody states the actor; the category does."""
    assert attrs.evolve(LEAK, category=category).actor is category.actor


def test_the_actor_cannot_be_stated() -> None:
    """There is no field by which actor and category could disagree."""
    with pytest.raises(TypeError, match="actor"):
        attrs.evolve(LEAK, actor=Actor.HUMAN)  # type: ignore[call-arg]  # the point


def test_a_risk_shows_at_all_stages_unless_told_otherwise() -> None:
    """By default a risk is asked about at each of the six stages."""
    assert LEAK.stages == frozenset(Stage)


def test_stages_are_stated_in_korean_as_well() -> None:
    """Ids, Korean labels and members mix freely."""
    assert attrs.evolve(LEAK, stages=["설계", "test", Stage.UPDATE]).stages == {Stage.DESIGN, Stage.TEST, Stage.UPDATE}


def test_the_category_is_stated_in_korean_as_well() -> None:
    """The Korean label names the category."""
    assert attrs.evolve(LEAK, category="통제 불가능").category is RiskCategory.UNCONTROLLABILITY


@pytest.mark.parametrize(
    "category", [RiskCategory.ACTIVE_MISUSE, RiskCategory.PASSIVE_NEGLIGENCE], ids=lambda one: one.id
)
@pytest.mark.parametrize("role", HumanRole, ids=lambda one: one.id)
def test_a_risk_from_humans_may_name_their_role(category: RiskCategory, role: HumanRole) -> None:
    """Humans are developers, deployers, users or affected people."""
    assert attrs.evolve(SLIP, category=category, human_role=role).human_role is role


@pytest.mark.parametrize(
    "category", [RiskCategory.MODEL_IMPERFECTION, RiskCategory.UNCONTROLLABILITY], ids=lambda one: one.id
)
def test_a_risk_from_ai_has_no_human_role(category: RiskCategory) -> None:
    """A mixed cause is two linked risks, and the error says so."""
    with pytest.raises(InvalidValue, match=r"Risk\.human_role does not belong to a risk from AI .*; .* linked risk"):
        attrs.evolve(SLIP, category=category)


def test_one_harm_from_two_actors_is_two_risks() -> None:
    """The same leak by a system and by a person has two fingerprints."""
    assert LEAK.fingerprint != attrs.evolve(SLIP, id="leaks-rrn").fingerprint


def test_the_fingerprint_names_what_makes_a_risk_the_same() -> None:
    """System, actor, category, component and label; the label defaults to the id."""
    expected = Fingerprint("demo-chat", Actor.AI, RiskCategory.MODEL_IMPERFECTION, "reply", "leaks-rrn")

    assert expected == LEAK.fingerprint


def test_a_label_makes_two_ids_one_risk() -> None:
    """With one label, risks of other ids are the same risk."""
    first, second = (attrs.evolve(LEAK, id=id, label="rrn") for id in ("one", "two"))  # the word of the library

    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize(
    "changes", [{"title": "다른 제목"}, {"owner": "data"}, {"stages": [Stage.TEST]}], ids=["title", "owner", "stages"]
)
def test_wording_and_scope_leave_the_fingerprint_alone(changes: dict[str, Any]) -> None:
    """What is reworded or moved stays the same risk."""
    assert LEAK.fingerprint == attrs.evolve(LEAK, **changes).fingerprint


def test_words_are_not_shown() -> None:
    """Title and description stay out of the representation."""
    text = repr(attrs.evolve(LEAK, description="상세 설명\n둘째 줄"))

    assert "주민등록번호" not in text
    assert "상세" not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principles": ()}, "Risk.principles"),
        ({"principles": "privacy"}, "Risk.principles"),
        ({"stages": ()}, "Risk.stages"),
        ({"stages": "test"}, "Risk.stages"),
        ({"stages": ["retired"]}, "Risk.stages"),
        ({"stages": None}, "Risk.stages"),
        ({"title": "두\n줄"}, "Risk.title"),
        ({"title": "\u115f"}, "Risk.title"),
        ({"description": "x" * 4_001}, "Risk.description"),
        ({"description": "tab\there"}, "Risk.description"),
        ({"owner": "이서연"}, "Risk.owner"),
        ({"legal_obligation": "yes"}, "Risk.legal_obligation"),
        ({"category": "other"}, "RiskCategory"),
        ({"human_role": "user"}, "Risk.human_role"),
    ],
    ids=[
        "no-principle",
        "one-principle-as-text",
        "no-stage",
        "one-stage-as-text",
        "unknown-stage",
        "none",
        "two-lines",
        "filler",
        "too-long",
        "control-character",
        "person-as-owner",
        "obligation",
        "category",
        "role",
    ],
)
def test_a_risk_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """Each field of a risk keeps its rule, and the error names the field."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(LEAK, **changes)

    assert caught.value.field == field
