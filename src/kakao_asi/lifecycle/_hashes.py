"""State hashes: what an approval is pinned to. Wording stays out, everything material is in."""

from __future__ import annotations

from collections.abc import Iterable

from .._internal.canonical import Json, digest_of
from .._internal.clock import format_instant
from ..assessments import Assessment
from ..responses import PlannedResponse
from ..systems import Pin, SystemFact
from ._states import Containment, RiskState, SystemState

__all__ = ["risk_hash", "system_hash"]


def risk_hash(state: RiskState) -> str:
    """Hash what is material about a risk.

    In it: category, system, component, label, stages, principles, owner, legal duty, links, risks taken over, cycle,
    assessments, responses with their verification, and its latest containment. Not in it: titles and descriptions; the
    status and the peak, which decisions themselves move; and acceptances, which are decisions.
    """
    return digest_of(_risk(state))


def system_hash(state: SystemState, risks: Iterable[RiskState]) -> str:
    """Hash what is material about a system: audience, stage, digests, stops, what was set aside, and open risks."""
    material: dict[str, Json] = {
        "system": state.system.id,
        "audience": state.system.audience.id,
        "stage": state.stage.id,
        "round": state.round,
        "candidate": _pins(state.candidate),
        "live": _pins(state.live),
        # With their time: an approval for an earlier stop or containment is none for this one.
        "stops": [f"{stop.component or ''}@{format_instant(stop.at)}" for stop in state.stops],
        "set_aside": [
            one.phase.id if one.phase is not None else ""
            for one in state.set_aside
            if one.stage is state.stage and one.round == state.round
        ],
        "risks": [
            {"id": risk.id, "hash": risk_hash(risk)}
            for risk in sorted(risks, key=lambda one: one.id)
            if not risk.closed_for_good
        ],
    }
    return digest_of(material | _screened(state))


def _screened(state: SystemState) -> dict[str, Json]:
    """Return the facts stated and the live dismissals of the present turn; nothing where there are none."""
    system = state.system
    facts: dict[str, Json] = {one.id: system.fact(one) for one in SystemFact if system.fact(one) is not None}
    if system.high_impact is not None:
        facts["high_impact"] = system.high_impact.applies
    if system.training_flop_exponent is not None:
        facts["training_flop_exponent"] = system.training_flop_exponent
    dismissed: list[Json] = [
        f"{one.candidate}@{one.version}"
        for one in state.dismissed
        if one.ended_at is None and (one.stage, one.round) == (state.stage, state.round)
    ]
    found: dict[str, Json] = {}
    if facts:
        found["facts"] = facts
    if dismissed:
        found["dismissed"] = dismissed
    return found


def _risk(state: RiskState) -> Json:
    risk = state.risk
    return {
        "id": risk.id,
        "category": risk.category.id,
        "system": risk.system,
        "component": risk.component or "",
        "label": risk.label or risk.id,
        "stages": [stage.id for stage in sorted(risk.stages)],
        "principles": sorted(risk.principles),  # type: ignore[dict-item]  # a list of text is Json
        "owner": risk.owner,
        "legal_obligation": risk.legal_obligation,
        "took_over": list(state.took_over),
        "links": sorted(f"{link.kind.id}:{link.to}" for link in state.links),  # type: ignore[dict-item]  # as above
        "cycle": state.cycle,
        "assessments": [_assessment(one) for one in state.assessments],
        "responses": [_response(one) for one in state.responses],
        "contained": _containment(state.containment),
    }


def _containment(one: Containment | None) -> Json:
    if one is None:
        return None
    return {"at": format_instant(one.at), "until": format_instant(one.until) if one.until is not None else None}


def _assessment(one: Assessment) -> Json:
    return {
        "id": one.id,
        "kind": one.kind.id,
        "line": one.line.id,
        "grade": one.grade.id,
        "method": f"{one.method}:{one.method_version}",
        "withdrawn": one.withdrawn,
    }


def _response(one: PlannedResponse) -> Json:
    done = one.verification
    return {
        "id": one.id,
        "strategy": one.response.strategy.id,
        "controls": list(one.response.controls),
        "owner": one.response.owner,
        "due": one.response.due.isoformat(),
        "effective": done.effective if done else False,
        "done": done.coverage.done if done else 0,
        "of": done.coverage.of if done else 0,
    }


def _pins(pins: Iterable[Pin]) -> Json:
    return [f"{pin.kind.id}/{pin.component or ''}={pin.digest}" for pin in pins]
