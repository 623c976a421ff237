"""The schema that neighbours in other languages read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kakao_asi.serialization import PUBLIC_TYPES, dump, json_schema, public_schema

OFFERED = Path(__file__).parents[2] / "docs" / "assets" / "kakao_asi.schema.json"


def test_the_schema_is_a_valid_one() -> None:
    """The document is a JSON Schema of draft 2020-12."""
    schema = public_schema()

    Draft202012Validator.check_schema(schema)

    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]


def test_the_document_offered_is_the_present_one() -> None:
    """What the documents offer is what this version writes; ``tools/write_schema.py`` renews it."""
    if not OFFERED.exists():
        pytest.skip("the documents are not beside the tests here")

    assert json.loads(OFFERED.read_text(encoding="utf-8")) == public_schema()


@pytest.mark.parametrize("kind", PUBLIC_TYPES, ids=lambda kind: kind.__qualname__)
def test_every_public_type_has_a_definition_that_forbids_unknown_keys(kind: type) -> None:
    """No public object takes a key that it does not name."""
    schema = json_schema(kind)
    name = str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else kind.__name__
    definitions = schema.get("$defs", {})
    body = definitions[name] if isinstance(definitions, dict) and name in definitions else schema

    assert body["additionalProperties"] is False  # type: ignore[index,call-overload]  # a schema is an object


def test_what_the_schema_describes_is_what_is_written() -> None:
    """A written value passes the schema of its type."""
    from kakao_asi import Risk

    risk = Risk(
        id="leaks-rrn",
        title="가짜 제목",
        category="model_imperfection",
        system="demo-chat",
        principles={"privacy"},
        owner="serving",
    )

    assert Draft202012Validator(json_schema(Risk)).is_valid(dump(risk))
