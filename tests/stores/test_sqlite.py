"""The file behind the SQLite store: how it is made, what is refused, and what every failure means."""

import ast
import datetime as dt
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from kakao_asi.exceptions import IntegrityError, InvalidValue, StoreBusy, StoreFull, StoreUnavailable
from kakao_asi.stores import Draft, RequestKey, Row, SQLiteStore, inclusion_proof, leaves_of, verify_inclusion
from kakao_asi.testing import FrozenClock

BRIEF = dt.timedelta(milliseconds=1)

Build = Callable[..., Draft]


@pytest.fixture
def path(tmp_path: Path, clock: FrozenClock, draft: Build, row: Callable[..., Row]) -> Path:
    """A closed file with one event and one row."""
    path = tmp_path / "asi.db"
    with closing(SQLiteStore(path, clock=clock)) as store:
        store.append([draft()], [row()], {}, None)
    return path


def change(path: Path, *statements: str) -> None:
    """Change a file behind the store's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def answers(path: Path, *questions: str) -> list[object]:
    """The first value of the answer to each question."""
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(question).fetchone()[0] for question in questions]


# How a file is made.


def test_file_and_journal_are_private(tmp_path: Path, draft: Build) -> None:
    """The file and the journal beside it are readable by their owner alone."""
    path = tmp_path / "asi.db"
    with closing(SQLiteStore(path)) as store, store.exclusive():
        store.append([draft(payload="x" * 50_000)] * 100, [], {}, None)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}

    assert modes == {"asi.db": 0o600, "asi.db-journal": 0o600}


def test_file_names_its_program_and_version(path: Path) -> None:
    """Application id and version stand in the header, and the journal is a rollback journal."""
    asked = answers(path, "PRAGMA application_id", "PRAGMA user_version", "PRAGMA journal_mode")

    assert asked == [0x4B415349, 1, "delete"]


def test_empty_file_becomes_a_register(tmp_path: Path, draft: Build) -> None:
    """An empty file that somebody made is used as it is."""
    path = tmp_path / "asi.db"
    path.touch()

    with closing(SQLiteStore(path)) as store:
        assert store.append([draft()], [], {}, None).first_seq == 0


def test_file_is_opened_again(path: Path, clock: FrozenClock) -> None:
    """A closed file opens with everything in it."""
    with closing(SQLiteStore(path, clock=clock)) as store:
        assert (len(store.read()), len(store.rows("risk")), store.read_only) == (1, 1, False)


def test_path_named_like_memory_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's special names are plain names here."""
    monkeypatch.chdir(tmp_path)

    SQLiteStore(":memory:").close()

    assert (tmp_path / ":memory:").stat().st_size > 0


def test_folder_must_exist(tmp_path: Path) -> None:
    """A file in a folder that does not exist cannot be made."""
    with pytest.raises(StoreUnavailable, match="folder exists"):
        SQLiteStore(tmp_path / "none" / "asi.db")


def test_folder_that_cannot_be_synced_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails while a new name is made durable is an error with a type; the next opening goes on."""

    def fail(_: int) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(StoreUnavailable, match="cannot be synced"):
            SQLiteStore(tmp_path / "asi.db")

    SQLiteStore(tmp_path / "asi.db").close()


def test_folder_is_no_file(tmp_path: Path) -> None:
    """A folder cannot be opened as a register."""
    with pytest.raises(StoreUnavailable):
        SQLiteStore(tmp_path)


def test_patience_must_be_positive(tmp_path: Path) -> None:
    """A wait of less than a millisecond is refused before any file is made."""
    with pytest.raises(InvalidValue, match="busy_timeout"):
        SQLiteStore(tmp_path / "asi.db", busy_timeout=dt.timedelta())

    assert list(tmp_path.iterdir()) == []


# Files that are something else.


def test_text_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A file that is no database is not touched."""
    path = tmp_path / "notes.txt"
    path.write_text("사내 메모\n" * 500, "utf-8")
    before = path.read_bytes()

    with pytest.raises(IntegrityError):
        SQLiteStore(path)

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE shop(item)",),
        ("PRAGMA application_id = 7",),
        ("PRAGMA user_version = 3", "PRAGMA journal_mode = WAL"),
    ],
    ids=["tables", "application id", "version"],
)
def test_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, statements: tuple[str, ...]) -> None:
    """A database that is no register is refused, and its bytes stay as they are."""
    path = tmp_path / "shop.db"
    change(path, *statements)
    before = path.read_bytes()

    with pytest.raises(IntegrityError, match="another program"):
        SQLiteStore(path)

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER spy AFTER INSERT ON event BEGIN DELETE FROM risk; END",
        "DROP TRIGGER event_no_update",
        "DROP INDEX risk_status",
        "CREATE VIEW extra AS SELECT 1",
        "ALTER TABLE risk ADD COLUMN note",
    ],
    ids=["trigger more", "trigger less", "index less", "view more", "column more"],
)
def test_changed_tables_are_refused(path: Path, statement: str) -> None:
    """A register whose tables are not exactly those of its format is not opened."""
    change(path, statement)

    with pytest.raises(IntegrityError, match="tables are not those"):
        SQLiteStore(path)


def test_older_format_is_refused(path: Path) -> None:
    """A file of a format before the first one is not opened."""
    change(path, "PRAGMA user_version = 0")

    with pytest.raises(IntegrityError, match="older format"):
        SQLiteStore(path)


def test_statistics_of_sqlite_do_no_harm(path: Path) -> None:
    """A file on which somebody ran ANALYZE still opens."""
    change(path, "ANALYZE")

    SQLiteStore(path).close()


def test_newer_version_is_only_read(path: Path, draft: Build) -> None:
    """A file of a newer format is read, and refuses every write."""
    change(path, "PRAGMA user_version = 2", "CREATE TABLE news(item)")

    with closing(SQLiteStore(path)) as store:
        assert (len(store.read()), store.read_only) == (1, True)
        with pytest.raises(StoreUnavailable, match="newer version"):
            store.append([draft()], [], {}, None)


def test_newer_version_without_our_tables_is_refused(path: Path) -> None:
    """A newer format in which a table became a view cannot be read."""
    change(path, "PRAGMA user_version = 2", "ALTER TABLE risk RENAME TO old", "CREATE VIEW risk AS SELECT * FROM old")

    with pytest.raises(IntegrityError, match="update this library"):
        SQLiteStore(path)


# Reading only.


def test_reading_only_refuses_writes(path: Path, draft: Build) -> None:
    """A store that was asked to read only refuses appends, blocks and erasing."""
    with closing(SQLiteStore(path, read_only=True)) as store:
        assert (len(store.read()), store.read_only) == (1, True)
        with pytest.raises(StoreUnavailable, match="reading only"):
            store.append([draft()], [], {}, None)
        with pytest.raises(StoreUnavailable, match="reading only"), store.exclusive():
            pass
        with pytest.raises(StoreUnavailable, match="reading only"):
            store.erase(0, "title")


def test_reading_only_makes_no_file(tmp_path: Path) -> None:
    """A file that does not exist is not made by somebody who only reads."""
    with pytest.raises(StoreUnavailable, match="never made"):
        SQLiteStore(tmp_path / "asi.db", read_only=True)

    assert list(tmp_path.iterdir()) == []


def test_reading_only_sees_no_register_in_an_empty_file(tmp_path: Path) -> None:
    """An empty file is no register for somebody who only reads."""
    (tmp_path / "asi.db").touch()

    with pytest.raises(IntegrityError):
        SQLiteStore(tmp_path / "asi.db", read_only=True)


# Protection of the log.


@pytest.mark.parametrize("statement", ["UPDATE event SET version = 2", "DELETE FROM event"], ids=["update", "delete"])
def test_events_are_not_changed_by_accident(path: Path, statement: str) -> None:
    """Plain SQL that changes or deletes an event is stopped by the file itself."""
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        change(path, statement)


def test_erased_words_leave_the_file(tmp_path: Path, private_draft: Build) -> None:
    """After erasing, no byte of the text stands in the file any more."""
    path = tmp_path / "asi.db"
    with closing(SQLiteStore(path)) as store:
        store.append([private_draft("canary-7319"), private_draft("kept-7319", salt=b"t" * 32)], [], {}, None)
        store.erase(0, "title")
    content = path.read_bytes()

    assert (b"canary-7319" in content, b"kept-7319" in content) == (False, True)


@pytest.mark.long
def test_thousand_erased_texts_leave_the_file_and_proofs_hold(quick_folder: Path, private_draft: Build) -> None:
    """Of ten thousand texts a thousand are erased: after a vacuum none of their bytes is left, and each is proved."""
    path = quick_folder / "asi.db"
    with closing(SQLiteStore(path)) as store:
        for start in range(0, 10_000, 1_000):
            numbers = range(start, start + 1_000)
            store.append([private_draft(f"canary-{n:05d}", salt=n.to_bytes(32, "big")) for n in numbers], [], {}, None)
        leaves = leaves_of(store)
        root = store.frontier().root()
        with store.exclusive():
            for seq in range(0, 10_000, 10):
                store.erase(seq, "title")
        store.vacuum()
        after = leaves_of(store)
    found = {int(one[7:]) for one in re.findall(rb"canary-\d{5}", path.read_bytes())}

    assert after == leaves
    assert found == {seq for seq in range(10_000) if seq % 10}
    assert verify_inclusion(leaf=after[990], index=990, size=10_000, proof=inclusion_proof(after, 990), root=root)


def test_vacuum_needs_a_store_that_may_write(path: Path) -> None:
    """A store that only reads, and a block that is open, refuse to write the file anew."""
    with closing(SQLiteStore(path, read_only=True)) as store, pytest.raises(StoreUnavailable, match="reading only"):
        store.vacuum()
    with closing(SQLiteStore(path)) as store, store.exclusive(), pytest.raises(StoreBusy, match="inside exclusive"):
        store.vacuum()


def test_backup_is_private_and_opens_for_writing(tmp_path: Path, path: Path, draft: Build) -> None:
    """A backup is a register of its own, readable by its owner alone."""
    target = tmp_path / "backup.db"
    with closing(SQLiteStore(path)) as store:
        store.backup(target)
    with closing(SQLiteStore(target)) as copy:
        copy.append([draft()], [], {"risk:a": 1}, None)

    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_backup_of_a_damaged_file_leaves_nothing(tmp_path: Path, path: Path) -> None:
    """A backup that fails half-way takes its file away again."""
    with closing(SQLiteStore(path)) as store:
        with path.open("r+b") as file:
            file.truncate(100)
        with pytest.raises(IntegrityError):
            store.backup(tmp_path / "backup.db")

    assert [file.name for file in tmp_path.iterdir()] == ["asi.db"]


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("UPDATE receipt SET recorded_at = 'now'", "receipt"),
        ("UPDATE frontier SET size = -1", "frontier"),
        ("UPDATE risk SET version = 'first'", "rows"),
        ("UPDATE risk SET status = CAST(x'ff' AS TEXT)", "rows"),
    ],
    ids=["receipt", "frontier", "row", "no UTF-8"],
)
def test_values_that_no_store_wrote_are_an_error(
    tmp_path: Path, row: Callable[..., Row], statement: str, read: str
) -> None:
    """A table that holds what no store writes raises one error instead of giving it on."""
    key = RequestKey(key="k-1", digest="sha256:" + "0" * 64)
    with closing(SQLiteStore(tmp_path / "asi.db")) as store:
        store.append([], [row()], {}, key)
        change(tmp_path / "asi.db", statement)
        calls = {"receipt": lambda: store.receipt(key), "frontier": store.frontier, "rows": lambda: store.rows("risk")}
        with pytest.raises(IntegrityError):
            calls[read]()


def test_many_texts_are_joined(tmp_path: Path, private_draft: Build) -> None:
    """More private texts than one query may name are joined all the same."""
    drafts = [private_draft(f"text {number}", salt=number.to_bytes(32, "big")) for number in range(1_200)]
    with closing(SQLiteStore(tmp_path / "asi.db")) as store:
        store.append(drafts, [], {}, None)

        assert [f"text {number}" for number in range(1_200)] == [
            text for event in store.read(limit=2_000) for text in event.texts.values()
        ]


# Others at the same file.


def test_other_writer_is_waited_for_and_then_reported(path: Path, draft: Build) -> None:
    """A file that another writer holds is busy after the patience asked for; reading goes on."""
    with closing(SQLiteStore(path, busy_timeout=BRIEF)) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="another process"):
            store.append([draft()], [], {}, None)
        assert len(store.read()) == 1
        other.rollback()
        assert store.append([draft()], [], {}, None).first_seq == 1


def test_commit_that_cannot_finish_is_rolled_back(path: Path, draft: Build) -> None:
    """A reader in another process that stays too long makes a commit busy; nothing of it is written."""
    with closing(SQLiteStore(path, busy_timeout=BRIEF)) as store, closing(sqlite3.connect(path)) as other:
        cursor = other.execute("SELECT 1 FROM event")
        cursor.fetchone()
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM event").fetchone()
        with pytest.raises(StoreBusy):
            store.append([draft()], [], {}, None)
        other.rollback()
        assert (len(store.read()), store.append([draft()], [], {"risk:a": 1}, None).first_seq) == (1, 1)


def test_other_thread_is_waited_for_and_then_reported(path: Path) -> None:
    """A block that another thread keeps open makes the store busy."""
    inside, leave = threading.Event(), threading.Event()

    def hold(store: SQLiteStore) -> None:
        with store.exclusive():
            inside.set()
            leave.wait()

    with closing(SQLiteStore(path, busy_timeout=BRIEF)) as store:
        thread = threading.Thread(target=hold, args=(store,))
        thread.start()
        inside.wait()
        with pytest.raises(StoreBusy, match="another thread"):
            store.read()
        leave.set()
        thread.join()


def test_making_a_file_waits_for_its_writer(tmp_path: Path) -> None:
    """A file that somebody holds while it is made is busy, and is left empty."""
    path = tmp_path / "asi.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            SQLiteStore(path, busy_timeout=BRIEF)

    SQLiteStore(path).close()


def test_write_ahead_log_is_left_when_alone(path: Path) -> None:
    """A file that somebody switched to a write-ahead log is switched back."""
    change(path, "PRAGMA journal_mode = WAL")

    SQLiteStore(path).close()

    assert answers(path, "PRAGMA journal_mode") == ["delete"]


def test_write_ahead_log_in_use_is_busy(path: Path) -> None:
    """A file whose write-ahead log another connection uses cannot be switched back."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT * FROM event").fetchone()
        with pytest.raises(StoreBusy):
            SQLiteStore(path, busy_timeout=BRIEF)


class NoJournal(sqlite3.Connection):
    """A connection to a place where SQLite cannot keep a rollback journal."""

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        """Answer the question for the journal with another mode."""
        asked = "SELECT 'memory'" if sql == "PRAGMA journal_mode=DELETE" else sql
        return super().execute(asked, parameters)  # type: ignore[arg-type]  # given on as it came


def test_place_without_a_rollback_journal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite does not keep the journal it was asked for, nothing is written."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=NoJournal))

    with pytest.raises(StoreUnavailable, match="journal asked for"):
        SQLiteStore(tmp_path / "asi.db")


class Beaten(sqlite3.Connection):
    """A connection that another one overtakes before its first transaction."""

    others: ClassVar[list[Path]] = []

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        """Let the other one make the file first."""
        if sql == "BEGIN IMMEDIATE" and self.others:
            SQLiteStore(self.others.pop()).close()
        return super().execute(sql, parameters)  # type: ignore[arg-type]  # given on as it came


def test_second_maker_of_a_file_uses_that_of_the_first(
    tmp_path: Path, draft: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who finds a file empty and comes second uses the tables that the first one made."""
    path = tmp_path / "asi.db"
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Beaten))
    monkeypatch.setattr(Beaten, "others", [path])

    with closing(SQLiteStore(path)) as store:
        assert store.append([draft()], [], {}, None).first_seq == 0


class Stuck(sqlite3.Connection):
    """A connection on which the first rollback fails."""

    stuck = True

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        """Refuse the first rollback."""
        if sql == "ROLLBACK" and self.stuck:
            self.stuck = False
            message = "disk I/O error"
            raise sqlite3.OperationalError(message)
        return super().execute(sql, parameters)  # type: ignore[arg-type]  # given on as it came


def test_rollback_that_failed_is_made_up_for(tmp_path: Path, draft: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rollback that fails hides no error, and the next write begins with a new one."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Stuck))
    with closing(SQLiteStore(tmp_path / "asi.db")) as store:
        with pytest.raises(InvalidValue):
            store.append([draft(), draft(payload=0.5)], [], {}, None)

        assert store.append([draft()], [], {"risk:a": 0}, None).first_seq == 0


def test_replaced_file_is_noticed_before_a_write(tmp_path: Path, path: Path, draft: Build) -> None:
    """A store does not write into a file that is no longer at its path."""
    with closing(SQLiteStore(path)) as store:
        path.rename(tmp_path / "moved.db")
        SQLiteStore(path).close()
        with pytest.raises(StoreUnavailable, match="another file"):
            store.append([draft()], [], {}, None)


def test_replaced_file_is_noticed_after_a_write(tmp_path: Path, path: Path, draft: Build) -> None:
    """A write into a file that was moved meanwhile is not acknowledged."""
    with closing(SQLiteStore(path)) as store:

        def write_while_it_moves() -> None:
            with store.exclusive():
                store.append([draft()], [], {}, None)
                path.rename(tmp_path / "moved.db")

        with pytest.raises(StoreUnavailable):
            write_while_it_moves()


def test_deleted_file_is_noticed(path: Path, draft: Build) -> None:
    """A write into a file that nobody can find again is refused."""
    with closing(SQLiteStore(path)) as store:
        path.unlink()
        with pytest.raises(StoreUnavailable, match="gone"):
            store.append([draft()], [], {}, None)


def test_store_closed_inside_its_block_wrote_nothing(path: Path, draft: Build) -> None:
    """Closing inside a block undoes the block and says so at its end."""
    store = SQLiteStore(path)

    def close_inside() -> None:
        with store.exclusive():
            store.append([draft()], [], {}, None)
            store.close()

    with pytest.raises(StoreUnavailable, match="closed"):
        close_inside()
    with closing(SQLiteStore(path)) as again:
        assert len(again.read()) == 1


class Small(sqlite3.Connection):
    """A connection to a disk of 64 pages."""

    def __init__(self, *args: object, **options: object) -> None:
        """Set the limit before anything else."""
        super().__init__(*args, **options)  # type: ignore[arg-type]  # given on as it came
        super().execute("PRAGMA max_page_count=64")


@pytest.fixture
def small(tmp_path: Path, draft: Build, monkeypatch: pytest.MonkeyPatch) -> Iterator[SQLiteStore]:
    """A store with one event on a disk of 64 pages."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Small))
    with closing(SQLiteStore(tmp_path / "asi.db")) as store:
        store.append([draft()], [], {}, None)
        yield store


def test_full_disk_writes_nothing_and_heals(small: SQLiteStore, draft: Build) -> None:
    """An append that finds no space writes nothing, and a smaller one after it works."""
    with pytest.raises(StoreFull):
        small.append([draft(payload="x" * 20_000)] * 20, [], {}, None)

    assert (len(small.read()), small.append([draft()], [], {"risk:a": 1}, None).first_seq) == (1, 1)


@pytest.mark.parametrize("goes_on", [False, True], ids=["ends", "appends again"])
def test_full_disk_inside_a_block_undoes_the_block(small: SQLiteStore, draft: Build, goes_on: bool) -> None:
    """When SQLite gives up the whole transaction, a block that handled the error cannot count as written."""

    def carry_on() -> None:
        with small.exclusive():
            small.append([draft()], [], {}, None)
            with pytest.raises(StoreFull):
                small.append([draft(payload="x" * 20_000)] * 20, [], {}, None)
            if goes_on:
                small.append([draft()], [], {}, None)

    with pytest.raises(StoreUnavailable, match="ended before its block"):
        carry_on()

    assert (len(small.read()), small.append([draft()], [], {"risk:a": 1}, None).first_seq) == (1, 1)


def test_there_is_one_kind_of_transaction(repository: Path) -> None:
    """No statement of the package but one begins a transaction, and that one takes the write lock at once."""
    begins = [
        node.value
        for file in (repository / "src" / "kakao_asi").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("BEGIN")
    ]

    assert [text for text in begins if "RAISE(ABORT" not in text] == ["BEGIN IMMEDIATE"]


def test_a_store_that_nobody_holds_closes_its_file(tmp_path: Path) -> None:
    """A forgotten store leaves no open connection behind, and Python has nothing to warn of."""
    code = (
        "import gc, sys, warnings\n"
        "from kakao_asi.stores import SQLiteStore\n"
        "warnings.simplefilter('error')\n"
        "seen = []\n"
        "sys.unraisablehook = seen.append\n"
        "store = SQLiteStore(sys.argv[1])\n"
        "store.frontier()\n"
        "del store\n"
        "gc.collect()\n"
        "print(len(seen))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "asi.db")], capture_output=True, text=True, check=True
    )

    assert "0" == done.stdout.strip()
