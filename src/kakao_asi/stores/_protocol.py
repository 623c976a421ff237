"""What a store promises: an append-only log and the present states that follow from it, written together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from ._records import Draft, Receipt, RequestKey, Row, StoredEvent, StoredRow, Where
from ._tree import Frontier

__all__ = ["Store"]


class Store(Protocol):
    """An append-only event log and current-state rows, written in one transaction.

    ``kakao_asi.testing.StoreContract`` checks every promise below on any implementation. A store may be used by several
    threads at once. All it raises are ``StoreError`` and ``InvalidValue``; what raised, wrote nothing.
    """

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold off every other writer while a decision is read for, made and appended.

        Everything that the block appends and erases becomes visible and durable together at its end; if it raises,
        nothing of it remains. Reads inside see what the block wrote. It cannot be nested.

        Raises:
            StoreBusy: another writer holds the store for too long, or the block is open in this thread already.
        """
        ...

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Write events, states and the receipt of a request: all of them or nothing.

        Args:
            events: what happened, in order, over any number of streams; may be empty.
            rows: the states that follow; each replaces the row of its kind and id. May be empty.
            expected: the version of every stream that the decision read; 0 for a stream that must not exist.
            key: the request. If it was taken before, nothing is written and the first receipt is returned.

        Raises:
            VersionConflict: a stream is not at the version expected.
            KeyReused: the key stands for another request.
            StoreFull: there is no space; the next append after space returns works.
        """
        ...

    def receipt(self, key: RequestKey) -> Receipt | None:
        """Return the receipt of a request that was taken before, or None.

        Raises:
            KeyReused: the key stands for another request.
        """
        ...

    def read(self, *, after: int = -1, limit: int = 1000, stream: str | None = None) -> tuple[StoredEvent, ...]:
        """Return at most ``limit`` events behind position ``after``, in the order of the log.

        Args:
            after: the position before the first one wanted; -1 reads from the beginning.
            limit: 1 to 10,000.
            stream: only events of this stream.
        """
        ...

    def rows(
        self, kind: str, *, where: Where | None = None, after: str | None = None, limit: int = 1000
    ) -> tuple[StoredRow, ...]:
        """Return at most ``limit`` rows that meet all conditions, in the order of their ids.

        Args:
            kind: one of ``ROW_COLUMNS``.
            where: conditions on the kind's columns; None: all rows.
            after: only ids behind this one.
            limit: 1 to 10,000.
        """
        ...

    def get(self, kind: str, id: str) -> StoredRow | None:  # the word the whole library uses
        """Return one row, or None."""
        ...

    def erase(self, seq: int, field: str) -> None:
        """Delete one private text and its salt for good; every proof over the log still holds.

        Erasing twice is no error. The log must say so with an event of kind ``text_erased`` whose payload names the
        digest, or ``audit`` reports the text as missing. Copies made before still hold the text.

        Raises:
            UnknownId: there is no such event, or it never had such a text.
        """
        ...

    def frontier(self) -> Frontier:
        """Return how far the log has come: its size, root and last time."""
        ...

    def backup(self, path: str | Path) -> None:
        """Write a consistent copy to a file that does not exist yet; it opens as a store with the same content.

        Raises:
            StoreUnavailable: the file exists or cannot be written.
            StoreBusy: called inside ``exclusive()``.
        """
        ...

    def close(self) -> None:
        """Release what the store holds; any later call but this raises ``StoreUnavailable``."""
        ...
