"""SC02: toxicity regresses in TEST after the data was refreshed.

Missing here: the monitor's limits, absolute and by difference, which report 0.031 against 0.020.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, Stage, commands
from kakao_asi.assessments import Slice
from kakao_asi.lifecycle import ReopenCode
from kakao_asi.systems import PinKind


@pytest.fixture
def in_test(tell: Callable[..., Any]) -> Any:
    """The system is in TEST on refreshed data, the risk was answered on the old data."""
    story = tell()
    story.risk("toxic", RiskCategory.MODEL_IMPERFECTION)
    story.assess("toxic", 2, 3)
    story.answer("toxic", "ai.data_fix", left=(1, 3))
    life = story.life
    life.enter(Stage.DEVELOPMENT)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1"), life.pin("aa", kind=PinKind.DATA)]))
    story.assess("toxic", 2, 3)
    story.verify("toxic", "toxic.r1")
    story.left("toxic", 1, 3)
    life.enter(Stage.TEST)
    life.submit(commands.Pin(system="chat", pins=[life.pin("bb", kind=PinKind.DATA)]))
    return story


def test_a_refresh_starts_the_next_cycle_and_old_proofs_stand_no_more(in_test: Any) -> None:
    """The new digest is a new cycle: no grade stands, no response is verified, and the gate says so."""
    state = in_test.life.state("toxic")
    opened = in_test.register.history("toxic")[-1]

    assert (2, [], False) == (state.cycle, list(state.assessments), state.responses[0].verified)
    assert ReopenCode.NEW_VERSION is opened.event.code
    assert "not_assessed" in in_test.release()


def test_a_regression_keeps_the_gate_shut(in_test: Any, scored: Any) -> None:
    """Three by four on the new data: no release; one, five and ten business days to decide."""
    in_test.at(days=1)
    assert (3, 4) == scored(in_test.assess("toxic", 3, 4))
    case = in_test.ask("toxic")

    assert ["grade_high"] == in_test.release()
    assert [("ai_safety", 1), ("erm_committee", 7), ("top", 14)] == [
        (step.body, (step.due_at.date() - case.opened_at.date()).days) for step in case.steps
    ]


def test_a_missing_evaluation_fails(in_test: Any) -> None:
    """Counts that nobody has are no grade: the assessment is refused by the name of what is missing."""
    factors = in_test.factors("toxic", 3, 4, failures=None)
    refusals = in_test.register.can(commands.Assess(risk="toxic", factors=factors), by="qa.seo").refusals

    assert [("factor_missing", ("failures",))] == [(one.code.id, one.missing) for one in refusals]
    assert "not_assessed" in in_test.release()


def test_the_worst_slice_counts(in_test: Any, scored: Any) -> None:
    """A rate that is fine on average and not in one dialect is that of the dialect."""
    slices = [Slice(id="standard", failures=0, trials=3_000), Slice(id="dialect", failures=12, trials=300)]
    found = in_test.assess("toxic", 2, 3, failures=12, trials=3_300, slices=slices)

    assert (4, Grade.HIGH) == (scored(found)[0], found.grade)
