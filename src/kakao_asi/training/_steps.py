"""Rules about the numbers of each step: what is not finite, what jumps, gradients that grow.

All numbers here are our choice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from math import isfinite, sqrt

from attrs import Attribute, field, frozen

from .._internal.fields import as_ids, check_id, check_optional, check_tuple_of, check_whole
from ..exceptions import InvalidValue
from ._rule import Action, Alarm, Memory, Moment, Seen, check_action, check_label, moments_of

__all__ = ["NON_FINITE", "GradNorm", "LossSpike", "NonFinite", "check_positive"]

NON_FINITE = "non_finite"
"""The label of a number that is not finite: a checkpoint written at that step is no good one."""

_NOTHING: tuple[Alarm, ...] = ()
# A loss that does not move at all has no spread; a change below this share of it is none.
_LEAST_SPREAD = 1e-3


def check_positive(instance: object, attribute: Attribute[float], value: float) -> None:
    """Refuse anything but a finite number above zero."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise InvalidValue(f"{type(instance).__name__}.{attribute.name}", "must be a finite number above 0")


def _weigh(rule: object, halflife: float) -> None:
    """Give a rule the weight of a new value, and the count up to which all values count alike."""
    weight = 1.0 - 0.5 ** (1.0 / halflife)
    object.__setattr__(rule, "weight", weight)
    object.__setattr__(rule, "even", 1.0 / weight)


@frozen(kw_only=True)
class NonFinite:
    """Says when a loss or a gradient is not a number, or infinite.

    It cannot see numbers that the framework hides: some log 0.0 for a loss that was none, so give it the gradients'
    norm too. A loss of exactly 0.0 beside a norm that is not finite is told as ``masked``. It sees no single parameter.

    Attributes:
        risk: id of the risk it bears on.
        action: what a step with such a number asks for; ``skip_update`` reads the numbers in each step, and only those
            that are on the host where the loop has read one of them already.
        rollback_after: how many such steps in a row ask to go back to the last good checkpoint; None: none do.
        on: names of the numbers looked at.
        name: part of what makes findings one group.
    """

    risk: str | None = field(default=None, validator=check_optional(check_id))
    action: Action = field(default="note", validator=check_action)
    rollback_after: int | None = field(default=None, validator=check_optional(check_whole(least=1)))
    on: frozenset[str] = field(
        default=frozenset({"loss", "grad_norm"}),
        converter=as_ids,
        validator=check_tuple_of(check_label, least=1, kind=frozenset),
    )
    name: str = field(default="non_finite", validator=check_label)

    @property
    def moments(self) -> frozenset[Moment]:
        """When it is asked."""
        return moments_of(self.action)

    @property
    def metrics(self) -> frozenset[str]:
        """The numbers looked at."""
        return self.on

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say that a number is not finite; the first of a row is reported, each asks for the action."""
        values = seen.values
        for metric in self.on:
            if metric in values and not isfinite(values[metric]):
                break
        else:
            if memory:
                memory.clear()
            return _NOTHING
        bad = min(metric for metric in self.on if metric in values and not isfinite(values[metric]))
        row = memory["row"] = memory.get("row", 0) + 1
        kind = "nan" if math.isnan(values[bad]) else "inf"
        masked = values.get("loss") == 0.0
        facts = {"value": kind, **({"masked": True} if masked else {})}
        found = [Alarm(label=NON_FINITE, action=self.action, metric=bad, report=row == 1, facts=facts)]
        if self.rollback_after is not None and row >= self.rollback_after:
            first = row == self.rollback_after
            facts = {"steps": row}
            found.append(Alarm(label="non_finite_row", action="roll_back", metric=bad, report=first, facts=facts))
        return found


@frozen(kw_only=True)
class LossSpike:
    """Says when a loss jumps above what it was lately.

    Mean and variance are exponentially weighted; until ``1 / (n + 1)`` falls below the weight of the half-life, all
    values count alike. A value is a spike if it lies more than ``k`` standard deviations above the mean, where the
    deviation counts as at least a thousandth of the mean. Spikes are not learnt from; after ``relearn`` of them in a
    row the level has shifted, which is told once, and it learns anew. Numbers that are not finite are passed over.
    It cannot see a slow rise, nor a spike within the first ``warmup`` steps.

    Attributes:
        risk: id of the risk it bears on.
        k: how many standard deviations, above 0.
        halflife: after how many steps a value counts half, above 0.
        warmup: how many values are learnt before anything is a spike, at least 2.
        relearn: how many spikes in a row are a new level, at least 1.
        action: what a spike asks for.
        metric: the number looked at.
        name: part of what makes findings one group.
        weight: the weight of a new value, worked out of ``halflife``.
        even: up to how many values all count alike, worked out of ``halflife``.
    """

    risk: str | None = field(default=None, validator=check_optional(check_id))
    k: float = field(default=6.0, validator=check_positive)
    halflife: float = field(default=200.0, validator=check_positive)
    warmup: int = field(default=50, validator=check_whole(least=2))
    relearn: int = field(default=100, validator=check_whole(least=1))
    action: Action = field(default="note", validator=check_action)
    metric: str = field(default="loss", validator=check_label)
    name: str = field(default="loss_spike", validator=check_label)
    weight: float = field(init=False, repr=False, eq=False)
    even: float = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Work out once the weight of a new value, and up to how many values all count alike."""
        _weigh(self, self.halflife)

    @property
    def moments(self) -> frozenset[Moment]:
        """When it is asked."""
        return moments_of(self.action)

    @property
    def metrics(self) -> frozenset[str]:
        """The number looked at."""
        return frozenset({self.metric})

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say that the value is a spike, or learn from it."""
        value = seen.values[self.metric]
        if not isfinite(value):
            return _NOTHING
        level = memory.get("level")
        if level is None:
            memory["level"] = [1, value, 0.0]
            return _NOTHING
        count, mean, variance = level
        move = value - mean
        if move > 0.0 and count >= self.warmup:
            spread = max(sqrt(variance), _LEAST_SPREAD * abs(mean))
            if move > self.k * spread:
                return self._spike(value, mean, spread, memory)
        weight = self.weight
        if count < self.even:
            weight = max(weight, 1.0 / (count + 1))
        memory["level"] = [count + 1, mean + weight * move, (1.0 - weight) * (variance + weight * move * move)]
        if "row" in memory:
            del memory["row"]
        return _NOTHING

    def _spike(self, value: float, mean: float, spread: float, memory: Memory) -> Iterable[Alarm]:
        row = memory["row"] = memory.get("row", 0) + 1
        facts = {"value": value, "mean": mean, "spread": spread}
        found = [Alarm(label="spike", action=self.action, metric=self.metric, report=row == 1, facts=facts)]
        if row >= self.relearn:
            memory.clear()
            found.append(Alarm(label="level_shift", metric=self.metric, facts={"steps": row, **facts}))
        return found


@frozen(kw_only=True)
class GradNorm:
    """Says when the norm of the gradients is too large, at once or against what it was lately.

    It cannot see which layer it comes from, and after clipping it sees the norm from before it only if that is what
    the loop passes.

    Attributes:
        risk: id of the risk it bears on.
        ratio: how many times the running mean is too much, above 1; None: the mean does not matter.
        absolute: which norm is too much by itself, above 0; None: none is.
        halflife: after how many steps a norm counts half, above 0.
        warmup: how many norms are learnt before the ratio counts, at least 1.
        relearn: how many such norms in a row are a new level for the ratio, at least 1; it is told once and learnt
            anew.
        action: what such a norm asks for.
        metric: the number looked at.
        name: part of what makes findings one group.
        weight: the weight of a new norm, worked out of ``halflife``.
        even: up to how many norms all count alike, worked out of ``halflife``.
    """

    risk: str | None = field(default=None, validator=check_optional(check_id))
    ratio: float | None = field(default=8.0, validator=check_optional(check_positive))
    absolute: float | None = field(default=None, validator=check_optional(check_positive))
    halflife: float = field(default=200.0, validator=check_positive)
    warmup: int = field(default=50, validator=check_whole(least=1))
    relearn: int = field(default=100, validator=check_whole(least=1))
    action: Action = field(default="note", validator=check_action)
    metric: str = field(default="grad_norm", validator=check_label)
    name: str = field(default="grad_norm", validator=check_label)
    weight: float = field(init=False, repr=False, eq=False)
    even: float = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that says nothing; work out the weight of a new value once."""
        if self.ratio is None and self.absolute is None:
            raise InvalidValue("GradNorm.ratio", "must be given where absolute is not", "give one of them, or both")
        if self.ratio is not None and self.ratio <= 1:
            raise InvalidValue("GradNorm.ratio", "must be more than 1")
        _weigh(self, self.halflife)

    @property
    def moments(self) -> frozenset[Moment]:
        """When it is asked."""
        return moments_of(self.action)

    @property
    def metrics(self) -> frozenset[str]:
        """The number looked at."""
        return frozenset({self.metric})

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say that the norm is too large, or learn from it; the first of a row is reported."""
        value = seen.values[self.metric]
        if not isfinite(value):
            return _NOTHING
        count, mean = memory.get("level", (0, value))
        over = self.absolute is not None and value > self.absolute
        jumped = self.ratio is not None and count >= self.warmup and value > self.ratio * mean
        if not (over or jumped):
            weight = self.weight
            if count < self.even:
                weight = max(weight, 1.0 / (count + 1))
            memory["level"] = [count + 1, mean + weight * (value - mean)]
            if "row" in memory:
                del memory["row"]
            return _NOTHING
        row = memory["row"] = memory.get("row", 0) + 1
        label = "above_absolute" if over else "above_ratio"
        facts = {"value": value, "mean": mean}
        found = [Alarm(label=label, action=self.action, metric=self.metric, report=row == 1, facts=facts)]
        if jumped and row >= self.relearn:
            memory.clear()
            found.append(Alarm(label="level_shift", metric=self.metric, facts={"steps": row, **facts}))
        return found
