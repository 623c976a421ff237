"""The AI system under management, and the digests of what it is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from ._internal.fields import (
    PRIVATE,
    as_ids,
    as_nfc_or_none,
    check_bool,
    check_date,
    check_digest,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    check_whole,
    tupled,
)
from ._internal.words import Word

__all__ = ["Audience", "HighImpact", "Pin", "PinKind", "StatedFact", "System", "SystemFact", "pins_changed"]


class Audience(Word):
    """Who a system serves. A release rule of ASI stands on it: see ``Governance``."""

    INTERNAL = "internal", "내부용", "Internal"
    EXTERNAL = "external", "외부 공개", "External"


class PinKind(Word):
    """What a pinned digest stands for (our choice: what changes an AI system's behaviour)."""

    MODEL = "model", "모델", "Model"
    PROMPT = "prompt", "프롬프트", "Prompt"
    DATA = "data", "데이터", "Data set"
    GUARD = "guard", "가드 설정", "Guard configuration"


class SystemFact(Word):
    """What laws and the screening catalogue ask about a system; each is a field of :class:`System` of that name.

    The first five are asked by the screening catalogue, all of them by the law clocks (our choice of facts).
    """

    GENERATIVE = "generative", "생성형", "generative"
    USES_TOOLS = "uses_tools", "도구 사용", "uses tools"
    PERSONAL_DATA = "personal_data", "개인정보 처리", "handles personal data"
    MINORS = "minors", "미성년자 이용", "used by minors"
    SUPPLIER_MODEL = "supplier_model", "외부 모델 사용", "built on a supplier's model"
    STATE_OF_THE_ART = "state_of_the_art", "최첨단 기술 적용", "state of the art"
    WIDE_IMPACT = "wide_impact", "광범위하고 중대한 영향", "wide and serious impact"
    INTERNAL_ONLY = "internal_only", "사내 전용", "internal use only"
    OBVIOUS_AI = "obvious_ai", "AI임이 명백함", "obviously AI"
    ICT_PROVIDER = "ict_provider", "정보통신서비스 제공자", "run by an information and communications service provider"
    EU_HIGH_RISK = "eu_high_risk", "EU AI법 부속서의 규제 대상", "in a regulated class of the EU AI Act"
    GPAI_SYSTEMIC = "gpai_systemic", "범용 AI 모델(시스템적 리스크)", "general-purpose model with systemic risk"
    COP_SIGNATORY = "cop_signatory", "EU 실천 강령 서명", "signed the EU code of practice"


@frozen(kw_only=True)
class StatedFact:
    """A fact about a system that somebody stated.

    Attributes:
        fact: the fact.
        value: whether it is true.
    """

    fact: SystemFact = field(validator=check_kind(SystemFact))
    value: bool = field(validator=check_bool)


@frozen(kw_only=True)
class HighImpact:
    """Whether a system is high-impact AI under the Korean AI Basic Act: a recorded decision, never computed.

    Attributes:
        applies: what was decided.
        basis: why, for example the area of use; at most 1,000 characters, erasable.
        decided_on: day of the decision.
    """

    applies: bool = field(validator=check_bool)
    basis: str = field(validator=check_text(longest=1_000), repr=False, metadata=PRIVATE)
    decided_on: dt.date = field(validator=check_date)


def as_audience(value: Audience | str) -> Audience:
    """Return the member of that id or Korean label."""
    return Audience(value)


@frozen(kw_only=True)
class System:
    """An AI system under management.

    Attributes:
        id: stable id, chosen once.
        unit: id of the business unit or affiliate that answers for it.
        audience: who it serves.
        title: what people call it, at most 200 characters; erasable. Defaults to the id.
        components: ids of its parts, for example ``reply`` or ``image``; risks and gates may name one.
        generative: whether it generates text, images, sound or the like. This and every further fact may be None:
            nobody has said so yet, and what is not known counts as true wherever it is asked for (our choice).
        uses_tools: whether it acts through tools.
        personal_data: whether it handles personal data.
        minors: whether minors may use it.
        supplier_model: whether it is built on a model of a supplier.
        state_of_the_art: whether it uses the most advanced technology.
        wide_impact: whether its impact is wide and serious.
        internal_only: whether it serves only people inside the organisation.
        obvious_ai: whether it is obvious to anybody that AI is at work.
        ict_provider: whether an information and communications service provider runs it.
        eu_high_risk: whether the EU AI Act regulates it by its annexes I or III.
        gpai_systemic: whether it is a general-purpose model with systemic risk under the EU AI Act.
        cop_signatory: whether the provider signed the EU code of practice for general-purpose AI.
        high_impact: the decision on high-impact AI; None while nobody decided.
        training_flop_exponent: the largest whole n, 0 to 99, for which training took at least 10**n floating-point
            operations; None if not known.
    """

    id: str = field(validator=check_id)
    unit: str = field(validator=check_id)
    audience: Audience = field(converter=as_audience, validator=check_kind(Audience))
    title: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text()),
        repr=False,
        metadata=PRIVATE,
    )
    components: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    generative: bool | None = field(default=None, validator=check_optional(check_bool))
    uses_tools: bool | None = field(default=None, validator=check_optional(check_bool))
    personal_data: bool | None = field(default=None, validator=check_optional(check_bool))
    minors: bool | None = field(default=None, validator=check_optional(check_bool))
    supplier_model: bool | None = field(default=None, validator=check_optional(check_bool))
    state_of_the_art: bool | None = field(default=None, validator=check_optional(check_bool))
    wide_impact: bool | None = field(default=None, validator=check_optional(check_bool))
    internal_only: bool | None = field(default=None, validator=check_optional(check_bool))
    obvious_ai: bool | None = field(default=None, validator=check_optional(check_bool))
    ict_provider: bool | None = field(default=None, validator=check_optional(check_bool))
    eu_high_risk: bool | None = field(default=None, validator=check_optional(check_bool))
    gpai_systemic: bool | None = field(default=None, validator=check_optional(check_bool))
    cop_signatory: bool | None = field(default=None, validator=check_optional(check_bool))
    high_impact: HighImpact | None = field(default=None, validator=check_optional(check_kind(HighImpact)))
    training_flop_exponent: int | None = field(default=None, validator=check_optional(check_whole(most=99)))

    def fact(self, fact: SystemFact) -> bool | None:
        """Return what is known about a fact; None if nobody has said so."""
        known: bool | None = getattr(self, fact.id)
        return known


@frozen(kw_only=True)
class Pin:
    """The digest of one thing a system is made of.

    Attributes:
        kind: what it is.
        digest: ``sha256:`` and 64 hexadecimal digits.
        component: the part it belongs to; None for the whole system.
    """

    kind: PinKind = field(validator=check_kind(PinKind))
    digest: str = field(validator=check_digest)
    component: str | None = field(default=None, validator=check_optional(check_id))

    @property
    def place(self) -> tuple[str, str]:
        """Kind and component: a set of pins holds one digest for each."""
        return self.kind.id, self.component or ""

    def touches(self, component: str | None) -> bool:
        """Tell whether a change of this pin bears on a risk of that component (None: the whole system)."""
        return self.component is None or component is None or self.component == component


def pins_changed(before: Iterable[Pin], after: Iterable[Pin]) -> tuple[Pin, ...]:
    """Return the pins of ``after`` whose place held another digest in ``before``, ordered by place.

    A place that ``before`` did not hold is new, not changed.
    """
    old = {pin.place: pin.digest for pin in before}
    return tuple(sorted((p for p in after if old.get(p.place, p.digest) != p.digest), key=lambda pin: pin.place))


def as_pins(values: Iterable[Pin]) -> tuple[Pin, ...]:
    """Return the pins as a tuple."""
    return tupled(values)
