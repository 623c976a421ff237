"""A program that tests start as a process of its own: it opens files it is told and appends to them.

Each line on standard input is a count and a path. It appends that many events, half of them to a stream that all such
processes share, and answers with a line.
"""

import datetime as dt
import sys
from contextlib import closing

from kakao_asi.stores import Draft, Row, SQLiteStore

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def draft(stream: str) -> Draft:
    """An event that says nothing."""
    return Draft(id="e-1", stream=stream, kind="noted", schema=1, at=NOW, by="ml.lee", lifecycle=1, payload=None)


def work(path: str, own: str, count: int) -> None:
    """Append events: every other one on a version that was read in the same block."""
    with closing(SQLiteStore(path, busy_timeout=dt.timedelta(seconds=60))) as store:
        for number in range(count):
            if number % 2:
                store.append([draft(own)], [], {own: number // 2}, None)
            else:
                with store.exclusive():
                    row = store.get("cursor", "shared")
                    version = 0 if row is None else row.version
                    moved = Row(kind="cursor", id="shared", version=version + 1, state=b"")
                    store.append([draft("risk:shared")], [moved], {"risk:shared": version}, None)


def main() -> None:
    """Do as told, line by line."""
    for line in sys.stdin:
        count, path = line.rstrip("\n").split(" ", 1)
        work(path, f"risk:{sys.argv[1]}", int(count))
        sys.stdout.write("done\n")
        sys.stdout.flush()


main()
