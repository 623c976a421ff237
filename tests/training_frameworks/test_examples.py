"""The examples of training run, and tell what they are there to show."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

for name in ("torch", "transformers", "lightning"):
    pytest.importorskip(name, reason=f"{name} is not installed; `make training` installs it")


@pytest.fixture
def printed(
    modules: Callable[[str], Any],
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[str], list[str]]:
    """Run an example in an empty folder; return the lines it printed."""
    monkeypatch.syspath_prepend(str(repository))

    def run(name: str) -> list[str]:
        modules(f"examples.training.{name}").main(tmp_path)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.mark.parametrize("name", ["plain", "with_transformers", "with_lightning"])
def test_both_faults_are_found_and_the_weights_stay_numbers(printed: Callable[[str], list[str]], name: str) -> None:
    """The spoiled batch is told at its step in the gradients, the turned labels as a spike, and no weight is lost."""
    lines = printed(name)

    assert {
        "weights are numbers: True",
        "step 40: non_finite in grad_norm, on diverges",
        "step 90: spike in loss, on diverges",
    } <= set(lines)


def test_the_trainer_logs_nothing_of_it(printed: Callable[[str], list[str]]) -> None:
    """The framework logs 0.0 for the step of the fault."""
    assert "the Trainer logged for step 40: 0.0" in printed("with_transformers")


def test_a_run_blocks_and_another_releases(printed: Callable[[str], list[str]]) -> None:
    """The first run's evidence shuts the gate, the second one's opens it after the decisions."""
    lines = printed("to_release")
    seen = [line for line in lines if line.startswith(("the risk is", "demo-chat ->", "released"))]

    assert [
        "the risk is assessed as HIGH",
        "demo-chat -> Deployment: blocked for 2 reasons",
        "demo-chat -> Deployment: open",
        "released: Deployment",
    ] == seen
