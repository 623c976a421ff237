"""Data to values through cattrs, with every coercion it would do taken out. The only module that imports cattrs.

Hooks for classes (``str``, ``int`` ...) must be *class* hooks: cattrs asks ``singledispatch`` first and never reaches
a predicate for them. A class hook for ``str`` also catches ``class X(str, Enum)``, so each hands enums on.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .._internal.canonical import Json
from .._internal.text import PrivateText
from ..exceptions import InvalidValue
from ._faults import UNNAMED, Fault, mismatch
from ._json import check_free, check_key, parse
from ._marks import opened
from ._scalars import read_date, read_flag, read_instant, read_sealable, read_span, read_text, read_whole
from ._shapes import TAG, Form, Shape, Slot, shape_of, slots_of

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["load", "structure"]

T = TypeVar("T")
Read = Callable[[Any, Any], Any]
"""A hook as cattrs calls it: the data and the type asked for."""


def load(kind: type[T], text: bytes | str, *, texts: Mapping[str, str] | None = None) -> T:
    """Read JSON text as one value.

    Args:
        kind: the attrs class, or any other type a field may have.
        text: at most 1 MiB of UTF-8 without byte order mark; at most 64 levels and 10,000 values.
        texts: digest, 64 hexadecimal digits, to text, for the sealed texts in it; a text that is not there was erased
            and reads :data:`ERASED`.

    Raises:
        LoadError: the text breaks a rule; the first one found.
        TypeError: values of this type cannot be stored.
    """
    try:
        return cast("T", _structured(kind, parse(text), texts))
    except Fault as fault:
        error = fault.error()
    raise error from None


def structure(kind: type[T], value: Json, texts: Mapping[str, str] | None = None) -> T:
    """Read JSON that is in memory as one value: :func:`load` without the limits on the text's size and values.

    Raises:
        LoadError: the JSON breaks a rule; the first one found.
        TypeError: values of this type cannot be stored.
    """
    try:
        return cast("T", _structured(kind, value, texts))
    except Fault as fault:
        error = fault.error()
    raise error from None


def _structured(kind: Any, value: Any, texts: Mapping[str, str] | None) -> Any:
    return _hook(kind)(opened(value, {} if texts is None else texts), kind)


def _hook(hint: Any) -> Read:
    # Asked first, because cattrs takes an error in a predicate for a no and would coerce in its own way.
    shape_of(hint)
    return _converter().get_structure_hook(hint)


@cache
def _converter() -> Converter:
    from cattrs import Converter

    made = Converter()
    leaves: tuple[tuple[Any, Read], ...] = (
        (str, read_text),
        (PrivateText, read_sealable),
        (int, read_whole),
        (bool, read_flag),
        (dt.datetime, read_instant),
        (dt.date, read_date),
        (dt.timedelta, read_span),
    )
    for kind, read in leaves:
        made.register_structure_hook(kind, _handing_on_enums(read))
    # Old releases have a class hook for enums of their own, which looks members up by any of their names.
    made.register_structure_hook(enum.Enum, _by_shape)
    made.register_structure_hook_factory(_is_composed, _composed)
    return made


def _handing_on_enums(read: Read) -> Read:
    def hook(value: Any, kind: Any) -> Any:
        return _by_shape(value, kind) if issubclass(kind, enum.Enum) else read(value, kind)

    return hook


def _by_shape(value: Any, kind: Any) -> Any:
    return _composed(kind)(value, kind)


def _is_composed(hint: Any) -> bool:
    return shape_of(hint).form in _MAKERS


@cache
def _composed(hint: Any) -> Read:
    shape = shape_of(hint)
    return _MAKERS[shape.form](shape)


def _word(shape: Shape) -> Read:
    members = {(type(member.value), member.value): member for member in shape.parts[0]}
    expected = "one of " + ", ".join(str(value) for _, value in members)

    def hook(value: Any, _: Any) -> Any:
        if type(value) not in {str, int}:
            raise mismatch(value, expected)
        if (type(value), value) not in members:
            raise Fault("unknown_word", expected)
        return members[type(value), value]

    return hook


def _constant(shape: Shape) -> Read:
    known = {(type(value), value) for value in shape.parts}
    expected = "one of " + ", ".join(str(value) for value in shape.parts)

    def hook(value: Any, _: Any) -> Any:
        if type(value) not in {str, int}:
            raise mismatch(value, expected)
        if (type(value), value) not in known:
            raise Fault("unknown_word", expected)
        return value

    return hook


def _free(_: Shape) -> Read:
    def hook(value: Any, _: Any) -> Any:
        check_free(value)
        return value

    return hook


def _maybe(shape: Shape) -> Read:
    (inner,) = shape.parts
    read = _hook(inner)

    def hook(value: Any, _: Any) -> Any:
        return None if value is None else read(value, inner)

    return hook


def _items(value: Any, reads: Iterable[tuple[Read, Any]]) -> list[Any]:
    items: list[Any] = []
    try:
        for (read, part), item in zip(reads, value, strict=False):
            items.append(read(item, part))
    except Fault as fault:
        fault.steps.append(len(items))
        raise
    return items


def _array(value: Any) -> None:
    if type(value) is not list:
        raise mismatch(value, "an array")


def _tuple(shape: Shape) -> Read:
    (part,) = shape.parts
    read = _hook(part)

    def hook(value: Any, _: Any) -> tuple[Any, ...]:
        _array(value)
        return tuple(_items(value, repeat((read, part))))

    return hook


def _row(shape: Shape) -> Read:
    reads = [(_hook(part), part) for part in shape.parts]

    def hook(value: Any, _: Any) -> tuple[Any, ...]:
        _array(value)
        if len(value) != len(reads):
            raise Fault("length", f"exactly {len(reads)} items")
        return tuple(_items(value, reads))

    return hook


def _set(shape: Shape) -> Read:
    (part,) = shape.parts
    read = _hook(part)

    def hook(value: Any, _: Any) -> frozenset[Any]:
        _array(value)
        items = _items(value, repeat((read, part)))
        try:
            made = frozenset(items)
        except TypeError:
            raise Fault("type", "items that a set can hold") from None
        if len(made) < len(value):
            raise Fault("repeated_item", "every item once")
        return made

    return hook


def _mapping(shape: Shape) -> Read:
    key_kind, part = shape.parts
    read_key, read = _hook(key_kind), _hook(part)

    def hook(value: Any, _: Any) -> dict[Any, Any]:
        if type(value) is not dict:
            raise mismatch(value, "an object")
        made = {}
        try:
            for key, item in value.items():
                check_key(key)
                made[read_key(key, key_kind)] = read(item, part)
        except Fault as fault:
            fault.steps.append(UNNAMED)
            raise
        return made

    return hook


def _one_of(shape: Shape) -> Read:
    reads = {kind.__name__: (_hook(kind), kind) for kind in shape.parts}
    expected = "one of " + ", ".join(reads)

    def hook(value: Any, _: Any) -> Any:
        if type(value) is not dict:
            raise mismatch(value, "an object")
        if TAG not in value:
            raise Fault("missing_key", f"the key {TAG!r}")
        name = value[TAG]
        if type(name) is not str or name not in reads:
            fault = Fault("unknown_type", expected)
            fault.steps.append(TAG)
            raise fault
        read, kind = reads[name]
        return read({key: item for key, item in value.items() if key != TAG}, kind)

    return hook


@cache
def _plan(kind: type) -> tuple[tuple[Slot, Read], ...]:
    return tuple((slot, _hook(slot.hint)) for slot in slots_of(kind))


def _record(shape: Shape) -> Read:
    (kind,) = shape.parts

    def hook(value: Any, _: Any) -> Any:
        # The plan is made here and not above, so that a class may hold itself.
        if type(value) is not dict:
            raise mismatch(value, f"an object, {kind.__name__}")
        return _made(kind, _arguments(kind, value))

    return hook


def _arguments(kind: type, value: dict[Any, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    absent = 0
    for slot, read in _plan(kind):
        if slot.name not in value:
            if slot.needed:
                raise Fault("missing_key", f"the key {slot.name!r}")
            absent += 1
            if slot.nullable:
                arguments[slot.alias] = None
            continue
        try:
            arguments[slot.alias] = read(value[slot.name], slot.hint)
        except Fault as fault:
            fault.steps.append(slot.name)
            raise
    if len(value) > len(_plan(kind)) - absent:
        raise Fault("unknown_key", f"only keys of {kind.__name__}")
    return arguments


def _made(kind: type, arguments: dict[str, Any]) -> Any:
    """Build the value; its own rules and converters speak last."""
    try:
        return kind(**arguments)
    except InvalidValue as invalid:
        fault = Fault("rule", f"a valid {invalid.field}: it {invalid.rule}")
        owner, _, name = invalid.field.rpartition(".")
        if owner == kind.__name__ and any(slot.name == name for slot in slots_of(kind)):
            fault.steps.append(name)
    except Exception:  # noqa: BLE001  # a converter met data its author did not think of; the data is refused
        fault = Fault("rule", f"a valid {kind.__name__}")
    raise fault


_MAKERS: dict[Form, Callable[[Shape], Read]] = {
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
