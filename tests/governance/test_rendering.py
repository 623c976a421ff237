"""Graphs for people: what is drawn, and that no label can draw anything else."""

import html
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue, UnknownId
from kakao_asi.governance import (
    START,
    Cell,
    Edge,
    EdgeKind,
    EscalationGraph,
    GovernanceBody,
    Matter,
    Quorum,
    Term,
    When,
    Withheld,
)
from kakao_asi.taxonomy import Origin

RELEASE = When(matter={Matter.RELEASE})
STOP = When(matter={Matter.STOP})
REST = When(matter=set(Matter) - {Matter.RELEASE, Matter.STOP})

ATTACKS = [
    '"] --> evil["x',
    "n1 --> n2",
    "end",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "%%{init: {'theme':'dark'}}%%",
    "click n1 call alert()",
    "#quot;] --> n9",
    "&#34;] --> n9",
    "\\N \\G \\l \\",
    '\\"]; evil [label="x',
    "`**bold**`",
    "a|b|c",
    "{x} [y] (z) ((w))",
    ":::here",
    "; n1 --> n9",
    "$$\\frac{1}{2}$$",
    "subgraph x",
    "style n1 fill:#f00",
    "javascript:alert(1)",
]


def body(id_: str, tier: int = 1, ko: str = "기구", en: str = "Body", **more: Any) -> GovernanceBody:
    """Return a body of one seat."""
    return GovernanceBody(id=id_, ko=ko, en=en, tier=tier, seats=1, quorum=Quorum(), **more)


def graph(ko: str = "기구", en: str = "Body") -> EscalationGraph:
    """Return a graph with every kind of edge, parallel edges and a withheld row."""
    return EscalationGraph(
        bodies=[body("low", 1, ko, en), body("top", 2, ko, en), body("side", 1, ko, en)],
        edges=[
            Edge(source=START, target="low", when=REST, within=Term(hours=4, origin=Origin.OURS)),
            Edge(source=START, target="low", when=STOP),
            Edge(source="low", target="top"),
            Edge(source="low", target="side", kind=EdgeKind.SIGN, when=STOP),
            Edge(source="low", target="side", kind=EdgeKind.CONSULT),
            Edge(source="top", target="side", kind=EdgeKind.INFORM, origin=Origin.OURS),
        ],
        apex="top",
        withheld=[Withheld(when=RELEASE, needless=True, why_ko="없음", why_en="None")],
    )


GRAPH = graph()


def counted_mermaid(text: str) -> tuple[int, int]:
    """Count nodes and arrows of a Mermaid chart the way a reader of its grammar does: quoted labels set aside."""
    bare = re.sub(r'"[^"\n]*"', "L", text)
    nodes = re.findall(r"^    n\d+(?:\[L\]|\(\[L\]\))$", bare, re.MULTILINE)
    arrows = re.findall(r"^    n\d+ (?:-->|-\.->|==>)\|L\| n\d+$", bare, re.MULTILINE)
    assert len(bare.splitlines()) == 1 + len(nodes) + len(arrows)
    return len(nodes), len(arrows)


def counted_dot(text: str) -> tuple[int, int]:
    """Count nodes and arrows of a DOT graph the way a reader of its grammar does: quoted labels set aside."""
    bare = re.sub(r'"[^"\n]*"', "L", text)
    nodes = re.findall(r"^    n\d+ \[label=L(?:, shape=oval)?(?:, penwidth=4)?\]$", bare, re.MULTILINE)
    arrows = re.findall(r"^    n\d+ -> n\d+ \[label=L, style=(?:solid|dashed|bold)\]$", bare, re.MULTILINE)
    assert len(bare.splitlines()) == 3 + len(nodes) + len(arrows)
    return len(nodes), len(arrows)


def labels(text: str, entity: str) -> list[str]:
    """Return the labels of a drawing as a reader sees them."""
    return [html.unescape(re.sub(f"{entity}(\\d+);", r"&#\1;", one)) for one in re.findall(r'"([^"\n]*)"', text)]


def test_mermaid_draws_one_arrow_for_each_pair_and_kind() -> None:
    """Three bodies and the start are nodes; parallel edges of a kind are one arrow."""
    assert counted_mermaid(GRAPH.to_mermaid()) == (4, 5)


def test_dot_draws_one_arrow_for_each_pair_and_kind() -> None:
    """DOT draws the same nodes and arrows."""
    assert counted_dot(GRAPH.to_dot()) == (4, 5)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ["Team that brings the case", "Body", "Passes the case on to: any but Release"]),
        ("ko", ["안건을 올리는 팀", "기구", "상신: 출시 제외"]),
    ],
    ids=["en", "ko"],
)
def test_labels_are_in_the_language_asked_for(lang: Any, expected: list[str]) -> None:
    """Nodes and arrows are labelled in the language asked for, in both formats."""
    seen = labels(GRAPH.to_mermaid(lang=lang), "#"), labels(GRAPH.to_dot(lang=lang), "&#")

    assert all(set(expected) <= set(one) for one in seen)


def test_mermaid_stresses_a_route_and_marks_the_place() -> None:
    """Arrows that the route takes are thick, and the place where the case stands is marked."""
    text = GRAPH.to_mermaid(GRAPH.route(Cell(matter=Matter.STAGE)), at="low")

    assert sorted(re.findall(r"n\d ==>\|[^|]*\| n\d", text)) == [
        'n1 ==>|"Passes the case on to: any but Release"| n2',
        'n2 ==>|"Asks the opinion of: any case"| n4',
        'n2 ==>|"Passes the case on to: any case"| n3',
        'n3 ==>|"Informs: any case"| n4',
    ]
    assert text.endswith("    classDef here stroke-width:4px\n    class n2 here\n")
    assert "Body (the case is here)" in labels(text, "#")


def test_dot_stresses_a_route_and_marks_the_place() -> None:
    """DOT draws the same route bold and the same place with a thick frame."""
    text = GRAPH.to_dot(GRAPH.route(Cell(matter=Matter.STAGE)), at="low", lang="ko")

    assert (text.count("style=bold"), text.count("penwidth=4")) == (4, 1)
    assert "기구 (현재 위치)" in labels(text, "&#")


@pytest.mark.parametrize("draw", ["to_mermaid", "to_dot", "to_text"])
def test_place_must_be_a_body(draw: str) -> None:
    """A place that is no body is refused."""
    with pytest.raises(UnknownId, match="'board'"):
        getattr(GRAPH, draw)(at="board")


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            """\
Body [top] tier 2, quorum/seats 1/1
    * Informs side (any case) [library default, not Kakao's]
> Body [low] tier 1, quorum/seats 1/1
    * Passes the case on to top (any case) [the organisation's own rule]
    Needs the signature of side (matter: Lift a stop) [the organisation's own rule]
    * Asks the opinion of side (any case) [the organisation's own rule]
Body [side] tier 1, quorum/seats 1/1
Team that brings the case
    * Passes the case on to low (matter: Look at a risk, Accept a residual risk, Close a risk or lower its grade, \
Enter a stage, Override an objection, Change the governance); within 4 hours (library default, not Kakao's) \
[the organisation's own rule]
    Passes the case on to low (matter: Lift a stop) [the organisation's own rule]
    No case needed (matter: Release): None [the organisation's own rule]
""",
        ),
        (
            "ko",
            """\
기구 [top] 단계 2, 의결 정족수/좌석 1/1
    * 통보 side (모든 안건) [라이브러리 기본값, 카카오 공식 기준 아님]
> 기구 [low] 단계 1, 의결 정족수/좌석 1/1
    * 상신 top (모든 안건) [조직 자체 규칙]
    결재 side (안건: 긴급 정지 해제) [조직 자체 규칙]
    * 자문 side (모든 안건) [조직 자체 규칙]
기구 [side] 단계 1, 의결 정족수/좌석 1/1
안건을 올리는 팀
    * 상신 low (안건: 리스크 검토, 리스크 수용, 종결 또는 등급 하향, 단계 진입, 예외 승인, 거버넌스 변경); \
기한 4시간 (라이브러리 기본값, 카카오 공식 기준 아님) [조직 자체 규칙]
    상신 low (안건: 긴급 정지 해제) [조직 자체 규칙]
    안건 불필요 (안건: 출시): 없음 [조직 자체 규칙]
""",
        ),
    ],
    ids=["en", "ko"],
)
def test_text_lists_every_edge_with_condition_deadline_and_origin(lang: Any, expected: str) -> None:
    """Plain text goes from the top down and leaves no edge out; a route and a place are marked."""
    assert GRAPH.to_text(GRAPH.route(Cell(matter=Matter.STAGE)), at="low", lang=lang) == expected


def test_networkx_graph_has_every_edge_and_is_ones_own() -> None:
    """The networkx graph keeps parallel edges and attributes, and changing it changes nothing here."""
    exported = GRAPH.to_networkx()
    attributes = exported.nodes["low"], exported.edges[START, "low", 0]
    exported.clear()

    assert attributes[0] == {"tier": 1, "ko": "기구", "en": "Body"}
    assert attributes[1]["hours"] == 4
    assert attributes[1]["kind"] == "escalate"
    assert attributes[1]["when"].startswith("matter: Look at a risk")
    assert GRAPH.to_networkx().number_of_edges() == len(GRAPH.edges)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200) | st.sampled_from(ATTACKS)


def accepted(name: str) -> bool:
    """Tell whether a name passes the rules for names at all."""
    try:
        body("b", 1, name, name)
    except InvalidValue:
        return False
    return True


hostile = names.filter(accepted)


@pytest.mark.long
@given(hostile)
@settings(max_examples=200)
@example('"] --> evil["x')
def test_no_name_draws_nodes_or_arrows(name: str) -> None:
    """Whatever a body is called, both formats keep their number of nodes and arrows, and the name reads the same."""
    drawn = graph(name, name)
    shown = drawn.body("low").en
    shown = shown if len(shown) <= 120 else shown[:119] + "…"

    assert (counted_mermaid(drawn.to_mermaid()), counted_dot(drawn.to_dot(lang="ko"))) == ((4, 5), (4, 5))
    assert labels(drawn.to_mermaid(), "#")[1] == shown
    assert labels(drawn.to_dot(lang="ko"), "&#")[1] == shown


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_no_attack_leaves_its_label(attack: str) -> None:
    """Known tricks against Mermaid, DOT and HTML stay text: no sign of theirs that means something survives."""
    drawn = graph(attack, attack)
    insides = "".join(re.findall(r'"([^"\n]*)"', drawn.to_mermaid() + drawn.to_dot()))

    assert set(re.sub(r"&?#\d+;", "", insides)) & set("\"'<>[]{}|\\`;#&$%=*/") == set()
    assert counted_mermaid(drawn.to_mermaid()) == (4, 5)
    assert counted_dot(drawn.to_dot()) == (4, 5)
