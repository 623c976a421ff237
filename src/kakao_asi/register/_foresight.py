"""What would be otherwise: under another governance, without a body, without a person. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from ..governance import Cell, Governance, Level, Matter, Perspective, Reason, Route, Slot, open_slots, slots_of, way_of
from ..lifecycle import Context, SystemState, duties_of, gravest
from ..stages import Stage
from ..systems import Audience
from ..taxonomy import Grade, RiskCategory
from ._sketches import Sketch

__all__ = ["Moved", "Subject", "Undecidable", "moved", "subjects_of", "undecidable"]

_ON_RISKS = (Matter.RISK, Matter.ACCEPT, Matter.CLOSE_OR_LOWER)


@frozen(kw_only=True)
class Moved:
    """A case that would be decided otherwise.

    What both governances say alike is left out of the pairs: they are empty, or None, then.

    Attributes:
        subject: id of the open risk, or of the system.
        matter: what the case would ask.
        before: its way now.
        after: its way then.
        reviews: the opinions it needs now, and then, where those differ.
        barred: who is kept from deciding on it now, and then, where those differ.
        limit: for RISK, the highest grade within tolerance now, and then, where those differ.
    """

    subject: str
    matter: Matter
    before: Route
    after: Route
    reviews: tuple[tuple[Perspective, ...], tuple[Perspective, ...]] = ((), ())
    barred: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    limit: tuple[Grade, Grade] | None = None


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
    """Something that cases could be opened on now.

    Attributes:
        id: id of the risk or the system.
        system: the system.
        cells: the cells that its cases would be routed by, one a matter.
        risks: the risks whose hands are kept from deciding.
        editors: principals who pinned the candidate, for a case on a system.
    """

    id: str
    system: SystemState = field(repr=False)
    cells: tuple[Cell, ...]
    risks: tuple[Sketch, ...]
    editors: frozenset[str] = frozenset()


def subjects_of(systems: Iterable[SystemState], risks: Mapping[str, list[Sketch]]) -> Iterator[Subject]:
    """Yield what a case could be opened on: each open risk with three matters, each system for the stages that follow.

    Args:
        systems: the systems, in order.
        risks: the risks of each system, in order.
    """
    # A register has many risks and few cells.
    known: dict[tuple[Stage, Audience, Grade | None, RiskCategory, Reason], tuple[Cell, ...]] = {}
    for system in systems:
        mine = risks.get(system.id, [])
        place = system.stage, system.system.audience
        for risk in mine:
            if not risk.is_open:
                continue
            key = (*place, risk.effective, risk.category, risk.reason)
            cells = known.get(key)
            if cells is None:
                cells = known[key] = _cells(*key)
            yield Subject(id=risk.id, system=system, cells=cells, risks=(risk,))
        yield from _of_system(system, mine)


def _cells(
    stage: Stage, audience: Audience, grade: Grade | None, category: RiskCategory, reason: Reason
) -> tuple[Cell, ...]:
    return tuple(
        Cell(matter=matter, level=Level.of(grade), category=category, stage=stage, audience=audience, reason=reason)
        for matter in _ON_RISKS
    )


def _of_system(system: SystemState, risks: list[Sketch]) -> Iterator[Subject]:
    counted = tuple(risk for risk in risks if risk.counted)
    level, category = gravest((risk.effective, risk.category) for risk in risks if risk.is_open)
    for stage in sorted(system.stage.following):
        matter = Matter.RELEASE if stage is Stage.DEPLOYMENT else Matter.STAGE
        audience = system.system.audience
        cell = Cell(matter=matter, level=level, category=category, stage=stage, audience=audience)
        yield Subject(id=system.id, system=system, cells=(cell,), risks=counted, editors=system.editors)


def moved(subjects: Iterable[Subject], now: Context, governance: Governance) -> Iterator[Moved]:
    """Yield what would be decided otherwise under another governance.

    Args:
        subjects: what a case could be opened on.
        now: the context, with the governance in force and the roster.
        governance: the other governance.
    """
    contrast = _Contrast(now, governance)
    for one in subjects:
        yield from contrast.of(one)


class _Contrast:
    """Two governances held against each other; lives as long as one question, and works out each thing once."""

    def __init__(self, now: Context, governance: Governance) -> None:
        before = now.governance
        self.now, self.then = now, evolve(now, governance=governance)
        self.ways: dict[int, tuple[Route, Route, bool]] = {}
        self.limits: dict[tuple[str, RiskCategory], tuple[Grade, Grade] | None] = {}
        self.reviews_differ = before.perspectives != governance.perspectives
        self.duties_differ = before.duties != governance.duties
        self.tolerance_differs = before.tolerance != governance.tolerance

    def of(self, one: Subject) -> Iterator[Moved]:
        """Yield how its cases would be decided otherwise."""
        barred = self._barred(one) if self.duties_differ else _ALIKE
        for cell in one.cells:
            before, after, otherwise = self._way(cell)
            reviews = self._reviews(one, cell) if self.reviews_differ else _ALIKE
            limit = self._limit(one) if self.tolerance_differs and cell.matter is Matter.RISK else None
            if otherwise or limit is not None or reviews is not _ALIKE or barred is not _ALIKE:
                yield Moved(
                    subject=one.id,
                    matter=cell.matter,
                    before=before,
                    after=after,
                    reviews=reviews,
                    barred=barred,
                    limit=limit,
                )

    def _way(self, cell: Cell) -> tuple[Route, Route, bool]:
        known = self.ways.get(cell.index)
        if known is None:
            before = self.now.governance.graph.route(cell)
            after = self.then.governance.graph.route(cell)
            known = self.ways[cell.index] = before, after, way_of(before) != way_of(after)
        return known

    def _reviews(self, one: Subject, cell: Cell) -> tuple[tuple[Perspective, ...], tuple[Perspective, ...]]:
        named = frozenset(principle for risk in one.risks for principle in risk.principles)
        legal = any(risk.legal_obligation for risk in one.risks)
        found = tuple(
            frozenset(
                side
                for row in ctx.governance.perspectives
                if row.fits(cell, principles=named, legal_obligation=legal)
                for side in row.perspectives
            )
            for ctx in (self.now, self.then)
        )
        before, after = (tuple(sorted(sides, key=lambda side: side.rank)) for sides in found)
        return _ALIKE if before == after else (before, after)

    def _barred(self, one: Subject) -> tuple[tuple[str, ...], tuple[str, ...]]:
        before, after = (tuple(sorted(duties_of(one.risks, ctx, extra=one.editors))) for ctx in (self.now, self.then))
        return _ALIKE if before == after else (before, after)

    def _limit(self, one: Subject) -> tuple[Grade, Grade] | None:
        category = one.risks[0].category
        key = one.system.id, category
        if key not in self.limits:
            system, stage = one.system.system, one.system.stage
            before, after = (ctx.governance.tolerance.limit(system, category, stage) for ctx in (self.now, self.then))
            self.limits[key] = None if before == after else (before, after)
        return self.limits[key]


_ALIKE: tuple[tuple[()], tuple[()]] = ((), ())


def undecidable(subjects: Iterable[Subject], without: str, ctx: Context) -> Iterator[Undecidable]:
    """Yield what can be decided now and could not without a body or a person."""
    graph = ctx.governance.graph
    person = ctx.roster.person(without)
    for one in subjects:
        out = duties_of(one.risks, ctx, extra=one.editors)
        for cell in one.cells:
            route = graph.route(cell)
            bodies = tuple(graph.body(body) for body in route.bodies)
            if open_slots(bodies, ctx.roster, excluded=out):
                continue
            lost = tuple(slot for slot in slots_of(bodies, ctx.roster, out) if slot.body == without)
            if not lost and person is not None:
                lost = open_slots(bodies, ctx.roster, excluded=out | {person.id})
            if lost:
                yield Undecidable(subject=one.id, matter=cell.matter, route=route, slots=lost)
