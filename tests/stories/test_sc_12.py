"""SC12: metrics green, experts uneasy. A run without one finding opens no gate that an objection keeps shut."""

from pathlib import Path
from typing import Any

from kakao_asi import Grade, commands
from kakao_asi.training import Limit, Monitor, Score


def test_green_metrics_do_not_outvote_an_objection(life: Any, tmp_path: Path) -> None:
    """The evaluation is well within its limit and the risk is answered; the objection still stands in the way."""
    life.answered(Grade.LOW)
    monitor = Monitor(
        "exp-11", system="chat", rules=[Limit("sycophancy", risk="r", above=0.1)], spool=tmp_path / "spool"
    )
    monitor.evaluate(9, {"sycophancy": Score.of(failures=1, trials=1_000)})
    before = life.release_blockers()
    life.register.submit(
        commands.Object(risk="r", block_requested=True),
        by="red.team",
        because="it flatters; the metric does not see it",
    )

    assert (0, []) == (monitor.health.offered, before)
    assert ["objection_open"] == life.release_blockers()
