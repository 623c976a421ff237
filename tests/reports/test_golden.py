"""The whole story as files that people have looked at: a changed report is a difference somebody reads.

Digests are masked in the files: they change with every new field of a governance, and tell a reader nothing here.
``KAKAO_ASI_UPDATE_GOLDEN=1 pytest tests/reports/test_golden.py`` writes the files anew.
"""

import os
import re
from pathlib import Path
from typing import Any

import pytest

import kakao_asi as asi

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize(
    ("name", "kind", "lang"),
    [("report.html", "html", "ko"), ("report.ko.md", "markdown", "ko"), ("report.en.md", "markdown", "en")],
)
def test_report_is_the_golden_one(name: str, kind: str, lang: str, story: Any) -> None:
    """The report on the whole story is the file in the folder ``golden``, byte by byte but for the digests."""
    report = re.sub("sha256:[0-9a-f]{12}", "sha256:digest", getattr(asi.reports, kind)(story.register, lang=lang))
    if os.environ.get("KAKAO_ASI_UPDATE_GOLDEN"):
        (GOLDEN / name).write_text(report, encoding="utf-8", newline="\n")

    assert report.splitlines() == (GOLDEN / name).read_text("utf-8").splitlines()
