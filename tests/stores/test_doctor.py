"""What is unsafe about a file, a place and a version of SQLite; and the write-ahead log that depends on it."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kakao_asi.exceptions import InvalidValue, StoreUnavailable
from kakao_asi.stores import Draft, Hazard, SQLiteStore, audit, doctor

FIXED = (3, 51, 3)
BROKEN = (3, 46, 1)

Build = Callable[..., Draft]
Mount = Callable[[str], None]


@pytest.fixture
def path(tmp_path: Path, draft: Build) -> Path:
    """A closed file with one event, in a folder of its own."""
    folder = tmp_path / "register"
    folder.mkdir(mode=0o700)
    with closing(SQLiteStore(folder / "asi.db")) as store:
        store.append([draft()], [], {}, None)
    return folder / "asi.db"


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> Callable[[tuple[int, int, int]], None]:
    """Pretend another version of SQLite."""

    def pretend(numbers: tuple[int, int, int]) -> None:
        monkeypatch.setattr(sqlite3, "sqlite_version_info", numbers)
        monkeypatch.setattr(sqlite3, "sqlite_version", ".".join(map(str, numbers)))

    return pretend


@pytest.fixture
def mount(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mount:
    """Pretend a table of mounts."""
    read_text = Path.read_text

    def pretend(table: str) -> None:
        text = table.replace("HERE", str(tmp_path))

        def fake(self: Path, *args: str, **options: str) -> str:
            return text if self == Path("/proc/self/mountinfo") else read_text(self, *args, **options)

        monkeypatch.setattr(Path, "read_text", fake)

    return pretend


@pytest.fixture(autouse=True)
def local(mount: Mount, version: Callable[[tuple[int, int, int]], None]) -> None:
    """Everything is on an ordinary disk, and SQLite is a good one, unless a test says otherwise."""
    mount("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n")
    version(FIXED)


def hazards(path: Path) -> list[Hazard]:
    """What the doctor finds."""
    return [one.code for one in doctor(path)]


def test_nothing_is_unsafe_about_a_file_of_ours(path: Path) -> None:
    """A file that the library made in a private folder is as it should be."""
    assert hazards(path) == []


@pytest.mark.parametrize(
    ("table", "network"),
    [
        ("1 0 8:1 / / rw - ext4 /dev/sda1 rw", None),
        ("1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / HERE rw,noatime shared:3 - nfs4 srv:/x rw", "nfs4"),
        ("1 0 8:1 / / rw - nfs srv:/ rw\n2 1 8:2 / HERE rw - xfs /dev/sdb rw", None),
        ("1 0 8:1 / / rw - overlay overlay rw\n2 1 0:9 / HERE rw - cifs //srv/x rw", "cifs"),
        ("1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / HERE rw - fuse.sshfs u@h: rw", "fuse.sshfs"),
        ("1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / HERE rw - ext4 b rw\n3 2 0:9 / HERE rw - nfs4 c rw", "nfs4"),
        ("1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / HERE\\040not rw - nfs4 c rw", None),
        ("", None),
        ("nonsense\n1 0 - nfs4\n1 0 8:1 / / rw", None),
    ],
    ids=["local", "nfs home", "local in nfs", "smb", "fuse", "over each other", "blank in a name", "empty", "nonsense"],
)
def test_network_file_systems_are_told(mount: Mount, path: Path, table: str, network: str | None) -> None:
    """The file system is read from the table of mounts: the innermost mount counts, the last of several."""
    mount(table)

    assert [one.detail for one in doctor(path) if one.code is Hazard.NETWORK] == ([network] if network else [])


def test_network_file_system_warns_and_takes_no_write_ahead_log(mount: Mount, path: Path) -> None:
    """On a network file system a file opens with a warning, and not with a write-ahead log, whatever is allowed."""
    mount("1 0 8:1 / / rw - nfs4 srv:/home rw")

    with pytest.warns(RuntimeWarning, match="nfs4, a network file system"):
        SQLiteStore(path).close()
    with pytest.raises(StoreUnavailable, match="nfs4"):
        SQLiteStore(path, journal="wal", allow_wal=True)


def test_system_without_a_table_of_mounts_is_no_hazard(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Where the table cannot be read, nothing is said about the file system."""

    def fail(self: Path, *_: str, **__: str) -> str:
        raise FileNotFoundError(self)

    monkeypatch.setattr(Path, "read_text", fail)

    assert hazards(path) == []


def test_file_system_in_memory_is_told(mount: Mount, path: Path) -> None:
    """A file that would not outlive a restart is told."""
    mount("1 0 8:1 / / rw - tmpfs tmpfs rw")

    assert hazards(path) == [Hazard.MEMORY]


def test_what_others_may_do_is_told(path: Path) -> None:
    """Access for others to file or folder is told with the mode."""
    path.chmod(0o640)
    path.parent.chmod(0o770)

    assert [(one.code, one.detail) for one in doctor(path)] == [(Hazard.READABLE, "0640"), (Hazard.FOLDER, "0770")]


def test_sticky_folder_is_safe(path: Path) -> None:
    """In a folder such as /tmp nobody else can exchange the file."""
    path.parent.chmod(0o1777)

    assert hazards(path) == []


def test_second_name_is_told(path: Path) -> None:
    """A file with two names is told: under the other one its journal would be missed."""
    path.with_name("other.db").hardlink_to(path)

    assert hazards(path) == [Hazard.HARD_LINK]


def test_journal_is_told(path: Path, draft: Build) -> None:
    """A journal beside the file is told: somebody writes, or died while writing."""
    with closing(SQLiteStore(path)) as store, store.exclusive():
        store.append([draft()], [], {}, None)

        assert hazards(path) == [Hazard.JOURNAL]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda path: path.unlink(), [Hazard.MISSING]),
        (lambda path: (path.unlink(), path.mkdir()), [Hazard.NOT_A_FILE]),
        (lambda path: path.write_bytes(b"notes " * 1_000), [Hazard.DAMAGED]),
        (lambda path: path.write_bytes(path.read_bytes()[:20_000]), [Hazard.DAMAGED]),
    ],
    ids=["missing", "folder", "text", "cut off"],
)
def test_other_files_are_told(path: Path, make: Callable[[Path], object], expected: list[Hazard]) -> None:
    """What is no file, or none that SQLite can read whole, is told."""
    make(path)

    assert hazards(path) == expected


def test_build_without_threads_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SQLite that was built for one thread is told."""
    monkeypatch.setattr(sqlite3, "threadsafety", 0)

    assert hazards(path) == [Hazard.THREADS]


def test_finding_is_one_line_in_either_language(path: Path) -> None:
    """A finding says what is unsafe, with its detail."""
    path.chmod(0o644)
    (found,) = doctor(path)
    path.chmod(0o600)
    path.with_name("asi.db-journal").touch()
    (plain,) = doctor(path)

    assert found.message("en") == "others than its owner may read or write it (0644)"
    assert found.message("ko") == "소유자가 아닌 사용자도 접근할 수 있음 (0644)"
    assert plain.message("ko") == "쓰는 중이거나 중단된 쓰기가 남아 있음"


# The write-ahead log.


@pytest.mark.parametrize(
    ("numbers", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), False),
        ((3, 53, 0), True),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_write_ahead_log_needs_a_version_without_its_bug(
    path: Path, version: Callable[[tuple[int, int, int]], None], numbers: tuple[int, int, int], safe: bool
) -> None:
    """Only versions in which the loss of a write-ahead log was corrected may keep one."""
    version(numbers)
    assert (Hazard.OLD_SQLITE in hazards(path)) is not safe
    if safe:
        SQLiteStore(path, journal="wal").close()
    else:
        with pytest.raises(StoreUnavailable, match="can lose a write-ahead log"):
            SQLiteStore(path, journal="wal")


def test_write_ahead_log_may_be_allowed(path: Path, version: Callable[[tuple[int, int, int]], None]) -> None:
    """Who knows that the system corrected the bug under an old number may say so; the doctor still tells."""
    version(BROKEN)
    with closing(SQLiteStore(path, journal="wal", allow_wal=True)):
        assert [one.detail for one in doctor(path)] == ["3.46.1", "3.46.1"]
        assert hazards(path) == [Hazard.OLD_SQLITE, Hazard.WAL]


def test_other_journals_are_refused(path: Path) -> None:
    """There are two journals and no third."""
    with pytest.raises(InvalidValue, match="'delete' or 'wal'"):
        SQLiteStore(path, journal="off")  # type: ignore[arg-type]  # what is tested


@pytest.fixture
def logged(path: Path) -> Iterator[SQLiteStore]:
    """A store with a write-ahead log."""
    with closing(SQLiteStore(path, journal="wal", busy_timeout=dt.timedelta(milliseconds=50))) as store:
        yield store


def test_write_ahead_log_lets_others_read(logged: SQLiteStore, path: Path, draft: Build) -> None:
    """With a write-ahead log a second store reads while the first one writes, and sees only what is committed."""
    with closing(SQLiteStore(path, journal="wal")) as reader, logged.exclusive():
        logged.append([draft()], [], {}, None)
        assert len(reader.read()) == 1

    assert audit(logged).sound
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_write_ahead_log_is_given_up_at_the_next_opening(logged: SQLiteStore, path: Path, draft: Build) -> None:
    """A store that does not ask for the log moves its content into the file."""
    logged.append([draft()], [], {}, None)
    logged.close()
    with closing(SQLiteStore(path)) as store:
        assert len(store.read()) == 2
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
