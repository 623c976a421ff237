"""Strict readers of single values: the exact type, or a fault. The second argument is the one cattrs hands over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

from .._internal.clock import parse_instant
from .._internal.text import PrivateText
from ._faults import Fault, mismatch
from ._json import check_text, check_whole

__all__ = ["read_date", "read_flag", "read_instant", "read_sealable", "read_span", "read_text", "read_whole"]

D = TypeVar("D", bound=dt.date)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_text(value: Any, _: Any) -> str:
    """Read a text."""
    check_text(value)
    return cast("str", value)


def read_sealable(value: Any, _: Any) -> str:
    """Read a text or a sealed text."""
    check_text(str(value) if type(value) is PrivateText else value)
    return cast("str", value)


def read_whole(value: Any, _: Any) -> int:
    """Read an integer."""
    check_whole(value)
    return cast("int", value)


def read_flag(value: Any, _: Any) -> bool:
    """Read true or false."""
    if type(value) is not bool:
        raise mismatch(value, "true or false")
    return value


def read_instant(value: Any, _: Any) -> dt.datetime:
    """Read an instant in its one form."""
    return _read_calendar(value, parse_instant, "an instant in UTC as YYYY-MM-DDTHH:MM:SS.ffffffZ")


def read_date(value: Any, _: Any) -> dt.date:
    """Read a date."""
    return _read_calendar(value, _date, "a date as YYYY-MM-DD")


def _date(text: str) -> dt.date:
    if _DATE.fullmatch(text) is None:
        raise ValueError
    return dt.date.fromisoformat(text)


def _read_calendar(value: Any, read: Callable[[str], D], expected: str) -> D:
    if type(value) is not str:
        raise mismatch(value, expected)
    try:
        return read(value)
    except ValueError:
        pass  # raised below without what the parser says, which repeats the value
    raise Fault("time", expected)


def read_span(value: Any, _: Any) -> dt.timedelta:
    """Read a duration in microseconds."""
    check_whole(value)
    return dt.timedelta(microseconds=value)
