"""Rules for ids and texts, and the text that can be erased later."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Self

__all__ = [
    "DIGEST_PATTERN",
    "ERASED",
    "ID_PATTERN",
    "ID_RULE",
    "PrivateText",
    "faults_of_characters",
    "faults_of_text",
    "is_digest",
    "is_id",
    "josa",
]

ID_PATTERN = r"[a-z0-9][a-z0-9._:@-]{0,127}"
"""What ids, principals and codes look like (our choice: ASCII only, so no look-alike letter makes a second person)."""

ID_RULE = "must be 1 to 128 of the characters a-z 0-9 . _ : @ - and start with a letter or digit"

DIGEST_PATTERN = r"sha256:[0-9a-f]{64}"
"""What digests look like."""

ERASED = "(erased)"
"""What stands where a text was erased."""

_ID = re.compile(ID_PATTERN)
_DIGEST = re.compile(DIGEST_PATTERN)
_HANGUL_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_id(value: object) -> bool:
    """Tell whether a value is an id: see :data:`ID_RULE`."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_digest(value: object) -> bool:
    """Tell whether a value is ``sha256:`` and 64 lower-case hexadecimal digits."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def faults_of_text(value: str, *, longest: int, lines: bool = False) -> str | None:
    """Return the rule a text breaks, or None.

    Refused are: empty or blank text, more than ``longest`` characters, text that is not NFC, lone surrogates, and
    characters that cannot be seen (control, format, bidirectional, zero-width, private use, unassigned and the four
    Hangul fillers). Line feeds are allowed where ``lines`` is true.
    """
    if not value.strip():
        return "must not be blank"
    if len(value) > longest:
        return f"must have at most {longest:,} characters"
    return faults_of_characters(value, lines=lines)


def faults_of_characters(value: str, *, lines: bool) -> str | None:
    """Return the rule that the characters of a text break, or None; length and blankness are not looked at.

    Line feeds are allowed where ``lines`` is true.
    """
    line = value.replace("\n", "") if lines else value
    # isprintable() refuses a little more than we do (wide spaces), so a no only means: look at each character.
    if not line.isprintable() or not _HANGUL_FILLERS.isdisjoint(line):
        for character in line:
            if character in _HANGUL_FILLERS or unicodedata.category(character) in _REFUSED_CATEGORIES:
                return "must not hold control, invisible, bidirectional or filler characters"
    if not unicodedata.is_normalized("NFC", value):
        return "must be in Unicode normal form C"
    return None


class PrivateText(str):
    """A text that the log holds only as a salted digest, so that it can be erased and the log still proves itself.

    It is the text in every respect; ``digest`` is what stands in its place in the bytes that are hashed.
    """

    __slots__ = ("digest",)

    digest: str

    def __new__(cls, text: str, digest: str) -> Self:
        """Bind a text to its digest, 64 hexadecimal digits."""
        self = super().__new__(cls, text)
        self.digest = digest
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the digest when pickled or copied."""
        return type(self), (str(self), self.digest)

    def __str__(self) -> str:
        """Return the text as a plain string."""
        return "".join(self)


_PARTICLES = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
}
_DIGITS_WITH_FINAL = {"0": 21, "1": 8, "3": 16, "6": 1, "7": 8, "8": 8}
_RIEUL = 8
_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS = 0xAC00, 0xD7A3, 28


def josa(word: str, particle: str) -> str:
    """Append the Korean particle that fits the sound a word ends in.

    Args:
        word: any text; the last character decides.
        particle: ``은/는``, ``이/가``, ``을/를``, ``과/와`` or ``으로/로``.

    Returns:
        The word and its particle; both forms, as in ``은(는)``, where the ending does not tell.
    """
    closed, open_ = _PARTICLES[particle]
    last = word[-1:]
    if last and _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
    elif last in "0123456789" and last:
        final = _DIGITS_WITH_FINAL.get(last, 0)
    else:
        return f"{word}{closed}({open_})"
    takes_open = final == 0 or (particle == "으로/로" and final == _RIEUL)
    return word + (open_ if takes_open else closed)
