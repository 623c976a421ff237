"""The Seoul AI Business Pledge: its items, what counts as evidence for each, and how an item stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import (
    check_date,
    check_digest,
    check_id,
    check_kind,
    check_text,
    check_tuple_of,
    check_whole,
    tupled,
)
from .._internal.words import Lang, Origin, Word

__all__ = ["Attestation", "EvidenceRule", "EvidenceSource", "PledgeItem", "Standing"]


class EvidenceSource(Word):
    """Where evidence comes from."""

    COMPUTED = "computed", "기록에서 계산", "computed from the log"
    ATTESTED = "attested", "담당 역할의 확인", "attested by a role"


class Standing(Word):
    """How an item stands; there is no percentage (our choice)."""

    EVIDENCED = "evidenced", "증빙 있음", "evidenced"
    STALE = "stale", "증빙 기한 지남", "stale"
    GAP = "gap", "증빙 없음", "gap"


@frozen(kw_only=True)
class EvidenceRule:
    """One kind of evidence for an item.

    Attributes:
        id: id of the rule; for computed ones the register knows how to compute it.
        source: where it comes from.
        ko: what it shows in Korean, at most 200 characters.
        en: the same in English.
    """

    id: str = field(validator=check_id)
    source: EvidenceSource = field(validator=check_kind(EvidenceSource))
    ko: str = field(validator=check_text())
    en: str = field(validator=check_text())

    def text(self, lang: Lang) -> str:
        """Return what it shows, in the language asked for."""
        return self.ko if lang == "ko" else self.en


def _rules(values: Iterable[EvidenceRule]) -> tuple[EvidenceRule, ...]:
    return tupled(values)


@frozen(kw_only=True)
class PledgeItem:
    """One promise of the pledge.

    Attributes:
        id: its id, for example ``sabp:1``.
        ko: what is promised in Korean, in our words.
        en: the same in English.
        evidence: what counts as evidence; intentions and press releases do not.
        origin: who says so.
        source_url: https address of the source.
        retrieved_on: day it was read.
    """

    id: str = field(validator=check_id)
    ko: str = field(validator=check_text())
    en: str = field(validator=check_text())
    evidence: tuple[EvidenceRule, ...] = field(
        converter=_rules, validator=check_tuple_of(check_kind(EvidenceRule), least=1)
    )
    origin: Origin = field(validator=check_kind(Origin))
    source_url: str = field(validator=check_text(longest=500))
    retrieved_on: dt.date = field(validator=check_date)

    def label(self, lang: Lang) -> str:
        """Return what is promised, in the language asked for."""
        return self.ko if lang == "ko" else self.en


@frozen(kw_only=True)
class Attestation:
    """Evidence for a pledge item that a role stands for; it counts for 365 days (our choice).

    Attributes:
        id: stable id.
        version: its version, at least 1.
        rule: id of the rule it is evidence for.
        digest: digest of the document.
        place: where the document is, at most 200 characters.
        attested_on: day it was attested.
        owner: role that stands for it.
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    rule: str = field(validator=check_id)
    digest: str = field(validator=check_digest)
    place: str = field(validator=check_text())
    attested_on: dt.date = field(validator=check_date)
    owner: str = field(validator=check_id)

    def counts(self, today: dt.date) -> bool:
        """Tell whether it still counts on a day: for 365 days from the day it was attested."""
        return dt.timedelta() <= today - self.attested_on < dt.timedelta(days=365)
