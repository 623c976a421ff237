"""Law clocks: the version is chosen by awareness, hours run through, unknown facts count as true."""

from __future__ import annotations

import datetime as dt

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi import System, catalog
from kakao_asi.exceptions import InvalidValue
from kakao_asi.framework import AnyOf, ClockRow, DueClock, Fact, FactTest, Incident, LeakKind, RowStatus, Start, Unit
from kakao_asi.governance import WeekdayCalendar
from kakao_asi.serialization import dump, structure
from kakao_asi.systems import HighImpact
from kakao_asi.taxonomy import Origin

KST = dt.timezone(dt.timedelta(hours=9))


def system(**facts: object) -> System:
    """A system outside the scope of EU rules, with the facts given."""
    known: dict[str, object] = {"eu_high_risk": False, "cop_signatory": False, "gpai_systemic": False, **facts}
    return System(id="demo-chat", unit="chat", audience="external", **known)  # type: ignore[arg-type]  # facts by name


def kst(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """An instant of Korean time."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=KST)


def leak(aware_at: dt.datetime, **facts: object) -> Incident:
    """A confirmed leak of ordinary personal data, unless the facts say otherwise."""
    known: dict[str, object] = {
        "kinds": {"leak"},
        "people": 1,
        "sensitive": False,
        "unique_id": False,
        "outside_access": False,
        "pseudonymised": False,
        **facts,
    }
    return Incident(aware_at=aware_at, **known)  # type: ignore[arg-type]  # facts by name


def ids(found: tuple[DueClock, ...]) -> list[str]:
    """The ids of clocks, in order."""
    return [clock.id for clock in found]


AWARE = kst(2026, 11, 20, 18, 30)
DUE = kst(2026, 11, 23, 18, 30)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"people": 1, "unique_id": True}, ["kr.pipa.notice.v2", "kr.pipa.report.v2"], id="unique-id"),
        pytest.param({"people": 999}, ["kr.pipa.notice.v2"], id="999-people"),
        pytest.param({"people": 1_000}, ["kr.pipa.notice.v2", "kr.pipa.report.v2"], id="1000-people"),
        pytest.param({"sensitive": True}, ["kr.pipa.notice.v2", "kr.pipa.report.v2"], id="sensitive"),
        pytest.param({"outside_access": True}, ["kr.pipa.notice.v2", "kr.pipa.report.v2"], id="intrusion"),
        pytest.param({"pseudonymised": True, "people": 5_000}, ["kr.pipa.report.v2"], id="pseudonymised"),
        pytest.param({"kinds": set()}, [], id="no-personal-data"),
    ],
)
def test_a_leak_sets_off_what_its_facts_ask_for(facts: dict[str, object], expected: list[str]) -> None:
    """A leak is told to people always, and reported from 1,000 people or where the data or the cause is grave."""
    found = catalog.clocks(leak(AWARE, **facts), system())

    assert [(name, DUE) for name in expected] == [(clock.id, clock.due_at) for clock in found]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"possible_only": True}, ["kr.pipa.possible"], id="possible"),
        pytest.param({"kinds": {"alteration"}}, ["kr.pipa.notice.v2"], id="alteration"),
    ],
)
def test_the_new_duties_start_with_the_day(facts: dict[str, object], expected: list[str]) -> None:
    """A possible leak and an alteration set off nothing a minute before the law starts, and do at midnight."""
    before = catalog.clocks(leak(kst(2026, 9, 10, 23, 59), **facts), system())
    after = catalog.clocks(leak(kst(2026, 9, 11), **facts), system())

    assert ([], expected) == (ids(before), ids(after))


@pytest.mark.parametrize(
    ("aware_at", "hours"),
    [
        pytest.param(kst(2023, 9, 14, 12), 24, id="old"),
        pytest.param(kst(2023, 9, 15, 12), 72, id="new"),
    ],
)
def test_a_provider_has_the_time_of_the_version_it_became_aware_under(aware_at: dt.datetime, hours: int) -> None:
    """A provider aware on 14 September 2023 has 24 hours, one aware on the day after has 72."""
    found = catalog.clocks(leak(aware_at), system(ict_provider=True))

    assert {aware_at + dt.timedelta(hours=hours)} == {clock.due_at for clock in found}


def test_others_had_no_hours_before_the_change() -> None:
    """A controller that is no provider has no row of hours before 15 September 2023."""
    assert () == catalog.clocks(leak(kst(2023, 9, 14)), system(ict_provider=False))


def test_nothing_is_shipped_for_the_time_before() -> None:
    """No row reaches back before 5 August 2020."""
    assert () == catalog.clocks(leak(kst(2020, 8, 4, 23, 59)), system(ict_provider=True))


def test_the_real_anchor_of_2023_was_due_in_a_day() -> None:
    """A provider aware in March 2023 of 687 people concerned has 24 hours to report."""
    found = catalog.clocks(leak(kst(2023, 3, 21, 10), people=687), system(ict_provider=True))

    assert [("kr.pipa.ict", kst(2023, 3, 22, 10))] == [(clock.id, clock.due_at) for clock in found]


def test_days_leave_the_first_out_and_a_calendar_moves_the_end() -> None:
    """An answer of 18 November leaves until Saturday 28; by law the period ends on Monday 30."""
    incident = Incident(aware_at=kst(2026, 11, 18, 9), answered_at=kst(2026, 11, 18, 9), disagrees=True)

    (clock,) = catalog.clocks(incident, system(), calendar=WeekdayCalendar())

    assert clock.due_at is not None
    assert clock.legal_end is not None
    assert ("kr.aiba.objection", dt.date(2026, 11, 28), dt.date(2026, 11, 30)) == (
        clock.id,
        clock.due_at.astimezone(KST).date(),
        clock.legal_end.astimezone(KST).date(),
    )


def test_days_without_a_calendar_have_no_legal_end() -> None:
    """Without a calendar nobody says when a period of days ends by law."""
    incident = Incident(aware_at=kst(2026, 11, 18), answered_at=kst(2026, 11, 18), disagrees=True)

    (clock,) = catalog.clocks(incident, system())

    assert clock.legal_end is None


def test_an_objection_waits_for_the_answer() -> None:
    """Without an answer there is nothing to object to."""
    assert () == catalog.clocks(Incident(aware_at=kst(2026, 11, 18), disagrees=True), system())


def test_hours_run_over_nights_and_holidays() -> None:
    """The legal end of a period of hours is its due time, whatever the calendar says."""
    found = catalog.clocks(leak(AWARE), system(), calendar=WeekdayCalendar())

    assert [DUE] == [clock.legal_end for clock in found]


def test_a_fact_nobody_knows_counts_as_true_by_name() -> None:
    """Where nobody knows how many people or which data, the report is due and says what was assumed."""
    unknown = {"people": None, "sensitive": None, "unique_id": None, "outside_access": None}

    report = next(one for one in catalog.clocks(leak(AWARE, **unknown), system()) if one.id == "kr.pipa.report.v2")

    assert (Fact.OUTSIDE_ACCESS, Fact.PEOPLE, Fact.SENSITIVE, Fact.UNIQUE_ID) == report.assumed


def test_what_is_known_needs_no_assumption() -> None:
    """One known fact is enough; the others that nobody knows are not named."""
    report = next(
        one
        for one in catalog.clocks(leak(AWARE, unique_id=True, people=None), system())
        if one.id.endswith("report.v2")
    )

    assert () == report.assumed


def test_a_clock_says_what_triggered_it() -> None:
    """A triggered clock lists the tests that passed, in the order of its row."""
    (notice,) = catalog.clocks(leak(AWARE), system())

    assert [(Fact.LEAK, True), (Fact.POSSIBLE_ONLY, False), (Fact.PSEUDONYMISED, False)] == [
        (test.fact, test.value) for test in notice.triggered_by
    ]


@pytest.mark.parametrize(("recovered", "expected"), [(True, True), (False, False), (None, False)])
def test_only_a_known_recovery_lets_a_report_be_dropped(recovered: bool | None, expected: bool) -> None:
    """The report stays listed, and may be dropped only where recovery is known."""
    found = catalog.clocks(leak(AWARE, unique_id=True, recovered=recovered), system())

    assert {"kr.pipa.notice.v2": False, "kr.pipa.report.v2": expected} == {one.id: one.may_drop for one in found}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            {"death": False, "widespread": False, "critical_infrastructure": False}, {"eu.aia.incident": 15}, id="15"
        ),
        pytest.param(
            {"death": True, "widespread": False, "critical_infrastructure": False},
            {"eu.aia.incident": 15, "eu.aia.incident.death": 10},
            id="death",
        ),
        pytest.param(
            {"death": False, "widespread": True},
            {"eu.aia.incident": 15, "eu.aia.incident.widespread": 2},
            id="widespread",
        ),
    ],
)
def test_serious_incidents_of_eu_systems_have_their_days(facts: dict[str, object], expected: dict[str, int]) -> None:
    """A serious incident is reported in 15, 10 or 2 days, the first day left out."""
    incident = Incident(aware_at=dt.datetime(2026, 10, 1, 10, tzinfo=dt.UTC), serious=True, **facts)  # type: ignore[arg-type]  # facts by name

    found = catalog.clocks(incident, system(eu_high_risk=True))

    assert expected == {
        one.id: (one.due_at.astimezone(one.row.zone).date() - dt.date(2026, 10, 1)).days for one in found if one.due_at
    }


def test_the_final_report_waits_for_the_resolution() -> None:
    """A signatory's final report is due 60 days after the incident was resolved, not before it is."""
    aware = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    signed = system(cop_signatory=True, gpai_systemic=True)
    known = {"death": False, "cyber": False, "critical_infrastructure": False}

    still_open = catalog.clocks(Incident(aware_at=aware, serious=True, **known), signed)  # type: ignore[arg-type]  # facts by name
    resolved = catalog.clocks(
        Incident(aware_at=aware, serious=True, resolved_at=aware, **known),  # type: ignore[arg-type]  # facts by name
        signed,
    )

    assert {"eu.cop.follow.final"} == {*ids(resolved)} - {*ids(still_open)}


def test_clocks_come_the_earliest_first() -> None:
    """Clocks are ordered by their due time."""
    incident = Incident(aware_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC), serious=True)

    found = catalog.clocks(incident, system(eu_high_risk=None, cop_signatory=None, gpai_systemic=None))

    assert sorted(one.due_at for one in found if one.due_at) == [one.due_at for one in found]


# --- standing duties -------------------------------------------------------------------------------------------------

ON = dt.date(2026, 11, 24)
ALWAYS = ["kr.aiba.label.realistic", "kr.aiba.precheck"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"generative": True}, ["kr.aiba.label", "kr.aiba.notice"], id="generative"),
        pytest.param({"generative": True, "internal_only": True}, ["kr.aiba.label"], id="internal"),
        pytest.param({"generative": True, "obvious_ai": True}, ["kr.aiba.label"], id="obvious"),
        pytest.param({"eu_high_risk": True}, ["eu.aia.records.documents", "eu.aia.records.logs"], id="eu"),
        pytest.param(
            {"training_flop_exponent": 26, "state_of_the_art": True, "wide_impact": True}, ["kr.aiba.frontier"]
        ),
    ],
)
def test_standing_duties_follow_the_facts_of_a_system(facts: dict[str, object], expected: list[str]) -> None:
    """A system has the standing duties that its facts ask for."""
    nothing: dict[str, object] = {
        "generative": False,
        "high_impact": HighImpact(applies=False, basis="none of the ten areas", decided_on=ON),
        "obvious_ai": False,
        "internal_only": False,
        "training_flop_exponent": 25,
        "state_of_the_art": False,
        "wide_impact": False,
    }

    found = catalog.duties(system(**{**nothing, **facts}), on=ON)

    assert sorted([*ALWAYS, *expected]) == ids(found)


def test_a_decision_on_high_impact_brings_its_duties() -> None:
    """Once somebody decided that a system is high-impact AI, measures and assessment are duties."""
    decided = HighImpact(applies=True, basis="screening of loan applications", decided_on=ON)

    found = catalog.duties(system(generative=False, high_impact=decided), on=ON)

    assert {"kr.aiba.highimpact", "kr.aiba.impact", "kr.aiba.notice"} <= {*ids(found)}


def test_no_duty_stands_before_its_law() -> None:
    """On the day before the AI Basic Act applies none of its duties stands."""
    assert () == catalog.duties(system(), on=dt.date(2026, 1, 21))


# --- rows ------------------------------------------------------------------------------------------------------------


def row(**fields: object) -> ClockRow:
    """A row of a company's own law."""
    base: dict[str, object] = {
        "id": "own.report",
        "duty": "own.report",
        "kind": catalog.clock_rows()[0].kind,
        "ko": "사내 보고",
        "en": "Report inside the company",
        "law": "own rule 1",
        "limit": 3,
        "unit": Unit.DAYS,
        "counts_from": Start.AWARE,
        "effective_from": dt.date(2026, 1, 1),
        "status": RowStatus.CONFIRMED,
        "origin": Origin.OURS,
        "source_url": "https://example.com/rule",
        "licence": "Apache-2.0",
        "retrieved_on": dt.date(2026, 1, 1),
    }
    return ClockRow(**{**base, **fields})  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("shipped", catalog.clock_rows(), ids=lambda one: str(one.id))
def test_every_row_round_trips_as_data(shipped: ClockRow) -> None:
    """A row holds no code: it is written and read back alike."""
    assert shipped == structure(ClockRow, dump(shipped))


@pytest.mark.parametrize("shipped", catalog.clock_rows(), ids=lambda one: str(one.id))
def test_every_row_is_law_or_standard(shipped: ClockRow) -> None:
    """A shipped row names a law or a standard, its https source and the day it was read."""
    assert (True, True) == (
        shipped.origin in {Origin.LAW, Origin.STANDARD},
        shipped.source_url.startswith("https://"),
    )


def test_all_duties_of_the_page_are_shipped() -> None:
    """The fifteen duties of the scheme are there; some are split into one row a limit."""
    expected = {
        *("kr.pipa.ict", "kr.pipa.notice.v1", "kr.pipa.notice.v2", "kr.pipa.report.v1", "kr.pipa.report.v2"),
        *("kr.pipa.possible", "kr.aiba.notice", "kr.aiba.label", "kr.aiba.frontier", "kr.aiba.precheck"),
        *("kr.aiba.objection", "kr.aiba.highimpact", "kr.aiba.impact", "eu.aia.incident", "eu.aia.records.logs"),
        *("eu.cop.incident", "eu.cop.follow.final"),
    }

    assert expected <= {one.id for one in catalog.clock_rows()}


def test_two_live_versions_of_one_duty_are_refused() -> None:
    """Two rows of one duty on one day are an error of the data."""
    rows = [row(id="own.v1", effective_to=dt.date(2026, 6, 2)), row(id="own.v2", effective_from=dt.date(2026, 6, 1))]

    with pytest.raises(InvalidValue, match=r"two live versions .*own\.v1, own\.v2"):
        catalog.check_clock_rows(rows)


def test_an_unconfirmed_row_switches_nothing_off() -> None:
    """A row that ends where only an unconfirmed one follows is an error of the data."""
    later = row(id="own.v2", effective_from=dt.date(2026, 6, 1), status=RowStatus.UNCONFIRMED)

    with pytest.raises(InvalidValue, match="unconfirmed"):
        catalog.check_clock_rows([row(id="own.v1", effective_to=dt.date(2026, 6, 1)), later])


def test_an_id_twice_is_refused() -> None:
    """Two rows of one id are an error of the data."""
    with pytest.raises(InvalidValue, match="twice"):
        catalog.check_clock_rows([row(), row()])


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"unit": None}, id="limit-without-unit"),
        pytest.param({"effective_to": dt.date(2026, 1, 1)}, id="empty-interval"),
        pytest.param({"source_url": "http://example.com"}, id="no-https"),
    ],
)
def test_a_row_that_cannot_be_is_refused(fields: dict[str, object]) -> None:
    """A limit needs its unit, an interval needs a day, a source needs https."""
    with pytest.raises(InvalidValue):
        row(**fields)


def test_a_company_brings_rows_of_its_own() -> None:
    """Rows that are passed stand in the place of the shipped ones."""
    found = catalog.clocks(Incident(aware_at=AWARE), system(), rows=[row()])

    assert [("own.report", dt.date(2026, 11, 23))] == [
        (one.id, one.due_at.astimezone(KST).date()) for one in found if one.due_at
    ]


def test_standing_duties_take_own_rows_too() -> None:
    """Rows of a company's own are asked for standing duties as well; one of an incident is none."""
    assert () == catalog.duties(system(), on=ON, rows=[row()])


@pytest.mark.parametrize(
    ("unit", "limit", "expected"),
    [
        pytest.param(Unit.MONTHS, 1, dt.date(2026, 2, 28), id="short-month"),
        pytest.param(Unit.MONTHS, 12, dt.date(2027, 1, 31), id="a-year-of-months"),
        pytest.param(Unit.MONTHS, 2, dt.date(2026, 3, 31), id="long-month"),
        pytest.param(Unit.YEARS, 5, dt.date(2031, 1, 31), id="years"),
    ],
)
def test_months_end_on_the_day_of_the_same_number(unit: Unit, limit: int, expected: dt.date) -> None:
    """A period of months ends on the day of the same number, or on the last day of a shorter month."""
    incident = Incident(aware_at=kst(2026, 1, 31, 15))

    (clock,) = catalog.clocks(incident, system(), rows=[row(unit=unit, limit=limit)])

    assert clock.due_at is not None
    assert expected == clock.due_at.astimezone(KST).date()


def test_months_keep_the_number_of_the_day() -> None:
    """A day that every month has stays the same."""
    (clock,) = catalog.clocks(Incident(aware_at=kst(2026, 1, 15)), system(), rows=[row(unit=Unit.MONTHS, limit=1)])

    assert clock.due_at is not None
    assert dt.date(2026, 2, 15) == clock.due_at.astimezone(KST).date()


def test_a_duty_without_a_number_has_no_due_time() -> None:
    """Where the law gives no number, no due time is made up."""
    (clock,) = catalog.clocks(Incident(aware_at=AWARE), system(), rows=[row(limit=None, unit=None)])

    assert (None, None) == (clock.due_at, clock.legal_end)


def test_a_trigger_on_a_standing_duty_asks_nothing_about_incidents() -> None:
    """A standing row that asks about an incident counts its fact as true, because nobody knows it."""
    kind = next(one.kind for one in catalog.clock_rows() if one.id == "kr.aiba.precheck")
    asks = row(kind=kind, all_of=[AnyOf(tests=[FactTest(fact=Fact.DEATH)])])

    (clock,) = catalog.duties(system(), on=ON, rows=[asks])

    assert (Fact.DEATH,) == clock.assumed


@pytest.mark.parametrize("name", ["answered_at", "resolved_at"])
def test_instants_need_a_time_zone(name: str) -> None:
    """An answer or a resolution without a time zone is refused."""
    with pytest.raises(InvalidValue, match="time zone"):
        Incident(aware_at=AWARE, **{name: AWARE.replace(tzinfo=None)})  # type: ignore[arg-type]  # the fault


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_rows_speak_both_languages(lang: str) -> None:
    """A row gives its duty and what follows in the language asked for."""
    notice = next(one for one in catalog.clock_rows() if one.id == "kr.pipa.notice.v2")

    assert ("72", True) == (str(notice.limit), bool(notice.text(lang)) and bool(notice.follow_up(lang)))  # type: ignore[arg-type]  # parametrised


def test_the_horizon_is_shown_in_both_languages() -> None:
    """Changes of law ahead are listed by day, and each says what changes."""
    assert [3, True] == [len(catalog.horizon()), all(one.text("ko") != one.text("en") for one in catalog.horizon())]


@given(people=st.integers(0, 10_000), kinds=st.sets(st.sampled_from(LeakKind)))
def test_knowing_less_never_stops_a_clock(people: int, kinds: set[LeakKind]) -> None:
    """A clock that runs on known facts runs as well when nobody knows them."""
    known = leak(AWARE, people=people, kinds=kinds)
    unknown = evolve(known, people=None, sensitive=None, unique_id=None, outside_access=None, pseudonymised=None)

    assert {*ids(catalog.clocks(known, system()))} <= {*ids(catalog.clocks(unknown, system()))}
