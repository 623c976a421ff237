"""Builders of drafts and rows, and a clock that stands still."""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.serialization import digest_text
from kakao_asi.stores import Draft, PrivateField, Row
from kakao_asi.testing import FrozenClock

START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at half past ten in the morning, Korean time."""
    return FrozenClock(START)


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """An empty folder, in memory where the system has such a place: for thousands of files that need not last."""
    memory = Path("/dev/shm")  # noqa: S108  # only a folder with a random name in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def draft() -> Callable[..., Draft]:
    """Build a draft in which only what a test is about has to be named."""

    def build(stream: str = "risk:a", **changes: Any) -> Draft:
        parts: dict[str, Any] = {
            "id": "e-1",
            "stream": stream,
            "kind": "noted",
            "schema": 1,
            "at": START,
            "by": "ml.lee",
            "lifecycle": 1,
            "payload": None,
        }
        return Draft(**(parts | changes))

    return build


@pytest.fixture(scope="session")
def private_draft(draft: Callable[..., Draft]) -> Callable[..., Draft]:
    """Build a draft with one private text, in the field `title`."""

    def build(text: str, stream: str = "risk:a", *, salt: bytes = b"s" * 32) -> Draft:
        digest = digest_text(salt, text)
        private = (PrivateField(field="title", digest=digest, salt=salt, text=text),)
        return draft(stream, payload={"title": {"sealed": digest}}, private=private)

    return build


@pytest.fixture(scope="session")
def row() -> Callable[..., Row]:
    """Build a row of kind `risk`."""

    def build(id: str = "a", **changes: Any) -> Row:  # as in Row
        columns = {"status": "open", "grade": 2, "system": "s", "until": None}
        return Row(**({"kind": "risk", "id": id, "version": 1, "columns": columns, "state": b"{}"} | changes))

    return build
