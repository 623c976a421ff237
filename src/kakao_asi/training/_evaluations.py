"""Rules about evaluations: limits, regressions, gaps between groups. A number that is missing is never green.

All numbers here are our choice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from attrs import Attribute, field, frozen

from .._internal.fields import check_id, check_optional, check_whole
from ..exceptions import InvalidValue
from ..findings import Scalar, Verdict
from ._rule import Action, Alarm, Memory, Moment, Seen, check_action, check_label
from ._score import Score

__all__ = ["EvalRegression", "FairnessGap", "Limit"]

_NOTHING: tuple[Alarm, ...] = ()
_AT_EVALUATION = frozenset({Moment.EVALUATION})
# 0.93 - 0.91 is a little more than 0.02 in binary; a difference this small is none.
_SLACK = 1e-9


def _check_finite(instance: object, attribute: Attribute[Any], value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidValue(f"{type(instance).__name__}.{attribute.name}", "must be a finite number")


def _check_amount(instance: object, attribute: Attribute[Any], value: float) -> None:
    _check_finite(instance, attribute, value)
    if value < 0:
        raise InvalidValue(f"{type(instance).__name__}.{attribute.name}", "must not be below 0")


def _check_name(instance: object, attribute: Attribute[Any], value: Any) -> None:
    if value != "":
        check_label(instance, attribute, value)


def _check_action(instance: object, attribute: Attribute[Any], value: Any) -> None:
    check_action(instance, attribute, value)
    if value == "skip_update":
        raise InvalidValue(f"{type(instance).__name__}.action", "must not be skip_update: an evaluation is no step")


def _name(rule: object, value: str) -> None:
    """Give a rule its name where none was given; it is made once, when the rule is."""
    if not getattr(rule, "name", ""):
        object.__setattr__(rule, "name", value)


@frozen
class Limit:
    """Says when a number of an evaluation lies beyond a limit, or rests on too few cases.

    It compares one number with one limit; it cannot see a change that stays within it (see :class:`EvalRegression`),
    nor what the evaluation does not test.

    Attributes:
        metric: the number looked at.
        risk: id of the risk it bears on.
        above: more than this is too much; None: no limit above.
        below: less than this is too little; None: no limit below.
        min_trials: how many cases it has to rest on, 0 for any number; fewer, or an unknown number, are too few.
        action: what is asked for beyond the limit.
        name: part of what makes findings one group; empty takes ``limit:`` and the metric.
    """

    metric: str = field(validator=check_label)
    risk: str | None = field(default=None, kw_only=True, validator=check_optional(check_id))
    above: float | None = field(default=None, kw_only=True, validator=check_optional(_check_finite))
    below: float | None = field(default=None, kw_only=True, validator=check_optional(_check_finite))
    min_trials: int = field(default=0, kw_only=True, validator=check_whole())
    action: Action = field(default="note", kw_only=True, validator=_check_action)
    name: str = field(default="", kw_only=True, validator=_check_name)

    def __attrs_post_init__(self) -> None:
        """Refuse a rule without a limit; name it."""
        if self.above is None and self.below is None:
            raise InvalidValue("Limit.above", "must be given where below is not", "give one of them, or both")
        _name(self, f"limit:{self.metric}"[:100])

    @property
    def moments(self) -> frozenset[Moment]:
        """At each evaluation."""
        return _AT_EVALUATION

    @property
    def metrics(self) -> frozenset[str]:
        """The number looked at."""
        return frozenset({self.metric})

    def judge(self, seen: Seen, _memory: Memory, /) -> Iterable[Alarm]:
        """Say that the number is beyond a limit, or rests on too few cases."""
        value, score = seen.values[self.metric], seen.scores.get(self.metric)
        facts = {"value": value, **_counts(score)}
        if self.above is not None and value > self.above:
            return [self._beyond("above", {**facts, "limit": self.above})]
        if self.below is not None and value < self.below:
            return [self._beyond("below", {**facts, "limit": self.below})]
        if _too_few(score, self.min_trials):
            facts = {**facts, "min_trials": self.min_trials}
            return [Alarm(label="too_few_trials", verdict=Verdict.INDETERMINATE, metric=self.metric, facts=facts)]
        return _NOTHING

    def _beyond(self, label: str, facts: Mapping[str, object]) -> Alarm:
        return Alarm(label=label, action=self.action, metric=self.metric, facts=facts)


@frozen
class EvalRegression:
    """Says when a number of an evaluation is worse than it was.

    The first evaluation of a run has nothing to be compared with, unless it is against ``released``. It cannot tell a
    real change from noise: give a difference larger than the noise of the metric.

    Attributes:
        metric: the number looked at.
        risk: id of the risk it bears on.
        drop: how much lower is worse, for a number that should be high; from 0.
        rise: how much higher is worse, for a number that should be low; from 0. Exactly one of both is given.
        against: the best of the run so far, the one before, or that of the released system.
        released: the number of the released system; goes with ``against="released"``.
        action: what is asked for.
        name: part of what makes findings one group; empty takes ``regression:`` and the metric.
    """

    metric: str = field(validator=check_label)
    risk: str | None = field(default=None, kw_only=True, validator=check_optional(check_id))
    drop: float | None = field(default=None, kw_only=True, validator=check_optional(_check_amount))
    rise: float | None = field(default=None, kw_only=True, validator=check_optional(_check_amount))
    against: Literal["best", "previous", "released"] = field(default="best", kw_only=True)
    released: float | None = field(default=None, kw_only=True, validator=check_optional(_check_finite))
    action: Action = field(default="note", kw_only=True, validator=_check_action)
    name: str = field(default="", kw_only=True, validator=_check_name)

    def __attrs_post_init__(self) -> None:
        """Refuse a comparison that lacks a side; name it."""
        if (self.drop is None) == (self.rise is None):
            raise InvalidValue("EvalRegression.drop", "must be given, or rise, and not both")
        if self.against not in {"best", "previous", "released"}:
            raise InvalidValue("EvalRegression.against", "must be 'best', 'previous' or 'released'")
        if (self.against == "released") != (self.released is not None):
            raise InvalidValue("EvalRegression.released", "goes with against='released', and only with it")
        _name(self, f"regression:{self.metric}"[:100])

    @property
    def moments(self) -> frozenset[Moment]:
        """At each evaluation."""
        return _AT_EVALUATION

    @property
    def metrics(self) -> frozenset[str]:
        """The number looked at."""
        return frozenset({self.metric})

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say that the number is worse than what it is compared with, and remember it."""
        value = seen.values[self.metric]
        baseline = self.released if self.released is not None else memory.get(self.against)
        sign = 1.0 if self.drop is not None else -1.0
        best = memory.get("best", value)
        memory["previous"], memory["best"] = value, max(best, value) if sign > 0 else min(best, value)
        if baseline is None:
            return _NOTHING
        worse, allowed = sign * (baseline - value), self.drop if self.drop is not None else self.rise
        if allowed is None or worse <= allowed + _SLACK * max(1.0, abs(baseline)):
            return _NOTHING
        facts = {"value": value, "against": self.against, "baseline": baseline, "allowed": allowed}
        return [Alarm(label="worse", action=self.action, metric=self.metric, facts=facts)]


@frozen
class FairnessGap:
    """Says when a number differs too much between groups.

    Groups with fewer cases than ``min_group``, or with an unknown number, are not compared: that they could not be is
    a finding of its own, told again when other groups are small. It cannot see a group nobody divides by, nor a gap
    that two divisions make only together.

    Attributes:
        metric: the number looked at in each group.
        risk: id of the risk it bears on.
        by: the division, for example ``region``.
        max_gap: how far the highest and the lowest group may lie apart, from 0.
        min_group: how many cases a group needs, from 1.
        action: what is asked for.
        name: part of what makes findings one group; empty takes ``gap:``, the metric and the division.
    """

    metric: str = field(validator=check_label)
    risk: str | None = field(default=None, kw_only=True, validator=check_optional(check_id))
    by: str = field(kw_only=True, validator=check_label)
    max_gap: float = field(kw_only=True, validator=_check_amount)
    min_group: int = field(default=200, kw_only=True, validator=check_whole(least=1))
    action: Action = field(default="note", kw_only=True, validator=_check_action)
    name: str = field(default="", kw_only=True, validator=_check_name)

    def __attrs_post_init__(self) -> None:
        """Name it."""
        _name(self, f"gap:{self.metric}:{self.by}"[:100])

    @property
    def moments(self) -> frozenset[Moment]:
        """At each evaluation."""
        return _AT_EVALUATION

    @property
    def metrics(self) -> frozenset[str]:
        """None of the whole: what it looks at stands in the groups, and it says itself what is missing there."""
        return frozenset()

    def judge(self, seen: Seen, memory: Memory, /) -> Iterable[Alarm]:
        """Say that a gap is too wide, or that groups could not be compared."""
        scores = {group: one[self.metric] for group, one in seen.groups.get(self.by, {}).items() if self.metric in one}
        lacking = len(seen.groups.get(self.by, {})) - len(scores)
        finite = {group: one for group, one in scores.items() if math.isfinite(one.value)}
        large = {group: one.value for group, one in finite.items() if not _too_few(one, self.min_group)}
        small = sorted(group for group in finite if group not in large)
        found = []
        missing = lacking + len(scores) - len(finite)
        if not scores or missing:
            facts = {"by": self.by, "groups": len(scores), "missing": missing}
            found.append(self._unknown("missing", facts))
        if small and memory.get("small") != small:
            facts = {"by": self.by, "groups": len(small), "min_group": self.min_group, "smallest": small[0]}
            found.append(self._unknown("small_group", facts))
        memory["small"] = small
        if len(large) > 1:
            found += self._gap(large)
        elif scores and not missing:
            found.append(self._unknown("too_few_groups", {"by": self.by, "groups": len(large)}))
        return found

    def _gap(self, large: Mapping[str, float]) -> Iterable[Alarm]:
        low = min(large, key=lambda group: (large[group], group))
        high = max(large, key=lambda group: (large[group], group))
        gap = large[high] - large[low]
        if gap > self.max_gap + _SLACK:
            facts = {"by": self.by, "high": high, "low": low, "gap": gap, "max_gap": self.max_gap}
            yield Alarm(label="gap", action=self.action, metric=self.metric, facts=facts)

    def _unknown(self, label: str, facts: Mapping[str, object]) -> Alarm:
        return Alarm(label=label, verdict=Verdict.INDETERMINATE, metric=self.metric, facts=facts)


def _counts(score: Score | None) -> dict[str, Scalar]:
    if score is None or score.trials is None:
        return {}
    return {"trials": score.trials, **({} if score.failures is None else {"failures": score.failures})}


def _too_few(score: Score | None, least: int) -> bool:
    return least > 0 and (score is None or score.trials is None or score.trials < least)
