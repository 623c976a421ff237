"""ML-4: new data. Each risk assessed on the old state of a data set starts its next cycle, once."""

import datetime as dt
from typing import Any

import pytest

from kakao_asi import Evidence, Grade
from kakao_asi.evidence import EvidenceKind
from kakao_asi.exceptions import UnknownId
from kakao_asi.lifecycle import RiskStatus
from kakao_asi.training import Citation, DataRefresh, Monitor, Run, citations, open_reviews, stale

OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64
AT = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)


def assessed(life: Any, risk: str, evidence: tuple[Evidence, ...]) -> None:
    """Let a risk be assessed on evidence."""
    life.identify(risk)
    life.assess(Grade.LOW, risk, evidence=evidence)


@pytest.fixture
def old(life: Any) -> Any:
    """Risks assessed on the old data, on the new, on other data, on the base model, and one nobody assessed."""
    assessed(life, "on-old", Run(data={"train": OLD, "web": OLD}).evidence(at=AT))
    assessed(life, "on-new", Run(data={"train": NEW}).evidence(at=AT))
    assessed(life, "on-web", Run(data={"web": OLD}).evidence(at=AT))
    assessed(life, "on-base", Run(base_model=OLD).evidence(at=AT))
    assessed(life, "unnamed", (Evidence(digest=OLD, kind=EvidenceKind.DATA_SET, at=AT, place="두 번째 자료"),))
    return life


RUN = Run(data={"train": NEW}, base_model=NEW)


def test_each_risk_on_the_old_data_starts_its_next_cycle(old: Any) -> None:
    """Those risks, and no others, count as unassessed again; the assessment before stays readable."""
    opened = open_reviews(old.register, RUN, system="chat", by="ml.lee")

    assert [("on-base", 2), ("on-old", 2)] == [(one.id, one.cycle) for one in opened]
    assert {RiskStatus.IDENTIFIED} == {one.status for one in opened}
    assert {"on-new": 1, "on-web": 1, "unnamed": 1, "r": 1} == {
        risk.id: risk.cycle for risk in old.register.risks().items if risk.cycle == 1
    }
    assert "data_refresh" in str(old.register.history("on-old")[-1].event)


def test_a_second_time_opens_nothing(old: Any) -> None:
    """The trigger is one per risk: the same run again opens no further cycle."""
    open_reviews(old.register, RUN, system="chat", by="ml.lee")
    before = old.size()

    assert () == open_reviews(old.register, RUN, system="chat", by="ml.lee")
    assert before == old.size()


def test_assessed_on_the_new_data_it_is_fresh(old: Any) -> None:
    """After an assessment on the new data nothing is stale any more."""
    open_reviews(old.register, RUN, system="chat", by="ml.lee")
    old.assess(Grade.LOW, "on-old", evidence=RUN.evidence(at=AT))

    assert () == stale(old.register, RUN, system="chat")


def test_the_gate_is_shut_until_it_is_assessed_again(old: Any) -> None:
    """Evidence on old data is never green: the risk is unassessed, and the gate says so."""
    open_reviews(old.register, RUN, system="chat", by="ml.lee")

    codes = old.release_blockers()

    assert "not_assessed" in codes


def test_a_monitor_told_of_the_citations_says_it_when_the_run_starts(old: Any) -> None:
    """The training job itself knows which risks its data makes stale, without a register."""
    told: list[Any] = []
    rule = DataRefresh(citations=citations(old.register, "chat"))
    monitor = Monitor(
        "exp-11", system="chat", rules=[rule], evidence=RUN, sink=lambda finding: told.append(finding) or True
    )
    monitor.step(1, loss=1.0)

    assert [("on-base", "model_refresh"), ("on-old", "data_refresh")] == [(one.risk, one.label) for one in told]


def test_what_cannot_be_named_is_not_cited(old: Any) -> None:
    """Evidence whose place is no name stands in no citation."""
    assert Citation(risk="on-web", name="web", digest=OLD) in citations(old.register, "chat")
    assert "unnamed" not in {one.risk for one in citations(old.register, "chat")}


def test_an_unknown_system_is_refused(life: Any) -> None:
    """A system nobody knows has no citations; a typing error must not read as all fresh."""
    with pytest.raises(UnknownId):
        citations(life.register, "chta")


def test_every_page_of_risks_is_looked_at(life: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """More risks than a page holds are all looked at."""
    for name in ("a", "b", "c"):
        assessed(life, name, Run(data={"train": OLD}).evidence(at=AT))
    whole = life.register.risks
    monkeypatch.setattr(life.register, "risks", lambda **asked: whole(**asked, limit=2))

    assert ["a", "b", "c"] == [one.risk for one in stale(life.register, RUN, system="chat")]
