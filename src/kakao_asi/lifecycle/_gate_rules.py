"""What keeps a stage or a component shut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from attrs import frozen

from .._internal.clock import KST
from ..framework import Policy, Procedure, in_force, latest_review
from ..governance import Case, Code, GateMode, GateResult, Matter, Outcome, Reason, Refusal, Route
from ..responses import PlannedResponse
from ..stages import Phase, Stage
from ..systems import Audience
from ..taxonomy import Grade
from ._clearing import with_who
from ._context import Context
from ._cycles import cycle_record, open_candidates, waiting_groups
from ._decisions import case_on, cell_of_system, missing_decision
from ._grades import acceptance_end, acceptance_is_live, grades_of
from ._hashes import risk_hash, system_hash
from ._objection_rules import open_objections, override_ended, override_is_live, override_of
from ._risk_rules import recheck_open
from ._states import RiskState, RiskStatus, SystemState, SystemStatus

__all__ = ["component_gate", "everything_met", "lapsed", "stage_case", "stage_gate", "stage_route"]

_NEARING = dt.timedelta(days=14)
_NAMED = 20


def stage_gate(system: SystemState, stage: Stage, ctx: Context) -> GateResult:
    """Ask whether a system may enter a stage: every blocker, and what should be known besides."""
    risks = tuple(ctx.facts.risks[name] for name in sorted(ctx.facts.risks))
    hard, soft = _unmet(system, stage, risks, ctx)
    mode = ctx.governance.mode_for(stage)
    blockers = [*hard, *(soft if mode is GateMode.BLOCK else ())]
    passed_over = open_objections(risks, ctx) if stage is Stage.DEPLOYMENT and override_is_live(system, ctx) else ()
    warnings = [
        *(soft if mode is GateMode.WARN else ()),
        *passed_over,
        *_conditions(system, stage, ctx),
        *(_accepted(risks, ctx) if stage is Stage.DEPLOYMENT else ()),
        *_review(ctx),
        *_homeless(system, ctx),
    ]
    return GateResult(
        system=system.id,
        stage=stage,
        at=ctx.now,
        blockers=with_who(blockers, system, ctx, stage=stage),
        warnings=with_who(warnings, system, ctx, stage=stage),
    )


_HARD = frozenset(
    {Code.STAGE_ORDER, Code.STOPPED, Code.REJECTED, Code.GRADE_HIGH, Code.OBJECTION_OPEN, Code.CASE_NOT_POSSIBLE}
)
"""What shuts the gate of a stage whatever its mode."""

_HARD_AT_RELEASE = _HARD | {
    Code.CASE_MISSING,
    Code.QUORUM_OPEN,
    Code.STATE_CHANGED,
    Code.PINS_CHANGED,
    Code.LAPSED,
    Code.CONDITIONS_OPEN,
    Code.NOT_ASSESSED,
    Code.RESIDUAL_ABOVE_TOLERANCE,
    Code.EXPIRED,
    Code.ADOPTED_UNGATED,
}
"""The same before DEPLOYMENT: no setting makes a release out of a missing decision or an unknown grade (our choice)."""


def _unmet(
    system: SystemState, stage: Stage, risks: tuple[RiskState, ...], ctx: Context
) -> tuple[list[Refusal], list[Refusal]]:
    """Return what is missing: first what shuts the gate whatever its mode, then the rest."""
    found = [
        *_order(system, stage),
        *_cycle(system, risks, ctx),
        *_needs(system, stage, ctx),
        *_papers(system, stage, ctx),
        *(_release(system, risks, ctx) if stage is Stage.DEPLOYMENT else ()),
        *_decision(system, stage, risks, ctx),
        *_checklist(system, stage, ctx),
    ]
    if stage is Stage.DEPLOYMENT and not override_is_live(system, ctx):
        found += open_objections(risks, ctx)
    if ctx.governance.mode_for(stage) is GateMode.BLOCK:
        return found, []
    hard = _HARD_AT_RELEASE if stage is Stage.DEPLOYMENT else _HARD
    return [one for one in found if one.code in hard], [one for one in found if one.code not in hard]


def everything_met(system: SystemState, stage: Stage, ctx: Context) -> bool:
    """Tell whether nothing is missing, whatever the mode of the gate is."""
    risks = tuple(ctx.facts.risks[name] for name in sorted(ctx.facts.risks))
    hard, soft = _unmet(system, stage, risks, ctx)
    return not hard and not soft


def _checklist(system: SystemState, stage: Stage, ctx: Context) -> Iterator[Refusal]:
    done = {one.item for one in system.checked if one.stage is stage}
    left = tuple(item for item in ctx.governance.checklist_for(stage) if item not in done)
    if left:
        yield Refusal(code=Code.CHECKLIST_OPEN, subject=system.id, missing=left)


def stage_route(system: SystemState, stage: Stage, matter: Matter, ctx: Context) -> Route:
    """Return the route a case on entering a stage would take now."""
    cell = cell_of_system(
        system, ctx.facts.risks.values(), matter=matter, stage=stage, reason=Reason.LEVEL, now=ctx.now
    )
    return ctx.governance.graph.route(cell)


def stage_case(system: SystemState, stage: Stage, ctx: Context) -> Case | None:
    """Return the latest case on entering a stage, where the governance asks for one; not one that was used before."""
    matter = ctx.governance.matter_for(stage)
    found = None if matter is None else case_on(ctx.facts.cases_on(system.id), matter, stage=stage)
    return None if found is None or found.id in system.used else found


def _order(system: SystemState, stage: Stage) -> Iterator[Refusal]:
    if system.status is SystemStatus.RETIRED or stage not in system.stage.following:
        following = () if system.status is SystemStatus.RETIRED else tuple(s.id for s in sorted(system.stage.following))
        yield Refusal(code=Code.STAGE_ORDER, subject=system.id, missing=following, detail=system.stage.id)


def _cycle(system: SystemState, risks: tuple[RiskState, ...], ctx: Context) -> Iterator[Refusal]:
    record = cycle_record(system, risks, ctx.governance, ctx.now, findings=ctx.facts.findings.values())
    groups = tuple(one.id for one in waiting_groups(system, ctx.facts.findings.values()))
    for phase in record.phases:
        if phase.complete:
            continue
        waiting = _waiting(system, risks, ctx) if phase.phase is Phase.IDENTIFY else ()
        left = tuple(name for name in phase.open if name not in waiting and name not in groups)
        if left:
            yield Refusal(code=Code.CYCLE_OPEN, subject=system.id, missing=left, detail=phase.phase.id)
        if waiting:
            yield Refusal(code=Code.CANDIDATE_OPEN, subject=system.id, missing=waiting, detail=system.stage.id)
        if phase.phase is Phase.IDENTIFY and groups:
            yield _groups_wait(Code.FINDING_WAITS, system.id, groups)


def _waiting(system: SystemState, risks: tuple[RiskState, ...], ctx: Context) -> tuple[str, ...]:
    return tuple(candidate.id for candidate in open_candidates(system, risks, ctx.governance))


def _groups_wait(code: Code, subject: str, groups: tuple[str, ...]) -> Refusal:
    return Refusal(code=code, subject=subject, missing=groups[:_NAMED], detail=str(len(groups)))


def _homeless(system: SystemState, ctx: Context) -> Iterator[Refusal]:
    groups = tuple(sorted(one.id for one in ctx.facts.findings.values() if one.waits and one.system is None))
    if groups:
        yield _groups_wait(Code.FINDING_HOMELESS, system.id, groups)


def _needs(system: SystemState, stage: Stage, ctx: Context) -> Iterator[Refusal]:
    missing = ctx.governance.pins_for(stage) - {pin.kind for pin in system.candidate}
    if missing:
        kinds = tuple(sorted(kind.id for kind in missing))
        yield Refusal(code=Code.ENTRY_NEED_OPEN, subject=system.id, missing=kinds)


def _papers(system: SystemState, stage: Stage, ctx: Context) -> Iterator[Refusal]:
    policies, procedures = ctx.governance.papers_for(stage)
    today = ctx.now.astimezone(KST).date()
    here = {(type(one), one.id): one for one in in_force(ctx.records, today)}
    missing = []
    owners: set[str] = set()
    for kind, ids in ((Policy, policies), (Procedure, procedures)):
        for name in sorted(ids):
            found = here.get((kind, name))
            if not isinstance(found, Policy | Procedure) or found.review_by < today:
                missing.append(name)
                owners |= {one.owner for one in ctx.records if isinstance(one, Policy) and one.id == name}
    if missing:
        who = tuple(sorted(owners))
        yield Refusal(code=Code.POLICY_OPEN, subject=system.id, missing=tuple(missing), who=who)


def _review(ctx: Context) -> Iterator[Refusal]:
    latest = latest_review(ctx.records)
    if latest is not None and latest.next_on < ctx.now.astimezone(KST).date():
        since = dt.datetime.combine(latest.next_on, dt.time(), KST).astimezone(dt.UTC)
        yield Refusal(code=Code.REVIEW_OVERDUE, subject=latest.id, until=since)


def _release(system: SystemState, risks: tuple[RiskState, ...], ctx: Context) -> Iterator[Refusal]:
    for stop in system.stops:
        yield Refusal(code=Code.STOPPED, subject=stop.component or system.id, who=(ctx.governance.graph.apex,))
    if system.adopted and system.system.audience is Audience.EXTERNAL and not _ever_released(system, ctx):
        yield Refusal(code=Code.ADOPTED_UNGATED, subject=system.id)
    for risk in risks:
        yield from _release_of(risk, system, ctx)


def _release_of(risk: RiskState, system: SystemState, ctx: Context) -> Iterator[Refusal]:
    if risk.closed_for_good:
        return
    if grades_of(risk, ctx.now).unassessed:
        yield Refusal(code=Code.NOT_ASSESSED, subject=risk.id)
    yield from recheck_open(risk)
    grade = risk.effective
    if grade is not None and ctx.governance.blocks_release(system.system.audience, grade):
        yield Refusal(code=Code.GRADE_HIGH, subject=risk.id, detail=grade.id)
    elif _above_tolerance(risk, system, ctx):
        yield Refusal(code=Code.RESIDUAL_ABOVE_TOLERANCE, subject=risk.id, detail=grade.id if grade else "")
    acceptance = risk.acceptance
    # One that was decided on an earlier state is history: the risk is judged as it is now.
    if acceptance is not None and acceptance.until <= ctx.now and acceptance.state_hash == risk_hash(risk):
        yield Refusal(code=Code.EXPIRED, subject=risk.id, until=acceptance.until)


def _limit(risk: RiskState, system: SystemState, ctx: Context) -> Grade:
    return ctx.governance.tolerance.limit(system.system, risk.risk.category, Stage.DEPLOYMENT)


def _above_tolerance(risk: RiskState, system: SystemState, ctx: Context) -> bool:
    above = risk.effective is not None and risk.effective > _limit(risk, system, ctx)
    return above and not acceptance_is_live(risk, ctx.now)


def lapsed(risk: RiskState, system: SystemState, ctx: Context) -> tuple[Refusal, ...]:
    """Return that the acceptance a risk above tolerance ran on has ended; empty if it has not.

    An acceptance of no more than is tolerated carried nothing: its end shuts nothing when a grade is typed in later.
    """
    end, acceptance = acceptance_end(risk), risk.acceptance
    if end is None or acceptance is None or ctx.now < end or not _above_tolerance(risk, system, ctx):
        return ()
    if acceptance.grade <= _limit(risk, system, ctx):
        return ()
    return (Refusal(code=Code.EXPIRED, subject=risk.id, until=end),)


def _ever_released(system: SystemState, ctx: Context) -> bool:
    return any(
        case.matter is Matter.RELEASE and case.approved and case.pins in {system.live, system.candidate}
        for case in ctx.facts.cases_on(system.id)
    )


def _decision(system: SystemState, stage: Stage, risks: tuple[RiskState, ...], ctx: Context) -> tuple[Refusal, ...]:
    matter = ctx.governance.matter_for(stage)
    if matter is None:
        return ()
    route = stage_route(system, stage, matter, ctx)
    if route.withheld is not None:
        if route.withheld.needless:
            return ()
        return (Refusal(code=Code.CASE_NOT_POSSIBLE, subject=system.id, detail=matter.id),)
    case = stage_case(system, stage, ctx)
    missing = missing_decision(
        case,
        subject=system.id,
        matter=matter,
        route=route,
        state_hash=system_hash(system, risks),
        pins=system.candidate,
        ctx=ctx,
    )
    left = open_conditions(system, case)
    if missing or case is None or not _overdue(left, ctx):
        return missing
    # Time has passed over a condition: the approval holds no more, whether a clock ran or not.
    return (_left(case, left),)


def _conditions(system: SystemState, stage: Stage, ctx: Context) -> Iterator[Refusal]:
    case = stage_case(system, stage, ctx)
    left = [one for one in open_conditions(system, case) if case is not None and case.approved]
    if case is not None and left and not _overdue(left, ctx):
        yield _left(case, left)


def open_conditions(system: SystemState, case: Case | None) -> list[PlannedResponse]:
    """Return what the conditions of an approval became and nobody has shown to be met, in order."""
    return [one for one in system.conditions if case is not None and one.condition_of == case.id and not one.verified]


def _overdue(left: Iterable[PlannedResponse], ctx: Context) -> bool:
    today = ctx.now.astimezone(KST).date()
    return any(one.response.due < today for one in left)


def _left(case: Case, left: list[PlannedResponse]) -> Refusal:
    who = tuple(sorted({one.response.owner for one in left}))
    names = tuple(one.id for one in left)
    return Refusal(code=Code.CONDITIONS_OPEN, subject=case.id, missing=names, who=who, detail=str(len(left)))


def _accepted(risks: tuple[RiskState, ...], ctx: Context) -> Iterator[Refusal]:
    for risk in risks:
        acceptance = risk.acceptance
        if acceptance is not None and acceptance_is_live(risk, ctx.now) and acceptance.until - ctx.now <= _NEARING:
            yield Refusal(code=Code.ACCEPTANCE_ENDING, subject=risk.id, until=acceptance.until)


# --- components ------------------------------------------------------------------------------------------------------


@frozen
class _Shut:
    """One reason a component is shut, and when time alone could change that."""

    reason: Refusal
    until: dt.datetime | None = None


def component_gate(system: SystemState, component: str | None, ctx: Context) -> GateResult:
    """Ask whether a component (None: the whole system) may run: shut by a stop, a containment, a rejection, or a lapse.

    A typed grade shuts nothing, unless the governance says so.
    """
    risks = [risk for risk in ctx.facts.risks.values() if _bears_on(risk, component)]
    shut = [
        *_stops(system, component, ctx),
        *(one for risk in sorted(risks, key=lambda risk: risk.id) for one in _shut_by(risk, system, ctx)),
        *_rejections(system, ctx),
        *(_Shut(one) for one in override_ended(system, ctx)),
    ]
    override = override_of(system, ctx)
    changes = [one.until for one in shut if one.until is not None]
    if override is not None and override.until is not None and override.until > ctx.now:
        changes.append(override.until)
    changes += [end for risk in risks if (end := acceptance_end(risk)) is not None and end > ctx.now]
    return GateResult(
        system=system.id,
        component=component,
        at=ctx.now,
        blockers=with_who((one.reason for one in shut), system, ctx),
        next_change=min(changes, default=None),
    )


def _bears_on(risk: RiskState, component: str | None) -> bool:
    return component is None or risk.risk.component is None or risk.risk.component == component


def _stops(system: SystemState, component: str | None, ctx: Context) -> Iterator[_Shut]:
    for stop in system.stops:
        if component is None or stop.component is None or stop.component == component:
            who = (ctx.governance.graph.apex,)
            yield _Shut(Refusal(code=Code.STOPPED, subject=stop.component or system.id, who=who))


def _shut_by(risk: RiskState, system: SystemState, ctx: Context) -> Iterator[_Shut]:
    if risk.containment is not None and risk.containment.is_on(ctx.now):
        yield _Shut(Refusal(code=Code.CONTAINMENT_OPEN, subject=risk.id), risk.containment.until)
    yield from (_Shut(one) for one in lapsed(risk, system, ctx))
    if ctx.governance.close_on_grade and risk.effective is Grade.HIGH and risk.status is not RiskStatus.CLOSED:
        yield _Shut(Refusal(code=Code.GRADE_HIGH, subject=risk.id, detail=Grade.HIGH.id))
    asked_to_go_on = (case for case in ctx.facts.cases_on(risk.id) if case.matter in {Matter.RISK, Matter.ACCEPT})
    yield from _rejected(asked_to_go_on, risk.id)


def _rejections(system: SystemState, ctx: Context) -> Iterator[_Shut]:
    if system.live:
        on_live = (case for case in ctx.facts.cases_on(system.id) if case.pins == system.live)
        yield from _rejected(on_live, system.id)


def _rejected(cases: Iterable[Case], subject: str) -> Iterator[_Shut]:
    """Return the latest rejection, unless an approval came after it; asking for more work opens nothing."""
    decided = [case for case in cases if case.approved or case.outcome in {Outcome.REJECT, Outcome.STOP}]
    latest = sorted(decided, key=lambda case: (case.decisions[-1].at, not case.approved))[-1:]
    for case in latest:
        if not case.approved:
            yield _Shut(Refusal(code=Code.REJECTED, subject=subject, missing=(case.id,)))
