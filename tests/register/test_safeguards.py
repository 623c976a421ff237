"""What a careful reader asked for: nothing to guess from receipts, no waived duty, no open gate for a typing slip."""

from __future__ import annotations

import datetime as dt

import pytest

import kakao_asi as asi
from kakao_asi import commands
from kakao_asi.exceptions import KeyReused, UnknownId
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock


def _risk(title: str, owner: str = "serving") -> asi.Risk:
    return asi.Risk(
        id="unlabelled",
        title=title,
        category="passive_negligence",
        system="demo-chat",
        principles={"transparency"},
        owner=owner,
        legal_obligation=True,
    )


@pytest.fixture
def register() -> asi.RiskRegister:
    """Give a register with a system of one component and a second-line assessor."""
    clock = FrozenClock(dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC))
    roster = asi.Roster(people=[asi.Person(id="safety.han", roles={"second_line"}, unit="safety")])
    register = asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds(), roster=roster)
    system = asi.System(id="demo-chat", unit="chat", audience="external", components={"reply"})
    register.add_system(system, by="ml.lee")
    return register


def test_a_receipt_tells_nothing_of_private_words(register: asi.RiskRegister) -> None:
    """Two requests that differ in private words alone leave one receipt, so no word can be guessed from it."""
    register.identify(_risk("first wording"), by="ml.lee", key="request-1")

    again = register.identify(_risk("other wording"), by="ml.lee", key="request-1")

    assert "first wording" == again.risk.title


def test_a_key_stands_for_one_request(register: asi.RiskRegister) -> None:
    """The same key with another owner is another request, and refused."""
    register.identify(_risk("wording"), by="ml.lee", key="request-1")

    with pytest.raises(KeyReused):
        register.identify(_risk("wording", owner="console"), by="ml.lee", key="request-1")


@pytest.mark.parametrize(("by", "codes"), [("ml.lee", ["not_authorized"]), ("safety.han", [])])
def test_only_the_second_line_says_that_a_legal_duty_is_none(
    register: asi.RiskRegister, by: str, codes: list[str]
) -> None:
    """Whoever has to keep a legal duty cannot declare it away."""
    register.identify(_risk("wording"), by="ml.lee")

    permission = register.can(commands.Rescope(risk="unlabelled", legal_obligation=False), by=by)

    assert codes == [refusal.code.id for refusal in permission.refusals]


def test_the_gate_of_a_component_nobody_named_is_not_open(register: asi.RiskRegister) -> None:
    """Where a system names its components, a misspelt one is an error and never an open gate."""
    with pytest.raises(UnknownId, match="replly"):
        register.component_gate("demo-chat", "replly")


def test_the_gate_of_a_named_component_answers(register: asi.RiskRegister) -> None:
    """A component that the system names may run while nothing shuts it."""
    assert register.component_gate("demo-chat", "reply").passed
