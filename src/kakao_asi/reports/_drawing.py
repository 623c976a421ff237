"""What all drawings share: the palette, texts that fit, the signs of the actors and the frame of an SVG."""

from __future__ import annotations

import unicodedata
from types import MappingProxyType
from typing import Final

from ..taxonomy import Actor, Grade
from ._escape import Ids, Safe, join, tag

__all__ = [
    "FILL",
    "INK",
    "LINE",
    "MUTED",
    "UNKNOWN",
    "actor_sign",
    "drawing",
    "fill_of",
    "fit",
    "hatched",
    "ink_of",
    "words",
]

FILL: Final = MappingProxyType({Grade.LOW: "#fffbe0", Grade.MEDIUM: "#d98200", Grade.HIGH: "#6b1d00"})
"""Colours of the grades (our choice): lightness falls from step to step, also for readers who see few colours."""

INK: Final = "#1a1a1a"
MUTED: Final = "#4d4d4d"
LINE: Final = "#767676"
UNKNOWN: Final = "#ffffff"
_ON_HIGH: Final = "#ffffff"

_NARROW_EM: Final = 0.55
"""Estimated width of a Latin letter in ems; wide letters have 1 (our choice, a little on the safe side)."""

_WIDE: Final = frozenset("WF")


def fill_of(grade: Grade | None) -> str:
    """Return the colour of a grade; white where none is known."""
    return UNKNOWN if grade is None else FILL[grade]


def ink_of(grade: Grade | None) -> str:
    """Return the colour of a text on the colour of a grade."""
    return _ON_HIGH if grade is Grade.HIGH else INK


def width_of(text: str, size: float) -> float:
    """Return the estimated width of a text in pixels."""
    return sum(size if unicodedata.east_asian_width(one) in _WIDE else size * _NARROW_EM for one in text)


def fit(text: str, width: float, size: float) -> str:
    """Return a text that fits a width, cut with an ellipsis where it is too long."""
    if width_of(text, size) <= width:
        return text
    shown = text
    while shown and width_of(f"{shown}…", size) > width:
        shown = shown[:-1]
    return f"{shown.rstrip()}…"


def words(
    x: float, y: float, text: str, *, size: float = 12, ink: str = INK, bold: bool = False, anchor: str = "start"
) -> Safe:
    """Return a line of text; ``y`` is its base line."""
    return tag(
        "text",
        text,
        x=f"{x:g}",
        y=f"{y:g}",
        font_size=f"{size:g}",
        fill=ink,
        font_weight="700" if bold else None,
        text_anchor=None if anchor == "start" else anchor,
    )


def actor_sign(actor: Actor, x: float, y: float, *, ink: str) -> Safe:
    """Return the sign of an actor around a middle: a circle for AI, a square for humans."""
    if actor is Actor.AI:
        return tag("circle", cx=f"{x:g}", cy=f"{y:g}", r="5.5", fill="none", stroke=ink, stroke_width="2")
    return tag(
        "rect", x=f"{x - 5:g}", y=f"{y - 5:g}", width="10", height="10", fill="none", stroke=ink, stroke_width="2"
    )


def hatched(ids: Ids, *key: object) -> tuple[Safe, str]:
    """Return the hatching for what is not known: its definition and how a fill refers to it."""
    name = ids.of("hatching", *key)
    stripe = tag("path", d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", stroke="#9a9a9a", stroke_width="1.2")
    ground = tag("rect", width="8", height="8", fill=UNKNOWN)
    pattern = tag("pattern", ground, stripe, id=name, width="8", height="8", patternUnits="userSpaceOnUse")
    return tag("defs", pattern), f"url(#{name})"


def drawing(
    ids: Ids,
    key: str,
    size: tuple[float, float],
    *parts: object,
    title: str,
    desc: str,
    linked: bool = False,
    alone: bool = False,
) -> Safe:
    """Return an SVG with a title and a description for readers who cannot see it.

    Args:
        ids: ids of the page.
        key: what the drawing is called among the ids.
        size: width and height in pixels.
        parts: what is drawn.
        title: its name.
        desc: what it shows.
        linked: whether it holds links; then it is a group of them rather than one picture.
        alone: whether it stands in a file of its own; then it names its language of markup and a font.
    """
    width, height = size
    name, about = ids.of(key, "title"), ids.of(key, "desc")
    return tag(
        "svg",
        tag("title", title, id=name),
        join(tag("desc", desc, id=about)),
        *parts,
        xmlns="http://www.w3.org/2000/svg" if alone else None,
        font_family="sans-serif" if alone else None,
        class_=key.partition(" ")[0],
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="group" if linked else "img",
        aria_labelledby=name,
        aria_describedby=about,
    )
