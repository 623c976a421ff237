"""A made-up task: tell from eight numbers whether a message is rude. Everything is generated.

What goes wrong is made, too: labels that are wrong in one region, a batch with a number that is none, and a batch with
every label turned round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from kakao_asi.training import FairnessGap, Limit, LossSpike, Monitor, NonFinite, Run, Score

BATCH = 64
REGIONS = ("seoul", "busan", "jeju")
NAN_AT, SPIKE_AT = 40, 90
"""The steps whose batch is spoiled, where faults are asked for."""


def messages(count: int, *, seed: int, wrong_in_jeju: float = 0.0) -> dict[str, torch.Tensor]:
    """Generate messages that are clearly rude or clearly not, from three regions.

    Args:
        count: how many.
        seed: of the generator.
        wrong_in_jeju: the share of labels from Jeju that say "not rude" whatever the message is, 0 to 1.
    """
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(count, 8, generator=generator)
    rude = x[:, :4].sum(1) > x[:, 4:].sum(1)
    x[:, :4] += torch.where(rude, 2.0, -2.0)[:, None]  # a gap between the two kinds
    region = torch.arange(count) % len(REGIONS)
    in_jeju = region == REGIONS.index("jeju")
    x[:, 7] += torch.where(in_jeju, 9.0, 0.0)  # they write another way there
    wrong = in_jeju & (torch.rand(count, generator=generator) < wrong_in_jeju)
    return {"x": x, "rude": torch.where(wrong, 0.0, rude.float()), "region": region}


def digest(data: dict[str, torch.Tensor]) -> str:
    """The digest that evidence cites for a data set."""
    raw = b"".join(column.numpy().tobytes() for column in data.values())
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def model() -> torch.nn.Module:
    """A small network, the same each time."""
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))


def loss_of(network: Any, batch: dict[str, torch.Tensor], step: int, *, faults: bool) -> torch.Tensor:
    """The loss of one batch; with faults, one batch has a number that is none, and one has every label turned round."""
    x, rude = batch["x"], batch["rude"]
    if faults and step == NAN_AT:
        x = x * float("nan")
    if faults and step == SPIKE_AT:
        rude = 1.0 - rude
    return torch.nn.functional.binary_cross_entropy_with_logits(network(x).squeeze(-1), rude)


def batches(data: dict[str, torch.Tensor], epochs: int) -> Iterator[dict[str, torch.Tensor]]:
    """The batches of several epochs, in the order of the data."""
    for _ in range(epochs):
        for begin in range(0, len(data["rude"]) - BATCH + 1, BATCH):
            yield {name: column[begin : begin + BATCH] for name, column in data.items()}


def evaluated(network: Any, data: dict[str, torch.Tensor]) -> tuple[dict[str, Score], dict[str, Any]]:
    """How often the network is wrong, with the counts, over all and by region."""
    with torch.no_grad():
        wrong = (network(data["x"]).squeeze(-1) > 0) != data["rude"].bool()

    def score(rows: torch.Tensor) -> Score:
        return Score.of(failures=int(wrong[rows].sum()), trials=int(rows.sum()))

    regions = {name: {"wrong": score(data["region"] == number)} for number, name in enumerate(REGIONS)}
    return {"wrong": score(torch.ones_like(wrong))}, {"region": regions}


def monitor(run: str, spool: Path, data: dict[str, torch.Tensor], *, regions: bool = True) -> Monitor:
    """What watches a run: numbers of each step, and evaluations over all and, where they are told, between regions."""
    gap = [FairnessGap("wrong", risk="misses-rude", by="region", max_gap=0.02)] if regions else []
    return Monitor(
        run,
        system="demo-chat",
        component="rude-filter",
        every=20,
        spool=spool,
        evidence=Run(data={"messages": digest(data)}, config={"batch": BATCH}),
        rules=[
            NonFinite(risk="diverges", action="skip_update"),
            LossSpike(risk="diverges", warmup=20),
            Limit("wrong", risk="misses-rude", above=0.01),
            *gap,
        ],
    )


def told(spool: Path) -> Iterator[str]:
    """One line for each finding that a run wrote down."""
    from kakao_asi.signals import read_spool

    for entry in read_spool(spool).entries:
        one = entry.finding
        yield f"step {one.fact('step')}: {one.label} in {one.fact('metric')}, on {one.risk}"
