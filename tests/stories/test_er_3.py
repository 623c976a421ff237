"""ER-3: a quorum is three people without a hand in it, and an opinion that is missing keeps it from deciding."""

from collections.abc import Callable
from typing import Any

from kakao_asi import Grade, Matter, Outcome, commands
from kakao_asi.catalog import kakao_governance
from kakao_asi.governance import Person


def ballot(case: Any) -> commands.Decide:
    """Return a vote where the case stands."""
    return commands.Decide(case=case.id, outcome=Outcome.APPROVE, body=case.body)


def test_two_of_three_valid_votes_are_undecided(life: Any) -> None:
    """The member who holds the owner's role is refused; with the two others the case waits, and says for whom."""
    life.submit(commands.ChangePerson(person=Person(id="erm.a", roles={"serving"}, aliases={"erm.a.alt"})))
    life.answered(Grade.MEDIUM)
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    for name in ("erm.a", "erm.a.alt"):
        assert life.can(ballot(case), by=name) == ["conflict_of_interest"]
    life.give_reviews(case.id)
    for name in ("erm.b", "erm.c"):
        case = life.register.decide(case.id, "approve", body="erm_committee", by=name)
    assert (None, 2) == (case.outcome, len(case.votes))

    life.submit(commands.ChangePerson(person=Person(id="erm.d")))
    life.submit(commands.ChangeSeat(body="erm_committee", person="erm.d", seated=True))
    assert life.register.decide(case.id, "approve", body="erm_committee", by="erm.d").approved


def test_a_missing_opinion_keeps_it_undecided(start_life: Callable[..., Any]) -> None:
    """Where opinions are asked for, no vote counts before the privacy opinion is in."""
    life = start_life(governance=kakao_governance(reviews=True))
    life.answered(Grade.MEDIUM)
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    opinion = {"case": case.id, "assessment_adequate": True, "response_adequate": True}
    life.submit(commands.Review(perspective="technical", **opinion), by="review.technical")
    for name in ("erm.a", "erm.b", "erm.c"):
        refusals = life.register.can(ballot(case), by=name).refusals
        assert [("perspective_missing", ("privacy",))] == [(one.code.id, one.missing) for one in refusals]

    life.submit(commands.Review(perspective="privacy", **opinion), by="review.privacy")
    assert life.vote(case.id).approved
