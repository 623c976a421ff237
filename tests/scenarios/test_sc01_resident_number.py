"""SC01: a reply of a running chat repeats a resident registration number.

Missing here: the three hits as one group *in the register*; their common fingerprint is what can be shown.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, catalog, commands
from kakao_asi.framework import Incident
from kakao_asi.hooks import Item, personal_detector
from kakao_asi.lifecycle import RiskStatus

LEAK = RiskCategory.MODEL_IMPERFECTION
DIGITS = "900101", "1234567"


@pytest.fixture
def leaking(tell: Callable[..., Any]) -> Any:
    """T+15 min: the feature is off; T+40 min: the risk is assessed, four by five."""
    story = tell(running=True)
    story.risk("leaks-rrn", LEAK, component="reply", legal_obligation=True)
    story.at(minutes=15)
    story.life.submit(commands.Contain(risk="leaks-rrn"))
    story.at(minutes=40)
    return story


def test_the_feature_is_off_before_anybody_assessed(leaking: Any) -> None:
    """Containment waits for no grade: the reply is shut, the rest runs."""
    assert (["containment_open"], []) == (leaking.shut("reply"), leaking.shut("search"))
    assert leaking.grade("leaks-rrn") is None


@pytest.mark.parametrize("hits", [1, 3, 90])
def test_a_unique_identifier_floors_the_impact_whatever_the_count(leaking: Any, scored: Any, hits: int) -> None:
    """What somebody typed as minor is five of five where a unique identifier gets out, for one hit as for ninety."""
    found = leaking.assess("leaks-rrn", 4, 2, failures=hits, trials=1_000, exposes={"unique_id"})

    assert (5, Grade.HIGH) == (scored(found)[1], found.grade)


def test_who_decides_by_when_and_what_the_law_leaves(leaking: Any, scored: Any) -> None:
    """T+1 h AI Safety with legal, T+4 h the committee, T+24 h the top: all in time, and 72 h run from awareness."""
    assert (4, 5) == scored(leaking.assess("leaks-rrn", 4, 5, exposes={"unique_id"}))
    case = leaking.ask("leaks-rrn")
    assert [("ai_safety", 4), ("erm_committee", 24), ("top", 48)] == leaking.way(case)

    case = leaking.decide_at(case, 1, 4, 24)
    assert (True, ["ai_safety", "erm_committee", "top"]) == (case.approved, [one.body for one in case.decisions])
    assert all(one.at <= step.due_at for one, step in zip(case.decisions, case.steps, strict=True))
    assert ["containment_open"] == leaking.shut("reply")
    leak = Incident(aware_at=leaking.began, kinds={"leak"}, people=1, unique_id=True, outside_access=False)
    due = {one.row.duty: one.due_at for one in catalog.clocks(leak, leaking.register.system("chat").system)}
    assert leaking.began + dt.timedelta(hours=72) == due["kr.pipa.notice"] == due["kr.pipa.report"]


def test_legal_is_heard_before_anybody_votes(tell: Callable[..., Any], profile: Callable[..., Any]) -> None:
    """Where opinions are asked for, a legal duty calls for legal, and the principle for privacy."""
    story = tell(governance=profile(reviews=True))
    story.risk("leaks-rrn", LEAK, legal_obligation=True)
    case = story.ask("leaks-rrn")
    ballot = commands.Decide(case=case.id, outcome="approve", body="ai_safety")
    (refusal,) = story.register.can(ballot, by="safety.kim").refusals

    assert ("perspective_missing", {"technical", "privacy", "legal"}) == (refusal.code.id, set(refusal.missing))


def test_only_the_top_lowers_it_and_a_recurrence_opens_it_again(leaking: Any, scored: Any) -> None:
    """A scrubbed retrain leaves two by four, and HIGH until the top lowers it; a new hit is the next cycle."""
    leaking.assess("leaks-rrn", 4, 5)
    assert (2, 4) == scored(leaking.answer("leaks-rrn", "ai.retrain", "ai.output_filter", left=(2, 4)))
    leaking.life.decided("leaks-rrn", "risk")
    leaking.life.submit(commands.Contain(risk="leaks-rrn", until=leaking.at(hours=30)))
    assert leaking.grade("leaks-rrn") is Grade.HIGH
    assert (["top"], Grade.MEDIUM) == (leaking.lower("leaks-rrn"), leaking.grade("leaks-rrn"))

    leaking.register.close("leaks-rrn", by="pm.oh")
    state = leaking.register.reopen("leaks-rrn", code="recurrence", by="pm.oh")
    assert (RiskStatus.IDENTIFIED, 2) == (state.status, state.cycle)


@pytest.mark.parametrize(
    "text",
    [
        f"주민번호 {DIGITS[0]}-{DIGITS[1]}",
        "주민번호 " + "".join(chr(ord(one) + 0xFEE0) for one in DIGITS[0]) + f"-{DIGITS[1]}",
        f"주민번호 {DIGITS[0]}\u2011{DIGITS[1]}",
    ],
    ids=["plain", "full-width", "other dash"],
)
def test_the_detector_sees_through_spelling_and_keeps_no_digit(text: str) -> None:
    """However it is spelled, one hit that asks to withhold, with label and place; the number stands nowhere."""
    (hit,) = personal_detector(key=b"k" * 16).detect(Item(text=text, side="output", turn="assistant"))

    assert ("rrn", "block") == (hit.label, hit.verdict.id)
    assert not any(part in repr(hit) for part in DIGITS)
