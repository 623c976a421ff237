"""What the story claims is true of the register it leaves."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi.governance import CaseStatus

SYSTEM = "iyagi-chat"
BODIES = ("ai_safety", "erm_committee", "top")
HIGH_AT_FIRST = ("agent-beyond-grant", "deepfake-image", "rrn-in-reply")
FOUR = (*HIGH_AT_FIRST, "threshold-slip")
KST = dt.timezone(dt.timedelta(hours=9))


def kst(*when: int) -> dt.datetime:
    """An instant in Korean time."""
    return dt.datetime(*when, tzinfo=KST)


def facts(register: asi.RiskRegister) -> dict[str, Any]:
    """Everything that the words of a story do not change."""
    risks = {
        state.id: (state.status, state.cycle, state.effective, register.state_hash(state.id))
        for state in register.risks()
    }
    systems = {state.id: (state.stage, state.round, register.state_hash(state.id)) for state in register.systems()}
    cases = {case.id: (case.status, case.outcome, case.state_hash) for case in register.cases()}
    log = [(entry.seq, entry.id, entry.stream, entry.kind, entry.at, entry.by) for entry in register.events()]
    return {"risks": risks, "systems": systems, "cases": cases, "log": log}


def kinds(register: asi.RiskRegister, id_: str, since: dt.datetime) -> list[str]:
    """The kinds of what happened to something from an instant on."""
    return [entry.kind for entry in register.history(id_) if entry.at >= since]


def test_both_languages_tell_the_same_facts(english: Any, korean: Any) -> None:
    """States, cases and log are the same in both languages; only words differ."""
    with english.register() as first, korean.register() as second:
        assert facts(first) == facts(second)


@pytest.mark.long
def test_a_second_telling_replaces_the_first(tell: Callable[..., Any], tmp_path: Path, english: Any) -> None:
    """Told again into the same folder, with a stray journal in it, the story comes to the same states."""
    (tmp_path / "asi.db").write_bytes(b"an older register")
    (tmp_path / "asi.db-journal").write_bytes(b"its journal")
    again = tell("en", tmp_path)

    assert {"asi.db", "report.md", "report.html"} == {path.name for path in tmp_path.iterdir()}
    with english.register() as first, again.register() as second:
        assert facts(first) == facts(second)


def test_a_telling_that_fails_leaves_the_folder_as_it_was(tell: Callable[..., Any], tmp_path: Path) -> None:
    """What an earlier telling left stays if a chapter fails."""

    def torn(_scene: object) -> None:
        message = "the page is torn"
        raise RuntimeError(message)

    (tmp_path / "asi.db").write_bytes(b"an older register")
    with pytest.raises(RuntimeError, match="the page is torn"):
        tell("en", tmp_path, (torn,))

    assert {"asi.db": b"an older register"} == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_the_log_proves_itself(register: asi.RiskRegister) -> None:
    """The audit finds nothing, and the states are the fold of the log."""
    assert register.audit().sound
    assert register.rebuild() == ()


def test_all_four_categories_are_in_it(register: asi.RiskRegister) -> None:
    """The chat service has one risk of each category."""
    categories = [state.risk.category for state in register.risks(system=SYSTEM)]

    assert sorted(categories, key=lambda one: one.rank) == list(asi.RiskCategory)


def test_the_first_release_is_sent_back(register: asi.RiskRegister) -> None:
    """The first release case ends at AI Safety, and the gate of that day named every reason."""
    case = register.case(f"{SYSTEM}.release.1")
    codes = {one.code.id for one in register.as_of(kst(2026, 6, 1, 23)).gate(SYSTEM, "deployment").blockers}

    assert (asi.Outcome.RETURN, ("ai_safety",)) == (case.outcome, tuple(one.body for one in case.decisions))
    assert codes == {"stopped", "grade_high", "quorum_open"}


def test_the_second_release_is_approved_by_three_bodies_in_order(register: asi.RiskRegister) -> None:
    """AI Safety, the ERM committee with three people and the top body approve, in this order, nobody twice."""
    case = register.case(f"{SYSTEM}.release.2")
    voters = [person for decision in case.decisions for person in decision.voters]

    assert case.approved
    assert tuple(decision.body for decision in case.decisions) == BODIES
    assert [len(decision.voters) for decision in case.decisions] == [1, 3, 1]
    assert len(set(voters)) == len(voters)


def test_nobody_with_a_hand_in_it_voted(register: asi.RiskRegister) -> None:
    """Neither the owner with a seat nor a second name of a voter is among the votes on any release."""
    votes = {vote.by for case in register.cases(system=SYSTEM) if case.stage is not None for vote in case.votes}

    assert votes.isdisjoint({"trust.seo", "jung.mobile", "watch.bot", "ml.lee"})


@pytest.mark.parametrize("risk", HIGH_AT_FIRST)
def test_the_effective_grade_stays_high_until_the_top_lowers(register: asi.RiskRegister, risk: str) -> None:
    """With a verified MEDIUM residual it is still HIGH; the day after the top body's decision it is MEDIUM."""
    before = register.as_of(kst(2026, 6, 22, 12)).grades(risk)
    after = register.as_of(kst(2026, 6, 24, 12)).grades(risk)
    decided = register.case(f"{risk}.close_or_lower.1")

    assert (asi.Grade.MEDIUM, asi.Grade.HIGH) == (before.residual, before.effective)
    assert after.effective is asi.Grade.MEDIUM
    assert tuple(decision.body for decision in decided.decisions) == ("top",)


def test_the_monitor_stops_the_agent_within_two_seconds(register: asi.RiskRegister) -> None:
    """The stop is a program's, 1.4 seconds after the overstep, and the first assessment of it comes later."""
    stopped = next(entry for entry in register.history(SYSTEM) if entry.kind == "stopped")
    assessed = next(entry for entry in register.history("agent-beyond-grant") if entry.at > stopped.at)

    assert ("watch.bot", dt.timedelta(milliseconds=1_400)) == (stopped.by, stopped.at - kst(2026, 5, 19, 14))
    assert assessed.kind == "risk_assessed"


def test_only_the_top_body_lifts_the_stop(register: asi.RiskRegister) -> None:
    """The first request is sent back, the second approved, both by the top body; then the stop is gone."""
    cases = [case for case in register.cases(subject=SYSTEM) if case.matter is asi.Matter.STOP]
    lifted = next(entry for entry in register.history(SYSTEM) if entry.kind == "lifted")

    assert [case.outcome for case in cases] == [asi.Outcome.RETURN, asi.Outcome.APPROVE]
    assert {decision.body for case in cases for decision in case.decisions} == {"top"}
    assert cases[1].decided_at is not None
    assert lifted.at >= cases[1].decided_at
    assert register.system(SYSTEM).stops == ()


def test_six_stages_give_six_complete_records(register: asi.RiskRegister) -> None:
    """Each stage left a complete record, and the present one is of the second round."""
    records = register.system(SYSTEM).records
    present = register.cycle(SYSTEM)

    assert [record.stage for record in records] == list(asi.Stage)
    assert all(record.complete for record in records)
    assert [record.round for record in records] == [1, 1, 1, 1, 1, 2]
    assert (asi.Stage.TEST, 2) == (present.stage, present.round)


def test_containment_comes_first(register: asi.RiskRegister) -> None:
    """In the incident the closed risk is reopened and contained, then assessed, then answered."""
    happened = kinds(register, "rrn-in-reply", kst(2026, 9, 9))

    assert happened[:4] == ["risk_reopened", "contained", "risk_assessed", "response_planned"]


def test_the_incident_is_decided_within_its_clocks(register: asi.RiskRegister) -> None:
    """Three bodies decide on the incident, each before its deadline, and the last one sets a condition."""
    case = register.case("rrn-in-reply.risk.1")

    assert tuple(decision.body for decision in case.decisions) == BODIES
    assert all(
        step.due_at is not None and decision.at <= step.due_at
        for step, decision in zip(case.steps, case.decisions, strict=True)
    )
    assert (asi.Outcome.APPROVE_WITH_CONDITIONS, 1) == (case.outcome, len(case.conditions))


@pytest.mark.parametrize("risk", FOUR)
def test_update_opens_the_next_cycle_of_every_risk(register: asi.RiskRegister, risk: str) -> None:
    """Entering UPDATE starts the next cycle, and pinning the new version then starts no further one."""
    before = register.as_of(kst(2026, 10, 12, 9)).risk(risk)
    after = register.risk(risk)
    opened = [entry for entry in register.history(risk) if entry.at == kst(2026, 10, 12, 9, 30)]

    assert [entry.kind for entry in opened] == ["cycle_opened"]
    assert before.cycle + 1 == after.cycle


def test_the_first_version_serves_while_the_second_is_a_candidate(register: asi.RiskRegister) -> None:
    """What is live is what the approved release pinned; the candidate differs, and its gate is shut."""
    state = register.system(SYSTEM)
    released, asked = register.case(f"{SYSTEM}.release.2"), register.case(f"{SYSTEM}.release.3")

    assert state.live == released.pins
    assert state.candidate == asked.pins
    assert state.candidate != state.live
    assert register.component_gate(SYSTEM).passed
    assert {one.code.id for one in register.gate(SYSTEM, "deployment").blockers} == {"quorum_open"}


def test_a_decision_lets_a_system_in_once(register: asi.RiskRegister) -> None:
    """In the second round the gate asks for a new decision; the used one is not said to have lapsed."""
    gate = register.as_of(kst(2026, 11, 10, 12)).gate(SYSTEM, "deployment")

    assert {one.code.id for one in gate.blockers} == {"grade_high", "case_missing"}


def test_the_last_case_waits_for_one_vote(register: asi.RiskRegister) -> None:
    """The second version's release is open before the ERM committee, with two of three votes."""
    case = register.case(f"{SYSTEM}.release.3")

    assert (CaseStatus.OPEN, "erm_committee") == (case.status, case.body)
    assert sum(vote.body == case.body for vote in case.votes) == 2


def test_no_planned_response_is_left_unverified(register: asi.RiskRegister) -> None:
    """At the end every response of the chat service is verified at full coverage."""
    responses = [one for state in register.risks(system=SYSTEM) for one in state.responses]

    assert responses
    assert all(one.verified for one in responses)
