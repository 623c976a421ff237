"""A committee pack written as Markdown, a page or rows; each text is made inert where it is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final, TypeAlias

from .._internal.text import is_id
from .._internal.words import Lang, Origin
from ._committee_facts import Pack, level_of
from ._committee_sections import Cell, Section, pick
from ._escape import Safe, for_cell, for_markdown, join, tag
from ._style import STYLE

__all__ = ["COLUMNS", "Cover", "csv_of", "footer_of", "html_of", "markdown_of", "risk_rows", "title_of"]

Cover: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values of the cover."""

COLUMNS: Final = (
    "id",
    "title",
    "system",
    "category",
    "actor",
    "status",
    "inherent",
    "residual",
    "effective",
    "owner",
)
"""The columns of the list of risks; ids, the same in every language."""

_SHORT: Final = 24
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def title_of(lang: Lang) -> str:
    """Return the title of a pack."""
    return pick(lang, "AI 리스크 위원회 보고", "AI risk committee pack")


def footer_of(lang: Lang) -> str:
    """Return what stands below a pack: whose limits they are, and what it is not."""
    return pick(
        lang,
        f"{Origin.OURS.ko}. 카카오와 무관한 프로젝트이며 법률 자문이 아닙니다.",
        f"Limits and formulas: {Origin.OURS.en}. Independent of Kakao; no legal advice.",
    )


def markdown_of(cover: Cover, sections: Iterable[Section], lang: Lang) -> str:
    """Return the pack as Markdown."""
    lines = [f"# {title_of(lang)}", ""]
    lines += [f"- {name}: {for_markdown(value)}" for name, value in cover]
    for one in sections:
        lines += ["", f"## {one.title}", ""]
        if not one.rows:
            lines.append(one.none)
            continue
        lines += ["| " + " | ".join(one.head) + " |", "|" + "---|" * len(one.head)]
        lines += ["| " + " | ".join(for_markdown(str(cell)) for cell in row) + " |" for row in one.rows]
        lines += [] if one.note is None else ["", one.note]
    return "\n".join([*lines, "", footer_of(lang), ""])


def html_of(cover: Cover, sections: Iterable[Section], lang: Lang) -> str:
    """Return the pack as a single page without script."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title_of(lang)),
        tag("style", Safe(STYLE)),
    )
    facts = tag("dl", *(part for name, value in cover for part in (tag("dt", name), tag("dd", value))))
    parts = [tag("section", tag("h2", one.title), _table(one)) for one in sections]
    header = tag("header", tag("h1", title_of(lang)), facts, class_="cover")
    main = tag("main", header, *parts, tag("p", footer_of(lang), class_="fine"))
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main), lang=lang)}"


def _table(section: Section) -> Safe:
    if not section.rows:
        return tag("p", section.none)
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in section.head)))
    rows = [
        tag("tr", tag("th", _kept(row[0]), scope="row"), *_cells(section.head[1:], row[1:])) for row in section.rows
    ]
    note = None if section.note is None else tag("p", section.note, class_="fine")
    table = tag("table", tag("caption", section.title, class_="unseen"), head, tag("tbody", join(*rows)), class_="pack")
    return join(tag("div", table, tabindex="0", role="group", aria_label=section.title, class_="scroll"), note)


def _cells(head: tuple[str, ...], row: tuple[Cell, ...]) -> list[Safe]:
    return [tag("td", _kept(cell), data_label=name) for name, cell in zip(head, row, strict=True)]


def _kept(cell: Cell) -> object:
    """Return a cell whose ids and grades are not broken over two lines where there is room for them."""
    if isinstance(cell, str) and is_id(cell) and len(cell) <= _SHORT:
        return tag("span", cell, class_="kept")
    return cell.replace(" 등급", "\N{NO-BREAK SPACE}등급") if isinstance(cell, str) else cell


def risk_rows(pack: Pack) -> Iterable[tuple[str, ...]]:
    """Return one row a risk, sorted by id, under :data:`COLUMNS`."""
    for risk in pack.risks:
        grades = ("" if grade is None else grade.id for grade in level_of(risk, pack.at))
        kept = risk.risk
        yield (kept.id, kept.title, kept.system, kept.category.id, kept.actor.id, risk.status.id, *grades, kept.owner)


def csv_of(pack: Pack) -> str:
    """Return the list of risks as CSV for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([for_cell(cell) for cell in row] for row in risk_rows(pack))
    return "\ufeff" + out.getvalue()
