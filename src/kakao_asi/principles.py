"""Ethics principles: the basis of every decision about a risk."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from ._internal.fields import as_nfc, check_date, check_id, check_kind, check_optional, check_text
from ._internal.words import Lang, Origin
from .exceptions import InvalidValue

__all__ = ["Principle"]


@frozen(kw_only=True)
class Principle:
    """One ethics principle, Kakao's or a company's own.

    The ten principles of Kakao stand in ``kakao_asi.catalog.principles()``. A company's own one is passed to
    ``Governance`` beside them.

    Attributes:
        id: stable id that risks name, for example ``privacy``.
        ko: Korean label, 1 to 200 characters.
        en: English label, 1 to 200 characters.
        says_ko: what it asks for, in Korean, at most 1,000 characters.
        says_en: what it asks for, in English, at most 1,000 characters.
        origin: who says so.
        source: https address of the document; required unless the principle is a company's own (origin OURS).
        retrieved_on: day the source was read; required with ``source``.
    """

    id: str = field(validator=check_id)
    ko: str = field(converter=as_nfc, validator=check_text())
    en: str = field(converter=as_nfc, validator=check_text())
    says_ko: str = field(converter=as_nfc, validator=check_text(longest=1_000))
    says_en: str = field(converter=as_nfc, validator=check_text(longest=1_000))
    origin: Origin = field(default=Origin.OURS, validator=check_kind(Origin))
    source: str | None = field(default=None, validator=check_optional(check_text(longest=500)))
    retrieved_on: dt.date | None = field(default=None, validator=check_optional(check_date))

    def __attrs_post_init__(self) -> None:
        """Refuse a principle that claims an outside origin and names no source."""
        if self.origin is Origin.OURS:
            return
        if self.source is None or not self.source.startswith("https://") or self.retrieved_on is None:
            rule = "must be an https address with retrieved_on where the origin is not OURS"
            raise InvalidValue("Principle.source", rule, "name the document, or state origin=Origin.OURS")

    def label(self, lang: Lang) -> str:
        """Return the label in the language asked for."""
        return self.ko if lang == "ko" else self.en
