"""The same task in a Lightning ``Trainer``.

python -m examples.training.with_lightning [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import lightning.pytorch as lightning
import torch

from kakao_asi.integrations.lightning import RiskCallback

from . import task


class RudeFilter(lightning.LightningModule):
    """The network in the shape that Lightning expects."""

    def __init__(self) -> None:
        """Make the network."""
        super().__init__()
        self.network = task.model()

    def training_step(self, batch: list[torch.Tensor], _number: int) -> torch.Tensor:
        """Return the loss of a batch, spoiled in two steps."""
        x, rude = batch
        return task.loss_of(self.network, {"x": x, "rude": rude}, self.global_step + 1, faults=True)

    def validation_step(self, batch: list[torch.Tensor], _number: int) -> None:
        """Log how often it is wrong."""
        x, rude = batch
        wrong = (self.network(x).squeeze(-1) > 0) != rude.bool()
        self.log("wrong", wrong.float().mean(), sync_dist=True)

    def configure_optimizers(self) -> Any:
        """Use Adam."""
        return torch.optim.Adam(self.parameters(), lr=0.01)


def loader(data: dict[str, torch.Tensor]) -> Any:
    """The batches of a data set."""
    rows = torch.utils.data.TensorDataset(data["x"], data["rude"])
    return torch.utils.data.DataLoader(rows, batch_size=task.BATCH)


def main(folder: Path) -> None:
    """Train with faults, and print what was found."""
    data = task.messages(6_400, seed=1)
    module = RudeFilter()
    with task.monitor("exp-lightning", folder / "spool", data, regions=False) as monitor:
        trainer = lightning.Trainer(
            max_epochs=2,
            accelerator="cpu",
            devices=1,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            default_root_dir=str(folder),
            callbacks=[RiskCallback(monitor)],
        )
        trainer.fit(module, loader(data), loader(task.messages(6_400, seed=2)))
    print("weights are numbers:", all(bool(weight.isfinite().all()) for weight in module.parameters()))
    print(*task.told(folder / "spool"), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "training-output"))
