"""July: three bodies approve the release one after the other, and the first version goes live."""

from __future__ import annotations

import kakao_asi as asi
from kakao_asi.evidence import EvidenceKind

from .acts import ask_to_lower, enter, refusals_of, vote
from .cast import SYSTEM
from .design import RRN
from .measures import leak_test
from .repair import residual
from .scene import Scene
from .tables import show_decisions, show_gate, show_grades, show_pins, show_refusals, show_way

__all__ = ["the_first_weeks_are_watched", "three_bodies_approve"]


def three_bodies_approve(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="7. 출시 결정 (7월): 세 기구가 차례로 승인한다",
        en="7. The release (July): three bodies approve, one after the other",
    )
    scene.on("2026-07-06 10:00")
    why = scene.pick(ko="보완을 마친 1.1 버전의 출시를 요청합니다.", en="The missing work is done; 1.1 is ready.")
    case = scene.register.escalate(SYSTEM, asi.Matter.RELEASE, by="ml.lee", because=why)
    scene.say(
        ko="다시 출시를 요청합니다. 이번 안건은 지금의 상태와 고정된 버전에 묶여 있어, 그 뒤에 무엇이든 바뀌면 승인은 "
        "무효가 됩니다. 안건이 거치는 길은 다음과 같습니다.",
        en="The release is asked for again. The case is tied to the present state and to the pinned versions: should "
        "anything material change, approvals no longer count. This is its way:",
    )
    show_way(scene, case.id)
    _votes(scene, case.id)
    show_gate(scene, scene.register.gate(SYSTEM, asi.Stage.DEPLOYMENT))
    scene.on("2026-07-13 09:00")
    scene.register.enter(SYSTEM, asi.Stage.DEPLOYMENT, by="ml.lee")
    scene.say(ko="첫 버전이 이용자에게 공개됩니다.", en="The first version goes live.")
    show_pins(scene)


def _votes(scene: Scene, case: str) -> None:
    register = scene.register
    approve = asi.Outcome.APPROVE

    scene.on("2026-07-06 16:00")
    vote(scene, case, "safety.choi")
    scene.on("2026-07-08 14:00")
    owner = refusals_of(lambda: register.decide(case, approve, body="erm_committee", by="trust.seo"))
    vote(scene, case, "erm.jung")
    alias = refusals_of(lambda: register.decide(case, approve, body="erm_committee", by="jung.mobile"))
    early = refusals_of(lambda: register.decide(case, approve, body="top", by="top.kang"))
    vote(scene, case, "erm.bae", "erm.noh")
    scene.on("2026-07-10 11:00")
    decided = vote(scene, case, "top.kang")
    scene.say(
        ko="한 사람이 위원회가 될 수는 없습니다. ERM 위원회의 정족수는 서로 다른 세 사람이며, 다음 표는 받아들여지지 "
        "않았습니다.",
        en="One person is never a committee. The quorum of the ERM committee is three different people, and these "
        "votes were not taken:",
    )
    show_refusals(
        scene,
        [
            (scene.pick(ko="담당자인 위원의 표", en="a member who owns one of the risks"), owner),
            (scene.pick(ko="다른 이름으로 두 번째 표", en="a second vote under another name"), alias),
            (scene.pick(ko="순서를 앞지른 표", en="a vote before its turn"), early),
        ],
    )
    show_decisions(scene, decided)


def the_first_weeks_are_watched(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(ko="8. 배포 (7월): 첫 두 주를 지켜본다", en="8. Deployment (July): the first two weeks are watched")
    scene.on("2026-07-27 15:00")
    result = scene.proof("rrn-live-sample.json")
    residual(scene, RRN, leak_test(0, 60_000), result, scene.proof("rrn-metric.md", EvidenceKind.METRIC))
    case = ask_to_lower(scene, RRN)
    scene.on("2026-07-29 14:00")
    decided = vote(scene, case.id, "erm.bae", "erm.jung", "erm.noh")
    scene.register.close(RRN, by="ml.lee")
    scene.say(
        ko="두 주 동안의 답변 6만 건에서 주민등록번호는 한 번도 나오지 않았습니다. 중 등급 리스크의 종결은 ERM "
        "위원회가 결정합니다.",
        en="In 60,000 replies of two weeks there was no resident registration number. Closing a MEDIUM risk is for "
        "the ERM committee.",
    )
    show_decisions(scene, decided)
    show_grades(scene)
    enter(scene, asi.Stage.MONITORING, asked="2026-07-31 10:00", entered="2026-08-03 09:30")
    scene.say(ko="서비스가 모니터링 단계에 들어갑니다.", en="The service enters monitoring.")
