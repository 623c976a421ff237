"""How the account looks: headings, short paragraphs, and tables whose columns also hold for Korean.

A Korean letter takes two columns of a terminal. Every width here is counted in columns, not in letters, and lines are
drawn with plain characters, because terminals do not agree on the width of others.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

from attrs import field, frozen

__all__ = ["WIDTH", "Lang", "Teller", "columns_of", "padded", "wrapped"]

Lang: TypeAlias = Literal["ko", "en"]
"""The two languages the account exists in."""

WIDTH = 100
"""Columns of a line; fits a terminal of ordinary width."""

_GAP = "  "
_NARROWEST = 8


def columns_of(text: str) -> int:
    """Return how many columns a text takes: wide letters count two, combining marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def padded(text: str, columns: int) -> str:
    """Return the text filled up with spaces to a number of columns."""
    return text + " " * (columns - columns_of(text))


def _pieces(word: str, columns: int) -> Iterable[str]:
    """Cut a word that is wider than a line."""
    piece = ""
    for letter in word:
        if columns_of(piece + letter) > columns:
            yield piece
            piece = ""
        piece += letter
    yield piece


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most so many columns, at spaces where there are any."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, columns):
            longer = f"{line} {piece}" if line else piece
            if columns_of(longer) <= columns:
                line = longer
            else:
                lines.append(line)
                line = piece
    return [*lines, line]


def _fitted(natural: Sequence[int], unbroken: Sequence[int], room: int) -> list[int]:
    """Narrow the widest columns until all of them fit, and break words only where nothing else helps."""
    widths = list(natural)
    while sum(widths) > room and max(widths) > _NARROWEST:
        free = [number for number, width in enumerate(widths) if width > unbroken[number]]
        widest = max(free or range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _longest_word(text: str) -> int:
    return max(map(columns_of, text.split()), default=0)


@frozen(kw_only=True)
class Teller:
    """Prints the account in one language.

    Attributes:
        lang: the language.
        write: takes one line at a time; ``print`` unless somebody collects them.
    """

    lang: Lang
    write: Callable[[str], object] = field(default=print)

    def pick(self, *, ko: str, en: str) -> str:
        """Return the text of the account's language."""
        return ko if self.lang == "ko" else en

    def heading(self, text: str) -> None:
        """Start a chapter."""
        self.write("")
        self.write("")
        self.write(text)
        self.write("=" * columns_of(text))

    def paragraph(self, text: str) -> None:
        """Print a paragraph after an empty line."""
        self.write("")
        for line in wrapped(text, WIDTH):
            self.write(line)

    def points(self, texts: Iterable[str], *, mark: str = "-") -> None:
        """Print a list; long points go on below themselves."""
        for text in texts:
            first, *rest = wrapped(text, WIDTH - 4)
            self.write(f"  {mark} {first}")
            for line in rest:
                self.write(f"    {line}")

    def block(self, text: str) -> None:
        """Print lines as they are, indented, after an empty line; long ones go on below themselves."""
        self.write("")
        for line in text.splitlines():
            inner = len(line) - len(line.lstrip())
            for number, part in enumerate(wrapped(line, WIDTH - 4 - inner)):
                self.write(textwrap.indent(part, " " * (2 + inner + 2 * (number > 0))))

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table after an empty line; cells that do not fit go on below themselves."""
        body = [tuple(row) for row in rows]
        cells = list(zip(tuple(heads), *body, strict=True))
        natural = [max(map(columns_of, column)) for column in cells]
        unbroken = [max(map(_longest_word, column)) for column in cells]
        widths = _fitted(natural, unbroken, WIDTH - 2 - len(_GAP) * (len(heads) - 1))
        self.write("")
        self._row(heads, widths)
        self.write("  " + _GAP.join("-" * width for width in widths))
        for row in body:
            self._row(row, widths)

    def _row(self, cells: Sequence[str], widths: Sequence[int]) -> None:
        parts = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for number in range(max(map(len, parts))):
            line = [part[number] if number < len(part) else "" for part in parts]
            self.write(("  " + _GAP.join(map(padded, line, widths))).rstrip())
