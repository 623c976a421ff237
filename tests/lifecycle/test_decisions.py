"""Who decides: distinct people without a hand in it, a real quorum, the right body, on time."""

from typing import Any

import attrs
import pytest

from kakao_asi import Grade, Matter, Outcome, RiskCategory, Stage, commands
from kakao_asi.catalog import kakao_governance, proportional_governance
from kakao_asi.exceptions import CommandRefused, UnknownId
from kakao_asi.governance import CaseStatus, Condition, Duty, Level, Person, PersonKind, Reason, Roster, Seat


def vote(case: Any, outcome: Outcome = Outcome.APPROVE, **more: Any) -> commands.Decide:
    """Return the command that votes on a case where it stands."""
    return commands.Decide(**({"case": case.id, "outcome": outcome, "body": case.body} | more))


def seated(life: Any, body: str, name: str, **person: Any) -> str:
    """Give somebody a seat in a body."""
    life.submit(commands.ChangePerson(person=Person(id=name, **person)))
    life.submit(commands.ChangeSeat(body=body, person=name, seated=True))
    return name


def release(life: Any) -> Any:
    """Open the release of a system whose risk is answered."""
    life.answered()
    return life.open_case("chat", Matter.RELEASE)


# --- three tiers, one after the other --------------------------------------------------------------------------------


def test_a_release_takes_all_three_tiers(life: Any) -> None:
    """It goes through AI Safety, the committee and the top body, five different people in all."""
    life.answered()
    case = life.decided("chat", Matter.RELEASE)

    assert ["ai_safety", "erm_committee", "top"] == [one.body for one in case.decisions]
    assert [("safety.kim",), ("erm.a", "erm.b", "erm.c"), ("ceo",)] == [one.voters for one in case.decisions]
    assert (CaseStatus.DECIDED, True) == (case.status, case.approved)


def test_two_of_three_have_not_decided(life: Any) -> None:
    """The committee decides with its third vote, not before; the gate says how many are missing."""
    case = release(life)
    case = life.vote(case.id)
    for number, name in enumerate(("erm.a", "erm.b"), 1):
        case = life.register.decide(case.id, "approve", body="erm_committee", by=name)
        assert ("erm_committee", number) == (case.body, len(case.decisions[1:]) + number)
        quorum = [one for one in life.register.gate("chat", Stage.DEPLOYMENT).blockers if one.code.id == "quorum_open"]
        assert [str(3 - number)] == [one.detail for one in quorum]

    assert life.register.decide(case.id, "approve", body="erm_committee", by="erm.c").body == "top"


@pytest.mark.parametrize(
    ("who", "body", "codes"),
    [
        ("pm.oh", "ai_safety", ["authority"]),
        ("ml.lee", "ai_safety", ["authority"]),
        ("ceo", "ai_safety", ["authority"]),
        ("ceo", "top", ["authority"]),
        ("safety.kim", "top", ["authority"]),
        ("bot", "ai_safety", ["agent_cannot_approve"]),
        ("safety.kim", "ai_safety", []),
    ],
)
def test_only_a_seat_where_the_case_stands_votes(life: Any, who: str, body: str, codes: list[str]) -> None:
    """Neither another body's members nor those without a seat, nor for another body."""
    case = release(life)

    assert codes == life.can(vote(case, body=body), by=who)


def test_an_agent_never_votes_even_with_a_seat(life: Any) -> None:
    """People decide; an agent's seat counts for nothing."""
    case = release(life)
    seated(life, "ai_safety", "robot", kind=PersonKind.AGENT)

    assert life.can(vote(case), by="robot") == ["agent_cannot_approve"]
    assert "robot" not in life.register.explain(case.id)


def test_a_person_votes_once_under_all_names(life: Any) -> None:
    """An alias is no second vote."""
    case = life.vote(release(life).id)
    life.register.decide(case.id, "approve", body="erm_committee", by="erm.a.alt")

    for name in ("erm.a", "erm.a.alt"):
        assert life.can(vote(case), by=name) == ["conflict_of_interest"]


def test_a_person_votes_once_over_all_tiers(life: Any) -> None:
    """Who sits in two bodies decides in one."""
    life.submit(commands.ChangeSeat(body="erm_committee", person="safety.kim", seated=True))
    case = life.vote(release(life).id)

    assert life.can(vote(case), by="safety.kim") == ["conflict_of_interest"]


def test_a_name_that_changes_hands_votes_once(life: Any) -> None:
    """Whoever an alias belongs to later, the principal that has voted has voted."""
    case = life.vote(release(life).id)
    life.register.decide(case.id, "approve", body="erm_committee", by="erm.a.alt")
    life.submit(commands.ChangePerson(person=Person(id="erm.a", unit="risk")))
    seated(life, "erm_committee", "erm.a.alt")
    refusals = life.register.can(vote(case), by="erm.a.alt").refusals

    assert [(one.code.id, one.who) for one in refusals] == [("conflict_of_interest", ("erm.b", "erm.c"))]


@pytest.mark.parametrize(
    "hand",
    [
        lambda life: life.identify("t", by="erm.a"),
        lambda life: life.assess(by="erm.a"),
        lambda life: life.submit(commands.Rescope(risk="r", owner="search"), by="erm.a.alt"),
        lambda life: life.submit(commands.Pin(system="chat", pins=[life.pin("v9")]), by="erm.a"),
        lambda life: life.submit(commands.Rescope(risk="r", owner="risk_owner")),
    ],
    ids=["identifier", "assessor", "editor", "pinner", "owner"],
)
def test_whoever_had_a_hand_in_it_does_not_decide(life: Any, hand: Any) -> None:
    """Identifier, assessor, editor, pinner and owner are out, under any name."""
    life.submit(commands.ChangePerson(person=Person(id="erm.a", aliases={"erm.a.alt"}, roles={"risk_owner"})))
    hand(life)
    case = life.vote(life.open_case("chat", Matter.RELEASE).id)

    assert life.can(vote(case), by="erm.a") == ["conflict_of_interest"]
    assert life.can(vote(case), by="erm.b") == []


@pytest.mark.parametrize("duty", list(Duty), ids=lambda one: one.id)
def test_each_duty_is_the_governances_to_name(start_life: Any, duty: Duty) -> None:
    """Without a duty, nobody is out for it; the other three stay."""
    governance = attrs.evolve(kakao_governance(), duties=frozenset(Duty) - {duty})
    life = start_life(governance=governance)
    hands = {
        Duty.IDENTIFIER: lambda: life.identify("t", by="safety.kim"),
        Duty.ASSESSOR: lambda: life.assess(by="safety.kim"),
        Duty.EDITOR: lambda: life.submit(commands.Rescope(risk="r", owner="search"), by="safety.kim"),
        Duty.OWNER: lambda: life.submit(commands.ChangePerson(person=Person(id="safety.kim", roles={"serving"}))),
    }
    hands[duty]()
    case = life.open_case("chat", Matter.RELEASE)
    assert life.can(vote(case), by="safety.kim") == []

    life.submit(commands.WithdrawCase(case=case.id))
    hands[next(one for one in Duty if one is not duty)]()
    case = life.open_case("chat", Matter.RELEASE)
    assert life.can(vote(case), by="safety.kim") == ["conflict_of_interest"]


def test_a_hand_in_a_risk_closed_for_good_is_none(life: Any) -> None:
    """It is no part of what a release is about."""
    life.identify("done", by="erm.a", label="done")
    life.closed("done")
    case = life.vote(release(life).id)

    assert life.can(vote(case), by="erm.a") == []


def test_a_hand_in_a_risk_closed_on_an_acceptance_is_one(life: Any) -> None:
    """It still is a part of what a release is about."""
    life.identify("accepted", by="safety.kim")
    life.assess(Grade.MEDIUM, "accepted")
    life.accepted("accepted", days=100)
    life.register.close("accepted", by="pm.oh")
    case = release(life)

    assert life.can(vote(case), by="safety.kim") == ["conflict_of_interest"]


def test_a_candidate_pinned_ahead_of_update_keeps_its_editor(life: Any) -> None:
    """Entering UPDATE clears those who pinned what serves, not those who pinned what comes."""
    life.answered()
    life.live()
    life.enter(Stage.MONITORING)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]), by="erm.a")
    life.answered()
    life.enter(Stage.UPDATE)
    assert life.register.system("chat").editors == {"pm.oh", "erm.a"}

    life.answered()
    life.enter(Stage.TEST)
    case = life.vote(life.open_case("chat", Matter.RELEASE).id)
    assert life.can(vote(case), by="erm.a") == ["conflict_of_interest"]


def test_entering_update_forgets_who_pinned_what_serves(life: Any) -> None:
    """A new round starts with a candidate that nobody has touched."""
    life.answered()
    life.live()
    life.enter(Stage.MONITORING)
    life.enter(Stage.UPDATE)

    assert life.register.system("chat").editors == frozenset()


def test_a_hand_in_the_subject_alone_counts_for_a_risk(life: Any) -> None:
    """A case on a risk asks about that risk."""
    life.identify("t", by="safety.kim")
    life.answered()

    assert life.can(vote(life.open_case("r", Matter.ACCEPT, until=life.in_days(9))), by="safety.kim") == []


def test_who_leaves_votes_no_more_and_the_vote_stays(life: Any) -> None:
    """A seat is needed at the vote, not after it; who comes may vote."""
    case = life.vote(release(life).id)
    life.register.decide(case.id, "approve", body="erm_committee", by="erm.a")
    for name in ("erm.a", "erm.b"):
        life.submit(commands.ChangeSeat(body="erm_committee", person=name, seated=False))
    assert life.can(vote(case), by="erm.b") == ["authority"]

    seated(life, "erm_committee", "erm.new")
    life.register.decide(case.id, "approve", body="erm_committee", by="erm.new")
    assert life.register.decide(case.id, "approve", body="erm_committee", by="erm.c").body == "top"


def test_too_few_people_are_never_enough(start_life: Any) -> None:
    """A quorum is not lowered to fit: with two of three seats taken the case waits, and says for whom."""
    roster = Roster(
        people=[Person(id=name) for name in ("safety.kim", "erm.a", "erm.b", "ceo")],
        seats=[
            Seat(body="ai_safety", person="safety.kim"),
            Seat(body="erm_committee", person="erm.a"),
            Seat(body="erm_committee", person="erm.b"),
            Seat(body="top", person="ceo"),
        ],
    )
    life = start_life(roster=roster)
    life.answered()
    case = life.vote(life.open_case("chat", Matter.RELEASE).id)
    case = life.vote(case.id)

    assert ("erm_committee", None) == (case.body, case.outcome)
    assert "empty seats: 1" in life.register.explain(case.id)


# --- outcomes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.REJECT, Outcome.STOP], ids=lambda one: one.id)
def test_what_is_no_approval_ends_the_case_at_once(life: Any, outcome: Outcome) -> None:
    """The bodies above are not asked."""
    case = release(life)
    case = life.register.decide(case.id, outcome, body="ai_safety", by="safety.kim")

    assert (CaseStatus.DECIDED, outcome, 1) == (case.status, case.outcome, len(case.decisions))


def test_the_strongest_outcome_of_the_votes_counts(life: Any) -> None:
    """One rejection among three votes rejects; all three are needed all the same."""
    case = life.vote(release(life).id)
    for outcome, name in (("reject", "erm.a"), ("approve", "erm.b"), ("return", "erm.c")):
        assert case.outcome is None
        case = life.register.decide(case.id, outcome, body="erm_committee", by=name)

    assert (Outcome.REJECT, 3) == (case.outcome, len(case.decisions[-1].voters))


def test_escalating_forwards_without_recommending(life: Any) -> None:
    """The next body decides; the case is approved only if it approves."""
    case = release(life)
    case = life.register.decide(case.id, "escalate", body="ai_safety", by="safety.kim")
    assert ("erm_committee", Outcome.ESCALATE) == (case.body, case.decisions[0].outcome)

    assert life.vote(life.vote(case.id).id).approved


def test_the_last_body_escalates_to_the_one_above(life: Any) -> None:
    """A LOW risk that AI Safety does not want to settle goes to the committee."""
    life.answered()
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    case = life.register.decide(case.id, "escalate", body="ai_safety", by="safety.kim")
    assert ["ai_safety", "erm_committee"] == [step.body for step in case.steps]

    assert life.vote(case.id).approved
    assert life.register.close("r", by="pm.oh").closed_for_good


def test_the_apex_escalates_to_nobody(life: Any) -> None:
    """There the case ends, and nothing is approved."""
    life.answered(Grade.HIGH)
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    case = life.register.decide(case.id, "escalate", body="top", by="ceo")

    assert (CaseStatus.DECIDED, False, Grade.HIGH) == (case.status, case.approved, life.state().effective)


def test_conditions_are_united_over_voters(life: Any) -> None:
    """Each voter's conditions stand in the decision, those of every body in the case, and the gate warns of them."""
    life.answered()
    case = life.open_case("chat", Matter.RELEASE)
    wanted = [Condition(text=f"Do {n}", owner="serving", due=life.in_days(14).date()) for n in range(3)]
    with_conditions = "approve_with_conditions"
    life.register.decide(case.id, with_conditions, body="ai_safety", conditions=wanted[:1], by="safety.kim")
    life.register.decide(case.id, with_conditions, body="erm_committee", conditions=wanted[1:2], by="erm.a")
    life.register.decide(case.id, "approve", body="erm_committee", by="erm.b")
    life.register.decide(case.id, with_conditions, body="erm_committee", conditions=wanted[2:], by="erm.c")
    case = life.vote(case.id)
    warnings = life.register.gate("chat", Stage.DEPLOYMENT).warnings

    assert (tuple(wanted[1:]), tuple(wanted)) == (case.decisions[1].conditions, case.conditions)
    assert [("conditions_open", "3")] == [(one.code.id, one.detail) for one in warnings]


@pytest.mark.parametrize(
    ("outcome", "count"),
    [("approve_with_conditions", 0), ("approve", 1), ("reject", 1), ("stop", 2)],
)
def test_conditions_come_with_a_conditional_approval_only(life: Any, outcome: str, count: int) -> None:
    """Any other vote carries none, and a conditional one at least one."""
    case = release(life)
    conditions = [Condition(text=f"Do {n}", owner="serving", due=life.in_days(14).date()) for n in range(count)]
    command = vote(case, Outcome(outcome), conditions=conditions)

    assert life.can(command, by="safety.kim") == ["unknown_subject"]


def test_a_decision_names_body_time_and_state(life: Any) -> None:
    """Every decision says who made it, when, and on what."""
    case = release(life)
    life.forward(hours=3)
    (decision,) = life.vote(case.id).decisions

    assert ("ai_safety", life.clock(), life.register.state_hash("chat")) == (
        decision.body,
        decision.at,
        decision.state_hash,
    )


# --- opening and ending cases ----------------------------------------------------------------------------------------


def test_the_same_question_is_asked_once_at_a_time(life: Any) -> None:
    """A second one waits until the first is over; an answer that does not belong to it makes no other question."""
    case = release(life)
    for more in ({}, {"component": "reply"}, {"stage": Stage.TEST}):
        command = commands.Escalate(subject="chat", matter=Matter.RELEASE, **more)
        refusals = life.register.can(command, by="pm.oh").refusals
        assert [(one.code.id, one.missing) for one in refusals] == [("case_open", (case.id,))]

    life.submit(commands.WithdrawCase(case=case.id))
    assert life.open_case("chat", Matter.RELEASE).id == "chat.release.2"


def test_other_questions_are_asked_beside_it(life: Any) -> None:
    """Each stage, each matter and each stopped part is a question of its own."""
    life.assess()
    for part in (None, "reply", "image"):
        life.register.stop("chat", part, by="ceo")
    asked = [
        ("chat", Matter.RELEASE, {}),
        ("chat", Matter.STAGE, {"stage": Stage.DEVELOPMENT}),
        ("chat", Matter.STAGE, {"stage": Stage.TEST}),
        ("chat", Matter.STOP, {}),
        ("chat", Matter.STOP, {"component": "reply"}),
        ("chat", Matter.STOP, {"component": "image"}),
        ("r", Matter.RISK, {}),
        ("r", Matter.CLOSE_OR_LOWER, {}),
    ]
    cases = [life.open_case(subject, matter, **more) for subject, matter, more in asked]

    assert len({case.id for case in cases}) == len(asked)


@pytest.mark.parametrize(
    ("matter", "more"),
    [(Matter.STAGE, {}), (Matter.STOP, {}), (Matter.STOP, {"component": "reply"})],
    ids=["no-stage", "nothing-stopped", "part-not-stopped"],
)
def test_a_question_needs_its_object(life: Any, matter: Matter, more: dict[str, Any]) -> None:
    """A stage to enter, a stop to lift."""
    assert life.can(commands.Escalate(subject="chat", matter=matter, **more)) == ["unknown_subject"]


def test_what_is_not_asked_this_way_is_refused(life: Any) -> None:
    """A governance is proposed, not escalated; such a case is not taken, rather than taken and ignored."""
    assert "case_not_possible" in life.can(commands.Escalate(subject="chat", matter=Matter.GOVERNANCE))


@pytest.mark.parametrize("subject", ["r", "nobody"])
def test_a_subject_of_another_kind_is_unknown(life: Any, subject: str) -> None:
    """A release is about a system."""
    with pytest.raises(UnknownId):
        life.open_case(subject, Matter.RELEASE)


def test_a_retired_system_is_asked_about_no_more(start_life: Any) -> None:
    """It is under management no longer."""
    life = start_life(risk=False)
    life.submit(commands.Retire(system="chat"))

    assert life.can(commands.Escalate(subject="chat", matter=Matter.RELEASE)) == ["unknown_subject"]


@pytest.mark.parametrize(
    ("who", "codes"),
    [("pm.oh", []), ("safety.kim", []), ("erm.a", ["not_authorized"]), ("ml.lee", ["not_authorized"])],
)
def test_who_withdraws_a_case(life: Any, who: str, codes: list[str]) -> None:
    """Whoever brought it, or somebody with a seat where it stands."""
    case = release(life)

    assert codes == life.can(commands.WithdrawCase(case=case.id), by=who)


@pytest.mark.parametrize("end", ["decided", "withdrawn"])
def test_what_is_over_stays_over(life: Any, end: str) -> None:
    """No vote, withdrawal or deadline reaches a case that is over."""
    case = release(life)
    if end == "decided":
        life.vote(case.id, Outcome.REJECT)
    else:
        life.submit(commands.WithdrawCase(case=case.id))
    for command in (vote(case), commands.WithdrawCase(case=case.id), commands.MissDeadline(case=case.id)):
        assert life.can(command, by="safety.kim") == ["already_decided"]


def test_the_gravest_open_risk_routes_a_system(life: Any) -> None:
    """Its level and category count; unassessed is above HIGH; without a risk it is unassessed."""
    life.assess(Grade.LOW)
    life.identify("m", category=RiskCategory.ACTIVE_MISUSE)
    assert life.open_case("chat", Matter.RELEASE).cell.level is Level.UNASSESSED

    case = life.open_case("chat", Matter.STAGE, stage=Stage.TEST)
    assert (RiskCategory.ACTIVE_MISUSE, Stage.TEST) == (case.cell.category, case.cell.stage)


def test_a_system_without_risks_is_unassessed(start_life: Any) -> None:
    """Unknown is not low."""
    case = start_life(risk=False).open_case("chat", Matter.RELEASE)

    assert case.cell.level is Level.UNASSESSED


@pytest.mark.parametrize(
    ("asked", "found"),
    [(Reason.LEVEL, Reason.LEVEL), (Reason.INCIDENT, Reason.INCIDENT), ("이의 제기", Reason.OBJECTION)],
    ids=["level", "incident", "objection"],
)
def test_the_strongest_reason_routes(life: Any, asked: Reason | str, found: Reason) -> None:
    """A reason given counts unless a stronger one holds."""
    life.assess(Grade.MEDIUM)

    assert life.open_case("r", Matter.RISK, reason=asked).cell.reason is found


def test_withheld_cases_are_not_taken(start_life: Any) -> None:
    """Under the proportional preset nobody may release a HIGH risk to the outside, and the gate says so."""
    life = start_life(governance=proportional_governance())
    life.assess(Grade.HIGH)

    assert life.can(commands.Escalate(subject="chat", matter=Matter.RELEASE)) == ["case_not_possible"]
    assert "case_not_possible" in life.blockers(life.register.gate("chat", Stage.DEPLOYMENT))


def test_a_needless_case_opens_the_gate(start_life: Any) -> None:
    """Under the proportional preset a LOW system enters a stage on its cycle alone."""
    life = start_life(governance=proportional_governance())
    life.assess()
    life.respond()

    assert life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh").stage is Stage.DEVELOPMENT


def test_a_decision_lets_a_system_in_once(life: Any) -> None:
    """The next round asks for its own, in the very same instant too."""
    life.answered()
    life.live()
    life.enter(Stage.MONITORING)
    life.enter(Stage.UPDATE)
    life.assess()

    assert life.blockers(life.register.gate("chat", Stage.TEST)) == ["case_missing"]
    assert life.enter(Stage.TEST).round == 2


def test_the_latest_case_counts_when_the_clock_is_set_back(life: Any) -> None:
    """Cases are told apart by their number: an approval does not outlive the rejection after it."""
    life.answered()
    life.decided("r", Matter.CLOSE_OR_LOWER)
    life.forward(hours=-2)
    life.decided("r", Matter.CLOSE_OR_LOWER, Outcome.REJECT)

    assert life.can(commands.Close(risk="r")) == ["rejected"]


# --- time moves up, and approves nothing -----------------------------------------------------------------------------


def test_a_release_still_needs_who_was_late(life: Any) -> None:
    """When every tier but the top let its time pass, the top's approval alone releases nothing."""
    case = release(life)
    for days in (2, 7):
        life.forward(days=days)
        life.register.tick()
    assert life.register.case(case.id).body == "top"

    case = life.register.decide(case.id, "approve", body="top", by="ceo")
    assert ("ai_safety", None) == (case.body, case.outcome)
    case = life.vote(case.id)
    assert ("erm_committee", None) == (case.body, case.outcome)
    case = life.vote(case.id)
    assert (True, 3) == (case.approved, len(case.decisions))


@pytest.mark.parametrize("outcome", [Outcome.REJECT, Outcome.RETURN, Outcome.ESCALATE], ids=lambda one: one.id)
def test_who_was_late_may_still_say_no(life: Any, outcome: Outcome) -> None:
    """Asked last, the body decides like any other; what was approved above does not carry over it."""
    case = release(life)
    life.forward(days=2)
    life.register.tick()
    life.vote(case.id)
    life.vote(case.id)
    case = life.register.decide(case.id, outcome, body="ai_safety", by="safety.kim")

    assert (CaseStatus.DECIDED, outcome, False) == (case.status, case.outcome, case.approved)


def test_the_tier_above_settles_a_risk_alone(life: Any) -> None:
    """A case that one body decides is the higher body's once its time has passed."""
    life.answered()
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    life.forward(days=2)
    life.register.tick()
    case = life.vote(case.id)

    assert (["erm_committee"], True) == ([one.body for one in case.decisions], case.approved)


# --- nobody's single hand --------------------------------------------------------------------------------------------


def test_refused_votes_change_nothing(life: Any) -> None:
    """A refused vote leaves no trace."""
    case = release(life)
    before = life.register.events().items
    with pytest.raises(CommandRefused):
        life.register.decide(case.id, "approve", body="ai_safety", by="ceo")

    assert before == life.register.events().items


@pytest.mark.parametrize("who", ["safety.kim", "erm.a", "ceo"])
def test_nobody_passes_a_release_alone(life: Any, who: str) -> None:
    """With a seat in every body one person gives one vote, and the release stays shut."""
    for body in ("ai_safety", "erm_committee", "top"):
        life.submit(commands.ChangeSeat(body=body, person=who, seated=True))
    case = release(life)
    given = 0
    for body in ("ai_safety", "erm_committee", "top"):
        for name in (who, "erm.a.alt" if who == "erm.a" else who):
            given += not life.can(vote(case, body=body), by=name)
            if not life.can(vote(case, body=body), by=name):
                case = life.register.decide(case.id, "approve", body=body, by=name)

    assert (1, None) == (given, case.outcome)
    assert not life.register.gate("chat", Stage.DEPLOYMENT).passed
