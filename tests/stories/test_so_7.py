"""SO-7: one screened candidate that nobody answered keeps the next stage shut, and the gate says what helps."""

from typing import Any

import pytest

from kakao_asi import GateBlocked, Stage, commands
from kakao_asi.catalog import proportional_governance
from kakao_asi.framework import GuidanceAudience


def test_one_open_candidate_keeps_the_stage_shut(start_life: Any) -> None:
    """All candidates but one are dismissed with a reason: the stage cannot be entered, and the last one is named."""
    life = start_life(risk=False, governance=proportional_governance(screening=True))
    *answered, left = [one.candidate for one in life.register.screen("chat")]
    for one in answered:
        life.submit(
            commands.Dismiss(system="chat", candidate=one.id),
            because="it was looked at and cannot happen in this service",
        )

    with pytest.raises(GateBlocked) as shut:
        life.register.enter("chat", Stage.DEVELOPMENT, by="pm.oh")

    (blocker,) = [one for one in shut.value.result.blockers if one.code.id == "candidate_open"]
    assert (left.id,) == blocker.missing


def test_the_gate_says_what_helps(start_life: Any) -> None:
    """Each blocker of the shut gate has guidance for developers."""
    life = start_life(risk=False, governance=proportional_governance(screening=True))
    found = life.register.advice(life.register.gate("chat", Stage.DEVELOPMENT))

    assert found
    assert {GuidanceAudience.DEVELOPER} == {row.audience for one in found for row in one.guidance}
