"""What is asked before a risk moves: pure guards, each giving every reason to refuse."""

from __future__ import annotations

from collections.abc import Iterator

from ..assessments import AssessmentKind, Basis
from ..evidence import EvidenceKind
from ..governance import Code, Matter, Reason, Refusal
from ..responses import controls_for, misfits, people_measures_alone
from ..risks import Risk
from ..systems import PinKind
from ..taxonomy import Actor
from . import commands as c
from ._context import Context
from ._decisions import case_on, cell_of_risk, missing_decision
from ._grades import acceptance_is_live, grades_of, is_open
from ._hashes import risk_hash
from ._states import RiskState, RiskStatus, SystemStatus

__all__ = [
    "acceptance_exists",
    "assessment_fits",
    "basis_is_backed",
    "can_end_containment",
    "can_withdraw",
    "closing_is_decided",
    "findings_are_assessed",
    "fingerprint_is_free",
    "has_no_twin",
    "has_power_to_revoke",
    "id_is_free",
    "link_is_known",
    "nothing_else_is_open",
    "owner_leaves_a_quorum",
    "pending",
    "recheck_open",
    "response_exists",
    "response_fits",
    "risk_is_answered",
    "scope_is_known",
    "twins_of",
    "verifier_is_independent",
]

_PINNED_EVIDENCE = {PinKind.MODEL: EvidenceKind.MODEL, PinKind.DATA: EvidenceKind.DATA_SET}


def scope_is_known(_state: None, command: c.Identify, ctx: Context) -> Iterator[Refusal]:
    """Ask that system, component and principles exist."""
    risk = command.risk
    system = ctx.facts.system
    missing = [one for one in sorted(risk.principles) if not ctx.governance.knows(one)]
    if system is None or system.status is not SystemStatus.ACTIVE:
        missing.insert(0, risk.system)
    elif risk.component is not None and system.system.components and risk.component not in system.system.components:
        missing.insert(0, risk.component)
    if missing:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=risk.id, missing=tuple(missing))


def twins_of(risk: Risk, ctx: Context) -> tuple[str, ...]:
    """Return the ids of the other risks that are the same one and not closed for good, sorted."""
    return tuple(
        sorted(
            one.id
            for one in ctx.facts.risks.values()
            if one.id != risk.id and not one.closed_for_good and one.risk.fingerprint == risk.fingerprint
        )
    )


def fingerprint_is_free(_state: None, command: c.Identify, ctx: Context) -> Iterator[Refusal]:
    """Ask that no risk that is active, or comes back when its acceptance ends, is the same one."""
    same = twins_of(command.risk, ctx)
    if same:
        yield Refusal(code=Code.DUPLICATE_ACTIVE, subject=command.risk.id, missing=same)


def owner_leaves_a_quorum(_state: RiskState | None, command: c.Identify | c.Rescope, ctx: Context) -> Iterator[Refusal]:
    """Ask that the role which answers for a risk is none that a quorum needs: such a risk could never be decided."""
    owner = command.risk.owner if isinstance(command, c.Identify) else command.owner
    bodies = () if owner is None else ctx.governance.undecided_by(owner)
    if bodies and owner is not None:
        subject = command.risk.id if isinstance(command, c.Identify) else command.risk
        yield Refusal(code=Code.OWNER_DECIDES, subject=subject, missing=bodies, detail=owner)


def has_no_twin(state: RiskState, _command: c.Reopen, ctx: Context) -> Iterator[Refusal]:
    """Ask that no other risk stands for a closed one by now; two active risks are never one."""
    same = twins_of(state.risk, ctx) if state.status is RiskStatus.CLOSED else ()
    if same:
        yield Refusal(code=Code.DUPLICATE_ACTIVE, subject=state.id, missing=same)


def id_is_free(
    _state: object, command: c.Identify | c.AddSystem | c.AdoptSystem | c.Split, ctx: Context
) -> Iterator[Refusal]:
    """Ask that nothing of another kind has the id: who asks for an id means one thing."""
    if ctx.facts.taken:
        subject = command.risk if isinstance(command, c.Split) else _named(command)
        yield Refusal(code=Code.ID_TAKEN, subject=subject, missing=ctx.facts.taken)


def _named(command: c.Identify | c.AddSystem | c.AdoptSystem) -> str:
    return command.risk.id if isinstance(command, c.Identify) else command.system.id


def principles_are_known(state: RiskState, command: c.Rescope, ctx: Context) -> Iterator[Refusal]:
    """Ask that new principles are among the governance's."""
    missing = tuple(one for one in sorted(command.principles or ()) if not ctx.governance.knows(one))
    if missing:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=missing)


def duty_is_kept(state: RiskState, command: c.Rescope, ctx: Context) -> Iterator[Refusal]:
    """Ask that only the second line says that a legal duty is none (our choice)."""
    role = ctx.governance.second_line_role
    if command.legal_obligation is False and state.risk.legal_obligation and not ctx.roster.holds(ctx.by, role):
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=state.id, who=(role,), detail=ctx.by)


def link_is_known(state: RiskState, command: c.Relate, ctx: Context) -> Iterator[Refusal]:
    """Ask that the other risk is another one of the same system."""
    if command.to == state.id or command.to not in ctx.facts.risks:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.to,))


# --- assessing -------------------------------------------------------------------------------------------------------


def assessment_fits(state: RiskState, command: c.Assess, ctx: Context) -> Iterator[Refusal]:
    """Ask for the factors of the category, none missing, and for the responses a residual counts on."""
    method = ctx.method_for(state.risk.category)
    if command.factors.category is not state.risk.category:
        yield Refusal(code=Code.FACTORS_DO_NOT_FIT, subject=state.id, missing=(_FACTORS[state.risk.category.id],))
        return
    missing = method.unassessable(command.factors, state.risk.principles)
    if missing:
        yield Refusal(code=Code.FACTOR_MISSING, subject=state.id, missing=missing)
    if command.kind is AssessmentKind.RESIDUAL:
        known = {planned.id for planned in state.responses}
        if not command.responses or command.responses - known:
            yield Refusal(code=Code.FACTOR_MISSING, subject=state.id, missing=("responses",))


_FACTORS = {
    "model_imperfection": "ImperfectionFactors",
    "uncontrollability": "UncontrollabilityFactors",
    "active_misuse": "MisuseFactors",
    "passive_negligence": "NegligenceFactors",
}


def basis_is_backed(state: RiskState, command: c.Assess, ctx: Context) -> Iterator[Refusal]:
    """Ask for the digests that MEASURED needs, and for the reason that EXPERT needs."""
    if command.basis is Basis.MEASURED:
        missing = missing_evidence(state, command, ctx)
        if missing:
            yield Refusal(code=Code.EVIDENCE_MISSING, subject=state.id, missing=missing)
    if command.basis is Basis.EXPERT:
        yield from reason_is_given(state, command, ctx)


def missing_evidence(state: RiskState, command: c.Assess, ctx: Context) -> tuple[str, ...]:
    """Return the kinds of evidence a measured assessment still needs; pinned digests count."""
    have = {one.kind for one in command.evidence}
    system = ctx.facts.system
    if system is not None:
        pins = [pin for pin in system.candidate if pin.touches(state.risk.component)]
        have |= {_PINNED_EVIDENCE[pin.kind] for pin in pins if pin.kind in _PINNED_EVIDENCE}
    needs = ctx.method_for(state.risk.category).needs
    return tuple(sorted(kind.id for kind in needs - have))


def reason_is_given(state: object, _command: object, ctx: Context) -> Iterator[Refusal]:
    """Ask for a reason of the length the governance wants."""
    least = ctx.governance.reason_characters
    if len((ctx.because or "").strip()) < least:
        subject = getattr(state, "id", "")
        yield Refusal(code=Code.REASON_TOO_SHORT, subject=subject, detail=str(least))


def can_withdraw(state: RiskState, command: c.WithdrawAssessment, ctx: Context) -> Iterator[Refusal]:
    """Ask that the assessment stands and that its assessor or the second line withdraws it."""
    found = [one for one in state.assessments if one.id == command.assessment and not one.withdrawn]
    if not found:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.assessment,))
        return
    if not ctx.roster.same(found[0].by, ctx.by) and not ctx.is_second_line:
        who = (found[0].by, ctx.governance.second_line_role)
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=state.id, who=who, detail=ctx.by)


# --- responding ------------------------------------------------------------------------------------------------------


def response_fits(state: RiskState, command: c.Respond, _ctx: Context) -> Iterator[Refusal]:
    """Ask that strategy and controls fit the actor, and that no legal duty is merely retained."""
    category = state.risk.category
    response = command.response
    for misfit in misfits(category, response.strategy, response.controls, state.risk.legal_obligation):
        if misfit.code == Code.LEGAL_OBLIGATION.id:
            yield Refusal(code=Code.LEGAL_OBLIGATION, subject=state.id)
        else:
            fits = tuple(control.id for control in controls_for(category))
            yield Refusal(code=Code.CONTROL_DOES_NOT_FIT, subject=state.id, missing=fits, detail=misfit.code)


def response_exists(state: RiskState, command: c.Verify, _ctx: Context) -> Iterator[Refusal]:
    """Ask that the response was planned, and that something shows its effect."""
    if command.response not in {planned.id for planned in state.responses}:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(command.response,))
    if not command.evidence:
        yield Refusal(code=Code.EVIDENCE_MISSING, subject=state.id, missing=tuple(sorted(k.id for k in EvidenceKind)))


def verifier_is_independent(state: RiskState, command: c.Verify, ctx: Context) -> Iterator[Refusal]:
    """Ask that nobody verifies a response that their own role answers for."""
    owners = {planned.response.owner for planned in state.responses if planned.id == command.response}
    if any(ctx.roster.holds(ctx.by, owner) for owner in owners):
        yield Refusal(code=Code.CONFLICT_OF_INTEREST, subject=command.response, detail=ctx.by)


def can_end_containment(state: RiskState, command: c.Contain, ctx: Context) -> Iterator[Refusal]:
    """Ask for a decision before a containment that is on gets an earlier end; containing itself asks nothing."""
    present = state.containment
    if present is None or not present.is_on(ctx.now) or command.until is None:
        return
    if present.until is None or command.until < present.until:
        yield from _decided(state, ctx, Matter.RISK)


# --- closing ---------------------------------------------------------------------------------------------------------


def risk_is_answered(state: RiskState, _command: c.Close, ctx: Context) -> Iterator[Refusal]:
    """Ask for an assessment of this cycle, and for a residual within tolerance with every response verified in full.

    A live acceptance stands for the latter. A risk from AI is never closed by people's measures alone.
    """
    grades = grades_of(state, ctx.now)
    if grades.unassessed:
        yield Refusal(code=Code.NOT_ASSESSED, subject=state.id)
    yield from _people_alone(state)
    if acceptance_is_live(state, ctx.now):
        return
    yield from _responses_work(state)
    system = ctx.facts.system
    limit = ctx.governance.tolerance.limit(system.system, state.risk.category, system.stage) if system else None
    if not grades.unassessed and (grades.residual is None or (limit is not None and grades.residual > limit)):
        shown = grades.residual or grades.inherent or state.peak
        yield Refusal(code=Code.RESIDUAL_ABOVE_TOLERANCE, subject=state.id, detail=shown.id if shown else "")


def _people_alone(state: RiskState) -> Iterator[Refusal]:
    controls = [control for planned in state.responses for control in planned.response.controls]
    if state.risk.actor is Actor.AI and controls and people_measures_alone(state.risk.category, controls):
        yield Refusal(code=Code.PEOPLE_MEASURES_ALONE, subject=state.id)


def _responses_work(state: RiskState) -> Iterator[Refusal]:
    if not state.responses:
        yield Refusal(code=Code.RESPONSE_MISSING, subject=state.id)
    unverified = tuple(one.id for one in state.responses if one.verification is None or not one.verification.effective)
    if unverified:
        yield Refusal(code=Code.RESPONSE_UNVERIFIED, subject=state.id, missing=unverified)
    partial = tuple(
        one.id for one in state.responses if one.verification is not None and not one.verification.coverage.full
    )
    if partial:
        yield Refusal(code=Code.COVERAGE_INCOMPLETE, subject=state.id, missing=partial)


def pending(state: RiskState, ctx: Context, *, besides: str | None = None) -> Iterator[Refusal]:
    """Return what keeps a risk from being settled: a case other than ``besides``, and a containment without an end."""
    cases = tuple(case.id for case in ctx.facts.open_cases_on(state.id) if case.id != besides)
    if cases:
        yield Refusal(code=Code.CASE_OPEN, subject=state.id, missing=cases)
    if state.containment is not None and state.containment.until is None:
        yield Refusal(code=Code.CONTAINMENT_OPEN, subject=state.id)


def findings_are_assessed(state: RiskState, _command: c.Close, _ctx: Context) -> Iterator[Refusal]:
    """Ask that what was found since the last assessment was looked at."""
    yield from recheck_open(state)


def recheck_open(state: RiskState) -> Iterator[Refusal]:
    """Return that findings ask for a new assessment, if they do."""
    if state.recheck is not None:
        detail = " (+1)" if state.recheck.step_up else ""
        yield Refusal(code=Code.REASSESSMENT_ASKED, subject=state.id, missing=(state.recheck.finding,), detail=detail)


def nothing_else_is_open(state: RiskState, _command: c.Close, ctx: Context) -> Iterator[Refusal]:
    """Ask that no case and no endless containment is open, and that a linked risk of the other actor is answered."""
    yield from pending(state, ctx)
    linked = [ctx.facts.risks[link.to] for link in state.links if link.to in ctx.facts.risks]
    linked += [one for one in ctx.facts.risks.values() if any(link.to == state.id for link in one.links)]
    unanswered = {
        one.id
        for one in linked
        if one.risk.actor is not state.risk.actor and is_open(one, ctx.now) and not one.responses
    }
    if unanswered:
        yield Refusal(code=Code.LINK_UNANSWERED, subject=state.id, missing=tuple(sorted(unanswered)))


def closing_is_decided(state: RiskState, _command: c.Close, ctx: Context) -> Iterator[Refusal]:
    """Ask for a decision on the present state, or for a live acceptance, whose case then is the decision."""
    if not acceptance_is_live(state, ctx.now):
        yield from _decided(state, ctx, Matter.CLOSE_OR_LOWER)


def _decided(state: RiskState, ctx: Context, matter: Matter) -> Iterator[Refusal]:
    system = ctx.facts.system
    if system is None:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=(state.risk.system,))
        return
    cell = cell_of_risk(state, system, matter, Reason.LEVEL, ctx.now)
    yield from missing_decision(
        case_on(ctx.facts.cases_on(state.id), matter),
        subject=state.id,
        matter=matter,
        route=ctx.governance.graph.route(cell),
        state_hash=risk_hash(state),
        pins=(),
        ctx=ctx,
    )


def acceptance_exists(state: RiskState, _command: c.Revoke, ctx: Context) -> Iterator[Refusal]:
    """Ask that there is an acceptance to take back, and that it is not over already."""
    if state.acceptance is None or state.acceptance.until <= ctx.now:
        yield Refusal(code=Code.UNKNOWN_SUBJECT, subject=state.id, missing=("acceptance",))


def has_power_to_revoke(state: RiskState, _command: c.Revoke, ctx: Context) -> Iterator[Refusal]:
    """Ask that somebody of the deciding body, or of one above it, takes the acceptance back (our choice)."""
    if state.acceptance is None:
        return
    graph = ctx.governance.graph
    decider = next((one.body for one in ctx.facts.cases if one.id == state.acceptance.case), graph.apex)
    # A later governance may not know the body that decided; then the apex is asked.
    tier = graph.by_id.get(decider, graph.body(graph.apex)).tier
    powerful = tuple(body.id for body in graph.bodies if body.tier >= tier)
    person = ctx.person
    if person is None or not any(person in ctx.roster.seated(body) for body in powerful):
        yield Refusal(code=Code.NOT_AUTHORIZED, subject=state.id, who=powerful, detail=ctx.by)
