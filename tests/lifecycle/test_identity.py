"""Merging, splitting and superseding risks: old ids lead on for ever, and no grade falls on the way."""

from __future__ import annotations

import datetime as dt

import pytest

import kakao_asi as asi
from kakao_asi import commands
from kakao_asi.assessments import AssessmentKind, Basis
from kakao_asi.governance import Seat
from kakao_asi.responses import Coverage
from kakao_asi.stores import MemoryStore
from kakao_asi.systems import Pin, PinKind
from kakao_asi.testing import CountingIds, FrozenClock

START = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
LASTS = dt.timedelta(days=20)


def _risk(name: str, category: str = "model_imperfection", *, system: str = "demo-chat", **more: str) -> asi.Risk:
    principles = {"privacy", *more.values()}
    return asi.Risk(id=name, title="made up", category=category, system=system, owner="serving", principles=principles)


def _pinned(letter: str) -> commands.Pin:
    return commands.Pin(system="demo-chat", pins=[Pin(kind=PinKind.MODEL, digest="sha256:" + letter * 64)])


@pytest.fixture
def clock() -> FrozenClock:
    """Give a clock that stands still."""
    return FrozenClock(START)


@pytest.fixture
def register(clock: FrozenClock) -> asi.RiskRegister:
    """Give a register with two risks from AI, the first graded HIGH, and one from humans."""
    roster = asi.Roster(people=[asi.Person(id="top.yoon")], seats=[Seat(body="top", person="top.yoon")])
    register = asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds(), roster=roster)
    register.add_system(asi.System(id="demo-chat", unit="chat", audience="external"), by="ml.lee")
    for risk in (_risk("first"), _risk("second"), _risk("slip", "passive_negligence")):
        register.identify(risk, by="ml.lee")
    factors = asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.MAJOR)
    register.assess("first", factors, by="safety.han")
    return register


def _codes(register: asi.RiskRegister, command: commands.Command) -> list[str]:
    return [refusal.code.id for refusal in register.can(command, by="ml.lee").refusals]


def _accept(register: asi.RiskRegister, clock: FrozenClock) -> None:
    case = register.escalate(
        "first", "accept", until=clock() + LASTS, by="ml.lee", because="no better model before spring"
    )
    register.decide(case.id, "approve", body="top", by="top.yoon")


def _close_for_good(register: asi.RiskRegister, name: str, *, close: bool = True) -> None:
    """Take a risk of LOW grade through to a decision to close it, and close it."""
    low = asi.ImperfectionFactors(failures=0, trials=30_000, severity=asi.Severity.MINOR, coverage_pct=100)
    reason: dict[str, str] = {"because": "counted over every reply of a month"}
    proof = asi.Evidence.of_bytes(b"proof", at=START)
    due = START.date()
    response = asi.Response(strategy="change_likelihood", controls=["ai.grounding"], owner="serving", due=due)
    register.assess(name, low, basis=Basis.EXPERT, by="safety.han", **reason)
    register.respond(name, response, by="ml.lee")
    register.verify(name, f"{name}.r1", coverage=Coverage(done=1, of=1), effective=True, evidence=[proof], by="qa.seo")
    kind = AssessmentKind.RESIDUAL
    register.assess(name, low, basis=Basis.EXPERT, kind=kind, responses=[f"{name}.r1"], by="safety.han", **reason)
    register.submit(commands.ChangePerson(person=asi.Person(id="safety.kim")), by="host")
    register.submit(commands.ChangeSeat(body="ai_safety", person="safety.kim", seated=True), by="host")
    case = register.escalate(name, "close_or_lower", by="ml.lee")
    register.decide(case.id, "approve", body="ai_safety", by="safety.kim")
    if close:
        register.close(name, by="ml.lee")


def test_the_survivor_takes_the_highest_grade(register: asi.RiskRegister) -> None:
    """A merge never lowers the effective grade."""
    survivor = register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")

    assert isinstance(survivor, asi.RiskState)
    assert (asi.Grade.HIGH, ("first",)) == (survivor.effective, survivor.took_over)


def test_a_merged_risk_leads_to_its_survivor(register: asi.RiskRegister) -> None:
    """The old id stays readable, is closed, and names where it leads."""
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")

    merged = register.risk("first")

    assert ("closed", ("second",)) == (merged.status.id, merged.succeeded_by)


@pytest.mark.parametrize(
    "command",
    [commands.Reopen(risk="first", code="recurrence"), commands.Contain(risk="first")],
    ids=lambda command: type(command).__name__,
)
def test_a_merged_risk_never_comes_back(register: asi.RiskRegister, command: commands.Command) -> None:
    """What was merged is neither reopened nor contained."""
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")

    assert ["succeeded"] == _codes(register, command)


def test_risks_of_different_actors_are_never_merged(register: asi.RiskRegister) -> None:
    """A mixed cause stays two linked risks."""
    assert ["crosses_actor"] == _codes(register, commands.Merge(into="second", risks={"slip"}))


@pytest.mark.parametrize("others", [{"nothing"}, {"second"}], ids=["unknown", "itself"])
def test_only_other_known_risks_are_merged(register: asi.RiskRegister, others: set[str]) -> None:
    """A merge with a risk that does not exist, or with itself, is refused."""
    assert ["unknown_subject"] == _codes(register, commands.Merge(into="second", risks=others))


def test_what_leads_elsewhere_is_not_merged_again(register: asi.RiskRegister) -> None:
    """A risk with a successor cannot be merged a second time."""
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")
    register.identify(_risk("third"), by="ml.lee")

    assert ["succeeded"] == _codes(register, commands.Merge(into="third", risks={"first"}))


def test_an_open_case_holds_up_a_merge(register: asi.RiskRegister) -> None:
    """While the bodies look at a risk, it is not merged away from under them."""
    register.escalate("first", "risk", by="ml.lee")

    assert ["case_open"] == _codes(register, commands.Merge(into="second", risks={"first"}))


def test_every_part_of_a_split_keeps_the_grade(register: asi.RiskRegister) -> None:
    """Cutting a HIGH risk in two makes two HIGH risks."""
    register.submit(commands.Split(risk="first", parts=[_risk("left"), _risk("right")]), by="ml.lee")

    assert [asi.Grade.HIGH, asi.Grade.HIGH] == [register.risk(name).effective for name in ("left", "right")]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([_risk("left"), _risk("left")], "duplicate_active"),
        ([_risk("left"), _risk("second")], "duplicate_active"),
        ([_risk("left"), _risk("right", "active_misuse")], "crosses_actor"),
        ([_risk("left"), _risk("right", more="unheard_of")], "unknown_subject"),
        ([_risk("left"), _risk("right", system="other")], "unknown_subject"),
    ],
    ids=["twice", "taken", "other actor", "unknown principle", "other system"],
)
def test_parts_are_new_known_and_of_the_same_actor(
    register: asi.RiskRegister, parts: list[asi.Risk], code: str
) -> None:
    """A split into parts that do not fit is refused with the reason."""
    assert [code] == _codes(register, commands.Split(risk="first", parts=parts))


def test_a_superseded_risk_leads_to_its_successor(register: asi.RiskRegister) -> None:
    """The successor takes the grade over."""
    register.submit(commands.Supersede(risk="first", successor="second"), by="ml.lee")

    assert (("second",), asi.Grade.HIGH) == (
        register.risk("first").succeeded_by,
        register.risk("second").effective,
    )


@pytest.mark.parametrize("successor", ["first", "nothing"], ids=["itself", "unknown"])
def test_a_successor_is_another_known_risk(register: asi.RiskRegister, successor: str) -> None:
    """A risk cannot take its own place, nor can one that does not exist."""
    assert ["unknown_subject"] == _codes(register, commands.Supersede(risk="first", successor=successor))


def test_an_acceptance_travels_where_it_covers_the_survivor(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """An acceptance of the same scope and grade goes on, with the same end, to a risk that has a grade of its own."""
    _accept(register, clock)
    factors = asi.ImperfectionFactors(failures=3, trials=10_000, severity=asi.Severity.MINOR)
    register.assess("second", factors, by="safety.han")
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")

    acceptance = register.risk("second").acceptance

    assert acceptance is not None
    assert clock() + LASTS == acceptance.until


def test_an_acceptance_does_not_travel_to_a_wider_risk(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """What was accepted for less is not accepted for more."""
    _accept(register, clock)
    register.identify(_risk("wide", more="transparency"), by="ml.lee")
    register.submit(commands.Merge(into="wide", risks={"first"}), by="ml.lee")

    assert register.risk("wide").acceptance is None


def test_an_acceptance_of_an_earlier_state_does_not_travel(register: asi.RiskRegister, clock: FrozenClock) -> None:
    """An acceptance that no longer holds is not brought back by a merge."""
    _accept(register, clock)
    register.submit(commands.Rescope(risk="first", owner="search"), by="ml.lee")
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")

    assert register.risk("second").acceptance is None


@pytest.mark.parametrize(
    "command",
    [
        commands.Merge(into="second", risks={"first"}),
        commands.Supersede(risk="first", successor="second"),
        commands.Split(risk="first", parts=[_risk("left"), _risk("right")]),
    ],
    ids=lambda command: type(command).__name__,
)
@pytest.mark.parametrize("shut", ["lapsed", "contained"])
def test_nothing_runs_again_because_a_risk_leads_elsewhere(
    register: asi.RiskRegister, clock: FrozenClock, command: commands.Command, shut: str
) -> None:
    """A lapsed acceptance of a HIGH risk, or a containment without an end, is answered first."""
    if shut == "lapsed":
        _accept(register, clock)
        clock.forward(LASTS)
    else:
        register.contain("first", by="ml.lee")

    assert [{"lapsed": "expired", "contained": "containment_open"}[shut]] == _codes(register, command)


def test_a_closed_risk_takes_nobodys_place(register: asi.RiskRegister) -> None:
    """A grade that a closed risk took over would count nowhere."""
    _close_for_good(register, "second")

    assert ["no_transition"] == _codes(register, commands.Supersede(risk="first", successor="second"))


def test_a_merge_voids_what_was_decided_on_the_survivor(register: asi.RiskRegister) -> None:
    """An approval to close a LOW risk closes it no more once it has taken over a HIGH one."""
    _close_for_good(register, "second", close=False)
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")

    assert ["state_changed"] == _codes(register, commands.Close(risk="second"))


def test_a_new_version_does_not_wake_a_merged_risk(register: asi.RiskRegister) -> None:
    """A changed digest opens the next cycle of what is there, not of what was merged away."""
    register.submit(_pinned("a"), by="ml.kim")
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")
    register.submit(_pinned("b"), by="ml.kim")

    assert ("closed", 1) == (register.risk("first").status.id, register.risk("first").cycle)


def test_the_fold_agrees_after_every_change_of_identity(register: asi.RiskRegister) -> None:
    """State and log say the same after a merge and a split."""
    register.submit(commands.Merge(into="second", risks={"first"}), by="ml.lee")
    register.submit(commands.Split(risk="second", parts=[_risk("left"), _risk("right")]), by="ml.lee")

    assert () == register.rebuild()
