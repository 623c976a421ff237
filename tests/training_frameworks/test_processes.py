"""Real trainings in several processes, and trainings that are killed and go on."""

import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from kakao_asi.findings import Finding

for name in ("torch", "transformers", "lightning"):
    pytest.importorskip(name, reason=f"{name} is not installed; `make training` installs it")

LONGEST = 240
KILLED_AT = 9


@pytest.mark.parametrize("framework", ["torch", "transformers"])
def test_ranks_stop_together_when_one_sees_a_fault(
    started: Callable[..., ForkServerProcess],
    tmp_path: Path,
    spooled: Callable[[Path], list[Finding]],
    framework: str,
) -> None:
    """Rank 1 alone sees a bad loss in step 5; both end in step 6, where they agree, and rank 1 alone tells it."""
    processes = [started("training_ranks", framework, rank, tmp_path) for rank in (0, 1)]
    for process in processes:
        process.join(LONGEST)
    last = [(tmp_path / f"last-{rank}").read_text("utf-8") for rank in (0, 1)]

    assert ([0, 0], ["6", "6"]) == ([process.exitcode for process in processes], last)
    assert [("non_finite", 1, 5)] == [(one.label, one.fact("rank"), one.fact("step")) for one in spooled(tmp_path)]


@pytest.mark.parametrize("framework", ["torch", "transformers", "lightning"])
def test_a_killed_run_that_goes_on_tells_each_finding_once(
    started: Callable[..., ForkServerProcess],
    tmp_path: Path,
    spooled: Callable[[Path], list[Finding]],
    framework: str,
) -> None:
    """Killed in step 9, after the finding of step 6, and resumed from step 5: the steps 3, 6 and 9 once each."""
    killed = started("training_loops", framework, "spooled", tmp_path, KILLED_AT)
    killed.join(LONGEST)
    before = [one.fact("step") for one in spooled(tmp_path)]
    resumed = started("training_loops", framework, "resume", tmp_path)
    resumed.join(LONGEST)

    assert (-signal.SIGKILL, [3, 6]) == (killed.exitcode, before)
    assert (0, [3, 6, 9]) == (resumed.exitcode, sorted(one.fact("step") for one in spooled(tmp_path)))
