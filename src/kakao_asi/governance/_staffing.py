"""Staffing and notes: what a roster lacks for a graph, and what is worth a look though it works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from .._internal.text import josa
from ._bodies import START, GovernanceBody, Slot, slots_of
from ._checks import paths_of, upward
from ._dimensions import Cell
from ._duty_holes import Groups, groups_of
from ._edges import Edge
from ._faults import FindingKind, GraphFinding
from ._layout import Layout
from ._matching import Assignment
from ._people import PersonKind, Roster
from ._when import EVERY_CELL, MASKS, STRIDES, box_within, first_cell

__all__ = ["SLOW_BUSINESS_DAYS", "notes", "staffing_findings"]

SLOW_BUSINESS_DAYS: Final = 20
"""Above how many business days the longest way to the apex is called slow (our choice; 24 hours count as one)."""


def _staffing(code: str, ids: Sequence[str], en: str, ko: str, example: Cell | None = None) -> GraphFinding:
    kind = FindingKind.STAFFING
    return GraphFinding(code=code, severity=kind, ids=tuple(ids), text=en, text_ko=ko, example=example)


def _note(code: str, ids: Sequence[str], en: str, ko: str, example: Cell | None = None) -> GraphFinding:
    kind = FindingKind.NOTE
    return GraphFinding(code=code, severity=kind, ids=tuple(ids), text=en, text_ko=ko, example=example)


def staffing_findings(bodies: Sequence[GovernanceBody], layout: Layout, roster: Roster) -> tuple[GraphFinding, ...]:
    """Return what a roster lacks: seats, humans, enough different people for a whole route, and spare ones."""
    groups = groups_of(layout)
    cells: dict[str, int] = {}
    for group, mask in groups.items():
        for name in group:
            cells[name] = cells.get(name, 0) | mask
    return (
        *_seats([body for body in bodies if body.id in cells], roster, cells),
        *_quorums(bodies, groups, roster),
        *_holes(bodies, groups, roster),
    )


def _seats(bodies: Iterable[GovernanceBody], roster: Roster, cells: Mapping[str, int]) -> Iterator[GraphFinding]:
    for body in bodies:
        seated, cell = roster.seated(body.id), first_cell(cells[body.id])
        if len(seated) < body.seats:
            free = body.seats - len(seated)
            en = f"empty seats in '{body.id}': {free} of {body.seats}; seat as many people"
            ko = f"'{body.id}'의 {body.seats}석 중 {free}석이 비어 있습니다. 위원을 지정하십시오."
            yield _staffing("empty_seat", (body.id,), en, ko, cell)
        if seated and all(one.kind is PersonKind.AGENT for one in seated):
            en = f"only agents sit in '{body.id}', for example '{seated[0].id}', and an agent never approves"
            ko = f"'{body.id}'에는 '{seated[0].id}' 같은 에이전트만 있습니다. 에이전트는 승인할 수 없습니다."
            yield _staffing("agent_only", (body.id, *(one.id for one in seated)), en, ko, cell)


def _quorums(bodies: Sequence[GovernanceBody], groups: Groups, roster: Roster) -> Iterator[GraphFinding]:
    failed: list[frozenset[str]] = []
    alone: dict[str, tuple[Slot, int]] = {}
    for group in sorted(groups, key=lambda one: (len(one), sorted(one))):
        slots = slots_of((body for body in bodies if body.id in group), roster)
        assigned = Assignment([slot.eligible for slot in slots])
        if not assigned.empty:
            for person, number in assigned.slot_of.items():
                if person not in alone and not assigned.survives(person):
                    alone[person] = slots[number], groups[group]
        elif not any(smaller <= group for smaller in failed):
            failed.append(group)
            yield _unsatisfiable(slots, slots[assigned.empty[0]], len(assigned.empty), groups[group])
    for person, (slot, mask) in sorted(alone.items()):
        yield _irreplaceable(person, slot, mask)


def _holes(bodies: Sequence[GovernanceBody], groups: Groups, roster: Roster) -> Iterator[GraphFinding]:
    """Find roles that own no risk without leaving a route unfilled: whoever holds the owner's role does not decide.

    The smallest group of bodies that such a role leaves unfilled stands for the larger ones.
    """
    seated = {one.id: one for body in bodies for one in roster.seated(body.id)}
    roles = sorted({role for one in seated.values() for role in one.roles})
    for role in roles:
        out = frozenset(one.id for one in roster.holders(role))
        for group in sorted(groups, key=lambda one: (len(one), sorted(one))):
            members = [body for body in bodies if body.id in group]
            whole = slots_of(members, roster)
            left = slots_of(members, roster, out)
            if not Assignment([slot.eligible for slot in whole]).empty:
                empty = Assignment([slot.eligible for slot in left]).empty
                if empty:
                    yield _hole(role, left[empty[0]], sorted(out & seated.keys()), groups[group])
                    break


def _hole(role: str, lacking: Slot, people: Sequence[str], mask: int) -> GraphFinding:
    box, cell = box_within(mask), first_cell(mask)
    who = ", ".join(people)
    en = (
        f"a risk that role '{role}' answers for cannot be decided ({box.label('en')}): without {who} "
        f"nobody is left for '{lacking.body}'"
    )
    ko = (
        f"'{role}' 역할이 담당하는 리스크는 의결할 수 없습니다({box.label('ko')}). {who} 위원이 제외되면 "
        f"'{lacking.body}'에 남는 사람이 없습니다."
    )
    return _staffing("duty_hole", (role, lacking.body, *people), en, ko, cell)


def _unsatisfiable(slots: Sequence[Slot], lacking: Slot, missing: int, mask: int) -> GraphFinding:
    box, cell = box_within(mask), first_cell(mask)
    ids = tuple(dict.fromkeys(slot.body for slot in slots))
    role_en = f" with role '{lacking.role}'" if lacking.role else ""
    role_ko = f" '{lacking.role}' 역할을 맡은" if lacking.role else ""
    en = (
        f"a case ({box.label('en')}) needs {len(slots)} different people over {', '.join(ids)}; "
        f"{missing} too few can be assigned, for example one{role_en} for '{lacking.body}'"
    )
    ko = (
        f"해당 안건({box.label('ko')})에는 {', '.join(ids)}에 걸쳐 서로 다른 {len(slots)}명이 필요하지만 "
        f"{missing}명이 부족합니다. 예: '{lacking.body}'의{role_ko} 위원 1명"
    )
    return _staffing("quorum_unsatisfiable", ids, en, ko, cell)


def _irreplaceable(person: str, slot: Slot, mask: int) -> GraphFinding:
    box, cell = box_within(mask), first_cell(mask)
    en = f"without '{person}' in '{slot.body}' a case ({box.label('en')}) cannot be approved; seat one more person"
    ko = (
        f"'{slot.body}'의 '{person}' 한 사람이 빠지면 해당 안건({box.label('ko')})을 승인할 수 없습니다. "
        "위원을 한 사람 더 두십시오."
    )
    return _staffing("single_point_of_failure", (person, slot.body), en, ko, cell)


def notes(bodies: Sequence[GovernanceBody], edges: Sequence[Edge], layout: Layout) -> tuple[GraphFinding, ...]:
    """Return what is worth a look in a graph that can be built."""
    paths = paths_of(bodies, upward(edges))
    reach = layout.reach(paths.in_order())
    path, hours = paths.heaviest()
    return (
        *_slow(path, hours),
        *_tiers({body.id: body.tier for body in bodies}, upward(edges)),
        *_idle(bodies, layout, reach),
        *_before_meetings({body.id: body for body in bodies}, edges),
        *_not_strictest(bodies, layout, reach),
    )


def _slow(path: Sequence[str], hours: int) -> Iterator[GraphFinding]:
    if hours > 24 * SLOW_BUSINESS_DAYS:
        days = -(-hours // 24)
        en = f"the way {' -> '.join(path)} may take {days} business days, more than {SLOW_BUSINESS_DAYS}"
        ko = f"{' → '.join(path)} 경로는 영업일 {days}일까지 걸릴 수 있어 {SLOW_BUSINESS_DAYS}일을 넘습니다."
        yield _note("slow_to_apex", path, en, ko)


def _tiers(tiers: Mapping[str, int], skeleton: Iterable[Edge]) -> Iterator[GraphFinding]:
    first: dict[tuple[str, str], Edge] = {}
    for edge in skeleton:
        if edge.source != START:
            first.setdefault((edge.source, edge.target), edge)
    for (source, target), edge in first.items():
        cell = first_cell(edge.when.mask)
        climb = tiers[target] - tiers[source]
        if climb > 1:
            en = f"'{source}' on tier {tiers[source]} passes cases straight to '{target}' on tier {tiers[target]}"
            ko = (
                f"'{source}'({tiers[source]}단계)에서 중간 단계 없이 '{target}'({tiers[target]}단계)에 바로 상신합니다."
            )
            yield _note("skipped_tier", (source, target), en, ko, cell)
        elif climb < 1:
            en = f"'{source}' on tier {tiers[source]} passes cases to '{target}', which is only on tier {tiers[target]}"
            ko = f"'{source}'({tiers[source]}단계)에서 더 높지 않은 '{target}'({tiers[target]}단계)에 상신합니다."
            yield _note("not_upward", (source, target), en, ko, cell)


def _idle(bodies: Iterable[GovernanceBody], layout: Layout, reach: Mapping[str, int]) -> Iterator[GraphFinding]:
    for body in bodies:
        for row in body.decides:
            if body.id != layout.apex and not row.mask & reach[body.id]:
                en = f"'{body.id}' may decide on {row.label('en')}, but no such case comes to it"
                ko = f"'{body.id}'에 {row.label('ko')} 의결 권한이 있지만 그런 안건이 오지 않습니다."
                yield _note("idle_power", (body.id,), en, ko, first_cell(row.mask))


def _before_meetings(bodies: Mapping[str, GovernanceBody], edges: Iterable[Edge]) -> Iterator[GraphFinding]:
    """Find terms that may end before the body meets; one finding for each pair, with the shortest term."""
    shortest: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        meets = bodies[edge.target].meets
        if edge.within is None or meets is None or edge.within.measure >= 24 * meets.longest_gap:
            continue
        known = shortest.setdefault((edge.source, edge.target), edge)
        if known.within is not None and edge.within.measure < known.within.measure:
            shortest[edge.source, edge.target] = edge
    for (source, target), edge in shortest.items():
        meets, term = bodies[target].meets, edge.within
        if meets is not None and term is not None:  # pragma: no branch  # what was kept has both
            en = (
                f"'{target}' meets {meets.label('en')}, and a case ({edge.when.label('en')}) from '{source}' is due "
                f"within {term.label('en')}, which may end before a meeting; it has to be called together then"
            )
            ko = (
                f"'{target}'의 회의는 {meets.label('ko')}인데 '{source}'에서 온 안건({edge.when.label('ko')})의 기한은 "
                f"{term.label('ko')}입니다. 기한이 회의보다 먼저 끝나면 임시 회의가 필요합니다."
            )
            yield _note("clock_before_meeting", (source, target), en, ko, first_cell(edge.when.mask))


def _not_strictest(
    bodies: Iterable[GovernanceBody], layout: Layout, reach: Mapping[str, int]
) -> Iterator[GraphFinding]:
    decided: dict[int, int] = {}
    for body in bodies:
        for choice in layout.choices[body.id]:
            if choice.edge is None:
                decided[body.tier] = decided.get(body.tier, 0) | reach[body.id] & choice.mask
    for name, en_name, ko_name in (("level", "grade", "등급"), ("reason", "reason", "사유")):
        worse = _decided_lower(decided, name)
        if worse:
            box, cell = box_within(worse), first_cell(worse)
            en = f"a stronger {en_name} than in a case ({box.label('en')}) is decided on a lower tier"
            heavier = josa(ko_name, "이/가")
            ko = f"해당 안건({box.label('ko')})보다 {heavier} 무거운 안건을 더 낮은 단계에서 의결합니다."
            yield _note("not_strictest", (), en, ko, cell)


def _decided_lower(decided: Mapping[int, int], name: str) -> int:
    """Return the cells whose neighbour one step up in a dimension is decided on a lower tier."""
    found = lower = 0
    below_the_top = EVERY_CELL & ~MASKS[name][-1]
    for tier in sorted(decided):
        found |= decided[tier] & below_the_top & lower >> STRIDES[name]
        lower |= decided[tier]
    return found
