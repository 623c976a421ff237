"""What a document shows as output is what its code prints."""

import ast
import contextlib
import io
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import RiskRegister

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(
    r"^(?P<margin> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=margin)```[ \t]*$", re.MULTILINE | re.DOTALL
)
ANY_LINES = "…\n"
MOST_STATEMENTS = 12


def fences(document: Path) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a document in order, each with the word after its fence."""
    for found in FENCE.finditer(document.read_text("utf-8")):
        yield found["info"].strip(), textwrap.dedent(found["body"])


def pattern(shown: str) -> re.Pattern[str]:
    """What output must look like: a line of one ellipsis stands for any lines, one within a line for any text."""
    parts = [
        r"(?:.*\n)*?" if line == ANY_LINES else r".*?".join(map(re.escape, line.split("…")))
        for line in shown.splitlines(keepends=True)
    ]
    return re.compile("".join(parts))


def shown_and_printed(document: Path) -> Iterator[tuple[str, str]]:
    """Run a document and give each text block that follows code, with what that code printed."""
    names: dict[str, Any] = {"__name__": "document"}
    printed = None
    try:
        for info, body in fences(document):
            if info == "python":
                output = io.StringIO()
                with contextlib.redirect_stdout(output):
                    exec(compile(body, str(document), "exec"), names)  # noqa: S102  # the documents are ours
                printed = output.getvalue()
            elif info == "text" and printed is not None:
                yield body, printed
                printed = None
    finally:
        release_all(names)


def release_all(names: dict[str, Any]) -> None:
    """Release the files that the registers of a document hold; Python 3.13 warns of what is left open."""
    for value in names.values():
        if isinstance(value, RiskRegister):
            value.release()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_shown_output_is_printed(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks: Callable[[Path], list[str]]
) -> None:
    """Each text block after a Python block holds what the block prints."""
    if missing := lacks(document):
        pytest.skip(f"needs {', '.join(missing)}; `make training` runs it")
    monkeypatch.chdir(tmp_path)

    for shown, printed in shown_and_printed(document):
        assert pattern(shown).fullmatch(printed), f"{document.name} shows\n{shown}\nand its code prints\n{printed}"


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_a_first_risk_takes_twelve_statements_at_most(name: str) -> None:
    """The example of each README gets from nothing to a report in at most twelve statements."""
    example = next(body for info, body in fences(ROOT / name) if info == "python" and "RiskRegister.open" in body)

    assert len(ast.parse(example).body) <= MOST_STATEMENTS


def test_both_readmes_show_one_example() -> None:
    """The Korean and the English README run the same code."""
    english, korean = ([body for info, body in fences(ROOT / name) if info == "python"] for name in README)

    assert english == korean


README = ("README.md", "README.ko.md")


@pytest.mark.parametrize("pages", [ROOT / "docs"], ids=["docs"])
def test_both_languages_have_the_same_pages(pages: Path) -> None:
    """Each English page has a Korean one under the same name, and the other way round."""
    korean = {page.relative_to(pages / "ko") for page in (pages / "ko").rglob("*.md")}
    english = {page.relative_to(pages) for page in pages.rglob("*.md") if pages / "ko" not in page.parents}

    assert english == korean
