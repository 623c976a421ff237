"""Strict reading of JSON text, and the rules every piece of JSON keeps whatever it is for."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from .._internal.canonical import MAX_INTEGER, Json
from .._internal.text import faults_of_characters
from ._faults import UNNAMED, Fault, Repeated, mismatch

__all__ = [
    "DEPTH",
    "NODES",
    "SIZE",
    "TEXT",
    "check_free",
    "check_key",
    "check_text",
    "check_whole",
    "load_json",
    "parse",
    "too_deep",
]

SIZE = 1 << 20
"""Most bytes of one JSON text (our choice)."""

DEPTH = 64
"""Most objects and arrays inside each other (our choice)."""

NODES = 10_000
"""Most values in one JSON text, keys not counted (our choice)."""

TEXT = 65_536
"""Most characters of one text (our choice)."""

_MALFORMED = object()
_BOM = "\ufeff"
_DIGITS = len(str(MAX_INTEGER)) + 1
# The closing quote is optional and nothing is given back, so that an open string costs one pass, not one per quote.
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},]', re.DOTALL)


def load_json(text: bytes | str, *, size: int = SIZE, nodes: int = NODES) -> Json:
    """Read JSON text strictly, without asking what it is for.

    Args:
        text: UTF-8 without byte order mark.
        size: the most bytes it may have, 1 MiB if not said otherwise.
        nodes: the most values it may have, keys not counted; 10,000 if not said otherwise.

    Returns:
        None, bools, integers, texts, lists and dicts.

    Raises:
        LoadError: the text is no JSON, too large or too deep, names a key twice, or holds a float, an integer beyond
            ±(2**53 − 1), a key that is not visible ASCII, a text with hidden characters or not in NFC. Keys are shown
            as ``*`` in its path.
    """
    try:
        value = parse(text, size=size, nodes=nodes)
        check_free(value)
    except Fault as fault:
        error = fault.error()
    else:
        return cast("Json", value)  # check_free has seen every node
    raise error from None


def parse(text: bytes | str, *, size: int = SIZE, nodes: int = NODES) -> Any:
    """Read JSON text; floats, large integers and :class:`Repeated` are left for whoever knows their place.

    Raises:
        Fault: the text as a whole breaks a rule.
    """
    source = _decoded(text, size)
    _check_size_of_tree(source, nodes)
    value = _parsed(source)
    if value is _MALFORMED:
        raise Fault("not_json", "one JSON value and nothing after it")
    _check_nodes(source, value, nodes)
    return value


def _parsed(source: str) -> Any:
    # Not raised from here: the parser's error carries the whole text, and would stand behind ours.
    try:
        return json.loads(source, object_pairs_hook=_object, parse_int=_integer)
    except ValueError:
        return _MALFORMED


def _decoded(text: bytes | str, size: int) -> str:
    if not isinstance(text, bytes | str):
        raise Fault("type", "JSON as bytes or text")
    if len(text) > size:
        raise _too_large(size)
    try:
        # A text is encoded to measure it and to find half surrogate pairs.
        data = text if isinstance(text, bytes) else text.encode()
        source = data.decode()
    except UnicodeError:
        data, source = b"", None
    if source is None:
        raise Fault("not_utf8", "UTF-8")
    if len(data) > size:
        raise _too_large(size)
    if source.startswith(_BOM):
        raise Fault("byte_order_mark", "UTF-8 without byte order mark")
    return source


def _too_large(size: int) -> Fault:
    return Fault("too_large", f"at most {size:,} bytes")


def too_deep() -> Fault:
    """Return the fault of data with more levels than are read."""
    return Fault("too_deep", f"at most {DEPTH} objects and arrays inside each other")


def _too_many(nodes: int) -> Fault:
    return Fault("too_many_values", f"at most {nodes:,} values")


def _check_size_of_tree(source: str, nodes: int) -> None:
    """Refuse what would cost much to parse, in one pass that stops early; does nothing for small texts."""
    openers = source.count("[") + source.count("{")
    if openers <= DEPTH and openers + source.count(",") < nodes:
        return
    depth = tokens = 0
    for match in _TOKENS.finditer(source):
        found = match[0]
        if found in "]}":
            depth -= 1
            continue
        tokens += 1
        depth += found in "[{"
        if depth > DEPTH:
            raise too_deep()
        # A value brings at most a comma, a key and itself.
        if tokens > 3 * nodes:
            raise _too_many(nodes)


def _check_nodes(source: str, value: Any, nodes: int) -> None:
    # Every value but the first stands behind one of these; inside texts they only make the exact count run.
    if source.count(",") + source.count("[") + source.count("{") < nodes:
        return
    count, rest = 0, [value]
    while rest:
        node = rest.pop()
        count += 1
        if isinstance(node, dict):
            rest.extend(node.values())
        elif isinstance(node, list):
            rest.extend(node)
        if count + len(rest) > nodes:
            raise _too_many(nodes)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Repeated:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Repeated()


def _integer(digits: str) -> int:
    # int() itself refuses thousands of digits with a message of its own; any number out of range does instead.
    return int(digits) if len(digits) <= _DIGITS else MAX_INTEGER + 1


def check_text(value: Any) -> None:
    """Refuse anything but one visible text in NFC; line feeds are allowed."""
    if type(value) is not str:
        raise mismatch(value, "a text")
    if len(value) > TEXT:
        raise Fault("text_too_long", f"at most {TEXT:,} characters")
    if faults_of_characters(value, lines=True) is not None:
        raise Fault("text", "visible characters and line feeds only, in Unicode normal form C")


def check_key(value: Any) -> None:
    """Refuse anything but visible ASCII as the key of an object."""
    if type(value) is not str or not (value.isascii() and value.isprintable()):
        raise Fault("key", "keys of visible ASCII characters")


def check_whole(value: Any) -> None:
    """Refuse anything but an integer that every reader keeps exactly."""
    if type(value) is not int:
        raise mismatch(value, "an integer")
    if abs(value) > MAX_INTEGER:
        raise Fault("integer_range", "an integer within ±(2**53 - 1)")


def check_free(value: Any) -> None:
    """Refuse anything but JSON that keeps the rules above, down to every leaf; its depth has been looked at before."""
    if type(value) in {dict, list}:
        _check_inside(value)
    elif type(value) is int:
        check_whole(value)
    elif value is not None and type(value) is not bool:
        if type(value) is not str:
            raise mismatch(value, "JSON without floats")
        check_text(value)


def _check_inside(value: dict[Any, Any] | list[Any]) -> None:
    step: str | int = UNNAMED
    try:
        if isinstance(value, dict):
            for key, item in value.items():
                check_key(key)
                check_free(item)
        else:
            for step, item in enumerate(value):  # noqa: B007  # read when a fault passes
                check_free(item)
    except Fault as fault:
        fault.steps.append(step)
        raise
