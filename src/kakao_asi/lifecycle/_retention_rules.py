"""What is asked before a text is erased or a hold is set or ended, and what happens then."""

from __future__ import annotations

from collections.abc import Iterator

from ..governance import Code, Refusal
from . import commands as c
from . import events as e
from ._context import Context
from ._roster_rules import GOVERNANCE
from ._states import GovernanceState
from ._transition import Change

__all__ = [
    "end_hold",
    "erase",
    "hold_is_on",
    "hold_is_possible",
    "legal_ends",
    "nothing_holds",
    "retention_is_over",
    "set_hold",
    "text_is_known",
]

_LEGAL = "legal"


def text_is_known(_state: GovernanceState, command: c.Erase, ctx: Context) -> Iterator[Refusal]:
    """Ask that the event has such a text."""
    if ctx.facts.text is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=f"event-{command.seq}", missing=(command.field,))


def retention_is_over(_state: GovernanceState, command: c.Erase, ctx: Context) -> Iterator[Refusal]:
    """Ask that a text erased for its age is old enough; what counts is when the store took it, in UTC."""
    text, rule = ctx.facts.text, ctx.governance.retention
    if text is None or text.erased or command.ground is not c.ErasureGround.RETENTION_OVER:
        return
    recorded_on = text.recorded_at.date()
    if not rule.may_purge(recorded_on, today=ctx.now.date(), legal_hold=False):
        kept_until = str(rule.keeps_until(recorded_on))
        yield Refusal(code=Code.RETENTION_RUNS, subject=text.stream, detail=kept_until)


def nothing_holds(state: GovernanceState, _command: c.Erase, ctx: Context) -> Iterator[Refusal]:
    """Ask that no hold is on the text, at whatever age."""
    text = ctx.facts.text
    if text is None or text.erased:
        return
    holds = tuple(sorted(one.id for one in state.holds if one.covers(text.system)))
    if holds:
        yield Refusal(code=Code.ON_LEGAL_HOLD, subject=text.stream, missing=holds, who=(_LEGAL,))


def erase(_state: GovernanceState, command: c.Erase, ctx: Context) -> tuple[Change, ...]:
    """Say that the text is erased; the register deletes it in the same transaction."""
    text = ctx.facts.text
    if text is None or text.erased:
        return ()
    event = e.TextErased(
        seq=command.seq, stream=text.stream, field=command.field, digest=text.digest, ground=command.ground
    )
    return (Change(GOVERNANCE, event),)


def hold_is_possible(state: GovernanceState, command: c.LegalHold, ctx: Context) -> Iterator[Refusal]:
    """Ask that the hold's id is new and its system known."""
    if command.hold in {one.id for one in state.holds}:
        yield Refusal(code=Code.HOLD_EXISTS, subject=command.hold)
    if command.system is not None and ctx.facts.system is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=command.hold, missing=(command.system,))


def set_hold(_state: GovernanceState, command: c.LegalHold, _ctx: Context) -> tuple[Change, ...]:
    """Set the hold."""
    return (Change(GOVERNANCE, e.HoldSet(hold=command.hold, system=command.system)),)


def hold_is_on(state: GovernanceState, command: c.EndHold, _ctx: Context) -> Iterator[Refusal]:
    """Ask that there is such a hold."""
    if command.hold not in {one.id for one in state.holds if one.ended_at is None}:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.governance.id, missing=(command.hold,))


def legal_ends(_state: GovernanceState, command: c.EndHold, ctx: Context) -> Iterator[Refusal]:
    """Ask that somebody with the role ``legal`` ends it (our choice): who erases does not let themselves do so."""
    if ctx.person is None or _LEGAL not in ctx.person.roles:
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=command.hold, who=(_LEGAL,), detail=ctx.by)


def end_hold(_state: GovernanceState, command: c.EndHold, _ctx: Context) -> tuple[Change, ...]:
    """End the hold."""
    return (Change(GOVERNANCE, e.HoldEnded(hold=command.hold)),)
