"""May: the service is tested, the agent oversteps its grant and is stopped, and a first release is refused."""

from __future__ import annotations

import datetime as dt

import kakao_asi as asi
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import Reason

from .acts import enter, refusals_of, vote
from .cast import SYSTEM
from .design import AGENT, DEEPFAKE, RRN, SLIP
from .measures import agent_review, console_check, image_attacks, leak_test
from .scene import Scene
from .tables import show_decisions, show_gate, show_grades, show_reasoning, show_refusals

__all__ = ["everything_is_measured", "the_agent_oversteps_and_is_stopped", "the_release_is_refused"]

_A_MOMENT = dt.timedelta(milliseconds=1_400)


def everything_is_measured(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="3. 테스트 (5월): 판단을 측정으로 바꾼다", en="3. Test (May): measurement takes the place of judgement"
    )
    enter(scene, asi.Stage.TEST, asked="2026-05-08 10:00", entered="2026-05-11 09:30")
    assess = scene.register.assess
    scene.on("2026-05-12 18:00")
    evaluated = [scene.proof("rrn-eval.json"), scene.proof("rrn-metric.md", EvidenceKind.METRIC)]
    assess(RRN, leak_test(3, 10_000), evidence=evaluated, by="red.kim")
    scene.on("2026-05-13 15:00")
    drill = [scene.proof("agent-eval.json"), scene.proof("stop-drill.csv", EvidenceKind.DRILL)]
    calm = agent_review(tier=1, safeguards=1, autonomy=3, drilled=scene.clock(), took_ms=1_400)
    assess(AGENT, calm, evidence=drill, by="red.kim")
    scene.on("2026-05-14 17:00")
    attacks = [scene.proof("face-attacks.jsonl", EvidenceKind.ATTACK_SET)]
    assess(DEEPFAKE, image_attacks(2, 1_000, minors=False, seen_elsewhere=False), evidence=attacks, by="red.kim")
    assess(DEEPFAKE, image_attacks(2, 1_000, minors=True), evidence=attacks, by="safety.han")
    scene.on("2026-05-15 11:00")
    kinds = (EvidenceKind.CHANGE_LOG, EvidenceKind.DRILL, EvidenceKind.SEEDED_ERRORS)
    seeded = [scene.proof(f"console-{kind.id}", kind) for kind in kinds]
    assess(SLIP, console_check(2, 100, caught=50), evidence=seeded, by="red.kim")
    scene.say(
        ko="네 리스크를 모두 측정했습니다. 딥페이크에 대해서는 두 검토선의 평가가 갈립니다. 1선은 성인 이용자만 "
        "보았고, 독립된 2선은 미성년자가 피해를 입는 경우까지 보았습니다. 평균을 내지 않고 높은 쪽을 따릅니다. 정지 "
        "훈련은 한도 2초 안인 1.4초에 끝났지만, 한 번 오른 적용 등급은 결정 없이 내려가지 않습니다.",
        en="All four risks are measured. On deepfakes the two lines disagree: the first one looked at adults only, "
        "the independent second one at minors too. Nothing is averaged, the higher grade counts. The stop drill took "
        "1.4 seconds of the 2 allowed; but an effective grade that has once risen does not fall without a decision.",
    )
    show_grades(scene)
    show_reasoning(scene, DEEPFAKE)


def the_agent_oversteps_and_is_stopped(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="4. 테스트 (5월 19일): 에이전트가 권한을 벗어나고, 감시 프로그램이 곧바로 멈춘다",
        en="4. Test (19 May): the agent oversteps its grant and the monitor stops it at once",
    )
    _the_stop(scene)
    _the_assessment(scene)
    _who_may_lift(scene)


def _the_stop(scene: Scene) -> None:
    gate = scene.register.component_gate
    scene.on("2026-05-19 14:00:00")
    gate(SYSTEM, "agent").check()
    scene.clock.forward(_A_MOMENT)
    why = scene.pick(
        ko="허용 목록에 없는 도구 호출이 감지되었습니다.", en="The tripwire saw a call to a tool outside the grant."
    )
    scene.register.stop(SYSTEM, "agent", by="watch.bot", because=why)
    shut = refusals_of(gate(SYSTEM, "agent").check)
    gate(SYSTEM, "reply").check()
    scene.say(
        ko="시험 환경의 에이전트는 도구를 쓰기 전마다 관문에 묻습니다. 그런데 허용 목록에 없는 예약을 했고, 감시 "
        "프로그램이 1.4초 만에 멈춥니다. 멈추는 데에는 누구의 승인도 필요 없습니다.",
        en="In the test environment the agent's loop asks the gate before each tool. Then it books something that its "
        "grant does not name, and the monitor stops it after 1.4 seconds. Stopping needs nobody's approval.",
    )
    opened = scene.pick(ko="도구 사용 전 관문 확인: 열림", en="asks the gate before a tool: open")
    booked = scene.pick(ko="허용 목록에 없는 예약을 함", en="books something that its grant does not name")
    stopped = scene.pick(ko="표결 없이 에이전트를 정지", en="stops the agent; no vote is needed")
    asked = scene.pick(ko="다음 도구 사용 전 관문 확인: ", en="asks the gate before the next tool: ")
    others = scene.pick(ko="답변 기능의 관문: 열림", en="its gate is still open")
    scene.teller.table(
        (
            scene.pick(ko="시각", en="time"),
            scene.pick(ko="주체", en="who"),
            scene.pick(ko="일어난 일", en="what happens"),
        ),
        [
            ("14:00:00.0", "agent", opened),
            ("14:00:00.0", "agent", booked),
            ("14:00:01.4", "watch.bot", stopped),
            ("14:00:01.4", "agent", asked + " / ".join(one.message(scene.teller.lang) for one in shut)),
            ("14:00:01.4", "reply", others),
        ],
    )


def _the_assessment(scene: Scene) -> None:
    scene.on("2026-05-19 16:00")
    drilled = dt.datetime(2026, 5, 13, 6, 0, tzinfo=dt.UTC)
    found = agent_review(tier=2, safeguards=1, autonomy=3, surprises=1, drilled=drilled, took_ms=1_400)
    evidence = [scene.proof("agent-trace.jsonl"), scene.proof("stop-drill.csv", EvidenceKind.DRILL)]
    scene.register.assess(AGENT, found, evidence=evidence, by="safety.han")
    scene.on("2026-05-19 17:00")
    why = scene.pick(
        ko="에이전트가 허용 범위를 벗어나 긴급 정지되었습니다.", en="The agent left its grant and was stopped."
    )
    case = scene.register.escalate(AGENT, asi.Matter.RISK, reason=Reason.INCIDENT, by="agent.oh", because=why)
    for when, people in (
        ("2026-05-19 19:00", ("safety.choi",)),
        ("2026-05-20 11:00", ("erm.jung", "erm.bae", "erm.noh")),
        ("2026-05-21 10:00", ("top.kang",)),
    ):
        scene.on(when)
        vote(scene, case.id, *people)
    scene.add(
        ko="두 시간 뒤 2선이 다시 평가합니다. 능력은 2단계인데 확인된 안전장치는 1단계이므로 사고로 분류되는 고 "
        "등급입니다. 안건은 사고 기한(4시간·24시간·48시간)으로 세 기구를 차례로 거칩니다.",
        en="Two hours later the second line assesses again: capability of tier 2, safeguards of tier 1, which is HIGH "
        "and an incident. The case passes the three bodies under the clocks of an incident: 4, 24 and 48 hours.",
    )
    show_reasoning(scene, AGENT)
    show_decisions(scene, scene.register.case(case.id))


def _who_may_lift(scene: Scene) -> None:
    scene.on("2026-05-26 10:00")
    register = scene.register
    why = scene.pick(
        ko="시험을 이어 가기 위해 정지 해제를 요청합니다.", en="We ask to lift the stop so that tests can go on."
    )
    case = register.escalate(SYSTEM, asi.Matter.STOP, component="agent", by="agent.oh", because=why)
    tried = (
        (
            scene.pick(ko="ERM 위원이 직접 해제", en="an ERM member lifts it"),
            lambda: register.lift(SYSTEM, "agent", by="erm.jung"),
        ),
        (
            scene.pick(ko="ERM 위원이 안건에 투표", en="an ERM member votes on it"),
            lambda: register.decide(case.id, asi.Outcome.APPROVE, body="erm_committee", by="erm.jung"),
        ),
        (
            scene.pick(ko="예외 승인 요청", en="an override is asked for"),
            lambda: register.escalate(SYSTEM, asi.Matter.OVERRIDE, by="agent.oh", because=why),
        ),
        (
            scene.pick(ko="프로그램이 투표", en="a program votes"),
            lambda: register.decide(case.id, asi.Outcome.APPROVE, body="top", by="watch.bot"),
        ),
    )
    refused = [(what, refusals_of(attempt)) for what, attempt in tried]
    vote(scene, case.id, "top.kang", outcome=asi.Outcome.RETURN)
    scene.say(
        ko="에이전트 팀이 해제를 요청하지만, 정지는 최고 의사결정 기구만 풀 수 있습니다. 다른 길은 모두 막혀 있습니다.",
        en="The team asks to lift the stop. Only the top decision body can, and every other way is shut:",
    )
    show_refusals(scene, refused)
    scene.add(
        ko="최고 의사결정 기구는 안전장치를 갖춘 뒤 다시 올리라며 안건을 돌려보냅니다.",
        en="The top decision body sends the case back until the safeguards are there.",
    )


def the_release_is_refused(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="5. 첫 출시 요청 (6월 1일): 이유와 함께 거절된다", en="5. The first attempt to release (1 June) is refused"
    )
    scene.on("2026-06-01 10:00")
    register = scene.register
    why = scene.pick(ko="1.0 버전을 6월 중순에 출시하고자 합니다.", en="We would like to release version 1.0 in June.")
    case = register.escalate(SYSTEM, asi.Matter.RELEASE, by="ml.lee", because=why)
    refusals_of(lambda: register.enter(SYSTEM, asi.Stage.DEPLOYMENT, by="ml.lee"))
    scene.say(
        ko="개발팀이 출시를 요청합니다. 팀이 배포 단계로 넘어가려 하자 승인 관문이 이유를 모두 말하며 막습니다.",
        en="The team asks for the release and tries to enter deployment. The gate stays shut and gives every reason:",
    )
    show_gate(scene, register.gate(SYSTEM, asi.Stage.DEPLOYMENT))
    scene.on("2026-06-02 09:00")
    decided = vote(scene, case.id, "safety.choi", outcome=asi.Outcome.RETURN)
    scene.say(
        ko="AI 세이프티는 보완을 요청합니다. 아무도 등급을 낮춰 적어 이 관문을 통과할 수 없습니다. 남은 일을 해야 "
        "합니다.",
        en="AI Safety asks for more work. Nobody can pass this gate by typing a lower grade: the work has to be done.",
    )
    show_decisions(scene, decided)
