"""What keeps bodies and edges from being a graph: for each fault the smallest graph that has it."""

import pickle
from collections.abc import Sequence
from typing import Any

import pytest

from kakao_asi.exceptions import GovernanceInvalid, InvalidValue
from kakao_asi.governance import (
    START,
    Cell,
    Edge,
    EdgeKind,
    EscalationGraph,
    FindingKind,
    GovernanceBody,
    GraphFinding,
    Level,
    Matter,
    Quorum,
    Reason,
    When,
    Withheld,
    graph_findings,
)
from kakao_asi.taxonomy import Origin

RELEASE = When(matter={Matter.RELEASE})
REST = When(matter=set(Matter) - {Matter.RELEASE})
LOW_RISK = When(matter={Matter.RISK}, level={Level.LOW})
OTHER_RISK = When(matter={Matter.RISK}, level=set(Level) - {Level.LOW})
NO_RISK = When(matter=set(Matter) - {Matter.RISK})


def body(id_: str, tier: int = 1, *decides: When) -> GovernanceBody:
    """Return a body of one seat."""
    return GovernanceBody(id=id_, ko="기구", en="Body", tier=tier, seats=1, quorum=Quorum(), decides=decides)


def edge(source: str, target: str, when: When | None = None, kind: EdgeKind = EdgeKind.ESCALATE) -> Edge:
    """Return an edge, by default for every case."""
    return Edge(source=source, target=target, when=when or When(), kind=kind)


def withheld(when: When) -> Withheld:
    """Return a row that withholds cells."""
    return Withheld(when=when, needless=True, why_ko="안건 없음", why_en="No case")


A, TOP = body("a"), body("top", 2)
UP = (edge(START, "a"), edge("a", "top"))


def found(bodies: Sequence[GovernanceBody], edges: Sequence[Edge], *rows: Withheld, apex: str = "top") -> list[str]:
    """Return the codes of what is wrong."""
    return [one.code for one in graph_findings(bodies, edges, apex, rows)]


def only(bodies: Sequence[GovernanceBody], edges: Sequence[Edge], *rows: Withheld, apex: str = "top") -> GraphFinding:
    """Return the one thing that is wrong."""
    (finding,) = graph_findings(bodies, edges, apex, rows)
    return finding


def test_smallest_graph_has_one_body() -> None:
    """One body that every case comes to and that decides on all is a graph."""
    assert found([TOP], [edge(START, "top")]) == []


def test_apex_must_be_a_body() -> None:
    """An apex that is no body is no apex."""
    finding = only([A], [edge(START, "a")], apex="board")

    assert (finding.code, finding.ids) == ("no_apex", ("board",))


def test_apex_must_not_pass_cases_on() -> None:
    """An apex that escalates decides nothing finally; the text names where it leads."""
    finding = only([A, TOP], [edge(START, "a"), edge("a", "top")], apex="a")

    assert (finding.code, finding.ids) == ("no_apex", ("a", "top"))
    assert "'a' passes cases on to 'top'" in finding.text


def test_second_body_without_a_way_up_is_a_second_apex() -> None:
    """A body on the way that nothing leads on from stands beside the apex."""
    side = body("side", 1, When())
    finding = only([side, TOP], [edge(START, "side", RELEASE), edge(START, "top", REST)])

    assert (finding.code, finding.ids) == ("several_apexes", ("top", "side"))


def test_body_that_nothing_leads_to_is_unreachable() -> None:
    """A body without a path from the start is found."""
    finding = only([A, TOP], [edge(START, "top")])

    assert (finding.code, finding.ids) == ("unreachable_body", ("a",))


def test_body_that_is_only_informed_is_reachable() -> None:
    """A side body needs no escalate edge, neither in nor out."""
    assert found([A, TOP], [edge(START, "top"), edge("top", "a", kind=EdgeKind.INFORM)]) == []


def test_body_without_a_path_to_the_apex_is_a_dead_end() -> None:
    """A body whose way up ends elsewhere is a dead end, and where it ends is a second apex."""
    deep = body("deep", 2, When())
    edges = [edge(START, "a", RELEASE), edge("a", "deep"), edge(START, "top", REST)]

    assert {(one.code, one.ids) for one in graph_findings([A, deep, TOP], edges, "top")} == {
        ("several_apexes", ("top", "deep")),
        ("dead_end", ("a",)),
    }


def test_cycle_is_told_with_its_path() -> None:
    """A circle of escalate edges is told body by body, and coverage is not judged on it."""
    edges = [edge(START, "a"), edge("a", "b", RELEASE), edge("b", "a", RELEASE), edge("a", "top", REST)]
    finding = only([A, body("b"), TOP], [*edges, edge("b", "top", REST)])

    assert (finding.code, sorted(set(finding.ids)), finding.ids[0]) == ("cycle", ["a", "b"], finding.ids[-1])
    assert " -> ".join(finding.ids) in finding.text


def test_circle_of_information_is_no_cycle() -> None:
    """Informing somebody below is no circle."""
    assert found([A, TOP], [*UP, edge("top", "a", kind=EdgeKind.INFORM)]) == []


def test_gap_at_the_start_is_told_with_a_cell() -> None:
    """A cell that no entry edge covers is a gap; the example is one of them, the text folds its neighbours."""
    finding = only([TOP], [edge(START, "top", REST)])

    assert (finding.code, finding.ids, finding.example and finding.example.matter) == ("gap", (START,), Matter.RELEASE)
    assert "1,152 kinds of case" in finding.text
    assert "for example matter: Release;" in finding.text


def test_gap_at_a_body_is_told_with_a_cell() -> None:
    """A cell that reaches a body and finds neither a power nor an edge is a gap there."""
    finding = only([A, TOP], [edge(START, "a"), edge("a", "top", REST)])

    assert (finding.code, finding.ids, finding.example and finding.example.matter) == ("gap", ("a",), Matter.RELEASE)


def test_gap_is_judged_on_cells_that_come_to_a_body() -> None:
    """What cannot reach a body needs no way on from there."""
    edges = [edge(START, "a", RELEASE), edge(START, "top", REST), edge("a", "top", RELEASE)]

    assert found([A, TOP], edges) == []


def test_withheld_cells_are_no_gap() -> None:
    """A withheld row covers its cells."""
    assert found([TOP], [edge(START, "top", REST)], withheld(RELEASE)) == []


@pytest.mark.parametrize(
    ("bodies", "edges", "rows", "place", "said"),
    [
        (
            [A, TOP],
            [edge(START, "a"), edge(START, "top", RELEASE), edge("a", "top")],
            [],
            START,
            "'a' and it goes to 'top'",
        ),
        ([A, TOP], UP, [withheld(RELEASE)], START, "it is withheld and it goes to 'a'"),
        ([body("a", 1, RELEASE), TOP], UP, [], "a", "it is decided there and it goes to 'top'"),
        (
            [body("a", 1, RELEASE, RELEASE), TOP],
            [UP[0], edge("a", "top", REST)],
            [],
            "a",
            "decided there and it is decided",
        ),
    ],
    ids=["two edges", "withheld and edge", "power and edge", "two powers"],
)
def test_overlap_is_told_with_its_claims(
    bodies: list[GovernanceBody], edges: list[Edge], rows: list[Withheld], place: str, said: str
) -> None:
    """A cell with two ways is an overlap, and the text says which two."""
    finding = only(bodies, edges, *rows)

    assert (finding.code, finding.ids, finding.example and finding.example.matter) == (
        "overlap",
        (place,),
        Matter.RELEASE,
    )
    assert said in finding.text


@pytest.mark.parametrize("kind", EdgeKind, ids=str)
def test_edge_that_no_case_takes_is_dead(kind: EdgeKind) -> None:
    """An edge whose condition never comes to its source is dead, of whatever kind."""
    edges = [edge(START, "a", RELEASE), edge(START, "top", REST), edge("a", "top", RELEASE)]
    finding = only([A, TOP], [*edges, edge("a", "top", LOW_RISK, kind)])

    assert (finding.code, finding.ids, finding.example and finding.example.matter) == (
        "dead_edge",
        ("a", "top"),
        Matter.RISK,
    )
    assert "matter: Look at a risk; grade: LOW" in finding.text


def test_edge_of_a_side_body_is_dead() -> None:
    """No case is passed on by a body that is only informed."""
    edges = [edge(START, "top"), edge("top", "a", kind=EdgeKind.INFORM), edge("a", "b", kind=EdgeKind.INFORM)]

    assert found([A, body("b"), TOP], edges) == ["dead_edge"]


@pytest.mark.parametrize("place", ["edge", "power", "withheld"])
def test_condition_that_holds_for_nothing_is_unsatisfiable(place: str) -> None:
    """An empty set is found wherever it stands, and named."""
    empty = When(reason=[])
    bodies = [body("a", 1, empty) if place == "power" else A, TOP]
    edges = [*UP, *([edge("a", "top", empty)] if place == "edge" else [])]
    finding = only(bodies, edges, *([withheld(empty)] if place == "withheld" else []))

    assert (finding.code, finding.example) == ("unsatisfiable_condition", None)
    assert "its set 'reason' is empty" in finding.text


@pytest.mark.parametrize("place", ["edge", "power", "withheld"])
def test_condition_that_tests_what_governance_lacks_is_foreign(place: str) -> None:
    """A condition that takes in governance cases and tests a grade is found wherever it stands."""
    low, rest = When(level={Level.LOW}), When(level=set(Level) - {Level.LOW})
    bodies = [body("a", 1, *([low] if place == "power" else [])), TOP]
    edges = {
        "edge": [edge(START, "a", low), edge(START, "top", rest), edge("a", "top")],
        "power": [edge(START, "a"), edge("a", "top", rest)],
        "withheld": [edge(START, "a", rest), edge("a", "top")],
    }[place]
    findings = graph_findings(bodies, edges, "top", [withheld(low)] if place == "withheld" else [])

    assert {one.code for one in findings} == {"foreign_dimension"}
    assert findings[0].example == Cell(matter=Matter.GOVERNANCE)
    assert "which have no level" in findings[0].text


@pytest.mark.parametrize(("source", "target"), [("ghost", "top"), ("a", "ghost")], ids=["source", "target"])
def test_edge_must_name_bodies(source: str, target: str) -> None:
    """An edge from or to nowhere is found, with the name."""
    finding = only([A, TOP], [*UP, edge(source, target)])

    assert (finding.code, finding.ids) == ("unknown_body", ("ghost",))


def test_bodies_must_have_ids_of_their_own() -> None:
    """Two bodies with one id are found."""
    finding = only([A, A, TOP], UP)

    assert (finding.code, finding.ids) == ("duplicate_body", ("a",))


def test_findings_are_all_told_at_once() -> None:
    """Faults that do not hide each other are told together."""
    bodies = [A, body("lost"), TOP]
    edges = [edge(START, "a", RELEASE), edge("a", "top"), edge("a", "top", RELEASE)]

    assert found(bodies, edges) == ["unreachable_body", "gap", "overlap"]


def test_graph_may_have_a_thousand_bodies_and_no_more() -> None:
    """One body above the cap is refused before anything else is looked at."""
    bodies = [body(f"b{number}") for number in range(1_001)]

    assert found(bodies, []) == ["too_many_bodies"]
    assert "too_many_bodies" not in found(bodies[:1_000], [])


@pytest.mark.parametrize("what", ["edges", "withheld"])
def test_graph_may_have_ten_thousand_rows_and_no_more(what: str) -> None:
    """One edge or withheld row above the cap is refused."""
    if what == "edges":
        findings = graph_findings([TOP], [edge(START, "top")] * 10_001, "top")
    else:
        findings = graph_findings([TOP], [edge(START, "top")], "top", [withheld(RELEASE)] * 10_001)

    assert [one.code for one in findings] == ["too_many_edges"]


def test_graph_that_cannot_work_is_not_built() -> None:
    """Building raises with all findings, each of severity STRUCTURE, in both languages."""
    with pytest.raises(GovernanceInvalid, match=r"\[gap\] at 'start'") as caught:
        EscalationGraph(bodies=[TOP], edges=[edge(START, "top", REST)], apex="top")

    (finding,) = caught.value.findings
    assert finding.severity is FindingKind.STRUCTURE
    assert (finding.message("en"), finding.message("ko")) == (finding.text, finding.text_ko)
    assert "예: 안건: 출시" in finding.text_ko


def test_refusal_survives_a_pickle() -> None:
    """A pickled refusal still holds its findings."""
    findings = graph_findings([TOP], [edge(START, "top", REST)], "top")
    again = pickle.loads(pickle.dumps(GovernanceInvalid(findings)))  # noqa: S301  # our own bytes

    assert again.findings == findings


@pytest.mark.parametrize(
    ("field", "value"),
    [("bodies", "top"), ("bodies", [3]), ("edges", 3), ("edges", ["a"]), ("withheld", [RELEASE]), ("apex", "The Top")],
    ids=["text", "number inside", "number", "text inside", "condition", "no id"],
)
def test_graph_refuses_foreign_parts(field: str, value: Any) -> None:
    """A part of another type is refused with the field's name."""
    parts: dict[str, Any] = {"bodies": [TOP], "edges": [edge(START, "top")], "apex": "top", field: value}

    with pytest.raises(InvalidValue, match=f"EscalationGraph.{field}"):
        EscalationGraph(**parts)


@pytest.mark.parametrize("target", ["a", START], ids=["itself", "start"])
def test_edge_refuses_to_go_back(target: str) -> None:
    """An edge leads to another body than its source and never to the start."""
    with pytest.raises(InvalidValue, match=r"Edge\.target"):
        edge("a", target)


def test_edge_refuses_an_outside_origin_without_a_source() -> None:
    """Who claims that somebody else says so names an https address."""
    with pytest.raises(InvalidValue, match=r"Edge\.source_url"):
        Edge(source="a", target="b", origin=Origin.LAW)


def test_withheld_row_refuses_an_outside_origin_without_a_source() -> None:
    """The same holds for withheld rows."""
    with pytest.raises(InvalidValue, match=r"Withheld\.source_url"):
        Withheld(when=RELEASE, needless=False, why_ko="안 됩니다", why_en="No", origin=Origin.PRESS)


@pytest.mark.parametrize(
    ("given", "ko", "en"),
    [
        ({"why_ko": "이유", "why_en": "Why"}, "이유", "Why"),
        ({"why_ko": "이유"}, "이유", "이유"),
        ({"why_en": "Why"}, "Why", "Why"),
        ({}, None, None),
    ],
    ids=["both", "korean only", "english only", "none"],
)
def test_edge_gives_its_reason_in_the_language_it_has(given: dict[str, Any], ko: str | None, en: str | None) -> None:
    """A reason in one language stands in for the other."""
    one = Edge(source="a", target="b", **given)

    assert (one.why("ko"), one.why("en")) == (ko, en)


def test_split_by_reason_is_allowed_for_governance_cases() -> None:
    """A governance case has a reason, so a condition may test that."""
    objection, other = When(reason={Reason.OBJECTION}), When(reason=set(Reason) - {Reason.OBJECTION})

    assert found([A, TOP], [edge(START, "a", objection), edge(START, "top", other), edge("a", "top")]) == []
