"""SC05: a supplier repoints the alias of a model; nobody had pinned it.

Missing here: the monitor that compares the served id with the approved one.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, Matter, RiskCategory, Stage, commands


@pytest.fixture
def repointed(tell: Callable[..., Any]) -> Any:
    """In UPDATE the served model is another one than the approved; both halves of the cause are identified."""
    story = tell(running=True)
    story.on(Stage.UPDATE)
    story.risk("no-pin", RiskCategory.PASSIVE_NEGLIGENCE)
    story.risk("behaves-otherwise", RiskCategory.MODEL_IMPERFECTION)
    story.link("no-pin", "causes", "behaves-otherwise")
    story.assess("no-pin", 3, 4)
    story.assess("behaves-otherwise", 3, 4)
    story.life.submit(commands.Pin(system="chat", pins=[story.life.pin("what the alias means now")]))
    return story


def test_another_digest_is_a_trigger_for_every_risk_it_touches(repointed: Any) -> None:
    """Both halves start their next cycle, and neither keeps a valid grade; what is approved is a digest."""
    assert {"no-pin": 2, "behaves-otherwise": 2} == {one.id: one.cycle for one in repointed.register.risks()}
    assert all(repointed.register.grades(one).unassessed for one in ("no-pin", "behaves-otherwise"))


def test_falling_back_asks_nobody(repointed: Any) -> None:
    """The set that served before, digest by digest, may serve again at once; any other may not."""
    system = repointed.register.system("chat")
    life = repointed.life
    other = commands.RollBack(system="chat", pins=[life.pin("what the alias means now")])

    assert ["unknown_subject"] == life.can(other)
    assert system.live != system.candidate


@pytest.mark.parametrize(("days", "codes"), [(90, []), (91, ["until_too_far"])])
def test_the_top_accepts_three_by_four_for_ninety_days_at_most(repointed: Any, days: int, codes: list[str]) -> None:
    """Twelve is HIGH: only the top accepts it, with an end within ninety days."""
    repointed.assess("behaves-otherwise", 3, 4)
    until = repointed.life.in_days(days)
    asked = commands.Escalate(subject="behaves-otherwise", matter=Matter.ACCEPT, until=until)
    assert codes == repointed.life.can(asked, because="lived with while a second supplier is found")
    if not codes:
        case = repointed.life.decided("behaves-otherwise", Matter.ACCEPT, until=until)
        assert ["top"] == [one.body for one in case.decisions]


def test_neither_half_closes_while_the_other_has_no_answer(repointed: Any) -> None:
    """The model's half, answered and decided, waits for an answer to the missing pin; then it closes."""
    repointed.assess("behaves-otherwise", 3, 4)
    repointed.answer("behaves-otherwise", "ai.fallback_model", left=(2, 3))
    repointed.lower("behaves-otherwise")
    close = commands.Close(risk="behaves-otherwise")
    assert ["link_unanswered"] == repointed.life.can(close)

    repointed.assess("no-pin", 3, 4)
    repointed.respond("no-pin", "ng.change_control")
    assert ([], Grade.MEDIUM) == (repointed.life.can(close), repointed.grade("behaves-otherwise"))
