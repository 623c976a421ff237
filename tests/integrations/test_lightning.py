"""The callback for Lightning, with a trainer that is as little as it uses."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kakao_asi.exceptions import GateBlocked
from kakao_asi.integrations.lightning import RiskCallback
from kakao_asi.training import Decision

EVENTS: dict[str, tuple[Any, ...]] = {
    "on_fit_start": (),
    "on_before_backward": (0.5,),
    "on_before_optimizer_step": (None,),
    "on_train_batch_end": (None, None, 0),
    "on_validation_end": (),
    "on_save_checkpoint": ({},),
    "on_exception": (KeyboardInterrupt(),),
    "on_train_end": (),
    "on_fit_end": (),
}

pytestmark = pytest.mark.usefixtures("fake_torch")


class DDPStrategy:
    """A strategy whose gradients are whole."""


class FSDPStrategy:
    """A strategy whose gradients are shards."""


@pytest.fixture
def trainer() -> SimpleNamespace:
    """A trainer after its fourth step."""
    saved: list[str] = []
    return SimpleNamespace(
        global_step=4,
        global_rank=0,
        world_size=2,
        should_stop=False,
        sanity_checking=False,
        strategy=DDPStrategy(),
        precision_plugin=SimpleNamespace(),
        callback_metrics={"val_loss": 0.5},
        checkpoint_callbacks=[],
        default_root_dir="runs",
        save_checkpoint=saved.append,
        saved=saved,
    )


@pytest.fixture
def optimizer(parameter: Callable[..., Any]) -> SimpleNamespace:
    """An optimizer over gradients with the norm 5."""
    return SimpleNamespace(param_groups=[{"params": [parameter(3.0)]}, {"params": [parameter(4.0)]}])


@pytest.fixture
def callback(monitor: Any) -> RiskCallback:
    """The callback."""
    return RiskCallback(monitor)


def gradients(optimizer: Any) -> list[Any]:
    """What is left of the gradients."""
    return [one.grad for group in optimizer.param_groups for one in group["params"]]


def test_every_other_event_does_nothing(callback: RiskCallback, monitor: Any) -> None:
    """Events of later versions are answered; what is no event is no attribute."""
    assert [None] * 3 == [callback.setup(None, None, "fit"), callback.teardown(), callback.on_later_event(1)]
    assert ([], False) == (monitor.told, hasattr(callback, "fit"))


def test_it_has_the_keys_that_lightning_asks_for(callback: RiskCallback) -> None:
    """Its state is found again under one key, by today's name and by the one of old checkpoints."""
    legacy: Any = callback

    assert ("kakao_asi.RiskCallback", RiskCallback) == (callback.state_key, getattr(legacy, "_legacy_state_key"))  # noqa: B009


def test_its_memory_rides_in_the_checkpoint(callback: RiskCallback, monitor: Any) -> None:
    """What is saved comes back as it was."""
    saved = callback.state_dict()
    callback.load_state_dict(saved)

    assert [saved] == monitor.given("resume")


def test_a_memory_that_fails_is_empty(callback: RiskCallback, monitor: Any) -> None:
    """A monitor that cannot say what it remembers leaves nothing in the checkpoint."""
    monitor.raises = RuntimeError("ours")
    callback.load_state_dict({})

    assert {} == callback.state_dict()


def test_loss_and_gradients_are_told_before_the_update(
    callback: RiskCallback, monitor: Any, trainer: Any, optimizer: Any, held: Callable[[float], Any]
) -> None:
    """Two batches that accumulate are one step, and the next one begins with none."""
    callback.on_before_backward(trainer, None, held(0.25))
    callback.on_before_backward(trainer, None, held(0.5))
    callback.on_before_optimizer_step(trainer, None, optimizer)
    callback.on_before_optimizer_step(trainer, None, optimizer)

    assert [(5, {"loss": 0.75, "grad_norm": 5.0}), (5, {"loss": None, "grad_norm": 5.0})] == monitor.given("step")
    assert None not in gradients(optimizer)


def test_a_step_that_is_left_out_has_no_gradients(
    callback: RiskCallback, monitor: Any, trainer: Any, optimizer: Any
) -> None:
    """Every gradient of the optimizer is dropped."""
    monitor.answers["step"] = Decision(skip_update=True)
    callback.on_before_optimizer_step(trainer, None, optimizer)

    assert [None, None] == gradients(optimizer)


def test_a_scaled_loss_is_told_unscaled(
    callback: RiskCallback, monitor: Any, trainer: Any, optimizer: Any, held: Callable[[float], Any]
) -> None:
    """Mixed precision shows the loss times its scale."""
    trainer.precision_plugin.scaler = SimpleNamespace(get_scale=lambda: 64.0)
    callback.on_before_backward(trainer, None, held(32.0))
    callback.on_before_optimizer_step(trainer, None, optimizer)

    assert (5, {"loss": 0.5, "grad_norm": 5.0}) == monitor.given("step")[0]


def test_an_overflow_is_the_scalers(
    callback: RiskCallback, monitor: Any, trainer: Any, parameter: Callable[..., Any]
) -> None:
    """With loss scaling an infinite norm is told to nobody."""
    trainer.precision_plugin.scaler = SimpleNamespace(get_scale=lambda: 64.0)
    optimizer = SimpleNamespace(param_groups=[{"params": [parameter(math.inf)]}])
    callback.on_before_optimizer_step(trainer, None, optimizer)

    assert monitor.given("step")[0][1]["grad_norm"] is None


def test_the_norm_of_a_shard_is_not_judged(callback: RiskCallback, monitor: Any, trainer: Any, optimizer: Any) -> None:
    """It differs between ranks, so acting on it would part them."""
    trainer.strategy = FSDPStrategy()
    callback.on_before_optimizer_step(trainer, None, optimizer)

    assert monitor.given("step")[0][1]["grad_norm"] is None


@pytest.mark.parametrize(
    ("decision", "stops", "saved"),
    [
        (Decision(), False, []),
        (Decision(stop=True), True, []),
        (Decision(roll_back=True, checkpoint="a.ckpt"), True, []),
        (Decision(save=True), False, ["runs/exp-1-4.ckpt"]),
    ],
    ids=["go on", "stop", "roll back", "save"],
)
def test_what_the_ranks_agreed_on_is_asked_for(
    callback: RiskCallback, monitor: Any, trainer: Any, decision: Decision, *, stops: bool, saved: list[str]
) -> None:
    """Stop and roll back end the training, save saves, and the decision can be read."""
    monitor.answers["sync"] = decision
    callback.on_train_batch_end(trainer, None, None, None, 0)

    assert (stops, saved, decision) == (trainer.should_stop, trainer.saved, callback.decision)


def test_a_validation_is_judged_but_not_the_sanity_check(callback: RiskCallback, monitor: Any, trainer: Any) -> None:
    """The check before the training evaluates nothing."""
    trainer.sanity_checking = True
    callback.on_validation_end(trainer, None)
    trainer.sanity_checking = False
    callback.on_validation_end(trainer, None)

    assert [(4, {"val_loss": 0.5})] == monitor.given("evaluate")


def test_a_checkpoint_says_what_it_rests_on(callback: RiskCallback, trainer: Any) -> None:
    """The run's id and the digests of its evidence stand in the checkpoint."""
    checkpoint: dict[str, Any] = {"state_dict": {}}
    callback.on_save_checkpoint(trainer, None, checkpoint)

    rests = [{"kind": "data_set", "digest": "sha256:aa"}]
    assert {"state_dict": {}, "kakao_asi": {"run": "exp-1", "evidence": rests}} == checkpoint


@pytest.mark.parametrize("event", ["on_train_batch_end", "on_validation_end", "on_train_end", "on_fit_end"])
def test_a_checkpoint_is_judged_once(callback: RiskCallback, monitor: Any, trainer: Any, event: str) -> None:
    """Each written file is judged at the next event, and only once."""
    writer = SimpleNamespace(best_model_path="best.ckpt", last_model_path="")
    trainer.checkpoint_callbacks = [writer, SimpleNamespace()]
    getattr(callback, event)(trainer, None)
    writer.last_model_path = "last.ckpt"
    getattr(callback, event)(trainer, None)

    assert ["best.ckpt", "last.ckpt"] == [path for path, _, _ in monitor.given("checkpoint")]


def test_the_first_rank_alone_judges_a_checkpoint(callback: RiskCallback, monitor: Any, trainer: Any) -> None:
    """The others did not write it."""
    trainer.global_rank = 1
    trainer.checkpoint_callbacks = [SimpleNamespace(best_model_path="best.ckpt")]
    callback.on_train_end(trainer, None)

    assert [] == monitor.given("checkpoint")


def test_rank_failure_and_end_are_told(callback: RiskCallback, monitor: Any, trainer: Any) -> None:
    """The rank is told at the start, an exception by the name of its type, and then all that is left."""
    trainer.global_rank = 1
    callback.on_fit_start(trainer, None)
    callback.on_exception(trainer, None, KeyError("private"))
    callback.on_fit_end(trainer, None)

    assert [("bind", (1, 2)), ("fail", "KeyError"), ("close", None), ("flush", None)] == monitor.told


@pytest.mark.parametrize("event", EVENTS)
def test_no_failure_of_ours_leaves_a_method(
    callback: RiskCallback, monitor: Any, trainer: Any, optimizer: Any, event: str
) -> None:
    """A monitor that raises, and a trainer of another shape, end nothing."""
    monitor.raises = RuntimeError("ours")
    given = (optimizer,) if event == "on_before_optimizer_step" else EVENTS[event]

    assert [None, None] == [getattr(callback, event)(one, None, *given) for one in (trainer, None)]
    assert not trainer.should_stop


def test_a_shut_gate_passes(callback: RiskCallback, monitor: Any, trainer: Any, shut: GateBlocked) -> None:
    """A declared block is the host's wish and ends the run."""
    monitor.raises = shut

    with pytest.raises(GateBlocked):
        callback.on_fit_start(trainer, None)
