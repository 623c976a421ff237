"""SC12: metrics are green, experts are uneasy; the launch is overruled by name, and taken back on day three."""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, Stage, commands
from kakao_asi.evidence import Evidence, EvidenceKind

UNEASY = "it flatters people who are in trouble, whatever the score says"


def drill(life: Any) -> Evidence:
    """Return the record of a drill a day ago: one can go back."""
    return Evidence.of_bytes(b"went back in four minutes", at=life.in_days(-1), kind=EvidenceKind.DRILL)


@pytest.fixture
def uneasy(tell: Callable[..., Any]) -> Any:
    """A second version waits before DEPLOYMENT; its measured risk is LOW, and a red-teamer objects to the launch."""
    story = tell(running=True)
    life = story.life
    story.on(Stage.UPDATE)
    story.risk("flatters", RiskCategory.MODEL_IMPERFECTION, principles={"user_agency"})
    life.submit(commands.Pin(system="chat", pins=[life.pin("reward 2")]))
    story.assess("flatters", 1, 3)
    story.answer("flatters", "ai.regression_suite", left=(1, 3))
    life.enter(Stage.TEST)
    life.submit(commands.Object(risk="flatters", block_requested=True), by="qa.seo", because=UNEASY)
    life.decided("chat", "release")
    return story


def test_an_objection_keeps_a_green_launch_waiting(uneasy: Any) -> None:
    """Every metric is met and every body has approved: the objection alone shuts the gate, and says who resolves it."""
    (blocker,) = uneasy.register.gate("chat", Stage.DEPLOYMENT).blockers

    assert ("objection_open", ("erm_committee", "top")) == (blocker.code.id, blocker.who)


def test_only_one_tier_above_the_launch_overrules_it(uneasy: Any) -> None:
    """AI Safety launches, so it may not; neither may who objected; the committee may, in writing."""
    word = commands.ResolveObjection(risk="flatters", objection="flatters.o1", upheld=False)
    asked = {name: uneasy.life.can(word, by=name, because=UNEASY) for name in ("safety.kim", "qa.seo", "erm.b")}

    assert {"safety.kim": ["authority"], "qa.seo": ["authority"], "erm.b": []} == asked
    assert ["reason_too_short"] == uneasy.life.can(word, by="erm.b", because="no")


def test_nothing_is_overridden_without_a_drilled_way_back(uneasy: Any) -> None:
    """Who cannot show that one can go back is not even heard."""
    ask = commands.Escalate(subject="chat", matter="override", until=uneasy.life.in_days(7))

    assert ["evidence_missing"] == uneasy.life.can(ask, because="the season starts and nothing was tried")


@pytest.mark.parametrize(("days", "codes"), [(7, []), (8, ["until_too_far"]), (None, ["until_missing"])])
def test_an_override_is_named_and_lasts_a_week(uneasy: Any, days: int | None, codes: list[str]) -> None:
    """Without an end or with one beyond seven days it is refused; with one it is the top's, and stays visible."""
    life = uneasy.life
    until = None if days is None else life.in_days(days)
    ask = commands.Escalate(subject="chat", matter="override", until=until, rollback=drill(life))
    assert codes == life.can(ask, because="the season starts and the set before is drilled")
    if codes:
        return
    case = life.decided("chat", "override", until=until, rollback=drill(life))
    gate = uneasy.register.gate("chat", Stage.DEPLOYMENT)

    assert ["top"] == [one.body for one in case.decisions]
    assert (True, ["objection_open"]) == (gate.passed, [one.code.id for one in gate.warnings])


def test_it_is_taken_back_on_day_three_without_a_vote(uneasy: Any) -> None:
    """Going back to the set that served before is containment; after its week the override lets nothing run."""
    life = uneasy.life
    life.decided("chat", "override", until=life.in_days(7), rollback=drill(life))
    before = uneasy.register.system("chat").live
    life.register.enter("chat", Stage.DEPLOYMENT, by="pm.oh")
    uneasy.began = life.clock()
    uneasy.at(days=8)
    assert ["override_ended"] == uneasy.shut()

    uneasy.at(days=3)
    after = life.submit(commands.RollBack(system="chat", pins=before))
    assert (before, []) == (after.live, uneasy.shut())


def test_both_views_stand_side_by_side(tell: Callable[..., Any]) -> None:
    """First line one by three, second line three by four: nothing is averaged, the higher counts, the gap is shown."""
    story = tell()
    story.risk("flatters", RiskCategory.MODEL_IMPERFECTION)
    story.assess("flatters", 1, 3)
    story.assess("flatters", 3, 4, by="audit.han")
    grades = story.register.grades("flatters")

    assert (Grade.HIGH, True) == (grades.inherent, grades.disagree)
    assert [Grade.LOW, Grade.HIGH] == [one.grade for one in story.life.state("flatters").assessments]
