"""Where time comes from: a callable that returns an aware UTC instant."""

from __future__ import annotations

import datetime as dt
import re
from typing import Protocol

__all__ = ["KST", "Clock", "format_instant", "parse_instant", "show_instant", "utc_now"]

KST = dt.timezone(dt.timedelta(hours=9), "KST")
"""Korean Standard Time; fixed, because Korea has no summer time and Windows has no time-zone data."""

# Hours end at 23: some Pythons read 24:00 as the next day, which would be written in another form.
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")

_WEEKDAYS = "월화수목금토일"


class Clock(Protocol):
    """Anything that answers the time when called."""

    def __call__(self) -> dt.datetime:
        """Return the present instant as an aware ``datetime``."""
        ...


def utc_now() -> dt.datetime:
    """Return the present instant in UTC."""
    return dt.datetime.now(dt.UTC)


def format_instant(value: dt.datetime) -> str:
    """Write an instant as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``, the fixed width all stored times have.

    ``strftime("%Y")`` is not used: it does not pad years before 1000 on every platform.
    """
    return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> dt.datetime:
    """Read an instant of the one form that :func:`format_instant` writes.

    Raises:
        ValueError: it has another form, or names no instant.
    """
    if _INSTANT.fullmatch(text) is None:
        raise ValueError("an instant in UTC as YYYY-MM-DDTHH:MM:SS.ffffffZ")
    return dt.datetime.fromisoformat(text)


def show_instant(value: dt.datetime, *, lang: str) -> str:
    """Write an instant for people in Korean time, ``2026년 11월 23일(월) 10:30 KST`` or ``2026-11-23 10:30 KST``."""
    local = value.astimezone(KST)
    if lang == "ko":
        day = _WEEKDAYS[local.weekday()]
        return f"{local.year}년 {local.month}월 {local.day}일({day}) {local:%H:%M} KST"
    return f"{local:%Y-%m-%d %H:%M} KST"
