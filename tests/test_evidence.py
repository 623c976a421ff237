"""Evidence is a digest; the payload stays where it is."""

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Any

import attrs
import pytest

from kakao_asi.evidence import Evidence, EvidenceKind
from kakao_asi.exceptions import InvalidValue

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
KNOWN = Evidence.of_bytes(b"payload", at=NOON, place="평가 서버")


def test_bytes_are_kept_as_their_digest() -> None:
    """The digest is the SHA-256 of the bytes."""
    assert KNOWN.digest == "sha256:" + hashlib.sha256(b"payload").hexdigest()


@pytest.mark.parametrize("size", [0, 5, (1 << 20) + 1], ids=["empty", "small", "over-one-chunk"])
def test_a_file_is_kept_as_the_digest_of_its_content(tmp_path: Path, size: int) -> None:
    """A file and its bytes have one digest, whatever its size."""
    file = tmp_path / "eval.json"
    file.write_bytes(b"x" * size)

    assert Evidence.of_file(file).digest == Evidence.of_bytes(b"x" * size, at=NOON).digest


def test_a_file_brings_its_name_and_time(tmp_path: Path) -> None:
    """Name and time of the last change are noted, the folder is not."""
    file = tmp_path / "eval.json"
    file.write_bytes(b"{}")
    os.utime(file, (0, NOON.timestamp()))
    evidence = Evidence.of_file(str(file), kind=EvidenceKind.METRIC)

    assert (evidence.place, evidence.at, evidence.kind) == ("eval.json", NOON, EvidenceKind.METRIC)


def test_a_file_name_in_separate_jamo_is_stored_composed(tmp_path: Path) -> None:
    """A name as some file systems decompose it is stored in one normal form."""
    file = tmp_path / "\u1112\u1161\u11ab.json"
    file.write_bytes(b"{}")

    assert Evidence.of_file(file).place == "한.json"


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    """A missing file raises what the operating system raises."""
    with pytest.raises(FileNotFoundError):
        Evidence.of_file(tmp_path / "none.json")


def test_the_place_is_not_shown() -> None:
    """Where the payload is kept stays out of the representation."""
    assert "평가 서버" not in repr(KNOWN)


def test_an_instant_is_kept_in_utc() -> None:
    """An instant in Korean time is the same instant in UTC."""
    seoul = NOON.astimezone(dt.timezone(dt.timedelta(hours=9)))

    assert attrs.evolve(KNOWN, at=seoul).at.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"digest": "md5:0"}, "digest"),
        ({"digest": KNOWN.digest.upper()}, "digest"),
        ({"digest": b"payload"}, "digest"),
        ({"kind": "result"}, "kind"),
        ({"at": NOON.replace(tzinfo=None)}, "at"),
        ({"at": "2026-11-23"}, "at"),
        ({"at": dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-9)))}, "at"),
        ({"place": "\u202e"}, "place"),
        ({"place": "x" * 301}, "place"),
    ],
    ids=["other-hash", "upper-case", "bytes", "kind", "no-zone", "text", "beyond-utc", "bidirectional", "too-long"],
)
def test_evidence_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    """Each field of evidence keeps its rule, and the error names the field."""
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(KNOWN, **changes)

    assert caught.value.field == f"Evidence.{field}"
