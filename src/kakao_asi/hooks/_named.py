"""Detectors by name: those that are shipped, and those that other packages offer under an entry point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue, UnknownId
from ._detectors import AsyncDetector, Detector
from ._personal import personal_detector
from ._words import keyword_detector, length_detector

__all__ = ["detector"]

_GROUP = "kakao_asi.detectors"

_SHIPPED: dict[str, Callable[..., Detector]] = {
    "keyword": keyword_detector,
    "length": length_detector,
    "pii-ko": personal_detector,
}


def detector(name: str, /, *args: Any, **options: Any) -> Detector | AsyncDetector:
    """Make a detector by its name, so that a configuration can name it.

    Shipped are ``pii-ko`` (:func:`personal_detector`), ``keyword`` (:func:`keyword_detector`) and ``length``
    (:func:`length_detector`). Any other name is looked up among the entry points of the group ``kakao_asi.detectors``;
    only the one that is asked for is loaded. What it loads is called with the arguments and must return a detector.

    Args:
        name: id of the kind of detector; a shipped one cannot be replaced.
        *args: handed on.
        **options: handed on.

    Example:
        >>> detector("length", "too-long", most=500).name
        'too-long'

    Raises:
        InvalidValue: the name is no id, or what was loaded made no detector.
        UnknownId: no installed package offers such a detector.
    """
    if not is_id(name):
        raise InvalidValue("detector.name", ID_RULE)
    made = (_SHIPPED.get(name) or _offered(name))(*args, **options)
    if not is_id(getattr(made, "name", None)) or not (hasattr(made, "detect") or hasattr(made, "adetect")):
        raise InvalidValue("detector.name", f"must load something that makes a detector; '{name}' does not")
    return made


def _offered(name: str) -> Callable[..., Any]:
    # Late, because reading what is installed takes longer than all of this package.
    from importlib.metadata import entry_points

    for point in entry_points(group=_GROUP, name=name):
        made: Callable[..., Any] = point.load()
        return made
    raise UnknownId("detector", name)
