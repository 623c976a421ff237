"""What closes a risk: five conditions and a decision, each of which alone keeps it open."""

from typing import Any

import pytest
from attrs import evolve

from kakao_asi import Grade, Matter, NegligenceFactors, Outcome, Response, RiskCategory, Severity, Strategy, commands
from kakao_asi.assessments import AssessmentKind, Basis
from kakao_asi.catalog import kakao_governance
from kakao_asi.exceptions import CommandRefused
from kakao_asi.governance import Tolerance, ToleranceRule
from kakao_asi.lifecycle import Facts, LifecycleEngine, LinkKind, RiskStatus
from kakao_asi.responses import Coverage

CLOSE = commands.Close(risk="r")


def test_a_risk_closes_when_everything_holds(life: Any) -> None:
    """Answered, verified, within tolerance and decided: closed for good, with its time."""
    state = life.closed()

    assert (RiskStatus.CLOSED, life.clock(), True) == (state.status, state.closed_at, state.closed_for_good)
    assert life.register.history("r")[-1].event.case == "r.close_or_lower.1"


def test_everything_that_is_missing_comes_back(life: Any) -> None:
    """A risk only assessed lacks a response, a residual and a decision, all named at once."""
    life.assess()

    assert life.can(CLOSE) == ["response_missing", "residual_above_tolerance", "case_missing"]


def test_an_expired_assessment_keeps_it_open(life: Any) -> None:
    """(1) Assessed means: a valid assessment of this cycle stands."""
    life.assess(Grade.HIGH)
    life.respond()
    life.verify()
    life.forward(days=89)
    life.decided("r", Matter.CLOSE_OR_LOWER)
    life.forward(days=1)

    assert life.can(CLOSE) == ["not_assessed"]


@pytest.mark.parametrize(
    ("residual", "limit", "refused"),
    [
        (Grade.MEDIUM, Grade.MEDIUM, []),
        (Grade.MEDIUM, Grade.LOW, ["residual_above_tolerance"]),
        (Grade.LOW, Grade.LOW, []),
        (Grade.HIGH, Grade.MEDIUM, ["residual_above_tolerance"]),
    ],
    ids=["medium-within", "medium-above", "low-within", "high-above"],
)
def test_a_residual_above_tolerance_keeps_it_open(
    start_life: Any, residual: Grade, limit: Grade, refused: list[str]
) -> None:
    """(2) The limit is inclusive, and the lowest rule that covers the risk counts."""
    rules = [ToleranceRule(within=limit, category=RiskCategory.MODEL_IMPERFECTION, system="chat")]
    other = ToleranceRule(within=Grade.LOW, system="another")
    governance = evolve(kakao_governance(), tolerance=Tolerance(within=Grade.MEDIUM, rules=(*rules, other)))
    life = start_life(governance=governance)
    life.answered(Grade.HIGH, residual=residual)
    life.lowered()

    assert life.can(CLOSE) == refused


@pytest.mark.parametrize(
    ("verified", "refused"),
    [
        ({}, ["response_unverified"]),
        ({"effective": False}, ["response_unverified"]),
        ({"done": 2, "of": 3}, ["coverage_incomplete"]),
        ({"done": 2, "of": 3, "effective": False}, ["response_unverified", "coverage_incomplete"]),
    ],
    ids=["never", "without-effect", "in-part", "both"],
)
def test_a_response_not_verified_in_full_keeps_it_open(life: Any, verified: dict[str, Any], refused: list[str]) -> None:
    """(2) Every response works and has reached everything, old objects included."""
    life.assess()
    life.respond()
    if verified:
        life.verify(**verified)
    life.assess(residual=True)
    life.lowered()

    assert life.can(CLOSE) == refused


def test_one_of_several_responses_keeps_it_open(life: Any) -> None:
    """(2) The one that is not verified is named."""
    life.answered()
    life.respond("r", "ai.grounding")
    life.lowered()
    refusals = life.register.can(CLOSE, by="pm.oh").refusals

    assert [(one.code.id, one.missing) for one in refusals] == [("response_unverified", ("r.r2",))]


def test_another_open_case_keeps_it_open(life: Any) -> None:
    """(3) As long as the bodies look at it, it stays."""
    life.answered()
    life.lowered()
    life.open_case("r", Matter.RISK)

    assert life.can(CLOSE) == ["case_open"]


def test_a_containment_without_an_end_keeps_it_open(life: Any) -> None:
    """(3) One with an end does not."""
    life.answered()
    life.register.contain("r", by="pm.oh")
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    assert "containment_open" in life.can(CLOSE)

    approval = commands.Decide(case=case.id, outcome="approve", body="ai_safety")
    assert life.can(approval, by="safety.kim") == ["containment_open"]


def test_a_containment_with_an_end_does_not(life: Any) -> None:
    """(3) It goes on to its end while the risk is closed."""
    life.register.contain("r", until=life.in_days(3), by="pm.oh")
    life.closed()

    assert not life.register.component_gate("chat").passed


def paired(life: Any) -> None:
    """Link the risk from AI to one from humans."""
    life.identify("slip", category=RiskCategory.PASSIVE_NEGLIGENCE)
    life.submit(commands.Relate(risk="slip", kind=LinkKind.AMPLIFIES, to="r"))
    life.answered()
    life.lowered()


def test_a_linked_risk_of_the_other_actor_without_a_response_keeps_it_open(life: Any) -> None:
    """(4) Both halves of a mixed cause are answered, whichever way the link goes."""
    paired(life)
    refusals = life.register.can(CLOSE, by="pm.oh").refusals

    assert [(one.code.id, one.missing) for one in refusals] == [("link_unanswered", ("slip",))]


def test_a_linked_risk_of_the_same_actor_keeps_nothing_open(life: Any) -> None:
    """(4) Two risks from AI are closed one by one."""
    life.identify("twin")
    life.submit(commands.Relate(risk="r", kind=LinkKind.CAUSES, to="twin"))
    life.answered()
    life.lowered()

    assert life.can(CLOSE) == []


def test_a_linked_risk_that_was_accepted_counts_until_it_lapses(life: Any, slip: Any) -> None:
    """(4) Closed on an acceptance it is answered; lapsed without a response it is open again."""
    life.identify("slip", category=RiskCategory.PASSIVE_NEGLIGENCE)
    life.submit(commands.Relate(risk="r", kind=LinkKind.EXPLOITS, to="slip"))
    life.register.assess("slip", slip, basis=Basis.EXPERT, because="counted over a month", by="qa.seo")
    life.answered()
    life.accepted("slip", days=10)
    life.register.close("slip", by="pm.oh")
    life.lowered()
    assert life.can(CLOSE) == []

    life.forward(days=10)
    assert life.can(CLOSE) == ["link_unanswered"]


@pytest.fixture
def slip() -> Any:
    """Factors of a carelessness of LOW grade."""
    return NegligenceFactors(
        opportunities_30d=10,
        errors=0,
        observed=3_000,
        caught_pct=99,
        severity=Severity.MINOR,
        recovery_h=1,
        recurrences_30d=0,
        trained_days=10,
    )


def test_people_measures_alone_never_close_a_risk_from_ai(life: Any) -> None:
    """(5) Telling users is not enough, whatever the residual."""
    life.assess()
    life.respond("r", "any.inform_users")
    life.verify()
    life.assess(residual=True)

    assert life.can(CLOSE) == ["people_measures_alone", "case_missing"]
    assert life.can(commands.Escalate(subject="r", matter=Matter.CLOSE_OR_LOWER)) == ["people_measures_alone"]


def test_people_measures_alone_do_not_close_on_an_acceptance_either(life: Any) -> None:
    """(5) An acceptance stands for a verified residual, not for a measure."""
    life.assess()
    life.respond("r", "any.inform_users")
    life.accepted()

    assert life.can(CLOSE) == ["people_measures_alone"]


def test_people_measures_close_beside_another(life: Any) -> None:
    """(5) Together with something that works by itself they count."""
    life.assess()
    life.respond("r", "any.inform_users", "ai.output_filter")
    life.verify()
    life.assess(residual=True)
    life.lowered()

    assert life.register.close("r", by="pm.oh").status is RiskStatus.CLOSED


def test_people_measures_close_a_risk_from_humans(life: Any, slip: Any) -> None:
    """(5) Training is an answer to carelessness."""
    life.identify("slip", category=RiskCategory.PASSIVE_NEGLIGENCE)
    options = {"basis": Basis.EXPERT, "because": "counted over a month", "by": "qa.seo"}
    life.register.assess("slip", slip, **options)
    life.respond("slip", "ng.training")
    life.verify("slip")
    life.register.assess("slip", slip, kind=AssessmentKind.RESIDUAL, responses=["slip.r1"], **options)
    life.lowered("slip")

    assert life.register.close("slip", by="pm.oh").status is RiskStatus.CLOSED


@pytest.mark.parametrize("outcome", [Outcome.REJECT, Outcome.RETURN], ids=lambda one: one.id)
def test_only_an_approval_closes(life: Any, outcome: Outcome) -> None:
    """Any other outcome leaves the decision missing, or rejected."""
    life.answered()
    life.decided("r", Matter.CLOSE_OR_LOWER, outcome)

    assert life.can(CLOSE) == [{"reject": "rejected", "return": "case_missing"}[outcome.id]]


def test_a_decision_on_an_earlier_state_closes_nothing(life: Any) -> None:
    """A material change after the approval voids it."""
    life.answered()
    life.lowered()
    life.submit(commands.Rescope(risk="r", owner="search"))

    assert life.can(CLOSE) == ["state_changed"]


def test_an_unused_approval_lapses_after_thirty_days(life: Any) -> None:
    """It holds to the last instant before."""
    life.answered()
    life.lowered()
    life.forward(days=30, microseconds=-1)
    assert life.can(CLOSE) == []

    life.forward(microseconds=1)
    assert life.can(CLOSE) == ["lapsed"]


def test_a_case_that_is_not_over_closes_nothing(life: Any) -> None:
    """Who can still vote is named."""
    life.answered()
    life.open_case("r", Matter.CLOSE_OR_LOWER)
    refusals = life.register.can(CLOSE, by="pm.oh").refusals

    assert [(one.code.id, one.who) for one in refusals] == [("case_open", ()), ("quorum_open", ("safety.kim",))]


def test_a_withdrawn_case_closes_nothing(life: Any) -> None:
    """It counts as if it had never been asked; the approval before it counts on."""
    life.answered()
    life.lowered()
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    life.submit(commands.WithdrawCase(case=case.id))

    assert life.can(CLOSE) == []


@pytest.mark.parametrize(
    ("grade", "body"), [(Grade.LOW, "ai_safety"), (Grade.MEDIUM, "erm_committee"), (Grade.HIGH, "top")]
)
def test_closing_is_decided_by_the_tier_of_the_peak(life: Any, grade: Grade, body: str) -> None:
    """The residual does not choose the body."""
    life.answered(grade)

    assert [body] == [step.body for step in life.open_case("r", Matter.CLOSE_OR_LOWER).steps]


def test_what_is_closed_takes_nothing_but_what_reopens(life: Any) -> None:
    """On a closed risk everything else is refused, with what is possible."""
    life.closed()
    with pytest.raises(CommandRefused) as raised:
        life.respond()

    assert [(one.code.id, one.missing) for one in raised.value.refusals] == [
        ("no_transition", ("Contain", "Reopen", "Object", "ResolveObjection", "MissCondition", "Revoke"))
    ]


def test_closing_on_no_known_system_is_refused(life: Any) -> None:
    """A decision that knows nothing about the system decides nothing."""
    life.answered()
    context = evolve(life.context(), facts=Facts(risks=life.context().facts.risks))
    answer = LifecycleEngine().decide(life.state(), CLOSE, context)

    assert [(one.code.id, one.missing) for one in answer.refusals] == [("unknown_subject", ("chat",))]


# --- lowering asks the same, at the vote -----------------------------------------------------------------------------


def test_a_risk_is_not_lowered_while_another_case_is_open(life: Any) -> None:
    """(3) The bodies decide one thing about a risk at a time; other votes than approvals are free."""
    life.answered(Grade.HIGH)
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    life.open_case("r", Matter.RISK)
    vote = {"case": case.id, "body": "top"}

    assert life.can(commands.Decide(outcome="approve", **vote), by="ceo") == ["case_open"]
    assert life.can(commands.Decide(outcome="return", **vote), by="ceo") == []


# --- responses and their proof ---------------------------------------------------------------------------------------


def test_a_response_fits_the_actor(life: Any) -> None:
    """Controls of another category are refused, with those that fit."""
    life.assess()
    with pytest.raises(CommandRefused) as raised:
        life.respond("r", "ng.training")
    (refusal,) = raised.value.refusals

    assert (refusal.code.id, refusal.detail) == ("control_does_not_fit", "control_misfit")
    assert "ai.output_filter" in refusal.missing


def test_a_legal_duty_is_not_retained(life: Any) -> None:
    """Living with it is no response."""
    life.submit(commands.Rescope(risk="r", legal_obligation=True))
    life.assess()
    with pytest.raises(CommandRefused) as raised:
        life.respond(strategy=Strategy.RETAIN)

    assert [one.code.id for one in raised.value.refusals] == ["legal_obligation"]


def test_nobody_verifies_for_a_role_of_their_own(life: Any) -> None:
    """The owner's role is answered for by others; an unknown response has no owner to ask about."""
    life.assess()
    life.respond()
    proof = {"coverage": Coverage(done=1, of=1), "effective": True, "evidence": [life.proof()]}

    assert life.can(commands.Verify(risk="r", response="r.r1", **proof), by="ml.lee") == ["conflict_of_interest"]
    assert life.can(commands.Verify(risk="r", response="r.r9", **proof), by="ml.lee") == ["unknown_subject"]


def test_a_later_proof_replaces_the_earlier(life: Any) -> None:
    """What was verified once may be found not to work."""
    life.assess()
    life.respond()
    life.verify()
    state = life.verify(effective=False)

    assert [one.verified for one in state.responses] == [False]


def test_responses_are_numbered(life: Any) -> None:
    """Each gets an id of its own under the risk's."""
    life.assess()
    life.respond()
    due = life.in_days(3).date()
    avoid = Response(strategy=Strategy.AVOID, owner="serving", due=due)
    state = life.register.respond("r", avoid, by="pm.oh")

    assert [one.id for one in state.responses] == ["r.r1", "r.r2"]
