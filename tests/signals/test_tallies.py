"""Counting in a storm, counting apart, and telling what is switched off."""

from __future__ import annotations

import datetime as dt
import functools
import os
import subprocess
import sys
import threading

import attrs
import pytest

from kakao_asi import hooks
from kakao_asi.findings import Finding, Verdict
from kakao_asi.signals import BoardState, RiskNote, active, scoped
from kakao_asi.taxonomy import Actor, Grade, RiskCategory
from kakao_asi.testing import FrozenClock

START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


@hooks.watch("leaks", on=(ValueError, KeyError))
def fail(error: type[Exception] = ValueError) -> None:
    """Fail."""
    raise error


def storm(count: int, error: type[Exception] = ValueError) -> None:
    """Fail many times."""
    for _ in range(count):
        with pytest.raises(error):
            fail(error)


@pytest.mark.parametrize("frozen", [True, False], ids=["frozen_clock", "real_clock"])
def test_a_storm_of_exceptions_is_counted_exactly(frozen: bool) -> None:
    """Each kind has its own group, told at 1, 10 and at the end, with the time of the last."""
    taken: list[Finding] = []
    activate = functools.partial(hooks.activate, clock=FrozenClock(START)) if frozen else hooks.activate
    with activate(sink=lambda finding: not taken.append(finding), flush="manual"):
        storm(25)
        storm(3, KeyError)
    seen = hooks.health()

    assert {"ValueError": [1, 9, 15], "KeyError": [1, 2]} == {
        cause: [one.count for one in taken if one.cause == cause] for cause in ("ValueError", "KeyError")
    }
    assert (28, 28, 0, 0) == (seen.offered, seen.stored, seen.dropped, seen.pending)
    assert all(one.first is None or one.first <= one.at for one in taken)


@pytest.mark.parametrize("each", [250, pytest.param(20_000, marks=pytest.mark.soak)], ids=str)
def test_threads_in_a_storm_lose_no_count(each: int) -> None:
    """Eight threads that fail at once are counted to the last occurrence."""
    threads = [threading.Thread(target=storm, args=(each,)) for _ in range(8)]
    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    seen = hooks.health()

    assert (8 * each, 8 * each) == (seen.offered, seen.stored + seen.dropped + seen.pending)


def test_one_exception_in_a_storm_still_counts_once() -> None:
    """The same object on its way through two watched callables for one risk is one occurrence."""

    @hooks.watch("leaks", on=ValueError)
    def outer() -> None:
        fail()

    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        for _ in range(5):
            with pytest.raises(ValueError, match=r"^$"):
                outer()

        assert 5 == hooks.health().offered


def test_recursion_in_a_storm_counts_each_error_once() -> None:
    """An error that passes the same watch at every depth is one occurrence, also where its kind is known."""

    @hooks.watch("leaks", on=ValueError)
    def deep(left: int) -> None:
        if left == 0:
            raise ValueError
        deep(left - 1)

    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        for _ in range(4):
            with pytest.raises(ValueError, match=r"^$"):
                deep(3)

        assert 4 == hooks.health().offered


def test_a_recorder_that_fails_when_it_is_asked_changes_nothing() -> None:
    """Whatever breaks before anything is reported is counted, and the user's exception arrives."""

    class Broken:
        """Has no state to give."""

        strict = False

        @property
        def state(self) -> BoardState | None:
            """Fail."""
            raise OSError

        def now(self) -> dt.datetime:
            """Return an instant."""
            return START

        def offer(self, *_: object) -> bool:
            """Take nothing."""
            return False

    fails = hooks.watch("leaks", on=ValueError)(fail.__wrapped__)  # type: ignore[attr-defined]  # the plain function
    before = hooks.health().internal_errors
    with scoped(Broken()), pytest.raises(ValueError, match=r"^$"):
        fails()
    with scoped(Broken()), pytest.raises(ValueError, match=r"^$"):
        fails()

    assert 2 == hooks.health().internal_errors - before


def test_a_new_state_of_the_board_is_seen_in_a_storm() -> None:
    """Once the board knows whose risk it is, findings name the actor, in a group of their own."""

    class Board:
        """Says nothing of the risk, then that it is a person's."""

        def __init__(self) -> None:
            """Start without the risk."""
            self.risks: tuple[RiskNote, ...] = ()

        def read(self) -> BoardState:
            """Return a new state each time."""
            return BoardState(at=START, risks=self.risks)

    board = Board()
    taken: list[Finding] = []
    with hooks.activate(board=board, sink=lambda finding: not taken.append(finding), flush="manual"):
        storm(4)
        board.risks = (RiskNote(id="leaks", category=RiskCategory.PASSIVE_NEGLIGENCE, grade=Grade.LOW),)
        hooks.refresh()
        storm(4)

    counts = {actor: sum(one.count for one in taken if one.actor is actor) for actor in (None, Actor.HUMAN)}
    assert {None: 4, Actor.HUMAN: 4} == counts


def test_a_late_receiver_counts_for_itself() -> None:
    """What an old receiver still takes does not stand in the health of the next one."""
    with hooks.activate(sink=lambda _finding: True, flush="manual") as old:
        storm(1)
    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        late = Finding(verdict=Verdict.FLAG, site="late", at=START)
        old.offer(late.key, lambda: late)

        assert (0, 2) == (hooks.health().offered, old.tally.offered)


def test_a_group_that_had_to_go_is_offered_anew() -> None:
    """After 4,096 other kinds the first one starts over, and nothing is lost."""
    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        storm(3)
        receiver = active()
        assert receiver is not None
        for number in range(4_097):
            other = Finding(verdict=Verdict.FLAG, site=f"other:{number}", at=START)
            receiver.offer(other.key, functools.partial(attrs.evolve, other))
        storm(3)
    seen = hooks.health()

    assert (4_103, 4_103) == (seen.offered, seen.stored)


def test_more_places_that_are_switched_off_are_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """When their number grows, the new number is told, and the same one never twice."""
    taken: list[Finding] = []
    with hooks.activate(sink=lambda finding: not taken.append(finding), flush="manual"):
        for disabled in (0, 2, 2, 3):
            monkeypatch.setattr("kakao_asi.signals._receiver.disabled_sites", lambda disabled=disabled: disabled)
            hooks.flush()

    assert [2, 3] == [one.fact("disabled") for one in taken if one.label == "hooks_disabled"]


SWITCHED_OFF = """
from kakao_asi import hooks
def f(): ...
assert hooks.watch("r", on=ValueError)(f) is f
assert hooks.gate("demo-chat/reply")(f) is f
taken = []
with hooks.activate(sink=lambda finding: not taken.append(finding), flush="manual"):
    hooks.flush()
    hooks.flush()
print([(one.label, one.verdict.id, one.fact("disabled")) for one in taken], hooks.health().disabled)
"""


def test_places_that_are_switched_off_are_told_once() -> None:
    """Silence is not green: their number is a finding of the next receiver."""
    done = subprocess.run(
        [sys.executable, "-c", SWITCHED_OFF],
        env={"KAKAO_ASI_HOOKS": "off", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "[('hooks_disabled', 'indeterminate', 2)] 2\n" == done.stdout
