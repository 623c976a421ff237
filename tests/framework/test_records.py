"""Policies, procedures, accountabilities, regulation links, reviews and attestations on record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from attrs import evolve

from kakao_asi import Stage, catalog, commands
from kakao_asi.evidence import EvidenceKind
from kakao_asi.exceptions import InvalidValue
from kakao_asi.framework import (
    Accountability,
    AnyOf,
    Attestation,
    ChangeKind,
    Fact,
    FactTest,
    FrameworkReview,
    Lacking,
    Lesson,
    Policy,
    Procedure,
    ProcedureStep,
    Record,
    RegulationLink,
    ReviewedChange,
    in_force,
)
from kakao_asi.governance import Case, Person, StageNeed
from kakao_asi.stages import Phase

TODAY = dt.date(2026, 3, 2)
DIGEST = "sha256:" + "0" * 64


def policy(**fields: Any) -> Policy:
    """A policy on personal data; a draft unless a case is given."""
    parts: dict[str, Any] = {
        "id": "privacy",
        "title": "개인정보 정책",
        "digest": DIGEST,
        "place": "wiki/privacy",
        "principles": {"privacy"},
        "stages": {"design"},
        "owner": "serving",
        "body": "top",
        "effective_from": TODAY,
        "review_by": TODAY + dt.timedelta(days=300),
    }
    return Policy(**(parts | fields))


def procedure(**fields: Any) -> Procedure:
    """A procedure of one step."""
    step = ProcedureStep(
        id="s1",
        phase=Phase.IDENTIFY,
        stage="design",
        role="serving",
        does="수집 근거를 적는다",
        evidence=EvidenceKind.DATA_SET,
        within_days=30,
    )
    parts: dict[str, Any] = {
        "id": "data-check",
        "policy": "privacy",
        "title": "데이터 점검",
        "steps": [step],
        "effective_from": TODAY,
        "review_by": TODAY + dt.timedelta(days=300),
    }
    return Procedure(**(parts | fields))


def accountability(**fields: Any) -> Accountability:
    """Who answers for the policy."""
    parts: dict[str, Any] = {
        "id": "acc",
        "duty": "policy:privacy",
        "accountable": "serving",
        "unit": "chat",
        "start": TODAY,
    }
    return Accountability(**(parts | fields))


def link(**fields: Any) -> RegulationLink:
    """How the duty to report leaks is answered."""
    parts: dict[str, Any] = {
        "id": "leaks",
        "rule": "law.clocks:kr.pipa.report.v2",
        "checked_on": TODAY,
        "next_check": TODAY + dt.timedelta(days=90),
    }
    return RegulationLink(**(parts | fields))


def review(**fields: Any) -> FrameworkReview:
    """A review without a change."""
    parts: dict[str, Any] = {
        "id": "review-2026",
        "held_on": TODAY,
        "body": "erm_committee",
        "since": TODAY - dt.timedelta(days=90),
        "inputs": [DIGEST],
        "lessons": [Lesson(text="역할이 겹친 절차를 나눈다", source="r", principles={"privacy"})],
        "none_because": "이번 기간에는 새로 확인된 문제가 없었다",
        "next_on": TODAY + dt.timedelta(days=180),
    }
    return FrameworkReview(**(parts | fields))


def put(life: Any, record: Record, *, by: str = "pm.oh") -> None:
    """Put a record on record."""
    life.submit(commands.Record(record=record), by=by)


def refused(life: Any, record: Record, *, by: str = "pm.oh") -> list[str]:
    """The codes that refuse a record."""
    return list(life.can(commands.Record(record=record), by=by))


def approved_case(life: Any) -> Case:
    """A decided case that changes the governance."""
    changed = evolve(life.register.governance(), version=2, approval_days=20)
    case = life.submit(commands.ProposeGovernance(governance=changed), because="a shorter approval is wanted here")
    while life.register.case(case.id).outcome is None:
        life.vote(case.id)
    return case  # type: ignore[no-any-return]  # submit returns any state


def lacking(life: Any) -> list[tuple[str, str]]:
    """What the records lack, as code and subject."""
    return [(one.code.id, one.subject) for one in life.register.framework_findings()]


# --- recording -------------------------------------------------------------------------------------------------------


def test_records_are_read_back_in_their_order(life: Any) -> None:
    """What was recorded is read back alike, and the log rebuilds it."""
    for one in (policy(), procedure(), accountability(), review()):
        put(life, one)

    assert ((policy(), procedure(), accountability(), review()), ()) == (
        life.register.records(),
        life.register.rebuild(),
    )


def test_a_change_is_the_next_version(life: Any) -> None:
    """A new version stands beside the old one, and the latest is what counts."""
    put(life, accountability())
    put(life, accountability(version=2, accountable="quality"))

    assert (["quality"], 2) == (
        [one.accountable for one in life.register.records()],
        len(life.register.records(every_version=True)),
    )


@pytest.mark.parametrize("version", [1, 3])
def test_another_version_is_refused(life: Any, version: int) -> None:
    """A version that is not the next one is refused."""
    put(life, accountability())

    assert ["version_order"] == refused(life, accountability(version=version))


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(policy(body="nobody"), id="body"),
        pytest.param(policy(principles={"unknown"}), id="principle"),
        pytest.param(policy(supersedes="older"), id="superseded"),
        pytest.param(procedure(), id="policy"),
        pytest.param(review(body="nobody"), id="reviewing-body"),
    ],
)
def test_what_a_record_names_has_to_exist(life: Any, record: Record) -> None:
    """A record that names a body, principle or policy nobody knows is refused."""
    assert ["unknown_subject"] == refused(life, record)


def test_an_agent_records_nothing(life: Any) -> None:
    """Records are people's business."""
    assert ["agent_cannot_approve"] == refused(life, accountability(), by="bot")


def test_a_policy_names_a_decided_case(life: Any) -> None:
    """A policy that names a case nobody decided is refused; as a draft it is taken."""
    assert (["case_missing"], []) == (refused(life, policy(case="governance.1")), refused(life, policy()))


def test_a_decided_case_puts_a_policy_into_force(life: Any) -> None:
    """With the case that changed the governance a policy is in force."""
    case = approved_case(life)
    put(life, policy(case=case.id))

    assert ["privacy"] == [one.id for one in in_force(life.register.records(), TODAY)]


def test_legal_signs_how_a_rule_is_answered(life: Any) -> None:
    """A regulation link is recorded by somebody with the role legal."""
    life.submit(commands.ChangePerson(person=Person(id="law.choi", roles={"legal"})))

    assert (["not_authorized"], []) == (refused(life, link()), refused(life, link(), by="law.choi"))


def test_a_link_names_policies_and_procedures_that_exist(life: Any) -> None:
    """A regulation link cannot rest on papers nobody recorded."""
    life.submit(commands.ChangePerson(person=Person(id="law.choi", roles={"legal"})))

    assert ["unknown_subject"] == refused(life, link(policies={"x"}, procedures={"y"}), by="law.choi")


# --- values ----------------------------------------------------------------------------------------------------------

YEAR = dt.timedelta(days=366)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: policy(review_by=TODAY + YEAR), id="policy-review"),
        pytest.param(lambda: procedure(review_by=TODAY + YEAR), id="procedure-review"),
        pytest.param(lambda: review(next_on=TODAY + YEAR), id="next-review"),
        pytest.param(lambda: review(since=TODAY + dt.timedelta(days=1)), id="period"),
        pytest.param(lambda: review(none_because=None), id="no-change-no-reason"),
        pytest.param(lambda: procedure(steps=[procedure().steps[0]] * 2), id="step-twice"),
        pytest.param(lambda: accountability(duty="person:kim"), id="duty"),
    ],
)
def test_a_record_that_cannot_be_is_refused(make: Any) -> None:
    """Reviews within a year, a reason or a change, each step once, duties of a known kind."""
    with pytest.raises(InvalidValue):
        make()


def test_a_review_with_a_change_needs_no_excuse() -> None:
    """A review that calls for a change need not say why there is none."""
    change = ReviewedChange(kind=ChangeKind.GUIDANCE, from_version="1", to_version="2")

    assert (change,) == review(none_because=None, changes=[change]).changes


def test_no_text_of_a_record_is_shown() -> None:
    """Titles and lessons stay out of ``repr``."""
    shown = repr((policy(), procedure(), review()))

    assert not [word for word in ("개인정보 정책", "데이터 점검", "역할이 겹친") if word in shown]


# --- in force --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([policy()], [], id="draft"),
        pytest.param([policy(case="c")], [1], id="decided"),
        pytest.param([policy(case="c", effective_from=TODAY + dt.timedelta(days=1))], [], id="not-yet"),
        pytest.param([policy(case="c"), policy(version=2)], [1], id="later-draft"),
        pytest.param([policy(case="c"), policy(case="c", version=2)], [2], id="later-version"),
        pytest.param([policy(case="c"), policy(id="new", case="c", supersedes="privacy")], [1], id="superseded"),
    ],
)
def test_the_latest_decided_version_is_in_force(records: list[Record], expected: list[int]) -> None:
    """Drafts and versions ahead leave the earlier one in force; a superseded policy is not."""
    assert expected == [one.version for one in in_force(records, TODAY)]


# --- findings --------------------------------------------------------------------------------------------------------


def test_an_owner_role_without_policy_is_a_finding(life: Any) -> None:
    """A role that owns open risks and has no policy in force is shown."""
    assert [("owner_role_without_policy", "serving")] == lacking(life)


def test_a_policy_alone_lacks_procedure_and_accountable(life: Any) -> None:
    """A policy in force without a procedure and without an accountable role is shown."""
    put(life, policy(case=approved_case(life).id))

    assert [("policy_without_procedure", "privacy"), ("duty_without_accountable", "policy:privacy")] == lacking(life)


def test_complete_records_lack_nothing(life: Any) -> None:
    """Policy, procedure and accountability together leave no finding."""
    put(life, policy(case=approved_case(life).id))
    put(life, procedure())
    put(life, accountability())

    assert [] == lacking(life)


def test_what_is_past_its_review_is_a_finding(life: Any) -> None:
    """A policy and a review that are overdue are shown."""
    put(life, policy(case=approved_case(life).id))
    put(life, procedure())
    put(life, accountability())
    put(life, review())
    life.forward(days=301)

    past = [("policy_past_review", "privacy"), ("step_overdue", "data-check/s1"), ("review_overdue", "review-2026")]
    assert past == lacking(life)


def test_a_step_nobody_can_do_is_a_finding(life: Any) -> None:
    """A procedure whose role nobody in the roster holds is shown."""
    step = evolve(procedure().steps[0], role="nobody")
    put(life, policy(case=approved_case(life).id))
    put(life, procedure(steps=[step]))
    put(life, accountability())

    assert [("step_without_role", "data-check")] == lacking(life)


def test_two_accountable_roles_are_a_finding(life: Any) -> None:
    """Two accountable roles for one duty, unit and day are shown; one after the other is fine."""
    put(life, policy(case=approved_case(life).id))
    put(life, procedure())
    put(life, accountability(end=TODAY + dt.timedelta(days=1)))
    put(life, accountability(id="acc2", accountable="quality"))
    both = lacking(life)
    life.forward(days=1)

    assert ([("two_accountable", "policy:privacy/chat")], []) == (both, lacking(life))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, ["regulation_gap"], id="no-policy"),
        pytest.param({"policies": {"privacy"}}, [], id="answered"),
        pytest.param({"policies": {"privacy"}, "gap": "신고 담당이 없다"}, ["regulation_gap"], id="known-gap"),
        pytest.param({"next_check": TODAY - dt.timedelta(days=1), "policies": {"privacy"}}, ["regulation_unchecked"]),
        pytest.param(
            {"applies_if": [AnyOf(tests=[FactTest(fact=Fact.GENERATIVE)])]},
            ["regulation_gap"],
            id="unknown-fact",
        ),
    ],
)
def test_an_outside_rule_without_an_answer_is_a_finding(life: Any, fields: dict[str, Any], expected: list[str]) -> None:
    """A rule that applies and has no policy, a known gap, and a missed check are shown."""
    life.submit(commands.ChangePerson(person=Person(id="law.choi", roles={"legal"})))
    put(life, policy(case=approved_case(life).id))
    put(life, procedure())
    put(life, accountability())
    put(life, link(**fields), by="law.choi")

    assert expected == [code for code, _ in lacking(life)]


@pytest.mark.parametrize("code", Lacking, ids=lambda code: str(code.id))
def test_findings_speak_both_languages(life: Any, code: Lacking) -> None:
    """A finding says in both languages what is lacking."""
    found = evolve(life.register.framework_findings()[0], code=code, subject="x", missing=("y",))

    assert ("x" in found.message("ko"), "x" in found.message("en")) == (True, True)


# --- gates -----------------------------------------------------------------------------------------------------------


def test_a_stage_may_need_a_policy_in_force(start_life: Any) -> None:
    """A stage that needs a policy and a procedure stays shut until both are in force and within review."""
    need = StageNeed(stage=Stage.DEVELOPMENT, policies={"privacy"}, procedures={"data-check"})
    life = start_life(governance=evolve(catalog.kakao_governance(), stage_needs=(need,)))

    def open_papers() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        blockers = life.register.gate("chat", Stage.DEVELOPMENT).blockers
        return [(one.missing, one.who) for one in blockers if one.code.id == "policy_open"]

    before = open_papers()
    put(life, policy(case=approved_case(life).id))
    put(life, procedure())
    after = open_papers()
    life.forward(days=301)

    assert (
        [(("privacy", "data-check"), ("chat",))],
        [],
        [(("privacy", "data-check"), ("serving",))],
    ) == (before, after, open_papers())


def test_a_need_of_nothing_is_refused() -> None:
    """A stage need names digests, policies or procedures."""
    with pytest.raises(InvalidValue):
        StageNeed(stage=Stage.TEST)


def test_an_overdue_review_warns_at_every_gate(life: Any) -> None:
    """An overdue framework review is a warning and blocks nobody."""
    put(life, review())
    before = {one.code.id for one in life.register.gate("chat", Stage.DEVELOPMENT).warnings}
    life.forward(days=181)

    after = life.register.gate("chat", Stage.DEVELOPMENT)

    assert (False, True, False) == (
        "review_overdue" in before,
        "review_overdue" in {one.code.id for one in after.warnings},
        "review_overdue" in {one.code.id for one in after.blockers},
    )


# --- attestations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "expected"), [(-1, False), (0, True), (364, True), (365, False)])
def test_an_attestation_counts_for_a_year(days: int, expected: bool) -> None:
    """An attestation counts from its day for 365 days."""
    one = Attestation(id="a", rule="joint_evaluation", digest=DIGEST, place="wiki", attested_on=TODAY, owner="serving")

    assert expected is one.counts(TODAY + dt.timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "evidence", "expected"),
    [
        pytest.param(30, None, [], id="in-time"),
        pytest.param(31, None, [("step_overdue", "data-check/s1")], id="late"),
        pytest.param(31, EvidenceKind.DATA_SET, [], id="evidence"),
        pytest.param(31, EvidenceKind.MODEL, [("step_overdue", "data-check/s1")], id="other-evidence"),
    ],
)
def test_a_step_that_left_no_evidence_in_time_is_a_finding(
    life: Any, days: int, evidence: EvidenceKind | None, expected: list[tuple[str, str]]
) -> None:
    """A step is overdue once its days at the stage have passed without evidence of its kind."""
    put(life, policy())
    put(life, procedure())
    if evidence is not None:
        piece = evolve(life.proof(), kind=evidence)
        life.assess(evidence=[piece])
    life.forward(days=days)

    assert expected == [one for one in lacking(life) if one[0] == "step_overdue"]
