"""Commands on what was screened, on a system's facts, and on the company's own rules."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from ..._internal.fields import check_id, check_kind, check_optional, check_tuple_of, check_whole, tupled
from ...exceptions import InvalidValue
from ...framework import (
    Accountability,
    Attestation,
    FrameworkReview,
    IncidentRecord,
    Policy,
    Procedure,
    RegulationLink,
)
from ...framework import Record as FrameworkRecord
from ...systems import HighImpact, StatedFact

__all__ = ["Dismiss", "Record", "StateFacts"]


@frozen(kw_only=True)
class Dismiss:
    """Set a candidate of the present stage's screening aside; needs a reason, and a person, not an agent.

    Attributes:
        system: id of the system.
        candidate: id of the candidate.
    """

    system: str = field(validator=check_id)
    candidate: str = field(validator=check_id)


def _facts(values: Iterable[StatedFact]) -> tuple[StatedFact, ...]:
    return tupled(values)


@frozen(kw_only=True)
class StateFacts:
    """Say what is true of a system; a changed fact ends the dismissals that stood on the old ones.

    Attributes:
        system: id of the system.
        facts: what is true or false; facts not named keep what they are. Each fact once.
        high_impact: the decision on high-impact AI; None leaves it as it is.
        training_flop_exponent: order of magnitude of the training compute; None leaves it as it is.
    """

    system: str = field(validator=check_id)
    facts: tuple[StatedFact, ...] = field(
        default=(), converter=_facts, validator=check_tuple_of(check_kind(StatedFact), most=100)
    )
    high_impact: HighImpact | None = field(default=None, validator=check_optional(check_kind(HighImpact)))
    training_flop_exponent: int | None = field(default=None, validator=check_optional(check_whole(most=99)))

    def __attrs_post_init__(self) -> None:
        """Refuse a fact stated twice."""
        if len({one.fact for one in self.facts}) != len(self.facts):
            raise InvalidValue("StateFacts.facts", "must not state a fact twice")


@frozen(kw_only=True)
class Record:
    """Put a policy, procedure, accountability, regulation link, review, attestation or incident on record.

    Attributes:
        record: the record; a change of one that is there has its version plus 1.
    """

    record: FrameworkRecord = field(
        validator=check_kind(
            Policy, Procedure, Accountability, RegulationLink, FrameworkReview, Attestation, IncidentRecord
        )
    )
