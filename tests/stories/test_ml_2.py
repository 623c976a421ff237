"""ML-2: never break the run. Losses and exit code are those of a loop without us, whatever breaks around it."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent.parent / "training" / "plain_program.py"


def trained(mode: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Train in a process of its own."""
    return subprocess.run(
        [sys.executable, str(PROGRAM), mode, str(folder)], capture_output=True, text=True, check=False
    )


@pytest.mark.long
@pytest.mark.parametrize("mode", ["sink raises", "register is read-only", "disk is full"])
def test_losses_and_exit_code_are_as_without_us(mode: str, tmp_path: Path) -> None:
    """Over 1,000 steps every loss is the same to the last bit; what is lost is counted, and told once a cause."""
    plain, watched = trained("plain", tmp_path), trained(mode, tmp_path)
    *logged, counts = watched.stderr.splitlines()
    offered, stored, dropped = map(int, counts.split())

    assert (3, plain.stdout) == (watched.returncode, watched.stdout)
    assert 1_000 == len(plain.stdout.splitlines())
    assert (0, offered) == (stored, dropped)
    assert 1 <= dropped
    assert len(set(logged)) == len(logged) <= 3
