"""Every coroutine of ``register.aio`` does what the call of the same name does."""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi import catalog, commands
from kakao_asi.evidence import Evidence
from kakao_asi.governance import Seat
from kakao_asi.responses import Coverage
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock

START = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
RISK = asi.Risk(
    id="drifts",
    title="made up",
    category="model_imperfection",
    system="demo-chat",
    principles={"privacy"},
    owner="serving",
)
FACTORS = asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.MINOR)
ANSWER = asi.Response(
    strategy=asi.Strategy.CHANGE_LIKELIHOOD, controls=["ai.output_filter"], owner="serving", due=dt.date(2026, 12, 1)
)
PROOF = [Evidence.of_bytes(b"proof", at=START)]
SEEN = asi.Finding(verdict=asi.Verdict.FLAG, site="m:f", component="demo-chat/reply", label="odd", at=START)
WHY = "no better model before spring"

QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "risk": lambda register: register.risk("drifts"),
    "system": lambda register: register.system("demo-chat"),
    "case": lambda register: register.case("drifts.risk.1"),
    "risks": lambda register: register.risks(open=True),
    "systems": lambda register: register.systems(),
    "cases": lambda register: register.cases(system="demo-chat"),
    "decisions": lambda register: register.decisions(),
    "grades": lambda register: register.grades("drifts"),
    "gate": lambda register: register.gate("demo-chat", "development"),
    "component_gate": lambda register: register.component_gate("demo-chat"),
    "cycle": lambda register: register.cycle("demo-chat"),
    "compare": lambda register: register.compare("drifts", 1, 1),
    "state_hash": lambda register: register.state_hash("drifts"),
    "explain": lambda register: register.explain("drifts", lang="ko"),
    "history": lambda register: register.history("drifts"),
    "events": lambda register: register.events(limit=2),
    "what_if": lambda register: register.what_if(catalog.proportional_governance()),
    "without": lambda register: register.without("top"),
    "guidance": lambda register: register.guidance("demo-chat"),
    "advice": lambda register: (
        register.advice(register.gate("demo-chat", "test"))
        if isinstance(register, asi.RiskRegister)
        else register.advice(register.register.gate("demo-chat", "test"))
    ),
    "screen": lambda register: register.screen("demo-chat"),
    "disproved": lambda register: register.disproved(),
    "coverage": lambda register: register.coverage("kakao.principles"),
    "crosswalk": lambda register: register.crosswalk("asi:model_imperfection"),
    "duties": lambda register: register.duties("demo-chat"),
    "records": lambda register: register.records(),
    "framework_findings": lambda register: register.framework_findings(),
    "kris": lambda register: register.kris(),
    "kri_history": lambda register: register.kri_history([dt.datetime(2026, 11, 23, tzinfo=dt.UTC)]),
    "incidents": lambda register: register.incidents(open=True),
    "reviews_due": lambda register: register.reviews_due(),
    "finding": lambda register: register.finding(SEEN.fingerprint),
    "findings": lambda register: register.findings(open=True),
}


@pytest.fixture
def register() -> asi.RiskRegister:
    """Give a register with one answered risk that is before the bodies."""
    clock = FrozenClock(START)
    roster = asi.Roster(people=[asi.Person(id="top.yoon")], seats=[Seat(body="top", person="top.yoon")])
    register = asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds(), roster=roster)
    register.add_system(asi.System(id="demo-chat", unit="chat", audience="external"), by="ml.lee")
    register.identify(RISK, by="ml.lee")
    register.assess("drifts", FACTORS, by="safety.han")
    register.respond("drifts", ANSWER, by="ml.lee")
    register.escalate("drifts", "risk", by="ml.lee")
    register.record(SEEN, by="hooks")
    return register


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_awaited_has_the_same_answer(register: asi.RiskRegister, name: str) -> None:
    """A coroutine gives the very value that the plain call gives."""
    ask = QUESTIONS[name]

    async def awaited() -> Any:
        """Ask in the event loop."""
        return await ask(register.aio)

    assert ask(register) == asyncio.run(awaited())


def test_the_verbs_awaited_write_the_same_log() -> None:
    """A life driven by coroutines leaves the states that the plain verbs leave."""
    clock = FrozenClock(START)
    register = asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds())

    async def life() -> None:
        """Do it all in the event loop."""
        aio = register.aio
        await aio.add_system(asi.System(id="demo-chat", unit="chat", audience="external"), by="ml.lee")
        await aio.identify(RISK, by="ml.lee")
        await aio.assess("drifts", FACTORS, by="safety.han")
        await aio.respond("drifts", ANSWER, by="ml.lee")
        await aio.verify(
            "drifts", "drifts.r1", coverage=Coverage(done=1, of=1), effective=True, evidence=PROOF, by="safety.han"
        )
        await aio.contain("drifts", by="ml.lee")
        await aio.reopen("drifts", "recurrence", by="ml.lee")
        case = await aio.escalate("drifts", "risk", by="ml.lee")
        await aio.submit(commands.WithdrawCase(case=case.id), by="ml.lee")

    asyncio.run(life())
    kinds = [entry.kind for entry in register.history("drifts")]

    assert [
        "risk_identified",
        "risk_assessed",
        "response_planned",
        "response_verified",
        "contained",
        "cycle_opened",
    ] == kinds


def test_findings_awaited_are_recorded_judged_and_read_in(register: asi.RiskRegister, tmp_path: Path) -> None:
    """The verbs on findings do in the event loop what they do elsewhere."""
    odd = asi.Finding(verdict=asi.Verdict.FLAG, site="m:f", label="strange", at=START)

    async def judged() -> tuple[Any, ...]:
        """Do it all in the event loop."""
        aio = register.aio
        await aio.record_all([odd, odd], by="hooks")
        waiting = await aio.record(odd, by="hooks")
        aside = await aio.dismiss(waiting.id, by="ml.lee", because=WHY)
        tied = await aio.promote(SEEN.fingerprint, "drifts", by="ml.lee")
        read = await aio.import_spool(tmp_path, by="ml.lee")
        return waiting.count, aside.waits, tied.risk, read.files

    assert (3, False, "drifts", 0) == asyncio.run(judged())


@pytest.mark.parametrize(
    "act",
    [
        lambda aio: aio.enter("demo-chat", "development", by="ml.lee"),
        lambda aio: aio.close("drifts", by="ml.lee"),
        lambda aio: aio.decide("drifts.risk.1", "approve", body="top", by="ml.lee"),
        lambda aio: aio.stop("demo-chat", by="ml.lee"),
        lambda aio: aio.lift("demo-chat", by="ml.lee"),
    ],
    ids=["enter", "close", "decide", "stop", "lift"],
)
def test_a_refusal_reaches_whoever_awaits(register: asi.RiskRegister, act: Callable[[Any], Any]) -> None:
    """What is refused raises out of the coroutine."""

    async def awaited() -> None:
        """Act in the event loop."""
        await act(register.aio)

    with pytest.raises((asi.CommandRefused, asi.GateBlocked)):
        asyncio.run(awaited())


def test_nothing_of_the_verbs_and_questions_is_left_out(register: asi.RiskRegister) -> None:
    """Each public question that can be awaited is compared above."""
    verbs = {"add_system", "identify", "assess", "respond", "verify", "contain", "escalate", "decide", "close"}
    verbs |= {"reopen", "enter", "stop", "lift", "submit", "record", "promote", "dismiss"}
    verbs |= {"record_all", "import_spool"}
    offered = {name for name, member in inspect.getmembers(type(register.aio), inspect.iscoroutinefunction)}

    assert set(QUESTIONS) | verbs | {"clocks"} == offered
