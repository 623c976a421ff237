"""SC02: toxicity regresses after a data refresh. A run's evidence takes a risk from assessed to blocked to released."""

from pathlib import Path
from typing import Any

import pytest

from kakao_asi import Grade, Matter, Stage, commands
from kakao_asi.assessments import AssessmentKind, Basis
from kakao_asi.evidence import EvidenceKind
from kakao_asi.exceptions import GateBlocked
from kakao_asi.signals import read_spool
from kakao_asi.training import (
    Checkpoint,
    EvalRegression,
    Evaluation,
    Limit,
    Monitor,
    Run,
    Score,
    model_card,
    open_reviews,
)

TOXIC = "eval/toxicity"
OLD, NEW, CLEAN = ("sha256:" + letter * 64 for letter in "abc")


def trained(life: Any, folder: Path, run: str, *, data: str, failures: int) -> Monitor:
    """Train once on data, evaluate by region, and write a checkpoint."""
    trials = 40_000
    rules = (
        Limit(TOXIC, risk="toxic", above=0.0020, min_trials=1_000),
        EvalRegression(TOXIC, risk="toxic", rise=0.0005, against="released", released=0.0001),
        Checkpoint(risk="toxic", require_finite=False, block_at=Grade.HIGH),
    )
    monitor = Monitor(
        run,
        system="chat",
        rules=rules,
        evidence=Run(data={"train": data}, config={"lr": 0.1}),
        spool=folder / "spool",
        clock=life.clock,
    )
    file = folder / f"{run}.bin"
    file.write_bytes(run.encode())
    half = failures // 2
    scores = {"seoul": Score.of(failures=half, trials=trials // 2),
              "busan": Score.of(failures=failures - half, trials=trials // 2)}  # fmt: skip
    groups = {"region": {name: {TOXIC: score} for name, score in scores.items()}}
    monitor.evaluate(100, {TOXIC: Score.of(failures=failures, trials=trials)}, groups=groups)
    monitor.checkpoint(file, step=100)
    monitor.close()
    return monitor


def measured(life: Any, monitor: Monitor, *, kind: AssessmentKind = AssessmentKind.INHERENT) -> Any:
    """Assess the risk on what a run measured, as measured."""
    found = monitor.evaluation
    assert found is not None
    factors = found.factors(TOXIC, severity="major", by="region", coverage_pct=100, metric_fixed_at=monitor.began)
    counted = [one.id for one in life.state("toxic").responses] if kind is AssessmentKind.RESIDUAL else ()
    return life.register.assess(
        "toxic", factors, evidence=monitor.evidence(), basis=Basis.MEASURED, kind=kind, responses=counted, by="qa.seo"
    )


def test_a_run_moves_a_risk_from_assessed_to_blocked_to_released(life: Any, tmp_path: Path) -> None:
    """Assessed on one run, blocked by the next on new data, released on the third, each on its own evidence."""
    life.answered()
    life.identify("toxic")
    first = trained(life, tmp_path, "run-1", data=OLD, failures=0)
    assert Grade.HIGH > measured(life, first).peak
    life.respond("toxic")
    life.enter(Stage.DEVELOPMENT)

    refreshed = trained(life, tmp_path, "run-2", data=NEW, failures=1_240)
    opened = open_reviews(life.register, Run(data={"train": NEW}), system="chat", by="ml.lee")
    assert ["toxic"] == [one.id for one in opened]
    assert Grade.HIGH is measured(life, refreshed).peak
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))
    life.enter(Stage.TEST)
    with pytest.raises(GateBlocked) as raised:
        life.register.enter("chat", Stage.DEPLOYMENT, by="pm.oh")
    assert "grade_high" in [one.code.id for one in raised.value.result.blockers]

    cleaned = trained(life, tmp_path, "run-3", data=CLEAN, failures=0)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v3")]))
    life.answered()
    assert Grade.HIGH is measured(life, cleaned).peak
    life.verify("toxic")
    measured(life, cleaned, kind=AssessmentKind.RESIDUAL)
    life.lowered("toxic")
    life.decided("chat", Matter.RELEASE)
    assert Stage.DEPLOYMENT is life.register.enter("chat", Stage.DEPLOYMENT, by="pm.oh").stage

    labels = [(one.finding.run, one.finding.label) for one in read_spool(tmp_path / "spool").entries]
    assert [("run-2", "above"), ("run-2", "worse"), ("run-2", "risk_open")] == labels


def test_a_run_without_an_evaluation_moves_nothing(life: Any) -> None:
    """What was never measured cannot be assessed as measured: the command is refused, and no grade follows."""
    from kakao_asi.exceptions import CommandRefused

    life.identify("toxic")
    empty = Evaluation(run="run-1", step=1, at=life.clock(), scores={})
    monitor = Monitor("run-1", system="chat", rules=[], evidence=Run(data={"train": OLD}), clock=life.clock)
    factors = empty.factors(TOXIC, severity="major")

    with pytest.raises(CommandRefused) as raised:
        life.register.assess("toxic", factors, evidence=monitor.evidence(), basis=Basis.MEASURED, by="qa.seo")

    assert "factor_missing" in [one.code.id for one in raised.value.refusals]
    assert life.state("toxic").peak is None
    assert EvidenceKind.RESULT not in {one.kind for one in monitor.evidence()}


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_model_card_tells_the_same(life: Any, tmp_path: Path, lang: Any) -> None:
    """The card of the run names grade, numbers and digests, and no title or person."""
    life.identify("toxic", title="A private | title")
    monitor = trained(life, tmp_path, "run-1", data=NEW, failures=1_240)
    measured(life, monitor)
    text = model_card(life.register, "chat", run=Run(data={"train": NEW}), evaluation=monitor.evaluation, lang=lang)

    assert text.startswith("---\ntags:\n- kakao-asi\nmodel-index:\n")
    assert f'      name: "{TOXIC}"\n      value: 0.031\n      verified: false\n' in text
    assert Grade.HIGH.label(lang) in text
    assert NEW in text
    assert "private" not in text
    assert "qa.seo" not in text
