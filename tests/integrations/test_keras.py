"""The callback for Keras, with a model that is as little as it uses."""

import math
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import GateBlocked, InvalidValue
from kakao_asi.integrations.keras import RiskCallback, attach
from kakao_asi.training import Decision

EVENTS: dict[str, tuple[Any, ...]] = {
    "on_train_batch_end": (0, {"loss": 1.0}),
    "on_epoch_end": (0, {"val_loss": 1.0}),
    "on_train_end": (),
}

pytestmark = pytest.mark.usefixtures("fake_torch")


@pytest.fixture
def callback(monitor: Any) -> RiskCallback:
    """The callback, with a model."""
    callback = RiskCallback(monitor)
    callback.set_model(SimpleNamespace(stop_training=False))
    return callback


def played(callback: RiskCallback, losses: list[float], *, at_once: int = 1) -> None:
    """Play one epoch as Keras logs it: the mean since it began, after so many batches at once."""
    callback.on_epoch_begin(0)
    for done in range(at_once, len(losses) + 1, at_once):
        callback.on_train_batch_end(done - 1, {"loss": math.fsum(losses[:done]) / done})


def told(monitor: Any) -> list[tuple[int, float | None]]:
    """Step and loss of each call."""
    return [(step, values["loss"]) for step, values in monitor.given("step")]


def test_every_other_event_does_nothing(callback: RiskCallback, monitor: Any) -> None:
    """Events of later versions are answered; what is no event is no attribute; Keras waits for each call."""
    assert [None, None] == [callback.set_params({}), callback.on_test_batch_end(1, logs={})]
    assert ([], False, False) == (monitor.told, hasattr(callback, "params"), callback.async_safe)


@given(st.lists(st.floats(0.5, 1_000.0), min_size=1, max_size=30))
def test_a_running_mean_is_taken_apart(losses: list[float]) -> None:
    """Each batch has the loss it had, whatever came before it, and none is left out where none is lost."""
    seen: list[float | None] = []
    monitor: Any = SimpleNamespace(
        step=lambda _step, **values: seen.append(values["loss"]), sync=lambda _step: Decision()
    )
    callback = RiskCallback(monitor)
    played(callback, losses)

    assert losses == pytest.approx(seen)


def test_batches_that_run_as_one_have_one_loss(callback: RiskCallback, monitor: Any) -> None:
    """With several batches an execution, the mean over them is told, at the last one's step."""
    played(callback, [1.0, 3.0, 10.0, 20.0], at_once=2)

    assert [(2, 2.0), (4, 15.0)] == told(monitor)


def test_each_epoch_begins_a_new_mean(callback: RiskCallback, monitor: Any) -> None:
    """Steps go on over epochs, means do not."""
    played(callback, [4.0, 2.0])
    played(callback, [8.0, 6.0])

    assert [(1, 4.0), (2, 2.0), (3, 8.0), (4, 6.0)] == told(monitor)


def test_the_first_bad_loss_ends_the_epoch(callback: RiskCallback, monitor: Any) -> None:
    """After a loss that is no number every mean is none, so later ones are missing until the next epoch."""
    played(callback, [1.0, math.nan, 1.0, 1.0])
    played(callback, [2.0])

    losses = [loss for _, loss in told(monitor)]
    assert (1.0, True, [None, None, 2.0]) == (losses[0], math.isnan(losses[1] or 0.0), losses[2:])


def test_what_rounding_has_eaten_is_left_out(callback: RiskCallback, monitor: Any) -> None:
    """After a spike a small loss is below the last digit of the mean, and no loss is made up."""
    callback.on_epoch_begin(0)
    callback.on_train_batch_end(0, {"loss": 1e12})
    callback.on_train_batch_end(1, {"loss": 5e11})

    assert [(1, 1e12), (2, None)] == told(monitor)


def test_without_a_logged_loss_there_is_none(callback: RiskCallback, monitor: Any) -> None:
    """A model that logs no loss has none, never zero."""
    callback.on_train_batch_end(0, None)

    assert [(1, None)] == told(monitor)


@pytest.mark.parametrize(
    ("decision", "stops"),
    [(Decision(), False), (Decision(stop=True), True), (Decision(roll_back=True), True), (Decision(save=True), False)],
    ids=["go on", "stop", "roll back", "save"],
)
def test_what_the_ranks_agreed_on_ends_the_training(monitor: Any, decision: Decision, *, stops: bool) -> None:
    """Stop and roll back end the training; the decision can be read."""
    model = SimpleNamespace(stop_training=False)
    callback = RiskCallback(monitor, start=10)
    callback.set_model(model)
    monitor.answers["sync"] = decision
    callback.on_train_batch_end(0, {"loss": 1.0})

    assert (stops, decision, [11]) == (model.stop_training, callback.decision, monitor.given("sync"))


def test_the_validation_of_an_epoch_is_judged(callback: RiskCallback, monitor: Any) -> None:
    """Only what was validated counts; an epoch without it evaluates nothing."""
    callback.on_epoch_end(0, {"loss": 1.0})
    callback.on_epoch_end(1, {"loss": 1.0, "val_loss": 0.5})

    assert [(0, {"val_loss": 0.5})] == monitor.given("evaluate")


def test_the_last_steps_are_judged(callback: RiskCallback, monitor: Any) -> None:
    """What was not looked at yet is at the end of the training; the run stays open for an evaluation."""
    callback.on_train_end()

    assert [("flush", None)] == monitor.told


# --- attach ----------------------------------------------------------------------------------------------------------


class Model:
    """A model that trains as Keras does on the torch backend.

    Attributes:
        jit_compile: whether it is compiled into a graph.
        optimizer: what updates it.
        applied: the gradients that were applied.
        training: whether it trains.
    """

    jit_compile = False
    training = True

    def __init__(self, **optimizer: Any) -> None:
        """Take what the optimizer has beside its method."""
        self.applied: list[Any] = []
        self.optimizer = SimpleNamespace(apply=lambda grads, _variables: self.applied.append(grads), **optimizer)
        self.next_loss: Any = None

    def compute_loss(self, **_given: Any) -> Any:
        """Return the loss that a test set."""
        return self.next_loss

    def train(self, loss: Any, *gradients: Any) -> None:
        """Make one step."""
        self.next_loss = loss
        self.compute_loss(training=True)
        self.optimizer.apply(list(gradients), [])


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say which backend Keras runs on."""

    def use(name: str) -> None:
        monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(backend=SimpleNamespace(backend=lambda: name)))

    use("torch")
    return use


@pytest.mark.usefixtures("backend")
def test_attach_tells_each_step_before_its_update(
    monitor: Any, parameter: Callable[..., Any], held: Callable[[float], Any]
) -> None:
    """Loss and norm are those of the step, an evaluation in between is none, and the update happens."""
    model = Model()
    callback = attach(model, monitor, start=4)
    model.train(held(0.5), parameter(3.0).grad, parameter(4.0).grad)
    model.next_loss = held(9.0)
    model.compute_loss(training=False)
    callback.on_train_batch_end(0, {"loss": 7.0})

    assert ([(5, {"loss": 0.5, "grad_norm": 5.0})], [5], 1) == (
        monitor.given("step"),
        monitor.given("sync"),
        len(model.applied),
    )


@pytest.mark.usefixtures("backend")
def test_a_step_that_is_left_out_is_not_applied(monitor: Any, parameter: Callable[..., Any]) -> None:
    """The optimizer sees nothing of it."""
    model = Model()
    attach(model, monitor)
    monitor.answers["step"] = Decision(skip_update=True)
    model.train("no tensor", parameter(1.0).grad)

    assert [] == model.applied


@pytest.mark.usefixtures("backend")
def test_an_overflow_is_the_scalers(monitor: Any, parameter: Callable[..., Any]) -> None:
    """With loss scaling an infinite norm is told to nobody."""
    model = Model(inner_optimizer=None)
    attach(model, monitor)
    model.train("no tensor", parameter(math.inf).grad)

    assert {"loss": None, "grad_norm": None} == monitor.given("step")[0][1]


@pytest.mark.usefixtures("backend")
def test_a_monitor_that_raises_changes_no_update(monitor: Any, parameter: Callable[..., Any]) -> None:
    """The update happens as without it."""
    model = Model()
    attach(model, monitor)
    monitor.raises = RuntimeError("ours")
    model.train("no tensor", parameter(1.0).grad)

    assert 1 == len(model.applied)


@pytest.mark.parametrize(("name", "compiled"), [("jax", False), ("torch", True)], ids=["backend", "graph"])
def test_attach_refuses_what_runs_in_a_graph(
    monitor: Any, backend: Callable[[str], None], name: str, *, compiled: bool
) -> None:
    """Elsewhere the methods are compiled, and wrapping them would do nothing or break the graph."""
    backend(name)
    model = Model()
    model.jit_compile = compiled

    with pytest.raises(InvalidValue, match="torch backend"):
        attach(model, monitor)


@pytest.mark.parametrize("event", EVENTS)
def test_no_failure_of_ours_leaves_a_method(callback: RiskCallback, monitor: Any, event: str) -> None:
    """A monitor that raises, and arguments of another shape, end nothing."""
    monitor.raises = RuntimeError("ours")
    odd = (None,) * len(EVENTS[event])

    assert [None, None] == [getattr(callback, event)(*given) for given in (EVENTS[event], odd)]


def test_a_shut_gate_passes(callback: RiskCallback, monitor: Any, shut: GateBlocked) -> None:
    """A declared block is the host's wish and ends the run."""
    monitor.raises = shut

    with pytest.raises(GateBlocked):
        callback.on_train_batch_end(0, {"loss": 1.0})
