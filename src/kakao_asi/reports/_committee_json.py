"""A committee pack as canonical JSON, and the JSON Schema it keeps to."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from .._internal.canonical import Json, canonical_bytes, digest_of
from .._internal.clock import format_instant
from ..framework import RunningClock, RunningIncident
from ..register import Indicator, Kri
from ..serialization import load_json
from ._committee_facts import Asked, Pack, Top, level_of
from ._committee_movement import Moved
from ._committee_sections import PackProfile

__all__ = ["json_of", "pack_id", "pack_schema"]

_SCHEMA: Final = 1
"""Version of the form; a reader refuses a later one."""


def pack_schema() -> Any:
    """Return the JSON Schema (2020-12) of a pack that ``committee(form="json")`` wrote, of any profile.

    Example:
        >>> pack_schema()["title"]
        'Committee pack'
    """
    return load_json(files(__package__).joinpath("pack_schema.json").read_bytes())


def json_of(pack: Pack, profile: PackProfile, *, checkpoint: str | None, previous: str | None) -> str:
    """Return the pack as canonical JSON."""
    content = _content(pack, profile, checkpoint, previous)
    return canonical_bytes({**content, "id": digest_of(content)}).decode() + "\n"


def pack_id(pack: Pack, profile: PackProfile, *, checkpoint: str | None, previous: str | None) -> str:
    """Return the id of a pack, the digest of its content: the same in every form and language."""
    return digest_of(_content(pack, profile, checkpoint, previous))


def _content(pack: Pack, profile: PackProfile, checkpoint: str | None, previous: str | None) -> dict[str, Json]:
    shared: dict[str, Json] = {
        "schema": _SCHEMA,
        "body": pack.body,
        "as_of": format_instant(pack.at),
        "since": format_instant(pack.since),
        "governance": pack.governance,
        "taxonomy": pack.taxonomy,
        "checkpoint": checkpoint,
        "previous_pack": previous,
        "profile": profile,
        "movement": {**pack.movement.counts},
        "grid": [{"actor": actor.id, "stage": stage.id, "open": count} for actor, stage, count in pack.grid],
        "horizon": [*(one.id for one in pack.horizon), *(one.id for one in pack.starting)],
        "kris": _kris(pack.kris, profile),
        "kri_history": [_kris(each, profile) for each in pack.history],
        "findings": len(pack.findings),
        "breadth": {
            name: getattr(pack.breadth, name) for name in ("systems", "risks", "assessed", "first", "second", "entered")
        },
    }
    if profile == "public":
        covered: list[Json] = [{"item": one.item, "standing": one.standing.id} for one in pack.covered]
        return shared | {"coverage": covered, "bodies": [one for _, one in pack.bodies], "policies": pack.policies}
    return shared | _inside(pack) | (_annex(pack) if profile == "auditor" else {})


def _inside(pack: Pack) -> dict[str, Json]:
    move = pack.movement
    named: dict[str, Json] = {name: [*getattr(move, name)] for name in ("new", "reopened", "closed", "merged")}
    return {
        "asked": [_asked(one) for one in pack.asked],
        "top": [_top(one, pack) for one in pack.top],
        "moved_ids": named,
        "raised": [_moved(one) for one in move.raised],
        "lowered": [_moved(one) for one in move.lowered],
        "late": [
            {"kind": one.kind.id, "subject": one.subject, "item": one.item, "owner": one.owner, "days": one.days}
            for one in pack.late
        ],
        "accepted": [*pack.accepted],
        "ending": [one.id for one in pack.ending],
        "lapsed": [one.id for one in pack.lapsed],
        "breaches": [*pack.breaches],
        "unproved": [*pack.unproved],
        "overruled": [*pack.overruled],
        "overrides": [*pack.breadth.overrides],
        "silent_units": [*pack.breadth.silent],
        "waiting": [{"group": one.id, "system": one.system, "count": one.count} for one in pack.findings],
        "asked_again": [one.id for one in pack.asked_again],
        "incidents": [_incident(one) for one in pack.incidents],
        "coverage": [{"item": one.item, "standing": one.standing.id, "gaps": [*one.gaps]} for one in pack.covered],
        "reviews": [
            {"on": one.on.isoformat(), "reason": one.reason.id, "subject": one.subject} for one in pack.reviews
        ],
        "actions": [
            {
                "response": one.id,
                "risk": risk.id,
                "case": one.condition_of,
                "owner": one.response.owner,
                "due": one.response.due.isoformat(),
                "done": one.verified,
            }
            for risk, one in pack.actions
        ],
    }


def _annex(pack: Pack) -> dict[str, Json]:
    return {
        "evidence": [
            {
                "digest": one.digest,
                "kind": one.kind.id,
                "on": one.on.isoformat(),
                "age_days": one.age,
                "risks": [*one.risks],
                "methods": [*one.methods],
            }
            for one in pack.pieces
        ],
        "risks": [
            {
                "id": one.id,
                "title": one.risk.title,
                "system": one.risk.system,
                "status": one.status.id,
                "effective": None if one.effective is None else one.effective.id,
            }
            for one in pack.risks
        ],
    }


def _kris(kris: Iterable[Indicator], profile: PackProfile) -> list[Json]:
    return [
        {
            "id": one.kri.id,
            "subject": one.subject,
            "permille": one.value,
            "light": one.light.id,
            "reason": one.reason,
            "counts": dict(one.counts),
        }
        for one in kris
        if profile != "public" or one.kri is not Kri.RESIDUAL_TREND
    ]


def _asked(one: Asked) -> Json:
    return {
        "case": one.case.id,
        "matter": one.case.matter.id,
        "subject": one.case.subject,
        "final": one.final,
        "due_at": None if one.due_at is None else format_instant(one.due_at),
        "said": [{"body": body, "outcome": outcome.id} for body, outcome in one.said],
        "opinions": len(one.case.reviews),
        "adequate": one.adequate,
    }


def _top(one: Top, pack: Pack) -> Json:
    grades = dict(zip(("inherent", "residual", "effective"), level_of(one.risk, pack.at), strict=True))
    return {
        "risk": one.risk.id,
        "limit": one.limit.id,
        "next_due": None if one.plan is None else one.plan.response.due.isoformat(),
        **{name: None if grade is None else grade.id for name, grade in grades.items()},
    }


def _moved(one: Moved) -> Json:
    return {
        "risk": one.risk,
        "before": one.before.id,
        "now": one.now.id,
        "reason": one.reason.id,
        "case": one.case,
    }


def _incident(one: RunningIncident) -> Json:
    record = one.record
    return {
        "id": record.id,
        "version": record.version,
        "system": record.system,
        "aware_at": format_instant(record.facts.aware_at),
        "contained_at": None if record.contained_at is None else format_instant(record.contained_at),
        "post_mortem": None if record.post_mortem is None else record.post_mortem.id,
        "clocks": [_clock(clock) for clock in one.clocks],
    }


def _clock(one: RunningClock) -> Json:
    return {
        "row": one.clock.id,
        "due_at": None if one.due_at is None else format_instant(one.due_at),
        "done_at": None if one.done_at is None else format_instant(one.done_at),
        "standing": one.standing.id,
        "assumed": [fact.id for fact in one.clock.assumed],
        "triggered_by": [test.fact.id for test in one.clock.triggered_by],
    }
