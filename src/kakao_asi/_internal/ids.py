"""Where new ids come from: time-ordered, made offline, injectable."""

from __future__ import annotations

import os
import uuid
from typing import Protocol

__all__ = ["IdSource", "uuid7"]

_MILLISECOND = 1_000_000


class IdSource(Protocol):
    """Anything that returns a new id when called with the present time in nanoseconds since 1970."""

    def __call__(self, now_ns: int, /) -> str:
        """Return an id that no earlier call returned."""
        ...


def uuid7(now_ns: int, /) -> str:
    """Make a version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits.

    Ids of one millisecond have no order among each other; the order of events is their position in the log.

    Source: RFC 9562, section 5.7.
    """
    milliseconds = now_ns // _MILLISECOND & 0xFFFF_FFFF_FFFF
    random = int.from_bytes(os.urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64 | 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF
    return str(uuid.UUID(int=value))
