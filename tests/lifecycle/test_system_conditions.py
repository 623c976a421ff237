"""Conditions on a release, a stage, an override or a lift: somebody answers for each, and a missed one counts."""

from typing import Any

import attrs
import pytest

from kakao_asi import Evidence, Matter, Outcome, Stage, commands
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import Condition


def conditions(life: Any, *, days: int = 14) -> list[Condition]:
    """Return a condition of the quality team."""
    return [Condition(text="publish the notice", owner="quality", due=life.in_days(days).date())]


def approved(life: Any, matter: Matter = Matter.STAGE, **more: Any) -> Any:
    """Open a case on the system, and let every body on its way approve, the last one on a condition."""
    if matter is Matter.STAGE:
        more["stage"] = Stage.DEVELOPMENT
    case = life.open_case("chat", matter, **more)
    while case.position + 1 < len(case.steps):
        case = life.vote(case.id)
    return life.vote(case.id, Outcome.APPROVE_WITH_CONDITIONS, conditions=conditions(life))


def meet(life: Any, *, by: str = "audit.han") -> list[str]:
    """Return what keeps somebody from proving that the condition is met."""
    return life.can(commands.MeetCondition(system="chat", response="chat.r1", evidence=[life.proof()]), by=by)


def gate_of(life: Any, stage: Stage = Stage.DEVELOPMENT) -> Any:
    """Return the gate of a stage."""
    return life.register.gate("chat", stage)


def test_a_condition_on_a_system_has_an_owner_and_a_day(life: Any) -> None:
    """It stands on the system, with the words of the body; the decision stands on the same state."""
    life.closed()
    case = approved(life)
    (planned,) = life.register.system("chat").conditions

    assert ("chat.r1", "quality", case.id) == (planned.id, planned.response.owner, planned.condition_of)
    assert "publish the notice" == planned.response.note
    assert ([], ["conditions_open"]) == (life.blockers(gate_of(life)), [w.code.id for w in gate_of(life).warnings])


def test_a_gate_says_which_conditions_are_open_and_who_answers(life: Any) -> None:
    """Until they are met."""
    life.closed()
    approved(life)
    (warning,) = gate_of(life).warnings
    life.submit(commands.MeetCondition(system="chat", response="chat.r1", evidence=[life.proof()]), by="audit.han")

    assert (("chat.r1",), ("quality",), "1") == (warning.missing, warning.who, warning.detail)
    assert (True, ()) == (gate_of(life).passed, gate_of(life).warnings)


def test_nobody_proves_what_their_own_role_answers_for(life: Any) -> None:
    """Somebody else does, once."""
    life.closed()
    approved(life)
    before = [meet(life, by="qa.seo"), meet(life)]
    life.submit(commands.MeetCondition(system="chat", response="chat.r1", evidence=[life.proof()]), by="audit.han")

    assert [["conflict_of_interest"], [], ["unknown_subject"]] == [*before, meet(life)]


def test_a_day_that_has_passed_shuts_the_gate_before_any_clock_ran(life: Any) -> None:
    """The approval stands no more once its condition is overdue."""
    life.closed()
    approved(life)
    life.forward(days=15)

    assert ["conditions_open"] == life.blockers(gate_of(life))


def test_a_missed_condition_opens_the_decision_again_at_the_same_body(life: Any) -> None:
    """Once; the gate waits for that decision."""
    life.closed()
    first = approved(life)
    life.forward(days=15)
    done = [one for _ in range(3) for one in life.register.tick() if isinstance(one, commands.MissSystemCondition)]
    again = life.register.case("chat.stage.2")

    assert [commands.MissSystemCondition(system="chat", response="chat.r1")] == done
    assert (Matter.STAGE, Stage.DEVELOPMENT, "chat.r1", first.body) == (
        again.matter,
        again.stage,
        again.reopens,
        again.body,
    )
    assert ["quorum_open"] == life.blockers(gate_of(life))
    assert ["not_due"] == life.can(commands.MissSystemCondition(system="chat", response="chat.r1"))


def test_a_condition_that_is_met_opens_nothing(life: Any) -> None:
    """Nor does one whose last day is not over."""
    life.closed()
    approved(life)
    life.forward(days=14)
    early = life.can(commands.MissSystemCondition(system="chat", response="chat.r1"))
    life.submit(commands.MeetCondition(system="chat", response="chat.r1", evidence=[life.proof()]), by="audit.han")
    life.forward(days=14)

    assert (["not_due"], ["not_due"]) == (
        early,
        life.can(commands.MissSystemCondition(system="chat", response="chat.r1")),
    )


def test_the_same_question_is_not_opened_twice(life: Any) -> None:
    """Where it is before the bodies already, the miss is only noted."""
    life.closed()
    approved(life)
    case = life.open_case("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    life.forward(days=15)
    life.register.tick()

    assert [case.id] == [one.id for one in life.register.cases(open=True)]
    assert {"chat.r1"} == life.register.system("chat").missed


def test_a_missed_condition_of_a_lift_puts_the_stop_on_again(life: Any) -> None:
    """What the top body lifted on a condition is stopped once the condition is missed."""
    life.register.stop("chat", "reply", by="erm.a")
    approved(life, Matter.STOP, component="reply")
    life.register.lift("chat", "reply", by="pm.oh")
    life.forward(days=15)
    life.register.tick()

    assert ["reply"] == [one.component for one in life.register.system("chat").stops]


def test_a_stop_that_is_on_stays_one_stop(life: Any) -> None:
    """A lift that was never used leaves nothing to stop again."""
    life.register.stop("chat", "reply", by="erm.a")
    approved(life, Matter.STOP, component="reply")
    life.forward(days=15)
    life.register.tick()

    assert ["reply"] == [one.component for one in life.register.system("chat").stops]


@pytest.mark.parametrize(("days", "cases"), [(7, ["chat.override.1"]), (20, ["chat.override.1"])])
def test_an_override_that_is_over_is_not_asked_again(life: Any, days: int, cases: list[str]) -> None:
    """Its time has passed by then; only the miss is noted."""
    drill = Evidence.of_bytes(b"back", at=life.clock(), kind=EvidenceKind.DRILL)
    approved(life, Matter.OVERRIDE, until=life.in_days(7), rollback=drill)
    life.forward(days=days)
    life.register.tick()

    assert cases == [one.id for one in life.register.cases(subject="chat") if one.matter is Matter.OVERRIDE]


def test_a_governance_is_not_approved_on_conditions(life: Any) -> None:
    """What it should hold stands in it; the proposal is returned instead."""
    changed = commands.ProposeGovernance(governance=attrs.evolve(life.register.governance(), version=2))
    case = life.submit(changed)
    vote = commands.Decide(
        case=case.id, outcome="approve_with_conditions", body="ai_safety", conditions=conditions(life)
    )

    assert ["unknown_subject"] == life.can(vote, by="safety.kim")
