"""Text as patterns see it: compatibility forms, dashes and digits folded, invisible characters gone, places kept."""

from __future__ import annotations

import functools
import re
import unicodedata

__all__ = ["folded"]

_JAMO = re.compile("[\u1100-\u11ff]+")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u00ad")


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
    return "".join(str(unicodedata.decimal(one, one)) for one in unicodedata.normalize("NFKC", character))


def folded(text: str) -> tuple[str, list[int] | range]:
    """Return a text as patterns see it, and for each of its characters the place in the raw text it came from.

    Jamo that stand apart are composed to syllables, so that a word is found whichever way it was typed.
    """
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    for run in _JAMO.finditer(text):
        _fold_into(text, at, run.start(), parts, origin)
        for index, syllable in enumerate(unicodedata.normalize("NFC", run[0])):
            parts.append(syllable)
            origin.append(run.start() + index)
        at = run.end()
    _fold_into(text, at, len(text), parts, origin)
    return "".join(parts), origin


def _fold_into(text: str, start: int, end: int, parts: list[str], origin: list[int]) -> None:
    for index in range(start, end):
        part = _fold(text[index])
        parts.append(part)
        if len(part) == 1:
            origin.append(index)
        else:
            origin.extend([index] * len(part))
