"""Duty holes: what nobody could decide on although there are people, because those are kept out by a duty.

Three kinds. By design: a quorum asks for a role, and a risk that this role answers for can never have that quorum,
whoever sits there. By role: everybody who holds a role would be kept out. By hands: two people, one who identified and
one who assessed a risk, are enough to leave a place unfilled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ._bodies import GovernanceBody, slots_of
from ._faults import FindingKind, GraphFinding
from ._layout import Layout
from ._matching import Assignment
from ._people import Roster
from ._when import box_within, first_cell

__all__ = ["Groups", "groups_of", "holes_by_design", "holes_by_hands"]

Groups = Mapping[frozenset[str], int]
"""Sets of bodies that must approve together, each with the cells it approves."""

_MOST_PEOPLE: Final = 64
"""Most people of one way among whom pairs are tried (our choice: with more, each place has spare ones)."""


_MOST_TRIES: Final = 20_000
"""About how often a place is sought for somebody in one check (our choice: less than a second)."""


def groups_of(layout: Layout) -> Groups:
    """Return the sets of bodies that must approve together."""
    groups: dict[frozenset[str], int] = {}
    for mask, route in layout.routes():
        key = frozenset(route)
        groups[key] = groups.get(key, 0) | mask
    return groups


def by_size(groups: Groups) -> list[frozenset[str]]:
    """Return the sets, the smallest first."""
    return sorted(groups, key=lambda one: (len(one), sorted(one)))


def holes_by_design(bodies: Sequence[GovernanceBody], groups: Groups) -> Iterator[GraphFinding]:
    """Yield each role that a quorum asks for: a risk that it answers for cannot be decided there by anybody."""
    known = {body.id: body for body in bodies}
    seen: set[tuple[str, str]] = set()
    for group in by_size(groups):
        box, cell = box_within(groups[group]), first_cell(groups[group])
        for name in sorted(group):
            for role in sorted(known[name].quorum.roles):
                if (name, role) in seen:
                    continue
                seen.add((name, role))
                yield GraphFinding(
                    code="duty_hole",
                    severity=FindingKind.NOTE,
                    ids=(role, name),
                    text=f"the quorum of '{name}' asks for role '{role}', so a risk that this role answers for could "
                    f"never be decided ({box.label('en')}), whoever sits there; such a risk is refused",
                    text_ko=f"'{name}'의 의결 정족수에 '{role}' 역할이 필요하므로, 그 역할이 담당하는 리스크는 누가 "
                    f"앉아도 의결할 수 없습니다({box.label('ko')}). 그런 리스크는 등록되지 않습니다.",
                    example=cell,
                )


def holes_by_hands(bodies: Sequence[GovernanceBody], groups: Groups, roster: Roster) -> Iterator[GraphFinding]:
    """Yield for each smallest set of bodies one pair of people who, kept out together, leave a place unfilled.

    One person alone who does is a ``single_point_of_failure``. Ways with more than 64 people are not tried, and of a
    graph with very many ways only the smallest: a check ends soon, whatever it is given.
    """
    found: list[frozenset[str]] = []
    tries = _MOST_TRIES
    for group in by_size(groups):
        if tries <= 0 or any(smaller <= group for smaller in found):
            continue
        members = [body for body in bodies if body.id in group]
        pair, tried = _blocking_pair(members, roster)
        tries -= tried
        if pair is not None:
            found.append(group)
            yield _by_hands(pair, groups[group])


def _blocking_pair(members: Sequence[GovernanceBody], roster: Roster) -> tuple[tuple[str, str, str] | None, int]:
    """Return a pair and the place it leaves unfilled, or None; and how many times a place was sought for somebody."""
    people = sorted({person for slot in slots_of(members, roster) for person in slot.eligible})
    if len(people) > _MOST_PEOPLE:
        return None, 1
    without = {one: _assigned(members, roster, one) for one in people}
    able = [one for one in people if not without[one].empty]
    tried = len(people)
    for one in able:
        assigned = without[one]
        for other in able:
            if other in assigned.slot_of:
                tried += 1
                if not assigned.survives(other):
                    left = slots_of(members, roster, frozenset({one, other}))
                    empty = Assignment([slot.eligible for slot in left]).empty
                    return (one, other, left[empty[0]].body), tried
    return None, tried


def _assigned(members: Sequence[GovernanceBody], roster: Roster, without: str) -> Assignment:
    return Assignment([slot.eligible for slot in slots_of(members, roster, frozenset({without}))])


def _by_hands(pair: tuple[str, str, str], mask: int) -> GraphFinding:
    one, other, body = pair
    box = box_within(mask)
    return GraphFinding(
        code="duty_hole",
        severity=FindingKind.STAFFING,
        ids=pair,
        text=f"a risk that '{one}' identified and '{other}' assessed cannot be decided ({box.label('en')}): without "
        f"both nobody is left for '{body}'",
        text_ko=f"'{one}'이(가) 식별하고 '{other}'이(가) 평가한 리스크는 의결할 수 없습니다({box.label('ko')}). "
        f"두 사람이 제외되면 '{body}'에 남는 사람이 없습니다.",
        example=first_cell(mask),
    )
