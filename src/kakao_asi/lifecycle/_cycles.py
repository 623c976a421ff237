"""The turn of the cycle for one system at one stage: what is left to identify, to assess and to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from .._internal.clock import KST
from ..framework import Candidate
from ..governance import Governance
from ..responses import Strategy
from ..stages import Phase
from ._finding_states import FindingGroup
from ._grades import acceptance_is_live, grades_of, is_open
from ._states import CycleRecord, PhaseRecord, RiskState, SystemState

__all__ = ["cycle_record", "fitting_candidates", "open_candidates", "waiting_groups"]


def cycle_record(
    system: SystemState,
    risks: Iterable[RiskState],
    governance: Governance,
    now: dt.datetime,
    *,
    findings: Iterable[FindingGroup] = (),
) -> CycleRecord:
    """Return the record of the present stage as it stands at an instant.

    *Identify* is complete once at least one risk exposed at the stage was ever identified, and each candidate of the
    stage's screening and each of ``findings`` that waits has an answer; that nothing can go wrong is no finding, it is
    set aside with a reason. *Assess* is complete when every open risk exposed at the stage has a valid grade, and no
    finding asks for another one. *Respond* is complete when each of them has a response, or a live acceptance; to
    retain is a response only within tolerance (our choice of conditions).
    """
    every = tuple(risks)
    exposed = sorted((risk for risk in every if system.stage in risk.risk.stages), key=lambda risk: risk.id)
    unanswered = tuple(risk for risk in exposed if is_open(risk, now))
    left = {
        Phase.IDENTIFY: (
            *(() if exposed else (system.id,)),
            *(candidate.id for candidate in open_candidates(system, every, governance)),
            *(one.id for one in waiting_groups(system, findings)),
        ),
        Phase.ASSESS: tuple(
            risk.id for risk in unanswered if grades_of(risk, now).unassessed or risk.recheck is not None
        ),
        Phase.RESPOND: tuple(risk.id for risk in unanswered if not _answered(risk, system, governance, now)),
    }
    return CycleRecord(
        system=system.id,
        stage=system.stage,
        round=system.round,
        started_at=system.entered_at,
        phases=tuple(_phase(system, phase, left[phase], now) for phase in Phase),
        risks=tuple(risk.id for risk in exposed),
        dismissed=tuple(
            sorted(
                candidate.id
                for candidate in governance.screening
                if any(one.answers(candidate, system.round) for one in system.dismissed)
            )
        ),
    )


def fitting_candidates(
    system: SystemState, risks: Iterable[RiskState], candidates: Iterable[Candidate]
) -> tuple[Candidate, ...]:
    """Return the candidates that fit a system's facts and that no risk of it answers, in the order given.

    A risk of the same category and label answers, open or closed.
    """
    known = {(risk.risk.category, risk.risk.label or risk.id) for risk in risks}
    return tuple(one for one in candidates if one.fits(system.system) and (one.category, one.label) not in known)


def open_candidates(system: SystemState, risks: Iterable[RiskState], governance: Governance) -> tuple[Candidate, ...]:
    """Return the candidates of the present stage that wait for an answer, in the order of the governance."""
    here = (one for one in governance.screening if one.stage is system.stage)
    return tuple(
        one
        for one in fitting_candidates(system, risks, here)
        if not any(dismissal.answers(one, system.round) for dismissal in system.dismissed)
    )


def waiting_groups(system: SystemState, findings: Iterable[FindingGroup]) -> tuple[FindingGroup, ...]:
    """Return the groups of a system that wait for a person, in order of their ids."""
    return tuple(sorted((one for one in findings if one.waits and one.system == system.id), key=lambda one: one.id))


def _phase(system: SystemState, phase: Phase, left: tuple[str, ...], now: dt.datetime) -> PhaseRecord:
    aside = _is_set_aside(system, phase, now)
    return PhaseRecord(phase=phase, complete=aside or not left, open=left, set_aside=aside)


def _is_set_aside(system: SystemState, phase: Phase, now: dt.datetime) -> bool:
    today = now.astimezone(KST).date()
    return any(
        one.stage is system.stage and one.round == system.round and one.phase in {None, phase} and today <= one.review
        for one in system.set_aside
    )


def _answered(risk: RiskState, system: SystemState, governance: Governance, now: dt.datetime) -> bool:
    if acceptance_is_live(risk, now):
        return True
    limit = governance.tolerance.limit(system.system, risk.risk.category, system.stage)
    within = risk.effective is not None and risk.effective <= limit
    return any(within or planned.response.strategy is not Strategy.RETAIN for planned in risk.responses)
