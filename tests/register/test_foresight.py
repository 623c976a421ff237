"""What another governance would change beside the way: tolerance, opinions and duties; from rows as from states."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Audience, Governance, Grade, Matter, System, commands
from kakao_asi.catalog import kakao_governance, proportional_governance
from kakao_asi.governance import Duty, Perspective, PerspectiveNeed, Tolerance, ToleranceRule, When

WHY = "the red team saw the model agree with everything it was told"
NO_WAY = {"reviews": ((), ()), "barred": ((), ()), "limit": None}


def changed(**changes: Any) -> Governance:
    """Return the default governance, changed."""
    return attrs.evolve(kakao_governance(), version=2, **changes)


STRICT = changed(tolerance=Tolerance(rules=(ToleranceRule(within=Grade.LOW, audience=Audience.EXTERNAL),)))
HEARD = changed(perspectives=kakao_governance(reviews=True).perspectives)
TRUSTING = changed(duties=frozenset({Duty.OWNER}))


def only(life: Any, governance: Governance) -> dict[tuple[str, Matter], Any]:
    """Return what would be decided otherwise, by subject and matter."""
    return {(one.subject, one.matter): one for one in life.register.what_if(governance)}


def test_a_tolerance_that_moves_is_shown_once_a_risk(life: Any) -> None:
    """With the limit now and then; the way stays, and no case on a system moves."""
    found = only(life, STRICT)

    assert {("r", Matter.RISK)} == set(found)
    one = found["r", Matter.RISK]
    assert ((Grade.MEDIUM, Grade.LOW), one.before.bodies) == (one.limit, one.after.bodies)


def test_a_tolerance_of_another_audience_moves_nothing(start_life: Callable[..., Any]) -> None:
    """A rule for systems that serve the outside says nothing about one inside."""
    assert {} == only(start_life(audience=Audience.INTERNAL), STRICT)


def test_opinions_that_would_be_needed_are_shown(life: Any) -> None:
    """Those the principles of the risk call for, and all five for a release."""
    life.identify("duty", principles={"user_agency"}, legal_obligation=True)
    found = only(life, HEARD)
    sides = {key: [side.id for side in one.reviews[1]] for key, one in found.items()}

    assert ["technical", "legal", "user"] == sides["duty", Matter.ACCEPT]
    assert ((),) == tuple({one.reviews[0] for one in found.values()})


def test_opinions_on_some_kinds_of_case_are_shown_for_those(life: Any) -> None:
    """A need that holds for acceptances only moves no other matter."""
    need = PerspectiveNeed(perspectives={Perspective.LEGAL}, when=When(matter={Matter.ACCEPT}))

    assert {("r", Matter.ACCEPT)} == set(only(life, changed(perspectives=(need,))))


def test_people_who_would_be_let_in_are_shown(life: Any) -> None:
    """Whoever identified and assessed is kept out now, and only the owners then."""
    life.assess(by="safety.kim")
    one = only(life, TRUSTING)["r", Matter.ACCEPT]

    assert (("ml.lee", "pm.oh", "safety.kim"), ("ml.lee",)) == one.barred


def test_what_both_say_alike_is_left_out(life: Any) -> None:
    """A case that only takes another way says nothing of opinions, people and tolerance."""
    found = only(life, attrs.evolve(proportional_governance(), tolerance=kakao_governance().tolerance))

    assert found
    assert all(getattr(one, name) == alike for one in found.values() for name, alike in NO_WAY.items())


def eventful(life: Any) -> Any:
    """Let a register have every kind of risk that rows and states could be read differently from."""
    life.register.add_system(System(id="other", unit="chat", audience=Audience.INTERNAL), by="pm.oh")
    for name, more in (
        ("unassessed", {}),
        ("objected", {}),
        ("twice", {}),
        ("accepted", {}),
        ("over", {"principles": {"user_agency"}}),
        ("incident", {"system": "other"}),
        ("withdrawn", {"legal_obligation": True}),
    ):
        life.identify(name, **more)
    life.submit(commands.Object(risk="objected", block_requested=True), because=WHY)
    life.assess(Grade.LOW, "twice")
    life.assess(Grade.HIGH, "twice", by="audit.han")
    life.assess(Grade.LOW, "accepted")
    life.accepted("accepted")
    life.register.close("accepted", by="pm.oh")
    life.closed("over")
    life.assess(Grade.HIGH, "incident")
    life.assess(Grade.MEDIUM, "withdrawn")
    life.submit(commands.WithdrawAssessment(risk="withdrawn", assessment="withdrawn.a1"), by="qa.seo")
    life.respond("incident")
    return life


@pytest.mark.parametrize("days", [0, 31, 400], ids=["now", "an acceptance ended", "assessments ended"])
@pytest.mark.parametrize(
    "governance", [proportional_governance(), STRICT, HEARD, TRUSTING], ids=["graph", "tolerance", "opinions", "duties"]
)
def test_rows_and_states_say_the_same(life: Any, governance: Governance, days: int) -> None:
    """A register, which reads bytes, and a view of the past, which folds the log, give one answer."""
    eventful(life)
    life.forward(days=days)
    register = life.register
    view = register.as_of(register.now())

    assert view.what_if(governance) == register.what_if(governance)
    assert view.without("top") == register.without("top")


def test_a_page_of_risks_is_not_all_of_them(life: Any) -> None:
    """Every risk is looked at, in the order of ids."""
    eventful(life)
    subjects = [one.subject for one in life.register.what_if(HEARD) if one.matter is Matter.RISK]

    assert ["incident", "objected", "r", "twice", "unassessed", "withdrawn"] == sorted(subjects)
