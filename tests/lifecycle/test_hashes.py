"""State hashes: every material edit makes an approval stale, and no other words ever do."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Audience, Grade, Matter, Stage, System, commands
from kakao_asi.exceptions import CommandRefused
from kakao_asi.lifecycle import LinkKind, risk_hash, system_hash
from kakao_asi.systems import HighImpact, StatedFact, SystemFact

MATERIAL: dict[str, Callable[[Any], Any]] = {
    "stages": lambda life: life.submit(commands.Rescope(risk="r", stages={Stage.DESIGN})),
    "principles": lambda life: life.submit(commands.Rescope(risk="r", principles={"transparency"})),
    "owner": lambda life: life.submit(commands.Rescope(risk="r", owner="search")),
    "legal": lambda life: life.submit(commands.Rescope(risk="r", legal_obligation=True)),
    "link": lambda life: life.submit(commands.Relate(risk="r", kind=LinkKind.MASKS, to="s")),
    "inherent": lambda life: life.assess(Grade.LOW),
    "residual": lambda life: life.assess(Grade.LOW, residual=True),
    "second line": lambda life: life.assess(Grade.LOW, by="audit.han"),
    "withdrawn": lambda life: life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo"),
    "response": lambda life: life.respond("r", "ai.grounding"),
    "in part": lambda life: life.verify(done=1, of=2),
    "without effect": lambda life: life.verify(effective=False),
    "contained": lambda life: life.register.contain("r", by="pm.oh"),
    "new cycle": lambda life: life.register.reopen("r", "recurrence", by="pm.oh"),
    "new version": lambda life: life.submit(commands.Pin(system="chat", pins=[life.pin("v2")])),
    "taken over": lambda life: life.submit(commands.Merge(into="r", risks={"s"})),
}

OF_THE_SYSTEM: dict[str, Callable[[Any], Any]] = {
    "stage": lambda life: life.enter(Stage.DEVELOPMENT),
    "stopped": lambda life: life.register.stop("chat", by="ceo"),
    "part stopped": lambda life: life.register.stop("chat", "reply", by="ceo"),
    "new pin": lambda life: life.submit(commands.Pin(system="chat", pins=[life.pin("p1", component="reply")])),
    "new risk": lambda life: life.identify("t"),
    "facts": lambda life: life.submit(
        commands.StateFacts(
            system="chat",
            facts=[StatedFact(fact=SystemFact.MINORS, value=True)],
            high_impact=HighImpact(applies=True, basis="used in hiring", decided_on=life.clock().date()),
            training_flop_exponent=24,
        )
    ),
    "set aside": lambda life: life.submit(
        commands.NotApplicable(system="chat", owner="serving", review=life.in_days(9).date()),
        because="nothing of the kind can happen here",
    ),
}


@pytest.fixture
def ready(life: Any) -> Any:
    """A risk that is answered, beside another one, with a pinned model."""
    life.identify("s")
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.answered(Grade.MEDIUM)
    life.forward(hours=1)
    return life


@pytest.mark.parametrize("edit", list(MATERIAL.values()), ids=list(MATERIAL))
def test_every_material_edit_moves_the_hash(ready: Any, edit: Callable[[Any], Any]) -> None:
    """Of the risk and of its system, and votes on what was asked before are refused."""
    case = ready.open_case("r", Matter.CLOSE_OR_LOWER)
    before = ready.register.state_hash("r"), ready.register.state_hash("chat")
    ready.submit(commands.WithdrawCase(case=case.id))
    edit(ready)
    after = ready.register.state_hash("r"), ready.register.state_hash("chat")

    assert not set(before) & set(after)


@pytest.mark.parametrize("name", [name for name in MATERIAL if name != "taken over"])
def test_a_vote_on_another_state_is_refused(ready: Any, name: str) -> None:
    """The voters saw something else than what there is now."""
    case = ready.open_case("r", Matter.RISK)
    MATERIAL[name](ready)
    vote = commands.Decide(case=case.id, outcome="approve", body="ai_safety")

    assert ready.can(vote, by="safety.kim") == ["state_changed"]


@pytest.mark.parametrize("edit", list(OF_THE_SYSTEM.values()), ids=list(OF_THE_SYSTEM))
def test_what_is_material_of_a_system_moves_its_hash(ready: Any, edit: Callable[[Any], Any]) -> None:
    """Its risks keep theirs."""
    risk, system = ready.register.state_hash("r"), ready.register.state_hash("chat")
    if edit is OF_THE_SYSTEM["stage"]:
        ready.answered(risk="s")
        system = ready.register.state_hash("chat")
    edit(ready)

    assert risk == ready.register.state_hash("r")
    assert system != ready.register.state_hash("chat")


def test_a_second_stop_is_another_state(life: Any) -> None:
    """What was decided on the first stop lifts no later one."""
    life.register.stop("chat", by="ceo")
    life.decided("chat", Matter.STOP)
    life.register.lift("chat", by="pm.oh")
    life.forward(seconds=1)
    life.register.stop("chat", by="safety.kim")

    assert life.can(commands.Lift(system="chat")) == ["state_changed"]


def test_a_second_containment_is_another_state(life: Any) -> None:
    """What was decided on the first containment ends no later one."""
    life.register.contain("r", by="pm.oh")
    life.decided("r", Matter.RISK)
    life.register.contain("r", until=life.in_days(1), by="pm.oh")
    life.forward(days=2)
    life.register.contain("r", by="pm.oh")

    assert life.can(commands.Contain(risk="r", until=life.in_days(1))) == ["state_changed"]


@pytest.mark.parametrize(
    "act",
    [
        lambda life: life.submit(commands.Reword(risk="r", title="Said better")),
        lambda life: life.submit(commands.Reword(risk="r", description="Said\nat length")),
        lambda life: life.open_case("r", Matter.RISK),
        lambda life: life.open_case("chat", Matter.RELEASE),
        lambda life: life.forward(days=500),
        lambda life: life.submit(commands.Pin(system="chat", pins=[life.pin("v1")])),
        lambda life: life.register.verify(
            "r", "r.r1", coverage=life.state().responses[0].verification.coverage, effective=True,
            evidence=[life.proof("again")], by="audit.han",
        ),
    ],
    ids=["title", "description", "case", "release case", "time", "same pin", "same proof"],
)  # fmt: skip
def test_what_is_not_material_keeps_the_hash(ready: Any, act: Callable[[Any], Any]) -> None:
    """Neither words nor time nor a question changes what an approval stands on."""
    before = ready.register.state_hash("r"), ready.register.state_hash("chat")
    act(ready)

    assert before == (ready.register.state_hash("r"), ready.register.state_hash("chat"))


def test_decisions_keep_the_hash_they_were_made_on(ready: Any) -> None:
    """Accepting, lowering and closing move grade and status, and void nothing."""
    before = ready.register.state_hash("r")
    ready.accepted()
    ready.lowered()
    ready.register.close("r", by="pm.oh")

    assert before == ready.register.state_hash("r")


def test_many_edits_in_any_order(life: Any) -> None:
    """Over hundreds of edits of all kinds the hash moves with each material one and with no wording."""
    chance = random.Random(20260302)  # noqa: S311  # the same histories in every run
    wrong = []
    life.assess()
    life.respond()
    for number in range(400):
        before = life.register.state_hash("r")
        life.forward(minutes=1)
        kind = chance.choice(["title", "description", "owner", "legal", "principles", "assess", "respond", "verify"])
        if kind in {"title", "description"}:
            life.submit(commands.Reword(**{"risk": "r", kind: f"{chance.getrandbits(64):x}"}))
        elif kind == "owner":
            life.submit(commands.Rescope(risk="r", owner=f"role{number}"))
        elif kind == "legal":
            other = not life.state().risk.legal_obligation
            life.submit(commands.Rescope(risk="r", legal_obligation=other), by="audit.han")
        elif kind == "principles":
            other = {"privacy", "transparency", "inclusiveness"} ^ life.state().risk.principles
            life.submit(commands.Rescope(risk="r", principles=other))
        elif kind == "assess":
            if len(life.state().assessments) > 8:
                life.register.reopen("r", "recurrence", by="pm.oh")
            life.assess(chance.choice(list(Grade)))
        elif kind == "respond" and len(life.state().responses) < 6:
            life.respond()
        else:
            kind = "title"
            life.submit(commands.Reword(risk="r", title=f"{number}"))
        moved = before != life.register.state_hash("r")
        if moved is (kind in {"title", "description"}):
            wrong.append((number, kind))

    assert wrong == []


def test_hashes_do_not_depend_on_the_order_risks_come_in(ready: Any) -> None:
    """A system's hash is over its risks by id."""
    system = ready.register.system("chat")
    risks = [ready.state("r"), ready.state("s")]

    assert system_hash(system, risks) == system_hash(system, reversed(risks))


def test_a_risk_closed_for_good_is_no_part_of_its_system(life: Any) -> None:
    """One closed on an acceptance still is."""
    life.closed()
    empty = system_hash(life.register.system("chat"), ())
    assert empty == life.register.state_hash("chat")

    life.identify("s")
    life.assess(risk="s")
    life.accepted("s")
    life.register.close("s", by="pm.oh")
    assert empty != life.register.state_hash("chat")


def test_two_registers_hash_alike(start_life: Any) -> None:
    """The hash is a function of what happened, not of who holds it."""
    hashes = set()
    for _ in range(2):
        life = start_life()
        life.answered(Grade.MEDIUM)
        hashes.add((life.register.state_hash("r"), life.register.state_hash("chat")))

    assert len(hashes) == 1


def test_audiences_differ_in_hash(start_life: Any) -> None:
    """Whom a system serves is material."""
    hashes = {start_life(audience=audience).register.state_hash("chat") for audience in Audience}

    assert len(hashes) == len(Audience)


def test_the_hash_of_a_state_is_public(life: Any) -> None:
    """What the register answers is what anybody can work out from the state."""
    assert risk_hash(life.state()) == life.register.state_hash("r")


def test_titles_of_systems_are_words(start_life: Any) -> None:
    """A system's title is no part of its hash."""
    hashes = set()
    for title in ("one", "another"):
        life = start_life()
        life.register.add_system(System(id="t", unit="chat", audience="internal", title=title), by="pm.oh")
        hashes.add(life.register.state_hash("t"))

    assert len(hashes) == 1


def test_a_changed_release_is_entered_by_nobody(life: Any) -> None:
    """An approval of one candidate is none of the next."""
    life.answered()
    life.enter(Stage.DEVELOPMENT)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.enter(Stage.TEST)
    life.decided("chat", Matter.RELEASE)
    assert life.register.gate("chat", Stage.DEPLOYMENT).passed

    life.submit(commands.Pin(system="chat", pins=[life.pin("p1", component="reply")]))
    assert life.blockers(life.register.gate("chat", Stage.DEPLOYMENT)) == ["pins_changed"]


def test_a_refused_command_moves_no_hash(life: Any) -> None:
    """Nothing happened."""
    before = life.register.state_hash("chat")
    with pytest.raises(CommandRefused):
        life.register.close("r", by="pm.oh")

    assert before == life.register.state_hash("chat")
