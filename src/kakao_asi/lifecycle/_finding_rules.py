"""Findings: they join their group, and ask for an assessment of a known risk; people make risks of the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from attrs import define, field

from ..governance import Code, PersonKind, Refusal
from . import commands as c
from . import events as e
from ._context import Context
from ._finding_states import FindingGroup, FindingStatus, SpoolState
from ._risk_rules import fingerprint_is_free, id_is_free, owner_leaves_a_quorum, scope_is_known
from ._sightings import Sighting, merged
from ._states import RiskState
from ._transition import Change, StreamKind, stream

__all__ = [
    "dismiss",
    "import_",
    "is_no_agent",
    "link",
    "link_fits",
    "promote",
    "promotion_fits",
    "record",
    "spool_goes_on",
]


@define
class _Asked:
    """What the findings of one command ask of one risk."""

    risk: RiskState
    finding: str
    step_up: bool = False
    reopens: bool = False


@define
class _Recording:
    """What a command causes; collected group by group."""

    ctx: Context
    changes: list[Change] = field(factory=list)
    asked: dict[str, _Asked] = field(factory=dict)

    def add(self, group: str, *events: e.Event) -> None:
        """Let something happen to a group."""
        self.changes += [Change(stream(StreamKind.FINDING, group), event) for event in events]

    def ask(self, risk: str, group: str, seen: Sighting, *, step_up: bool) -> None:
        """Ask for an assessment of a risk, or of what it has become."""
        for one in _heirs(risk, self.ctx):
            asked = self.asked.setdefault(one.id, _Asked(one, group))
            if step_up and not asked.step_up:
                asked.step_up, asked.finding = True, group
            asked.reopens = asked.reopens or _reopens(one, seen, self.ctx)

    def told(self) -> tuple[Change, ...]:
        """Return everything that happens: the groups, then the risks in order of their ids."""
        for name in sorted(self.asked):
            one = self.asked[name]
            events: list[e.Event] = [e.RiskReopened(code=c.ReopenCode.RECURRENCE)] if one.reopens else []
            before = one.risk.recheck
            if before is None or (one.step_up and not before.step_up):
                events.append(e.ReassessmentAsked(finding=one.finding, step_up=one.step_up))
            self.changes += [Change(stream(StreamKind.RISK, name), event) for event in events]
        return tuple(self.changes)


# --- recording -------------------------------------------------------------------------------------------------------


def record(_state: None, command: c.RecordFindings, ctx: Context) -> tuple[Change, ...]:
    """Let each finding join its group."""
    return _recorded(command.findings, ctx)


def spool_goes_on(state: SpoolState | None, command: c.ImportFindings, _ctx: Context) -> Iterator[Refusal]:
    """Ask that the file is read on from where it was left, so that nothing counts twice or is passed over."""
    read = 0 if state is None else state.next
    if command.start != read:
        yield Refusal(code=Code.SPOOL_READ, subject=command.spool, detail=str(read))


def import_(_state: SpoolState | None, command: c.ImportFindings, ctx: Context) -> tuple[Change, ...]:
    """Record the findings and how far the file was read, as one."""
    read = Change(stream(StreamKind.SPOOL, command.spool), e.SpoolRead(writer=command.spool, next=command.end))
    return (read, *_recorded(command.findings, ctx))


def _recorded(sightings: Iterable[Sighting], ctx: Context) -> tuple[Change, ...]:
    recording = _Recording(ctx)
    for name, seen in merged(_plain(one, ctx) for one in sightings).items():
        group = ctx.facts.findings.get(name)
        if group is None:
            _start(name, seen, recording)
        else:
            _go_on(group, seen, recording)
    return recording.told()


def _plain(seen: Sighting, ctx: Context) -> Sighting:
    named = None if seen.risk is None else ctx.facts.risks.get(seen.risk)
    return seen if named is None else seen.implied_by(named.risk.actor)


def _start(name: str, seen: Sighting, recording: _Recording) -> None:
    ctx = recording.ctx
    risk = _bears_on(seen, ctx)
    system = risk.risk.system if risk is not None else seen.system
    known = risk is not None or system in ctx.facts.known_systems
    grouped = e.FindingsGrouped(sample=seen, system=system if known else None, risk=None if risk is None else risk.id)
    recording.add(name, grouped)
    if risk is not None:
        recording.ask(risk.id, name, seen, step_up=_steps_up(seen.count, seen.first, seen.last, ctx))


def _go_on(group: FindingGroup, seen: Sighting, recording: _Recording) -> None:
    ctx = recording.ctx
    count = group.count + seen.count
    recording.add(
        group.id, e.FindingsCounted(count=seen.count, suppressed=seen.suppressed, first=seen.first, last=seen.last)
    )
    risk = group.risk
    if risk is None:
        found = _bears_on(seen, ctx)
        if found is not None:
            risk = found.id
            recording.add(group.id, e.FindingLinked(risk=risk))
        elif _returns(group, seen, ctx):
            recording.add(group.id, e.FindingReturned())
    if risk is not None:
        first, last = min(group.first_seen, seen.first), max(group.last_seen, seen.last)
        recording.ask(risk, group.id, seen, step_up=_steps_up(count, first, last, ctx))


def _bears_on(seen: Sighting, ctx: Context) -> RiskState | None:
    """Return the risk that a finding names, or the one whose label it has; never one of another actor."""
    if seen.risk is not None:
        named = ctx.facts.risks.get(seen.risk)
        return named if named is not None and seen.actor in {None, named.risk.actor} else None
    alike = [one for one in ctx.facts.risks.values() if _is_alike(one, seen)]
    return alike[0] if len(alike) == 1 else None


def _is_alike(one: RiskState, seen: Sighting) -> bool:
    """Tell whether a signal has the fingerprint of a risk: system, actor, component and label."""
    if seen.label is None or one.succeeded_by or one.risk.system != seen.system:
        return False
    component = seen.component.rpartition("/")[2] if seen.component is not None and "/" in seen.component else None
    category = seen.category in {None, one.risk.category}
    same_actor = seen.actor is one.risk.actor or (seen.actor is None and seen.category is one.risk.category)
    return category and same_actor and one.risk.component == component and one.risk.fingerprint.label == seen.label


def _heirs(risk: str, ctx: Context) -> Iterator[RiskState]:
    """Return the risk, or what a merge, a split or a replacement made of it."""
    state = ctx.facts.risks.get(risk)
    if state is None:
        return
    if not state.succeeded_by:
        yield state
    for name in state.succeeded_by:
        yield from _heirs(name, ctx)


def _reopens(risk: RiskState, seen: Sighting, ctx: Context) -> bool:
    """Tell whether a closed risk is open again; one lived with on an acceptance is not, findings are expected."""
    if not risk.closed_for_good or risk.closed_at is None:
        return False
    return seen.verdict in ctx.governance.findings.reopening and seen.last > risk.closed_at


def _steps_up(count: int, first: dt.datetime, last: dt.datetime, ctx: Context) -> bool:
    return ctx.governance.findings.steps_up(count, first, last)


def _returns(group: FindingGroup, seen: Sighting, ctx: Context) -> bool:
    aside = group.dismissed
    if group.status is not FindingStatus.DISMISSED or aside is None:
        return False
    quiet = seen.last - max(group.last_seen, aside.at)
    return ctx.governance.findings.returns(dismissed=aside.count, count=group.count + seen.count, quiet=quiet)


# --- what people make of a group -------------------------------------------------------------------------------------


def is_no_agent(state: FindingGroup, _command: object, ctx: Context) -> Iterator[Refusal]:
    """Ask that a person, not an agent, decides what a group means."""
    if ctx.person is not None and ctx.person.kind is PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=state.id, detail=ctx.by)


def promotion_fits(state: FindingGroup, command: c.PromoteFinding, ctx: Context) -> Iterator[Refusal]:
    """Ask what identifying a risk asks, and that the risk fits what was seen."""
    risk = command.risk
    if risk.id in ctx.facts.risks:
        yield Refusal(code=Code.DUPLICATE_ACTIVE, subject=risk.id, missing=(risk.id,))
    identify = c.Identify(risk=risk)
    yield from id_is_free(None, identify, ctx)
    yield from scope_is_known(None, identify, ctx)
    yield from fingerprint_is_free(None, identify, ctx)
    yield from owner_leaves_a_quorum(None, identify, ctx)
    if state.sample.actor not in {None, risk.actor}:
        yield Refusal(code=Code.CROSSES_ACTOR, subject=state.id, missing=(risk.id,))
    yield from _elsewhere(state, risk.system)


def link_fits(state: FindingGroup, command: c.LinkFinding, ctx: Context) -> Iterator[Refusal]:
    """Ask that the risk is known, stands for itself, and fits what was seen."""
    risk = ctx.facts.risks.get(command.risk)
    if risk is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.risk,))
        return
    if risk.succeeded_by:
        yield Refusal(code=Code.SUCCEEDED, subject=risk.id, missing=risk.succeeded_by)
    if state.sample.actor not in {None, risk.risk.actor}:
        yield Refusal(code=Code.CROSSES_ACTOR, subject=state.id, missing=(risk.id,))
    yield from _elsewhere(state, risk.risk.system)


def _elsewhere(state: FindingGroup, system: str) -> Iterator[Refusal]:
    if state.system not in {None, system}:
        yield Refusal(code=Code.FINDING_ELSEWHERE, subject=state.id, missing=(state.system or "",), detail=system)


def promote(state: FindingGroup, command: c.PromoteFinding, _ctx: Context) -> tuple[Change, ...]:
    """Identify the risk, and tie the group to it."""
    return (
        Change(stream(StreamKind.FINDING, state.id), e.FindingLinked(risk=command.risk.id)),
        Change(stream(StreamKind.RISK, command.risk.id), e.RiskIdentified(risk=command.risk)),
    )


def link(state: FindingGroup, command: c.LinkFinding, ctx: Context) -> tuple[Change, ...]:
    """Tie the group to the risk, which has to be assessed again."""
    recording = _Recording(ctx)
    recording.add(state.id, e.FindingLinked(risk=command.risk))
    step_up = _steps_up(state.count, state.first_seen, state.last_seen, ctx)
    recording.ask(command.risk, state.id, _all_of(state), step_up=step_up)
    return recording.told()


def _all_of(state: FindingGroup) -> Sighting:
    """Return a group as one finding."""
    return Sighting(
        risk=state.risk,
        verdict=state.sample.verdict,
        site=state.sample.site,
        count=state.count,
        first=state.first_seen,
        last=state.last_seen,
    )


def dismiss(state: FindingGroup, _command: c.DismissFinding, _ctx: Context) -> tuple[Change, ...]:
    """Set the group aside; the reason stands beside the event."""
    return (Change(stream(StreamKind.FINDING, state.id), e.FindingDismissed()),)
