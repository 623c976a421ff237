"""The default method for uncontrollability."""

import datetime as dt
from typing import Any

import attrs
import pytest

from kakao_asi.assessments import (
    Basis,
    DataClass,
    Judgement,
    Reversibility,
    ThresholdUncontrollability,
    UncontrollabilityFactors,
)
from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import Grade

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
CALM = UncontrollabilityFactors(
    tier=1,
    safeguards_tier=1,
    margin_pct=21,
    autonomy=0,
    reversibility=Reversibility.REVERSIBLE,
    oversight_pct=100,
    surprises_30d=0,
    evasion_seen=False,
)
DRILL: dict[str, Any] = {
    "stop_tested_at": NOW - dt.timedelta(days=90),
    "stop_ms": 800,
    "stop_limit_ms": 800,
}


def judged(
    method: ThresholdUncontrollability = ThresholdUncontrollability(),  # noqa: B008  # a frozen value
    basis: Basis = Basis.MEASURED,
    **changes: Any,
) -> Judgement:
    """Judge calm factors with some of them changed."""
    return method.judge(attrs.evolve(CALM, **changes), basis=basis, touches=frozenset(), now=NOW)


def codes(judgement: Judgement) -> list[str]:
    """The codes of all steps."""
    return [step.code for step in judgement.steps]


def test_where_no_threshold_is_crossed_the_grade_is_low() -> None:
    """Calm factors are LOW, and the one step says why."""
    judgement = judged()

    assert (judgement.grade, judgement.text("en")) == (Grade.LOW, "No threshold is crossed: LOW")


def test_there_is_neither_likelihood_nor_severity() -> None:
    """Nobody has a rate for what was never seen, so none is claimed."""
    judgement = judged()

    assert (judgement.likelihood, judgement.severity) == (None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"tier": 2}, "tier"), ({"evasion_seen": True}, "evasion")],
    ids=["above-the-safeguards", "evasion"],
)
def test_out_of_hand_is_high_with_the_clocks_of_an_incident(changes: dict[str, Any], code: str) -> None:
    """Capability above the safeguards, or evasion seen, is HIGH and handled as an incident."""
    judgement = judged(**changes)

    assert (judgement.grade, judgement.incident, codes(judgement)) == (Grade.HIGH, True, [code])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"autonomy": 2}, "stop_untested"),
        ({"autonomy": 2, **DRILL, "stop_ms": None}, "stop_untested"),
        ({"autonomy": 2, **DRILL, "stop_limit_ms": None}, "stop_untested"),
        ({"autonomy": 2, **DRILL, "stop_tested_at": NOW + dt.timedelta(days=1)}, "stop_untested"),
        ({"autonomy": 2, **DRILL, "stop_tested_at": NOW - dt.timedelta(days=90, seconds=1)}, "stop_old"),
        ({"autonomy": 2, **DRILL, "stop_ms": 801}, "stop_slow"),
        ({"autonomy": 3, **DRILL, "reversibility": Reversibility.IRREVERSIBLE}, "irreversible"),
    ],
    ids=["untested", "no-time", "no-limit", "drill-in-the-future", "drill-too-old", "too-slow", "no-way-back"],
)
def test_no_brake_and_no_way_back_are_high(changes: dict[str, Any], code: str) -> None:
    """Acts that nobody approves first need a stop shown to work; acts alone need a way back."""
    judgement = judged(**changes)

    assert (judgement.grade, judgement.incident, codes(judgement)[0]) == (Grade.HIGH, False, code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"margin_pct": 20}, "margin"),
        ({"autonomy": 3, **DRILL}, "autonomy"),
        ({"autonomy": 3, **DRILL, "reversibility": Reversibility.COSTLY}, "autonomy"),
        ({"autonomy": 4, **DRILL}, "autonomy"),
        ({"autonomy": 2, **DRILL, "reversibility": Reversibility.COSTLY}, "hard_to_undo"),
        ({"autonomy": 2, **DRILL, "reversibility": Reversibility.IRREVERSIBLE}, "hard_to_undo"),
        ({"surprises_30d": 1}, "surprises"),
        ({"autonomy": 1, "oversight_pct": 99}, "oversight"),
        ({"exposes": {DataClass.PERSONAL}}, "exposes"),
        ({"vulnerable_group": True}, "exposes"),
    ],
    ids=[
        "near-the-next-tier",
        "acts-alone",
        "acts-alone-costly",
        "starts-agents",
        "vetoable-costly",
        "vetoable-irreversible",
        "surprise",
        "gap-in-the-log",
        "personal-data",
        "vulnerable-group",
    ],
)
def test_loose_ends_are_medium(changes: dict[str, Any], code: str) -> None:
    """One threshold of the middle is enough for MEDIUM and stands alone in the explanation."""
    judgement = judged(**changes)

    assert (judgement.grade, codes(judgement)) == (Grade.MEDIUM, [code])


@pytest.mark.parametrize(
    "changes",
    [
        {"autonomy": 1, "reversibility": Reversibility.IRREVERSIBLE},
        {"oversight_pct": 0},
        {"autonomy": 2, **DRILL},
        {"tier": 0},
        {"tier": 1, "safeguards_tier": 4},
    ],
    ids=["approved-first", "only-advises", "vetoable-with-a-stop", "below-the-safeguards", "ample-safeguards"],
)
def test_what_is_held_in_hand_stays_low(changes: dict[str, Any]) -> None:
    """Acts that are approved first, or can be stopped and undone, cross no threshold."""
    assert judged(**changes).grade is Grade.LOW


def test_without_basis_low_becomes_medium() -> None:
    """There is no likelihood to move, so the grade itself moves."""
    assert judged(basis=Basis.DEFAULT).grade is Grade.MEDIUM


def test_without_basis_medium_stays() -> None:
    """Nothing but LOW is lifted."""
    assert judged(basis=Basis.DEFAULT, margin_pct=0).grade is Grade.MEDIUM


def test_every_crossed_threshold_is_told() -> None:
    """The explanation names all that speaks for a grade, the gravest first."""
    judgement = judged(basis=Basis.DEFAULT, evasion_seen=True, margin_pct=0, surprises_30d=2)

    assert codes(judgement) == ["evasion", "margin", "surprises", "basis"]


def test_a_drill_too_old_is_told_in_korean() -> None:
    """The Korean sentence counts the days that have begun since the drill."""
    judgement = judged(autonomy=2, **{**DRILL, "stop_tested_at": NOW - dt.timedelta(days=90, hours=1)})

    assert judgement.text("ko") == "긴급 정지 훈련 후 91일 경과(유효 90일): 고 등급"


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        (ThresholdUncontrollability(buffer_pct=30), {}),
        (ThresholdUncontrollability(drill_valid=dt.timedelta(days=30)), {"autonomy": 2, **DRILL}),
    ],
    ids=["buffer", "drill"],
)
def test_numbers_of_the_method_act(method: ThresholdUncontrollability, changes: dict[str, Any]) -> None:
    """A stricter number grades higher what the default leaves LOW."""
    assert judged(method, **changes).grade > judged(**changes).grade


@pytest.mark.parametrize("value", [dt.timedelta(0), dt.timedelta(hours=23), 90], ids=["zero", "hours", "number"])
def test_a_drill_counts_for_a_day_at_least(value: Any) -> None:
    """The validity of a drill is a duration of one day or more."""
    with pytest.raises(InvalidValue, match="drill_valid must be a timedelta of at least one day"):
        ThresholdUncontrollability(drill_valid=value)


def test_an_unknown_factor_is_not_judged() -> None:
    """Whether evasion was seen must be known."""
    with pytest.raises(InvalidValue, match=r"UncontrollabilityFactors\.evasion_seen is not known"):
        judged(evasion_seen=None)
