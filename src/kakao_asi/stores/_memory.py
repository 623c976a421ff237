"""A store in memory, for tests, trials and programs that keep nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from attrs import evolve

from .._internal.clock import Clock, utc_now
from ..exceptions import KeyReused, StoreUnavailable, UnknownId
from ._envelope import sealed_in
from ._latch import Latch
from ._log import Sealed, check_page, check_versions, seal_events
from ._records import (
    ROW_COLUMNS,
    Draft,
    PrivateField,
    Receipt,
    RequestKey,
    Row,
    StoredEvent,
    StoredRow,
    Where,
    check_where,
    columns_of,
    row_matches,
    stored_row,
)
from ._tree import Frontier

__all__ = ["MemoryStore"]

T = TypeVar("T")

_START: Final = -1


class MemoryStore:
    """A :class:`~kakao_asi.stores.Store` that lives as long as its process and keeps everything in memory."""

    def __init__(self, *, clock: Clock = utc_now) -> None:
        """Make an empty store.

        Args:
            clock: stamps ``recorded_at``.
        """
        self._clock = clock
        self._latch = Latch()
        self._closed = False
        self._undo: list[Callable[[], object]] = []
        self._events: list[StoredEvent] = []
        self._streams: dict[str, list[int]] = {}
        self._texts: dict[str, PrivateField] = {}
        self._rows: dict[str, dict[str, Row]] = {kind: {} for kind in ROW_COLUMNS}
        self._receipts: dict[str, tuple[str, Receipt]] = {}
        self._frontier = Frontier()

    @contextmanager
    def exclusive(self) -> Generator[None]:
        """Hold off every other thread; see :meth:`Store.exclusive`."""
        with self._latch.block():
            self._check_open()
            try:
                yield
            except BaseException:
                while self._undo:
                    self._undo.pop()()
                raise
            finally:
                self._undo.clear()

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Write events, rows and receipt; see :meth:`Store.append`."""
        with self._latch.held():
            self._check_open()
            first = None if key is None else self.receipt(key)
            if first is not None:
                return first
            check_versions(expected, self._version_of)
            sealed = seal_events(events, self._version_of, self._frontier, self._clock())
            receipt = Receipt(
                first_seq=self._frontier.size,
                last_seq=sealed.frontier.size - 1,
                versions=sealed.versions,
                recorded_at=sealed.recorded_at,
            )
            # Everything that can be refused has been by now; what follows only assigns.
            self._keep(sealed, rows)
            if key is not None:
                self._put(self._receipts, key.key, (key.digest, receipt))
            return receipt

    def receipt(self, key: RequestKey) -> Receipt | None:
        """Return the receipt of a repeated request; see :meth:`Store.receipt`."""
        with self._latch.held():
            self._check_open()
            digest, receipt = self._receipts.get(key.key, (key.digest, None))
            if digest != key.digest:
                raise KeyReused(key.key)
            return receipt

    def read(self, *, after: int = -1, limit: int = 1000, stream: str | None = None) -> tuple[StoredEvent, ...]:
        """Return events in the order of the log; see :meth:`Store.read`."""
        check_page(limit, after=after)
        start = after + 1
        with self._latch.held():
            self._check_open()
            if stream is None:
                found = self._events[start : start + limit]
            else:
                places = [seq for seq in self._streams.get(stream, ()) if seq >= start]
                found = [self._events[seq] for seq in places[:limit]]
            return tuple(self._with_texts(event) for event in found)

    def rows(
        self, kind: str, *, where: Where | None = None, after: str | None = None, limit: int = 1000
    ) -> tuple[StoredRow, ...]:
        """Return rows in the order of ids; see :meth:`Store.rows`."""
        check_page(limit, after=_START if after is None else after)
        conditions = where or {}
        check_where(kind, conditions)
        with self._latch.held():
            self._check_open()
            ids = sorted(one for one in self._rows[kind] if after is None or one > after)
            found = (row for row in map(self._rows[kind].__getitem__, ids) if row_matches(row, conditions))
            return tuple(stored_row(row, self._texts) for row, _ in zip(found, range(limit), strict=False))

    def get(self, kind: str, id: str) -> StoredRow | None:  # the word the whole library uses
        """Return one row; see :meth:`Store.get`."""
        columns_of(kind)
        with self._latch.held():
            self._check_open()
            row = self._rows[kind].get(id)
            return None if row is None else stored_row(row, self._texts)

    def erase(self, seq: int, field: str) -> None:
        """Delete a private text; see :meth:`Store.erase`."""
        with self._latch.held():
            self._check_open()
            declared: Mapping[str, str] = self._events[seq].envelope.private if 0 <= seq < len(self._events) else {}
            if field not in declared:
                raise UnknownId("private text", f"{seq}/{field}")
            text = self._texts.pop(declared[field], None)
            if text is not None:
                self._remember(lambda: self._texts.__setitem__(text.digest, text))

    def frontier(self) -> Frontier:
        """Return how far the log has come; see :meth:`Store.frontier`."""
        with self._latch.held():
            self._check_open()
            return self._frontier

    def backup(self, path: str | Path) -> None:
        """Write everything to a new file that ``SQLiteStore`` opens; see :meth:`Store.backup`."""
        from ._sqlite import write_copy

        with self._latch.held():
            self._check_open()
            self._latch.refuse_inside("backup() cannot run inside exclusive(); call it after the block")
            rows = [row for kind in self._rows.values() for row in kind.values()]
            events = [self._with_texts(event) for event in self._events]
            write_copy(path, events=events, rows=rows, receipts=self._receipts, frontier=self._frontier)

    def close(self) -> None:
        """Refuse every later call."""
        with self._latch.held():
            self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnavailable("the store is closed; open it again")

    def _version_of(self, stream: str) -> int:
        return len(self._streams.get(stream, ()))

    def _with_texts(self, event: StoredEvent) -> StoredEvent:
        private = tuple(self._texts[digest] for digest in sealed_in(event.body) if digest in self._texts)
        return evolve(event, private=private)

    def _keep(self, sealed: Sealed, rows: Sequence[Row]) -> None:
        for event in sealed.events:
            # Without its texts: they are kept in one place only, so that erasing is final.
            self._events.append(evolve(event, private=()))
            self._remember(self._events.pop)
            places = self._streams.setdefault(event.stream, [])
            places.append(event.seq)
            self._remember(places.pop)
            for text in event.private:
                self._put(self._texts, text.digest, text)
        for row in rows:
            self._put(self._rows[row.kind], row.id, row)
        before = self._frontier
        self._remember(lambda: setattr(self, "_frontier", before))
        self._frontier = sealed.frontier

    def _put(self, table: dict[str, T], name: str, value: T) -> None:
        if name in table:
            before = table[name]
            self._remember(lambda: table.__setitem__(name, before))
        else:
            self._remember(lambda: table.__delitem__(name))
        table[name] = value

    def _remember(self, undo: Callable[[], object]) -> None:
        if self._latch.open:
            self._undo.append(undo)
