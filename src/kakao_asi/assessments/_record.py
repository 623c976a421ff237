"""The assessment as it is stored, and how long it is valid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen

from .._internal.fields import (
    as_ids,
    as_utc,
    check_aware,
    check_bool,
    check_id,
    check_kind,
    check_tuple_of,
    check_whole,
)
from ..evidence import Evidence, as_evidence
from ..exceptions import InvalidValue
from ..taxonomy import Grade
from ._factors import Factors, ImperfectionFactors, MisuseFactors, NegligenceFactors, UncontrollabilityFactors
from ._grid import GridImperfection, GridMisuse, GridNegligence
from ._judgement import Judgement
from ._method import AssessmentMethod
from ._scales import AssessmentKind, Basis, Line
from ._threshold import ThresholdUncontrollability

__all__ = ["VALIDITY", "VALIDITY_AFTER_INCIDENT", "Assessment", "default_methods", "validity"]

VALIDITY: Mapping[Grade, dt.timedelta] = MappingProxyType(
    {Grade.LOW: dt.timedelta(days=365), Grade.MEDIUM: dt.timedelta(days=180), Grade.HIGH: dt.timedelta(days=90)}
)
"""How long an assessment is valid, by its grade; a changed component ends it at once (our choice)."""

VALIDITY_AFTER_INCIDENT = dt.timedelta(days=30)
"""How long one is valid that has the clocks of an incident (our choice)."""


def validity(grade: Grade, *, incident: bool) -> dt.timedelta:
    """Return how long an assessment of that grade is valid."""
    return VALIDITY_AFTER_INCIDENT if incident else VALIDITY[grade]


def default_methods() -> tuple[AssessmentMethod, ...]:
    """Return the four methods this library ships, in the order of the categories; each is a library default."""
    return (GridImperfection(), ThresholdUncontrollability(), GridMisuse(), GridNegligence())


@frozen(kw_only=True)
class Assessment:
    """One assessment of one risk, as it stands in the log.

    Whether it still holds (not past ``until``, of this cycle, on unchanged components) is asked of the risk's state.

    Attributes:
        id: id of the assessment.
        kind: inherent, or residual with responses counted on.
        line: who assessed: first or second line.
        basis: what it stands on.
        factors: what was asked and answered.
        judgement: what the method found, with the way to it.
        method: id of the method.
        method_version: version of the method, from 1.
        evidence: digests of what was looked at, at most 100.
        by: the principal who assessed.
        at: when, an aware instant.
        until: end of validity, an aware instant after ``at``; the instant itself is outside.
        responses: ids of the responses a residual assessment counts on; empty for an inherent one.
        withdrawn: true once it was taken back; it stays readable and stands no more.
    """

    id: str = field(validator=check_id)
    kind: AssessmentKind = field(validator=check_kind(AssessmentKind))
    line: Line = field(validator=check_kind(Line))
    basis: Basis = field(validator=check_kind(Basis))
    factors: Factors = field(
        validator=check_kind(ImperfectionFactors, UncontrollabilityFactors, MisuseFactors, NegligenceFactors)
    )
    judgement: Judgement = field(validator=check_kind(Judgement))
    method: str = field(validator=check_id)
    method_version: int = field(validator=check_whole(least=1))
    evidence: tuple[Evidence, ...] = field(
        default=(), converter=as_evidence, validator=check_tuple_of(check_kind(Evidence), most=100)
    )
    by: str = field(validator=check_id)
    at: dt.datetime = field(converter=as_utc, validator=check_aware)
    until: dt.datetime = field(converter=as_utc, validator=check_aware)
    responses: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    withdrawn: bool = field(default=False, validator=check_bool)

    def __attrs_post_init__(self) -> None:
        """Refuse an end before the start, and an inherent assessment that counts on responses."""
        if self.until <= self.at:
            raise InvalidValue("Assessment.until", "must be after at")
        if self.kind is AssessmentKind.INHERENT and self.responses:
            rule = "belong to a residual assessment only"
            raise InvalidValue("Assessment.responses", rule, "pass kind=AssessmentKind.RESIDUAL, or leave them out")

    @property
    def grade(self) -> Grade:
        """The grade the method found."""
        return self.judgement.grade
