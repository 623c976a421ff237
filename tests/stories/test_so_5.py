"""SO-5: not applicable, with a reason, an owner and a review, and only for so long."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from kakao_asi import Stage, commands

WHY = "a prototype on paper, there is no model yet"


def test_a_stage_set_aside_lapses_after_a_year(start_life: Callable[..., Any]) -> None:
    """It needs twenty characters, an owner and a review within 365 days; the day after its review it is open again."""
    life = start_life(risk=False)
    review = (life.clock() + dt.timedelta(days=365)).date()
    command = commands.NotApplicable(system="chat", owner="serving", review=review)
    assert life.can(command, because="too short") == ["reason_too_short"]

    state = life.submit(command, because=WHY)
    assert [("serving", review, Stage.DESIGN)] == [(one.owner, one.review, one.stage) for one in state.set_aside]
    assert "cycle_open" not in life.blockers(life.register.gate("chat", Stage.DEVELOPMENT))

    life.forward(days=366)
    assert "cycle_open" in life.blockers(life.register.gate("chat", Stage.DEVELOPMENT))
