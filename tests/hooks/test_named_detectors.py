"""Detectors by name: shipped ones, and ones that an installed package offers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import hooks
from kakao_asi.exceptions import InvalidValue, UnknownId


@pytest.mark.parametrize(
    ("asked", "options", "name"),
    [
        (("pii-ko",), {"key": b"k" * 16}, "pii-ko"),
        (("keyword", "words", ["bad"]), {"label": "bad"}, "words"),
        (("length", "long"), {"most": 5}, "long"),
    ],
    ids=["personal", "keyword", "length"],
)
def test_shipped_detectors_have_names(asked: tuple[Any, ...], options: dict[str, Any], name: str) -> None:
    """Every argument is handed on to what makes the detector."""
    assert name == hooks.detector(*asked, **options).name


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package that offers three detectors: a good one, a bad one, and one that must not be loaded."""
    (tmp_path / "offering.py").write_text(
        "from kakao_asi.hooks import length_detector\n"
        "def good(*, most):\n    return length_detector('theirs', most=most)\n"
        "def bad():\n    return 3\n",
        "utf-8",
    )
    info = tmp_path / "offering-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: offering\nVersion: 1.0\n", "utf-8")
    points = "[kakao_asi.detectors]\ngood = offering:good\nbad = offering:bad\nother = not_there:other\n"
    (info / "entry_points.txt").write_text(points, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("offering", None)


@pytest.mark.usefixtures("offered")
def test_a_package_can_offer_a_detector() -> None:
    """Only the one that is asked for is loaded, and it gets the options."""
    assert "theirs" == hooks.detector("good", most=3).name


@pytest.mark.usefixtures("offered")
def test_what_makes_no_detector_is_refused() -> None:
    """An entry point that gives something else is an error at once, not at the first call."""
    with pytest.raises(InvalidValue, match="makes a detector"):
        hooks.detector("bad")


@pytest.mark.parametrize(("name", "error"), [("nobody", UnknownId), ("No Id", InvalidValue)], ids=["unknown", "no_id"])
def test_a_name_that_nobody_offers_is_refused(name: str, error: type[Exception]) -> None:
    """A detector that is not installed is an error, never a guard without it."""
    with pytest.raises(error):
        hooks.detector(name)
