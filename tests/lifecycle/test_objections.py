"""Objections: a requested block holds until somebody higher up resolves it, or an override passes it for a week."""

from typing import Any

import attrs
import pytest

from kakao_asi import Audience, Case, Evidence, Grade, Matter, Outcome, Stage, commands
from kakao_asi.catalog import kakao_governance
from kakao_asi.evidence import EvidenceKind
from kakao_asi.lifecycle import stage_gate

WHY = "the red team saw the model agree with everything it was told"


def object_to(life: Any, *, block: bool = True, by: str = "audit.han") -> Any:
    """Raise an objection to the risk."""
    return life.submit(commands.Object(risk="r", block_requested=block), by=by, because=WHY)


def resolve(objection: str = "r.o1", *, upheld: bool = False) -> commands.ResolveObjection:
    """Return the command that resolves an objection."""
    return commands.ResolveObjection(risk="r", objection=objection, upheld=upheld)


def objections_at(life: Any, stage: Stage = Stage.DEPLOYMENT) -> list[Any]:
    """Return the blockers of a stage's gate that are objections."""
    gate = stage_gate(life.register.system("chat"), stage, life.context())
    return [one for one in gate.blockers if one.code.id == "objection_open"]


def drill(life: Any, *, days: int = 1, kind: EvidenceKind = EvidenceKind.DRILL) -> Evidence:
    """Return the record of a drill of going back, so many days ago."""
    return Evidence.of_bytes(b"back in four minutes", at=life.in_days(-days), kind=kind)


def override(life: Any, *, days: int = 7) -> Case:
    """Let the top body override."""
    case: Case = life.decided("chat", Matter.OVERRIDE, until=life.in_days(days), rollback=drill(life))
    return case


def test_an_objection_blocks_the_release(life: Any) -> None:
    """The gate names the objection and who above the launching body can resolve it."""
    object_to(life)

    assert [("r", ("r.o1",), ("erm_committee", "top"))] == [
        (one.subject, one.missing, one.who) for one in objections_at(life)
    ]


def test_an_objection_without_a_block_blocks_nothing(life: Any) -> None:
    """Somebody may object and let it go on."""
    object_to(life, block=False)

    assert objections_at(life) == []


def test_an_objection_blocks_the_release_only(life: Any) -> None:
    """Work on the system goes on, so that what is objected to can be mended."""
    object_to(life)

    assert objections_at(life, Stage.DEVELOPMENT) == []


def test_an_objection_needs_a_reason(life: Any) -> None:
    """Objecting without words is refused; anybody may with them."""
    command = commands.Object(risk="r", block_requested=True)

    assert ["reason_too_short"] == life.can(command)
    assert [] == life.can(command, by="nobody.known", because=WHY)


@pytest.mark.parametrize("upheld", [True, False], ids=["upheld", "overruled"])
def test_a_resolved_objection_blocks_no_more(life: Any, upheld: bool) -> None:
    """A member of a body above resolves it in writing, and their name stays on it."""
    object_to(life)
    state = life.submit(resolve(upheld=upheld), by="erm.b", because=WHY)

    assert objections_at(life) == []
    assert (upheld, "erm.b") == (state.objections[0].upheld, state.objections[0].resolved_by)


@pytest.mark.parametrize(
    ("by", "code"),
    [("safety.kim", "authority"), ("pm.oh", "authority"), ("bot", "agent_cannot_approve")],
    ids=["the launching body", "the team", "an agent"],
)
def test_who_does_not_resolve(life: Any, by: str, code: str) -> None:
    """Neither the body that would launch nor the team nor a program resolves an objection."""
    object_to(life)

    assert [code] == life.can(resolve(), by=by, because=WHY)


def test_nobody_resolves_their_own_objection(life: Any) -> None:
    """Whoever raised it, under any alias, leaves it to somebody else."""
    object_to(life, by="erm.a.alt")

    assert ["conflict_of_interest"] == life.can(resolve(), by="erm.a", because=WHY)


def test_whoever_had_a_hand_in_the_risk_resolves_nothing(life: Any) -> None:
    """Duties hold here too."""
    life.assess(Grade.LOW, by="erm.a")
    object_to(life)

    assert ["conflict_of_interest"] == life.can(resolve(), by="erm.a", because=WHY)


def test_resolving_needs_words(life: Any) -> None:
    """An objection is resolved in writing."""
    object_to(life)

    assert ["reason_too_short"] == life.can(resolve(), by="erm.b")


def test_an_objection_is_resolved_once(life: Any) -> None:
    """What is resolved, or was never raised, cannot be resolved."""
    object_to(life)
    life.submit(resolve(), by="erm.b", because=WHY)

    assert ["unknown_subject"] == life.can(resolve(), by="erm.c", because=WHY)


def test_an_objection_routes_the_cases_on_its_risk(life: Any) -> None:
    """It is the reason of a case that is opened while it is open."""
    object_to(life)

    assert life.open_case("r", Matter.RISK).cell.reason.id == "objection"


# --- overrides -------------------------------------------------------------------------------------------------------


def test_an_override_lets_the_candidate_pass_and_stays_visible(life: Any) -> None:
    """The objection is a warning while the override lives."""
    object_to(life)
    override(life)
    gate = stage_gate(life.register.system("chat"), Stage.DEPLOYMENT, life.context())

    assert objections_at(life) == []
    assert "objection_open" in {one.code.id for one in gate.warnings}


def test_an_override_ends_by_itself(life: Any) -> None:
    """At its instant the objection blocks again."""
    object_to(life)
    override(life)
    life.forward(days=7)

    assert len(objections_at(life)) == 1


@pytest.mark.parametrize(("days", "code"), [(8, "until_too_far"), (0, "until_too_far")], ids=["too long", "no time"])
def test_an_override_lasts_a_week_at_most(life: Any, days: int, code: str) -> None:
    """A longer one is refused, and one without an end."""
    ask = {"subject": "chat", "matter": Matter.OVERRIDE, "rollback": drill(life)}

    assert [code] == life.can(commands.Escalate(**ask, until=life.in_days(days)), because=WHY)
    assert ["until_missing"] == life.can(commands.Escalate(**ask), because=WHY)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (None, ["evidence_missing"]),
        ({"kind": EvidenceKind.RESULT}, ["evidence_missing"]),
        ({"days": 91}, ["evidence_missing"]),
        ({"days": -1}, ["evidence_missing"]),
        ({"days": 90}, []),
    ],
    ids=["none", "no drill", "too old", "in the future", "in time"],
)
def test_an_override_needs_a_drill_of_going_back(life: Any, given: dict[str, Any] | None, codes: list[str]) -> None:
    """Nobody is let past an objection who has not tried lately that one can go back."""
    record = None if given is None else drill(life, **given)
    ask = commands.Escalate(subject="chat", matter=Matter.OVERRIDE, until=life.in_days(3), rollback=record)

    assert codes == life.can(ask, because=WHY)


def test_a_governance_may_ask_for_no_drill(start_life: Any) -> None:
    """Where the governance says so, an override needs none; the record of one stands on the case."""
    life = start_life(governance=attrs.evolve(kakao_governance(), drill_days=None))
    ask = commands.Escalate(subject="chat", matter=Matter.OVERRIDE, until=life.in_days(3))

    assert life.register.can(ask, by="pm.oh", because=WHY)
    assert drill(life) == override(life).rollback


def test_whoever_asks_for_an_override_has_no_vote_on_it(life: Any) -> None:
    """The top body's only member may ask, and then somebody else has to decide."""
    case = life.open_case("chat", Matter.OVERRIDE, by="ceo", until=life.in_days(3), rollback=drill(life))

    assert ["conflict_of_interest"] == life.can(commands.Decide(case=case.id, outcome="approve", body="top"), by="ceo")


def test_an_override_is_for_these_digests(life: Any) -> None:
    """Another candidate needs another one."""
    object_to(life)
    override(life)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))

    assert len(objections_at(life)) == 1


def test_what_is_stopped_is_never_overridden(life: Any) -> None:
    """With a stop on, no override is possible, and none passes a later one."""
    object_to(life)
    override(life)
    life.register.stop("chat", by="ceo")
    gate = stage_gate(life.register.system("chat"), Stage.DEPLOYMENT, life.context())

    assert "stopped" in {one.code.id for one in gate.blockers}
    again = commands.Escalate(subject="chat", matter=Matter.OVERRIDE, until=life.in_days(3), rollback=drill(life))
    assert ["stopped"] == life.can(again, because=WHY)


def test_a_rejection_is_never_overridden(life: Any) -> None:
    """A rejected release stays rejected."""
    object_to(life)
    life.decided("chat", Matter.RELEASE, Outcome.REJECT)
    override(life)
    gate = stage_gate(life.register.system("chat"), Stage.DEPLOYMENT, life.context())

    assert "rejected" in {one.code.id for one in gate.blockers}


def test_a_rejected_override_passes_nothing(life: Any) -> None:
    """Only an approval does."""
    object_to(life)
    life.decided("chat", Matter.OVERRIDE, Outcome.REJECT, until=life.in_days(7), rollback=drill(life))

    assert len(objections_at(life)) == 1


def test_what_runs_on_an_override_is_shut_when_it_ends(start_life: Any) -> None:
    """The component's gate says when that will be, and shuts at that instant."""
    life = start_life(audience=Audience.INTERNAL)
    life.closed()
    life.enter(Stage.DEVELOPMENT)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.enter(Stage.TEST)
    object_to(life)
    case = override(life)
    life.enter(Stage.DEPLOYMENT)

    assert (True, case.until) == (
        life.register.component_gate("chat").passed,
        life.register.component_gate("chat").next_change,
    )
    life.forward(days=7)
    assert life.blockers(life.register.component_gate("chat")) == ["override_ended"]
    life.submit(resolve(), by="erm.b", because=WHY)
    assert life.register.component_gate("chat").passed
