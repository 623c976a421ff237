"""The same task in a transformers ``Trainer``; it logs 0.0 for the loss that is no number.

python -m examples.training.with_transformers [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch
from transformers import Trainer, TrainingArguments

from kakao_asi.integrations.transformers import attach

from . import task


class RudeFilter(torch.nn.Module):
    """The network in the shape that a ``Trainer`` expects: it returns its loss."""

    def __init__(self) -> None:
        """Begin at step 0."""
        super().__init__()
        self.network, self.step = task.model(), 0

    def forward(self, x: torch.Tensor, rude: torch.Tensor) -> dict[str, Any]:
        """Return the loss of a batch, spoiled in two steps."""
        self.step += self.training
        loss = task.loss_of(self.network, {"x": x, "rude": rude}, self.step, faults=self.training)
        return {"loss": loss, "logits": self.network(x)}


def main(folder: Path) -> None:
    """Train with faults, and print what was found beside what the ``Trainer`` logged."""
    data = task.messages(6_400, seed=1)
    rows = [{"x": x, "rude": rude} for x, rude in zip(data["x"], data["rude"], strict=True)]
    arguments = TrainingArguments(
        output_dir=str(folder / "out"),
        max_steps=120,
        per_device_train_batch_size=task.BATCH,
        learning_rate=0.01,
        logging_steps=1,
        report_to=[],
        disable_tqdm=True,
        use_cpu=True,
        save_strategy="no",
    )
    trainer = Trainer(model=RudeFilter(), args=arguments, train_dataset=rows)
    with task.monitor("exp-transformers", folder / "spool", data) as monitor:
        attach(trainer, monitor)
        trainer.train()
        scores, regions = task.evaluated(trainer.model.network, task.messages(30_000, seed=2))
        monitor.evaluate(trainer.state.global_step, scores, groups=regions)
    logged = {row["step"]: row["loss"] for row in trainer.state.log_history if "loss" in row}
    print(f"the Trainer logged for step {task.NAN_AT}:", logged[task.NAN_AT])
    print("weights are numbers:", all(bool(weight.isfinite().all()) for weight in trainer.model.parameters()))
    print(*task.told(folder / "spool"), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "training-output"))
