"""What loading gives back, where it says a rule was broken, and which types it cannot read at all."""

from __future__ import annotations

import datetime as dt
import enum
import pickle
from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias

import pytest
from attrs import field, frozen

from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.serialization import Json, dump, json_schema, load, load_json, seal, structure
from kakao_asi.stages import Stage


@frozen(kw_only=True)
class Circle:
    """One member of a union."""

    radius: int


@frozen(kw_only=True)
class Square:
    """Another member of a union."""

    side: int
    on: dt.date | None = None


Figure: TypeAlias = Circle | Square


@frozen(kw_only=True)
class Box:
    """A class with every shape a field can have."""

    one: Figure
    many: tuple[Figure, ...] = ()
    perhaps: Circle | Square | None = None
    pair: tuple[int, str] = (0, "a")
    by_stage: Mapping[Stage, Circle] = field(factory=dict)
    lang: Literal["ko", "en"] = "ko"
    lasts: dt.timedelta = dt.timedelta(0)
    free: Any = None
    json: Json = None
    inner: Box | None = None
    limit: int | None = 3
    needed: str | None = field()
    counted: int = field(init=False, default=7)
    stages: frozenset[Stage] = frozenset()


CIRCLE: dict[str, Json] = {"type": "Circle", "radius": 1}


def place_of(value: Any) -> tuple[str, str]:
    """Load a box and return where and why it was refused."""
    with pytest.raises(LoadError) as refused:
        structure(Box, value)
    return refused.value.path, refused.value.code


def test_full_box_is_read() -> None:
    """Every shape is read as the immutable type its field names."""
    box = structure(
        Box,
        {
            "one": CIRCLE,
            "many": [{"type": "Square", "side": 2, "on": "2026-11-23"}, CIRCLE],
            "perhaps": CIRCLE,
            "pair": [5, "b"],
            "by_stage": {"test": {"radius": 4}},
            "lang": "en",
            "lasts": 1_500_000,
            "free": {"a": [1, None, True]},
            "json": ["a"],
            "inner": {"one": CIRCLE},
            "limit": None,
            "stages": ["test", "design"],
        },
    )

    assert box == Box(
        one=Circle(radius=1),
        many=(Square(side=2, on=dt.date(2026, 11, 23)), Circle(radius=1)),
        perhaps=Circle(radius=1),
        pair=(5, "b"),
        by_stage={Stage.TEST: Circle(radius=4)},
        lang="en",
        lasts=dt.timedelta(seconds=1.5),
        free={"a": [1, None, True]},
        json=["a"],
        inner=Box(one=Circle(radius=1), needed=None),
        limit=None,
        needed=None,
        stages=frozenset({Stage.TEST, Stage.DESIGN}),
    )


def test_absent_key_means_none_or_the_default() -> None:
    """A field that may be None is None where its key is absent, unless its default says otherwise."""
    box = structure(Box, {"one": CIRCLE})

    assert box.needed is None
    assert box.perhaps is None
    assert box.limit == 3


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        pytest.param({"one": {"radius": 1}}, "$.one", "missing_key", id="union without type"),
        pytest.param({"one": {"type": "Line"}}, "$.one.type", "unknown_type", id="union of unknown type"),
        pytest.param({"one": {"type": 1}}, "$.one.type", "unknown_type", id="type that is no text"),
        pytest.param({"one": []}, "$.one", "type", id="list for a union"),
        pytest.param({"one": {"type": "Circle", "side": 1}}, "$.one", "missing_key", id="fields of another member"),
        pytest.param({"one": CIRCLE | {"side": 1}}, "$.one", "unknown_key", id="one field too many"),
        pytest.param({"many": [CIRCLE, {"type": "Square", "side": "x"}]}, "$.many[1].side", "type", id="deep inside"),
        pytest.param({"inner": {"one": {"type": "Circle"}}}, "$.inner.one", "missing_key", id="inside itself"),
        pytest.param({"pair": [1]}, "$.pair", "length", id="row too short"),
        pytest.param({"pair": [1, "a", "b"]}, "$.pair", "length", id="row too long"),
        pytest.param({"pair": ["a", "a"]}, "$.pair[0]", "type", id="wrong place in a row"),
        pytest.param({"pair": {}}, "$.pair", "type", id="object for a row"),
        pytest.param({"by_stage": {"tests": {"radius": 1}}}, "$.by_stage.*", "unknown_word", id="unknown word as key"),
        pytest.param({"by_stage": {"test": {"radius": 0.5}}}, "$.by_stage.*.radius", "float", id="under a free key"),
        pytest.param({"lang": "jp"}, "$.lang", "unknown_word", id="constant not listed"),
        pytest.param({"lang": None}, "$.lang", "type", id="null for a constant"),
        pytest.param({"lasts": "1s"}, "$.lasts", "type", id="text for a duration"),
        pytest.param({"free": {"a": [0, {"b": "\x1b"}]}}, "$.free.*[1].*", "text", id="inside free data"),
        pytest.param({"json": [float("nan")]}, "$.json[0]", "float", id="inside JSON"),
        pytest.param({"counted": 7}, "$", "unknown_key", id="field that init does not take"),
    ],
)
def test_refusal_names_the_place(change: dict[str, Any], path: str, code: str) -> None:
    """A refusal names the path to the value, with free keys as a star."""
    assert place_of({"one": CIRCLE} | change) == (path, code)


def test_path_of_untyped_json_shows_positions_only() -> None:
    """Where nothing says which keys are known, none is repeated."""
    with pytest.raises(LoadError) as refused:
        load_json('{"a":[1,{"b":1.5}]}')

    assert refused.value.path == "$.*[1].*"


def test_error_survives_pickling() -> None:
    """A load error keeps its parts when it crosses a process."""
    with pytest.raises(LoadError) as refused:
        load(Box, "[")
    again = pickle.loads(pickle.dumps(refused.value))  # noqa: S301  # our own bytes

    assert (again.path, again.code, again.expected) == ("$", "not_json", refused.value.expected)


@frozen(kw_only=True)
class Strict:
    """A class whose rule names another class."""

    name: str

    def __attrs_post_init__(self) -> None:
        """Refuse every name."""
        raise InvalidValue("Other.name", "must be something else")


def test_rule_of_another_class_is_told_at_the_object() -> None:
    """A rule that names no field of the class is told at the place of the object, in its own words."""
    with pytest.raises(LoadError) as refused:
        structure(Strict, {"name": "a"})

    assert refused.value.path == "$"
    assert refused.value.expected == "a valid Other.name: it must be something else"


class Speaks(Protocol):
    """Something that cannot be stored."""

    def speak(self) -> str:
        """Say something."""
        ...


@frozen
class WithProtocol:
    """A class with a field of a Protocol."""

    it: Speaks


@frozen
class WithFloat:
    """A class with a float further inside."""

    it: tuple[float, ...]


@frozen
class WithList:
    """A class with a mutable field."""

    it: list[str]


@frozen
class WithUnion:
    """A class with a union that JSON cannot tell apart."""

    it: str | int


@frozen
class Typed:
    """A class with a field named like the tag of unions."""

    type: str


@frozen
class WithTagged:
    """A class with a union whose member has a field named like the tag."""

    it: Circle | Typed


@frozen
class WithIntegerKeys:
    """A class with a mapping whose keys are no texts."""

    it: Mapping[int, str]


@frozen
class WithConstant:
    """A class with a constant that is no text and no whole number."""

    it: Literal[b"a"]


@frozen
class WithErasableNumber:
    """A class that calls a number erasable text."""

    it: int = field(metadata={"kakao_asi.private": True})


class Mixed(enum.Enum):
    """An enum whose values are not all text or whole numbers."""

    HALF = 0.5


@frozen
class WithMixed:
    """A class with such an enum."""

    it: Mixed


@frozen
class WithUnknownName:
    """A class whose annotation names nothing."""

    it: Nowhere  # type: ignore[name-defined]  # noqa: F821  # the mistake under test


@pytest.mark.parametrize(
    "kind",
    [
        WithProtocol,
        WithFloat,
        WithList,
        WithUnion,
        WithTagged,
        WithIntegerKeys,
        WithConstant,
        WithErasableNumber,
        WithMixed,
        WithUnknownName,
    ],
)
def test_class_that_cannot_be_stored_is_named(kind: type) -> None:
    """A type nobody can store is refused by everything, and the message names class and field."""
    value: Any = object.__new__(kind)
    for attempt in (
        lambda: structure(kind, {"it": 1}),
        lambda: dump(value),
        lambda: json_schema(kind),
        lambda: seal(value, lambda: b"s" * 32),
    ):
        with pytest.raises(TypeError, match=kind.__name__):
            attempt()


@pytest.mark.parametrize("kind", [float, bytes, object, list, set, type(None), complex])
def test_plain_type_that_cannot_be_stored_is_refused(kind: type) -> None:
    """Plain types outside the few shapes are refused."""
    with pytest.raises(TypeError, match="cannot be stored"):
        structure(kind, None)


def test_union_can_be_asked_for_at_the_top() -> None:
    """A union is a type like any other, so its members are told apart at the top too."""
    kind: Any = Circle | Square

    assert structure(kind, {"type": "Square", "side": 2}) == Square(side=2)
