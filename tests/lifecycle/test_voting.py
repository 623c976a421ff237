"""Voting: veto, stepping back, alternates, lent seats, acknowledgements, and conditions that bind."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Grade, Matter, Outcome, Stage, commands
from kakao_asi.catalog import kakao_governance
from kakao_asi.exceptions import InvalidValue
from kakao_asi.governance import Condition, Governance, Person, PersonKind, Quorum, Roster, Seat, open_slots
from kakao_asi.lifecycle import RiskStatus

WHY = "looked at in depth, see the evidence"


def with_quorum(body: str, **changes: Any) -> Governance:
    """Return the default governance with another quorum or number of seats in a body."""
    rules = kakao_governance()
    seats = changes.pop("seats", None)

    def changed(one: Any) -> Any:
        if one.id != body:
            return one
        return attrs.evolve(one, quorum=attrs.evolve(one.quorum, **changes), seats=seats or one.seats)

    return attrs.evolve(rules, graph=attrs.evolve(rules.graph, bodies=[changed(one) for one in rules.graph.bodies]))


def before_erm(life: Any) -> Any:
    """Return a case on the risk that waits for the ERM committee."""
    return life.vote(life.open_case("r", Matter.RISK).id)


def vote(life: Any, case: Any, by: str, outcome: str = "approve") -> Any:
    """Give one vote where the case stands."""
    return life.register.decide(case.id, outcome, body=case.body, by=by)


def why_not(life: Any, case: Any, by: str) -> list[str]:
    """Return why somebody could not vote where the case stands."""
    return life.can(commands.Decide(case=case.id, outcome="approve", body=case.body), by=by)


def lend(case: Any, to: str, until: dt.datetime, body: str = "erm_committee") -> commands.Delegate:
    """Return the command that lends a seat."""
    return commands.Delegate(case=case.id, body=body, to=to, until=until)


# --- veto ------------------------------------------------------------------------------------------------------------


def vetoing(start: Callable[..., Any], roles: dict[str, set[str]], roster: Roster) -> Any:
    """Start a register whose ERM committee knows a veto, with roles given to people."""
    people = [attrs.evolve(one, roles=one.roles | roles.get(one.id, set())) for one in roster.people]
    return start(
        governance=with_quorum("erm_committee", veto={"risk.chief"}), roster=attrs.evolve(roster, people=people)
    )


def test_a_veto_rejects_at_once(start_life: Callable[..., Any], life: Any) -> None:
    """One rejection of the role decides for the body, with no quorum."""
    start = vetoing(start_life, {"erm.b": {"risk.chief"}}, life.register.roster())
    case = before_erm(start)
    vote(start, case, "erm.a")
    case = vote(start, case, "erm.b", "reject")

    assert (Outcome.REJECT, ("erm.b",)) == (case.outcome, case.decisions[-1].voters)


@pytest.mark.parametrize(("by", "outcome"), [("erm.a", "reject"), ("erm.b", "return")], ids=["role", "outcome"])
def test_nothing_else_is_a_veto(start_life: Callable[..., Any], life: Any, by: str, outcome: str) -> None:
    """Without the role, or with another outcome, it is one vote among others."""
    start = vetoing(start_life, {"erm.b": {"risk.chief"}}, life.register.roster())
    case = vote(start, before_erm(start), by, outcome)

    assert case.outcome is None


def test_an_agent_has_no_veto() -> None:
    """A program that holds the role rejects nothing."""
    quorum = Quorum(votes=1, veto={"chief"})

    assert quorum.vetoes(Person(id="a", roles={"chief"}))
    assert not quorum.vetoes(Person(id="b", kind=PersonKind.AGENT, roles={"chief"}))


# --- stepping back ---------------------------------------------------------------------------------------------------


def test_stepping_back_takes_vote_and_seat(life: Any) -> None:
    """A vote that decided nothing yet is gone, and no other one may follow."""
    case = before_erm(life)
    vote(life, case, "erm.a.alt")
    case = life.submit(commands.Recuse(case=case.id), by="erm.a")

    assert [one.body for one in case.votes] == ["ai_safety"]
    assert why_not(life, case, "erm.a.alt") == ["conflict_of_interest"]


def test_stepping_back_lowers_no_quorum(life: Any) -> None:
    """The committee still needs three people."""
    case = before_erm(life)
    life.submit(commands.Recuse(case=case.id), by="erm.a")
    vote(life, case, "erm.b")
    case = vote(life, case, "erm.c")

    assert (case.body, case.outcome) == ("erm_committee", None)


def test_whoever_decided_cannot_step_back(life: Any) -> None:
    """A decision that was made with a vote is not taken away."""
    case = before_erm(life)

    assert life.can(commands.Recuse(case=case.id), by="safety.kim") == ["vote_counted"]


@pytest.mark.parametrize("by", ["pm.oh", "ml.lee"], ids=["a stranger", "no seat"])
def test_only_who_has_a_seat_steps_back(life: Any, by: str) -> None:
    """There is nothing to give up without a seat on the way."""
    assert life.can(commands.Recuse(case=before_erm(life).id), by=by) == ["authority"]


def test_stepping_back_twice(life: Any) -> None:
    """The second time changes nothing and is refused."""
    case = before_erm(life)
    life.submit(commands.Recuse(case=case.id), by="erm.a")

    assert life.can(commands.Recuse(case=case.id), by="erm.a.alt") == ["nothing_changed"]


def test_rebasing_keeps_who_stepped_back(life: Any) -> None:
    """A conflict is not gone with a new state."""
    case = life.open_case("r", Matter.RISK)
    life.submit(commands.Recuse(case=case.id), by="safety.kim")
    life.assess(Grade.LOW)
    case = life.submit(commands.Rebase(case=case.id))

    assert why_not(life, case, "safety.kim") == ["conflict_of_interest"]


# --- alternates ------------------------------------------------------------------------------------------------------


@pytest.fixture
def spare(life: Any) -> Any:
    """Give the ERM committee an alternate."""
    life.submit(commands.ChangePerson(person=Person(id="erm.z")))
    life.submit(commands.ChangeSeat(body="erm_committee", person="erm.z", alternate=True, seated=True))
    return life


def test_an_alternate_waits_while_all_seats_are_taken(spare: Any) -> None:
    """With three members who can vote there is no seat for a fourth."""
    assert why_not(spare, before_erm(spare), "erm.z") == ["authority"]


def test_an_alternate_steps_in_for_who_stepped_back(spare: Any) -> None:
    """A member who may not vote leaves a seat that the alternate takes."""
    case = before_erm(spare)
    spare.submit(commands.Recuse(case=case.id), by="erm.a")
    for name in ("erm.z", "erm.b", "erm.c"):
        case = vote(spare, case, name)

    assert case.body == "top"


def test_alternates_never_add_seats(spare: Any) -> None:
    """One empty seat lets one alternate in, not two."""
    spare.submit(commands.ChangePerson(person=Person(id="erm.y")))
    spare.submit(commands.ChangeSeat(body="erm_committee", person="erm.y", alternate=True, seated=True))
    case = before_erm(spare)
    spare.submit(commands.Recuse(case=case.id), by="erm.a")
    case = vote(spare, case, "erm.z")

    assert why_not(spare, case, "erm.y") == ["authority"]


def test_nobody_is_member_and_alternate() -> None:
    """A person has one seat in a body."""
    seats = [Seat(body="b", person="p"), Seat(body="b", person="p.alt", alternate=True)]
    with pytest.raises(InvalidValue, match="either as a member or as an alternate"):
        Roster(people=[Person(id="p", aliases={"p.alt"})], seats=seats)


def test_a_member_who_becomes_an_alternate_has_one_seat(spare: Any) -> None:
    """The later seat takes the place of the earlier one."""
    spare.submit(commands.ChangeSeat(body="erm_committee", person="erm.a", alternate=True, seated=True))
    roster = spare.register.roster()

    assert "erm.a" in {one.id for one in roster.alternates("erm_committee")}
    assert "erm.a" not in {one.id for one in roster.seated("erm_committee")}


def test_an_alternate_fills_a_quorum_that_lacks_people(spare: Any) -> None:
    """Staffing counts alternates where a seat is free."""
    body = spare.register.governance().graph.body("erm_committee")

    assert open_slots([body], spare.register.roster(), excluded=["erm.a"]) == ()


# --- lent seats ------------------------------------------------------------------------------------------------------


def test_a_lent_seat_is_voted_as_oneself(life: Any) -> None:
    """Whoever a seat is lent to votes under their own name, and the owner does not."""
    case = before_erm(life)
    case = life.submit(lend(case, "audit.han", life.in_days(3)), by="erm.a.alt")

    assert why_not(life, case, "erm.a") == ["authority"]
    case = vote(life, case, "audit.han")
    assert ("audit.han", "erm.a") == (case.votes[-1].person, case.votes[-1].seat)
    assert why_not(life, case, "erm.a") == ["authority"]


def test_a_lent_seat_counts_once(life: Any) -> None:
    """After the vote in it the owner gets no second one, even when the time is over."""
    case = before_erm(life)
    life.submit(lend(case, "audit.han", life.in_days(3)), by="erm.a")
    case = vote(life, case, "audit.han")
    life.forward(days=4)

    assert why_not(life, life.register.case(case.id), "erm.a") == ["authority"]


def test_at_its_end_the_seat_is_the_owners_again(life: Any) -> None:
    """A delegation ends at its instant, with no event."""
    case = before_erm(life)
    case = life.submit(lend(case, "audit.han", life.in_days(3)), by="erm.a")
    life.forward(days=3)

    assert (["authority"], []) == (why_not(life, case, "audit.han"), why_not(life, case, "erm.a"))


@pytest.mark.parametrize("by", ["erm.a", "audit.han"], ids=["owner", "taker"])
def test_either_ends_it(life: Any, by: str) -> None:
    """Owner and taker can end it before its time; nobody else can."""
    case = before_erm(life)
    life.submit(lend(case, "audit.han", life.in_days(3)), by="erm.a")
    end = commands.EndDelegation(case=case.id, body="erm_committee")

    assert life.can(end, by="erm.b") == ["unknown_subject"]
    assert why_not(life, life.submit(end, by=by), "erm.a") == []


def test_a_lent_seat_is_lent_no_further(life: Any) -> None:
    """Delegation is not transitive."""
    case = before_erm(life)
    case = life.submit(lend(case, "audit.han", life.in_days(3)), by="erm.a")

    assert life.can(lend(case, "ceo", life.in_days(2)), by="audit.han") == ["authority"]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("pm.oh2", "unknown_subject"),
        ("bot", "agent_cannot_approve"),
        ("ml.lee", "conflict_of_interest"),
        ("erm.b", "conflict_of_interest"),
        ("safety.kim", "conflict_of_interest"),
    ],
    ids=["a stranger", "an agent", "the owner", "a colleague with a seat", "who voted already"],
)
def test_whom_no_seat_is_lent_to(life: Any, to: str, code: str) -> None:
    """A seat goes to a person with no hand in it, no seat there and no vote yet."""
    case = before_erm(life)

    assert life.can(lend(case, to, life.in_days(3)), by="erm.a") == [code]


def test_a_conflict_that_comes_later_counts(life: Any) -> None:
    """Whoever gets a hand in it after the seat was lent does not vote in it."""
    case = before_erm(life)
    case = life.submit(lend(case, "audit.han", life.in_days(3)), by="erm.a")
    life.submit(commands.ChangePerson(person=Person(id="audit.han", roles={"serving"})))

    assert why_not(life, case, "audit.han") == ["conflict_of_interest"]


@pytest.mark.parametrize("days", [0, 31], ids=["no time", "too long"])
def test_a_seat_is_lent_for_a_while(life: Any, days: int) -> None:
    """A delegation has an end, within what the governance allows."""
    assert life.can(lend(before_erm(life), "audit.han", life.in_days(days)), by="erm.a") == ["until_too_far"]


def test_whoever_may_not_vote_lends_nothing(life: Any) -> None:
    """A member in conflict steps back; they do not choose who votes in their place."""
    case = before_erm(life)
    life.submit(commands.Recuse(case=case.id), by="erm.a")

    assert life.can(lend(case, "audit.han", life.in_days(3)), by="erm.a") == ["conflict_of_interest"]


# --- acknowledging ---------------------------------------------------------------------------------------------------


def test_an_acknowledged_case_is_reminded_no_more(life: Any) -> None:
    """The reminders end, the clock runs on."""
    case = before_erm(life)
    life.submit(commands.Acknowledge(case=case.id), by="erm.b")
    life.forward(days=5)
    reminded = life.register.tick()
    life.forward(days=5)

    assert ((), (commands.MissDeadline(case=case.id),)) == (reminded, life.register.tick()[:1])


def test_only_the_body_acknowledges(life: Any) -> None:
    """Somebody without a seat where the case stands says nothing for the body; once is enough."""
    case = before_erm(life)
    command = commands.Acknowledge(case=case.id)

    assert life.can(command, by="ceo") == ["authority"]
    life.submit(command, by="erm.b")
    assert life.can(command, by="erm.c") == ["nothing_changed"]


# --- conditions ------------------------------------------------------------------------------------------------------


def conditional(life: Any, *, days: int = 14, **more: Any) -> Any:
    """Accept the risk on two conditions."""
    life.assess(Grade.LOW)
    conditions = [
        Condition(text="mask the numbers", owner="serving", due=life.in_days(days).date()),
        Condition(text="train the team", owner="people", due=life.in_days(days).date()),
    ]
    case = life.open_case("r", Matter.ACCEPT, until=life.in_days(60))
    return life.vote(case.id, Outcome.APPROVE_WITH_CONDITIONS, conditions=conditions, **more)


def test_conditions_become_responses(life: Any) -> None:
    """Each condition is a response of the risk with owner, day and the words of the body."""
    case = conditional(life)
    planned = life.state().responses

    assert [(one.response.owner, one.condition_of) for one in planned] == [("serving", case.id), ("people", case.id)]
    assert [one.response.note for one in planned] == ["mask the numbers", "train the team"]


def test_an_acceptance_on_conditions_holds(life: Any) -> None:
    """What the body itself asked for does not end the acceptance."""
    conditional(life)

    assert life.register.close("r", by="pm.oh").status is RiskStatus.CLOSED


def test_a_body_that_asks_for_something_edits_nothing(life: Any) -> None:
    """Whoever set a condition may decide on the risk again."""
    conditional(life)
    case = life.open_case("r", Matter.RISK)

    assert why_not(life, case, "safety.kim") == []


def test_a_missed_condition_opens_the_decision_again(life: Any) -> None:
    """On the day after, the acceptance has ended and the same body has the same question."""
    first = conditional(life)
    life.register.close("r", by="pm.oh")
    life.forward(days=15)

    assert [one.id for one in life.register.risks(open=True)] == ["r"]
    done = life.register.tick()
    assert done[0] == commands.MissCondition(risk="r", response="r.r1")
    again = life.register.case("r.accept.2")
    assert (first.body, "r.r1", Matter.ACCEPT) == (again.body, again.reopens, again.matter)
    assert life.state().status is RiskStatus.IDENTIFIED


def test_a_missed_condition_is_noted_once(life: Any) -> None:
    """However often time is looked at, each condition opens its decision once."""
    conditional(life)
    life.forward(days=15)
    for _ in range(4):
        life.register.tick()

    opened = [case.reopens for case in life.register.cases(subject="r") if case.reopens]
    assert sorted(opened) == ["r.r1", "r.r2"]


def test_a_condition_that_is_met_opens_nothing(life: Any) -> None:
    """A response verified in full is no missed condition."""
    conditional(life)
    life.verify()
    life.forward(days=15)

    assert not [one for one in life.register.tick() if isinstance(one, commands.MissCondition)]


def test_a_condition_is_not_missed_before_its_day_is_over(life: Any) -> None:
    """The last day counts whole."""
    conditional(life)
    life.forward(days=14)

    assert life.can(commands.MissCondition(risk="r", response="r.r1")) == ["not_due"]


def test_an_acceptance_that_would_be_over_comes_back_as_a_question(life: Any) -> None:
    """Where the acceptance has ended meanwhile, the body looks at the risk instead."""
    conditional(life, days=59)
    life.forward(days=61)
    life.register.tick()
    life.register.tick()

    assert [one.matter for one in life.register.cases(subject="r") if one.reopens] == [Matter.RISK, Matter.RISK]


def test_conditions_on_a_system_stay_with_its_case(life: Any) -> None:
    """A case on a stage plans nothing for a risk."""
    condition = Condition(text="look again", owner="serving", due=life.in_days(5).date())
    case = life.open_case("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    life.vote(case.id, Outcome.APPROVE_WITH_CONDITIONS, conditions=[condition])

    assert life.state().responses == ()
    assert life.register.rebuild() == ()
