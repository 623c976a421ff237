"""Whose hands a risk passed through is not forgotten: not by a merge, a split or a replacement."""

from typing import Any

import pytest

from kakao_asi import Grade, Matter, Risk, RiskCategory, commands
from kakao_asi.governance import Person, PersonKind


def ballot(case: Any) -> commands.Decide:
    """Return a vote where the case stands."""
    return commands.Decide(case=case.id, outcome="approve", body=case.body)


def part(name: str) -> Risk:
    """Return a part of a risk."""
    return Risk(
        id=name,
        title="a part",
        category=RiskCategory.MODEL_IMPERFECTION,
        system="chat",
        principles={"privacy"},
        owner="serving",
    )


@pytest.mark.parametrize("how", ["merge", "split", "supersede"])
def test_who_had_a_hand_in_a_risk_has_one_in_what_it_leads_to(life: Any, how: str) -> None:
    """The identifier of a risk that leads to another one does not approve that one, under an alias either."""
    life.identify("mine", by="erm.a.alt")
    life.assess(Grade.MEDIUM, "mine", by="erm.b")
    command = {
        "merge": commands.Merge(into="r", risks={"mine"}),
        "supersede": commands.Supersede(risk="mine", successor="r"),
        "split": commands.Split(risk="mine", parts=[part("r-1"), part("r-2")]),
    }[how]
    life.submit(command)
    case = life.open_case("r-1" if how == "split" else "r", Matter.RISK)
    case = life.vote(case.id)

    assert [["conflict_of_interest"], ["conflict_of_interest"], []] == [
        life.can(ballot(case), by=name) for name in ("erm.a", "erm.b", "erm.c")
    ]


@pytest.mark.parametrize("hand", ["identify", "rescope", "assess"])
def test_giving_up_an_alias_washes_no_hands(life: Any, hand: str) -> None:
    """Who worked on a risk under an alias does not approve it once the alias is theirs no more."""
    by = "erm.a.alt"
    life.identify("mine", by=by if hand == "identify" else "pm.oh")
    if hand == "rescope":
        life.submit(commands.Rescope(risk="mine", owner="search"), by=by)
    if hand == "assess":
        life.assess(Grade.HIGH, "mine", by=by)
    dropped = commands.ChangePerson(person=Person(id="erm.a", unit="risk"))
    life.submit(dropped)
    case = life.vote(life.open_case("mine", Matter.RISK).id)

    assert ["conflict_of_interest"] == life.can(ballot(case), by="erm.a")


def test_an_agent_becomes_nobody(life: Any) -> None:
    """Calling a program a human does not give it a vote: a person is another entry of the roster."""
    command = commands.ChangePerson(person=Person(id="bot", kind=PersonKind.HUMAN))

    assert ["agent_cannot_approve"] == life.can(command)


@pytest.mark.parametrize("how", ["a legal duty", "a voter's own risk", "not assessed"])
def test_an_acceptance_does_not_travel_where_it_could_not_have_been_given(life: Any, how: str) -> None:
    """Not to a legal duty, not to a risk that one of its voters had a hand in, and not to one without a grade."""
    by = "safety.kim" if how == "a voter's own risk" else "pm.oh"
    life.identify("into", by=by, legal_obligation=how == "a legal duty")
    if how != "not assessed":
        life.assess(Grade.LOW, "into")
    life.assess(Grade.LOW)
    life.accepted()
    state = life.submit(commands.Merge(into="into", risks={"r"}))

    assert state.acceptance is None
