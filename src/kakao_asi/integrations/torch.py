"""A plain PyTorch loop: one call between ``backward`` and the next batch, instead of clip, step and clear."""

from __future__ import annotations

import math
import sys
from typing import Any

from attrs import evolve

from .._internal.sites import Site
from ..training import Decision, Monitor
from ._gradients import drop, held_by, norm_of
from ._guarding import guarded, site_of

__all__ = ["RiskLoop"]


class RiskLoop:
    """Updates a model as a plain loop would, and lets a monitor look first; lives as long as the loop.

    Whatever the monitor does, the update happens as without it, unless a rule asks to leave it out: then the
    gradients are dropped and the weights stay. Steps count from 1.

    Attributes:
        steps: how many updates were made or left out.

    Example:
        ```
        loop = RiskLoop(monitor, optimizer, clip=1.0)
        for batch in batches:
            loss = model(batch)
            loss.backward()
            if loop.update(loss).stop:
                break
        ```
    """

    def __init__(
        self, monitor: Monitor, optimizer: Any, *, clip: float | None = None, scaler: Any = None, start: int = 0
    ) -> None:
        """Bind a monitor to an optimizer.

        Args:
            monitor: looks at each step.
            optimizer: of torch, or like it.
            clip: the largest norm that gradients keep; None: they are not clipped, only measured.
            scaler: the ``GradScaler`` of mixed precision, or None. It leaves out steps whose gradients overflow by
                itself, so those are no finding.
            start: the last step of the run that is resumed; 0 for a new one.
        """
        self.site: Site = site_of("torch.RiskLoop")
        self.steps: int = start
        self._monitor, self._optimizer, self._scaler = monitor, optimizer, scaler
        self._clip = clip

    def update(self, loss: Any, **metrics: Any) -> Decision:
        """Let the monitor look at the gradients, then step and clear them; all ranks call it alike.

        Args:
            loss: of the batch, or the batches, behind the gradients; it may still be on its device.
            metrics: more numbers of the step, by name.

        Returns:
            What the loop is asked to do: ``stop``, ``save`` and ``roll_back`` agree on all ranks, ``skip_update`` says
            that the step was left out.
        """
        self.steps += 1
        if self._scaler is not None:
            self._scaler.unscale_(self._optimizer)
        parameters = held_by(self._optimizer)
        norm = self._clipped(parameters)
        asked = self._look(loss, norm, metrics) or Decision()
        if asked.skip_update:
            drop(parameters)
        if self._scaler is not None:
            self._scaler.step(self._optimizer)
            self._scaler.update()
        elif not asked.skip_update:
            self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        agreed = self._agree() or Decision()
        return evolve(agreed, skip_update=True) if asked.skip_update else agreed

    def _clipped(self, parameters: list[Any]) -> Any:
        if self._clip is None:
            return self._norm(parameters)
        return sys.modules["torch"].nn.utils.clip_grad_norm_(parameters, self._clip)

    @guarded
    def _norm(self, parameters: list[Any]) -> Any:
        return norm_of(parameter.grad for parameter in parameters)

    @guarded
    def _look(self, loss: Any, norm: Any, metrics: dict[str, Any]) -> Decision:
        if self._scaler is not None and norm is not None and not math.isfinite(norm):
            norm = None  # an overflow is the scaler's: it leaves the step out and scales less
        return self._monitor.step(self.steps, loss=loss, grad_norm=norm, **metrics)

    @guarded
    def _agree(self) -> Decision:
        return self._monitor.sync(self.steps)
