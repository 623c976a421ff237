"""The bytes of one event: how they are read, and what in them stands for a text kept beside them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from .._internal.canonical import Json
from .._internal.clock import parse_instant
from ..exceptions import IntegrityError

__all__ = ["Envelope", "read_body", "sealed_in", "tail_of"]

_MARK: Final = b'"sealed":"'
_SEALED = re.compile(rb'"sealed":"([0-9a-f]{64})"')
_TAIL = re.compile(
    rb',"recorded_at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)"'
    rb',"schema":[1-9]\d{0,15},"stream":"([^"\\]+)","version":([1-9]\d{0,15})\}'
)

# What every body has, with the exact type: True is no version.
_ALWAYS: Final[Mapping[str, type]] = {
    "at": str,
    "auth": str,
    "by": str,
    "id": str,
    "kind": str,
    "lifecycle": int,
    "recorded_at": str,
    "schema": int,
    "stream": str,
    "version": int,
}
_SOMETIMES: Final[Mapping[str, type]] = {"cause": str, "governance": str, "private": dict}


@frozen(kw_only=True)
class Envelope:
    """The parts of an event's body; see :class:`~kakao_asi.stores.StoredEvent` for what they mean.

    Attributes:
        private: digest by field of the texts that came with this event.
    """

    id: str
    stream: str
    version: int
    kind: str
    schema: int
    at: dt.datetime
    recorded_at: dt.datetime
    by: str
    auth: str
    cause: str | None
    lifecycle: int
    governance: str | None
    payload: Json
    because: Json
    private: Mapping[str, str]


def tail_of(body: bytes) -> tuple[str, int, str] | None:
    """Read stream, version and recorded time of a body without parsing the rest; None where that needs a parser.

    Members are sorted, so a body without members that this version does not know ends with these four. They cannot be
    looked for in vain inside a text: quotation marks are escaped there. Whether the rest is JSON is not looked at.
    """
    found = _TAIL.fullmatch(body, body.rfind(b',"recorded_at":"'))
    if found is None:
        return None
    recorded_at, stream, version = found.groups()
    return stream.decode(errors="replace"), int(version), recorded_at.decode()


def sealed_in(data: bytes) -> tuple[str, ...]:
    """Return the digest of each text that canonical JSON holds sealed, in order and once each."""
    # A look-alike inside a JSON text cannot match: its quotation marks are escaped.
    return tuple(dict.fromkeys(found.decode() for found in _SEALED.findall(data))) if _MARK in data else ()


def read_body(body: bytes, seq: int) -> Envelope:
    """Read the stored bytes of an event; parts that a newer version added are passed over.

    Raises:
        IntegrityError: the bytes are not what this library writes.
    """
    try:
        return _envelope(json.loads(body.decode()))
    except (ValueError, TypeError, KeyError, RecursionError):
        message = f"event {seq} cannot be read as it is stored; run audit() to see what else is damaged"
        raise IntegrityError(message) from None


def _envelope(data: dict[str, Any]) -> Envelope:
    for name, kind in _ALWAYS.items():
        if type(data[name]) is not kind:
            raise TypeError
    for name, kind in _SOMETIMES.items():
        if name in data and type(data[name]) is not kind:
            raise TypeError
    return Envelope(
        **{name: data[name] for name in ("id", "stream", "version", "kind", "schema", "by", "auth", "lifecycle")},
        at=parse_instant(data["at"]),
        recorded_at=parse_instant(data["recorded_at"]),
        cause=data.get("cause"),
        governance=data.get("governance"),
        payload=data["payload"],
        because=data.get("because"),
        private=data.get("private", {}),
    )
