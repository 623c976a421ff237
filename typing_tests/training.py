"""Monitors, their rules and what they answer keep their types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_type

import kakao_asi as asi
from kakao_asi.training import (
    Alarm,
    Checkpoint,
    DataRefresh,
    Decision,
    EvalRegression,
    Evaluation,
    FairnessGap,
    GradNorm,
    Limit,
    LossSpike,
    Memory,
    Moment,
    Monitor,
    NonFinite,
    Rule,
    Run,
    Score,
    Seen,
    open_reviews,
)


class Own:
    """A rule of one's own, which inherits from nothing."""

    name: str = "own"
    risk: str | None = None
    moments: frozenset[Moment] = frozenset({Moment.STEP})
    metrics: frozenset[str] = frozenset({"loss"})

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say nothing."""
        assert_type(seen.step, int)
        memory["n"] = 1
        return ()


rules: list[Rule] = [
    Own(),
    NonFinite(action="skip_update", on={"loss"}),
    LossSpike(),
    GradNorm(),
    Limit("m", above=1),
    EvalRegression("m", drop=0.1),
    FairnessGap("t", by="b", max_gap=0.1),
    DataRefresh(),
    Checkpoint(block_at=asi.Grade.HIGH),
]
monitor = Monitor("exp-11", system="demo-chat", rules=rules, evidence=Run(data={"train": "sha256:"}))

assert_type(monitor.step(1, loss=1.0), Decision)
assert_type(monitor.sync(1).stop, bool)
assert_type(monitor.checkpoint("model.bin"), asi.GateResult)
assert_type(monitor.evaluation, Evaluation | None)
assert_type(monitor.evidence(), tuple[asi.Evidence, ...])
assert_type(Monitor.from_state(monitor.state(), rules=rules), Monitor)
monitor.evaluate(1, {"m": Score.of(failures=1, trials=2), "n": 0.5})


def review(register: asi.RiskRegister) -> None:
    """Return the states of the risks."""
    assert_type(open_reviews(register, Run(), system="demo-chat", by="ml.lee"), tuple[asi.RiskState, ...])


NonFinite(action="halt")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Monitor("exp-11", system="demo-chat", rules=[object()])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
monitor.step(step=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
