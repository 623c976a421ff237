"""Reviews before votes: every side that is needed is heard first, and a *no* is answered in words."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Grade, Matter, Stage, commands
from kakao_asi.catalog import kakao_governance, proportional_governance
from kakao_asi.governance import Governance, Person, PersonKind, Perspective, PerspectiveNeed, Roster, When

WHY = "the reviewers' doubts were looked into one by one"
SIDES = tuple(Perspective)


def with_reviewers(roster: Roster, **more: Any) -> Roster:
    """Return a roster with one reviewer for each side, and one for two."""
    reviewers = [Person(id=f"rev.{side.id}", aliases={f"rev.{side.id}.alt"}, roles={side.role}) for side in SIDES]
    both = Person(id="rev.both", roles={Perspective.TECHNICAL.role, Perspective.PRIVACY.role})
    bot = Person(id="rev.bot", kind=PersonKind.AGENT, roles={Perspective.TECHNICAL.role})
    return attrs.evolve(roster, people=[*roster.people, *reviewers, both, bot], **more)


@pytest.fixture
def reviewed(start_life: Callable[..., Any], life: Any) -> Any:
    """Start a register whose cases need opinions first."""
    return start_life(governance=kakao_governance(reviews=True), roster=with_reviewers(life.register.roster()))


def review(case: str, side: str, *, assessment: bool = True, response: bool = True) -> commands.Review:
    """Return an opinion."""
    return commands.Review(case=case, perspective=side, assessment_adequate=assessment, response_adequate=response)


def vote(life: Any, case: Any, **more: Any) -> Any:
    """Return why the first body could not approve."""
    command = commands.Decide(case=case.id, outcome="approve", body=case.body)
    return life.register.can(command, by="safety.kim", **more).refusals


def test_nobody_decides_while_a_side_is_missing(reviewed: Any) -> None:
    """A vote is refused with the sides that were not heard and who could give them."""
    refusals = vote(reviewed, reviewed.open_case("r", Matter.RISK))

    assert [("perspective_missing", ("technical", "privacy"))] == [(one.code.id, one.missing) for one in refusals]
    assert refusals[0].who == ("review.technical", "review.privacy")


def test_with_every_side_heard_the_body_decides(reviewed: Any) -> None:
    """After the last opinion the vote is taken."""
    case = reviewed.open_case("r", Matter.RISK)
    for side in ("technical", "privacy"):
        reviewed.submit(review(case.id, side), by=f"rev.{side}.alt")

    assert vote(reviewed, case) == ()


def test_a_release_needs_all_five(reviewed: Any) -> None:
    """A release is looked at from every side, whatever its risks name."""
    refusals = vote(reviewed, reviewed.open_case("chat", Matter.RELEASE))

    assert refusals[0].missing == tuple(side.id for side in SIDES)


@pytest.mark.parametrize(
    ("principles", "legal", "sides"),
    [
        ({"privacy"}, False, ("technical", "privacy")),
        ({"user_agency"}, False, ("technical", "user")),
        ({"privacy", "user_protection"}, True, ("technical", "privacy", "legal", "user")),
    ],
    ids=["privacy", "user", "several"],
)
def test_principles_call_for_sides(reviewed: Any, principles: set[str], legal: bool, sides: tuple[str, ...]) -> None:
    """What a risk touches says who has to look at it."""
    reviewed.submit(commands.Rescope(risk="r", principles=principles, legal_obligation=legal))

    assert vote(reviewed, reviewed.open_case("r", Matter.RISK))[0].missing == sides


def test_any_other_principle_calls_for_ethics(reviewed: Any) -> None:
    """Every principle of the governance calls for some side."""
    for principle in kakao_governance().principles:
        if principle.id not in {"privacy", "user_protection", "user_agency"}:
            reviewed.submit(commands.Rescope(risk="r", principles={principle.id}))
            case = reviewed.open_case("r", Matter.RISK)
            assert vote(reviewed, case)[0].missing == ("technical", "ethics")
            reviewed.submit(commands.WithdrawCase(case=case.id))


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ("rev.bot", "agent_cannot_approve"),
        ("rev.legal", "not_authorized"),
        ("nobody.here", "not_authorized"),
    ],
    ids=["an agent", "another side", "a stranger"],
)
def test_who_reviews(reviewed: Any, by: str, code: str) -> None:
    """Only a person who holds the side's role gives its opinion."""
    case = reviewed.open_case("r", Matter.RISK)

    assert [code] == reviewed.can(review(case.id, "technical"), by=by)


@pytest.mark.parametrize("role", ["assessor", "owner"])
def test_whoever_assessed_or_owns_it_gives_no_opinion(reviewed: Any, role: str) -> None:
    """A reviewer is neither assessor nor owner, under any alias."""
    if role == "assessor":
        reviewed.assess(Grade.LOW, by="rev.technical.alt")
    else:
        person = Person(id="rev.technical", roles={"serving", Perspective.TECHNICAL.role})
        reviewed.submit(commands.ChangePerson(person=person))
    case = reviewed.open_case("r", Matter.RISK)

    assert ["conflict_of_interest"] == reviewed.can(review(case.id, "technical"), by="rev.technical")


def test_one_person_gives_one_opinion(reviewed: Any) -> None:
    """Two roles are not two pairs of eyes."""
    case = reviewed.open_case("r", Matter.RISK)
    reviewed.submit(review(case.id, "technical"), by="rev.both")

    assert ["review_given"] == reviewed.can(review(case.id, "privacy"), by="rev.both")


def test_an_approval_over_a_no_says_why(reviewed: Any) -> None:
    """A *no* is no vote, but whoever approves over it gives a reason."""
    case = reviewed.open_case("r", Matter.RISK)
    reviewed.submit(review(case.id, "technical", response=False), by="rev.technical")
    reviewed.submit(review(case.id, "privacy"), by="rev.privacy")

    assert ["reason_too_short"] == [one.code.id for one in vote(reviewed, case)]
    assert vote(reviewed, case, because=WHY) == ()
    reject = commands.Decide(case=case.id, outcome="reject", body="ai_safety")
    assert reviewed.can(reject, by="safety.kim") == []


def test_no_opinion_on_what_has_changed(reviewed: Any) -> None:
    """An opinion is on the state the case is pinned to."""
    case = reviewed.open_case("r", Matter.RISK)
    reviewed.assess(Grade.LOW)

    assert ["state_changed"] == reviewed.can(review(case.id, "technical"), by="rev.technical")


def test_rebasing_voids_opinions(reviewed: Any) -> None:
    """An opinion on the state before is no opinion on the present."""
    case = reviewed.open_case("r", Matter.RISK)
    reviewed.submit(review(case.id, "technical"), by="rev.technical")
    reviewed.assess(Grade.LOW)

    assert reviewed.submit(commands.Rebase(case=case.id)).reviews == ()


def test_by_default_no_opinion_is_asked_for(life: Any) -> None:
    """A governance without rows asks for none."""
    assert vote(life, life.open_case("r", Matter.RISK)) == ()


def test_a_governance_case_asks_by_its_own_rows(start_life: Callable[..., Any], life: Any) -> None:
    """A row on governance cases needs no risk."""
    rows = [PerspectiveNeed(perspectives={"legal"}, when=When(matter={Matter.GOVERNANCE}))]
    rules: Governance = attrs.evolve(kakao_governance(), perspectives=rows)
    start = start_life(governance=rules, roster=with_reviewers(life.register.roster()))
    case = start.submit(commands.ProposeGovernance(governance=kakao_governance()))

    assert vote(start, case)[0].missing == ("legal",)
    start.submit(review(case.id, "legal"), by="rev.legal")
    assert vote(start, case) == ()


def test_a_side_body_that_is_asked_is_waited_for(start_life: Callable[..., Any], life: Any) -> None:
    """A consult edge asks the side body for an opinion; anybody seated there gives it."""
    roster = life.register.roster()
    start = start_life(governance=kakao_governance(side_bodies=True), roster=roster)
    start.submit(commands.ChangePerson(person=Person(id="dpo.yun")))
    start.submit(commands.ChangeSeat(body="privacy", person="dpo.yun", seated=True))
    case = start.open_case("chat", Matter.RELEASE)
    consulted = start.register.governance().graph.route(case.cell).consulted

    assert [step.body for step in consulted] == ["privacy"]
    assert vote(start, case)[0].who == ("privacy",)
    start.submit(review(case.id, "privacy"), by="dpo.yun")
    assert vote(start, case) == ()


def test_a_stage_case_waits_too(reviewed: Any) -> None:
    """A case on a system counts what its open risks name."""
    case = reviewed.open_case("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)

    assert vote(reviewed, case)[0].missing == ("technical", "privacy")


def test_an_opinion_is_no_vote(reviewed: Any) -> None:
    """However many opinions are given, nothing is decided by them."""
    case = reviewed.open_case("r", Matter.RISK)
    for side in ("technical", "privacy"):
        case = reviewed.submit(review(case.id, side), by=f"rev.{side}")

    assert ((), None) == (case.votes, case.outcome)


@pytest.mark.parametrize(
    ("grade", "sides"),
    [
        (Grade.LOW, ("technical",)),
        (Grade.MEDIUM, ("technical", "privacy")),
        (Grade.HIGH, ("technical", "ethics", "privacy", "legal", "user")),
        (None, ("technical", "ethics", "privacy", "legal", "user")),
    ],
)
def test_the_proportional_preset_asks_by_grade(
    start_life: Callable[..., Any], grade: Grade | None, sides: tuple[str, ...]
) -> None:
    """Little for LOW, what the principles call for from MEDIUM on, everything for HIGH and the unknown."""
    life = start_life(governance=proportional_governance(reviews=True))
    if grade is not None:
        life.assess(grade)
    case = life.open_case("r", Matter.RISK)
    vote = commands.Decide(case=case.id, outcome="approve", body=case.body)
    asked = [one.missing for one in life.register.can(vote, by="ceo").refusals if one.code.id == "perspective_missing"]

    assert [sides] == asked


def test_the_proportional_preset_asks_for_no_opinion_by_default(start_life: Callable[..., Any]) -> None:
    """Whoever adopts it decides that."""
    assert () == start_life(governance=proportional_governance()).register.governance().perspectives
