"""A company's own scheme files are read under the same checks as the shipped ones."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from kakao_asi import catalog
from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.framework import Candidate, Guidance

SHIPPED = files("kakao_asi.catalog")
SCHEME_FILES = sorted(one.name for one in SHIPPED.iterdir() if one.name.endswith(".json"))


@pytest.mark.parametrize("name", SCHEME_FILES)
def test_shipped_files_are_ascii_keyed_and_sorted(name: str) -> None:
    """A shipped file ends in a line feed and holds no character that cannot be seen."""
    text = SHIPPED.joinpath(name).read_text("utf-8")

    assert (True, False) == (text.endswith("]\n"), "\t" in text)


def test_a_company_brings_its_own_file(tmp_path: Path) -> None:
    """A file of a company's own gives the same rows as the shipped one it was copied from."""
    own = tmp_path / "guidance.json"
    own.write_text(SHIPPED.joinpath("guidance.json").read_text("utf-8"), "utf-8")

    assert catalog.guidance() == catalog.from_file(own, Guidance)


def test_an_id_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    """A file that gives one id to two rows is refused."""
    row = (
        '{"id":"a","stage":"design","category":"model_imperfection","label":"a","ko":"가","en":"a","principles":["x"]}'
    )
    own = tmp_path / "screening.json"
    own.write_text(f"[{row},{row}]", "utf-8")

    with pytest.raises(InvalidValue, match="twice"):
        catalog.from_file(own, Candidate)


@pytest.mark.parametrize("text", ["[", '[{"id":"a","colour":"red"}]', '[{"id":1}]'])
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    """What is malformed, unknown or of the wrong type is refused with the place."""
    own = tmp_path / "guidance.json"
    own.write_text(text, "utf-8")

    with pytest.raises(LoadError):
        catalog.from_file(own, Guidance)
