"""Hostile input, row by row: what a lenient loader would accept, change or drop is refused with one error type."""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Mapping
from typing import Any

import pytest
from attrs import field, frozen

from kakao_asi.exceptions import LoadError
from kakao_asi.risks import Risk
from kakao_asi.serialization import load, load_json, structure

RISK: dict[str, Any] = {
    "id": "leaks-rrn",
    "title": "A reply repeats a number",
    "category": "active_misuse",
    "system": "demo-chat",
    "principles": ["privacy"],
    "owner": "serving",
}


class Size(enum.IntEnum):
    """An enum of whole numbers."""

    SMALL = 1
    LARGE = 5


class Colour(str, enum.Enum):  # noqa: UP042  # the older form, which is a text too
    """An enum of texts that is a text itself, which a hook for text would catch."""

    RED = "red"


@frozen(kw_only=True)
class Bag:
    """One optional field of each kind."""

    text: str | None = None
    whole: int | None = None
    flag: bool | None = None
    size: Size | None = None
    colour: Colour | None = None
    at: dt.datetime | None = None
    on: dt.date | None = None
    texts: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(factory=dict)
    loose: frozenset[Any] = frozenset()
    free: Any = None


class Sly:
    """An object that turns itself into a number or text when asked."""

    def __int__(self) -> int:
        return 3

    def __index__(self) -> int:
        return 3

    def __str__(self) -> str:
        return "three"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        pytest.param("text", 123, "type", id="integer for text"),
        pytest.param("text", True, "type", id="bool for text"),
        pytest.param("text", b"x", "type", id="bytes for text"),
        pytest.param("text", [], "type", id="list for text"),
        pytest.param("text", {}, "type", id="object for text"),
        pytest.param("text", Sly(), "type", id="sly object for text"),
        pytest.param("whole", True, "type", id="True for an integer"),
        pytest.param("whole", 3.9, "float", id="3.9 for an integer"),
        pytest.param("whole", 3.0, "float", id="3.0 for an integer"),
        pytest.param("whole", "7", "type", id="digit text for an integer"),
        pytest.param("whole", " \u0663 ", "type", id="arabic digit for an integer"),
        pytest.param("whole", Sly(), "type", id="object with __int__ for an integer"),
        pytest.param("whole", 10**400, "integer_range", id="10**400 for an integer"),
        pytest.param("whole", 2**53, "integer_range", id="2**53 for an integer"),
        pytest.param("whole", -(2**53), "integer_range", id="-2**53 for an integer"),
        pytest.param("whole", float("nan"), "float", id="NaN for a number"),
        pytest.param("whole", float("inf"), "float", id="Infinity for a number"),
        pytest.param("whole", "nan", "type", id="nan text for a number"),
        pytest.param("whole", "1_0", "type", id="underscore text for a number"),
        pytest.param("flag", "false", "type", id="false text for a bool"),
        pytest.param("flag", 0, "type", id="0 for a bool"),
        pytest.param("flag", [], "type", id="empty list for a bool"),
        pytest.param("size", 5.0, "float", id="5.0 for an integer enum"),
        pytest.param("size", True, "type", id="True for an integer enum"),
        pytest.param("size", "1", "unknown_word", id="digit text for an integer enum"),
        pytest.param("size", 7, "unknown_word", id="unknown value of an integer enum"),
        pytest.param("colour", "robot", "unknown_word", id="unknown value of a text enum"),
        pytest.param("colour", "RED", "unknown_word", id="member name of a text enum"),
        pytest.param("colour", [], "type", id="list for a text enum"),
        pytest.param("at", "2026-11-23T10:00:00.000000", "time", id="naive time"),
        pytest.param("at", "2026-11-23", "time", id="date only for an instant"),
        pytest.param("at", "2026-W47-1", "time", id="week date for an instant"),
        pytest.param("at", "2026-11-23T10:00:00.000000+09:00:30", "time", id="offset with seconds"),
        pytest.param("at", "2026-11-23T10:00:00.000000+00:00", "time", id="offset in place of Z"),
        pytest.param("at", "9999-12-31T23:00:00.000000-14:00", "time", id="instant after the last year"),
        pytest.param("at", "2026-11-23T10:00:00Z", "time", id="instant without microseconds"),
        pytest.param("at", "2026-11-23T24:00:00.000000Z", "time", id="hour 24"),
        pytest.param("at", "2026-02-30T10:00:00.000000Z", "time", id="thirtieth of February"),
        pytest.param("at", "\u0662026-11-23T10:00:00.000000Z", "time", id="arabic digit in an instant"),
        pytest.param("at", 0, "type", id="integer for an instant"),
        pytest.param("on", "20261123", "time", id="date without dashes"),
        pytest.param("on", "2026-02-30", "time", id="date that does not exist"),
        pytest.param("on", "2026-11-23T10:00:00.000000Z", "time", id="instant for a date"),
        pytest.param("on", 0, "type", id="integer for a date"),
        pytest.param("texts", "abc", "type", id="text for a tuple of texts"),
        pytest.param("texts", {"a": 1}, "type", id="object for a tuple of texts"),
        pytest.param("texts", ["1", None], "type", id="null in a tuple of texts"),
        pytest.param("texts", ("a",), "type", id="tuple that is no JSON"),
        pytest.param("names", "abc", "type", id="text for a frozenset"),
        pytest.param("names", ["a", "a"], "repeated_item", id="item twice in a frozenset"),
        pytest.param("loose", ["a", {}], "type", id="object in a set"),
        pytest.param("facts", {1: 2}, "key", id="integer key in a mapping"),
        pytest.param("facts", {"a": 2}, "type", id="integer value in a mapping of texts"),
        pytest.param("facts", [], "type", id="list for a mapping"),
        pytest.param("facts", {"\uac00": "a"}, "key", id="key that is not ASCII"),
        pytest.param("facts", {"a\x1b": "a"}, "key", id="control character in a key"),
        pytest.param("text", "\ud800", "text", id="lone surrogate"),
        pytest.param("text", "a\x00", "text", id="NUL"),
        pytest.param("text", "a\x1b[31m", "text", id="ESC"),
        pytest.param("text", "a\x07", "text", id="C0 control"),
        pytest.param("text", "a\x85", "text", id="C1 control"),
        pytest.param("text", "a\tb", "text", id="tab"),
        pytest.param("text", "a\u202eb", "text", id="bidi override"),
        pytest.param("text", "a\u2067b", "text", id="bidi isolate"),
        pytest.param("text", "a\u200bb", "text", id="zero-width space"),
        pytest.param("text", "a\u2028b", "text", id="line separator"),
        pytest.param("text", "a\u3164b", "text", id="Hangul filler"),
        pytest.param("text", "a" * 65_537, "text_too_long", id="long text"),
        pytest.param("text", "a" * 10_000_000, "text_too_long", id="10 MB of text"),
        pytest.param("text", "\u1112\u1161\u11ab", "text", id="text not in NFC"),
        pytest.param("free", float("nan"), "float", id="NaN inside free data"),
        pytest.param("free", {"a": [-0.0]}, "float", id="minus zero inside free data"),
        pytest.param("free", {"a": [1e-7]}, "float", id="small float inside free data"),
        pytest.param("free", [b"x"], "type", id="bytes inside free data"),
        pytest.param("free", {"sealed": "0" * 64}, "sealed", id="sealed text inside free data"),
        pytest.param("text", {"sealed": "0" * 64}, "sealed", id="sealed text in a field that is not erasable"),
    ],
)
def test_value_that_needs_coercion_is_refused(name: str, value: Any, code: str) -> None:
    """A value that is not exactly what its field asks for is refused at its place."""
    with pytest.raises(LoadError) as refused:
        structure(Bag, {name: value})

    assert refused.value.code == code
    assert refused.value.path.startswith(f"$.{name}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param('{"whole":NaN}', "float", id="NaN"),
        pytest.param('{"whole":-Infinity}', "float", id="Infinity"),
        pytest.param('{"whole":1e400}', "float", id="1e400"),
        pytest.param('{"whole":1.0}', "float", id="1.0"),
        pytest.param('{"whole":' + "9" * 5_000 + "}", "integer_range", id="5,000 digits"),
        pytest.param('{"free":NaN}', "float", id="NaN in free data"),
        pytest.param('{"text":"\\ud800"}', "text", id="escaped lone surrogate"),
        pytest.param('{"text":"\\u0000"}', "text", id="escaped NUL"),
        pytest.param('{"texts":["a"],"texts":["b"]}', "duplicate_key", id="duplicate key"),
        pytest.param('{"facts":{"a":"b","a":"b"}}', "duplicate_key", id="duplicate key further inside"),
        pytest.param('{"free":[{"a":1,"a":1}]}', "duplicate_key", id="duplicate key in free data"),
        pytest.param('{"colour":"red","other":1}', "unknown_key", id="unknown key"),
        pytest.param("null", "type", id="null at the top"),
        pytest.param("[]", "type", id="list at the top"),
        pytest.param('"x"', "type", id="text at the top"),
        pytest.param("1.5", "float", id="float at the top"),
        pytest.param("", "not_json", id="nothing"),
        pytest.param("{} x", "not_json", id="trailing text"),
        pytest.param('{"a":1,}', "not_json", id="trailing comma"),
        pytest.param("{'a':1}", "not_json", id="single quotes"),
        pytest.param('{"text":"a\nb"}', "not_json", id="raw line feed in a text"),
        pytest.param("\ufeff{}", "byte_order_mark", id="byte order mark in text"),
        pytest.param(b"\xef\xbb\xbf{}", "byte_order_mark", id="byte order mark in bytes"),
        pytest.param(b'{"text":"\xff"}', "not_utf8", id="invalid UTF-8"),
        pytest.param(b'{"text":"\xc0\xaf"}', "not_utf8", id="overlong UTF-8"),
        pytest.param(b'{"text":"\xed\xa0\x80"}', "not_utf8", id="surrogate in UTF-8"),
        pytest.param('{"text":"\ud800"}', "not_utf8", id="surrogate in text"),
        pytest.param("{}".encode("utf-16"), "not_utf8", id="UTF-16 with mark"),
        pytest.param("{}".encode("utf-16-le"), "not_json", id="UTF-16 without mark"),
        pytest.param("[" * 1_100 + "]" * 1_100, "too_deep", id="depth 1,100"),
        pytest.param("[" * 100_000, "too_deep", id="depth 100,000"),
        pytest.param('{"a":' * 100_000, "too_deep", id="depth 100,000 of objects"),
        pytest.param("[" * 1_000_000, "too_deep", id="depth 1,000,000"),
        pytest.param('{"free":' + "[" * 70 + "]" * 70 + "}", "too_deep", id="depth 70 in free data"),
        pytest.param('{"text":"' + "a" * 10_000_000 + '"}', "too_large", id="10 MB"),
        pytest.param('"' + "\uac00" * 400_000 + '"', "too_large", id="large only as bytes"),
        pytest.param("[" + "1," * 400_000 + "1]", "too_many_values", id="400,000 integers"),
        pytest.param('{"free":[' + "1," * 10_000 + "1]}", "too_many_values", id="10,003 values"),
        pytest.param("[" + '{"a":1},' * 5_000 + "1]", "too_many_values", id="10,002 values in objects"),
        pytest.param('"' * 1_000_000, "not_json", id="a million quotes"),
        pytest.param('{"text":"' + '\\"' * 500_000, "not_json", id="half a million escaped quotes"),
    ],
)
def test_hostile_text_is_refused(text: str | bytes, code: str) -> None:
    """A JSON text that is malformed, ambiguous or too large is refused with the one error type."""
    with pytest.raises(LoadError) as refused:
        load(Bag, text)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        pytest.param({"id": None}, "$.id", "type", id="null for text"),
        pytest.param({"id": "Leaks"}, "$.id", "rule", id="capital letter in an id"),
        pytest.param({"id": "l\u0435aks"}, "$.id", "rule", id="Cyrillic letter in an id"),
        pytest.param({"title": " "}, "$.title", "rule", id="blank title"),
        pytest.param({"title": "a\nb"}, "$.title", "rule", id="line feed in a title"),
        pytest.param({"title": "a" * 201}, "$.title", "rule", id="long title"),
        pytest.param({"category": "ACTIVE_MISUSE"}, "$.category", "unknown_word", id="member name"),
        pytest.param({"category": "적극적 악용"}, "$.category", "unknown_word", id="label of a member"),
        pytest.param({"stages": []}, "$.stages", "rule", id="no stage"),
        pytest.param({"stages": ["test", "tests"]}, "$.stages[1]", "unknown_word", id="unknown stage"),
        pytest.param({"principles": "privacy"}, "$.principles", "type", id="text for a set"),
        pytest.param({"principles": ["privacy", 1]}, "$.principles[1]", "type", id="integer in a set of ids"),
        pytest.param({"legal_obligation": 1}, "$.legal_obligation", "type", id="1 for a bool"),
        pytest.param({"actor": "human"}, "$", "unknown_key", id="key that is no field"),
        pytest.param(
            {"category": "uncontrollability", "human_role": "user"}, "$.human_role", "rule", id="rule over two fields"
        ),
        pytest.param({"description": {"sealed": "x"}}, "$.description", "type", id="sealed text without digest"),
        pytest.param({"description": {"sealed": "0" * 64, "a": 1}}, "$.description", "type", id="sealed and more"),
        pytest.param({"id": {"sealed": "0" * 64}}, "$.id", "sealed", id="sealed id"),
    ],
)
def test_hostile_risk_is_refused(change: dict[str, Any], path: str, code: str) -> None:
    """A risk that breaks a rule of its fields is refused at the field."""
    with pytest.raises(LoadError) as refused:
        load(Risk, json.dumps(RISK | change))

    assert (refused.value.path, refused.value.code) == (path, code)


@pytest.mark.parametrize("key", ["id", "title", "category", "system", "principles", "owner"])
def test_missing_key_is_refused_by_its_name(key: str) -> None:
    """A required key that is not there is refused, and the message names it."""
    with pytest.raises(LoadError) as refused:
        structure(Risk, {name: value for name, value in RISK.items() if name != key})

    assert (refused.value.path, refused.value.code) == ("$", "missing_key")
    assert repr(key) in refused.value.expected


def test_friendly_risk_is_loaded() -> None:
    """The risk the hostile ones were made of is accepted."""
    assert load(Risk, json.dumps(RISK)).id == "leaks-rrn"


def test_class_name_in_free_data_stays_data() -> None:
    """A key that other loaders take for a class to build is inert."""
    assert structure(Bag, {"free": {"__class__": "os.system"}}).free == {"__class__": "os.system"}


@pytest.mark.parametrize("text", [None, 3, bytearray(b"{}")], ids=["None", "integer", "bytearray"])
def test_what_is_no_text_is_refused(text: Any) -> None:
    """Only bytes and text are read."""
    with pytest.raises(LoadError, match="type"):
        load_json(text)


@pytest.mark.parametrize("depth", [1_100, 100_000], ids="{:,}".format)
def test_depth_of_data_in_memory_is_refused(depth: int) -> None:
    """Data nested beyond the limit is refused before Python's own limit is met."""
    value: Any = None
    for _ in range(depth):
        value = [value]

    with pytest.raises(LoadError, match="too_deep"):
        structure(Bag, {"free": value})


def test_limits_are_inclusive() -> None:
    """Sixty-four levels, 10,000 values and 65,536 characters are still read."""
    assert load_json("[" * 64 + "]" * 64)
    assert load_json("[" + "1," * 9_998 + "1]")
    assert load_json('["' + '","' * 9_998 + '"]')
    assert load_json('"' + "a" * 65_536 + '"')
    assert load_json(str(2**53 - 1)) == 2**53 - 1
    assert load_json(str(1 - 2**53)) == 1 - 2**53


def test_brackets_and_commas_inside_texts_do_not_count() -> None:
    """The limits on depth and values look at the structure, not at the words."""
    texts = ["[" * 100, "," * 60_000, '\\"[', "]" * 100]

    assert load_json(json.dumps(texts)) == texts
