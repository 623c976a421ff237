"""One of two processes that train together over gloo; both meet in a file.

Only rank 1 sees a fault, in step 5. Each leaves its last step as ``last-RANK``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from torch.nn.parallel import DistributedDataParallel

from kakao_asi.training import Monitor, NonFinite

WORLD, FAULT, MOST = 2, 5, 12


def monitor_of(folder: Path) -> Monitor:
    """A monitor that stops on a loss that is no number, and agrees every other step."""
    rule = NonFinite(risk="diverges", action="stop", on={"loss"})
    return Monitor("exp-2", system="demo", rules=[rule], every=2, spool=folder / "spool")


def plain(rank: int, folder: Path) -> int:
    """Train in a plain loop; return the last step."""
    from kakao_asi.integrations.torch import RiskLoop

    torch.manual_seed(0)
    model = DistributedDataParallel(torch.nn.Linear(4, 1))
    loop = RiskLoop(monitor_of(folder), torch.optim.SGD(model.parameters(), lr=0.01))
    for step in range(1, MOST + 1):
        loss = model(torch.full((8, 4), float(rank + 1))).square().mean()
        loss.backward()
        seen = loss.detach() * (float("nan") if rank == 1 and step == FAULT else 1.0)
        if loop.update(seen).stop:
            break
    return loop.steps


def trainer(rank: int, folder: Path) -> int:
    """Train with transformers; return the last step."""
    from transformers import Trainer, TrainingArguments

    from kakao_asi.integrations.transformers import attach

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.calls = torch.nn.Linear(4, 1), 0

        def forward(self, x: Any, labels: Any) -> Any:
            self.calls += 1
            loss = (self.layer(x).squeeze(-1) - labels).square().mean()
            return {"loss": loss}

    class Seen(Trainer):  # type: ignore[misc]  # the framework is not typed
        def training_step(self, *args: Any, **kwargs: Any) -> Any:
            loss = super().training_step(*args, **kwargs)
            return loss * float("nan") if rank == 1 and self.state.global_step + 1 == FAULT else loss

    arguments = TrainingArguments(
        output_dir=str(folder / f"out-{rank}"),
        max_steps=MOST,
        per_device_train_batch_size=4,
        report_to=[],
        disable_tqdm=True,
        use_cpu=True,
        save_strategy="no",
        dataloader_pin_memory=False,
    )
    data = [{"x": torch.ones(4) * number, "labels": torch.tensor(1.0)} for number in range(96)]
    run = Seen(model=Model(), args=arguments, train_dataset=data)
    attach(run, monitor_of(folder))
    run.train()
    return int(run.state.global_step)


def main(framework: str, rank: str, folder: str) -> None:
    """Meet the other process, train and part."""
    # transformers wants an address in any case; as the two have met already, nobody calls it.
    world = {"WORLD_SIZE": str(WORLD), "LOCAL_WORLD_SIZE": str(WORLD), "MASTER_ADDR": "localhost", "MASTER_PORT": "0"}
    os.environ.update(RANK=rank, LOCAL_RANK=rank, HF_HUB_OFFLINE="1", **world)
    place = Path(folder)
    torch.distributed.init_process_group(
        "gloo", init_method=(place / "meeting").as_uri(), rank=int(rank), world_size=WORLD
    )
    try:
        done = {"torch": plain, "transformers": trainer}[framework](int(rank), place)
    finally:
        torch.distributed.destroy_process_group()
    (place / f"last-{rank}").write_text(str(done), "utf-8")
