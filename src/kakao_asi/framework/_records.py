"""The company's own rules on record: policies, procedures, who answers for what, regulation, and reviews.

All are frozen and versioned; a change is a new version. Texts of documents stay outside, a record holds their digest.
They name roles, never people: who holds a role is the roster's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TypeAlias

from attrs import field, frozen

from .._internal.fields import (
    PRIVATE,
    as_ids,
    as_nfc,
    as_nfc_or_none,
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
from .._internal.words import Origin, Word
from ..evidence import EvidenceKind
from ..exceptions import InvalidValue
from ..stages import Phase, Stage, as_stage, as_stages
from ._crosswalk import check_reference
from ._incidents import IncidentRecord
from ._pledge import Attestation
from ._triggers import AnyOf, as_clauses

__all__ = [
    "Accountability",
    "ChangeKind",
    "FrameworkReview",
    "Lesson",
    "Policy",
    "Procedure",
    "ProcedureStep",
    "Record",
    "RegulationLink",
    "ReviewedChange",
]

_LONGEST_REVIEW = dt.timedelta(days=365)


def _check_review(name: str, start: dt.date, review: dt.date) -> None:
    if not start <= review <= start + _LONGEST_REVIEW:
        raise InvalidValue(name, "must be at most 365 days after the start", "review it within a year")


@frozen(kw_only=True)
class Policy:
    """A rule of the company; in force once a decided case stands behind it.

    Attributes:
        id: stable id.
        version: its version, at least 1.
        title: what it is called; erasable.
        digest: digest of its text, which stays outside.
        place: where the text is, at most 200 characters.
        principles: ids of the ethics principles it serves; at least one.
        stages: the stages it rules; at least one.
        owner: role that answers for it.
        body: the body that approves it.
        case: id of the case that put it into force; None for a draft.
        effective_from: first day it is in force.
        review_by: last day it may go unreviewed; at most 365 days later (our choice).
        supersedes: id of another policy it takes the place of, if any.
        origin: who says so; a company's own policy is OURS.
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    title: str = field(converter=as_nfc, validator=check_text(), repr=False, metadata=PRIVATE)
    digest: str = field(validator=check_digest)
    place: str = field(validator=check_text(), repr=False)
    principles: frozenset[str] = field(converter=as_ids, validator=check_tuple_of(check_id, least=1, kind=frozenset))
    stages: frozenset[Stage] = field(
        converter=as_stages, validator=check_tuple_of(check_kind(Stage), least=1, kind=frozenset)
    )
    owner: str = field(validator=check_id)
    body: str = field(validator=check_id)
    case: str | None = field(default=None, validator=check_optional(check_id))
    effective_from: dt.date = field(validator=check_date)
    review_by: dt.date = field(validator=check_date)
    supersedes: str | None = field(default=None, validator=check_optional(check_id))
    origin: Origin = field(default=Origin.OURS, validator=check_kind(Origin))

    def __attrs_post_init__(self) -> None:
        """Refuse a review further off than a year."""
        _check_review("Policy.review_by", self.effective_from, self.review_by)

    def in_force(self, today: dt.date) -> bool:
        """Tell whether it is in force on a day: a case stands behind it, and it has started."""
        return self.case is not None and self.effective_from <= today


@frozen(kw_only=True)
class ProcedureStep:
    """One step of a procedure: one role, one thing to do, and what it leaves behind.

    Attributes:
        id: id of the step, unique in its procedure.
        phase: the phase of the risk cycle it belongs to.
        stage: the stage it is done at.
        role: the role that does it.
        does: what is done, at most 500 characters; erasable.
        evidence: the kind of evidence it leaves.
        within_days: days after the stage was entered by which the evidence is there, 1 to 365; later it is a finding.
    """

    id: str = field(validator=check_id)
    phase: Phase = field(validator=check_kind(Phase))
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    role: str = field(validator=check_id)
    does: str = field(converter=as_nfc, validator=check_text(longest=500), repr=False, metadata=PRIVATE)
    evidence: EvidenceKind = field(validator=check_kind(EvidenceKind))
    within_days: int = field(validator=check_whole(least=1, most=365))


def _steps(values: Iterable[ProcedureStep]) -> tuple[ProcedureStep, ...]:
    return tupled(values)


@frozen(kw_only=True)
class Procedure:
    """How a policy is carried out, step by step.

    Attributes:
        id: stable id.
        version: its version, at least 1.
        policy: id of the policy it carries out.
        title: what it is called; erasable.
        steps: its steps, in order; at least one, each id once.
        effective_from: first day it is in force.
        review_by: last day it may go unreviewed; at most 365 days later (our choice).
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    policy: str = field(validator=check_id)
    title: str = field(converter=as_nfc, validator=check_text(), repr=False, metadata=PRIVATE)
    steps: tuple[ProcedureStep, ...] = field(
        converter=_steps, validator=check_tuple_of(check_kind(ProcedureStep), least=1, most=100)
    )
    effective_from: dt.date = field(validator=check_date)
    review_by: dt.date = field(validator=check_date)

    def __attrs_post_init__(self) -> None:
        """Refuse a step twice, and a review further off than a year."""
        if len({step.id for step in self.steps}) != len(self.steps):
            raise InvalidValue("Procedure.steps", "must not hold an id twice")
        _check_review("Procedure.review_by", self.effective_from, self.review_by)

    def in_force(self, today: dt.date) -> bool:
        """Tell whether it is in force on a day."""
        return self.effective_from <= today


@frozen(kw_only=True)
class Accountability:
    """Who answers for a duty: one accountable role for each duty, unit and day.

    Attributes:
        id: stable id.
        version: its version, at least 1.
        duty: what it is about, as ``policy:<id>``, ``step:<id>``, ``matter:<id>`` or ``law:<id>``.
        accountable: the one role that answers for it.
        responsible: roles that do the work.
        consulted: roles that are asked before.
        informed: roles that are told after.
        unit: id of the business unit it holds for.
        start: first day it holds.
        end: first day it no longer holds; None while no end is set.
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    duty: str = field(validator=check_reference)
    accountable: str = field(validator=check_id)
    responsible: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    consulted: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    informed: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    unit: str = field(validator=check_id)
    start: dt.date = field(validator=check_date)
    end: dt.date | None = field(default=None, validator=check_optional(check_date))

    def __attrs_post_init__(self) -> None:
        """Refuse a duty of another kind."""
        if self.duty.partition(":")[0] not in {"policy", "step", "matter", "law"}:
            rule = "must be a policy, a step, a matter or a law row"
            raise InvalidValue("Accountability.duty", rule, "write it like 'policy:privacy'")

    def holds(self, today: dt.date) -> bool:
        """Tell whether it holds on a day."""
        return self.start <= today and (self.end is None or today < self.end)


@frozen(kw_only=True)
class RegulationLink:
    """How an outside rule is answered inside; the role ``legal`` signs the check by recording it.

    Attributes:
        id: stable id.
        version: its version, at least 1.
        rule: the rule, as ``scheme:id``, for example ``law.clocks:kr.pipa.report.v2``.
        applies_if: when it applies to a system; none means that it always does.
        policies: ids of the policies that answer it.
        procedures: ids of the procedures that answer it.
        gap: what is still missing, at most 1,000 characters; erasable. None if nothing is known to be.
        checked_on: day it was checked.
        next_check: last day it may go unchecked.
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    rule: str = field(validator=check_reference)
    applies_if: tuple[AnyOf, ...] = field(
        default=(), converter=as_clauses, validator=check_tuple_of(check_kind(AnyOf), most=20)
    )
    policies: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    procedures: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    gap: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text(longest=1_000)),
        repr=False,
        metadata=PRIVATE,
    )
    checked_on: dt.date = field(validator=check_date)
    next_check: dt.date = field(validator=check_date)


class ChangeKind(Word):
    """What a review had changed."""

    GOVERNANCE = "governance", "거버넌스", "governance"
    POLICY = "policy", "정책", "policy"
    PROCEDURE = "procedure", "절차", "procedure"
    GUIDANCE = "guidance", "지침", "guidance"
    CATALOGUE = "catalogue", "카탈로그", "catalogue"
    METHOD = "method", "평가 방법", "method"
    TAXONOMY = "taxonomy", "분류 체계", "taxonomy"


@frozen(kw_only=True)
class Lesson:
    """What was learned; about roles and processes, never about people.

    Attributes:
        text: the lesson, at most 1,000 characters; erasable.
        source: id of the risk, case or incident it comes from.
        principles: ids of the ethics principles it touches.
    """

    text: str = field(converter=as_nfc, validator=check_text(longest=1_000), repr=False, metadata=PRIVATE)
    source: str = field(validator=check_id)
    principles: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )


@frozen(kw_only=True)
class ReviewedChange:
    """A change a review called for; the change itself is a case or a new version of a file.

    Attributes:
        kind: what is changed.
        from_version: the version before.
        to_version: the version after.
        case: id of the case that decides on it; None where a new version of a file is enough.
    """

    kind: ChangeKind = field(validator=check_kind(ChangeKind))
    from_version: str = field(validator=check_id)
    to_version: str = field(validator=check_id)
    case: str | None = field(default=None, validator=check_optional(check_id))


def _lessons(values: Iterable[Lesson]) -> tuple[Lesson, ...]:
    return tupled(values)


def _changes(values: Iterable[ReviewedChange]) -> tuple[ReviewedChange, ...]:
    return tupled(values)


def _digests(values: Iterable[str]) -> tuple[str, ...]:
    return tupled(values)


@frozen(kw_only=True)
class FrameworkReview:
    """A look at the framework as a whole; it changes nothing itself.

    Attributes:
        id: stable id.
        version: its version, at least 1.
        held_on: day it was held.
        body: the body that held it.
        since: first day of the period it looked at; the period ends the day it was held.
        inputs: digests of what it looked at: pack, incidents, KRIs, changed law rows and the like.
        lessons: what was learned.
        changes: what is to change.
        none_because: why nothing is to change, 20 to 1,000 characters; erasable. Required without a change.
        next_on: day of the next one, at most 365 days later.
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    held_on: dt.date = field(validator=check_date)
    body: str = field(validator=check_id)
    since: dt.date = field(validator=check_date)
    inputs: tuple[str, ...] = field(default=(), converter=_digests, validator=check_tuple_of(check_digest))
    lessons: tuple[Lesson, ...] = field(default=(), converter=_lessons, validator=check_tuple_of(check_kind(Lesson)))
    changes: tuple[ReviewedChange, ...] = field(
        default=(), converter=_changes, validator=check_tuple_of(check_kind(ReviewedChange))
    )
    none_because: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text(longest=1_000)),
        repr=False,
        metadata=PRIVATE,
    )
    next_on: dt.date = field(validator=check_date)

    def __attrs_post_init__(self) -> None:
        """Refuse a review that neither changes something nor says why not, and a next one further off than a year."""
        if self.since > self.held_on:
            raise InvalidValue("FrameworkReview.since", "must not be after the day it was held")
        if not self.changes and self.none_because is None:
            rule = "must say why nothing is to change"
            raise InvalidValue("FrameworkReview.none_because", rule, "give a reason or a change")
        _check_review("FrameworkReview.next_on", self.held_on, self.next_on)


Record: TypeAlias = (
    Policy | Procedure | Accountability | RegulationLink | FrameworkReview | Attestation | IncidentRecord
)
"""Any record of the framework."""
