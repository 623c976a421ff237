"""Canonical JSON: one value, one sequence of bytes."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi._internal.canonical import MAX_INTEGER, Json, canonical_bytes, digest_of
from kakao_asi._internal.text import PrivateText
from kakao_asi.exceptions import InvalidValue

KEYS = st.text(st.characters(codec="ascii"), max_size=8)
LEAVES = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (-7, "-7"),
        (MAX_INTEGER, "9007199254740991"),
        ("한글", '"한글"'),
        ('"\n', '"\\"\\n"'),
        ([], "[]"),
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
    ],
    ids=["null", "true", "negative", "largest", "hangul", "escapes", "empty", "nested"],
)
def test_a_value_has_one_form(value: Any, written: str) -> None:
    """Keys are sorted, no space is written, text is UTF-8."""
    assert written.encode() == canonical_bytes(value)


@given(VALUES)
def test_what_is_written_reads_back_the_same(value: Any) -> None:
    """Any JSON reader gets back the value that was written."""
    assert value == json.loads(canonical_bytes(value))


@given(VALUES)
def test_writing_again_changes_nothing(value: Any) -> None:
    """Bytes that were read and written again are the same bytes."""
    once = canonical_bytes(value)

    assert once == canonical_bytes(json.loads(once))


@given(st.dictionaries(KEYS, LEAVES), st.randoms())
def test_the_order_of_keys_plays_no_part(value: dict[str, Any], random: Any) -> None:
    """Two equal objects have one form however they were filled."""
    shuffled = dict(random.sample(list(value.items()), len(value)))

    assert canonical_bytes(value) == canonical_bytes(shuffled)


@given(VALUES)
def test_a_digest_is_that_of_the_bytes(value: Any) -> None:
    """The digest of a value is the SHA-256 of its canonical form."""
    assert digest_of(value) == "sha256:" + hashlib.sha256(canonical_bytes(value)).hexdigest()


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        float("nan"),
        -0.0,
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        b"bytes",
        (1, 2),
        {1, 2},
        {1: "number as key"},
        {"키": 1},
        "\ud800",
        {"a": [{"b": 1.0}]},
    ],
    ids=[
        "float",
        "nan",
        "minus-zero",
        "too-large",
        "too-small",
        "bytes",
        "tuple",
        "set",
        "number-key",
        "korean-key",
        "surrogate",
        "deep-float",
    ],
)
def test_what_json_readers_disagree_on_is_refused(value: Any) -> None:
    """Floats, large integers, foreign types, odd keys and half surrogates are not written at all."""
    with pytest.raises(InvalidValue):
        canonical_bytes(value)


def test_a_refusal_says_where() -> None:
    """The message names the path to what is wrong."""
    with pytest.raises(InvalidValue, match=r"^\$\.a\[0\]\.b holds something canonical JSON cannot"):
        canonical_bytes({"a": [{"b": 1.5}]})  # type: ignore[dict-item]  # the point


def test_text_that_can_be_erased_is_written_like_any_other() -> None:
    """A sealed text deep in a value counts as the text it is, beside every other kind of value."""
    value: Json = {"list": [PrivateText("말", "0" * 64), True, None, 7, {"inner": PrivateText("a", "0" * 64)}]}

    assert '{"list":["말",true,null,7,{"inner":"a"}]}'.encode() == canonical_bytes(value)
