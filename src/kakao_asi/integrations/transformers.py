"""transformers: a callback for its ``Trainer``, and ``attach``, which also catches what callbacks are not told.

The ``Trainer`` looks each event up by a bare ``getattr``, so nothing of transformers is imported here.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .._internal.sites import Site
from ..training import Decision, Monitor
from ._gradients import drop, norm_of
from ._guarding import guarded, nothing, site_of

__all__ = ["RiskCallback", "attach"]

_TIMINGS = ("_runtime", "_per_second", "epoch", "_preparation_time")


class RiskCallback:
    """A callback for a transformers ``Trainer`` that lets a monitor look; lives as long as the ``Trainer``.

    The gradients are judged before each optimizer step, and a rule may have the step left out: the ``Trainer`` has no
    flag for that, so their gradients are dropped and the optimizer passes over every parameter. Its loss is not to be
    trusted: with ``logging_nan_inf_filter``, its default, it logs 0.0 for a loss that was not a number. Alone, the
    callback hands on the mean that was logged, with the step after it; :func:`attach` gives each step its own.

    Steps are those of the optimizer, from 1. Evaluations keep their names, such as ``eval_loss``. What the monitor
    remembers is kept with each checkpoint, as ``kakao_asi/STEP-RANK.json`` in the output folder and not in the
    checkpoint, whose digest stays; a run that goes on from the checkpoint takes it up.

    Attributes:
        monitor: looks at the run.
        decision: what the ranks agreed on last. ``stop`` and ``roll_back`` end the training in order; to go back, train
            again from ``decision.checkpoint``.

    Example:
        ```
        trainer = Trainer(model, args, train_dataset=data, callbacks=[RiskCallback(monitor)])
        ```
    """

    def __init__(self, monitor: Monitor) -> None:
        """Hand the run's events to a monitor."""
        self.site: Site = site_of("transformers.RiskCallback")
        self.monitor = monitor
        self.decision: Decision = Decision()
        self._losses: list[Any] = []
        self._norm: Any = None
        self._logged: float | None = None
        self._attached = self._scaled = self._sharded = False

    def __getattr__(self, name: str) -> Any:
        """Answer every other event, those of later versions too, by doing nothing."""
        if name.startswith("on_"):
            return nothing
        raise AttributeError(name)

    @guarded
    def on_train_begin(self, args: Any, state: Any, _control: Any = None, **_others: Any) -> None:
        """Read what the run is: its ranks, loss scaling and sharding; go on where a checkpoint was taken."""
        self._scaled = bool(getattr(args, "fp16", False))
        self._sharded = bool(getattr(args, "fsdp", None) or getattr(args, "deepspeed", None))
        self.monitor.bind(rank=args.process_index, world=args.world_size)
        if state.global_step > 0:
            saved = self._place(args, state)
            if saved.is_file():
                self.monitor.resume(json.loads(saved.read_text("utf-8")))

    @guarded
    def on_pre_optimizer_step(self, _args: Any, state: Any, _control: Any, model: Any = None, **_others: Any) -> None:
        """Judge loss and gradients of the step to come, and drop the gradients if it is to be left out."""
        loss, norm = self._taken(model)
        if self.monitor.step(state.global_step + 1, loss=loss, grad_norm=norm).skip_update:
            drop(model.parameters())

    @guarded
    def on_log(self, _args: Any, _state: Any, _control: Any, logs: Any = None, **_others: Any) -> None:
        """Keep the mean loss for the next step; 0.0 beside gradients that are no numbers is a mask, and no loss."""
        if self._attached or not logs or "loss" not in logs:
            return
        masked = logs["loss"] == 0.0 and not math.isfinite(logs.get("grad_norm", 0.0))
        self._logged = None if masked else float(logs["loss"])

    @guarded
    def on_step_end(self, _args: Any, state: Any, control: Any, **_others: Any) -> None:
        """Agree with all ranks, and ask the ``Trainer`` for what they agreed on."""
        asked = self.monitor.sync(state.global_step)
        if asked.go_on:
            return
        self.decision = asked
        control.should_training_stop |= asked.stop or asked.roll_back
        control.should_save |= asked.save

    @guarded
    def on_evaluate(self, _args: Any, state: Any, _control: Any, metrics: Any = None, **_others: Any) -> None:
        """Judge an evaluation; timings are no part of it."""
        found = {name: value for name, value in (metrics or {}).items() if not name.endswith(_TIMINGS)}
        self.monitor.evaluate(state.global_step, found)

    @guarded
    def on_save(self, args: Any, state: Any, _control: Any, model: Any = None, **_others: Any) -> None:
        """Judge a checkpoint on the first rank, and keep what the monitor of each rank remembers with it."""
        if state.is_world_process_zero:
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            self.monitor.checkpoint(folder, step=state.global_step, tensors=model.parameters())
        place = self._place(args, state)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(self.monitor.state()), "utf-8")

    @guarded
    def on_train_end(self, _args: Any, _state: Any, _control: Any, **_others: Any) -> None:
        """Judge the steps that nobody has looked at yet; an evaluation may follow, so the run is not closed."""
        self.monitor.flush()

    def _place(self, args: Any, state: Any) -> Path:
        return Path(args.output_dir) / "kakao_asi" / f"{state.global_step}-{args.process_index}.json"

    def _taken(self, model: Any) -> tuple[Any, Any]:
        losses, self._losses = self._losses, []
        norm, self._norm = self._norm, None
        logged, self._logged = self._logged, None
        if norm is None and not self._sharded:
            # A shard's norm differs between ranks: acting on it would part them, so it is not judged at all.
            norm = norm_of(parameter.grad for parameter in model.parameters())
        if self._scaled and norm is not None and not math.isfinite(norm):
            norm = None  # an overflow is the scaler's: it leaves the step out and scales less
        if losses or logged is None or norm is None:
            return sum(losses) if losses else logged, norm
        return logged, float(norm)  # beside a number at hand, one on a device would be judged later

    def _catch(self, trainer: Any) -> None:
        """Catch the loss of each step before it is masked, and the norm that is worked out anyway."""
        self._attached = True
        trainer.training_step = _noting(trainer.training_step, self._note_loss)
        trainer.accelerator.clip_grad_norm_ = _noting(trainer.accelerator.clip_grad_norm_, self._note_norm)

    @guarded
    def _note_loss(self, loss: Any) -> None:
        self._losses.append(loss.detach())

    @guarded
    def _note_norm(self, norm: Any) -> None:
        self._norm = norm


def attach(trainer: Any, monitor: Monitor) -> RiskCallback:
    """Let a monitor look at a ``Trainer`` at its best: the true loss of each step, the norm that is there anyway.

    It wraps ``trainer.training_step`` (its result is scaled for accumulation, and evaluations do not pass it) and
    ``trainer.accelerator.clip_grad_norm_`` (no norm is worked out twice, and a sharded one is that of all ranks). Both
    return and raise what they did.

    Args:
        trainer: a transformers ``Trainer`` that has not begun to train.
        monitor: looks at it.

    Returns:
        The callback, which was added.
    """
    callback = RiskCallback(monitor)
    callback._catch(trainer)  # noqa: SLF001  # one module, one idea
    trainer.add_callback(callback)
    return callback


def _noting(function: Callable[..., Any], note: Callable[[Any], None]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        note(result)
        return result

    return call
