"""The check of the wheel's file list fails when it should."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

META = "kakao_asi-1.0.dist-info"
WHOLE = (
    "kakao_asi/__init__.py",
    "kakao_asi/py.typed",
    f"{META}/METADATA",
    f"{META}/WHEEL",
    f"{META}/RECORD",
    f"{META}/licenses/LICENSE",
    f"{META}/licenses/NOTICE",
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A project folder whose package is one module and the typing marker."""
    package = tmp_path / "src" / "kakao_asi"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "py.typed").touch()
    return tmp_path


def check(repository: Path, source: Path, names: tuple[str, ...]) -> tuple[int, str]:
    """Check a wheel of empty files with these names."""
    wheel = source / "kakao_asi-1.0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    done = subprocess.run(
        [sys.executable, repository / "tools" / "check_wheel.py", wheel],
        capture_output=True,
        text=True,
        check=False,
        cwd=source,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_whole_wheel_passes(repository: Path, source: Path) -> None:
    """A wheel that holds the package, its metadata and its licence passes."""
    status, output = check(repository, source, WHOLE)

    assert status == 0, output


@pytest.mark.parametrize(
    "name",
    ["tests/test_x.py", "kakao_asi/notes.md", "kakao_asi/data.db", "conftest.py", f"{META}/licenses/AUTHORS"],
    ids=["test", "notes", "database", "conftest", "licence file"],
)
def test_a_file_too_many_fails(repository: Path, source: Path, name: str) -> None:
    """A file that the allow-list does not know fails the check by name."""
    status, output = check(repository, source, (*WHOLE, name))

    assert (status, name in output) == (1, True), output


@pytest.mark.parametrize("name", WHOLE, ids=[name.rpartition("/")[2] for name in WHOLE])
def test_a_missing_file_fails(repository: Path, source: Path, name: str) -> None:
    """A wheel that lacks a module, the marker, the metadata or the licence fails."""
    status, output = check(repository, source, tuple(other for other in WHOLE if other != name))

    assert status == 1, output
