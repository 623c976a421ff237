"""The store against bare SQLite and bare SHA-256 in the same run; every figure is a ratio.

Usage: `python benchmarks/store.py [--events N]`.
"""

import argparse
import datetime as dt
import hashlib
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from kakao_asi.stores import Draft, Row, SQLiteStore, audit

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
ROUNDS = 5
HIGH = 3
BARE_TABLE = (
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, "
    "leaf BLOB NOT NULL, UNIQUE(stream, version))"
)
BARE_INSERT = "INSERT INTO event VALUES(?, ?, ?, ?, ?)"


def draft(number: int) -> Draft:
    """An event of the usual size."""
    return Draft(
        id=f"019aadf0-0000-7000-8000-{number:012d}",
        stream=f"risk:r-{number % 1_000}",
        kind="risk_assessed",
        schema=1,
        at=NOW,
        by="ml.lee",
        lifecycle=1,
        payload={"grade": "high", "number": number},
    )


def row(number: int) -> Row:
    """A state; every tenth is closed, and half of those by an acceptance that has ended."""
    closed = number % 10 == 0
    columns: dict[str, str | int | None] = {
        "status": "closed" if closed else "responding",
        "grade": number % 3 + 1,
        "system": f"s-{number % 100}",
        "until": "2026-01-01T00:00:00.000000Z" if number % 20 == 0 else None,
    }
    return Row(kind="risk", id=f"r-{number:07d}", version=1, columns=columns, state=b'{"status":"responding"}')


@contextmanager
def bare(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection at the store's own settings, with one table like its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute(BARE_TABLE)
        yield connection


def insert(connection: sqlite3.Connection, start: int, count: int, body: bytes) -> None:
    """Insert rows in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    numbers = range(start, start + count)
    connection.executemany(BARE_INSERT, [(n, f"risk:r-{n % 1_000}", n // 1_000, body, bytes(32)) for n in numbers])
    connection.execute("COMMIT")


def best(call: Callable[[], object], timer: Callable[[], float] = time.perf_counter, rounds: int = ROUNDS) -> float:
    """The shortest time of several rounds, in seconds."""
    times = []
    for _ in range(rounds):
        start = timer()
        call()
        times.append(timer() - start)
    return min(times)


def durable_append(folder: Path) -> str:
    """One event per commit, one thread, in turns with a bare insert."""
    ratios = []
    with closing(SQLiteStore(folder / "one.db")) as store, bare(folder / "bare.db") as connection:
        body = b"x" * 320
        for part in range(ROUNDS):
            start = time.perf_counter()
            for number in range(200):
                store.append([draft(number)], [], {}, None)
            ours = time.perf_counter() - start
            start = time.perf_counter()
            for number in range(200):
                insert(connection, part * 200 + number, 1, body)
            ratios.append((time.perf_counter() - start) / ours)
    return f"durable append, 1 thread: {median(ratios):.2f} x the throughput of a bare insert"


def batch_append(folder: Path, count: int) -> str:
    """The CPU of an append of many events, with tree, against a bare insert of as many."""
    drafts = [draft(number) for number in range(count)]
    place = [0]
    with closing(SQLiteStore(folder / f"batch-{count}.db")) as store, bare(folder / f"bare-{count}.db") as connection:
        store.append(drafts, [], {}, None)
        body = store.read(limit=1)[0].body

        def bare_batch() -> None:
            insert(connection, place[0], count, body)
            place[0] += count

        ours = best(lambda: store.append(drafts, [], {}, None), time.process_time, 15)
        theirs = best(bare_batch, time.process_time, 15)
    return f"batch append of {count:,}: {ours / theirs:.1f} x the CPU of a bare insert ({ours / count * 1e6:.1f} us)"


def whole_log(folder: Path, events: int) -> Iterator[str]:
    """Audit, opening and questions of a large log."""
    path = folder / "large.db"
    with closing(SQLiteStore(path, busy_timeout=dt.timedelta(seconds=60))) as store:
        for start in range(0, events, 10_000):
            numbers = range(start, min(start + 10_000, events))
            store.append([draft(number) for number in numbers], [], {}, None)
        bodies = [
            event.body for after in range(-1, events - 1, 10_000) for event in store.read(after=after, limit=10_000)
        ]

        def hash_all() -> None:
            for body in bodies:
                hashlib.sha256(b"\x00" + body).digest()

        reference = best(hash_all, rounds=3)
        ours = best(lambda: audit(store), rounds=2)
        each = ours / events * 1e6
        yield f"audit of {events:,} events: {ours / reference:.1f} x a SHA-256 loop ({each:.1f} us an event)"
        yield writer_stall(path, store)
    opened = best(lambda: SQLiteStore(path).close())
    yield f"open at {events:,} events: {opened * 1e3:.2f} ms, without replay"


def open_risks(folder: Path, risks: int) -> str:
    """The first fifty open risks out of many, by index, against a scan of as many objects."""
    with closing(SQLiteStore(folder / "risks.db")) as store:
        for start in range(0, risks, 10_000):
            store.append([], [row(number) for number in range(start, min(start + 10_000, risks))], {}, None)
        objects = [row(number) for number in range(risks)]
        wanted = ("identified", "assessed", "responding")
        ours = best(lambda: store.rows("risk", where={"status": wanted, "grade": HIGH}, limit=50))
        theirs = best(
            lambda: [one for one in objects if one.columns["status"] in wanted and one.columns["grade"] == HIGH]
        )
    return f"50 of {risks:,} risks: {theirs / ours:.0f} x faster than a scan of objects ({ours * 1e3:.2f} ms)"


def writer_stall(path: Path, store: SQLiteStore) -> str:
    """The longest wait of a writer while somebody audits, against one long SELECT."""

    def longest(read: Callable[[], object]) -> float:
        reader = threading.Thread(target=read)
        waits: list[float] = []
        with closing(SQLiteStore(path, busy_timeout=dt.timedelta(seconds=60))) as writer:
            reader.start()
            while reader.is_alive():
                start = time.perf_counter()
                writer.append([draft(0)], [], {}, None)
                waits.append(time.perf_counter() - start)
        return max(waits, default=0.0)

    def select() -> None:
        with closing(sqlite3.connect(path)) as connection:
            for _ in connection.execute("SELECT seq, stream, version, body, leaf FROM event ORDER BY seq"):
                pass

    ours, theirs = longest(lambda: audit(store)), longest(select)
    return f"writer stall while auditing: {ours / theirs:.2f} x that of one long SELECT ({ours * 1e3:.0f} ms)"


def threads(folder: Path, count: int) -> str:
    """One store that threads share, against a bare connection per thread; every append is durable."""
    appends = max(1, 800 // count)

    def run(work: Callable[[int], None]) -> float:
        workers = [threading.Thread(target=work, args=(number,)) for number in range(count)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return time.perf_counter() - start

    def theirs(number: int) -> None:
        with closing(
            sqlite3.connect(folder / f"bare-threads-{count}.db", isolation_level=None, timeout=60)
        ) as connection:
            connection.execute("PRAGMA synchronous=EXTRA")
            for place in range(appends):
                insert(connection, number * appends + place, 1, b"x" * 320)

    with bare(folder / f"bare-threads-{count}.db"):
        reference = run(theirs)
    with closing(SQLiteStore(folder / f"threads-{count}.db", busy_timeout=dt.timedelta(seconds=60))) as store:

        def mine(number: int) -> None:
            for _ in range(appends):
                store.append([draft(number)], [], {}, None)

        ours = run(mine)
    return f"durable append, {count} threads: {reference / ours:.1f} x the throughput of a connection per thread"


def main() -> None:
    """Print every ratio."""
    parser = argparse.ArgumentParser(description="The store against bare SQLite and bare SHA-256.")
    parser.add_argument("--events", type=int, default=100_000, help="size of the large log")
    options = parser.parse_args()
    print(f"SQLite {sqlite3.sqlite_version}, {os.cpu_count()} CPUs")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(durable_append(folder))
        for count in (8, 64):
            print(threads(folder, count))
        for count in (100, 1_000):
            print(batch_append(folder, count))
        for line in whole_log(folder, options.events):
            print(line)
        print(open_risks(folder, options.events))


if __name__ == "__main__":
    main()
