"""Guidance: what an ethics principle asks of those who build a system and of those who use it, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import as_nfc, check_id, check_kind, check_text, check_tuple_of, tupled
from .._internal.words import Lang, Origin, Word
from ..stages import Stage, as_stage

__all__ = ["Advice", "AdviceRow", "Guidance", "GuidanceAudience"]


class GuidanceAudience(Word):
    """Whom a guidance row speaks to. That the principles guide both is reported by the press; see ``Origin``."""

    DEVELOPER = "developer", "개발자", "Developer"
    USER = "user", "사용자", "User"


def as_guidance_audience(value: GuidanceAudience | str) -> GuidanceAudience:
    """Return the member of that id or Korean label."""
    return GuidanceAudience(value)


@frozen(kw_only=True)
class Guidance:
    """One thing to do for the sake of one principle.

    A developer row leaves a trace that somebody can check; a user row speaks to the person and asks nothing that the
    service should do itself.

    Attributes:
        id: stable id, by our rows ``<principle>.<developer|user>.<n>``.
        principle: id of the principle.
        audience: whom it speaks to.
        stage: the stage it belongs to.
        ko: what to do in Korean, at most 500 characters.
        en: what to do in English, at most 500 characters.
        based_on: the row it rests on, for example ``kakao.principles:privacy``.
        origin: who says so; the wording of this library and of a team is OURS.
    """

    id: str = field(validator=check_id)
    principle: str = field(validator=check_id)
    audience: GuidanceAudience = field(converter=as_guidance_audience, validator=check_kind(GuidanceAudience))
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    ko: str = field(converter=as_nfc, validator=check_text(longest=500))
    en: str = field(converter=as_nfc, validator=check_text(longest=500))
    based_on: str = field(validator=check_id)
    origin: Origin = field(default=Origin.OURS, validator=check_kind(Origin))

    def text(self, lang: Lang) -> str:
        """Return what to do, in the language asked for."""
        return self.ko if lang == "ko" else self.en

    def footer(self, lang: Lang) -> str:
        """Say whose words these are."""
        if lang == "ko":
            return f"{self.origin.ko}, 근거 원칙: {self.principle}"
        return f"{self.origin.en}; our words, based on principle {self.principle}"


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    return tupled(values)


@frozen(kw_only=True)
class AdviceRow:
    """Which guidance helps with a blocker that is about no risk (our choice).

    Attributes:
        id: code of the blocker, for example ``candidate_open``.
        guidance: ids of the rows, the most helpful first; at least one.
    """

    id: str = field(validator=check_id)
    guidance: tuple[str, ...] = field(converter=_ids, validator=check_tuple_of(check_id, least=1))


@frozen(kw_only=True)
class Advice:
    """The guidance that helps with one blocker of a gate.

    Attributes:
        code: code of the blocker.
        subject: id the blocker is about.
        guidance: the rows, the most helpful first; never empty.
    """

    code: str
    subject: str
    guidance: tuple[Guidance, ...]
