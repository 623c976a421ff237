"""The turn of the cycle for one system at one stage: what is left to identify, to assess and to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from .._internal.clock import KST
from ..governance import Governance
from ..responses import Strategy
from ..stages import Phase
from ._grades import acceptance_is_live, grades_of, is_open
from ._states import CycleRecord, PhaseRecord, RiskState, SystemState

__all__ = ["cycle_record"]


def cycle_record(
    system: SystemState, risks: Iterable[RiskState], governance: Governance, now: dt.datetime
) -> CycleRecord:
    """Return the record of the present stage as it stands at an instant.

    *Identify* is complete once at least one risk exposed at the stage was ever identified; that nothing can go wrong is
    no finding, it is set aside with a reason. *Assess* is complete when every open risk exposed at the stage has a
    valid grade. *Respond* is complete when each of them has a response, or a live acceptance; to retain is a response
    only within tolerance (our choice of conditions).
    """
    exposed = sorted((risk for risk in risks if system.stage in risk.risk.stages), key=lambda risk: risk.id)
    unanswered = tuple(risk for risk in exposed if is_open(risk, now))
    left = {
        Phase.IDENTIFY: () if exposed else (system.id,),
        Phase.ASSESS: tuple(risk.id for risk in unanswered if grades_of(risk, now).unassessed),
        Phase.RESPOND: tuple(risk.id for risk in unanswered if not _answered(risk, system, governance, now)),
    }
    return CycleRecord(
        system=system.id,
        stage=system.stage,
        round=system.round,
        started_at=system.entered_at,
        phases=tuple(_phase(system, phase, left[phase], now) for phase in Phase),
        risks=tuple(risk.id for risk in exposed),
    )


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
    limit = governance.tolerance.limit(system.system, risk.risk.category)
    within = risk.effective is not None and risk.effective <= limit
    return any(within or planned.response.strategy is not Strategy.RETAIN for planned in risk.responses)
