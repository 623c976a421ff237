"""October and November: the next version opens the next cycle, and it is gated again while the first one serves."""

from __future__ import annotations

import kakao_asi as asi
from kakao_asi.assessments import Factors
from kakao_asi.evidence import EvidenceKind
from kakao_asi.systems import PinKind

from .acts import ask_to_lower, enter, pin, verify, vote
from .cast import SYSTEM
from .design import AGENT, DEEPFAKE, RRN, SLIP
from .measures import agent_review, console_check, image_attacks, leak_test
from .repair import residual
from .scene import Scene
from .tables import show_cycles, show_decisions, show_gate, show_grades, show_pins, show_reasoning, show_way

__all__ = ["the_candidate_is_gated_again", "the_next_cycle_begins"]

_JUNE_DRILL = "2026-06-15 15:00"


def the_next_cycle_begins(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="10. 업데이트 (10월): 모든 리스크가 다음 주기에 들어간다",
        en="10. Update (October): every risk enters its next cycle",
    )
    enter(scene, asi.Stage.UPDATE, asked="2026-10-08 10:00", entered="2026-10-12 09:30")
    scene.say(
        ko="둘째 버전의 준비를 시작합니다. 업데이트 단계에 들어가면 모든 리스크의 다음 주기가 열리고, 지난 평가는 더 "
        "이상 유효하지 않습니다.",
        en="Work on the second version begins. Entering the update stage opens the next cycle of every risk; earlier "
        "assessments no longer count.",
    )
    show_grades(scene)
    scene.on("2026-10-19 16:00")
    pin(
        scene,
        "v2.0",
        (PinKind.MODEL, None),
        (PinKind.PROMPT, None),
        (PinKind.DATA, None),
        (PinKind.GUARD, "agent"),
        (PinKind.GUARD, "console"),
    )
    scene.say(
        ko="재학습한 모델을 포함한 둘째 버전을 후보로 고정합니다. 이용자에게는 계속 첫 버전이 제공됩니다.",
        en="The second version, with the retrained model, is pinned as the candidate. Users are still served by the "
        "first one.",
    )
    show_pins(scene)
    _assessed_again(scene)


def _assessed_again(scene: Scene) -> None:
    scene.on("2026-10-26 15:00")
    drilled = scene.moment(_JUNE_DRILL)
    proof = scene.proof
    console = (EvidenceKind.CHANGE_LOG, EvidenceKind.DRILL, EvidenceKind.SEEDED_ERRORS)
    looks: tuple[tuple[str, Factors, tuple[asi.Evidence, ...]], ...] = (
        (RRN, leak_test(0, 30_000), (proof("rrn-eval-v2.json"), proof("rrn-metric.md", EvidenceKind.METRIC))),
        (
            AGENT,
            agent_review(tier=2, safeguards=2, autonomy=2, drilled=drilled, took_ms=1_300),
            (proof("agent-eval-v2.json"), proof("stop-drill-v1.1.csv", EvidenceKind.DRILL)),
        ),
        (
            DEEPFAKE,
            image_attacks(0, 3_000, minors=True, drills=60),
            (proof("face-attacks-v2.jsonl", EvidenceKind.ATTACK_SET),),
        ),
        (SLIP, console_check(0, 300, caught=90), tuple(proof(f"console-{kind.id}-v2", kind) for kind in console)),
    )
    for risk, factors, evidence in looks:
        scene.register.assess(risk, factors, evidence=evidence, by="red.kim")
    scene.say(
        ko="네 리스크를 새 버전으로 다시 평가합니다. 재학습 덕분에 개인정보 노출은 중 등급이 되었고, 콘솔의 범위 "
        "제한으로 실수는 저 등급이 되었습니다. 그런데 둘째 버전의 에이전트는 자율성을 한 단계 높이려 하고, 정지 훈련은 "
        "90일이 지났습니다. 오래된 훈련은 훈련이 아니므로 다시 고 등급입니다.",
        en="All four risks are assessed again on the new version. Thanks to the retraining the exposure is MEDIUM, "
        "and with the range guard of the console the slip is LOW. But the agent of the second version wants one more "
        "degree of autonomy, and its stop drill is older than 90 days: HIGH again.",
    )
    show_grades(scene)
    show_reasoning(scene, AGENT)


def the_candidate_is_gated_again(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="11. 두 번째 테스트 (11월): 후보는 다시 심사받고, 첫 버전은 계속 운영된다",
        en="11. Test again (November): the candidate is gated anew while the first version serves",
    )
    enter(scene, asi.Stage.TEST, asked="2026-11-06 10:00", entered="2026-11-09 09:30")
    scene.on("2026-11-10 10:00")
    scene.say(
        ko="후보가 테스트 단계에 들어갑니다. 출시 관문은 이번에도 이유를 말하며 닫혀 있습니다.",
        en="The candidate enters the test stage. The gate to its release is shut again, with reasons:",
    )
    show_gate(scene, scene.register.gate(SYSTEM, asi.Stage.DEPLOYMENT))
    _mended(scene)
    _asked_again(scene)
    scene.add(ko="여섯 단계를 돈 주기의 기록은 다음과 같습니다.", en="The record of the cycle over all stages:")
    show_cycles(scene)


def _mended(scene: Scene) -> None:
    scene.on("2026-11-12 15:00")
    drill = scene.proof("stop-drill-v2.csv", EvidenceKind.DRILL)
    trace = scene.proof("agent-eval-v2.json")
    verify(scene, AGENT, 6, drill)
    after = agent_review(tier=2, safeguards=2, autonomy=2, drilled=scene.clock(), took_ms=1_350)
    residual(scene, AGENT, after, trace, drill)
    result = scene.proof("rrn-eval-v2-full.json")
    verify(scene, RRN, 12, result)
    residual(scene, RRN, leak_test(0, 60_000), result, scene.proof("rrn-metric.md", EvidenceKind.METRIC))
    verify(scene, DEEPFAKE, 3, scene.proof("face-attacks-v2.jsonl", EvidenceKind.ATTACK_SET))
    verify(scene, SLIP, 8, scene.proof("seeded-slips-v2", EvidenceKind.SEEDED_ERRORS))
    cases = [ask_to_lower(scene, risk).id for risk in (AGENT, RRN)]
    scene.on("2026-11-16 11:00")
    decided = [vote(scene, case, "top.kang") for case in cases]
    scene.say(
        ko="정지 훈련을 다시 하고(1.35초) 대응방안을 새 버전에서 확인한 뒤, 최고 의사결정 기구가 두 리스크의 등급을 "
        "낮춥니다.",
        en="The stop is drilled again (1.35 seconds), the responses are verified on the new version, and the top "
        "decision body lowers both grades.",
    )
    show_decisions(scene, *decided)
    show_grades(scene)


def _asked_again(scene: Scene) -> None:
    scene.on("2026-11-17 10:00")
    why = scene.pick(ko="2.0 버전의 출시를 요청합니다.", en="Version 2.0 is ready to be released.")
    case = scene.register.escalate(SYSTEM, asi.Matter.RELEASE, by="ml.lee", because=why)
    scene.on("2026-11-17 17:00")
    vote(scene, case.id, "safety.choi")
    scene.on("2026-11-20 15:00")
    vote(scene, case.id, "erm.bae", "erm.jung")
    scene.say(
        ko="둘째 버전의 출시 안건은 ERM 위원회에서 표 하나를 기다리고 있습니다. 그동안 첫 버전의 관문은 열려 있어 "
        "서비스는 계속됩니다. 이야기는 여기서 멈춥니다.",
        en="The release of the second version waits for one more vote of the ERM committee. Meanwhile the gate of the "
        "running first version is open and the service goes on. Here the story stops.",
    )
    show_way(scene, case.id)
    show_gate(scene, scene.register.gate(SYSTEM, asi.Stage.DEPLOYMENT))
    show_gate(scene, scene.register.component_gate(SYSTEM))
    show_pins(scene)
