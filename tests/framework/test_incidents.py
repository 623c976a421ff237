"""Incidents on record: their law clocks run, are met or missed, and repeat until the incident is resolved."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi import System, catalog, commands
from kakao_asi.exceptions import CommandRefused, InvalidValue
from kakao_asi.framework import (
    ClockStanding,
    DutyDone,
    Incident,
    IncidentRecord,
    PostMortem,
    RunningIncident,
    running,
)

KST = dt.timezone(dt.timedelta(hours=9))
AWARE = dt.datetime(2026, 11, 20, 18, 30, tzinfo=KST)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
LEAK: dict[str, Any] = {
    "aware_at": AWARE,
    "kinds": {"leak"},
    "people": 1,
    "sensitive": False,
    "unique_id": True,
    "outside_access": False,
    "pseudonymised": False,
}
INSIDE = System(
    id="chat", unit="chat", audience="external", eu_high_risk=False, cop_signatory=False, gpai_systemic=False
)
SIGNATORY = System(
    id="chat", unit="chat", audience="external", eu_high_risk=False, cop_signatory=True, gpai_systemic=True
)


def incident(**fields: Any) -> IncidentRecord:
    """The leak of one unique identifier, on record."""
    return IncidentRecord(**({"id": "leak-1", "system": "chat", "facts": Incident(**LEAK)} | fields))


def standing(record: IncidentRecord, now: dt.datetime, system: System = INSIDE) -> dict[str, str]:
    """How each duty of an incident stands, by row."""
    found = running(record, catalog.clocks(record.facts, system), now)
    return {one.clock.id: one.standing.id for one in found.clocks}


def done(row: str, at: dt.datetime) -> DutyDone:
    """A duty that was done."""
    return DutyDone(clock=row, at=at)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [pytest.param(72, "running", id="at-the-end"), pytest.param(73, "missed", id="past-it")],
)
def test_a_duty_nobody_did_runs_and_is_missed(hours: int, expected: str) -> None:
    """A duty of 72 hours runs to its last instant and is missed after it."""
    found = standing(incident(), AWARE + hours * HOUR)

    assert {"kr.pipa.notice.v2": expected, "kr.pipa.report.v2": expected} == found


@pytest.mark.parametrize(("hours", "expected"), [(72, "met"), (73, "late")])
def test_what_was_done_is_met_or_late(hours: int, expected: str) -> None:
    """A duty that was done is met to its last instant and late after it; another duty of it still runs."""
    record = incident(done=[done("kr.pipa.report.v2", AWARE + hours * HOUR)])

    assert expected == standing(record, AWARE + 100 * HOUR)["kr.pipa.report.v2"]


def test_a_duty_without_a_number_has_no_due_time() -> None:
    """Where the law gives no number, the duty is listed and never missed."""
    found = running(incident(), [evolve(catalog.clocks(incident().facts, INSIDE)[0], due_at=None)], AWARE + 900 * DAY)

    assert [ClockStanding.UNDATED] == [one.standing for one in found.clocks]


SERIOUS = Incident(aware_at=AWARE, serious=True, death=False, cyber=False, critical_infrastructure=False)
INTERIM = "eu.cop.follow.interim"


@pytest.mark.parametrize(
    ("reports", "day", "expected"),
    [
        pytest.param([], 27, "running", id="first"),
        pytest.param([], 30, "missed", id="first-missed"),
        pytest.param([20], 30, "running", id="second"),
        pytest.param([20], 58, "missed", id="second-missed"),
        pytest.param([20, 50], 80, "running", id="third"),
    ],
)
def test_an_interim_report_is_due_every_28_days(reports: list[int], day: int, expected: str) -> None:
    """After each interim report the next is due 28 days after the due time before."""
    record = incident(facts=SERIOUS, done=[done(INTERIM, AWARE + one * DAY) for one in reports])

    assert expected == standing(record, AWARE + day * DAY, SIGNATORY)[INTERIM]


@pytest.mark.parametrize(("reports", "expected"), [([20, 50], "met"), ([20, 58], "late")])
def test_repeating_ends_with_the_resolution(reports: list[int], expected: str) -> None:
    """Once the incident is resolved before the next due time, the interim reports are over."""
    facts = evolve(SERIOUS, resolved_at=AWARE + 60 * DAY)
    record = incident(facts=facts, done=[done(INTERIM, AWARE + one * DAY) for one in reports])

    assert expected == standing(record, AWARE + 200 * DAY, SIGNATORY)[INTERIM]


@given(st.integers(min_value=1, max_value=40))
def test_repeated_due_times_are_one_limit_apart(count: int) -> None:
    """The due times of a repeating duty follow each other by exactly its limit."""
    clock = next(one for one in catalog.clocks(SERIOUS, SIGNATORY) if one.id == INTERIM)
    times = clock.due_times(count)

    assert [clock.due_at, *(28 * DAY for _ in times[1:])] == [
        times[0],
        *(after - before for before, after in itertools.pairwise(times)),
    ]


def test_without_a_due_time_there_is_none() -> None:
    """A duty for which the law gives no number has no due times."""
    clock = next(one for one in catalog.clocks(SERIOUS, SIGNATORY) if one.id == INTERIM)

    assert () == evolve(clock, due_at=None).due_times(3)


def test_a_limit_in_months_does_not_repeat() -> None:
    """A row that repeats counts hours or days."""
    row = next(one for one in catalog.clock_rows() if one.id == "eu.cop.follow.framework")

    with pytest.raises(InvalidValue, match="repeats"):
        evolve(row, repeats=True)


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        pytest.param({"occurred_at": AWARE + HOUR}, "occurred_at", id="begins-later"),
        pytest.param({"done": [done("kr.pipa.report.v2", AWARE - HOUR)]}, "done", id="done-before"),
    ],
)
def test_nothing_comes_before_awareness_that_cannot(fields: dict[str, Any], match: str) -> None:
    """An incident begins before it is known, and its duties are done after."""
    with pytest.raises(InvalidValue, match=match):
        incident(**fields)


# --- on the register -------------------------------------------------------------------------------------------------


def put(life: Any, **fields: Any) -> None:
    """Put an incident of today on record."""
    facts = Incident(**(LEAK | {"aware_at": life.clock()}))
    life.submit(commands.Record(record=incident(**({"facts": facts} | fields))))


def only(life: Any) -> RunningIncident:
    """The one incident on record."""
    (found,) = life.register.incidents()
    return found  # type: ignore[no-any-return]  # a fixture without a type


def test_the_register_keeps_the_clocks_of_an_incident(life: Any) -> None:
    """An incident on record sets off what its facts ask for under the law of its day, earliest first."""
    put(life)

    assert ["eu.aia.incident", "kr.pipa.notice.v1", "kr.pipa.report.v1"] != [one.clock.id for one in only(life).clocks]
    assert {"kr.pipa.notice.v1", "kr.pipa.report.v1"} == {one.clock.id for one in only(life).clocks}


def test_what_becomes_known_is_a_new_version(life: Any) -> None:
    """A later version has the later facts; the earlier one stays readable."""
    put(life)
    put(life, version=2, contained_at=life.clock())

    assert (2, 2) == (only(life).record.version, len(life.register.records(every_version=True)))


def test_an_incident_of_no_system_is_refused(life: Any) -> None:
    """An incident names a system under management."""
    with pytest.raises(CommandRefused) as refused:
        put(life, system="nowhere")

    assert ["unknown_subject"] == [one.code.id for one in refused.value.refusals]


def test_an_incident_is_open_until_all_is_done(life: Any) -> None:
    """It is open while it is not resolved, a duty runs or was missed, or the post-mortem is not closed."""
    aware = life.clock()
    put(life)
    first = [one.record.id for one in life.register.incidents(open=True)]
    life.forward(hours=1)
    rows = ("kr.pipa.notice.v1", "kr.pipa.report.v1")
    facts = Incident(**(LEAK | {"aware_at": aware, "resolved_at": life.clock()}))
    reported = [done(row, life.clock()) for row in rows]
    put(life, version=2, facts=facts, done=reported)
    waiting = [one.record.id for one in life.register.incidents(open=True)]
    put(life, version=3, facts=facts, done=reported, post_mortem=PostMortem.CLOSED)

    assert (["leak-1"], ["leak-1"], [], ["leak-1"]) == (
        first,
        waiting,
        [one.record.id for one in life.register.incidents(open=True)],
        [one.record.id for one in life.register.incidents(open=False)],
    )
