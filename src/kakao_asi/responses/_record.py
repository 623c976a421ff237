"""The response to a risk, how far it reaches, and the proof that it works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from attrs import Attribute, field, frozen

from .._internal.fields import (
    PRIVATE,
    as_nfc_or_none,
    as_utc,
    check_aware,
    check_bool,
    check_date,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    check_whole,
    name_of,
    tupled,
)
from ..evidence import Evidence, as_evidence
from ..exceptions import InvalidValue
from ..taxonomy import Grade
from ._strategy import NO_CONTROL_NEEDED, Strategy, as_strategy

__all__ = ["Coverage", "PlannedResponse", "Response", "Verification"]


def _as_controls(values: Iterable[str]) -> tuple[str, ...]:
    return tupled(values)


def _check_controls(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    check_tuple_of(check_id, most=50)(instance, attribute, value)
    if len(set(value)) < len(value):
        raise InvalidValue(name_of(instance, attribute), "must not name a control twice")


@frozen(kw_only=True)
class Response:
    """What is done about a risk.

    Whether it fits the category of the risk is asked when it is planned: see :func:`misfits`.

    Attributes:
        strategy: what it wants to reach; TAKE is refused.
        controls: ids of the controls, 0 to 50, in any iterable, each once; kept in the order given. At least one
            unless the strategy is AVOID, SHARE or RETAIN.
        owner: role that answers for it. A role, never a person.
        due: last day on which it is to be done.
        expected: grade expected once it works, shown beside what was verified; None: not stated.
        note: more words, at most 2,000 characters; erasable, not shown in ``repr``.
    """

    strategy: Strategy = field(converter=as_strategy, validator=check_kind(Strategy))
    controls: tuple[str, ...] = field(default=(), converter=_as_controls, validator=_check_controls)
    owner: str = field(validator=check_id)
    due: dt.date = field(validator=check_date)
    expected: Grade | None = field(default=None, validator=check_optional(check_kind(Grade)))
    note: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text(longest=2_000, lines=True)),
        repr=False,
        metadata=PRIVATE,
    )

    def __attrs_post_init__(self) -> None:
        """Refuse TAKE, and a response that does nothing."""
        if self.strategy is Strategy.TAKE:
            rule = "must not be TAKE"
            raise InvalidValue("Response.strategy", rule, "choose RETAIN to live with the risk; bodies decide on that")
        if not self.controls and self.strategy not in NO_CONTROL_NEEDED:
            rule = "must name a control unless the strategy is AVOID, SHARE or RETAIN"
            raise InvalidValue("Response.controls", rule, "choose from controls_for(category)")


@frozen(kw_only=True)
class Coverage:
    """How many of the things in question a response has reached, old ones included.

    Attributes:
        done: how many were reached, 0 to ``of``.
        of: how many there are, at least 1.
    """

    done: int = field(validator=check_whole())
    of: int = field(validator=check_whole(least=1))

    def __attrs_post_init__(self) -> None:
        """Refuse to have reached more than there is."""
        if self.done > self.of:
            raise InvalidValue("Coverage.done", "must be at most of", "count old and new objects in of")

    @property
    def full(self) -> bool:
        """True where nothing was left out."""
        return self.done == self.of


@frozen(kw_only=True)
class Verification:
    """The proof of what a response did.

    Attributes:
        by: the principal who verified; not of the owner's role.
        at: when, an aware instant; stored in UTC.
        coverage: how far the response has reached.
        effective: true if it does what it was planned for.
        evidence: digests of what was looked at, 1 to 100.
    """

    by: str = field(validator=check_id)
    at: dt.datetime = field(converter=as_utc, validator=check_aware)
    coverage: Coverage = field(validator=check_kind(Coverage))
    effective: bool = field(validator=check_bool)
    evidence: tuple[Evidence, ...] = field(
        converter=as_evidence, validator=check_tuple_of(check_kind(Evidence), least=1, most=100)
    )


@frozen(kw_only=True)
class PlannedResponse:
    """A response as it stands on the state of a risk.

    Attributes:
        id: id of the response.
        response: what is done.
        planned_at: when it was planned, an aware instant; stored in UTC.
        verification: the latest proof; None: not verified yet.
        condition_of: id of the case whose approval asked for it; None: planned by the team.
    """

    id: str = field(validator=check_id)
    response: Response = field(validator=check_kind(Response))
    planned_at: dt.datetime = field(converter=as_utc, validator=check_aware)
    verification: Verification | None = field(default=None, validator=check_optional(check_kind(Verification)))
    condition_of: str | None = field(default=None, validator=check_optional(check_id))

    @property
    def verified(self) -> bool:
        """True where the latest proof shows that it works and that nothing was left out."""
        return self.verification is not None and self.verification.effective and self.verification.coverage.full
