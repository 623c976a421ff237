"""A store that somebody else wrote, with public names only: one JSON text that each change replaces."""

import base64
import datetime as dt
import json
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kakao_asi.exceptions import KeyReused, StoreBusy, StoreUnavailable, UnknownId
from kakao_asi.stores import (
    Draft,
    Frontier,
    PrivateField,
    Receipt,
    RequestKey,
    Row,
    Store,
    StoredEvent,
    StoredRow,
    Where,
    check_page,
    check_versions,
    check_where,
    leaf_hash,
    row_matches,
    seal_events,
    sealed_in,
)
from kakao_asi.testing import FrozenClock, StoreContract

Clock = Callable[[], dt.datetime]

EMPTY = '{"events": [], "texts": {}, "rows": {}, "receipts": {}}'


def packed(data: bytes) -> str:
    """Bytes as JSON can hold them."""
    return base64.b64encode(data).decode()


class JsonStore:
    """A store in one JSON text; slow, small and right. Lives as long as its process."""

    def __init__(self, clock: Clock, content: str = EMPTY) -> None:
        """Begin with a content."""
        self._clock = clock
        self._content: str | None = content
        self._lock = threading.RLock()
        self._inside = False

    @contextmanager
    def exclusive(self) -> Generator[None]:
        """Put the text back that was there before, if the block raises."""
        with self._lock:
            self._load()
            if self._inside:
                message = "nested"
                raise StoreBusy(message)
            before, self._inside = self._content, True
            try:
                yield
            except BaseException:
                self._content = before
                raise
            finally:
                self._inside = False

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Replace the text by one that holds the new events, rows and receipt too."""
        with self._lock:
            data = self._load()
            if key is not None and (first := self.receipt(key)) is not None:
                return first
            versions = [event["stream"] for event in data["events"]]
            check_versions(expected, versions.count)
            before = self.frontier()
            sealed = seal_events(events, versions.count, before, self._clock())
            for event in sealed.events:
                data["events"].append({"stream": event.stream, "version": event.version, "body": packed(event.body)})
                data["texts"] |= {one.digest: [one.field, packed(one.salt), one.text] for one in event.private}
            for row in rows:
                kept = [row.version, dict(row.columns), packed(row.state)]
                data["rows"].setdefault(row.kind, {})[row.id] = kept
            if key is not None:
                data["receipts"][key.key] = [key.digest, before.size, len(data["events"]), dict(sealed.versions)]
            self._content = json.dumps(data)
            return Receipt(
                first_seq=before.size,
                last_seq=len(data["events"]) - 1,
                versions=sealed.versions,
                recorded_at=sealed.recorded_at,
            )

    def receipt(self, key: RequestKey) -> Receipt | None:
        """Find the receipt of a key; its time is that of the events."""
        with self._lock:
            found = self._load()["receipts"].get(key.key)
            if found is None:
                return None
            digest, first, end, versions = found
            if digest != key.digest:
                raise KeyReused(key.key)
            times = [event.recorded_at for event in self._events()[first:end]]
            return Receipt(
                first_seq=first, last_seq=end - 1, versions=versions, recorded_at=times[-1] if times else self._clock()
            )

    def read(self, *, after: int = -1, limit: int = 1000, stream: str | None = None) -> tuple[StoredEvent, ...]:
        """Go through all events."""
        check_page(limit, after=after)
        found = [event for event in self._events() if event.seq > after and stream in {None, event.stream}]
        return tuple(found[:limit])

    def rows(
        self, kind: str, *, where: Where | None = None, after: str | None = None, limit: int = 1000
    ) -> tuple[StoredRow, ...]:
        """Go through all rows of the kind."""
        check_page(limit, after=-1 if after is None else after)
        check_where(kind, where or {})
        with self._lock:
            ids = sorted(self._load()["rows"].get(kind, {}))
            rows = [self.get(kind, one) for one in ids if after is None or one > after]
        return tuple(row for row in rows if row is not None and row_matches(row, where or {}))[:limit]

    def get(self, kind: str, id: str) -> StoredRow | None:  # the protocol's word
        """Look a row up."""
        check_where(kind, {})
        with self._lock:
            data = self._load()
            if id not in data["rows"].get(kind, {}):
                return None
            version, columns, state = data["rows"][kind][id]
            state = base64.b64decode(state)
            texts = {one.digest: one.text for one in self._private(data, state)}
        return StoredRow(kind=kind, id=id, version=version, columns=columns, state=state, texts=texts)

    def erase(self, seq: int, field: str) -> None:
        """Replace the text by one without the words."""
        with self._lock:
            data = self._load()
            declared = self._events()[seq].envelope.private if 0 <= seq < len(data["events"]) else {}
            if field not in declared:
                kind = "private text"
                raise UnknownId(kind, f"{seq}/{field}")
            data["texts"].pop(declared[field], None)
            self._content = json.dumps(data)

    def frontier(self) -> Frontier:
        """Build the tree anew."""
        events = self._events()
        return Frontier().extended([event.leaf for event in events], events[-1].recorded_at if events else None)

    def backup(self, path: str | Path) -> None:
        """Write the text to a new file."""
        with self._lock:
            self._load()
            if self._inside:
                message = "inside"
                raise StoreBusy(message)
            try:
                with Path(path).open("x", encoding="utf-8") as file:
                    file.write(self._content or EMPTY)
            except FileExistsError as error:
                message = "exists"
                raise StoreUnavailable(message) from error

    def close(self) -> None:
        """Forget everything."""
        self._content = None

    def _load(self) -> dict[str, Any]:
        if self._content is None:
            message = "closed"
            raise StoreUnavailable(message)
        data: dict[str, Any] = json.loads(self._content)
        return data

    def _events(self) -> list[StoredEvent]:
        with self._lock:
            data = self._load()
        events = []
        for seq, kept in enumerate(data["events"]):
            body = base64.b64decode(kept["body"])
            events.append(
                StoredEvent(
                    seq=seq,
                    stream=kept["stream"],
                    version=kept["version"],
                    body=body,
                    leaf=leaf_hash(body),
                    private=self._private(data, body),
                )
            )
        return events

    @staticmethod
    def _private(data: dict[str, Any], holder: bytes) -> tuple[PrivateField, ...]:
        found = [(digest, *data["texts"][digest]) for digest in sealed_in(holder) if digest in data["texts"]]
        return tuple(
            PrivateField(field=field, digest=digest, salt=base64.b64decode(salt), text=text)
            for digest, field, salt, text in found
        )


class TestJsonStore(StoreContract):
    """The outsider's store keeps every promise."""

    def make_store(self, folder: Path, clock: Clock) -> Store:  # noqa: ARG002  # it has no files
        """Return an empty store."""
        return JsonStore(clock)

    def open_backup(self, path: Path) -> Store:
        """Read the text back."""
        return JsonStore(FrozenClock(dt.datetime(2026, 11, 23, tzinfo=dt.UTC)), path.read_text("utf-8"))
