"""What keeps a stage or a component shut, and what opens it again."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Audience, Grade, Matter, Outcome, Stage, System, commands
from kakao_asi.catalog import kakao_governance, proportional_governance
from kakao_asi.exceptions import CommandRefused, GateBlocked
from kakao_asi.governance import StageGate
from kakao_asi.systems import PinKind

DEPLOYMENT = Stage.DEPLOYMENT


def component(life: Any, part: str | None = "reply") -> list[str]:
    """Return what keeps a component shut."""
    return life.blockers(life.register.component_gate("chat", part))


# --- stages ----------------------------------------------------------------------------------------------------------


def test_stages_come_in_order(life: Any) -> None:
    """From each stage only those that follow can be entered; the others are refused with these."""
    life.answered()
    blockers = life.register.gate("chat", DEPLOYMENT).blockers
    order = [(one.code.id, one.missing, one.detail) for one in blockers if one.code.id == "stage_order"]

    assert order == [("stage_order", ("development",), "design")]


def test_update_leads_back(life: Any) -> None:
    """After UPDATE come TEST, or DEVELOPMENT, or DESIGN where the purpose changes."""
    life.answered()
    life.live()
    for stage in (Stage.MONITORING, Stage.UPDATE):
        life.enter(stage)
    open_to = [stage for stage in Stage if "stage_order" not in life.blockers(life.register.gate("chat", stage))]

    assert open_to == [Stage.DESIGN, Stage.DEVELOPMENT, Stage.TEST]


def test_a_retired_system_enters_nothing(start_life: Callable[..., Any]) -> None:
    """Its gate is shut, and entering raises what the gate says."""
    life = start_life(risk=False)
    life.submit(commands.Retire(system="chat"))

    with pytest.raises(GateBlocked) as raised:
        life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")
    assert ("stage_order", ()) == (raised.value.result.blockers[0].code.id, raised.value.result.blockers[0].missing)


@pytest.mark.parametrize("stage", [Stage.TEST, DEPLOYMENT], ids=lambda one: one.id)
def test_a_stage_asks_for_its_pins(life: Any, stage: Stage) -> None:
    """TEST and DEPLOYMENT need the model pinned; another kind does not do."""
    life.submit(commands.Pin(system="chat", pins=[life.pin("p1", kind=PinKind.PROMPT)]))
    refusals = [one for one in life.register.gate("chat", stage).blockers if one.code.id == "entry_need_open"]
    assert [("model",)] == [one.missing for one in refusals]

    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    assert "entry_need_open" not in life.blockers(life.register.gate("chat", stage))


def test_a_governance_may_ask_for_no_case(start_life: Callable[..., Any]) -> None:
    """Where a stage has no gate of its own, its cycle is enough, and no case is noted."""
    gates = [one for one in kakao_governance().stage_gates if one.stage is not Stage.DEVELOPMENT]
    life = start_life(governance=attrs.evolve(kakao_governance(), stage_gates=tuple(gates)))
    life.assess()
    life.respond()
    life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")

    assert life.register.history("chat")[-1].event.case is None


def test_a_governance_may_ask_another_question(start_life: Callable[..., Any]) -> None:
    """The matter of a stage's case is the governance's to say."""
    gates = (StageGate(stage=DEPLOYMENT, matter=Matter.STAGE),)
    life = start_life(governance=attrs.evolve(kakao_governance(), stage_gates=gates))
    refusals = [one for one in life.register.gate("chat", DEPLOYMENT).blockers if one.code.id == "case_missing"]

    assert [("stage", ("ai_safety",))] == [(one.detail, one.who) for one in refusals]


def test_entering_notes_the_case_it_was_decided_by(life: Any) -> None:
    """The event names it."""
    life.answered()
    life.enter(Stage.DEVELOPMENT)

    assert life.register.history("chat")[-1].event.case == "chat.stage.1"


def test_a_shut_gate_writes_nothing(life: Any) -> None:
    """Asking and being refused leave no event."""
    before = life.register.events().items
    life.register.gate("chat", Stage.DEVELOPMENT)
    with pytest.raises(GateBlocked):
        life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")

    assert before == life.register.events().items


@pytest.mark.parametrize("audience", list(Audience), ids=lambda one: one.id)
@pytest.mark.parametrize("grade", list(Grade), ids=lambda one: one.id)
def test_grades_at_a_release(start_life: Callable[..., Any], audience: Audience, grade: Grade) -> None:
    """HIGH blocks outside whatever was decided; inside it is above tolerance."""
    life = start_life(audience=audience)
    life.assess(grade)
    code = {Audience.EXTERNAL: "grade_high", Audience.INTERNAL: "residual_above_tolerance"}[audience]

    assert life.release_blockers() == ([code] if grade is Grade.HIGH else [])


def test_a_peak_blocks_where_the_residual_is_low(life: Any) -> None:
    """A release reads the effective grade; only a body lowers it."""
    life.answered(Grade.HIGH)
    assert life.release_blockers() == ["grade_high"]

    life.lowered()
    assert life.release_blockers() == []


def test_what_is_not_assessed_blocks_a_release(life: Any) -> None:
    """Never assessed, or assessed too long ago."""
    assert life.release_blockers() == ["not_assessed"]

    life.assess()
    life.forward(days=365)
    assert life.release_blockers() == ["not_assessed"]


def test_a_stop_blocks_a_release(life: Any) -> None:
    """Of the system, or of a part; only the top lifts it."""
    life.assess()
    life.register.stop("chat", by="safety.kim")
    life.register.stop("chat", "reply", by="bot")
    blockers = [one for one in life.register.gate("chat", DEPLOYMENT).blockers if one.code.id == "stopped"]

    assert [("chat", ("top",)), ("reply", ("top",))] == [(one.subject, one.who) for one in blockers]


def test_an_adopted_external_system_is_ungated_until_a_release_is_decided(life: Any) -> None:
    """That it runs is no release; inside nothing is asked."""
    for name, audience in (("out", "external"), ("in", "internal")):
        system = System(id=name, unit="chat", audience=audience)
        life.submit(commands.AdoptSystem(system=system, stage=Stage.MONITORING, live=[life.pin("v1")]))
    gates = {name: life.blockers(life.register.gate(name, DEPLOYMENT)) for name in ("out", "in")}
    assert ("adopted_ungated" in gates["out"], "adopted_ungated" in gates["in"]) == (True, False)

    life.decided("out", Matter.RELEASE)
    assert "adopted_ungated" not in life.blockers(life.register.gate("out", DEPLOYMENT))


def test_a_gate_speaks_both_languages(life: Any) -> None:
    """Every blocker stands in the text, with what would clear it."""
    result = life.register.gate("chat", DEPLOYMENT)
    texts = [result.to_text(lang="ko"), result.to_text(lang="en"), str(result)]

    assert texts[1] == texts[2]
    assert all(text.count("\n") == len(result.blockers) + len(result.warnings) for text in texts)
    with pytest.raises(GateBlocked) as raised:
        result.check()
    assert str(raised.value) == texts[1]


def test_an_open_gate_speaks_both_languages(life: Any) -> None:
    """An open gate says so and raises nothing; a warning is told apart."""
    life.assess(Grade.MEDIUM)
    life.accepted(days=3)
    result = attrs.evolve(life.register.gate("chat", DEPLOYMENT), blockers=())
    result.check()

    assert (True, True) == ("통과" in result.to_text(lang="ko"), "open" in result.to_text(lang="en"))
    assert (True, True) == ("(참고)" in result.to_text(lang="ko"), "(note)" in result.to_text(lang="en"))


# --- components ------------------------------------------------------------------------------------------------------


def test_a_typed_grade_shuts_no_component(life: Any) -> None:
    """Nobody shuts production by entering a number, not even as an incident."""
    life.assess(Grade.HIGH)

    assert component(life) == component(life, None) == []


def test_a_governance_may_shut_on_a_grade(start_life: Callable[..., Any]) -> None:
    """Where it says so, an open HIGH shuts; lower ones and closed ones do not."""
    life = start_life(governance=attrs.evolve(kakao_governance(), close_on_grade=True))
    life.assess(Grade.MEDIUM)
    assert component(life) == []

    life.answered(Grade.HIGH)
    assert component(life) == ["grade_high"]

    life.lowered()
    assert component(life) == []


@pytest.mark.parametrize(
    ("stopped", "asked", "codes"),
    [
        (None, None, ["stopped"]),
        (None, "reply", ["stopped"]),
        ("reply", None, ["stopped"]),
        ("reply", "reply", ["stopped"]),
        ("reply", "image", []),
    ],
    ids=["all-all", "all-part", "part-all", "part-part", "part-other"],
)
def test_a_stop_shuts_what_it_covers(life: Any, stopped: str | None, asked: str | None, codes: list[str]) -> None:
    """The part, and what holds it or is held by it; no other part."""
    life.register.stop("chat", stopped, by="ceo")

    assert codes == component(life, asked)


@pytest.mark.parametrize(
    ("who", "codes"),
    [("erm.b", []), ("bot", []), ("pm.oh", ["not_authorized"]), ("ml.lee", ["not_authorized"])],
)
def test_anybody_seated_or_a_monitor_stops(life: Any, who: str, codes: list[str]) -> None:
    """Alone and at once; people without a seat, and principals nobody knows, do not."""
    assert codes == life.can(commands.Stop(system="chat"), by=who)


def test_an_owner_stops_where_the_governance_says_so(start_life: Callable[..., Any]) -> None:
    """In the proportional preset whoever holds the owner's role of a risk may, and nobody of another role."""
    life = start_life(governance=proportional_governance())
    stop = commands.Stop(system="chat")

    assert ([], ["not_authorized"]) == (life.can(stop, by="ml.lee"), life.can(stop, by="qa.seo"))
    assert "serving" in life.register.can(stop, by="qa.seo").refusals[0].who


def test_a_decision_on_a_containment_is_for_the_digests_it_was_made_on(life: Any) -> None:
    """Another version voids the approval that would end the containment of a risk nobody has assessed."""
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.register.contain("r", by="pm.oh")
    life.decided("r", Matter.RISK)
    ending = commands.Contain(risk="r", until=life.in_days(1))
    before = life.can(ending)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))

    assert ([], ["state_changed"]) == (before, life.can(ending))


def test_stopping_what_is_stopped_changes_nothing(life: Any) -> None:
    """It is no second stop to lift."""
    life.register.stop("chat", by="ceo")
    before = life.register.events().items
    life.register.stop("chat", by="erm.a")

    assert before == life.register.events().items


def test_only_the_top_lifts_a_stop(life: Any) -> None:
    """A decided case does, once, for the part it is about; other parts stay stopped."""
    for part in (None, "reply"):
        life.register.stop("chat", part, by="erm.a")
    assert life.can(commands.Lift(system="chat", component="reply")) == ["case_missing"]

    case = life.decided("chat", Matter.STOP, component="reply")
    assert [step.body for step in case.steps] == ["top"]
    state = life.register.lift("chat", "reply", by="pm.oh")
    assert [None] == [stop.component for stop in state.stops]
    assert life.can(commands.Lift(system="chat", component="reply")) == ["unknown_subject"]
    assert life.can(commands.Lift(system="chat")) == ["case_missing"]


def test_unknown_parts_are_not_stopped(life: Any) -> None:
    """A system that names its parts has no other ones."""
    life.register.add_system(System(id="s", unit="chat", audience="internal", components={"reply"}), by="pm.oh")

    assert life.can(commands.Stop(system="s", component="repyl"), by="ceo") == ["unknown_subject"]
    assert life.can(commands.Pin(system="s", pins=[life.pin("v", component="repyl")])) == ["unknown_subject"]
    assert life.can(commands.Stop(system="s", component="reply"), by="ceo") == []


def test_containment_waits_for_nothing(life: Any) -> None:
    """Anybody contains a risk in any status, a closed one too, which is open again by that."""
    life.register.contain("r", by="nobody.known")
    assert component(life) == ["containment_open"]

    life.identify("done", label="done")
    life.closed("done")
    state = life.register.contain("done", by="bot")
    assert ("identified", 2) == (state.status.id, state.cycle)
    assert ["risk_reopened", "contained"] == [one.kind for one in life.register.history("done")[-2:]]


def test_containment_ends_at_its_end(life: Any) -> None:
    """Until the last instant before; the gate tells when to ask again."""
    life.register.contain("r", until=life.in_days(1), by="pm.oh")
    assert life.in_days(1) == life.register.component_gate("chat").next_change

    life.forward(days=1, microseconds=-1)
    assert component(life) == ["containment_open"]

    life.forward(microseconds=1)
    assert component(life) == []


def test_ending_a_containment_takes_a_decision(life: Any) -> None:
    """An end, or an earlier one, is decided on; a later one, or none, is not."""
    end = commands.Contain(risk="r", until=life.in_days(1))
    life.register.contain("r", by="pm.oh")
    assert life.can(end) == ["case_missing"]

    case = life.open_case("r", Matter.RISK)
    assert life.can(end) == ["quorum_open"]
    while case.outcome is None:
        case = life.vote(case.id)
    assert life.can(end) == []

    life.submit(end)
    assert life.can(commands.Contain(risk="r", until=life.in_days(2))) == []
    assert life.can(commands.Contain(risk="r")) == []
    assert life.can(commands.Contain(risk="r", until=life.clock())) == ["state_changed"]


def test_a_closed_risk_keeps_its_containment(life: Any) -> None:
    """Nobody ends it early by way of the closed risk."""
    life.register.contain("r", until=life.in_days(30), by="pm.oh")
    life.closed()

    assert life.can(commands.Contain(risk="r", until=life.in_days(1))) == ["case_missing"]
    assert life.can(commands.Contain(risk="r", until=life.in_days(31))) == []


@pytest.mark.parametrize(
    ("own", "asked", "codes"),
    [
        (None, "reply", ["containment_open"]),
        ("reply", "reply", ["containment_open"]),
        ("image", "reply", []),
        ("image", None, ["containment_open"]),
    ],
    ids=["whole", "same", "other", "asked-whole"],
)
def test_a_risk_bears_on_its_component(life: Any, own: str | None, asked: str | None, codes: list[str]) -> None:
    """And a risk of the whole system on every component."""
    life.identify("c", component=own)
    life.register.contain("c", by="pm.oh")

    assert codes == component(life, asked)


def test_a_lapsed_acceptance_shuts_a_component(life: Any) -> None:
    """Above tolerance it ran on the acceptance; at its very end it is shut, and nothing is left to wait for."""
    life.assess(Grade.HIGH)
    life.accepted(days=10)
    assert (True, life.in_days(10)) == (
        life.register.component_gate("chat").passed,
        life.register.component_gate("chat").next_change,
    )

    life.forward(days=10)
    assert component(life) == ["expired"]
    assert life.register.component_gate("chat").next_change is None


def test_a_revoked_acceptance_shuts_a_component(life: Any) -> None:
    """Taken back, it has ended as well, whether it had closed the risk or not."""
    life.assess(Grade.HIGH)
    life.accepted()
    life.register.close("r", by="pm.oh")
    life.submit(commands.Revoke(risk="r"), by="ceo")

    assert component(life) == ["expired"]


def test_an_edit_does_not_open_what_a_lapse_shut(life: Any) -> None:
    """Neither other facts nor a new cycle answers for the risk; a new acceptance does."""
    life.assess(Grade.HIGH)
    life.accepted(days=10)
    life.forward(days=10)
    life.submit(commands.Rescope(risk="r", owner="search"))
    life.register.reopen("r", "expiry", by="pm.oh")
    assert component(life) == ["expired"]

    life.assess(Grade.HIGH)
    life.accepted(days=10)
    assert component(life) == []


def test_lowering_opens_what_a_lapse_shut(life: Any) -> None:
    """Within tolerance no acceptance is needed."""
    life.assess(Grade.HIGH)
    life.accepted(days=10)
    life.forward(days=10)
    life.answered(Grade.HIGH)
    life.lowered()

    assert component(life) == []


def test_a_lapse_within_tolerance_shuts_nothing(life: Any) -> None:
    """A MEDIUM risk may be lived with."""
    life.assess(Grade.MEDIUM)
    life.accepted(days=10)
    life.forward(days=10)

    assert component(life) == []


def test_an_old_acceptance_shuts_nothing_once_the_risk_was_closed_for_good(life: Any) -> None:
    """A number typed years later does not bring it back."""
    life.assess(Grade.HIGH)
    life.accepted(days=10)
    life.answered(Grade.HIGH)
    life.lowered()
    life.register.close("r", by="pm.oh")
    life.forward(days=20)
    life.register.reopen("r", "recurrence", by="pm.oh")
    life.assess(Grade.HIGH)

    assert component(life) == []


@pytest.mark.parametrize("matter", [Matter.RISK, Matter.ACCEPT], ids=lambda one: one.id)
def test_a_rejection_shuts_a_component(life: Any, matter: Matter) -> None:
    """Until the same bodies approve; asking for more work opens nothing."""
    life.assess(Grade.MEDIUM)
    more = {"until": life.in_days(9)} if matter is Matter.ACCEPT else {}
    life.decided("r", matter, Outcome.REJECT, **more)
    assert component(life) == ["rejected"]

    life.decided("r", matter, Outcome.RETURN, **more)
    assert component(life) == ["rejected"]

    life.forward(minutes=1)
    life.decided("r", matter, **more)
    assert component(life) == []


def test_the_latest_decision_shuts_or_opens(life: Any) -> None:
    """Whichever case was opened first, what was decided last counts."""
    life.assess(Grade.MEDIUM)
    first = life.open_case("r", Matter.RISK)
    life.decided("r", Matter.ACCEPT, until=life.in_days(9))
    life.forward(minutes=1)
    life.vote(first.id, Outcome.REJECT)

    assert component(life) == ["rejected"]


def test_of_two_decisions_at_one_instant_the_rejection_counts(life: Any) -> None:
    """Nobody can tell which came last, so it stays shut."""
    life.assess(Grade.MEDIUM)
    life.decided("r", Matter.RISK, Outcome.REJECT)
    life.decided("r", Matter.ACCEPT, until=life.in_days(9))

    assert component(life) == ["rejected"]


def test_a_rejected_closing_shuts_nothing(life: Any) -> None:
    """Not to close a risk is not to stop its component."""
    life.answered()
    life.decided("r", Matter.CLOSE_OR_LOWER, Outcome.REJECT)

    assert component(life) == []


def test_a_stop_as_an_outcome_stops_at_once(life: Any) -> None:
    """The risk's component is stopped; lifting it is another decision, and so is going on."""
    life.identify("c", component="reply")
    life.assess(Grade.MEDIUM, "c")
    life.decided("c", Matter.RISK, Outcome.STOP)
    assert component(life, "reply") == ["stopped", "rejected"]
    assert component(life, "image") == []

    life.decided("chat", Matter.STOP, component="reply")
    life.register.lift("chat", "reply", by="pm.oh")
    assert component(life, "reply") == ["rejected"]


@pytest.mark.parametrize(
    ("matter", "more"), [(Matter.RELEASE, {}), (Matter.STAGE, {"stage": Stage.TEST})], ids=["release", "stage"]
)
def test_a_stop_on_a_system_stops_all_of_it(life: Any, matter: Matter, more: dict[str, Any]) -> None:
    """A second one on what is stopped adds nothing."""
    life.decided("chat", matter, Outcome.STOP, **more)
    life.decided("r", Matter.RISK, Outcome.STOP)

    assert [None] == [stop.component for stop in life.register.system("chat").stops]


def test_a_rejected_release_of_what_serves_shuts_it(life: Any) -> None:
    """One of the next candidate does not: v1 serves on."""
    life.answered()
    life.live("v1")
    assert component(life) == []

    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))
    life.decided("chat", Matter.RELEASE, Outcome.REJECT)
    assert component(life) == []

    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.decided("chat", Matter.RELEASE, Outcome.REJECT)
    assert component(life) == ["rejected"]


def test_a_system_with_open_risks_is_not_retired(life: Any) -> None:
    """Named are those that are open, a lapsed one too."""
    life.identify("gone", label="gone")
    life.assess(Grade.MEDIUM, "gone")
    life.accepted("gone", days=5)
    life.register.close("gone", by="pm.oh")
    life.closed()
    assert life.can(commands.Retire(system="chat")) == []

    life.forward(days=5)
    with pytest.raises(CommandRefused) as raised:
        life.submit(commands.Retire(system="chat"))
    assert [("cycle_open", ("gone",))] == [(one.code.id, one.missing) for one in raised.value.refusals]


@pytest.mark.parametrize("adopt", [False, True], ids=["pin", "adopt"])
def test_a_place_is_pinned_once_at_a_time(life: Any, adopt: bool) -> None:
    """Two digests for one place are no set; the refusal names the system and the place."""
    pins = [life.pin("v1", component="reply"), life.pin("v2", component="reply")]
    system = System(id="other", unit="chat", audience="internal")
    command: Any = commands.Pin(system="chat", pins=pins)
    if adopt:
        command = commands.AdoptSystem(system=system, stage=Stage.MONITORING, live=pins)
    (refusal,) = life.register.can(command, by="pm.oh").refusals

    assert ("unknown_subject", "other" if adopt else "chat", ("model/reply",)) == (
        refusal.code.id,
        refusal.subject,
        refusal.missing,
    )


def test_a_typed_grade_shuts_nothing_where_an_acceptance_of_less_has_ended(life: Any) -> None:
    """What ran within tolerance did not run on its acceptance: when a HIGH is typed in later, it runs on."""
    life.assess(Grade.MEDIUM)
    life.accepted(days=10)
    life.forward(days=11)
    life.assess(Grade.HIGH)

    assert life.register.component_gate("chat").passed
