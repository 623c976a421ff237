"""Merging, splitting and superseding: an old id leads to its successors for ever, and no grade falls on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from ..governance import Acceptance, Code, Refusal
from ..risks import Risk
from . import commands as c
from . import events as e
from ._context import Context
from ._decisions import duties_of, voters_of
from ._gate_rules import lapsed
from ._grades import acceptance_is_live, grades_of
from ._hashes import risk_hash
from ._risk_rules import owner_leaves_a_quorum, twins_of
from ._states import RiskState, RiskStatus
from ._transition import Change, StreamKind, stream

__all__ = ["has_no_successor", "merge", "merge_fits", "part_fits", "split", "successor_fits", "supersede"]


def _others(state: RiskState, command: c.Merge, ctx: Context) -> list[RiskState]:
    names = sorted(command.risks - {state.id})
    return [ctx.facts.risks[name] for name in names if name in ctx.facts.risks]


def _fits(subject: str, state: RiskState, others: list[RiskState]) -> Iterator[Refusal]:
    crossing = tuple(one.id for one in others if one.risk.actor is not state.risk.actor)
    if crossing:
        yield Refusal(code=Code.CROSSES_ACTOR, subject=subject, missing=crossing)
    gone = tuple(one.id for one in others if one.succeeded_by)
    if gone:
        yield Refusal(code=Code.SUCCEEDED, subject=subject, missing=gone)


def _no_cases(ids: list[str], ctx: Context) -> Iterator[Refusal]:
    cases = tuple(case.id for one in ids for case in ctx.facts.open_cases_on(one))
    if cases:
        yield Refusal(code=Code.CASE_OPEN, subject=ids[0], missing=cases)


def _holds_nothing_shut(one: RiskState, ctx: Context) -> Iterator[Refusal]:
    """Ask that nothing runs again, or never again, because a risk leads elsewhere from now on."""
    if one.containment is not None and one.containment.until is None:
        yield Refusal(code=Code.CONTAINMENT_OPEN, subject=one.id)
    if ctx.facts.system is not None:  # pragma: no branch  # a risk always has its system
        yield from lapsed(one, ctx.facts.system, ctx)


def merge_fits(state: RiskState, command: c.Merge, ctx: Context) -> Iterator[Refusal]:
    """Ask that the others are risks of the same system and actor, without successors and without open cases."""
    unknown = tuple(sorted(name for name in command.risks if name == state.id or name not in ctx.facts.risks))
    if unknown:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=unknown)
    others = _others(state, command, ctx)
    yield from _fits(state.id, state, others)
    yield from _no_cases([state.id, *(one.id for one in others)], ctx)
    for one in others:
        yield from _holds_nothing_shut(one, ctx)


def successor_fits(state: RiskState, command: c.Supersede, ctx: Context) -> Iterator[Refusal]:
    """Ask the same of the risk that takes another one's place."""
    successor = ctx.facts.risks.get(command.successor)
    if successor is None or successor.id == state.id:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.successor,))
        return
    yield from _fits(state.id, state, [successor])
    if successor.status is RiskStatus.CLOSED and not successor.succeeded_by:
        # A closed one takes nobody's place: the grade it took over would count nowhere.
        possible = (c.Reopen.__name__,)
        yield Refusal(code=Code.NO_TRANSITION, subject=successor.id, missing=possible, detail=successor.status.id)
    yield from _no_cases([state.id, successor.id], ctx)
    yield from _holds_nothing_shut(state, ctx)


def part_fits(state: RiskState, command: c.Split, ctx: Context) -> Iterator[Refusal]:
    """Ask that every part is new, of the same system and actor, and known in its principles."""
    names = [part.id for part in command.parts]
    prints = [part.fingerprint for part in command.parts]
    taken = {name for name in names if names.count(name) > 1 or name in ctx.facts.risks}
    taken |= {part.id for part in command.parts if prints.count(part.fingerprint) > 1}
    taken |= {one for part in command.parts for one in twins_of(part, ctx) if one != state.id}
    if taken:
        yield Refusal(code=Code.DUPLICATE_ACTIVE, subject=state.id, missing=tuple(sorted(taken)))
    foreign = tuple(part.id for part in command.parts if part.system != state.risk.system)
    foreign += tuple(one for part in command.parts for one in sorted(part.principles) if not ctx.governance.knows(one))
    if foreign:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=foreign)
    for part in command.parts:
        yield from owner_leaves_a_quorum(None, c.Identify(risk=part), ctx)
    crossing = tuple(part.id for part in command.parts if part.actor is not state.risk.actor)
    if crossing:
        yield Refusal(code=Code.CROSSES_ACTOR, subject=state.id, missing=crossing)
    yield from _no_cases([state.id], ctx)
    yield from _holds_nothing_shut(state, ctx)


def has_no_successor(state: RiskState, _command: object, _ctx: Context) -> Iterator[Refusal]:
    """Ask that nothing has taken the risk's place; what was merged, split or superseded never comes back by itself."""
    if state.succeeded_by:
        yield Refusal(code=Code.SUCCEEDED, subject=state.id, missing=state.succeeded_by)


def _on(risk: str, event: e.Event) -> Change:
    return Change(stream(StreamKind.RISK, risk), event)


def merge(state: RiskState, command: c.Merge, ctx: Context) -> tuple[Change, ...]:
    """Lead the others to the survivor, which takes the highest grade of all, and the acceptances that cover it."""
    return _succession(state, _others(state, command, ctx), ctx, kind="merged")


def supersede(state: RiskState, command: c.Supersede, ctx: Context) -> tuple[Change, ...]:
    """Lead the risk to its successor."""
    return _succession(ctx.facts.risks[command.successor], [state], ctx, kind="superseded")


def _succession(survivor: RiskState, others: list[RiskState], ctx: Context, *, kind: str) -> tuple[Change, ...]:
    graver = [one.peak for one in (survivor, *others) if one.peak is not None]
    taken = e.RiskTookOver(
        risks=tuple(one.id for one in others),
        peak=max(graver, default=None),
        incident=any(one.incident for one in (survivor, *others)),
        hands=_hands(others),
    )
    gone = [_on(one.id, e.RiskSucceeded(by=(survivor.id,), how=kind)) for one in others]
    editors = survivor.editors | taken.hands | {ctx.by}
    after = evolve(survivor, peak=taken.peak, took_over=(*survivor.took_over, *taken.risks), editors=editors)
    travels = [_on(survivor.id, event) for one in others if (event := _travelling(one, after, ctx)) is not None]
    return (*gone, _on(survivor.id, taken), *travels[:1])


def _travelling(one: RiskState, survivor: RiskState, ctx: Context) -> e.Accepted | None:
    """Return the acceptance of a merged risk as one of the survivor, if its scope and grade cover the whole of it."""
    acceptance = one.acceptance
    if acceptance is None or survivor.acceptance is not None or not acceptance_is_live(one, ctx.now):
        return None
    if not _covers(one.risk, survivor.risk) or survivor.peak is None or survivor.peak > acceptance.grade:
        return None
    if not _could_be_given(acceptance, survivor, ctx):
        return None
    carried = Acceptance(
        case=acceptance.case, grade=acceptance.grade, state_hash=risk_hash(survivor), until=acceptance.until
    )
    return e.Accepted(acceptance=carried)


def _could_be_given(acceptance: Acceptance, survivor: RiskState, ctx: Context) -> bool:
    """Tell whether its voters could have accepted the survivor: graded, no legal duty, and without a hand in it."""
    if survivor.risk.legal_obligation or grades_of(survivor, ctx.now).unassessed:
        return False
    voters = {voter for case in ctx.facts.cases if case.id == acceptance.case for voter in voters_of(case, ctx)}
    return not voters & duties_of([survivor], ctx, extra=frozenset())


def _hands(risks: Iterable[RiskState]) -> frozenset[str]:
    """Return the principals who had a hand in risks: who identified, assessed or changed them."""
    return frozenset(name for one in risks for name in (one.identified_by, *one.assessors, *one.editors))


def _covers(one: Risk, survivor: Risk) -> bool:
    component = one.component is None or one.component == survivor.component
    return component and one.stages >= survivor.stages and one.principles >= survivor.principles


def split(state: RiskState, command: c.Split, _ctx: Context) -> tuple[Change, ...]:
    """Start the parts, each with the effective grade of the whole, and lead the whole to them."""
    changes: list[Change] = []
    for part in command.parts:
        changes.append(_on(part.id, e.RiskIdentified(risk=part)))
        taken = e.RiskTookOver(risks=(state.id,), peak=state.peak, incident=state.incident, hands=_hands([state]))
        changes.append(_on(part.id, taken))
    names = tuple(part.id for part in command.parts)
    return (*changes, _on(state.id, e.RiskSucceeded(by=names, how="split")))
