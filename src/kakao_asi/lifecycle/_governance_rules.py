"""Changing the governance: a case of its own, decided under the old one and valid for later cases.

A case that was open when the governance changed keeps what it is pinned to; nobody votes on it until it is rebased.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from ..governance import Case, CaseStatus, Cell, Code, Governance, Matter, NamedMethod, PersonKind, Refusal
from . import commands as c
from . import events as e
from ._case_rules import (
    RISK_MATTERS,
    acceptance_ends_in_time,
    case_is_possible,
    new_case,
    override_ends_in_time,
    subject_hash,
    subject_is_known,
    subject_is_ready,
)
from ._clocks import steps_of
from ._context import Context
from ._roster_rules import GOVERNANCE
from ._transition import Change, StreamKind, stream

__all__ = [
    "GOVERNANCE_SUBJECT",
    "can_rebase",
    "governance_differs",
    "no_agent_proposes",
    "no_other_proposal",
    "propose",
    "rebase",
    "still_possible",
]

GOVERNANCE_SUBJECT = "governance"
"""What a case that changes the governance is about; no system stands behind it."""


def governance_differs(_state: None, command: c.ProposeGovernance, ctx: Context) -> Iterator[Refusal]:
    """Ask that the governance is another one, and that the code of the methods it names is at hand."""
    if ctx.proposed_digest == ctx.governance_digest:
        yield Refusal(code=Code.NOTHING_CHANGED, subject=GOVERNANCE_SUBJECT)
    missing = tuple(_without_code(command.governance, ctx))
    if missing:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=GOVERNANCE_SUBJECT, missing=missing)


def _without_code(governance: Governance, ctx: Context) -> Iterator[str]:
    known = {(method.id, method.version) for method in ctx.methods}
    for entry in governance.methods:
        if isinstance(entry, NamedMethod) and (entry.id, entry.version) not in known:
            yield entry.id


def no_other_proposal(_state: None, _command: c.ProposeGovernance, ctx: Context) -> Iterator[Refusal]:
    """Ask that no other governance is before the bodies."""
    others = tuple(case.id for case in ctx.facts.cases if case.status is CaseStatus.OPEN)
    if others:
        yield Refusal(code=Code.CASE_OPEN, subject=GOVERNANCE_SUBJECT, missing=others)


def no_agent_proposes(_state: None, _command: c.ProposeGovernance, ctx: Context) -> Iterator[Refusal]:
    """Ask that a person proposes it (our choice)."""
    if ctx.person is not None and ctx.person.kind is PersonKind.AGENT:
        yield Refusal(code=Code.AGENT_CANNOT_APPROVE, subject=GOVERNANCE_SUBJECT, detail=ctx.by)


def propose(_state: None, command: c.ProposeGovernance, ctx: Context) -> tuple[Change, ...]:
    """Open the case, and keep the governance where the case finds it when it is approved."""
    cell = Cell(matter=Matter.GOVERNANCE)
    case = Case(
        id=f"{GOVERNANCE_SUBJECT}.{Matter.GOVERNANCE.id}.{len(ctx.facts.cases) + 1}",
        matter=Matter.GOVERNANCE,
        subject=GOVERNANCE_SUBJECT,
        system=GOVERNANCE_SUBJECT,
        opened_by=ctx.by,
        opened_at=ctx.now,
        cell=cell,
        state_hash=ctx.proposed_digest,
        governance=ctx.governance_digest,
        roster=ctx.roster_digest,
        steps=steps_of(cell, ctx),
    )
    proposed = e.GovernanceProposed(case=case.id, governance=command.governance, digest=ctx.proposed_digest)
    return (Change(stream(StreamKind.CASE, case.id), e.CaseOpened(case=case)), Change(GOVERNANCE, proposed))


# --- rebasing --------------------------------------------------------------------------------------------------------


def can_rebase(state: Case, _command: c.Rebase, ctx: Context) -> Iterator[Refusal]:
    """Ask that the case stands on something else than the present, and is about a system or a risk."""
    if state.matter is Matter.GOVERNANCE:
        yield Refusal(code=Code.CASE_NOT_POSSIBLE, subject=state.id, detail=state.matter.id)
        return
    risk = ctx.facts.risks.get(state.subject) if state.matter in RISK_MATTERS else None
    same_state = subject_hash(risk, ctx.facts.system, ctx) == state.state_hash
    if same_state and ctx.governance_digest == state.governance:
        yield Refusal(code=Code.NOTHING_CHANGED, subject=state.id)


def _asked_again(state: Case) -> c.Escalate:
    return c.Escalate(
        subject=state.subject,
        matter=state.matter,
        stage=state.stage if state.matter is Matter.STAGE else None,
        component=state.component,
        until=state.until,
        rollback=state.rollback,
        reason=state.cell.reason,
    )


def still_possible(state: Case, _command: c.Rebase, ctx: Context) -> Iterator[Refusal]:
    """Ask everything that is asked when such a case is opened, but that no other one is open."""
    if state.matter is not Matter.GOVERNANCE:
        for guard in (
            subject_is_known,
            case_is_possible,
            acceptance_ends_in_time,
            override_ends_in_time,
            subject_is_ready,
        ):
            yield from guard(None, _asked_again(state), ctx)


def rebase(state: Case, _command: c.Rebase, ctx: Context) -> tuple[Change, ...]:
    """Pin the case to the present and start its way anew; its terms count from now."""
    fresh = evolve(new_case(_asked_again(state), ctx), id=state.id, opened_by=state.opened_by, reopens=state.reopens)
    fresh = evolve(fresh, recused=state.recused, delegations=state.delegations)
    return (Change(stream(StreamKind.CASE, state.id), e.CaseRebased(case=fresh)),)
