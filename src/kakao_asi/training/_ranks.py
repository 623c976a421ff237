"""Which process of a distributed run this is, and how all of them agree.

``torch.distributed`` is used only if the host has loaded and initialised it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Protocol

from attrs import frozen

from ..exceptions import InvalidValue

__all__ = ["Ranks", "Reducer", "ranks_now"]


class Reducer(Protocol):
    """How ranks agree."""

    def __call__(self, values: list[int], /) -> Sequence[int]:
        """Return, place by place, the largest value of all ranks; every rank calls it at the same steps."""
        ...


@frozen(kw_only=True)
class Ranks:
    """This process among those of a distributed run.

    Attributes:
        rank: its number in the whole world, from 0.
        world: how many there are, at least 1.
        reduce: how they agree.
    """

    rank: int = 0
    world: int = 1
    reduce: Reducer

    def __attrs_post_init__(self) -> None:
        """Refuse a rank outside its world."""
        check_ranks(self.rank, self.world)


def check_ranks(rank: int, world: int) -> None:
    """Refuse a rank outside its world.

    Raises:
        InvalidValue: the world is smaller than 1, or the rank is none of it.
    """
    if type(world) is not int or world < 1:
        raise InvalidValue("Monitor.world", "must be a whole number of at least 1")
    if type(rank) is not int or not 0 <= rank < world:
        raise InvalidValue("Monitor.rank", "must be a whole number from 0, less than world")


def ranks_now(rank: int | None, world: int | None, reduce: Reducer | None) -> Ranks:
    """Return the ranks: as given, else as ``torch.distributed`` says, else a world of one."""
    torch = _distributed()
    if rank is None or world is None:
        found = (0, 1) if torch is None else (torch.distributed.get_rank(), torch.distributed.get_world_size())
        rank, world = (found[0] if rank is None else rank), (found[1] if world is None else world)
    if reduce is None:
        reduce = _alone if world == 1 or torch is None else _torch_max
    return Ranks(rank=rank, world=world, reduce=reduce)


def _alone(values: list[int], /) -> Sequence[int]:
    return values


def _distributed() -> Any | None:
    torch = sys.modules.get("torch")
    distributed = getattr(torch, "distributed", None)
    ready = distributed is not None and distributed.is_available() and distributed.is_initialized()
    return torch if ready else None


def _torch_max(values: list[int], /) -> Sequence[int]:
    torch = sys.modules["torch"]
    device = "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"
    held = torch.tensor(values, dtype=torch.int64, device=device)
    torch.distributed.all_reduce(held, op=torch.distributed.ReduceOp.MAX)
    return [int(one) for one in held.tolist()]
