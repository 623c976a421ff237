"""Files of earlier versions: every version reads them as their own version did.

The format is not frozen before the first release. Until then a change of the format replaces the pair of files, see
`golden/make.py`.
"""

import json
import runpy
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.exceptions import StoreUnavailable
from kakao_asi.stores import Draft, RequestKey, SQLiteStore, audit

GOLDEN = Path(__file__).with_name("golden")
FILES = sorted(GOLDEN.glob("*.db"))

Build = Callable[..., Draft]


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """A copy of a golden file that may be written, and what its version said stands in it."""
    source: Path = request.param
    copy = tmp_path / source.name
    shutil.copy(source, copy)
    return copy, json.loads(source.with_suffix(".json").read_text("utf-8"))


@pytest.fixture(scope="module")
def export_of(repository: Path) -> Callable[[SQLiteStore], dict[str, Any]]:
    """Read everything out of a store, as the program that made the files does."""
    function: Callable[[SQLiteStore], dict[str, Any]] = runpy.run_path(
        str(repository / "tests" / "stores" / "golden" / "make.py")
    )["export_of"]
    return function


def test_there_is_a_golden_file() -> None:
    """There is a file of at least one format."""
    assert FILES


def test_golden_file_reads_as_its_version_read_it(
    golden: tuple[Path, dict[str, Any]], export_of: Callable[[SQLiteStore], dict[str, Any]]
) -> None:
    """Events, texts, states and root of a golden file come back byte for byte; unknown kinds and schemas too."""
    path, expected = golden
    with closing(SQLiteStore(path, read_only=True)) as store:
        assert export_of(store) == expected


def test_golden_file_audits_clean(golden: tuple[Path, dict[str, Any]], repository: Path) -> None:
    """A golden file continues its checkpoint; library and second verifier find nothing."""
    path, expected = golden
    findings = runpy.run_path(str(repository / "tools" / "verify_log.py"))["findings"]
    with closing(SQLiteStore(path, read_only=True)) as store:
        assert audit(store, expected["checkpoint"]).findings == ()
    assert list(findings(path, expected["checkpoint"])) == []


def test_golden_file_is_written_on(golden: tuple[Path, dict[str, Any]], draft: Build) -> None:
    """This version appends to a golden file, and the log then still continues the old checkpoint."""
    path, expected = golden
    size = len(expected["events"])
    with closing(SQLiteStore(path)) as store:
        before = store.read()
        receipt = store.append([draft("case:c-1")], [], {"case:c-1": 1}, None)

        assert (receipt.first_seq, receipt.versions) == (size, {"case:c-1": 2})
        assert store.read()[:size] == before
        assert store.receipt(RequestKey(key="k-1", digest="sha256:" + "1" * 64)) is not None
        assert audit(store, expected["checkpoint"]).sound


def test_file_of_a_newer_format_is_read_and_not_written(golden: tuple[Path, dict[str, Any]], draft: Build) -> None:
    """A file that a newer version wrote, with kinds and tables of its own, is read byte for byte and never changed."""
    path, expected = golden
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA user_version = 99; CREATE TABLE novelty(item); ALTER TABLE risk ADD COLUMN mood"
        )
    before = path.read_bytes()
    with closing(SQLiteStore(path)) as store:
        assert store.read_only
        assert [one.body.decode() for one in store.read()] == [one["body"] for one in expected["events"]]
        assert audit(store, expected["checkpoint"]).sound
        with pytest.raises(StoreUnavailable, match="newer version"):
            store.append([draft()], [], {}, None)

    assert path.read_bytes() == before


def test_two_stores_append_by_turns(golden: tuple[Path, dict[str, Any]], draft: Build) -> None:
    """Two stores that have the file open append two hundred events by turns; nothing of either is lost."""
    path, expected = golden
    size = len(expected["events"])
    with closing(SQLiteStore(path)) as one, closing(SQLiteStore(path)) as other:
        for number in range(200):
            (one, other)[number % 2].append([draft("risk:turns", payload=number)], [], {"risk:turns": number}, None)

        assert [event.seq for event in one.read()] == list(range(size + 200))
        assert audit(other, expected["checkpoint"]).sound
