"""The engine at its edges: total, pure, and shut where it knows nothing."""

import pickle
from typing import Any

import attrs
import pytest

from kakao_asi import Grade, Matter, Stage, commands
from kakao_asi.assessments import Basis
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import Code
from kakao_asi.lifecycle import UNDECLARED, Decided, Facts, LifecycleEngine, Refused, Stamp, apply, reads
from kakao_asi.lifecycle import events as e

ENGINE = LifecycleEngine()


def nothing_known(life: Any, **more: Any) -> Any:
    """Return a context whose facts are empty but for what is named."""
    return attrs.evolve(life.context(by="ceo", because="because it was looked at in depth"), facts=Facts(**more))


def codes(answer: Any) -> list[str]:
    """Return the codes of an answer."""
    return [one.code.id for one in answer.refusals] if isinstance(answer, Refused) else []


def test_deciding_changes_nothing(life: Any) -> None:
    """The same question has the same answer, and the state asked about is as it was."""
    life.answered()
    state, context = life.state(), life.context()
    command = commands.Rescope(risk="r", owner="search")
    first, second = (ENGINE.decide(state, command, context) for _ in range(2))

    assert (first, state) == (second, life.state())


def test_an_event_that_says_nothing_to_a_state_leaves_it(life: Any) -> None:
    """It is the very same object, for every kind of state."""
    stamp = Stamp("pm.oh", life.clock())
    case = life.open_case("chat", Matter.RELEASE)
    for state in (life.state(), life.register.system("chat"), case):
        assert apply(state, e.GovernanceAdopted(**genesis(life)), stamp) is state
    assert apply(life.state(), e.CaseWithdrawn(), stamp) is apply(life.state(), e.CaseWithdrawn(), stamp)
    assert apply(None, e.CaseWithdrawn(), stamp) is None
    assert ENGINE.apply(None, e.CaseWithdrawn(), by="pm.oh", at=life.clock()) is None


def genesis(life: Any) -> dict[str, Any]:
    """Return the parts of the first event."""
    return attrs.asdict(life.register.events().items[0].event, recurse=False)


def test_taking_back_what_was_never_accepted_changes_nothing(life: Any) -> None:
    """The fold is total."""
    state = life.state()

    assert apply(state, e.AcceptanceRevoked(case="r.accept.1"), Stamp("ceo", life.clock())) is state


def test_withdrawing_or_verifying_what_is_not_there_changes_nothing(life: Any) -> None:
    """An id that the state does not hold says nothing to it."""
    life.assess()
    life.respond()
    state = life.state()
    life.verify()
    verification = life.state().responses[0].verification
    stamp = Stamp("qa.seo", life.clock())

    assert apply(state, e.AssessmentWithdrawn(assessment="r.a9"), stamp) == state
    assert apply(state, e.ResponseVerified(response="r.r9", verification=verification), stamp) == state


def test_a_seat_that_changes_nothing_changes_nothing(life: Any) -> None:
    """Seating who sits, or unseating who does not."""
    before = life.register.roster()
    life.submit(commands.ChangeSeat(body="top", person="ceo", seated=True))
    life.submit(commands.ChangeSeat(body="top", person="ml.lee", seated=False))

    assert before == life.register.roster()


@pytest.mark.parametrize(
    ("command", "subject"),
    [
        (commands.Reword(risk="r", title="x"), "r"),
        (commands.Enter(system="chat", stage=Stage.TEST), "chat"),
        (commands.WithdrawCase(case="r.risk.1"), "WithdrawCase"),
    ],
    ids=["risk", "system", "case"],
)
def test_nothing_happens_to_what_is_not_there(life: Any, command: Any, subject: str) -> None:
    """Without a state only a beginning is possible."""
    (refusal,) = ENGINE.decide(None, command, life.context()).refusals  # type: ignore[union-attr]  # it is refused

    assert (Code.NO_TRANSITION, subject, "unknown") == (refusal.code, refusal.subject, refusal.detail)


@pytest.mark.parametrize("matter", list(Matter), ids=lambda one: one.id)
def test_no_case_is_opened_on_what_is_not_known(life: Any, matter: Matter) -> None:
    """Without the system, or the risk, every question is refused."""
    subject = "r" if matter in {Matter.RISK, Matter.ACCEPT, Matter.CLOSE_OR_LOWER} else "chat"
    command = commands.Escalate(subject=subject, matter=matter, until=life.in_days(9))
    alone = nothing_known(life)
    without_risks = nothing_known(life, system=life.register.system("chat"))

    assert "unknown_subject" in codes(ENGINE.decide(None, command, alone))
    if subject == "r":
        assert "unknown_subject" in codes(ENGINE.decide(None, command, without_risks))


def test_a_vote_on_what_is_not_known_is_refused(life: Any) -> None:
    """The state cannot be compared."""
    life.answered()
    case = life.open_case("r", Matter.ACCEPT, until=life.in_days(9))
    vote = commands.Decide(case=case.id, outcome="approve", body=case.body)

    assert "state_changed" in codes(ENGINE.decide(case, vote, attrs.evolve(nothing_known(life), by="safety.kim")))


def test_an_acceptance_whose_case_is_out_of_sight_is_the_apexs(life: Any) -> None:
    """Nobody below takes it back."""
    life.assess(Grade.LOW)
    state = life.accepted()
    revoke = commands.Revoke(risk="r")
    alone = nothing_known(life)

    assert codes(ENGINE.decide(state, revoke, attrs.evolve(alone, by="safety.kim"))) == ["not_authorized"]
    assert isinstance(ENGINE.decide(state, revoke, alone), Decided)


def test_an_assessment_needs_no_system(life: Any) -> None:
    """Without one it is of the first line, and nothing pinned counts as evidence."""
    command = commands.Assess(risk="r", factors=life.factors())
    answer = ENGINE.decide(life.state(), command, attrs.evolve(nothing_known(life), by="audit.han"))

    assert isinstance(answer, Decided)
    assert ("first", "default") == (
        answer.changes[0].event.assessment.line.id,  # type: ignore[union-attr]  # it is an assessment
        answer.changes[0].event.assessment.basis.id,  # type: ignore[union-attr]  # as above
    )


def test_what_is_not_declared_cannot_be_read() -> None:
    """Risks that a command did not declare raise, however they are touched."""
    assert reads(commands.Reword(risk="r", title="x")) == frozenset()
    assert reads(commands.Close(risk="r")) == {"risks", "cases"}
    for touch in (
        lambda: UNDECLARED["r"],
        lambda: list(UNDECLARED),
        lambda: len(UNDECLARED),
        lambda: "r" in UNDECLARED,
    ):
        with pytest.raises(RuntimeError, match="declare"):
            touch()


def test_every_command_reads_only_what_it_declares(life: Any) -> None:
    """With undeclared risks out of reach, every command of a risk's life still gets its answer."""
    life.answered(Grade.HIGH)
    life.open_case("r", Matter.RISK)
    base = life.context(by="ceo", because="because it was looked at in depth")
    for command in (
        commands.Reword(risk="r", title="x"),
        commands.Rescope(risk="r", owner="x"),
        commands.WithdrawAssessment(risk="r", assessment="r.a1"),
        commands.Revoke(risk="r"),
        commands.Reopen(risk="r", code="recurrence"),
    ):
        hidden = attrs.evolve(base, facts=attrs.evolve(base.facts, risks=UNDECLARED))
        risks = base if "risks" in reads(command) else hidden
        assert ENGINE.decide(life.state(), command, risks) == ENGINE.decide(life.state(), command, base)


def test_states_and_refusals_can_be_pickled(life: Any) -> None:
    """So that they travel between processes."""
    life.assess()
    values = (life.state(), life.register.system("chat"), life.register.gate("chat", Stage.DEPLOYMENT))

    assert values == pickle.loads(pickle.dumps(values))  # noqa: S301  # our own bytes


def test_a_measured_assessment_with_its_digests_is_measured(life: Any) -> None:
    """Said and shown."""
    kinds = (EvidenceKind.RESULT, EvidenceKind.DATA_SET, EvidenceKind.MODEL, EvidenceKind.METRIC)
    evidence = [attrs.evolve(life.proof(), kind=kind) for kind in kinds]
    state = life.register.assess("r", life.factors(), basis=Basis.MEASURED, evidence=evidence, by="qa.seo")

    assert state.assessments[-1].basis is Basis.MEASURED
