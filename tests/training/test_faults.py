"""Whatever breaks around a monitor, the loop it watches decides and ends as if nothing had."""

import errno
import json
import logging
import math
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi import Audience, RiskRegister, System, commands, hooks
from kakao_asi.findings import Finding
from kakao_asi.training import Alarm, Checkpoint, Decision, Limit, LossSpike, Moment, Monitor, NonFinite

Make = Callable[..., Monitor]
STEPS = 1_000


def rules() -> tuple[Any, ...]:
    """Rules that have something to say at every third step."""
    return (NonFinite(action="skip_update", rollback_after=1), LossSpike(warmup=5), Limit("m", risk="toxic", above=1))


def run(monitor: Monitor) -> list[Decision]:
    """Play a thousand steps with evaluations and return every decision."""
    decided = []
    for step in range(1, STEPS + 1):
        decided.append(monitor.step(step, loss=math.nan if step % 3 == 0 else 1.0))
        if step % 100 == 0:
            monitor.evaluate(step, {"m": 2.0})
        decided.append(monitor.sync(step))
    monitor.close()
    return decided


def raises(_finding: Finding, /) -> bool:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, "a private path")


def refuses(_finding: Finding, /) -> bool:
    """Take nothing."""
    return False


def read_only(tmp_path: Path) -> Callable[[Finding], bool]:
    """A sink that writes to a register which takes nothing."""
    with RiskRegister.open(tmp_path / "asi.db"):
        pass
    register = RiskRegister.open(tmp_path / "asi.db", read_only=True)

    def sink(_finding: Finding, /) -> bool:
        system = System(id="x", unit="x", audience=Audience.INTERNAL)
        register.submit(commands.AddSystem(system=system), by="ml.lee")
        return True

    return sink


@pytest.mark.parametrize(
    ("how", "causes"),
    [
        (lambda _tmp: {"sink": raises}, 1),
        (lambda _tmp: {"sink": refuses}, 1),
        (lambda tmp: {"sink": read_only(tmp)}, 1),
        (lambda tmp: {"spool": tmp / "file" / "below"}, 1),
        (lambda _tmp: {"sink": None}, 1),
    ],
    ids=["raises", "refuses", "read-only register", "spool is no folder", "nobody"],
)
def test_what_takes_no_findings_changes_no_decision(
    make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture, how: Any, causes: int
) -> None:
    """Every decision is as with a working sink, each lost finding is counted, and each cause is logged once."""
    expected = run(make(*rules()))
    (tmp_path / "file").write_text("no folder")
    caplog.set_level(logging.WARNING)
    monitor = make(*rules(), **how(tmp_path))

    assert expected == run(monitor)
    assert (monitor.health.offered, 0) == (monitor.health.dropped, monitor.health.stored)
    assert causes == len([one for one in caplog.records if one.name.startswith("kakao_asi.training")])
    assert "private" not in caplog.text


def test_a_full_disk_changes_no_decision(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spool whose disk is full loses findings, counts them, and changes nothing else."""
    expected = run(make(*rules()))

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monitor = make(*rules(), spool=tmp_path / "spool")
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        decided = run(monitor)

    assert expected == decided
    assert (monitor.health.offered, 0) == (monitor.health.dropped, monitor.health.stored)


def test_what_the_sink_does_not_take_goes_to_the_spool(make: Make, tmp_path: Path, spooled: Any) -> None:
    """With both, the spool holds what the sink refuses."""
    monitor = make(*rules(), sink=raises, spool=tmp_path / "spool")
    run(monitor)

    assert monitor.health.stored == sum(one.count for one in spooled())
    assert 0 == monitor.health.dropped


class Chatty:
    """A rule that says something else at each step."""

    name = "chatty"
    risk = None
    metrics = frozenset({"loss"})
    moments = frozenset({Moment.STEP})

    def judge(self, seen: Any, _memory: Any, /) -> Any:
        """Say so."""
        return [Alarm(label=f"step-{seen.step}")]


def test_a_rule_with_endless_labels_fills_no_memory(make: Make, collector: Any) -> None:
    """Beyond so many kinds of alarm, further ones are counted as dropped."""
    monitor = make(Chatty())
    for step in range(5_000):
        monitor.step(step, loss=1.0)

    assert (4_096, 904) == (len(collector.findings), monitor.health.dropped)


def test_a_spool_that_cannot_be_read_is_passed_over(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the spool cannot be read, findings are written all the same, and it is told once."""
    (tmp_path / "spool").mkdir()

    def unreadable(*_: object) -> Any:
        raise PermissionError

    monkeypatch.setattr("kakao_asi.training._notes.read_spool", unreadable)
    monitor = make(NonFinite(), spool=tmp_path / "spool")
    for step in (1, 2, 3):
        monitor.step(step, loss=math.nan if step != 2 else 1.0)

    assert (2, 1) == (monitor.health.stored, len(caplog.records))


def test_a_handler_that_fails_is_passed_over(make: Make) -> None:
    """A logging handler of the host that raises does not reach the loop."""

    class Fails(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError(record.levelname)

    logger, handler = logging.getLogger("kakao_asi.training"), Fails()
    logger.addHandler(handler)
    try:
        monitor = make(NonFinite(), sink=refuses)
        monitor.step(1, loss=math.nan)
    finally:
        logger.removeHandler(handler)

    assert (1, 1) == (monitor.health.dropped, monitor.health.internal_errors)


@pytest.mark.parametrize(
    "call",
    [lambda monitor, _path: monitor.close(), lambda monitor, path: monitor.checkpoint(path)],
    ids=["close", "checkpoint"],
)
def test_a_number_that_cannot_be_read_is_contained(make: Make, tmp_path: Path, on_device: Any, call: Any) -> None:
    """A tensor whose device is gone is counted where it would be read, and the loop goes on."""

    class Gone(on_device):  # type: ignore[misc]  # a class of the fixture
        def clone(self) -> Any:
            return self

        def __float__(self) -> float:
            raise RuntimeError

    monitor = make(NonFinite())
    monitor.step(1, loss=Gone(1.0))
    call(monitor, tmp_path)

    assert 1 == monitor.health.internal_errors


def test_a_receiver_of_the_process_takes_findings(make: Make, collector: Any) -> None:
    """Without sink and spool the findings go where those of hooks go."""
    with hooks.activate(sink=collector, flush="manual"):
        make(NonFinite(risk="diverges"), sink=None).step(1, loss=math.nan)
        hooks.flush()

    assert ["non_finite"] == collector.labels


class Broken:
    """A rule that breaks wherever it is touched while the run goes."""

    name = "broken"
    risk = None
    moments = frozenset()
    metrics = frozenset()

    def __init__(self, *at: Any) -> None:
        """Be asked then."""
        self.moments = frozenset(at)

    def judge(self, _seen: Any, memory: Any, /) -> Any:
        """Answer with something that is no alarm."""
        memory["spoilt"] = object()
        return ["nonsense"]


def test_a_rule_that_answers_nonsense_is_contained(make: Make, collector: Any, tmp_path: Path) -> None:
    """At every moment, what a rule answers wrongly is a finding and nothing more, and the state is still JSON."""
    monitor = make(Broken(*Moment), Checkpoint())
    monitor.step(1, loss=1.0)
    monitor.evaluate(1, {"m": 1.0})
    monitor.checkpoint(tmp_path, digest="sha256:" + "a" * 64)

    assert (("rule_failed", "AttributeError"), len(Moment)) == (
        (collector.findings[0].label, collector.findings[0].cause),
        monitor.health.control_failures,
    )
    assert {} == json.loads(json.dumps(monitor.state()))["panel"]["memories"]["broken"]


@pytest.mark.parametrize(
    "call",
    [
        lambda monitor: monitor.step("one", loss="text"),
        lambda monitor: monitor.step(1, loss=object()),
        lambda monitor: monitor.sync(None),
        lambda monitor: monitor.evaluate(1, {"m": "text"}),
        lambda monitor: monitor.evaluate(1, None),
        lambda monitor: monitor.checkpoint(None, tensors=[object()]),
        lambda monitor: monitor.fail(7),
    ],
    ids=["step", "number", "sync", "metric", "metrics", "checkpoint", "fail"],
)
def test_a_wrong_call_is_counted_and_never_raised(make: Make, call: Callable[[Monitor], object]) -> None:
    """A loop that passes nonsense goes on; that it did is counted."""
    monitor = make(*rules())
    call(monitor)

    health = monitor.health
    assert 1 == health.internal_errors + health.offered


def test_under_the_test_kit_errors_are_raised(make: Make) -> None:
    """In a test a broken rule and a wrong call show at once, instead of being contained."""
    from kakao_asi.testing import capture

    with capture() as seen:
        monitor = make(Broken(Moment.STEP), sink=None)
        with pytest.raises(AttributeError):
            monitor.step(1, loss=1.0)
        with pytest.raises(ValueError, match="text"):
            monitor.step(2, loss="text")

    assert [] == list(seen.findings)


def test_an_interrupt_passes(make: Make) -> None:
    """What is no error of a rule, such as Ctrl-C, goes through."""

    class Interrupted(Broken):
        def judge(self, _seen: Any, _memory: Any, /) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(Interrupted(Moment.STEP)).step(1, loss=1.0)


def test_a_loop_that_fails_fails_as_before(make: Make, collector: Any) -> None:
    """An exception that leaves the block is noted by its type and goes on."""
    with pytest.raises(MemoryError, match="private"), make(NonFinite()):
        raise MemoryError("private")

    assert [("rank_failed", "MemoryError")] == [(one.label, one.cause) for one in collector.findings]


def test_counts_of_a_storm_are_exact(make: Make, spooled: Any, tmp_path: Path) -> None:
    """Of many thousand alarms the first thousand are written one by one, the rest with their count, none lost."""
    monitor = make(NonFinite(), spool=tmp_path / "spool")
    for step in range(1, 25_001):
        monitor.step(step, loss=math.nan if step % 2 else 1.0)
    before = monitor.health
    monitor.close()

    assert (12_500, 2_500) == (sum(one.count for one in spooled()), before.pending)
    assert before.offered == before.stored + before.dropped + before.pending
    assert 1_002 == len(spooled())


def test_order_of_ranks_is_irrelevant(make: Make, tmp_path_factory: pytest.TempPathFactory, keys: Any) -> None:
    """In whatever order ranks come to write, the merged spool holds the same findings."""
    from kakao_asi.signals import read_spool

    same, own = NonFinite(on={"grad_norm"}, name="same"), NonFinite(on={"loss"}, name="own")

    @given(st.permutations(range(4)), st.sets(st.integers(0, 3)), st.integers(1, 3))
    def check(order: list[int], bad: set[int], kills: int) -> None:
        folder = tmp_path_factory.mktemp("ranks")
        for rank in order:
            for _ in range(kills):  # each killed process is followed by one that plays the same steps again
                monitor = make(same, own, rank=rank, world=4, reduce=list, spool=folder, equal={"grad_norm"})
                for step in (1, 2, 3):
                    monitor.step(step, loss=math.nan if rank in bad and step == 2 else 1.0, grad_norm=math.inf)
                monitor.close()

        found = keys(entry.finding for entry in read_spool(folder).entries)
        expected = [(0, 1, "same", "non_finite", "grad_norm")]
        expected += [(rank, 2, "own", "non_finite", "loss") for rank in bad]
        assert sorted(expected) == found

    check()


@pytest.mark.soak
def test_memory_is_flat_over_a_million_steps(make: Make, on_device: Any) -> None:
    """After a warm-up, a million steps with findings, evaluations and syncs add next to nothing."""
    monitor = make(*rules(), sink=lambda _finding: True)

    def play(start: int, count: int) -> None:
        for step in range(start, start + count):
            loss = math.nan if step % 1_000 == 0 else 1.0
            monitor.step(step, loss=on_device(loss) if step % 100 else loss)
            monitor.sync(step)
            if step % 10_000 == 0:
                monitor.evaluate(step, {"m": 2.0})

    play(1, 50_000)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    play(50_001, 1_000_000)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert after - before < 64 * 1024
    assert len(json.dumps(monitor.state())) < 16 * 1024
