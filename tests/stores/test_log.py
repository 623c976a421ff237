"""Drafts become events: the bytes, the times and the versions."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import IntegrityError, InvalidValue
from kakao_asi.stores import Draft, Frontier, StoredEvent, leaf_hash, seal_events, sealed_in

NOW = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
KST = dt.timezone(dt.timedelta(hours=9))

Build = Callable[..., Draft]


def absent(_stream: str) -> int:
    """The version of a stream that does not exist."""
    return 0


def sealed(draft: Draft) -> StoredEvent:
    """The one event that a draft becomes in an empty log."""
    return seal_events([draft], absent, Frontier(), NOW).events[0]


def test_body_is_canonical_json_without_absent_parts(draft: Build) -> None:
    """The bytes of an event are sorted keys without spaces; what is None is left out."""
    assert sealed(draft(by="safety.han", payload={"b": 1, "a": "값"})).body.decode() == (
        '{"at":"2026-11-23T01:30:00.000000Z","auth":"asserted","by":"safety.han","id":"e-1","kind":"noted",'
        '"lifecycle":1,"payload":{"a":"값","b":1},"recorded_at":"2026-11-23T01:30:00.000000Z","schema":1,'
        '"stream":"risk:a","version":1}'
    )


def test_body_names_private_fields_by_digest(private_draft: Build) -> None:
    """The body says which private texts came with the event, by field and digest."""
    event = sealed(private_draft("words"))

    assert json.loads(event.body)["private"] == {"title": event.private[0].digest}


@given(st.lists(st.sampled_from(["risk:a", "risk:b", "case:c"]), max_size=20), st.integers(0, 9))
def test_versions_count_up_in_each_stream(draft: Build, streams: list[str], before: int) -> None:
    """Each stream's versions follow the one it had, whatever lies between."""
    result = seal_events([draft(stream) for stream in streams], lambda _: before, Frontier(), NOW)

    assert [before + streams[: place + 1].count(stream) for place, stream in enumerate(streams)] == [
        event.version for event in result.events
    ]
    assert {stream: before + streams.count(stream) for stream in streams} == dict(result.versions)


def test_last_time_stays_where_nothing_is_written(draft: Build) -> None:
    """An append of no events leaves the frontier as it was."""
    frontier = seal_events([draft()], absent, Frontier(), NOW).frontier

    assert frontier == seal_events([], absent, frontier, NOW + dt.timedelta(days=1)).frontier


def test_time_is_stored_in_utc(draft: Build) -> None:
    """A clock in Korean time stamps the same instant in UTC."""
    result = seal_events([draft(at=NOW.astimezone(KST))], absent, Frontier(), NOW.astimezone(KST))

    assert (result.events[0].at, result.recorded_at, result.recorded_at.tzinfo) == (NOW, NOW, dt.UTC)


def test_clock_without_zone_is_refused(draft: Build) -> None:
    """A clock that does not say where it stands is refused."""
    with pytest.raises(InvalidValue, match="clock"):
        seal_events([draft()], absent, Frontier(), NOW.replace(tzinfo=None))


def test_sealed_digests_are_found_once_and_in_order() -> None:
    """Digests are found in the order they stand in, each once; a look-alike inside a text is none."""
    first, second, fake = "b" * 64, "a" * 64, "c" * 64
    look_alike = json.dumps(f'"sealed":"{fake}"')
    data = f'[{{"sealed":"{first}"}},{look_alike},{{"sealed":"{second}"}},{{"sealed":"{first}"}}]'

    assert sealed_in(data.encode()) == (first, second)


def event_with(body: bytes) -> StoredEvent:
    """An event of stream `risk:a`, version 1, with these bytes."""
    return StoredEvent(seq=4, stream="risk:a", version=1, body=body, leaf=leaf_hash(body))


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda _: b"\xff",
        lambda _: b"[]",
        lambda _: b"[" * 100_000,
        lambda body: body.replace(b'"by":"ml.lee",', b""),
        lambda body: body.replace(b'"by":"ml.lee"', b'"by":7'),
        lambda body: body.replace(b'"version":1', b'"version":true'),
        lambda body: body.replace(b'"version":1', b'"version":1,"private":[]'),
        lambda body: body.replace(b"01:30:00.000000Z", b"01:30:00Z"),
        lambda body: body.replace(b"2026-11-23", b"2026-02-31"),
    ],
    ids=[
        "empty",
        "no UTF-8",
        "a list",
        "deep",
        "part missing",
        "wrong type",
        "a bool",
        "no map",
        "short time",
        "no date",
    ],
)
def test_damaged_body_is_one_error_that_names_the_event(draft: Build, change: Callable[[bytes], bytes]) -> None:
    """Whatever is wrong with a body, reading a part of it raises one error with the position."""
    event = event_with(change(sealed(draft()).body))

    with pytest.raises(IntegrityError, match="event 4 "):
        _ = event.by


def test_event_in_the_wrong_place_is_an_error(draft: Build) -> None:
    """A body that was written for another stream is not read as one of this."""
    event = event_with(sealed(draft("risk:b")).body)

    with pytest.raises(IntegrityError, match="event 4 stands in another stream"):
        _ = event.payload


def test_parts_of_newer_versions_are_passed_over(draft: Build) -> None:
    """A body with a part that this version does not know is read without it."""
    event = event_with(sealed(draft()).body.replace(b'"version":1', b'"version":1,"zone":"KST"'))

    assert event.by == "ml.lee"
