"""Memory per risk state, against a plain attrs object and a dict of eight fields.

Measured with ``tracemalloc`` over many objects whose contents are shared, so that only the objects themselves count.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import attrs

from .pairing import Ratio, of_pairs
from .subjects import register_with_one_risk
from .transitions import Plain

__all__ = ["measure"]


def _bytes_each(make: Callable[[], object], count: int) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        kept: list[object] = [None] * count
        before, _ = tracemalloc.get_traced_memory()
        for number in range(count):
            kept[number] = make()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / count


def measure(*, rounds: int, count: int) -> tuple[Ratio, ...]:
    """Compare a risk state of a register with both twins; bytes an object."""
    with register_with_one_risk() as register:
        state = register.risk("leaks-rrn")
    fields = {one.name: getattr(state, one.name) for one in attrs.fields(type(state))}
    names = [one.name for one in attrs.fields(Plain)]
    values: list[Any] = [fields.get(name, state.id) for name in names]

    def risk_state() -> object:
        return type(state)(**fields)

    def plain() -> object:
        return Plain(*values)

    def as_dict() -> object:
        return dict(zip(names, values, strict=True))

    found = []
    for twin, make in (("attrs object of 8 fields", plain), ("dict of 8 fields", as_dict)):
        pairs = [(_bytes_each(risk_state, count), _bytes_each(make, count)) for _ in range(rounds)]
        found.append(of_pairs(f"memory of a RiskState ({len(fields)} fields)", twin, pairs, unit="bytes"))
    return tuple(found)
