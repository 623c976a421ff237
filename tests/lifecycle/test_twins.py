"""One fingerprint, one active risk; one id, one thing: by whichever way a risk begins or comes back."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Risk, RiskCategory, System, commands
from kakao_asi.catalog import kakao_governance
from kakao_asi.governance import Quorum
from kakao_asi.lifecycle.commands import ReopenCode


def twin(name: str, label: str = "same") -> Risk:
    """Return a risk that is the same one as any other with its label."""
    return Risk(
        id=name,
        title="A made-up risk",
        category=RiskCategory.MODEL_IMPERFECTION,
        system="chat",
        principles={"privacy"},
        owner="serving",
        label=label,
    )


@pytest.fixture
def pair(start_life: Callable[..., Any]) -> Any:
    """A risk ``old`` that is closed for good, and an active one ``new`` that stands for it."""
    life = start_life(risk=False)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.register.identify(twin("old"), by="pm.oh")
    life.closed("old")
    life.register.identify(twin("new"), by="pm.oh")
    return life


def active(life: Any) -> list[str]:
    """Return the ids of the risks that are not closed."""
    return [one.id for one in life.register.risks() if one.status.id != "closed"]


def test_a_risk_that_comes_back_when_its_acceptance_ends_has_no_twin(start_life: Callable[..., Any]) -> None:
    """Closed on an acceptance it is not over, so a second one of its fingerprint is refused."""
    life = start_life(risk=False)
    life.register.identify(twin("old"), by="pm.oh")
    life.assess(risk="old")
    life.accepted("old")
    life.register.close("old", by="pm.oh")

    assert ["duplicate_active"] == life.can(commands.Identify(risk=twin("new")))


def test_a_closed_risk_is_not_reopened_beside_its_twin(pair: Any) -> None:
    """Reopening names the one that stands for it."""
    reopen = commands.Reopen(risk="old", code=ReopenCode.RECURRENCE)

    assert ["duplicate_active"] == pair.can(reopen)
    assert ("new",) == pair.register.can(reopen, by="pm.oh").refusals[0].missing


def test_another_version_brings_no_twin_back(pair: Any) -> None:
    """A changed digest starts the cycle of the active one only."""
    pair.assess(risk="new")
    pair.submit(commands.Pin(system="chat", pins=[pair.pin("v2")]))

    assert (["new"], 2) == (active(pair), pair.state("new").cycle)


def test_of_closed_twins_the_latest_comes_back(pair: Any) -> None:
    """Where both are closed, another version starts the cycle of one of them."""
    pair.forward(hours=1)
    pair.closed("new")
    pair.submit(commands.Pin(system="chat", pins=[pair.pin("v2")]))

    assert ["new"] == active(pair)


def test_containing_a_closed_twin_shuts_its_part_and_reopens_nothing(pair: Any) -> None:
    """Containment waits for nobody, and the one that stands for it is the one to work on."""
    pair.register.contain("old", by="pm.oh")

    assert ["new"] == active(pair)
    assert "containment_open" in pair.blockers(pair.register.component_gate("chat"))


def test_no_part_of_a_split_is_a_twin(pair: Any) -> None:
    """A part with the fingerprint of another active risk is refused, as are two alike."""
    pair.identify("whole")
    taken = commands.Split(risk="whole", parts=[twin("left"), twin("right", "right")])
    alike = commands.Split(risk="whole", parts=[twin("left", "both"), twin("right", "both")])

    assert [["duplicate_active"], ["duplicate_active"]] == [pair.can(taken), pair.can(alike)]


def test_a_risk_and_a_system_never_share_an_id(start_life: Callable[..., Any]) -> None:
    """Whichever comes first keeps the id, also against the parts of a split and a system that is taken in."""
    life = start_life()
    life.register.add_system(System(id="other", unit="chat", audience="external"), by="pm.oh")
    system = System(id="r", unit="chat", audience="external")
    asked = [
        commands.Identify(risk=twin("other")),
        commands.Split(risk="r", parts=[twin("other"), twin("left", "left")]),
        commands.AddSystem(system=system),
        commands.AdoptSystem(system=system, stage="monitoring", live=[life.pin("v1")]),
    ]

    assert [["id_taken"]] * 4 == [life.can(one) for one in asked]


def test_a_risk_is_not_owned_by_a_role_that_its_decision_needs(start_life: Callable[..., Any]) -> None:
    """The owner's role does not decide, so a quorum that asks for it could never decide on the risk."""
    rules = kakao_governance()
    bodies = [
        attrs.evolve(one, quorum=Quorum(votes=3, roles={"chair"})) if one.id == "erm_committee" else one
        for one in rules.graph.bodies
    ]
    life = start_life(governance=attrs.evolve(rules, graph=attrs.evolve(rules.graph, bodies=bodies)))
    owned = attrs.evolve(twin("new"), owner="chair")
    asked = [
        commands.Identify(risk=owned),
        commands.Rescope(risk="r", owner="chair"),
        commands.Split(risk="r", parts=[owned, twin("left", "left")]),
    ]

    assert [["owner_decides"]] * 3 == [life.can(one) for one in asked]
    assert ("erm_committee",) == life.register.can(asked[0], by="pm.oh").refusals[0].missing
    assert [] == life.can(commands.Rescope(risk="r", owner="quality"))


def test_an_id_of_a_case_is_no_id_of_a_risk(life: Any) -> None:
    """Nor does a risk take the id of a case that was opened before."""
    case = life.open_case("chat", "release")

    assert ["id_taken"] == life.can(commands.Identify(risk=twin(case.id)))
