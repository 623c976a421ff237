"""JSON Schema 2020-12 of what is stored, for those who read or write it without this library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from .._internal.canonical import MAX_INTEGER, Json
from .._internal.fields import schema_of
from ._json import TEXT
from ._marks import SEALED, SEALED_PATTERN
from ._shapes import TAG, Form, Shape, records_in, shape_of, slots_of

__all__ = ["json_schema", "schema_bundle"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SEALED_NAME = "SealedText"
_TAGGED = "In union: "
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6}"

Schema = dict[str, Json]
Rule = Mapping[str, Json]


def json_schema(kind: Any) -> Schema:
    """Return the JSON Schema of one type.

    It says what can be said there: keys, types, patterns, ranges, counts and lengths. Rules over several fields, and
    which characters a text may hold, are known to :func:`load` only.

    Args:
        kind: an attrs class, or any other type a field may have.

    Raises:
        TypeError: values of this type cannot be stored.
    """
    schemas = _Schemas(_names_of([kind]))
    top = schemas.of(kind, {})
    return {"$schema": _DIALECT, **top, "$defs": schemas.definitions()}


def schema_bundle(kinds: Iterable[type]) -> Schema:
    """Return one JSON Schema document that defines several classes, each under ``$defs`` by its name.

    Classes that share a name within the document go by their full names, such as ``kakao_asi.systems.Pin``.

    Raises:
        TypeError: values of one of the types cannot be stored.
    """
    listed = tuple(kinds)
    schemas = _Schemas(_names_of(listed))
    for kind in listed:
        schemas.of(kind, {})
    return {"$schema": _DIALECT, "$defs": schemas.definitions()}


def _names_of(hints: Iterable[Any]) -> dict[type, str]:
    """Return a name for each class that a document needs, whatever order it meets them in."""
    kinds: dict[type, None] = {}
    rest = list(hints)
    while rest:
        for kind in records_in(rest.pop()):
            if kind not in kinds:
                kinds[kind] = None
                rest.extend(slot.hint for slot in slots_of(kind))
    uses = Counter([_SEALED_NAME, *(kind.__name__ for kind in kinds)])
    names = {
        kind: kind.__name__ if uses[kind.__name__] == 1 else f"{kind.__module__}.{kind.__qualname__}" for kind in kinds
    }
    if len(set(names.values())) < len(names):
        message = "two classes have one name even with their modules; rename one"
        raise TypeError(message)
    return names


class _Schemas:
    """Collects the definitions one document needs; lives for one call."""

    def __init__(self, names: Mapping[type, str]) -> None:
        self._names = names
        self._made: dict[str, Schema] = {}

    def definitions(self) -> Schema:
        return {name: self._made[name] for name in sorted(self._made)}

    def of(self, hint: Any, rule: Rule) -> Schema:
        """Return the schema of an annotation; ``rule`` holds the keywords its validator states."""
        shape = shape_of(hint)
        if shape.form in _LEAVES:
            return {**_LEAVES[shape.form], **rule}
        return _MAKERS[shape.form](self, shape, rule)

    def sealable(self, _: Shape, rule: Rule) -> Schema:
        sealed: Schema = {SEALED: {"type": "string", "pattern": f"^{SEALED_PATTERN}$"}}
        self._made[_SEALED_NAME] = {
            "type": "object",
            "properties": sealed,
            "required": [SEALED],
            "additionalProperties": False,
        }
        return {"oneOf": [self.of(str, rule), _reference(_SEALED_NAME)]}

    def maybe(self, shape: Shape, rule: Rule) -> Schema:
        return {"anyOf": [self.of(shape.parts[0], rule), {"type": "null"}]}

    def array(self, shape: Shape, rule: Rule) -> Schema:
        item = rule.get("items")
        made = {"type": "array", **rule, "items": self.of(shape.parts[0], item if isinstance(item, dict) else {})}
        return {**made, "uniqueItems": True} if shape.form is Form.SET else made

    def row(self, shape: Shape, _: Rule) -> Schema:
        places: list[Json] = [self.of(part, {}) for part in shape.parts]
        return {"type": "array", "prefixItems": places, "items": False, "minItems": len(places)}

    def mapping(self, shape: Shape, _: Rule) -> Schema:
        key, item = shape.parts
        return {
            "type": "object",
            "propertyNames": {**self.of(key, {}), "pattern": "^[ -~]*$"},
            "additionalProperties": self.of(item, {}),
        }

    def record(self, shape: Shape, _: Rule) -> Schema:
        (kind,) = shape.parts
        name = self._names[kind]
        if name not in self._made:
            self._made[name] = {}  # stands for itself while its own fields are read
            self._made[name] = self._object(kind, {})
        return _reference(name)

    def one_of(self, shape: Shape, _: Rule) -> Schema:
        references: list[Json] = []
        for kind in shape.parts:
            name = _TAGGED + self._names[kind]
            if name not in self._made:
                self._made[name] = {}
                self._made[name] = self._object(kind, {TAG: {"const": kind.__name__}})
            references.append(_reference(name))
        return {"oneOf": references}

    def _object(self, kind: type, tag: Schema) -> Schema:
        slots = slots_of(kind)
        properties: Schema = {**tag, **{slot.name: self.of(slot.hint, schema_of(slot.check)) for slot in slots}}
        required: list[Json] = [*tag, *(slot.name for slot in slots if slot.needed)]
        words = (kind.__doc__ or "").strip().partition("\n")[0]
        return {
            **({"description": words} if words else {}),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }


def _reference(name: str) -> Schema:
    return {"$ref": "#/$defs/" + quote(name)}


def _word(_: _Schemas, shape: Shape, __: Rule) -> Schema:
    return {"enum": [member.value for member in shape.parts[0]]}


def _constant(_: _Schemas, shape: Shape, __: Rule) -> Schema:
    return {"enum": list(shape.parts)}


_LEAVES: dict[Form, Schema] = {
    Form.TEXT: {"type": "string", "maxLength": TEXT},
    Form.WHOLE: {"type": "integer", "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER},
    Form.FLAG: {"type": "boolean"},
    Form.INSTANT: {"type": "string", "format": "date-time", "pattern": f"^{_DAY}T{_TIME}Z$"},
    Form.DATE: {"type": "string", "format": "date", "pattern": f"^{_DAY}$"},
    Form.SPAN: {
        "type": "integer",
        "minimum": -MAX_INTEGER,
        "maximum": MAX_INTEGER,
        "description": "microseconds",
    },
    Form.FREE: {},
}

_MAKERS = {
    Form.SEALABLE: _Schemas.sealable,
    Form.WORD: _word,
    Form.CONSTANT: _constant,
    Form.MAYBE: _Schemas.maybe,
    Form.TUPLE: _Schemas.array,
    Form.SET: _Schemas.array,
    Form.ROW: _Schemas.row,
    Form.MAPPING: _Schemas.mapping,
    Form.RECORD: _Schemas.record,
    Form.ONE_OF: _Schemas.one_of,
}
