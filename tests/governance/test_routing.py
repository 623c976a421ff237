"""Which bodies a case goes through: the table against a router that looks at every edge."""

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import UnknownId
from kakao_asi.governance import (
    START,
    Cell,
    Edge,
    EdgeKind,
    EscalationGraph,
    GovernanceBody,
    Level,
    Matter,
    Quorum,
    Reason,
    Route,
    Term,
    When,
    Withheld,
    graph_findings,
)
from kakao_asi.systems import Audience
from kakao_asi.taxonomy import Origin

RELEASE = When(matter={Matter.RELEASE})
REST = When(matter=set(Matter) - {Matter.RELEASE})
CELLS = [
    Cell(matter=matter, level=level, audience=audience, reason=reason)
    for matter, level, audience, reason in product(Matter, Level, Audience, Reason)
]


def body(id_: str, tier: int = 1, *decides: When, ko: str = "기구", en: str = "Body") -> GovernanceBody:
    """Return a body of one seat."""
    return GovernanceBody(id=id_, ko=ko, en=en, tier=tier, seats=1, quorum=Quorum(), decides=decides)


def edge(source: str, target: str, when: When | None = None, kind: EdgeKind = EdgeKind.ESCALATE, **more: Any) -> Edge:
    """Return an edge, by default for every case."""
    return Edge(source=source, target=target, when=when or When(), kind=kind, **more)


SIDES = [body("legal"), body("ceo"), body("privacy"), body("press")]
FULL = EscalationGraph(
    bodies=[body("low", 1), body("mid", 2, REST), body("top", 3), *SIDES],
    edges=[
        edge(START, "low"),
        edge("low", "mid"),
        edge("mid", "top", RELEASE),
        edge("low", "legal", RELEASE, EdgeKind.SIGN),
        edge("low", "ceo", RELEASE, EdgeKind.SIGN),
        edge("mid", "legal", kind=EdgeKind.SIGN),
        edge("low", "top", RELEASE, EdgeKind.SIGN),
        edge("mid", "privacy", kind=EdgeKind.CONSULT),
        edge("low", "privacy", RELEASE, EdgeKind.CONSULT),
        edge(START, "press", RELEASE, EdgeKind.INFORM),
        edge("top", "press", kind=EdgeKind.INFORM),
    ],
    apex="top",
)


def test_route_leads_to_the_body_with_the_power() -> None:
    """A case is passed on until a body may decide it."""
    route = FULL.route(Cell(matter=Matter.STAGE))

    assert (route.bodies, route.decider, route.withheld) == (("low", "mid", "legal"), "mid", None)


def test_signatures_stand_directly_after_the_body_that_asks_for_them() -> None:
    """Signing bodies follow their source in the order of their edges, each body once."""
    assert FULL.route(Cell(matter=Matter.RELEASE)).bodies == ("low", "legal", "ceo", "mid", "top")


def test_signature_before_the_first_body() -> None:
    """A sign edge from the start asks for a signature before the first body looks at it."""
    graph = EscalationGraph(
        bodies=[body("legal"), body("top", 2)],
        edges=[edge(START, "legal", kind=EdgeKind.SIGN), edge(START, "top")],
        apex="top",
    )

    assert graph.route(Cell(matter=Matter.STOP)).bodies == ("legal", "top")


def test_consulted_and_informed_bodies_stand_apart() -> None:
    """Who is asked and who is told is listed once each and approves nothing."""
    route = FULL.route(Cell(matter=Matter.RELEASE))

    assert [step.body for step in route.consulted] == ["privacy"]
    assert [step.body for step in route.informed] == ["press"]
    assert route.informed[0].edge.source == START


def test_withheld_case_has_no_route() -> None:
    """A withheld case goes through nobody and says which row withholds it."""
    row = Withheld(when=RELEASE, needless=False, why_ko="안 됩니다", why_en="No")
    graph = EscalationGraph(bodies=[body("top")], edges=[edge(START, "top", REST)], apex="top", withheld=[row])
    cell = Cell(matter=Matter.RELEASE)

    assert graph.route(cell) == Route(cell=cell, withheld=row)
    assert (graph.route(cell).bodies, graph.route(cell).decider) == ((), None)


def test_step_keeps_the_edge_that_matched() -> None:
    """Of several edges to one body, the step holds the one that took the case, with its deadline."""
    terms = Term(hours=4), Term(business_days=1)
    graph = EscalationGraph(
        bodies=[body("top")],
        edges=[edge(START, "top", RELEASE, within=terms[0]), edge(START, "top", REST, within=terms[1])],
        apex="top",
    )
    routes = [graph.route(Cell(matter=matter)) for matter in (Matter.RELEASE, Matter.STOP)]

    assert [route.steps[0].edge.within for route in routes] == list(terms)


def test_route_is_made_once() -> None:
    """Equal cells get the same object, before and after everything is compiled."""
    first = FULL.route(Cell(matter=Matter.RISK))
    FULL.compile()

    assert FULL.route(Cell(matter=Matter.RISK)) is first


def test_route_is_made_once_between_threads() -> None:
    """Threads that ask at the same time get the same objects."""
    graph = attrs.evolve(FULL)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: [graph.route(cell) for cell in CELLS], range(8)))

    assert all(one is other for routes in answers for one, other in zip(routes, answers[0], strict=True))


@pytest.mark.parametrize(
    "again",
    [lambda one: pickle.loads(pickle.dumps(one)), copy.deepcopy, attrs.evolve],  # noqa: S301  # our own bytes
    ids=["pickle", "deepcopy", "evolve"],
)
def test_copied_graph_is_equal_and_routes_alike(again: Any) -> None:
    """A copy is equal, hashes alike and sends every case the same way."""
    graph = again(FULL)

    assert (graph, hash(graph)) == (FULL, hash(FULL))
    assert all(graph.route(cell) == FULL.route(cell) for cell in CELLS)


def test_body_is_found_by_id() -> None:
    """A body is found by its id."""
    assert FULL.body("mid").tier == 2


@pytest.mark.parametrize("ask", ["body", "above"])
def test_unknown_body_is_refused(ask: str) -> None:
    """Asking for a body that is not there raises, with the id."""
    with pytest.raises(UnknownId, match="there is no body 'board'"):
        getattr(FULL, ask)("board")


@pytest.mark.parametrize(
    ("below", "expected"), [("low", "mid"), ("mid", "top"), ("top", None), ("legal", None)], ids=str
)
def test_body_above_is_where_a_missed_deadline_goes(below: str, expected: str | None) -> None:
    """The body above is the next on the way up; the apex and side bodies have none."""
    assert FULL.above(below) == expected


def test_body_above_is_the_lowest_of_several() -> None:
    """Among several ways up the lowest tier counts, then the id."""
    graph = EscalationGraph(
        bodies=[body("low"), body("b", 2), body("a", 2), body("top", 3)],
        edges=[
            edge(START, "low"),
            edge("low", "top", RELEASE),
            edge("low", "b", When(matter={Matter.STOP})),
            edge("low", "a", When(matter=set(Matter) - {Matter.RELEASE, Matter.STOP})),
            edge("a", "top"),
            edge("b", "top"),
        ],
        apex="top",
    )

    assert graph.above("low") == "a"


EXPLAINED = EscalationGraph(
    bodies=[
        body("low", ko="실무 협의체", en="Working group"),
        body("top", 2, ko="위원회", en="Committee"),
        body("legal", ko="법무", en="Legal"),
        body("ear", ko="감사", en="Audit"),
    ],
    edges=[
        edge(START, "low", REST, within=Term(hours=4, origin=Origin.OURS), why_ko="모두 봅니다", why_en="All of it"),
        edge("low", "top", REST, origin=Origin.LAW, source_url="https://example.com/act"),
        edge("top", "legal", REST, EdgeKind.SIGN),
        edge("top", "ear", REST, EdgeKind.INFORM),
        edge("low", "ear", REST, EdgeKind.CONSULT),
    ],
    apex="top",
    withheld=[Withheld(when=RELEASE, needless=False, why_ko="출시 불가", why_en="Never", origin=Origin.OURS)],
)


def test_explanation_tells_who_what_why_when_and_whose_rule() -> None:
    """Each body has one line with the matched condition, the reason, the deadline and the origins."""
    lines = EXPLAINED.explain(EXPLAINED.route(Cell(matter=Matter.GOVERNANCE)))

    assert lines == (
        "Kind of case - matter: Change the governance; reason: its grade",
        (
            "1. Working group approves, quorum 1"
            " | matched: matter: any but Release | why: All of it"
            " | within 4 hours† | whose rule: the organisation's own rule"
        ),
        (
            "2. Committee approves, quorum 1 (the organisation's own rule) | matched: matter: any but Release"
            " | no deadline | whose rule: law https://example.com/act"
        ),
        (
            "3. Legal signs, quorum 1 | matched: matter: any but Release"
            " | no deadline | whose rule: the organisation's own rule"
        ),
        (
            "- Audit is asked for an opinion | matched: matter: any but Release | no deadline"
            " | whose rule: the organisation's own rule"
        ),
        "- Audit is told | matched: matter: any but Release | no deadline | whose rule: the organisation's own rule",
        "† library default, not Kakao's",
    )


def test_explanation_is_korean_where_asked() -> None:
    """The same lines read in Korean, labels and origins too."""
    lines = EXPLAINED.explain(EXPLAINED.route(Cell(matter=Matter.GOVERNANCE)), lang="ko")

    assert lines == (
        "안건 유형 - 안건: 거버넌스 변경; 사유: 등급",
        (
            "1. 실무 협의체 승인, 의결 정족수 1명 | 해당 조건: 안건: 출시 제외 | 이유: 모두 봅니다"
            " | 기한 4시간† | 근거: 조직 자체 규칙"
        ),
        (
            "2. 위원회 승인, 의결 정족수 1명 (조직 자체 규칙) | 해당 조건: 안건: 출시 제외 | 기한 없음"
            " | 근거: 법령 https://example.com/act"
        ),
        ("3. 법무 결재, 의결 정족수 1명 | 해당 조건: 안건: 출시 제외 | 기한 없음 | 근거: 조직 자체 규칙"),
        "- 감사 의견 조회 | 해당 조건: 안건: 출시 제외 | 기한 없음 | 근거: 조직 자체 규칙",
        "- 감사 통보 | 해당 조건: 안건: 출시 제외 | 기한 없음 | 근거: 조직 자체 규칙",
        "† 라이브러리 기본값, 카카오 공식 기준 아님",
    )


@pytest.mark.parametrize(
    ("needless", "lang", "expected"),
    [
        (False, "en", "No case possible (matter: Release): Never [library default, not Kakao's]"),
        (True, "en", "No case needed (matter: Release): Never [library default, not Kakao's]"),
        (False, "ko", "승인 불가 (안건: 출시): 출시 불가 [라이브러리 기본값, 카카오 공식 기준 아님]"),
        (True, "ko", "안건 불필요 (안건: 출시): 출시 불가 [라이브러리 기본값, 카카오 공식 기준 아님]"),
    ],
    ids=["impossible", "needless", "impossible in Korean", "needless in Korean"],
)
def test_explanation_of_a_withheld_case_says_why(needless: bool, lang: Any, expected: str) -> None:
    """A withheld case is explained by its row; needless and impossible are told apart."""
    graph = attrs.evolve(EXPLAINED, withheld=[attrs.evolve(EXPLAINED.withheld[0], needless=needless)])

    assert graph.explain(graph.route(Cell(matter=Matter.RELEASE)), lang=lang)[1:] == (expected,)


def test_explanation_refuses_a_route_of_another_graph() -> None:
    """A route with a body that the graph lacks is refused."""
    with pytest.raises(UnknownId, match="'mid'"):
        EXPLAINED.explain(FULL.route(Cell(matter=Matter.STAGE)))


def test_routing_does_not_need_networkx() -> None:
    """Once a graph is built, networkx can be gone: all cells route, are explained and drawn without it."""
    program = """
import sys
from itertools import product
from kakao_asi.governance import START, Cell, Edge, EscalationGraph, GovernanceBody, Level, Matter, Quorum, Reason
from kakao_asi.stages import Stage
from kakao_asi.systems import Audience
from kakao_asi.taxonomy import RiskCategory

top = GovernanceBody(id="top", ko="기구", en="Body", tier=1, seats=1, quorum=Quorum())
assert "networkx" not in sys.modules
graph = EscalationGraph(bodies=[top], edges=[Edge(source=START, target="top")], apex="top")
assert "networkx" in sys.modules
for name in [name for name in sys.modules if name.partition(".")[0] == "networkx"]:
    sys.modules[name] = None
names = ("matter", "level", "category", "stage", "audience", "reason")
count = 0
for members in product(Matter, Level, RiskCategory, Stage, Audience, Reason):
    route = graph.route(Cell(**dict(zip(names, members))))
    count += route.bodies == ("top",)
graph.compile(), graph.explain(route), graph.to_mermaid(route), graph.to_text(route)
try:
    graph.to_networkx()
except ImportError:
    print(count)
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True, env=environment
    )

    assert done.stdout.strip() == "9216"


Ways = list[tuple[When, str | None]]
"""Conditions that divide all cells among them, each with a target; None: decided here, or withheld at the start."""


@st.composite
def conditions(draw: st.DrawFn) -> list[When]:
    """Draw conditions that divide all cells among them."""
    groups: dict[int, set[Matter]] = {}
    for matter in Matter:
        groups.setdefault(draw(st.integers(0, 2)), set()).add(matter)
    found = []
    for matters in groups.values():
        kinds: dict[str, Any] = {"reason": Reason}
        if Matter.GOVERNANCE not in matters:
            kinds |= {"level": Level, "audience": Audience}
        name = draw(st.sampled_from(["", *kinds]))
        if name:
            some = draw(st.frozensets(st.sampled_from(list(kinds[name])), min_size=1, max_size=len(kinds[name]) - 1))
            found += [When(matter=matters, **{name: part}) for part in (some, set(kinds[name]) - some)]
        else:
            found.append(When(matter=matters))
    return found


@st.composite
def graphs(draw: st.DrawFn) -> EscalationGraph:
    """Draw a graph without a fault: rows that no case comes to are left out while it is drawn."""
    names = [f"b{number}" for number in range(draw(st.integers(0, 3)))] + ["top"]
    coming: dict[str, list[Cell]] = {START: CELLS, **{name: [] for name in names}}
    ways: dict[str, Ways] = {}
    for place, above in zip([START, *names[:-1]], [names, *(names[n:] for n in range(1, len(names)))], strict=True):
        drawn: Ways = [
            (when, draw(st.sampled_from([None, *above])))
            for when in draw(conditions())
            if any(when.holds(cell) for cell in coming[place])
        ]
        if drawn and all(target is None for _, target in drawn):
            drawn[0] = (drawn[0][0], "top")
        ways[place] = drawn
        for when, target in drawn:
            if target is not None:
                coming[target] += [cell for cell in coming[place] if when.holds(cell)]
    used = [name for name in names if coming[name]]
    edges = [edge(place, target, when) for place in ways for when, target in ways[place] if target is not None]
    sides = [
        one
        for one in draw(
            st.lists(
                st.builds(
                    edge,
                    st.sampled_from([START, *used]),
                    st.sampled_from(["s1", "s2"]),
                    st.sampled_from([When(), RELEASE, REST]),
                    st.sampled_from(["sign", "consult", "inform"]),
                ),
                max_size=4,
            )
        )
        if any(one.when.holds(cell) for cell in coming[one.source])
    ]
    powers = {name: [when for when, target in ways.get(name, []) if target is None] for name in used}
    bodies = [body(name, tier, *powers[name]) for tier, name in enumerate(used, 1)]
    bodies += [body(name) for name in sorted({one.target for one in sides})]
    rows = [
        Withheld(when=when, needless=True, why_ko="없음", why_en="None")
        for when, target in ways[START]
        if target is None
    ]
    return EscalationGraph(bodies=bodies, edges=draw(st.permutations(edges + sides)), apex="top", withheld=rows)


def naive(graph: EscalationGraph, cell: Cell) -> tuple[list[str], str | None, list[str], list[str]]:
    """Walk a case through a graph by looking at every edge, one after the other."""
    place, path = START, [START]
    while True:
        ways = [one for one in graph.edges if one.source == place and one.kind is EdgeKind.ESCALATE]
        ways = [one for one in ways if one.when.holds(cell)]
        if not ways:
            break
        (way,) = ways
        place = way.target
        path.append(place)
    if place == START:
        return [], None, [], []
    bodies: list[str] = []
    others: dict[EdgeKind, list[str]] = {kind: [] for kind in EdgeKind}
    for one in path:
        bodies += [one] if one != START else []
        for side in graph.edges:
            if side.source == one and side.kind is not EdgeKind.ESCALATE and side.when.holds(cell):
                signs = side.kind is EdgeKind.SIGN
                (bodies if signs else others[side.kind]).append(side.target)
    unique = [list(dict.fromkeys(names)) for names in (bodies, others[EdgeKind.CONSULT], others[EdgeKind.INFORM])]
    return unique[0], place, unique[1], unique[2]


@pytest.mark.long
@given(graphs())
def test_table_routes_like_looking_at_every_edge(graph: EscalationGraph) -> None:
    """For every cell the table gives the bodies, decider, opinions and information of a naive walk."""
    for cell in CELLS:
        route = graph.route(cell)
        sides = ([step.body for step in steps] for steps in (route.consulted, route.informed))

        assert (list(route.bodies), route.decider, *sides) == naive(graph, cell)
        assert (route.withheld is not None) == (route.decider is None)


@given(graphs())
def test_every_case_ends_with_the_power_to_decide(graph: EscalationGraph) -> None:
    """Whoever decides finally has a power over the case or is the apex."""
    for cell in CELLS:
        decider = graph.route(cell).decider
        if decider is not None:
            assert decider == graph.apex or any(row.holds(cell) for row in graph.body(decider).decides)


@given(graphs(), st.data())
def test_graph_without_one_of_its_ways_has_a_gap(graph: EscalationGraph, data: st.DataObject) -> None:
    """Taking away one escalate edge leaves cells without a way, or a body without cases."""
    edges = list(graph.edges)
    edges.remove(data.draw(st.sampled_from([one for one in edges if one.kind is EdgeKind.ESCALATE])))
    codes = {one.code for one in graph_findings(graph.bodies, edges, graph.apex, graph.withheld)}

    assert "gap" in codes


@given(graphs(), st.data())
def test_graph_with_one_way_twice_has_an_overlap(graph: EscalationGraph, data: st.DataObject) -> None:
    """Doubling one escalate edge leaves cells with two ways, and the example is one of them."""
    doubled = data.draw(st.sampled_from([one for one in graph.edges if one.kind is EdgeKind.ESCALATE]))
    (finding,) = graph_findings(graph.bodies, [*graph.edges, doubled], graph.apex, graph.withheld)

    assert (finding.code, finding.ids) == ("overlap", (doubled.source,))
    assert finding.example is not None
    assert doubled.when.holds(finding.example)


def cases(graph: EscalationGraph) -> Sequence[Cell]:
    """Return the cells of a graph for which a case is possible."""
    return [cell for cell in CELLS if graph.route(cell).withheld is None]


@pytest.mark.long
@given(graphs())
def test_each_step_was_reached_by_an_edge_that_holds(graph: EscalationGraph) -> None:
    """Every step carries an edge of the graph to its body whose condition holds for the case."""
    for cell in cases(graph):
        route = graph.route(cell)

        for step in (*route.steps, *route.consulted, *route.informed):
            assert step.edge in graph.edges
            assert (step.edge.target, step.edge.when.holds(cell)) == (step.body, True)
