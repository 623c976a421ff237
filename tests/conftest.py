"""Settings for all tests: how hard Hypothesis searches, and a company that fills a register."""

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from kakao_asi import (
    Audience,
    Case,
    GateResult,
    Grade,
    ImperfectionFactors,
    Matter,
    Outcome,
    Response,
    Risk,
    RiskCategory,
    RiskRegister,
    RiskState,
    Severity,
    Stage,
    Strategy,
    System,
    SystemState,
    commands,
)
from kakao_asi.assessments import AssessmentKind, Basis
from kakao_asi.evidence import Evidence
from kakao_asi.governance import Code, Person, PersonKind, Perspective, Roster, Seat, WeekdayCalendar
from kakao_asi.lifecycle import Context, Facts
from kakao_asi.responses import Coverage
from kakao_asi.stores import MemoryStore, Store
from kakao_asi.systems import Pin, PinKind
from kakao_asi.testing import CountingIds, FrozenClock

# No deadline anywhere: a loaded machine is not a bug, and the tests read no real clock.
settings.register_profile("fast", max_examples=50, deadline=None)
settings.register_profile("ci", parent=settings.get_profile("fast"), derandomize=True, database=None, print_blob=True)
settings.register_profile("soak", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "fast"))

MONDAY = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)
WHY = "looked at in depth, see the evidence"
COUNTS = {Grade.LOW: (0, 30_000, Severity.MINOR), Grade.MEDIUM: (3, 10_000, Severity.MAJOR)}
COUNTS[Grade.HIGH] = (0, 1_000, Severity.MAJOR)

COMPANY = Roster(
    people=[
        Person(id="safety.kim", unit="safety"),
        Person(id="erm.a", aliases={"erm.a.alt"}, unit="risk"),
        Person(id="erm.b", unit="risk"),
        Person(id="erm.c", unit="risk"),
        Person(id="ceo", unit="board"),
        Person(id="ml.lee", roles={"serving"}, unit="chat"),
        Person(id="qa.seo", roles={"quality"}, unit="chat"),
        Person(id="audit.han", roles={"second_line"}, unit="audit"),
        Person(id="bot", kind=PersonKind.AGENT),
        *(Person(id=side.role, roles={side.role}) for side in Perspective),
    ],
    seats=[
        Seat(body="ai_safety", person="safety.kim"),
        *(Seat(body="erm_committee", person=name) for name in ("erm.a", "erm.b", "erm.c")),
        Seat(body="top", person="ceo"),
    ],
)
"""A company whose default bodies are all seated; the people of the chat team have no seat."""


class Life:
    """A register in memory with a staffed company, and short ways to any point of a risk's life.

    Attributes:
        start: the instant it begins at.
        clock: stands at a Monday morning in Seoul until a test moves it.
        store: what the register keeps its log in.
        register: the register; on the default governance unless told otherwise.
    """

    start = MONDAY

    def __init__(self, *, audience: Audience = Audience.EXTERNAL, risk: bool = True, **options: Any) -> None:
        """Start with system ``chat``, and with risk ``r`` unless told not to."""
        self.clock: FrozenClock = options.pop("clock", None) or FrozenClock(MONDAY)
        self.store: Store = options.pop("store", None) or MemoryStore(clock=self.clock)
        options.setdefault("roster", COMPANY)
        self.register = RiskRegister.on(self.store, clock=self.clock, ids=CountingIds(), **options)
        self.register.add_system(System(id="chat", unit="chat", audience=audience), by="pm.oh")
        if risk:
            self.identify("r")

    def forward(self, **duration: int) -> None:
        """Let time pass, for example ``days=30``."""
        self.clock.forward(dt.timedelta(**duration))

    def in_days(self, days: int) -> dt.datetime:
        """Return the instant so many days from now."""
        return self.clock() + dt.timedelta(days=days)

    def submit(self, command: Any, *, by: str = "pm.oh", because: str | None = None) -> Any:
        """Submit a command of somebody without a seat."""
        return self.register.submit(command, by=by, because=because)

    def can(self, command: Any, *, by: str = "pm.oh", because: str | None = None) -> list[str]:
        """Return the codes that would refuse a command, in order."""
        return [one.code.id for one in self.register.can(command, by=by, because=because).refusals]

    def context(self, *, by: str = "pm.oh", because: str | None = None) -> Context:
        """Return what a decision of the engine on the chat system may know now."""
        register = self.register
        facts = Facts(
            system=register.system("chat"),
            risks={one.id: one for one in register.risks()},
            cases=register.cases().items,
        )
        return Context(
            now=self.clock(),
            by=by,
            because=because,
            governance=register.governance(),
            governance_digest=register.governance_digest(),
            roster=register.roster(),
            roster_digest="sha256:" + "0" * 64,
            calendar=WeekdayCalendar(),
            facts=facts,
        )

    def size(self) -> int:
        """Return how many events there are."""
        return self.store.frontier().size

    def state(self, risk: str = "r") -> RiskState:
        """Return a risk's state."""
        return self.register.risk(risk)

    def identify(self, name: str, *, by: str = "pm.oh", **changes: Any) -> RiskState:
        """Identify a risk of the chat system."""
        parts: dict[str, Any] = {
            "title": f"What {name} is about",
            "category": RiskCategory.MODEL_IMPERFECTION,
            "system": "chat",
            "principles": {"privacy"},
            "owner": "serving",
        }
        return self.register.identify(Risk(**({"id": name} | parts | changes)), by=by)

    @staticmethod
    def factors(grade: Grade = Grade.LOW) -> ImperfectionFactors:
        """Return factors that an expert assessment grades so."""
        failures, trials, severity = COUNTS[grade]
        return ImperfectionFactors(failures=failures, trials=trials, severity=severity, coverage_pct=100)

    @staticmethod
    def proof(text: str = "proof") -> Evidence:
        """Return a piece of evidence."""
        return Evidence.of_bytes(text.encode(), at=MONDAY)

    @staticmethod
    def pin(version: str, *, kind: PinKind = PinKind.MODEL, component: str | None = None) -> Pin:
        """Return the pin of a version of something."""
        return Pin(kind=kind, digest=Evidence.of_bytes(version.encode(), at=MONDAY).digest, component=component)

    def assess(
        self, grade: Grade = Grade.LOW, risk: str = "r", *, residual: bool = False, by: str = "qa.seo", **more: Any
    ) -> RiskState:
        """Assess a risk so that it gets a grade; a residual counts on every response."""
        kind = AssessmentKind.RESIDUAL if residual else AssessmentKind.INHERENT
        counted = [one.id for one in self.state(risk).responses] if residual else ()
        options: dict[str, Any] = {"basis": Basis.EXPERT, "because": WHY, "kind": kind, "responses": counted} | more
        return self.register.assess(risk, self.factors(grade), by=by, **options)

    def respond(self, risk: str = "r", *controls: str, strategy: Strategy = Strategy.CHANGE_LIKELIHOOD) -> RiskState:
        """Plan a response."""
        chosen = controls or (() if strategy is Strategy.RETAIN else ("ai.output_filter",))
        due = self.in_days(30).date()
        response = Response(strategy=strategy, controls=chosen, owner="serving", due=due)
        return self.register.respond(risk, response, by="pm.oh")

    def verify(self, risk: str = "r", *, done: int = 1, of: int = 1, effective: bool = True) -> RiskState:
        """Record the effect of every response."""
        for one in self.state(risk).responses:
            coverage = Coverage(done=done, of=of)
            self.register.verify(
                risk, one.id, coverage=coverage, effective=effective, evidence=[self.proof()], by="qa.seo"
            )
        return self.state(risk)

    def answered(self, grade: Grade = Grade.LOW, risk: str = "r", *, residual: Grade = Grade.LOW) -> RiskState:
        """Assess, respond, verify in full, and assess the residual."""
        self.assess(grade, risk)
        self.respond(risk)
        self.verify(risk)
        return self.assess(residual, risk, residual=True)

    def open_case(self, subject: str, matter: Matter, *, because: str = WHY, by: str = "pm.oh", **more: Any) -> Case:
        """Put a question before the bodies."""
        return self.register.escalate(subject, matter, because=because, by=by, **more)

    def give_reviews(self, case: str) -> None:
        """Let every side that a case has to be looked at from find everything adequate."""
        found = self.register.case(case)
        vote = commands.Decide(case=case, outcome=Outcome.APPROVE, body=found.body)
        for refusal in self.register.can(vote, by="ceo").refusals:
            if refusal.code is Code.PERSPECTIVE_MISSING:
                for side in refusal.missing:
                    opinion = commands.Review(
                        case=case, perspective=side, assessment_adequate=True, response_adequate=True
                    )
                    self.submit(opinion, by=f"review.{side}")

    def vote(self, case: str, outcome: Outcome = Outcome.APPROVE, **more: Any) -> Case:
        """Let the body decide that a case is before, everybody with a seat in turn as far as it takes."""
        self.give_reviews(case)
        before = found = self.register.case(case)
        for person in self.register.roster().seated(before.body):
            found = self.register.decide(case, outcome, body=before.body, by=person.id, **more)
            if len(found.decisions) > len(before.decisions):
                break
        return found

    def decided(self, subject: str, matter: Matter, outcome: Outcome = Outcome.APPROVE, **more: Any) -> Case:
        """Open a case and take it through every body on its way with one outcome."""
        case = self.open_case(subject, matter, **more)
        while case.outcome is None:
            case = self.vote(case.id, outcome)
        return case

    def accepted(self, risk: str = "r", *, days: int = 30) -> RiskState:
        """Let the bodies accept a risk for a while."""
        self.decided(risk, Matter.ACCEPT, until=self.in_days(days))
        return self.state(risk)

    def lowered(self, risk: str = "r") -> RiskState:
        """Let the bodies close or lower a risk."""
        self.decided(risk, Matter.CLOSE_OR_LOWER)
        return self.state(risk)

    def closed(self, risk: str = "r") -> RiskState:
        """Answer a risk and close it for good."""
        self.answered(risk=risk)
        self.lowered(risk)
        return self.register.close(risk, by="pm.oh")

    def enter(self, stage: Stage) -> SystemState:
        """Let the bodies decide on a stage, and enter it."""
        if stage is Stage.DEPLOYMENT:
            self.decided("chat", Matter.RELEASE)
        else:
            self.decided("chat", Matter.STAGE, stage=stage)
        return self.register.enter("chat", stage, by="pm.oh")

    def live(self, version: str = "v1") -> SystemState:
        """Take the chat system, its risks answered, from DESIGN to DEPLOYMENT."""
        self.enter(Stage.DEVELOPMENT)
        self.submit(commands.Pin(system="chat", pins=[self.pin(version)]))
        self.enter(Stage.TEST)
        return self.enter(Stage.DEPLOYMENT)

    def blockers(self, result: GateResult) -> list[str]:
        """Return the codes that keep a gate shut, in order."""
        return [one.code.id for one in result.blockers]

    def release_blockers(self) -> list[str]:
        """Return what keeps the system from DEPLOYMENT, but for its stage, its cycle, its pins and its decision."""
        beside = {"stage_order", "cycle_open", "entry_need_open", "case_missing", "case_not_possible", "quorum_open"}
        return [code for code in self.blockers(self.register.gate("chat", Stage.DEPLOYMENT)) if code not in beside]


@pytest.fixture
def life() -> Life:
    """A fresh register on the default governance, with an external system ``chat`` and a risk ``r``."""
    return Life()


@pytest.fixture(scope="session")
def start_life() -> Callable[..., Life]:
    """Start a register of another kind: see ``Life``."""
    return Life
