"""A decision in one process shuts the gates of two others, by the register's file and by a board file."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi.stores import SQLiteStore
from kakao_asi.testing import FrozenClock

pytestmark = pytest.mark.long

POD = """
import datetime as dt, sys, time
import kakao_asi as asi
from kakao_asi import hooks

gate = asi.gate("chat/reply")
every = dt.timedelta(milliseconds=20)

def follow():
    ends = time.monotonic() + 20  # a pod that waits in vain ends, and its next word is empty
    for wanted in (True, False, True):
        while gate.check().passed is not wanted:
            if time.monotonic() > ends:
                return
            time.sleep(0.005)
        print("open" if wanted else "shut", flush=True)

if sys.argv[1] == "file":
    with hooks.activate(board=hooks.FileBoard(sys.argv[2]), refresh=every):
        follow()
else:
    with asi.RiskRegister.open(sys.argv[2], read_only=True) as register, register.active(refresh=every):
        follow()
"""


class Pod:
    """A process that says each time its gate opens or shuts."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        """Hold the process."""
        self._running = running

    def says(self) -> str:
        """Wait for its next word."""
        assert self._running.stdout is not None
        return self._running.stdout.readline().strip()


@contextlib.contextmanager
def pods(kind: str, path: Path) -> Iterator[tuple[Pod, Pod]]:
    """Start two pods that read a board; end them whatever happens."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", POD, kind, str(path)]
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment))
            for _ in range(2)
        ]
        for one in running:
            stack.callback(one.kill)
        yield Pod(running[0]), Pod(running[1])


@pytest.mark.parametrize("kind", ["store", "file"])
def test_a_decision_in_one_process_shuts_the_gates_of_two_others(
    kind: str, tmp_path: Path, start_life: Callable[..., Any]
) -> None:
    """Both shut without a restart when a body rejects, and open again when the bodies approve."""
    path, board = tmp_path / "asi.db", tmp_path / "board.json"
    clock = FrozenClock(dt.datetime.now(dt.UTC))
    with contextlib.closing(SQLiteStore(path, clock=clock)) as store:
        life = start_life(store=store, clock=clock)
        life.assess(asi.Grade.LOW)
        life.register.write_board(board)
        with pods(kind, board if kind == "file" else path) as (first, second):
            said = [first.says(), second.says()]
            for outcome in (asi.Outcome.REJECT, asi.Outcome.APPROVE):
                life.forward(seconds=1)  # of one instant's decisions the rejection stands
                life.decided("r", asi.Matter.RISK, outcome)
                life.register.write_board(board)
                said += [first.says(), second.says()]

    assert ["open", "open", "shut", "shut", "open", "open"] == said
