"""Findings in the engine: they group, they ask for an assessment, and people judge what bears on no known risk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from attrs import evolve

from kakao_asi import Actor, Finding, Grade, Matter, Risk, RiskCategory, Stage, Verdict, catalog, commands
from kakao_asi.exceptions import CommandRefused, InvalidValue
from kakao_asi.governance import FindingTerms
from kakao_asi.lifecycle import Decided, Facts, FindingStatus, LifecycleEngine, RiskStatus, Sighting

WHY = "a known false alarm of the detector"


def seen(life: Any, **parts: Any) -> Finding:
    """A finding of now on the chat system."""
    return Finding(**({"verdict": Verdict.FLAG, "site": "m:f", "component": "chat/reply", "at": life.clock()} | parts))


def record(life: Any, **parts: Any) -> Any:
    """Record a finding of now."""
    return life.register.record(seen(life, **parts), by="hooks")


def kinds(life: Any, id: str = "r") -> list[str]:
    """Return what happened to something, in order."""
    return [entry.kind for entry in life.register.history(id)]


# --- known risks -----------------------------------------------------------------------------------------------------


def test_a_finding_asks_for_an_assessment_of_its_risk_and_assesses_nothing(life: Any) -> None:
    """The mark names the group; status, grades and peak are as they were."""
    before = life.answered(Grade.MEDIUM)
    group = record(life, risk="r")
    after = life.state()

    assert (group.id, life.clock(), False) == (after.recheck.finding, after.recheck.at, after.recheck.step_up)
    assert before == evolve(after, recheck=None)


def test_a_mark_stands_once_until_an_assessment_answers_it(life: Any) -> None:
    """Many findings ask once; the next assessment clears the mark, and a finding after it asks again."""
    life.assess()
    record(life, risk="r")
    record(life, risk="r")
    record(life, risk="r", label="other")
    asked = kinds(life).count("reassessment_asked")
    life.assess()
    cleared = life.state().recheck
    record(life, risk="r", label="third")

    assert (1, None, 2) == (asked, cleared, kinds(life).count("reassessment_asked"))


def test_three_findings_of_a_group_in_thirty_days_ask_for_one_grade_up(life: Any) -> None:
    """The mark turns into a stronger one, and keeps the instant it began at."""
    record(life, risk="r", at=life.clock() - dt.timedelta(days=30))
    began = life.state().recheck.at
    life.forward(hours=-0)
    record(life, risk="r", count=2)
    mark = life.state().recheck

    assert (True, began, 2) == (mark.step_up, mark.at, kinds(life).count("reassessment_asked"))


def test_findings_far_apart_ask_for_no_grade_up(life: Any) -> None:
    """Three within more than thirty days ask for an assessment only."""
    record(life, risk="r", at=life.clock() - dt.timedelta(days=31))
    record(life, risk="r", count=2)

    assert not life.state().recheck.step_up


def test_the_group_that_asks_for_one_grade_up_is_the_one_named(life: Any) -> None:
    """Of two groups in one batch the mark names the one with the many."""
    few, many = seen(life, risk="r"), seen(life, risk="r", label="many", count=3)
    life.submit(commands.RecordFindings(findings=[few, many]), by="hooks")

    assert (many.fingerprint, True) == (life.state().recheck.finding, life.state().recheck.step_up)


def test_a_risk_with_a_mark_is_not_closed(life: Any) -> None:
    """What was found since the last assessment has to be looked at first."""
    life.answered()
    life.lowered()
    record(life, risk="r")

    assert ["reassessment_asked"] == life.can(commands.Close(risk="r"))


def test_a_mark_keeps_the_assess_phase_open_and_the_release_shut(life: Any) -> None:
    """The cycle record and the gates show it; an assessment clears both."""
    life.answered()
    record(life, risk="r")
    open_then = life.register.cycle("chat").phases[1].open
    shut = "reassessment_asked" in life.release_blockers()
    life.assess(residual=True)

    assert (("r",), True) == (open_then, shut)
    assert ((), False) == (life.register.cycle("chat").phases[1].open, "reassessment_asked" in life.release_blockers())


def test_explaining_a_risk_names_the_group_that_asks(life: Any) -> None:
    """Whoever reads about the risk sees why it is assessed again."""
    group = record(life, risk="r")

    assert group.id in life.register.explain("r", lang="ko")


def test_a_finding_after_closing_opens_the_risk_again(life: Any) -> None:
    """The next cycle starts, for recurrence, and an assessment is asked for."""
    life.closed()
    life.forward(hours=1)
    record(life, risk="r")

    assert (RiskStatus.IDENTIFIED, 2) == (life.state().status, life.state().cycle)
    assert ["risk_reopened", "reassessment_asked"] == kinds(life)[-2:]


@pytest.mark.parametrize(
    "parts",
    [{"verdict": Verdict.INDETERMINATE}, {"at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}],
    ids=["no answer", "seen before closing"],
)
def test_other_findings_leave_a_closed_risk_closed_and_mark_it(life: Any, parts: dict[str, Any]) -> None:
    """A control that did not answer, or old news, asks for an assessment and opens nothing."""
    life.closed()
    life.forward(hours=1)
    record(life, risk="r", **parts)

    assert RiskStatus.CLOSED is life.state().status
    assert life.state().recheck is not None


def test_the_governance_says_which_verdicts_open_a_risk_again(start_life: Any) -> None:
    """With none named, a closed risk stays closed."""
    governance = evolve(catalog.kakao_governance(), findings=FindingTerms(reopening=()))
    life = start_life(governance=governance)
    life.closed()
    life.forward(hours=1)
    record(life, risk="r")

    assert RiskStatus.CLOSED is life.state().status


def test_a_risk_that_is_lived_with_stays_accepted(life: Any) -> None:
    """Findings on a risk that an acceptance closed are expected: it is marked, not opened."""
    life.answered()
    life.accepted()
    life.register.close("r", by="pm.oh")
    life.forward(hours=1)
    record(life, risk="r")

    assert (RiskStatus.CLOSED, True) == (life.state().status, life.state().recheck is not None)


def test_a_finding_on_a_merged_risk_reaches_what_it_was_merged_into(life: Any) -> None:
    """An old id resolves for ever; the group keeps the name it came with."""
    life.identify("twin")
    life.submit(commands.Merge(into="r", risks=["twin"]), because=WHY)
    group = record(life, risk="twin")

    assert ("twin", group.id) == (group.risk, life.state("r").recheck.finding)
    assert life.state("twin").recheck is None


def test_a_finding_of_another_actor_is_never_tied_to_the_risk_it_names(life: Any) -> None:
    """It waits for a person, who may not tie it either."""
    group = record(life, risk="r", actor=Actor.HUMAN)

    assert group.waits
    assert "crosses_actor" in life.can(commands.LinkFinding(finding=group.id, risk="r"))


def test_a_finding_with_the_actor_of_its_risk_is_in_the_group_of_those_without(life: Any) -> None:
    """A process that knows the risk tells its actor, one without a register does not: one group."""
    first, second = record(life, risk="r"), record(life, risk="r", actor=Actor.AI)

    assert (first.id, 2) == (second.id, second.count)


def test_a_signal_with_the_label_of_a_risk_joins_it(life: Any) -> None:
    """System, component, actor and label are the risk's: that is its fingerprint."""
    life.identify("pii", component="reply", label="kr.rrn")
    group = record(life, label="kr.rrn", actor=Actor.AI)

    assert ("pii", group.id) == (group.risk, life.state("pii").recheck.finding)


@pytest.mark.parametrize(
    "parts",
    [
        {"label": "kr.rrn"},
        {"label": "kr.rrn", "actor": Actor.HUMAN},
        {"label": "kr.rrn", "category": RiskCategory.UNCONTROLLABILITY},
        {"label": "kr.rrn", "actor": Actor.AI, "component": "chat/search"},
        {"label": "kr.rrn", "actor": Actor.AI, "component": "chat"},
        {"label": "other", "actor": Actor.AI},
        {"actor": Actor.AI},
    ],
    ids=["no actor", "human", "category", "component", "no component", "label", "no label"],
)
def test_a_signal_that_differs_from_every_risk_waits(life: Any, parts: dict[str, Any]) -> None:
    """One part of the fingerprint that differs, or is not known, is enough."""
    life.identify("pii", component="reply", label="kr.rrn")

    assert record(life, **parts).waits


def test_a_signal_with_a_category_suggests_the_actor(life: Any) -> None:
    """The category implies it."""
    life.identify("pii", component="reply", label="kr.rrn")

    assert "pii" == record(life, label="kr.rrn", category=RiskCategory.MODEL_IMPERFECTION).risk


# --- groups that wait ------------------------------------------------------------------------------------------------


def test_a_finding_on_an_unknown_risk_waits_and_makes_no_risk(life: Any) -> None:
    """However many there are, it is one group and no risk."""
    for _ in range(3):
        group = record(life, risk="ghost", count=10)

    assert (FindingStatus.WAITING, 30, "chat") == (group.status, group.count, group.system)
    assert ["r"] == [one.id for one in life.register.risks()]


def test_a_waiting_group_keeps_the_identify_phase_and_the_gate_open_to_see(life: Any) -> None:
    """Stage record, gate and screen count it, and a dismissal with a reason answers it."""
    group = record(life, label="odd")
    counted = (group.id in life.register.cycle("chat").phases[0].open, len(life.register.screen("chat").findings))
    shut = "finding_waits" in life.blockers(life.register.gate("chat", Stage.DEVELOPMENT))
    life.register.dismiss(group.id, by="qa.seo", because=WHY)

    assert ((True, 1), True) == (counted, shut)
    assert () == life.register.screen("chat").findings
    assert "finding_waits" not in life.blockers(life.register.gate("chat", Stage.DEVELOPMENT))


def test_a_waiting_group_keeps_a_system_from_entering_the_next_stage(life: Any) -> None:
    """The decision is there, and the gate is shut all the same."""
    life.answered()
    life.decided("chat", Matter.STAGE, stage=Stage.DEVELOPMENT)
    group = record(life, label="odd")
    refused = life.can(commands.Enter(system="chat", stage=Stage.DEVELOPMENT))
    life.register.dismiss(group.id, by="qa.seo", because=WHY)

    assert ["finding_waits"] == refused
    assert Stage.DEVELOPMENT is life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh").stage


@pytest.mark.parametrize("component", ["ghost/reply", None], ids=["unknown", "none"])
def test_a_group_in_no_known_system_is_shown_at_every_gate(life: Any, component: str | None) -> None:
    """It blocks none of them, and it is never silent."""
    group = record(life, component=component, label="odd")
    gate = life.register.gate("chat", Stage.DEVELOPMENT)

    assert (None, ["finding_homeless"]) == (group.system, [one.code.id for one in gate.warnings])


def test_a_finding_whose_risk_became_known_ties_the_whole_group(life: Any) -> None:
    """What waited under the name of a risk belongs to it once a finding comes after its identification."""
    record(life, risk="later", count=5)
    life.identify("later")
    group = record(life, risk="later")

    assert (FindingStatus.LINKED, "later", 6) == (group.status, group.risk, group.count)
    assert life.state("later").recheck is not None


def test_a_person_makes_a_risk_of_a_group(life: Any) -> None:
    """The risk is identified by whoever promotes, and the group belongs to it."""
    group = record(life, label="odd", count=7)
    risk = Risk(id="odd", title="x", category="model_imperfection", system="chat", principles={"privacy"}, owner="ml")
    promoted = life.register.promote(group.id, risk, by="qa.seo")

    assert (FindingStatus.LINKED, "odd", 7) == (promoted.status, promoted.risk, promoted.count)
    assert ("qa.seo", None) == (life.state("odd").identified_by, life.state("odd").peak)


def test_a_person_ties_a_group_to_a_known_risk_which_is_assessed_again(life: Any) -> None:
    """The risk is marked, and opened where it was closed before."""
    life.closed()
    life.forward(hours=1)
    group = record(life, label="odd", count=3)
    life.register.promote(group.id, "r", by="qa.seo")

    assert (RiskStatus.IDENTIFIED, True) == (life.state().status, life.state().recheck.step_up)


def test_an_agent_records_and_judges_nothing(life: Any) -> None:
    """Recording is open to agents; promoting, tying and dismissing are not."""
    group = life.register.record(seen(life, label="odd"), by="bot")
    risk = Risk(id="odd", title="x", category="model_imperfection", system="chat", principles={"privacy"}, owner="ml")
    judging = [
        commands.PromoteFinding(finding=group.id, risk=risk),
        commands.LinkFinding(finding=group.id, risk="r"),
        commands.DismissFinding(finding=group.id),
    ]

    assert [["agent_cannot_approve"]] * 3 == [life.can(one, by="bot", because=WHY) for one in judging]


def test_a_dismissal_needs_a_reason(life: Any) -> None:
    """Without one it is refused."""
    group = record(life, label="odd")

    with pytest.raises(CommandRefused) as refused:
        life.register.dismiss(group.id, by="qa.seo")

    assert ["reason_too_short"] == [one.code.id for one in refused.value.refusals]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "r"}, "duplicate_active"),
        ({"id": "chat"}, "id_taken"),
        ({"category": "passive_negligence"}, "crosses_actor"),
        ({"system": "other"}, "finding_elsewhere"),
        ({"principles": {"no-such"}}, "unknown_subject"),
        ({"id": "twin", "label": "r"}, "duplicate_active"),
    ],
    ids=["id", "taken", "actor", "system", "principle", "fingerprint"],
)
def test_a_risk_that_does_not_fit_is_not_made_of_a_group(life: Any, changes: dict[str, Any], code: str) -> None:
    """What identifying asks is asked, and the risk has to be of the actor and the system that were seen."""
    parts: dict[str, Any] = {"id": "odd", "title": "x", "category": "model_imperfection", "system": "chat"}
    parts |= {"principles": {"privacy"}, "owner": "ml"}
    group = record(life, label="odd", actor=Actor.AI)

    assert code in life.can(commands.PromoteFinding(finding=group.id, risk=Risk(**(parts | changes))))


def test_a_group_is_not_tied_to_what_is_unknown_or_leads_elsewhere(life: Any) -> None:
    """An unknown risk, and one that was merged away, are refused."""
    life.identify("twin")
    life.submit(commands.Merge(into="r", risks=["twin"]), because=WHY)
    group = record(life, label="odd")
    tie = [life.can(commands.LinkFinding(finding=group.id, risk=name)) for name in ("ghost", "twin")]

    assert [["unknown_subject"], ["succeeded"]] == tie


def test_a_group_is_not_tied_to_a_risk_of_another_system(life: Any) -> None:
    """What was seen in one system is no finding on another."""
    from kakao_asi import System

    life.register.add_system(System(id="other", unit="x", audience="internal"), by="pm.oh")
    life.identify("far", system="other")
    group = record(life, label="odd")

    assert ["finding_elsewhere"] == life.can(commands.LinkFinding(finding=group.id, risk="far"))


def test_a_dismissed_group_may_still_be_promoted(life: Any) -> None:
    """A person may think again; a group that belongs to a risk is not dismissed."""
    group = record(life, label="odd")
    life.register.dismiss(group.id, by="qa.seo", because=WHY)
    tied = life.register.promote(group.id, "r", by="qa.seo")

    assert "r" == tied.risk
    assert ["no_transition"] == life.can(commands.DismissFinding(finding=group.id), because=WHY)


@pytest.mark.parametrize(
    ("count", "hours", "status"),
    [(8, 1, "dismissed"), (9, 1, "waiting"), (1, 24, "waiting"), (1, 23, "dismissed")],
    ids=["nine", "ten", "a day later", "within the day"],
)
def test_a_dismissed_group_waits_again_when_it_grows_or_comes_back(
    life: Any, count: int, hours: int, status: str
) -> None:
    """Ten times what it was, or a day of quiet: a dismissal is no licence for ever."""
    group = record(life, label="odd")
    life.register.dismiss(group.id, by="qa.seo", because=WHY)
    life.forward(hours=hours)

    assert status == record(life, label="odd", count=count).status.id


def test_the_quiet_before_a_dismissal_does_not_count(life: Any) -> None:
    """A group seen long ago and dismissed today does not wait again with the next finding."""
    group = record(life, label="odd")
    life.forward(days=9)
    life.register.dismiss(group.id, by="qa.seo", because=WHY)
    life.forward(hours=1)

    assert FindingStatus.DISMISSED is record(life, label="odd").status


def test_a_dismissed_group_whose_risk_becomes_known_is_tied_to_it(life: Any) -> None:
    """The name it came with means something now."""
    group = record(life, risk="later")
    life.register.dismiss(group.id, by="qa.seo", because=WHY)
    life.identify("later")

    assert "later" == record(life, risk="later").risk


def test_the_facts_of_the_first_are_kept_and_not_in_the_log(life: Any) -> None:
    """They are an erasable text; the bytes of the log and the repr hold a digest at most."""
    group = record(life, label="odd", facts={"canary": "c4n4ry"})
    events = [entry for entry in life.register.events() if entry.stream.startswith("finding:")]

    assert '{"canary": "c4n4ry"}' == group.sample.facts
    assert "c4n4ry" not in repr(group) + repr(events) + repr([entry.payload for entry in events])


@pytest.mark.parametrize(
    "parts",
    [{"verdict": Verdict.CLEAR}, {"suppressed": 2}, {"first": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)}],
    ids=["clear", "suppressed", "order"],
)
def test_what_is_no_finding_is_refused(life: Any, parts: dict[str, Any]) -> None:
    """CLEAR found nothing; counts and instants have to fit."""
    whole = {"verdict": Verdict.FLAG, "site": "m:f", "first": life.clock(), "last": life.clock()}

    with pytest.raises(InvalidValue):
        Sighting(**(whole | parts))


@pytest.mark.parametrize("findings", [[], "text", 3], ids=["none", "text", "number"])
def test_recording_takes_findings_only(findings: Any) -> None:
    """At least one, and nothing else."""
    with pytest.raises(InvalidValue):
        commands.RecordFindings(findings=findings)


def test_a_step_of_an_import_goes_forward() -> None:
    """The end is more than the start."""
    with pytest.raises(InvalidValue):
        commands.ImportFindings(spool="w", start=3, end=3, findings=())


def test_counts_beyond_what_json_keeps_stay_at_the_largest(life: Any) -> None:
    """Hostile counts neither overflow nor stop anything."""
    most = 2**53 - 1
    record(life, label="odd", count=most)

    assert most == record(life, label="odd", count=most).count


def test_a_group_whose_risk_is_out_of_sight_is_counted_only(life: Any) -> None:
    """The engine is total: without the risk among the facts nothing is asked of it."""
    group = record(life, risk="r")
    facts = Facts(findings={group.id: group})
    command = commands.RecordFindings(findings=[seen(life, risk="r")])
    answer = LifecycleEngine().decide(None, command, evolve(life.context(), facts=facts))

    assert isinstance(answer, Decided)
    assert ["findings_counted"] == [change.event.kind for change in answer.changes]
