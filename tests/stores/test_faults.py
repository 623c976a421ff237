"""System calls that fail, or are the last ones of a process: every one that writes, in turn."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.stores import SQLiteStore, audit

PROGRAM = Path(__file__).with_name("fault_program.py")
CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "unlink")
ACTIONS = ("signal=KILL", "error=ENOSPC", "error=EIO")


def reason_not_to() -> str | None:
    """Why calls cannot be made to fail here; None if they can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed; it makes system calls fail"
    works = subprocess.run([strace, "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return None if works.returncode == 0 else "ptrace is closed here, so strace cannot make system calls fail"


def sweep(folder: Path, action: str, number: int, appends: int, calls: Sequence[str]) -> list[dict[str, Any]]:
    """Act on every call of each kind in turn; return what each child did."""
    command = [shutil.which("strace") or "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + ",".join(calls)]
    command += ["-e", f"inject={','.join(calls)}:{action}:when={number}"]
    program = [sys.executable, str(PROGRAM), str(folder), str(number), str(appends), *calls]
    done = subprocess.run([*command, *program], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def judge(folder: Path, child: dict[str, Any], appends: int) -> list[str]:
    """What is wrong with a file that a child left behind: anything acknowledged that is not there, once, in order."""
    path = folder / f"{child['call']}-{child['nth']}.db"
    acknowledged = [int(answer) for answer in child["answers"] if answer.isdigit()]
    wrong = []
    with closing(SQLiteStore(path)) as store:
        there = [event.payload for event in store.read()]
        report = audit(store)
    if there[: len(acknowledged)] != acknowledged or len(there) > len(acknowledged) + 1:
        wrong.append("lost, doubled or out of order")
    if child["status"] == 0 and there != list(range(appends)):
        wrong.append("what failed was not written when it was sent again")
    if child["status"] not in {0, 9}:
        wrong.append("an error without a type")
    if not report.sound:
        wrong.append("audit")
    with closing(sqlite3.connect(path)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            wrong.append("integrity")
    return [f"{child['call']} {child['nth']}: {one}" for one in wrong]


def swept(folder: Path, action: str, number: int, appends: int) -> tuple[Counter[str], list[str]]:
    """How many points were tried and how many of them the caller was told of, and what was wrong."""
    reason = reason_not_to()
    if reason is not None:
        pytest.skip(reason)
    children = sweep(folder, action, number, appends, CALLS)
    wrong = [one for child in children for one in judge(folder, child, appends)]
    told = [one for one in children if one["status"] == 9 or any(not text.isdigit() for text in one["answers"])]
    return Counter(points=len(children), told=len(told)), wrong


@pytest.mark.long
@pytest.mark.parametrize("action", ACTIONS)
def test_every_call_may_fail(quick_folder: Path, action: str) -> None:
    """Whichever write, sync, truncation or deletion fails or is the last: nothing is lost and writing goes on."""
    counts, wrong = swept(quick_folder, action, number=150, appends=3)

    assert wrong == []
    assert counts["told"] > 60


@pytest.mark.soak
@pytest.mark.parametrize("action", ACTIONS)
def test_every_call_of_a_longer_run_may_fail(quick_folder: Path, action: str) -> None:
    """The same over twelve appends."""
    counts, wrong = swept(quick_folder, action, number=500, appends=12)

    said = f"\n{action}: {counts['points']} points, {counts['told']} seen by the caller, {len(wrong)} bad"
    print(said)  # noqa: T201  # a figure of the run
    assert wrong == []
