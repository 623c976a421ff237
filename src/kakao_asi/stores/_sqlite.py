"""The store in one SQLite file: rollback journal, fully synchronous, one transaction for all that belongs together."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from itertools import chain
from operator import lt
from pathlib import Path
from typing import Any, Final, Literal

from .._internal.canonical import MAX_INTEGER
from .._internal.clock import Clock, format_instant, parse_instant, utc_now
from .._internal.text import is_id
from ..exceptions import IntegrityError, InvalidValue, KeyReused, StoreUnavailable, UnknownId
from ._envelope import read_body, sealed_in
from ._log import check_page, check_versions, seal_events
from ._records import (
    ROW_COLUMNS,
    AtMost,
    Draft,
    PrivateField,
    Receipt,
    RequestKey,
    Row,
    StoredEvent,
    StoredRow,
    Where,
    check_where,
    columns_of,
    is_stream,
    stored_row,
)
from ._schema import ROW_TABLES
from ._session import Session
from ._sqlite_file import check_place, create_file
from ._tree import Frontier

__all__ = ["SQLiteStore", "write_copy"]

_HASH_BYTES: Final = 32
_VERSION: Final = "(SELECT max(version) FROM event WHERE stream = name)"
_PARAMETERS: Final = 500
"""Most values of one ``IN (...)``; SQLite takes 999 in its oldest configurations."""


class SQLiteStore:
    """A :class:`~kakao_asi.stores.Store` in one file; lives until :meth:`close`.

    Any number of threads and processes of one host may use the file at once. After a fork the child opens the file
    anew by itself. Not for network file systems. The file is made with mode 0600, and while the store is open nobody
    in the same process may open and close it by other means than SQLite's: that would drop SQLite's locks.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        clock: Clock = utc_now,
        busy_timeout: dt.timedelta = dt.timedelta(seconds=5),
        read_only: bool = False,
        journal: Literal["delete", "wal"] = "delete",
        allow_wal: bool = False,
    ) -> None:
        """Open a file, or make it.

        Args:
            path: the file; its folder must exist.
            clock: stamps ``recorded_at``.
            busy_timeout: how long to wait for other writers, at least a millisecond (5 s by default, our choice).
            read_only: never make or change the file. A file written by a newer version is always opened so.
            journal: ``delete`` keeps a rollback journal. ``wal`` keeps a write-ahead log: about three times as many
                durable appends, but only on SQLite 3.44.6, 3.50.7, 3.51.3 or later of each line, and never on a network
                file system. Every process that opens the file has to ask for the same.
            allow_wal: take a write-ahead log on another version of SQLite, because your system corrected it there.

        Raises:
            IntegrityError: the file is no register, or not one this version knows.
            StoreBusy, StoreFull, StoreUnavailable: it cannot be opened or made now.
        """
        if journal not in {"delete", "wal"}:
            raise InvalidValue("journal", "must be 'delete' or 'wal'")
        if busy_timeout < dt.timedelta(milliseconds=1):
            raise InvalidValue("busy_timeout", "must be at least one millisecond")
        self._clock = clock
        place, wal = Path(path).absolute(), journal == "wal"
        check_place(place, wal=wal, allow_wal=allow_wal)
        self._session = Session(place, busy_timeout=busy_timeout, read_only=read_only, wal=wal)

    @property
    def read_only(self) -> bool:
        """Whether every write is refused: it was asked for, or a newer version wrote the file."""
        return self._session.read_only

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold off every other writer; see :meth:`Store.exclusive`."""
        return self._session.block()

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Write events, rows and receipt; see :meth:`Store.append`."""
        with self._session.writing() as connection:
            first = None if key is None else _receipt(connection, key)
            if first is not None:
                return first

            known = _versions_of(connection, {*expected, *(event.stream for event in events)})
            version_of = known.__getitem__
            check_versions(expected, version_of)
            before = _frontier(connection)
            sealed = seal_events(events, version_of, before, self._clock())
            receipt = Receipt(
                first_seq=before.size,
                last_seq=sealed.frontier.size - 1,
                versions=sealed.versions,
                recorded_at=sealed.recorded_at,
            )
            _insert_events(connection, sealed.events)
            _insert_rows(connection, rows)
            _insert_receipts(connection, {} if key is None else {key.key: (key.digest, receipt)})
            _set_frontier(connection, sealed.frontier)
            return receipt

    def receipt(self, key: RequestKey) -> Receipt | None:
        """Return the receipt of a repeated request; see :meth:`Store.receipt`."""
        with self._session.reading() as connection:
            return _receipt(connection, key)

    def read(self, *, after: int = -1, limit: int = 1000, stream: str | None = None) -> tuple[StoredEvent, ...]:
        """Return events in the order of the log; see :meth:`Store.read`."""
        check_page(limit, after=after)
        if not (stream is None or is_stream(stream)):
            return ()
        condition, values = ("", ()) if stream is None else ("AND stream = ? ", (stream,))
        query = f"SELECT seq, stream, version, body, leaf FROM event WHERE seq > ? {condition}ORDER BY seq LIMIT ?"  # noqa: S608  # two constant texts
        with self._session.reading() as connection:
            found = connection.execute(query, (after, *values, limit)).fetchall()
            _check_order([after, *(columns[0] for columns in found)])
            sealed = [sealed_in(_bytes(columns[3])) for columns in found]
            texts = _texts(connection, sealed)
        return tuple([_event(columns, digests, texts) for columns, digests in zip(found, sealed, strict=True)])

    def rows(
        self, kind: str, *, where: Where | None = None, after: str | None = None, limit: int = 1000
    ) -> tuple[StoredRow, ...]:
        """Return rows in the order of ids; see :meth:`Store.rows`."""
        check_page(limit, after=-1 if after is None else after)
        check_where(kind, where or {})
        conditions, values = _conditions(where or {})
        if after is not None:
            conditions, values = [*conditions, "id > ?"], [*values, after]
        where_clause = " AND ".join(conditions) or "TRUE"
        query = f"{_select(kind)} WHERE {where_clause} ORDER BY id LIMIT ?"
        with self._session.reading() as connection:
            page = _rows(connection, kind, query, (*values, limit))
        _check_order(["" if after is None else after, *(row.id for row in page)])
        return page

    def get(self, kind: str, id: str) -> StoredRow | None:  # the word the whole library uses
        """Return one row; see :meth:`Store.get`."""
        columns_of(kind)
        if not is_id(id):
            return None
        with self._session.reading() as connection:
            return next(iter(_rows(connection, kind, f"{_select(kind)} WHERE id = ?", (id,))), None)

    def erase(self, seq: int, field: str) -> None:
        """Delete a private text; its bytes in the file are overwritten; see :meth:`Store.erase`."""
        with self._session.writing() as connection:
            place = seq if 0 <= seq <= MAX_INTEGER else None
            found = connection.execute("SELECT body FROM event WHERE seq = ?", (place,)).fetchone()
            declared: Mapping[str, str] = {} if found is None else read_body(_bytes(found[0]), seq).private
            if field not in declared:
                raise UnknownId("private text", f"{seq}/{field}")
            connection.execute("DELETE FROM private_text WHERE digest = ?", (bytes.fromhex(declared[field]),))

    def frontier(self) -> Frontier:
        """Return how far the log has come; see :meth:`Store.frontier`."""
        with self._session.reading() as connection:
            return _frontier(connection)

    def backup(self, path: str | Path) -> None:
        """Copy the file through SQLite, consistent while others write; see :meth:`Store.backup`."""
        self._session.copy_to(Path(path).absolute())

    def vacuum(self) -> None:
        """Write the file anew, so that no page keeps a trace of what was erased; needs its size in free space.

        Erased bytes are overwritten at once; what SQLite moved them from is not. Others wait meanwhile.
        """
        self._session.rewrite()

    def close(self) -> None:
        """Close the file; closing twice is no error."""
        self._session.close()


def write_copy(
    path: str | Path,
    *,
    events: Sequence[StoredEvent],
    rows: Sequence[Row],
    receipts: Mapping[str, tuple[str, Receipt]],
    frontier: Frontier,
) -> None:
    """Write the whole content of another store to a file that does not exist yet, bytes unchanged.

    Raises:
        StoreUnavailable: the file exists or cannot be written.
    """
    target = Path(path).absolute()
    if not create_file(target):
        raise StoreUnavailable("the backup's file exists already; choose a new one")
    session = Session(target, busy_timeout=dt.timedelta(seconds=1), read_only=False)
    with closing(session), session.writing() as connection:
        _insert_events(connection, events)
        _insert_rows(connection, rows)
        _insert_receipts(connection, receipts)
        _set_frontier(connection, frontier)


def _versions_of(connection: sqlite3.Connection, streams: Iterable[str]) -> dict[str, int]:
    """The present version of each stream, 0 for one that does not exist; many streams in one statement."""
    names = list(streams)
    versions = dict.fromkeys(names, 0)
    for start in range(0, len(names), _PARAMETERS):
        part = names[start : start + _PARAMETERS]
        # A subquery for each finds the end of its stream in the index; GROUP BY would walk along all of it.
        query = f"WITH wanted(name) AS (VALUES {', '.join(['(?)'] * len(part))}) SELECT name, {_VERSION} FROM wanted"  # noqa: S608  # marks only
        versions |= {name: version or 0 for name, version in connection.execute(query, part)}
    return versions


def _receipt(connection: sqlite3.Connection, key: RequestKey) -> Receipt | None:
    query = "SELECT digest, first_seq, last_seq, recorded_at FROM receipt WHERE key = ?"
    found = connection.execute(query, (key.key,)).fetchone()
    if found is None:
        return None
    digest, first_seq, last_seq, recorded_at = found
    if digest != key.digest:
        raise KeyReused(key.key)
    query = "SELECT stream, max(version) FROM event WHERE seq BETWEEN ? AND ? GROUP BY stream"
    versions = dict(connection.execute(query, (first_seq, last_seq)).fetchall())
    return Receipt(
        first_seq=first_seq, last_seq=last_seq, versions=versions, recorded_at=_instant(recorded_at, "receipt")
    )


def _instant(text: str, table: str) -> dt.datetime:
    try:
        return parse_instant(text)
    except (ValueError, TypeError):
        raise IntegrityError(f"table {table} holds a time that no store wrote; run audit()") from None


def _frontier(connection: sqlite3.Connection) -> Frontier:
    size, peaks, latest = connection.execute("SELECT size, peaks, latest FROM frontier").fetchone() or (-1, b"", None)
    data = _bytes(peaks)
    if type(size) is not int or size < 0 or len(data) != size.bit_count() * _HASH_BYTES:
        raise IntegrityError("table frontier holds what no store wrote; run audit()")
    hashes = tuple(data[start : start + _HASH_BYTES] for start in range(0, len(data), _HASH_BYTES))
    return Frontier(size, hashes, None if latest is None else _instant(latest, "frontier"))


def _set_frontier(connection: sqlite3.Connection, frontier: Frontier) -> None:
    latest = None if frontier.latest is None else format_instant(frontier.latest)
    values = (frontier.size, b"".join(frontier.peaks), latest)
    connection.execute("UPDATE frontier SET size = ?, peaks = ?, latest = ?", values)


def _insert_events(connection: sqlite3.Connection, events: Sequence[StoredEvent]) -> None:
    connection.executemany(
        "INSERT INTO event(seq, stream, version, body, leaf) VALUES(?, ?, ?, ?, ?)",
        [(event.seq, event.stream, event.version, event.body, event.leaf) for event in events],
    )
    connection.executemany(
        # The same digest is the same salt and text: an event may repeat a text that an earlier one brought.
        "INSERT INTO private_text(digest, field, salt, text) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (bytes.fromhex(one.digest), one.field, one.salt, one.text.encode())
            for event in events
            for one in event.private
        ],
    )


def _insert_rows(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    for row in rows:
        names = ("id", "version", *ROW_COLUMNS[row.kind], "state")
        values = (row.id, row.version, *(row.columns[name] for name in ROW_COLUMNS[row.kind]), row.state)
        marks = ", ".join("?" * len(names))
        connection.execute(f"REPLACE INTO {ROW_TABLES[row.kind]}({', '.join(names)}) VALUES({marks})", values)


def _insert_receipts(connection: sqlite3.Connection, receipts: Mapping[str, tuple[str, Receipt]]) -> None:
    connection.executemany(
        "INSERT INTO receipt(key, digest, first_seq, last_seq, recorded_at) VALUES(?, ?, ?, ?, ?)",
        [
            (key, digest, receipt.first_seq, receipt.last_seq, format_instant(receipt.recorded_at))
            for key, (digest, receipt) in receipts.items()
        ],
    )


def _select(kind: str) -> str:
    return f"SELECT {', '.join(('id', 'version', *ROW_COLUMNS[kind], 'state'))} FROM {ROW_TABLES[kind]}"  # noqa: S608  # names from a constant


def _conditions(where: Where) -> tuple[list[str], list[str | int | None]]:
    """The conditions as SQL over column names that were checked, and their values in order."""
    conditions: list[str] = []
    values: list[str | int | None] = []
    for name, wanted in where.items():
        if isinstance(wanted, AtMost):
            conditions.append(f"{name} <= ?")
            values.append(wanted.value)
        elif isinstance(wanted, tuple):
            known = [value for value in wanted if value is not None]
            absent = f" OR {name} IS NULL" if None in wanted else ""
            conditions.append(f"({name} IN ({', '.join('?' * len(known))}){absent})")
            values.extend(known)
        else:
            conditions.append(f"{name} IS ?")
            values.append(wanted)
    return conditions, values


def _rows(
    connection: sqlite3.Connection, kind: str, query: str, values: Sequence[str | int | None]
) -> tuple[StoredRow, ...]:
    found = connection.execute(query, values).fetchall()
    texts = _texts(connection, [sealed_in(_bytes(columns[-1])) for columns in found])
    return tuple(_row(kind, columns, texts) for columns in found)


def _check_order(places: list[Any]) -> None:
    # In a damaged file an index may lead in a circle, and whoever reads page after page would never come to an end.
    if not all(map(lt, places, places[1:])):
        raise IntegrityError("the file's rows are out of order; it is damaged, restore a backup")


def _row(kind: str, found: tuple[Any, ...], texts: Mapping[str, PrivateField]) -> StoredRow:
    id_, version, *values, state = found
    columns = dict(zip(ROW_COLUMNS[kind], values, strict=True))
    try:
        row = Row(kind=kind, id=id_, version=version, columns=columns, state=_bytes(state))
    except InvalidValue:
        raise IntegrityError(f"a row of kind {kind} holds what no store wrote; run audit()") from None
    return stored_row(row, texts)


def _event(found: tuple[Any, ...], digests: Iterable[str], texts: Mapping[str, PrivateField]) -> StoredEvent:
    seq, stream, version, body, leaf = found
    private = tuple([texts[digest] for digest in digests if digest in texts]) if digests else ()
    if type(body) is not bytes or type(leaf) is not bytes:
        body, leaf = _bytes(body), _bytes(leaf)
    return StoredEvent(seq=seq, stream=stream, version=version, body=body, leaf=leaf, private=private)


def _texts(connection: sqlite3.Connection, holders: Iterable[Iterable[str]]) -> dict[str, PrivateField]:
    """The private texts behind the digests that any of the holders refers to, by digest."""
    digests = [bytes.fromhex(digest) for digest in dict.fromkeys(chain.from_iterable(holders))]
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(digests), _PARAMETERS):
        part = digests[start : start + _PARAMETERS]
        marks = ", ".join("?" * len(part))
        query = f"SELECT digest, field, salt, text FROM private_text WHERE digest IN ({marks})"  # noqa: S608  # marks only
        found += connection.execute(query, part).fetchall()
    fields = (
        PrivateField(field=field, digest=digest.hex(), salt=_bytes(salt), text=_bytes(text).decode(errors="replace"))
        for digest, field, salt, text in found
    )
    return {one.digest: one for one in fields}


def _bytes(value: object) -> bytes:
    """What a column holds, as bytes: in a file that somebody changed it may be of any type."""
    return value if isinstance(value, bytes) else str(value).encode()
