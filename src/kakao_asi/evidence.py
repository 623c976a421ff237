"""Evidence: a digest that proves what was looked at; the payload stays where it is."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from attrs import field, frozen

from ._internal.fields import (
    PRIVATE,
    as_nfc_or_none,
    as_utc,
    check_aware,
    check_digest,
    check_kind,
    check_optional,
    check_text,
    tupled,
)
from ._internal.words import Word

__all__ = ["Evidence", "EvidenceKind"]

_CHUNK = 1 << 20


class EvidenceKind(Word):
    """What a piece of evidence is (our choice of kinds; assessment methods ask for them by name)."""

    RESULT = "result", "평가 결과", "Evaluation result"
    DATA_SET = "data_set", "데이터 세트", "Data set"
    MODEL = "model", "모델", "Model"
    METRIC = "metric", "지표 정의", "Metric definition"
    ATTACK_SET = "attack_set", "공격 세트", "Attack set"
    DRILL = "drill", "훈련 기록", "Drill record"
    CHANGE_LOG = "change_log", "변경 기록", "Change log"
    SEEDED_ERRORS = "seeded_errors", "오류 주입 기록", "Seeded-error record"
    CONFIGURATION = "configuration", "설정", "Configuration"
    DOCUMENT = "document", "문서", "Document"


@frozen(kw_only=True)
class Evidence:
    """One piece of evidence, held by its digest.

    Attributes:
        digest: ``sha256:`` and 64 hexadecimal digits of the payload's bytes.
        kind: what it is.
        at: when it was made or last changed, an aware instant; stored in UTC.
        place: where the payload is kept, for people, at most 300 characters; erasable, not shown in ``repr``.
    """

    digest: str = field(validator=check_digest)
    kind: EvidenceKind = field(default=EvidenceKind.RESULT, validator=check_kind(EvidenceKind))
    at: dt.datetime = field(converter=as_utc, validator=check_aware)
    place: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text(longest=300)),
        repr=False,
        metadata=PRIVATE,
    )

    @classmethod
    def of_file(cls, path: str | Path, *, kind: EvidenceKind = EvidenceKind.RESULT) -> Self:
        """Hash a file's content; its name and its time of last change are noted, its content is not kept.

        Raises:
            OSError: the file cannot be read.
        """
        file = Path(path)
        with file.open("rb") as stream:
            hasher = hashlib.sha256()
            while chunk := stream.read(_CHUNK):
                hasher.update(chunk)
        changed = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
        return cls(digest="sha256:" + hasher.hexdigest(), kind=kind, at=changed, place=file.name)

    @classmethod
    def of_bytes(
        cls, payload: bytes, *, at: dt.datetime, kind: EvidenceKind = EvidenceKind.RESULT, place: str | None = None
    ) -> Self:
        """Hash bytes that are in memory; they are not kept."""
        return cls(digest="sha256:" + hashlib.sha256(payload).hexdigest(), kind=kind, at=at, place=place)


def as_evidence(values: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence as a tuple."""
    return tupled(values)
