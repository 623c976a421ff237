"""State as the fold of events: total and pure. An event that says nothing to a state leaves it as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeAlias

from attrs import evolve, frozen

from ..assessments import Assessment
from ..framework import Dismissal
from ..governance import Case, CaseStatus, CaseStep, Reminder, Roster, Seat
from ..risks import Risk
from ..stages import Stage
from ..systems import Pin, pins_changed
from ..taxonomy import Grade
from . import _finding_fold as findings
from . import events as e
from ._finding_states import FindingGroup, SpoolState
from ._states import (
    Checked,
    Containment,
    GovernanceState,
    Hold,
    Proposal,
    RiskState,
    RiskStatus,
    Stopped,
    SystemState,
    SystemStatus,
)

__all__ = ["Stamp", "State", "apply"]

State: TypeAlias = RiskState | SystemState | Case | GovernanceState | FindingGroup | SpoolState
"""The state of any stream."""


@frozen
class Stamp:
    """Who did it and when, from the envelope around an event.

    Attributes:
        by: the principal.
        at: when it happened.
    """

    by: str
    at: dt.datetime


def apply(state: State | None, event: e.Event, stamp: Stamp) -> State | None:
    """Return the state after an event; pure, and the same object where the event says nothing to it."""
    if state is None:
        start = _STARTS.get(type(event))
        return None if start is None else start(event, stamp)
    step = _STEPS.get((type(state), type(event)))
    return state if step is None else step(state, event, stamp)


# --- how each stream starts ------------------------------------------------------------------------------------------


def _risk_identified(event: e.RiskIdentified, stamp: Stamp) -> RiskState:
    return RiskState(
        risk=event.risk, status=RiskStatus.IDENTIFIED, cycle=1, identified_at=stamp.at, identified_by=stamp.by
    )


def _system_added(event: e.SystemAdded, stamp: Stamp) -> SystemState:
    return SystemState(
        system=event.system, status=SystemStatus.ACTIVE, stage=Stage.DESIGN, round=1, entered_at=stamp.at
    )


def _system_adopted(event: e.SystemAdopted, stamp: Stamp) -> SystemState:
    return SystemState(
        system=event.system,
        status=SystemStatus.ACTIVE,
        stage=event.stage,
        round=1,
        entered_at=stamp.at,
        candidate=event.live,
        live=event.live,
        adopted=True,
    )


def _case_opened(event: e.CaseOpened, _stamp: Stamp) -> Case:
    return event.case


def _governance_adopted(event: e.GovernanceAdopted, _stamp: Stamp) -> GovernanceState:
    people, given = event.roster.people, event.roster.seats
    seats = {evolve(one, person=event.roster.by_name[one.person].id) for one in given}
    return GovernanceState(governance=event.governance, digest=event.digest, roster=Roster(people=people, seats=seats))


# --- risks -----------------------------------------------------------------------------------------------------------


def _reworded(state: RiskState, event: e.RiskReworded, _stamp: Stamp) -> RiskState:
    new: dict[str, Any] = {
        name: value for name in ("title", "description") if (value := getattr(event, name)) is not None
    }
    return evolve(state, risk=evolve(state.risk, **new))


def _rescoped(state: RiskState, event: e.RiskRescoped, stamp: Stamp) -> RiskState:
    new: dict[str, Any] = {
        name: value
        for name in ("stages", "principles", "owner", "legal_obligation")
        if (value := getattr(event, name)) is not None
    }
    risk: Risk = evolve(state.risk, **new)
    return evolve(state, risk=risk, editors=state.editors | {stamp.by})


def _related(state: RiskState, event: e.RisksRelated, stamp: Stamp) -> RiskState:
    return evolve(state, links=(*state.links, event.link), editors=state.editors | {stamp.by})


def _succeeded(state: RiskState, event: e.RiskSucceeded, stamp: Stamp) -> RiskState:
    return evolve(state, status=RiskStatus.CLOSED, succeeded_by=event.by, closed_at=stamp.at, acceptance=None)


def _took_over(state: RiskState, event: e.RiskTookOver, stamp: Stamp) -> RiskState:
    return evolve(
        state,
        took_over=(*state.took_over, *event.risks),
        peak=event.peak,
        incident=event.incident,
        editors=state.editors | event.hands | {stamp.by},
    )


def _assessed(state: RiskState, event: e.RiskAssessed, _stamp: Stamp) -> RiskState:
    one = event.assessment
    status = RiskStatus.RESPONDING if _leaves_status(state, one) else RiskStatus.ASSESSED
    peak, incident = _raised(state, one)
    return evolve(
        state,
        status=status,
        assessments=(*state.assessments, one),
        peak=peak,
        incident=incident,
        assessed=state.assessed + 1,
        recheck=None,
    )


def _leaves_status(state: RiskState, one: Assessment) -> bool:
    return state.status is RiskStatus.RESPONDING and not one.responses


def _raised(state: RiskState, one: Assessment) -> tuple[Grade, bool]:
    if state.peak is None or one.grade > state.peak:
        return one.grade, one.judgement.incident
    return state.peak, state.incident or (one.grade == state.peak and one.judgement.incident)


def _assessment_withdrawn(state: RiskState, event: e.AssessmentWithdrawn, _stamp: Stamp) -> RiskState:
    kept = tuple(evolve(one, withdrawn=True) if one.id == event.assessment else one for one in state.assessments)
    return evolve(state, assessments=kept)


def _response_planned(state: RiskState, event: e.ResponsePlanned, stamp: Stamp) -> RiskState:
    return evolve(
        state,
        status=RiskStatus.RESPONDING if state.status is not RiskStatus.CLOSED else state.status,
        responses=(*state.responses, event.response),
        # A body that asks for something has no hand in the risk by that.
        editors=state.editors if event.response.condition_of else state.editors | {stamp.by},
    )


def _response_verified(state: RiskState, event: e.ResponseVerified, _stamp: Stamp) -> RiskState:
    kept = tuple(
        evolve(one, verification=event.verification) if one.id == event.response else one for one in state.responses
    )
    return evolve(state, responses=kept)


def _contained(state: RiskState, event: e.Contained, stamp: Stamp) -> RiskState:
    return evolve(state, containment=Containment(by=stamp.by, at=stamp.at, until=event.until))


def _closed(state: RiskState, event: e.RiskClosed, stamp: Stamp) -> RiskState:
    return evolve(
        state,
        status=RiskStatus.CLOSED,
        closed_at=stamp.at,
        closed_on_acceptance=event.on_acceptance,
        acceptance=state.acceptance if event.on_acceptance else None,
    )


def _next_cycle(state: RiskState, _event: e.RiskReopened | e.CycleOpened, _stamp: Stamp) -> RiskState:
    return evolve(
        state,
        status=RiskStatus.IDENTIFIED,
        cycle=state.cycle + 1,
        assessments=(),
        responses=tuple(evolve(one, verification=None) for one in state.responses),
        closed_at=None,
        closed_on_acceptance=False,
    )


def _peak_lowered(state: RiskState, event: e.PeakLowered, _stamp: Stamp) -> RiskState:
    return evolve(state, peak=event.to, incident=False)


def _accepted(state: RiskState, event: e.Accepted, _stamp: Stamp) -> RiskState:
    return evolve(state, acceptance=event.acceptance)


def _acceptance_revoked(state: RiskState, _event: e.AcceptanceRevoked, stamp: Stamp) -> RiskState:
    if state.acceptance is None:
        return state
    # It has ended rather than gone: what ran on it stays shut, just as if its time were up.
    return evolve(state, acceptance=evolve(state.acceptance, until=min(state.acceptance.until, stamp.at)))


def _objected(state: RiskState, event: e.ObjectionRaised, _stamp: Stamp) -> RiskState:
    return evolve(state, objections=(*state.objections, event.objection))


def _resolved(state: RiskState, event: e.ObjectionResolved, stamp: Stamp) -> RiskState:
    kept = tuple(
        evolve(one, upheld=event.upheld, resolved_by=stamp.by) if one.id == event.objection else one
        for one in state.objections
    )
    return evolve(state, objections=kept)


def _condition_missed(state: RiskState, event: e.ConditionMissed, _stamp: Stamp) -> RiskState:
    return evolve(state, missed=state.missed | {event.response})


# --- systems ---------------------------------------------------------------------------------------------------------


def _pinned(state: SystemState, event: e.ComponentPinned, stamp: Stamp) -> SystemState:
    dismissed = _ended(state, stamp) if pins_changed(state.candidate, event.pins) else state.dismissed
    return evolve(state, candidate=event.pins, checked=(), editors=state.editors | {stamp.by}, dismissed=dismissed)


def _ended(state: SystemState, stamp: Stamp) -> tuple[Dismissal, ...]:
    """Return the dismissals, those that stood on what has changed now ended."""
    return tuple(one if one.ended_at is not None else evolve(one, ended_at=stamp.at) for one in state.dismissed)


def _dismissed(state: SystemState, event: e.CandidateDismissed, _stamp: Stamp) -> SystemState:
    return evolve(state, dismissed=(*state.dismissed, event.dismissal))


def _facts_stated(state: SystemState, event: e.FactsStated, stamp: Stamp) -> SystemState:
    new: dict[str, Any] = {one.fact.id: one.value for one in event.facts}
    for name in ("high_impact", "training_flop_exponent"):
        if getattr(event, name) is not None:
            new[name] = getattr(event, name)
    return evolve(state, system=evolve(state.system, **new), dismissed=_ended(state, stamp))


def _entered(state: SystemState, event: e.StageEntered, stamp: Stamp) -> SystemState:
    return evolve(
        state,
        stage=event.stage,
        round=event.round,
        entered_at=stamp.at,
        live=event.live,
        checked=() if event.stage is Stage.UPDATE else state.checked,
        former=_with_former(state, event.live),
        records=(*state.records, event.left),
        used=state.used if event.case is None else state.used | {event.case},
        # A candidate that was pinned ahead of UPDATE keeps its editors.
        editors=frozenset() if event.stage is Stage.UPDATE and state.candidate == event.live else state.editors,
    )


def _checked_off(state: SystemState, event: e.CheckedOff, stamp: Stamp) -> SystemState:
    done = Checked(stage=event.stage, item=event.item, by=stamp.by, at=stamp.at)
    return evolve(state, checked=(*state.checked, done))


def _rolled_back(state: SystemState, event: e.RolledBack, _stamp: Stamp) -> SystemState:
    return evolve(state, live=event.live, former=_with_former(state, event.live))


def _with_former(state: SystemState, live: tuple[Pin, ...]) -> tuple[tuple[Pin, ...], ...]:
    """Return the former live sets once ``live`` serves; each set stands there once."""
    if not state.live or state.live == live:
        return state.former
    return (*(one for one in state.former if one not in {state.live, live}), state.live)


def _set_aside(state: SystemState, event: e.NotApplicableSet, _stamp: Stamp) -> SystemState:
    return evolve(state, set_aside=(*state.set_aside, event.set_aside))


def _stopped(state: SystemState, event: e.SystemStopped, stamp: Stamp) -> SystemState:
    return evolve(state, stops=(*state.stops, Stopped(component=event.component, by=stamp.by, at=stamp.at)))


def _lifted(state: SystemState, event: e.Lifted, _stamp: Stamp) -> SystemState:
    return evolve(state, stops=tuple(one for one in state.stops if one.component != event.component))


def _condition_set(state: SystemState, event: e.ResponsePlanned, _stamp: Stamp) -> SystemState:
    return evolve(state, conditions=(*state.conditions, event.response))


def _condition_met(state: SystemState, event: e.ResponseVerified, _stamp: Stamp) -> SystemState:
    kept = tuple(
        evolve(one, verification=event.verification) if one.id == event.response else one for one in state.conditions
    )
    return evolve(state, conditions=kept)


def _system_condition_missed(state: SystemState, event: e.ConditionMissed, _stamp: Stamp) -> SystemState:
    return evolve(state, missed=state.missed | {event.response})


def _retired(state: SystemState, _event: e.SystemRetired, _stamp: Stamp) -> SystemState:
    return evolve(state, status=SystemStatus.RETIRED)


# --- cases -----------------------------------------------------------------------------------------------------------


def _voted(state: Case, event: e.Voted, _stamp: Stamp) -> Case:
    return evolve(state, votes=(*state.votes, event.vote))


def _reviewed(state: Case, event: e.Reviewed, _stamp: Stamp) -> Case:
    return evolve(state, reviews=(*state.reviews, event.review))


def _recused(state: Case, event: e.Recused, _stamp: Stamp) -> Case:
    votes = tuple(vote for vote in state.votes if vote.person != event.person)
    return evolve(state, votes=votes, recused=state.recused | {event.person})


def _delegated(state: Case, event: e.Delegated, _stamp: Stamp) -> Case:
    return evolve(state, delegations=(*state.delegations, event.delegation))


def _delegation_ended(state: Case, event: e.DelegationEnded, _stamp: Stamp) -> Case:
    return evolve(state, delegations=tuple(one for one in state.delegations if one != event.delegation))


def _acknowledged(state: Case, event: e.Acknowledged, _stamp: Stamp) -> Case:
    return evolve(state, acknowledged=(*state.acknowledged, event.position))


def _decided(state: Case, event: e.BodyDecided, _stamp: Stamp) -> Case:
    decisions = (*state.decisions, event.decision)
    if event.next_position is None:
        return evolve(state, decisions=decisions, status=CaseStatus.DECIDED)
    steps = state.steps if event.next_body is None else (*state.steps, CaseStep(body=event.next_body))
    steps = _with_clock(steps, event.next_position, event.acknowledge_by)
    return evolve(state, decisions=decisions, steps=steps, position=event.next_position)


def _with_clock(steps: tuple[CaseStep, ...], position: int, acknowledge_by: dt.datetime | None) -> tuple[CaseStep, ...]:
    return tuple(
        evolve(step, acknowledge_by=acknowledge_by) if number == position else step for number, step in enumerate(steps)
    )


def _reminded(state: Case, event: e.Reminded, _stamp: Stamp) -> Case:
    return evolve(state, reminders=(*state.reminders, Reminder(position=event.position, share=event.share)))


def _deadline_missed(state: Case, event: e.DeadlineMissed, _stamp: Stamp) -> Case:
    steps = state.steps if event.upward is None else (*state.steps, event.upward)
    position = state.position + 1 if event.moves else state.position
    if event.moves:
        steps = _with_clock(steps, position, event.acknowledge_by)
    return evolve(state, missed=(*state.missed, event.position), steps=steps, position=position)


def _acknowledgement_missed(state: Case, event: e.AcknowledgementMissed, _stamp: Stamp) -> Case:
    return evolve(state, unacknowledged=(*state.unacknowledged, event.position))


def _withdrawn(state: Case, _event: e.CaseWithdrawn, _stamp: Stamp) -> Case:
    return evolve(state, status=CaseStatus.WITHDRAWN)


def _rebased(_state: Case, event: e.CaseRebased, _stamp: Stamp) -> Case:
    return event.case


# --- governance ------------------------------------------------------------------------------------------------------


def _person_changed(state: GovernanceState, event: e.PersonChanged, _stamp: Stamp) -> GovernanceState:
    return evolve(state, roster=state.roster.with_person(event.person))


def _seat_changed(state: GovernanceState, event: e.SeatChanged, _stamp: Stamp) -> GovernanceState:
    seat = Seat(body=event.body, person=event.person, alternate=event.alternate)
    others = tuple(one for one in state.roster.seats if (one.body, one.person) != (seat.body, seat.person))
    seats = (*others, seat) if event.seated else others
    return evolve(state, roster=evolve(state.roster, seats=seats))


def _proposed(state: GovernanceState, event: e.GovernanceProposed, _stamp: Stamp) -> GovernanceState:
    proposal = Proposal(case=event.case, governance=event.governance, digest=event.digest)
    return evolve(state, proposed=proposal)


def _changed(state: GovernanceState, event: e.GovernanceChanged, _stamp: Stamp) -> GovernanceState:
    found = state.proposed
    if found is None or found.case != event.case:
        return state
    return evolve(state, governance=found.governance, digest=found.digest, proposed=None)


def _record_set(state: GovernanceState, event: e.RecordSet, _stamp: Stamp) -> GovernanceState:
    return evolve(state, records=(*state.records, event.record))


def _hold_set(state: GovernanceState, event: e.HoldSet, stamp: Stamp) -> GovernanceState:
    return evolve(state, holds=(*state.holds, Hold(id=event.hold, system=event.system, by=stamp.by, at=stamp.at)))


def _hold_ended(state: GovernanceState, event: e.HoldEnded, stamp: Stamp) -> GovernanceState:
    holds = tuple(evolve(one, ended_at=stamp.at) if one.id == event.hold else one for one in state.holds)
    return evolve(state, holds=holds)


_STARTS: dict[type[Any], Callable[[Any, Stamp], State]] = {
    e.RiskIdentified: _risk_identified,
    e.SystemAdded: _system_added,
    e.SystemAdopted: _system_adopted,
    e.CaseOpened: _case_opened,
    e.GovernanceAdopted: _governance_adopted,
    e.FindingsGrouped: findings.grouped,
    e.SpoolRead: findings.spool_started,
}

_STEPS: dict[tuple[type[Any], type[Any]], Callable[[Any, Any, Stamp], State]] = {
    (RiskState, e.RiskReworded): _reworded,
    (RiskState, e.RiskRescoped): _rescoped,
    (RiskState, e.RisksRelated): _related,
    (RiskState, e.RiskSucceeded): _succeeded,
    (RiskState, e.RiskTookOver): _took_over,
    (RiskState, e.RiskAssessed): _assessed,
    (RiskState, e.AssessmentWithdrawn): _assessment_withdrawn,
    (RiskState, e.ResponsePlanned): _response_planned,
    (RiskState, e.ResponseVerified): _response_verified,
    (RiskState, e.Contained): _contained,
    (RiskState, e.RiskClosed): _closed,
    (RiskState, e.RiskReopened): _next_cycle,
    (RiskState, e.CycleOpened): _next_cycle,
    (RiskState, e.PeakLowered): _peak_lowered,
    (RiskState, e.Accepted): _accepted,
    (RiskState, e.AcceptanceRevoked): _acceptance_revoked,
    (RiskState, e.ConditionMissed): _condition_missed,
    (RiskState, e.ObjectionRaised): _objected,
    (RiskState, e.ObjectionResolved): _resolved,
    (SystemState, e.ComponentPinned): _pinned,
    (SystemState, e.StageEntered): _entered,
    (SystemState, e.CheckedOff): _checked_off,
    (SystemState, e.RolledBack): _rolled_back,
    (SystemState, e.NotApplicableSet): _set_aside,
    (SystemState, e.SystemStopped): _stopped,
    (SystemState, e.Lifted): _lifted,
    (SystemState, e.ResponsePlanned): _condition_set,
    (SystemState, e.ResponseVerified): _condition_met,
    (SystemState, e.ConditionMissed): _system_condition_missed,
    (SystemState, e.SystemRetired): _retired,
    (Case, e.Voted): _voted,
    (Case, e.Reviewed): _reviewed,
    (Case, e.Recused): _recused,
    (Case, e.Delegated): _delegated,
    (Case, e.DelegationEnded): _delegation_ended,
    (Case, e.Acknowledged): _acknowledged,
    (Case, e.BodyDecided): _decided,
    (Case, e.Reminded): _reminded,
    (Case, e.DeadlineMissed): _deadline_missed,
    (Case, e.AcknowledgementMissed): _acknowledgement_missed,
    (Case, e.CaseRebased): _rebased,
    (Case, e.CaseWithdrawn): _withdrawn,
    (GovernanceState, e.GovernanceProposed): _proposed,
    (GovernanceState, e.GovernanceChanged): _changed,
    (GovernanceState, e.PersonChanged): _person_changed,
    (GovernanceState, e.SeatChanged): _seat_changed,
    (GovernanceState, e.RecordSet): _record_set,
    (GovernanceState, e.HoldSet): _hold_set,
    (GovernanceState, e.HoldEnded): _hold_ended,
    (SystemState, e.CandidateDismissed): _dismissed,
    (SystemState, e.FactsStated): _facts_stated,
    (RiskState, e.ReassessmentAsked): findings.asked,
    (FindingGroup, e.FindingsCounted): findings.counted,
    (FindingGroup, e.FindingLinked): findings.linked,
    (FindingGroup, e.FindingDismissed): findings.dismissed,
    (FindingGroup, e.FindingReturned): findings.returned,
    (SpoolState, e.SpoolRead): findings.spool_read,
}
