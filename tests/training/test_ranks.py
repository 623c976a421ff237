"""Several ranks: they decide together, and what is the same for all is recorded once."""

import math
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.training import Decision, Monitor, NonFinite

Make = Callable[..., Monitor]


class Meeting:
    """Ranks in threads that wait for one another and take the largest of each place; lives as long as a test."""

    def __init__(self, world: int) -> None:
        """Wait for so many."""
        self._barrier = threading.Barrier(world, timeout=30)
        self._given: dict[int, list[int]] = {}

    def reducer(self, rank: int) -> Callable[[list[int]], Sequence[int]]:
        """Return the reducer of one rank."""

        def reduce(values: list[int], /) -> Sequence[int]:
            self._given[rank] = values
            self._barrier.wait()
            largest = [max(place) for place in zip(*self._given.values(), strict=True)]
            self._barrier.wait()
            return largest

        return reduce


def together(world: int, play: Callable[[int, Callable[[list[int]], Sequence[int]]], Any]) -> list[Any]:
    """Play all ranks in threads and return what each came to."""
    meeting, results = Meeting(world), [None] * world

    def run(rank: int) -> None:
        results[rank] = play(rank, meeting.reducer(rank))

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(world)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.parametrize("bad", [0, 1, 3])
def test_all_ranks_stop_when_one_sees_it(make: Make, bad: int) -> None:
    """Whichever rank sees the fault, all stop at the same sync."""

    def play(rank: int, reduce: Any) -> list[bool]:
        monitor = make(NonFinite(action="stop"), rank=rank, world=4, reduce=reduce, every=2)
        stops = []
        for step in range(1, 7):
            monitor.step(step, loss=math.nan if rank == bad and step == 3 else 1.0)
            stops.append(monitor.sync(step).stop)
        return stops

    assert [[False, False, False, True, False, False]] * 4 == together(4, play)


def test_a_rank_that_failed_is_seen_by_all(make: Make, collector: Any) -> None:
    """A rank that says it failed stops all at the next sync, and the finding names what it was, not its text."""

    def play(rank: int, reduce: Any) -> Decision:
        monitor = make(NonFinite(), rank=rank, world=3, reduce=reduce)
        if rank == 0:
            monitor.fail(MemoryError("a private path"))
        monitor.step(1, loss=1.0)
        return monitor.sync(1, now=True)

    assert [(True, True)] * 3 == [(one.failed, one.stop) for one in together(3, play)]
    assert [("rank_failed", "MemoryError")] == [(one.label, one.cause) for one in collector.findings]


def test_ranks_out_of_step_are_told(make: Make, collector: Any) -> None:
    """Ranks that sync at different steps are found out, by rank 0 alone."""

    def play(rank: int, reduce: Any) -> None:
        monitor = make(rank=rank, world=2, reduce=reduce)
        monitor.sync(50 + rank, now=True)

    together(2, play)

    assert [("ranks_out_of_step", 50, 51)] == [
        (one.label, one.fact("first"), one.fact("last")) for one in collector.findings
    ]


@pytest.mark.parametrize(("equal", "skips"), [((), False), (("loss",), False), (("grad_norm",), True)])
def test_several_ranks_skip_on_equal_numbers_alone(make: Make, equal: tuple[str, ...], skips: bool) -> None:
    """Of several ranks, none skips on a number that may differ."""
    monitor = make(NonFinite(action="skip_update"), rank=1, world=2, reduce=list, equal=equal)

    assert skips is monitor.step(1, loss=1.0, grad_norm=math.nan).skip_update


def test_rank_0_alone_records_what_is_equal(make: Make, collector: Any) -> None:
    """A number that is the same everywhere is one finding, however many ranks see it."""
    for rank in range(4):
        make(NonFinite(), rank=rank, world=4, reduce=list, equal={"loss"}).step(1, loss=math.nan)

    assert [0] == [one.fact("rank") for one in collector.findings]


def test_each_rank_spools_what_is_its_own(make: Make, tmp_path: Any, spooled: Any) -> None:
    """A number that differs is recorded by the ranks that see it, each in its own file, in whatever order."""
    for rank in (3, 0, 2):
        monitor = make(NonFinite(), rank=rank, world=4, reduce=list, spool=tmp_path / "spool")
        monitor.step(1, loss=math.nan)
        monitor.close()

    assert {0, 2, 3} == {one.fact("rank") for one in spooled()}
    assert 1 == len({one.fingerprint for one in spooled()})


def test_a_reducer_that_fails_stops_nobody_alone(make: Make, collector: Any) -> None:
    """Where ranks cannot agree, this one does not stop alone; that it could not is a finding."""

    def reduce(_values: list[int], /) -> Sequence[int]:
        raise ConnectionError

    monitor = make(NonFinite(action="stop"), rank=0, world=2, reduce=reduce)
    monitor.step(1, loss=math.nan)

    assert monitor.sync(1, now=True).go_on
    assert ["non_finite", "reduce_failed"] == collector.labels


def test_ranks_can_be_told_later(make: Make, collector: Any) -> None:
    """A monitor made before the processes of a run learns its rank when they exist."""
    monitor = make(NonFinite(), equal={"loss"})
    monitor.bind(rank=1, world=2, reduce=list)
    monitor.step(1, loss=math.nan)

    assert [] == collector.labels


@pytest.mark.parametrize(("rank", "world"), [(2, 2), (-1, 2), (0, 0), (True, 2)])
def test_a_rank_outside_its_world_is_refused(make: Make, rank: int, world: int) -> None:
    """A rank that is none of its world is refused at once."""
    with pytest.raises(InvalidValue):
        make(rank=rank, world=world)


class Distributed:
    """What a monitor asks of ``torch.distributed``; lives as long as a test."""

    ReduceOp = type("ReduceOp", (), {"MAX": "max"})

    def __init__(self, *, ready: bool = True) -> None:
        """Be initialised, as the second of two ranks, or not."""
        self._ready = ready
        self.asked: list[str] = []

    def is_available(self) -> bool:
        """Be there."""
        return True

    def is_initialized(self) -> bool:
        """Tell whether a process group was made."""
        return self._ready

    def get_rank(self) -> int:
        """Be the second."""
        return 1

    def get_world_size(self) -> int:
        """Of two."""
        return 2

    def get_backend(self) -> str:
        """Talk over the network."""
        return "gloo"

    def all_reduce(self, held: "Held", *, op: str) -> None:
        """Let the other rank have asked to stop."""
        self.asked.append(op)
        held.values = [max(own, other) for own, other in zip(held.values, [0, 0, 1, 0, 1, -1], strict=True)]


class Held:
    """A tensor of whole numbers."""

    def __init__(self, values: list[int]) -> None:
        """Hold them."""
        self.values = values

    def tolist(self) -> list[int]:
        """Read them."""
        return self.values


class Torch:
    """As much of torch as ranks need."""

    int64 = "int64"

    def __init__(self, distributed: Distributed) -> None:
        """Hold the part that knows of ranks."""
        self.distributed = distributed

    def tensor(self, values: list[int], *, dtype: str, device: str) -> Held:
        """Make a tensor where the backend can reach it."""
        if (dtype, device) != ("int64", "cpu"):
            raise ValueError
        return Held(values)


def test_torch_is_asked_where_it_runs(make: Make, collector: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an initialised process group rank, world and agreement come from torch: another rank's stop is a stop."""
    distributed = Distributed()
    monkeypatch.setitem(sys.modules, "torch", Torch(distributed))
    monitor = make(NonFinite(), equal={"loss"})
    monitor.step(1, loss=math.nan)

    assert monitor.sync(1, now=True).stop
    assert (["max"], []) == (distributed.asked, collector.labels)


def test_torch_without_a_process_group_is_a_world_of_one(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loaded torch that was not told of ranks changes nothing."""
    monkeypatch.setitem(sys.modules, "torch", Torch(Distributed(ready=False)))

    assert make(NonFinite(action="skip_update")).step(1, loss=math.nan).skip_update


def test_ranks_can_be_told_after_the_start(make: Make) -> None:
    """Ranks that are bound after the first step count from then on."""
    monitor = make(NonFinite(action="skip_update"))
    first = monitor.step(1, loss=math.nan).skip_update
    monitor.bind(rank=1, world=2, reduce=list)

    assert (True, False) == (first, monitor.step(2, loss=math.nan).skip_update)


class Broken(Distributed):
    """A process group that is gone."""

    def get_rank(self) -> int:
        """Fail, as after the group was destroyed."""
        raise RuntimeError


def test_a_process_group_that_is_gone_reaches_no_loop(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ranks cannot even be told, every call is contained and counted."""
    monkeypatch.setitem(sys.modules, "torch", Torch(Broken()))
    monitor = make(NonFinite(action="stop"))
    monitor.step(1, loss=math.nan)
    monitor.fail("loader")
    decision = monitor.sync(1, now=True)
    monitor.close()

    assert (True, 4) == (decision.go_on, monitor.health.internal_errors)
