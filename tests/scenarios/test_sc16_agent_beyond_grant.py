"""SC16 (made up): an agent in TEST books a job that its grant does not name.

Missing here: the tripwire as a finding in the register; the monitor's stop is there.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, RiskCategory, Stage, UncontrollabilityFactors, commands, gate, hooks

AGENT = {
    "tier": 2,
    "safeguards_tier": 1,
    "margin_pct": 60,
    "autonomy": 3,
    "reversibility": "reversible",
    "oversight_pct": 100,
    "surprises_30d": 1,
    "evasion_seen": False,
}


def factors(drilled: dt.datetime | None = None, **changes: Any) -> UncontrollabilityFactors:
    """Return what is known about the agent, with a stop drill of 1,400 ms against a limit of 2,000."""
    drill = {} if drilled is None else {"stop_tested_at": drilled, "stop_ms": 1_400, "stop_limit_ms": 2_000}
    return UncontrollabilityFactors(**(AGENT | drill | changes))


@pytest.fixture
def beyond(tell: Callable[..., Any]) -> Any:
    """T+1.4 s: the monitor has stopped it alone; T+2 h: assessed, tier two above safeguards for tier one."""
    story = tell()
    story.on(Stage.DEVELOPMENT, Stage.TEST)
    story.risk("beyond-grant", RiskCategory.UNCONTROLLABILITY, component="agent")
    story.drilled = story.began - dt.timedelta(days=1)
    story.at(seconds=1.4)
    story.life.submit(commands.Stop(system="chat"), by="bot")
    story.at(hours=2)
    story.judge("beyond-grant", factors(story.drilled))
    return story


@pytest.fixture
def tamed(beyond: Any) -> Any:
    """Autonomy one, safeguards for tier two, drilled again; one surprise in thirty days is left: MEDIUM."""
    response = beyond.respond("beyond-grant", "uc.limit_autonomy", "uc.human_approval", "uc.emergency_stop")
    beyond.verify("beyond-grant", response)
    left = factors(beyond.life.clock(), autonomy=1, safeguards_tier=2)
    beyond.judge("beyond-grant", left, counting_on=[response])
    return beyond


def test_the_monitor_stopped_it_without_a_vote(beyond: Any) -> None:
    """The stop is that of a program, alone and at once; a HIGH by its tier comes with the reason incident."""
    (stop,) = beyond.register.system("chat").stops

    assert ("bot", beyond.began + dt.timedelta(seconds=1.4)) == (stop.by, stop.at)
    assert (["stopped"], Grade.HIGH, True) == (
        beyond.shut("agent"), beyond.grade("beyond-grant"), beyond.life.state("beyond-grant").incident,
    )  # fmt: skip


def test_one_two_three_at_four_twenty_four_forty_eight_hours(beyond: Any) -> None:
    """The way is that of an incident."""
    case = beyond.decide_at(beyond.ask("beyond-grant"), 4, 24, 48)

    assert [("ai_safety", 4), ("erm_committee", 24), ("top", 48)] == beyond.way(case)
    assert case.approved


def test_what_is_left_is_medium_and_counts_as_high_until_the_top_lowers_it(tamed: Any) -> None:
    """A verified residual lowers nothing by itself."""
    assert (Grade.MEDIUM, Grade.HIGH) == (tamed.register.grades("beyond-grant").residual, tamed.grade("beyond-grant"))

    assert (["top"], Grade.MEDIUM) == (tamed.lower("beyond-grant"), tamed.grade("beyond-grant"))


def test_only_the_top_lifts(tamed: Any) -> None:
    """The committee's vote to lift is refused, an agent's too, and there is no override of a stop."""
    life = tamed.life
    case = tamed.ask("chat", "stop")
    ballots = {
        "erm.a": commands.Decide(case=case.id, outcome="approve", body="erm_committee"),
        "bot": commands.Decide(case=case.id, outcome="approve", body="top"),
    }
    override = commands.Escalate(subject="chat", matter="override", until=life.in_days(3))
    assert {"erm.a": ["authority"], "bot": ["agent_cannot_approve"]} == {
        name: life.can(ballot, by=name) for name, ballot in ballots.items()
    }
    assert "stopped" in life.can(override, because="we need it for the season")
    assert ["quorum_open"] == life.can(commands.Lift(system="chat"))

    life.vote(case.id)
    life.submit(commands.Lift(system="chat"))
    assert [] == tamed.shut("agent")


def test_the_agents_loop_asks_the_gate_before_each_tool(beyond: Any) -> None:
    """While it is stopped the check does not pass; lifted by the top, the loop goes on."""
    before_each_tool = gate("chat/agent")
    with beyond.register.active(sink=lambda _finding: True, flush="manual"):
        hooks.refresh()
        stopped = before_each_tool.check().passed
        beyond.life.decided("chat", "stop")
        beyond.life.submit(commands.Lift(system="chat"))
        hooks.refresh()

        assert (False, True) == (stopped, before_each_tool.check().passed)


@pytest.mark.parametrize(("days", "grade"), [(90, Grade.MEDIUM), (91, Grade.HIGH)])
@pytest.mark.parametrize("autonomy", [2, 3])
def test_an_old_drill_is_high_again(tamed: Any, days: int, grade: Grade, autonomy: int) -> None:
    """From autonomy two up a drill counts for ninety days, and not for one more."""
    drilled = tamed.life.clock() - dt.timedelta(days=days)
    found = tamed.judge("beyond-grant", factors(drilled, autonomy=autonomy, safeguards_tier=2))

    assert grade is found.grade


def test_more_autonomy_is_a_new_cycle(tamed: Any) -> None:
    """Another build of the agent opens the next cycle, and the old grades stand no more."""
    tamed.life.submit(commands.Pin(system="chat", pins=[tamed.life.pin("more autonomy")]))

    assert (2, True) == (
        tamed.life.state("beyond-grant").cycle, tamed.register.grades("beyond-grant").unassessed,
    )  # fmt: skip
