"""What a monitor adds to a real training step of PyTorch, as a share of the step.

    python -m benchmarks.training_step

Needs torch, and runs on one thread. The loop clips its gradients, so their norm is there anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from kakao_asi.integrations.torch import RiskLoop
from kakao_asi.training import GradNorm, LossSpike, Monitor, NonFinite, Rule

from .pairing import Ratio, paired

__all__ = ["measure"]

WIDTH, BATCH, LAYERS = 256, 128, 3


def _network() -> tuple[Any, Any, Any, Any]:
    import torch

    torch.manual_seed(0)
    layers = [layer for _ in range(LAYERS) for layer in (torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU())]
    network = torch.nn.Sequential(*layers)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    return torch, network, optimizer, torch.randn(BATCH, WIDTH)


def _plain() -> Callable[[], object]:
    torch, network, optimizer, x = _network()

    def step() -> None:
        loss = (network(x) - x).square().mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


class _Inert:
    """An optimizer that updates nothing, so that what is left is what a monitor adds; clipping is part of the step."""

    param_groups: ClassVar[list[dict[str, list[Any]]]] = [{"params": []}]

    def step(self) -> None:
        """Do nothing."""

    def zero_grad(self, *, set_to_none: bool) -> None:
        """Do nothing."""


def _watched(*, skips: bool) -> Callable[[], object]:
    _, network, _, x = _network()
    rules: list[Rule] = [
        NonFinite(risk="diverges", action="skip_update" if skips else "note"),
        LossSpike(risk="diverges"),
        GradNorm(risk="diverges"),
        LossSpike(risk="diverges", metric="grad_norm", name="norm_spike"),
        GradNorm(risk="diverges", ratio=20.0, name="far_norm"),
    ]
    monitor = Monitor("bench", system="demo", rules=rules, sink=lambda _finding: True)
    loop = RiskLoop(monitor, _Inert(), clip=1.0)
    loss = (network(x) - x).square().mean()
    return lambda: loop.update(loss)


def measure(*, rounds: int, calls: int) -> tuple[Ratio, ...]:
    """Compare what a monitor with five rules adds to a step with the whole step."""
    step = f"a whole training step of {LAYERS} layers of {WIDTH}, batch {BATCH}"
    return tuple(
        paired(
            f"what a monitor with five rules adds to a training step, {what}",
            _watched(skips=skips),
            step,
            _plain(),
            rounds=rounds,
            calls=calls,
            at_most=0.01,
        )
        for what, skips in (("only observing", False), ("one of them may leave it out", True))
    )


def main() -> None:
    """Measure on one thread, and print."""
    import torch

    torch.set_num_threads(1)
    for ratio in measure(rounds=61, calls=10):
        print(f"{ratio.ratio:.4f}x [{ratio.low:.4f} to {ratio.high:.4f}]  {ratio.name}")
        print(f"    {ratio.ours_per_call:,.0f} against {ratio.twin_per_call:,.0f} {ratio.unit} ({ratio.twin})")


if __name__ == "__main__":
    main()
