"""The judgement that explains itself, and the assessment that holds it."""

import datetime as dt
import pickle
from typing import Any

import attrs
import pytest

from kakao_asi.assessments import (
    VALIDITY,
    Assessment,
    AssessmentKind,
    Basis,
    GridImperfection,
    ImperfectionFactors,
    Judgement,
    Line,
    Severity,
    Step,
    validity,
)
from kakao_asi.evidence import Evidence
from kakao_asi.exceptions import InvalidValue
from kakao_asi.taxonomy import Grade

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
STEP = Step(code="rate", ko="한 문장", en="One sentence")
FACTORS = ImperfectionFactors(failures=3, trials=10_000, severity=Severity.MAJOR, coverage_pct=100)
PROOF = Evidence.of_bytes(b"{}", at=NOON)
KNOWN = Assessment(
    id="leaks-rrn.a1",
    kind=AssessmentKind.INHERENT,
    line=Line.FIRST,
    basis=Basis.MEASURED,
    factors=FACTORS,
    judgement=GridImperfection().judge(FACTORS, basis=Basis.MEASURED, touches=frozenset(), now=NOON),
    method="grid-imperfection",
    method_version=1,
    evidence=[PROOF],
    by="safety.han",
    at=NOON,
    until=NOON + VALIDITY[Grade.MEDIUM],
)


@pytest.mark.parametrize(("lang", "text"), [("ko", "한 문장\n한 문장"), ("en", "One sentence\nOne sentence")])
def test_a_judgement_is_told_in_both_languages(lang: Any, text: str) -> None:
    """All sentences, one per line, in the language asked for."""
    assert text == Judgement(grade=Grade.LOW, steps=(STEP, STEP)).text(lang)


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": ()},
        {"steps": [STEP]},
        {"incident": True},
        {"grade": "low"},
        {"likelihood": 3},
        {"severity": Grade.LOW},
    ],
    ids=["unexplained", "list", "incident-below-high", "no-grade", "number", "another-scale"],
)
def test_a_judgement_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    """A judgement has at least one step, and only a HIGH has the clocks of an incident."""
    with pytest.raises(InvalidValue, match=r"^Judgement\."):
        Judgement(**{"grade": Grade.MEDIUM, "steps": (STEP,), **changes})


def test_the_grade_of_an_assessment_is_that_of_its_judgement() -> None:
    """Nobody states the grade a second time."""
    assert KNOWN.grade is Grade.MEDIUM


def test_evidence_comes_in_any_iterable() -> None:
    """Evidence is kept as a tuple."""
    assert KNOWN.evidence == (PROOF,)


def test_a_residual_assessment_counts_on_responses() -> None:
    """The responses a residual counts on are kept as a frozen set."""
    residual = attrs.evolve(KNOWN, kind=AssessmentKind.RESIDUAL, responses=["leaks-rrn.r1"])

    assert residual.responses == frozenset({"leaks-rrn.r1"})


def test_an_assessment_is_a_value() -> None:
    """An assessment survives pickling as an equal value."""
    assert pickle.loads(pickle.dumps(KNOWN)) == KNOWN  # noqa: S301  # our own bytes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": NOON}, "until"),
        ({"responses": {"leaks-rrn.r1"}}, "responses"),
        ({"evidence": "sha256"}, "evidence"),
        ({"evidence": [b"{}"]}, "evidence"),
        ({"at": NOON.replace(tzinfo=None)}, "at"),
        ({"by": "한지민"}, "by"),
        ({"method_version": 0}, "method_version"),
        ({"factors": None}, "factors"),
        ({"basis": "measured"}, "basis"),
    ],
    ids=[
        "ends-at-once",
        "inherent-with-response",
        "text",
        "payload",
        "no-zone",
        "no-id",
        "version",
        "factors",
        "basis",
    ],
)
def test_an_assessment_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """An assessment ends after it starts, and an inherent one counts on no response."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(KNOWN, **changes)

    assert caught.value.field == f"Assessment.{field}"


@pytest.mark.parametrize(
    ("grade", "incident", "days"),
    [
        (Grade.LOW, False, 365),
        (Grade.MEDIUM, False, 180),
        (Grade.HIGH, False, 90),
        (Grade.HIGH, True, 30),
    ],
    ids=["low", "medium", "high", "incident"],
)
def test_validity_shrinks_with_the_grade(grade: Grade, incident: bool, days: int) -> None:
    """The graver a risk, the sooner it is looked at again."""
    assert validity(grade, incident=incident) == dt.timedelta(days=days)
