"""Audit: read the whole log again, compute everything anew, and say in words what that does and does not prove."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen

from .._internal.canonical import Json
from .._internal.clock import format_instant, parse_instant
from .._internal.words import Lang, Word
from ..exceptions import IntegrityError, InvalidValue
from ..serialization import digest_text
from ._checkpoint import Checkpoint, checkpoint_text, parse_checkpoint
from ._envelope import Envelope, read_body, tail_of
from ._protocol import Store
from ._records import PrivateField, StoredEvent
from ._signing import Signer, sign_checkpoint
from ._tree import Frontier, leaf_hash

__all__ = ["AuditReport", "LogFault", "LogFinding", "audit", "issue_checkpoint", "leaves_of"]

_CHUNK: Final = 5_000
"""Events that are read at once, so that writers wait for tens of milliseconds at most (our choice)."""

_STREAM_KINDS: Final = ("risk", "system", "case")
"""Kinds of rows that are folded from the stream of their own kind and id."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ERASURE: Final = "text_erased"
"""Kind of the events that say which private texts were erased."""

_TEXTS: Final = b'"private":{'
_ERASED: Final = f'"{_ERASURE}"'.encode()
"""What events hold whose private texts have to be looked at."""


class LogFault(Word):
    """What can be wrong with a log."""

    LEAF_MISMATCH = "leaf_mismatch", "이벤트 내용이 저장된 해시와 다름", "an event's bytes do not fit its stored hash"
    COLUMN_MISMATCH = "column_mismatch", "열 값이 이벤트 내용과 다름", "a column differs from the event's bytes"
    GAP = "gap", "이벤트 누락", "events are missing"
    ROOT_MISMATCH = "root_mismatch", "트리 루트 불일치", "the stored tree is not that of the events"
    SHORTER_THAN_CHECKPOINT = "shorter_than_checkpoint", "체크포인트보다 짧음", "the log is shorter than the checkpoint"
    INCONSISTENT = "inconsistent", "체크포인트와 다른 이력", "the log is another one than the checkpoint saw"
    TEXT_MISSING = "text_missing", "삭제 기록 없이 원문이 사라짐", "a text is gone without an event that says so"
    TEXT_MISMATCH = "text_mismatch", "원문이 기록과 다름", "a text is not the one that was recorded"
    ERASURE_MISMATCH = "erasure_mismatch", "삭제 기록이 실제와 다름", "an erasure on record is not what happened"
    STATE_MISMATCH = "state_mismatch", "현재 상태가 기록과 맞지 않음", "a state does not follow from the log"


@frozen(kw_only=True)
class LogFinding:
    """One thing that is wrong with a log.

    Attributes:
        code: what is wrong.
        seq: position of the event concerned; None where it is about the whole log or a state.
        subject: the field, column or state concerned, for example ``because`` or ``risk:leaks-rrn``; None for none.
    """

    code: LogFault
    seq: int | None = None
    subject: str | None = None

    def message(self, lang: Lang) -> str:
        """Say what is wrong and where, in one line."""
        where = [] if self.seq is None else [f"이벤트 {self.seq}" if lang == "ko" else f"event {self.seq}"]
        where += [] if self.subject is None else [self.subject]
        return f"{', '.join(where)}: {self.code.label(lang)}" if where else self.code.label(lang)


@frozen(kw_only=True)
class AuditReport:
    """What an audit found.

    Attributes:
        findings: everything wrong, in the order of the log, then what concerns all of it; empty for a sound log.
        verdict_ko: what was and was not proved, in Korean.
        verdict_en: the same in English.
        size: number of events read.
        root: 32-byte root over them, computed from their bytes.
    """

    findings: tuple[LogFinding, ...]
    verdict_ko: str
    verdict_en: str
    size: int
    root: bytes

    @property
    def sound(self) -> bool:
        """Whether nothing was found. How much that proves is for the verdict to say."""
        return not self.findings


def audit(store: Store, checkpoint: str | None = None) -> AuditReport:
    """Check a whole log from the bytes of its events; writers may go on meanwhile.

    Recomputed are leaves, tree, the columns that copy parts of a body, and the digests of private texts. That a state
    is the fold of its events is for the register to check, which parses all of them; here a state may not run ahead of
    its stream.

    Args:
        store: the log.
        checkpoint: text of a checkpoint that was kept elsewhere. Without one, cutting off the end, going back to an old
            copy and rewriting everything cannot be told from a sound log.

    Raises:
        LoadError: the checkpoint is none.
    """
    reading = _Reading(None if checkpoint is None else parse_checkpoint(checkpoint))
    # States first: a state that is read after its events could rightly be ahead of them.
    states = _states(store, reading)
    stored = _read_all(store, reading)
    _check_erasures(store, reading)
    reading.finish(stored, states)
    ko, en = _verdict(reading)
    return AuditReport(
        findings=tuple(reading.findings),
        verdict_ko=ko,
        verdict_en=en,
        size=reading.tree.size,
        root=reading.tree.root(),
    )


def issue_checkpoint(store: Store, *, origin: str, after: str | None = None, signers: Iterable[Signer] = ()) -> str:
    """Audit the log, and if it is sound write a checkpoint of it.

    Args:
        store: the log.
        origin: the name of the log; take it from your own configuration, never from the log's file.
        after: text of the checkpoint issued before, which the log must continue.
        signers: who signs it; none by default.

    Raises:
        IntegrityError: the audit found something; nothing is issued.
        LoadError: ``after`` is no checkpoint, or one of another log.
        InvalidValue: the origin is not one line of visible text.
    """
    if after is not None:
        parse_checkpoint(after, origin=origin)
    report = audit(store, after)
    if not report.sound:
        raise IntegrityError(f"no checkpoint is issued for a damaged log: {report.findings[0].message('en')}")
    text = checkpoint_text(origin, report.size, report.root)
    keys = tuple(signers)
    return sign_checkpoint(text, *keys) if keys else text


def leaves_of(store: Store, size: int | None = None) -> tuple[bytes, ...]:
    """Return the leaves of the first ``size`` events, computed from their bytes: what proofs are made from.

    Args:
        store: the log.
        size: number of events; None: all there are now.
    """
    leaves: list[bytes] = []
    for page in _pages(store):
        leaves += [leaf_hash(event.body) for event in page]
        if size is not None and len(leaves) >= size:
            break
    return tuple(leaves[:size])


class _Reading:
    """One pass over a log; lives for one audit."""

    def __init__(self, held: Checkpoint | None) -> None:
        self.held = held
        self.findings: list[LogFinding] = []
        self.tree = Frontier()
        self.streams: dict[str, int] = {}
        self.next_seq = 0
        self._latest: str | None = None
        self._missing: list[tuple[str, int, str]] = []
        self._erased: dict[str, int] = {}
        self.erasures: list[tuple[int, Json]] = []
        if held is not None and held.size == 0:
            self._compare(held)

    def note(self, code: LogFault, seq: int | None = None, subject: str | None = None) -> None:
        self.findings.append(LogFinding(code=code, seq=seq, subject=subject))

    def take(self, page: Sequence[StoredEvent]) -> None:
        """Check the next events and put them on the tree."""
        leaves = [leaf_hash(event.body) for event in page]
        for event, leaf in zip(page, leaves, strict=True):
            if event.seq != self.next_seq:
                self.note(LogFault.GAP, self.next_seq)
            self.next_seq = event.seq + 1
            if leaf != event.leaf:
                self.note(LogFault.LEAF_MISMATCH, event.seq)
            self._check_content(event)
        self._grow(leaves)

    def _check_content(self, event: StoredEvent) -> None:
        # Most events have nothing that a parser is needed for, and parsing costs more than all other checks together.
        body = event.body
        tail = None if _TEXTS in body or _ERASED in body else tail_of(body)
        if tail is None:
            try:
                envelope = read_body(body, event.seq)
            except IntegrityError:
                self.note(LogFault.COLUMN_MISMATCH, event.seq)
                return
            tail = envelope.stream, envelope.version, format_instant(envelope.recorded_at)
            self._check_texts(event, envelope)
        stream, version, self._latest = tail
        if stream != event.stream:
            self.note(LogFault.COLUMN_MISMATCH, event.seq, "stream")
        if version != event.version:
            self.note(LogFault.COLUMN_MISMATCH, event.seq, "version")
        if version > self.streams.get(stream, 0):
            self.streams[stream] = version

    def _check_texts(self, event: StoredEvent, envelope: Envelope) -> None:
        texts = {one.digest: one for one in event.private}
        for name, digest in envelope.private.items():
            if digest not in texts:
                self._missing.append((digest, event.seq, name))
            elif not _fits(texts[digest]):
                self.note(LogFault.TEXT_MISMATCH, event.seq, name)
        if envelope.kind == _ERASURE:
            digests = _DIGEST.findall(json.dumps(envelope.payload))
            self._erased |= dict.fromkeys(digests, event.seq)
            self.erasures.append((event.seq, envelope.payload))

    def _grow(self, leaves: list[bytes]) -> None:
        """Put leaves on the tree, and hold it against the checkpoint at the size that it saw."""
        held = self.held
        if held is not None and self.tree.size < held.size <= self.tree.size + len(leaves):
            seen = held.size - self.tree.size
            self.tree = self.tree.extended(leaves[:seen], None)
            self._compare(held)
            leaves = leaves[seen:]
        self.tree = self.tree.extended(leaves, self._time())

    def _time(self) -> dt.datetime | None:
        try:
            return None if self._latest is None else parse_instant(self._latest)
        except ValueError:
            return None

    def _compare(self, held: Checkpoint) -> None:
        if self.tree.root() != held.root:
            self.note(LogFault.INCONSISTENT)

    def finish(self, stored: Frontier | None, states: dict[str, int]) -> None:
        """Check what concerns the whole log: its end, its tree, erased texts and states."""
        if self.held is not None and self.tree.size < self.held.size:
            self.note(LogFault.SHORTER_THAN_CHECKPOINT)
        if stored is not None and stored.size > self.next_seq:
            self.note(LogFault.GAP, self.next_seq)
        if stored != self.tree:
            self.note(LogFault.ROOT_MISMATCH)
        for digest, seq, name in self._missing:
            if self._erased.get(digest, -1) < seq:
                self.note(LogFault.TEXT_MISSING, seq, name)
        for stream, version in states.items():
            if version > self.streams.get(stream, 0):
                self.note(LogFault.STATE_MISMATCH, subject=stream)


def _fits(one: PrivateField) -> bool:
    try:
        return digest_text(one.salt, one.text) == one.digest
    except InvalidValue:
        return False


def _states(store: Store, reading: _Reading) -> dict[str, int]:
    """The version of each stream that a state stands on."""
    versions: dict[str, int] = {}
    for kind in _STREAM_KINDS:
        after: str | None = None
        try:
            while page := store.rows(kind, after=after, limit=_CHUNK):
                versions |= {f"{kind}:{row.id}": row.version for row in page}
                after = page[-1].id
        except IntegrityError:
            reading.note(LogFault.STATE_MISMATCH, subject=kind)
    return versions


def _check_erasures(store: Store, reading: _Reading) -> None:
    """Hold each recorded erasure against the event it names: the text came with it, and is gone."""
    for seq, payload in reading.erasures:
        if not isinstance(payload, dict) or "seq" not in payload:
            continue  # Another writer may only list digests; the format asks for no more.
        place, name, digest = payload["seq"], payload.get("field"), payload.get("digest")
        event = _event_at(store, place) if type(place) is int and 0 <= place < seq else None
        if event is None or not _brought(event, name, digest) or digest in event.texts:
            reading.note(LogFault.ERASURE_MISMATCH, seq)


def _event_at(store: Store, seq: int) -> StoredEvent | None:
    found = store.read(after=seq - 1, limit=1)
    return found[0] if found and found[0].seq == seq else None


def _brought(event: StoredEvent, name: object, digest: object) -> bool:
    try:
        return isinstance(name, str) and event.envelope.private.get(name) == digest
    except IntegrityError:
        return False


def _pages(store: Store, after: int = -1) -> Iterator[tuple[StoredEvent, ...]]:
    while page := store.read(after=after, limit=_CHUNK):
        yield page
        after = page[-1].seq


def _read_all(store: Store, reading: _Reading) -> Frontier | None:
    """Read until the stored frontier is reached or comes no nearer; return it, or None where it cannot be read."""
    missed = -1
    while True:
        for page in _pages(store, reading.next_seq - 1):
            reading.take(page)
        try:
            stored = store.frontier()
        except IntegrityError:
            return None
        # Somebody may have written between the last page and the frontier; then there is more to read.
        if stored.size <= reading.next_seq or stored.size == missed:
            return stored
        missed = stored.size


def _verdict(reading: _Reading) -> tuple[str, str]:
    """The verdict in Korean and in English."""
    held, size, found = reading.held, reading.tree.size, len(reading.findings)
    if found:
        ko = f"기록이 작성된 그대로가 아닙니다. 발견 사항 {found:,}건을 확인하십시오."
        en = f"the log is not what was written: {found:,} finding{'s' if found > 1 else ''}"
    elif held is None:
        ko = (
            f"이벤트 {size:,}건은 서로 어긋나지 않습니다. 다만 뒷부분 삭제, 이전 상태로 되돌림, 전체 재작성이 "
            "있었는지는 따로 보관한 체크포인트 없이는 알 수 없습니다."
        )
        en = (
            f"{size:,} events are self-consistent; truncation, rollback and rewriting are not excluded without a "
            "checkpoint kept elsewhere"
        )
    else:
        ko = (
            f"{held.origin}의 체크포인트가 확인한 이벤트 {held.size:,}건은 그때 그대로입니다. "
            f"이후 이벤트 {size - held.size:,}건은 서로 어긋나지 않습니다."
        )
        en = (
            f"the {held.size:,} events that the checkpoint of {held.origin} saw are unchanged; "
            f"the {size - held.size:,} later events are self-consistent"
        )
    return ko, en
