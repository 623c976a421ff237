"""The callback for transformers, with a trainer that is as little as it uses."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kakao_asi.exceptions import GateBlocked
from kakao_asi.integrations.transformers import RiskCallback, attach
from kakao_asi.training import Decision

EVENTS = ("on_train_begin", "on_pre_optimizer_step", "on_log", "on_step_end", "on_evaluate", "on_save", "on_train_end")

pytestmark = pytest.mark.usefixtures("fake_torch")


@pytest.fixture
def args(tmp_path: Path) -> SimpleNamespace:
    """The arguments of the second of two processes."""
    return SimpleNamespace(process_index=1, world_size=2, fp16=False, fsdp="", deepspeed=None, output_dir=str(tmp_path))


@pytest.fixture
def state() -> SimpleNamespace:
    """A run after its fourth step."""
    return SimpleNamespace(global_step=4, is_world_process_zero=True)


@pytest.fixture
def control() -> SimpleNamespace:
    """What a callback may ask for; nothing yet."""
    return SimpleNamespace(should_training_stop=False, should_save=False)


@pytest.fixture
def model(parameter: Callable[..., Any]) -> SimpleNamespace:
    """A model whose gradients have the norm 5."""
    held = [parameter(3.0), parameter(4.0)]
    return SimpleNamespace(parameters=lambda: iter(held), held=held)


@pytest.fixture
def callback(monitor: Any) -> RiskCallback:
    """The callback."""
    return RiskCallback(monitor)


def test_every_other_event_does_nothing(callback: RiskCallback, monitor: Any) -> None:
    """Events of later versions are answered; what is no event is no attribute."""
    assert callback.on_some_later_event(1, model=2) is None
    assert ([], False) == (monitor.told, hasattr(callback, "state"))


def test_loss_and_gradients_are_told_before_the_update(
    callback: RiskCallback, monitor: Any, state: Any, model: Any
) -> None:
    """The step is the one to come; without attach there is no loss of its own, and the gradients stay."""
    callback.on_pre_optimizer_step(None, state, None, model=model, optimizer=None)

    assert [(5, {"loss": None, "grad_norm": 5.0})] == monitor.given("step")
    assert all(one.grad is not None for one in model.held)


def test_a_step_that_is_left_out_has_no_gradients(callback: RiskCallback, monitor: Any, state: Any, model: Any) -> None:
    """The Trainer has no flag for it, so every gradient is dropped."""
    monitor.answers["step"] = Decision(skip_update=True)
    callback.on_pre_optimizer_step(None, state, None, model=model)

    assert [None, None] == [one.grad for one in model.held]


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        ({"loss": 0.7, "grad_norm": 2.0}, 0.7),
        ({"loss": 0.0, "grad_norm": math.nan}, None),
        ({"loss": 0.0, "grad_norm": 1.0}, 0.0),
        ({"loss": 0.3}, 0.3),
        ({"train_runtime": 3.0}, None),
        (None, None),
    ],
    ids=["mean", "masked", "zero", "no norm", "final", "none"],
)
def test_a_logged_loss_goes_with_the_next_step(
    callback: RiskCallback, monitor: Any, state: Any, model: Any, *, logs: Any, expected: float | None
) -> None:
    """The logged mean is told once; 0.0 beside bad gradients is a mask, and a final log has no loss."""
    callback.on_log(None, state, None, logs=logs)
    callback.on_pre_optimizer_step(None, state, None, model=model)
    callback.on_pre_optimizer_step(None, state, None, model=model)

    assert [expected, None] == [values["loss"] for _, values in monitor.given("step")]


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (Decision(), (False, False)),
        (Decision(stop=True), (True, False)),
        (Decision(roll_back=True, checkpoint="checkpoint-3"), (True, False)),
        (Decision(save=True), (False, True)),
    ],
    ids=["go on", "stop", "roll back", "save"],
)
def test_what_the_ranks_agreed_on_is_asked_for(
    callback: RiskCallback, monitor: Any, state: Any, control: Any, *, decision: Decision, expected: tuple[bool, bool]
) -> None:
    """Stop and roll back end the training, save saves, and the decision can be read."""
    monitor.answers["sync"] = decision
    callback.on_step_end(None, state, control)

    assert (expected, decision) == ((control.should_training_stop, control.should_save), callback.decision)


def test_what_others_asked_for_stays(callback: RiskCallback, monitor: Any, state: Any, control: Any) -> None:
    """A stop or a save that somebody else asked for is not taken back."""
    control.should_training_stop = control.should_save = True
    monitor.answers["sync"] = Decision(save=True)
    callback.on_step_end(None, state, control)

    assert (True, True) == (control.should_training_stop, control.should_save)


def test_an_evaluation_has_no_timings(callback: RiskCallback, monitor: Any, state: Any) -> None:
    """How long an evaluation took is no part of what it found."""
    metrics = {"eval_loss": 0.5, "eval_runtime": 3.0, "eval_samples_per_second": 9.0, "epoch": 1.0}
    callback.on_evaluate(None, state, None, metrics=metrics)

    assert [(4, {"eval_loss": 0.5})] == monitor.given("evaluate")


def test_the_first_rank_alone_judges_a_checkpoint(
    callback: RiskCallback, monitor: Any, args: Any, state: Any, model: Any, *, tmp_path: Path
) -> None:
    """Every rank keeps its memory beside the checkpoint, the first one has the checkpoint judged."""
    callback.on_save(args, state, None, model=model)
    args.process_index, state.is_world_process_zero = 0, False
    callback.on_save(args, state, None, model=model)

    assert [(str(tmp_path / "checkpoint-4"), 4, 2)] == monitor.given("checkpoint")
    assert ["4-0.json", "4-1.json"] == sorted(path.name for path in (tmp_path / "kakao_asi").iterdir())


def test_a_run_goes_on_where_it_was_saved(
    callback: RiskCallback, monitor: Any, args: Any, state: Any, model: Any
) -> None:
    """The rank takes up its own memory of the step that the run goes on from."""
    callback.on_save(args, state, None, model=model)
    callback.on_train_begin(args, state, None)

    assert ([(1, 2)], [{"remembered": 2}]) == (monitor.given("bind"), monitor.given("resume"))


@pytest.mark.parametrize("step", [0, 9], ids=["new", "unknown"])
def test_a_run_without_a_memory_begins_anew(
    callback: RiskCallback, monitor: Any, args: Any, state: Any, step: int
) -> None:
    """A new run, and one from a checkpoint that nobody watched, only takes its rank."""
    state.global_step = step
    callback.on_train_begin(args, state, None)

    assert [("bind", (1, 2))] == monitor.told


@pytest.mark.parametrize("sharding", ["fsdp", "deepspeed"])
def test_the_norm_of_a_shard_is_not_judged(
    callback: RiskCallback, monitor: Any, args: Any, state: Any, model: Any, *, sharding: str
) -> None:
    """It differs between ranks, so acting on it would part them."""
    setattr(args, sharding, "full_shard")
    callback.on_train_begin(args, state, None)
    callback.on_pre_optimizer_step(args, state, None, model=model)

    assert monitor.given("step")[0][1]["grad_norm"] is None


def test_an_overflow_is_the_scalers(
    callback: RiskCallback, monitor: Any, args: Any, state: Any, parameter: Callable[..., Any]
) -> None:
    """With loss scaling an infinite norm is told to nobody."""
    args.fp16 = True
    callback.on_train_begin(args, state, None)
    callback.on_pre_optimizer_step(args, state, None, model=SimpleNamespace(parameters=lambda: [parameter(math.inf)]))

    assert monitor.given("step")[0][1]["grad_norm"] is None


def test_the_last_steps_are_judged(callback: RiskCallback, monitor: Any, args: Any, state: Any) -> None:
    """What was not looked at yet is at the end of the training; the run stays open for an evaluation."""
    callback.on_train_end(args, state, None)

    assert [("flush", None)] == monitor.told


class Trainer:
    """A trainer that calls what attach wraps.

    Attributes:
        callbacks: those that were added.
        accelerator: has the clipping.
    """

    def __init__(self, losses: list[Any], norm: float) -> None:
        """Take the losses to come, and the norm."""
        self._losses = losses
        self.callbacks: list[Any] = []
        self.accelerator = SimpleNamespace(clip_grad_norm_=lambda _parameters, _most: norm)

    def training_step(self, _model: Any, inputs: Any) -> Any:
        """Return the next loss, or fail."""
        if inputs == "bad":
            message = "the host's own"
            raise ValueError(message)
        return self._losses.pop(0)

    def add_callback(self, callback: Any) -> None:
        """Take a callback."""
        self.callbacks.append(callback)


def test_attach_tells_the_true_loss_and_the_norm_that_is_there(
    monitor: Any, state: Any, model: Any, held: Callable[[float], Any]
) -> None:
    """Two batches that accumulate are one step; what is logged counts for nothing then."""
    trainer = Trainer([held(0.25), held(0.5)], norm=7.0)
    callback = attach(trainer, monitor)
    returned = [trainer.training_step(model, {}), trainer.training_step(model, {})]
    clipped = trainer.accelerator.clip_grad_norm_([], 1.0)
    callback.on_log(None, state, None, logs={"loss": 9.0})
    callback.on_pre_optimizer_step(None, state, None, model=model)

    assert ([0.25, 0.5], 7.0, [callback]) == (returned, clipped, trainer.callbacks)
    assert [(5, {"loss": 0.75, "grad_norm": 7.0})] == monitor.given("step")


def test_attach_lets_the_hosts_errors_through(monitor: Any, model: Any) -> None:
    """What the wrapped method raises is raised."""
    trainer = Trainer([], norm=1.0)
    attach(trainer, monitor)

    with pytest.raises(ValueError, match="the host's own"):
        trainer.training_step(model, "bad")


def test_attach_returns_what_it_cannot_read(monitor: Any, model: Any) -> None:
    """A loss that cannot be kept is returned all the same."""
    trainer = Trainer(["no tensor"], norm=1.0)
    attach(trainer, monitor)

    assert "no tensor" == trainer.training_step(model, {})


@pytest.mark.parametrize("event", EVENTS)
def test_no_failure_of_ours_leaves_a_method(
    callback: RiskCallback, monitor: Any, args: Any, state: Any, control: Any, *, event: str
) -> None:
    """A monitor that raises, and arguments of another shape, end nothing and ask for nothing."""
    monitor.raises = RuntimeError("ours")
    state.is_world_process_zero = True

    assert getattr(callback, event)(args, state, control, model=SimpleNamespace(parameters=list)) is None
    assert getattr(callback, event)(None, None, None) is None
    assert (False, False) == (control.should_training_stop, control.should_save)


def test_a_shut_gate_passes(callback: RiskCallback, monitor: Any, args: Any, state: Any, shut: GateBlocked) -> None:
    """A declared block is the host's wish and ends the run."""
    monitor.raises = shut

    with pytest.raises(GateBlocked):
        callback.on_train_begin(args, state, None)


def test_the_memory_is_json(callback: RiskCallback, args: Any, state: Any, model: Any, tmp_path: Path) -> None:
    """Any program can read what is kept beside a checkpoint."""
    callback.on_save(args, state, None, model=model)

    assert {"remembered": 2} == json.loads((tmp_path / "kakao_asi" / "4-1.json").read_text("utf-8"))
