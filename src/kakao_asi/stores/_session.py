"""One connection to a register's file: who may use it when, its transactions, and its renewal after a fork."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from ..exceptions import StoreUnavailable
from ._fork import watch_forks
from ._latch import Latch
from ._sqlite_file import begin, connect, create_file, place_of, roll_back, sync_folder, translated

__all__ = ["Session"]

_CLOSED = "the store is closed; open it again"
_READ_ONLY = "the store is open for reading only; it was asked for, or a newer version of this library made the file"
_FORKED = "the process was forked in the middle of a write; open the store anew in a process that was not"
_MOVED = "another file stands at this path now; what was written last is in the old one"
_GIVEN_UP = "the transaction ended before its block did; nothing was written"


class Session:
    """A connection that threads take turns on; lives as long as its store.

    Attributes:
        read_only: whether every write is refused.
    """

    def __init__(self, path: Path, *, busy_timeout: dt.timedelta, read_only: bool, wal: bool = False) -> None:
        """Open the file; make it if it does not exist and may be written."""
        self._wal = wal
        self._path = path
        self._busy_timeout = busy_timeout
        self._wants_read_only = read_only
        self._refusal: str | None = None
        self._connection: sqlite3.Connection | None = None
        self._latch = Latch(busy_timeout.total_seconds())
        self._resumable = False
        if not read_only:
            create_file(path)
        self._open()
        watch_forks(self)

    @contextmanager
    def block(self) -> Generator[None]:
        """One transaction for everything inside; cannot be nested."""
        with self._latch.block(), self._transaction():
            yield

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """The connection, for reading."""
        with self._latch.held(), translated():
            yield self._live()

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """A transaction of its own, or a part of the open block that is undone by itself if it fails."""
        with self._latch.held(), self._part() if self._latch.open else self._transaction() as connection, translated():
            yield connection

    def copy_to(self, target: Path) -> None:
        """Copy the file through SQLite to one that does not exist yet."""
        with self.reading() as connection:
            self._latch.refuse_inside("backup() cannot run inside exclusive(); call it after the block")
            if not create_file(target):
                raise StoreUnavailable("the backup's file exists already; choose a new one")
            try:
                with closing(sqlite3.connect(target)) as copy:
                    connection.backup(copy)
            except BaseException:
                target.unlink(missing_ok=True)
                raise
            sync_folder(target.parent)

    def rewrite(self) -> None:
        """Write the whole file anew, without what was deleted from it."""
        with self._latch.held():
            self._latch.refuse_inside("vacuum() cannot run inside exclusive(); call it after the block")
            connection = self._live()
            if self.read_only:
                raise StoreUnavailable(_READ_ONLY)
            self._check_place()
            with translated():
                connection.execute("VACUUM")

    def close(self) -> None:
        """Close the connection; closing twice is no error."""
        with self._latch.held():
            self._refusal = self._refusal or _CLOSED
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __del__(self) -> None:
        """Close what nobody holds any more; from Python 3.13 on the sqlite3 module would warn of it."""
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()

    def pause(self) -> bool:
        """Wait for the write that is under way, so that a fork copies a connection without locks."""
        self._resumable = self._latch.acquire()
        return self._resumable and not self._latch.open

    def resume(self) -> None:
        """Go on after a fork, in the parent."""
        if self._resumable:
            self._latch.release()

    def start_anew(self, *, quiet: bool) -> None:  # pragma: no cover  # runs in a forked child, see _fork
        """Open the file anew at the next call, in the child; refuse all calls if a write was under way."""
        if self._connection is not None:
            _never_close(self._connection)
        self._connection = None
        if not quiet:
            self._refusal = _FORKED
        self._latch = Latch(self._busy_timeout.total_seconds())

    def _open(self) -> sqlite3.Connection:
        self._place = place_of(self._path)
        self._connection, self.read_only = connect(
            self._path, busy_timeout=self._busy_timeout, read_only=self._wants_read_only, wal=self._wal
        )
        return self._connection

    def _live(self) -> sqlite3.Connection:
        if self._refusal is not None:
            raise StoreUnavailable(self._refusal)
        return self._connection or self._open()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        connection = self._live()
        if self.read_only:
            raise StoreUnavailable(_READ_ONLY)
        self._check_place()
        with translated():
            begin(connection)
        try:
            yield connection
            self._commit(connection)
        except BaseException:
            # Closed inside the block, or forked: then it is not ours to touch any more.
            if connection is self._connection:
                roll_back(connection)
            raise
        self._check_place()

    def _commit(self, connection: sqlite3.Connection) -> None:
        if connection is not self._connection or not connection.in_transaction:
            raise StoreUnavailable(self._refusal or _GIVEN_UP)
        with translated():
            connection.execute("COMMIT")

    @contextmanager
    def _part(self) -> Generator[sqlite3.Connection]:
        connection = self._live()
        # Outside a transaction a savepoint would begin one of its own, which takes no write lock.
        if not connection.in_transaction:
            raise StoreUnavailable(_GIVEN_UP)
        with translated():
            connection.execute("SAVEPOINT part")
        try:
            yield connection
        except BaseException:
            # After some errors SQLite has rolled back everything by itself; the block's end says so.
            if connection.in_transaction:
                connection.execute("ROLLBACK TO part")
                connection.execute("RELEASE part")
            raise
        with translated():
            connection.execute("RELEASE part")

    def _check_place(self) -> None:
        if place_of(self._path) != self._place:
            raise StoreUnavailable(_MOVED)


def _never_close(connection: sqlite3.Connection) -> None:  # pragma: no cover  # see Session.start_anew
    # Closing it, even when the child exits, could roll back what the parent is writing just then.
    import ctypes

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
