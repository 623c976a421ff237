"""What would be otherwise: under another governance, without a body, without a person. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

from ..governance import Cell, EscalationGraph, Matter, Reason, Route, Slot, open_slots, slots_of, way_of
from ..lifecycle import Context, RiskState, SystemState, cell_of_risk, cell_of_system, duties_of, is_open
from ..stages import Stage

__all__ = ["Moved", "Subject", "Undecidable", "moved", "subjects_of", "undecidable"]

_ON_RISKS = (Matter.RISK, Matter.ACCEPT, Matter.CLOSE_OR_LOWER)


@frozen(kw_only=True)
class Moved:
    """A case that would go another way, or have another deadline.

    Attributes:
        subject: id of the open risk, or of the system.
        matter: what the case would ask.
        before: its way now.
        after: its way then.
    """

    subject: str
    matter: Matter
    before: Route
    after: Route


@frozen(kw_only=True)
class Undecidable:
    """A case that nobody could decide any more, though it can be decided now.

    Attributes:
        subject: id of the open risk, or of the system.
        matter: what the case would ask.
        route: its way.
        slots: the places in its quorums that nobody would be left for.
    """

    subject: str
    matter: Matter
    route: Route
    slots: tuple[Slot, ...]


@frozen(kw_only=True)
class Subject:
    """Something a case could be opened on now.

    Attributes:
        id: id of the risk or the system.
        cell: the cell the case would be routed by.
        risks: the risks whose hands are kept from deciding.
        editors: principals who pinned the candidate, for a case on a system.
    """

    id: str
    cell: Cell
    risks: tuple[RiskState, ...]
    editors: frozenset[str] = frozenset()


def subjects_of(
    systems: Iterable[SystemState], risks: Mapping[str, list[RiskState]], now: dt.datetime
) -> Iterator[Subject]:
    """Yield what a case could be opened on: each open risk with three matters, each system for the stages that follow.

    Args:
        systems: the systems, in order.
        risks: the risks of each system, in order.
        now: the present instant.
    """
    # A register has many risks and few cells.
    known: dict[int, tuple[Cell, ...]] = {}
    for system in systems:
        mine = risks.get(system.id, [])
        for risk in mine:
            if is_open(risk, now):
                first = cell_of_risk(risk, system, Matter.RISK, Reason.LEVEL, now)
                cells = known.get(first.index)
                if cells is None:
                    cells = known[first.index] = tuple(evolve(first, matter=matter) for matter in _ON_RISKS)
                for cell in cells:
                    yield Subject(id=risk.id, cell=cell, risks=(risk,))
        yield from _of_system(system, mine, now)


def _of_system(system: SystemState, risks: list[RiskState], now: dt.datetime) -> Iterator[Subject]:
    counted = tuple(risk for risk in risks if not risk.closed_for_good)
    for stage in sorted(system.stage.following):
        matter = Matter.RELEASE if stage is Stage.DEPLOYMENT else Matter.STAGE
        cell = cell_of_system(system, risks, matter=matter, stage=stage, reason=Reason.LEVEL, now=now)
        yield Subject(id=system.id, cell=cell, risks=counted, editors=system.editors)


def moved(subjects: Iterable[Subject], before: EscalationGraph, after: EscalationGraph) -> Iterator[Moved]:
    """Yield what goes another way through another graph, or has other deadlines there."""
    known: dict[int, tuple[Route, Route] | None] = {}
    for one in subjects:
        index = one.cell.index
        if index not in known:
            ways = before.route(one.cell), after.route(one.cell)
            known[index] = ways if way_of(ways[0]) != way_of(ways[1]) else None
        found = known[index]
        if found is not None:
            yield Moved(subject=one.id, matter=one.cell.matter, before=found[0], after=found[1])


def undecidable(subjects: Iterable[Subject], without: str, ctx: Context) -> Iterator[Undecidable]:
    """Yield what can be decided now and could not without a body or a person."""
    graph = ctx.governance.graph
    person = ctx.roster.person(without)
    for one in subjects:
        route = graph.route(one.cell)
        bodies = tuple(graph.body(body) for body in route.bodies)
        out = duties_of(one.risks, ctx, extra=one.editors)
        if open_slots(bodies, ctx.roster, excluded=out):
            continue
        lost = tuple(slot for slot in slots_of(bodies, ctx.roster, out) if slot.body == without)
        if not lost and person is not None:
            lost = open_slots(bodies, ctx.roster, excluded=out | {person.id})
        if lost:
            yield Undecidable(subject=one.id, matter=one.cell.matter, route=route, slots=lost)
