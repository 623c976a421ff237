"""AU-2: an approval is pinned to what was signed."""

from collections.abc import Callable
from typing import Any

import pytest

from kakao_asi import Grade, Stage, commands


def signed(life: Any) -> Any:
    """Return a life whose next release is signed."""
    life.answered()
    life.enter(Stage.DEVELOPMENT)
    life.submit(commands.Pin(system="chat", pins=[life.pin("v1")]))
    life.enter(Stage.TEST)
    life.decided("chat", "release")
    assert life.register.gate("chat", Stage.DEPLOYMENT).passed
    return life


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (lambda life: life.assess(Grade.LOW), "state_changed"),
        (lambda life: life.submit(commands.Rescope(risk="r", stages={Stage.DEPLOYMENT, Stage.TEST})), "state_changed"),
        (lambda life: life.submit(commands.Pin(system="chat", pins=[life.pin("v2")])), "pins_changed"),
        (lambda life: life.identify("other", category="active_misuse"), "state_changed"),
    ],
    ids=["score", "scope", "model", "category"],
)
def test_a_material_change_makes_the_approval_stale_at_once(
    life: Any, change: Callable[[Any], Any], stale: str
) -> None:
    """For the gate it is open again."""
    change(signed(life))

    assert stale in life.blockers(life.register.gate("chat", Stage.DEPLOYMENT))


def test_other_words_change_nothing(life: Any) -> None:
    """A wording edit leaves the approval as it is."""
    signed(life).submit(commands.Reword(risk="r", title="Said better", description="And at length"))

    assert life.register.gate("chat", Stage.DEPLOYMENT).passed


def test_a_release_covers_its_digests_only(life: Any) -> None:
    """Pinned back to what was signed, it is still another state: risks were opened again meanwhile."""
    signed(life)
    for version in ("v2", "v1"):
        life.submit(commands.Pin(system="chat", pins=[life.pin(version)]))

    assert not life.register.gate("chat", Stage.DEPLOYMENT).passed
