"""A plain PyTorch loop that a monitor looks at, with two spoiled batches.

python -m examples.training.plain [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch

from kakao_asi.integrations.torch import RiskLoop
from kakao_asi.training import Monitor

from . import task


def trained(monitor: Monitor, data: dict[str, torch.Tensor], folder: Path, *, faults: bool, epochs: int = 4) -> Any:
    """Train, evaluate and save; return the network."""
    network = task.model()
    loop = RiskLoop(monitor, torch.optim.Adam(network.parameters(), lr=0.01), clip=1.0)
    for step, batch in enumerate(task.batches(data, epochs), 1):
        loss = task.loss_of(network, batch, step, faults=faults)
        loss.backward()
        if loop.update(loss).stop:
            break
    scores, regions = task.evaluated(network, task.messages(30_000, seed=2))
    monitor.evaluate(loop.steps, scores, groups=regions)
    torch.save(network.state_dict(), folder / "model.pt")
    monitor.checkpoint(folder / "model.pt", tensors=network.state_dict())
    return network


def main(folder: Path) -> None:
    """Train with faults, and print what was found."""
    folder.mkdir(parents=True, exist_ok=True)
    data = task.messages(6_400, seed=1)
    with task.monitor("exp-plain", folder / "spool", data) as monitor:
        network = trained(monitor, data, folder, faults=True)
    finite = all(bool(weight.isfinite().all()) for weight in network.parameters())
    print("weights are numbers:", finite)
    print(*task.told(folder / "spool"), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "training-output"))
