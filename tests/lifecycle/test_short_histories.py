"""All short histories of one risk, breadth first; an oracle that reads only the log says what went wrong.

The oracle knows who sits where and what the rules are, and looks at no state: whatever the engine believes, each vote,
decision, lowering, acceptance and closing has to be explained by the events before it. Rules are then taken away, one
at a time, and the search has to notice each.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import attrs
import pytest

from kakao_asi import EscalationGraph, Grade, Matter, Response, commands
from kakao_asi.assessments import AssessmentKind, Basis
from kakao_asi.catalog import kakao_governance
from kakao_asi.governance import Case, CaseStatus, Duty, Person, PersonKind, Quorum, Roster, Seat
from kakao_asi.lifecycle import Decided, LifecycleEngine, RiskState, RiskStatus, Stamp, apply, risk_hash
from kakao_asi.lifecycle import events as e
from kakao_asi.responses import Coverage

TIER_OF = {Grade.LOW: "ai_safety", Grade.MEDIUM: "erm_committee", Grade.HIGH: "top"}
TIERS = ("ai_safety", "erm_committee", "top")
QUORUM = {"ai_safety": 1, "erm_committee": 2, "top": 1}
SEATS = {"ai_safety": {"kim", "lee"}, "erm_committee": {"erm.a", "erm.b", "robot"}, "top": {"ceo"}}
NAMES = {"erm.a.alt": "erm.a"}
ROSTER = Roster(
    people=[
        *(Person(id=name) for name in ("kim", "erm.b", "ceo")),
        Person(id="lee", roles={"serving"}),
        Person(id="erm.a", aliases={"erm.a.alt"}),
        Person(id="robot", kind=PersonKind.AGENT),
    ],
    seats=[Seat(body=body, person=name) for body, names in SEATS.items() for name in names],
)
MATERIAL = (
    e.RiskAssessed,
    e.AssessmentWithdrawn,
    e.RiskRescoped,
    e.ResponsePlanned,
    e.ResponseVerified,
    e.Contained,
    e.CycleOpened,
    e.RiskReopened,
)
WHY = "because it was looked at in depth"


def a_governance() -> Any:
    """Return the default governance with a committee of two, and without opinions before votes."""
    base = kakao_governance()
    two = Quorum(votes=2)
    bodies = [attrs.evolve(one, quorum=two) if one.id == "erm_committee" else one for one in base.graph.bodies]
    graph = EscalationGraph(bodies=bodies, edges=base.graph.edges, apex="top")
    return attrs.evolve(base, graph=graph, perspectives=())


@dataclass(frozen=True)
class Node:
    """Where a history has come to, and its log."""

    risk: RiskState
    cases: tuple[Case, ...] = ()
    log: tuple[tuple[str, Any, str], ...] = ()

    def key(self, at: str) -> Any:
        """Return what tells two histories apart, as far as what may follow is concerned."""
        risk = self.risk
        return (
            risk.status,
            risk.peak,
            risk.editors,
            tuple((one.kind, one.grade, one.by, one.withdrawn) for one in risk.assessments),
            tuple(one.verified for one in risk.responses),
            None if risk.containment is None else risk.containment.until is None,
            None if risk.acceptance is None else (risk.acceptance.grade, risk.acceptance.state_hash == at),
            tuple(
                (one.matter, one.status, one.position, tuple(vote.by for vote in one.votes), one.state_hash == at)
                for one in self.cases
            ),
        )


# --- the oracle ------------------------------------------------------------------------------------------------------


@dataclass
class Story:
    """What a log says, read by the rules alone."""

    owner: str = "serving"
    hands: set[str] = field(default_factory=set)
    assessors: set[str] = field(default_factory=set)
    peak: Grade | None = None
    grades: list[tuple[str, AssessmentKind, Grade]] = field(default_factory=list)
    material: int = 0
    opened: dict[str, tuple[Case, int]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    votes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    approved: dict[str, int] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    contained: tuple[int, Any] | None = None
    accepted: tuple[Grade, int] | None = None
    wrong: list[str] = field(default_factory=list)

    def read(self, subject: str, event: Any, by: str) -> None:
        """Take one event, and note what the rules do not allow."""
        who = NAMES.get(by, by)
        if isinstance(event, e.CaseOpened):
            case = event.case
            self.opened[case.id], self.before[case.id], self.votes[case.id] = (case, self.material), case.body, []
        elif isinstance(event, e.Voted):
            self.vote(subject, event, who)
        elif isinstance(event, e.BodyDecided):
            self.decide(subject, event)
        elif isinstance(event, e.CaseWithdrawn):
            self.over.add(subject)
        elif isinstance(event, e.PeakLowered):
            self.lower(event)
        elif isinstance(event, e.Accepted):
            self.accept(event)
        elif isinstance(event, e.RiskClosed):
            self.close(event)
        else:
            self.work(event, who)

    def work(self, event: Any, who: str) -> None:
        """Take what people do to the risk."""
        if isinstance(event, e.Contained):
            self.end_containment(event)
        if isinstance(event, e.RiskIdentified | e.RiskRescoped | e.ResponsePlanned):
            self.hands.add(who)
            self.owner = getattr(event, "owner", None) or self.owner
        if isinstance(event, e.RiskAssessed):
            one = event.assessment
            self.assessors.add(who)
            self.grades.append((one.id, one.kind, one.grade))
            self.peak = one.grade if self.peak is None else max(self.peak, one.grade)
        if isinstance(event, e.AssessmentWithdrawn):
            self.grades = [one for one in self.grades if one[0] != event.assessment]
        if isinstance(event, e.CycleOpened | e.RiskReopened):
            self.assessors, self.grades = set(), []
        self.material += isinstance(event, MATERIAL)

    def vote(self, case: str, event: e.Voted, who: str) -> None:
        """A vote is of a person with a seat there, with clean hands, once, on the state that was asked about."""
        body = event.vote.body
        if case in self.over or self.before[case] != body:
            self.wrong.append("vote where the case is not")
        if who not in SEATS[body] or who == "robot":
            self.wrong.append("vote without a seat")
        if who in self.hands | self.assessors or (who == "lee" and self.owner == "serving"):
            self.wrong.append("vote with a hand in it")
        if who in {person for person, _ in self.votes[case]}:
            self.wrong.append("second vote")
        if self.opened[case][1] != self.material:
            self.wrong.append("vote on another state")
        self.votes[case].append((who, body))

    def decide(self, case: str, event: e.BodyDecided) -> None:
        """A decision has its quorum of different people."""
        body = event.decision.body
        if len({person for person, at in self.votes[case] if at == body}) != QUORUM[body]:
            self.wrong.append("decision without a quorum")
        if event.next_position is None:
            self.over.add(case)
            self.approved[case] = self.material
        else:
            self.before[case] = TIERS[TIERS.index(body) + 1]

    def stands(self, matter: Matter) -> bool:
        """Tell whether the latest case of a matter was approved on what is true now, high enough."""
        found = [(case, seen) for case, seen in self.opened.values() if case.matter is matter]
        if not found or self.peak is None or self.approved.get(found[-1][0].id) is None:
            return False
        case, seen = found[-1]
        high = TIERS.index(self.before[case.id]) >= TIERS.index(TIER_OF[case_grade(case, self.peak)])
        return seen == self.material and high

    def lower(self, event: e.PeakLowered) -> None:
        """Lowering is decided, by the tier of the grade, to no less than what stands."""
        left = [grade for _, kind, grade in self.grades if kind is AssessmentKind.RESIDUAL][-1:]
        found = left or [grade for _, kind, grade in self.grades if kind is AssessmentKind.INHERENT][-1:]
        decider = self.before[event.case]
        if self.peak is None or TIERS.index(decider) < TIERS.index(TIER_OF[self.peak]):
            self.wrong.append("lowered by too low a body")
        if not found or event.to < found[0]:
            self.wrong.append("lowered below what stands")
        if [one for one in self.opened if one not in self.over and one != event.case]:
            self.wrong.append("lowered with another case open")
        self.peak = event.to

    def accept(self, event: e.Accepted) -> None:
        """Accepting is decided by the tier of the grade, on an assessment."""
        if self.peak is None or TIERS.index(self.before[event.acceptance.case]) < TIERS.index(TIER_OF[self.peak]):
            self.wrong.append("accepted by too low a body")
        if not self.grades:
            self.wrong.append("accepted unassessed")
        if self.peak is not None:
            self.accepted = (self.peak, self.material)

    def close(self, event: e.RiskClosed) -> None:
        """Closing rests on a decision or an acceptance of the present state, with nothing else open."""
        live = self.accepted is not None and self.accepted[1] == self.material and self.peak is not None
        if event.on_acceptance and not (live and self.accepted is not None and self.peak <= self.accepted[0]):
            self.wrong.append("closed on no acceptance")
        if not event.on_acceptance and not self.stands(Matter.CLOSE_OR_LOWER):
            self.wrong.append("closed without a decision")
        if not event.on_acceptance and not [one for one in self.grades if one[1] is AssessmentKind.RESIDUAL]:
            self.wrong.append("closed without a residual")
        if not self.grades:
            self.wrong.append("closed unassessed")
        if set(self.opened) - self.over:
            self.wrong.append("closed with a case open")
        if self.contained is not None and self.contained[1] is None:
            self.wrong.append("closed while contained")

    def end_containment(self, event: e.Contained) -> None:
        """An earlier end of a containment is decided on after it began."""
        endless = self.contained is not None and self.contained[1] is None
        if endless and event.until is not None and not self.risk_case_after(self.contained):
            self.wrong.append("containment ended without a decision")
        self.contained = (self.material + 1, event.until)

    def risk_case_after(self, began: tuple[int, Any] | None) -> bool:
        """Tell whether the bodies looked at the risk since a containment began, and nothing changed since."""
        found = [(case, seen) for case, seen in self.opened.values() if case.matter is Matter.RISK]
        return bool(found) and began is not None and self.approved.get(found[-1][0].id) == found[-1][1] == self.material


def case_grade(case: Case, peak: Grade) -> Grade:
    """Return the grade a case was to be decided for: what it was when asked, for a decision may have lowered it."""
    return peak if case.lowers_to is None else min(peak, Grade.HIGH)


# --- the search ------------------------------------------------------------------------------------------------------


class Search:
    """Every command of a few people, from one identified risk on."""

    def __init__(self, life: Any, engine: LifecycleEngine, governance: Any) -> None:
        """Start with a risk that the product manager identified."""
        self.engine, self.factors, self.proof = engine, life.factors, life.proof()
        base = life.context()
        self.start = base.now
        self.context = attrs.evolve(base, governance=governance, roster=ROSTER, because=WHY)
        risk = life.state().risk
        begun = apply(None, e.RiskIdentified(risk=risk), Stamp("pm", base.now))
        assert isinstance(begun, RiskState)
        self.root = Node(risk=begun, log=(("r", e.RiskIdentified(risk=risk), "pm"),))

    def ctx(self, node: Node, by: str) -> Any:
        """Return what a decision knows; a minute passes with each event."""
        facts = attrs.evolve(self.context.facts, risks={"r": node.risk}, cases=node.cases)
        now = self.start + dt.timedelta(minutes=len(node.log))
        return attrs.evolve(self.context, now=now, by=by, facts=facts)

    def moves(self, node: Node) -> Iterator[tuple[Any, str]]:
        """Yield everything anybody might try."""
        for grade in (Grade.HIGH, Grade.LOW):
            yield self.assess(grade), "qa"
        yield self.assess(Grade.MEDIUM), "erm.b"
        yield commands.Rescope(risk="r", owner="search"), "pm"
        if node.risk.assessments:
            yield commands.WithdrawAssessment(risk="r", assessment=node.risk.assessments[-1].id), "qa"
        yield commands.Close(risk="r"), "pm"
        yield commands.Contain(risk="r"), "pm"
        yield commands.Contain(risk="r", until=self.start + dt.timedelta(days=1)), "pm"
        for matter in (Matter.CLOSE_OR_LOWER, Matter.ACCEPT, Matter.RISK):
            until = self.start + dt.timedelta(days=30) if matter is Matter.ACCEPT else None
            yield commands.Escalate(subject="r", matter=matter, until=until), "pm"
        for case in node.cases:
            if case.status is CaseStatus.OPEN:
                for who in ("kim", "lee", "erm.a", "erm.a.alt", "erm.b", "ceo", "robot", "qa"):
                    yield commands.Decide(case=case.id, outcome="approve", body=case.body), who

    def assess(self, grade: Grade, **more: Any) -> commands.Assess:
        """Return an expert's assessment."""
        return commands.Assess(risk="r", factors=self.factors(grade), basis=Basis.EXPERT, **more)

    def answered(self, node: Node) -> Node | None:
        """Plan a response, verify it and assess what is left, in one move."""
        number = len(node.risk.responses) + 1
        name = f"r.r{number}"
        due = self.start.date()
        response = Response(strategy="change_likelihood", controls=["ai.grounding"], owner="serving", due=due)
        whole = Coverage(done=1, of=1)
        left = self.assess(Grade.LOW, kind=AssessmentKind.RESIDUAL, responses={name})
        found: Node | None = node
        for command in (
            commands.Respond(risk="r", response=response),
            commands.Verify(risk="r", response=name, coverage=whole, effective=True, evidence=[self.proof]),
            left,
        ):
            found = None if found is None or number > 1 else self.after(found, command, "qa")
        return found

    def after(self, node: Node, command: Any, by: str) -> Node | None:
        """Return where a command leads; None if it is refused."""
        subject = getattr(command, "case", None)
        cases = {case.id: case for case in node.cases}
        state: Any = cases[subject] if subject else (None if isinstance(command, commands.Escalate) else node.risk)
        context = self.ctx(node, by)
        answer = self.engine.decide(state, command, context)
        if not isinstance(answer, Decided):
            return None
        risk, log = node.risk, node.log
        for change in answer.changes:
            kind, _, name = change.stream.partition(":")
            stamp = Stamp(by, context.now)
            if kind == "risk":
                changed = apply(risk, change.event, stamp)
                assert isinstance(changed, RiskState)
                risk = changed
            elif kind == "case":
                found = apply(cases.get(name), change.event, stamp)
                assert isinstance(found, Case)
                cases[name] = found
            log = (*log, (name, change.event, by))
        return Node(risk=risk, cases=tuple(cases.values()), log=log)

    def run(self, most: int) -> tuple[list[str], int]:
        """Look at no more than so many transitions; return what went wrong first, and how many were looked at."""
        seen: set[Any] = set()
        level, looked = [self.root], 0
        while level and looked < most:
            following: list[Node] = []
            for node in level:
                tries = [self.after(node, command, by) for command, by in self.moves(node)]
                tries.append(self.answered(node) if node.risk.status is not RiskStatus.IDENTIFIED else None)
                looked += len(tries)
                for found in tries:
                    if found is None:
                        continue
                    wrong = told(found)
                    if wrong:
                        return wrong, looked
                    key = found.key(risk_hash(found.risk))
                    if key not in seen:
                        seen.add(key)
                        following.append(found)
                if looked >= most:
                    break
            level = following
        return [], looked


def told(node: Node) -> list[str]:
    """Return what the log of a node says went wrong."""
    story = Story()
    for subject, event, by in node.log:
        story.read(subject, event, by)
    return story.wrong


def without(guard: str) -> LifecycleEngine:
    """Return an engine that forgot a rule."""
    rows = [
        attrs.evolve(row, guards=tuple(one for one in row.guards if one.__name__ != guard))
        for row in LifecycleEngine().table.values()
    ]
    return LifecycleEngine.of(rows)


@pytest.mark.long
def test_no_short_history_breaks_a_rule(life: Any) -> None:
    """Breadth first over more than ten thousand transitions, the oracle finds nothing."""
    wrong, looked = Search(life, LifecycleEngine(), a_governance()).run(12_000)

    assert (wrong, looked >= 12_000) == ([], True)


@pytest.mark.soak
def test_no_longer_history_breaks_a_rule(life: Any) -> None:
    """The same, much further."""
    wrong, _ = Search(life, LifecycleEngine(), a_governance()).run(2_000_000)

    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("state_is_the_same", "vote on another state"),
        ("closing_is_decided", "closed without a decision"),
        ("nothing_else_is_open", "closed w"),
        ("can_end_containment", "containment ended without a decision"),
        ("approval_still_fits", "lowered with another case open"),
    ],
)
def test_the_search_notices_a_rule_that_is_gone(life: Any, guard: str, expected: str) -> None:
    """Without any one rule the oracle finds a history that breaks it."""
    wrong, _ = Search(life, without(guard), a_governance()).run(60_000)

    assert [one for one in wrong if one.startswith(expected)]


@pytest.mark.parametrize("duty", list(Duty), ids=lambda one: one.id)
def test_the_search_notices_a_duty_that_is_gone(life: Any, duty: Duty) -> None:
    """Without any one duty somebody with a hand in it votes; the oracle keeps to all four."""
    governance = attrs.evolve(a_governance(), duties=frozenset(Duty) - {duty})
    search = Search(life, LifecycleEngine(), governance)
    if duty is Duty.IDENTIFIER:
        event = e.RiskIdentified(risk=search.root.risk.risk)
        risk = attrs.evolve(search.root.risk, identified_by="kim")
        search.root = Node(risk=risk, log=(("r", event, "kim"),))
    if duty is Duty.EDITOR:
        risk = attrs.evolve(search.root.risk, editors=frozenset({"kim"}))
        search.root = Node(risk=risk, log=(*search.root.log, ("r", e.RiskRescoped(), "kim")))
    wrong, _ = search.run(60_000)

    assert "vote with a hand in it" in wrong
