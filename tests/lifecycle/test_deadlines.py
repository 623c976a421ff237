"""What time does to a case: reminders, one tier up, overdue at the apex, and never an approval."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest

import kakao_asi as asi
from kakao_asi import commands
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock

MONDAY = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock() -> FrozenClock:
    """Give a clock that stands still on a Monday."""
    return FrozenClock(MONDAY)


def _with_case(register: asi.RiskRegister) -> asi.RiskRegister:
    register.add_system(asi.System(id="demo-chat", unit="chat", audience="external"), by="ml.lee")
    register.identify(
        asi.Risk(
            id="drifts",
            title="made up",
            category="model_imperfection",
            system="demo-chat",
            principles={"privacy"},
            owner="serving",
        ),
        by="ml.lee",
    )
    register.escalate("demo-chat", "release", by="ml.lee")
    return register


@pytest.fixture
def register(clock: FrozenClock) -> asi.RiskRegister:
    """Give a register with a release case that waits for AI Safety."""
    return _with_case(asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds()))


def test_nothing_is_due_at_once(register: asi.RiskRegister) -> None:
    """A case that was just opened asks for nothing."""
    assert () == register.tick()


def test_a_body_is_reminded_once_a_share(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """When half of a term has passed the body is reminded, and the same look again adds nothing."""
    register.tick()
    clock.forward(DAY)
    first = [one for one in register.tick() if isinstance(one, commands.Remind)]

    assert ([commands.Remind(case="demo-chat.release.1")], ()) == (first, register.tick())


def test_a_missed_term_moves_the_case_up_one_tier(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """After its business day AI Safety has missed it, and the committee decides next."""
    clock.forward(2 * DAY)
    register.tick()

    assert ("erm_committee", (0,)) == (
        register.case("demo-chat.release.1").body,
        register.case("demo-chat.release.1").missed,
    )


def test_time_alone_never_approves(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """A year without any vote leaves the case open and overdue at the top."""
    for _ in range(53):
        clock.forward(7 * DAY)
        register.tick()
    case = register.case("demo-chat.release.1")

    assert ("open", "top", (0, 1, 2), None) == (case.status.id, case.body, case.missed, case.outcome)


def test_a_long_pause_loses_no_step(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """One look after a year does what a look a day would have done."""
    clock.forward(365 * DAY)
    register.tick()

    assert (0, 1, 2) == register.case("demo-chat.release.1").missed


def test_a_clock_that_jumps_back_repeats_nothing(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """What happened once does not happen again when the clock goes back and on."""
    clock.forward(2 * DAY)
    register.tick()
    clock.set(MONDAY)
    back = register.tick()
    clock.set(MONDAY + 2 * DAY)

    assert ((), ()) == (back, register.tick())


@pytest.mark.parametrize("command", [commands.Remind, commands.MissDeadline], ids=lambda kind: kind.__name__)
def test_before_its_time_nothing_is_recorded(register: asi.RiskRegister, command: type[commands.Remind]) -> None:
    """Nobody can move a case on by claiming that time has passed."""
    permission = register.can(command(case="demo-chat.release.1"), by="ml.lee")

    assert ["not_due"] == [refusal.code.id for refusal in permission.refusals]


def test_a_missed_tier_is_told_in_words(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """The case explains that a body let its time pass, in both languages."""
    clock.forward(2 * DAY)
    register.tick()
    words = [register.explain("demo-chat.release.1", lang=lang) for lang in ("ko", "en")]

    assert (True, True) == ("기한 안에 결정하지 않아" in words[0], "let its time pass" in words[1])


def test_an_overdue_response_is_put_before_the_bodies_once(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """A response past its due date opens one case, and no second one while that is open."""
    factors = asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.MINOR)
    register.assess("drifts", factors, by="safety.han")
    response = asi.Response(
        strategy=asi.Strategy.CHANGE_LIKELIHOOD,
        controls=["ai.output_filter"],
        owner="serving",
        due=dt.date(2026, 11, 2),
    )
    register.respond("drifts", response, by="ml.lee")
    clock.forward(DAY)
    register.tick()
    clock.forward(DAY)
    register.tick()

    assert [asi.Matter.RISK] == [case.matter for case in register.cases(subject="drifts")]


def test_two_lookers_at_once_fire_once(tmp_path: Path) -> None:
    """Four registers on one file that look at the same moment record each miss once."""
    clock = FrozenClock(MONDAY)
    path = tmp_path / "asi.db"
    _with_case(asi.RiskRegister.open(path, clock=clock)).release()
    clock.forward(2 * DAY)
    registers = [asi.RiskRegister.open(path, clock=clock) for _ in range(4)]
    barrier = threading.Barrier(4)

    def look(register: asi.RiskRegister) -> None:
        barrier.wait()
        register.tick()

    threads = [threading.Thread(target=look, args=(register,)) for register in registers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [entry.kind for entry in registers[0].history("demo-chat.release.1")]
    for register in registers:
        register.release()

    assert 1 == kinds.count("deadline_missed")
