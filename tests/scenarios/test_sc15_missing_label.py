"""SC15: a launch without the label and the high-impact check that the law asks for."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Matter, RiskCategory, Stage, catalog, commands
from kakao_asi.governance import StageGate
from kakao_asi.systems import HighImpact


@pytest.fixture
def launching(tell: Callable[..., Any], profile: Callable[..., Any]) -> Any:
    """A system in TEST whose governance checks label and high-impact question off before DEPLOYMENT."""
    rules = profile()
    gates = [one for one in rules.stage_gates if one.stage is not Stage.DEPLOYMENT]
    gates.append(StageGate(stage=Stage.DEPLOYMENT, matter=Matter.RELEASE, checklist=("ai_label", "high_impact_check")))
    story = tell(governance=attrs.evolve(rules, stage_gates=tuple(gates)))
    story.on(Stage.DEVELOPMENT, Stage.TEST)
    story.risk("no-label", RiskCategory.PASSIVE_NEGLIGENCE, legal_obligation=True)
    story.assess("no-label", 3, 4)
    return story


def test_the_gate_finds_the_gap(launching: Any) -> None:
    """Neither item is checked off, the risk is HIGH: shut, with both named."""
    blockers = {one.code.id: one.missing for one in launching.register.gate("chat", Stage.DEPLOYMENT).blockers}

    assert ("ai_label", "high_impact_check") == blockers["checklist_open"]
    assert "grade_high" in blockers


def test_a_label_and_a_lowered_grade_open_it(launching: Any, scored: Any) -> None:
    """Held and labelled one by three is left; three tiers approve, and the items are checked off for this build."""
    life = launching.life
    assert (1, 3) == scored(launching.answer("no-label", "ng.checklist", "any.withhold", left=(1, 3)))
    assert ["top"] == launching.lower("no-label")
    for item in ("ai_label", "high_impact_check"):
        life.submit(commands.CheckOff(system="chat", stage=Stage.DEPLOYMENT, item=item))
    case = life.decided("chat", Matter.RELEASE)

    assert ["ai_safety", "erm_committee", "top"] == [one.body for one in case.decisions]
    assert launching.register.gate("chat", Stage.DEPLOYMENT).passed


def test_a_legal_duty_is_never_accepted(launching: Any) -> None:
    """Not for a day and not by anybody."""
    ask = commands.Escalate(subject="no-label", matter=Matter.ACCEPT, until=launching.life.in_days(1))

    assert "legal_obligation" in launching.life.can(ask, because="the label comes with the next version")


def test_whether_it_is_high_impact_is_a_recorded_decision(launching: Any) -> None:
    """Nobody computes it: unknown counts as true for the standing duties, a recorded no takes them away."""
    today = launching.life.clock().date()
    before = {one.id for one in catalog.duties(launching.register.system("chat").system, on=today)}
    decided = HighImpact(applies=False, basis="no area of the act", decided_on=today)
    launching.life.submit(commands.StateFacts(system="chat", high_impact=decided))
    after = {one.id for one in catalog.duties(launching.register.system("chat").system, on=today)}

    assert after < before
