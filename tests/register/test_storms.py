"""Storms through the register: one group, exact counts, few entries, little memory."""

from __future__ import annotations

import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import RiskRegister, hooks
from kakao_asi.observers import asks_people

pytestmark = pytest.mark.long

MEGABYTE = 1_000_000
PROGRAM = """
import sys
from kakao_asi import RiskRegister, hooks

@hooks.watch("r", on=ValueError)
def fails():
    raise ValueError

def storm(times):
    for _ in range(times):
        try:
            fails()
        except ValueError:
            pass

if sys.argv[1] == "register":
    with RiskRegister.open(sys.argv[2]) as register, register.active():
        storm(int(sys.argv[3]))
else:
    with hooks.activate(sink=hooks.Spool(sys.argv[2])):
        storm(int(sys.argv[3]))
print(hooks.health().offered, hooks.health().stored)
"""


@hooks.watch("r", on=ValueError)
def fails() -> None:
    """Fail at a known risk."""
    raise ValueError


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Take every receiver away at the end."""
    yield
    hooks.deactivate()


def storm(times: int) -> None:
    """Fail so often."""
    for _ in range(times):
        try:
            fails()
        except ValueError:
            continue


def in_threads(work: Callable[[], None], number: int = 8) -> None:
    """Run something in threads at once."""
    threads = [threading.Thread(target=work) for _ in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_every_finding_of_eight_threads_is_stored_dropped_or_pending(life: Any) -> None:
    """Of 160,000 none is lost count of, during the storm and after it, and the register holds what was stored."""
    with life.register.active():
        in_threads(lambda: storm(20_000))
        during = hooks.health()
    after = hooks.health()

    assert 160_000 == during.offered == during.stored + during.dropped + during.pending
    assert (160_000, 0, 0) == (after.stored, after.dropped, after.pending)
    assert [160_000] == [one.count for one in life.register.findings()]


def test_a_storm_in_threads_is_one_group_of_few_entries_in_little_memory(life: Any) -> None:
    """50,000 alike: one group, at most three entries that ask somebody, at most 10 MB."""
    tracemalloc.start()
    try:
        with life.register.active():
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            in_threads(lambda: storm(6_250))
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    (group,) = life.register.findings()
    entries = life.register.events().items

    assert 50_000 == group.count
    assert sum(asks_people(entry) for entry in entries) <= 3
    assert sum(entry.stream.startswith("finding:") for entry in entries) <= 112
    assert peak <= 10 * MEGABYTE


def test_a_storm_in_processes_is_one_group(start_life: Any, tmp_path: Path) -> None:
    """Two processes write to the register and two to a spool: 50,000 in one group, once the spool is read in."""
    from kakao_asi.stores import SQLiteStore

    life = start_life(store=SQLiteStore(tmp_path / "asi.db"))
    program = tmp_path / "storm.py"
    program.write_text(PROGRAM)
    places = [("register", tmp_path / "asi.db"), ("spool", tmp_path / "spool")] * 2
    running = [
        subprocess.Popen([sys.executable, program, kind, place, "12500"], stdout=subprocess.PIPE, text=True)
        for kind, place in places
    ]
    told = [one.communicate(timeout=120)[0].split() for one in running]
    read = [life.register.import_spool(tmp_path / "spool", by="ml.lee").recorded for _ in range(2)]
    life.register.release()

    with RiskRegister.open(tmp_path / "asi.db") as register:
        (group,) = register.findings()
        asking = sum(asks_people(entry) for entry in register.events())

        assert ([["12500", "12500"]] * 4, [25_000, 0]) == (told, read)
        assert (50_000, True) == (group.count, asking <= 3)
        assert () == register.rebuild()
