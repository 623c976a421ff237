"""A register that a scenario is told over: times from T+0, scores of the test profile, and what governance says.

The test profile ``ref-v1`` is no default of anybody: a grid of five by five whose cells are labelled with their
product, so that a story may say "four by five". It is the library's own, not Kakao's.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import pytest

from kakao_asi import (
    Case,
    Grade,
    ImperfectionFactors,
    Matter,
    MisuseFactors,
    NegligenceFactors,
    Response,
    RiskCategory,
    Severity,
    Stage,
    commands,
)
from kakao_asi.assessments import Assessment, AssessmentKind, Basis, Grid, Likelihood
from kakao_asi.catalog import kakao_governance
from kakao_asi.responses import Coverage

WHY = "told in the scenario, with its evidence on file"
TIERS = ("ai_safety", "erm_committee", "top")

IMPERFECT = {1: (0, 30_000), 2: (0, 3_000), 3: (0, 300), 4: (0, 100), 5: (50, 100)}
"""Failures and trials that give a likelihood from 1 to 5."""

MISUSED = {1: (0, 3_000), 2: (0, 300), 3: (1, 100), 4: (10, 100), 5: (50, 100)}
"""Successes and attempts that do."""

NEGLECTED = {1: (100, 99), 2: (100, 90), 3: (100, 0), 4: (0, 0), 5: (10, 0)}
"""How often somebody looked, and how many percent are caught: so do these."""


def folded(product: int) -> Grade:
    """Fold a product: 1 to 4 is LOW, 5 to 9 MEDIUM, 10 to 25 HIGH."""
    return Grade.LOW if product <= 4 else Grade.MEDIUM if product <= 9 else Grade.HIGH


REF = Grid(id="ref-v1", rows=tuple(tuple(folded(row * cell) for cell in range(1, 6)) for row in range(1, 6)))


def ref_v1(**options: Any) -> Any:
    """Return the default governance on the grid of the test profile."""
    rules = kakao_governance(**options)
    methods = [
        attrs.evolve(one, id=f"ref-v1.{one.category.id}", grid=REF) if hasattr(one, "grid") else one
        for one in rules.methods
    ]
    return attrs.evolve(rules, id="ref-v1", methods=tuple(methods))


def score(one: Assessment) -> tuple[int, int]:
    """Return likelihood and severity of an assessment as the numbers from 1 to 5 that a story gives."""
    found, bad = one.judgement.likelihood, one.judgement.severity
    assert found is not None
    assert bad is not None
    return list(Likelihood).index(found) + 1, list(Severity).index(bad) + 1


def through(life: Any, *stages: Stage) -> None:
    """Take the system through stages in which no risk is known yet: each is set aside with its reason."""
    review = (life.clock() + dt.timedelta(days=90)).date()
    for stage in stages:
        life.submit(commands.NotApplicable(system="chat", owner="serving", review=review), because=WHY)
        if stage is Stage.TEST:
            life.submit(commands.Pin(system="chat", pins=[life.pin(f"model {life.register.system('chat').round}")]))
        life.enter(stage)


class Story:
    """One scenario: a system, a clock that stands at T+0, and the words a risk manager would use."""

    def __init__(self, life: Any) -> None:
        """Begin at the present of a register."""
        self.life, self.register, self.began = life, life.register, life.clock()

    def at(self, **after: float) -> dt.datetime:
        """Let it be so long after T+0, for example ``hours=4``."""
        now = self.began + dt.timedelta(**after)
        self.life.clock.set(now)
        return now

    def risk(self, name: str, category: RiskCategory, **more: Any) -> None:
        """Identify a risk of the system; the product manager does."""
        self.life.identify(name, category=category, **more)

    def link(self, cause: str, kind: str, to: str) -> None:
        """Say that one half of a mixed cause bears on the other."""
        self.life.submit(commands.Relate(risk=cause, kind=kind, to=to))

    def factors(self, name: str, likely: int, bad: int, **more: Any) -> Any:
        """Return the factors that give a score, whatever category the risk is of; ``more`` replaces some."""
        category, severity = self.life.state(name).risk.category, list(Severity)[bad - 1]
        if category is RiskCategory.MODEL_IMPERFECTION:
            failures, trials = IMPERFECT[likely]
            parts = {"failures": failures, "trials": trials, "severity": severity, "coverage_pct": 100}
            return ImperfectionFactors(**(parts | more))
        if category is RiskCategory.ACTIVE_MISUSE:
            successes, attempts = MISUSED[likely]
            parts = {"successes": successes, "attempts": attempts, "severity": severity, "access": "registered"}
            parts |= {"skill": "layperson", "uplift": "none", "known_campaign": False}
            return MisuseFactors(**(parts | more))
        observed, caught = NEGLECTED[likely]
        parts = {"opportunities_30d": 20, "errors": 5 if likely == 5 else 0, "observed": observed}
        parts |= {"caught_pct": caught, "severity": severity, "recovery_h": 24, "recurrences_30d": 0}
        return NegligenceFactors(**({"trained_days": 30} | parts | more))

    def assess(self, name: str, likely: int, bad: int, *, by: str = "qa.seo", **more: Any) -> Assessment:
        """Assess what a risk is without responses; return the assessment."""
        return self.judge(name, self.factors(name, likely, bad, **more), by=by)

    def judge(self, name: str, factors: Any, *, by: str = "qa.seo", counting_on: Iterable[str] = ()) -> Assessment:
        """Assess a risk on factors; counting on responses, it is what is left."""
        counted = tuple(counting_on)
        kind = AssessmentKind.RESIDUAL if counted else AssessmentKind.INHERENT
        state = self.register.assess(
            name, factors, basis=Basis.EXPERT, because=WHY, kind=kind, responses=counted, by=by
        )
        found: Assessment = state.assessments[-1]
        return found

    def respond(self, name: str, *controls: str, strategy: str = "change_likelihood") -> str:
        """Plan a response of the owner; return its id."""
        due = (self.life.clock() + dt.timedelta(days=30)).date()
        plan = Response(strategy=strategy, controls=controls, owner="serving", due=due)
        state = self.register.respond(name, plan, by="pm.oh")
        return str(state.responses[-1].id)

    def verify(self, name: str, response: str, *, done: int = 1, of: int = 1) -> None:
        """Show that a response works, for so many of so many objects."""
        cover = Coverage(done=done, of=of)
        self.register.verify(name, response, coverage=cover, effective=True, evidence=[self.life.proof()], by="qa.seo")

    def left(self, name: str, likely: int, bad: int, **more: Any) -> Assessment:
        """Assess what is left after every planned response."""
        counted = [one.id for one in self.life.state(name).responses]
        return self.judge(name, self.factors(name, likely, bad, **more), counting_on=counted)

    def answer(self, name: str, *controls: str, left: tuple[int, int]) -> Assessment:
        """Respond, verify in full, and assess what is left."""
        self.verify(name, self.respond(name, *controls))
        return self.left(name, *left)

    def ask(self, name: str, matter: Matter = Matter.RISK, **more: Any) -> Case:
        """Bring a matter before the bodies."""
        case: Case = self.life.open_case(name, matter, **more)
        return case

    def way(self, case: Case) -> list[tuple[str, float]]:
        """Return the bodies on the way of a case, each with the hours it has from the opening on."""
        return [
            (step.body, (step.due_at - case.opened_at) / dt.timedelta(hours=1))
            for step in case.steps
            if step.due_at is not None
        ]

    def decide_at(self, case: Case, *hours: float) -> Case:
        """Let the bodies on the way of a case approve, each at its hour after T+0."""
        for hour in hours:
            self.at(hours=hour)
            case = self.life.vote(case.id)
        return case

    def lower(self, name: str) -> list[str]:
        """Let the bodies close or lower a risk; return which of them decided."""
        case = self.life.decided(name, Matter.CLOSE_OR_LOWER)
        return [one.body for one in case.decisions]

    def on(self, *stages: Stage) -> None:
        """Take the system on through stages; T+0 is when it has come there."""
        through(self.life, *stages)
        self.began = self.life.clock()

    def shut(self, component: str | None = None) -> list[str]:
        """Return why the running system, or a part of it, is shut."""
        found: list[str] = self.life.blockers(self.register.component_gate("chat", component))
        return found

    def release(self) -> list[str]:
        """Return what keeps the system from a release, its own paperwork aside."""
        found: list[str] = self.life.release_blockers()
        return found

    def grade(self, name: str) -> Grade | None:
        """Return the effective grade: what gates and bodies read."""
        grade: Grade | None = self.register.grades(name).effective
        return grade


@pytest.fixture
def tell(start_life: Callable[..., Any]) -> Callable[..., Story]:
    """Begin a scenario at a stage: DESIGN, or a system that already runs (MONITORING)."""

    def begin(*, running: bool = False, **options: Any) -> Story:
        options.setdefault("governance", ref_v1())
        life = start_life(risk=False, **options)
        if running:
            through(life, Stage.DEVELOPMENT, Stage.TEST, Stage.DEPLOYMENT, Stage.MONITORING)
        return Story(life)

    return begin


@pytest.fixture
def profile() -> Callable[..., Any]:
    """The governance of the test profile."""
    return ref_v1


@pytest.fixture
def scored() -> Callable[[Assessment], tuple[int, int]]:
    """Likelihood and severity of an assessment, each from 1 to 5."""
    return score
