"""The one place where texts become markup: HTML and SVG are built from escaped parts, Markdown from escaped texts.

There is no raw mode. A plain text becomes a part of a page only through :func:`tag` or :func:`join`, which escape it;
what is :class:`Safe` was built by them.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

__all__ = ["Ids", "Safe", "for_cell", "for_markdown", "from_cell", "join", "tag"]


class Safe(str):
    """Markup whose every part was escaped; made by :func:`tag` and :func:`join` only."""

    __slots__ = ()


_VOID: Final = frozenset({"meta", "input", "line", "rect", "circle", "path", "polygon", "br"})
"""Elements that hold nothing: they are written without an end tag, in SVG closed in themselves."""

_SHAPES: Final = frozenset({"line", "rect", "circle", "path", "polygon"})

_BLOCKS: Final = frozenset(
    [
        "html",
        "head",
        "body",
        "main",
        "meta",
        "title",
        "style",
        "header",
        "footer",
        "section",
        "nav",
        "div",
        "fieldset",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "svg",
        "g",
        "defs",
        "pattern",
        "label",
        "input",
        "text",
        "rect",
        "line",
        "circle",
        "path",
        "polygon",
    ]
)
"""Elements that a line ends after, so that a change of a page is a small difference of its lines."""


def tag(name: str, /, *parts: object, **attributes: object) -> Safe:
    """Return an element with its parts and attributes escaped.

    Args:
        name: name of the element.
        parts: texts are escaped, ``Safe`` parts stand as they are; None is left out.
        attributes: in order; ``_`` in a name stands for ``-``, one at its end is dropped (``class_``). None and False
            are left out, True is an attribute without a value.
    """
    opening = name + "".join(_attribute(key, value) for key, value in attributes.items())
    end = "\n" if name in _BLOCKS else ""
    if name in _VOID:
        return Safe(f"<{opening}{'/' if name in _SHAPES else ''}>{end}")
    return Safe(f"<{opening}>{join(*parts)}</{name}>{end}")


def join(*parts: object) -> Safe:
    """Return the parts one after the other, texts escaped and None left out."""
    return Safe("".join(_part(one) for one in parts))


def _part(one: object) -> str:
    if one is None:
        return ""
    return one if isinstance(one, Safe) else escape(str(one), quote=True)


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    key = name.rstrip("_").replace("_", "-")
    return f" {key}" if value is True else f' {key}="{escape(str(value), quote=True)}"'


_LIVE: Final = re.compile(r"[\\`*_\[\]|~$#]|[&<>@]|:(?=//)|(?<=www)\.")
_BY_ENTITY: Final = frozenset("&<>@:.")
_LEADING: Final = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=]))")


def for_markdown(text: str) -> str:
    """Return a text in one line that Markdown shows as it is: no markup, link, mention or end of a cell."""
    line = _LIVE.sub(_inert, " ".join(text.split()))
    return _LEADING.sub(r"\1\\", line)


def _inert(found: re.Match[str]) -> str:
    one = found[0]
    return f"&#{ord(one)};" if one in _BY_ENTITY else f"\\{one}"


_FORMULA: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet may take for the start of a formula; the full-width forms of the four signs too."""


def for_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: behind an apostrophe where it starts like one."""
    return f"'{text}" if text.lstrip().startswith((*_FORMULA, "'")) or text.startswith(_FORMULA) else text


def from_cell(text: str) -> str:
    """Return the text that :func:`for_cell` was given."""
    return text.removeprefix("'")


class Ids:
    """Ids ``n1``, ``n2``, ... of one page: no text of a user ever becomes an id. Lives as long as the page is made."""

    def __init__(self) -> None:
        """Begin at 1."""
        self._taken: dict[object, str] = {}

    def of(self, *key: object) -> str:
        """Return the id of a thing, the same each time."""
        return self._taken.setdefault(key, f"n{len(self._taken) + 1}")
