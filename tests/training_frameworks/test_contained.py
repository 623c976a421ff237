"""A loss that is no number, in one step of a real training loop."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.findings import Finding

for name in ("torch", "transformers", "lightning", "keras"):
    pytest.importorskip(name, reason=f"{name} is not installed; `make training` installs it")

AT = 5
FRAMEWORKS = ("torch", "transformers", "lightning", "keras")


def finite(numbers: list[float]) -> list[bool]:
    """Which numbers are numbers."""
    return [math.isfinite(number) for number in numbers]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_without_the_library_the_weights_are_lost(loops: Any, tmp_path: Path, framework: str) -> None:
    """The fault is real: every later loss and every weight is no number."""
    plain = loops.LOOPS[framework](None, tmp_path, nan_at=AT)

    assert [True] * (AT - 1) + [False] * (loops.STEPS - AT + 1) == finite(plain.losses)
    assert not any(finite(plain.weights))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_fault_is_contained_to_its_step(
    loops: Any, tmp_path: Path, spooled: Callable[[Path], list[Finding]], framework: str
) -> None:
    """Only the step of the fault has no loss, the weights are numbers, and the finding names that step."""
    watched = loops.LOOPS[framework](loops.monitor_of("spooled", tmp_path), tmp_path, nan_at=AT)
    found = [one for one in spooled(tmp_path) if one.label == "non_finite"]

    assert [step != AT for step in range(1, loops.STEPS + 1)] == finite(watched.losses)
    assert all(finite(watched.weights))
    assert [(AT, "grad_norm", "nan")] == [(one.fact("step"), one.fact("metric"), one.fact("value")) for one in found]


@pytest.mark.parametrize("attached", [True, False], ids=["attached", "callback"])
def test_transformers_logs_zero_for_it(
    loops: Any, tmp_path: Path, spooled: Callable[[Path], list[Finding]], *, attached: bool
) -> None:
    """The framework logs 0.0 for the loss; it is found and contained all the same, with the callback alone too."""
    watched = loops.run_transformers(loops.monitor_of("spooled", tmp_path), tmp_path, nan_at=AT, attached=attached)

    assert (0.0, [AT]) == (
        watched.logged[AT - 1],
        [one.fact("step") for one in spooled(tmp_path) if one.label == "non_finite"],
    )
    assert all(finite(watched.weights))


def test_a_keras_callback_alone_finds_it_and_contains_nothing(
    loops: Any, tmp_path: Path, spooled: Callable[[Path], list[Finding]]
) -> None:
    """A callback comes after the update: it tells the step, and the weights are lost."""
    watched = loops.run_keras(loops.monitor_of("spooled", tmp_path), tmp_path, nan_at=AT, attached=False)

    assert [AT] == [one.fact("step") for one in spooled(tmp_path) if one.label == "non_finite"]
    assert not any(finite(watched.weights))


def test_keras_logs_are_taken_apart(loops: Any, tmp_path: Path) -> None:
    """The loss of each batch is worked out of running means; after a spike they are more than ten times it."""
    monitor = loops.monitor_of("spooled", tmp_path)
    told: list[float] = []
    step = monitor.step
    monitor.step = lambda number, **values: (told.append(values["loss"]), step(number, **values))[1]
    watched = loops.run_keras(monitor, tmp_path, spike_at=AT, attached=False)

    assert watched.losses == pytest.approx(told, rel=1e-2)
    assert watched.logged[AT] > 10 * watched.losses[AT]
