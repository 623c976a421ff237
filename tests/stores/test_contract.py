"""Both shipped stores keep every promise of the contract."""

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kakao_asi import stores
from kakao_asi.stores import Draft, MemoryStore, SQLiteStore, Store, audit, issue_checkpoint
from kakao_asi.testing import FrozenClock, StoreContract

Clock = Callable[[], dt.datetime]


class TestMemoryStore(StoreContract):
    """The store in memory."""

    def make_store(self, folder: Path, clock: Clock) -> Store:  # noqa: ARG002  # it has no files
        """Return an empty store."""
        return MemoryStore(clock=clock)


class TestSQLiteStore(StoreContract):
    """The store in a file."""

    def make_store(self, folder: Path, clock: Clock) -> Store:
        """Return a store in a new file."""
        return SQLiteStore(folder / "asi.db", clock=clock)


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that the package does not have is reported as such; the SQLite store is loaded when asked for."""
    with pytest.raises(AttributeError, match="PostgresStore"):
        _ = stores.PostgresStore


@pytest.mark.parametrize("seq", [0, 2])
def test_copy_of_a_memory_store_keeps_bytes(
    tmp_path: Path, draft: Callable[..., Draft], clock: FrozenClock, seq: int
) -> None:
    """A backup of a store in memory is a file that goes on where the memory stopped."""
    store = MemoryStore(clock=clock)
    store.append([draft(payload=number) for number in range(3)], [], {}, None)
    store.backup(tmp_path / "asi.db")
    with closing(SQLiteStore(tmp_path / "asi.db", clock=clock)) as copy:
        copy.append([draft()], [], {"risk:a": 3}, None)

        assert copy.read()[seq] == store.read()[seq]
        assert audit(copy, issue_checkpoint(store, origin="asi.example.com")).sound
