"""A finding: facts of what was seen, in a form that JSON keeps exactly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi import Actor, Finding, RiskCategory, Stage, Verdict
from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.findings import as_facts, is_path

AT = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


def finding(**parts: Any) -> Finding:
    """Return a finding with the parts given."""
    return Finding(**{"verdict": Verdict.FLAG, "site": "app:chat", "at": AT, **parts})


def test_a_number_that_is_not_whole_becomes_decimal_text() -> None:
    """Facts and scores are decimal text, and what is no number stays a word."""
    seen = finding(
        score=0.1, facts={"rate": Decimal("1E-7"), "loss": float("nan"), "high": float("-inf"), "top": float("inf")}
    )

    assert ("0.1", "0.0000001", "nan", "-inf", "inf") == (
        seen.score,
        seen.fact("rate"),
        seen.fact("loss"),
        seen.fact("high"),
        seen.fact("top"),
    )


def test_what_is_no_scalar_becomes_the_name_of_its_type() -> None:
    """A payload that is passed by mistake does not stay in the finding."""
    assert "dict" == finding(facts={"request": {"rrn": "900101-1234567"}}).fact("request")


@pytest.mark.parametrize(
    ("value", "kept"),
    [(True, True), (None, None), ("x" * 300, "x" * 200), (2**60, str(2**60)), (3, 3)],
    ids=["bool", "none", "long", "large", "whole"],
)
def test_a_scalar_is_kept_as_json_keeps_it(value: Any, kept: Any) -> None:
    """Scalars stay, long text is cut and a number beyond JSON's range is text."""
    assert kept == finding(facts={"a": value}).fact("a")


@pytest.mark.parametrize(
    "parts",
    [
        {"risk": "No Id"},
        {"component": "demo-chat//reply"},
        {"site": ""},
        {"site": 3},
        {"label": "a\nb"},
        {"score": "high"},
        {"score": True},
        {"facts": {"No Id": 1}},
        {"facts": [1]},
        {"facts": {f"f{index}": index for index in range(33)}},
        {"at": AT.replace(tzinfo=None)},
        {"count": 0},
        {"suppressed": 2},
        {"category": RiskCategory.ACTIVE_MISUSE, "actor": Actor.AI},
    ],
    ids=lambda parts: f"{next(iter(parts))}_{len(repr(parts))}",
)
def test_a_finding_that_breaks_a_rule_is_refused(parts: dict[str, Any]) -> None:
    """Every field has a rule, and the message never repeats the value."""
    with pytest.raises(InvalidValue):
        finding(**parts)


def test_findings_of_one_place_and_cause_are_one_group() -> None:
    """Time, count and facts are no part of what makes a group; the actor is."""
    one, later = finding(facts={"a": 1}), finding(count=9, suppressed=8, at=AT + dt.timedelta(days=1))

    assert one.fingerprint == later.fingerprint
    assert one.fingerprint != finding(actor=Actor.HUMAN).fingerprint


PARTS = st.fixed_dictionaries(
    {"verdict": st.sampled_from(Verdict), "count": st.integers(1, 10**9)},
    optional={
        "risk": st.sampled_from(["leaks-rrn", "a"]),
        "component": st.sampled_from(["demo-chat", "demo-chat/reply"]),
        "stage": st.sampled_from(Stage),
        "category": st.sampled_from(RiskCategory),
        "label": st.text("가나abc:", min_size=1, max_size=20),
        "score": st.floats(),
        "cause": st.just("ValueError"),
        "facts": st.dictionaries(st.sampled_from(["a", "b.c"]), st.one_of(st.integers(), st.floats(), st.text("가b"))),
        "first": st.just(AT),
        "run": st.just("exp-11"),
        "policy": st.sampled_from(["block", "allow"]),
    },
)


@given(PARTS)
def test_a_finding_comes_back_from_its_data(parts: dict[str, Any]) -> None:
    """Writing and reading gives the same finding."""
    seen = finding(**parts)

    assert seen == Finding.from_data(seen.to_data())


@pytest.mark.parametrize(
    "data",
    [None, [], {"new": 1}, {}, {"verdict": "flag", "site": "a", "at": "yesterday"}, {"verdict": "fine", "site": "a"}],
    ids=["none", "list", "unknown", "empty", "time", "verdict"],
)
def test_data_that_is_no_finding_is_refused_with_its_place(data: object) -> None:
    """The error names where, and what was expected there."""
    with pytest.raises(LoadError) as refused:
        Finding.from_data(data, path="$.finding")

    assert ("$.finding", "not_a_finding") == (refused.value.path, refused.value.code)


def test_facts_that_are_pairs_already_stay() -> None:
    """Pairs are sorted by name."""
    assert (("a", 1), ("b", "2.5")) == as_facts((("b", "2.5"), ("a", 1)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("demo-chat", True), ("demo-chat/reply/filter", True), ("/reply", False), ("a/", False), (3, False)],
)
def test_a_path_is_ids_parted_by_slashes(value: object, expected: bool) -> None:
    """A path begins with the system."""
    assert expected == is_path(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("score", 1), ("score", 0.5), ("facts", [["a", 1]]), ("facts", {"a": 0.5}), ("facts", {"a": [1]})],
    ids=["whole score", "float score", "facts in a list", "float fact", "list fact"],
)
def test_what_only_a_constructor_would_turn_is_refused(name: str, value: Any) -> None:
    """Stored findings hold what was written: nothing is turned into a text on the way in."""
    data: Any = {"verdict": "flag", "site": "app:reply", "at": "2026-11-23T10:00:00.000000Z", name: value}

    with pytest.raises(LoadError, match="not_a_finding"):
        Finding.from_data(data)
