"""The gate on the documents fails when it should: the strict build, and our checks of what it built."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the docs group is not installed here")


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run a Python program; give its exit status and all its output."""
    done = subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def project(repository: Path, tmp_path: Path) -> Path:
    """A folder with our own settings but their list of pages, English and Korean, and one page in each language."""
    for name in ("mkdocs.base.yml", "mkdocs.yml", "mkdocs.ko.yml"):
        settings, _, _pages = (repository / name).read_text("utf-8").partition("\nnav:")
        (tmp_path / name).write_text(settings + "\n", "utf-8")
    shutil.copytree(repository / "docs" / "assets" / "css", tmp_path / "docs" / "assets" / "css")
    (tmp_path / "docs" / "ko").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# One page\n", "utf-8")
    (tmp_path / "docs" / "ko" / "index.md").write_text("# 한 쪽\n", "utf-8")
    return tmp_path


def build(project: Path) -> tuple[int, str]:
    """Build the English pages strictly."""
    return run("-m", "mkdocs", "build", "--strict", "-f", project / "mkdocs.yml", "-d", project / "site")


@pytest.mark.long
def test_a_sound_page_builds(project: Path) -> None:
    """A page with nothing wrong builds."""
    status, output = build(project)

    assert status == 0, output


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[gone](gone.md)", id="missing file"),
        pytest.param("[gone](#gone)", id="missing anchor"),
        pytest.param("[gone][kakao_asi.no_such_name]", id="unknown cross-reference"),
        pytest.param('```python exec="true"\nraise ValueError\n```', id="executed block raises"),
    ],
)
def test_a_flawed_page_fails_the_strict_build(project: Path, text: str) -> None:
    """A page that points nowhere, or whose code raises, fails the build."""
    (project / "docs" / "index.md").write_text(f"# One page\n\n{text}\n", "utf-8")

    status, output = build(project)

    assert status == 1, output


def site(folder: Path, head: str = "", *, korean: tuple[str, ...] = ("index.html",)) -> Path:
    """A site of hand-written pages, the English one with something in its head."""
    (folder / "ko").mkdir(parents=True)
    (folder / "assets").mkdir()
    (folder / "assets" / "own.css").write_text("body { color: black }", "utf-8")
    (folder / "index.html").write_text(f"<html><head>{head}</head><body></body></html>", "utf-8")
    for name in korean:
        (folder / "ko" / name).write_text("<html></html>", "utf-8")
    return folder


@pytest.mark.parametrize(
    "head",
    [
        pytest.param('<link rel="stylesheet" href="assets/own.css">', id="own style"),
        pytest.param('<script src="assets/js/mermaid.min.js"></script>', id="diagram script that is fetched later"),
        pytest.param('<link rel="alternate" href="https://example.org/ko/">', id="link that nothing loads"),
        pytest.param('<style>a { background: url("data:image/png;base64,AA==") }</style>', id="inline picture"),
    ],
)
def test_a_site_that_stands_alone_passes(repository: Path, tmp_path: Path, head: str) -> None:
    """A site that loads only what it holds passes."""
    status, output = run(repository / "tools" / "check_site.py", site(tmp_path / "site", head))

    assert status == 0, output


@pytest.mark.parametrize(
    "head",
    [
        pytest.param('<script src="https://example.org/a.js"></script>', id="script from outside"),
        pytest.param('<link rel="preconnect" href="https://example.org">', id="connection to outside"),
        pytest.param('<img srcset="//example.org/a.png 2x">', id="picture from outside"),
        pytest.param("<style>@import 'https://example.org/a.css';</style>", id="style from outside"),
        pytest.param('<script src="assets/js/gone.js"></script>', id="script that does not exist"),
    ],
)
def test_a_site_that_needs_something_fails(repository: Path, tmp_path: Path, head: str) -> None:
    """A site that loads from outside, or what does not exist, fails."""
    status, output = run(repository / "tools" / "check_site.py", site(tmp_path / "site", head))

    assert status == 1, output


@pytest.mark.parametrize("korean", [(), ("index.html", "more.html")], ids=["page missing", "page too many"])
def test_languages_must_have_the_same_pages(repository: Path, tmp_path: Path, korean: tuple[str, ...]) -> None:
    """A page that exists in one language only fails."""
    status, output = run(repository / "tools" / "check_site.py", site(tmp_path / "site", korean=korean))

    assert (status, "only in" in output) == (1, True), output
