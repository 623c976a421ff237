"""What a value looks like as data: one form, and nothing that could not be read back."""

from __future__ import annotations

import datetime as dt
import enum
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Literal

import pytest
from attrs import field, frozen

from kakao_asi.exceptions import InvalidValue
from kakao_asi.risks import Risk
from kakao_asi.serialization import Json, PrivateText, dump, dump_bytes, structure
from kakao_asi.stages import Stage
from kakao_asi.systems import Audience

KST = dt.timezone(dt.timedelta(hours=9))
DIGEST = "0" * 64


class Rank(enum.IntEnum):
    """An enum of whole numbers."""

    FIRST = 1


@frozen(kw_only=True)
class Dog:
    """One member of a union."""

    name: str


@frozen(kw_only=True)
class Cat:
    """Another member of a union."""

    name: str
    stages: frozenset[Stage] = frozenset()


@frozen(kw_only=True)
class Kennel:
    """A class with every shape a field can have and no rules of its own."""

    text: str | None = None
    hidden: str | None = field(default=None, metadata={"kakao_asi.private": True})
    hiddens: tuple[str, ...] = field(default=(), metadata={"kakao_asi.private": True})
    whole: int = 0
    flag: bool = False
    at: dt.datetime = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    on: dt.date = dt.date(2026, 11, 23)
    lasts: dt.timedelta = dt.timedelta(0)
    rank: Rank = Rank.FIRST
    lang: Literal["ko", "en"] = "ko"
    texts: tuple[str, ...] = ()
    pair: tuple[str, int] = ("a", 1)
    names: frozenset[str] = frozenset()
    pets: frozenset[Dog | Cat] = frozenset()
    best: Dog | Cat | None = None
    facts: Mapping[str, str] = field(factory=dict)
    free: Any = None
    limit: int | None = 3
    dog: Dog | None = None
    counted: int = field(init=False, default=7)


def test_full_value_has_one_form() -> None:
    """Each shape is written in its one form."""
    kennel = Kennel(
        text="가나\n다",
        hidden="비밀",
        at=dt.datetime(2026, 11, 23, 10, 30, tzinfo=KST),
        lasts=dt.timedelta(days=1, microseconds=5),
        names=frozenset({"b", "a", "c"}),
        pets=frozenset({Dog(name="b"), Cat(name="a", stages=frozenset({Stage.TEST, Stage.DESIGN}))}),
        best=Dog(name="b"),
        facts={"z": "1", "a": "2"},
        limit=None,
        dog=Dog(name="d"),
    )

    assert dump(kennel) == {
        "text": "가나\n다",
        "hidden": "비밀",
        "hiddens": [],
        "whole": 0,
        "flag": False,
        "at": "2026-11-23T01:30:00.000000Z",
        "on": "2026-11-23",
        "lasts": 86_400_000_005,
        "rank": 1,
        "lang": "ko",
        "texts": [],
        "pair": ["a", 1],
        "names": ["a", "b", "c"],
        "pets": [
            {"type": "Cat", "name": "a", "stages": ["design", "test"]},
            {"type": "Dog", "name": "b"},
        ],
        "best": {"type": "Dog", "name": "b"},
        "facts": {"z": "1", "a": "2"},
        "limit": None,
        "dog": {"name": "d"},
    }
    assert structure(Kennel, dump(kennel)) == kennel


def test_bytes_have_sorted_keys_and_no_spaces() -> None:
    """The bytes are canonical JSON."""
    assert dump_bytes(Cat(name="고양이")) == '{"name":"고양이","stages":[]}'.encode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(None, None, id="None"),
        pytest.param(Audience.INTERNAL, "internal", id="word"),
        pytest.param("a", "a", id="text"),
        pytest.param((Dog(name="a"), 1), [{"name": "a"}, 1], id="tuple"),
        pytest.param(frozenset({"b", "a"}), ["a", "b"], id="frozenset"),
        pytest.param(dt.date(2026, 11, 23), "2026-11-23", id="date"),
        pytest.param(PrivateText("a", DIGEST), "a", id="erasable text"),
    ],
)
def test_value_need_not_be_a_record(value: object, written: object) -> None:
    """Anything a field may hold can be written by itself."""
    assert dump(value) == written
    assert type(dump(value)) is type(written)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("text", 1, id="integer for text"),
        pytest.param("text", "a\u202e", id="bidi override"),
        pytest.param("text", "\ud800", id="lone surrogate"),
        pytest.param("text", "\u1112\u1161\u11ab", id="text not in NFC"),
        pytest.param("whole", 1.0, id="float"),
        pytest.param("whole", True, id="bool for an integer"),
        pytest.param("whole", 2**53, id="large integer"),
        pytest.param("flag", 1, id="integer for a bool"),
        pytest.param("at", dt.datetime(2026, 11, 23), id="naive time"),  # noqa: DTZ001  # the mistake under test
        pytest.param("at", dt.datetime.min.replace(tzinfo=KST), id="instant before the first year"),
        pytest.param("at", dt.date(2026, 11, 23), id="date for an instant"),
        pytest.param("on", dt.datetime(2026, 11, 23, tzinfo=KST), id="instant for a date"),
        pytest.param("on", "2026-11-23", id="text for a date"),
        pytest.param("lasts", 1, id="integer for a duration"),
        pytest.param("lasts", dt.timedelta.max, id="endless duration"),
        pytest.param("rank", 1, id="integer for a word"),
        pytest.param("lang", "jp", id="constant not listed"),
        pytest.param("lang", ["ko"], id="list for a constant"),
        pytest.param("texts", ["a"], id="list for a tuple"),
        pytest.param("texts", ("a", 1), id="integer in a tuple of texts"),
        pytest.param("pair", ("a",), id="row too short"),
        pytest.param("pair", ["a", 1], id="list for a row"),
        pytest.param("names", {"a"}, id="set for a frozenset"),
        pytest.param("best", "dog", id="text for a union"),
        pytest.param("dog", Cat(name="a"), id="another class"),
        pytest.param("facts", [], id="list for a mapping"),
        pytest.param("facts", {"가": "a"}, id="key that is not ASCII"),
        pytest.param("facts", {"a": 1}, id="integer in a mapping of texts"),
        pytest.param("facts", {"sealed": DIGEST}, id="mapping that looks like a sealed text"),
        pytest.param("free", {"a": 1.5}, id="float in free data"),
        pytest.param("free", (1, 2), id="tuple in free data"),
        pytest.param("free", [{"sealed": DIGEST}], id="free data that looks like a sealed text"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(name: str, value: Any) -> None:
    """A value that loading would refuse is refused when it is written, by its place."""
    arguments: dict[str, Any] = {name: value}

    with pytest.raises(InvalidValue) as refused:
        dump(Kennel(**arguments))

    assert refused.value.field.startswith(f"Kennel.{name}")


def test_place_of_a_refusal_reaches_inside() -> None:
    """The refusal of a value further inside names the whole path."""
    with pytest.raises(InvalidValue) as refused:
        dump((Kennel(texts=("a", "\x1b")),))

    assert refused.value.field == "tuple[0].texts[1]"


def test_sealed_form_holds_digests() -> None:
    """Sealed writing puts the digest where the erasable text was."""
    kennel = Kennel(hidden=PrivateText("비밀", DIGEST), hiddens=(PrivateText("a", "1" * 64),))

    written = dump(kennel, sealed=True)

    assert isinstance(written, dict)
    assert written["hidden"] == {"sealed": DIGEST}
    assert written["hiddens"] == [{"sealed": "1" * 64}]


def test_open_form_holds_plain_text() -> None:
    """Open writing gives plain texts, not a kind of text of our own."""
    written = dump(Kennel(hidden=PrivateText("비밀", DIGEST), text=PrivateText("b", DIGEST)))

    assert isinstance(written, dict)
    assert [type(written["hidden"]), type(written["text"])] == [str, str]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("hidden", "비밀", id="erasable text not sealed"),
        pytest.param("hiddens", ("a",), id="erasable texts not sealed"),
        pytest.param("text", PrivateText("a", DIGEST), id="sealed text in a field that stays"),
    ],
)
def test_sealed_form_never_holds_words_that_should_be_erasable(name: str, value: Any) -> None:
    """Bytes that are kept for ever take no erasable word in."""
    arguments: dict[str, Any] = {name: value}

    with pytest.raises(InvalidValue) as refused:
        dump(Kennel(**arguments), sealed=True)

    assert refused.value.field.startswith(f"Kennel.{name}")


@pytest.mark.long
def test_every_hash_seed_gives_the_same_bytes() -> None:
    """Sets are iterated in another order in each process; the bytes do not change."""
    program = (
        "from kakao_asi.risks import Risk; from kakao_asi.serialization import dump_bytes; import sys;"
        "risk = Risk(id='a', title='t', category='active_misuse', system='s', owner='o',"
        " principles={'privacy', 'fairness', 'safety', 'trust', 'growth'});"
        "sys.stdout.buffer.write(dump_bytes(risk))"
    )

    written = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in "0123"
    }

    assert len(written) == 1
    assert b'"principles":["fairness","growth","privacy","safety","trust"]' in written.pop()


def test_every_order_of_keys_gives_the_same_bytes() -> None:
    """Whatever order keys and set items arrive in, the bytes are the same."""
    data: dict[str, Json] = {
        "id": "a",
        "title": "t",
        "category": "active_misuse",
        "system": "s",
        "owner": "o",
        "principles": ["privacy", "fairness", "trust"],
    }
    turned: dict[str, Json] = {**dict(reversed(data.items())), "principles": ["trust", "fairness", "privacy"]}

    assert dump_bytes(structure(Risk, data)) == dump_bytes(structure(Risk, turned))
