"""How drafts become events of the log, and what every store asks before it takes them. Pure: no clock, no file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from attrs import frozen

from .._internal.canonical import MAX_INTEGER, Json, check_canonical, write_checked
from .._internal.clock import format_instant
from .._internal.text import is_id
from ..exceptions import InvalidValue, VersionConflict
from ..serialization import digest_text
from ._envelope import sealed_in
from ._records import Draft, PrivateField, StoredEvent
from ._tree import Frontier, leaf_hash

__all__ = ["MAX_PAGE", "Sealed", "check_page", "check_versions", "seal_events"]

_START: Final = -1

MAX_PAGE: Final = 10_000
"""Most events or rows that one call reads (our choice: a page stays within some megabytes)."""


@frozen
class Sealed:
    """Events that are ready to be stored, and how far the log will have come with them.

    Attributes:
        events: the events, with position, bytes and leaf.
        frontier: the log's frontier after them.
        versions: the version each written stream will have come to.
        recorded_at: the store's time for all of them, in UTC.
    """

    events: tuple[StoredEvent, ...]
    frontier: Frontier
    versions: Mapping[str, int]
    recorded_at: dt.datetime


def check_page(limit: int, *, after: object = -1) -> None:
    """Refuse a page size outside 1 to :data:`MAX_PAGE`, or a start that is no position or id.

    Raises:
        InvalidValue: limit or start is outside.
    """
    if type(limit) is not int or not 1 <= limit <= MAX_PAGE:
        raise InvalidValue("limit", f"must be a whole number from 1 to {MAX_PAGE:,}", "read further pages with after=")
    if not (is_id(after) or (type(after) is int and _START <= after <= MAX_INTEGER)):
        raise InvalidValue("after", "must be the position of an event or the id of a row", "leave it out to begin")


def check_versions(expected: Mapping[str, int], version_of: Callable[[str], int]) -> None:
    """Refuse a decision that was made on streams which have moved on since; streams not named are not checked.

    Raises:
        VersionConflict: a stream is at another version than expected; the first such stream in the order of names.
    """
    for stream, version in sorted(expected.items()):
        actual = version_of(stream)
        if actual != version:
            raise VersionConflict(stream, version, actual)


def seal_events(
    drafts: Sequence[Draft], version_of: Callable[[str], int], frontier: Frontier, now: dt.datetime
) -> Sealed:
    """Turn drafts into events: give them position, version, time, bytes and leaf. Called inside the transaction.

    Args:
        drafts: what is to be written, in order.
        version_of: answers the present version of a stream, 0 for one that does not exist.
        frontier: how far the log has come.
        now: the store's clock. Times never run backwards in a log: the time of the last event is used if it is later.

    Raises:
        InvalidValue: a payload is not canonical JSON, a private text does not fit its digest or is not in the payload,
            or the clock gave a time without a zone.
    """
    if now.tzinfo is None:
        raise InvalidValue("clock", "must return a datetime with a time zone")
    recorded_at = max(now.astimezone(dt.UTC), frontier.latest or now).astimezone(dt.UTC)
    stamp = format_instant(recorded_at)
    versions: dict[str, int] = {}
    events: list[StoredEvent] = []
    for seq, draft in enumerate(drafts, frontier.size):
        version = versions.get(draft.stream) or version_of(draft.stream)
        versions[draft.stream] = version + 1
        events.append(_sealed(draft, seq, version + 1, stamp))
    latest = recorded_at if events else frontier.latest
    return Sealed(tuple(events), frontier.extended([event.leaf for event in events], latest), versions, recorded_at)


def _sealed(draft: Draft, seq: int, version: int, stamp: str) -> StoredEvent:
    # All other parts were checked when the draft was made.
    check_canonical(draft.payload)
    if draft.because is not None:
        check_canonical(draft.because)
    body = write_checked(_content(draft, version, stamp))
    _check_private(draft.private, body)
    return StoredEvent(
        seq=seq, stream=draft.stream, version=version, body=body, leaf=leaf_hash(body), private=draft.private
    )


@lru_cache(maxsize=64)
def _instant(at: dt.datetime) -> str:
    # Drafts of one command share their instant. They are in UTC, where equal times are one instant.
    return format_instant(at)


def _content(draft: Draft, version: int, stamp: str) -> Json:
    content: dict[str, Json] = {
        "at": _instant(draft.at),
        "auth": draft.auth,
        "by": draft.by,
        "id": draft.id,
        "kind": draft.kind,
        "lifecycle": draft.lifecycle,
        "payload": draft.payload,
        "recorded_at": stamp,
        "schema": draft.schema,
        "stream": draft.stream,
        "version": version,
    }
    if draft.because is not None:
        content["because"] = draft.because
    if draft.cause is not None:
        content["cause"] = draft.cause
    if draft.governance is not None:
        content["governance"] = draft.governance
    if draft.private:
        content["private"] = {one.field: one.digest for one in draft.private}
    return content


def _check_private(private: Sequence[PrivateField], body: bytes) -> None:
    if not private:
        return
    if len({one.field for one in private}) < len(private):
        raise InvalidValue("Draft.private", "names a field twice")
    if not {one.digest for one in private} <= set(sealed_in(body)):
        raise InvalidValue("Draft.private", "holds a text that neither payload nor because holds sealed")
    if any(digest_text(one.salt, one.text) != one.digest for one in private):
        raise InvalidValue("Draft.private", "holds a text that does not fit its digest", "seal the text anew")
