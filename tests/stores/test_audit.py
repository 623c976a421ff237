"""What an audit finds in a file that somebody changed, and what its verdict says."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kakao_asi.exceptions import IntegrityError, LoadError
from kakao_asi.stores import (
    Draft,
    Frontier,
    LogFault,
    MemoryStore,
    Row,
    SQLiteStore,
    audit,
    checkpoint_text,
    inclusion_proof,
    issue_checkpoint,
    leaf_hash,
    leaves_of,
    verify_inclusion,
)
from kakao_asi.testing import FrozenClock

ORIGIN = "asi.example.com/chat"
EVENTS = 12

Build = Callable[..., Draft]


@pytest.fixture
def path(tmp_path: Path, clock: FrozenClock, private_draft: Build, draft: Build, row: Callable[..., Row]) -> Path:
    """A closed file of twelve events of two streams, the fourth with a private text, and one state."""
    path = tmp_path / "asi.db"
    with closing(SQLiteStore(path, clock=clock)) as store:
        for number in range(EVENTS):
            stream = "risk:a" if number % 2 else "case:b"
            one = private_draft("words", stream) if number == 3 else draft(stream, payload=number)
            store.append([one], [row(version=(number + 1) // 2)] if number % 2 else [], {}, None)
    return path


@pytest.fixture
def store(path: Path, clock: FrozenClock) -> Iterator[SQLiteStore]:
    """The file, opened before anybody changes it."""
    with closing(SQLiteStore(path, clock=clock)) as opened:
        yield opened


def tamper(path: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """Change a file as somebody would who knows SQLite: triggers are dropped first and put back."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement, values if "?" in statement else ())
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def found(store: SQLiteStore, checkpoint: str | None = None) -> list[tuple[LogFault, int | None, str | None]]:
    """The findings of an audit as plain tuples."""
    return [(one.code, one.seq, one.subject) for one in audit(store, checkpoint).findings]


def test_sound_log_has_no_findings(store: SQLiteStore) -> None:
    """A log that nobody touched is sound, and the report gives its size and root."""
    report = audit(store)

    assert (report.sound, report.size, report.root) == (True, EVENTS, store.frontier().root())


@pytest.mark.parametrize("seq", range(EVENTS))
def test_flipped_byte_is_found_at_its_event(store: SQLiteStore, path: Path, seq: int) -> None:
    """One changed byte in the body of any event is found, and the finding names that event."""
    body = bytearray(store.read(after=seq - 1, limit=1)[0].body)
    body[len(body) // 2] ^= 1
    tamper(path, "UPDATE event SET body = ? WHERE seq = ?", values=(bytes(body), seq))

    faults = found(store)

    assert (LogFault.LEAF_MISMATCH, seq, None) in faults
    assert (LogFault.ROOT_MISMATCH, None, None) in faults
    assert {seq} == {place for _, place, _ in faults if place is not None}


@pytest.mark.parametrize("seq", [0, 7, EVENTS - 1])
def test_flipped_byte_in_a_leaf_is_found(store: SQLiteStore, path: Path, seq: int) -> None:
    """A changed leaf is found; the tree is computed from bodies and still fits."""
    tamper(path, "UPDATE event SET leaf = ? WHERE seq = ?", values=(bytes(32), seq))

    assert [(LogFault.LEAF_MISMATCH, seq, None)] == found(store)


def test_body_that_cannot_be_read_is_found(store: SQLiteStore, path: Path) -> None:
    """Bytes that are no event are found even if their leaf was changed along."""
    tamper(path, "UPDATE event SET body = ?, leaf = ? WHERE seq = 5", values=(b"?", leaf_hash(b"?")))

    assert (LogFault.COLUMN_MISMATCH, 5, None) in found(store)


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ("UPDATE event SET version = 99 WHERE seq = 4", "version"),
        ("UPDATE event SET stream = 'risk:z' WHERE seq = 4", "stream"),
        ("UPDATE event SET stream = x'ff' WHERE seq = 4", "stream"),
    ],
    ids=["version", "stream", "stream as bytes"],
)
def test_changed_column_is_found(store: SQLiteStore, path: Path, change: str, subject: str) -> None:
    """A column that differs from the body it copies is found by name."""
    tamper(path, change)

    assert [(LogFault.COLUMN_MISMATCH, 4, subject)] == found(store)


def test_body_of_another_type_is_still_read_as_bytes(store: SQLiteStore, path: Path) -> None:
    """A body that was rewritten as a number is a finding, not a crash."""
    tamper(path, "UPDATE event SET body = 7 WHERE seq = 4")

    assert (LogFault.LEAF_MISMATCH, 4, None) in found(store)


def test_deleted_event_is_a_gap(store: SQLiteStore, path: Path) -> None:
    """An event that was taken out of the middle is found where it was."""
    tamper(path, "DELETE FROM event WHERE seq = 6")

    assert found(store) == [(LogFault.GAP, 6, None), (LogFault.ROOT_MISMATCH, None, None)]


def test_truncation_is_found_from_what_else_is_stored(store: SQLiteStore, path: Path) -> None:
    """Events cut off at the end are missed by the tree, and by a state that stands on them."""
    tamper(path, "DELETE FROM event WHERE seq >= 10")

    assert found(store) == [
        (LogFault.GAP, 10, None),
        (LogFault.ROOT_MISMATCH, None, None),
        (LogFault.STATE_MISMATCH, None, "risk:a"),
    ]


def cut(path: Path, store: SQLiteStore, size: int) -> None:
    """Truncate a file and mend everything in it that would tell."""
    events = store.read(limit=size)
    rest = Frontier().extended([event.leaf for event in events], events[-1].recorded_at)
    tamper(
        path,
        "UPDATE frontier SET size = ?, peaks = ?",
        "DELETE FROM event WHERE seq >= (SELECT size FROM frontier)",
        "DELETE FROM risk",
        values=(size, b"".join(rest.peaks)),
    )


@pytest.mark.parametrize("size", range(1, EVENTS))
def test_careful_truncation_is_found_against_a_checkpoint(store: SQLiteStore, path: Path, size: int) -> None:
    """A log cut off with everything else mended looks sound by itself, and short against a checkpoint."""
    checkpoint = issue_checkpoint(store, origin=ORIGIN)
    cut(path, store, size)

    assert found(store) == []
    assert found(store, checkpoint) == [(LogFault.SHORTER_THAN_CHECKPOINT, None, None)]


@pytest.mark.parametrize("size", range(1, EVENTS))
def test_fork_is_found_against_a_checkpoint(store: SQLiteStore, path: Path, draft: Build, size: int) -> None:
    """A log that goes on otherwise from any event looks sound by itself, and not against a checkpoint."""
    checkpoint = issue_checkpoint(store, origin=ORIGIN)
    cut(path, store, size)
    for _ in range(EVENTS):
        store.append([draft("system:s")], [], {}, None)

    assert found(store) == []
    assert found(store, checkpoint) == [(LogFault.INCONSISTENT, None, None)]


@pytest.mark.parametrize("size", [0, 1, 7, EVENTS])
def test_checkpoint_of_any_size_holds(store: SQLiteStore, size: int) -> None:
    """A log continues each checkpoint that it went through, that of the empty log too."""
    root = Frontier().extended(leaves_of(store, size), None).root()

    assert audit(store, checkpoint_text(ORIGIN, size, root)).sound


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE frontier SET peaks = zeroblob(64)",
        "UPDATE frontier SET size = 11",
        "UPDATE frontier SET size = 'many'",
        "UPDATE frontier SET peaks = x'00'",
        "UPDATE frontier SET latest = 'yesterday'",
        "UPDATE frontier SET latest = '2199-01-01T00:00:00.000000Z'",
        "DELETE FROM frontier",
    ],
    ids=["peaks", "size", "size as text", "short peak", "no time", "later time", "gone"],
)
def test_changed_frontier_is_found(store: SQLiteStore, path: Path, change: str) -> None:
    """A stored tree that is not that of the events is found, whatever stands there."""
    tamper(path, change)

    assert found(store) == [(LogFault.ROOT_MISMATCH, None, None)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE private_text SET text = 'other'",
        "UPDATE private_text SET text = x'ff'",
        "UPDATE private_text SET salt = zeroblob(32)",
        "UPDATE private_text SET salt = x'00'",
    ],
    ids=["other text", "no UTF-8", "other salt", "short salt"],
)
def test_changed_text_is_found(store: SQLiteStore, path: Path, change: str) -> None:
    """A private text that does not fit its digest is found at its event and field."""
    tamper(path, change)

    assert found(store) == [(LogFault.TEXT_MISMATCH, 3, "title")]


def test_text_that_nobody_erased_is_missed(store: SQLiteStore) -> None:
    """A private text that is gone without an event that says so is found."""
    store.erase(3, "title")

    assert found(store) == [(LogFault.TEXT_MISSING, 3, "title")]


def test_text_that_was_erased_is_not_missed(store: SQLiteStore, draft: Build) -> None:
    """An event that names the digest explains why a text is gone, and proofs over it still hold."""
    checkpoint = issue_checkpoint(store, origin=ORIGIN)
    digest = store.read(after=2, limit=1)[0].private[0].digest
    with store.exclusive():
        store.append([draft(kind="text_erased", payload={"digests": [digest]})], [], {}, None)
        store.erase(3, "title")
    leaves = leaves_of(store, EVENTS)

    assert found(store, checkpoint) == []
    assert verify_inclusion(
        leaf=leaves[3],
        index=3,
        size=EVENTS,
        proof=inclusion_proof(leaves, 3),
        root=Frontier().extended(leaves, None).root(),
    )


def test_state_ahead_of_its_stream_is_found(store: SQLiteStore, path: Path) -> None:
    """A state that stands on a version which the log does not have is found."""
    tamper(path, "UPDATE risk SET version = 7")

    assert found(store) == [(LogFault.STATE_MISMATCH, None, "risk:a")]


def test_state_that_no_store_wrote_is_found(store: SQLiteStore, path: Path) -> None:
    """A row that cannot be read is a finding, not a crash."""
    tamper(path, "UPDATE risk SET id = 'Not An Id'")

    assert found(store) == [(LogFault.STATE_MISMATCH, None, "risk")]


def test_checkpoint_is_refused_for_a_damaged_log(store: SQLiteStore, path: Path) -> None:
    """A log with a finding gets no checkpoint; the error names the first finding."""
    tamper(path, "UPDATE event SET leaf = zeroblob(32) WHERE seq = 4")

    with pytest.raises(IntegrityError, match="event 4: an event's bytes do not fit"):
        issue_checkpoint(store, origin=ORIGIN)


def test_checkpoint_is_refused_where_the_log_went_back(store: SQLiteStore, path: Path) -> None:
    """A log that does not continue the checkpoint issued before gets no other."""
    before = issue_checkpoint(store, origin=ORIGIN)
    cut(path, store, 8)

    with pytest.raises(IntegrityError, match="shorter"):
        issue_checkpoint(store, origin=ORIGIN, after=before)


def test_checkpoint_of_another_log_is_refused(store: SQLiteStore) -> None:
    """The checkpoint issued before must be one of the same origin."""
    with pytest.raises(LoadError, match="other_origin"):
        issue_checkpoint(store, origin=ORIGIN, after=issue_checkpoint(store, origin="asi.example.org"))


def test_proofs_need_no_more_leaves_than_asked_for(store: SQLiteStore) -> None:
    """The leaves of an older size are the first of those of today."""
    assert leaves_of(store)[:5] == leaves_of(store, 5)


class Growing(MemoryStore):
    """A store into which somebody writes whenever the audit asks how far it has come."""

    late: tuple[Draft, ...] = ()

    def frontier(self) -> Frontier:
        """Answer after another event has come in."""
        late, self.late = self.late[:1], self.late[1:]
        self.append(late, [], {}, None)
        return super().frontier()


def test_events_that_come_in_meanwhile_are_read_too(draft: Build, clock: FrozenClock) -> None:
    """Writers during an audit make it longer, not unsound."""
    store = Growing(clock=clock)
    store.append([draft()], [], {}, None)
    store.late = (draft(), draft(), draft())

    assert (audit(store).sound, store.frontier().size) == (True, 4)


def test_verdict_without_a_checkpoint_says_what_is_not_excluded(store: SQLiteStore) -> None:
    """Without a checkpoint the verdict says in both languages what cannot be known."""
    report = audit(store)

    assert "rewriting are not excluded" in report.verdict_en
    assert "따로 보관한 체크포인트 없이는 알 수 없습니다" in report.verdict_ko


def test_verdict_with_a_checkpoint_says_how_far_it_reaches(store: SQLiteStore, draft: Build) -> None:
    """With a checkpoint the verdict tells the events it covers from those after it."""
    checkpoint = issue_checkpoint(store, origin=ORIGIN)
    store.append([draft()], [], {}, None)

    report = audit(store, checkpoint)

    assert f"the 12 events that the checkpoint of {ORIGIN} saw are unchanged; the 1 later" in report.verdict_en
    assert "12건은 그때 그대로입니다. 이후 이벤트 1건" in report.verdict_ko


@pytest.mark.parametrize(("seqs", "words"), [((4,), "1 finding"), ((4, 5), "2 findings")], ids=["one", "two"])
def test_verdict_counts_findings(store: SQLiteStore, path: Path, seqs: tuple[int, ...], words: str) -> None:
    """A damaged log's verdict counts what was found, in both languages."""
    for seq in seqs:
        tamper(path, "UPDATE event SET leaf = zeroblob(32) WHERE seq = ?", values=(seq,))

    report = audit(store)

    assert report.verdict_en.endswith(words)
    assert f"발견 사항 {len(seqs)}건" in report.verdict_ko


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "event 3, title: a text is gone without an event that says so"),
        ("ko", "이벤트 3, title: 삭제 기록 없이 원문이 사라짐"),
    ],
)
def test_finding_says_where_and_what(store: SQLiteStore, lang: str, message: str) -> None:
    """A finding is one line with event, field and fault, in either language."""
    store.erase(3, "title")

    assert [message] == [one.message(lang) for one in audit(store).findings]  # type: ignore[arg-type]  # a parameter


def test_finding_about_the_whole_log_names_no_place(store: SQLiteStore, path: Path) -> None:
    """A finding that concerns the whole log is the fault alone."""
    tamper(path, "UPDATE frontier SET peaks = zeroblob(64)")

    assert [one.message("ko") for one in audit(store).findings] == ["트리 루트 불일치"]


def said_erased(draft: Build, digest: str, **changes: object) -> object:
    """Return an event that says that the title of event 3 was erased."""
    payload = {"seq": 3, "field": "title", "digest": digest, "ground": "personal_data"} | changes
    return draft(kind="text_erased", payload=payload)


@pytest.mark.parametrize(
    ("changes", "gone", "codes"),
    [
        ({}, True, []),
        ({}, False, [(LogFault.ERASURE_MISMATCH, EVENTS, None)]),
        ({"seq": 2}, True, [(LogFault.ERASURE_MISMATCH, EVENTS, None)]),
        ({"seq": EVENTS}, True, [(LogFault.ERASURE_MISMATCH, EVENTS, None)]),
        ({"seq": True}, True, [(LogFault.ERASURE_MISMATCH, EVENTS, None)]),
        ({"field": "because"}, True, [(LogFault.ERASURE_MISMATCH, EVENTS, None)]),
        ({"field": 7}, True, [(LogFault.ERASURE_MISMATCH, EVENTS, None)]),
    ],
    ids=["right", "still-there", "other-event", "itself", "no-number", "other-field", "no-field"],
)
def test_erasure_on_record_is_held_against_what_happened(
    store: SQLiteStore, draft: Build, changes: dict[str, object], gone: bool, codes: list[object]
) -> None:
    """An event that says of a text that it was erased must name a text of an earlier event, and that must be gone."""
    digest = store.read(after=2, limit=1)[0].private[0].digest
    with store.exclusive():
        store.append([said_erased(draft, digest, **changes)], [], {}, None)
        if gone:
            store.erase(3, "title")

    assert found(store) == codes


def test_text_that_goes_after_its_erasure_was_announced_is_missed(store: SQLiteStore, draft: Build) -> None:
    """An erasure excuses only texts that were there before it: nobody gets leave for later ones."""
    digest = store.read(after=2, limit=1)[0].private[0].digest
    repeated = store.read(after=2, limit=1)[0]
    with store.exclusive():
        store.append([draft(kind="text_erased", payload={"digests": [digest]})], [], {}, None)
        again = draft(payload=repeated.payload, because=repeated.because, private=repeated.private)
        store.append([again], [], {}, None)
        store.erase(3, "title")

    assert found(store) == [(LogFault.TEXT_MISSING, EVENTS + 1, "title")]
