"""PL-1: the gate that a pipeline asks before a deployment."""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Audience, Grade, ImperfectionFactors, Severity, Stage
from kakao_asi.assessments import Basis


def prepared(start_life: Callable[..., Any], audience: Audience) -> Any:
    """Return a system at TEST: two urgent HIGH risks, one HIGH accepted for six days, one acceptance that has ended."""
    life = start_life(audience=audience, risk=False)
    life.identify("accepted-high")
    life.assess(Grade.HIGH, "accepted-high")
    life.identify("ended")
    life.assess(Grade.MEDIUM, "ended")
    life.accepted("ended", days=10)
    life.accepted("accepted-high", days=16)
    life.forward(days=10)
    urgent = ImperfectionFactors(failures=50, trials=400, severity=Severity.SEVERE, coverage_pct=100)
    for name in ("urgent-1", "urgent-2"):
        life.identify(name)
        life.register.assess(name, urgent, basis=Basis.EXPERT, because="seen in production in May", by="qa.seo")
    return life


@pytest.mark.parametrize(
    ("audience", "expected", "warned"),
    [
        (
            Audience.INTERNAL,
            [
                ("expired", "ended"),
                ("residual_above_tolerance", "urgent-1"),
                ("residual_above_tolerance", "urgent-2"),
            ],
            ["accepted-high"],
        ),
        (
            Audience.EXTERNAL,
            [
                ("grade_high", "accepted-high"),
                ("expired", "ended"),
                ("grade_high", "urgent-1"),
                ("grade_high", "urgent-2"),
            ],
            ["accepted-high"],
        ),
    ],
    ids=["internal", "external"],
)
def test_blockers_and_warnings(
    start_life: Callable[..., Any], audience: Audience, expected: list[tuple[str, str]], warned: list[str]
) -> None:
    """Inside three blockers and a warning, outside four, because an accepted HIGH is still HIGH; in a stable order."""
    life = prepared(start_life, audience)
    about_risks = {"grade_high", "expired", "residual_above_tolerance", "not_assessed"}
    results = [life.register.gate("chat", Stage.DEPLOYMENT) for _ in range(2)]
    found = [(one.code.id, one.subject) for one in results[0].blockers if one.code.id in about_risks]

    assert results[0] == results[1]
    assert expected == found
    assert warned == [one.subject for one in results[0].warnings if one.code.id == "acceptance_ending"]
