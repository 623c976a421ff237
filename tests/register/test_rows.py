"""What a register makes of rows and events that are not as it left them."""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Matter, RiskRegister, Stage
from kakao_asi.exceptions import IntegrityError, UnknownId
from kakao_asi.stores import Draft, MemoryStore, Row
from kakao_asi.testing import CountingIds, FrozenClock


def copied(row: Any, **changes: Any) -> Row:
    """Return a stored row as one to be written again."""
    parts = {name: getattr(row, name) for name in ("kind", "id", "version", "columns", "state")}
    return Row(**(parts | changes))


def from_the_future(life: Any, stream: str = "risk:r", kind: str = "risk_dreamt_of") -> Draft:
    """Return an event of a kind that this version does not know."""
    return Draft(
        id="e-future",
        stream=stream,
        kind=kind,
        schema=1,
        at=life.clock(),
        by="pm.oh",
        lifecycle=9,
        payload={"dream": 1} if kind == "risk_dreamt_of" else {},
    )


def test_an_event_of_a_later_version_changes_no_state(life: Any) -> None:
    """It stays readable, the fold passes it over, and the register goes on."""
    before = life.state()
    row = life.store.get("risk", "r")
    life.store.append([from_the_future(life)], [copied(row, version=row.version + 1)], {}, None)
    last = life.register.history("r")[-1]

    assert (None, "risk_dreamt_of", {"dream": 1}) == (last.event, last.kind, last.payload)
    assert (before, ()) == (life.state(), life.register.rebuild())
    assert life.register.compare("r", 1, 1).unchanged == ("grade",)
    assert life.assess().status.id == "assessed"


@pytest.mark.parametrize("kind", ["risk_dreamt_of", "case_withdrawn"], ids=["unknown", "no-beginning"])
def test_a_stream_that_starts_with_nothing_known_is_no_state(life: Any, kind: str) -> None:
    """Its events are passed over."""
    life.store.append([from_the_future(life, "risk:dream", kind)], (), {}, None)

    assert life.register.rebuild() == ()
    with pytest.raises(UnknownId):
        life.register.risk("dream")


@pytest.mark.parametrize("state", [b"", b"{}", b"[1", b"\xff"], ids=["empty", "no-fields", "cut", "not-utf-8"])
def test_a_state_that_cannot_be_read_is_named(life: Any, state: bytes) -> None:
    """The error says which one and what to run, and shows nothing of it."""
    life.store.append((), [copied(life.store.get("risk", "r"), state=state)], {}, None)
    with pytest.raises(IntegrityError, match=r"risk 'r'.*rebuild"):
        life.register.risk("r")


def test_more_than_a_page_of_risks_is_read_whole(life: Any) -> None:
    """Gates, hashes and decisions look at every risk of a system."""
    row = life.store.get("risk", "r")
    names = [f"n{number:04}" for number in range(1_001)]
    rows = [copied(row, id=name, version=0, state=row.state.replace(b'"r"', f'"{name}"'.encode())) for name in names]
    life.store.append((), rows, {}, None)
    blockers = life.register.gate("chat", Stage.DEPLOYMENT).blockers

    assert sum(one.code.id == "not_assessed" for one in blockers) == 1_002
    assert life.open_case("chat", Matter.RELEASE).state_hash == life.register.state_hash("chat")


def test_two_that_open_a_new_store_at_once_adopt_one_governance(start_life: Callable[..., Any]) -> None:
    """Whoever comes second finds the first event and adds none."""

    class Raced(MemoryStore):
        """A store that somebody else opens just before the first write."""

        def exclusive(self) -> Any:
            """Let the other go first, once."""
            if not raced:
                raced.append(True)
                RiskRegister.on(self, ids=CountingIds())
            return super().exclusive()

    raced: list[bool] = []
    clock = FrozenClock(start_life.start)
    register = RiskRegister.on(Raced(clock=clock), clock=clock)

    assert [one.kind for one in register.events()] == ["governance_adopted"]


def test_a_register_that_lost_its_governance_says_so(start_life: Callable[..., Any]) -> None:
    """Nothing is decided without one."""

    class Forgetful(MemoryStore):
        """A store that can lose its governance."""

        def get(self, kind: str, id: str) -> Any:  # as the store has it
            """Return a row, unless it is lost."""
            return None if kind == "governance" and lost else super().get(kind, id)

    lost: list[bool] = []
    clock = FrozenClock(start_life.start)
    life = start_life(store=Forgetful(clock=clock), clock=clock)
    lost.append(True)
    with pytest.raises(UnknownId, match="governance"):
        life.assess()


def test_rows_know_until_when_a_closing_holds(life: Any) -> None:
    """The column that lapsed acceptances are found by is set for these only."""
    life.assess()
    life.accepted(days=9)
    assert life.store.get("risk", "r").columns["until"] is None

    life.register.close("r", by="pm.oh")
    assert life.store.get("risk", "r").columns["until"] == "2026-03-11T00:30:00.000000Z"
