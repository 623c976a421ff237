"""Between what the engine speaks (events, states) and what a store holds (drafts, rows)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping

from attrs import frozen

from .._internal.canonical import Json
from .._internal.clock import format_instant
from .._internal.text import ERASED, PrivateText
from ..exceptions import IntegrityError, LoadError
from ..governance import Case, Level
from ..lifecycle import FindingGroup, GovernanceState, RiskState, SpoolState, StreamKind, SystemState, acceptance_end
from ..lifecycle.events import KINDS, Event
from ..serialization import digest_text, dump, dump_bytes, seal, structure
from ..stores import Draft, PrivateField, Row, StoredEvent, StoredRow
from ._records import Entry

__all__ = [
    "LIFECYCLE",
    "SCHEMA",
    "STATES",
    "Sealed",
    "draft_of",
    "entry_of",
    "lapse_of",
    "row_of",
    "sealed_event",
    "state_of",
]

LIFECYCLE = 1
"""Version of the lifecycle that stands in every envelope."""

SCHEMA = 1
"""Version of the shape of every event's payload."""

State = RiskState | SystemState | Case | GovernanceState | FindingGroup | SpoolState

STATES: Mapping[str, type[State]] = {
    StreamKind.RISK.id: RiskState,
    StreamKind.SYSTEM.id: SystemState,
    StreamKind.CASE.id: Case,
    StreamKind.GOVERNANCE.id: GovernanceState,
    StreamKind.FINDING.id: FindingGroup,
    StreamKind.SPOOL.id: SpoolState,
}
"""The state type of each kind of stream; rows and streams share their names."""


@frozen
class Sealed:
    """An event whose private texts carry their digests, and those texts."""

    event: Event
    private: tuple[PrivateField, ...]


def sealed_event(event: Event, salt: Callable[[], bytes]) -> Sealed:
    """Give every private text of an event its salted digest, so that states folded from it carry them on."""
    sealed, texts = seal(event, salt)
    private = tuple(PrivateField(field=t.field, digest=t.digest, salt=t.salt, text=t.text) for t in texts)
    return Sealed(sealed, private)


def draft_of(  # an envelope has that many parts
    sealed: Sealed,
    *,
    id: str,  # the word the whole library uses
    stream: str,
    at: dt.datetime,
    by: str,
    because: str | None,
    cause: str,
    governance: str | None,
    salt: Callable[[], bytes],
) -> Draft:
    """Write an event as a draft; the reason is sealed like every private text."""
    private = sealed.private
    reason: Json = None
    if because is not None:
        grain = salt()
        digest = digest_text(grain, because)
        private = (*private, PrivateField(field="because", digest=digest, salt=grain, text=because))
        reason = {"sealed": digest}
    return Draft(
        id=id,
        stream=stream,
        kind=sealed.event.kind,
        schema=SCHEMA,
        at=at,
        by=by,
        cause=cause,
        lifecycle=LIFECYCLE,
        governance=governance,
        payload=dump(sealed.event, sealed=True),
        because=reason,
        private=private,
    )


def entry_of(stored: StoredEvent) -> Entry:
    """Read a stored event; a kind this version does not know keeps its payload and has no event."""
    kind = KINDS.get(stored.kind)
    texts = stored.texts
    event = structure(kind, stored.payload, texts) if kind is not None and stored.schema <= SCHEMA else None
    return Entry(
        seq=stored.seq,
        id=stored.id,
        stream=stored.stream,
        version=stored.version,
        kind=stored.kind,
        at=stored.at,
        recorded_at=stored.recorded_at,
        by=stored.by,
        because=_reason(stored.because, texts),
        event=event,
        payload=stored.payload,
        texts=tuple(name for name, digest in stored.envelope.private.items() if digest in texts),
    )


def _reason(because: Json, texts: Mapping[str, str]) -> str | None:
    if not isinstance(because, dict):
        return None
    digest = because.get("sealed")
    return PrivateText(texts.get(digest, ERASED), digest) if isinstance(digest, str) else None


def state_of(row: StoredRow) -> State:
    """Read the state that a row holds.

    The limits of ``load`` guard what comes from outside; a register's own roster may well be larger.

    Raises:
        IntegrityError: the bytes are not what this library wrote.
    """
    try:
        return structure(STATES[row.kind], json.loads(row.state), row.texts)
    except (LoadError, ValueError) as error:
        raise IntegrityError(
            f"the stored state of {row.kind} '{row.id}' cannot be read; run audit() and rebuild()"
        ) from error


def row_of(stream: str, version: int, state: State) -> Row:
    """Write the state of a stream as the row that questions are asked of."""
    kind, _, name = stream.partition(":")
    return Row(kind=kind, id=name, version=version, columns=_columns(state), state=dump_bytes(state, sealed=True))


def lapse_of(state: RiskState) -> str | None:
    """Return when a risk that an acceptance closed counts as open again, as stored; None for any other risk."""
    end = acceptance_end(state)
    return format_instant(end) if end is not None and state.closed_on_acceptance else None


def _columns(state: State) -> dict[str, str | int | None]:
    if isinstance(state, RiskState):
        return {
            "status": state.status.id,
            "grade": Level.of(state.effective).rank,
            "system": state.risk.system,
            "until": lapse_of(state),
        }
    if isinstance(state, SystemState):
        return {"status": state.status.id, "stage": state.stage.id}
    if isinstance(state, Case):
        return {
            "status": state.status.id,
            "subject": state.subject,
            "system": state.system,
            "matter": state.matter.id,
        }
    if isinstance(state, FindingGroup):
        return {"status": state.status.id, "system": state.system, "risk": state.risk}
    return {}
