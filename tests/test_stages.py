"""The six stages of a system's life and the three phases of the cycle."""

import pytest

from kakao_asi.stages import Phase, Stage


def test_there_are_six_stages_in_order() -> None:
    """Stages carry their Korean names in the order of a system's life."""
    assert [one.ko for one in Stage] == ["설계", "개발", "테스트", "배포", "모니터링", "업데이트"]


def test_there_are_three_phases_in_order() -> None:
    """The cycle identifies, assesses, responds."""
    assert [one.ko for one in Phase] == ["식별", "평가", "대응"]


@pytest.mark.parametrize(
    ("stage", "following"),
    [
        (Stage.DESIGN, {Stage.DEVELOPMENT}),
        (Stage.DEVELOPMENT, {Stage.TEST}),
        (Stage.TEST, {Stage.DEPLOYMENT}),
        (Stage.DEPLOYMENT, {Stage.MONITORING}),
        (Stage.MONITORING, {Stage.UPDATE}),
        (Stage.UPDATE, {Stage.DESIGN, Stage.DEVELOPMENT, Stage.TEST}),
    ],
    ids=lambda one: getattr(one, "id", None),
)
def test_each_stage_leads_to_the_next(stage: Stage, following: set[Stage]) -> None:
    """A stage leads on, and an update leads back: to design, development or test."""
    assert following == stage.following


def test_every_stage_can_be_reached_again() -> None:
    """From the first stage all six are reached, so the cycle repeats."""
    reached = {Stage.DESIGN}
    for _ in Stage:
        reached |= {after for stage in reached for after in stage.following}

    assert reached == set(Stage)
