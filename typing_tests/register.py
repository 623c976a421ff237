"""What users write against a register, and what it gives back; read by type checkers, never run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import assert_type

import kakao_asi as asi
from kakao_asi.assessments import AssessmentKind, Basis
from kakao_asi.governance import Condition, Level, Refusal
from kakao_asi.lifecycle import CycleRecord, FindingGroup, GovernanceState, Grades, RiskStatus, SpoolState
from kakao_asi.register import CycleDifference, Entry, Page, Permission, RegisterView, Screening, SpoolImport
from kakao_asi.responses import Coverage
from kakao_asi.stores import AuditReport, MemoryStore, SQLiteStore
from kakao_asi.systems import Pin, PinKind
from kakao_asi.testing import CountingIds, FrozenClock


def opening(path: Path, clock: FrozenClock) -> None:
    """A register opens on a path or a store, with any of its options."""
    assert_type(asi.RiskRegister.open("asi.db"), asi.RiskRegister)
    assert_type(asi.RiskRegister.open(path, read_only=True, expect=None), asi.RiskRegister)
    assert_type(asi.RiskRegister.on(MemoryStore(), clock=clock, ids=CountingIds()), asi.RiskRegister)
    assert_type(asi.RiskRegister.on(SQLiteStore(path), governance=asi.catalog.kakao_governance()), asi.RiskRegister)
    with asi.RiskRegister.open(path, roster=asi.Roster(), observers=[print]) as register:
        assert_type(register, asi.RiskRegister)

    asi.RiskRegister.open(path, raed_only=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    asi.RiskRegister.open(path, read_only="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    asi.RiskRegister.on("asi.db")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def daily_verbs(register: asi.RiskRegister, risk: asi.Risk, evidence: asi.Evidence) -> None:
    """Each verb gives back the new state of its subject."""
    system = asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL)
    assert_type(register.add_system(system, by="ml.lee"), asi.SystemState)
    assert_type(register.identify(risk, by="ml.lee", because="an evaluation found it"), asi.RiskState)

    factors = asi.ImperfectionFactors(
        failures=3, trials=10_000, severity=asi.Severity.SEVERE, exposes={asi.DataClass.UNIQUE_ID}
    )
    assert_type(register.assess("leaks-rrn", factors, evidence=[evidence], by="safety.han"), asi.RiskState)
    assert_type(
        register.assess(
            "leaks-rrn",
            factors,
            kind=AssessmentKind.RESIDUAL,
            basis=Basis.EXPERT,
            responses=["leaks-rrn.r1"],
            by="safety.han",
            because="judged by two reviewers",
            at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
            key="request-1",
        ),
        asi.RiskState,
    )
    response = asi.Response(
        strategy=asi.Strategy.CHANGE_LIKELIHOOD,
        controls=["ai.output_filter"],
        owner="serving",
        due=dt.date(2026, 12, 1),
    )
    assert_type(register.respond("leaks-rrn", response, by="ml.lee"), asi.RiskState)
    verified = register.verify(
        "leaks-rrn",
        "leaks-rrn.r1",
        coverage=Coverage(done=2, of=2),
        effective=True,
        evidence=[evidence],
        by="qa.moon",
    )
    assert_type(verified, asi.RiskState)
    assert_type(register.contain("leaks-rrn", until=None, by="ops.lim"), asi.RiskState)
    assert_type(register.close("leaks-rrn", by="ml.lee"), asi.RiskState)
    assert_type(register.reopen("leaks-rrn", "recurrence", by="ml.lee"), asi.RiskState)
    assert_type(register.enter("demo-chat", asi.Stage.TEST, by="ml.lee"), asi.SystemState)
    assert_type(register.enter("demo-chat", "배포", by="ml.lee"), asi.SystemState)
    assert_type(register.stop("demo-chat", by="ops.lim"), asi.SystemState)
    assert_type(register.lift("demo-chat", "reply", by="ops.lim"), asi.SystemState)


def cases(register: asi.RiskRegister) -> None:
    """Escalating and voting give back the case."""
    case = register.escalate("demo-chat", asi.Matter.RELEASE, by="ml.lee", because="version 2.1 is ready")
    assert_type(case, asi.Case)
    assert_type(case.outcome, asi.Outcome | None)
    assert_type(case.decisions, tuple[asi.Decision, ...])
    assert_type(case.cell.level, Level)
    assert_type(register.decide(case.id, asi.Outcome.APPROVE, body="top", by="ceo.yoon"), asi.Case)
    condition = Condition(text="sample replies by hand", owner="serving", due=dt.date(2027, 1, 31))
    assert_type(
        register.decide(case.id, "approve_with_conditions", body="top", conditions=[condition], by="ceo.yoon"),
        asi.Case,
    )


def other_commands(register: asi.RiskRegister) -> None:
    """Commands without a verb are submitted; what comes back is the state of their subject, whichever kind it is."""
    pin = Pin(kind=PinKind.MODEL, digest="sha256:" + "0" * 64)
    state = register.submit(asi.commands.Pin(system="demo-chat", pins=[pin]), by="ml.lee")
    assert_type(state, asi.RiskState | asi.SystemState | asi.Case | GovernanceState | FindingGroup | SpoolState)
    if isinstance(state, asi.SystemState):
        assert_type(state.candidate, tuple[Pin, ...])
    permission = register.can(asi.commands.Close(risk="leaks-rrn"), by="ml.lee")
    assert_type(permission, Permission)
    assert_type(permission.refusals, tuple[Refusal, ...])


def questions(register: asi.RiskRegister, view: RegisterView) -> None:
    """A register and a view of the past answer the same questions with the same types."""
    for asked in (register, view):
        assert_type(asked.risk("leaks-rrn"), asi.RiskState)
        assert_type(asked.risk("leaks-rrn").status, RiskStatus)
        assert_type(asked.risk("leaks-rrn").effective, asi.Grade | None)
        assert_type(asked.grades("leaks-rrn"), Grades)
        assert_type(asked.system("demo-chat").stage, asi.Stage)
        assert_type(asked.cycle("demo-chat", "test"), CycleRecord)
        assert_type(asked.decisions(system="demo-chat"), tuple[tuple[asi.Case, asi.Decision], ...])
        assert_type(asked.compare("leaks-rrn", 1, 2), CycleDifference)
        assert_type(asked.explain("leaks-rrn", lang="ko"), str)
        assert_type(asked.history("leaks-rrn"), tuple[Entry, ...])
        assert_type(asked.state_hash("leaks-rrn"), str)
        assert_type(asked.governance(), asi.Governance)
        assert_type(asked.roster(), asi.Roster)
    assert_type(register.as_of(dt.datetime(2026, 11, 23, tzinfo=dt.UTC)), RegisterView)
    assert_type(register.audit(), AuditReport)
    assert_type(register.checkpoint(origin="asi.example.com/chat"), str)
    assert_type(register.rebuild(), tuple[str, ...])
    assert_type(register.failures(), dict[str, int])


def pages(register: asi.RiskRegister) -> None:
    """A page is iterated over, and says where the next one begins."""
    page = register.risks(open=True, system="demo-chat", limit=10)
    assert_type(page, Page[asi.RiskState])
    assert_type(page.next, str | None)
    assert_type([state.risk.title for state in page], list[str])
    assert_type(register.risks(after=page.next).items, tuple[asi.RiskState, ...])
    assert_type(register.systems(), Page[asi.SystemState])
    assert_type(register.cases(open=True), Page[asi.Case])
    assert_type(register.events(after=-1), Page[Entry])


def gates(register: asi.RiskRegister) -> None:
    """A gate answers with its blockers, or raises them."""
    result = register.gate("demo-chat", asi.Stage.DEPLOYMENT)
    assert_type(result, asi.GateResult)
    assert_type(result.passed, bool)
    assert_type(result.blockers, tuple[Refusal, ...])
    assert_type(result.blockers[0].message("ko"), str)
    assert_type(register.component_gate("demo-chat", "reply"), asi.GateResult)
    try:
        result.check()
    except asi.GateBlocked as blocked:
        assert_type(blocked.result, asi.GateResult)
    except asi.CommandRefused as refused:
        assert_type(refused.refusals, tuple[Refusal, ...])


async def coroutines(register: asi.RiskRegister, risk: asi.Risk) -> None:
    """The same calls, awaited."""
    assert_type(await register.aio.identify(risk, by="ml.lee"), asi.RiskState)
    assert_type(await register.aio.escalate("demo-chat", "release", by="ml.lee"), asi.Case)
    assert_type(await register.aio.gate("demo-chat", "deployment"), asi.GateResult)
    assert_type(await register.aio.risks(open=True), Page[asi.RiskState])
    state = await register.aio.submit(asi.commands.Close(risk="leaks-rrn"), by="ml.lee")
    assert_type(state, asi.RiskState | asi.SystemState | asi.Case | GovernanceState | FindingGroup | SpoolState)

    await register.aio.identify(risk)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def wrong_calls(register: asi.RiskRegister, risk: asi.Risk) -> None:
    """What a careful person has to say has no default, and a wrong kind of value is refused."""
    register.identify(risk)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    register.identify("leaks-rrn", by="ml.lee")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    register.identify(risk, by=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    register.assess("leaks-rrn", 3, by="ml.lee")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    register.decide("c-1", asi.Outcome.APPROVE, by="ceo.yoon")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    register.gate("demo-chat")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    register.explain("leaks-rrn", lang="jp")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    register.submit("close", by="ml.lee")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    register.risks(open="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def findings(register: asi.RiskRegister, finding: asi.Finding, risk: asi.Risk) -> None:
    """Findings are recorded, judged and read in; a group comes back each time."""
    group = register.record(finding, by="hooks")
    assert_type(group, FindingGroup)
    assert_type(register.promote(group.id, risk, by="ml.lee"), FindingGroup)
    assert_type(register.promote(group.id, "leaks-rrn", by="ml.lee"), FindingGroup)
    assert_type(register.dismiss(group.id, by="ml.lee", because="a known false alarm"), FindingGroup)
    assert_type(register.findings(open=True, system="demo-chat"), Page[FindingGroup])
    assert_type(register.import_spool("spool", by="ml.lee"), SpoolImport)
    assert_type(register.screen("demo-chat"), Screening)
