"""ML-1: one line of evidence. A limit crossed on 16 ranks is one finding on its risk, in spool and register."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kakao_asi.training import Limit, Monitor, Run, Score

RISK = "rsk-2026-000041"
RUN = Run(commit="0c0ffee", data={"train": "sha256:" + "a" * 64})


def evaluated(rank: int, folder: Path) -> Monitor:
    """Evaluate on one of 16 ranks."""
    rule = Limit("eval_toxicity", risk=RISK, above=0.020)
    monitor = Monitor(
        "exp-11", system="chat", rules=[rule], evidence=RUN, spool=folder, rank=rank, world=16, reduce=list
    )
    monitor.checkpoint(folder, step=400, digest="sha256:" + "c" * 64)
    monitor.evaluate(400, {"eval_toxicity": Score.of(failures=31, trials=1_000)})
    return monitor


def test_sixteen_ranks_leave_one_finding(tmp_path: Path, start_life: Callable[..., Any]) -> None:
    """Fifteen ranks write nothing; the one finding holds run, revision, data and checkpoint, and training goes on."""
    life = start_life(risk=False)
    life.identify(RISK)
    folder = tmp_path / "spool"
    decisions = [evaluated(rank, folder).sync(400, now=True).go_on for rank in range(16)]
    read = life.register.import_spool(folder, by="ml.lee")

    (group,) = life.register.findings(risk=RISK).items
    facts = json.loads(group.sample.facts)
    named = ("commit", "data.train", "checkpoint", "value", "limit", "rank")
    assert (1, 1, [True] * 16) == (read.files, group.count, decisions)
    assert "exp-11" == group.sample.run
    assert ["0c0ffee", RUN.data[0][1], "sha256:" + "c" * 64, "0.031", "0.02", 0] == [facts[name] for name in named]
