"""Screening: candidates by facts, answers, and what waits for them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from attrs import evolve

from kakao_asi import RiskCategory, RiskRegister, Stage, System, catalog, commands
from kakao_asi.exceptions import CommandRefused, InvalidValue
from kakao_asi.framework import Candidate, check_unique
from kakao_asi.governance import Person, PersonKind, Roster
from kakao_asi.lifecycle import SystemState
from kakao_asi.risks import Risk
from kakao_asi.stores import MemoryStore
from kakao_asi.systems import HighImpact, Pin, PinKind, StatedFact, SystemFact
from kakao_asi.testing import CountingIds, FrozenClock

NOW = dt.datetime(2026, 11, 24, 1, tzinfo=dt.UTC)
WHY = "the product is for adults only, see the contract"
FACTS = (SystemFact.GENERATIVE, SystemFact.USES_TOOLS, SystemFact.PERSONAL_DATA, SystemFact.MINORS)


def candidate(label: str = "wrong", **fields: Any) -> Candidate:
    """A candidate of a company's own for DESIGN."""
    parts: dict[str, Any] = {
        "id": f"design.ai.{label}",
        "stage": "design",
        "category": "model_imperfection",
        "label": label,
        "ko": "틀린 답변",
        "en": "Wrong answers",
        "principles": {"privacy"},
    }
    return Candidate(**(parts | fields))


def register(*candidates: Candidate, clock: FrozenClock | None = None, **facts: Any) -> RiskRegister:
    """A register in memory that screens for these candidates, with one system and an agent in the roster."""
    clock = clock or FrozenClock(NOW)
    governance = evolve(catalog.proportional_governance(), screening=candidates)
    found = RiskRegister.on(
        MemoryStore(clock=clock),
        governance=governance,
        roster=Roster(people=[Person(id="bot", kind=PersonKind.AGENT), Person(id="pm.oh")], seats=[]),
        clock=clock,
        ids=CountingIds(),
    )
    found.add_system(System(id="chat", unit="chat", audience="external", **facts), by="pm.oh")
    return found


def risk(label: str, category: str = "model_imperfection") -> Risk:
    """A risk of the chat system with that label."""
    return Risk(
        id=f"r.{label}",
        title="Something goes wrong",
        category=category,
        system="chat",
        label=label,
        principles={"privacy"},
        owner="serving",
    )


def dismiss(found: RiskRegister, label: str = "wrong", *, by: str = "pm.oh", because: str | None = WHY) -> SystemState:
    """Dismiss a candidate."""
    state = found.submit(commands.Dismiss(system="chat", candidate=f"design.ai.{label}"), by=by, because=because)
    assert isinstance(state, SystemState)
    return state


def waiting(found: RiskRegister) -> list[str]:
    """The ids of the candidates that wait for an answer."""
    return [one.candidate.id for one in found.screen("chat") if one.open]


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_each_stage_and_category_has_two_to_four_candidates() -> None:
    """The catalogue fills all 24 cells, each with two to four candidates."""
    cells = Counter((one.stage, one.category) for one in catalog.screening())

    assert (24, True) == (len(cells), all(2 <= count <= 4 for count in cells.values()))


def test_the_catalogue_holds_as_many_candidates_as_it_says() -> None:
    """Seventy-three candidates are shipped."""
    assert 73 == len(catalog.screening())


def test_each_principle_is_in_three_candidates_at_least() -> None:
    """No principle is left out of the catalogue."""
    named = Counter(principle for one in catalog.screening() for principle in one.principles)

    assert all(named[principle.id] >= 3 for principle in catalog.principles())


@pytest.mark.parametrize("row", catalog.screening(), ids=lambda row: str(row.id))
def test_an_id_tells_stage_category_and_label(row: Candidate) -> None:
    """The id of a shipped candidate is made of its stage, its category and its label."""
    short = {"model_imperfection": "ai", "uncontrollability": "uc", "active_misuse": "mu", "passive_negligence": "ng"}

    assert row.id == f"{row.stage.id}.{short[row.category.id]}.{row.label}"


@pytest.mark.parametrize("row", catalog.screening(), ids=lambda row: str(row.id))
def test_a_candidate_speaks_both_languages(row: Candidate) -> None:
    """A candidate says what could go wrong in Korean and in English, without the words of other laws."""
    assert (True, False) == (row.text("ko") != row.text("en"), "고위험" in row.text("ko") or "고영향" in row.text("ko"))


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(candidate(), id="same-id"),
        pytest.param(candidate(id="other.id"), id="same-label"),
    ],
)
def test_candidates_that_cannot_be_told_apart_are_refused(second: Candidate) -> None:
    """Two candidates share neither an id nor a stage, category and label."""
    with pytest.raises(InvalidValue, match="twice"):
        check_unique([candidate(), second], "rows")


# --- proposing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [pytest.param(True, 1, id="true"), pytest.param(None, 1, id="unknown"), pytest.param(False, 0, id="false")],
)
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_a_fact_nobody_stated_counts_as_true(fact: SystemFact, value: bool | None, expected: int) -> None:
    """A candidate is left out only where a fact it needs is known to be false."""
    known: dict[str, Any] = {fact.id: value}

    found = register(candidate(needs={fact}), **known)

    assert expected == len(found.screen("chat"))


def test_what_was_assumed_is_named() -> None:
    """A candidate names the facts that nobody stated, in the order of their definition."""
    (shown,) = register(candidate(needs=FACTS), uses_tools=True).screen("chat")

    assert (SystemFact.GENERATIVE, SystemFact.PERSONAL_DATA, SystemFact.MINORS) == shown.assumed


def test_a_risk_of_the_same_label_answers_a_candidate() -> None:
    """Once a risk of that category and label is identified, the candidate is no longer proposed."""
    found = register(candidate("a"), candidate("b"))
    found.identify(risk("a"), by="pm.oh")
    found.identify(risk("b", "uncontrollability"), by="pm.oh")

    assert ["design.ai.b"] == waiting(found)


def test_another_stage_can_be_asked_about() -> None:
    """Screening looks ahead: the candidates of another stage are proposed when that stage is asked about."""
    found = register(candidate(), candidate("later", id="test.ai.later", stage="test"))

    assert ["test.ai.later"] == [one.candidate.id for one in found.screen("chat", "테스트")]


def test_a_governance_that_screens_for_nothing_is_answered_from_the_catalogue() -> None:
    """Without candidates of its own the governance holds up nobody, and the shipped ones are proposed."""
    found = register()
    shipped = [one.id for one in catalog.screening() if one.stage is Stage.DESIGN]

    assert (shipped, ()) == (
        waiting(found),
        tuple(b for b in found.gate("chat", Stage.DEVELOPMENT).blockers if b.code.id == "candidate_open"),
    )


# --- answering -------------------------------------------------------------------------------------------------------


def test_a_dismissed_candidate_is_shown_with_its_answer() -> None:
    """A dismissal answers the candidate and stands beside it, with who and when."""
    found = register(candidate())

    dismiss(found)

    (shown,) = found.screen("chat")
    assert shown.dismissal is not None
    assert (False, "pm.oh", NOW, WHY) == (
        shown.open,
        shown.dismissal.by,
        shown.dismissal.at,
        str(shown.dismissal.because),
    )


@pytest.mark.parametrize(
    ("by", "because", "label", "code"),
    [
        pytest.param("pm.oh", "too short", "wrong", "reason_too_short", id="short-reason"),
        pytest.param("bot", WHY, "wrong", "agent_cannot_approve", id="agent"),
        pytest.param("pm.oh", WHY, "unknown", "unknown_subject", id="unknown-candidate"),
    ],
)
def test_a_dismissal_needs_a_person_and_a_reason(by: str, because: str, label: str, code: str) -> None:
    """A dismissal is refused without twenty characters of reason, from an agent, and of what is not proposed."""
    found = register(candidate())

    with pytest.raises(CommandRefused) as refused:
        dismiss(found, label, by=by, because=because)

    assert [code] == [one.code.id for one in refused.value.refusals]


def test_what_is_dismissed_cannot_be_dismissed_again() -> None:
    """A candidate that has an answer waits for none."""
    found = register(candidate())
    dismiss(found)

    with pytest.raises(CommandRefused):
        dismiss(found)


def test_a_changed_fact_ends_a_dismissal() -> None:
    """A dismissal stood on the facts of its day; a new one opens the candidate again."""
    found = register(candidate())
    dismiss(found)

    found.submit(commands.StateFacts(system="chat", facts=[StatedFact(fact=SystemFact.MINORS, value=True)]), by="pm.oh")

    assert ["design.ai.wrong"] == waiting(found)


def test_a_changed_digest_ends_a_dismissal() -> None:
    """A changed pin opens dismissed candidates again; the first one of a place changes nothing."""
    found = register(candidate())
    found.submit(commands.Pin(system="chat", pins=[Pin(kind=PinKind.MODEL, digest="sha256:" + "0" * 64)]), by="pm.oh")
    dismiss(found)

    found.submit(commands.Pin(system="chat", pins=[Pin(kind=PinKind.MODEL, digest="sha256:" + "1" * 64)]), by="pm.oh")

    assert ["design.ai.wrong"] == waiting(found)


def test_an_ended_dismissal_keeps_the_time_it_ended() -> None:
    """A second change does not move the end of a dismissal."""
    found = register(candidate())
    dismiss(found)
    for value in (True, False):
        found.submit(
            commands.StateFacts(system="chat", facts=[StatedFact(fact=SystemFact.MINORS, value=value)]), by="pm.oh"
        )

    assert [NOW] == [one.ended_at for one in found.system("chat").dismissed]


def test_a_new_version_of_the_catalogue_asks_again() -> None:
    """A dismissal holds for the version of the row it answered."""
    found = register(candidate())
    (done,) = dismiss(found).dismissed

    assert (True, False) == (done.answers(candidate(), 1), done.answers(candidate(version=2), 1))


def test_a_later_risk_disproves_a_dismissal() -> None:
    """A risk identified after all shows the dismissal that was wrong."""
    clock = FrozenClock(NOW)
    found = register(candidate(), clock=clock)
    dismiss(found)
    clock.forward(dt.timedelta(days=1))
    found.identify(risk("wrong"), by="pm.oh")

    (wrong,) = found.disproved()

    assert ("chat", "design.ai.wrong", ("r.wrong",)) == (wrong.system, wrong.dismissal.candidate, wrong.risks)


def test_a_dismissal_that_held_disproves_nothing() -> None:
    """Without a later risk there is nothing to learn from."""
    found = register(candidate())
    dismiss(found)

    assert () == found.disproved("chat")


# --- the gate --------------------------------------------------------------------------------------------------------


def test_the_next_stage_waits_for_every_answer() -> None:
    """The gate of the next stage names the candidates that wait for an answer."""
    found = register(candidate("a"), candidate("b"))
    found.identify(risk("a"), by="pm.oh")

    blockers = found.gate("chat", Stage.DEVELOPMENT).blockers

    assert [("design.ai.b",)] == [one.missing for one in blockers if one.code.id == "candidate_open"]


def test_answered_candidates_no_longer_shut_the_gate() -> None:
    """With the last answer the gate no longer speaks of candidates."""
    found = register(candidate("a"))
    dismiss(found, "a")

    assert "candidate_open" not in {one.code.id for one in found.gate("chat", Stage.DEVELOPMENT).blockers}


def test_the_answers_stand_in_the_cycle_record() -> None:
    """The record of the stage holds what waits and what was dismissed."""
    found = register(candidate("a"), candidate("b"))
    dismiss(found, "a")

    record = found.cycle("chat")

    assert (("design.ai.a",), ("chat", "design.ai.b")) == (record.dismissed, record.phases[0].open)


def test_a_state_hash_knows_dismissals_and_facts() -> None:
    """An approval is pinned to what was dismissed and to the facts of its day."""
    found = register(candidate())
    before = found.state_hash("chat")
    dismiss(found)
    between = found.state_hash("chat")
    found.submit(commands.StateFacts(system="chat", training_flop_exponent=26), by="pm.oh")

    assert 3 == len({before, between, found.state_hash("chat")})


def test_the_state_is_the_fold_of_its_events() -> None:
    """What was dismissed and stated is rebuilt from the log."""
    found = register(candidate())
    dismiss(found)
    decided = HighImpact(applies=True, basis="screening of applicants", decided_on=dt.date(2026, 11, 24))
    found.submit(commands.StateFacts(system="chat", high_impact=decided, training_flop_exponent=26), by="pm.oh")

    assert ((), True, 26) == (
        found.rebuild(),
        found.system("chat").system.high_impact is not None,
        found.system("chat").system.training_flop_exponent,
    )


def test_stating_what_is_known_writes_nothing() -> None:
    """A fact that is known already changes nothing."""
    found = register(candidate(), generative=True)
    dismiss(found)

    found.submit(
        commands.StateFacts(system="chat", facts=[StatedFact(fact=SystemFact.GENERATIVE, value=True)]), by="pm.oh"
    )

    assert [] == waiting(found)


def test_a_fact_is_stated_once() -> None:
    """A command does not state a fact twice."""
    twice = [StatedFact(fact=SystemFact.MINORS, value=value) for value in (True, False)]

    with pytest.raises(InvalidValue, match="twice"):
        commands.StateFacts(system="chat", facts=twice)


@pytest.mark.parametrize("preset", [catalog.kakao_governance, catalog.proportional_governance])
def test_presets_screen_only_when_asked(preset: Any) -> None:
    """A preset takes the catalogue in where it is asked to, and screens for nothing by default."""
    assert ((), catalog.screening()) == (preset().screening, preset(screening=True).screening)


def test_a_candidate_becomes_a_risk_that_answers_it() -> None:
    """A risk with the category, label and principles of the candidate is the answer."""
    found = register(candidate())
    shown = found.screen("chat")[0].candidate

    made = Risk(
        id="r1",
        title=shown.text("ko"),
        category=shown.category,
        label=shown.label,
        principles=shown.principles,
        system="chat",
        owner="serving",
    )
    found.identify(made, by="pm.oh")

    assert (RiskCategory.MODEL_IMPERFECTION, []) == (made.category, waiting(found))
