"""The contract of stores finds the ways in which a store can break it."""

import datetime as dt
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.exceptions import StoreBusy, StoreError
from kakao_asi.stores import Draft, Frontier, MemoryStore, Receipt, RequestKey, Row, Store, StoredEvent, StoredRow
from kakao_asi.testing import StoreContract

Clock = Callable[[], dt.datetime]


class Forgetful(MemoryStore):
    """Takes every request as new."""

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Lose the key."""
        del key
        return super().append(events, rows, expected, None)


class Careless(MemoryStore):
    """Writes without looking at versions."""

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Lose what was expected."""
        del expected
        return super().append(events, rows, {}, key)


class Piecemeal(MemoryStore):
    """Writes events one by one."""

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Keep the first where the second fails."""
        for event in events[:-1]:
            super().append([event], [], {}, None)
        return super().append(events[-1:], rows, expected, key)


class Keeping(MemoryStore):
    """Keeps what a failed block wrote."""

    @contextmanager
    def exclusive(self) -> Generator[None]:
        """Undo nothing."""
        failure: BaseException | None = None
        with super().exclusive():
            try:
                yield
            except BaseException as error:  # noqa: BLE001  # raised again below
                failure = error
        if failure is not None:
            raise failure


class Wordy(MemoryStore):
    """Does not erase."""

    def erase(self, seq: int, field: str) -> None:
        """Keep everything."""


class Repeating(MemoryStore):
    """Reads from the position asked for, not behind it."""

    def read(self, *, after: int = -1, limit: int = 1000, stream: str | None = None) -> tuple[StoredEvent, ...]:
        """Begin one too early."""
        return super().read(after=max(after - 1, -1) if after < 9 else after, limit=limit, stream=stream)


class Unfiltered(MemoryStore):
    """Does not look at conditions."""

    def rows(self, kind: str, **asked: Any) -> tuple[StoredRow, ...]:
        """Lose the conditions."""
        return super().rows(kind, **(asked | {"where": None}))


class Grumpy(MemoryStore):
    """Works in one thread only."""

    def append(
        self, events: Sequence[Draft], rows: Sequence[Row], expected: Mapping[str, int], key: RequestKey | None
    ) -> Receipt:
        """Refuse other threads."""
        if threading.current_thread() is not threading.main_thread():
            raise StoreBusy
        return super().append(events, rows, expected, key)


class Frozen(MemoryStore):
    """Never moves its frontier."""

    def frontier(self) -> Frontier:
        """Answer as on the first day."""
        return Frontier()


def contract_of(kind: type[MemoryStore]) -> StoreContract:
    """The contract, applied to a kind of store."""

    class Applied(StoreContract):
        def make_store(self, folder: Path, clock: Clock) -> Store:  # noqa: ARG002  # it has no files
            return kind(clock=clock)

    return Applied()


@pytest.mark.parametrize(
    ("kind", "promise"),
    [
        (Forgetful, "repeated_key_writes_once"),
        (Forgetful, "key_of_another_request_is_refused"),
        (Careless, "stale_version_writes_nothing"),
        (Careless, "stream_that_must_exist_is_asked_for"),
        (Piecemeal, "refused_event_takes_the_others_with_it"),
        (Keeping, "block_that_raises_leaves_nothing"),
        (Wordy, "erased_text_is_gone_and_the_log_still_proves_itself"),
        (Repeating, "events_are_read_in_pages"),
        (Unfiltered, "rows_are_filtered_by_columns"),
        (Grumpy, "decisions_of_threads_do_not_mix"),
        (Frozen, "frontier_is_that_of_the_leaves"),
    ],
)
def test_broken_store_is_found(kind: type[MemoryStore], promise: str, tmp_path: Path) -> None:
    """A store that breaks a promise fails the check of that promise."""
    check = getattr(contract_of(kind), f"test_{promise}")

    with pytest.raises((AssertionError, StoreError)):
        check(tmp_path)


def test_store_has_to_be_named(tmp_path: Path) -> None:
    """The contract alone does not know which store it is about."""
    with pytest.raises(NotImplementedError):
        StoreContract().test_unknown_key_has_no_receipt(tmp_path)
