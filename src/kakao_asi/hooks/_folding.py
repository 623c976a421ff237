"""Text as patterns see it: compatibility forms, dashes and digits folded, invisible characters gone, places kept.

The work is done a kind of character at a time, not a character at a time, so that a long text costs little.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

__all__ = ["Folded", "folded"]

# An initial, a medial and perhaps a final that make one syllable of today's Hangul.
_JAMO = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u00ad")
# What surely stays as it is: printable ASCII, kana, the unified ideographs and the syllables of Hangul.
_OTHER = re.compile("[^ -~\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]+")
_MOST_REPLACED = 32
_DIGITS = frozenset("0123456789")


class Folded:
    """A folded text; lives while a detector looks at it.

    Attributes:
        text: the text as patterns see it.
    """

    __slots__ = ("_origin", "_raw", "text")

    def __init__(self, raw: str, text: str, *, moved: bool) -> None:
        """Hold both; places are worked out when the first is asked for."""
        self.text = text
        self._raw = raw
        self._origin: Sequence[int] | None = None if moved else range(len(text))

    def place(self, index: int) -> int:
        """Return where in the raw text a character of the folded text came from."""
        if self._origin is None:
            self._origin = _origin_of(self._raw)
        return self._origin[index]


@functools.lru_cache(maxsize=4_096)
def _fold(character: str) -> str:
    if character in _FILLERS:
        return ""
    category = unicodedata.category(character)
    if category in {"Cf", "Mn"}:
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if category in {"Zs", "Cc"}:
        return " "
    part = "".join(str(unicodedata.decimal(one, one)) for one in unicodedata.normalize("NFKC", character))
    # One character may stand for eighteen; only where digits are among them does it matter what they are.
    return part if len(part) == 1 or not _DIGITS.isdisjoint(part) else character


def folded(text: str) -> Folded:
    """Return a text as patterns see it.

    Jamo that stand apart are composed to syllables, so that a word is found whichever way it was typed.
    """
    if text.isascii() and text.isprintable():
        return Folded(text, text, moved=False)
    composed = _JAMO.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)
    parts = {one: _fold(one) for one in set().union(*_OTHER.findall(composed))}
    changed = {one: part for one, part in parts.items() if part != one}
    if len(changed) <= _MOST_REPLACED:
        result = composed
        for one, part in changed.items():
            result = result.replace(one, part)
    else:
        result = composed.translate({ord(one): part for one, part in changed.items()})
    moved = len(composed) != len(text) or any(len(part) != 1 for part in changed.values())
    return Folded(text, result, moved=moved)


def _origin_of(text: str) -> list[int]:
    origin: list[int] = []
    at = 0
    for run in _JAMO.finditer(text):
        _place(text, at, run.start(), origin)
        origin.append(run.start())
        at = run.end()
    _place(text, at, len(text), origin)
    return origin


def _place(text: str, start: int, end: int, origin: list[int]) -> None:
    for index in range(start, end):
        length = len(_fold(text[index]))
        if length == 1:
            origin.append(index)
        else:
            origin.extend([index] * length)
