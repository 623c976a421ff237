"""Keras: a callback for ``fit``, and ``attach``, which on the torch backend contains a step; nothing is imported."""

from __future__ import annotations

import functools
import math
import sys
from typing import Any

from .._internal.sites import Site
from ..exceptions import InvalidValue
from ..training import Decision, Monitor
from ._gradients import norm_of
from ._guarding import guarded, nothing, site_of

__all__ = ["RiskCallback", "attach"]

# The share of a number that is lost where it is kept in single precision.
_ROUNDING = 2.0**-23


class RiskCallback:
    """A callback for Keras ``fit`` that lets a monitor look; lives as long as the training.

    The loss that Keras logs is the mean since the epoch began, so one spike shows in every batch after it. The loss
    of a batch is worked out of two means in a row. That takes batches of one size, so the last one of an epoch may
    be off; it ends with the first that is not a number, because all means after it are none; and where rounding has
    eaten it, as after a spike, it is left out. A callback comes after the update: alone, it can end a training, but
    leave no step out. :func:`attach` can, on the torch backend.

    Steps are batches since the training began, from 1. Validation is judged at the end of each epoch, under the names
    that Keras logs, such as ``val_loss``.

    Attributes:
        async_safe: Keras waits for each call, because the answer may end the training.
        monitor: looks at the run.
        decision: what the ranks agreed on last. ``stop`` and ``roll_back`` end the training in order; to go back, load
            ``decision.checkpoint`` and fit again. ``save`` is for whoever reads it.
        steps: how many batches were seen.

    Example:
        ```
        model.fit(x, y, callbacks=[RiskCallback(monitor)])
        ```
    """

    async_safe = False

    def __init__(self, monitor: Monitor, *, start: int = 0) -> None:
        """Hand the run's events to a monitor.

        Args:
            monitor: looks at the run.
            start: the last step of the run that is resumed; 0 for a new one.
        """
        self.site: Site = site_of("keras.RiskCallback")
        self.monitor = monitor
        self.decision: Decision = Decision()
        self.steps: int = start
        self._model: Any = None
        self._attached = self._scaled = False
        self._loss: Any = None
        self._seen = 0
        self._mean = 0.0

    def __getattr__(self, name: str) -> Any:
        """Answer every other event, those of later versions too, by doing nothing."""
        if name.startswith(("on_", "set_")):
            return nothing
        raise AttributeError(name)

    def set_model(self, model: Any) -> None:
        """Take the model that is trained."""
        self._model = model

    @guarded
    def on_epoch_begin(self, _epoch: int, _logs: Any = None) -> None:
        """Begin a new mean, as Keras does."""
        self._seen, self._mean = 0, 0.0

    @guarded
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Judge the loss of a batch, or of several that ran as one, and end the training if all ranks agree."""
        done = batch + 1 - self._seen
        if not self._attached:
            self.steps += done
            self.monitor.step(self.steps, loss=self._loss_of(batch + 1, (logs or {}).get("loss")))
        self._seen = batch + 1
        asked = self.monitor.sync(self.steps)
        if not asked.go_on:
            self.decision = asked
            if asked.stop or asked.roll_back:
                self._model.stop_training = True

    @guarded
    def on_epoch_end(self, _epoch: int, logs: Any = None) -> None:
        """Judge the validation of an epoch, if there was one."""
        found = {name: float(value) for name, value in (logs or {}).items() if name.startswith("val_")}
        if found:
            self.monitor.evaluate(self.steps, found)

    @guarded
    def on_train_end(self, _logs: Any = None) -> None:
        """Judge the steps that nobody has looked at yet; an evaluation may follow, so the run is not closed."""
        self.monitor.flush()

    def _loss_of(self, seen: int, mean: Any) -> float | None:
        """Return the mean loss since the call before, out of the means since the epoch began."""
        if mean is None or not math.isfinite(self._mean):
            return None
        mean = float(mean)
        before, self._mean = self._mean, mean
        loss = (mean * seen - before * self._seen) / (seen - self._seen)
        lost = _ROUNDING * seen * max(abs(mean), abs(before))
        return None if self._seen and abs(loss) <= lost else loss

    # --- what a callback is not told ---------------------------------------------------------------------------------

    def _catch(self, model: Any) -> None:
        self._attached = True
        self._scaled = hasattr(model.optimizer, "inner_optimizer")
        compute, apply = model.compute_loss, model.optimizer.apply

        @functools.wraps(compute)
        def compute_loss(*args: Any, **kwargs: Any) -> Any:
            loss = compute(*args, **kwargs)
            if kwargs.get("training", model.training):
                self._note_loss(loss)
            return loss

        @functools.wraps(apply)
        def applied(grads: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._look(grads):
                apply(grads, *args, **kwargs)

        model.compute_loss, model.optimizer.apply = compute_loss, applied

    @guarded
    def _note_loss(self, loss: Any) -> None:
        self._loss = loss.detach()

    @guarded
    def _look(self, grads: Any) -> bool:
        loss, self._loss = self._loss, None
        self.steps += 1
        norm = norm_of(grads)
        if self._scaled and norm is not None and not math.isfinite(norm):
            norm = None  # an overflow is the scaler's: it leaves the step out and scales less
        return self.monitor.step(self.steps, loss=loss, grad_norm=norm).skip_update


def attach(model: Any, monitor: Monitor, *, start: int = 0) -> RiskCallback:
    """Let a monitor look at a compiled Keras model before each update; only on the torch backend.

    It wraps ``model.compute_loss`` and ``model.optimizer.apply``, which other backends compile into a graph. So each
    step has its own loss and its gradients, and a rule may have it left out.

    Args:
        model: compiled, neither with ``jit_compile`` nor on another backend.
        monitor: looks at it.
        start: the last step of the run that is resumed; 0 for a new one.

    Returns:
        The callback, to be passed to ``fit``.

    Raises:
        InvalidValue: Keras runs on another backend, or the model is compiled into a graph.
    """
    if sys.modules["keras"].backend.backend() != "torch" or model.jit_compile:
        raise InvalidValue("attach.model", "must run step by step on the torch backend", "pass RiskCallback to fit")
    callback = RiskCallback(monitor, start=start)
    callback._catch(model)  # noqa: SLF001  # one module, one idea
    return callback
