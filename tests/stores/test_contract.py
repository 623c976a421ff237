"""Both shipped stores keep every promise of the contract."""

from pathlib import Path

from kakao_asi._internal.clock import Clock
from kakao_asi.stores import MemoryStore, SQLiteStore, Store
from kakao_asi.testing import StoreContract


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
