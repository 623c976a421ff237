"""Two simple detectors: words that must not occur, and texts that are too long."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from attrs import frozen

from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Verdict
from ._detectors import Detection, Item, Span

__all__ = ["keyword_detector", "length_detector"]


@frozen(kw_only=True)
class KeywordDetector:
    """Finds words; see :func:`keyword_detector`."""

    name: str
    words: tuple[str, ...]
    label: str
    verdict: Verdict
    in_process: bool = True

    def detect(self, item: Item) -> Sequence[Detection]:
        """Return one detection with every place of every word; spans point into the raw text."""
        spans = [Span(start=start, end=end) for word in self.words for start, end in _places(item.text, word)]
        if not spans:
            return ()
        ordered = tuple(sorted(spans, key=lambda span: (span.start, span.end)))
        return (Detection(verdict=self.verdict, label=self.label, spans=ordered),)


def _places(text: str, word: str) -> Iterable[tuple[int, int]]:
    folded, origin = _folded(text)
    at = folded.find(word)
    while at >= 0:
        yield origin[at], origin[at + len(word) - 1] + 1
        at = folded.find(word, at + 1)


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text without case and compatibility forms, and where each character of it came from."""
    parts: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        part = unicodedata.normalize("NFKC", character).casefold()
        parts.append(part)
        origin.extend([index] * len(part))
    return "".join(parts), origin


def keyword_detector(
    name: str, words: Iterable[str], *, label: str, verdict: Verdict = Verdict.FLAG
) -> KeywordDetector:
    """Make a detector that finds words, whatever their case or width.

    Args:
        name: id of the detector.
        words: at least one; found inside other words too, as Korean writes particles onto words.
        label: code of what is found; the word itself is never reported.
        verdict: what a word means.

    Raises:
        InvalidValue: the name is no id, or a word is blank.
    """
    folded = tuple(_folded(unicodedata.normalize("NFC", word))[0] for word in words)
    if not is_id(name):
        raise InvalidValue("keyword_detector.name", ID_RULE)
    if not folded or not all(word.strip() for word in folded):
        raise InvalidValue("keyword_detector.words", "must hold at least one word, none of them blank")
    return KeywordDetector(name=name, words=folded, label=label, verdict=verdict)


@frozen(kw_only=True)
class LengthDetector:
    """Finds texts that are too long; see :func:`length_detector`."""

    name: str
    most: int
    verdict: Verdict
    in_process: bool = True

    def detect(self, item: Item) -> Sequence[Detection]:
        """Compare the length, in characters; of a stream, from its beginning."""
        length = item.offset + len(item.text)
        if length <= self.most:
            return ()
        return (Detection(verdict=self.verdict, label="too_long"),)


def length_detector(name: str, *, most: int, verdict: Verdict = Verdict.FLAG) -> LengthDetector:
    """Make a detector of texts longer than ``most`` characters.

    Raises:
        InvalidValue: the name is no id, or ``most`` is less than 1.
    """
    if not is_id(name):
        raise InvalidValue("length_detector.name", ID_RULE)
    if most < 1:
        raise InvalidValue("length_detector.most", "must be 1 or more")
    return LengthDetector(name=name, most=most, verdict=verdict)
