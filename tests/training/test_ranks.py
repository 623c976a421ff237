"""Several ranks: they decide together, and what is the same for all is recorded once."""

import math
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
