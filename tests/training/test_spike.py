"""The rules that learn a running level, against oracles written in another way."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.training import GradNorm, LossSpike, Monitor

LOSSES = st.lists(
    st.one_of(st.floats(0.01, 100), st.sampled_from([1.0, 1.1, 50.0, 1e9, math.inf, math.nan])), max_size=80
)
WARMUP = 5


def level_of(values: list[float], halflife: float) -> tuple[float, float]:
    """Mean and standard deviation by explicit weights, as a table would hold them."""
    least = 1 - 0.5 ** (1 / halflife)
    weights: list[float] = []
    for count in range(len(values)):
        new = max(least, 1 / (count + 1))
        weights = [weight * (1 - new) for weight in weights] + [new]
    mean = math.fsum(weight * value for weight, value in zip(weights, values, strict=True))
    variance = math.fsum(weight * (value - mean) ** 2 for weight, value in zip(weights, values, strict=True))
    return mean, math.sqrt(variance)


def spikes_by_oracle(losses: list[float], *, k: float, halflife: float) -> list[int]:
    """The steps that begin a row of spikes, the level worked out anew from all that was learnt for every step."""
    learnt: list[float] = []
    found, in_row = [], False
    for step, loss in enumerate(losses):
        if not math.isfinite(loss):
            continue
        if len(learnt) >= WARMUP:
            mean, deviation = level_of(learnt, halflife)
            if loss - mean > k * max(deviation, 1e-3 * abs(mean)):
                found += [] if in_row else [step]
                in_row = True
                continue
        learnt.append(loss)
        in_row = False
    return found


def is_close_call(losses: list[float], *, k: float, halflife: float) -> bool:
    """Whether a loss lies so near its limit that rounding decides."""
    learnt: list[float] = []
    for loss in (one for one in losses if math.isfinite(one)):
        if len(learnt) >= WARMUP:
            mean, deviation = level_of(learnt, halflife)
            limit = mean + k * max(deviation, 1e-3 * abs(mean))
            if math.isclose(loss, limit, rel_tol=1e-6):
                return True
            if loss > limit:
                continue
        learnt.append(loss)
    return False


def spikes(make: Callable[..., Monitor], collector: Any, losses: list[float], rule: LossSpike) -> list[int]:
    """The steps of the spikes a monitor reports."""
    collector.findings.clear()
    monitor = make(rule)
    for step, loss in enumerate(losses):
        monitor.step(step, loss=loss)
    monitor.close()
    return [one.fact("step") for one in collector.findings if one.label == "spike"]


def test_spikes_are_those_of_the_oracle(make: Callable[..., Monitor], collector: Any) -> None:
    """For any losses, the reported spikes are those that an explicitly weighted table gives."""

    @given(LOSSES, st.sampled_from([2.0, 6.0]), st.sampled_from([3.0, 200.0]))
    def check(losses: list[float], k: float, halflife: float) -> None:
        if is_close_call(losses, k=k, halflife=halflife):
            return
        rule = LossSpike(k=k, halflife=halflife, warmup=WARMUP, relearn=1_000)

        expected = spikes_by_oracle(losses, k=k, halflife=halflife)

        assert expected == spikes(make, collector, losses, rule)

    check()


def test_a_new_level_is_told_once_and_learnt(make: Callable[..., Monitor], collector: Any) -> None:
    """Ten spikes in a row are a new level, which is told once and then is no spike."""
    losses = [1.0] * 20 + [5.0] * 40

    spikes(make, collector, losses, LossSpike(warmup=WARMUP, relearn=10))

    assert ["spike", "level_shift"] == collector.labels


def test_a_norm_is_too_large_by_itself_or_by_ratio(make: Callable[..., Monitor], collector: Any) -> None:
    """A norm above the absolute limit, and one many times the mean, are told apart."""
    monitor = make(GradNorm(ratio=8, absolute=1e4, warmup=WARMUP))
    for step, norm in enumerate([1.0] * 10 + [9.0, 1.0, 2e4, 1.0]):
        monitor.step(step, grad_norm=norm)

    assert [("above_ratio", 10), ("above_absolute", 12)] == [
        (one.label, one.fact("step")) for one in collector.findings
    ]


def test_a_norm_within_its_limits_is_no_finding(make: Callable[..., Monitor], collector: Any) -> None:
    """Just below both limits nothing is said."""
    monitor = make(GradNorm(ratio=8, absolute=1e4, warmup=WARMUP))
    for step, norm in enumerate([1.0] * 10 + [7.99, math.inf]):
        monitor.step(step, grad_norm=norm)

    assert [] == collector.labels


def test_a_new_level_of_norms_is_learnt(make: Callable[..., Monitor], collector: Any) -> None:
    """Norms that stay many times the mean become the level after so many in a row."""
    monitor = make(GradNorm(ratio=2, warmup=WARMUP, relearn=10))
    for step in range(60):
        monitor.step(step, grad_norm=1.0 if step < 20 else 5.0)

    assert ["above_ratio", "level_shift"] == collector.labels


@pytest.mark.parametrize(
    "wrong",
    [{"ratio": None}, {"ratio": 1.0}, {"absolute": -1.0}, {"halflife": math.inf}, {"action": "halt"}, {"warmup": 0}],
    ids=str,
)
def test_a_rule_that_could_never_speak_is_refused(wrong: dict[str, Any]) -> None:
    """Numbers that make no rule are refused when it is made."""
    with pytest.raises(InvalidValue):
        GradNorm(**wrong)
