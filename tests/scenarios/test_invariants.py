"""What holds in every scenario, for whatever order of acts Hypothesis makes up."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakao_asi import (
    Grade,
    ImperfectionFactors,
    Matter,
    Outcome,
    Response,
    Risk,
    RiskCategory,
    Severity,
    Stage,
    commands,
)
from kakao_asi.assessments import AssessmentKind
from kakao_asi.exceptions import CommandRefused, InvalidValue
from kakao_asi.lifecycle import RiskState, RiskStatus
from kakao_asi.lifecycle import events as e
from kakao_asi.responses import Coverage

pytestmark = pytest.mark.long

WHY = "told in the scenario, with its evidence on file"
NUMBER = "900101-1234567"
TIER = {Grade.LOW: "ai_safety", Grade.MEDIUM: "erm_committee", Grade.HIGH: "top"}
TIERS = ["ai_safety", "erm_committee", "top"]
NAMES = ("one", "two", "three")
FEW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

Act = tuple[str, str, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["assess", "respond", "verify", "left", "contain", "wait", "risk", "close_or_lower", "accept", "close",
             "reopen", "merge", "supersede", "split", "pin", "stop", "revoke", "withdraw"]
        ),
        st.sampled_from(NAMES),
        st.integers(0, 2),
    ),
    max_size=25,
)  # fmt: skip


class Told:
    """A register to which a made-up order of acts happened; what is refused leaves nothing."""

    def __init__(self, life: Any) -> None:
        """Begin with three risks."""
        self.life = life
        self.refused: list[str] = []
        for name in NAMES:
            life.identify(name, title=f"what somebody typed: {NUMBER}")

    def tell(self, acts: list[Act]) -> "Told":
        """Let acts happen, a minute after each other."""
        for what, name, how in acts:
            self.life.forward(minutes=1)
            try:
                self.act(what, name, how)
            except CommandRefused as refused:
                self.refused.append(str(refused))
        return self

    def act(self, what: str, name: str, how: int) -> None:
        """Try one act."""
        life, grade = self.life, list(Grade)[how]
        other = NAMES[(NAMES.index(name) + 1 + how % 2) % 3]
        state = life.state(name)
        responses = [one.id for one in state.responses]
        if what == "assess":
            life.assess(grade, name, by=["qa.seo", "audit.han", "ml.lee"][how])
        elif what == "respond":
            due = (life.clock() + dt.timedelta(days=30)).date()
            plan = Response(strategy="change_likelihood", controls=["ai.grounding"], owner="serving", due=due)
            life.register.respond(name, plan, by="pm.oh")
        elif what == "verify":
            for one in responses:
                proof, cover = [life.proof()], Coverage(done=2 - (how == 2), of=2)
                life.register.verify(name, one, coverage=cover, effective=True, evidence=proof, by="qa.seo")
        elif what == "left" and responses:
            life.assess(grade, name, residual=True)
        elif what == "contain":
            life.submit(commands.Contain(risk=name, until=[None, life.in_days(1), life.in_days(9)][how]))
        elif what == "wait":
            life.forward(days=[1, 31, 95][how])
        elif what in {"risk", "close_or_lower", "accept"}:
            until = life.in_days(10) if what == "accept" else None
            life.decided(name, Matter(what), [Outcome.APPROVE, Outcome.APPROVE, Outcome.REJECT][how], until=until)
        else:
            self.command(what, name, other)

    def command(self, what: str, name: str, other: str) -> None:
        """Try one of the acts that are a command and nothing else."""
        known = {one.id for one in self.life.register.risks()}
        parts = [self.part(name, f"{name}-{letter}") for letter in ("a", "b")]
        made = {
            "close": lambda: commands.Close(risk=name),
            "reopen": lambda: commands.Reopen(risk=name, code="recurrence"),
            "merge": lambda: commands.Merge(into=name, risks={other}),
            "supersede": lambda: commands.Supersede(risk=name, successor=other),
            "split": lambda: commands.Split(risk=name, parts=parts),
            "pin": lambda: commands.Pin(system="chat", pins=[self.life.pin(f"v{len(known)}{self.life.clock()}")]),
            "stop": lambda: commands.Stop(system="chat"),
            "revoke": lambda: commands.Revoke(risk=name),
            "withdraw": lambda: commands.WithdrawAssessment(risk=name, assessment=f"{name}.a1"),
        }
        if what in made:
            by = {"stop": "ceo", "revoke": "ceo", "withdraw": "qa.seo"}.get(what, "pm.oh")
            self.life.submit(made[what](), by=by)

    @staticmethod
    def part(whole: str, name: str) -> Risk:
        """Return a part of a risk."""
        return Risk(
            id=name,
            title=f"a part of {whole}",
            category=RiskCategory.MODEL_IMPERFECTION,
            system="chat",
            principles={"privacy"},
            owner="serving",
        )

    @property
    def log(self) -> list[Any]:
        """Everything that happened."""
        return list(self.life.register.events(limit=9_999))


@pytest.fixture
def told(start_life: Callable[..., Any]) -> Callable[[list[Act]], Told]:
    """Tell a made-up order of acts to a new register."""
    return lambda acts: Told(start_life(risk=False)).tell(acts)


@FEW
@given(acts=ACTS)
def test_grades_fall_only_by_the_tier_of_the_peak(told: Any, acts: list[Act]) -> None:
    """Each lowering names an approved case whose last body is at least that of the grade it takes away."""
    story = told(acts)
    peaks: dict[str, Grade | None] = {}
    for entry in story.log:
        risk = entry.stream.partition(":")[2]
        if isinstance(entry.event, e.RiskAssessed):
            peaks[risk] = max(entry.event.assessment.grade, peaks.get(risk) or Grade.LOW)
        elif isinstance(entry.event, e.RiskTookOver):
            assert entry.event.peak is None or entry.event.peak >= (peaks.get(risk) or Grade.LOW)
            peaks[risk] = entry.event.peak
        elif isinstance(entry.event, e.PeakLowered):
            case = story.life.register.case(entry.event.case)
            assert case.approved
            assert TIERS.index(case.body) >= TIERS.index(TIER[peaks[risk] or Grade.HIGH])
            peaks[risk] = entry.event.to
    assert all(peaks.get(one.id) == one.effective for one in story.life.register.risks())


@FEW
@given(acts=ACTS)
def test_closing_is_decided_and_answered(told: Any, acts: list[Act]) -> None:
    """Closing names an approved case; if not by acceptance, a residual within tolerance was verified in full."""
    story = told(acts)
    for entry in story.log:
        if isinstance(entry.event, e.RiskClosed):
            case = story.life.register.case(entry.event.case)
            assert (case.approved, entry.event.on_acceptance) == (True, case.matter is Matter.ACCEPT)
    for risk in story.life.register.risks(open=False):
        if risk.closed_for_good and not risk.succeeded_by:
            left = [one.grade for one in risk.assessments if one.kind is AssessmentKind.RESIDUAL and not one.withdrawn]
            assert left[-1] <= Grade.MEDIUM
            assert all(one.verified for one in risk.responses)


@FEW
@given(acts=ACTS)
def test_every_decision_names_body_time_and_state(told: Any, acts: list[Act]) -> None:
    """And each is by different people with a seat there, none of whom had a hand in it."""
    story = told(acts)
    for case, decision in story.life.register.decisions():
        seated = {one.id for one in story.life.register.roster().seated(decision.body)}
        assert decision.state_hash.startswith("sha256:")
        assert case.opened_at <= decision.at <= story.life.clock()
        assert len(set(decision.voters)) == len(decision.voters)
        assert set(decision.voters) <= seated - {"qa.seo", "audit.han", "ml.lee", "pm.oh"}


@FEW
@given(acts=ACTS)
def test_the_count_is_reconciled(told: Any, acts: list[Act]) -> None:
    """Nobody is lost: every risk that was identified is open, closed or led to its successors, and these are known."""
    story = told(acts)
    states: list[RiskState] = list(story.life.register.risks())
    known = {one.id for one in states}
    gone = [one for one in states if one.succeeded_by]
    kinds = [entry.kind for entry in story.log]
    merged = kinds.count("risk_succeeded")
    closed = kinds.count("risk_closed")
    reopened = sum(isinstance(one.event, e.RiskReopened) for one in story.log)
    still = [one for one in states if one.status is not RiskStatus.CLOSED]

    assert kinds.count("risk_identified") == len(known)
    assert len(known) + reopened - closed - merged == len(still)
    assert len(gone) == merged
    assert all(set(one.succeeded_by) <= known - {one.id} for one in gone)
    assert all(end in {one.id for one in states if not one.succeeded_by} for one in gone for end in ends(one, states))


def ends(risk: RiskState, states: list[RiskState]) -> set[str]:
    """Follow a risk to what it leads to in the end; a loop would never return."""
    by_id = {one.id: one for one in states}
    found, left, steps = set(), [risk.id], 0
    while left:
        steps += 1
        assert steps < 1_000, "a loop"
        one = by_id[left.pop()]
        left += one.succeeded_by
        found |= set() if one.succeeded_by else {one.id}
    return found


@FEW
@given(acts=ACTS)
def test_an_external_gate_ignores_what_was_only_accepted(told: Any, acts: list[Act]) -> None:
    """A risk graded HIGH that was not closed for good, accepted or not, keeps the system inside; so does no grade."""
    story = told(acts)
    shut = {(one.code.id, one.subject) for one in story.life.register.gate("chat", Stage.DEPLOYMENT).blockers}
    for risk in story.life.register.risks():
        if risk.closed_for_good:
            continue
        assert risk.effective is not Grade.HIGH or ("grade_high", risk.id) in shut
        if risk.status is not RiskStatus.CLOSED and story.life.register.grades(risk.id).unassessed:
            assert ("not_assessed", risk.id) in shut


@FEW
@given(acts=ACTS)
def test_a_typed_grade_shuts_nothing_and_containment_waits_for_nobody(told: Any, acts: list[Act]) -> None:
    """After anything, one more HIGH leaves the component gate as it was, and a containment is taken at once."""
    story = told(acts)
    gate = story.life.register.component_gate
    before = {(one.code, one.subject) for one in gate("chat").blockers}
    for risk in story.life.register.risks():
        if risk.status is not RiskStatus.CLOSED:
            story.life.assess(Grade.HIGH, risk.id)
        if not risk.succeeded_by:
            assert [] == story.life.can(commands.Contain(risk=risk.id))
    after = {(one.code, one.subject) for one in gate("chat").blockers}
    assert after == before


@FEW
@given(acts=ACTS)
def test_nothing_private_stands_in_a_record(told: Any, acts: list[Act]) -> None:
    """What somebody typed as a title is in no event as it is hashed, and in no refusal."""
    story = told(acts)

    assert all(NUMBER not in text for text in (*map(repr, story.log), *story.refused))


@FEW
@given(acts=ACTS)
def test_a_single_hand_releases_nothing(told: Any, acts: list[Act]) -> None:
    """In the default preset an approved release took five people over three bodies."""
    story = told(acts)
    try:
        case = story.life.decided("chat", Matter.RELEASE)
    except CommandRefused:
        return
    people = [voter for one in case.decisions for voter in one.voters]

    assert (5, TIERS) == (len(set(people)), [one.body for one in case.decisions])


@FEW
@given(acts=ACTS)
def test_no_override_passes_a_stop(told: Any, acts: list[Act]) -> None:
    """Whatever happened before, while something is stopped no override is even asked."""
    story = told(acts)
    story.life.submit(commands.Stop(system="chat"), by="ceo")
    ask = commands.Escalate(subject="chat", matter=Matter.OVERRIDE, until=story.life.in_days(3))

    assert "stopped" in story.life.can(ask, because=WHY)


@FEW
@given(acts=ACTS)
def test_states_are_the_fold_of_the_log(told: Any, acts: list[Act]) -> None:
    """And the log agrees with its own proofs."""
    story = told(acts)

    assert ((), True) == (story.life.register.rebuild(), story.life.register.audit().sound)


@given(hours=st.integers(0, 400), rank=st.integers(0, 2))
def test_what_is_missing_is_never_green(hours: int, rank: int) -> None:
    """A count that nobody has is no factor: it cannot be made up as zero trials."""
    with pytest.raises(InvalidValue):
        ImperfectionFactors(failures=hours, trials=0, severity=list(Severity)[rank])
    assert ("failures",) == ImperfectionFactors(failures=None, trials=1, severity=list(Severity)[rank]).missing
