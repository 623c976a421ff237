"""Rules for the fields of frozen values: typed converters and validators that say what to do next."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar

from attrs import Attribute

from ..exceptions import InvalidValue
from .canonical import MAX_INTEGER, Json
from .text import DIGEST_PATTERN, ID_PATTERN, ID_RULE, PrivateText, faults_of_text, is_digest, is_id
from .words import Word

__all__ = [
    "PRIVATE",
    "Check",
    "as_ids",
    "as_ids_or_none",
    "as_nfc",
    "as_nfc_or_none",
    "as_utc",
    "as_utc_or_none",
    "check_aware",
    "check_bool",
    "check_date",
    "check_digest",
    "check_id",
    "check_kind",
    "check_optional",
    "check_text",
    "check_tuple_of",
    "check_whole",
    "is_private",
    "name_of",
    "schema_of",
    "tupled",
    "worded",
]

T = TypeVar("T")
W = TypeVar("W", bound=Word)

Check: TypeAlias = "Callable[[Any, Attribute[Any], Any], None]"
"""A validator as attrs calls it: instance, field, value."""

PRIVATE: dict[str, bool] = {"kakao_asi.private": True}
"""Metadata of a text field whose words are kept erasable: the log holds a salted digest of them."""


def is_private(field: Attribute[Any]) -> bool:
    """Tell whether a field holds erasable text."""
    return bool(field.metadata.get("kakao_asi.private"))


def name_of(instance: object, field: Attribute[Any]) -> str:
    """Return ``Type.field`` for messages."""
    return f"{type(instance).__name__}.{field.name}"


def as_nfc(value: str) -> str:
    """Return text in Unicode normal form C; anything else is left for the validator to refuse."""
    if isinstance(value, str) and not isinstance(value, PrivateText) and not value.isascii():
        return unicodedata.normalize("NFC", value)
    return value


def as_utc(value: dt.datetime) -> dt.datetime:
    """Return an aware instant in UTC; anything else is left for the validator to refuse."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None and value.tzinfo is not dt.UTC:
        try:
            return value.astimezone(dt.UTC)
        except OverflowError:
            return value
    return value


def as_ids(values: Iterable[str]) -> frozenset[str]:
    """Return a frozen set of ids; one text alone is left for the validator to refuse, never split into letters."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        return values  # type: ignore[return-value]  # the validator refuses it
    return frozenset(values)


def tupled(values: Iterable[T]) -> tuple[T, ...]:
    """Return a tuple of the values; one text alone is left for the validator to refuse, never split into letters.

    mypy knows the type of a field only if its converter is a named function of concrete types, so each module wraps
    this in one of its own.
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        return values  # type: ignore[return-value]  # the validator refuses it
    return tuple(values)


def worded(kind: type[W], values: Iterable[W | str]) -> frozenset[W]:
    """Return a frozen set of members, found by member, id or Korean label; the rest is left for the validator."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        return values  # type: ignore[return-value]  # the validator refuses it
    return frozenset(_member(kind, one) for one in values)


def as_nfc_or_none(value: str | None) -> str | None:
    """Return text in Unicode normal form C, or None."""
    return None if value is None else as_nfc(value)


def as_utc_or_none(value: dt.datetime | None) -> dt.datetime | None:
    """Return an aware instant in UTC, or None."""
    return None if value is None else as_utc(value)


def as_ids_or_none(values: Iterable[str] | None) -> frozenset[str] | None:
    """Return a frozen set of ids, or None."""
    return None if values is None else as_ids(values)


def _member(kind: type[W], value: W | str) -> W:
    try:
        return kind(value)
    except ValueError:
        return value  # type: ignore[return-value]  # the validator refuses it


def schema_of(check: object) -> Mapping[str, Json]:
    """Return what a validator of this module asks for as keywords of JSON Schema; empty for any other validator."""
    stated: Mapping[str, Json] = getattr(check, "schema", {})
    return stated


def _stating(**schema: Json) -> Callable[[Check], Check]:
    # The keywords hang on the function itself, so that a check costs one call and not two.
    def state(check: Check) -> Check:
        vars(check).update(schema=schema)
        return check

    return state


@_stating(pattern=f"^{ID_PATTERN}$", maxLength=128)
def check_id(instance: Any, field: Attribute[Any], value: Any) -> None:
    """Refuse anything but an id."""
    if not is_id(value):
        raise InvalidValue(name_of(instance, field), ID_RULE, "choose a short lower-case id such as 'demo-chat'")


@_stating(pattern=f"^{DIGEST_PATTERN}$", maxLength=71)
def check_digest(instance: Any, field: Attribute[Any], value: Any) -> None:
    """Refuse anything but ``sha256:`` and 64 lower-case hexadecimal digits."""
    if not is_digest(value):
        rule = "must be 'sha256:' and 64 lower-case hexadecimal digits"
        raise InvalidValue(name_of(instance, field), rule, "make it with Evidence.of_file or Evidence.of_bytes")


def check_text(*, longest: int = 200, lines: bool = False) -> Check:
    """Return a validator for text people read: not blank, visible, NFC, at most ``longest`` characters."""

    @_stating(minLength=1, maxLength=longest, pattern=r"\S")
    def check(instance: Any, field: Attribute[Any], value: Any) -> None:
        if not isinstance(value, str):
            raise InvalidValue(name_of(instance, field), "must be text")
        rule = faults_of_text(value, longest=longest, lines=lines)
        if rule is not None:
            raise InvalidValue(name_of(instance, field), rule, "give it as plain visible text")

    return check


def check_whole(*, least: int = 0, most: int = MAX_INTEGER) -> Check:
    """Return a validator for whole numbers from ``least`` to ``most``, both inclusive; a bool is no number."""

    @_stating(minimum=least, maximum=most)
    def check(instance: Any, field: Attribute[Any], value: Any) -> None:
        if type(value) is not int or not least <= value <= most:
            above = "" if most == MAX_INTEGER else f" and at most {most:,}"
            raise InvalidValue(name_of(instance, field), f"must be a whole number of at least {least:,}{above}")

    return check


def check_bool(instance: Any, field: Attribute[Any], value: Any) -> None:
    """Refuse anything but True and False."""
    if not isinstance(value, bool):
        raise InvalidValue(name_of(instance, field), "must be True or False")


def check_aware(instance: Any, field: Attribute[Any], value: Any) -> None:
    """Refuse anything but an instant with a time zone."""
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        remedy = "pass tzinfo, for example datetime.UTC"
        raise InvalidValue(name_of(instance, field), "must be a datetime with a time zone", remedy)
    if value.tzinfo is not dt.UTC:
        raise InvalidValue(name_of(instance, field), "must be an instant that exists in UTC")


def check_date(instance: Any, field: Attribute[Any], value: Any) -> None:
    """Refuse anything but a calendar date; an instant is no date."""
    if type(value) is not dt.date:
        raise InvalidValue(name_of(instance, field), "must be a date", "pass datetime.date(year, month, day)")


def check_kind(*kinds: type) -> Check:
    """Return a validator that asks for an instance of one of the types."""
    named = " or ".join(kind.__name__ for kind in kinds)

    def check(instance: Any, field: Attribute[Any], value: Any) -> None:
        if not isinstance(value, kinds):
            raise InvalidValue(name_of(instance, field), f"must be {named}", _members_of(kinds))

    return check


def _members_of(kinds: tuple[type, ...]) -> str:
    words = [kind for kind in kinds if issubclass(kind, Word)]
    return "choose one of " + ", ".join(member.name for kind in words for member in kind) if words else ""


def check_optional(check: Check) -> Check:
    """Return a validator that lets None pass and asks ``check`` about the rest."""

    @_stating(**schema_of(check))
    def checked(instance: Any, field: Attribute[Any], value: Any) -> None:
        if value is not None:
            check(instance, field, value)

    return checked


def check_tuple_of(
    check: Check, *, least: int = 0, most: int = 1_000, kind: type[tuple[Any, ...] | frozenset[Any]] = tuple
) -> Check:
    """Return a validator for a tuple (or frozen set) of ``least`` to ``most`` items that each pass ``check``."""
    named = "tuple" if kind is tuple else "frozenset"

    @_stating(minItems=least, maxItems=most, items=dict(schema_of(check)))
    def checked(instance: Any, field: Attribute[Any], value: Any) -> None:
        if not isinstance(value, kind):
            raise InvalidValue(name_of(instance, field), f"must be a {named}", "pass several values, not one text")
        if not least <= len(value) <= most:
            raise InvalidValue(name_of(instance, field), f"must hold {least} to {most} items")
        for item in value:
            check(instance, field, item)

    return checked
