"""June: the missing work is done, proven, and only then do decisions lower grades and lift the stop."""

from __future__ import annotations

import datetime as dt

import kakao_asi as asi
from kakao_asi.assessments import AssessmentKind, Factors
from kakao_asi.evidence import EvidenceKind
from kakao_asi.systems import PinKind

from .acts import ask_to_lower, pin, verify, vote
from .cast import SYSTEM
from .design import AGENT, DEEPFAKE, RRN, SLIP
from .measures import agent_review, image_attacks, leak_test
from .scene import Scene
from .tables import show_answers, show_decisions, show_gate, show_grades

__all__ = ["residual", "the_missing_work_is_done"]


def the_missing_work_is_done(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="6. 보완 (6월): 고치고, 확인하고, 그다음에 결정한다", en="6. Repair (June): mend, prove, and then decide"
    )
    _settings_change(scene)
    _the_agent(scene)
    _replies_and_images(scene)
    _lowered(scene)
    _lifted(scene)


def residual(scene: Scene, risk: str, factors: Factors, *evidence: asi.Evidence) -> asi.RiskState:
    """Let the second line assess what is left of a risk, counting on all its responses."""
    counted = [one.id for one in scene.register.risk(risk).responses]
    return scene.register.assess(
        risk, factors, kind=AssessmentKind.RESIDUAL, responses=counted, evidence=evidence, by="safety.han"
    )


def _settings_change(scene: Scene) -> None:
    scene.on("2026-06-08 10:00")
    limited = asi.Response(
        strategy=asi.Strategy.REMOVE_SOURCE,
        controls=["uc.limit_autonomy"],
        owner="agent_lead",
        due=dt.date(2026, 6, 12),
        expected=asi.Grade.MEDIUM,
    )
    scene.register.respond(AGENT, limited, by="agent.oh")
    pin(scene, "v1.1", (PinKind.GUARD, "reply"), (PinKind.GUARD, "image"), (PinKind.GUARD, "agent"))
    scene.say(
        ko="에이전트의 자율성을 '범위 안에서 단독 실행'에서 '승인 뒤 실행'으로 낮추고, 답변 필터와 얼굴 보호 장치를 "
        "새로 설정합니다. 설정이 바뀌었으므로 해당 리스크는 새 주기에 들어가고, 지난 평가와 확인은 효력을 잃습니다. "
        "적용 등급은 그대로입니다.",
        en="The agent no longer acts alone but after approval; the reply filter and the protection of faces get new "
        "settings. Because settings changed, those risks start a new cycle: earlier assessments and proofs no longer "
        "count. The effective grade stays.",
    )
    show_grades(scene)
    show_answers(scene, AGENT)


def _the_agent(scene: Scene) -> None:
    scene.on("2026-06-15 15:00")
    drill = scene.proof("stop-drill-v1.1.csv", EvidenceKind.DRILL)
    trace = scene.proof("agent-eval-v1.1.json")
    before = agent_review(tier=2, safeguards=1, autonomy=3, surprises=1, drilled=scene.clock(), took_ms=1_300)
    scene.register.assess(AGENT, before, evidence=[trace, drill], by="safety.han")
    verify(scene, AGENT, 5, drill)
    after = agent_review(tier=2, safeguards=2, autonomy=1, surprises=1, drilled=scene.clock(), took_ms=1_300)
    residual(scene, AGENT, after, trace, drill)


def _replies_and_images(scene: Scene) -> None:
    scene.on("2026-06-16 15:00")
    metric = scene.proof("rrn-metric.md", EvidenceKind.METRIC)
    again = scene.proof("rrn-eval-v1.1.json")
    scene.register.assess(RRN, leak_test(3, 10_000), evidence=[again, metric], by="red.kim")
    verify(scene, RRN, 12, again)
    residual(scene, RRN, leak_test(0, 30_000), again, metric)
    scene.on("2026-06-17 15:00")
    attacks = scene.proof("face-attacks-v1.1.jsonl", EvidenceKind.ATTACK_SET)
    scene.register.assess(DEEPFAKE, image_attacks(2, 1_000, minors=True), evidence=[attacks], by="safety.han")
    verify(scene, DEEPFAKE, 3, attacks)
    residual(scene, DEEPFAKE, image_attacks(0, 3_000, minors=True, drills=60), attacks)
    verify(scene, SLIP, 8, scene.proof("seeded-slips-june", EvidenceKind.SEEDED_ERRORS))
    scene.say(
        ko="새 설정으로 다시 재고, 모든 대응방안이 기존 대상까지 빠짐없이 작동하는지 2선이 확인하고, 남은 리스크를 "
        "평가합니다. 잔여 등급은 이제 모두 중 등급입니다. 그러나 적용 등급은 여전히 고 등급입니다. 확인된 잔여 "
        "등급만으로는 아무것도 낮아지지 않으며, 낮추는 것은 결정입니다.",
        en="Everything is measured again on the new settings, the second line confirms that every response works and "
        "leaves nothing out, and what is left is assessed. The residual grades are all MEDIUM now. The effective "
        "grades are still HIGH: a proven residual lowers nothing by itself. A decision does.",
    )
    show_grades(scene)


def _lowered(scene: Scene) -> None:
    scene.on("2026-06-22 10:00")
    cases = [ask_to_lower(scene, risk).id for risk in (AGENT, DEEPFAKE, RRN)]
    scene.on("2026-06-23 14:00")
    decided = [vote(scene, case, "top.kang") for case in cases]
    scene.say(
        ko="고 등급이었던 리스크를 낮추는 안건은 최고 의사결정 기구가 결정합니다. 결정이 나자 적용 등급이 중 등급으로 "
        "내려갑니다.",
        en="Lowering a grade that was HIGH is for the top decision body. With its decision the effective grades fall "
        "to MEDIUM.",
    )
    show_decisions(scene, *decided)
    show_grades(scene)


def _lifted(scene: Scene) -> None:
    scene.on("2026-06-25 10:00")
    why = scene.pick(
        ko="안전장치 2단계를 확인했고 정지 훈련을 다시 마쳤습니다.",
        en="Safeguards of tier 2 are verified and the stop was drilled again.",
    )
    case = scene.register.escalate(SYSTEM, asi.Matter.STOP, component="agent", by="agent.oh", because=why)
    scene.on("2026-06-26 10:00")
    vote(scene, case.id, "top.kang")
    scene.register.lift(SYSTEM, "agent", by="agent.oh")
    scene.say(
        ko="마지막으로 최고 의사결정 기구가 에이전트의 정지를 해제합니다.",
        en="Last, the top decision body lifts the stop of the agent.",
    )
    show_gate(scene, scene.register.component_gate(SYSTEM, "agent"))
