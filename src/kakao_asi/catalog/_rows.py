"""Rows of shipped schemes: each with its labels, wording, origin, source, licence and the day it was read."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files

from attrs import field, frozen

from .._internal.fields import check_id, check_kind, check_text
from .._internal.words import Origin, Word
from ..principles import Principle
from ..serialization import load_json, structure

__all__ = ["Labels", "SchemeRow", "Text", "Wording", "categories", "principle_rows", "principles"]


class Wording(Word):
    """Whose words the text of a row is in."""

    OWN = "own", "자체 표현", "own words"
    QUOTED = "quoted", "인용", "quoted"
    LABEL_ONLY = "label_only", "명칭만", "label only"


@frozen(kw_only=True)
class Labels:
    """What something is called.

    Attributes:
        ko: in Korean.
        en: in English, for readers.
        en_official: the English label of the source, where ours differs.
    """

    ko: str = field(validator=check_text())
    en: str = field(validator=check_text())
    en_official: str | None = None


@frozen(kw_only=True)
class Text:
    """What something says, in Korean and English.

    Attributes:
        ko: in Korean.
        en: in English.
    """

    ko: str = field(validator=check_text(longest=1_000))
    en: str = field(validator=check_text(longest=1_000))


@frozen(kw_only=True)
class SchemeRow:
    """One row of a scheme that this library ships.

    Attributes:
        scheme: id of the scheme, for example ``kakao.principles``.
        version: the scheme's version; a later one never rewrites an earlier one.
        id: id of the row, unique in its scheme and version.
        labels: what it is called.
        text: what it says.
        wording: whose words the text is in.
        origin: who says so.
        source_url: https address of the source.
        licence: licence of the source, an SPDX id.
        retrieved_on: day the source was read.
    """

    scheme: str = field(validator=check_id)
    version: str = field(validator=check_text(longest=20))
    id: str = field(validator=check_id)
    labels: Labels = field(validator=check_kind(Labels))
    text: Text = field(validator=check_kind(Text))
    wording: Wording = field(validator=check_kind(Wording))
    origin: Origin = field(validator=check_kind(Origin))
    source_url: str = field(validator=check_text(longest=500))
    licence: str = field(validator=check_text(longest=50))
    retrieved_on: dt.date = field(validator=check_kind(dt.date))


def _shipped(name: str) -> tuple[SchemeRow, ...]:
    data = files(__package__).joinpath(name).read_bytes()
    return structure(tuple[SchemeRow, ...], load_json(data))


@cache
def principle_rows() -> tuple[SchemeRow, ...]:
    """Return the rows of Kakao's ten ethics principles, sorted by id."""
    return _shipped("principles.json")


@cache
def categories() -> tuple[SchemeRow, ...]:
    """Return the rows of the four risk categories of Kakao ASI, sorted by id; ids are those of ``RiskCategory``."""
    return _shipped("categories.json")


@cache
def principles() -> tuple[Principle, ...]:
    """Return Kakao's ten ethics principles, sorted by id; lines are our words, labels Kakao's."""
    return tuple(
        Principle(
            id=row.id,
            ko=row.labels.ko,
            en=row.labels.en,
            says_ko=row.text.ko,
            says_en=row.text.en,
            origin=row.origin,
            source=row.source_url,
            retrieved_on=row.retrieved_on,
        )
        for row in principle_rows()
    )
