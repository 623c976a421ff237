"""The store in a file against the store in memory: whatever is done in whatever order, both answer the same."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kakao_asi.exceptions import StoreError, UnknownId
from kakao_asi.serialization import digest_text
from kakao_asi.stores import (
    Draft,
    MemoryStore,
    PrivateField,
    RequestKey,
    Row,
    SQLiteStore,
    Store,
    audit,
    issue_checkpoint,
)
from kakao_asi.testing import FrozenClock

START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
STREAMS = ("risk:a", "risk:b", "case:c")
ORIGIN = "asi.example.com/machine"


class Undone(Exception):  # noqa: N818  # it is no error, only a way out
    """Leaves a block without success."""


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """An event, with a private text or not."""
    text = draw(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
    salt = draw(st.integers(0, 3)).to_bytes(32, "big")
    private = (
        () if text is None else (PrivateField(field="title", digest=digest_text(salt, text), salt=salt, text=text),)
    )
    payload = (
        {"title": {"sealed": private[0].digest}} if private else draw(st.none() | st.integers(0, 9) | st.just("값"))
    )
    return Draft(
        id="e-1",
        stream=draw(st.sampled_from(STREAMS)),
        kind="noted",
        schema=1,
        at=START,
        by="ml.lee",
        lifecycle=1,
        payload=payload,
        private=private,
    )


def rows() -> st.SearchStrategy[Row]:
    """A state of a stream that nobody compares with its events, so a cursor."""
    return st.builds(
        lambda name, version: Row(kind="cursor", id=name, version=version, state=b"\x00"),
        st.sampled_from("ab"),
        st.integers(0, 5),
    )


Appended = tuple[list[Draft], list[Row], dict[str, int], RequestKey | None]
APPENDED: st.SearchStrategy[Appended] = st.tuples(
    st.lists(drafts(), max_size=4),
    st.lists(rows(), max_size=2),
    st.dictionaries(st.sampled_from(STREAMS), st.integers(0, 3), max_size=2),
    st.none()
    | st.builds(
        lambda key, digest: RequestKey(key=f"k-{key}", digest="sha256:" + digest * 64),
        st.integers(0, 3),
        st.sampled_from("01"),
    ),
)


class TwoStores(RuleBasedStateMachine):
    """Does everything to both stores and compares the answers."""

    @initialize()
    def start(self) -> None:
        """Make both, with one clock."""
        memory = Path("/dev/shm")  # noqa: S108  # only a folder with a random name in it
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.clock = FrozenClock(START)
        self.memory = MemoryStore(clock=self.clock)
        self.file = SQLiteStore(self.folder / "asi.db", clock=self.clock)
        self.held: str | None = None

    def teardown(self) -> None:
        """Take the file away."""
        if hasattr(self, "file"):
            self.file.close()
            shutil.rmtree(self.folder)

    def both(self, call: Callable[[Store], object]) -> None:
        """Make a call on both stores and compare what comes back, an error as well."""
        answers = []
        for store in (self.memory, self.file):
            try:
                answers.append(call(store))
            except (StoreError, UnknownId, Undone) as error:
                answers.append((type(error), str(error)))
        assert answers[0] == answers[1]

    @rule(appended=APPENDED)
    def append(self, appended: Appended) -> None:
        """Append, with versions that may be stale and a key that may have been used."""
        self.both(lambda store: store.append(*appended))

    @rule(parts=st.lists(APPENDED, max_size=3), undone=st.booleans())
    def append_in_a_block(self, parts: list[Appended], undone: bool) -> None:
        """Append several times in a block that succeeds or does not."""

        def block(store: Store) -> list[object]:
            answers: list[object] = []
            with store.exclusive():
                for part in parts:
                    try:
                        answers.append(store.append(*part))
                    except StoreError as error:
                        answers.append(str(error))
                if undone:
                    raise Undone
            return answers

        self.both(block)

    @rule(seq=st.integers(-1, 12))
    def erase(self, seq: int) -> None:
        """Erase a text that may not be there, and say so in the log."""

        def block(store: Store) -> None:
            with store.exclusive():
                store.erase(seq, "title")
                (event,) = store.read(after=seq - 1, limit=1)
                digest = event.envelope.private["title"]
                said = Draft(
                    id="e-2",
                    stream="case:c",
                    kind="text_erased",
                    schema=1,
                    at=START,
                    by="ml.lee",
                    lifecycle=1,
                    payload={"digests": [digest]},
                )
                store.append([said], [], {}, None)

        self.both(block)

    @rule(hours=st.integers(-50, 50))
    def change_the_clock(self, hours: int) -> None:
        """Set the clock forward or back."""
        self.clock.forward(dt.timedelta(hours=hours))

    @rule(after=st.integers(-1, 9), limit=st.integers(1, 5), stream=st.none() | st.sampled_from(STREAMS))
    def read(self, after: int, limit: int, stream: str | None) -> None:
        """Read a page."""
        self.both(lambda store: store.read(after=after, limit=limit, stream=stream))

    @rule(key=st.integers(0, 3), digest=st.sampled_from("01"))
    def ask_for_a_receipt(self, key: int, digest: str) -> None:
        """Ask what became of a request."""
        self.both(lambda store: store.receipt(RequestKey(key=f"k-{key}", digest="sha256:" + digest * 64)))

    @rule()
    def open_again(self) -> None:
        """Close the file and open it again."""
        self.file.close()
        self.file = SQLiteStore(self.folder / "asi.db", clock=self.clock)

    @rule()
    def hold_a_checkpoint(self) -> None:
        """Keep a checkpoint; both stores give the same."""
        self.held = issue_checkpoint(self.memory, origin=ORIGIN, after=self.held)
        assert self.held == issue_checkpoint(self.file, origin=ORIGIN)

    @invariant()
    def both_are_equal(self) -> None:
        """Everything that can be read is equal, and an audit finds nothing."""
        if hasattr(self, "file"):
            self.both(lambda store: (store.read(), store.rows("cursor"), store.frontier()))
            assert audit(self.file, self.held).sound


TestTwoStores = TwoStores.TestCase
TestTwoStores.settings = settings(stateful_step_count=20)
TestTwoStores.pytestmark = [pytest.mark.long]
