"""Processes that decide, or look at the clock, at the same moment on one file: what happens once happens once."""

import datetime as dt
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import Grade, Matter, RiskRegister
from kakao_asi.governance import Person, Roster, Seat
from kakao_asi.stores import SQLiteStore
from kakao_asi.testing import FrozenClock

PROGRAM = Path(__file__).with_name("race_program.py")
MONDAY = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)
SAFETY = [f"safety.{number}" for number in range(8)]
ROSTER = Roster(
    people=[*(Person(id=name) for name in SAFETY), Person(id="ceo")],
    seats=[*(Seat(body="ai_safety", person=name) for name in SAFETY), Seat(body="top", person="ceo")],
)


@pytest.fixture
def shared(start_life: Callable[..., Any], tmp_path: Path) -> Path:
    """A file with a case that any one of eight people of AI Safety may decide."""
    path = tmp_path / "asi.db"
    clock = FrozenClock(MONDAY)
    life = start_life(store=SQLiteStore(path, clock=clock), clock=clock, roster=ROSTER)
    life.assess(Grade.LOW)
    life.open_case("r", Matter.ACCEPT, until=life.in_days(90))
    life.register.release()
    return path


def race(path: Path, at: dt.datetime, what: str, who: list[str], count: int) -> tuple[int, Counter[str]]:
    """Let processes run against each other; return how much was taken, and how often each kind of event is there."""
    command = [sys.executable, str(PROGRAM), str(path), at.isoformat(), what]
    started = [
        subprocess.Popen([*command, name, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in who
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    taken = sum(int(process.communicate()[0]) for process in started)
    with RiskRegister.open(path, read_only=True) as register:
        assert register.audit().sound
        assert register.rebuild() == ()
        return taken, Counter(entry.kind for entry in register.events(limit=9_999))


def check_approvals(path: Path, count: int) -> None:
    """Let eight people approve one case, each so often, and expect one vote and one decision."""
    taken, kinds = race(path, MONDAY, "vote", SAFETY, count)

    assert (1, 1, 1, 1) == (taken, kinds["voted"], kinds["decided"], kinds["accepted"])


def check_ticks(path: Path, count: int) -> None:
    """Let four processes look at the clock after forty days, each so often, and a day earlier between two looks."""
    late = MONDAY + dt.timedelta(days=40)
    taken, kinds = race(path, late, "tick", ["one", "two", "three", "four"], count)
    fired = {name: kinds[name] for name in ("deadline_missed", "acknowledgement_missed", "reminded")}
    again, later = race(path, late, "tick", ["five"], 1)

    # AI Safety lets its time pass, the case goes up; nobody above it has a term of its own on this way.
    assert (1, sum(fired.values()) == taken) == (fired["deadline_missed"], True)
    assert (0, kinds) == (again, later)


@pytest.mark.long
def test_racing_approvals_make_one_decision(shared: Path) -> None:
    """Eight processes of twenty tries each: one vote counts."""
    check_approvals(shared, 20)


@pytest.mark.soak
def test_four_thousand_racing_approvals_make_one_decision(shared: Path) -> None:
    """The same with five hundred tries each."""
    check_approvals(shared, 500)


@pytest.mark.long
def test_processes_that_tick_together_fire_each_deadline_once(shared: Path) -> None:
    """Four processes, and clocks that jump back between two looks: each deadline fires once."""
    check_ticks(shared, 3)


@pytest.mark.soak
def test_many_ticks_fire_each_deadline_once(shared: Path) -> None:
    """The same with a hundred looks each."""
    check_ticks(shared, 100)
