"""JSON Schema: what another program can check without this library."""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Mapping
from typing import Any, Literal

import attrs
import pytest
from attrs import field, frozen
from jsonschema import Draft202012Validator

import kakao_asi.assessments
import kakao_asi.evidence
import kakao_asi.governance
import kakao_asi.lifecycle.commands
import kakao_asi.lifecycle.events
import kakao_asi.principles
import kakao_asi.risks
import kakao_asi.systems
from kakao_asi.evidence import Evidence
from kakao_asi.exceptions import LoadError
from kakao_asi.risks import Risk
from kakao_asi.serialization import dump, json_schema, load_json, schema_bundle, structure
from kakao_asi.stages import Stage
from kakao_asi.systems import Pin, System

FACES = (
    kakao_asi.assessments,
    kakao_asi.evidence,
    kakao_asi.governance,
    kakao_asi.lifecycle.commands,
    kakao_asi.lifecycle.events,
    kakao_asi.principles,
    kakao_asi.risks,
    kakao_asi.systems,
)
RISK: dict[str, Any] = {
    "id": "leaks-rrn",
    "title": "A reply repeats a number",
    "category": "active_misuse",
    "system": "demo-chat",
    "principles": ["privacy"],
    "owner": "serving",
}


def public_records(face: types.ModuleType) -> list[type]:
    """The attrs classes a module shows."""
    shown = (getattr(face, name) for name in face.__all__)
    return [one for one in shown if isinstance(one, type) and attrs.has(one)]


RECORDS = [kind for face in FACES for kind in public_records(face)]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_public_record_has_a_valid_schema(kind: type) -> None:
    """Whatever record a face shows can be stored, and its schema is one."""
    schema = json_schema(kind)

    Draft202012Validator.check_schema(schema)
    assert str(schema["$ref"]).endswith(kind.__name__)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"id": 1}, id="integer for text"),
        pytest.param({"id": "Leaks"}, id="id with a capital"),
        pytest.param({"id": "a" * 129}, id="long id"),
        pytest.param({"title": ""}, id="empty title"),
        pytest.param({"title": " \n"}, id="blank title"),
        pytest.param({"title": "a" * 201}, id="long title"),
        pytest.param({"title": None}, id="null for a text that has to be there"),
        pytest.param({"title": {"sealed": "x"}}, id="sealed text without digest"),
        pytest.param({"id": {"sealed": "0" * 64}}, id="sealed id"),
        pytest.param({"category": "ACTIVE_MISUSE"}, id="member name"),
        pytest.param({"category": "적극적 악용"}, id="label of a member"),
        pytest.param({"stages": []}, id="too few items"),
        pytest.param({"stages": ["test", "test"]}, id="item twice"),
        pytest.param({"stages": ["tests"]}, id="unknown item"),
        pytest.param({"stages": "test"}, id="text for an array"),
        pytest.param({"principles": ["Privacy"]}, id="item that is no id"),
        pytest.param({"principles": [f"p{n}" for n in range(1_001)]}, id="too many items"),
        pytest.param({"legal_obligation": "false"}, id="text for a bool"),
        pytest.param({"legal_obligation": 0}, id="0 for a bool"),
        pytest.param({"actor": "human"}, id="unknown key"),
    ],
)
def test_schema_refuses_what_loading_refuses(change: dict[str, Any]) -> None:
    """A single broken rule is found by the schema and by the loader."""
    schema = Draft202012Validator(json_schema(Risk))
    assert schema.is_valid(RISK)

    assert not schema.is_valid(RISK | change)
    with pytest.raises(LoadError):
        structure(Risk, RISK | change)


@pytest.mark.parametrize("key", list(RISK))
def test_schema_asks_for_required_keys(key: str) -> None:
    """A required key is required by the schema too."""
    assert not Draft202012Validator(json_schema(Risk)).is_valid({name: RISK[name] for name in RISK if name != key})


@frozen(kw_only=True)
class Line:
    """One member of a union.

    This is not part of its first line.
    """

    length: int


@frozen(kw_only=True)
class Arc:
    """Another member of a union."""

    radius: int
    lines: tuple[Line, ...] = ()


@frozen(kw_only=True)
class Drawing:
    """Every shape a field can have."""

    one: Line | Arc
    two: Line | Arc | None = None
    plain: Line | None = None
    pair: tuple[int, str] = (1, "a")
    by_stage: Mapping[Stage, Line] = field(factory=dict)
    facts: Mapping[str, str] = field(factory=dict)
    lang: Literal["ko", "en"] = "ko"
    at: dt.datetime = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    on: dt.date = dt.date(2026, 11, 23)
    lasts: dt.timedelta = dt.timedelta(0)
    words: tuple[str, ...] = field(default=(), metadata={"kakao_asi.private": True})
    free: Any = None
    inner: tuple[Drawing, ...] = ()


DRAWING: dict[str, Any] = {"one": {"type": "Line", "length": 1}}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"one": {"length": 1}}, id="union without type"),
        pytest.param({"one": {"type": "Arc", "length": 1}}, id="union with fields of another member"),
        pytest.param({"plain": {"type": "Line", "length": 1}}, id="type outside a union"),
        pytest.param({"pair": [1]}, id="row too short"),
        pytest.param({"pair": [1, "a", 2]}, id="row too long"),
        pytest.param({"pair": ["a", 1]}, id="row in another order"),
        pytest.param({"by_stage": {"tests": {"length": 1}}}, id="unknown key"),
        pytest.param({"by_stage": {"test": {"length": "1"}}}, id="wrong value under a free key"),
        pytest.param({"facts": {"가": "a"}}, id="key that is not ASCII"),
        pytest.param({"facts": {"a": 1}}, id="integer in a mapping of texts"),
        pytest.param({"lang": "jp"}, id="constant not listed"),
        pytest.param({"at": "2026-11-23T24:00:00.000000Z"}, id="hour 24"),
        pytest.param({"at": "2026-11-23T10:00:00Z"}, id="instant without microseconds"),
        pytest.param({"at": "2026-11-23T10:00:00.000000+09:00"}, id="instant with offset"),
        pytest.param({"on": "20261123"}, id="date without dashes"),
        pytest.param({"lasts": 2**53}, id="large duration"),
        pytest.param({"words": ["a", {"sealed": "x"}]}, id="sealed text without digest"),
        pytest.param({"inner": [{}]}, id="broken rule inside itself"),
    ],
)
def test_schema_knows_every_shape(change: dict[str, Any]) -> None:
    """Each shape a field can have is described as strictly as it is loaded."""
    schema = Draft202012Validator(json_schema(Drawing))
    assert schema.is_valid(DRAWING)

    assert not schema.is_valid(DRAWING | change)
    with pytest.raises(LoadError):
        structure(Drawing, DRAWING | change)


def test_schema_accepts_a_full_value() -> None:
    """A value with every field set fits, with unions, mappings and itself inside."""
    drawing = Drawing(
        one=Arc(radius=1, lines=(Line(length=2),)),
        plain=Line(length=3),
        by_stage={Stage.TEST: Line(length=4)},
        facts={"a": "b"},
        words=("가",),
        free={"a": [None]},
        inner=(Drawing(one=Line(length=5)),),
    )

    assert list(Draft202012Validator(json_schema(Drawing)).iter_errors(dump(drawing))) == []


def test_schema_is_json_that_may_be_stored() -> None:
    """A schema is plain data that keeps the rules of stored JSON."""
    assert load_json(json.dumps(json_schema(Risk))) == json_schema(Risk)


def test_definition_is_described_by_the_first_line_of_its_class() -> None:
    """The first line of a docstring becomes the description."""
    definitions = json_schema(Line)["$defs"]

    assert isinstance(definitions, dict)
    assert definitions["Line"] == {
        "description": "One member of a union.",
        "type": "object",
        "properties": {"length": {"type": "integer", "minimum": 1 - 2**53, "maximum": 2**53 - 1}},
        "required": ["length"],
        "additionalProperties": False,
    }


def test_validators_show_in_the_schema() -> None:
    """Patterns and counts come from the validators of the fields."""
    definitions: Any = json_schema(Pin)["$defs"]

    assert definitions["Pin"]["properties"]["digest"] == {
        "type": "string",
        "pattern": "^sha256:[0-9a-f]{64}$",
        "maxLength": 71,
    }


def test_bundle_defines_each_class_once() -> None:
    """One document holds several classes under their names, sorted."""
    bundle = schema_bundle([System, Risk, Evidence, Risk])

    Draft202012Validator.check_schema(bundle)
    assert isinstance(bundle["$defs"], dict)
    assert list(bundle["$defs"]) == ["Evidence", "HighImpact", "Risk", "SealedText", "System"]


@frozen(kw_only=True)
class SealedText:
    """A class that is called like a definition of ours."""

    text: str = field(metadata={"kakao_asi.private": True})


def test_classes_of_one_name_go_by_their_full_names() -> None:
    """A name that two definitions would share is used by neither class."""

    @frozen(kw_only=True)
    class Risk:
        """A class that holds the one it has its name from."""

        risks: tuple[kakao_asi.risks.Risk, ...] = ()

    bundle = schema_bundle([Risk, SealedText])

    names = list(bundle["$defs"]) if isinstance(bundle["$defs"], dict) else []
    inner, outer = "kakao_asi.risks.Risk", f"{__name__}.{Risk.__qualname__}"
    assert sorted(names) == sorted(["SealedText", f"{__name__}.SealedText", inner, outer])
    assert Draft202012Validator(json_schema(Risk)).is_valid({"risks": [RISK]})
    assert not Draft202012Validator(json_schema(Risk)).is_valid({"risks": [RISK | {"id": 1}]})


def test_classes_that_no_name_tells_apart_are_refused() -> None:
    """Two classes made by one function cannot stand in one document."""

    def made() -> type:
        @frozen
        class Twin:
            pass

        return Twin

    with pytest.raises(TypeError, match="rename"):
        schema_bundle([made(), made()])


def test_class_without_docstring_has_no_description() -> None:
    """Nothing is made up where a class says nothing."""

    @frozen
    class Silent:
        pass

    assert json_schema(Silent)["$defs"] == {
        "Silent": {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    }


def test_union_is_described_by_the_types_of_its_members() -> None:
    """A member of a union is told apart by its class name."""
    kind: Any = Line | Arc
    schema = Draft202012Validator(json_schema(kind))

    assert schema.is_valid({"type": "Line", "length": 1})
    assert not schema.is_valid({"length": 1})
