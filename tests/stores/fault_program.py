"""A program that tests start under strace: it makes the Nth call of each kind fail, or be the last one, for every N.

strace counts the calls of every process by itself and acts on the call with one number, say the 300th. So each child
first makes calls without effect, as many as bring its Nth real call of one kind to that number. One strace serves a
whole sweep this way.

Usage: `fault_program.py FOLDER NUMBER APPENDS CALL...`: for each call and N it appends to a file in FOLDER and
writes a line of JSON: the call, N, whether the child outlived it, what it acknowledged, which errors it got.
"""

import datetime as dt
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kakao_asi.exceptions import StoreError
from kakao_asi.stores import Draft, RequestKey, SQLiteStore

ENOUGH = 4
NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def draft(number: int) -> Draft:
    """The event of the request with a number."""
    return Draft(id="e-1", stream="risk:a", kind="noted", schema=1, at=NOW, by="ml.lee", lifecycle=1, payload=number)


def spend(call: str, count: int) -> None:
    """Make calls that change nothing, where strace counts them."""
    with tempfile.TemporaryFile() as file:
        place = file.fileno()
        calls: dict[str, Callable[[], object]] = {
            "pwrite64": lambda: os.pwrite(place, b"", 0),
            "fdatasync": lambda: os.fdatasync(place),
            "fsync": lambda: os.fsync(place),
            "ftruncate": lambda: os.ftruncate(place, 0),
            "unlink": Path("/nowhere/at/all").unlink,
        }
        for _ in range(count):
            with suppress(FileNotFoundError):
                calls[call]()


def work(path: Path, appends: int, answer: Callable[[str], object]) -> None:
    """Append under faults and acknowledge; what an error stopped is sent again once, with its key."""
    store: SQLiteStore | None = None
    for number in range(appends):
        for _ in range(2):
            try:
                store = store or SQLiteStore(path)
                store.append([draft(number)], [], {}, RequestKey(key=f"k-{number}", digest=f"sha256:{number:064x}"))
            except StoreError as error:
                answer(type(error).__name__)
            else:
                answer(str(number))
                break


def one_child(call: str, spent: int, path: Path, appends: int) -> tuple[int, list[str]]:
    """Run the work in a child that has spent some calls; return its status and its answers."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            spend(call, spent)
            work(path, appends, lambda text: os.write(writing, text.encode() + b"\n"))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answers = pipe.read().split()
    return os.waitpid(child, 0)[1], answers


def main() -> None:
    """Sweep over the calls."""
    folder, number, appends, *calls = sys.argv[1:]
    tempfile.gettempdir()  # tries the folder out once, with calls that would count
    for call in calls:
        clean = 0
        for nth in range(1, int(number)):
            path = Path(folder) / f"{call}-{nth}.db"
            status, answers = one_child(call, int(number) - nth, path, int(appends))
            print(json.dumps({"call": call, "nth": nth, "status": status, "answers": answers}), flush=True)  # noqa: T201
            # Beyond the last call of a kind nothing is hit any more: all is written, and no error was told. SQLite
            # keeps some errors to itself, never many in a row.
            clean = clean + 1 if (status, answers) == (0, [str(one) for one in range(int(appends))]) else 0
            if clean == ENOUGH:
                break


main()
