"""The two shipped graphs, cell by cell, against the table of who decides."""

from collections.abc import Callable
from itertools import product

import pytest

from kakao_asi.catalog import kakao_graph, proportional_graph
from kakao_asi.governance import (
    Cell,
    Edge,
    EdgeKind,
    EscalationGraph,
    Level,
    Matter,
    Person,
    Reason,
    Roster,
    Route,
    Seat,
    Term,
    When,
    Withheld,
)
from kakao_asi.stages import Stage
from kakao_asi.systems import Audience
from kakao_asi.taxonomy import Origin, RiskCategory

SAFETY, ERM, TOP = "ai_safety", "erm_committee", "top"
TIER = {Level.LOW: SAFETY, Level.MEDIUM: ERM, Level.HIGH: TOP, Level.UNASSESSED: TOP}
GRAVE = {Level.HIGH, Level.UNASSESSED}

CELLS = [
    Cell(matter=matter, level=level, category=category, stage=stage, audience=audience, reason=reason)
    for matter, level, category, stage, audience, reason in product(
        Matter, Level, RiskCategory, Stage, Audience, Reason
    )
]

Expected = tuple[str, ...] | str
"""Bodies in order, or why no case is possible."""


def by_kakao(cell: Cell) -> Expected:
    """Return the way of a case through the default graph, read off the table by hand."""
    incident = cell.reason is Reason.INCIDENT
    match cell.matter:
        case Matter.RELEASE | Matter.GOVERNANCE:
            return SAFETY, ERM, TOP
        case Matter.STAGE:
            return (SAFETY,)
        case Matter.RISK:
            return (SAFETY, ERM, TOP) if incident or cell.level in GRAVE else (SAFETY, ERM)
        case Matter.ACCEPT | Matter.CLOSE_OR_LOWER:
            return (TIER[cell.level],)
        case _:
            return (TOP,)


def released_by_grade(cell: Cell) -> Expected:
    """Return the way of a release through the proportional graph."""
    if cell.audience is Audience.INTERNAL:
        return (ERM, TOP) if cell.level in GRAVE else (SAFETY,)
    if cell.level in GRAVE:
        return "not releasable"
    return (SAFETY,) if cell.level is Level.LOW else (SAFETY, ERM)


def by_grade(cell: Cell) -> Expected:
    """Return the way of a case through the proportional graph, read off the table by hand."""
    low = cell.level is Level.LOW
    raised = cell.level.moved(1) if cell.reason is Reason.INCIDENT else cell.level
    ways: dict[Matter, Expected] = {
        Matter.GOVERNANCE: (SAFETY, ERM, TOP),
        Matter.STAGE: "needless" if low else (SAFETY,),
        Matter.RELEASE: released_by_grade(cell),
        Matter.RISK: (TIER[raised],),
        Matter.ACCEPT: (TIER[cell.level],),
        Matter.CLOSE_OR_LOWER: (TIER[cell.level],),
        Matter.OVERRIDE: (ERM,) if low else (TOP,),
        Matter.STOP: (TOP,),
    }
    return ways[cell.matter]


def ways(route: Route) -> Expected:
    """Return a route in the words of the table."""
    if route.withheld is not None:
        return "needless" if route.withheld.needless else "not releasable"
    return route.bodies


GRAPHS = [kakao_graph(), proportional_graph(), kakao_graph(side_bodies=True), proportional_graph(side_bodies=True)]
EVERY = pytest.mark.parametrize(
    "graph", GRAPHS, ids=["kakao", "proportional", "kakao with side bodies", "proportional with side bodies"]
)


@pytest.mark.parametrize(
    ("graph", "table"), [(GRAPHS[0], by_kakao), (GRAPHS[1], by_grade)], ids=["kakao", "proportional"]
)
def test_every_case_goes_the_way_of_the_table(graph: EscalationGraph, table: Callable[[Cell], Expected]) -> None:
    """All 9,216 kinds of case take the bodies of the table in its order, or are withheld as it says."""
    assert [cell for cell in CELLS if ways(graph.route(cell)) != table(cell)] == []


@EVERY
def test_every_case_ends_with_the_power_to_decide_or_is_withheld(graph: EscalationGraph) -> None:
    """Whoever decides has a power over the case or is the apex."""
    for cell in CELLS:
        route = graph.route(cell)
        if route.withheld is None:
            decider = graph.body(route.decider or "")
            assert decider.id == graph.apex or any(row.holds(cell) for row in decider.decides)
        else:
            assert (route.steps, route.withheld.when.holds(cell)) == ((), True)


@EVERY
def test_shipped_graph_has_no_notes(graph: EscalationGraph) -> None:
    """Nothing in a shipped graph is slow, skips a tier, lies idle or is decided too low."""
    assert graph.check() == ()


@EVERY
def test_shipped_graph_works_with_enough_people(graph: EscalationGraph) -> None:
    """With twice as many people as seats nothing is missing."""
    seats = [(body.id, f"{body.id}-{number}") for body in graph.bodies for number in range(2 * body.seats)]
    roster = Roster(
        people=[Person(id=person) for _, person in seats],
        seats=[Seat(body=body, person=person) for body, person in seats],
    )

    assert graph.check(roster) == ()


@EVERY
def test_deadlines_are_ours_and_grow_with_the_tier(graph: EscalationGraph) -> None:
    """A case has 1, 5 and 10 business days; a grave incident 4, 24 and 48 hours; all of it our choice."""
    days = {SAFETY: 1, ERM: 5, TOP: 10}
    hours = {SAFETY: 4, ERM: 24, TOP: 48}
    for cell in CELLS:
        grave = cell.level in GRAVE and cell.reason is Reason.INCIDENT and cell.matter is not Matter.GOVERNANCE
        for step in graph.route(cell).steps:
            if step.edge.kind is EdgeKind.ESCALATE:
                expected = (
                    Term(hours=hours[step.body], origin=Origin.OURS)
                    if grave
                    else Term(business_days=days[step.body], origin=Origin.OURS)
                )
                assert step.edge.within == expected


@EVERY
def test_quorums_are_ours(graph: EscalationGraph) -> None:
    """Quorums and seats are 1, 3 and 1, and never said to be Kakao's."""
    sizes = {body.id: (body.seats, body.quorum.votes) for body in graph.bodies}

    assert [sizes[name] for name in (SAFETY, ERM, TOP)] == [(1, 1), (3, 3), (1, 1)]
    assert {body.quorum.origin for body in graph.bodies} == {Origin.OURS}


@EVERY
def test_every_row_says_whose_it_is_and_why(graph: EscalationGraph) -> None:
    """Every edge and withheld row has a reason in both languages, an origin, and a source if it is not ours."""
    rows: list[Edge | Withheld] = [*graph.edges, *graph.withheld]
    for row in rows:
        assert row.why("ko") != row.why("en")
        assert row.origin is not None
        assert (row.source_url is None) == (row.origin is Origin.OURS)


def test_origins_of_the_default_graph_are_kept_apart() -> None:
    """Published is that the first two levels verify, from the press a release through all three; the rest is ours."""
    origins = {
        (next(iter(edge.when.matter or ())), edge.source, edge.origin)
        for edge in GRAPHS[0].edges
        if edge.origin is not Origin.OURS
    }

    assert origins == {
        (Matter.RELEASE, "start", Origin.PRESS),
        (Matter.RELEASE, SAFETY, Origin.PRESS),
        (Matter.RELEASE, ERM, Origin.PRESS),
    }
    assert [body.origin for body in GRAPHS[0].bodies] == [Origin.PUBLISHED, Origin.PRESS, Origin.PRESS]


def test_bodies_have_their_known_names() -> None:
    """The three levels carry the names that are known of them."""
    assert [(body.id, body.ko, body.en, body.tier) for body in GRAPHS[0].bodies] == [
        (SAFETY, "AI 세이프티", "AI Safety", 1),
        (ERM, "ERM 위원회", "ERM committee", 2),
        (TOP, "최고 의사결정 기구", "Top decision body", 3),
    ]


def test_grave_stage_is_told_to_the_committee() -> None:
    """In the proportional graph the ERM committee is told when a HIGH or unassessed system moves on."""
    told = {
        cell.level: [step.body for step in GRAPHS[1].route(cell).informed]
        for cell in CELLS
        if cell.matter is Matter.STAGE and cell.level is not Level.LOW
    }

    assert told == {Level.MEDIUM: [], Level.HIGH: [ERM], Level.UNASSESSED: [ERM]}


def test_side_bodies_are_off_by_default() -> None:
    """Without asking for them there are the three levels only."""
    assert [len(graph.bodies) for graph in GRAPHS] == [3, 3, 7, 7]


@pytest.mark.parametrize(("plain", "full"), [GRAPHS[::2], GRAPHS[1::2]], ids=["kakao", "proportional"])
def test_side_bodies_join_releases_only(plain: EscalationGraph, full: EscalationGraph) -> None:
    """A release needs two signatures after its first body, one opinion and one information more; the rest nothing."""
    for cell in CELLS:
        before, after = plain.route(cell), full.route(cell)
        sides = [[step.body for step in steps] for steps in (after.consulted, after.informed)]
        if cell.matter is Matter.RELEASE and before.bodies:
            first, *others = before.bodies
            assert after.bodies == (first, "legal", "affiliate_ceo", *others)
            assert sides == [["privacy"], ["group_tech_ethics"]]
        else:
            assert (after.bodies, sides) == (before.bodies, [[], [step.body for step in before.informed]])


@EVERY
def test_shipped_texts_never_use_legal_terms_for_high(graph: EscalationGraph) -> None:
    """No Korean text of a graph calls HIGH by the EU's or the AI Basic Act's term."""
    rows: list[Edge | Withheld] = [*graph.edges, *graph.withheld]
    texts = [graph.to_text(lang="ko"), *(row.why("ko") or "" for row in rows)]

    assert not any(word in text for text in texts for word in ("고위험", "고영향"))


def test_high_release_is_withheld_in_words() -> None:
    """The explanation of a withheld release says that nobody may approve it, and who says so."""
    cell = Cell(matter=Matter.RELEASE, level=Level.HIGH)
    *_, line = GRAPHS[1].explain(GRAPHS[1].route(cell), lang="ko")

    assert line.startswith(
        f"승인 불가 ({When(matter={Matter.RELEASE}, level={Level.HIGH}).label('ko')}; 대상: 외부 공개)"
    )
    assert "언론 보도" in line
