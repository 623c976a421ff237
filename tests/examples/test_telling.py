"""How the account looks: widths are counted in columns, and every line fits."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def telling(imported: Callable[[str], Any]) -> Any:
    """The module that prints."""
    return imported("examples.story.telling")


def tables(text: str) -> Iterator[list[str]]:
    """The lines of each table of an account, head first."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if re.fullmatch(r"  -+(  -+)*", line):
            end = next((n for n in range(number, len(lines)) if not lines[n].strip()), len(lines))
            yield [lines[number - 1], *lines[number:end]]


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("가나", 4), ("e\u0301", 1), ("", 0)], ids=str)
def test_wide_letters_take_two_columns(telling: Any, text: str, columns: int) -> None:
    """A Korean letter counts two columns and a combining mark none."""
    assert telling.columns_of(text) == columns


@given(text=st.text(alphabet="ab 가나다", max_size=80), columns=st.integers(min_value=2, max_value=20))
def test_wrapping_keeps_the_letters_and_fits(telling: Any, text: str, columns: int) -> None:
    """No line is wider than asked for, and no letter is lost."""
    lines = telling.wrapped(text, columns)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(telling.columns_of(line) <= columns for line in lines)


def test_a_table_narrows_the_cells_that_can_wrap(telling: Any) -> None:
    """A long sentence gives way before an id is broken."""
    lines: list[str] = []
    teller = telling.Teller(lang="ko", write=lines.append)
    teller.table(("리스크", "설명"), [("agent-beyond-grant", "에이전트가 " * 30)])

    assert any("agent-beyond-grant  에이전트가" in line for line in lines)
    assert all(telling.columns_of(line) <= telling.WIDTH for line in lines)


@pytest.mark.parametrize("language", ["english", "korean"])
def test_every_line_fits_but_addresses(telling: Any, request: pytest.FixtureRequest, language: str) -> None:
    """No printed line is wider than a page, addresses of sources and files left out."""
    account = request.getfixturevalue(language)
    lines = [line for line in account.text.splitlines() if "://" not in line and str(account.folder) not in line]

    assert [line for line in lines if telling.columns_of(line) > telling.WIDTH] == []


@pytest.mark.parametrize("language", ["english", "korean"])
def test_columns_stand_below_each_other(telling: Any, request: pytest.FixtureRequest, language: str) -> None:
    """In every table a gap of two columns stands between the same two columns of every line."""
    for head, rule, *rows in tables(request.getfixturevalue(language).text):
        ends = [match.end() for match in re.finditer(r"-+", rule)][:-1]
        for line in (head, *rows):
            cells = "".join(letter * max(telling.columns_of(letter), 1) for letter in line)
            assert all(cells[end : end + 2].strip() == "" for end in ends), line


def test_korean_texts_use_the_words_of_the_house(korean: Any) -> None:
    """HIGH is printed in Korean as the house wants it, never by the terms of a law."""
    assert "고 등급" in korean.text
    assert "고위험" not in korean.text
    assert "고영향" not in korean.text


def test_the_files_are_named_at_the_end(english: Any) -> None:
    """The last lines name the register and both reports, and all three are there."""
    for line, name in zip(english.text.splitlines()[-3:], ("asi.db", "report.md", "report.html"), strict=True):
        assert str(english.folder / name) in line
        assert (english.folder / name).stat().st_size > 0


def test_it_starts_from_the_command_line(repository: Path) -> None:
    """The command says what it is about and which languages it knows."""
    command = [sys.executable, "-m", "examples.story", "--help"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)

    assert "--lang {ko,en}" in done.stdout
