"""A governance as one value, and the tolerance in it."""

import datetime as dt
from typing import Any

import attrs
import pytest

from kakao_asi import Audience, Governance, Grade, Matter, RiskCategory, Stage, System
from kakao_asi.catalog import kakao_governance
from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import AcceptanceTerms, ReleaseRule, StageGate, StageNeed, Tolerance, ToleranceRule
from kakao_asi.systems import PinKind

BASE = kakao_governance()
CHAT = System(id="chat", unit="chat", audience=Audience.EXTERNAL)
TOOL = System(id="tool", unit="chat", audience=Audience.INTERNAL)
IMPERFECTION, MISUSE = RiskCategory.MODEL_IMPERFECTION, RiskCategory.ACTIVE_MISUSE


def test_a_principle_is_named_once() -> None:
    """Two of one id could mean two things."""
    with pytest.raises(InvalidValue, match="principles"):
        attrs.evolve(BASE, principles=(*BASE.principles, BASE.principles[0]))


@pytest.mark.parametrize("methods", [BASE.methods[1:], (*BASE.methods, BASE.methods[0])], ids=["missing", "twice"])
def test_each_category_has_one_method(methods: Any) -> None:
    """No risk is without one, and none has two."""
    with pytest.raises(InvalidValue, match="methods"):
        attrs.evolve(BASE, methods=methods)


def test_a_need_needs_something() -> None:
    """A need of nothing is a slip."""
    with pytest.raises(InvalidValue, match="StageNeed"):
        StageNeed(stage=Stage.TEST, pins=())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("approval_days", 0),
        ("approval_days", 367),
        ("reason_characters", 0),
        ("reason_characters", 201),
        ("not_applicable_days", 0),
        ("not_applicable_days", 367),
        ("version", 0),
        ("second_line_role", ""),
        ("close_on_grade", 1),
        ("duties", ()),
    ],
)
def test_numbers_stay_in_their_ranges(field: str, value: Any) -> None:
    """A governance that cannot be meant is refused, by the name of the field."""
    with pytest.raises(InvalidValue, match=f"Governance.{field}"):
        attrs.evolve(BASE, **{field: value})


def test_a_governance_answers_by_stage() -> None:
    """Which question is asked, and what is pinned; words and Korean labels do."""
    own = attrs.evolve(
        BASE,
        stage_gates=(StageGate(stage="배포", matter="출시"),),
        stage_needs=(
            StageNeed(stage="test", pins=(PinKind.DATA,)),
            StageNeed(stage=Stage.TEST, pins=(PinKind.MODEL,)),
        ),
    )

    assert (Matter.RELEASE, None) == (own.matter_for(Stage.DEPLOYMENT), own.matter_for(Stage.TEST))
    assert ({PinKind.DATA, PinKind.MODEL}, frozenset()) == (own.pins_for(Stage.TEST), own.pins_for(Stage.DESIGN))
    assert (True, False) == (own.knows("privacy"), own.knows("kindness"))
    assert [own.method_for(category).category for category in RiskCategory] == list(RiskCategory)


@pytest.mark.parametrize("audience", list(Audience), ids=lambda one: one.id)
@pytest.mark.parametrize("grade", list(Grade), ids=lambda one: one.id)
def test_a_release_rule_blocks_from_its_grade_up(audience: Audience, grade: Grade) -> None:
    """For its audience only, inclusive."""
    own = attrs.evolve(BASE, release_rules=(ReleaseRule(audience="external", blocks_from="medium"),))

    assert own.blocks_release(audience, grade) is (audience is Audience.EXTERNAL and grade >= Grade.MEDIUM)


@pytest.mark.parametrize(
    ("rules", "system", "category", "limit"),
    [
        ((), CHAT, IMPERFECTION, Grade.MEDIUM),
        ((ToleranceRule(within="low", audience=Audience.EXTERNAL),), CHAT, IMPERFECTION, Grade.LOW),
        ((ToleranceRule(within="low", audience=Audience.EXTERNAL),), TOOL, IMPERFECTION, Grade.MEDIUM),
        ((ToleranceRule(within="low", category=MISUSE),), CHAT, MISUSE, Grade.LOW),
        ((ToleranceRule(within="low", category=MISUSE),), CHAT, IMPERFECTION, Grade.MEDIUM),
        ((ToleranceRule(within="low", system="tool"),), TOOL, MISUSE, Grade.LOW),
        ((ToleranceRule(within="low", system="tool"),), CHAT, MISUSE, Grade.MEDIUM),
        ((ToleranceRule(within="high"), ToleranceRule(within="low")), CHAT, MISUSE, Grade.LOW),
        ((ToleranceRule(within="high"),), CHAT, MISUSE, Grade.MEDIUM),
        ((ToleranceRule(within="low", stage=Stage.TEST),), CHAT, MISUSE, Grade.LOW),
        ((ToleranceRule(within="low", stage=Stage.UPDATE),), CHAT, MISUSE, Grade.MEDIUM),
    ],
    ids=[
        "none",
        "audience",
        "audience-2",
        "category",
        "category-2",
        "system",
        "system-2",
        "lowest",
        "never-higher",
        "stage",
        "stage-2",
    ],
)
def test_the_lowest_tolerance_that_covers_a_risk_counts(
    rules: Any, system: System, category: Any, limit: Grade
) -> None:
    """A rule lowers, never raises; None in it matches everything."""
    assert limit is Tolerance(rules=rules).limit(system, category, Stage.TEST)


@pytest.mark.parametrize("grade", list(Grade), ids=lambda one: one.id)
def test_an_incident_shortens_what_is_longest(grade: Grade) -> None:
    """To its own term, never to more than the grade's."""
    terms = AcceptanceTerms(low=10, medium=40, high=90, incident=30)
    days = {Grade.LOW: 10, Grade.MEDIUM: 40, Grade.HIGH: 90}[grade]

    assert dt.timedelta(days=days) == terms.longest(grade, incident=False)
    assert dt.timedelta(days=min(days, 30)) == terms.longest(grade, incident=True)


def test_the_default_is_a_governance() -> None:
    """Everything of ours is marked so; HIGH blocks outside, and no grade shuts a component."""
    assert isinstance(BASE, Governance)
    assert (True, False) == (
        BASE.blocks_release(Audience.EXTERNAL, Grade.HIGH),
        BASE.blocks_release(Audience.INTERNAL, Grade.HIGH),
    )
    assert (30, 20, 365, False) == (
        BASE.approval_days,
        BASE.reason_characters,
        BASE.not_applicable_days,
        BASE.close_on_grade,
    )
