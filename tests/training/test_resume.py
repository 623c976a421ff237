"""A run that is saved and goes on is a run that was never interrupted."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.findings import Finding
from kakao_asi.testing import FrozenClock
from kakao_asi.training import GradNorm, LossSpike, Monitor, NonFinite, Rule

Make = Callable[..., Monitor]
STEPS = st.lists(
    st.tuples(st.sampled_from([1.0, 1.2, 0.9, 30.0, math.nan]), st.sampled_from([1.0, 2.0, 40.0, math.inf])),
    min_size=1,
    max_size=60,
)


def rules() -> tuple[Rule, ...]:
    """Rules with short memories, so that short runs reach every branch."""
    return (
        NonFinite(risk="diverges", rollback_after=2),
        LossSpike(risk="diverges", warmup=3, relearn=3, action="save"),
        GradNorm(risk="diverges", warmup=3, relearn=3, action="stop"),
    )


def played(monitor: Monitor, steps: list[tuple[float, float]], start: int) -> list[Any]:
    """Play steps and return every decision."""
    decided = []
    for step, (loss, norm) in enumerate(steps, start):
        decided.append(monitor.step(step, loss=loss, grad_norm=norm))
        decided.append(monitor.sync(step))
    return decided


def test_resumed_equals_uninterrupted(make: Make, collector: Any) -> None:
    """Cut at any step, saved as JSON and restored, a run gives the same decisions and the same findings."""

    @given(STEPS, st.integers(0, 60), st.sampled_from([1, 3, 7]))
    def check(steps: list[tuple[float, float]], cut: int, every: int) -> None:
        collector.findings.clear()
        whole = make(*rules(), every=every)
        expected = played(whole, steps, 1)
        expected_findings, expected_health = list(collector.findings), whole.health
        collector.findings.clear()

        first = make(*rules(), every=every)
        decided = played(first, steps[:cut], 1)
        saved = json.loads(json.dumps(first.state(), allow_nan=False))
        second = Monitor.from_state(saved, rules=rules(), sink=collector, clock=FrozenClock(collector_at(collector)))
        decided += played(second, steps[cut:], cut + 1)

        assert expected == decided
        assert [one.key for one in expected_findings] == [one.key for one in collector.findings]
        assert expected_health == second.health
        assert whole.state() == second.state()

    check()


def collector_at(_collector: Any) -> Any:
    """The instant all monitors of these tests stand at."""
    import datetime as dt

    return dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)


def test_what_was_spooled_after_the_save_is_not_repeated(
    make: Make, tmp_path: Path, spooled: Callable[[], list[Finding]], keys: Callable[..., Any]
) -> None:
    """A run killed long after its last save plays the same steps again and adds nothing to the spool."""
    steps = [(math.nan if step % 3 == 0 else 1.0, 1.0) for step in range(1, 61)]
    monitor = make(*rules(), spool=tmp_path / "spool")
    played(monitor, steps[:20], 1)
    saved = monitor.state()
    played(monitor, steps[20:50], 21)
    before = keys(spooled())

    resumed = Monitor.from_state(json.loads(json.dumps(saved)), rules=rules())
    played(resumed, steps[20:50], 21)
    repeated = keys(spooled())
    played(resumed, steps[50:], 51)

    assert before == repeated
    assert [(0, 3 * index, "non_finite", "non_finite", "loss") for index in range(1, 21)] == keys(spooled())


def test_a_rule_that_is_new_starts_anew(make: Make, collector: Any) -> None:
    """A rule the saved run did not have is asked from now on; one it had keeps what it learnt."""
    first = make(LossSpike(warmup=3))
    for step in range(1, 6):
        first.step(step, loss=1.0)

    second = Monitor.from_state(first.state(), rules=[LossSpike(warmup=3), NonFinite()], sink=collector)
    second.step(6, loss=9.0)
    second.step(7, loss=math.nan)

    assert ["spike", "non_finite"] == collector.labels


@pytest.mark.parametrize(
    "wrong",
    [{}, {"format": "other/9"}, {"format": "kakao_asi.monitor/1", "run": "exp-11"}],
    ids=["empty", "other", "torn"],
)
def test_what_is_no_state_is_refused(wrong: dict[str, Any]) -> None:
    """Anything but a state is refused with one error."""
    with pytest.raises(InvalidValue, match="from_state"):
        Monitor.from_state(wrong, rules=[])


def test_going_on_in_place_equals_a_new_monitor(make: Make, collector: Any) -> None:
    """A monitor that takes a state after other steps decides and remembers like one made from the state."""
    steps = [(math.nan if step % 4 == 0 else 1.0, 1.0 + step % 3) for step in range(1, 31)]
    first = make(*rules(), every=3)
    played(first, steps[:10], 1)
    saved = json.loads(json.dumps(first.state()))
    expected = Monitor.from_state(saved, rules=rules(), sink=collector, clock=FrozenClock(collector_at(collector)))

    used = make(*rules(), every=3)
    played(used, [(5.0, 30.0)] * 7, 1)
    used.resume(saved)

    assert played(expected, steps[10:], 11) == played(used, steps[10:], 11)
    assert expected.state() == used.state()


def test_going_back_in_place_repeats_no_finding(
    make: Make, tmp_path: Path, spooled: Callable[[], list[Finding]], keys: Callable[..., Any]
) -> None:
    """A run that goes back to an earlier state in the same process adds nothing to the spool twice."""
    steps = [(math.nan if step % 3 == 0 else 1.0, 1.0) for step in range(1, 31)]
    monitor = make(*rules(), spool=tmp_path / "spool")
    played(monitor, steps[:10], 1)
    saved = monitor.state()
    played(monitor, steps[10:], 11)
    before = keys(spooled())

    monitor.resume(saved)
    played(monitor, steps[10:], 11)

    assert before == keys(spooled())


@pytest.mark.parametrize("wrong", [{}, {"format": "kakao_asi.monitor/1", "run": "exp-11"}], ids=["empty", "torn"])
def test_what_is_no_state_is_not_gone_on_from(make: Make, wrong: dict[str, Any]) -> None:
    """Anything but a state is refused with one error."""
    with pytest.raises(InvalidValue, match="resume"):
        make().resume(wrong)


def test_the_state_of_another_run_is_refused(make: Make) -> None:
    """A run that starts from another run's checkpoint is no resumed run."""
    other = Monitor("exp-12", system="demo-chat", rules=[])

    with pytest.raises(InvalidValue, match="this run"):
        make().resume(other.state())


def test_closing_twice_tells_nothing_twice(make: Make, collector: Any) -> None:
    """What was told at the first end is not told again at the second."""
    monitor = make(NonFinite())
    monitor.step(1, loss=math.nan)
    monitor.close()
    monitor.step(2, loss=1.0)
    monitor.step(3, loss=math.nan)
    monitor.close()

    assert [1, 3] == [one.fact("step") for one in collector.findings]


@pytest.mark.long
def test_counts_of_a_storm_go_on_over_a_resume(
    make: Make, tmp_path: Path, spooled: Callable[[], list[Finding]]
) -> None:
    """What was only counted before a save is told after it, with the exact count."""

    def storm(monitor: Monitor, first: int, last: int) -> None:
        for step in range(first, last):
            monitor.step(step, loss=math.nan if step % 2 else 1.0)

    monitor = make(NonFinite(risk="diverges"), spool=tmp_path / "spool")
    storm(monitor, 1, 4_001)
    second = Monitor.from_state(json.loads(json.dumps(monitor.state())), rules=[NonFinite(risk="diverges")])
    storm(second, 4_001, 6_001)
    second.close()

    assert (3_000, {"diverges"}, "exp-11") == (
        sum(one.count for one in spooled()),
        {one.risk for one in spooled()},
        second.run,
    )
