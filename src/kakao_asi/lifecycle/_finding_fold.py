"""Groups of findings and spools as folds of their events."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from attrs import evolve

from . import events as e
from ._finding_states import FindingDismissal, FindingGroup, FindingStatus, Recheck, SpoolState
from ._sightings import sum_of
from ._states import RiskState

__all__ = ["asked", "counted", "dismissed", "grouped", "linked", "returned", "spool_read", "spool_started"]


class _Stamp(Protocol):
    """Who did it and when."""

    @property
    def by(self) -> str: ...

    @property
    def at(self) -> dt.datetime: ...


def grouped(event: e.FindingsGrouped, _stamp: _Stamp) -> FindingGroup:
    """Start a group."""
    sample = event.sample
    return FindingGroup(
        id=sample.fingerprint,
        sample=sample,
        system=event.system,
        status=FindingStatus.WAITING if event.risk is None else FindingStatus.LINKED,
        risk=event.risk,
        count=sample.count,
        suppressed=sample.suppressed,
        first_seen=sample.first,
        last_seen=sample.last,
    )


def counted(state: FindingGroup, event: e.FindingsCounted, _stamp: _Stamp) -> FindingGroup:
    """Add up; the order in which findings arrive makes no difference."""
    return evolve(
        state,
        count=sum_of(state.count, event.count),
        suppressed=sum_of(state.suppressed, event.suppressed),
        first_seen=min(state.first_seen, event.first),
        last_seen=max(state.last_seen, event.last),
    )


def linked(state: FindingGroup, event: e.FindingLinked, _stamp: _Stamp) -> FindingGroup:
    """Tie it to a risk."""
    return evolve(state, status=FindingStatus.LINKED, risk=event.risk)


def dismissed(state: FindingGroup, _event: e.FindingDismissed, stamp: _Stamp) -> FindingGroup:
    """Set it aside."""
    by_whom = FindingDismissal(by=stamp.by, at=stamp.at, count=state.count)
    return evolve(state, status=FindingStatus.DISMISSED, dismissed=by_whom)


def returned(state: FindingGroup, _event: e.FindingReturned, _stamp: _Stamp) -> FindingGroup:
    """Let it wait again."""
    return evolve(state, status=FindingStatus.WAITING)


def asked(state: RiskState, event: e.ReassessmentAsked, stamp: _Stamp) -> RiskState:
    """Mark a risk; the first instant stays until an assessment answers."""
    since = stamp.at if state.recheck is None else state.recheck.at
    return evolve(state, recheck=Recheck(at=since, finding=event.finding, step_up=event.step_up))


def spool_started(event: e.SpoolRead, _stamp: _Stamp) -> SpoolState:
    """Read the file of a process for the first time."""
    return SpoolState(writer=event.writer, next=event.next)


def spool_read(state: SpoolState, event: e.SpoolRead, _stamp: _Stamp) -> SpoolState:
    """Read on."""
    return evolve(state, next=event.next)
