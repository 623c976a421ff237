"""Values to data: one form for each value, the same on every machine and under every hash seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import repeat
from typing import Any

from .._internal.canonical import Json, canonical_bytes
from .._internal.clock import format_instant
from .._internal.text import PrivateText
from ..exceptions import InvalidValue
from ._faults import UNNAMED, Fault, mismatch
from ._json import check_free, check_key, check_text, check_whole
from ._marks import SEALED, opened, sealed_digest
from ._shapes import TAG, Form, Shape, shape_of, slots_of

__all__ = ["dump", "dump_bytes"]

Write = Callable[[Any, bool], Json]
"""Writes one value; the second argument tells whether erasable texts are written as their digests."""

_MICROSECOND = dt.timedelta(microseconds=1)


def dump(value: object, *, sealed: bool = False) -> Json:
    """Write a value as data that :func:`load` reads back as an equal value.

    Fields that are None are left out, sets are sorted, words stand as their ids, instants in UTC with microseconds,
    durations as whole microseconds. A member of a union of classes carries its class name under the key ``type``;
    this is so inside a field only, so a member at the top is written as its own class.

    Args:
        value: an attrs value, or anything a field may hold.
        sealed: write erasable texts as their digests, for bytes that are hashed and kept. They have to be sealed.

    Raises:
        InvalidValue: the value holds something :func:`load` would refuse, or a text that is not sealed.
        TypeError: values of this type cannot be stored.
    """
    try:
        return _write_any(value, sealed)
    except Fault as fault:
        place = type(value).__name__ + fault.error().path.removeprefix("$")
        error = InvalidValue(place, f"cannot be stored; expected is {fault.expected}")
    raise error from None


def dump_bytes(value: object, *, sealed: bool = False) -> bytes:
    """Write a value as canonical JSON; see :func:`dump`."""
    return canonical_bytes(dump(value, sealed=sealed))


def _write_any(value: Any, sealed: bool) -> Json:
    if isinstance(value, tuple):
        return _list(value, repeat(_write_any), sealed)
    if isinstance(value, frozenset):
        return sorted(_list(value, repeat(_write_any), sealed), key=canonical_bytes)
    kind: type = type(value)
    return None if value is None else _writer(kind)(value, sealed)


@cache
def _writer(hint: Any) -> Write:
    shape = shape_of(hint)
    return _MAKERS[shape.form](shape)


def _list(values: Iterable[Any], writers: Iterable[Write], sealed: bool) -> list[Json]:
    written: list[Json] = []
    try:
        for value, write in zip(values, writers, strict=False):
            written.append(write(value, sealed))
    except Fault as fault:
        fault.steps.append(len(written))
        raise
    return written


def _text(_: Shape) -> Write:
    def write(value: Any, sealed: bool) -> Json:
        if sealed and isinstance(value, PrivateText):
            raise mismatch(value, "a text that is not erasable")
        return _plain(value)

    return write


def _plain(value: Any) -> str:
    text = str(value) if type(value) is PrivateText else value
    check_text(text)
    return str(text)


def _sealable(_: Shape) -> Write:
    def write(value: Any, sealed: bool) -> Json:
        if not sealed:
            return _plain(value)
        if type(value) is not PrivateText:
            raise Fault("unsealed", "a sealed text; call seal() first")
        return {SEALED: value.digest}

    return write


def _whole(_: Shape) -> Write:
    def write(value: Any, _: bool) -> Json:
        check_whole(value)
        return int(value)

    return write


def _flag(_: Shape) -> Write:
    def write(value: Any, _: bool) -> Json:
        if type(value) is not bool:
            raise mismatch(value, "true or false")
        return value

    return write


def _instant(_: Shape) -> Write:
    def write(value: Any, _: bool) -> Json:
        if not isinstance(value, dt.datetime) or value.tzinfo is None:
            raise mismatch(value, "an instant with a time zone")
        try:
            return format_instant(value)
        except OverflowError:
            raise Fault("instant", "an instant that exists in UTC") from None

    return write


def _date(_: Shape) -> Write:
    def write(value: Any, _: bool) -> Json:
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise mismatch(value, "a date")
        return value.isoformat()

    return write


def _span(_: Shape) -> Write:
    def write(value: Any, _: bool) -> Json:
        if not isinstance(value, dt.timedelta):
            raise mismatch(value, "a duration")
        microseconds = value // _MICROSECOND
        check_whole(microseconds)
        return microseconds

    return write


def _word(shape: Shape) -> Write:
    (kind,) = shape.parts

    def write(value: Any, _: bool) -> Json:
        if type(value) is not kind:
            raise mismatch(value, f"a member of {kind.__name__}")
        word: Json = value.value
        return word

    return write


def _constant(shape: Shape) -> Write:
    known = {(type(value), value) for value in shape.parts}
    expected = "one of " + ", ".join(str(value) for value in shape.parts)

    def write(value: Any, _: bool) -> Json:
        if type(value) not in {str, int} or (type(value), value) not in known:
            raise mismatch(value, expected)
        constant: Json = value
        return constant

    return write


def _free(_: Shape) -> Write:
    def write(value: Any, _: bool) -> Json:
        # Opened only for the check: data that looks like a sealed text could not be read back as what it is.
        check_free(opened(value, {}))
        free: Json = value
        return free

    return write


def _maybe(shape: Shape) -> Write:
    write_inner = _writer(shape.parts[0])

    def write(value: Any, sealed: bool) -> Json:
        return None if value is None else write_inner(value, sealed)

    return write


def _tuple(shape: Shape) -> Write:
    write_item = _writer(shape.parts[0])

    def write(value: Any, sealed: bool) -> Json:
        if not isinstance(value, tuple):
            raise mismatch(value, "a tuple")
        return _list(value, repeat(write_item), sealed)

    return write


def _row(shape: Shape) -> Write:
    writers = [_writer(part) for part in shape.parts]

    def write(value: Any, sealed: bool) -> Json:
        if not isinstance(value, tuple) or len(value) != len(writers):
            raise mismatch(value, f"a tuple of {len(writers)} items")
        return _list(value, writers, sealed)

    return write


def _set(shape: Shape) -> Write:
    write_item = _writer(shape.parts[0])

    def write(value: Any, sealed: bool) -> Json:
        if not isinstance(value, frozenset):
            raise mismatch(value, "a frozenset")
        return sorted(_list(value, repeat(write_item), sealed), key=canonical_bytes)

    return write


def _mapping(shape: Shape) -> Write:
    write_key, write_item = (_writer(part) for part in shape.parts)

    def write(value: Any, sealed: bool) -> Json:
        if not isinstance(value, Mapping):
            raise mismatch(value, "a mapping")
        written: dict[str, Json] = {}
        try:
            for key, item in value.items():
                name = write_key(key, sealed)
                check_key(name)
                written[str(name)] = write_item(item, sealed)
        except Fault as fault:
            fault.steps.append(UNNAMED)
            raise
        if sealed_digest(written) is not None:
            raise Fault("sealed", "a mapping that does not look like a sealed text")
        return written

    return write


def _one_of(shape: Shape) -> Write:
    writers = {kind: _writer(kind) for kind in shape.parts}
    expected = "one of " + ", ".join(kind.__name__ for kind in writers)

    def write(value: Any, sealed: bool) -> Json:
        kind = type(value)
        if kind not in writers:
            raise mismatch(value, expected)
        fields = writers[kind](value, sealed)
        return {TAG: kind.__name__, **fields} if isinstance(fields, dict) else fields

    return write


@cache
def _plan(kind: type) -> tuple[tuple[str, bool, Write], ...]:
    return tuple((slot.name, slot.nullable, _writer(slot.hint)) for slot in slots_of(kind))


def _record(shape: Shape) -> Write:
    (kind,) = shape.parts

    def write(value: Any, sealed: bool) -> Json:
        # The plan is made here and not above, so that a class may hold itself.
        if type(value) is not kind:
            raise mismatch(value, f"{kind.__name__}")
        return _fields(value, sealed)

    return write


def _fields(value: Any, sealed: bool) -> dict[str, Json]:
    written: dict[str, Json] = {}
    kind: type = type(value)
    for name, nullable, write in _plan(kind):
        held = getattr(value, name)
        if held is None and nullable:
            continue
        try:
            written[name] = write(held, sealed)
        except Fault as fault:
            fault.steps.append(name)
            raise
    return written


_MAKERS: dict[Form, Callable[[Shape], Write]] = {
    Form.TEXT: _text,
    Form.SEALABLE: _sealable,
    Form.WHOLE: _whole,
    Form.FLAG: _flag,
    Form.INSTANT: _instant,
    Form.DATE: _date,
    Form.SPAN: _span,
    Form.WORD: _word,
    Form.CONSTANT: _constant,
    Form.FREE: _free,
    Form.MAYBE: _maybe,
    Form.TUPLE: _tuple,
    Form.ROW: _row,
    Form.SET: _set,
    Form.MAPPING: _mapping,
    Form.ONE_OF: _one_of,
    Form.RECORD: _record,
}
