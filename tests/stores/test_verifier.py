"""The library against a second verifier, which was written from the documented format alone."""

import random
import runpy
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kakao_asi.stores import (
    Draft,
    Frontier,
    MemoryStore,
    SQLiteStore,
    StoredEvent,
    StoredRow,
    audit,
    checkpoint_text,
    consistency_proof,
    inclusion_proof,
    issue_checkpoint,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from kakao_asi.testing import FrozenClock

ORIGIN = "asi.example.com/chat"
LARGEST = 256
LEAVES = tuple(leaf_hash(str(number).encode()) for number in range(LARGEST))
EVENTS = 50

Build = Callable[..., Draft]
Tool = dict[str, Any]


@pytest.fixture(scope="module")
def tool(repository: Path) -> Tool:
    """The names of the second verifier."""
    return runpy.run_path(str(repository / "tools" / "verify_log.py"))


@pytest.fixture(scope="module")
def roots(tool: Tool) -> list[bytes]:
    """The root at every size, by the second verifier."""
    return [tool["root_of"](LEAVES[:size]) for size in range(LARGEST + 1)]


# Trees and proofs.


def test_both_agree_on_every_root(tool: Tool, roots: list[bytes]) -> None:
    """Roots and peaks of both are equal at every size from 0 to 256."""
    grown = [Frontier().extended(LEAVES[:size], None) for size in range(LARGEST + 1)]

    assert roots == [one.root() for one in grown]
    assert [tool["peaks_of"](LEAVES[:size]) for size in range(LARGEST + 1)] == [b"".join(one.peaks) for one in grown]


@pytest.mark.long
def test_every_inclusion_proof_passes_the_other_verifier(tool: Tool, roots: list[bytes]) -> None:
    """Each leaf of each tree up to 256 events is proved to both verifiers."""
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            assert tool["includes"](LEAVES[index], index, size, proof, roots[size])
            assert verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=proof, root=roots[size])


@pytest.mark.long
def test_every_consistency_proof_passes_the_other_verifier(tool: Tool, roots: list[bytes]) -> None:
    """Each tree up to 256 events is proved to both verifiers to continue each smaller one."""
    for size in range(LARGEST + 1):
        for old in range(size + 1):
            proof = consistency_proof(LEAVES[:size], old)
            assert tool["continues"](old, roots[old], size, roots[size], proof)
            assert verify_consistency(old_size=old, old_root=roots[old], size=size, root=roots[size], proof=proof)


def mutated(proof: Sequence[bytes], chance: random.Random) -> tuple[bytes, ...]:
    """A proof with one bit flipped, or a hash lost, doubled, added or moved."""
    hashes = list(proof)
    place = chance.randrange(len(hashes))
    what = chance.randrange(5)
    if what == 0:
        flipped = bytearray(hashes[place])
        flipped[chance.randrange(32)] ^= 1 << chance.randrange(8)
        hashes[place] = bytes(flipped)
    elif what == 1:
        del hashes[place]
    elif what == 2:
        hashes.insert(place, hashes[place])
    elif what == 3:
        hashes.append(chance.randbytes(32))
    else:
        hashes[place] = chance.randbytes(32)
    return tuple(hashes)


@pytest.mark.long
def test_ten_thousand_mutated_proofs_are_refused(tool: Tool, roots: list[bytes]) -> None:
    """A proof in which anything was changed convinces neither verifier; nor does one for another place or leaf."""
    chance = random.Random(7)  # noqa: S311  # it finds mistakes, it keeps no secret
    accepted = 0
    for _ in range(5_000):
        size = chance.randrange(2, LARGEST + 1)
        index, old = chance.randrange(size), chance.randrange(1, size)
        proof = mutated(inclusion_proof(LEAVES[:size], index), chance)
        accepted += tool["includes"](LEAVES[index], index, size, proof, roots[size])
        accepted += verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=proof, root=roots[size])
        proof = mutated(consistency_proof(LEAVES[:size], old), chance)
        accepted += tool["continues"](old, roots[old], size, roots[size], proof)
        accepted += verify_consistency(old_size=old, old_root=roots[old], size=size, root=roots[size], proof=proof)

    assert accepted == 0


# A log of fifty events in which anything is changed.


class Tampered:
    """What a store would answer whose file somebody changed; only what an audit asks for."""

    def __init__(self, events: Sequence[StoredEvent], frontier: Frontier) -> None:
        """Answer with these."""
        self._events = events
        self._frontier = frontier

    def read(self, *, after: int = -1, limit: int = 1000, stream: str | None = None) -> tuple[StoredEvent, ...]:
        """The events behind a position."""
        assert stream is None
        return tuple(event for event in self._events if event.seq > after)[:limit]

    def rows(self, _kind: str, **_conditions: object) -> tuple[StoredRow, ...]:
        """No states."""
        return ()

    def frontier(self) -> Frontier:
        """The stored frontier."""
        return self._frontier


@pytest.fixture
def log(draft: Build, private_draft: Build, clock: FrozenClock) -> tuple[tuple[StoredEvent, ...], Frontier, str]:
    """Fifty events of three streams, their frontier, and a checkpoint of them."""
    store = MemoryStore(clock=clock)
    for number in range(EVENTS):
        stream = ("risk:a", "case:b", "system:s")[number % 3]
        salt = number.to_bytes(32, "big")
        one = draft(stream, payload=number) if number % 5 else private_draft(f"text {number}", stream, salt=salt)
        store.append([one], [], {}, None)
    return store.read(), store.frontier(), issue_checkpoint(store, origin=ORIGIN)


def mended(events: Sequence[StoredEvent]) -> tuple[tuple[StoredEvent, ...], Frontier]:
    """The events with numbers, leaves and frontier that fit, as a careful forger would leave them."""
    fitting = tuple(evolve(one, seq=seq, leaf=leaf_hash(one.body)) for seq, one in enumerate(events))
    latest = fitting[-1].recorded_at if fitting else None
    return fitting, Frontier().extended([one.leaf for one in fitting], latest)


def sound(events: Sequence[StoredEvent], frontier: Frontier, checkpoint: str) -> bool:
    """Whether an audit against a checkpoint finds nothing."""
    return audit(Tampered(events, frontier), checkpoint).sound  # type: ignore[arg-type]  # as much as an audit asks


@pytest.mark.long
def test_every_flipped_byte_is_found(log: tuple[tuple[StoredEvent, ...], Frontier, str]) -> None:
    """Each byte of each body and leaf is changed in turn: each time the audit finds it."""
    events, frontier, checkpoint = log
    missed, tried = [], 0
    assert sound(events, frontier, checkpoint)
    for event in events:
        for name in ("body", "leaf"):
            content = getattr(event, name)
            for place in range(len(content)):
                changed = bytes((*content[:place], content[place] ^ 1 << place % 8, *content[place + 1 :]))
                other = (*events[: event.seq], evolve(event, **{name: changed}), *events[event.seq + 1 :])
                tried += 1
                if sound(other, frontier, checkpoint):
                    missed.append((event.seq, name, place))

    assert (missed, tried > 13_000) == ([], True)


def test_every_removal_and_truncation_is_found(log: tuple[tuple[StoredEvent, ...], Frontier, str]) -> None:
    """Each event is taken out, and the log is cut at each size, with everything else mended: each time it is found."""
    events, frontier, checkpoint = log
    for place in range(EVENTS):
        removed = (*events[:place], *events[place + 1 :])
        assert not sound(removed, frontier, checkpoint)
        assert not sound(*mended(removed), checkpoint)
        assert not sound(events[:place], frontier, checkpoint)
        assert not sound(*mended(events[:place]), checkpoint)


@pytest.mark.long
def test_every_swap_is_found(log: tuple[tuple[StoredEvent, ...], Frontier, str]) -> None:
    """Each two events change places, with everything else mended: each time it is found."""
    events, _, checkpoint = log
    for first in range(EVENTS):
        for second in range(first + 1, EVENTS):
            swapped = list(events)
            swapped[first], swapped[second] = swapped[second], swapped[first]
            assert not sound(*mended(swapped), checkpoint)


def test_every_insertion_is_found(log: tuple[tuple[StoredEvent, ...], Frontier, str]) -> None:
    """An event is put in before each other one, with everything else mended: each time it is found."""
    events, _, checkpoint = log
    for place in range(EVENTS):
        assert not sound(*mended((*events[:place], events[7], *events[place:])), checkpoint)


# Files.


@pytest.fixture
def path(tmp_path: Path, draft: Build, private_draft: Build, clock: FrozenClock) -> Path:
    """A closed file of twenty events, every fifth with a private text."""
    path = tmp_path / "asi.db"
    with closing(SQLiteStore(path, clock=clock)) as store:
        for number in range(20):
            salt = number.to_bytes(32, "big")
            one = draft(payload=["값", "a\n\x07", number]) if number % 5 else private_draft("words", salt=salt)
            store.append([one], [], {}, None)
    return path


def change(path: Path, *statements: str) -> None:
    """Change a file, past its triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("DROP TRIGGER event_no_delete")
        for statement in statements:
            connection.execute(statement)


def checkpoint_of(path: Path) -> str:
    """A checkpoint of a file."""
    with closing(SQLiteStore(path, read_only=True)) as store:
        return issue_checkpoint(store, origin=ORIGIN)


def test_sound_file_passes(tool: Tool, path: Path) -> None:
    """The second verifier finds nothing in a file that the library wrote, nor against its checkpoint."""
    assert list(tool["findings"](path)) == []
    assert list(tool["findings"](path, checkpoint_of(path), ORIGIN)) == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE event SET body = body || x'20' WHERE seq = 3", "event 3: its leaf is not that of its body"),
        ("UPDATE event SET body = CAST(body AS TEXT) WHERE seq = 3", "event 3: its body is not bytes"),
        ("UPDATE event SET leaf = zeroblob(32) WHERE seq = 3", "event 3: its leaf is not that of its body"),
        ("UPDATE event SET stream = 'risk:z' WHERE seq = 3", "event 3: stream or version differs from the body"),
        ("DELETE FROM event WHERE seq = 3", "event 3: missing; the next one is numbered 4"),
        ("DELETE FROM event WHERE seq > 12", "the stored tree is not that of the events"),
        ("UPDATE frontier SET peaks = zeroblob(64)", "the stored tree is not that of the events"),
        ("UPDATE private_text SET text = x'00'", "a text does not fit its digest"),
        ("UPDATE private_text SET salt = 'short'", "a text does not fit its digest"),
        ("DELETE FROM private_text", "event 0: a text is gone, and no event says that it was erased"),
        ("DROP TABLE private_text", "the file lacks a table of the log"),
        ("PRAGMA user_version = 9", "the file is no register of format 1"),
    ],
    ids=lambda value: value if value.startswith(("UPDATE", "DELETE", "DROP", "PRAGMA")) else "",
)
def test_changed_file_is_found(tool: Tool, path: Path, statement: str, finding: str) -> None:
    """Whatever is changed in a file, the second verifier says what."""
    change(path, statement)

    assert finding in list(tool["findings"](path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"schema":1', b'"schema":1.0'),
        (b'"schema":1', b'"schema":1e0'),
        (b'"schema":1', b'"schema": 1'),
        (b'"schema":1', b'"schema":true'),
        (b'"schema":1', b'"schema":9007199254740992'),
        (b'"schema":1', b'"schema":1,"schema":1'),
        (b'"schema":1', b'"schema":NaN'),
        (b'"by":"ml.lee",', b""),
        (b'"by":"ml.lee"', b'"by":"\\u006dl.lee"'),
        (b"01:30:00.000000Z", b"01:30:00Z"),
        (b"2026-11-23", b"2026-02-30"),
        (b'"kind"', b'"kin\xc3\xa9"'),
        (b'"kind"', b'"kin\xff"'),
        (b'"stream":"risk:a"', b'"stream":"Risk"'),
        (b'"auth"', b'"zzzz"'),
    ],
)
def test_body_outside_the_format_is_found(tool: Tool, path: Path, old: bytes, new: bytes) -> None:
    """A body that is not canonical or lacks a member is found even with leaf and tree mended."""
    with closing(sqlite3.connect(path)) as connection:
        (body,) = connection.execute("SELECT body FROM event WHERE seq = 3").fetchone()
    other = body.replace(old, new)
    change(path, f"UPDATE event SET body = x'{other.hex()}', leaf = x'{leaf_hash(other).hex()}' WHERE seq = 3")  # noqa: S608  # digits only

    assert other != body
    assert "event 3: its body is not in canonical form or lacks a member" in list(tool["findings"](path))


def test_private_names_must_be_digests(tool: Tool) -> None:
    """A body whose private texts are named by anything but text is found."""
    body = (
        b'{"at":"2026-11-23T01:30:00.000000Z","auth":"asserted","by":"a","id":"e","kind":"k","lifecycle":1,'
        b'"payload":null,"private":[],"recorded_at":"2026-11-23T01:30:00.000000Z","schema":1,"stream":"risk:a",'
        b'"version":1}'
    )

    found = list(tool["Log"]().take(0, "risk:a", 1, body, leaf_hash(body)))

    assert found == ["event 0: its private texts are not named by digests"]


def test_time_that_runs_backwards_and_versions_with_gaps_are_found(
    tool: Tool, draft: Build, clock: FrozenClock
) -> None:
    """Times and versions that no store gives are found in a log that fits otherwise."""
    store = MemoryStore(clock=clock)
    store.append([draft()], [], {}, None)
    log, (event,) = tool["Log"](), store.read()
    early = event.body.replace(b'"recorded_at":"2', b'"recorded_at":"1').replace(b'"version":1', b'"version":2')
    again = event.body.replace(b'"version":1', b'"version":2')

    assert list(log.take(0, "risk:a", 1, event.body, event.leaf)) == []
    assert list(log.take(1, "risk:a", 2, early, leaf_hash(early))) == [
        "event 1: recorded earlier than the event before"
    ]
    assert list(log.take(2, "risk:a", 2, again, leaf_hash(again))) == ["event 2: version 2 of its stream follows 2"]


def test_erased_text_is_not_missed(tool: Tool, path: Path, draft: Build) -> None:
    """A text that is gone is no finding where an event names its digest."""
    with closing(SQLiteStore(path)) as store:
        digest = store.read()[0].private[0].digest
        store.erase(0, "title")
        store.append([draft(kind="text_erased", payload={"digests": [digest]})], [], {}, None)

    assert list(tool["findings"](path)) == []


def test_log_that_does_not_continue_the_checkpoint_is_found(tool: Tool, path: Path) -> None:
    """A shorter log, another log, and a checkpoint of another origin are told apart."""
    text = checkpoint_of(path)
    longer = checkpoint_text(ORIGIN, 21, bytes(32))
    other = checkpoint_text(ORIGIN, 20, bytes(32))

    assert list(tool["findings"](path, longer)) == ["the log has 20 events, the checkpoint saw 21"]
    assert list(tool["findings"](path, other)) == ["the first 20 events are not those that the checkpoint saw"]
    assert list(tool["findings"](path, text, "asi.example.org")) == ["the checkpoint is none, or one of another log"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        " \n1\n" + "A" * 43 + "=\n",
        "a\n1\nAAAA\n",
        "a\n1\n?\n",
        "a\n1\n" + "A" * 42 + "B=\n",
        "a\n01\n" + "A" * 43 + "=\n",
    ],
    ids=["empty", "two lines", "blank origin", "short root", "no base64", "other spelling", "leading zero"],
)
def test_what_is_no_checkpoint_is_refused(tool: Tool, text: str) -> None:
    """Anything but three right lines is no checkpoint."""
    assert tool["read_checkpoint"](text) is None


@pytest.mark.parametrize("content", [b"", b"no database " * 1_000], ids=["empty", "text"])
def test_other_files_are_refused(tool: Tool, tmp_path: Path, content: bytes) -> None:
    """A file that is no register is one finding, and stays as it is."""
    path = tmp_path / "other"
    path.write_bytes(content)

    assert len(list(tool["findings"](path))) == 1
    assert path.read_bytes() == content


def test_missing_file_is_not_made(tool: Tool, tmp_path: Path) -> None:
    """A file that does not exist is a finding and still does not exist."""
    assert list(tool["findings"](tmp_path / "asi.db")) == ["there is no such file"]
    assert list(tmp_path.iterdir()) == []


def test_command_line_says_what_was_found(repository: Path, path: Path, tmp_path: Path) -> None:
    """The program ends with 0 for a sound log and 1 for another, and says what it could not know."""
    held = tmp_path / "held.txt"
    held.write_text(checkpoint_of(path), "utf-8")
    command = [sys.executable, "-I", str(repository / "tools" / "verify_log.py"), str(path)]

    def answer(*options: str) -> tuple[int, str]:
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert answer()[0] == 0
    assert "without a checkpoint" in answer()[1]
    assert answer("--checkpoint", str(held)) == (0, "nothing found; the log continues the checkpoint\n")
    change(path, "UPDATE frontier SET size = 3")
    assert answer() == (1, "the stored tree is not that of the events\n")


@pytest.mark.parametrize(
    ("changes", "gone"),
    [({}, True), ({}, False), ({"seq": 1}, True), ({"field": 7}, True)],
    ids=["right", "still-there", "itself", "no-field"],
)
def test_erasure_on_record_is_held_against_the_texts(
    tool: Tool, path: Path, draft: Build, changes: dict[str, object], gone: bool
) -> None:
    """The verifier finds an erasure that names no earlier text, or one that is still there."""
    with closing(SQLiteStore(path)) as store:
        size = store.frontier().size
        digest = store.read()[0].private[0].digest
        payload = {"seq": 0, "field": "title", "digest": digest, "ground": "personal_data"} | changes
        store.append([draft(kind="text_erased", payload=payload)], [], {}, None)
        if gone:
            store.erase(0, "title")
    wrong = f"event {size}: it says of a text that it was erased, and that is not so"

    assert list(tool["findings"](path)) == ([] if gone and not changes else [wrong])
