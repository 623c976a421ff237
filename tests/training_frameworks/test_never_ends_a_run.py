"""Whatever fails on our side, a real training runs as it would without us."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

for name in ("torch", "transformers", "lightning", "keras"):
    pytest.importorskip(name, reason=f"{name} is not installed; `make training` installs it")

FRAMEWORKS = ("torch", "transformers", "lightning", "keras")
MODES = ("spooled", "rule", "monitor", "read_only", "full_disk")


@pytest.fixture(scope="module")
def without(loops: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[float]]:
    """The losses of a framework's loop without the library, run once."""
    known: dict[str, list[float]] = {}

    def of(framework: str) -> list[float]:
        if framework not in known:
            known[framework] = loops.LOOPS[framework](None, tmp_path_factory.mktemp(framework)).losses
        return known[framework]

    return of


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_losses_are_those_without_the_library(
    loops: Any, tmp_path: Path, without: Callable[[str], list[float]], framework: str, mode: str
) -> None:
    """A healthy monitor, a rule or a monitor that raises, a read-only register, a full disk: the same bits."""
    monitor = loops.monitor_of(mode, tmp_path)
    with loops.disk(mode):
        watched = loops.LOOPS[framework](monitor, tmp_path)

    assert [loss.hex() for loss in without(framework)] == [loss.hex() for loss in watched.losses]


@pytest.mark.parametrize("mode", ["read_only", "full_disk"])
def test_what_could_not_be_kept_is_counted(loops: Any, tmp_path: Path, mode: str) -> None:
    """Each finding that nobody could take is counted as dropped, none as stored."""
    monitor = loops.monitor_of(mode, tmp_path)
    with loops.disk(mode):
        loops.run_torch(monitor, tmp_path)

    assert (3, 0, 3) == (monitor.health.offered, monitor.health.stored, monitor.health.dropped)


@pytest.mark.parametrize("mode", ["monitor", "full_disk"])
def test_the_exit_code_is_that_without_the_library(
    program: list[str], tmp_path: Path, without: Callable[[str], list[float]], mode: str
) -> None:
    """A process of its own ends with 0, after the same losses."""
    ended = subprocess.run([*program, "torch", mode, str(tmp_path)], capture_output=True, check=False)
    losses = json.loads((tmp_path / "losses.json").read_text("utf-8"))

    assert (0, [loss.hex() for loss in without("torch")]) == (ended.returncode, losses)
