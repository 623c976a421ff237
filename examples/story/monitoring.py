"""September: an incident. Contained first, then assessed, answered and decided."""

from __future__ import annotations

import datetime as dt

import kakao_asi as asi
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import Condition, Reason
from kakao_asi.responses import Coverage

from .acts import refusals_of, verify, vote
from .cast import SYSTEM
from .design import RRN, SLIP
from .measures import console_check, leak_test
from .scene import KST, Scene
from .tables import show_answers, show_decisions, show_gate, show_grades, show_refusals

__all__ = ["an_incident_is_contained_first"]

_CONTAINED_UNTIL = dt.datetime(2026, 9, 11, 9, 0, tzinfo=KST)


def an_incident_is_contained_first(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="9. 모니터링 (9월 9일 새벽): 먼저 막고, 그다음에 평가하고 결정한다",
        en="9. Monitoring (9 September, at night): contain first, then assess and decide",
    )
    _contained(scene)
    _assessed(scene)
    _answered(scene)
    _decided(scene)


def _contained(scene: Scene) -> None:
    scene.on("2026-09-09 02:40")
    why = scene.pick(
        ko="답변 3건에서 주민등록번호 형식이 감지되었습니다.", en="Three replies held a resident registration number."
    )
    scene.register.contain(RRN, by="watch.bot", because=why)
    scene.say(
        ko="02:40, 감시 프로그램이 답변 세 건에서 주민등록번호를 발견하고 곧바로 답변 기능을 막습니다. 막는 데에는 "
        "평가도 결정도 필요 없습니다. 종결되었던 리스크는 그와 함께 다시 열립니다.",
        en="At 02:40 the monitor finds resident registration numbers in three replies and shuts the reply component. "
        "Containing waits for no assessment and no decision, and it reopens the risk that had been closed.",
    )
    show_gate(scene, scene.register.component_gate(SYSTEM, "reply"))
    show_grades(scene, RRN)


def _assessed(scene: Scene) -> None:
    scene.on("2026-09-09 03:20")
    result, metric = scene.proof("incident-replay.json"), scene.proof("rrn-metric.md", EvidenceKind.METRIC)
    scene.register.assess(RRN, leak_test(4, 6_000), evidence=[result, metric], by="safety.han")
    kinds = (EvidenceKind.CHANGE_LOG, EvidenceKind.DRILL, EvidenceKind.SEEDED_ERRORS)
    logs = [scene.proof(f"console-{kind.id}-september", kind) for kind in kinds]
    scene.register.assess(SLIP, console_check(3, 120, caught=50, again=1), evidence=logs, by="safety.han")
    scene.say(
        ko="03:20, 같은 질문을 다시 던져 6,000번 가운데 네 번 재현했습니다. 고유식별정보이므로 건수와 관계없이 "
        "심각하게 봅니다. 변경 기록을 보니 전날 저녁 운영 콘솔에서 필터 기준값이 0.50에서 0.95로 바뀌어 있었습니다. "
        "AI의 불완전성과 운영상의 실수가 겹친 사고이므로, 연결된 두 리스크를 모두 다시 평가합니다. 기록에는 역할과 "
        "절차만 남고 사람 이름은 남지 않습니다.",
        en="At 03:20 the same questions bring it back 4 times in 6,000. A unique identifier counts as severe whatever "
        "the number. The change log shows that the evening before a filter threshold went from 0.50 to 0.95 at the "
        "console. The AI's imperfection met a slip of operations: both linked risks are assessed again. The record "
        "holds roles and procedures, never the name of who slipped.",
    )
    show_grades(scene, RRN, SLIP)


def _answered(scene: Scene) -> None:
    scene.on("2026-09-09 03:50")
    register = scene.register
    plans = (
        ("ml.lee", RRN, asi.Strategy.CHANGE_CONSEQUENCE, ["any.restrict"], "model_lead", dt.date(2026, 9, 9)),
        ("ml.lee", RRN, asi.Strategy.REMOVE_SOURCE, ["ai.data_fix", "ai.retrain"], "model_lead", dt.date(2026, 11, 13)),
        ("ops.yoon", SLIP, asi.Strategy.REMOVE_SOURCE, ["ng.range_guard"], "ops_lead", dt.date(2026, 9, 11)),
    )
    for planner, risk, strategy, controls, owner, due in plans:
        response = asi.Response(strategy=strategy, controls=controls, owner=owner, due=due)
        register.respond(risk, response, by=planner)
    off = register.risk(RRN).responses[-2].id
    proof = scene.proof("feature-state.json", EvidenceKind.CONFIGURATION)
    register.verify(RRN, off, coverage=Coverage(done=4, of=4), effective=True, evidence=[proof], by="safety.han")
    scene.say(
        ko="03:50, 지난 대화를 다시 보여 주는 기능을 서버 네 곳 모두에서 끄고 이를 확인합니다. 근본 대책으로 데이터를 "
        "정비하고 모델을 다시 학습하며, 콘솔은 안전 범위를 벗어난 값을 저장하지 못하게 합니다.",
        en="At 03:50 the feature that shows earlier conversations is switched off on all four server groups, and that "
        "is verified. The lasting answers: repair the data and train again, and a console that does not save a value "
        "outside its safe range.",
    )
    show_answers(scene, RRN, SLIP)


def _decided(scene: Scene) -> None:
    scene.on("2026-09-09 04:10")
    register = scene.register
    why = scene.pick(
        ko="공개 서비스에서 고유식별정보가 노출되었습니다.", en="Unique identifiers were exposed by the live service."
    )
    case = register.escalate(RRN, asi.Matter.RISK, reason=Reason.INCIDENT, by="ml.lee", because=why)
    early = refusals_of(lambda: register.contain(RRN, until=_CONTAINED_UNTIL, by="ml.lee"))
    scene.on("2026-09-09 06:30")
    vote(scene, case.id, "safety.choi")
    scene.on("2026-09-09 16:00")
    vote(scene, case.id, "erm.bae", "erm.jung", "erm.noh")
    scene.on("2026-09-10 10:00")
    condition = Condition(
        text=scene.pick(
            ko="다음 버전은 재학습한 모델로만 낸다", en="The next version ships with the retrained model only"
        ),
        owner="model_lead",
        due=dt.date(2026, 11, 30),
    )
    conditional = asi.Outcome.APPROVE_WITH_CONDITIONS
    decided = vote(scene, case.id, "top.kang", outcome=conditional, conditions=[condition])
    register.contain(RRN, until=_CONTAINED_UNTIL, by="ml.lee")
    scene.say(
        ko="안건은 사고 기한 안에 세 기구를 거칩니다. 결정이 나기 전에는 아무도 차단을 일찍 풀 수 없습니다. 최고 "
        "의사결정 기구는 조건을 붙여 승인하고, 차단은 11일 아침에 끝납니다.",
        en="The case passes the three bodies within the clocks of an incident. Before they have decided, nobody can "
        "end the containment early. The top decision body approves with a condition, and the containment ends on the "
        "11th.",
    )
    show_refusals(scene, [(scene.pick(ko="결정 전에 차단 종료", en="end the containment before the decision"), early)])
    show_decisions(scene, decided)
    scene.teller.write("")
    scene.teller.points(
        scene.pick(ko="조건: ", en="Condition: ") + f"{one.text} ({one.owner}, {one.due})" for one in decided.conditions
    )
    scene.on("2026-09-11 09:00")
    verify(scene, SLIP, 8, scene.proof("seeded-slips-september", EvidenceKind.SEEDED_ERRORS))
    show_gate(scene, register.component_gate(SYSTEM, "reply"))
