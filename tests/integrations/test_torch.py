"""A plain loop of torch, with what it is made of replaced by as little as it uses."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kakao_asi.exceptions import GateBlocked
from kakao_asi.integrations.torch import RiskLoop
from kakao_asi.training import Decision


class Optimizer:
    """An optimizer that counts; lives as long as a test.

    Attributes:
        did: what it was asked, in order.
    """

    def __init__(self, *parameters: Any) -> None:
        """Hold parameters in two groups."""
        self.param_groups = [{"params": parameters[:1]}, {"params": parameters[1:]}]
        self.did: list[str] = []

    def step(self) -> None:
        """Update."""
        self.did.append("step")

    def zero_grad(self, *, set_to_none: bool) -> None:
        """Clear."""
        self.did.append(f"clear {set_to_none}")


class Scaler:
    """A scaler of losses that notes what it is asked."""

    def __init__(self, optimizer: Optimizer) -> None:
        """Note where the optimizer does."""
        self._did = optimizer.did

    def unscale_(self, _optimizer: Any) -> None:
        """Give gradients their size."""
        self._did.append("unscale")

    def step(self, _optimizer: Any) -> None:
        """Update, unless gradients overflowed."""
        self._did.append("scaled step")

    def update(self) -> None:
        """Scale anew."""
        self._did.append("update")


pytestmark = pytest.mark.usefixtures("fake_torch")


def test_a_step_updates_and_clears(monitor: Any, parameter: Callable[..., Any]) -> None:
    """Loss, norm and further numbers are told before the update, which happens once."""
    optimizer = Optimizer(parameter(3.0), parameter(4.0))
    asked = RiskLoop(monitor, optimizer).update(0.5, lr=0.1)

    assert [("step", (1, {"loss": 0.5, "grad_norm": 5.0, "lr": 0.1})), ("sync", 1)] == monitor.told
    assert (["step", "clear True"], True) == (optimizer.did, asked.go_on)


def test_a_step_that_is_left_out_drops_the_gradients(monitor: Any, parameter: Callable[..., Any]) -> None:
    """No update, no gradient, and the decision says so."""
    monitor.answers["step"] = Decision(skip_update=True)
    one = parameter(math.nan)
    optimizer = Optimizer(one)
    asked = RiskLoop(monitor, optimizer).update(math.nan)

    assert (["clear True"], None, True) == (optimizer.did, one.grad, asked.skip_update)


def test_what_the_ranks_agreed_on_is_handed_on(monitor: Any, parameter: Callable[..., Any]) -> None:
    """The answer of the ranks is the loop's to act on."""
    monitor.answers["sync"] = Decision(stop=True)

    assert RiskLoop(monitor, Optimizer(parameter(1.0)), start=7).update(1.0).stop
    assert [8] == monitor.given("sync")


def test_a_clipped_norm_is_not_worked_out_twice(
    monitor: Any, parameter: Callable[..., Any], fake_torch: SimpleNamespace
) -> None:
    """With clip=, the norm from before clipping is the one that is told."""
    RiskLoop(monitor, Optimizer(parameter(3.0, 4.0)), clip=1.0).update(1.0)

    assert ([1.0], 5.0) == (fake_torch.clipped, monitor.given("step")[0][1]["grad_norm"])


def test_an_overflow_is_the_scalers(monitor: Any, parameter: Callable[..., Any]) -> None:
    """With loss scaling an infinite norm is told to nobody, because the scaler leaves the step out by itself."""
    optimizer = Optimizer(parameter(math.inf))
    RiskLoop(monitor, optimizer, scaler=Scaler(optimizer)).update(1.0)

    assert {"loss": 1.0, "grad_norm": None} == monitor.given("step")[0][1]
    assert ["unscale", "scaled step", "update", "clear True"] == optimizer.did


def test_half_precision_is_measured_in_single(
    monitor: Any, parameter: Callable[..., Any], fake_torch: SimpleNamespace
) -> None:
    """A large but finite gradient of half precision does not overflow."""
    RiskLoop(monitor, Optimizer(parameter(3.0, dtype="float16"), parameter(4.0))).update(1.0)

    assert (["float32"] * 3, 5.0) == (fake_torch.measured, monitor.given("step")[0][1]["grad_norm"])


def test_a_sparse_gradient_is_measured(monitor: Any, parameter: Callable[..., Any]) -> None:
    """What is not zero is what counts."""
    RiskLoop(monitor, Optimizer(parameter(3.0, 4.0, sparse=True))).update(1.0)

    assert 5.0 == monitor.given("step")[0][1]["grad_norm"]


def test_without_gradients_there_is_no_norm(monitor: Any, parameter: Callable[..., Any]) -> None:
    """A missing norm is missing, never zero."""
    RiskLoop(monitor, Optimizer(parameter())).update(1.0)

    assert monitor.given("step")[0][1]["grad_norm"] is None


def test_a_monitor_that_raises_changes_no_update(monitor: Any, parameter: Callable[..., Any]) -> None:
    """The update happens, and nothing is asked of the loop."""
    monitor.raises = RuntimeError("ours")
    optimizer = Optimizer(parameter(1.0))

    assert RiskLoop(monitor, optimizer).update(1.0).go_on
    assert ["step", "clear True"] == optimizer.did


def test_a_shut_gate_passes(monitor: Any, parameter: Callable[..., Any], shut: GateBlocked) -> None:
    """A declared block is the host's wish and reaches it."""
    monitor.raises = shut

    with pytest.raises(GateBlocked):
        RiskLoop(monitor, Optimizer(parameter(1.0))).update(1.0)
