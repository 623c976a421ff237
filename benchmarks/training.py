"""What watching a step of training costs: a monitor with five rules against a call that does nothing.

The numbers are floats, as a loop has them once it has read them; reading tensors is the loop's own cost.
"""

from __future__ import annotations

from kakao_asi.training import GradNorm, LossSpike, Monitor, NonFinite, Rule

from .pairing import Ratio, paired

__all__ = ["measure"]

_BATCH = 100
# The aim is 5 us a step; the call that does nothing took 0.19 us where the aim was set, on two busy cores.
_AT_MOST = 26.0


class Nothing:
    """What a loop would call if nobody watched."""

    def step(self, step: int, /, **values: float) -> None:
        """Do nothing."""


def _steps(watcher: Monitor | Nothing) -> None:
    for number in range(_BATCH):
        watcher.step(number, loss=2.0, grad_norm=1.0)


def measure(*, rounds: int, calls: int) -> tuple[Ratio, ...]:
    """Compare a monitor with five rules, one of them asked at once, with nothing; microseconds a hundred steps."""
    rules: list[Rule] = [
        NonFinite(risk="diverges", action="skip_update", rollback_after=3),
        LossSpike(risk="diverges"),
        GradNorm(risk="diverges", absolute=1e4),
        LossSpike(risk="diverges", k=3.0, halflife=20, name="short_spike"),
        GradNorm(risk="diverges", ratio=20.0, name="far_norm"),
    ]
    monitor, nothing = Monitor("bench", system="demo-chat", rules=rules), Nothing()
    return (
        paired(
            f"{_BATCH} steps of a monitor with five rules",
            lambda: _steps(monitor),
            "a call that does nothing",
            lambda: _steps(nothing),
            rounds=rounds,
            calls=calls,
            at_most=_AT_MOST,
        ),
    )
