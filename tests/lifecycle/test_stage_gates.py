"""Gates per stage: off, warn or block, checklists, tolerance at a stage, and what an acceptance asks for."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Governance, Grade, Matter, Outcome, Stage, commands
from kakao_asi.catalog import kakao_governance, proportional_governance
from kakao_asi.exceptions import GateBlocked
from kakao_asi.governance import AcceptanceTerms, StageGate, Tolerance, ToleranceRule

WHY = "looked at in depth, see the evidence"


def gated(stage: Stage, **changes: Any) -> Governance:
    """Return the default governance with another gate before a stage."""
    rules = kakao_governance()
    gates = [attrs.evolve(one, **changes) if one.stage is stage else one for one in rules.stage_gates]
    return attrs.evolve(rules, stage_gates=tuple(gates))


def test_a_gate_that_warns_lets_in_and_says_what_was_missing(start_life: Callable[..., Any]) -> None:
    """The system enters, and the log says that not everything was met."""
    life = start_life(governance=gated(Stage.DEVELOPMENT, mode="warn"))
    gate = life.register.gate("chat", Stage.DEVELOPMENT)
    life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")

    assert (True, "case_missing") == (gate.passed, gate.warnings[-1].code.id)
    assert life.register.history("chat")[-1].event.passed is False


def test_a_gate_that_is_off_asks_nothing(start_life: Callable[..., Any]) -> None:
    """Nothing is shown, and the log still says that not everything was met."""
    life = start_life(governance=gated(Stage.DEVELOPMENT, mode="off"))
    gate = life.register.gate("chat", Stage.DEVELOPMENT)
    life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")

    assert ((), ()) == (gate.blockers, gate.warnings)
    assert life.register.history("chat")[-1].event.passed is False


def test_what_everything_was_met_for_is_said_too(life: Any) -> None:
    """An entry with nothing missing says so."""
    life.closed()
    life.enter(Stage.DEVELOPMENT)

    assert life.register.history("chat")[-1].event.passed is True


@pytest.mark.parametrize("mode", ["warn", "off"])
def test_no_mode_opens_what_is_stopped_or_graded_high(start_life: Callable[..., Any], mode: str) -> None:
    """Order, stops, rejections, grades and objections hold whatever the mode."""
    life = start_life(governance=gated(Stage.DEPLOYMENT, mode=mode))
    life.assess(Grade.HIGH)
    life.submit(commands.Object(risk="r", block_requested=True), because=WHY)
    life.decided("chat", Matter.RELEASE, Outcome.REJECT)
    life.register.stop("chat", by="ceo")

    found = life.blockers(life.register.gate("chat", Stage.DEPLOYMENT))
    assert sorted(found) == ["grade_high", "objection_open", "rejected", "stage_order", "stopped"]


def test_a_checklist_is_gone_through(start_life: Callable[..., Any]) -> None:
    """What the team has not checked off shuts the gate."""
    rules = gated(Stage.DEVELOPMENT, checklist=("data.sheet", "red.team"), matter=None)
    life = start_life(governance=rules)
    life.closed()
    check = commands.CheckOff(system="chat", stage=Stage.DEVELOPMENT, item="data.sheet")
    life.submit(check)

    gate = life.register.gate("chat", Stage.DEVELOPMENT)
    assert [("checklist_open", ("red.team",))] == [(one.code.id, one.missing) for one in gate.blockers]
    with pytest.raises(GateBlocked):
        life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")
    life.submit(attrs.evolve(check, item="red.team"))
    assert life.register.gate("chat", Stage.DEVELOPMENT).passed


def test_other_digests_are_checked_again(start_life: Callable[..., Any]) -> None:
    """What was checked off was checked off for what was pinned then."""
    life = start_life(governance=gated(Stage.DEVELOPMENT, checklist=("data.sheet",)))
    life.submit(commands.CheckOff(system="chat", stage=Stage.DEVELOPMENT, item="data.sheet"))
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))

    assert "checklist_open" in life.blockers(life.register.gate("chat", Stage.DEVELOPMENT))


def test_what_is_checked_off(start_life: Callable[..., Any]) -> None:
    """Only items of the list, once, and by a person."""
    life = start_life(governance=gated(Stage.DEVELOPMENT, checklist=("data.sheet",)))
    check = commands.CheckOff(system="chat", stage=Stage.DEVELOPMENT, item="data.sheet")

    assert ["agent_cannot_approve"] == life.can(check, by="bot")
    assert ["unknown_subject"] == life.can(attrs.evolve(check, item="other"))
    life.submit(check)
    assert ["nothing_changed"] == life.can(check)


def test_a_stage_gate_may_ask_for_no_case() -> None:
    """Without a matter no case is needed."""
    rules = attrs.evolve(kakao_governance(), stage_gates=(StageGate(stage=Stage.TEST, matter=None),))

    assert rules.matter_for(Stage.TEST) is None


def test_tolerance_at_a_stage(start_life: Callable[..., Any]) -> None:
    """A lower tolerance before the release is asked for at that gate."""
    rule = ToleranceRule(within=Grade.LOW, stage=Stage.DEPLOYMENT)
    rules = attrs.evolve(kakao_governance(), tolerance=Tolerance(rules=(rule,)))
    life = start_life(governance=rules)
    life.assess(Grade.MEDIUM)

    assert "residual_above_tolerance" in life.release_blockers()


@pytest.mark.parametrize(("control", "codes"), [(False, ["response_missing"]), (True, [])], ids=["none", "one"])
def test_an_acceptance_may_need_controls(start_life: Callable[..., Any], control: bool, codes: list[str]) -> None:
    """Where the governance asks for it, a control has to compensate for what is accepted."""
    rules = attrs.evolve(kakao_governance(), acceptance=AcceptanceTerms(needs_controls=True))
    life = start_life(governance=rules)
    life.assess(Grade.LOW)
    if control:
        life.respond()

    command = commands.Escalate(subject="r", matter=Matter.ACCEPT, until=life.in_days(9))
    assert codes == life.can(command, because=WHY)


@pytest.mark.parametrize("mode", ["warn", "off"])
def test_no_mode_makes_a_release_without_its_decision(start_life: Callable[..., Any], mode: str) -> None:
    """Before DEPLOYMENT a missing decision shuts the gate whatever the mode; so does an unassessed risk."""
    life = start_life(governance=gated(Stage.DEPLOYMENT, mode=mode))
    life.answered(Grade.LOW)
    life.enter(Stage.DEVELOPMENT)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.enter(Stage.TEST)
    life.identify("unknown")
    gate = life.register.gate("chat", Stage.DEPLOYMENT)

    assert {"case_missing", "not_assessed"} <= set(life.blockers(gate))
    assert "cycle_open" not in life.blockers(gate)


def test_an_approval_that_no_longer_fits_opens_no_release_that_only_warns(start_life: Callable[..., Any]) -> None:
    """Under a gate that warns, an approval of another build is a blocker and not a warning."""
    life = start_life(governance=gated(Stage.DEPLOYMENT, mode="warn"))
    life.answered(Grade.LOW)
    life.enter(Stage.DEVELOPMENT)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.enter(Stage.TEST)
    life.decided("chat", Matter.RELEASE)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))

    assert "pins_changed" in life.blockers(life.register.gate("chat", Stage.DEPLOYMENT))


def test_a_closed_acceptance_whose_assessment_ended_keeps_a_release_shut(life: Any) -> None:
    """Accepted and closed, the grade is still unknown once the assessment it stands on is over."""
    life.assess(Grade.MEDIUM)
    life.forward(days=100)
    life.accepted(days=170)
    life.register.close("r", by="pm.oh")
    before = life.release_blockers()
    life.forward(days=81)

    assert ([], ["not_assessed"]) == (before, life.release_blockers())


def everything_open(life: Any) -> list[Any]:
    """Return what gates say about a system with as much in the way as there can be at once."""
    life.identify("contained")
    life.assess(Grade.HIGH)
    life.identify("lived.with")
    life.assess(Grade.MEDIUM, "lived.with")
    life.accepted("lived.with", days=5)
    said = [*life.register.gate("chat", Stage.DEVELOPMENT).blockers]
    said += life.register.gate("chat", Stage.DEPLOYMENT).warnings
    life.forward(days=6)
    life.register.contain("contained", by="pm.oh")
    life.submit(commands.Object(risk="r", block_requested=True), because=WHY)
    life.register.stop("chat", by="ceo")
    life.decided("chat", Matter.RELEASE, Outcome.REJECT)
    said += life.register.gate("chat", Stage.DEPLOYMENT).blockers
    return [*said, *life.register.component_gate("chat").blockers]


def test_each_thing_in_the_way_names_who_can_clear_it(start_life: Callable[..., Any]) -> None:
    """The team by its unit, or the bodies whose decision would."""
    life = start_life(governance=gated(Stage.DEPLOYMENT, checklist=("red.team",)))
    said = {one.code.id: one.who for one in everything_open(life)}

    assert set(said) == {
        "acceptance_ending",
        "case_missing",
        "checklist_open",
        "containment_open",
        "cycle_open",
        "entry_need_open",
        "expired",
        "grade_high",
        "not_assessed",
        "objection_open",
        "rejected",
        "stage_order",
        "stopped",
    }
    assert all(said.values()), said
    assert ("chat",) == said["cycle_open"]
    assert ("top",) == said["grade_high"]
    assert ("erm_committee",) == said["expired"]
    assert ("ai_safety", "erm_committee", "top") == said["containment_open"]


def test_where_nobody_may_decide_the_governance_is_the_top_bodys(start_life: Callable[..., Any]) -> None:
    """A release that is withheld names who could change that."""
    life = start_life(governance=proportional_governance())
    gate = life.register.gate("chat", Stage.DEPLOYMENT)

    assert [("top",)] == [one.who for one in gate.blockers if one.code.id == "case_not_possible"]
