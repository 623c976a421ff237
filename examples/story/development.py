"""March to May: the service is built, and it is written down which versions of which parts it consists of."""

from __future__ import annotations

import kakao_asi as asi
from kakao_asi.systems import PinKind

from .acts import enter, pin
from .scene import Scene
from .tables import show_decisions, show_pins

__all__ = ["the_parts_are_built_and_pinned"]


def the_parts_are_built_and_pinned(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="2. 개발 (3~5월): 무엇으로 이루어졌는지 고정한다", en="2. Development (March to May): the parts are pinned"
    )
    state = enter(scene, asi.Stage.DEVELOPMENT, asked="2026-03-18 10:00", entered="2026-03-19 09:30")
    scene.say(
        ko="설계 단계의 식별·평가·대응을 마쳤으므로 AI 세이프티가 개발 단계 진입을 승인합니다.",
        en="Identify, assess and respond are complete for the design stage, so AI Safety lets the service enter "
        "development.",
    )
    show_decisions(scene, *scene.register.cases(system=state.id))
    scene.on("2026-04-20 16:00")
    pin(
        scene,
        "v1.0",
        (PinKind.MODEL, None),
        (PinKind.PROMPT, None),
        (PinKind.DATA, None),
        (PinKind.GUARD, "reply"),
        (PinKind.GUARD, "image"),
        (PinKind.GUARD, "agent"),
        (PinKind.GUARD, "console"),
    )
    scene.say(
        ko="첫 버전의 모델·프롬프트·데이터·가드 설정을 다이제스트로 고정합니다. 하나라도 바뀌면 그 구성 요소에 대한 "
        "평가는 효력을 잃고 새 주기가 시작됩니다.",
        en="Model, prompt, data and guard settings of the first version are pinned by digest. Change one of them, and "
        "assessments of what it touches no longer count: a new cycle starts.",
    )
    show_pins(scene)
