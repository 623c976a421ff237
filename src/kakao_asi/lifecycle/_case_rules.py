"""What is asked before a case is opened, voted on or withdrawn, and what happens then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from attrs import evolve

from ..evidence import Evidence, EvidenceKind
from ..governance import (
    Acceptance,
    Case,
    Cell,
    Code,
    Condition,
    Decision,
    Matter,
    Outcome,
    PersonKind,
    Refusal,
    Vote,
)
from ..responses import people_measures_alone
from ..stages import Stage
from ..taxonomy import Actor, Grade
from . import commands as c
from . import events as e
from ._clocks import acknowledge_by, steps_of
from ._conditions import planned_conditions
from ._context import Context
from ._decisions import cell_of_risk, cell_of_system, excluded_from, open_seats, voters_of
from ._fold import Stamp, apply
from ._grades import grades_of, lowered_grade
from ._hashes import risk_hash, system_hash
from ._objection_rules import LONGEST_OVERRIDE
from ._risk_rules import pending, reason_is_given
from ._roster_rules import GOVERNANCE
from ._seats import belongs, seats_open
from ._states import RiskState, SystemState, SystemStatus
from ._transition import Change, StreamKind, part_of, stream

__all__ = [
    "acceptance_ends_in_time",
    "approval_still_fits",
    "case_is_possible",
    "conditions_fit",
    "decide",
    "new_case",
    "no_other_case",
    "open_case",
    "opened_by_voter",
    "override_ends_in_time",
    "state_is_the_same",
    "subject_hash",
    "subject_is_known",
    "subject_is_ready",
    "voter_may_vote",
    "withdraw",
]

RISK_MATTERS = frozenset({Matter.RISK, Matter.ACCEPT, Matter.CLOSE_OR_LOWER})
"""Matters whose subject is a risk; the subject of the others is a system."""

_SETTLING = frozenset({Matter.ACCEPT, Matter.CLOSE_OR_LOWER})

_BY_ALL = frozenset({Matter.RELEASE, Matter.GOVERNANCE})
"""Matters that need every body on their way, however late (our choice; that a release takes all is from the press)."""


def target_stage(command: c.Escalate) -> Stage | None:
    """Return the stage a case is about: a release is always about DEPLOYMENT."""
    if command.matter is Matter.RELEASE:
        return Stage.DEPLOYMENT
    return command.stage if command.matter is Matter.STAGE else None


def stopped_part(command: c.Escalate) -> str | None:
    """Return the stopped part a case is about; only a case that lifts a stop is about one."""
    return command.component if command.matter is Matter.STOP else None


def _risk(command: c.Escalate, ctx: Context) -> RiskState | None:
    return ctx.facts.risks.get(command.subject) if command.matter in RISK_MATTERS else None


# --- opening ---------------------------------------------------------------------------------------------------------


def subject_is_known(_state: None, command: c.Escalate, ctx: Context) -> Iterator[Refusal]:
    """Ask that the subject exists, and for STAGE that a stage is named, for STOP that there is a stop."""
    system = ctx.facts.system
    known = system is not None and system.status is SystemStatus.ACTIVE
    if not known or (command.matter in RISK_MATTERS and _risk(command, ctx) is None):
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=command.subject, missing=(command.matter.id,))
        return
    if command.matter is Matter.STAGE and command.stage is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=command.subject, missing=("stage",))
    stopped = {stop.component for stop in system.stops} if system is not None else set()
    if command.matter is Matter.STOP and command.component not in stopped:
        missing = (command.component or command.subject,)
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=command.subject, missing=missing)


def no_other_case(_state: None, command: c.Escalate, ctx: Context) -> Iterator[Refusal]:
    """Ask that the same question is not before the bodies already."""
    same = tuple(
        case.id
        for case in ctx.facts.open_cases_on(command.subject)
        if (case.matter, case.stage, case.component) == (command.matter, target_stage(command), stopped_part(command))
    )
    if same:
        yield Refusal(code=Code.CASE_OPEN, subject=command.subject, missing=same)


def case_is_possible(_state: None, command: c.Escalate, ctx: Context) -> Iterator[Refusal]:
    """Ask that the governance takes such a case. What is not offered here yet is refused, not ignored."""
    if ctx.facts.system is None or (command.matter in RISK_MATTERS and _risk(command, ctx) is None):
        return
    if command.matter is Matter.GOVERNANCE or ctx.governance.graph.route(_cell(command, ctx)).withheld is not None:
        yield Refusal(code=Code.CASE_NOT_POSSIBLE, subject=command.subject, detail=command.matter.id)


def acceptance_ends_in_time(_state: None, command: c.Escalate, ctx: Context) -> Iterator[Refusal]:
    """Ask an acceptance for an end within the longest term, for a reason, and that it breaks no law."""
    risk = _risk(command, ctx)
    if command.matter is not Matter.ACCEPT or risk is None:
        return
    if risk.risk.legal_obligation:
        yield Refusal(code=Code.LEGAL_OBLIGATION, subject=risk.id)
    if ctx.governance.acceptance.needs_controls and not any(one.response.controls for one in risk.responses):
        yield Refusal(code=Code.RESPONSE_MISSING, subject=risk.id)
    yield from reason_is_given(risk, command, ctx)
    if command.until is None:
        yield Refusal(code=Code.UNTIL_MISSING, subject=risk.id)
    elif risk.effective is not None:
        last = ctx.now + ctx.governance.acceptance.longest(risk.effective, incident=risk.incident)
        if not ctx.now < command.until <= last:
            yield Refusal(code=Code.UNTIL_TOO_FAR, subject=risk.id, until=last)


def override_ends_in_time(_state: None, command: c.Escalate, ctx: Context) -> Iterator[Refusal]:
    """Ask an override for an end within a week, a reason and a drill; what is stopped is never overridden."""
    system = ctx.facts.system
    if command.matter is not Matter.OVERRIDE or system is None:
        return
    yield from reason_is_given(system, command, ctx)
    last = ctx.now + LONGEST_OVERRIDE
    if command.until is None:
        yield Refusal(code=Code.UNTIL_MISSING, subject=system.id)
    elif not ctx.now < command.until <= last:
        yield Refusal(code=Code.UNTIL_TOO_FAR, subject=system.id, until=last)
    if not _is_drilled(command.rollback, ctx):
        yield Refusal(code=Code.EVIDENCE_MISSING, subject=system.id, missing=(EvidenceKind.DRILL.id,))
    for stop in system.stops:
        yield Refusal(code=Code.STOPPED, subject=stop.component or system.id, who=(ctx.governance.graph.apex,))


def _is_drilled(record: Evidence | None, ctx: Context) -> bool:
    """Tell whether it was tried lately that one can go back from what an override lets pass."""
    days = ctx.governance.drill_days
    if days is None:
        return True
    lately = ctx.now - dt.timedelta(days=days)
    return record is not None and record.kind is EvidenceKind.DRILL and lately <= record.at <= ctx.now


def subject_is_ready(_state: None, command: c.Escalate, ctx: Context) -> Iterator[Refusal]:
    """Ask for an assessment before accepting, closing or lowering; people's measures alone lower no risk from AI."""
    risk = _risk(command, ctx)
    if risk is None or command.matter is Matter.RISK:
        return
    if grades_of(risk, ctx.now).unassessed:
        yield Refusal(code=Code.NOT_ASSESSED, subject=risk.id)
    controls = [control for planned in risk.responses for control in planned.response.controls]
    alone = bool(controls) and people_measures_alone(risk.risk.category, controls)
    if command.matter is Matter.CLOSE_OR_LOWER and risk.risk.actor is Actor.AI and alone:
        yield Refusal(code=Code.PEOPLE_MEASURES_ALONE, subject=risk.id)


def _cell(command: c.Escalate, ctx: Context) -> Cell:
    system = ctx.facts.system
    if system is None:  # pragma: no cover  # the guards ask for the system first
        return Cell(matter=command.matter, reason=command.reason)
    risk = _risk(command, ctx)
    if risk is not None:
        return cell_of_risk(risk, system, command.matter, command.reason, ctx.now)
    stage = target_stage(command) or system.stage
    return cell_of_system(
        system,
        ctx.facts.risks.values(),
        matter=command.matter,
        stage=stage,
        reason=command.reason,
        now=ctx.now,
    )


def open_case(_state: None, command: c.Escalate, ctx: Context) -> tuple[Change, ...]:
    """Pin the subject's state and start on the route."""
    case = new_case(command, ctx)
    return (Change(stream(StreamKind.CASE, case.id), e.CaseOpened(case=case)),)


def new_case(command: c.Escalate, ctx: Context) -> Case:
    """Return the case a question makes now: pinned to the present, at the start of its route."""
    system = ctx.facts.system
    risk = _risk(command, ctx)
    cell = _cell(command, ctx)
    stage = target_stage(command)
    number = 1 + sum(case.matter is command.matter for case in ctx.facts.cases_on(command.subject))
    return Case(
        id=part_of(command.subject, f"{command.matter.id}.{number}"),
        matter=command.matter,
        subject=command.subject,
        system=system.id if system is not None else command.subject,
        stage=stage,
        component=stopped_part(command),
        until=command.until if command.matter in {Matter.ACCEPT, Matter.OVERRIDE} else None,
        lowers_to=lowered_grade(risk, ctx.now) if risk and command.matter is Matter.CLOSE_OR_LOWER else None,
        opened_by=ctx.by,
        opened_at=ctx.now,
        cell=cell,
        state_hash=subject_hash(risk, system, ctx),
        pins=system.candidate if system is not None and (stage or command.matter is Matter.OVERRIDE) else (),
        governance=ctx.governance_digest,
        roster=ctx.roster_digest,
        rollback=command.rollback if command.matter is Matter.OVERRIDE else None,
        steps=steps_of(cell, ctx),
    )


def subject_hash(risk: RiskState | None, system: SystemState | None, ctx: Context) -> str:
    """Return the state hash of what a case is about."""
    if risk is not None:
        return risk_hash(risk)
    return system_hash(system, ctx.facts.risks.values()) if system is not None else ""


# --- voting ----------------------------------------------------------------------------------------------------------


def voter_may_vote(state: Case, command: c.Decide, ctx: Context) -> Iterator[Refusal]:
    """Ask that a person with a seat where the case stands votes, once over all bodies, and without a hand in it."""
    person = ctx.person
    if person is not None and person.kind is PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=state.id, detail=ctx.by)
        return
    if command.body != state.body or person is None or not belongs(person, state, state.body, ctx):
        yield Refusal(code=Code.AUTHORITY, subject=state.id, who=(state.body,), detail=ctx.by)
        return
    who = open_seats(state, ctx)
    if person.id in voters_of(state, ctx) | excluded_from(state, ctx):
        yield Refusal(code=Code.CONFLICT_OF_INTEREST, subject=state.id, who=who, detail=ctx.by)
    elif person.id not in who:
        # The seat is lent to somebody else, or no seat is free for an alternate.
        yield Refusal(code=Code.AUTHORITY, subject=state.id, who=who, detail=ctx.by)


def state_is_the_same(state: Case, _command: c.Decide, ctx: Context) -> Iterator[Refusal]:
    """Ask that nothing material has changed since the case was opened."""
    risk = ctx.facts.risks.get(state.subject) if state.matter in RISK_MATTERS else None
    if state.matter is not Matter.GOVERNANCE and subject_hash(risk, ctx.facts.system, ctx) != state.state_hash:
        yield Refusal(code=Code.STATE_CHANGED, subject=state.id)
    if ctx.governance_digest != state.governance:
        yield Refusal(code=Code.GOVERNANCE_CHANGED, subject=state.id)


def approval_still_fits(state: Case, command: c.Decide, ctx: Context) -> Iterator[Refusal]:
    """Ask an approval for what time or another case may have taken away since the case was opened.

    An acceptance must still end in the future; accepting and lowering need a valid assessment; and a risk is not
    lowered while another case on it, or a containment without an end, is open.
    """
    risk = ctx.facts.risks.get(state.subject) if state.matter in _SETTLING else None
    if risk is None or not command.outcome.approves:
        return
    if state.until is not None and state.until <= ctx.now:
        yield Refusal(code=Code.EXPIRED, subject=risk.id, until=state.until)
    if grades_of(risk, ctx.now).unassessed:
        yield Refusal(code=Code.NOT_ASSESSED, subject=risk.id)
    if state.matter is Matter.CLOSE_OR_LOWER:
        yield from pending(risk, ctx, besides=state.id)


def conditions_fit(state: Case, command: c.Decide, _ctx: Context) -> Iterator[Refusal]:
    """Ask that conditions come with an approval with conditions, and only with one; a governance has none.

    What a governance should hold stands in it: return the proposal instead.
    """
    on_governance = bool(command.conditions) and state.matter is Matter.GOVERNANCE
    if on_governance or bool(command.conditions) is not (command.outcome is Outcome.APPROVE_WITH_CONDITIONS):
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=("conditions",))


def decide(state: Case, command: c.Decide, ctx: Context) -> tuple[Change, ...]:
    """Record the vote; with the vote that completes the quorum the body has decided, and the case moves."""
    person = ctx.person
    vote = Vote(
        body=command.body,
        by=ctx.by,
        person=person.id if person is not None else ctx.by,
        outcome=command.outcome,
        conditions=command.conditions,
        at=ctx.now,
        seat=_seat_of(state, ctx),
    )
    voted = Change(stream(StreamKind.CASE, state.id), e.Voted(vote=vote))
    given = tuple(one for one in (*state.votes, vote) if one.body == state.body)
    voters = [known for one in given if (known := ctx.roster.person(one.person)) is not None]
    quorum = ctx.governance.graph.body(state.body).quorum
    if person is not None and vote.outcome is Outcome.REJECT and quorum.vetoes(person):
        given = (vote,)
    elif not quorum.shortfall(voters).met:
        return (voted,)
    decision = Decision(
        body=state.body,
        outcome=max(one.outcome for one in given),
        conditions=tuple(dict.fromkeys(condition for one in given for condition in one.conditions)),
        voters=tuple(one.person for one in given),
        at=ctx.now,
        state_hash=state.state_hash,
    )
    return (voted, *_moved(state, decision, ctx))


def _seat_of(state: Case, ctx: Context) -> str:
    out = voters_of(state, ctx) | excluded_from(state, ctx)
    voter = ctx.person.id if ctx.person is not None else ctx.by
    return seats_open(state, out, ctx).get(voter, voter)


def _moved(state: Case, decision: Decision, ctx: Context) -> tuple[Change, ...]:
    """Pass the case on, or end it and do what the decision says."""
    on_case = stream(StreamKind.CASE, state.id)
    onward = _next_position(state, decision)
    due = acknowledge_by(state.cell, ctx)
    if onward is not None:
        return (Change(on_case, e.BodyDecided(decision=decision, next_position=onward, acknowledge_by=due)),)
    above = ctx.governance.graph.above(state.body) if decision.outcome is Outcome.ESCALATE else None
    if above is not None and above not in {step.body for step in state.steps}:
        position = len(state.steps)
        moved = e.BodyDecided(decision=decision, next_position=position, next_body=above, acknowledge_by=due)
        return (Change(on_case, moved),)
    effects = _effects(state, decision, ctx)
    return (Change(on_case, e.BodyDecided(decision=_on_what_it_leaves(decision, effects, state, ctx))), *effects)


def _on_what_it_leaves(decision: Decision, effects: tuple[Change, ...], state: Case, ctx: Context) -> Decision:
    """Pin the last decision to the state with its own conditions in it, so that they do not void it."""
    planned = tuple(one.event for one in effects if isinstance(one.event, e.ResponsePlanned))
    risk = ctx.facts.risks.get(state.subject) if state.matter in RISK_MATTERS else None
    if not planned or risk is None:
        return decision
    return evolve(decision, state_hash=risk_hash(_with(risk, planned, ctx)))


def _next_position(state: Case, decision: Decision) -> int | None:
    """Return where the case goes next: to the next body on its way, and last to those that time had passed over.

    Time may move a case up, but it approves nothing: what needs every body still needs the one that was late.
    """
    if not decision.outcome.approves and decision.outcome is not Outcome.ESCALATE:
        return None
    decided = {one.body for one in (*state.decisions, decision)}
    left = [number for number, step in enumerate(state.steps) if step.body not in decided]
    ahead = [number for number in left if number > state.position]
    if not ahead and (state.matter not in _BY_ALL or not decision.outcome.approves):
        return None
    return next(iter(ahead or left), None)


def _effects(state: Case, decision: Decision, ctx: Context) -> tuple[Change, ...]:
    """Return what the final decision does to its subject at once."""
    if state.matter is Matter.GOVERNANCE:
        return (Change(GOVERNANCE, e.GovernanceChanged(case=state.id)),) if decision.outcome.approves else ()
    if decision.outcome is Outcome.STOP:
        return _stops(state, ctx)
    if not decision.outcome.approves:
        return ()
    asked = (*state.conditions, *decision.conditions)
    risk = ctx.facts.risks.get(state.subject) if state.matter in RISK_MATTERS else None
    if risk is None:
        return _on_system(state, asked, ctx)
    on_risk = stream(StreamKind.RISK, risk.id)
    planned = planned_conditions(risk.id, len(risk.responses), asked, state.id, ctx)
    return tuple(Change(on_risk, event) for event in (*planned, *_settled(state, risk, planned, ctx)))


def _on_system(state: Case, asked: tuple[Condition, ...], ctx: Context) -> tuple[Change, ...]:
    before = len(ctx.facts.system.conditions) if ctx.facts.system is not None else 0
    on_system = stream(StreamKind.SYSTEM, state.system)
    return tuple(Change(on_system, one) for one in planned_conditions(state.system, before, asked, state.id, ctx))


def _settled(
    state: Case, risk: RiskState, planned: tuple[e.ResponsePlanned, ...], ctx: Context
) -> Iterator[e.Accepted | e.PeakLowered]:
    if state.matter is Matter.ACCEPT and state.until is not None and risk.effective is not None:
        pinned = state.state_hash if not planned else risk_hash(_with(risk, planned, ctx))
        yield e.Accepted(
            acceptance=Acceptance(case=state.id, grade=risk.effective, state_hash=pinned, until=state.until)
        )
        return
    lower = _lower(state, risk, ctx)
    if lower is not None and risk.effective is not None and lower < risk.effective:
        yield e.PeakLowered(to=lower, case=state.id)


def _with(risk: RiskState, planned: tuple[e.ResponsePlanned, ...], ctx: Context) -> RiskState:
    """Return the risk with the conditions that an acceptance of it comes with."""
    for event in planned:
        after = apply(risk, event, Stamp(ctx.by, ctx.now))
        risk = after if isinstance(after, RiskState) else risk
    return risk


def _lower(state: Case, risk: RiskState, ctx: Context) -> Grade | None:
    """Return the grade to lower to: what was asked, or what still stands if an assessment has expired since."""
    standing = lowered_grade(risk, ctx.now)
    if state.lowers_to is None or standing is None:
        return None
    return max(state.lowers_to, standing)


def _stops(state: Case, ctx: Context) -> tuple[Change, ...]:
    risk = ctx.facts.risks.get(state.subject) if state.matter in RISK_MATTERS else None
    component = risk.risk.component if risk is not None else state.component
    stopped = {stop.component for stop in ctx.facts.system.stops} if ctx.facts.system is not None else set()
    if component in stopped:
        return ()
    return (Change(stream(StreamKind.SYSTEM, state.system), e.SystemStopped(component=component)),)


# --- withdrawing -----------------------------------------------------------------------------------------------------


def opened_by_voter(state: Case, _command: c.WithdrawCase, ctx: Context) -> Iterator[Refusal]:
    """Ask that whoever brought the case withdraws it, or somebody with a seat where it stands."""
    person = ctx.person
    seated = person is not None and person in ctx.roster.seated(state.body)
    if not seated and not ctx.roster.same(state.opened_by, ctx.by):
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=state.id, who=(state.opened_by, state.body), detail=ctx.by)


def withdraw(state: Case, _command: c.WithdrawCase, _ctx: Context) -> tuple[Change, ...]:
    """End the case without a decision."""
    return (Change(stream(StreamKind.CASE, state.id), e.CaseWithdrawn()),)
