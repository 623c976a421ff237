"""Values to data and back: strict loading, one way of writing, sealed texts, JSON Schema, readers of old versions.

What is written has one form: canonical JSON with absent fields left out, words by their id, sets sorted, instants as
``YYYY-MM-DDTHH:MM:SS.ffffffZ`` and durations as whole microseconds. What is read is refused unless it has that form:
nothing is coerced, no key is dropped, and every refusal is one :class:`~kakao_asi.exceptions.LoadError` that names
the place and the rule and never what was found.
"""

from .._internal.canonical import Json
from .._internal.text import ERASED, PrivateText
from ._json import load_json
from ._public import PUBLIC_TYPES, public_schema
from ._schema import json_schema, schema_bundle
from ._sealing import SealedText, digest_text, seal
from ._strict import load, structure
from ._upcasting import Upcasters
from ._writing import dump, dump_bytes

__all__ = [
    "ERASED",
    "PUBLIC_TYPES",
    "Json",
    "PrivateText",
    "SealedText",
    "Upcasters",
    "digest_text",
    "dump",
    "dump_bytes",
    "json_schema",
    "load",
    "load_json",
    "public_schema",
    "schema_bundle",
    "seal",
    "structure",
]
