"""The few shapes a stored field can have, read off the annotations of attrs classes.

Reading, writing, sealing and JSON Schema all ask here, so they cannot disagree about what a type means.
"""

from __future__ import annotations

import datetime as dt
import enum
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import Attribute, field, frozen

from .._internal.fields import is_private
from .._internal.text import PrivateText

__all__ = ["TAG", "Form", "Shape", "Slot", "is_record", "records_in", "shape_of", "slots_of"]

TAG = "type"
"""The key that tells the members of a union apart; its value is the name of the class."""


class Form(enum.Enum):
    """What a value looks like as JSON."""

    TEXT = "text"
    SEALABLE = "sealable text"
    WHOLE = "integer"
    FLAG = "true or false"
    INSTANT = "instant"
    DATE = "date"
    SPAN = "duration"
    WORD = "member of an enum"
    CONSTANT = "one of some constants"
    TUPLE = "array of any length"
    ROW = "array with a type for each place"
    SET = "array without order"
    MAPPING = "object with free keys"
    FREE = "any JSON"
    RECORD = "object of one class"
    ONE_OF = "object of one of some classes"
    MAYBE = "value or null"


@frozen
class Shape:
    """The shape of one annotation.

    Attributes:
        form: what it looks like.
        parts: the annotations inside: items, key and value, the classes of a union; constants for CONSTANT.
    """

    form: Form
    parts: tuple[Any, ...] = ()


@frozen
class Slot:
    """One stored field of an attrs class.

    Attributes:
        name: its name, which is its key too.
        alias: its name in ``__init__``.
        hint: its annotation; ``str`` in an erasable field stands as :class:`PrivateText`.
        needed: true if its key has to be there.
        nullable: true if None is left out when writing.
        private: true if its texts are erasable.
        check: its validator.
    """

    name: str
    alias: str
    hint: Any
    needed: bool
    nullable: bool
    private: bool
    check: Any = field(eq=False, repr=False)


_LEAVES: dict[Any, Form] = {
    str: Form.TEXT,
    PrivateText: Form.SEALABLE,
    int: Form.WHOLE,
    bool: Form.FLAG,
    dt.datetime: Form.INSTANT,
    dt.date: Form.DATE,
    dt.timedelta: Form.SPAN,
    Any: Form.FREE,
}

_JSON = {type(None), bool, int, str, list, dict}
_INSIDE = {Form.TUPLE, Form.ROW, Form.SET, Form.MAPPING, Form.MAYBE}


def is_record(hint: Any) -> bool:
    """Tell whether an annotation is an attrs class."""
    return isinstance(hint, type) and attrs.has(hint)


@cache
def shape_of(hint: Any) -> Shape:
    """Return the shape of an annotation.

    Raises:
        TypeError: values of this type cannot be stored, for example a float, a list, a Protocol or an unknown class.
    """
    if hint in _LEAVES:
        return Shape(_LEAVES[hint])
    if is_record(hint):
        return Shape(Form.RECORD, (hint,))
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _shape_of_enum(hint)
    shape = _shape_of_generic(get_origin(hint), get_args(hint))
    if shape is None:
        allowed = "text, whole numbers, words, times, tuples, frozensets, mappings with text keys and attrs classes"
        message = f"{_named(hint)} cannot be stored; what can is {allowed}"
        raise TypeError(message)
    return shape


def _named(hint: Any) -> str:
    return hint.__qualname__ if isinstance(hint, type) else str(hint)


def _shape_of_enum(kind: type[enum.Enum]) -> Shape:
    if any(type(member.value) not in {str, int} for member in kind):
        message = f"{kind.__qualname__} cannot be stored; the values of its members are not all text or whole numbers"
        raise TypeError(message)
    return Shape(Form.WORD, (kind,))


def _shape_of_generic(origin: Any, parts: tuple[Any, ...]) -> Shape | None:
    if origin is tuple and len(parts) == 2 and parts[1] is Ellipsis:  # noqa: PLR2004  # tuple[X, ...]
        return Shape(Form.TUPLE, parts[:1])
    if origin is tuple:
        return Shape(Form.ROW, parts)
    if origin is frozenset:
        return Shape(Form.SET, parts)
    if origin is Literal and all(type(part) in {str, int} for part in parts):
        return Shape(Form.CONSTANT, parts)
    if origin in {Mapping, dict} and shape_of(parts[0]).form in {Form.TEXT, Form.WORD}:
        return Shape(Form.MAPPING, parts)
    return _shape_of_union(parts) if origin in {Union, types.UnionType} else None


def _shape_of_union(parts: tuple[Any, ...]) -> Shape | None:
    # `Json` reads as a union with list and dict; its inner names are not resolved, nor need they be.
    if {get_origin(part) or part for part in parts} == _JSON:
        return Shape(Form.FREE)
    rest = tuple(part for part in parts if part is not type(None))
    if len(rest) < len(parts):
        return Shape(Form.MAYBE, (Union[rest],))  # noqa: UP007  # built from a tuple
    if not all(is_record(part) for part in rest) or len({part.__name__ for part in rest}) < len(rest):
        return None
    if any(one.name == TAG for part in rest for one in attrs.fields(part)):
        return None
    return Shape(Form.ONE_OF, rest)


@cache
def slots_of(kind: type) -> tuple[Slot, ...]:
    """Return the stored fields of an attrs class in their order; fields that ``__init__`` does not take are none.

    Raises:
        TypeError: values of a field cannot be stored; the message names the class and the field.
    """
    try:
        hints = get_type_hints(kind)
    except NameError as error:
        message = f"{kind.__qualname__}: {error.name!r} is not known at run time; import the types of fields for real"
        raise TypeError(message) from None
    return tuple(_slot(kind, one, hints[one.name]) for one in attrs.fields(kind) if one.init)


def _slot(kind: type, one: Attribute[Any], hint: Any) -> Slot:
    try:
        _look_through(hint)
        erasable = _with_erasable_texts(hint) if is_private(one) else hint
    except TypeError as error:
        message = f"{kind.__qualname__}.{one.name}: {error}"
        raise TypeError(message) from None
    nullable = shape_of(hint).form in {Form.MAYBE, Form.FREE} and (one.default is attrs.NOTHING or one.default is None)
    return Slot(
        name=one.name,
        alias=one.alias or one.name,
        hint=erasable,
        needed=one.default is attrs.NOTHING and not nullable,
        nullable=nullable,
        private=is_private(one),
        check=one.validator,
    )


def _look_through(hint: Any) -> None:
    shape = shape_of(hint)
    if shape.form in _INSIDE:
        for part in shape.parts:
            _look_through(part)


def _with_erasable_texts(hint: Any) -> Any:
    shape = shape_of(hint)
    if shape.form is Form.TEXT:
        return PrivateText
    if shape.form is Form.MAYBE:
        return _with_erasable_texts(shape.parts[0]) | None
    if shape.form is Form.TUPLE:
        return tuple[_with_erasable_texts(shape.parts[0]), ...]  # type: ignore[misc]  # an annotation made at run time
    message = f"{_named(hint)} cannot be erasable; only texts and tuples of texts can"
    raise TypeError(message)


def records_in(hint: Any) -> Iterator[type]:
    """Yield the attrs classes an annotation names itself, not those inside them."""
    shape = shape_of(hint)
    if shape.form in {Form.RECORD, Form.ONE_OF}:
        yield from shape.parts
    elif shape.form in _INSIDE:
        for part in shape.parts:
            yield from records_in(part)
