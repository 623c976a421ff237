"""A committee pack as an Excel workbook: the only place that imports openpyxl (extra ``excel``)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final
from unicodedata import east_asian_width
from xml.etree.ElementTree import canonicalize

from .._internal.words import Lang
from ..exceptions import LoadError
from ._committee_facts import Pack
from ._committee_forms import COLUMNS, Cover, footer_of, risk_rows, title_of
from ._committee_sections import Cell, Section
from ._escape import from_cell

__all__ = ["rows_of", "workbook_of"]

_LIST: Final = "risks"
"""The sheet that lists the risks; its name is the same in every language, so that a program finds it."""

_LONGEST: Final = 32_767
_CUT: Final = "… [cut]"
_WIDEST: Final = 60
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MISSING: Final = "an Excel workbook needs openpyxl; install it with: pip install 'kakao-asi[excel]'"


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise ImportError(_MISSING) from error
    return openpyxl


def workbook_of(pack: Pack, cover: Cover, sections: Iterable[Section], lang: Lang) -> bytes:
    """Return the pack as a workbook: a sheet for the cover, for each section and for the list of risks.

    Every text is a text: no cell is a formula or an error, whatever a title begins with. A text longer than a cell can
    hold is cut with a visible mark.

    Raises:
        ImportError: openpyxl is not installed.
    """
    book = _openpyxl().Workbook()
    book.remove(book.active)
    _fill(book.create_sheet(_sheet_name(title_of(lang))), [], [*cover, (footer_of(lang), "")])
    for one in sections:
        rows = one.rows or ((one.none,),)
        rows = rows if one.note is None else (*rows, (one.note,))
        _fill(book.create_sheet(_sheet_name(one.title)), one.head, rows)
    _fill(book.create_sheet(_LIST), COLUMNS, risk_rows(pack))
    for date in ("created", "modified"):
        setattr(book.properties, date, pack.at.replace(tzinfo=None))
    book.properties.creator, book.properties.title = "kakao_asi", title_of(lang)
    return _packed(book)


def _sheet_name(title: str) -> str:
    """Return a title as a sheet may be called: at most 31 characters, none of the seven that Excel refuses."""
    return "".join("·" if one in "\\/*?:[]" else one for one in title)[:31]


def _fill(sheet: Any, head: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> None:
    from openpyxl.styles import Alignment, Font

    names = tuple(head)
    widths: list[int] = [0] * 50
    below, bold, plain = Alignment(vertical="top", wrap_text=True), Font(bold=True), Font()
    for number, row in enumerate((*([names] if names else []), *rows), 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            _set(cell, value)
            cell.alignment = below
            cell.font = bold if names and number == 1 else plain
            widths[place - 1] = max(widths[place - 1], _width(str(value)))
    for place, width in enumerate(widths, 1):
        if width:
            sheet.column_dimensions[_letter(place)].width = min(width + 2, _WIDEST)
    if names:
        sheet.freeze_panes = "A2"


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _set(cell: Any, value: Cell) -> None:
    """Set a cell; a text stays one, as openpyxl would make a formula of ``=1`` and an error of ``#N/A``."""
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = value if len(value) <= _LONGEST else value[: _LONGEST - len(_CUT)] + _CUT
    cell.data_type = "s"
    cell.quotePrefix = True


def _packed(book: Any) -> bytes:
    """Return the bytes of a workbook, the same for the same content.

    The order of parts is kept; each is canonical XML, without a time of its own and not compressed, so that neither the
    clock nor the XML or compression library of a machine shows.
    """
    from openpyxl.writer.excel import ExcelWriter

    raw, packed = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(raw, "w")).save()
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts.namelist()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 0, 0
            archive.writestr(info, canonicalize(parts.read(name).decode()))
    return packed.getvalue()


def rows_of(pack: str | bytes) -> tuple[dict[str, str], ...]:
    """Return the list of risks of a pack that was written as CSV or as a workbook: one row a risk, by column.

    Texts come back as they were registered: the apostrophe that keeps a spreadsheet from taking one for a formula is
    taken off.

    Args:
        pack: the text of a CSV, or the bytes of a workbook.

    Raises:
        ImportError: bytes were passed and openpyxl is not installed.
        LoadError: it holds no list of risks.
    """
    head, *rows = _csv_rows(pack) if isinstance(pack, str) else _sheet_rows(pack)
    if tuple(head) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise LoadError("$", "no_risk_list", "what committee(form='csv') or committee(form='excel') returned")
    return tuple(dict(zip(COLUMNS, row, strict=True)) for row in rows)


def _csv_rows(text: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    return [[from_cell(cell) for cell in row] for row in rows] or [[]]


def _sheet_rows(data: bytes) -> Iterator[list[str]]:
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
    except zipfile.BadZipFile as fault:
        raise LoadError("$", "no_workbook", "the bytes of a workbook") from fault
    if _LIST not in book.sheetnames:
        return iter([[]])
    return ([str(cell.value or "") for cell in row] for row in book[_LIST].iter_rows())
