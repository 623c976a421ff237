"""Governance as users build it: bodies, edges, conditions, rosters and methods; read by type checkers, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from typing import assert_type

from attrs import evolve, frozen

import kakao_asi as asi
from kakao_asi.assessments import AssessmentMethod, Basis, Factors, Judgement, Step
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import (
    START,
    Calendar,
    Cell,
    Edge,
    EdgeKind,
    GraphFinding,
    Level,
    Quorum,
    Route,
    Seat,
    Term,
    Tolerance,
    WeekdayCalendar,
    When,
)
from kakao_asi.register import Entry


def graphs() -> asi.EscalationGraph:
    """Members of closed sets may be given by id; sequences by any iterable."""
    board = asi.GovernanceBody(
        id="board", ko="이사회", en="Board", tier=1, seats=3, quorum=Quorum(votes=2, roles={"chair"})
    )
    entry = Edge(source=START, target="board", kind="escalate", when=When(), within=Term(business_days=5))
    asked = When(matter=["release", asi.Matter.STAGE], level={"high", Level.UNASSESSED}, category=None)
    assert_type(asked.matter, frozenset[asi.Matter] | None)
    assert_type(entry.kind, EdgeKind)
    graph = asi.EscalationGraph(bodies=[board], edges=[entry], apex="board")
    assert_type(graph.check(asi.Roster()), tuple[GraphFinding, ...])
    route = graph.route(Cell(matter=asi.Matter.RELEASE))
    assert_type(route, Route)
    assert_type(route.decider, str | None)
    assert_type(graph.explain(route, lang="ko"), tuple[str, ...])
    assert_type(graph.to_mermaid(route), str)
    return graph


def governances(graph: asi.EscalationGraph) -> asi.Governance:
    """A preset is changed by ``evolve``."""
    preset = asi.catalog.kakao_governance(side_bodies=True)
    assert_type(preset, asi.Governance)
    assert_type(asi.catalog.principles(), tuple[asi.Principle, ...])
    return evolve(preset, id="acme", graph=graph, tolerance=Tolerance(within="low"), approval_days=14)


def rosters() -> None:
    """People and seats."""
    roster = asi.Roster(
        people=[asi.Person(id="kim", roles=["chair"], aliases={"kim.old"}), asi.Person(id="bot", kind="agent")],
        seats=[Seat(body="board", person="kim")],
    )
    assert_type(roster.person("kim.old"), asi.Person | None)
    assert_type(roster.seated("board"), tuple[asi.Person, ...])


class EveryDay:
    """A calendar of one's own."""

    def is_business_day(self, day: dt.date, /) -> bool:
        """Work on every day."""
        return bool(day)


@frozen
class Strict:
    """A method of one's own."""

    id: str = "acme-strict"
    version: int = 1
    category: asi.RiskCategory = asi.RiskCategory.MODEL_IMPERFECTION
    needs: frozenset[EvidenceKind] = frozenset()

    def unassessable(self, factors: Factors, touches: AbstractSet[str]) -> tuple[str, ...]:  # noqa: ARG002  # the Protocol's
        """Ask for nothing more."""
        return factors.missing

    def judge(self, factors: Factors, *, basis: Basis, touches: AbstractSet[str], now: dt.datetime) -> Judgement:  # noqa: ARG002  # the Protocol's
        """Call everything HIGH."""
        return Judgement(grade=asi.Grade.HIGH, steps=(Step(code="strict", ko="모두 고 등급", en="all HIGH"),))


def injected(entry: Entry) -> bool:
    """What fits a Protocol is accepted without inheriting from it."""
    calendars: tuple[Calendar, ...] = (EveryDay(), WeekdayCalendar(holidays=[dt.date(2026, 12, 25)]))
    methods: tuple[AssessmentMethod, ...] = (Strict(),)
    register = asi.RiskRegister.open("asi.db", calendar=calendars[0], methods=methods, observers=[injected])
    register.observe("ticket-desk", injected)
    assert_type(entry.because, str | None)
    return entry.event is not None


def grave(cell: Cell) -> bool:
    """A rule as code, which no condition takes."""
    return cell.level is Level.HIGH


def wrong_parts(board: asi.GovernanceBody) -> None:
    """A condition takes members, not code, and parts are of their own kind."""
    When(matter=grave)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    When(level={3})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Edge(source=board, target="board")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    asi.EscalationGraph(bodies=[board], edges=["board"], apex="board")  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    asi.Roster(people=["kim"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    asi.RiskRegister.open("asi.db", authorize=grave)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Quorum(2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
