"""The register as a board: a decision, a stop or a containment shuts the gate of running code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.governance import Code
from kakao_asi.signals import read_spool
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock

START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands."""
    return FrozenClock(START)


@pytest.fixture
def register(clock: FrozenClock) -> Iterator[asi.RiskRegister]:
    """A register with one system and one risk."""
    with asi.RiskRegister.on(MemoryStore(), clock=clock, ids=CountingIds()) as opened:
        opened.add_system(asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
        opened.identify(
            asi.Risk(
                id="leaks-rrn",
                title="A reply repeats a resident registration number",
                category=asi.RiskCategory.MODEL_IMPERFECTION,
                system="demo-chat",
                component="reply",
                principles={"privacy"},
                owner="serving",
            ),
            by="ml.lee",
        )
        yield opened
    hooks.deactivate()


@asi.gate("demo-chat/reply")
def reply() -> str:
    """Answer."""
    return "…"


@asi.gate("demo-chat/search")
def search() -> str:
    """Search."""
    return "…"


def test_a_containment_shuts_the_gate_of_its_component_only(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """Containing a risk shuts the component it belongs to and leaves the others open."""
    with register.active(sink=lambda _finding: True, flush="manual"):
        register.contain("leaks-rrn", until=clock() + dt.timedelta(hours=1), by="ml.lee", because="seen live")
        hooks.refresh()

        with pytest.raises(asi.GateBlocked) as blocked:
            reply()

        assert [Code.CONTAINMENT_OPEN] == [one.code for one in blocked.value.result.blockers]
        assert "…" == search()


def test_the_end_of_a_containment_opens_the_gate_without_a_new_reading(
    register: asi.RiskRegister, clock: FrozenClock, tmp_path: Path
) -> None:
    """A board file written before the end opens the gate after it, with the register out of reach."""
    register.contain("leaks-rrn", until=clock() + dt.timedelta(hours=1), by="ml.lee", because="seen live")
    register.write_board(tmp_path / "board.json")
    with hooks.activate(board=hooks.FileBoard(tmp_path / "board.json"), clock=clock, flush="manual"):
        shut = asi.gate("demo-chat/reply").check().passed
        (tmp_path / "board.json").unlink()
        clock.forward(dt.timedelta(hours=1))
        hooks.refresh()

        assert (False, "…") == (shut, reply())


def test_the_board_names_grades_and_unassessed_risks(register: asi.RiskRegister) -> None:
    """A risk without an assessment stands on the board without a grade, which is not low."""
    board = register.board()

    assert [("leaks-rrn", None)] == [(one.id, one.grade) for one in board.risks]


def test_findings_on_an_unassessed_risk_are_written_through(register: asi.RiskRegister, tmp_path: Path) -> None:
    """Each occurrence on a risk that nobody assessed stands in the spool at once, with the risk's actor."""

    @asi.watch("leaks-rrn", on=ValueError)
    def fail() -> None:
        raise ValueError

    spool = hooks.Spool(tmp_path)
    with register.active(sink=lambda _finding: True, spool=spool, flush="manual"):
        for _ in range(3):
            with pytest.raises(ValueError, match=r"^$"):
                fail()
        found = [entry.finding for entry in read_spool(tmp_path).entries]

    assert [(1, asi.Actor.AI)] * 3 == [(one.count, one.actor) for one in found]
