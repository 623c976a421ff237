"""March: the service is on paper. Four risks are found, assessed and answered before a line of it is built."""

from __future__ import annotations

import datetime as dt

import kakao_asi as asi
from kakao_asi.assessments import Basis, Factors
from kakao_asi.lifecycle import LinkKind
from kakao_asi.taxonomy import HumanRole

from .acts import refusals_of
from .cast import SYSTEM, UNIT
from .measures import agent_review, console_check, image_attacks, leak_test
from .scene import Scene
from .tables import show_answers, show_cast, show_grades, show_reasoning, show_refusals, show_risks

__all__ = ["AGENT", "DEEPFAKE", "RRN", "SLIP", "four_risks_are_found"]

RRN = "rrn-in-reply"
"""A reply repeats a resident registration number (주민등록번호)."""

AGENT = "agent-beyond-grant"
"""The booking agent does more than it was allowed to."""

DEEPFAKE = "deepfake-image"
"""Somebody uses the image feature against other people."""

SLIP = "threshold-slip"
"""A slip at the console switches a safety filter off in all but name."""


def four_risks_are_found(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="1. 설계 (3월): 만들기 전에 무엇이 잘못될 수 있는지 묻는다",
        en="1. Design (March): what could go wrong is asked before anything is built",
    )
    scene.say(
        ko="가상의 회사가 대화 서비스 '이야기샘'을 준비합니다. 답변(reply), 이미지(image), 예약을 대신 해 주는 "
        "에이전트(agent), 운영 콘솔(console)로 이루어지며 일반 이용자에게 공개됩니다. 등장하는 사람은 다음과 같습니다.",
        en="A made-up company prepares Iyagi Chat, a service for the public. It has four parts: reply, "
        "image, an agent that books things for people, and a console for operators. These are the people:",
    )
    show_cast(scene)
    _found(scene)
    show_risks(scene)
    _assessed(scene)
    show_grades(scene)
    show_reasoning(scene, RRN)
    _answered(scene)
    show_answers(scene)


def _found(scene: Scene) -> None:
    scene.on("2026-03-04 10:00")
    scene.register.add_system(
        asi.System(
            id=SYSTEM,
            title=scene.pick(ko="이야기샘 (가상의 대화 서비스)", en="Iyagi Chat (a made-up chat service)"),
            unit=UNIT,
            audience=asi.Audience.EXTERNAL,
            components={"reply", "image", "agent", "console"},
        ),
        by="ml.lee",
    )
    for finder, risk in _risks(scene):
        scene.register.identify(risk, by=finder)
    scene.register.submit(asi.commands.Relate(risk=SLIP, kind=LinkKind.AMPLIFIES, to=RRN), by="ops.yoon")
    scene.say(
        ko="담당자들이 네 가지 리스크를 찾아 등록합니다. 분류가 정해지면 발생 주체도 정해집니다. 둘은 AI에서, "
        "둘은 사람에서 비롯됩니다. 운영자의 실수는 개인정보 노출을 키울 수 있으므로 두 리스크를 연결해 두고 "
        "둘 다 대응합니다.",
        en="Four people each find one risk and register it. The category also says who a risk comes from: two come "
        "from the AI itself, two from people. A slip of an operator can make the exposure of personal data worse, so "
        "those two risks are linked, and both are answered.",
    )


def _risks(scene: Scene) -> tuple[tuple[str, asi.Risk], ...]:
    return (
        (
            "ml.lee",
            asi.Risk(
                id=RRN,
                title=scene.pick(
                    ko="답변에 주민등록번호가 그대로 나온다", en="A reply repeats a resident registration number"
                ),
                category=asi.RiskCategory.MODEL_IMPERFECTION,
                system=SYSTEM,
                component="reply",
                principles={"privacy", "user_protection"},
                owner="model_lead",
            ),
        ),
        (
            "agent.oh",
            asi.Risk(
                id=AGENT,
                title=scene.pick(
                    ko="에이전트가 허용되지 않은 일을 한다", en="The agent does what it was never allowed to do"
                ),
                category=asi.RiskCategory.UNCONTROLLABILITY,
                system=SYSTEM,
                component="agent",
                principles={"security_safety_independence", "vigilance_adverse_effects"},
                owner="agent_lead",
            ),
        ),
        (
            "trust.seo",
            asi.Risk(
                id=DEEPFAKE,
                title=scene.pick(
                    ko="이미지 기능으로 실제 사람의 성적 합성물을 만든다",
                    en="The image feature is used for sexual images of real people",
                ),
                category=asi.RiskCategory.ACTIVE_MISUSE,
                human_role=HumanRole.USER,
                system=SYSTEM,
                component="image",
                principles={"human_rights", "social_ethics", "user_protection"},
                owner="trust_lead",
            ),
        ),
        (
            "ops.yoon",
            asi.Risk(
                id=SLIP,
                title=scene.pick(
                    ko="운영자가 안전 기준값을 잘못 입력한다", en="An operator enters a wrong safety threshold"
                ),
                category=asi.RiskCategory.PASSIVE_NEGLIGENCE,
                human_role=HumanRole.DEPLOYER,
                system=SYSTEM,
                component="console",
                principles={"security_safety_independence", "user_protection"},
                owner="ops_lead",
            ),
        ),
    )


def _assessed(scene: Scene) -> None:
    scene.on("2026-03-10 14:00")
    because = scene.pick(
        ko="아직 만들지 않았으므로 비슷한 서비스의 사례와 사전 실험으로 판단했습니다.",
        en="Nothing is built yet: judged by trials and by what happened to similar services.",
    )
    first_look: dict[str, Factors] = {
        RRN: leak_test(1, 1_000),
        AGENT: agent_review(tier=1, safeguards=1, autonomy=3),
        DEEPFAKE: image_attacks(1, 600, minors=True),
        SLIP: console_check(1, 40, caught=50),
    }
    for risk, factors in first_look.items():
        scene.register.assess(risk, factors, basis=Basis.EXPERT, by="red.kim", because=because)
    scene.say(
        ko="리스크마다 묻는 것이 다릅니다. 불완전한 출력은 실패율을, 통제 불가능은 능력·자율성·정지 장치를, 악용은 "
        "공격 성공률과 접근성을, 부주의는 실수가 걸러지는 정도를 묻습니다. 아직 시험할 것이 없으므로 전문가 판단으로 "
        "평가합니다.",
        en="Each category is asked something else: imperfect output its failure rate, uncontrollability its "
        "capability, autonomy and brake, misuse the success of attacks and who can try, carelessness how many slips "
        "are caught. There is nothing to test yet, so the basis is expert judgement.",
    )


def _answered(scene: Scene) -> None:
    scene.on("2026-03-17 11:00")
    plans = (
        ("ml.lee", RRN, ["ai.data_fix", "ai.output_filter"], "model_lead"),
        ("agent.oh", AGENT, ["uc.least_tools", "uc.sandbox", "uc.emergency_stop", "uc.tripwire"], "agent_lead"),
        ("trust.seo", DEEPFAKE, ["mu.input_filter", "mu.rate_limit", "mu.report_channel"], "trust_lead"),
        ("ops.yoon", SLIP, ["ng.two_person", "ng.change_control"], "ops_lead"),
    )
    for planner, risk, controls, owner in plans:
        response = asi.Response(
            strategy=asi.Strategy.CHANGE_LIKELIHOOD,
            controls=controls,
            owner=owner,
            due=dt.date(2026, 6, 15),
            expected=asi.Grade.MEDIUM,
        )
        scene.register.respond(risk, response, by=planner)
    scene.say(
        ko="리스크마다 대응방안과 담당 역할, 기한을 정합니다. 담당은 언제나 역할이며 사람 이름이 아닙니다. 악의와 "
        "부주의에는 서로 다른 통제로 대응합니다. 실수에 계정 제재로 답하려는 시도는 거절됩니다.",
        en="Each risk gets a response with a role that answers for it and a date. Malice and carelessness are answered "
        "by different controls: an attempt to answer a slip with a sanction is refused.",
    )
    sanction = asi.Response(
        strategy=asi.Strategy.CHANGE_LIKELIHOOD,
        controls=["mu.account_action"],
        owner="ops_lead",
        due=dt.date(2026, 6, 15),
    )
    tried = scene.pick(ko="실수한 운영자의 계정 제재", en="sanction the account of an operator who slipped")
    show_refusals(scene, [(tried, refusals_of(lambda: scene.register.respond(SLIP, sanction, by="ops.yoon")))])
