"""An active register takes the findings of this process: in batches, from its own thread, and never into user code."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import RiskRegister, commands, hooks
from kakao_asi.exceptions import InvalidValue, StoreBusy, StoreFull
from kakao_asi.observers import asks_people
from kakao_asi.signals import RiskNote


class FailedError(Exception):
    """What the watched functions raise."""


@hooks.watch("r", on=FailedError)
def known() -> None:
    """Fail at a known risk."""
    raise FailedError


@hooks.watch("ghost", on=FailedError)
def unknown() -> None:
    """Fail at a risk that nobody identified."""
    raise FailedError


def fail(function: Any, times: int = 1) -> None:
    """Call a function so often, and see its own error each time."""
    for _ in range(times):
        with pytest.raises(FailedError):
            function()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Take every receiver away at the end."""
    yield
    hooks.deactivate()


def counts(life: Any) -> dict[str | None, int]:
    """Return the counts by the risk that the findings name."""
    return {one.sample.risk: one.count for one in life.register.findings()}


def test_findings_of_hooks_reach_the_register(life: Any) -> None:
    """The known risk is marked, the unknown one waits, and the counts are exact."""
    with life.register.active(flush="manual"):
        fail(known, 25)
        fail(unknown, 3)
        hooks.flush()

        assert (28, 28, 0) == (hooks.health().offered, hooks.health().stored, hooks.health().pending)
    assert {"r": 25, "ghost": 3} == counts(life)
    assert life.state().recheck.step_up
    assert ["ghost"] == [one.sample.risk for one in life.register.findings(open=True)]


def test_what_waits_is_written_in_one_transaction(life: Any) -> None:
    """However many groups wait, one command records them, in the name of the principal that was chosen."""
    asked = []
    life.register.submit, submit = (
        lambda command, **who: (asked.append(command), submit(command, **who)),
        (life.register.submit),
    )
    with life.register.active(flush="manual", by="svc.chat"):
        fail(known)
        fail(unknown)
        hooks.flush()

    assert [2] == [len(one.findings) for one in asked if isinstance(one, commands.RecordFindings)]
    assert {"svc.chat"} == {one.by for one in life.register.events() if one.kind == "findings_grouped"}


def test_a_finding_on_an_unassessed_risk_is_written_at_once(life: Any) -> None:
    """The thread is woken, whatever its period; nobody waits for it."""
    written = threading.Event()
    life.register.observe("test", lambda entry: entry.kind == "findings_grouped" and written.set())
    with life.register.active(refresh=dt.timedelta(hours=1)):
        fail(known)

        assert written.wait(30)


def test_a_finding_on_a_low_risk_waits_for_the_period(life: Any) -> None:
    """It is counted as pending until the thread comes round, here at the end."""
    life.assess()
    with life.register.active(refresh=dt.timedelta(hours=1)):
        fail(known)

        assert ((), 1) == (life.register.findings().items, hooks.health().pending)
    assert {"r": 1} == counts(life)


def test_the_board_still_says_which_risks_are_grave(life: Any) -> None:
    """An active register is board and sink in one."""
    with life.register.active(flush="manual") as receiver:
        assert RiskNote(id="r", category=life.state().risk.category, grade=None) == receiver.state.risk("r")


@pytest.mark.parametrize("error", [StoreBusy, StoreFull, OSError, RuntimeError], ids=lambda one: one.__name__)
def test_a_store_that_fails_keeps_the_counts_and_says_so(
    life: Any, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing reaches the function; what could not be written waits, and is written once it can be."""

    def refuse(*_: Any) -> Any:
        """Fail as a store may."""
        raise error("full")

    with life.register.active(flush="manual"):
        with monkeypatch.context() as patch:
            patch.setattr(life.store, "append", refuse)
            fail(known, 3)
            hooks.flush()
            ill = hooks.health()
        hooks.flush()
        well = hooks.health()

    assert (3, 0, 3, error.__name__) == (ill.offered, ill.stored, ill.pending, ill.sink_cause)
    assert ill.sink_errors > 0
    assert ((3, 0), {"r": 3}) == ((well.stored, well.pending), counts(life))


def test_a_register_that_only_reads_drops_and_counts(life: Any) -> None:
    """What never could be written is dropped at the end, and the health says how much and why."""
    reader = RiskRegister.on(life.store, read_only=True, clock=life.clock)
    with reader.active(flush="manual"):
        fail(known, 12)
        hooks.flush()
    end = hooks.health()

    assert (12, 0, 12, 0, "StoreUnavailable") == (end.offered, end.stored, end.dropped, end.pending, end.sink_cause)


def test_who_may_not_record_stops_nobody_else(start_life: Any) -> None:
    """A refusal of ``authorize`` is counted like any failure of a sink."""
    life = start_life(authorize=lambda by, _command: by != "hooks")
    with life.register.active(flush="manual"):
        fail(known)
        hooks.flush()

        assert ("CommandRefused", 1) == (hooks.health().sink_cause, hooks.health().pending)


def test_a_sink_of_ones_own_takes_the_place_of_the_register(life: Any) -> None:
    """Then nothing is written."""
    taken = []
    with life.register.active(sink=lambda finding: not taken.append(finding), flush="manual"):
        fail(known)

    assert (1, ()) == (len(taken), life.register.findings().items)


def test_a_spool_takes_what_is_urgent_and_comes_back_by_import(life: Any, tmp_path: Path) -> None:
    """With both, nothing counts twice."""
    with life.register.active(spool=hooks.Spool(tmp_path), flush="manual"):
        fail(known, 5)
        fail(unknown, 2)
    before = counts(life)
    life.register.import_spool(tmp_path, by="ml.lee")

    assert ({}, {"r": 5, "ghost": 2}) == (before, counts(life))


def test_whoever_records_is_a_principal(life: Any) -> None:
    """Other names fail at once."""
    with pytest.raises(InvalidValue):
        life.register.active(by="No Id")


def test_counting_more_findings_asks_nobody(life: Any) -> None:
    """Of a storm a notifier sends on three entries at most: two marks here, and one group that waits."""
    for count in (1, 9, 90, 900):
        with life.register.active(flush="manual"):
            fail(known, count)
            fail(unknown, count)
    asking = [entry.kind for entry in life.register.events() if asks_people(entry)]

    assert ["findings_grouped", "reassessment_asked", "reassessment_asked"] == sorted(asking)
