"""Observers: every committed entry, in order, at least once, and never in the way of a commit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import CommandRefused, RiskRegister, commands
from kakao_asi.exceptions import InvalidValue, StoreBusy
from kakao_asi.register import Entry
from kakao_asi.stores import MemoryStore, SQLiteStore
from kakao_asi.testing import FrozenClock


def test_an_observer_at_open_sees_everything_from_then_on(start_life: Callable[..., Any]) -> None:
    """The first event too, in order."""
    seen: list[Entry] = []
    life = start_life(observers=[seen.append])
    life.assess()

    assert [one.kind for one in seen] == ["governance_adopted", "system_added", "risk_identified", "risk_assessed"]
    again: list[Entry] = []
    RiskRegister.on(life.store, clock=life.clock, observers=[again.append])
    assert again == []


def test_a_named_observer_sees_everything_from_the_beginning(life: Any) -> None:
    """What happened before it came, then what happens."""
    seen: list[int] = []
    life.register.observe("audit", lambda entry: seen.append(entry.seq))
    life.assess()

    assert seen == list(range(life.size()))


def test_a_named_observer_goes_on_where_it_stood(start_life: Callable[..., Any], tmp_path: Path) -> None:
    """In another process, or after a restart."""
    clock = FrozenClock(start_life.start)
    path = tmp_path / "asi.db"
    first: list[int] = []
    life = start_life(store=SQLiteStore(path, clock=clock), clock=clock)
    life.register.observe("audit", lambda entry: first.append(entry.seq))
    life.assess()
    life.register.release()

    second: list[int] = []
    with RiskRegister.open(path, clock=clock) as register:
        register.submit(commands.Reword(risk="r", title="x"), by="pm.oh")
        assert second == []
        register.observe("audit", lambda entry: second.append(entry.seq))
        register.submit(commands.Reword(risk="r", title="y"), by="pm.oh")

    assert second == [first[-1] + 1, first[-1] + 2]


def test_an_observer_sees_only_what_was_committed(life: Any) -> None:
    """A refused command shows nothing."""
    seen: list[str] = []
    life.register.observe("audit", lambda entry: seen.append(entry.kind))
    before = len(seen)
    with pytest.raises(CommandRefused):
        life.register.close("r", by="pm.oh")

    assert before == len(seen)


def test_a_failing_observer_is_counted_and_gets_the_entry_again(life: Any) -> None:
    """It holds up neither the commit nor anybody else."""
    seen: list[int] = []
    others: list[int] = []
    broken = [True]

    def fragile(entry: Entry) -> None:
        if entry.kind == "risk_assessed" and broken:
            raise RuntimeError
        seen.append(entry.seq)

    life.register.observe("fragile", fragile)
    life.register.observe("robust", lambda entry: others.append(entry.seq))
    life.assess()
    life.respond()
    assert life.register.failures() == {"fragile": 2, "robust": 0}
    assert others == list(range(life.size()))
    assert seen == others[:-2]

    broken.clear()
    life.verify()
    assert seen == others


def test_an_observer_may_submit(life: Any) -> None:
    """What it causes is delivered to everybody, in the same turn and in order, itself included."""
    early: list[int] = []
    late: list[int] = []

    def answering(entry: Entry) -> None:
        late.append(entry.seq)
        if entry.kind == "risk_assessed":
            life.register.submit(commands.Reword(risk="r", title="assessed"), by="bot")

    life.register.observe("early", lambda entry: early.append(entry.seq))
    life.register.observe("answering", answering)
    life.assess()

    assert early == late == list(range(life.size()))
    assert life.state().risk.title == "assessed"


def test_an_observer_may_bring_another(life: Any) -> None:
    """One that is added while entries are handed on sees them all."""
    seen: list[int] = []

    def bringing(entry: Entry) -> None:
        if entry.kind == "risk_assessed":
            life.register.observe("brought", lambda one: seen.append(one.seq))

    life.register.observe("bringing", bringing)
    life.assess()

    assert seen == list(range(life.size()))


def test_a_failing_observer_that_waits_is_not_called_twice_in_a_turn(life: Any) -> None:
    """Others may go round again; it waits for the next commit."""
    calls: list[str] = []

    def failing(entry: Entry) -> None:
        calls.append(entry.kind)
        raise RuntimeError

    def answering(entry: Entry) -> None:
        if entry.kind == "risk_assessed":
            life.register.submit(commands.Reword(risk="r", title="assessed"), by="bot")

    life.register.observe("failing", failing)
    life.register.observe("answering", answering)
    calls.clear()
    life.assess()

    assert calls == ["governance_adopted"]


def test_a_name_is_taken_over(life: Any) -> None:
    """The same name again replaces the callable and goes on from its cursor."""
    old: list[int] = []
    new: list[int] = []
    life.register.observe("audit", lambda entry: old.append(entry.seq))
    life.register.observe("audit", lambda entry: new.append(entry.seq))
    life.assess()

    assert (len(old), new) == (life.size() - 1, [life.size() - 1])


@pytest.mark.parametrize("name", ["", "Audit", "a b"])
def test_a_name_is_an_id(life: Any, name: str) -> None:
    """Its cursor is kept under it."""
    with pytest.raises(InvalidValue, match="observe"):
        life.register.observe(name, print)


def test_a_cursor_that_cannot_be_kept_is_counted(start_life: Callable[..., Any]) -> None:
    """Delivery goes on; the next start repeats what was not noted."""

    class Forgetful(MemoryStore):
        """A store that is busy whenever a cursor comes."""

        def append(self, events: Any, rows: Any, expected: Any, key: Any) -> Any:
            """Refuse rows without events."""
            if not events and rows:
                raise StoreBusy("busy")
            return super().append(events, rows, expected, key)

    clock = FrozenClock(start_life.start)
    life = start_life(store=Forgetful(clock=clock), clock=clock)
    seen: list[int] = []
    life.register.observe("audit", lambda entry: seen.append(entry.seq))

    assert (life.register.failures(), seen) == ({"audit": 1}, list(range(life.size())))
