"""SO-6: a HIGH typed by mistake."""

from typing import Any

from kakao_asi import Grade, Matter, commands


def test_a_mistyped_high_shuts_nothing_and_falls_only_by_the_top(life: Any) -> None:
    """No component gate closes; withdrawn, it stays readable; the peak falls by a case of the top body."""
    life.assess(Grade.HIGH)
    assert life.register.component_gate("chat").passed

    life.submit(commands.WithdrawAssessment(risk="r", assessment="r.a1"), by="qa.seo", because="a slip of the keyboard")
    life.assess(Grade.LOW)
    (mistyped, right) = life.state().assessments
    assert (True, Grade.HIGH, False, Grade.LOW) == (mistyped.withdrawn, mistyped.grade, right.withdrawn, right.grade)
    assert life.register.grades("r").effective is Grade.HIGH
    assert life.register.history("r")[2].because == "a slip of the keyboard"

    case = life.decided("r", Matter.CLOSE_OR_LOWER)
    assert ["top"] == [one.body for one in case.decisions]
    assert life.register.grades("r").effective is Grade.LOW
