"""Which entries of the log ask somebody to do something: what a notifier sends on, and nothing else."""

from __future__ import annotations

from typing import Protocol

from ..lifecycle.events import (
    CaseOpened,
    DeadlineMissed,
    Event,
    FindingReturned,
    FindingsGrouped,
    ReassessmentAsked,
    Reminded,
    RiskReopened,
)

__all__ = ["asks_people"]


class _Entry(Protocol):
    """What is looked at of an entry of the log."""

    @property
    def event(self) -> Event | None: ...


_ASKING = (CaseOpened, DeadlineMissed, FindingReturned, ReassessmentAsked, Reminded, RiskReopened)


def asks_people(entry: _Entry) -> bool:
    """Tell whether an entry asks somebody to do something (our choice of entries).

    A group of findings waits or waits again, an assessment is asked for, a closed risk is open again, a case is opened,
    a body is reminded, or its time has passed. Counting more findings asks nobody, so a storm of any size is at most
    three such entries a group.
    """
    event = entry.event
    return isinstance(event, _ASKING) or (isinstance(event, FindingsGrouped) and event.risk is None)
