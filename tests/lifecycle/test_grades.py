"""Which grades stand: by kind and line, for how long, and what alone lowers the effective one."""

from typing import Any

import attrs
import pytest

from kakao_asi import Grade, Matter, Outcome, RiskCategory, Stage, UncontrollabilityFactors, commands
from kakao_asi.assessments import AssessmentKind, Line
from kakao_asi.governance import Level, Person, Reason
from kakao_asi.lifecycle import grades_of


def test_the_grades_of_a_life_in_two_lines(life: Any) -> None:
    """Lines are united by the higher, a residual lowers nothing by itself, the top body does, a later one raises."""
    life.assess(Grade.MEDIUM)
    life.assess(Grade.HIGH, by="audit.han")
    life.respond()
    life.verify()
    life.assess(Grade.LOW, residual=True)
    grades = life.register.grades("r")
    assert (Grade.HIGH, Grade.LOW, Grade.HIGH, Grade.HIGH) == (
        grades.inherent,
        grades.residual,
        grades.peak,
        grades.effective,
    )

    case = life.decided("r", Matter.CLOSE_OR_LOWER)
    assert [step.body for step in case.steps] == ["top"]
    assert life.register.grades("r").effective is Grade.LOW

    life.assess(Grade.MEDIUM, residual=True)
    assert life.register.grades("r").effective is Grade.MEDIUM


def test_lines_that_differ_are_a_disagreement(life: Any) -> None:
    """A gap between the two lines of one kind shows, and routes a case by that reason."""
    life.assess(Grade.MEDIUM)
    assert not life.register.grades("r").disagree

    life.assess(Grade.LOW, by="audit.han")
    case = life.open_case("r", Matter.RISK)

    assert life.register.grades("r").disagree
    assert case.cell.reason is Reason.DISAGREEMENT


def test_kinds_that_differ_are_no_disagreement(life: Any) -> None:
    """A residual below the inherent is what a response is for."""
    life.answered(Grade.HIGH)

    assert not life.register.grades("r").disagree


@pytest.mark.parametrize(
    ("who", "line"),
    [("qa.seo", Line.FIRST), ("audit.han", Line.SECOND), ("nobody.known", Line.FIRST), ("inside.han", Line.FIRST)],
)
def test_the_line_comes_from_the_roster(life: Any, who: str, line: Line) -> None:
    """Second line is who has the role in another unit than the system's; nobody types it in."""
    life.submit(commands.ChangePerson(person=Person(id="inside.han", roles={"second_line"}, unit="chat")))
    state = life.assess(by=who)

    assert [one.line for one in state.assessments] == [line]


def test_a_later_assessment_of_a_line_replaces_the_earlier(life: Any) -> None:
    """The latest of a line stands; the peak remembers the earlier."""
    life.assess(Grade.HIGH)
    life.assess(Grade.LOW)
    grades = life.register.grades("r")

    assert (Grade.LOW, Grade.HIGH) == (grades.inherent, grades.peak)


@pytest.mark.parametrize(
    ("grade", "days"), [(Grade.HIGH, 90), (Grade.MEDIUM, 180), (Grade.LOW, 365)], ids=["high", "medium", "low"]
)
def test_an_assessment_stands_until_its_end(life: Any, grade: Grade, days: int) -> None:
    """It stands to the last instant before its end; at its end the risk is unassessed, and the peak stays."""
    life.assess(grade)
    life.forward(days=days, microseconds=-1)
    assert not life.register.grades("r").unassessed

    life.forward(microseconds=1)
    assert life.register.grades("r").unassessed
    assert life.register.grades("r").effective is grade


def test_an_expired_line_leaves_the_other(life: Any) -> None:
    """When the HIGH of one line ends, the LOW of the other still stands."""
    life.assess(Grade.HIGH, by="audit.han")
    life.assess(Grade.LOW)
    life.forward(days=90)
    grades = life.register.grades("r")

    assert (Grade.LOW, Grade.HIGH) == (grades.inherent, grades.effective)


def test_a_risk_never_assessed_has_no_grade(life: Any) -> None:
    """Unknown is not low: without an assessment there is no grade, and the level is that above HIGH."""
    grades = life.register.grades("r")

    assert grades.unassessed
    assert grades.effective is None
    assert life.open_case("r", Matter.RISK).cell.level is Level.UNASSESSED


def test_a_withdrawn_assessment_stands_no_more(life: Any) -> None:
    """It stays readable; the peak it raised falls only by a case."""
    life.assess(Grade.HIGH)
    state = life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo", because="a typing error")

    assert [one.withdrawn for one in state.assessments] == [True]
    assert life.register.grades("r").unassessed
    assert life.register.grades("r").peak is Grade.HIGH


def test_what_stood_before_stands_again_after_a_withdrawal(life: Any) -> None:
    """With the later one withdrawn, the earlier one of the line is the latest."""
    life.assess(Grade.LOW)
    life.assess(Grade.HIGH)
    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a2"), by="qa.seo")

    assert life.register.grades("r").inherent is Grade.LOW


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("qa.seo", []),
        ("audit.han", []),
        ("ml.lee", ["not_authorized"]),
        ("nobody.known", ["not_authorized"]),
        ("inside.han", ["not_authorized"]),
    ],
)
def test_who_may_withdraw_an_assessment(life: Any, who: str, refused: list[str]) -> None:
    """Its assessor and the second line may; the role inside the same unit is no second line."""
    life.submit(commands.ChangePerson(person=Person(id="inside.han", roles={"second_line"}, unit="chat")))
    life.assess()

    assert refused == life.can(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by=who)


@pytest.mark.parametrize("name", ["r.a9", "r.a1"], ids=["never-made", "withdrawn"])
def test_only_a_standing_assessment_is_withdrawn(life: Any, name: str) -> None:
    """One that was never made, or is withdrawn, is not known."""
    life.assess()
    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo")

    assert life.can(commands.WithdrawAssessment(risk="r", assessment=name), by="qa.seo") == ["unknown_subject"]


def test_a_new_cycle_keeps_the_peak_and_no_grade(life: Any) -> None:
    """Looking again makes the risk unassessed, and forgets nothing."""
    life.answered(Grade.HIGH)
    life.register.reopen("r", "recurrence", by="pm.oh")
    grades = life.register.grades("r")

    assert (None, None, Grade.HIGH) == (grades.inherent, grades.residual, grades.effective)


def test_lowering_needs_every_response_verified_in_full(life: Any) -> None:
    """With a response that reaches part only, the case lowers to the inherent grade, which is no lower here."""
    life.assess(Grade.HIGH)
    life.respond()
    life.verify(done=1, of=2)
    life.assess(Grade.LOW, residual=True)

    assert life.lowered().effective is Grade.HIGH


def test_lowering_goes_to_the_inherent_grade_without_a_verified_response(life: Any) -> None:
    """A mistyped HIGH, withdrawn and assessed anew, is lowered to what the new assessment says."""
    life.assess(Grade.HIGH)
    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo")
    life.assess(Grade.MEDIUM)

    assert life.lowered().effective is Grade.MEDIUM


def test_lowering_only_ever_lowers(life: Any) -> None:
    """A case on a risk whose peak stands changes no grade."""
    life.assess(Grade.MEDIUM)

    assert life.lowered().effective is Grade.MEDIUM


def test_nothing_stands_to_lower_to_where_only_an_unverified_residual_does(life: Any) -> None:
    """A residual alone, its response not verified, says nothing about where a risk without responses would be."""
    life.assess(Grade.HIGH)
    life.respond()
    life.assess(Grade.LOW, residual=True)
    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo")

    assert life.lowered().effective is Grade.HIGH


def test_nothing_is_lowered_on_assessments_that_have_ended(life: Any) -> None:
    """When every assessment has ended before the vote, an approval is refused: nothing stands."""
    life.assess(Grade.HIGH)
    life.respond()
    life.verify()
    life.assess(Grade.MEDIUM, residual=True)
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    life.forward(days=179)
    assert case.lowers_to is Grade.MEDIUM

    life.forward(days=1)
    assert life.can(commands.Decide(case=case.id, outcome="approve", body="top"), by="ceo") == ["not_assessed"]


def test_a_case_lowers_to_the_higher_grade_that_outlived_the_lower(life: Any) -> None:
    """Two lines differ in kind: the residual that the case counted on ends first, so the inherent one counts."""
    life.assess(Grade.HIGH)
    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo")
    life.assess(Grade.LOW)
    life.respond()
    life.verify()
    life.assess(Grade.MEDIUM, residual=True)
    case = life.open_case("r", Matter.CLOSE_OR_LOWER)
    life.forward(days=181)
    life.vote(case.id)

    assert (Grade.MEDIUM, Grade.MEDIUM) == (case.lowers_to, life.state().effective)


def test_rejecting_lowers_nothing(life: Any) -> None:
    """Only an approval lowers."""
    life.answered(Grade.HIGH)
    life.decided("r", Matter.CLOSE_OR_LOWER, Outcome.REJECT)

    assert life.state().effective is Grade.HIGH


def test_an_incident_stays_with_the_grade_it_raised(life: Any) -> None:
    """A later assessment at or below the grade keeps it; lowering by a body ends it."""
    life.identify("u", category=RiskCategory.UNCONTROLLABILITY)
    factors = {
        "tier": 1,
        "safeguards_tier": 2,
        "margin_pct": 50,
        "autonomy": 0,
        "reversibility": "reversible",
        "oversight_pct": 100,
        "surprises_30d": 0,
    }
    calm = UncontrollabilityFactors(evasion_seen=False, **factors)
    seen = UncontrollabilityFactors(evasion_seen=True, **factors)
    options: dict[str, Any] = {"basis": None, "by": "qa.seo"}
    evidence = [life.proof()]
    life.register.assess("u", seen, evidence=evidence, **options)
    life.register.assess("u", calm, evidence=evidence, **options)
    assert life.state("u").incident

    case = life.open_case("u", Matter.CLOSE_OR_LOWER)
    assert case.cell.reason is Reason.INCIDENT

    life.vote(case.id)
    assert not life.state("u").incident


def test_grades_of_an_instant_need_no_register(life: Any) -> None:
    """Grades are a function of a state and an instant."""
    life.assess(Grade.MEDIUM)

    assert grades_of(life.state(), life.in_days(179)).inherent is Grade.MEDIUM
    assert grades_of(life.state(), life.in_days(180)).inherent is None


def test_a_residual_counts_on_known_responses(life: Any) -> None:
    """A residual that names none, or one that is not planned, lacks the factor."""
    life.assess()
    life.respond()
    command = commands.Assess(risk="r", factors=life.factors(), kind=AssessmentKind.RESIDUAL)

    assert life.can(command) == ["factor_missing"]
    assert life.can(commands.Assess(**attrs_of(command) | {"responses": {"r.r9"}})) == ["factor_missing"]
    assert life.can(commands.Assess(**attrs_of(command) | {"responses": {"r.r1"}})) == []


def attrs_of(command: Any) -> dict[str, Any]:
    """Return the fields of a command."""
    return attrs.asdict(command, recurse=False)


def test_an_inherent_assessment_leaves_a_risk_responding(life: Any) -> None:
    """A second line's assessment of a risk in work changes no status; a residual does."""
    life.assess()
    life.respond()
    assert life.assess(by="audit.han").status.id == "responding"

    assert life.assess(residual=True).status.id == "assessed"


def test_a_grade_does_not_know_the_stage(life: Any) -> None:
    """The grade of a risk is the same wherever its system stands."""
    life.answered(Grade.MEDIUM)
    life.enter(Stage.DEVELOPMENT)

    assert life.register.grades("r").effective is Grade.MEDIUM
