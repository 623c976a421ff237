"""One durable event in a SQLite store, against one bare ``INSERT`` of the same bytes in the same journal mode."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kakao_asi.serialization import Json
from kakao_asi.stores import Draft, SQLiteStore
from kakao_asi.testing import CountingIds, FrozenClock

from .pairing import Ratio, paired
from .subjects import NOW

__all__ = ["measure"]

_PAYLOAD: Json = {"risk": "leaks-rrn", "until": "2026-12-01T00:00:00.000000Z"}


def _ours(store: SQLiteStore) -> Callable[[], object]:
    ids = CountingIds()
    versions = itertools.count()

    def append() -> object:
        draft = Draft(
            id=ids(0),
            stream="risk:leaks-rrn",
            kind="contained",
            schema=1,
            at=NOW,
            by="ml.lee",
            lifecycle=1,
            payload=_PAYLOAD,
        )
        return store.append([draft], [], {"risk:leaks-rrn": next(versions)}, None)

    return append


def _twin(connection: sqlite3.Connection, body: bytes) -> Callable[[], object]:
    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO events(body) VALUES(?)", (body,))
        connection.execute("COMMIT")

    return insert


def measure(*, rounds: int, calls: int) -> tuple[Ratio, ...]:
    """Compare both on files of one folder: rollback journal, ``synchronous=EXTRA``."""
    with tempfile.TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder) / "ours.db", clock=FrozenClock(NOW))
        with closing(store), closing(sqlite3.connect(Path(folder) / "twin.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("PRAGMA synchronous=EXTRA")
            connection.execute("CREATE TABLE events(seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
            ours = _ours(store)
            ours()
            body = store.read()[0].body
            twin = _twin(connection, body)
            name = "durable append of one event (hash tree, versions)"
            return (paired(name, ours, "bare sqlite3 INSERT, same mode", twin, rounds=rounds, calls=calls),)
