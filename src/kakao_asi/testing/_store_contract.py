"""Every promise of a store, as tests for any implementation."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from .._internal.canonical import Json, canonical_bytes
from .._internal.clock import Clock, format_instant
from ..exceptions import InvalidValue, KeyReused, StoreBusy, StoreUnavailable, UnknownId, VersionConflict
from ..serialization import digest_text
from ..stores import (
    MAX_PAGE,
    AtMost,
    Draft,
    Frontier,
    PrivateField,
    RequestKey,
    Row,
    Store,
    audit,
    issue_checkpoint,
    leaf_hash,
)
from ._clock import FrozenClock
from ._expect import expect_raised, expect_same

__all__ = ["StoreContract"]

_START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
_HOUR = dt.timedelta(hours=1)
_THREADS, _APPENDS = 4, 10


class _Undone(Exception):  # noqa: N818  # it is no error, only a way out of a block
    """Leaves a block without success."""


def _draft(stream: str = "risk:a", *, payload: Json = None, private: tuple[PrivateField, ...] = ()) -> Draft:
    return Draft(
        id="0192",
        stream=stream,
        kind="noted",
        schema=1,
        at=_START - _HOUR,
        by="ml.lee",
        lifecycle=1,
        payload=payload,
        private=private,
    )


def _row(id: str = "a", *, version: int = 1, state: bytes = b"{}", **columns: str | int | None) -> Row:  # as in Row
    filled: dict[str, str | int | None] = {"status": None, "grade": None, "system": None, "until": None}
    return Row(kind="risk", id=id, version=version, columns=filled | columns, state=state)


def _key(key: str = "k-1", request: str = "0") -> RequestKey:
    return RequestKey(key=key, digest="sha256:" + request * 64)


def _private(text: str, *, salt: bytes = b"s" * 32) -> tuple[PrivateField, dict[str, Json]]:
    """A private text, and what stands in its place."""
    digest = digest_text(salt, text)
    return PrivateField(field="title", digest=digest, salt=salt, text=text), {"sealed": digest}


class StoreContract:
    """Tests of the promises of :class:`~kakao_asi.stores.Store`; derive from it and say how a store is made.

    pytest collects the methods of a derived class; ``tmp_path`` is an empty folder. No test framework is needed to call
    them yourself: each raises AssertionError where a promise is broken.

    Example:
        >>> from kakao_asi.stores import MemoryStore
        >>> class TestMemoryStore(StoreContract):
        ...     def make_store(self, folder, clock):
        ...         return MemoryStore(clock=clock)
        >>> TestMemoryStore().test_positions_are_dense_over_streams(Path("unused"))
    """

    def make_store(self, folder: Path, clock: Clock) -> Store:
        """Return a new, empty store that stamps events with ``clock``; ``folder`` is there for its files."""
        raise NotImplementedError

    def open_backup(self, path: Path) -> Store:
        """Open what ``backup`` wrote; a file of ``SQLiteStore`` unless overridden."""
        from ..stores import SQLiteStore

        return SQLiteStore(path, read_only=True)

    def new_store(self, folder: Path, clock: Clock | None = None) -> closing[Any]:
        """Return a store of :meth:`make_store` that is closed at the end of a ``with`` block."""
        return closing(self.make_store(folder, clock or FrozenClock(_START)))

    # What an append does.

    def test_positions_are_dense_over_streams(self, tmp_path: Path) -> None:
        """Positions count from 0 over all streams, versions from 1 in each."""
        with self.new_store(tmp_path) as store:
            store.append([_draft("risk:a"), _draft("case:b"), _draft("risk:a")], [], {}, None)
            store.append([_draft("risk:a")], [], {}, None)

            found = [(event.seq, event.stream, event.version) for event in store.read()]
        expect_same([(0, "risk:a", 1), (1, "case:b", 1), (2, "risk:a", 2), (3, "risk:a", 3)], found)

    def test_receipt_says_what_was_written(self, tmp_path: Path) -> None:
        """A receipt names the positions, the versions come to and the store's time."""
        with self.new_store(tmp_path) as store:
            store.append([_draft("risk:a")], [], {}, None)
            receipt = store.append([_draft("risk:a"), _draft("case:b")], [], {}, None)

        expect_same((1, 2), (receipt.first_seq, receipt.last_seq))
        expect_same({"risk:a": 2, "case:b": 1}, dict(receipt.versions))
        expect_same(_START, receipt.recorded_at)

    def test_event_comes_back_as_it_was_drafted(self, tmp_path: Path) -> None:
        """Every part of a draft comes back, with the store's own time beside the claimed one."""
        draft = Draft(
            id="0193",
            stream="risk:a",
            kind="risk_identified",
            schema=2,
            at=_START - _HOUR,
            by="ml.lee",
            auth="signed",
            cause="k-1",
            lifecycle=3,
            governance="sha256:" + "a" * 64,
            payload={"level": [1, True, None, "높음"]},
            because="정기 점검",
        )
        with self.new_store(tmp_path) as store:
            store.append([draft], [], {}, None)
            (event,) = store.read()
        for name in (
            "id",
            "kind",
            "schema",
            "at",
            "by",
            "auth",
            "cause",
            "lifecycle",
            "governance",
            "payload",
            "because",
        ):
            expect_same((name, getattr(draft, name)), (name, getattr(event, name)))
        expect_same(_START, event.recorded_at)
        expect_same(leaf_hash(event.body), event.leaf)

    def test_recorded_time_never_runs_backwards(self, tmp_path: Path) -> None:
        """An event keeps the time of the one before it when the clock was set back."""
        clock = FrozenClock(_START)
        with self.new_store(tmp_path, clock) as store:
            for step in (_HOUR, -10 * _HOUR, 20 * _HOUR):
                store.append([_draft()], [], {}, None)
                clock.forward(step)
            store.append([_draft()], [], {}, None)
            times = [event.recorded_at - _START for event in store.read()]
        expect_same([0 * _HOUR, _HOUR, _HOUR, 11 * _HOUR], times)

    def test_frontier_is_that_of_the_leaves(self, tmp_path: Path) -> None:
        """Size, peaks and time of the frontier are those of the events read back."""
        with self.new_store(tmp_path) as store:
            expect_same(Frontier(), store.frontier())
            for count in (1, 2, 4):
                store.append([_draft()] * count, [], {}, None)
            leaves = [leaf_hash(event.body) for event in store.read()]
            expect_same(Frontier().extended(leaves, _START), store.frontier())

    def test_append_without_events_writes_rows(self, tmp_path: Path) -> None:
        """Rows alone can be written, for example cursors; the log stays as it is."""
        with self.new_store(tmp_path) as store:
            cursor = Row(kind="cursor", id="pager", version=7, state=b"")
            receipt = store.append([], [cursor], {}, None)
            found = store.get("cursor", "pager")
            expect_same((0, -1, Frontier()), (receipt.first_seq, receipt.last_seq, store.frontier()))
        expect_same((7, b""), (found.version, found.state))

    # All or nothing.

    def test_stale_version_writes_nothing(self, tmp_path: Path) -> None:
        """A conflict on any stream that was read leaves events, rows and receipts of all streams unwritten."""
        with self.new_store(tmp_path) as store:
            store.append([_draft("risk:a")], [_row(state=b"1")], {"risk:a": 0}, None)
            conflict = expect_raised(
                VersionConflict,
                lambda: store.append([_draft("case:b")], [_row(state=b"2")], {"case:b": 0, "risk:a": 0}, _key()),
            )
            expect_same(("risk:a", 0, 1), (conflict.stream, conflict.expected, conflict.actual))
            expect_same((1, b"1", None), (len(store.read()), store.get("risk", "a").state, store.receipt(_key())))

    def test_stream_that_must_exist_is_asked_for(self, tmp_path: Path) -> None:
        """An expected version of a stream that does not exist is a conflict with version 0."""
        with self.new_store(tmp_path) as store:
            conflict = expect_raised(VersionConflict, lambda: store.append([_draft()], [], {"system:s": 3}, None))
        expect_same(("system:s", 3, 0), (conflict.stream, conflict.expected, conflict.actual))

    def test_right_versions_let_the_append_pass(self, tmp_path: Path) -> None:
        """Streams at the version the decision read, written or not, do not stand in the way."""
        with self.new_store(tmp_path) as store:
            store.append([_draft("risk:a"), _draft("system:s")], [], {"risk:a": 0, "system:s": 0}, None)
            store.append([_draft("risk:a")], [], {"risk:a": 1, "system:s": 1, "case:c": 0}, None)
            expect_same(3, len(store.read()))

    def test_refused_event_takes_the_others_with_it(self, tmp_path: Path) -> None:
        """An event that cannot be written leaves those before it, the rows and the key unwritten too."""
        bad = _draft("case:b", payload=0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a float is what must be refused
        with self.new_store(tmp_path) as store:
            expect_raised(InvalidValue, lambda: store.append([_draft(), bad], [_row()], {}, _key()))
            expect_same(((), None, None), (store.read(), store.get("risk", "a"), store.receipt(_key())))
            expect_same(0, store.append([_draft()], [], {"risk:a": 0}, _key()).first_seq)

    # A request that comes twice.

    def test_repeated_key_writes_once(self, tmp_path: Path) -> None:
        """The same key with the same request gets the first receipt, even if versions have moved on."""
        with self.new_store(tmp_path) as store:
            first = store.append([_draft("risk:a"), _draft("case:b")], [], {"risk:a": 0}, _key())
            store.append([_draft("risk:a")], [], {}, None)
            again = store.append([_draft("risk:a"), _draft("case:b")], [], {"risk:a": 0}, _key())
            expect_same((first, 3), (again, len(store.read())))
            expect_same(first, store.receipt(_key()))

    def test_key_of_another_request_is_refused(self, tmp_path: Path) -> None:
        """A key that stands for one request cannot be used for another."""
        with self.new_store(tmp_path) as store:
            store.append([_draft()], [], {}, _key(request="1"))
            reused = expect_raised(KeyReused, lambda: store.append([_draft()], [], {}, _key(request="2")))
            expect_raised(KeyReused, lambda: store.receipt(_key(request="2")))
            expect_same(("k-1", 1), (reused.key, len(store.read())))

    def test_unknown_key_has_no_receipt(self, tmp_path: Path) -> None:
        """A key that was never taken has no receipt."""
        with self.new_store(tmp_path) as store:
            expect_same(None, store.receipt(_key()))

    # Reading.

    def test_events_are_read_in_pages(self, tmp_path: Path) -> None:
        """Pages behind a position join up to the whole log, in its order."""
        with self.new_store(tmp_path) as store:
            store.append([_draft()] * 5, [], {}, None)
            pages = [[event.seq for event in store.read(after=after, limit=2)] for after in (-1, 1, 3, 4, 99)]
        expect_same([[0, 1], [2, 3], [4], [], []], pages)

    def test_events_of_one_stream_are_read(self, tmp_path: Path) -> None:
        """A stream is read alone, in pages too; one that does not exist is empty."""
        with self.new_store(tmp_path) as store:
            store.append([_draft("risk:a"), _draft("risk:b")] * 3, [], {}, None)
            found = [event.seq for event in store.read(stream="risk:b", after=1, limit=1)]
            expect_same(([3], ()), (found, store.read(stream="risk:c")))
            expect_same((), store.read(stream="no stream"))

    def test_page_sizes_have_limits(self, tmp_path: Path) -> None:
        """A page of nothing, of too much, or behind no position is refused."""
        with self.new_store(tmp_path) as store:
            for limit in (0, MAX_PAGE + 1):
                expect_raised(InvalidValue, lambda limit=limit: store.read(limit=limit))  # type: ignore[misc]  # mypy cannot infer a default
                expect_raised(InvalidValue, lambda limit=limit: store.rows("risk", limit=limit))  # type: ignore[misc]  # see above
            expect_raised(InvalidValue, lambda: store.read(after=-2))
            expect_raised(InvalidValue, lambda: store.rows("risk", after="No Id"))

    # State rows.

    def test_row_is_replaced(self, tmp_path: Path) -> None:
        """The last row of a kind and id stands; other kinds with that id are other rows."""
        with self.new_store(tmp_path) as store:
            store.append([], [_row(version=1, state=b"old")], {}, None)
            store.append([], [_row(version=2, state=b"new", status="open", grade=3)], {}, None)
            found = store.get("risk", "a")
            expect_same(
                (2, b"new", "open", 3), (found.version, found.state, found.columns["status"], found.columns["grade"])
            )
            expect_same((None, None), (store.get("system", "a"), store.get("risk", "No Id")))

    def test_rows_are_filtered_by_columns(self, tmp_path: Path) -> None:
        """Equality, any of several, None and at-most conditions hold together."""
        rows = [
            _row("a", status="open", grade=1, system="s"),
            _row("b", status="open", grade=2, until=format_instant(_START)),
            _row("c", status="closed", grade=2, system="s", until=format_instant(_START + _HOUR)),
            _row("d", status="closed", grade=None, system="s", until=format_instant(_START - _HOUR)),
        ]
        asked: list[tuple[str, dict[str, Any]]] = [
            ("abcd", {}),
            ("ab", {"status": "open"}),
            ("a", {"status": "open", "system": "s"}),
            ("d", {"grade": None}),
            ("bcd", {"grade": (2, None)}),
            ("", {"grade": ()}),
            ("bd", {"until": AtMost(format_instant(_START))}),
            ("d", {"until": AtMost(format_instant(_START)), "status": "closed"}),
            ("a", {"grade": AtMost(1)}),
        ]
        with self.new_store(tmp_path) as store:
            store.append([], rows, {}, None)
            for expected, where in asked:
                expect_same((where, expected), (where, "".join(row.id for row in store.rows("risk", where=where))))

    def test_rows_are_read_in_pages(self, tmp_path: Path) -> None:
        """Pages behind an id join up to all rows that match, in the order of ids."""
        with self.new_store(tmp_path) as store:
            store.append(
                [], [_row(id, status="odd" if id in "ace" else "even") for id in "edcba"], {}, None
            )  # as in Row
            pages = [[row.id for row in store.rows("risk", after=after, limit=2)] for after in (None, "b", "d", "e")]
            odd = [row.id for row in store.rows("risk", where={"status": "odd"}, after="a", limit=5)]
        expect_same([["a", "b"], ["c", "d"], ["e"], []], pages)
        expect_same(["c", "e"], odd)

    def test_unknown_kinds_and_columns_are_refused(self, tmp_path: Path) -> None:
        """A kind of rows that does not exist, or a column or value it cannot have, is refused."""
        with self.new_store(tmp_path) as store:
            expect_raised(InvalidValue, lambda: store.get("person", "a"))
            expect_raised(InvalidValue, lambda: store.rows("person"))
            expect_raised(InvalidValue, lambda: store.rows("risk", where={"state": "x"}))
            expect_raised(InvalidValue, lambda: store.rows("risk", where={"grade": (1, 2.0)}))

    # Private texts.

    def test_private_texts_are_joined(self, tmp_path: Path) -> None:
        """Events and rows come back with the texts that they hold sealed, wherever those were brought in."""
        text, sealed = _private("주민등록번호가 답변에 나온다")
        state = canonical_bytes({"title": sealed})
        with self.new_store(tmp_path) as store:
            store.append([_draft(payload={"title": sealed}, private=(text,))], [_row(state=state)], {}, None)
            store.append([_draft(payload={"was": sealed}, private=())], [], {}, None)
            expected = {text.digest: text.text}
            expect_same([expected] * 2, [dict(event.texts) for event in store.read()])
            expect_same((expected, expected), (store.get("risk", "a").texts, store.rows("risk")[0].texts))
            expect_same((text,), store.read()[0].private)

    def test_words_of_private_texts_are_not_in_the_log(self, tmp_path: Path) -> None:
        """The bytes that are hashed hold the digest of a private text and none of its words."""
        text, sealed = _private("leaks a number")
        with self.new_store(tmp_path) as store:
            store.append([_draft(payload={"title": sealed}, private=(text,))], [], {}, None)
            (event,) = store.read()
        expect_same((False, True), (b"leaks" in event.body, text.digest.encode() in event.body))

    def test_text_that_does_not_fit_is_refused(self, tmp_path: Path) -> None:
        """A text with another digest, one that the payload does not hold, or a field given twice is refused."""
        text, sealed = _private("one")
        other, _ = _private("two")
        forged = PrivateField(field="title", digest=text.digest, salt=text.salt, text="another")
        with self.new_store(tmp_path) as store:
            for private in ((forged,), (text, other), (text, text), (other,)):
                draft = _draft(payload={"title": sealed}, private=private)
                expect_raised(InvalidValue, lambda draft=draft: store.append([draft], [], {}, None))  # type: ignore[misc]  # mypy cannot infer a default
            expect_same((), store.read())

    def test_erased_text_is_gone_and_the_log_still_proves_itself(self, tmp_path: Path) -> None:
        """Erasing takes the words from events and rows, changes no byte of the log, and may be repeated."""
        text, sealed = _private("leaks a number")
        state = canonical_bytes({"title": sealed})
        with self.new_store(tmp_path) as store:
            store.append([_draft(payload={"title": sealed}, private=(text,))], [_row(state=state)], {}, None)
            before = [(event.body, event.leaf) for event in store.read()]
            store.erase(0, "title")
            store.erase(0, "title")
            nothing: dict[str, str] = {}
            expect_same((nothing, nothing), (store.read()[0].texts, store.get("risk", "a").texts))
            expect_same((before, state), ([(one.body, one.leaf) for one in store.read()], store.get("risk", "a").state))

    def test_only_texts_that_were_brought_can_be_erased(self, tmp_path: Path) -> None:
        """Erasing at a position or field without a private text is refused."""
        with self.new_store(tmp_path) as store:
            store.append([_draft()], [], {}, None)
            for seq in (-1, 0, 1, 2**70):
                expect_raised(UnknownId, lambda seq=seq: store.erase(seq, "title"))  # type: ignore[misc]  # mypy cannot infer a default

    # One writer at a time.

    def test_block_that_raises_leaves_nothing(self, tmp_path: Path) -> None:
        """Whatever a block appended, replaced and erased is undone when it raises."""
        text, sealed = _private("kept")
        payload: Json = {"title": sealed}
        with self.new_store(tmp_path) as store:
            store.append([_draft(payload=payload, private=(text,))], [_row(state=b"old")], {}, _key("k-0"))
            before = (store.read(), store.rows("risk"), store.frontier())

            def block() -> None:
                with store.exclusive():
                    store.append([_draft(), _draft("case:b")], [_row(state=b"new"), _row("z")], {}, _key())
                    store.erase(0, "title")
                    raise _Undone

            expect_raised(_Undone, block)
            expect_same(before, (store.read(), store.rows("risk"), store.frontier()))
            expect_same((None, 0), (store.receipt(_key()), store.receipt(_key("k-0")).first_seq))
            expect_same(1, store.append([_draft("case:b")], [], {"case:b": 0, "risk:a": 1}, _key()).first_seq)

    def test_block_sees_its_own_writes_and_keeps_them(self, tmp_path: Path) -> None:
        """Inside a block reads see what it wrote; at its end everything stays."""
        with self.new_store(tmp_path) as store:
            with store.exclusive():
                store.append([_draft()], [_row()], {"risk:a": 0}, _key())
                expect_same((1, 1, 0), (len(store.read()), store.frontier().size, store.receipt(_key()).first_seq))
                store.append([_draft()], [], {"risk:a": 1}, None)
            expect_same((2, 1), (len(store.read()), len(store.rows("risk"))))

    def test_refused_append_leaves_the_rest_of_its_block(self, tmp_path: Path) -> None:
        """A refusal that a block handles takes back that append only."""
        bad = _draft("case:b", payload=0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a float is what must be refused
        with self.new_store(tmp_path) as store:
            with store.exclusive():
                store.append([_draft()], [], {}, None)
                expect_raised(InvalidValue, lambda: store.append([_draft(), bad], [], {}, _key()))
                expect_raised(VersionConflict, lambda: store.append([_draft()], [], {"risk:a": 0}, _key()))
                store.append([_draft()], [], {"risk:a": 1}, None)
            expect_same((2, None), (len(store.read()), store.receipt(_key())))

    def test_blocks_do_not_nest(self, tmp_path: Path) -> None:
        """A block inside a block is refused, and so is a backup; the outer block goes on."""
        with self.new_store(tmp_path) as store:
            with store.exclusive():
                store.append([_draft()], [], {}, None)
                expect_raised(StoreBusy, store.exclusive().__enter__)
                expect_raised(StoreBusy, lambda: store.backup(tmp_path / "backup.db"))
            expect_same(1, len(store.read()))

    def test_decisions_of_threads_do_not_mix(self, tmp_path: Path) -> None:
        """Threads that read a version and append on it inside a block never conflict and lose nothing."""
        failures: list[BaseException] = []
        barrier = threading.Barrier(_THREADS)

        def decide(store: Store) -> None:
            try:
                barrier.wait()
                for _ in range(_APPENDS):
                    with store.exclusive():
                        row = store.get("risk", "a")
                        version = row.version if row else 0
                        store.append([_draft()], [_row(version=version + 1)], {"risk:a": version}, None)
            except BaseException as error:  # noqa: BLE001  # handed to the thread that judges
                failures.append(error)

        with self.new_store(tmp_path) as store:
            threads = [threading.Thread(target=decide, args=(store,)) for _ in range(_THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            expect_same([], failures)
            expect_same(list(range(1, _THREADS * _APPENDS + 1)), [event.version for event in store.read()])

    # The whole.

    def test_log_audits_clean_and_gets_checkpoints(self, tmp_path: Path) -> None:
        """An audit finds nothing, with and without a checkpoint, and each checkpoint continues the one before."""
        text, sealed = _private("one")
        with self.new_store(tmp_path) as store:
            store.append([_draft(payload={"title": sealed}, private=(text,))], [_row(version=1)], {}, None)
            first = issue_checkpoint(store, origin="asi.example.com/log")
            store.append([_draft("case:b")] * 3, [], {}, None)
            expect_same(True, issue_checkpoint(store, origin="asi.example.com/log", after=first) != first)
            expect_same(((), ()), (audit(store).findings, audit(store, first).findings))

    def test_backup_opens_equal(self, tmp_path: Path) -> None:
        """A backup holds the same events, texts, rows, receipts and frontier; it never overwrites a file."""
        text, sealed = _private("하나")
        target = tmp_path / "backup.db"
        with self.new_store(tmp_path) as store:
            store.append([_draft(payload={"title": sealed}, private=(text,))], [_row(grade=2)], {}, _key())
            store.append([], [Row(kind="cursor", id="pager", version=1, state=b"\x00")], {}, None)
            store.backup(target)
            expect_raised(StoreUnavailable, lambda: store.backup(target))
            with closing(self.open_backup(target)) as copy:
                for kind in ("risk", "cursor"):
                    expect_same(store.rows(kind), copy.rows(kind))
                expect_same((store.read(), store.frontier()), (copy.read(), copy.frontier()))
                expect_same(store.receipt(_key()), copy.receipt(_key()))

    def test_closed_store_refuses(self, tmp_path: Path) -> None:
        """After closing, every call but closing again says that the store is closed."""
        with self.new_store(tmp_path) as store:
            store.close()
            begin = store.exclusive().__enter__
            for call in (store.read, store.frontier, begin, lambda: store.append([_draft()], [], {}, None)):
                expect_raised(StoreUnavailable, call)
