"""Registers over each kind of store."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.stores import MemoryStore, SQLiteStore
from kakao_asi.testing import FrozenClock


@pytest.fixture(params=["memory", "sqlite"])
def kept(request: pytest.FixtureRequest, start_life: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """A life over a store in memory, and the same over one in a file."""
    clock = FrozenClock(start_life.start)
    path = tmp_path / "asi.db"
    store = MemoryStore(clock=clock) if request.param == "memory" else SQLiteStore(path, clock=clock)
    life = start_life(store=store, clock=clock)
    yield life
    life.register.release()
