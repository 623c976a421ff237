"""The committee pack as a workbook: texts stay texts, ids come back, the same register gives the same bytes."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import reports
from kakao_asi.exceptions import LoadError

openpyxl: Any = pytest.importorskip("openpyxl", reason="the extra 'excel' is not installed")

TITLES = {
    "r1": "=1+1",
    "r2": "#N/A",
    "r3": "@SUM(A1)",
    "r4": "'quoted",
    "r5": "-2+3|cmd",
    "r6": "\uff1dfull width",
    "r7": "007",
    "r8": "2026-11-23",
    "r9": '한글 제목, 쉼표와 "따옴표"',
}


@pytest.fixture
def titled(start_life: Any) -> Any:
    """A register with a risk for each title."""
    life = start_life(risk=False)
    life.since = life.clock()
    for name, title in TITLES.items():
        life.identify(name, title=title)
    return life


def pack(life: Any, **options: Any) -> Any:
    """The pack of the ERM committee, as a workbook unless told otherwise."""
    return reports.committee(
        life.register, **({"body": "erm_committee", "since": life.since, "form": "excel"} | options)
    )


def cells(data: bytes) -> list[Any]:
    """Every cell of a workbook that holds something."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_no_cell_is_a_formula_or_an_error(titled: Any) -> None:
    """Read back by openpyxl, every cell is a text or a number, and texts keep their quote prefix."""
    found = cells(pack(titled))

    assert (set(), set()) == (
        {cell.value for cell in found if cell.data_type not in {"s", "n"}},
        {cell.value for cell in found if cell.data_type == "s" and not cell.quotePrefix},
    )


@pytest.mark.parametrize("form", ["excel", "csv"])
def test_ids_and_titles_come_back(titled: Any, form: str) -> None:
    """The list of risks that is read back holds every id and title as it was registered."""
    found = reports.rows_of(pack(titled, form=form))

    assert TITLES == {row["id"]: row["title"] for row in found}


def test_counts_are_numbers(titled: Any) -> None:
    """A count stands in its cell as a number, so that a spreadsheet can add it up."""
    assert 9 in {cell.value for cell in cells(pack(titled)) if cell.data_type == "n"}


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_same_view_gives_the_same_bytes(titled: Any, lang: str) -> None:
    """A workbook of a past point is the same, whatever was recorded since and whenever it is written."""
    at = titled.clock()
    first = pack(titled, lang=lang)
    titled.forward(days=1)
    titled.identify("later")

    again = reports.committee(
        titled.register.as_of(at),
        body="erm_committee",
        since=titled.since,
        form="excel",
        lang=lang,  # type: ignore[arg-type]  # parametrised
    )

    assert first == again


def test_nothing_of_the_machine_shows(titled: Any) -> None:
    """No part carries a time, a system or a compression of its own."""
    with zipfile.ZipFile(io.BytesIO(pack(titled))) as archive:
        marks = {(one.date_time, one.create_system, one.compress_type) for one in archive.infolist()}

    assert {((1980, 1, 1, 0, 0, 0), 0, zipfile.ZIP_STORED)} == marks


def test_a_workbook_is_written_to_a_file(titled: Any, tmp_path: Path) -> None:
    """With a path the workbook is written there as well."""
    target = tmp_path / "위원회.xlsx"
    data = reports.committee(titled.register, target, body="top", since=titled.since, form="excel")

    assert data == target.read_bytes()


@pytest.mark.parametrize("pack", ["id,title\r\n", "", b"no workbook"])
def test_what_is_no_list_of_risks_is_refused(pack: str | bytes) -> None:
    """Another CSV, nothing at all and bytes that are no workbook are refused."""
    with pytest.raises(LoadError, match="no_"):
        reports.rows_of(pack)


def test_a_workbook_without_the_list_is_refused() -> None:
    """A workbook of somebody else's is refused."""
    data = io.BytesIO()
    openpyxl.Workbook().save(data)

    with pytest.raises(LoadError, match="no_risk_list"):
        reports.rows_of(data.getvalue())


def test_without_openpyxl_the_extra_is_named(titled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where openpyxl is missing, the error says how to install it."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    with pytest.raises(ImportError, match=r"kakao-asi\[excel\]"):
        pack(titled)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.long
def test_libreoffice_reads_the_titles(titled: Any, tmp_path: Path) -> None:
    """LibreOffice opens the workbook and writes the sheet of risks as CSV with every title as text."""
    (tmp_path / "pack.xlsx").write_bytes(pack(titled))
    sheets = 'csv:"Text - txt - csv (StarCalc)":44,34,76,1,,0,false,true,false,false,false,-1'
    command = ["soffice", "--headless", "--convert-to", sheets, "--outdir", str(tmp_path), str(tmp_path / "pack.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

    text = (tmp_path / "pack-risks.csv").read_text("utf-8")

    assert [] == [title for title in TITLES.values() if title.replace('"', '""') not in text]
