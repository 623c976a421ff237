"""Counts of findings are exact: in any order of arrival, in any batches, through the pure engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi import Finding, Verdict, commands
from kakao_asi.lifecycle import Decided, Facts, FindingGroup, LifecycleEngine, RiskState, State

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
ENGINE = LifecycleEngine()
LABELS = st.sampled_from(["a", "b", "c"])
MOMENTS = st.integers(0, 60 * 24 * 40).map(lambda minutes: START - dt.timedelta(minutes=minutes))


def finding(label: str, at: dt.datetime, count: int, risk: str | None) -> Finding:
    """Some findings of one group."""
    whole: dict[str, Any] = {"verdict": Verdict.FLAG, "site": "m:f", "component": "chat/reply"}
    return Finding(label=label, at=at, count=count, suppressed=count - 1, risk=risk, **whole)


SEEN = st.builds(finding, LABELS, MOMENTS, st.integers(1, 100), st.sampled_from([None, "r", "ghost"]))
FOUND = st.lists(SEEN, min_size=1, max_size=12)


@pytest.fixture(scope="module")
def asked(start_life: Any) -> Any:
    """What a decision may know: a system and a risk ``r``."""
    return start_life().context(by="hooks")


def recorded(asked: Any, batches: Iterable[list[Finding]]) -> dict[str, State]:
    """Record batches one after the other, and return the states by stream."""
    states: dict[str, State] = {f"risk:{name}": state for name, state in asked.facts.risks.items()}
    for batch in batches:
        groups = {one.id: one for one in states.values() if isinstance(one, FindingGroup)}
        risks = {one.id: one for one in states.values() if isinstance(one, RiskState)}
        facts = Facts(risks=risks, findings=groups, known_systems=frozenset({"chat"}))
        answer = ENGINE.decide(None, commands.RecordFindings(findings=batch), evolve(asked, facts=facts))
        assert isinstance(answer, Decided)
        for change in answer.changes:
            after = ENGINE.apply(states.get(change.stream), change.event, by="hooks", at=START)
            assert after is not None
            states[change.stream] = after
    return states


def exact(states: dict[str, State]) -> dict[str, Any]:
    """Return what is exact about every group, and where it stands."""
    return {
        one.id: (one.count, one.suppressed, one.first_seen, one.last_seen, one.status, one.risk)
        for one in states.values()
        if isinstance(one, FindingGroup)
    }


@given(found=FOUND, data=st.data())
def test_the_order_of_arrival_changes_no_count(found: list[Finding], data: Any, asked: Any) -> None:
    """Counts, first and last seen, and where a group stands are the same in any order."""
    shuffled = data.draw(st.permutations(found))

    assert exact(recorded(asked, ([one] for one in found))) == exact(recorded(asked, ([one] for one in shuffled)))


@given(found=FOUND, cut=st.integers(0, 12))
def test_a_batch_counts_as_its_findings_one_by_one(found: list[Finding], cut: int, asked: Any) -> None:
    """However findings are batched, the groups are the same, and the risk is marked or not."""
    singles = recorded(asked, ([one] for one in found))
    batched = recorded(asked, (batch for batch in (found[:cut], found[cut:]) if batch))

    assert exact(singles) == exact(batched)
    assert (singles["risk:r"].recheck is None) == (batched["risk:r"].recheck is None)  # type: ignore[union-attr]


@given(found=FOUND)
def test_every_occurrence_is_in_exactly_one_group(found: list[Finding], asked: Any) -> None:
    """Nothing is lost between groups, and each group is a fingerprint."""
    groups = exact(recorded(asked, [found]))

    assert sum(one.count for one in found) == sum(count for count, *_ in groups.values())
    assert {one.fingerprint for one in found} == set(groups)
