"""Tiny training loops in each framework, with or without a monitor: a module for tests, and a program.

    python training_loops.py FRAMEWORK MODE FOLDER [DIES_AT]

Every loop fits one linear layer to the same 80 random rows, 8 at a time, and notes the true loss of each step.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from kakao_asi import Audience, RiskRegister, System
from kakao_asi.training import Alarm, Moment, Monitor, NonFinite, Rule, Seen

STEPS = 10
SIZE = 8
FRAMEWORKS = ("torch", "transformers", "lightning", "keras")
MODES = ("rule", "monitor", "read_only", "full_disk")


# --- what goes wrong -------------------------------------------------------------------------------------------------


class Told:
    """A rule that has something to say in each third step, or fails in every one."""

    name = "told"
    risk = "diverges"
    metrics = frozenset({"loss", "grad_norm"})
    moments = frozenset({Moment.STEP})

    def __init__(self, *, fails: bool = False) -> None:
        """Say whether it fails."""
        self._fails = fails

    def judge(self, seen: Seen, _memory: dict[str, Any], /) -> tuple[Alarm, ...]:
        """Raise, or say what there is to say."""
        if self._fails:
            message = "a rule of the user"
            raise RuntimeError(message)
        return () if seen.step % 3 else (Alarm(label="told"),)


class Broken(Monitor):
    """A monitor that raises wherever it is asked."""

    def __getattribute__(self, name: str) -> Any:
        """Raise for everything that an adapter calls."""
        if name in {
            "step",
            "sync",
            "evaluate",
            "checkpoint",
            "state",
            "bind",
            "close",
            "flush",
            "resume",
            "fail",
            "evidence",
        }:
            message = "a monitor of the user"
            raise RuntimeError(message)
        return super().__getattribute__(name)


def monitor_of(mode: str, folder: Path) -> Monitor | None:
    """Return what watches a run in one mode; None for a run without the library."""
    if mode == "without":
        return None
    rules: list[Rule] = [NonFinite(risk="diverges", action="skip_update"), Told(fails=mode == "rule")]
    how: dict[str, Any] = {"system": "demo", "rules": rules, "every": 5}
    if mode == "monitor":
        return Broken("exp-1", **how)
    if mode == "read_only":
        place = folder / "asi.db"
        RiskRegister.open(place).release()
        register = RiskRegister.open(place, read_only=True)

        def sink(_finding: object) -> bool:
            register.add_system(System(id="demo", unit="chat", audience=Audience.INTERNAL), by="ml.lee")
            return True

        return Monitor("exp-1", sink=sink, **how)
    return Monitor("exp-1", spool=folder / "spool", **how)


@contextmanager
def disk(mode: str) -> Iterator[None]:
    """Let every write to a file fail, in one of the modes."""
    if mode != "full_disk":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # What is printed may go to a file, too, and the frameworks print.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# --- the loops -------------------------------------------------------------------------------------------------------


class Ran:
    """What a loop did.

    Attributes:
        losses: the true loss of each step.
        logged: the loss that the framework logged of each step, where it logs one.
        weights: the weights at the end.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.losses: list[float] = []
        self.logged: list[float] = []
        self.weights: list[float] = []


def fault(ran: Ran, loss: Any, *, nan_at: int, dies_at: int) -> Any:
    """Note the loss of a step, spoil it in one and die in another."""
    step = len(ran.losses) + 1
    if step == dies_at:
        os.kill(os.getpid(), signal.SIGKILL)
    loss = loss * float("nan") if step == nan_at else loss
    ran.losses.append(float(loss.detach()))
    return loss


def rows() -> Any:
    """The rows, and what is to be learnt of them: their sum."""
    import torch

    x = torch.randn(SIZE * STEPS, 4, generator=torch.Generator().manual_seed(1))
    return torch.utils.data.TensorDataset(x, x.sum(1))


def linear() -> Any:
    """The same layer each time."""
    import torch

    torch.manual_seed(0)
    return torch.nn.Linear(4, 1)


def run_torch(monitor: Monitor | None, folder: Path, *, nan_at: int = 0, dies_at: int = 0, resume: bool = False) -> Ran:
    """A plain loop that saves every fifth step."""
    import torch

    from kakao_asi.integrations.torch import RiskLoop

    ran, layer = Ran(), linear()
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.05)
    done, saved = 0, folder / "torch.pt"
    if resume:
        kept = torch.load(saved)
        layer.load_state_dict(kept["layer"])
        optimizer.load_state_dict(kept["optimizer"])
        done, ran.losses = kept["step"], [0.0] * kept["step"]
        if monitor is not None:
            monitor.resume(kept["monitor"])
    loop = None if monitor is None else RiskLoop(monitor, optimizer, start=done)
    for x, y in list(torch.utils.data.DataLoader(rows(), batch_size=SIZE))[done:]:
        loss = fault(ran, ((layer(x).squeeze(-1) - y) ** 2).mean(), nan_at=nan_at, dies_at=dies_at)
        loss.backward()
        if loop is None or monitor is None:
            optimizer.step()
            optimizer.zero_grad()
            continue
        if loop.update(loss).stop:
            break
        if dies_at and loop.steps % 5 == 0:
            kept = {"layer": layer.state_dict(), "optimizer": optimizer.state_dict(), "step": loop.steps}
            torch.save({**kept, "monitor": monitor.state()}, saved)
    if monitor is not None and not isinstance(monitor, Broken):
        monitor.close()
    ran.weights = layer.weight.flatten().tolist()
    return ran


def run_transformers(
    monitor: Monitor | None,
    folder: Path,
    *,
    nan_at: int = 0,
    dies_at: int = 0,
    resume: bool = False,
    attached: bool = True,
) -> Ran:
    """A ``Trainer`` that logs each step and saves every fifth."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from transformers import Trainer, TrainingArguments

    from kakao_asi.integrations.transformers import RiskCallback, attach

    ran = Ran()

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = linear()

        def forward(self, x: Any, labels: Any) -> Any:
            loss = ((self.layer(x).squeeze(-1) - labels) ** 2).mean()
            return {"loss": fault(ran, loss, nan_at=nan_at, dies_at=dies_at) if self.training else loss}

    arguments = TrainingArguments(
        output_dir=str(folder / "transformers"),
        max_steps=STEPS,
        per_device_train_batch_size=SIZE,
        logging_steps=1,
        report_to=[],
        disable_tqdm=True,
        use_cpu=True,
        save_strategy="steps" if dies_at or resume else "no",
        save_steps=5,
        learning_rate=0.05,
        dataloader_pin_memory=False,
    )
    model = Model()
    data = [{"x": x, "labels": y} for x, y in rows()]
    callbacks: list[Any] = [] if monitor is None or attached else [RiskCallback(monitor)]
    trainer = Trainer(model=model, args=arguments, train_dataset=data, callbacks=callbacks)
    if monitor is not None and attached:
        attach(trainer, monitor)
    if resume:
        ran.losses = [0.0] * 5
    trainer.train(resume_from_checkpoint=resume)
    ran.logged = [row["loss"] for row in trainer.state.log_history if "loss" in row]
    ran.weights = model.layer.weight.flatten().tolist()
    return ran


def run_lightning(
    monitor: Monitor | None, folder: Path, *, nan_at: int = 0, dies_at: int = 0, resume: bool = False
) -> Ran:
    """A ``Trainer`` that validates at the end and saves every fifth step."""
    import lightning.pytorch as lightning
    import torch
    from lightning.pytorch.callbacks import ModelCheckpoint

    from kakao_asi.integrations.lightning import RiskCallback

    ran = Ran()

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.layer = linear()

        def training_step(self, batch: Any, _number: int) -> Any:
            x, y = batch
            return fault(ran, ((self.layer(x).squeeze(-1) - y) ** 2).mean(), nan_at=nan_at, dies_at=dies_at)

        def validation_step(self, batch: Any, _number: int) -> None:
            x, y = batch
            self.log("val_loss", ((self.layer(x).squeeze(-1) - y) ** 2).mean())

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters(), lr=0.05)

    place = folder / "lightning"
    callbacks: list[Any] = [] if monitor is None else [RiskCallback(monitor)]
    if dies_at or resume:
        callbacks.append(ModelCheckpoint(place, filename="{step}", every_n_train_steps=5, save_top_k=-1))
    module = Module()
    if resume:
        ran.losses = [0.0] * 5
    trainer = lightning.Trainer(
        max_epochs=1,
        accelerator="cpu",
        devices=1,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        enable_checkpointing=bool(dies_at or resume),
        default_root_dir=str(place),
        callbacks=callbacks,
    )
    data = torch.utils.data.DataLoader(rows(), batch_size=SIZE)
    trainer.fit(module, data, data, ckpt_path=str(place / "step=5.ckpt") if resume else None, weights_only=False)
    ran.weights = module.layer.weight.flatten().tolist()
    return ran


def run_keras(
    monitor: Monitor | None, _folder: Path, *, nan_at: int = 0, spike_at: int = 0, attached: bool = True
) -> Ran:
    """A ``fit`` on the torch backend, with bad targets in one batch."""
    os.environ["KERAS_BACKEND"] = "torch"
    import keras
    import numpy as np

    from kakao_asi.integrations.keras import RiskCallback, attach

    keras.utils.set_random_seed(0)
    ran = Ran()
    x = np.random.default_rng(1).normal(size=(SIZE * STEPS, 4)).astype("float32")
    y = x.sum(1)
    for step, bad in ((nan_at, np.nan), (spike_at, 100.0)):
        if step:
            y[SIZE * (step - 1) : SIZE * step] = bad
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.05), "mse")
    compute = model.compute_loss

    def noted(*args: Any, **kwargs: Any) -> Any:
        loss = compute(*args, **kwargs)
        if kwargs.get("training", True):
            ran.losses.append(float(loss.detach()))
        return loss

    model.compute_loss = noted

    class Log(keras.callbacks.Callback):
        def on_train_batch_end(self, _batch: int, logs: Any = None) -> None:
            ran.logged.append(float(logs["loss"]))

    callbacks: list[Any] = [Log()]
    if monitor is not None:
        callbacks.append(attach(model, monitor) if attached else RiskCallback(monitor))
    kept = (x[:SIZE], x[:SIZE].sum(1))
    model.fit(x, y, batch_size=SIZE, shuffle=False, verbose=0, callbacks=callbacks, validation_data=kept)
    ran.weights = [float(value) for value in model.get_weights()[0].ravel()]
    return ran


LOOPS: dict[str, Callable[..., Ran]] = {
    "torch": run_torch,
    "transformers": run_transformers,
    "lightning": run_lightning,
    "keras": run_keras,
}


def main(framework: str, mode: str, folder: str, dies_at: str = "0") -> None:
    """Run one loop and leave its losses as ``losses.json``; ``resume`` goes on where a killed one saved."""
    place = Path(folder)
    monitor = monitor_of("spooled" if mode == "resume" else mode, place)
    how: dict[str, Any] = {"dies_at": int(dies_at)} if int(dies_at) else {}
    if mode == "resume":
        how["resume"] = True
    with disk(mode):
        ran = LOOPS[framework](monitor, place, **how)
    (place / "losses.json").write_text(json.dumps([loss.hex() for loss in ran.losses]), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
