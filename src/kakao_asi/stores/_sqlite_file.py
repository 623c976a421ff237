"""How a register's file is made, opened and checked, and what SQLite's errors mean to the caller."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import warnings
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ..exceptions import IntegrityError, StoreBusy, StoreError, StoreFull, StoreUnavailable
from ._place import file_system_of, is_network, wal_is_safe
from ._schema import APPLICATION_ID, SCHEMA, TABLES, USER_VERSION

__all__ = ["begin", "check_place", "connect", "create_file", "place_of", "roll_back", "sync_folder", "translated"]

_PRIMARY_CODE: Final = 0xFF
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
    }
)
_PRAGMAS: Final = ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "secure_delete=ON", "synchronous=EXTRA")
_EXTRA: Final = 3
"""How SQLite answers for ``synchronous=EXTRA``: the directory is synced too once the journal is gone."""

_NOT_OURS: Final = "the file is not a register this version knows, or it is damaged; restore a backup"

# One statement, so that a file which another process is just making is seen either empty or complete.
_IDENTITY: Final = (
    "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) "
    "FROM pragma_application_id, pragma_user_version"
)


@contextmanager
def translated() -> Generator[None]:
    """Raise SQLite's errors as errors of this library; their messages name tables, never values."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(error) from error
    except UnicodeDecodeError:
        # Python could not even read SQLite's message, because it quotes bytes of a damaged schema.
        raise IntegrityError(_NOT_OURS) from None


def _meaning(error: sqlite3.Error) -> StoreError:
    # sqlite3 gives no code to errors of its own, such as text that is not UTF-8.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    primary = code & _PRIMARY_CODE
    if primary in _BUSY:
        return StoreBusy("another process holds the file; nothing was written, try again later")
    # A quota and a limit on file size show as a write error, not as a full disk.
    if primary == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
        return StoreFull("there is no space for the write, or the disk refuses it; nothing was written")
    if primary in _DAMAGED:
        return IntegrityError(_NOT_OURS)
    return StoreUnavailable("the file cannot be read or written; check disk, folder and permissions")


def create_file(path: Path) -> bool:
    """Make an empty file that only its owner may read; return whether it was made. An existing file is not touched.

    This is the only place where a register's path is opened, and it is before any connection to it can exist: closing
    a file drops the locks that SQLite holds on it in the same process.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    except OSError as error:
        message = "the file cannot be made; check that its folder exists and can be written"
        raise StoreUnavailable(message) from error
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # pragma: no cover  # Windows keeps no handle to a folder
        return
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise StoreUnavailable("the folder cannot be synced; check the disk, then open the file again") from error


def place_of(path: Path) -> tuple[int, int]:
    """Return device and inode a path leads to, without opening it."""
    try:
        found = path.stat()
    except OSError as error:
        raise StoreUnavailable("the file is gone; it was moved or deleted while in use, or never made") from error
    return found.st_dev, found.st_ino


def check_place(path: Path, *, wal: bool, allow_wal: bool) -> None:
    """Warn of a network file system; refuse a write-ahead log there, and where SQLite is known to lose one.

    Raises:
        StoreUnavailable: a write-ahead log is asked for and would not be safe.
    """
    file_system = file_system_of(path)
    network = is_network(file_system)
    if wal and network:
        raise StoreUnavailable(f"a write-ahead log does not work on {file_system}; use journal='delete' and one host")
    if wal and not (allow_wal or wal_is_safe(sqlite3.sqlite_version_info)):
        raise StoreUnavailable(
            f"SQLite {sqlite3.sqlite_version} can lose a write-ahead log; use journal='delete', update SQLite, or pass "
            "allow_wal=True if your system has the correction under this number"
        )
    if network:
        message = (
            f"the register is on {file_system}, a network file system; SQLite's locks may fail there: use one host"
        )
        warnings.warn(message, RuntimeWarning, stacklevel=3)


def connect(
    path: Path, *, busy_timeout: dt.timedelta, read_only: bool, wal: bool = False
) -> tuple[sqlite3.Connection, bool]:
    """Open a checked connection; return it and whether it may only read.

    Raises:
        IntegrityError: the file is no register, or its tables are not those of its version.
        StoreBusy, StoreFull, StoreUnavailable: the file cannot be opened or made now.
    """
    with translated():
        # Manual transactions: those of the module are DEFERRED, and fail when a second writer comes in between.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        with translated():
            reads = _set_up(connection, busy_timeout, read_only=read_only, wal=wal)
    except BaseException:
        connection.close()
        raise
    return connection, reads


def _set_up(connection: sqlite3.Connection, busy_timeout: dt.timedelta, *, read_only: bool, wal: bool) -> bool:
    connection.execute(f"PRAGMA busy_timeout={busy_timeout // dt.timedelta(milliseconds=1)}")
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    identity = connection.execute(_IDENTITY).fetchone()
    # A file of someone else is left exactly as it is, so it is looked at before its journal mode is set.
    newer = _is_newer(identity)
    if not (newer or read_only):
        _use_journal(connection, "wal" if wal else "delete")
        if identity == (0, 0, 0):
            _create_tables(connection)
    else:
        connection.execute("PRAGMA query_only=ON")
    if newer:
        _check_tables(connection)
    else:
        _check_schema(connection)
    return newer or read_only


def _is_newer(identity: tuple[int, int, int]) -> bool:
    application, version, objects = identity
    if application != APPLICATION_ID and (application or version or objects):
        raise IntegrityError("the file belongs to another program; choose another path for the register")
    if application and version < USER_VERSION:
        raise IntegrityError("the file has an older format, of a trial version; it cannot be opened any more")
    return version > USER_VERSION


def _use_journal(connection: sqlite3.Connection, mode: str) -> None:
    (journal,) = connection.execute(f"PRAGMA journal_mode={mode.upper()}").fetchone()
    (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    if (journal, synchronous) != (mode, _EXTRA):
        raise StoreUnavailable("SQLite does not keep the journal asked for here; use an ordinary local file")


def _create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables in one transaction; if that fails the connection is closed, which undoes it."""
    begin(connection)
    # Several processes may have found the file empty; the first one in makes the tables.
    if connection.execute(_IDENTITY).fetchone() == (0, 0, 0):
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO frontier VALUES(1, 0, x'', NULL)")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={USER_VERSION}")
    connection.execute("COMMIT")


def _check_schema(connection: sqlite3.Connection) -> None:
    held = connection.execute("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").fetchall()
    if sorted(sql for (sql,) in held) != sorted(SCHEMA):
        raise IntegrityError(
            "the file's tables are not those of this format; it was changed, or made by a trial version"
        )


def _check_tables(connection: sqlite3.Connection) -> None:
    """Of a newer format only what is read has to be there, as tables proper: a view could hold any program."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE %'"
    if not {name for (name,) in connection.execute(query)} >= set(TABLES):
        raise IntegrityError("the file is of a newer format that this version cannot read; update this library")


def begin(connection: sqlite3.Connection) -> None:
    """Start the one kind of transaction there is: one that takes the write lock at once.

    A transaction that an earlier failed rollback left open is rolled back first.
    """
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    connection.execute("BEGIN IMMEDIATE")


def roll_back(connection: sqlite3.Connection) -> None:
    """Undo an open transaction; a failure to do so is left to the next ``begin``, which tries again and says so."""
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
