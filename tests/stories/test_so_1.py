"""SO-1: two lines assess, both stay, the higher counts, and the gap goes up."""

from typing import Any

from kakao_asi import Grade, Matter
from kakao_asi.assessments import Line
from kakao_asi.governance import Reason


def test_two_lines_that_differ(life: Any) -> None:
    """First MEDIUM, second HIGH: both are kept, inherent is HIGH, and a case goes to the committee and beyond."""
    life.assess(Grade.MEDIUM)
    state = life.assess(Grade.HIGH, by="audit.han")
    grades = life.register.grades("r")
    case = life.open_case("r", Matter.RISK)

    assert [(Line.FIRST, Grade.MEDIUM), (Line.SECOND, Grade.HIGH)] == [
        (one.line, one.grade) for one in state.assessments
    ]
    assert (Grade.HIGH, True, Reason.DISAGREEMENT) == (grades.inherent, grades.disagree, case.cell.reason)
    assert "erm_committee" in [step.body for step in case.steps]


def test_nobody_types_the_line_in(life: Any) -> None:
    """The same person with another unit or without the role is first line."""
    life.assess(Grade.LOW, by="qa.seo")

    assert [Line.FIRST] == [one.line for one in life.state().assessments]
