"""What the records of the framework lack: shown like staffing findings, never a refusal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeVar

from attrs import field, frozen

from .._internal.fields import check_kind
from .._internal.words import Lang, Word
from ..evidence import EvidenceKind
from ..stages import Stage
from ..systems import System
from ._records import Accountability, FrameworkReview, Policy, Procedure, ProcedureStep, Record, RegulationLink
from ._triggers import triggered

__all__ = [
    "FrameworkFinding",
    "Lacking",
    "StageEvidence",
    "in_force",
    "latest_review",
    "latest_versions",
    "record_findings",
]

R = TypeVar("R", bound=Record)


class Lacking(Word):
    """What is lacking, with its Korean and its English sentence; ``{subject}`` and ``{missing}`` are ids."""

    OWNER_ROLE_WITHOUT_POLICY = (
        "owner_role_without_policy",
        "리스크를 맡은 역할 '{subject}'에 시행 중인 정책이 없습니다.",
        "the role '{subject}' owns risks, and no policy in force is its own",
    )
    POLICY_PAST_REVIEW = (
        "policy_past_review",
        "정책 '{subject}'의 재검토 기한이 지났습니다.",
        "policy '{subject}' is past its review date",
    )
    POLICY_WITHOUT_PROCEDURE = (
        "policy_without_procedure",
        "정책 '{subject}'을(를) 실행할 절차가 없습니다.",
        "no procedure carries out policy '{subject}'",
    )
    STEP_WITHOUT_ROLE = (
        "step_without_role",
        "절차 '{subject}'의 역할 {missing}을(를) 맡은 사람이 없습니다.",
        "nobody holds the role {missing} that procedure '{subject}' names",
    )
    STEP_OVERDUE = (
        "step_overdue",
        "절차 단계 '{subject}'에서 정한 기한까지 증빙이 남지 않은 시스템: {missing}",
        "step '{subject}' left no evidence in time for {missing}",
    )
    DUTY_WITHOUT_ACCOUNTABLE = (
        "duty_without_accountable",
        "'{subject}'에 책임지는 역할이 정해져 있지 않습니다.",
        "no role is accountable for '{subject}'",
    )
    TWO_ACCOUNTABLE = (
        "two_accountable",
        "'{subject}'에 책임지는 역할이 둘 이상입니다: {missing}",
        "more than one role is accountable for '{subject}': {missing}",
    )
    REGULATION_GAP = (
        "regulation_gap",
        "적용되는 규제 '{subject}'에 대응하는 정책이 없습니다. 시스템: {missing}",
        "'{subject}' applies to {missing} and no policy in force answers it",
    )
    REGULATION_UNCHECKED = (
        "regulation_unchecked",
        "규제 '{subject}'의 점검 기한이 지났습니다.",
        "'{subject}' was to be checked again and was not",
    )
    REVIEW_OVERDUE = (
        "review_overdue",
        "프레임워크 재검토 '{subject}' 다음의 재검토가 기한을 넘겼습니다.",
        "the framework review after '{subject}' is overdue",
    )


@frozen(kw_only=True)
class FrameworkFinding:
    """One thing the records lack.

    Attributes:
        code: what is lacking.
        subject: id it is about.
        missing: ids the sentence names, sorted.
    """

    code: Lacking = field(validator=check_kind(Lacking))
    subject: str
    missing: tuple[str, ...] = ()

    def message(self, lang: Lang) -> str:
        """Say in one sentence what is lacking."""
        return self.code.label(lang).format(subject=self.subject, missing=", ".join(self.missing))


@frozen(kw_only=True)
class StageEvidence:
    """What a system has to show for the stage it is at.

    Attributes:
        system: the system, with the facts stated about it.
        stage: the stage it is at.
        entered_on: day it was entered.
        kinds: the kinds of evidence that assessments and verifications left since.
    """

    system: System
    stage: Stage
    entered_on: dt.date
    kinds: frozenset[EvidenceKind] = frozenset()


def latest_versions(records: Iterable[Record], kind: type[R]) -> tuple[R, ...]:
    """Return the latest version of each record of a kind, sorted by id."""
    found: dict[str, R] = {}
    for one in records:
        if isinstance(one, kind) and (one.id not in found or one.version > found[one.id].version):
            found[one.id] = one
    return tuple(found[name] for name in sorted(found))


def in_force(records: Iterable[Record], today: dt.date) -> tuple[Policy | Procedure, ...]:
    """Return the policies and procedures in force on a day, sorted by id.

    Of each the latest version that is in force; a draft or a later version that has not started leaves the earlier one
    in force. A policy that one in force supersedes is not.
    """
    every = tuple(records)
    policies = latest_versions((one for one in every if isinstance(one, Policy) and one.in_force(today)), Policy)
    replaced = {one.supersedes for one in policies}
    procedures = latest_versions(
        (one for one in every if isinstance(one, Procedure) and one.in_force(today)), Procedure
    )
    return (*(one for one in policies if one.id not in replaced), *procedures)


def latest_review(records: Iterable[Record]) -> FrameworkReview | None:
    """Return the review held last; None if none was."""
    return max(latest_versions(records, FrameworkReview), key=lambda one: (one.held_on, one.id), default=None)


def record_findings(
    records: Iterable[Record],
    *,
    today: dt.date,
    owners: Iterable[str],
    roles: Iterable[str],
    systems: Iterable[StageEvidence],
) -> tuple[FrameworkFinding, ...]:
    """Return what the records lack on a day, sorted by code and subject.

    Args:
        records: every version of every record.
        today: the day.
        owners: roles that own open risks.
        roles: roles that somebody in the roster holds.
        systems: the systems under management, with what they have to show.
    """
    every, shown = tuple(records), tuple(systems)
    here = in_force(every, today)
    policies = tuple(one for one in here if isinstance(one, Policy))
    procedures = tuple(one for one in here if isinstance(one, Procedure))
    found = chain(
        _policies(policies, procedures, frozenset(owners), today),
        _steps(procedures, frozenset(roles)),
        _accountable(policies, latest_versions(every, Accountability), today),
        _overdue(procedures, shown, today),
        _regulation(latest_versions(every, RegulationLink), policies, tuple(one.system for one in shown), today),
        _reviews(every, today),
    )
    return tuple(sorted(found, key=lambda one: (one.code.rank, one.subject, one.missing)))


def _policies(
    policies: tuple[Policy, ...], procedures: tuple[Procedure, ...], owners: frozenset[str], today: dt.date
) -> Iterator[FrameworkFinding]:
    for owner in owners - {one.owner for one in policies}:
        yield FrameworkFinding(code=Lacking.OWNER_ROLE_WITHOUT_POLICY, subject=owner)
    carried_out = {one.policy for one in procedures}
    for policy in policies:
        if policy.review_by < today:
            yield FrameworkFinding(code=Lacking.POLICY_PAST_REVIEW, subject=policy.id)
        if policy.id not in carried_out:
            yield FrameworkFinding(code=Lacking.POLICY_WITHOUT_PROCEDURE, subject=policy.id)


def _steps(procedures: tuple[Procedure, ...], roles: frozenset[str]) -> Iterator[FrameworkFinding]:
    for procedure in procedures:
        missing = tuple(sorted({step.role for step in procedure.steps} - roles))
        if missing:
            yield FrameworkFinding(code=Lacking.STEP_WITHOUT_ROLE, subject=procedure.id, missing=missing)


def _overdue(
    procedures: tuple[Procedure, ...], systems: tuple[StageEvidence, ...], today: dt.date
) -> Iterator[FrameworkFinding]:
    for procedure in procedures:
        for step in procedure.steps:
            late = tuple(sorted(one.system.id for one in systems if _is_late(step, one, today)))
            if late:
                subject = f"{procedure.id}/{step.id}"
                yield FrameworkFinding(code=Lacking.STEP_OVERDUE, subject=subject, missing=late)


def _is_late(step: ProcedureStep, shown: StageEvidence, today: dt.date) -> bool:
    due = shown.entered_on + dt.timedelta(days=step.within_days)
    return shown.stage is step.stage and today > due and step.evidence not in shown.kinds


def _accountable(
    policies: tuple[Policy, ...], rows: tuple[Accountability, ...], today: dt.date
) -> Iterator[FrameworkFinding]:
    live = [one for one in rows if one.holds(today)]
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in live:
        named[one.duty, one.unit].add(one.accountable)
    for (duty, unit), accountable in named.items():
        if len(accountable) > 1:
            missing = tuple(sorted(accountable))
            yield FrameworkFinding(code=Lacking.TWO_ACCOUNTABLE, subject=f"{duty}/{unit}", missing=missing)
    covered = {one.duty for one in live}
    for policy in policies:
        if f"policy:{policy.id}" not in covered:
            yield FrameworkFinding(code=Lacking.DUTY_WITHOUT_ACCOUNTABLE, subject=f"policy:{policy.id}")


def _regulation(
    links: tuple[RegulationLink, ...], policies: tuple[Policy, ...], systems: tuple[System, ...], today: dt.date
) -> Iterator[FrameworkFinding]:
    here = {one.id for one in policies}
    for link in links:
        hit = tuple(sorted(one.id for one in systems if triggered(link.applies_if, one) is not None))
        if hit and (link.gap is not None or not link.policies & here):
            yield FrameworkFinding(code=Lacking.REGULATION_GAP, subject=link.rule, missing=hit)
        if link.next_check < today:
            yield FrameworkFinding(code=Lacking.REGULATION_UNCHECKED, subject=link.rule)


def _reviews(records: tuple[Record, ...], today: dt.date) -> Iterator[FrameworkFinding]:
    latest = latest_review(records)
    if latest is not None and latest.next_on < today:
        yield FrameworkFinding(code=Lacking.REVIEW_OVERDUE, subject=latest.id)
