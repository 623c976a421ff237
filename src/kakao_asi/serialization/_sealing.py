"""Sealing: erasable texts leave a value and a salted digest of each stays, so that a proof outlives the words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

import attrs

from .._internal.text import PrivateText
from ..exceptions import InvalidValue
from ._shapes import Slot, is_record, records_in, slots_of
from ._writing import dump_bytes

__all__ = ["SealedText", "digest_text", "seal"]

T = TypeVar("T")

SALT_BYTES = 32
"""Length of a salt, that of the digest (our choice)."""

_PURPOSE = b"kakao_asi/text/1\0"


@attrs.frozen(kw_only=True)
class SealedText:
    """One text taken out of a value, to be kept beside the log where it can be erased.

    Attributes:
        field: where it stood, for example ``title`` or ``evidence[0].place``; one place per value.
        digest: 64 hexadecimal digits, see :func:`digest_text`.
        salt: 32 random bytes; not shown in ``repr``.
        text: the words; not shown in ``repr``.
    """

    field: str
    digest: str
    salt: bytes = attrs.field(repr=False)
    text: str = attrs.field(repr=False)


def digest_text(salt: bytes, text: str) -> str:
    """Return the digest that stands for a text: SHA-256 over a fixed purpose, the salt and the text in UTF-8.

    The salt keeps short texts from being guessed by trying; the purpose keeps the digest from being taken for another.

    Raises:
        InvalidValue: the salt has not 32 bytes.
    """
    if not isinstance(salt, bytes) or len(salt) != SALT_BYTES:
        raise InvalidValue("salt", f"must be {SALT_BYTES} bytes", "pass secrets.token_bytes(32)")
    return hashlib.sha256(_PURPOSE + salt + text.encode()).hexdigest()


def seal(value: T, salt: Callable[[], bytes]) -> tuple[T, tuple[SealedText, ...]]:
    """Put a :class:`PrivateText` in the place of each text in an erasable field.

    Attrs values inside tuples, frozensets and mappings are sealed too. Texts that are sealed already stay as they are
    and are not returned again. A value without erasable texts comes back as itself.

    Args:
        value: an attrs value.
        salt: returns 32 new random bytes at each call.

    Returns:
        The sealed value, equal to the value given, and the texts in the order of fields; the items of a frozenset
        count in the order of their canonical JSON.

    Raises:
        InvalidValue: a salt has not 32 bytes.
        TypeError: values of this type cannot be stored.
    """
    sealer = _Sealer(salt)
    return sealer.record(value, ""), tuple(sealer.found)


@cache
def _holds_private(kind: type) -> bool:
    seen: set[type] = set()
    rest = [kind]
    while rest:
        one = rest.pop()
        if one in seen:
            continue
        seen.add(one)
        for slot in slots_of(one):
            if slot.private:
                return True
            rest.extend(records_in(slot.hint))
    return False


@cache
def _plan(kind: type) -> tuple[Slot, ...]:
    """Return the fields that hold erasable texts, themselves or further inside."""
    return tuple(
        slot for slot in slots_of(kind) if slot.private or any(_holds_private(one) for one in records_in(slot.hint))
    )


class _Sealer:
    """Walks one value and collects its texts; lives for one call of :func:`seal`."""

    def __init__(self, salt: Callable[[], bytes]) -> None:
        self.salt = salt
        self.found: list[SealedText] = []

    def record(self, value: Any, path: str) -> Any:
        changes = {}
        kind: type = type(value)
        for slot in _plan(kind):
            old = getattr(value, slot.name)
            place = f"{path}.{slot.name}" if path else slot.name
            new = self.text(old, place) if slot.private else self.inside(old, place)
            if new is not old:
                changes[slot.alias] = new
        return attrs.evolve(value, **changes) if changes else value

    def inside(self, value: Any, path: str) -> Any:
        if is_record(type(value)):
            return self.record(value, path)
        if isinstance(value, tuple):
            return self.items(value, path, self.inside)
        if isinstance(value, frozenset):
            ordered = tuple(sorted(value, key=lambda item: (type(item).__name__, dump_bytes(item))))
            sealed = self.items(ordered, path, self.inside)
            return value if sealed is ordered else frozenset(sealed)
        if isinstance(value, Mapping):
            mapped = {key: self.inside(item, f"{path}.{_shown(key)}") for key, item in value.items()}
            return value if _same(mapped.values(), value.values()) else mapped
        return value

    def items(self, values: tuple[Any, ...], path: str, walk: Callable[[Any, str], Any]) -> tuple[Any, ...]:
        sealed = tuple(walk(item, f"{path}[{index}]") for index, item in enumerate(values))
        return values if _same(sealed, values) else sealed

    def text(self, value: Any, path: str) -> Any:
        if value is None or isinstance(value, PrivateText):
            return value
        if isinstance(value, tuple):
            return self.items(value, path, self.text)
        salt = self.salt()
        digest = digest_text(salt, value)
        self.found.append(SealedText(field=path, digest=digest, salt=salt, text=value))
        return PrivateText(value, digest)


def _same(first: Iterable[Any], second: Iterable[Any]) -> bool:
    return all(one is other for one, other in zip(first, second, strict=True))


def _shown(key: Any) -> str:
    return key if isinstance(key, str) else str(key.value)
