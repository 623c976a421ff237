"""What covers what: items of a scheme against risks, evidence and gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from .._internal.clock import KST
from ..assessments import Basis, ImperfectionFactors
from ..framework import (
    Accountability,
    Attestation,
    EvidenceRule,
    EvidenceSource,
    PledgeItem,
    Policy,
    SchemeCoverage,
    Standing,
    in_force,
    latest_review,
    latest_versions,
)
from ..lifecycle import GovernanceState, RiskState, SystemState, grades_of, is_open
from ..principles import Principle
from ..taxonomy import RiskCategory

__all__ = ["Covered", "covered_entries", "covered_pledge", "covered_principles"]

_FAIRNESS = frozenset({"inclusiveness", "non_discrimination", "human_rights"})


@frozen(kw_only=True)
class Covered:
    """How an item of a scheme stands.

    Attributes:
        item: id of the item.
        risks: ids of the risks that touch it, sorted; closed ones included.
        evidence: digests or ids of rules that count as evidence now, sorted.
        gaps: what is missing, sorted: ``no_risk``, ``unassessed:<risk>``, ``no_evidence:<risk>``, or the id of a rule.
        standing: evidenced, stale or a gap.
    """

    item: str
    risks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    standing: Standing = Standing.GAP


def covered_principles(
    principles: Iterable[Principle], risks: Iterable[RiskState], now: dt.datetime
) -> tuple[Covered, ...]:
    """Return how each principle stands, in the order of the governance."""
    every = tuple(risks)
    return tuple(
        _covered(one.id, [risk for risk in every if one.id in risk.risk.principles], now) for one in principles
    )


def covered_entries(scheme: SchemeCoverage, risks: Iterable[RiskState], now: dt.datetime) -> tuple[Covered, ...]:
    """Return how each entry of a scheme stands by the categories it is mapped to, sorted by id."""
    of: dict[str, set[RiskCategory]] = {}
    for category, ids in scheme.categories:
        for name in ids:
            of.setdefault(name, set()).add(category)
    every = tuple(risks)
    prefix = scheme.scheme.id
    return tuple(
        _covered(f"{prefix}:{name}", [risk for risk in every if risk.risk.category in of[name]], now)
        for name in sorted(of)
    )


def _covered(item: str, risks: list[RiskState], now: dt.datetime) -> Covered:
    evidence: set[str] = set()
    gaps: set[str] = set() if risks else {"no_risk"}
    stale = False
    for risk in risks:
        found = _evidence(risk)
        unassessed = is_open(risk, now) and grades_of(risk, now).unassessed
        if unassessed:
            gaps.add(f"unassessed:{risk.id}")
            stale = stale or bool(found)
        elif found:
            evidence |= found
        else:
            gaps.add(f"no_evidence:{risk.id}")
    standing = Standing.EVIDENCED if evidence else Standing.STALE if stale else Standing.GAP
    return Covered(
        item=item,
        risks=tuple(sorted(risk.id for risk in risks)),
        evidence=tuple(sorted(evidence)),
        gaps=tuple(sorted(gaps)),
        standing=standing,
    )


def _evidence(risk: RiskState) -> set[str]:
    digests = {one.digest for done in risk.assessments if not done.withdrawn for one in done.evidence}
    for planned in risk.responses:
        if planned.verification is not None:
            digests |= {one.digest for one in planned.verification.evidence}
    return digests


# --- the pledge ------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class _Known:
    governed: GovernanceState
    systems: tuple[SystemState, ...]
    risks: tuple[RiskState, ...]
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(KST).date()

    @property
    def open(self) -> tuple[RiskState, ...]:
        return tuple(risk for risk in self.risks if is_open(risk, self.now))


def covered_pledge(
    items: Iterable[PledgeItem],
    governed: GovernanceState,
    systems: Iterable[SystemState],
    risks: Iterable[RiskState],
    now: dt.datetime,
) -> tuple[Covered, ...]:
    """Return how each item of the Seoul AI Business Pledge stands; self-reported, intentions count as nothing."""
    known = _Known(governed=governed, systems=tuple(systems), risks=tuple(risks), now=now)
    found = []
    for item in items:
        held = {rule.id for rule in item.evidence if _holds(rule, known)}
        gaps = {rule.id for rule in item.evidence} - held
        once = any(one.rule in gaps for one in _attested(known))
        standing = Standing.EVIDENCED if held else Standing.STALE if once else Standing.GAP
        found.append(Covered(item=item.id, evidence=tuple(sorted(held)), gaps=tuple(sorted(gaps)), standing=standing))
    return tuple(found)


def _attested(known: _Known) -> tuple[Attestation, ...]:
    return latest_versions(known.governed.records, Attestation)


def _holds(rule: EvidenceRule, known: _Known) -> bool:
    if rule.source is EvidenceSource.ATTESTED:
        return any(one.rule == rule.id and one.counts(known.today) for one in _attested(known))
    computed = _COMPUTED.get(rule.id)
    return computed is not None and computed(known)


def _cycles(known: _Known) -> bool:
    records = [record for system in known.systems for record in system.records]
    return bool(records) and all(record.complete for record in records)


def _measured(known: _Known) -> bool:
    return bool(known.open) and all(
        any(one.basis is Basis.MEASURED and not one.withdrawn for one in risk.assessments) for risk in known.open
    )


def _seats(known: _Known) -> bool:
    bodies = known.governed.governance.graph.bodies
    return all(len(known.governed.roster.seated(body.id)) >= body.seats for body in bodies)


def _policies(known: _Known) -> bool:
    policies = [one for one in in_force(known.governed.records, known.today) if isinstance(one, Policy)]
    return bool(policies) and all(one.review_by >= known.today for one in policies)


def _label(known: _Known) -> bool:
    rows = latest_versions(known.governed.records, Accountability)
    return any(one.duty == "law:kr.aiba.label" and one.holds(known.today) for one in rows)


def _reviews(known: _Known) -> bool:
    latest = latest_review(known.governed.records)
    return latest is not None and latest.next_on >= known.today


def _training(known: _Known) -> bool:
    return any(
        planned.verified and "ng.training" in planned.response.controls
        for risk in known.risks
        for planned in risk.responses
    )


def _fairness(known: _Known) -> bool:
    touched = [risk for risk in known.open if risk.risk.principles & _FAIRNESS]
    sliced = any(
        isinstance(one.factors, ImperfectionFactors) and one.factors.slices
        for risk in touched
        for one in risk.assessments
    )
    return sliced and not any(grades_of(risk, known.now).unassessed for risk in touched)


def _vulnerable(known: _Known) -> bool:
    touched = [risk for risk in known.open if any(one.factors.vulnerable_group for one in risk.assessments)]
    late = any(
        planned.response.due < known.today and not planned.verified for risk in touched for planned in risk.responses
    )
    return bool(touched) and not late


_COMPUTED: Mapping[str, Callable[[_Known], bool]] = {
    "cycle_records_complete": _cycles,
    "measured_assessments": _measured,
    "seats_filled": _seats,
    "policies_within_review": _policies,
    "output_label_met": _label,
    "reviews_in_time": _reviews,
    "training_verified": _training,
    "fairness_assessed": _fairness,
    "vulnerable_in_time": _vulnerable,
}
