"""Processes that die in the middle of a write: kill -9 at any moment loses and doubles nothing."""

import os
import random
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kakao_asi.stores import Draft, RequestKey, SQLiteStore, audit

WIDTH = 4
"""Bytes of one acknowledged number in a pipe."""

KILLS_A_FILE = 25

Build = Callable[..., Draft]


def key_of(number: int) -> RequestKey:
    """The key of the request with a number."""
    return RequestKey(key=f"k-{number}", digest=f"sha256:{number:064x}")


def append(store: SQLiteStore, draft: Build, number: int) -> int:
    """Send the request with a number; return the position it got."""
    return store.append([draft(payload=number)], [], {}, key_of(number)).first_seq


def killed_while_writing(path: Path, draft: Build, start: int, chance: random.Random) -> int:
    """Let a child append from a number on and kill it at a random moment; return the number it did not acknowledge."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            store = SQLiteStore(path)
            for number in range(start, start + 1_000):
                append(store, draft, number)
                os.write(writing, number.to_bytes(WIDTH, "big"))
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        received = b""
        for _ in range(chance.randrange(1, 6) * WIDTH):
            received += pipe.read(1)
        # Somewhere inside the next append, whose length is about as many rounds.
        for _ in range(chance.randrange(25_000)):
            pass
        os.kill(child, signal.SIGKILL)
        received += pipe.read(1_000_000)
        while part := pipe.read(1_000_000):
            received += part
    os.waitpid(child, 0)
    return start + len(received) // WIDTH


def survive(path: Path, draft: Build, kills: int, chance: random.Random) -> int:
    """Kill writers of one file again and again and check it after each; return how many kills left one in doubt."""
    start, in_doubt = 0, 0
    for _ in range(kills):
        unacknowledged = killed_while_writing(path, draft, start, chance)
        with closing(SQLiteStore(path)) as store:
            there = store.frontier().size
            assert unacknowledged <= there <= unacknowledged + 1
            in_doubt += there - unacknowledged
            # Sent again with its key: a request that was written gets its first receipt, another one is written now.
            assert append(store, draft, unacknowledged) == unacknowledged
            if unacknowledged:
                assert append(store, draft, unacknowledged - 1) == unacknowledged - 1
        start = unacknowledged + 1
    with closing(SQLiteStore(path)) as store:
        payloads = [event.payload for part in range(0, start, 1_000) for event in store.read(after=part - 1)]
        assert payloads == list(range(start))
        assert audit(store).sound
    return in_doubt


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200 // KILLS_A_FILE))
def test_kill_loses_and_doubles_nothing(quick_folder: Path, draft: Build, seed: int) -> None:
    """After kill -9 each acknowledged event is there, and requests sent again with their keys are there once."""
    survive(quick_folder / "asi.db", draft, KILLS_A_FILE, random.Random(seed))  # noqa: S311  # it keeps no secret


@pytest.mark.soak
def test_ten_thousand_kills(quick_folder: Path, draft: Build) -> None:
    """The same ten thousand times; some of the kills hit between the commit and its acknowledgement."""
    in_doubt = sum(
        survive(quick_folder / f"{seed}.db", draft, 100, random.Random(seed))  # noqa: S311  # it keeps no secret
        for seed in range(100)
    )

    print(f"\n10,000 kills; {in_doubt:,} left a committed write unacknowledged")  # noqa: T201  # a figure of the run
    assert in_doubt
