"""The response, its coverage and its verification."""

import datetime as dt
from typing import Any

import attrs
import pytest

from kakao_asi.evidence import Evidence
from kakao_asi.exceptions import InvalidValue
from kakao_asi.responses import Coverage, PlannedResponse, Response, Strategy, Verification
from kakao_asi.taxonomy import Grade

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
FILTER = Response(
    strategy=Strategy.CHANGE_LIKELIHOOD,
    controls=["ai.output_filter", "ai.abstain"],
    owner="serving",
    due=dt.date(2026, 12, 1),
    expected=Grade.LOW,
    note="주민등록번호 패턴을 먼저 적용",
)
PLANNED = PlannedResponse(id="leaks-rrn.r1", response=FILTER, planned_at=NOON)
PROOF = Verification(
    by="safety.han",
    at=NOON,
    coverage=Coverage(done=4, of=4),
    effective=True,
    evidence=[Evidence.of_bytes(b"{}", at=NOON)],
)


@pytest.mark.parametrize("kind", [list, tuple, iter], ids=["list", "tuple", "iterator"])
def test_controls_come_in_any_iterable(kind: Any) -> None:
    """Controls are kept as a tuple, in the order given."""
    assert attrs.evolve(FILTER, controls=kind(["ai.grounding", "ai.abstain"])).controls == (
        "ai.grounding",
        "ai.abstain",
    )


def test_the_note_is_not_shown() -> None:
    """Private words stay out of the representation."""
    assert "주민등록번호" not in repr(FILTER)


def test_the_note_is_kept_in_one_normal_form() -> None:
    """A note typed with separate jamo is stored composed."""
    assert attrs.evolve(FILTER, note="\u1112\u1161\u11ab").note == "한"


@pytest.mark.parametrize("strategy", [Strategy.AVOID, Strategy.SHARE, Strategy.RETAIN], ids=lambda one: one.id)
def test_some_strategies_stand_without_a_control(strategy: Strategy) -> None:
    """Where the act itself is what is done, no control is asked for."""
    assert Response(strategy=strategy, owner="serving", due=dt.date(2026, 12, 1)).controls == ()


@pytest.mark.parametrize(
    "strategy",
    [Strategy.REMOVE_SOURCE, Strategy.CHANGE_LIKELIHOOD, Strategy.CHANGE_CONSEQUENCE],
    ids=lambda one: one.id,
)
def test_other_strategies_ask_for_a_control(strategy: Strategy) -> None:
    """Who wants to change something says by what."""
    with pytest.raises(InvalidValue, match=r"Response\.controls must name a control"):
        Response(strategy=strategy, owner="serving", due=dt.date(2026, 12, 1))


def test_taking_more_risk_is_no_response() -> None:
    """TAKE exists for mappings only."""
    with pytest.raises(InvalidValue, match=r"Response\.strategy must not be TAKE; choose RETAIN"):
        attrs.evolve(FILTER, strategy=Strategy.TAKE)


def test_there_are_seven_strategies() -> None:
    """The seven options of the standard are all there, by their ids."""
    assert [one.id for one in Strategy] == [
        "avoid",
        "take",
        "remove_source",
        "change_likelihood",
        "change_consequence",
        "share",
        "retain",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"controls": "ai.output_filter"}, "controls"),
        ({"controls": ["AI filter"]}, "controls"),
        ({"controls": ["ai.abstain", "ai.abstain"]}, "controls"),
        ({"owner": "서빙팀"}, "owner"),
        ({"due": NOON}, "due"),
        ({"expected": "low"}, "expected"),
        ({"note": "\u3164"}, "note"),
    ],
    ids=["one-text", "no-id", "twice", "no-role", "instant", "no-grade", "invisible"],
)
def test_a_response_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """Each field of a response keeps its rule, and the error names the field."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(FILTER, **changes)

    assert caught.value.field == f"Response.{field}"


def test_a_strategy_is_found_by_its_korean_label() -> None:
    """The Korean label names the strategy as well."""
    assert attrs.evolve(FILTER, strategy="원인 제거").strategy is Strategy.REMOVE_SOURCE


@pytest.mark.parametrize(("done", "of", "full"), [(0, 1, False), (3, 4, False), (4, 4, True)])
def test_coverage_is_full_where_nothing_is_left_out(done: int, of: int, full: bool) -> None:
    """Full means n of n."""
    assert full is Coverage(done=done, of=of).full


@pytest.mark.parametrize(
    ("done", "of"), [(0, 0), (2, 1), (-1, 1), (0.5, 1)], ids=["of-nothing", "more-than-all", "negative", "fraction"]
)
def test_coverage_that_makes_no_sense_is_refused(done: Any, of: Any) -> None:
    """Coverage is n of m whole things, m at least 1, n at most m."""
    with pytest.raises(InvalidValue, match=r"^Coverage\."):
        Coverage(done=done, of=of)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"evidence": []}, "evidence"), ({"evidence": "proof"}, "evidence"), ({"effective": 1}, "effective")],
    ids=["no-evidence", "text", "no-answer"],
)
def test_a_verification_that_proves_nothing_is_refused(changes: dict[str, Any], field: str) -> None:
    """A verification names at least one piece of evidence and says yes or no."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(PROOF, **changes)

    assert caught.value.field == f"Verification.{field}"


@pytest.mark.parametrize(
    ("verification", "verified"),
    [
        (None, False),
        (PROOF, True),
        (attrs.evolve(PROOF, effective=False), False),
        (attrs.evolve(PROOF, coverage=Coverage(done=3, of=4)), False),
    ],
    ids=["never-looked", "works-everywhere", "does-not-work", "old-objects-left-out"],
)
def test_a_response_is_verified_when_it_works_everywhere(verification: Verification | None, verified: bool) -> None:
    """A response that left old objects out, or does not work, is not verified."""
    assert verified is attrs.evolve(PLANNED, verification=verification).verified
