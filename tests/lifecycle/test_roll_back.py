"""Going back to digests that served before."""

from __future__ import annotations

import datetime as dt

import pytest

import kakao_asi as asi
from kakao_asi import commands
from kakao_asi.lifecycle import RiskStatus, Stamp, SystemState, apply, events
from kakao_asi.stores import MemoryStore
from kakao_asi.systems import Pin, PinKind
from kakao_asi.testing import FrozenClock

CLOCK = FrozenClock(dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
STAMP = Stamp("ml.lee", CLOCK())


def _pins(letter: str) -> tuple[Pin, ...]:
    return (Pin(kind=PinKind.MODEL, digest="sha256:" + letter * 64),)


@pytest.fixture
def served() -> SystemState:
    """Give the state of a system that served v1 and then v2."""
    state = apply(
        None,
        events.SystemAdopted(
            system=asi.System(id="demo-chat", unit="chat", audience="external"),
            stage=asi.Stage.MONITORING,
            live=_pins("1"),
        ),
        STAMP,
    )
    state = apply(state, events.RolledBack(live=_pins("2")), STAMP)
    assert isinstance(state, SystemState)
    return state


def test_what_served_before_is_remembered(served: SystemState) -> None:
    """A set of digests that stops serving stands among the former ones."""
    assert (_pins("1"),) == served.former


def test_each_former_set_stands_once(served: SystemState) -> None:
    """Going back and forth does not pile up sets."""
    back = apply(served, events.RolledBack(live=_pins("1")), STAMP)

    assert isinstance(back, SystemState)
    assert ((_pins("2"),), _pins("1")) == (back.former, back.live)


def test_only_what_served_before_serves_again_without_a_decision() -> None:
    """A set of digests that was never live cannot be rolled back to."""
    register = asi.RiskRegister.on(MemoryStore(), clock=CLOCK)
    system = asi.System(id="demo-chat", unit="chat", audience="external")
    register.submit(commands.AdoptSystem(system=system, stage="monitoring", live=_pins("1")), by="ml.lee")

    permission = register.can(commands.RollBack(system="demo-chat", pins=_pins("9")), by="ml.lee")

    assert ["unknown_subject"] == [refusal.code.id for refusal in permission.refusals]


def test_an_event_of_another_stream_changes_nothing(served: SystemState) -> None:
    """A state takes only events that speak to it."""
    assert served is apply(served, events.RiskReworded(title="words"), STAMP)


def test_a_stream_starts_with_its_first_event_only() -> None:
    """Any other event on a stream that does not exist makes no state."""
    assert apply(None, events.RolledBack(live=()), STAMP) is None


def test_the_four_words_of_a_risk_stand_in_order() -> None:
    """A risk has one status out of four."""
    assert ["identified", "assessed", "responding", "closed"] == [status.id for status in RiskStatus]


def test_a_decision_on_another_proposal_changes_no_governance() -> None:
    """Only the case that a governance was proposed in puts it into force."""
    register = asi.RiskRegister.on(MemoryStore(), clock=CLOCK)
    state = apply(
        None,
        events.GovernanceAdopted(governance=register.governance(), digest="sha256:" + "0" * 64, roster=asi.Roster()),
        STAMP,
    )

    assert state is apply(state, events.GovernanceChanged(case="governance.governance.1"), STAMP)
