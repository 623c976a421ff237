"""Erasing through a register: the event and the deletion are one, whatever goes wrong between them."""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import RiskRegister, commands
from kakao_asi.stores import MemoryStore, SQLiteStore, audit
from kakao_asi.testing import FrozenClock

WHY = "somebody whose data it is asked for it"
KILLS = 25


class Unerasable(MemoryStore):
    """A store in memory that fails in the middle of an erasure, once the event is written."""

    def erase(self, seq: int, field: str) -> None:
        """Delete the text, then fail."""
        super().erase(seq, field)
        raise OSError


def titles(register: RiskRegister) -> Iterator[commands.Erase]:
    """Yield a command for each title that is still there."""
    after = -1
    while page := register.events(after=after, limit=100):
        for one in page:
            if "risk.title" in one.texts:
                yield commands.Erase(seq=one.seq, field="risk.title", ground="personal_data")
            after = one.seq
        if page.next is None:
            return


def test_erasure_that_fails_in_the_middle_leaves_nothing(start_life: Any) -> None:
    """Where the deletion fails, its event is not written either, and the text is there."""
    clock = FrozenClock(start_life.start)
    life = start_life(store=Unerasable(clock=clock), clock=clock)
    size = life.size()

    with pytest.raises(OSError, match=r"^$"):
        life.submit(next(titles(life.register)), because=WHY)
    assert (size, "What r is about") == (life.size(), life.state().risk.title)
    assert life.register.audit().sound


def killed_while_erasing(path: Path, clock: FrozenClock, chance: random.Random) -> None:
    """Let a child erase one title after another and kill it at a random moment."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            register = RiskRegister.on(SQLiteStore(path, clock=clock), clock=clock)
            for command in titles(register):
                register.submit(command, by="pm.oh", because=WHY)
                os.write(writing, b".")
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        pipe.read(1)
        for _ in range(chance.randrange(40_000)):
            pass
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.long
def test_kill_leaves_no_erasure_half_done(start_life: Any, quick_folder: Path) -> None:
    """After kill -9 each text is either there, or gone with the event that says so."""
    clock = FrozenClock(start_life.start)
    path = quick_folder / "asi.db"
    with closing(SQLiteStore(path, clock=clock)) as store:
        life = start_life(store=store, clock=clock)
        for number in range(400):
            life.identify(f"risk-{number}")
    chance = random.Random(7)  # noqa: S311  # it keeps no secret
    for _ in range(KILLS):
        killed_while_erasing(path, clock, chance)
        with closing(SQLiteStore(path, clock=clock)) as store:
            assert audit(store).findings == ()


def test_erased_words_leave_the_file_of_a_register(start_life: Any, tmp_path: Path) -> None:
    """After erasing and a vacuum no byte of the words is left in the file, and the log proves itself."""
    clock = FrozenClock(start_life.start)
    path = tmp_path / "asi.db"
    with closing(SQLiteStore(path, clock=clock)) as store:
        life = start_life(store=store, clock=clock)
        life.identify("s", title="Kim Canary wrote this")
        for command in list(titles(life.register)):
            life.submit(command, because=WHY)
        store.vacuum()
        sound = life.register.audit().sound

    assert sound
    assert b"Canary" not in path.read_bytes()
