"""SC09: a guard is out, and traffic passes unguarded.

Missing here: the share of unguarded calls as an indicator of the register.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, Verdict, commands, hooks
from kakao_asi.exceptions import GuardUnavailable
from kakao_asi.testing import capture, simulate_outage


class Remote:
    """A guard that may be out, so it has a deadline."""

    name = "remote"

    def detect(self, _item: hooks.Item) -> list[hooks.Detection]:
        """See nothing."""
        return []


@pytest.mark.parametrize(("policy", "expected"), [("block", "withheld"), ("allow", "hello")])
def test_what_was_configured_is_what_the_finding_says(policy: Any, expected: str) -> None:
    """A guard that does not answer is never read as clear: the call is refused or passes, and the policy is on it."""
    deadline = dt.timedelta(milliseconds=300)
    options = {"output": [Remote()], "deadline": deadline, "on_indeterminate": policy}

    @hooks.guard("demo-chat/reply", risks={"output": "unguarded"}, **options)
    def reply() -> str:
        return "hello"

    with capture() as seen, simulate_outage("remote", kind="drop"):
        try:
            answer = reply()
        except GuardUnavailable:
            answer = "withheld"

    found = seen.assert_one(risk="unguarded", verdict=Verdict.INDETERMINATE)
    assert (policy, policy == "allow", expected) == (found.policy, found.fact("unguarded"), answer)


@pytest.fixture
def unguarded(tell: Callable[..., Any]) -> Any:
    """41,200 calls passed; the route was switched to block before anybody assessed."""
    story = tell(running=True)
    story.risk("unguarded", RiskCategory.PASSIVE_NEGLIGENCE, component="reply")
    story.life.submit(commands.Contain(risk="unguarded", until=story.life.in_days(1)))
    story.at(hours=2)
    return story


def test_three_by_four_goes_past_ai_safety(unguarded: Any, scored: Any) -> None:
    """Within four hours AI Safety has it, then the committee, which may set another default; it ends at the top."""
    assert (3, 4) == scored(unguarded.assess("unguarded", 3, 4))
    case = unguarded.decide_at(unguarded.ask("unguarded"), 4, 24)

    assert (["ai_safety", "erm_committee"], "top") == ([one.body for one in case.decisions], case.body)


def test_the_route_opens_again_at_the_end_of_its_containment(unguarded: Any) -> None:
    """A containment with an end needs no tick to be over."""
    assert ["containment_open"] == unguarded.shut("reply")
    unguarded.at(days=1)
    assert [] == unguarded.shut("reply")


def test_a_spare_guard_leaves_two_by_three(unguarded: Any, scored: Any) -> None:
    """Carelessness is answered by change control and a dry run; the top lowers what is left to MEDIUM."""
    unguarded.assess("unguarded", 3, 4)
    left = unguarded.answer("unguarded", "ng.change_control", "ng.dry_run", left=(2, 3))

    assert ((2, 3), ["top"], Grade.MEDIUM) == (scored(left), unguarded.lower("unguarded"), unguarded.grade("unguarded"))
