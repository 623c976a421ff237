"""A risk: what could go wrong with a system, and who it comes from."""

from __future__ import annotations

from attrs import field, frozen

from ._internal.fields import (
    PRIVATE,
    as_ids,
    as_nfc,
    as_nfc_or_none,
    check_bool,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
)
from .exceptions import InvalidValue
from .stages import Stage, as_stages
from .taxonomy import Actor, HumanRole, RiskCategory, as_category

__all__ = ["Fingerprint", "Risk"]


@frozen
class Fingerprint:
    """What makes two reports one risk: system, actor, category, component name and label; never a version."""

    system: str
    actor: Actor
    category: RiskCategory
    component: str
    label: str


@frozen(kw_only=True)
class Risk:
    """What could go wrong.

    The category implies the source actor, so there is no field for it. Status, cycle and grade are not here either:
    they follow from events and stand on ``RiskState``.

    Attributes:
        id: stable id, chosen once, for example ``leaks-rrn``; versions of the system are no part of it.
        title: one line in plain words, at most 200 characters; erasable, not shown in ``repr``.
        category: one of the four categories of ASI.
        system: id of the system it belongs to.
        component: id of the part it belongs to; None: the whole system.
        label: tells two risks of one component apart; defaults to the id.
        stages: the stages at which it can show; at least one, by default all six.
        principles: ids of the ethics principles it touches; at least one (our choice).
        owner: role that answers for it. A role, never a person.
        human_role: for risks from humans, whose act it is; refused for risks from AI.
        legal_obligation: true if living with it would break a law; such a risk cannot be accepted.
        description: more words, at most 4,000 characters; erasable, not shown in ``repr``.
    """

    id: str = field(validator=check_id)
    title: str = field(converter=as_nfc, validator=check_text(), repr=False, metadata=PRIVATE)
    category: RiskCategory = field(converter=as_category, validator=check_kind(RiskCategory))
    system: str = field(validator=check_id)
    component: str | None = field(default=None, validator=check_optional(check_id))
    label: str | None = field(default=None, validator=check_optional(check_id))
    stages: frozenset[Stage] = field(
        default=frozenset(Stage),
        converter=as_stages,
        validator=check_tuple_of(check_kind(Stage), least=1, kind=frozenset),
    )
    principles: frozenset[str] = field(converter=as_ids, validator=check_tuple_of(check_id, least=1, kind=frozenset))
    owner: str = field(validator=check_id)
    human_role: HumanRole | None = field(default=None, validator=check_optional(check_kind(HumanRole)))
    legal_obligation: bool = field(default=False, validator=check_bool)
    description: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text(longest=4_000, lines=True)),
        repr=False,
        metadata=PRIVATE,
    )

    def __attrs_post_init__(self) -> None:
        """Refuse what does not belong to the category's actor."""
        if self.human_role is not None and self.category.actor is not Actor.HUMAN:
            rule = f"does not belong to a risk from AI ({self.category.id})"
            raise InvalidValue("Risk.human_role", rule, "leave it out, or identify a second, linked risk from humans")

    @property
    def actor(self) -> Actor:
        """Who it comes from; implied by the category."""
        return self.category.actor

    @property
    def fingerprint(self) -> Fingerprint:
        """What makes a second report the same risk."""
        return Fingerprint(self.system, self.actor, self.category, self.component or "", self.label or self.id)
