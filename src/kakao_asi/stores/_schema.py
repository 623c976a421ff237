"""The tables of a register's file, as text: an opened file must hold exactly this and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ._records import ROW_COLUMNS

__all__ = ["APPLICATION_ID", "ROW_TABLES", "SCHEMA", "TABLES", "USER_VERSION"]

APPLICATION_ID: Final = 0x4B415349
"""``KASI``: how SQLite, and ``file``, tell a register from another database."""

USER_VERSION: Final = 1
"""Version of the format; a file of a newer one is opened for reading only."""

ROW_TABLES: Final[Mapping[str, str]] = {
    "risk": "risk",
    "system": "system",
    "case": "case_state",
    "governance": "governance",
    "finding": "finding",
    "spool": "spool",
    "cursor": "cursor",
}
"""The table each kind of rows stands in; ``case`` is a word of SQL."""

TABLES: Final = ("event", "private_text", "receipt", "frontier", *ROW_TABLES.values())
"""Every table that is read."""

_COLUMN_TYPES: Final = {"grade": "INTEGER"}


def _table(name: str, columns: str, *, rowid: bool = False) -> str:
    return f"CREATE TABLE {name}({columns})" + ("" if rowid else " WITHOUT ROWID")


def _row_table(kind: str) -> str:
    asked_for = "".join(f"{name} {_COLUMN_TYPES.get(name, 'TEXT')}, " for name in ROW_COLUMNS[kind])
    columns = f"id TEXT PRIMARY KEY, version INTEGER NOT NULL, {asked_for}state BLOB NOT NULL"
    return _table(ROW_TABLES[kind], columns)


def _never(change: str) -> str:
    return (
        f"CREATE TRIGGER event_no_{change.lower()} BEFORE {change} ON event "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    )


_BLOBS = "body BLOB NOT NULL, leaf BLOB NOT NULL"
_PLACE = "first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL"

SCHEMA: Final[tuple[str, ...]] = (
    _table(
        "event",
        f"seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, {_BLOBS}, UNIQUE(stream, version)",
        rowid=True,
    ),
    # Against accidents only: whoever can write the file can drop a trigger, and audit is what finds that.
    _never("UPDATE"),
    _never("DELETE"),
    _table("private_text", "digest BLOB PRIMARY KEY, field TEXT NOT NULL, salt BLOB NOT NULL, text BLOB NOT NULL"),
    _table("receipt", f"key TEXT PRIMARY KEY, digest TEXT NOT NULL, {_PLACE}, recorded_at TEXT NOT NULL"),
    _table(
        "frontier", "one INTEGER PRIMARY KEY CHECK(one = 1), size INTEGER NOT NULL, peaks BLOB NOT NULL, latest TEXT"
    ),
    *(_row_table(kind) for kind in ROW_COLUMNS),
    "CREATE INDEX risk_status ON risk(status, id)",
    "CREATE INDEX risk_system ON risk(system, id)",
    "CREATE INDEX risk_lapse ON risk(until, id) WHERE until IS NOT NULL",
    "CREATE INDEX case_status ON case_state(status, id)",
    "CREATE INDEX case_subject ON case_state(subject, id)",
    "CREATE INDEX finding_status ON finding(status, system, id)",
    "CREATE INDEX finding_risk ON finding(risk, id)",
)
"""Every statement that makes a new file, in order; the texts are what ``sqlite_schema`` then holds."""
