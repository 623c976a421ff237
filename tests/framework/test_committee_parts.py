"""The parts of a pack that a quiet month does not show: conditions, late decisions and reviews, limits, proof."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from attrs import evolve

from kakao_asi import Grade, Matter, Outcome, commands, reports
from kakao_asi.catalog import kakao_governance
from kakao_asi.evidence import EvidenceKind
from kakao_asi.exceptions import InvalidValue
from kakao_asi.framework import Incident, IncidentRecord, PostMortem, RegulationLink
from kakao_asi.governance import AcknowledgeTerms, Condition, Person
from kakao_asi.systems import System

DIGEST = "sha256:" + "0" * 64


def pack(life: Any, *, form: str = "json", **options: Any) -> Any:
    """The pack of AI Safety on everything since the register began."""
    wanted = {"body": "ai_safety", "since": life.start, "form": form} | options
    text = reports.committee(life.register, **wanted)
    return json.loads(text) if form == "json" else text


def late(life: Any) -> list[tuple[str, str, int]]:
    """What is late, for how many days."""
    return [(one["kind"], one["subject"], one["days"]) for one in pack(life)["late"]]


def test_a_body_that_lets_its_time_pass_is_late(start_life: Any) -> None:
    """A decision past its term and an acknowledgement past its hour stand among what is late."""
    life = start_life(governance=evolve(kakao_governance(), acknowledge=AcknowledgeTerms()))
    life.assess()
    case = life.open_case("r", Matter.RISK)
    life.forward(days=20)

    assert {("decision", case.id), ("acknowledgement", case.id)} == {(kind, name) for kind, name, _ in late(life)}


def test_a_body_that_said_it_knows_is_only_late_to_decide(start_life: Any) -> None:
    """Once a body acknowledged a case, only its decision is late."""
    life = start_life(governance=evolve(kakao_governance(), acknowledge=AcknowledgeTerms()))
    life.assess()
    case = life.open_case("r", Matter.RISK)
    life.submit(commands.Acknowledge(case=case.id), by="safety.kim")
    life.forward(days=20)

    assert ["decision"] == [kind for kind, _, _ in late(life)]


def test_an_assessment_that_ran_out_is_late(life: Any) -> None:
    """A grade that is no longer valid is late from the day it ended, and its risk is above tolerance."""
    life.assess()
    life.forward(days=366)

    assert [("assessment", "r", 1)] == [one for one in late(life) if one[0] == "assessment"]
    assert ["r"] == pack(life)["breaches"]


def test_a_rule_that_was_to_be_checked_again_is_late(life: Any) -> None:
    """An answer to an outside rule past its next check stands among what is late, with the role that signs it."""
    life.submit(commands.ChangePerson(person=Person(id="law.ma", roles={"legal"})))
    today = life.clock().date()
    link = RegulationLink(
        id="notice", rule="law.clocks:kr.aiba.notice", checked_on=today, next_check=today + dt.timedelta(days=10)
    )
    life.submit(commands.Record(record=link), by="law.ma")
    life.forward(days=12)

    assert [("review", "law.clocks:kr.aiba.notice", "legal", 2)] == [
        (one["kind"], one["subject"], one["owner"], one["days"]) for one in pack(life)["late"]
    ]


def test_conditions_of_earlier_decisions_are_followed(life: Any) -> None:
    """A condition of an approval is listed with its owner and day, done once it was verified."""
    life.assess()
    case = life.open_case("r", Matter.ACCEPT, until=life.in_days(30))
    asked = Condition(text="a second filter in front", owner="serving", due=life.in_days(14).date())
    while case.outcome is None:
        case = life.vote(case.id, Outcome.APPROVE_WITH_CONDITIONS, conditions=[asked])
    before = pack(life)["actions"]
    life.verify()

    assert [("r", case.id, "serving", False)] == [
        (one["risk"], one["case"], one["owner"], one["done"]) for one in before
    ]
    assert [True] == [one["done"] for one in pack(life)["actions"]]
    assert "| no |" not in pack(life, form="markdown", lang="en")


def test_what_was_said_before_stands_beside_the_question(start_life: Any) -> None:
    """The next body reads what the one before decided and how many opinions found everything adequate."""
    life = start_life(governance=kakao_governance(reviews=True))
    life.assess()
    case = life.vote(life.open_case("r", Matter.RISK).id)

    (asked,) = pack(life, body="erm_committee")["asked"]
    text = pack(life, form="markdown", body="erm_committee", lang="en")

    assert (case.id, [{"body": "ai_safety", "outcome": "approve"}]) == (asked["case"], asked["said"])
    assert f"{asked['adequate']} of {asked['opinions']} opinions: adequate" in text


def test_a_grade_without_evidence_and_an_overruled_objection_are_listed(life: Any) -> None:
    """A grade nobody gave evidence for and an objection that was not upheld stand among the limits."""
    life.assess()
    life.submit(commands.Object(risk="r", block_requested=False), because="the metric misses what users tell us")
    objection = life.state().objections[0].id
    resolve = commands.ResolveObjection(risk="r", objection=objection, upheld=False)
    life.submit(resolve, by="ceo", because="it was looked at by two teams and not found")

    found = pack(life)

    assert (["r"], [objection]) == (found["unproved"], found["overruled"])


def test_evidence_is_indexed_with_its_age_and_method(life: Any) -> None:
    """The index names each piece once with its age, the risks that cite it and the method; a proof has no method."""
    life.assess(evidence=[evolve(life.proof("measured"), kind=EvidenceKind.RESULT)])
    life.respond()
    life.verify()
    life.forward(days=3)

    found = pack(life, profile="auditor")["evidence"]

    assert {(3, ("r",), ("grid-imperfection/1",)), (3, ("r",), ())} == {
        (one["age_days"], tuple(one["risks"]), tuple(one["methods"])) for one in found
    }


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_an_incident_that_set_off_nothing_is_still_shown(life: Any, lang: str) -> None:
    """An incident without a duty of law stands in the pack with when it was known, contained and reviewed."""
    facts = Incident(aware_at=life.clock())
    record = IncidentRecord(
        id="odd-1", system="chat", facts=facts, contained_at=life.clock(), post_mortem=PostMortem.DRAFT
    )
    life.submit(commands.Record(record=record))

    text = pack(life, form="markdown", lang=lang)

    assert (True, True) == ("odd-1 (chat)" in text, PostMortem.DRAFT.label(lang) in text)


def test_a_unit_without_an_assessment_is_silent(life: Any) -> None:
    """A unit with a system of its own and nothing assessed within the period is named."""
    life.assess()
    life.register.add_system(System(id="maps", unit="maps", audience="internal"), by="pm.oh")

    assert ["maps"] == pack(life)["silent_units"]


def test_a_retired_system_counts_no_more(life: Any) -> None:
    """A retired system is not among those under management, and its open risks keep their limit."""
    life.assess(Grade.HIGH)
    life.register.add_system(System(id="maps", unit="maps", audience="internal"), by="pm.oh")
    life.submit(commands.Retire(system="maps"), because="nobody used it any longer")

    assert 1 == pack(life)["breadth"]["systems"]


def test_a_risk_that_took_over_says_so(life: Any) -> None:
    """A grade that rose by a merge says that it was taken over."""
    for name, grade in (("low", Grade.LOW), ("high", Grade.HIGH)):
        life.identify(name)
        life.assess(grade, name)
    life.forward(days=1)
    since = life.clock()
    life.submit(commands.Merge(into="low", risks={"high"}), because="the same thing was seen twice")

    assert ["took_over"] == [one["reason"] for one in pack(life, since=since)["raised"]]


def test_a_previous_pack_is_named_by_its_id(life: Any) -> None:
    """What is no id of a pack is refused."""
    with pytest.raises(InvalidValue, match="previous"):
        pack(life, previous="last month")


def test_an_id_of_a_pack_may_be_passed(life: Any) -> None:
    """An id stands on the cover of the next pack."""
    assert DIGEST in pack(life, form="html", previous=DIGEST)


def test_a_long_list_says_how_much_is_left_out(life: Any) -> None:
    """More than twenty late things are counted, and more than twelve ids are cut with a number."""
    for number in range(25):
        name = f"x{number:02}"
        life.identify(name)
        life.assess(Grade.LOW, name)
        life.respond(name)
    life.forward(days=40)

    text = pack(life, form="markdown", lang="en")

    assert (True, True) == ("5 more are late." in text, "+13" in text)


@pytest.mark.parametrize(("lang", "words"), [("ko", "연속 2기간 상승"), ("en", "risen 2 in a row")])
def test_a_trend_that_warns_has_a_row_of_its_own(life: Any, lang: str, words: str) -> None:
    """A system whose residual risk rose twice is named; the others are only counted."""
    life.forward(days=31)
    for number, days in ((1, 31), (2, 1)):
        life.identify(f"x{number}")
        life.assess(Grade.HIGH, f"x{number}")
        life.forward(days=days)

    text = pack(life, form="markdown", lang=lang)

    assert (True, True) == (words in text, "(chat)" in text)
