"""Sealing: erasable texts leave a value, salted digests stay."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Mapping

import pytest
from attrs import field, frozen

from kakao_asi.exceptions import InvalidValue
from kakao_asi.risks import Risk
from kakao_asi.serialization import ERASED, PrivateText, SealedText, digest_text, dump_bytes, load, seal, structure
from kakao_asi.stages import Stage
from kakao_asi.systems import Pin, PinKind

PRIVATE = {"kakao_asi.private": True}


@frozen(kw_only=True)
class Note:
    """A record with an erasable text."""

    place: str | None = field(default=None, metadata=PRIVATE)
    count: int = 0


@frozen(kw_only=True)
class Folder:
    """A record that holds notes in every way."""

    title: str = field(metadata=PRIVATE)
    tags: tuple[str, ...] = field(default=(), metadata=PRIVATE)
    first: Note | None = None
    notes: tuple[Note, ...] = ()
    loose: frozenset[Note] = frozenset()
    by_stage: Mapping[Stage, Note] = field(factory=dict)
    by_name: Mapping[str, Note] = field(factory=dict)
    inner: Folder | None = None
    label: str = "plain"


@pytest.fixture
def salt() -> Callable[[], bytes]:
    """A source of salts that counts."""
    counter = itertools.count()
    return lambda: next(counter).to_bytes(32, "big")


FOLDER = Folder(
    title="제목",
    tags=("a", "b"),
    first=Note(place="c"),
    notes=(Note(), Note(place="d")),
    loose=frozenset({Note(place="f"), Note(place="e")}),
    by_stage={Stage.TEST: Note(place="g")},
    by_name={"x": Note(place="h")},
    inner=Folder(title="i"),
)


def test_every_erasable_text_is_taken_out_with_its_place(salt: Callable[[], bytes]) -> None:
    """Each erasable text is returned once, with a place of its own."""
    _, texts = seal(FOLDER, salt)

    assert {taken.field: taken.text for taken in texts} == {
        "title": "제목",
        "tags[0]": "a",
        "tags[1]": "b",
        "first.place": "c",
        "notes[1].place": "d",
        "loose[0].place": "e",
        "loose[1].place": "f",
        "by_stage.test.place": "g",
        "by_name.x.place": "h",
        "inner.title": "i",
    }


def test_sealed_value_equals_the_value(salt: Callable[[], bytes]) -> None:
    """A sealed text is the text in every respect, so the value stays equal."""
    sealed, _ = seal(FOLDER, salt)

    assert sealed == FOLDER
    assert isinstance(sealed.title, PrivateText)
    assert not isinstance(sealed.label, PrivateText)


def test_sealed_bytes_hold_no_word(salt: Callable[[], bytes]) -> None:
    """The bytes that are kept hold digests only, and read back with the texts at hand."""
    risk = Risk(
        id="a", title="제목", category="active_misuse", system="s", principles={"p"}, owner="o", description="긴\n글"
    )

    sealed, texts = seal(risk, salt)
    body = dump_bytes(sealed, sealed=True)

    assert "제목".encode() not in body
    assert "글".encode() not in body
    assert load(Risk, body, texts={taken.digest: taken.text for taken in texts}) == risk


def test_text_that_was_erased_reads_as_erased(salt: Callable[[], bytes]) -> None:
    """A sealed text nobody has any more reads as a mark, and keeps its digest."""
    sealed, texts = seal(Note(place="a"), salt)

    again = load(Note, dump_bytes(sealed, sealed=True))

    assert again.place == ERASED
    assert dump_bytes(again, sealed=True) == dump_bytes(sealed, sealed=True)
    assert seal(again, salt) == (again, ())
    assert len(texts) == 1


def test_text_at_hand_is_checked_like_any_other() -> None:
    """A text that comes from beside the log keeps the rules of texts."""
    with pytest.raises(ValueError, match=r"\$\.place: text"):
        structure(Note, {"place": {"sealed": "0" * 64}}, {"0" * 64: "a\u202eb"})


def test_sealing_twice_changes_nothing(salt: Callable[[], bytes]) -> None:
    """A sealed value comes back as itself, with no texts."""
    sealed, _ = seal(FOLDER, salt)

    again, texts = seal(sealed, salt)

    assert again is sealed
    assert texts == ()


def test_only_the_new_text_is_sealed(salt: Callable[[], bytes]) -> None:
    """A value with one new text gives that text only."""
    sealed, _ = seal(Note(place="a"), salt)

    _, texts = seal(Folder(title="new", notes=(sealed,)), salt)

    assert [taken.field for taken in texts] == ["title"]


@frozen(kw_only=True)
class Tree:
    """A record that holds itself and no erasable text."""

    pin: Pin
    left: Tree | None = None
    right: Tree | None = None


def test_value_without_erasable_texts_is_returned_itself() -> None:
    """A class without erasable fields needs no salt and no copy."""
    pin = Pin(kind=PinKind.MODEL, digest="sha256:" + "0" * 64)
    tree = Tree(pin=pin, left=Tree(pin=pin))

    assert seal(tree, lambda: b"")[0] is tree


def test_equal_texts_get_different_digests(salt: Callable[[], bytes]) -> None:
    """Each place has a salt of its own, so equal texts cannot be linked."""
    _, texts = seal(Folder(title="a", notes=(Note(place="a"),)), salt)

    assert len({taken.digest for taken in texts}) == 2


def test_digest_is_the_hash_of_purpose_salt_and_text() -> None:
    """The digest can be recomputed by anybody who has salt and text."""
    salt = b"\x01" * 32
    expected = hashlib.sha256(b"kakao_asi/text/1\0" + salt + "가".encode()).hexdigest()

    _, (taken,) = seal(Note(place="가"), lambda: salt)

    assert taken == SealedText(field="place", digest=expected, salt=salt, text="가")
    assert digest_text(salt, "가") == expected


@pytest.mark.parametrize("bad", [b"", b"s" * 31, b"s" * 33, "s" * 32], ids=["none", "31", "33", "text"])
def test_salt_of_another_size_is_refused(bad: bytes) -> None:
    """A salt that could be guessed is refused."""
    with pytest.raises(InvalidValue, match="32 bytes"):
        seal(Note(place="a"), lambda: bad)
