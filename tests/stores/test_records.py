"""Drafts, rows and keys refuse what a store could not keep, and show no private words."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.stores import AtMost, Draft, RequestKey, Row, check_where, row_matches

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Not An Id"},
        {"stream": "risk"},
        {"stream": "risk:"},
        {"stream": "Risk:a"},
        {"stream": "risk:A"},
        {"stream": 7},
        {"kind": " "},
        {"schema": 0},
        {"schema": True},
        {"at": dt.datetime(2026, 11, 23)},  # noqa: DTZ001  # a time without a zone is what must be refused
        {"by": "이몽룡"},
        {"auth": ""},
        {"cause": "two\nlines"},
        {"lifecycle": -1},
        {"governance": "abc"},
        {"private": ("text",)},
    ],
    ids=lambda change: f"{next(iter(change))}={next(iter(change.values()))!r}"[:40],
)
def test_draft_refuses(draft: Callable[..., Draft], change: dict[str, Any]) -> None:
    """A draft with a part that breaks its rule cannot be made."""
    with pytest.raises(InvalidValue, match=r"Draft\." + next(iter(change))):
        draft(**change)


def test_private_words_are_not_shown(private_draft: Callable[..., Draft]) -> None:
    """The representation of a draft and of its texts holds no word of them."""
    made = private_draft("secret")

    assert "secret" not in repr(made) + repr(made.private)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "person"},
        {"id": ""},
        {"version": -1},
        {"state": "text"},
        {"columns": {}},
        {"columns": {"status": "open", "grade": 2.0, "system": None, "until": None}},
        {"columns": {"status": "open", "grade": True, "system": None, "until": None}},
        {"columns": {"status": "open", "grade": 2**53, "system": None, "until": None}},
        {"columns": {"status": "\ud800", "grade": 2, "system": None, "until": None}},
        {"kind": "cursor", "columns": {"status": "open"}},
    ],
    ids=["kind", "id", "version", "state", "column missing", "float", "bool", "large", "surrogate", "column too many"],
)
def test_row_refuses(row: Callable[..., Row], change: dict[str, Any]) -> None:
    """A row with a part that breaks its rule cannot be made."""
    with pytest.raises(InvalidValue, match=r"Row\."):
        row(**change)


@pytest.mark.parametrize(("key", "digest"), [("Two Words", DIGEST), ("k-1", "0" * 64)], ids=["key", "digest"])
def test_request_key_refuses(key: str, digest: str) -> None:
    """A key that is no id, or stands beside no digest, cannot be made."""
    with pytest.raises(InvalidValue, match=r"RequestKey\."):
        RequestKey(key=key, digest=digest)


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ("open", True),
        ("closed", False),
        (None, False),
        (("closed", "open"), True),
        ((), False),
        (AtMost("open"), True),
        (AtMost("a"), False),
        (AtMost(7), False),
    ],
    ids=["equal", "other", "none", "any of", "none of", "at most", "above", "another type"],
)
def test_condition_on_a_column(row: Callable[..., Row], condition: Any, matches: bool) -> None:
    """A condition is a value to equal, several of which any one, or an inclusive limit."""
    assert matches is row_matches(row(), {"status": condition})


def test_limit_does_not_match_none(row: Callable[..., Row]) -> None:
    """A column without a value is not below any limit."""
    assert not row_matches(row(), {"until": AtMost("9999")})


def test_conditions_name_columns_of_the_kind() -> None:
    """A condition on a column of another kind says which columns there are."""
    with pytest.raises(InvalidValue, match="status, stage"):
        check_where("system", {"grade": 1})


def test_conditions_hold_values_a_column_can_have() -> None:
    """A condition for a value that no column can hold is refused."""
    with pytest.raises(InvalidValue, match="whole numbers"):
        check_where("system", {"stage": AtMost(2**70)})
