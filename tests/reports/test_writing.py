"""A report is written to a file whole, or not at all."""

from pathlib import Path
from typing import Any

import pytest

import kakao_asi as asi

KINDS = pytest.mark.parametrize("kind", ["html", "markdown"])


@KINDS
def test_file_holds_what_is_returned(kind: str, story: Any, tmp_path: Path) -> None:
    """The file is the returned text in UTF-8 with plain line feeds, and nothing is left beside it."""
    path = tmp_path / "보고서.out"
    text = getattr(asi.reports, kind)(story.register, path)

    assert path.read_bytes() == text.encode()
    assert list(tmp_path.iterdir()) == [path]


@KINDS
def test_file_is_replaced(kind: str, story: Any, tmp_path: Path) -> None:
    """A report takes the place of an older one; a path may be plain text."""
    path = tmp_path / "report"
    path.write_text("old")
    text = getattr(asi.reports, kind)(story.register, str(path))

    assert path.read_text("utf-8") == text


@KINDS
def test_what_cannot_be_written_leaves_nothing(kind: str, story: Any, tmp_path: Path) -> None:
    """Where a folder stands in the way the folder stays, and no part of a report is left."""
    path = tmp_path / "folder"
    path.mkdir()

    with pytest.raises(OSError, match="folder"):
        getattr(asi.reports, kind)(story.register, path)
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folder_is_said(story: Any, tmp_path: Path) -> None:
    """A folder that does not exist is not made."""
    with pytest.raises(FileNotFoundError):
        asi.reports.html(story.register, tmp_path / "no" / "report.html")


def test_register_does_not_change(story: Any, tmp_path: Path) -> None:
    """A report writes nothing into the register."""
    before = story.register.events().items
    asi.reports.html(story.register, tmp_path / "report.html")

    assert story.register.events().items == before
