"""Changing the governance: decided under the old one, valid for later cases, shown beforehand."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Governance, Grade, Matter, Outcome, RiskRegister, Stage, commands
from kakao_asi.catalog import kakao_governance, proportional_governance
from kakao_asi.exceptions import CommandRefused, GovernanceDiffers, UnknownId
from kakao_asi.governance import NamedMethod, Person, Term
from kakao_asi.stores import MemoryStore
from kakao_asi.taxonomy import RiskCategory
from kakao_asi.testing import CountingIds

WHY = "the board asked for it in March"


def patient(**changes: Any) -> Governance:
    """Return the default governance with something changed."""
    return attrs.evolve(kakao_governance(), **({"approval_days": 60} | changes))


def propose(life: Any, governance: Governance, *, by: str = "pm.oh") -> Any:
    """Put a governance before the bodies."""
    return life.submit(commands.ProposeGovernance(governance=governance), by=by, because=WHY)


def change(life: Any, governance: Governance, outcome: Outcome = Outcome.APPROVE) -> Any:
    """Take a proposal through all bodies."""
    case = propose(life, governance)
    while case.outcome is None:
        case = life.vote(case.id, outcome)
    return case


def test_a_proposal_is_a_case_of_its_own(life: Any) -> None:
    """It is about the governance, and goes through all three bodies of the one in force."""
    case = propose(life, patient())

    assert ("governance.governance.1", Matter.GOVERNANCE, "governance") == (case.id, case.matter, case.subject)
    assert [step.body for step in case.steps] == ["ai_safety", "erm_committee", "top"]


def test_a_proposal_changes_nothing_yet(life: Any) -> None:
    """Until the last body approves, the old governance is in force."""
    before = life.register.governance_digest()
    case = propose(life, patient())
    life.vote(case.id)
    life.vote(case.id)

    assert before == life.register.governance_digest()


def test_the_last_approval_changes_it(life: Any) -> None:
    """With the decision of the top body the proposed governance is in force."""
    change(life, patient())

    assert life.register.governance() == patient()


def test_the_value_stands_in_the_log(life: Any) -> None:
    """What was proposed is an event on the governance's stream, and what was decided another one."""
    change(life, patient())

    kinds = [entry.kind for entry in life.register.events() if entry.stream == "governance:adopted"]
    assert kinds == ["governance_adopted", "governance_proposed", "governance_changed"]
    assert life.register.rebuild() == ()


@pytest.mark.parametrize("outcome", [Outcome.REJECT, Outcome.RETURN, Outcome.STOP], ids=lambda one: one.id)
def test_a_proposal_that_is_not_approved_changes_nothing(life: Any, outcome: Outcome) -> None:
    """Rejected or returned, the old governance stays."""
    before = life.register.governance_digest()

    assert outcome is change(life, patient(), outcome).outcome
    assert before == life.register.governance_digest()


def test_a_withdrawn_proposal_is_never_taken_up_by_a_later_one(life: Any) -> None:
    """Only what its own case proposed comes into force."""
    first = propose(life, patient(approval_days=5))
    life.submit(commands.WithdrawCase(case=first.id))
    change(life, patient(approval_days=7))

    assert life.register.governance().approval_days == 7


def test_its_proposer_does_not_decide(life: Any) -> None:
    """Whoever proposes a governance has no vote on it, under any alias."""
    case = propose(life, patient(), by="erm.a.alt")
    life.vote(case.id)
    command = commands.Decide(case=case.id, outcome="approve", body="erm_committee")

    assert ["conflict_of_interest"] == life.can(command, by="erm.a")


def test_its_proposer_does_not_decide_without_duties_either(start_life: Callable[..., Any]) -> None:
    """That holds even where the governance names no duty."""
    life = start_life(governance=patient(duties=frozenset()))
    case = propose(life, patient(), by="safety.kim")
    command = commands.Decide(case=case.id, outcome="approve", body="ai_safety")

    assert ["conflict_of_interest"] == life.can(command, by="safety.kim")


def test_an_agent_proposes_nothing(life: Any) -> None:
    """A program may not ask for other rules."""
    command = commands.ProposeGovernance(governance=patient())

    assert ["agent_cannot_approve"] == life.can(command, by="bot")


def test_one_proposal_at_a_time(life: Any) -> None:
    """A second proposal waits until the first is over."""
    propose(life, patient())
    command = commands.ProposeGovernance(governance=patient(approval_days=5))

    assert ["case_open"] == life.can(command)


def test_the_governance_in_force_cannot_be_proposed(life: Any) -> None:
    """A proposal that changes nothing is refused."""
    assert ["nothing_changed"] == life.can(commands.ProposeGovernance(governance=kakao_governance()))


def test_a_method_without_its_code_cannot_be_proposed(life: Any) -> None:
    """A governance that nobody could assess under is refused beforehand."""
    kept = [one for one in kakao_governance().methods if one.category is not RiskCategory.ACTIVE_MISUSE]
    own = NamedMethod(id="house.misuse", version=1, category=RiskCategory.ACTIVE_MISUSE)

    assert ["unknown_subject"] == life.can(commands.ProposeGovernance(governance=patient(methods=(*kept, own))))


def test_a_system_called_governance_is_no_obstacle(life: Any) -> None:
    """Cases on a system of that id and cases on the governance are kept apart."""
    life.register.add_system(attrs.evolve(life.register.system("chat").system, id="governance"), by="pm.oh")
    stage = life.open_case("governance", Matter.STAGE, stage=Stage.DEVELOPMENT)
    change(life, patient())

    assert (stage.id, patient()) == ("governance.stage.1", life.register.governance())
    assert [step.body for step in stage.steps] == ["ai_safety"]


def test_the_same_request_again_returns_the_case(life: Any) -> None:
    """A proposal with a key is taken once."""
    command = commands.ProposeGovernance(governance=patient())
    first = life.register.submit(command, by="pm.oh", key="k1")

    assert first == life.register.submit(command, by="pm.oh", key="k1")


def test_nobody_votes_on_a_case_of_the_old_governance(life: Any) -> None:
    """A running case is left as it is, and a vote on it is refused."""
    case = life.open_case("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    change(life, patient())
    command = commands.Decide(case=case.id, outcome="approve", body="ai_safety")

    assert ["governance_changed"] == life.can(command, by="safety.kim")
    assert "rebase" in life.register.explain(case.id)


def test_a_rebased_case_can_be_decided(life: Any) -> None:
    """Rebased, a case runs under the governance in force."""
    case = life.open_case("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    change(life, patient())
    rebased = life.submit(commands.Rebase(case=case.id))

    assert life.vote(rebased.id).outcome is Outcome.APPROVE
    assert rebased.governance == life.register.governance_digest()


def test_rebasing_voids_what_was_given(life: Any) -> None:
    """Votes and decisions given under the old governance count no more, and the case starts anew."""
    case = life.open_case("chat", Matter.RELEASE)
    life.vote(case.id)
    change(life, patient())
    rebased = life.submit(commands.Rebase(case=case.id))

    assert ((), (), 0) == (rebased.votes, rebased.decisions, rebased.position)


def test_rebasing_takes_up_a_changed_state(life: Any) -> None:
    """A case whose subject changed can be rebased too, and then stands on the present."""
    case = life.open_case("r", Matter.RISK)
    life.assess(Grade.LOW)
    rebased = life.submit(commands.Rebase(case=case.id))

    assert rebased.state_hash == life.register.state_hash("r") != case.state_hash


def test_a_case_on_the_present_needs_no_rebasing(life: Any) -> None:
    """Rebasing is refused where nothing has changed, so it is no way to void votes."""
    case = life.open_case("r", Matter.RISK)

    assert ["nothing_changed"] == life.can(commands.Rebase(case=case.id))


def test_a_proposal_itself_is_never_rebased(life: Any) -> None:
    """What was proposed under the old governance is decided under it."""
    case = propose(life, patient())

    assert ["case_not_possible"] == life.can(commands.Rebase(case=case.id))


def test_only_those_concerned_rebase(life: Any) -> None:
    """Whoever opened the case, or sits where it stands, may rebase it."""
    case = life.open_case("r", Matter.RISK)
    life.assess(Grade.LOW)

    assert ["not_authorized"] == life.can(commands.Rebase(case=case.id), by="ml.lee")
    assert [] == life.can(commands.Rebase(case=case.id), by="safety.kim")


def test_an_acceptance_is_rebased_within_the_new_terms(life: Any) -> None:
    """An acceptance that would now last too long is refused."""
    life.assess(Grade.LOW)
    case = life.open_case("r", Matter.ACCEPT, until=life.in_days(200))
    terms = attrs.evolve(kakao_governance().acceptance, low=100)
    change(life, patient(acceptance=terms))

    assert ["until_too_far"] == life.can(commands.Rebase(case=case.id), because=WHY)


def test_a_case_before_a_body_that_is_no_more_still_moves_up(life: Any) -> None:
    """A term that passes before a body the new governance does not know leads to the apex."""
    case = life.open_case("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    change(life, attrs.evolve(patient(), graph=renamed()))
    life.forward(days=9)
    life.register.tick()

    assert life.register.case(case.id).body == "top"
    assert "ai_safety" in life.register.explain(case.id, lang="ko")


def renamed() -> Any:
    """Return the default graph with another first body."""
    graph = kakao_governance().graph

    def other(name: str) -> str:
        return "safety_office" if name == "ai_safety" else name

    return attrs.evolve(
        graph,
        bodies=[attrs.evolve(body, id=other(body.id)) for body in graph.bodies],
        edges=[attrs.evolve(edge, source=other(edge.source), target=other(edge.target)) for edge in graph.edges],
    )


def test_a_seat_in_a_body_that_is_no_more_can_be_left(life: Any) -> None:
    """Nobody keeps a seat that cannot be taken away."""
    change(life, attrs.evolve(patient(), graph=renamed()))
    leave = commands.ChangeSeat(body="ai_safety", person="safety.kim", seated=False)

    assert [] == life.can(leave)
    assert ["unknown_subject"] == life.can(attrs.evolve(leave, seated=True))


def test_a_register_opened_with_another_governance_says_how_to_change_it(life: Any) -> None:
    """Passing a governance that is not in force is refused, and the command that proposes it named."""
    store = MemoryStore(clock=life.clock)
    RiskRegister.on(store, clock=life.clock, ids=CountingIds())

    with pytest.raises(GovernanceDiffers, match="ProposeGovernance"):
        RiskRegister.on(store, clock=life.clock, ids=CountingIds(), governance=patient())


# --- what if ---------------------------------------------------------------------------------------------------------


def test_what_if_nothing_changes(life: Any) -> None:
    """Under the same graph no case moves."""
    assert life.register.what_if(patient()) == ()


def test_what_if_names_what_moves_with_both_ways(life: Any) -> None:
    """A risk that would be decided elsewhere is shown with its way now and then."""
    life.assess(Grade.LOW)
    found = {(one.subject, one.matter): one for one in life.register.what_if(proportional_governance())}
    one = found["r", Matter.RISK]

    assert (("ai_safety", "erm_committee"), ("ai_safety",)) == (one.before.bodies, one.after.bodies)
    assert ("r", Matter.ACCEPT) not in found


def test_what_if_shows_a_deadline_that_moves(life: Any) -> None:
    """The same bodies with another term are a difference too."""
    graph = kakao_governance().graph
    hurried = [attrs.evolve(edge, within=Term(hours=1)) for edge in graph.edges]
    found = life.register.what_if(patient(graph=attrs.evolve(graph, edges=hurried)))

    assert {"r", "chat"} == {one.subject for one in found}
    assert all(one.before.bodies == one.after.bodies for one in found)


def test_what_if_leaves_closed_risks_out(life: Any) -> None:
    """A risk closed for good has no case to move."""
    life.closed()

    assert "r" not in {one.subject for one in life.register.what_if(proportional_governance())}


def test_without_a_body_everything_on_its_way_is_undecidable(life: Any) -> None:
    """A body that is gone leaves what goes through it without a decision."""
    found = {(one.subject, one.matter) for one in life.register.without("erm_committee")}

    assert ("r", Matter.RISK) in found
    assert ("chat", Matter.STAGE) not in found


def test_without_a_person_whom_nobody_replaces(life: Any) -> None:
    """A person without whom a quorum cannot be filled is found under any alias."""
    found = {(one.subject, one.matter) for one in life.register.without("erm.a.alt")}

    assert ("r", Matter.RISK) in found


def test_without_a_person_who_decides_nothing(life: Any) -> None:
    """Whoever has no seat is missed nowhere."""
    assert life.register.without("ml.lee") == ()


def test_what_cannot_be_decided_anyway_is_not_blamed_on_an_absence(life: Any) -> None:
    """What is undecidable already is not listed."""
    life.submit(commands.ChangeSeat(body="erm_committee", person="erm.a", seated=False))

    assert ("r", Matter.RISK) not in {(one.subject, one.matter) for one in life.register.without("erm.b")}


def test_without_nobody_knows_whom(life: Any) -> None:
    """An id that is neither a body nor a person is refused."""
    with pytest.raises(UnknownId):
        life.register.without("nobody")


def test_a_person_who_gets_a_seat_votes_at_once(life: Any) -> None:
    """A change of seats needs no case and voids nothing but the seat."""
    case = life.open_case("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    life.submit(commands.ChangePerson(person=Person(id="new.one")))
    life.submit(commands.ChangeSeat(body="ai_safety", person="new.one", seated=True))

    assert life.register.decide(case.id, "approve", body="ai_safety", by="new.one").outcome is Outcome.APPROVE


def test_a_refused_proposal_leaves_no_event(life: Any) -> None:
    """What is refused is not written."""
    before = len(life.register.events().items)
    with pytest.raises(CommandRefused):
        propose(life, kakao_governance())

    assert before == len(life.register.events().items)


# --- graphs ----------------------------------------------------------------------------------------------------------


def test_two_graphs_that_are_alike_do_not_differ() -> None:
    """A graph does not differ from itself."""
    assert kakao_governance().graph.diff(kakao_governance().graph) == ()


def test_the_difference_of_two_graphs_is_counted() -> None:
    """Each way that differs is shown once, with one example and the number of kinds of case."""
    found = kakao_governance().graph.diff(proportional_governance().graph)

    assert all(one.cells > 0 and one.before.cell == one.after.cell for one in found)
    assert len(found) == len({(one.before.bodies, one.after.bodies, one.after.decider, one.cells) for one in found})


def test_a_graph_without_a_body_names_the_ways_that_fail() -> None:
    """Every way through the body is lost."""
    found = kakao_governance().graph.without("top")

    assert {"route_lost"} == {one.code for one in found}
    assert all("top" in one.ids[1:] and "top" in one.message("ko") for one in found)


def test_a_graph_without_a_person_asks_the_roster(life: Any) -> None:
    """A person is missed where the quorum cannot be filled without them."""
    graph = kakao_governance().graph

    assert graph.without("ceo", life.register.roster())
    assert graph.without("bot", life.register.roster()) == ()
    with pytest.raises(UnknownId):
        graph.without("ceo")
