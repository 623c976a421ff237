"""Small parts that several sections of the page use: chips, lists, tables in a box of their own, headings."""

from __future__ import annotations

from collections.abc import Iterable

from ..taxonomy import Grade
from ._escape import Ids, Safe, join, tag
from ._facts import SystemFacts
from ._phrases import grade_word, system_name
from ._words import Words

__all__ = ["chip", "listed", "named", "row", "scrolling", "section", "table"]


def section(key: str, w: Words, ids: Ids, *parts: object, note: str | None = None) -> Safe:
    """Return a section with its heading, which the contents link to."""
    heading = tag("h2", w(key), id=ids.of(w.lang, "section", key))
    return tag("section", heading, None if note is None else tag("p", note, class_="fine"), *parts)


def chip(grade: Grade | None, w: Words) -> Safe:
    """Return a grade as its word on its colour; not assessed is white with a dashed edge."""
    return tag("span", grade_word(grade, w), class_=f"grade {'unknown' if grade is None else grade.id}")


def listed(items: Iterable[object]) -> Safe | None:
    """Return items as a list; one alone as it is, None for none."""
    found = list(items)
    if len(found) <= 1:
        return join(found[0]) if found else None
    return tag("ul", *(tag("li", one) for one in found))


def named(system: SystemFacts, w: Words) -> Safe:
    """Return the name of a system, and its id where that is something else."""
    name, id_ = system_name(system.state, w), system.state.id
    return join(name, None if name == id_ else join(" ", tag("code", id_)))


def scrolling(box: Safe, name: str) -> Safe:
    """Return a box that scrolls sideways by itself, reachable by keyboard."""
    return tag("div", box, class_="scroll", role="region", aria_label=name, tabindex="0")


def table(kind: str, name: str, head: Iterable[str], *bodies: Safe) -> Safe:
    """Return a table in a scrolling box; on a narrow screen its rows become cards."""
    titles = tag("tr", *(tag("th", one, scope="col") for one in head))
    return scrolling(tag("table", tag("thead", titles), *bodies, class_=kind), name)


def row(head: Iterable[str], *cells: object, kind: str | None = None) -> Safe:
    """Return a row whose cells know the names of their columns, for when it is shown as a card."""
    named = zip(head, cells, strict=True)
    return tag("tr", *(tag("td", cell, data_label=name) for name, cell in named), class_=kind)
