"""The cycle runs at every stage: what each phase waits for, what is set aside, and what starts the next turn."""

import datetime as dt
from typing import Any

import pytest

from kakao_asi import Grade, Matter, Phase, Stage, Strategy, commands
from kakao_asi.exceptions import CommandRefused, GateBlocked, UnknownId
from kakao_asi.lifecycle import RiskStatus


def phases(life: Any, stage: Stage | None = None) -> list[bool]:
    """Return whether each of the three phases is complete."""
    return [phase.complete for phase in life.register.cycle("chat", stage).phases]


def test_one_risk_over_six_stages_leaves_six_complete_records(life: Any) -> None:
    """Each stage left is one record, complete, and UPDATE starts the next round, which asks again."""
    life.answered()
    life.live()
    life.enter(Stage.MONITORING)
    life.enter(Stage.UPDATE)
    assert phases(life) == [True, False, True]

    life.assess()
    life.enter(Stage.TEST)
    records = life.register.system("chat").records

    assert [(one.stage, one.round) for one in records] == [
        (Stage.DESIGN, 1),
        (Stage.DEVELOPMENT, 1),
        (Stage.TEST, 1),
        (Stage.DEPLOYMENT, 1),
        (Stage.MONITORING, 1),
        (Stage.UPDATE, 2),
    ]
    assert all(one.complete and one.risks == ("r",) for one in records)
    assert (Stage.TEST, 2) == (life.register.system("chat").stage, life.register.system("chat").round)


def test_records_hold_the_time_of_their_stage(life: Any) -> None:
    """One record ends where the next begins."""
    life.answered()
    life.forward(days=3)
    life.enter(Stage.DEVELOPMENT)
    life.forward(days=4)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.enter(Stage.TEST)
    first, second = life.register.system("chat").records

    assert (dt.timedelta(days=3), dt.timedelta(days=4)) == (
        first.ended_at - first.started_at,
        second.ended_at - second.started_at,
    )
    assert first.ended_at == second.started_at


def test_identify_waits_for_a_risk(start_life: Any) -> None:
    """A stage at which nobody looked for risks is not complete."""
    life = start_life(risk=False)
    assert phases(life) == [False, True, True]

    life.identify("r")
    assert phases(life) == [True, False, False]


def test_a_risk_counts_only_at_stages_where_it_can_show(life: Any) -> None:
    """A risk of MONITORING says nothing about DESIGN."""
    life.submit(commands.Rescope(risk="r", stages={Stage.MONITORING}))

    assert phases(life) == [False, True, True]
    assert life.register.cycle("chat").risks == ()


def test_each_phase_is_completed_in_turn(life: Any) -> None:
    """Assessing completes ASSESS, planning a response completes RESPOND."""
    life.assess(Grade.HIGH)
    assert phases(life) == [True, True, False]

    life.respond()
    assert phases(life) == [True, True, True]


def test_an_expired_assessment_opens_the_phase_again(life: Any) -> None:
    """What is valid no more is not assessed."""
    life.assess(Grade.HIGH)
    life.respond()
    life.forward(days=90)

    assert phases(life) == [True, False, True]


@pytest.mark.parametrize(
    ("grade", "complete"), [(Grade.MEDIUM, True), (Grade.HIGH, False)], ids=["within", "above-tolerance"]
)
def test_to_retain_is_an_answer_within_tolerance_only(life: Any, grade: Grade, complete: bool) -> None:
    """Living with a HIGH risk needs a decision, not a plan."""
    life.assess(grade)
    life.respond(strategy=Strategy.RETAIN)

    assert phases(life)[2] is complete


def test_a_live_acceptance_is_an_answer(life: Any) -> None:
    """An accepted risk needs no response, until the acceptance ends."""
    life.assess(Grade.HIGH)
    life.accepted(days=30)
    assert phases(life) == [True, True, True]

    life.forward(days=30)
    assert phases(life) == [True, True, False]


def test_a_closed_risk_leaves_nothing_to_do(life: Any) -> None:
    """Closed for good, a risk counts as identified and answered."""
    life.closed()
    life.forward(days=400)

    assert phases(life) == [True, True, True]


def test_a_lapsed_closing_leaves_the_risk_to_be_answered(life: Any) -> None:
    """Closed on an acceptance that has ended, it is to be answered again."""
    life.assess(Grade.MEDIUM)
    life.accepted(days=10)
    life.register.close("r", by="pm.oh")
    assert phases(life) == [True, True, True]

    life.forward(days=10)
    assert phases(life) == [True, True, False]


def test_a_stage_is_left_only_when_its_cycle_is_complete(life: Any) -> None:
    """Entering the next stage waits for the three phases of this one, whatever was decided."""
    life.decided("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    with pytest.raises(GateBlocked) as raised:
        life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")

    codes = [(one.code.id, one.detail, one.missing) for one in raised.value.result.blockers]
    assert codes == [("cycle_open", "assess", ("r",)), ("cycle_open", "respond", ("r",))]


# --- not applicable --------------------------------------------------------------------------------------------------

NOTHING_HERE = "there is no model at this stage yet"


def set_aside(life: Any, days: int = 30, phase: Phase | None = None, **who: Any) -> Any:
    """Set the present stage, or a phase of it, aside."""
    review = (life.clock() + dt.timedelta(hours=9, days=days)).date()
    command = commands.NotApplicable(system="chat", phase=phase, owner="serving", review=review)
    return life.submit(command, **({"because": NOTHING_HERE} | who))


def test_a_stage_set_aside_is_complete(start_life: Any) -> None:
    """All three phases are, and say so."""
    life = start_life(risk=False)
    set_aside(life)
    record = life.register.cycle("chat")

    assert record.complete
    assert all(phase.set_aside for phase in record.phases)


def test_one_phase_is_set_aside_alone(life: Any) -> None:
    """The other phases still wait."""
    set_aside(life, phase=Phase.ASSESS)

    assert phases(life) == [True, True, False]


def test_what_is_set_aside_lapses_after_its_review_day(start_life: Any) -> None:
    """It holds to the end of that day in Korea, and not a moment longer."""
    life = start_life(risk=False)
    set_aside(life, days=365)
    life.clock.set(dt.datetime(2027, 3, 2, 14, 59, 59, tzinfo=dt.UTC))
    assert life.register.cycle("chat").complete

    life.forward(seconds=1)
    assert not life.register.cycle("chat").complete


@pytest.mark.parametrize(
    ("days", "who", "code"),
    [
        (0, {}, "until_too_far"),
        (366, {}, "until_too_far"),
        (30, {"because": "because"}, "reason_too_short"),
        (30, {"because": " " * 30 + "short"}, "reason_too_short"),
        (30, {"because": None}, "reason_too_short"),
        (30, {"by": "bot"}, "agent_cannot_approve"),
    ],
    ids=["today", "too-far", "short", "padded", "no-reason", "agent"],
)
def test_setting_aside_needs_a_reason_a_near_review_and_a_person(
    life: Any, days: int, who: dict[str, Any], code: str
) -> None:
    """Each of the three alone refuses it."""
    with pytest.raises(CommandRefused) as raised:
        set_aside(life, days=days, **who)

    assert [one.code.id for one in raised.value.refusals] == [code]


def test_what_was_set_aside_holds_for_its_stage_and_round_only(start_life: Any) -> None:
    """The next stage asks anew, and so does the same stage of the next round."""
    life = start_life(risk=False)
    set_aside(life, days=300)
    life.enter(Stage.DEVELOPMENT)
    assert phases(life) == [False, True, True]

    life.answered(risk=life.identify("r").id)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    for stage in (Stage.TEST, Stage.DEPLOYMENT, Stage.MONITORING, Stage.UPDATE):
        life.enter(stage)
    life.assess()
    life.enter(Stage.DESIGN)
    life.submit(commands.Rescope(risk="r", stages={Stage.MONITORING}))

    assert phases(life) == [False, True, True]


# --- asking for records ----------------------------------------------------------------------------------------------


def test_the_record_of_an_earlier_stage_can_be_asked_for(life: Any) -> None:
    """By stage the latest, by round a certain one; one that never was is unknown."""
    life.answered()
    life.live()
    life.enter(Stage.MONITORING)
    life.enter(Stage.UPDATE)
    life.assess()
    life.enter(Stage.TEST)
    ask = life.register.cycle

    assert (Stage.TEST, 2) == (ask("chat", Stage.TEST).stage, ask("chat", Stage.TEST).round)
    assert ask("chat", "test", round=1) == life.register.system("chat").records[2]
    assert ask("chat", "업데이트").round == 2
    with pytest.raises(UnknownId):
        ask("chat", Stage.DEPLOYMENT, round=2)


# --- what starts the next turn of a risk -----------------------------------------------------------------------------


def test_update_starts_the_next_cycle_of_every_risk(life: Any) -> None:
    """Open ones and closed ones alike; all are to be assessed again before anything ships."""
    life.identify("gone", label="gone")
    life.answered()
    life.closed("gone")
    life.live()
    life.enter(Stage.MONITORING)
    life.enter(Stage.UPDATE)

    for risk in ("r", "gone"):
        assert (RiskStatus.IDENTIFIED, 2) == (life.state(risk).status, life.state(risk).cycle)


def test_entering_another_stage_starts_no_cycle(life: Any) -> None:
    """Only UPDATE does."""
    life.answered()
    life.live()
    life.enter(Stage.MONITORING)

    assert life.state().cycle == 1


def test_a_changed_pin_starts_the_next_cycle_of_the_risks_it_touches(life: Any) -> None:
    """A pin of one component touches that component's risks and those of the whole system; closed ones reopen."""
    parts = {"whole": None, "reply": "reply", "image": "image", "done": "image"}
    for name, component in parts.items():
        life.identify(name, component=component)
        life.assess(risk=name)
    life.closed("done")
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1", component="image")]))
    assert {1} == {life.state(name).cycle for name in parts}

    life.submit(commands.Pin(system="chat", pins=[life.pin("v2", component="image")]))
    cycles = {name: life.state(name).cycle for name in parts}

    assert cycles == {"whole": 2, "reply": 1, "image": 2, "done": 2}
    assert life.register.history("image")[-1].event.code is commands.ReopenCode.NEW_VERSION
    assert life.register.history("done")[-1].kind == "risk_reopened"


def test_the_same_digest_again_changes_nothing(life: Any) -> None:
    """Pinning what is pinned starts no cycle."""
    life.assess()
    for _ in range(2):
        life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))

    assert (RiskStatus.ASSESSED, 1) == (life.state().status, life.state().cycle)


def test_a_risk_that_has_just_started_its_cycle_is_left_alone(life: Any) -> None:
    """There is nothing to void yet."""
    for version in ("v1", "v2"):
        life.submit(commands.Pin(system="chat", pins=[life.pin(version)]))

    assert life.state().cycle == 1


def test_places_that_are_not_named_keep_their_pins(life: Any) -> None:
    """A pin replaces its own place only."""
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1"), life.pin("p1", component="reply")]))
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))
    pins = life.register.system("chat").candidate

    assert {life.pin("v2"), life.pin("p1", component="reply")} == set(pins)


@pytest.mark.parametrize("code", list(commands.ReopenCode), ids=lambda code: code.id)
def test_reopening_starts_the_next_cycle(life: Any, code: commands.ReopenCode) -> None:
    """Whatever the reason, responses stay and have to be verified again."""
    life.closed()
    state = life.register.reopen("r", code, by="pm.oh")

    assert (RiskStatus.IDENTIFIED, 2) == (state.status, state.cycle)
    assert state.assessments == ()
    assert [one.verification for one in state.responses] == [None]
    assert state.closed_at is None


def test_assessments_are_numbered_over_all_cycles(life: Any) -> None:
    """No id ever comes twice."""
    life.assess()
    life.register.reopen("r", "recurrence", by="pm.oh")

    assert [one.id for one in life.assess().assessments] == ["r.a2"]


# --- live and candidate ----------------------------------------------------------------------------------------------


def test_the_live_digests_stay_while_the_candidate_is_in_test(life: Any) -> None:
    """What serves changes with the next DEPLOYMENT, not with a pin."""
    life.answered()
    life.live("v1")
    life.enter(Stage.MONITORING)
    life.enter(Stage.UPDATE)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v2")]))
    life.answered()
    life.enter(Stage.TEST)
    state = life.register.system("chat")
    assert ((life.pin("v1"),), (life.pin("v2"),)) == (state.live, state.candidate)

    life.enter(Stage.DEPLOYMENT)
    assert life.register.system("chat").live == (life.pin("v2"),)


def test_nothing_is_live_before_the_first_deployment(life: Any) -> None:
    """Candidates do not serve."""
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))

    assert life.register.system("chat").live == ()


def test_a_running_system_is_taken_in_with_what_serves(life: Any) -> None:
    """Adopted, it is at the stage named, its digests live and ordered by place."""
    from kakao_asi import System

    pins = [life.pin("v1"), life.pin("d1", component="reply")]
    adopt = commands.AdoptSystem(
        system=System(id="old", unit="chat", audience="external"), stage=Stage.MONITORING, live=pins
    )
    state = life.submit(adopt)

    assert (Stage.MONITORING, True) == (state.stage, state.adopted)
    assert state.live == state.candidate == tuple(sorted(pins, key=lambda one: one.place))
