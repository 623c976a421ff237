"""Lightning: a callback for its ``Trainer``, by what a callback can do; nothing of Lightning is imported.

It is passed by hand and registered nowhere: installing a library must not change a training.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from .._internal.sites import Site
from ..training import Decision, Monitor
from ._gradients import drop, held_by, norm_of
from ._guarding import guarded, nothing, site_of

__all__ = ["RiskCallback"]

_EVENTS = ("on_", "setup", "teardown")
_SHARDED = ("FSDP", "DeepSpeed", "ModelParallel")


class RiskCallback:
    """A callback for a Lightning ``Trainer`` that lets a monitor look; lives as long as the ``Trainer``.

    ``on_train_batch_end`` comes after the optimizer step, so loss and gradients are judged in
    ``on_before_optimizer_step``, before they are clipped; to leave a step out, the gradients are dropped and the
    optimizer passes over every parameter. Steps are those of ``trainer.global_step``, from 1. What the monitor
    remembers rides in the checkpoint and comes back with it.

    Evaluations are what the module logged by then, under its names; over several ranks log them with
    ``sync_dist=True``, because they count as equal on all.

    Attributes:
        monitor: looks at the run.
        decision: what the ranks agreed on last. ``stop`` and ``roll_back`` end the training in order, not before
            ``min_steps`` and ``min_epochs``; to go back, fit again from ``decision.checkpoint``.

    Example:
        ```
        trainer = Trainer(max_epochs=3, callbacks=[RiskCallback(monitor)])
        ```
    """

    async_safe = False
    state_key = "kakao_asi.RiskCallback"

    def __init__(self, monitor: Monitor) -> None:
        """Hand the run's events to a monitor."""
        self.site: Site = site_of("lightning.RiskCallback")
        self.monitor = monitor
        self.decision: Decision = Decision()
        self._losses: list[Any] = []
        self._written: set[str] = set()

    @property
    def _legacy_state_key(self) -> type[RiskCallback]:
        return type(self)

    def __getattr__(self, name: str) -> Any:
        """Answer every other event, those of later versions too, by doing nothing."""
        if name.startswith(_EVENTS):
            return nothing
        raise AttributeError(name)

    # --- the state that rides in a checkpoint ------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return what the monitor remembers; nothing, if it cannot say."""
        return self._state() or {}

    @guarded
    def _state(self) -> dict[str, Any]:
        return self.monitor.state()

    @guarded
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where a checkpoint was taken."""
        self.monitor.resume(state)

    # --- events ------------------------------------------------------------------------------------------------------

    @guarded
    def on_fit_start(self, trainer: Any, _module: Any) -> None:
        """Tell the monitor its rank."""
        self.monitor.bind(rank=trainer.global_rank, world=trainer.world_size)

    @guarded
    def on_before_backward(self, trainer: Any, _module: Any, loss: Any) -> None:
        """Keep the loss of a batch for the step; mixed precision shows it scaled."""
        scaler = _scaler(trainer)
        self._losses.append(loss.detach() if scaler is None else loss.detach() / scaler.get_scale())

    @guarded
    def on_before_optimizer_step(self, trainer: Any, _module: Any, optimizer: Any) -> None:
        """Judge loss and gradients of the step to come, and drop the gradients if it is to be left out."""
        losses, self._losses = self._losses, []
        parameters = held_by(optimizer)
        norm = None
        if not any(word in type(trainer.strategy).__name__ for word in _SHARDED):
            # A shard's norm differs between ranks: acting on it would part them, so it is not judged at all.
            norm = norm_of(parameter.grad for parameter in parameters)
        if norm is not None and _scaler(trainer) is not None and not math.isfinite(norm):
            norm = None  # an overflow is the scaler's: it leaves the step out and scales less
        loss = sum(losses) if losses else None
        if self.monitor.step(trainer.global_step + 1, loss=loss, grad_norm=norm).skip_update:
            drop(parameters)

    @guarded
    def on_train_batch_end(self, trainer: Any, _module: Any, *_batch: Any) -> None:
        """Agree with all ranks, and ask the ``Trainer`` for what they agreed on."""
        asked = self.monitor.sync(trainer.global_step)
        if not asked.go_on:
            self.decision = asked
            trainer.should_stop |= asked.stop or asked.roll_back
            if asked.save:
                place = Path(trainer.default_root_dir) / f"{self.monitor.run}-{trainer.global_step}.ckpt"
                trainer.save_checkpoint(str(place))
        self._look_for_checkpoints(trainer)

    @guarded
    def on_validation_end(self, trainer: Any, _module: Any) -> None:
        """Judge an evaluation; the sanity check before the training is none."""
        if not trainer.sanity_checking:
            found = {name: float(value) for name, value in trainer.callback_metrics.items()}
            self.monitor.evaluate(trainer.global_step, found)
        self._look_for_checkpoints(trainer)

    @guarded
    def on_save_checkpoint(self, _trainer: Any, _module: Any, checkpoint: dict[str, Any]) -> None:
        """Write into a checkpoint which run it is of and what that rests on, as digests."""
        rests = [{"kind": one.kind.id, "digest": one.digest} for one in self.monitor.evidence()]
        checkpoint["kakao_asi"] = {"run": self.monitor.run, "evidence": rests}

    @guarded
    def on_exception(self, _trainer: Any, _module: Any, exception: BaseException) -> None:
        """Note that this rank failed, by the name of the exception's type, and tell what is left to tell."""
        self.monitor.fail(exception)
        self.monitor.close()

    @guarded
    def on_train_end(self, trainer: Any, _module: Any) -> None:
        """Judge the last evaluation's checkpoint."""
        self._look_for_checkpoints(trainer)

    @guarded
    def on_fit_end(self, trainer: Any, _module: Any) -> None:
        """Judge the last checkpoint, and the steps that nobody has looked at yet; an evaluation may follow."""
        self._look_for_checkpoints(trainer)
        self.monitor.flush()

    def _look_for_checkpoints(self, trainer: Any) -> None:
        """Judge what was written since the last time, on the first rank; checkpoints are written after our events."""
        if trainer.global_rank != 0:
            return
        for callback in trainer.checkpoint_callbacks:
            for name in ("best_model_path", "last_model_path"):
                path = getattr(callback, name, "")
                if path and path not in self._written:
                    self._written.add(path)
                    self.monitor.checkpoint(path)


def _scaler(trainer: Any) -> Any:
    return getattr(trainer.precision_plugin, "scaler", None)
