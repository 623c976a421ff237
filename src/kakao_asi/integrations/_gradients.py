"""Gradients of torch, by what they can do: their norm, whether they are numbers, and how a step is left out.

torch is never imported, only looked up among the modules that the host has loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

__all__ = ["drop", "held_by", "norm_of"]


def held_by(optimizer: Any) -> list[Any]:
    """Return the parameters that an optimizer changes."""
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def norm_of(gradients: Iterable[Any]) -> Any:
    """Return the 2-norm over all gradients as a scalar that stays on its device; None where there is none.

    One fused check: the norm is finite only if every gradient is. Gradients in half precision are summed in single
    precision, so that a large but finite one does not overflow.
    """
    found = [_dense(gradient) for gradient in gradients if gradient is not None]
    if not found:
        return None
    torch = sys.modules["torch"]
    if any(gradient.dtype == torch.float16 for gradient in found):
        norms = [torch.linalg.vector_norm(gradient, dtype=torch.float32) for gradient in found]
        return torch.linalg.vector_norm(torch.stack([norm.to(norms[0].device) for norm in norms]))
    return torch.nn.utils.get_total_norm(found)


def _dense(gradient: Any) -> Any:
    detached = gradient.detach()
    return detached.coalesce().values() if detached.is_sparse else detached


def drop(parameters: Iterable[Any]) -> None:
    """Leave a step out: an optimizer passes over parameters without a gradient, their momentum too."""
    for parameter in parameters:
        parameter.grad = None
