"""Files that somebody made or damaged: they open with a typed error or not at all, run nothing and crash nothing."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kakao_asi.exceptions import AsiError, IntegrityError
from kakao_asi.stores import Draft, Row, SQLiteStore, audit

FUZZED = 2_000

Build = Callable[..., Draft]


@pytest.fixture
def content(tmp_path: Path, draft: Build, private_draft: Build, row: Callable[..., Row]) -> bytes:
    """The bytes of a file with forty events, texts and states."""
    path = tmp_path / "sound.db"
    with closing(SQLiteStore(path)) as store:
        for number in range(20):
            drafts = [draft(payload="x" * 300), private_draft("words", salt=number.to_bytes(32, "big"))]
            store.append(drafts, [row(f"r-{number}", version=0)], {}, None)
    return path.read_bytes()


def use(path: Path) -> str:
    """Open a file, read all of it, check it and write to it; return what came of it."""
    try:
        with closing(SQLiteStore(path)) as store:
            for kind in ("risk", "system", "case", "governance", "cursor"):
                store.rows(kind)
            for event in store.read():
                _ = event.envelope
            sound = audit(store).sound
            store.append([], [Row(kind="cursor", id="pager", version=1, state=b"")], {}, None)
    except AsiError as error:
        return type(error).__name__
    return "sound" if sound else "found"


def fuzzed(content: bytes, chance: random.Random) -> bytes:
    """Content with some bytes changed, cut off, moved or repeated."""
    data = bytearray(content)
    what = chance.randrange(5)
    if what == 0:
        del data[chance.randrange(len(data)) :]
    elif what == 1:
        start, length = chance.randrange(len(data)), chance.randrange(1, 5_000)
        data[start : start + length] = chance.randbytes(length)
    elif what == 2:
        start, other = (chance.randrange(len(data) // 4_096) * 4_096 for _ in range(2))
        data[start : start + 4_096], data[other : other + 4_096] = (
            data[other : other + 4_096],
            data[start : start + 4_096],
        )
    else:
        for _ in range(chance.randrange(1, 20)):
            # The header and the first page hold what SQLite believes.
            place = chance.randrange(4_096) if what == 3 else chance.randrange(len(data))
            data[place] = chance.randrange(256)
    return bytes(data)


@pytest.mark.long
def test_fuzzed_files_end_in_a_typed_error(quick_folder: Path, content: bytes) -> None:
    """Two thousand files with bytes changed, moved and cut off: each opens, or says in one type why not."""
    chance = random.Random(11)  # noqa: S311  # it keeps no secret
    path = quick_folder / "fuzzed.db"
    outcomes: Counter[str] = Counter()
    for _ in range(FUZZED):
        path.write_bytes(fuzzed(content, chance))
        outcomes[use(path)] += 1
        path.with_name("fuzzed.db-journal").unlink(missing_ok=True)

    assert outcomes.total() == FUZZED
    assert outcomes["IntegrityError"] > FUZZED // 4


REAL = "SELECT seq, stream, version, body, leaf FROM real"
BOMB = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x, x, x, x, x FROM c"
UNLOCK = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET"
SCHEMAS = {
    "trigger on insert": "CREATE TRIGGER t AFTER INSERT ON event BEGIN INSERT INTO spy VALUES(1); END",
    "trigger on a row": "CREATE TRIGGER t AFTER INSERT ON cursor BEGIN INSERT INTO spy VALUES(1); END",
    "trigger on the frontier": "CREATE TRIGGER t AFTER UPDATE ON frontier BEGIN INSERT INTO spy VALUES(1); END",
    "trigger that deletes": "CREATE TRIGGER t BEFORE INSERT ON receipt BEGIN DELETE FROM private_text; END",
    "temporary look-alike": "CREATE TRIGGER event_no_updates BEFORE UPDATE ON event BEGIN SELECT 1; END",
    "view for events": f"ALTER TABLE event RENAME TO real; CREATE VIEW event AS {REAL}",
    "view that never ends": f"ALTER TABLE event RENAME TO real; CREATE VIEW event AS {BOMB}",
    "view for states": "ALTER TABLE risk RENAME TO real; CREATE VIEW risk AS SELECT * FROM real",
    "view for the frontier": "ALTER TABLE frontier RENAME TO real; CREATE VIEW frontier AS SELECT * FROM real",
    "view beside": "CREATE VIEW innocent AS SELECT load_extension('evil')",
    "generated column": "ALTER TABLE risk ADD COLUMN evil AS (hex(zeroblob(500000000)))",
    "default of a column": "ALTER TABLE risk ADD COLUMN evil DEFAULT 'x'",
    "check that fails": "DROP TABLE risk; CREATE TABLE risk(id TEXT PRIMARY KEY CHECK(0)) WITHOUT ROWID",
    "index on an expression": "CREATE INDEX evil ON event(hex(randomblob(9)))"[:0]
    + "CREATE INDEX evil ON event(hex(body))",
    "partial index": "CREATE INDEX evil ON risk(id) WHERE abs(grade) > 0",
    "index dropped": "DROP INDEX risk_lapse",
    "guard dropped": "DROP TRIGGER event_no_delete",
    "virtual table": "DROP TABLE cursor; CREATE VIRTUAL TABLE cursor USING fts5(id)",
    "unknown module": f"{UNLOCK} sql = 'CREATE VIRTUAL TABLE risk USING evil' WHERE name = 'risk'",
    "nonsense": f"{UNLOCK} sql = 'CREATE TABLE event(' WHERE name = 'event'",
    "two in one": f"{UNLOCK} rootpage = 2",
}


@pytest.mark.parametrize("newer", [False, True], ids=["ours", "newer"])
@pytest.mark.parametrize("statements", SCHEMAS.values(), ids=SCHEMAS.keys())
def test_hand_made_schemas_run_nothing(tmp_path: Path, content: bytes, statements: str, newer: bool) -> None:
    """A file with programs in its schema is refused; as one of a newer format it is read at most, and runs nothing."""
    path = tmp_path / "made.db"
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE spy(item)")
        connection.executescript(statements)
        if newer:
            connection.execute("PRAGMA user_version = 2")
    before = path.read_bytes()

    outcome = use(path)

    assert outcome in ({"IntegrityError", "StoreUnavailable"} if newer else {"IntegrityError"})
    assert path.read_bytes() == before


def test_trigger_put_in_while_the_file_is_open_is_noticed(tmp_path: Path, content: bytes, draft: Build) -> None:
    """A program that somebody puts into an open file does not run unnoticed: the next opening refuses the file."""
    path = tmp_path / "made.db"
    path.write_bytes(content)
    with closing(SQLiteStore(path)) as store:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TRIGGER t AFTER INSERT ON event BEGIN SELECT 1; END")
        store.append([draft()], [], {}, None)

    with pytest.raises(IntegrityError, match="tables are not those"):
        SQLiteStore(path)
