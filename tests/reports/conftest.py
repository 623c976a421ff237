"""A register with a whole story in it: three systems, all four categories, refused and approved cases, an incident."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import attrs
import pytest

import kakao_asi as asi
from kakao_asi.assessments import Access, AssessmentKind, Reversibility, Skill, Uplift
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import Condition, Seat
from kakao_asi.responses import Coverage
from kakao_asi.stores import MemoryStore
from kakao_asi.systems import Pin, PinKind
from kakao_asi.testing import CountingIds, FrozenClock

START = dt.datetime(2026, 9, 1, 1, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ERM = ("erm.park", "erm.choi", "erm.jung")
ROSTER = asi.Roster(
    people=[
        asi.Person(id="ml.lee", roles={"serving"}, unit="chat"),
        asi.Person(id="ops.seo", roles={"operations"}, unit="chat"),
        asi.Person(id="safety.han", roles={"second_line"}, unit="safety"),
        asi.Person(id="safety.kim", unit="safety"),
        *(asi.Person(id=name, unit="risk") for name in ERM),
        asi.Person(id="ceo.yoon", unit="board"),
    ],
    seats=[
        Seat(body="ai_safety", person="safety.kim"),
        *(Seat(body="erm_committee", person=name) for name in ERM),
        Seat(body="top", person="ceo.yoon"),
    ],
)
VOTERS = {"ai_safety": ("safety.kim",), "erm_committee": ERM, "top": ("ceo.yoon",)}


def digest(number: int) -> str:
    """Return a made-up digest."""
    return f"sha256:{number:064x}"


def proof(kind: EvidenceKind = EvidenceKind.RESULT, number: int = 7) -> asi.Evidence:
    """Return a piece of evidence."""
    return asi.Evidence(digest=digest(number), kind=kind, at=START)


class Story:
    """A register that is led through its life; lives as long as the test."""

    def __init__(self, governance: asi.Governance | None = None) -> None:
        """Begin with an empty register on 2026-09-01."""
        self.clock = FrozenClock(START)
        self.store = MemoryStore(clock=self.clock)
        self.register = asi.RiskRegister.on(
            self.store, governance=governance, roster=ROSTER, clock=self.clock, ids=CountingIds()
        )

    def later(self, days: int = 1) -> None:
        """Let some days pass."""
        self.clock.forward(days * DAY)

    def decide(self, case: asi.Case, outcomes: Iterable[asi.Outcome] = (), **how: Any) -> asi.Case:
        """Let every body on the way vote, two hours after each other; the last of the outcomes named ends it."""
        wanted = list(outcomes) or [asi.Outcome.APPROVE] * len(case.steps)
        for step, outcome in zip(case.steps, wanted, strict=False):
            self.clock.forward(dt.timedelta(hours=2))
            conditions = how.get("conditions", ()) if outcome is asi.Outcome.APPROVE_WITH_CONDITIONS else ()
            because = None if outcome is asi.Outcome.APPROVE else how.get("because")
            for voter in VOTERS[step.body]:
                case = self.register.decide(
                    case.id, outcome, body=step.body, conditions=conditions, by=voter, because=because
                )
        return case

    def enter(self, system: str, stage: asi.Stage) -> None:
        """Put the entry of a stage before AI Safety and enter it the next day."""
        self.later()
        case = self.register.escalate(system, asi.Matter.STAGE, stage=stage, by="ml.lee")
        self.decide(case)
        self.later()
        self.register.enter(system, stage, by="ml.lee")

    def respond(
        self, risk: str, control: str, *, owner: str, due: dt.date, strategy: str = "change_likelihood"
    ) -> None:
        """Plan a response of one control."""
        response = asi.Response(strategy=asi.Strategy(strategy), controls=[control], owner=owner, due=due)
        self.register.respond(risk, response, by="ml.lee")

    def verify(self, risk: str, *, done: int, of: int) -> None:
        """Verify the first response of a risk."""
        response = self.register.risk(risk).responses[0].id
        self.register.verify(
            risk, response, coverage=Coverage(done=done, of=of), effective=True, evidence=[proof()], by="safety.han"
        )

    def lower(self, risk: str, factors: Any) -> None:
        """Verify the first response in full, assess the residual and let the bodies lower the grade."""
        self.verify(risk, done=4, of=4)
        response = self.register.risk(risk).responses[0].id
        kind = AssessmentKind.RESIDUAL
        self.register.assess(risk, factors, evidence=EVERYTHING, kind=kind, responses=[response], by="safety.han")
        self.decide(self.register.escalate(risk, asi.Matter.CLOSE_OR_LOWER, by="ml.lee"))


EVERYTHING = [proof(kind, number) for number, kind in enumerate(EvidenceKind, 20)]


def imperfect(failures: int, severity: str) -> asi.ImperfectionFactors:
    """Return factors of a model that fails so often in 10,000 trials."""
    return asi.ImperfectionFactors(
        failures=failures,
        trials=10_000,
        severity=asi.Severity(severity),
        coverage_pct=95,
        exposes={asi.DataClass.PERSONAL},
    )


def misuse(successes: int) -> asi.MisuseFactors:
    """Return factors of an attack that succeeds so often in 1,000 attempts."""
    return asi.MisuseFactors(
        successes=successes,
        attempts=1_000,
        severity=asi.Severity.MAJOR,
        access=Access.REGISTERED,
        skill=Skill.SKILLED,
        uplift=Uplift.SOME,
        known_campaign=False,
        drills=20,
        detected=19,
        action_h=1,
    )


def careless(errors: int, severity: str = "moderate") -> asi.NegligenceFactors:
    """Return factors of a step that goes wrong so often in 400 observations."""
    return asi.NegligenceFactors(
        opportunities_30d=60,
        errors=errors,
        observed=400,
        caught_pct=80,
        severity=asi.Severity(severity),
        recovery_h=4,
        recurrences_30d=0,
        trained_days=30,
    )


def free(tier: int) -> asi.UncontrollabilityFactors:
    """Return factors of an agent of that tier with a tested stop."""
    return asi.UncontrollabilityFactors(
        tier=tier,
        safeguards_tier=2,
        margin_pct=60,
        autonomy=2,
        reversibility=Reversibility.COSTLY,
        oversight_pct=100,
        stop_tested_at=START,
        stop_ms=800,
        stop_limit_ms=2_000,
        surprises_30d=0,
        evasion_seen=False,
    )


def risk(id: str, title: str, category: asi.RiskCategory, system: str, **more: Any) -> asi.Risk:  # as in Risk
    """Return a risk; owner ``serving`` and principle ``user_protection`` unless said otherwise."""
    values: dict[str, Any] = {"principles": {"user_protection"}, "owner": "serving", **more}
    return asi.Risk(id=id, title=title, category=category, system=system, **values)


def chat_until_test(story: Story) -> None:
    """Lead the chat service from DESIGN to TEST, with risks of all four categories."""
    register = story.register
    c = asi.RiskCategory
    register.add_system(
        asi.System(
            id="demo-chat",
            unit="chat",
            audience=asi.Audience.EXTERNAL,
            title="생활 도우미 대화 서비스",
            components={"reply", "image", "agent"},
        ),
        by="ml.lee",
    )
    for one in (
        risk(
            "leaks-rrn",
            "대화 기록이 길어지면 다른 이용자가 입력한 주민등록번호를 답변에 그대로 되풀이할 수 있음",
            c.MODEL_IMPERFECTION,
            "demo-chat",
            component="reply",
            principles={"privacy"},
        ),
        risk(
            "orders-twice",
            "도구를 쓰는 에이전트가 확인 없이 결제를 반복 실행함",
            c.UNCONTROLLABILITY,
            "demo-chat",
            component="agent",
        ),
        risk("fraud-scripts", "보이스피싱 대본을 만드는 데 쓰임", c.ACTIVE_MISUSE, "demo-chat", component="reply"),
        risk(
            "stale-notice",
            "운영자가 안내문 갱신을 빠뜨려 오래된 답변이 나감",
            c.PASSIVE_NEGLIGENCE,
            "demo-chat",
            owner="operations",
        ),
    ):
        register.identify(one, by="ml.lee")
    register.assess("leaks-rrn", imperfect(60, "severe"), evidence=EVERYTHING, by="safety.han")
    register.assess("orders-twice", free(1), evidence=EVERYTHING, by="safety.han")
    register.assess("fraud-scripts", misuse(1), evidence=EVERYTHING, by="safety.han")
    register.assess("stale-notice", careless(1), evidence=EVERYTHING, by="safety.han")
    due = dt.date(2026, 10, 20)
    story.respond("leaks-rrn", "ai.output_filter", owner="serving", due=due)
    story.respond("orders-twice", "uc.tripwire", owner="serving", due=dt.date(2026, 12, 15))
    story.respond("fraud-scripts", "mu.input_filter", owner="serving", due=dt.date(2026, 10, 1))
    story.respond("stale-notice", "ng.change_control", owner="operations", due=due)
    story.enter("demo-chat", asi.Stage.DEVELOPMENT)
    story.later(10)
    pins = [Pin(kind=PinKind.MODEL, digest=digest(1)), Pin(kind=PinKind.PROMPT, digest=digest(2), component="reply")]
    register.submit(asi.commands.Pin(system="demo-chat", pins=pins), by="ml.lee")
    story.enter("demo-chat", asi.Stage.TEST)


def chat_released(story: Story) -> None:
    """Let a release be refused, lower what kept it, and release."""
    register = story.register
    story.later(7)
    refused = register.escalate("demo-chat", asi.Matter.RELEASE, by="ml.lee", because="1.0판 출시 준비가 끝났습니다.")
    story.decide(
        refused,
        [asi.Outcome.APPROVE, asi.Outcome.REJECT],
        because="고 등급 리스크의 대응 효과가 아직 확인되지 않았습니다.",
    )
    story.later(5)
    story.lower("leaks-rrn", imperfect(0, "minor"))
    story.verify("stale-notice", done=3, of=3)
    story.later()
    approved = register.escalate("demo-chat", asi.Matter.RELEASE, by="ml.lee", because="보완을 마치고 다시 올립니다.")
    condition = Condition(
        text="배포 후 2주 동안 매일 표본을 점검해 보고", owner="operations", due=dt.date(2026, 10, 31)
    )
    story.decide(
        approved,
        [asi.Outcome.APPROVE, asi.Outcome.APPROVE_WITH_CONDITIONS, asi.Outcome.APPROVE],
        conditions=[condition],
    )
    story.later()
    register.enter("demo-chat", asi.Stage.DEPLOYMENT, by="ml.lee")
    story.enter("demo-chat", asi.Stage.MONITORING)


def chat_after_incident(story: Story) -> None:
    """Contain and stop in MONITORING, lift the stop, and begin the next round with UPDATE and TEST."""
    register = story.register
    story.later(6)
    register.contain(
        "leaks-rrn", until=story.clock() + 4 * DAY, by="ops.seo", because="이용자 신고로 재발이 의심됩니다."
    )
    register.stop("demo-chat", "agent", by="safety.kim", because="결제가 두 번 실행된 사례를 확인했습니다.")
    story.later(3)
    story.decide(register.escalate("demo-chat", asi.Matter.STOP, component="agent", by="ml.lee"))
    register.lift("demo-chat", "agent", by="ml.lee")
    story.later(2)
    story.enter("demo-chat", asi.Stage.UPDATE)
    story.later(4)
    register.assess("leaks-rrn", imperfect(40, "severe"), evidence=EVERYTHING, by="safety.han")
    register.assess("orders-twice", free(1), evidence=EVERYTHING, by="safety.han")
    register.assess("stale-notice", careless(0), evidence=EVERYTHING, by="safety.han")
    story.lower("stale-notice", careless(0, "negligible"))
    register.close("stale-notice", by="ml.lee")
    story.verify("leaks-rrn", done=2, of=5)
    register.contain("leaks-rrn", by="ops.seo", because="갱신한 모델에서도 같은 답변이 나왔습니다.")


def set_aside(story: Story, system: str, phase: asi.Phase | None, because: str) -> None:
    """Set a phase of the present stage aside."""
    review = story.clock().date() + 60 * DAY
    command = asi.commands.NotApplicable(system=system, phase=phase, owner="works-lead", review=review)
    story.register.submit(command, by="safety.kim", because=because)


def helper_and_agent(story: Story) -> None:
    """Add an internal system with an accepted risk, and one whose risk nobody has assessed."""
    register = story.register
    c = asi.RiskCategory
    register.add_system(
        asi.System(id="memo-helper", unit="works", audience=asi.Audience.INTERNAL, title="사내 회의록 요약 도우미"),
        by="ml.lee",
    )
    register.identify(
        risk("drops-dissent", "반대 의견이 요약에서 빠짐", c.MODEL_IMPERFECTION, "memo-helper"), by="ml.lee"
    )
    register.assess("drops-dissent", imperfect(900, "major"), evidence=EVERYTHING, by="safety.han")
    register.identify(
        risk(
            "pastes-secret",
            "담당자가 계약 상대의 영업비밀을 붙여 넣음",
            c.PASSIVE_NEGLIGENCE,
            "memo-helper",
            human_role=None,
        ),
        by="ml.lee",
    )
    accept = register.escalate(
        "drops-dissent",
        asi.Matter.ACCEPT,
        until=story.clock() + 20 * DAY,
        by="ml.lee",
        because="대체 기능이 나올 때까지 원문을 함께 제공합니다.",
    )
    story.decide(accept)
    set_aside(story, "memo-helper", asi.Phase.RESPOND, "설계만 검토하는 단계라 대응은 개발 단계에서 정합니다.")
    register.add_system(asi.System(id="route-agent", unit="maps", audience=asi.Audience.EXTERNAL), by="ml.lee")
    register.identify(
        risk("self-prompts", "Agent rewrites its own goal when a route fails", c.UNCONTROLLABILITY, "route-agent"),
        by="ml.lee",
    )
    register.identify(
        risk(
            "tracks-people",
            "특정인의 이동 경로를 추적하는 데 쓰임",
            c.ACTIVE_MISUSE,
            "route-agent",
            legal_obligation=True,
        ),
        by="ml.lee",
    )
    register.assess("tracks-people", misuse(200), evidence=EVERYTHING, by="safety.han")


def whole_story() -> Story:
    """Return the whole story; it ends with a case before the ERM committee."""
    story = Story()
    chat_until_test(story)
    chat_released(story)
    chat_after_incident(story)
    helper_and_agent(story)
    story.later()
    case = story.register.escalate(
        "tracks-people", asi.Matter.RISK, by="safety.han", because="추적 악용 신고가 들어왔습니다."
    )
    story.decide(case, [asi.Outcome.APPROVE])
    story.later(2)
    return story


def rolled_back() -> Story:
    """Return a story in which a running system gets a new version and goes back to the one before."""
    story = Story()
    register = story.register
    system = asi.System(id="old-search", unit="maps", audience=asi.Audience.INTERNAL, title="오래된 검색")
    before, after = ([Pin(kind=PinKind.MODEL, digest=digest(number))] for number in (1, 2))
    register.submit(asi.commands.AdoptSystem(system=system, stage="monitoring", live=before), by="ml.lee")
    for stage in (asi.Stage.UPDATE, asi.Stage.TEST):
        set_aside(story, "old-search", None, "운영 중이던 시스템을 그대로 이어받은 단계입니다.")
        story.enter("old-search", stage)
        register.submit(asi.commands.Pin(system="old-search", pins=after), by="ml.lee")
    set_aside(story, "old-search", None, "이전 버전과 같은 시험을 이미 마쳤습니다.")
    story.decide(register.escalate("old-search", asi.Matter.RELEASE, by="ml.lee"))
    register.enter("old-search", asi.Stage.DEPLOYMENT, by="ml.lee")
    story.later()
    register.submit(asi.commands.RollBack(system="old-search", pins=before), by="safety.kim")
    return story


@pytest.fixture(scope="session")
def story() -> Story:
    """Return the whole story, told once; nobody adds to it."""
    return whole_story()


@pytest.fixture
def fresh_story() -> Story:
    """Return the whole story, to be gone on with."""
    return whole_story()


@pytest.fixture
def roll_back() -> Story:
    """Return the story of a system that went back to what served before."""
    return rolled_back()


@pytest.fixture
def side_bodies() -> asi.RiskRegister:
    """Return an empty register under a governance with bodies that sign, are asked and are told."""
    return Story(asi.catalog.kakao_governance(side_bodies=True)).register


@pytest.fixture
def timeless() -> asi.RiskRegister:
    """Return a register whose governance knows no deadlines, with a case."""
    preset = asi.catalog.kakao_governance()
    edges = [attrs.evolve(edge, within=None) for edge in preset.graph.edges]
    graph = asi.EscalationGraph(bodies=preset.graph.bodies, edges=edges, apex=preset.graph.apex)
    register = Story(attrs.evolve(preset, graph=graph)).register
    register.add_system(asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
    register.escalate("demo-chat", asi.Matter.RELEASE, by="ml.lee")
    return register


@pytest.fixture
def empty_register() -> asi.RiskRegister:
    """Return a register in which nothing has happened."""
    clock = FrozenClock(START)
    return asi.RiskRegister.on(MemoryStore(clock=clock), clock=clock, ids=CountingIds())
