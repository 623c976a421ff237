"""The clock to say that a body knows of a case, and the clock of a body that meets."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from kakao_asi import Grade, Matter, Outcome, commands
from kakao_asi.catalog import kakao_governance
from kakao_asi.governance import Cadence, Governance, Reason, Term

ACKNOWLEDGED = commands.MissAcknowledgement


def met(**changes: Any) -> Governance:
    """Return the default governance whose committee meets on the first Tuesday of a month, other things changed."""
    rules = kakao_governance()
    graph = rules.graph
    bodies = [
        attrs.evolve(one, meets=Cadence.monthly("tuesday")) if one.id == "erm_committee" else one
        for one in graph.bodies
    ]
    edges = [attrs.evolve(one, **changes) if one.target == "erm_committee" else one for one in graph.edges]
    return attrs.evolve(rules, graph=attrs.evolve(graph, bodies=bodies, edges=edges))


def missed(life: Any) -> list[Any]:
    """Look at the time, and return what was not acknowledged."""
    return [one for one in life.register.tick() if isinstance(one, ACKNOWLEDGED)]


@pytest.mark.parametrize(
    ("grade", "reason", "hours"),
    [
        (Grade.LOW, Reason.LEVEL, 7 * 24 + 14.5),
        (Grade.MEDIUM, Reason.INCIDENT, 24 + 14.5),
        (Grade.HIGH, Reason.LEVEL, 4),
        (Grade.HIGH, Reason.INCIDENT, 1),
        (None, Reason.LEVEL, 4),
        (None, Reason.INCIDENT, 1),
    ],
)
def test_the_grade_sets_the_time(life: Any, grade: Grade | None, reason: Reason, hours: float) -> None:
    """Five business days for LOW, one for MEDIUM, four hours from HIGH on, one after a grave incident."""
    if grade is not None:
        life.assess(grade)
    case = life.open_case("r", Matter.RISK, reason=reason)
    due = case.steps[0].acknowledge_by

    assert dt.timedelta(hours=hours) - dt.timedelta(seconds=1) <= due - life.clock() <= dt.timedelta(hours=hours)
    assert {None} == {step.acknowledge_by for step in case.steps[1:]}


def test_the_body_above_is_told_once(life: Any) -> None:
    """The case stays where it is, however often time is looked at."""
    case = life.open_case("r", Matter.RISK)
    life.forward(hours=4)
    found = [missed(life), missed(life)]
    event = life.register.history(case.id)[-1].event
    after = life.register.case(case.id)

    assert [[ACKNOWLEDGED(case=case.id)], []] == found
    assert (0, "erm_committee") == (event.position, event.told)
    assert ((0,), 0, "ai_safety") == (after.unacknowledged, after.position, after.body)


def test_above_the_top_nobody_is_told(life: Any) -> None:
    """It is noted all the same."""
    life.register.stop("chat", by="ceo")
    case = life.open_case("chat", Matter.STOP)
    life.forward(hours=4)

    assert [ACKNOWLEDGED(case=case.id)] == missed(life)
    assert life.register.history(case.id)[-1].event.told is None


@pytest.mark.parametrize("act", ["acknowledges", "votes"])
def test_a_body_that_says_so_owes_nothing(life: Any, act: str) -> None:
    """By saying that it knows, or by the first vote in it."""
    life.assess(Grade.MEDIUM)
    case = life.open_case("r", Matter.ACCEPT, until=life.in_days(30))
    if act == "votes":
        life.register.decide(case.id, "approve", body="erm_committee", by="erm.b")
    else:
        life.submit(commands.Acknowledge(case=case.id), by="erm.b")
    life.forward(days=2)

    assert ([], ["not_due"]) == (missed(life), life.can(ACKNOWLEDGED(case=case.id)))


def test_each_body_has_its_own_time(life: Any) -> None:
    """It counts from when the case comes to the body, by a decision or by a deadline that was missed."""
    case = life.open_case("r", Matter.RISK)
    life.forward(hours=3)
    first = life.vote(case.id)
    decided = first.steps[1].acknowledge_by - life.clock()
    life.forward(days=8)
    missed(life)
    moved = life.register.case(case.id)

    assert (dt.timedelta(hours=4), "top") == (decided, moved.body)
    assert dt.timedelta(hours=4) == moved.steps[2].acknowledge_by - life.clock()


def test_a_case_passed_to_a_body_off_its_way_starts_its_time(life: Any) -> None:
    """Also where the body passes it on by its decision."""
    life.assess()
    case = life.open_case("r", Matter.ACCEPT, until=life.in_days(30))
    after = life.vote(case.id, Outcome.ESCALATE)

    assert ("erm_committee", True) == (after.body, after.steps[1].acknowledge_by > life.clock())


def test_a_governance_may_ask_for_none(start_life: Callable[..., Any]) -> None:
    """Then no such clock runs, at the first body or at a later one."""
    life = start_life(governance=attrs.evolve(kakao_governance(), acknowledge=None))
    case = life.open_case("r", Matter.RISK)
    life.vote(case.id)
    life.forward(days=1)

    assert ({None}, []) == ({step.acknowledge_by for step in life.register.case(case.id).steps}, missed(life))


def test_a_case_says_whether_its_body_knows(life: Any) -> None:
    """By when it should, that it has not in time, and that it has; in both languages."""
    case = life.open_case("r", Matter.RISK)
    early = [life.register.explain(case.id, lang=lang) for lang in ("ko", "en")]
    life.forward(hours=5)
    late = [life.register.explain(case.id, lang=lang) for lang in ("ko", "en")]
    life.submit(commands.Acknowledge(case=case.id), by="safety.kim")
    done = [life.register.explain(case.id, lang=lang) for lang in ("ko", "en")]

    assert ("접수 확인 2026년 3월 2일(월) 13:30 KST까지" in early[0], "to acknowledge by" in early[1]) == (True, True)
    assert ("접수 확인 기한 지남" in late[0], "not acknowledged in time" in late[1]) == (True, True)
    assert ("접수 확인됨" in done[0], ", acknowledged" in done[1]) == (True, True)


def test_a_body_that_meets_and_has_no_term_is_due_with_its_meeting(start_life: Callable[..., Any]) -> None:
    """The end of the next meeting day is when its decision is due."""
    life = start_life(governance=met(within=None))
    life.forward(days=2)
    case = life.open_case("r", Matter.RISK)

    assert dt.datetime(2026, 4, 7, 14, 59, 59, tzinfo=dt.UTC) == case.steps[1].due_at


def test_a_term_is_never_stretched_to_a_meeting(start_life: Callable[..., Any]) -> None:
    """It ends when it ends, and the case says that a meeting has to be called."""
    life = start_life(governance=met(within=Term(hours=8)))
    life.forward(days=2)
    case = life.open_case("r", Matter.RISK)

    assert life.clock() + dt.timedelta(hours=8) == case.steps[1].due_at
    assert "next meeting 2026-04-07 (the time ends before it: call a meeting)" in life.register.explain(case.id)
    assert "다음 회의 2026-04-07(기한이 먼저 끝남: 임시 회의 필요)" in life.register.explain(case.id, lang="ko")


def test_a_meeting_in_time_is_said_without_a_warning(start_life: Callable[..., Any]) -> None:
    """The body it is before, and those it waits for."""
    life = start_life(governance=met(within=Term(business_days=5)))
    case = life.open_case("r", Matter.RISK)
    life.vote(case.id)

    assert "next meeting 2026-03-03\n" in life.register.explain(case.id) + "\n"
