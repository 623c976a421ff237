"""The report as one HTML file: both languages, no script, nothing fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from .._internal.words import Lang
from ..register import Questions
from ._escape import Ids, Safe, join, tag
from ._facts import Facts, gathered
from ._front import cover, gates, summary
from ._sections import cases, grades, graph, register_table, sources, timelines
from ._style import STYLE
from ._words import Words
from ._writing import written

__all__ = ["html"]

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_LANGS: Final[tuple[Lang, Lang]] = ("ko", "en")


def html(register: Questions, path: str | Path | None = None, *, lang: Lang = "ko") -> str:
    """Return the report on a register as a single HTML page, and write it to a file if a path is given.

    The page holds Korean and English and lets the reader switch. It runs no script and fetches nothing, so it opens
    offline and prints. The same view gives the same page.

    Args:
        register: a register, or a view of it at a past point.
        path: the file to write, whole or not at all; what is there is replaced. None writes nothing.
        lang: the language shown first.

    Raises:
        OSError: the file cannot be written.
        StoreError: the register cannot be read.

    Example:
        >>> import kakao_asi as asi
        >>> from kakao_asi.stores import MemoryStore
        >>> page = html(asi.RiskRegister.on(MemoryStore()))
        >>> "<script" in page
        False
    """
    facts = gathered(register)
    ids = Ids()
    pages = (_page(facts, Words(one), ids) for one in _LANGS)
    body = tag("main", *_switch(lang), *pages)
    return written(f"<!DOCTYPE html>\n{tag('html', _head(lang), tag('body', body), lang=lang)}", path)


def _head(lang: Lang) -> Safe:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", Words(lang)("report")),
        tag("style", Safe(STYLE)),
    )


def _switch(lang: Lang) -> tuple[Safe, ...]:
    """Return the switch between the languages: radio buttons that the style sheet reads."""
    buttons = (tag("input", type="radio", name="lang", id=one, class_="switch", checked=one == lang) for one in _LANGS)
    labels = (tag("label", Words(one)("language"), for_=one, lang=one) for one in _LANGS)
    return *buttons, tag("div", *labels, class_="langs")


def _page(facts: Facts, w: Words, ids: Ids) -> Safe:
    parts = (
        cover(facts, w, ids),
        summary(facts, w, ids),
        gates(facts, w, ids),
        grades(facts, w, ids),
        register_table(facts, w, ids),
        graph(facts, w, ids),
        cases(facts, w, ids),
        timelines(facts, w, ids),
        sources(facts, w, ids),
    )
    return tag("div", join(*parts), class_=f"page {w.lang}", lang=w.lang)
