"""Key risk indicators: from events alone, half-open, and missing where there is nothing to count."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from attrs import evolve

from kakao_asi import Grade, Matter, RiskRegister, System, catalog, commands
from kakao_asi.exceptions import InvalidValue
from kakao_asi.framework import Candidate
from kakao_asi.register import Indicator, Kri, Light
from kakao_asi.responses import Response, Strategy
from kakao_asi.stores import MemoryStore
from kakao_asi.testing import CountingIds, FrozenClock


def one(life: Any, kri: Kri, subject: str | None = None, **options: Any) -> Indicator:
    """One indicator of the register."""
    found = life.register.kris(**options)
    return next(each for each in found if each.kri is kri and subject in {None, each.subject})  # type: ignore[no-any-return]  # any life


def respond(life: Any, risk: str, *, days: int) -> None:
    """Plan a response due in so many days."""
    due = life.in_days(days).date()
    response = Response(strategy=Strategy.CHANGE_LIKELIHOOD, controls=["ai.output_filter"], owner="serving", due=due)
    life.register.respond(risk, response, by="pm.oh")


def test_nothing_counted_is_missing_and_says_why(start_life: Any) -> None:
    """A register with one new system has no indicator but coverage."""
    life = start_life(risk=False)
    found = {each.kri: each for each in life.register.kris()}

    assert {
        Kri.RESIDUAL_TREND: "one_period_only",
        Kri.MTTR: "nothing_treated",
        Kri.OVERDUE_RESPONSES: "nothing_open",
        Kri.COVERAGE: None,
        Kri.REOPEN_RATE: "nothing_closed",
    } == {kri: each.reason for kri, each in found.items()}


def test_a_register_without_systems_has_no_coverage() -> None:
    """Nothing to cover is missing, not 100 %."""
    clock = FrozenClock(dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    register = RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds())

    found = next(each for each in register.kris() if each.kri is Kri.COVERAGE)

    assert (None, "no_system", Light.MISSING) == (found.value, found.reason, found.light)


@pytest.mark.parametrize(("lang", "missing"), [("ko", "자료 없음"), ("en", "missing")])
def test_missing_prints_missing_and_never_zero(start_life: Any, lang: str, missing: str) -> None:
    """The text of a missing indicator says so in the language asked for."""
    text = one(start_life(risk=False), Kri.REOPEN_RATE).text(lang)  # type: ignore[arg-type]  # parametrised

    assert (True, False) == (missing in text, "0.0" in text)


def test_a_value_is_printed_with_its_counts(life: Any) -> None:
    """A value stands with its light and what it is made of."""
    life.assess(Grade.LOW)

    assert "coverage: 100.0 %, green (systems 1, complete 1)" == one(life, Kri.COVERAGE).text("en")


def test_an_indicator_of_a_system_names_it(life: Any) -> None:
    """A trend counts periods and names its system."""
    life.forward(days=31)

    assert one(life, Kri.RESIDUAL_TREND).text("en").startswith("residual trend (chat): 0, green")


# --- residual trend --------------------------------------------------------------------------------------------------


def test_two_rising_periods_are_amber(life: Any) -> None:
    """(HIGH, MEDIUM) of (1, 2), (1, 3), (2, 0) rises twice: amber."""
    life.assess(Grade.HIGH)
    for name in ("m1", "m2"):
        life.identify(name)
        life.assess(Grade.MEDIUM, name)
    life.forward(days=30)
    life.identify("m3")
    life.assess(Grade.MEDIUM, "m3")
    life.forward(days=30)
    life.identify("h2")
    life.assess(Grade.HIGH, "h2")
    for name in ("m1", "m2", "m3"):
        life.submit(commands.WithdrawAssessment(risk=name, assessment=f"{name}.a1"), by="qa.seo", because="x" * 30)
        life.assess(Grade.LOW, name)
    found = one(life, Kri.RESIDUAL_TREND)

    assert (2, Light.AMBER, (("high", 2), ("medium", 0), ("periods", 3))) == (found.value, found.light, found.counts)


def test_an_unassessed_risk_counts_as_high(life: Any) -> None:
    """Unknown is not low: a risk nobody assessed counts as HIGH."""
    life.forward(days=31)

    assert ("high", 1) == one(life, Kri.RESIDUAL_TREND).counts[0]


def test_three_rising_periods_are_red(start_life: Any) -> None:
    """Three rises in a row are red."""
    life = start_life(risk=False)
    for number in range(4):
        life.identify(f"h{number}")
        life.forward(days=30)
    found = one(life, Kri.RESIDUAL_TREND, at=life.clock())

    assert (3, Light.RED) == (found.value, found.light)


# --- time to treat ---------------------------------------------------------------------------------------------------


def treat(life: Any, *, after: dict[str, int], days: int = 30) -> None:
    """Treat the HIGH risk ``r``, due so many days after it was identified, when so much time has passed."""
    life.assess(Grade.HIGH)
    respond(life, "r", days=days)
    life.forward(**after)
    life.verify()
    life.assess(Grade.LOW, residual=True)


@pytest.mark.parametrize(
    ("hours", "light"),
    [
        pytest.param(500, Light.GREEN, id="green"),
        pytest.param(620, Light.AMBER, id="amber"),
        pytest.param(760, Light.RED),
    ],
)
def test_treatment_is_measured_against_its_due_time(life: Any, hours: int, light: Light) -> None:
    """The share of the time until the due day tells how a treatment went."""
    treat(life, after={"hours": hours})
    found = one(life, Kri.MTTR, "high")

    assert (light, hours, 1) == (found.light, dict(found.counts)["p90_h"], dict(found.counts)["treated"])


def test_open_risks_are_counted_with_their_age(life: Any) -> None:
    """A risk that is not treated is not dropped: its age is shown."""
    life.assess(Grade.HIGH)
    life.forward(hours=48)

    assert {"treated": 0, "open": 1, "oldest_open_h": 48} == dict(one(life, Kri.MTTR, "high").counts)


def test_a_reopened_risk_is_open_again(life: Any) -> None:
    """A new cycle takes the treatment back; the first identification stays."""
    treat(life, after={"hours": 100})
    life.register.reopen("r", "recurrence", by="pm.oh")
    life.forward(hours=10)

    assert {"treated": 0, "open": 1, "oldest_open_h": 110} == dict(one(life, Kri.MTTR, "high").counts)


# --- overdue responses -----------------------------------------------------------------------------------------------


def test_two_of_twenty_overdue_are_red(life: Any) -> None:
    """Two of twenty open responses, three and five days late, are 10 % and eight days: red."""
    life.assess(Grade.LOW)
    for days in (2, 4, *[60] * 18):
        respond(life, "r", days=days)
    life.forward(days=7)
    found = one(life, Kri.OVERDUE_RESPONSES)

    assert (100, Light.RED, {"open": 20, "late": 2, "days_late": 8}) == (found.value, found.light, dict(found.counts))


def test_a_verified_response_is_never_overdue(life: Any) -> None:
    """Only responses that are open count."""
    treat(life, after={"days": 40})

    assert "nothing_open" == one(life, Kri.OVERDUE_RESPONSES).reason


# --- coverage --------------------------------------------------------------------------------------------------------


def systems(life: Any, count: int, *, open_ones: int) -> None:
    """Add systems until there are so many, and leave a risk unassessed in some."""
    for number in range(1, count):
        life.register.add_system(System(id=f"s{number}", unit="chat", audience="internal"), by="pm.oh")
    for number in range(open_ones):
        life.identify(f"r{number}", system=f"s{number + 1}")


@pytest.mark.parametrize(
    ("open_ones", "value", "light"),
    [(0, 1000, Light.GREEN), (1, 950, Light.GREEN), (2, 900, Light.AMBER), (3, 850, Light.RED)],
)
def test_coverage_is_amber_below_95_and_red_below_90(start_life: Any, open_ones: int, value: int, light: Light) -> None:
    """Nineteen systems of twenty are neither amber nor red."""
    life = start_life(risk=False)
    systems(life, 20, open_ones=open_ones)
    found = one(life, Kri.COVERAGE)

    assert (value, light) == (found.value, found.light)


def test_unanswered_screening_is_not_covered(start_life: Any) -> None:
    """A system whose candidates wait for an answer is not complete."""
    candidate = Candidate(
        id="design.ai.x",
        stage="design",
        category="model_imperfection",
        label="x",
        ko="가",
        en="x",
        principles={"privacy"},
    )
    life = start_life(risk=False, governance=evolve(catalog.kakao_governance(), screening=(candidate,)))

    assert 0 == one(life, Kri.COVERAGE).value


# --- reopening -------------------------------------------------------------------------------------------------------


def close(life: Any, count: int) -> list[str]:
    """Identify, answer and close so many risks."""
    names = [f"c{number}" for number in range(count)]
    for name in names:
        life.identify(name)
        life.answered(Grade.LOW, name)
        case = life.open_case(name, Matter.CLOSE_OR_LOWER)
        life.vote(case.id)
        life.register.close(name, by="pm.oh")
    return names


def test_reopening_on_purpose_stands_apart(start_life: Any) -> None:
    """Of forty closed three recurred and five were reopened by a new version: 7.5 %, amber."""
    life = start_life(risk=False)
    names = close(life, 40)
    for number, name in enumerate(names[:8]):
        life.register.reopen(name, "recurrence" if number < 3 else "new_version", by="pm.oh")
    found = one(life, Kri.REOPEN_RATE)

    assert (75, Light.AMBER, {"closed": 40, "recurred": 3, "meant": 5}) == (
        found.value,
        found.light,
        dict(found.counts),
    )


def test_only_ninety_days_count(start_life: Any) -> None:
    """What was closed more than ninety days ago counts no longer."""
    life = start_life(risk=False)
    close(life, 1)
    life.forward(days=91)

    assert "nothing_closed" == one(life, Kri.REOPEN_RATE).reason


# --- any point of the log --------------------------------------------------------------------------------------------


def test_an_event_at_the_end_belongs_to_the_next_interval(life: Any) -> None:
    """What was recorded at the instant asked about does not count yet."""
    life.forward(days=1)
    at = life.clock()
    life.identify("later")

    assert {"systems": 1, "complete": 0} == dict(one(life, Kri.COVERAGE, at=at).counts)


def test_a_view_has_the_indicators_of_its_day(life: Any) -> None:
    """The indicators of a past point are those the register had then."""
    life.assess(Grade.LOW)
    then, at = life.register.kris(), life.clock()
    life.forward(days=1)
    life.identify("later")

    assert then == life.register.as_of(at).kris()


def test_an_instant_without_a_zone_is_refused(life: Any) -> None:
    """Indicators are as of an instant with a time zone."""
    with pytest.raises(InvalidValue, match="time zone"):
        life.register.kris(at=life.clock().replace(tzinfo=None))


def test_a_reopened_risk_has_a_second_clock(life: Any) -> None:
    """A reopened risk keeps its first detection, and its second clock runs from the reopening."""
    treat(life, after={"hours": 10})
    life.lowered()
    life.register.close("r", by="pm.oh")
    life.forward(hours=100)
    life.register.reopen("r", "recurrence", by="pm.oh")
    first = one(life, Kri.MTTR, "low")
    treat(life, after={"hours": 7})

    counts = dict(one(life, Kri.MTTR, "high").counts)

    assert "nothing_treated" == first.reason
    assert (1, 117, 7) == (counts["reopened"], counts["p90_h"], counts["second_p90_h"])
