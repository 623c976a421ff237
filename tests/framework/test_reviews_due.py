"""When the framework is to be reviewed: as planned, or early after what cannot wait."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kakao_asi import Evidence, Matter, RiskCategory, UncontrollabilityFactors, commands
from kakao_asi.assessments import Basis, Reversibility
from kakao_asi.catalog import kakao_governance
from kakao_asi.evidence import EvidenceKind
from kakao_asi.framework import FrameworkReview
from kakao_asi.systems import StatedFact, SystemFact

TODAY = dt.date(2026, 3, 2)
SOON = dt.timedelta(days=30)


def held(life: Any, *, on: dt.date = TODAY, name: str = "review-1") -> None:
    """Put a review of the framework on record that plans the next one in 300 days."""
    review = FrameworkReview(
        id=name,
        held_on=on,
        body="erm_committee",
        since=on - dt.timedelta(days=90),
        none_because="everything was handled as it should be",
        next_on=on + dt.timedelta(days=300),
    )
    life.submit(commands.Record(record=review))


def due(life: Any) -> list[tuple[str, str, int]]:
    """Reason, subject and days from the first day of each review that is due."""
    return [(one.reason.id, one.subject, (one.on - TODAY).days) for one in life.register.reviews_due()]


def loses_control(life: Any) -> None:
    """Assess a risk of control so that it is graded HIGH as an incident."""
    life.identify("control", category=RiskCategory.UNCONTROLLABILITY)
    factors = UncontrollabilityFactors(
        tier=3,
        safeguards_tier=1,
        margin_pct=50,
        autonomy=1,
        reversibility=Reversibility.REVERSIBLE,
        stop_tested_at=life.clock(),
        stop_ms=100,
        stop_limit_ms=1_000,
        oversight_pct=100,
        surprises_30d=0,
        evasion_seen=False,
    )
    because = "it got out of its sandbox in a drill"
    life.register.assess("control", factors, basis=Basis.EXPERT, because=because, by="qa.seo")


def test_nothing_is_due_where_nothing_happened(start_life: Any) -> None:
    """A register without a review and without a reason for one is not due."""
    assert [] == due(start_life(risk=False))


def test_the_next_one_is_due_as_planned(life: Any) -> None:
    """The latest review plans the next."""
    held(life)

    assert [("planned", "review-1", 300)] == due(life)


def test_an_incident_graded_high_brings_it_forward(life: Any) -> None:
    """Thirty days after an incident graded HIGH the framework is to be reviewed."""
    held(life)
    life.forward(days=10)
    loses_control(life)

    assert [("high_incident", "control", 40), ("planned", "review-1", 300)] == due(life)


def test_a_later_review_has_seen_it(life: Any) -> None:
    """What happened before a review is held is behind it."""
    held(life)
    life.forward(days=10)
    loses_control(life)
    life.forward(days=5)
    held(life, on=TODAY + dt.timedelta(days=15), name="review-2")

    assert [("planned", "review-2", 315)] == due(life)


def test_an_override_brings_it_forward(life: Any) -> None:
    """An override that was approved is a reason to look at the framework early."""
    held(life)
    life.assess()
    life.submit(commands.Object(risk="r", block_requested=True), because="the numbers look too good to be true")
    life.forward(days=3)
    drill = Evidence.of_bytes(b"going back took four minutes", at=life.clock(), kind=EvidenceKind.DRILL)
    case = life.open_case("chat", Matter.OVERRIDE, until=life.in_days(7), rollback=drill)
    while case.outcome is None:
        case = life.vote(case.id)

    assert ("override", case.id, 33) in due(life)


def test_a_law_that_starts_for_a_system_brings_it_forward(start_life: Any) -> None:
    """Thirty days after the day a row of law starts for a system that is there, the framework is to be reviewed."""
    life = start_life(risk=False)
    held(life)
    life.forward(days=192)
    before = due(life)
    life.forward(days=1)

    assert ([], ("law_started", "kr.pipa.notice.v2", 223)) == (
        [one for one in before if "pipa" in one[1]],
        next(one for one in due(life) if "pipa.notice" in one[1]),
    )


def test_five_dismissals_proved_wrong_bring_it_forward(start_life: Any) -> None:
    """Five dismissed candidates that happened all the same are a reason to look at the framework."""
    life = start_life(risk=False, governance=kakao_governance(screening=True))
    held(life)
    candidates = [one.candidate for one in life.register.screen("chat")][:5]
    for one in candidates:
        life.submit(
            commands.Dismiss(system="chat", candidate=one.id), because="this cannot happen with the way it is built"
        )
    life.forward(days=2)
    for one in candidates[:4]:
        life.identify(f"x.{one.label}", category=one.category, label=one.label)
    four = due(life)
    last = candidates[4]
    life.identify(f"x.{last.label}", category=last.category, label=last.label)

    assert (["planned"], "disproved") == ([reason for reason, _, _ in four], due(life)[0][0])


def test_an_indicator_red_twice_brings_it_forward(life: Any) -> None:
    """An indicator that is red at the ends of two periods of thirty days is a reason to look at the framework."""
    held(life)
    life.assess()
    life.respond()
    life.forward(days=120)

    assert [("kri_red_twice", "overdue_responses", 120)] == [one for one in due(life) if one[1] == "overdue_responses"]


def test_a_fact_that_rules_a_law_out_brings_nothing_forward(start_life: Any) -> None:
    """A law that starts and asks for a fact the system is known not to have is no reason."""
    life = start_life(risk=False)
    held(life)
    facts = [StatedFact(fact=fact, value=False) for fact in SystemFact]
    life.submit(commands.StateFacts(system="chat", facts=facts))
    life.forward(days=200)

    assert [] == [one for one in life.register.reviews_due() if one.subject == "eu.aia.records.logs"]
