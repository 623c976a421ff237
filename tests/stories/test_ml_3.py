"""ML-3: a gate only when asked. A limit crossed before DEPLOYMENT keeps the system out, and asking writes nothing."""

from typing import Any

import pytest

from kakao_asi import Grade, Stage
from kakao_asi.exceptions import GateBlocked


def test_a_risk_over_its_limit_keeps_the_system_out_of_deployment(life: Any) -> None:
    """Entering is refused with the risk, its grade, and what would clear it, in both languages."""
    life.answered(Grade.HIGH)
    with pytest.raises(GateBlocked) as raised:
        life.register.enter("chat", Stage.DEPLOYMENT, by="pm.oh")
    result = raised.value.result
    (high,) = [one for one in result.blockers if one.code.id == "grade_high"]

    assert ("r", "high", False) == (high.subject, high.detail, result.passed)
    assert all("r" in high.message(lang) for lang in ("ko", "en"))


def test_asking_answers_the_same_and_writes_nothing(life: Any) -> None:
    """The gate says what entering would say, and leaves no event."""
    life.answered(Grade.HIGH)
    before = life.size()
    asked = life.register.gate("chat", Stage.DEPLOYMENT)
    with pytest.raises(GateBlocked) as raised:
        life.register.enter("chat", Stage.DEPLOYMENT, by="pm.oh")

    assert (asked, before) == (raised.value.result, life.size())
