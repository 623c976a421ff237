"""What happens when a risk moves: events, given that every guard let pass."""

from __future__ import annotations

from ..assessments import Assessment, Basis, Line, validity
from ..governance import Matter
from ..responses import PlannedResponse, Verification
from . import commands as c
from . import events as e
from ._context import Context
from ._decisions import case_on
from ._grades import acceptance_is_live
from ._links import Link
from ._risk_rules import missing_evidence, twins_of
from ._states import RiskState, RiskStatus
from ._transition import Change, StreamKind, part_of, stream

__all__ = [
    "assess",
    "close",
    "contain",
    "identify",
    "relate",
    "reopen",
    "rescope",
    "respond",
    "revoke",
    "reword",
    "verify",
    "withdraw_assessment",
]


def _on(state: RiskState, *events: e.Event) -> tuple[Change, ...]:
    return tuple(Change(stream(StreamKind.RISK, state.id), event) for event in events)


def identify(_state: None, command: c.Identify, _ctx: Context) -> tuple[Change, ...]:
    """Start the risk's stream."""
    return (Change(stream(StreamKind.RISK, command.risk.id), e.RiskIdentified(risk=command.risk)),)


def reword(state: RiskState, command: c.Reword, _ctx: Context) -> tuple[Change, ...]:
    """Change words only."""
    return _on(state, e.RiskReworded(title=command.title, description=command.description))


def rescope(state: RiskState, command: c.Rescope, _ctx: Context) -> tuple[Change, ...]:
    """Change what the risk is about."""
    event = e.RiskRescoped(
        stages=command.stages,
        principles=command.principles,
        owner=command.owner,
        legal_obligation=command.legal_obligation,
    )
    return _on(state, event)


def relate(state: RiskState, command: c.Relate, _ctx: Context) -> tuple[Change, ...]:
    """Link it to another risk."""
    return _on(state, e.RisksRelated(link=Link(kind=command.kind, to=command.to)))


def assess(state: RiskState, command: c.Assess, ctx: Context) -> tuple[Change, ...]:
    """Judge the factors by the governance's method; the line comes from the roster, nobody types it in."""
    method = ctx.method_for(state.risk.category)
    basis = command.basis or (Basis.DEFAULT if missing_evidence(state, command, ctx) else Basis.MEASURED)
    judgement = method.judge(command.factors, basis=basis, touches=state.risk.principles, now=ctx.now)
    assessment = Assessment(
        id=part_of(state.id, f"a{state.assessed + 1}"),
        kind=command.kind,
        line=Line.SECOND if ctx.is_second_line else Line.FIRST,
        basis=basis,
        factors=command.factors,
        judgement=judgement,
        method=method.id,
        method_version=method.version,
        evidence=command.evidence,
        by=ctx.by,
        at=ctx.now,
        until=ctx.now + validity(judgement.grade, incident=judgement.incident),
        responses=command.responses,
    )
    return _on(state, e.RiskAssessed(assessment=assessment))


def withdraw_assessment(state: RiskState, command: c.WithdrawAssessment, _ctx: Context) -> tuple[Change, ...]:
    """Keep it readable; it stands no more."""
    return _on(state, e.AssessmentWithdrawn(assessment=command.assessment))


def respond(state: RiskState, command: c.Respond, ctx: Context) -> tuple[Change, ...]:
    """Plan a response."""
    number = len(state.responses) + 1
    planned = PlannedResponse(id=part_of(state.id, f"r{number}"), response=command.response, planned_at=ctx.now)
    return _on(state, e.ResponsePlanned(response=planned))


def verify(state: RiskState, command: c.Verify, ctx: Context) -> tuple[Change, ...]:
    """Record what was seen of a response's effect."""
    verification = Verification(
        by=ctx.by,
        at=ctx.now,
        coverage=command.coverage,
        effective=command.effective,
        evidence=command.evidence,
    )
    return _on(state, e.ResponseVerified(response=command.response, verification=verification))


def contain(state: RiskState, command: c.Contain, ctx: Context) -> tuple[Change, ...]:
    """Contain at once; a closed risk is open again by that, unless another one stands for it."""
    contained = e.Contained(until=command.until)
    if state.status is RiskStatus.CLOSED and not twins_of(state.risk, ctx):
        return _on(state, e.RiskReopened(code=c.ReopenCode.RECURRENCE), contained)
    return _on(state, contained)


def close(state: RiskState, _command: c.Close, ctx: Context) -> tuple[Change, ...]:
    """Close it on the decision that stands."""
    if state.acceptance is not None and acceptance_is_live(state, ctx.now):
        return _on(state, e.RiskClosed(case=state.acceptance.case, on_acceptance=True))
    case = case_on(ctx.facts.cases_on(state.id), Matter.CLOSE_OR_LOWER)
    return _on(state, e.RiskClosed(case=case.id if case else "", on_acceptance=False))


def reopen(state: RiskState, command: c.Reopen, _ctx: Context) -> tuple[Change, ...]:
    """Start the next cycle."""
    return _on(state, next_cycle(state, command.code))


def next_cycle(state: RiskState, code: c.ReopenCode) -> e.Event:
    """Return the event that starts the next cycle of a risk, closed or open."""
    closed = state.status is RiskStatus.CLOSED
    return e.RiskReopened(code=code) if closed else e.CycleOpened(code=code)


def revoke(state: RiskState, _command: c.Revoke, _ctx: Context) -> tuple[Change, ...]:
    """Take the acceptance back; a risk it had closed is open again."""
    case = state.acceptance.case if state.acceptance else ""
    events: list[e.Event] = [e.AcceptanceRevoked(case=case)]
    if state.status is RiskStatus.CLOSED and state.closed_on_acceptance:
        events.append(e.RiskReopened(code=c.ReopenCode.REVOKED))
    return _on(state, *events)
