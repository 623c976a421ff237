"""Facts of a system that laws and screening ask for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kakao_asi import System
from kakao_asi.exceptions import InvalidValue
from kakao_asi.serialization import dump, structure
from kakao_asi.systems import HighImpact, SystemFact


@pytest.mark.parametrize("fact", SystemFact, ids=lambda fact: str(fact.id))
@pytest.mark.parametrize("value", [True, False])
def test_every_fact_is_a_field(fact: SystemFact, value: bool) -> None:
    """A fact is stated under its id and read back by its member."""
    known: Any = {fact.id: value}
    system = System(id="chat", unit="chat", audience="external", **known)

    assert value is system.fact(fact)


@pytest.mark.parametrize("fact", SystemFact, ids=lambda fact: str(fact.id))
def test_a_fact_nobody_stated_is_unknown(fact: SystemFact) -> None:
    """Without a word about it a fact is neither true nor false."""
    assert System(id="chat", unit="chat", audience="external").fact(fact) is None


@pytest.mark.parametrize("value", [1, "yes", "true"])
def test_a_fact_is_true_or_false(value: Any) -> None:
    """A fact takes no number and no word."""
    with pytest.raises(InvalidValue):
        System(id="chat", unit="chat", audience="external", generative=value)


def test_a_decision_on_high_impact_round_trips() -> None:
    """The recorded decision is written and read back alike, and its basis is not shown."""
    decided = HighImpact(applies=True, basis="대출 심사", decided_on=dt.date(2026, 11, 24))
    system = System(id="chat", unit="chat", audience="external", high_impact=decided, training_flop_exponent=25)

    assert (system, False) == (structure(System, dump(system)), "대출" in repr(system))
