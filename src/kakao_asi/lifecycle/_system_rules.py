"""What is asked before a system moves, and what happens then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from attrs import evolve

from .._internal.clock import KST
from ..governance import Cell, Code, Matter, PersonKind, Refusal
from ..stages import Stage
from ..systems import Pin, pins_changed
from . import commands as c
from . import events as e
from ._context import Context
from ._cycles import cycle_record
from ._decisions import case_on, missing_decision
from ._gate_rules import everything_met, stage_case, stage_gate
from ._grades import is_open
from ._hashes import system_hash
from ._risk_acts import next_cycle
from ._states import RiskState, RiskStatus, SetAside, SystemState
from ._transition import Change, StreamKind, stream

__all__ = [
    "add",
    "adopt",
    "can_stop",
    "check_off",
    "components_are_known",
    "enter",
    "gate_is_open",
    "item_is_open",
    "lift",
    "lifting_is_decided",
    "nothing_is_open",
    "pin",
    "places_are_distinct",
    "retire",
    "review_is_near",
    "roll_back",
    "set_aside",
    "stop",
    "was_live_before",
]


def _on(state: SystemState, *events: e.Event) -> tuple[Change, ...]:
    return tuple(Change(stream(StreamKind.SYSTEM, state.id), event) for event in events)


# --- guards ----------------------------------------------------------------------------------------------------------


def places_are_distinct(_state: SystemState | None, command: c.Pin | c.AdoptSystem, _ctx: Context) -> Iterator[Refusal]:
    """Ask that no place is pinned twice at once."""
    pins = command.pins if isinstance(command, c.Pin) else command.live
    places = [one.place for one in pins]
    twice = tuple(sorted({"/".join(place) for place in places if places.count(place) > 1}))
    if twice:
        subject = command.system if isinstance(command, c.Pin) else command.system.id
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=subject, missing=twice)


def components_are_known(state: SystemState, command: c.Pin | c.Stop, _ctx: Context) -> Iterator[Refusal]:
    """Ask that components exist, where the system names its components at all."""
    named = {one.component for one in command.pins} if isinstance(command, c.Pin) else {command.component}
    known = state.system.components
    missing = tuple(sorted(one for one in named if one is not None and known and one not in known))
    if missing:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=missing)


def review_is_near(state: SystemState, command: c.NotApplicable, ctx: Context) -> Iterator[Refusal]:
    """Ask for a review day that is ahead and no further than the governance allows."""
    today = ctx.now.astimezone(KST).date()
    last = today + dt.timedelta(days=ctx.governance.not_applicable_days)
    if not today < command.review <= last:
        until = dt.datetime.combine(last, dt.time(), KST)
        yield Refusal(code=Code.UNTIL_TOO_FAR, subject=state.id, until=until)


def is_no_agent(state: SystemState, _command: c.NotApplicable | c.CheckOff, ctx: Context) -> Iterator[Refusal]:
    """Ask that a person, not an agent, sets something aside."""
    if ctx.person is not None and ctx.person.kind is PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=state.id, detail=ctx.by)


def gate_is_open(state: SystemState, command: c.Enter, ctx: Context) -> tuple[Refusal, ...]:
    """Ask the stage's gate."""
    return stage_gate(state, command.stage, ctx).blockers


def can_stop(state: SystemState, _command: c.Stop, ctx: Context) -> Iterator[Refusal]:
    """Ask that somebody with a seat in any body, or a monitor, stops it; an owner where the governance says so."""
    person = ctx.person
    bodies = tuple(body.id for body in ctx.governance.graph.bodies)
    roles = {risk.risk.owner for risk in ctx.facts.risks.values()} if ctx.governance.owners_stop else set()
    may = person is not None and (
        person.kind is PersonKind.AGENT
        or bool(roles & person.roles)
        or any(person in ctx.roster.seated(body) for body in bodies)
    )
    if not may:
        who = (*bodies, *sorted(roles))
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=state.id, who=who, detail=ctx.by)


def lifting_is_decided(state: SystemState, command: c.Lift, ctx: Context) -> Iterator[Refusal]:
    """Ask that there is a stop, and that a case of matter STOP decided to lift it."""
    if command.component not in {stop.component for stop in state.stops}:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.component or state.id,))
        return
    route = ctx.governance.graph.route(Cell(matter=Matter.STOP, audience=state.system.audience))
    yield from missing_decision(
        case_on(ctx.facts.cases_on(state.id), Matter.STOP, component=command.component),
        subject=state.id,
        matter=Matter.STOP,
        route=route,
        state_hash=system_hash(state, ctx.facts.risks.values()),
        pins=(),
        ctx=ctx,
    )


def was_live_before(state: SystemState, command: c.RollBack, _ctx: Context) -> Iterator[Refusal]:
    """Ask that exactly these digests served before."""
    if _ordered(command.pins) not in state.former:
        missing = tuple(sorted("/".join(one.place) for one in command.pins))
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=missing)


def nothing_is_open(state: SystemState, _command: c.Retire, ctx: Context) -> Iterator[Refusal]:
    """Ask that no risk of the system is open."""
    left = tuple(sorted(risk.id for risk in ctx.facts.risks.values() if is_open(risk, ctx.now)))
    if left:
        yield Refusal(code=Code.CYCLE_OPEN, subject=state.id, missing=left, detail=state.stage.id)


# --- acts ------------------------------------------------------------------------------------------------------------


def add(_state: None, command: c.AddSystem, _ctx: Context) -> tuple[Change, ...]:
    """Start the system's stream."""
    return (Change(stream(StreamKind.SYSTEM, command.system.id), e.SystemAdded(system=command.system)),)


def adopt(_state: None, command: c.AdoptSystem, _ctx: Context) -> tuple[Change, ...]:
    """Start the stream of a system that already runs."""
    event = e.SystemAdopted(system=command.system, stage=command.stage, live=_ordered(command.live))
    return (Change(stream(StreamKind.SYSTEM, command.system.id), event),)


def pin(state: SystemState, command: c.Pin, ctx: Context) -> tuple[Change, ...]:
    """Set the candidate's digests; every risk that a changed one touches starts its next cycle."""
    new = {one.place: one for one in state.candidate} | {one.place: one for one in command.pins}
    pins = tuple(new[place] for place in sorted(new))
    changed = pins_changed(state.candidate, pins)
    touched = [risk for risk in _sorted(ctx) if any(one.touches(risk.risk.component) for one in changed)]
    return _on(state, e.ComponentPinned(pins=pins)) + _cycles(touched, c.ReopenCode.NEW_VERSION, ctx)


def _sorted(ctx: Context) -> list[RiskState]:
    return [ctx.facts.risks[name] for name in sorted(ctx.facts.risks)]


def _cycles(risks: list[RiskState], code: c.ReopenCode, ctx: Context) -> tuple[Change, ...]:
    """Start the next cycle of risks; one that has only just started its cycle is left alone.

    A contained one is not: what was decided on its containment was decided on other digests. Of closed risks that are
    one by their fingerprint, the latest comes back, and none where an active one stands for it.
    """
    back = {risk.id for risk in _coming_back(risks, ctx)}
    return tuple(
        Change(stream(StreamKind.RISK, risk.id), next_cycle(risk, code))
        for risk in risks
        if not risk.succeeded_by
        and (risk.status is not RiskStatus.IDENTIFIED or _is_contained(risk, ctx))
        and (risk.id in back or not risk.closed_for_good)
    )


def _is_contained(risk: RiskState, ctx: Context) -> bool:
    return risk.containment is not None and risk.containment.is_on(ctx.now)


def _coming_back(risks: list[RiskState], ctx: Context) -> Iterator[RiskState]:
    covered = {risk.risk.fingerprint for risk in ctx.facts.risks.values() if not risk.closed_for_good}
    closed = [risk for risk in risks if risk.closed_for_good and not risk.succeeded_by]
    for risk in sorted(closed, key=lambda one: (one.closed_at or ctx.now, one.id), reverse=True):
        if risk.risk.fingerprint not in covered:
            covered.add(risk.risk.fingerprint)
            yield risk


def set_aside(state: SystemState, command: c.NotApplicable, ctx: Context) -> tuple[Change, ...]:
    """Set the present stage or a phase of it aside."""
    aside = SetAside(
        stage=state.stage,
        round=state.round,
        phase=command.phase,
        because=ctx.because or "",
        owner=command.owner,
        review=command.review,
    )
    return _on(state, e.NotApplicableSet(set_aside=aside))


def enter(state: SystemState, command: c.Enter, ctx: Context) -> tuple[Change, ...]:
    """Enter the stage: DEPLOYMENT makes the candidate live, UPDATE starts a round and every risk's next cycle."""
    risks = _sorted(ctx)
    case = stage_case(state, command.stage, ctx)
    record = cycle_record(state, risks, ctx.governance, ctx.now, findings=ctx.facts.findings.values())
    left = evolve(record, ended_at=ctx.now)
    live: tuple[Pin, ...] = state.candidate if command.stage is Stage.DEPLOYMENT else state.live
    entered = e.StageEntered(
        stage=command.stage,
        round=state.round + (command.stage is Stage.UPDATE),
        left=left,
        case=case.id if case is not None and case.approved else None,
        live=live,
        passed=everything_met(state, command.stage, ctx),
    )
    renewed = _cycles(risks, c.ReopenCode.STAGE_CHANGE, ctx) if command.stage is Stage.UPDATE else ()
    return _on(state, entered) + renewed


def item_is_open(state: SystemState, command: c.CheckOff, ctx: Context) -> Iterator[Refusal]:
    """Ask that the item is on the checklist of the stage, and not checked off already."""
    done = {one.item for one in state.checked if one.stage is command.stage}
    if command.item not in ctx.governance.checklist_for(command.stage):
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.item,))
    elif command.item in done:
        yield Refusal(code=Code.NOTHING_CHANGED, subject=state.id)


def check_off(state: SystemState, command: c.CheckOff, _ctx: Context) -> tuple[Change, ...]:
    """Check the item off."""
    return _on(state, e.CheckedOff(stage=command.stage, item=command.item))


def roll_back(state: SystemState, command: c.RollBack, _ctx: Context) -> tuple[Change, ...]:
    """Let the earlier digests serve; the candidate stays what it is."""
    return _on(state, e.RolledBack(live=_ordered(command.pins)))


def _ordered(pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
    return tuple(sorted(pins, key=lambda one: one.place))


def stop(state: SystemState, command: c.Stop, _ctx: Context) -> tuple[Change, ...]:
    """Stop it; stopping what is stopped changes nothing."""
    if command.component in {one.component for one in state.stops}:
        return ()
    return _on(state, e.SystemStopped(component=command.component))


def lift(state: SystemState, command: c.Lift, ctx: Context) -> tuple[Change, ...]:
    """Lift the stop that was decided on."""
    case = case_on(ctx.facts.cases_on(state.id), Matter.STOP, component=command.component)
    return _on(state, e.Lifted(component=command.component, case=case.id if case else ""))


def retire(state: SystemState, _command: c.Retire, _ctx: Context) -> tuple[Change, ...]:
    """End its management."""
    return _on(state, e.SystemRetired())
