"""Regulation beside the clocks: what is ahead, what an impact assessment holds, and how long records are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from attrs import evolve, field, fields_dict, frozen

from .._internal.fields import PRIVATE, as_nfc_or_none, check_date, check_id, check_optional, check_text, check_whole
from .._internal.words import Lang

__all__ = ["HorizonRow", "ImpactAssessment", "RetentionRule"]


@frozen(kw_only=True)
class HorizonRow:
    """A dated change of law ahead; it is shown and fires nothing.

    Attributes:
        id: stable id.
        on: first day it applies.
        ko: what changes in Korean, at most 300 characters.
        en: the same in English.
        law: the law and its article.
        source_url: https address of the source.
        retrieved_on: day it was read.
    """

    id: str = field(validator=check_id)
    on: dt.date = field(validator=check_date)
    ko: str = field(validator=check_text(longest=300))
    en: str = field(validator=check_text(longest=300))
    law: str = field(validator=check_text())
    source_url: str = field(validator=check_text(longest=500))
    retrieved_on: dt.date = field(validator=check_date)

    def text(self, lang: Lang) -> str:
        """Return what changes, in the language asked for."""
        return self.ko if lang == "ko" else self.en


_CONTENTS = {
    "affected_people": ("영향을 받는 사람", "people affected"),
    "rights_touched": ("영향을 받는 기본권", "basic rights touched"),
    "social_economic_effect": ("사회적·경제적 영향", "social and economic effect"),
    "way_of_use": ("이용 방식", "way of use"),
    "indicators_and_method": ("평가 지표와 방법", "indicators and method"),
    "prevention_mitigation_recovery": ("예방·완화·구제 방안", "prevention, mitigation and recovery"),
    "improvement_plan": ("개선 계획", "improvement plan"),
}


def _content() -> Any:
    return field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text(longest=4_000, lines=True)),
        repr=False,
        metadata=PRIVATE,
    )


@frozen(kw_only=True)
class ImpactAssessment:
    """A template for an impact assessment with the seven contents the law names; what is None is still missing.

    Source: Decree of the AI Basic Act (Korea), article 28(1). The labels are ours; output is no legal advice.

    Attributes:
        system: id of the system.
        affected_people: who is affected.
        rights_touched: which basic rights it touches.
        social_economic_effect: effect on society and economy.
        way_of_use: how it is used.
        indicators_and_method: how it was assessed, and by which indicators.
        prevention_mitigation_recovery: how harm is prevented, made smaller and made good.
        improvement_plan: what is to get better.
    """

    system: str = field(validator=check_id)
    affected_people: str | None = _content()
    rights_touched: str | None = _content()
    social_economic_effect: str | None = _content()
    way_of_use: str | None = _content()
    indicators_and_method: str | None = _content()
    prevention_mitigation_recovery: str | None = _content()
    improvement_plan: str | None = _content()

    @property
    def missing(self) -> tuple[str, ...]:
        """The ids of the contents that are still missing, in the order of the law."""
        return tuple(name for name in fields_dict(type(self)) if name in _CONTENTS and getattr(self, name) is None)

    def filled(self, **contents: str) -> ImpactAssessment:
        """Return a new one with these contents set."""
        return evolve(self, **contents)

    def to_text(self, *, lang: Lang) -> str:
        """Write it as Markdown headings, one a content, each marked where it is missing."""
        missing = "(작성 필요)" if lang == "ko" else "(missing)"
        lines = []
        for name, labels in _CONTENTS.items():
            lines += [f"## {labels[0] if lang == 'ko' else labels[1]}", "", getattr(self, name) or missing, ""]
        return "\n".join(lines)


@frozen(kw_only=True)
class RetentionRule:
    """How long the records of a system are kept before they may be purged.

    Five years follow the proof of measures for high-impact AI (Decree of the AI Basic Act, article 27(2)); that all
    records are kept as long is our choice.

    Attributes:
        years: full years a record is kept, 1 to 100.
    """

    years: int = field(default=5, validator=check_whole(least=1, most=100))

    def keeps_until(self, recorded_on: dt.date) -> dt.date:
        """Return the first day on which a record may be purged; 29 February counts from 1 March."""
        try:
            return recorded_on.replace(year=recorded_on.year + self.years)
        except ValueError:
            return dt.date(recorded_on.year + self.years, 3, 1)

    def may_purge(self, recorded_on: dt.date, *, today: dt.date, legal_hold: bool) -> bool:
        """Tell whether a record may be purged; never while it is on legal hold."""
        return not legal_hold and today >= self.keeps_until(recorded_on)
