"""SC11: a bug in a cache shows chats of other users; it is reported late."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, System, catalog, commands
from kakao_asi.framework import Incident

KST = dt.timezone(dt.timedelta(hours=9))


@pytest.fixture
def exposed(tell: Callable[..., Any]) -> Any:
    """A user says «not my chat»: the feature is off, and both halves are identified."""
    story = tell(running=True)
    story.risk("cross-user", RiskCategory.MODEL_IMPERFECTION, component="history")
    story.risk("late-report", RiskCategory.PASSIVE_NEGLIGENCE, legal_obligation=True)
    story.link("late-report", "amplifies", "cross-user")
    story.life.submit(commands.Contain(risk="cross-user"))
    story.at(minutes=45)
    story.assess("cross-user", 4, 5, exposes={"personal"})
    return story


def test_tiers_and_clocks(exposed: Any) -> None:
    """T+1 h AI Safety, T+12 h the committee, T+48 h the top."""
    case = exposed.decide_at(exposed.ask("cross-user"), 1, 12, 48)

    assert (True, 3) == (case.approved, len(case.decisions))
    assert all(one.at <= step.due_at for one, step in zip(case.decisions, case.steps, strict=True))


@pytest.mark.parametrize(("day", "hours"), [((2023, 3, 20), 24), ((2026, 3, 20), 72)])
def test_the_law_of_the_day_sets_the_clock(day: tuple[int, int, int], hours: int) -> None:
    """Twenty-four hours then and seventy-two now, counted from when it became known."""
    aware = dt.datetime(*day, 9, tzinfo=KST)
    incident = Incident(aware_at=aware, kinds={"leak"}, people=1_200, unique_id=False, sensitive=False)
    facts = {"eu_high_risk": False, "cop_signatory": False, "gpai_systemic": False}
    system = System(id="chat", unit="chat", audience="external", ict_provider=True, **facts)
    due = {one.due_at for one in catalog.clocks(incident, system)}

    assert {aware + dt.timedelta(hours=hours)} == due


def test_awareness_is_asked_for(exposed: Any) -> None:
    """Without when it became known there is no incident; and no deadline is before it."""
    with pytest.raises(TypeError):
        Incident(kinds={"leak"})  # type: ignore[call-arg]  # the point of the test
    incident = Incident(aware_at=exposed.began, kinds={"leak"}, people=5_000)
    found = catalog.clocks(incident, exposed.register.system("chat").system)

    assert found
    assert all(one.due_at is None or one.due_at >= exposed.began for one in found)


def test_the_late_report_is_answered_on_its_own(exposed: Any) -> None:
    """The bug, fixed and lowered, does not close before the late report has an answer; the report is no acceptance."""
    exposed.answer("cross-user", "ai.regression_suite", left=(2, 4))
    exposed.life.decided("cross-user", "risk")
    exposed.life.submit(commands.Contain(risk="cross-user", until=exposed.life.in_days(1)))
    exposed.lower("cross-user")
    close = commands.Close(risk="cross-user")
    assert ["link_unanswered"] == exposed.life.can(close)

    exposed.assess("late-report", 3, 3)
    exposed.respond("late-report", "ng.checklist")
    assert ([], Grade.MEDIUM) == (exposed.life.can(close), exposed.grade("cross-user"))
