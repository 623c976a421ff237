"""How a sealed text looks as JSON: an object with its digest, which only an erasable field may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._internal.text import ERASED, PrivateText
from ._json import DEPTH, too_deep

__all__ = ["SEALED", "SEALED_PATTERN", "opened", "sealed_digest"]

SEALED = "sealed"
"""The one key of such an object."""

SEALED_PATTERN = "[0-9a-f]{64}"
"""What its value looks like."""

_DIGEST = re.compile(SEALED_PATTERN)


def sealed_digest(value: Mapping[Any, Any]) -> str | None:
    """Return the digest an object stands for, or None if it is any other object."""
    digest = value.get(SEALED) if len(value) == 1 else None
    return digest if isinstance(digest, str) and _DIGEST.fullmatch(digest) else None


def opened(value: Any, texts: Mapping[str, str], room: int = DEPTH) -> Any:
    """Return a copy of some JSON in which each sealed object is a :class:`PrivateText`, wherever it stands.

    Args:
        value: what to copy; anything but lists and dicts stays itself.
        texts: digest to text; a text that is not there reads :data:`ERASED`.
        room: how many levels may follow.
    """
    if type(value) not in {dict, list}:
        return value
    if room == 0:
        raise too_deep()
    if isinstance(value, list):
        return [opened(item, texts, room - 1) for item in value]
    digest = sealed_digest(value)
    if digest is not None:
        return PrivateText(texts.get(digest, ERASED), digest)
    return {key: opened(item, texts, room - 1) for key, item in value.items()}
