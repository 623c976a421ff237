"""Numbers that may still be on a device: kept there, and read many at a time.

No array library is imported. A tensor is what can be detached (torch) or waited for (jax); torch is looked up among
the modules the host has loaded, and only to read many tensors in one transfer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

__all__ = ["Number", "are_finite", "kept", "on_device", "read"]

Number: TypeAlias = Any
"""A float, an int, or anything ``float()`` takes: a scalar of an array library, a tensor of one or more elements."""


def on_device(value: Number) -> bool:
    """Tell whether reading a value may wait for a device; a tensor of torch in the host's own memory is at hand."""
    if hasattr(value, "detach"):
        return getattr(getattr(value, "device", None), "type", None) != "cpu"
    return hasattr(value, "block_until_ready")


def kept(value: Number) -> Number:
    """Return a value that stays what it is, still on its device: no graph, no storage that a later step writes to.

    Several elements become their mean: it is finite only if they all are.
    """
    if not hasattr(value, "detach"):
        return value
    plain = value.detach()
    return plain.mean() if plain.numel() > 1 else plain.clone()


def read(rows: Sequence[Mapping[str, Number]]) -> list[dict[str, float]]:
    """Read rows of numbers, those of torch in as few transfers as there are kinds of them."""
    flat = [value for row in rows for value in row.values()]
    numbers = iter(_floats(flat))
    return [dict(zip(row, numbers, strict=False)) for row in rows]


def _floats(values: list[Number]) -> list[float]:
    torch = sys.modules.get("torch")
    places = [index for index, value in enumerate(values) if hasattr(value, "detach")]
    found: dict[int, float] = {}
    if torch is not None and len(places) > 1:
        try:
            stacked = torch.stack([values[index].reshape(()) for index in places]).tolist()
            found = dict(zip(places, map(float, stacked), strict=True))
        except Exception:  # noqa: BLE001  # several devices or kinds: then one by one
            found = {}
    # Out of the graph first: torch warns of a number that is read while it stands in one.
    return [found[index] if index in found else float(kept(value)) for index, value in enumerate(values)]


def are_finite(tensors: Mapping[str, Any] | Iterable[Any]) -> bool:
    """Tell whether all numbers of tensors are finite; each is looked at on its device, the answers are read together.

    Nested mappings and lists are looked into, and what holds no floating-point numbers is passed over.
    """
    flags = [(one - one == 0).all() for one in _floating(tensors)]
    return all(read([{str(index): flag for index, flag in enumerate(flags)}])[0].values())


def _floating(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _floating(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _floating(one)
    elif hasattr(value, "detach"):
        if value.is_floating_point():
            yield value.detach()
    elif getattr(getattr(value, "dtype", None), "kind", "") == "f":
        yield value
    elif not isinstance(value, str | bytes) and isinstance(value, Iterable):
        for one in value:
            yield from _floating(one)
