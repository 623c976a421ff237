"""Checkpoints: what is written, and what is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.stores import Checkpoint, checkpoint_text, parse_checkpoint

ORIGIN = "asi.example.com/chat"
ROOT = bytes(range(32))
TEXT = "asi.example.com/chat\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def test_checkpoint_is_three_lines() -> None:
    """A checkpoint is origin, size and root in base64, one line each."""
    assert checkpoint_text(ORIGIN, 7, ROOT) == TEXT


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read(size: int, root: bytes) -> None:
    """Every checkpoint that can be written is read back as it was."""
    assert Checkpoint(ORIGIN, size, root) == parse_checkpoint(checkpoint_text(ORIGIN, size, root), origin=ORIGIN)


def test_last_line_feed_may_be_missing() -> None:
    """A checkpoint that lost its last line feed on the way is read all the same."""
    assert parse_checkpoint(TEXT) == parse_checkpoint(TEXT.rstrip("\n"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_checkpoint"),
        (TEXT + "\n", "not_a_checkpoint"),
        (TEXT.replace("\n", "\r\n"), "not_an_origin"),
        (TEXT.replace(ORIGIN, ""), "not_an_origin"),
        (TEXT.replace(ORIGIN, "asi.example.org"), "other_origin"),
        (TEXT.replace("\n7\n", "\n07\n"), "not_a_size"),
        (TEXT.replace("\n7\n", "\n-1\n"), "not_a_size"),
        (TEXT.replace("\n7\n", "\n\u0667\n"), "not_a_size"),
        (TEXT.replace("\n7\n", "\n9007199254740992\n"), "not_a_size"),
        (TEXT.replace("AAEC", "AAE"), "not_a_root"),
        (TEXT.replace("Hh8=", "Hh9="), "not_a_root"),
        (TEXT.replace("AAEC", "AA!C"), "not_a_root"),
        (TEXT.replace("AAEC", "AA가C"), "not_a_root"),
        (TEXT.replace("AAECAwQF", ""), "not_a_root"),
    ],
    ids=[
        "empty",
        "four lines",
        "carriage returns",
        "no origin",
        "another origin",
        "leading zero",
        "negative",
        "other digits",
        "too large",
        "odd length",
        "second spelling",
        "no base64",
        "no ASCII",
        "short root",
    ],
)
def test_other_texts_are_refused(text: str, code: str) -> None:
    """A text with anything wrong in it is no checkpoint of this log."""
    with pytest.raises(LoadError) as refused:
        parse_checkpoint(text, origin=ORIGIN)

    assert code == refused.value.code


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("two\nlines", 0, ROOT), (ORIGIN, -1, ROOT), (ORIGIN, True, ROOT), (ORIGIN, 0, ROOT[1:])],
    ids=["two lines", "negative size", "no number", "short root"],
)
def test_impossible_checkpoint_is_not_written(origin: str, size: int, root: bytes) -> None:
    """What could not be read back is not written."""
    with pytest.raises(InvalidValue):
        checkpoint_text(origin, size, root)
