"""What a decision on an erasure or a hold has to know: the text, when it came, and which system it is about."""

from __future__ import annotations

from ..exceptions import IntegrityError, UnknownId
from ..governance import Case
from ..lifecycle import GOVERNANCE, Facts, FindingGroup, KeptText, RiskState, SystemState
from ..lifecycle import commands as c
from ..lifecycle.events import TextErased
from ._reading import StoreReading

__all__ = ["facts_of_keeping"]

_PAGE = 1_000


def facts_of_keeping(command: c.Erase | c.LegalHold, reading: StoreReading) -> Facts:
    """Return what an erasure or a hold reads.

    Raises:
        IntegrityError: the text is gone, and no event says that it was erased.
        UnknownId: there is no such event, or it never had such a text.
    """
    if isinstance(command, c.Erase):
        return Facts(text=_text(command.seq, command.field, reading))
    return Facts(system=None if command.system is None else reading.system(command.system))


def _text(seq: int, field: str, reading: StoreReading) -> KeptText:
    found = reading.stored(seq)
    digest = None if found is None else found.envelope.private.get(field)
    if found is None or digest is None:
        raise UnknownId("private text", f"{seq}/{field}")
    erased = digest not in found.texts
    if erased and not _was_erased(digest, reading):
        message = f"a text of event {seq} is gone, and no event says that it was erased; run audit()"
        raise IntegrityError(message)
    return KeptText(
        stream=found.stream,
        system=_system_of(found.stream, reading),
        digest=digest,
        recorded_at=found.recorded_at,
        erased=erased,
    )


def _was_erased(digest: str, reading: StoreReading) -> bool:
    after = -1
    while page := reading.entries(after=after, limit=_PAGE, stream=GOVERNANCE):
        if any(isinstance(one.event, TextErased) and one.event.digest == digest for one in page):
            return True
        after = page[-1].seq
    return False


def _system_of(stream: str, reading: StoreReading) -> str | None:
    state = reading.state(stream)
    if isinstance(state, RiskState):
        return state.risk.system
    if isinstance(state, Case | FindingGroup):
        return state.system
    return state.id if isinstance(state, SystemState) else None
