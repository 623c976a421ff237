"""The AI system under management, and the digests of what it is made of."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from ._internal.fields import (
    PRIVATE,
    as_ids,
    as_nfc_or_none,
    check_digest,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    tupled,
)
from ._internal.words import Word

__all__ = ["Audience", "Pin", "PinKind", "System", "pins_changed"]


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
