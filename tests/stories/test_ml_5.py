"""ML-5: resume. A run that was killed and resumed has each finding once; so has the register that reads them."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.signals import read_spool

PROGRAM = Path(__file__).parent.parent / "training" / "loop_program.py"


def command(folder: Path) -> list[str]:
    """Start the loop in a folder, or let it go on."""
    return [sys.executable, str(PROGRAM), str(folder), "111"]


def killed_at(folder: Path, step: int) -> None:
    """Train in a process that is killed after this step."""
    with subprocess.Popen(command(folder), stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            if line.strip() == str(step):
                child.send_signal(signal.SIGKILL)
                break


def finished(folder: Path) -> str:
    """Train to the end, and return what the process said last."""
    return subprocess.run(command(folder), capture_output=True, text=True, check=True).stdout.splitlines()[-1]


@pytest.mark.long
def test_a_killed_run_goes_on_and_repeats_nothing(tmp_path: Path) -> None:
    """SIGKILL three times between saves: 37 bad steps and one spike are there once each, and no thread is left."""
    for step in (25, 58, 99):
        killed_at(tmp_path, step)
    said = finished(tmp_path)

    found = [entry.finding for entry in read_spool(tmp_path / "spool").entries]
    expected = [("non_finite", step) for step in range(3, 112, 3)] + [("spike", 40)]
    assert sorted(expected) == sorted((str(one.label), one.fact("step")) for one in found)
    assert (38, "threads 1") == (len(expected), said)


@pytest.mark.long
def test_the_register_counts_each_once(tmp_path: Path, start_life: Callable[..., Any]) -> None:
    """Read into a register after every kill, and once more, the counts are those of a run that was never killed."""
    register = start_life().register
    for step in (25, 58):
        killed_at(tmp_path, step)
        register.import_spool(tmp_path / "spool", by="ml.lee")
    finished(tmp_path)
    register.import_spool(tmp_path / "spool", by="ml.lee")
    again = register.import_spool(tmp_path / "spool", by="ml.lee")

    counts = {group.sample.label: group.count for group in register.findings().items}
    assert ({"non_finite": 37, "spike": 1}, 0) == (counts, again.recorded)
