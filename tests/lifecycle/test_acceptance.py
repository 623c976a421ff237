"""Living with a risk: decided by the right body, for a while, on the state it was decided on."""

import datetime as dt
from typing import Any

import pytest

from kakao_asi import Audience, Grade, ImperfectionFactors, Matter, Severity, Stage, commands
from kakao_asi.assessments import Basis
from kakao_asi.exceptions import CommandRefused
from kakao_asi.lifecycle import RiskStatus, acceptance_is_live, is_open


def ask(life: Any, *, days: float | None = 30, risk: str = "r") -> commands.Escalate:
    """Return the command that asks to accept a risk."""
    until = None if days is None else life.clock() + dt.timedelta(days=days)
    return commands.Escalate(subject=risk, matter=Matter.ACCEPT, until=until)


@pytest.mark.parametrize(
    ("grade", "body"), [(Grade.LOW, "ai_safety"), (Grade.MEDIUM, "erm_committee"), (Grade.HIGH, "top")]
)
def test_the_peak_chooses_who_accepts(life: Any, grade: Grade, body: str) -> None:
    """A LOW residual of a HIGH risk is still the top body's."""
    life.answered(grade)

    assert [body] == [step.body for step in life.open_case("r", Matter.ACCEPT, until=life.in_days(9)).steps]


def test_accepting_keeps_the_grade(life: Any) -> None:
    """An acceptance is live, and changes no grade and no status."""
    life.assess(Grade.HIGH)
    state = life.accepted()

    assert acceptance_is_live(state, life.clock())
    assert (Grade.HIGH, RiskStatus.ASSESSED) == (state.effective, state.status)


@pytest.mark.parametrize(
    ("because", "days", "codes"),
    [
        ("too short", 30, ["reason_too_short"]),
        (None, 30, ["reason_too_short"]),
        ("a reason of more than twenty characters", None, ["until_missing"]),
        ("a reason of more than twenty characters", 0, ["until_too_far"]),
        ("a reason of more than twenty characters", -1, ["until_too_far"]),
        (None, None, ["reason_too_short", "until_missing"]),
    ],
    ids=["short", "none", "no-end", "now", "past", "neither"],
)
def test_an_acceptance_needs_a_reason_and_an_end(
    life: Any, because: str | None, days: float | None, codes: list[str]
) -> None:
    """Both are asked for, and both come back."""
    life.assess()

    assert codes == life.can(ask(life, days=days), because=because)


@pytest.mark.parametrize(
    ("grade", "days"), [(Grade.LOW, 365), (Grade.MEDIUM, 180), (Grade.HIGH, 90)], ids=["low", "medium", "high"]
)
def test_the_grade_sets_the_longest_term(life: Any, grade: Grade, days: int) -> None:
    """The term is inclusive to the microsecond; the refusal says until when."""
    life.assess(grade)
    beyond = days + 1e-6 / 86_400

    assert life.can(ask(life, days=days), because="a reason of more than twenty characters") == []
    refusals = life.register.can(ask(life, days=beyond), by="pm.oh", because="a reason of more than twenty").refusals
    assert [(one.code.id, one.until) for one in refusals] == [("until_too_far", life.in_days(days))]


def test_an_incident_is_accepted_for_thirty_days_at_most(life: Any) -> None:
    """The fast clocks of an incident hold for living with it too."""
    grave = ImperfectionFactors(failures=12, trials=400, severity=Severity.SEVERE, coverage_pct=100)
    life.register.assess("r", grave, basis=Basis.EXPERT, because="seen in the incident of May", by="qa.seo")
    why = "a reason of more than twenty characters"

    assert life.state().incident
    assert life.can(ask(life, days=30), because=why) == []
    assert life.can(ask(life, days=31), because=why) == ["until_too_far"]


def test_a_legal_duty_is_never_accepted(life: Any) -> None:
    """Not with any reason or term."""
    life.submit(commands.Rescope(risk="r", legal_obligation=True))
    life.assess()

    assert life.can(ask(life), because="a reason of more than twenty characters") == ["legal_obligation"]


def test_what_is_not_assessed_is_not_accepted(life: Any) -> None:
    """Unknown is not low."""
    assert life.can(ask(life), because="a reason of more than twenty characters") == ["not_assessed"]


def test_an_acceptance_ends_by_itself(life: Any) -> None:
    """At its end, and without any event, a risk that it closed counts as open."""
    life.assess(Grade.MEDIUM)
    life.accepted(days=10)
    life.register.close("r", by="pm.oh")
    before = life.register.events().items
    life.forward(days=10, microseconds=-1)
    assert not is_open(life.state(), life.clock())
    assert list(life.register.risks(open=True)) == []
    assert list(life.register.risks(open=False)) == [life.state()]

    life.forward(microseconds=1)
    assert is_open(life.state(), life.clock())
    assert list(life.register.risks(open=True)) == [life.state()]
    assert list(life.register.risks(open=False)) == []
    assert before == life.register.events().items


@pytest.mark.parametrize(
    "edit",
    [
        lambda life: life.submit(commands.Rescope(risk="r", owner="search")),
        lambda life: life.assess(Grade.HIGH),
        lambda life: life.respond(),
        lambda life: life.register.contain("r", by="pm.oh"),
        lambda life: life.register.reopen("r", "recurrence", by="pm.oh"),
    ],
    ids=["rescope", "assess", "respond", "contain", "reopen"],
)
def test_a_material_change_ends_what_the_acceptance_covers(life: Any, edit: Any) -> None:
    """It was decided on another state."""
    life.assess(Grade.HIGH)
    life.accepted()
    edit(life)

    assert not acceptance_is_live(life.state(), life.clock())


def test_other_words_end_no_acceptance(life: Any) -> None:
    """Wording is not material."""
    life.assess(Grade.HIGH)
    life.accepted()
    life.submit(commands.Reword(risk="r", title="What it is about, said better"))

    assert acceptance_is_live(life.state(), life.clock())


def test_an_acceptance_closes(life: Any) -> None:
    """Its case is the decision; no response is needed."""
    life.assess(Grade.HIGH)
    life.accepted()
    state = life.register.close("r", by="pm.oh")

    assert (True, False) == (state.closed_on_acceptance, state.closed_for_good)
    assert life.register.history("r")[-1].event.case == "r.accept.1"


def test_an_ended_acceptance_closes_nothing(life: Any) -> None:
    """At its end all that it stood for is asked for again."""
    life.assess(Grade.HIGH)
    life.accepted(days=10)
    life.forward(days=10)

    assert life.can(commands.Close(risk="r")) == ["response_missing", "residual_above_tolerance", "case_missing"]


@pytest.mark.parametrize("close", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("audience", list(Audience), ids=lambda one: one.id)
def test_an_accepted_high_risk_keeps_an_external_system_from_release(
    start_life: Any, audience: Audience, close: bool
) -> None:
    """Accepted or closed by it, HIGH is HIGH outside; inside the acceptance counts."""
    life = start_life(audience=audience)
    life.assess(Grade.HIGH)
    life.accepted(days=90)
    if close:
        life.register.close("r", by="pm.oh")

    assert life.release_blockers() == (["grade_high"] if audience is Audience.EXTERNAL else [])


def test_a_risk_closed_for_good_keeps_nothing_from_release(life: Any) -> None:
    """Lowered and closed, it counts no more."""
    life.answered(Grade.HIGH)
    life.lowered()
    life.register.close("r", by="pm.oh")

    assert life.release_blockers() == []


@pytest.mark.parametrize(
    ("grade", "audience", "expected"),
    [
        (Grade.MEDIUM, Audience.EXTERNAL, ["expired"]),
        (Grade.HIGH, Audience.INTERNAL, ["residual_above_tolerance", "expired"]),
        (Grade.HIGH, Audience.EXTERNAL, ["grade_high", "expired"]),
    ],
    ids=["medium", "high-inside", "high-outside"],
)
def test_an_ended_acceptance_blocks_a_release(
    start_life: Any, grade: Grade, audience: Audience, expected: list[str]
) -> None:
    """Nobody looked since: what was lived with for a while is open."""
    life = start_life(audience=audience)
    life.assess(grade)
    life.accepted(days=10)
    life.forward(days=10)

    assert expected == life.release_blockers()


def test_an_ended_acceptance_of_an_earlier_state_blocks_no_release(life: Any) -> None:
    """A risk that was assessed again since is judged as it is now."""
    life.assess(Grade.MEDIUM)
    life.accepted(days=10)
    life.forward(days=10)
    life.answered()

    assert life.release_blockers() == []


@pytest.mark.parametrize(("days", "warned"), [(15, []), (14, ["acceptance_ending"])], ids=["15d", "14d"])
def test_a_release_warns_of_an_acceptance_that_is_about_to_end(life: Any, days: int, warned: list[str]) -> None:
    """Two weeks ahead, inclusive."""
    life.assess(Grade.MEDIUM)
    life.accepted(days=days)

    assert warned == [one.code.id for one in life.register.gate("chat", Stage.DEPLOYMENT).warnings]


# --- taking it back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("safety.kim", ["not_authorized"]),
        ("pm.oh", ["not_authorized"]),
        ("ml.lee", ["not_authorized"]),
        ("erm.a", []),
        ("erm.a.alt", []),
        ("ceo", []),
    ],
)
def test_the_deciding_body_and_those_above_take_it_back(life: Any, who: str, codes: list[str]) -> None:
    """Nobody below, and nobody without a seat."""
    life.assess(Grade.MEDIUM)
    life.accepted()

    assert codes == life.can(commands.Revoke(risk="r"), by=who)


def test_a_revoked_acceptance_has_ended(life: Any) -> None:
    """It ends at that instant, and cannot be taken back twice."""
    life.assess(Grade.HIGH)
    life.accepted()
    state = life.submit(commands.Revoke(risk="r"), by="ceo")

    assert (life.clock(), False) == (state.acceptance.until, acceptance_is_live(state, life.clock()))
    assert life.can(commands.Revoke(risk="r"), by="ceo") == ["unknown_subject"]


def test_revoking_reopens_what_the_acceptance_closed(life: Any) -> None:
    """The next cycle starts, with the reason."""
    life.assess(Grade.HIGH)
    life.accepted()
    life.register.close("r", by="pm.oh")
    state = life.submit(commands.Revoke(risk="r"), by="ceo")

    assert (RiskStatus.IDENTIFIED, 2, False) == (state.status, state.cycle, state.closed_on_acceptance)
    assert life.register.history("r")[-1].event.code is commands.ReopenCode.REVOKED


def test_revoking_leaves_what_was_closed_for_good(life: Any) -> None:
    """Closed on a verified residual, a risk has no acceptance any more."""
    life.assess(Grade.LOW)
    life.accepted(days=100)
    life.answered()
    life.lowered()
    state = life.register.close("r", by="pm.oh")

    assert state.closed_on_acceptance is False
    assert state.acceptance is None
    assert life.can(commands.Revoke(risk="r"), by="ceo") == ["unknown_subject"]


def test_a_risk_never_accepted_has_nothing_to_take_back(life: Any) -> None:
    """There is no acceptance to name."""
    assert life.can(commands.Revoke(risk="r"), by="ceo") == ["unknown_subject"]


def test_a_later_acceptance_replaces_the_earlier(life: Any) -> None:
    """Accepted anew, the risk is accepted to the later end."""
    life.assess(Grade.HIGH)
    life.accepted(days=10)
    life.forward(days=10)
    state = life.accepted(days=20)

    assert life.in_days(20) == state.acceptance.until
    assert acceptance_is_live(state, life.clock())


def test_nothing_is_accepted_after_the_end_that_was_asked_for(life: Any) -> None:
    """A vote that comes too late is refused with the end."""
    life.assess(Grade.HIGH)
    case = life.open_case("r", Matter.ACCEPT, until=life.in_days(2))
    life.forward(days=2)
    with pytest.raises(CommandRefused) as raised:
        life.vote(case.id)

    assert [(one.code.id, one.until) for one in raised.value.refusals] == [("expired", case.until)]


def test_whoever_asks_for_an_acceptance_does_not_approve_it(life: Any) -> None:
    """A member of the deciding body who brings the case has no vote on it, under no alias."""
    life.assess(Grade.MEDIUM)
    case = life.open_case("r", Matter.ACCEPT, by="erm.a", until=life.in_days(10))
    votes = commands.Decide(case=case.id, outcome="approve", body="erm_committee")

    assert [["conflict_of_interest"]] * 2 == [life.can(votes, by=name) for name in ("erm.a", "erm.a.alt")]
    assert life.register.can(votes, by="erm.b")
