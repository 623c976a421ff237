"""Ids that are the same in every run."""

from __future__ import annotations

import itertools
import threading
import uuid

__all__ = ["CountingIds"]

_MILLISECOND = 1_000_000


class CountingIds:
    """A source of ids for tests; lives as long as the test, and may be passed wherever ``ids=`` is asked for.

    The ids are version 7 UUIDs whose random bits count up from 0: ordered by time, then by call.

    Example:
        >>> ids = CountingIds()
        >>> ids(0), ids(0)
        ('00000000-0000-7000-8000-000000000000', '00000000-0000-7000-8000-000000000001')
    """

    def __init__(self) -> None:
        """Begin at 0."""
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def __call__(self, now_ns: int, /) -> str:
        """Return the next id for a time in nanoseconds since 1970."""
        with self._lock:
            number = next(self._numbers)
        milliseconds = now_ns // _MILLISECOND & 0xFFFF_FFFF_FFFF
        return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | number & 0x3FFF_FFFF_FFFF_FFFF))
