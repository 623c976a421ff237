"""Checkpoints: three lines that pin a whole log, to be kept where the log's own host cannot change them.

Source: C2SP tlog-checkpoint. Signatures may stand below; they are made and checked elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from attrs import frozen

from .._internal.canonical import MAX_INTEGER
from .._internal.text import faults_of_text
from ..exceptions import InvalidValue, LoadError

__all__ = ["Checkpoint", "checkpoint_text", "parse_checkpoint", "unsigned_text"]

_HASH_BYTES: Final = 32
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_LINES: Final = 3


@frozen
class Checkpoint:
    """A log as it was seen once.

    Attributes:
        origin: the name of the log, given by whoever runs it.
        size: number of events.
        root: 32-byte root of the tree over them.
    """

    origin: str
    size: int
    root: bytes


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Write a checkpoint: origin, size and the root in base64, one line each.

    Raises:
        InvalidValue: the origin is not one line of visible text, or size or root cannot be those of a log.
    """
    fault = faults_of_text(origin, longest=200)
    if fault is not None:
        raise InvalidValue("origin", fault, "name the log as in 'asi.example.com/chat'")
    if type(size) is not int or not 0 <= size <= MAX_INTEGER or len(root) != _HASH_BYTES:
        raise InvalidValue("checkpoint", "must have a size of at least 0 and a root of 32 bytes")
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def parse_checkpoint(text: str, *, origin: str | None = None) -> Checkpoint:
    """Read a checkpoint; the last line feed may be missing. Signatures below it are passed over, not checked.

    Args:
        text: the three lines, and below an empty line any signatures.
        origin: the name the log must have. Take it from your own configuration, never from the log's file.

    Raises:
        LoadError: the text is no checkpoint, or one of another log.
    """
    lines = unsigned_text(text).removesuffix("\n").split("\n")
    if len(lines) != _LINES:
        raise LoadError("$", "not_a_checkpoint", "three lines: origin, size, root")
    name, size, root = lines
    if faults_of_text(name, longest=200) is not None:
        raise LoadError("$[0]", "not_an_origin", "one line of visible text")
    if origin is not None and name != origin:
        raise LoadError("$[0]", "other_origin", "the origin of this log")
    if _SIZE.fullmatch(size) is None or int(size) > MAX_INTEGER:
        raise LoadError("$[1]", "not_a_size", "a whole number of at least 0")
    return Checkpoint(name, int(size), _root(root))


def unsigned_text(text: str) -> str:
    """Return a checkpoint without the signatures below it: what was signed."""
    note, empty_line, below = text.partition("\n\n")
    return note + "\n" if empty_line and below else text


def _root(text: str) -> bytes:
    try:
        root = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        root = b""
    # Base64 has several spellings of the same bytes; only the one that is written is read.
    if len(root) != _HASH_BYTES or base64.b64encode(root).decode() != text:
        raise LoadError("$[2]", "not_a_root", "32 bytes in base64")
    return root
