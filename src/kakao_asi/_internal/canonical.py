"""Canonical JSON and digests: the bytes that are hashed, stored and compared.

Keys are sorted ASCII, there is no white space, text is UTF-8 in NFC, integers stay within ±(2**53 − 1) and
there are no floats: a decimal is text. Every JSON library that can be asked writes this set alike.
"""

from __future__ import annotations

import hashlib
import json
from typing import TypeAlias

from ..exceptions import InvalidValue

__all__ = ["MAX_INTEGER", "Json", "canonical_bytes", "check_canonical", "digest_of", "write_checked"]

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""What canonical JSON can hold; a float is not part of it."""

MAX_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly.

Source: RFC 8259, section 6.
"""


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_bytes(value: Json) -> bytes:
    """Write a value as canonical JSON.

    Raises:
        InvalidValue: the value holds a float, an integer out of range, a key that is not ASCII, or a lone surrogate.
    """
    check_canonical(value)
    return write_checked(value)


def check_canonical(value: Json) -> None:
    """Refuse a value that canonical JSON cannot hold.

    Raises:
        InvalidValue: as for :func:`canonical_bytes`.
    """
    if not _fits(value):
        _check(value, "$")


def write_checked(value: Json) -> bytes:
    """Write a value of which every part is known to be canonical; checking again would cost as much as writing."""
    return _ENCODER.encode(value).encode()


def digest_of(value: Json) -> str:
    """Return ``sha256:`` and the hexadecimal SHA-256 of a value's canonical JSON."""
    return "sha256:" + hashlib.sha256(canonical_bytes(value)).hexdigest()


def _fits(value: object) -> bool:
    """Tell quickly that nothing is wrong; on False ``_check`` finds out what and where, or that all is well."""
    # By exact type, most frequent first: a subclass takes the slow way.
    kind = type(value)
    if kind is str:
        return _is_unicode(value)  # type: ignore[arg-type]
    if kind is int:
        return -MAX_INTEGER <= value <= MAX_INTEGER  # type: ignore[operator]
    if kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]  # noqa: SIM110  # a generator costs double
            if type(key) is not str or not key.isascii() or not _fits(item):
                return False
        return True
    if kind is list:
        return all(map(_fits, value))  # type: ignore[call-overload]
    return value is None or kind is bool


def _check(value: object, path: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise InvalidValue(path, "holds a key that is not ASCII text")
            _check(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]")
    elif isinstance(value, str):
        if not _is_unicode(value):
            raise InvalidValue(path, "holds half of a surrogate pair")
    elif isinstance(value, bool) or value is None:
        return
    elif not isinstance(value, int) or abs(value) > MAX_INTEGER:
        raise InvalidValue(path, "holds something canonical JSON cannot", "write decimals and large numbers as text")


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
