"""Values as users write them, with enums or their labels at the edge; read by type checkers, never run."""

from __future__ import annotations

import datetime as dt
from typing import assert_type

from attrs import evolve

import kakao_asi as asi
from kakao_asi.assessments import Reversibility, Slice
from kakao_asi.systems import Pin, PinKind
from kakao_asi.taxonomy import Axis, HumanRole, Origin, RiskClass


def risks() -> asi.Risk:
    """A category may be given as a member, an id or a Korean label; sets are given as any iterable."""
    risk = asi.Risk(
        id="leaks-rrn",
        title="A reply repeats a resident registration number",
        category=asi.RiskCategory.MODEL_IMPERFECTION,
        system="demo-chat",
        stages=["test", asi.Stage.MONITORING],
        principles=["privacy"],
        owner="serving",
    )
    assert_type(risk.category, asi.RiskCategory)
    assert_type(risk.stages, frozenset[asi.Stage])
    assert_type(risk.principles, frozenset[str])
    assert_type(risk.actor, asi.Actor)
    assert_type(risk.category.axis, Axis)
    assert_type(risk.category.risk_class, RiskClass)
    assert_type(risk.human_role, HumanRole | None)
    assert_type(evolve(risk, owner="platform"), asi.Risk)
    return asi.Risk(
        id="wrong-prompt",
        title="Somebody deploys the wrong prompt",
        category="수동적 부주의",
        system="demo-chat",
        principles=("user_protection",),
        owner="platform",
    )


def words() -> None:
    """A word is found by its id or Korean label, and has both labels."""
    assert_type(asi.Stage("monitoring"), asi.Stage)
    assert_type(asi.Stage("모니터링").label("ko"), str)
    assert_type(asi.Grade.HIGH > asi.Grade.LOW, bool)
    assert_type(asi.Stage.TEST.following, frozenset[asi.Stage])
    assert_type(Origin.OURS.id, str)


def factors() -> None:
    """Each category has factors of its own; what nobody knows is None."""
    imperfection = asi.ImperfectionFactors(
        failures=3,
        trials=10_000,
        severity="심각",
        slices=[Slice(id="jeju", failures=1, trials=500), Slice(id="seoul", failures=0, trials=500)],
        exposes=["unique_id"],
    )
    assert_type(imperfection.severity, asi.Severity | None)
    assert_type(imperfection.slices, tuple[Slice, ...])
    assert_type(imperfection.missing, tuple[str, ...])
    agent = asi.UncontrollabilityFactors(
        tier=1,
        safeguards_tier=2,
        margin_pct=40,
        autonomy=3,
        reversibility=Reversibility.COSTLY,
        oversight_pct=100,
        surprises_30d=0,
        evasion_seen=None,
    )
    assert_type(agent.evasion_seen, bool | None)


def systems_and_evidence() -> None:
    """A system, its pins, and evidence by digest."""
    assert_type(asi.System(id="demo-chat", unit="chat", audience="외부 공개").audience, asi.Audience)
    assert_type(asi.Evidence.of_file("eval.json"), asi.Evidence)
    assert_type(Pin(kind=PinKind.PROMPT, digest="sha256:" + "0" * 64, component="reply").component, str | None)


def wrong_values(risk: asi.Risk) -> None:
    """Positional values, misspelt fields, wrong kinds and changed values are refused."""
    asi.Risk("leaks-rrn")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    asi.System(id="a", unit="b", audience="external", parts=["c"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    asi.System(id="a", unit="b", audience=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    asi.System(id="a", unit="b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    asi.ImperfectionFactors(failures="3", trials=10, severity="major")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    asi.ImperfectionFactors(failures=3, severity="major")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    asi.MisuseFactors(failures=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    asi.Response(strategy="avoid", owner="serving", due="tomorrow")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    print(asi.RiskCategory.IMPERFECT)  # type: ignore[attr-defined]  # noqa: T201  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
    print(asi.Grade.HIGH + asi.Grade.LOW)  # type: ignore[operator]  # noqa: T201  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    risk.owner = "platform"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    asi.Evidence.of_bytes(b"", at=dt.date(2026, 1, 1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
