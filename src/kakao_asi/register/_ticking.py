"""What time asks for: reminders, missed deadlines, ended acceptances and overdue responses, as commands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from .._internal.clock import KST
from ..governance import Case, Matter, Reason
from ..lifecycle import (
    Command,
    ReopenCode,
    RiskState,
    RiskStatus,
    SystemState,
    SystemStatus,
    due_reminder,
    owes_acknowledgement,
)
from ..lifecycle import commands as c
from ..responses import PlannedResponse

__all__ = ["case_commands", "risk_commands", "system_commands"]


def case_commands(cases: Iterable[Case], now: dt.datetime) -> Iterator[Command]:
    """Return what is due on open cases at an instant, at most one command a clock; the next look finds the rest."""
    for case in cases:
        due = case.steps[case.position].due_at
        if owes_acknowledgement(case, now):
            yield c.MissAcknowledgement(case=case.id)
        if due is not None and now >= due and case.position not in case.missed:
            yield c.MissDeadline(case=case.id)
        elif due_reminder(case, now) is not None:
            yield c.Remind(case=case.id)


def _is_missed(planned: PlannedResponse, today: dt.date) -> bool:
    return planned.condition_of is not None and not planned.verified and planned.response.due < today


def system_commands(systems: Iterable[SystemState], now: dt.datetime) -> Iterator[Command]:
    """Return the conditions on systems that were missed and did not open their decision again yet."""
    today = now.astimezone(KST).date()
    for system in systems:
        for one in system.conditions:
            if system.status is SystemStatus.ACTIVE and _is_missed(one, today) and one.id not in system.missed:
                yield c.MissSystemCondition(system=system.id, response=one.id)


def risk_commands(risks: Iterable[RiskState], open_cases: frozenset[str], now: dt.datetime) -> Iterator[Command]:
    """Return what is due on risks that count as open.

    A risk whose acceptance has ended starts its next cycle. An overdue response without a case on its risk is put
    before the bodies (our choice: once while that case is open). A missed condition opens its decision again, once.
    """
    today = now.astimezone(KST).date()
    for risk in risks:
        missed = next((one for one in risk.responses if _is_missed(one, today) and one.id not in risk.missed), None)
        if missed is not None:
            yield c.MissCondition(risk=risk.id, response=missed.id)
        elif risk.status is RiskStatus.CLOSED:
            yield c.Reopen(risk=risk.id, code=ReopenCode.EXPIRY)
        elif risk.id not in open_cases and any(
            not planned.verified and not planned.condition_of and planned.response.due < today
            for planned in risk.responses
        ):
            yield c.Escalate(subject=risk.id, matter=Matter.RISK, reason=Reason.OVERDUE)
