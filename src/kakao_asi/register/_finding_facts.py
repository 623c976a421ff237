"""What a decision on findings reads: the groups they join, the risks they name, and what those have become."""

from __future__ import annotations

from collections.abc import Iterable

from ..lifecycle import Facts, FindingGroup, FindingStatus, RiskState, Sighting
from ..lifecycle import commands as c
from ._reading import FindingsAsked, Reading, StoreReading

__all__ = ["facts_of_promotion", "facts_of_recording", "waiting_for"]

_PAGE = 1_000


def facts_of_recording(command: c.RecordFindings | c.ImportFindings, reading: StoreReading) -> Facts:
    """Return the facts for recording findings: only what they bear on, however large the register is."""
    risks: dict[str, RiskState] = {}
    groups: dict[str, FindingGroup | None] = {}
    systems: set[str] = set()
    for one in command.findings:
        named = None if one.risk is None else reading.risk(one.risk)
        seen = one if named is None else one.implied_by(named.risk.actor)
        name = seen.fingerprint
        if name in groups:
            continue
        group = groups[name] = reading.finding(name)
        if seen.system is not None and reading.system(seen.system) is not None:
            systems.add(seen.system)
        _add_risks(seen, group, reading, risks)
    known = {name: group for name, group in groups.items() if group is not None}
    return Facts(risks=risks, findings=known, known_systems=frozenset(systems))


def _add_risks(seen: Sighting, group: FindingGroup | None, reading: StoreReading, risks: dict[str, RiskState]) -> None:
    if group is not None and group.risk is not None:
        _add_heirs((group.risk,), reading, risks)
    elif seen.risk is not None:
        _add_heirs((seen.risk,), reading, risks)
    elif seen.label is not None and seen.system is not None:
        risks |= reading.all_risks(seen.system)


def _add_heirs(names: Iterable[str], reading: StoreReading, risks: dict[str, RiskState]) -> None:
    for name in names:
        state = None if name in risks else reading.risk(name)
        if state is not None:
            risks[name] = state
            _add_heirs(state.succeeded_by, reading, risks)


def facts_of_promotion(command: c.PromoteFinding | c.LinkFinding, reading: StoreReading) -> Facts:
    """Return the facts for tying a group to a risk: its system, and every risk of it."""
    risk = command.risk if isinstance(command.risk, str) else command.risk.id
    named = reading.risk(risk)
    system = named.risk.system if named is not None else "" if isinstance(command.risk, str) else command.risk.system
    risks = {} if named is None else {risk: named}
    if not system:
        return Facts()
    taken = () if isinstance(command.risk, str) else _taken(risk, reading)
    return Facts(system=reading.system(system), risks=reading.all_risks(system) | risks, taken=taken)


def _taken(risk: str, reading: StoreReading) -> tuple[str, ...]:
    return (risk,) if reading.system(risk) or reading.case(risk) else ()


def waiting_for(system: str, reading: Reading) -> dict[str, FindingGroup]:
    """Return the groups that wait for a person in a system, and those in no system the register knows."""
    found: dict[str, FindingGroup] = {}
    for name in (system, ""):
        wanted = FindingsAsked(statuses=(FindingStatus.WAITING,), system=name)
        after: str | None = None
        while True:
            page = reading.findings(wanted, after=after, limit=_PAGE)
            found |= {one.id: one for one in page}
            after = page.next
            if after is None:
                break
    return found
