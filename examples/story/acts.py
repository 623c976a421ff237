"""What people of the story do again and again: bring a case, vote, enter a stage, lower a grade, be refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import kakao_asi as asi
from kakao_asi.governance import Condition, Refusal
from kakao_asi.responses import Coverage
from kakao_asi.systems import Pin, PinKind

from .cast import SYSTEM
from .scene import Scene

__all__ = ["ask_to_lower", "enter", "pin", "refusals_of", "verify", "vote"]


def vote(
    scene: Scene,
    case: str,
    *people: str,
    outcome: asi.Outcome = asi.Outcome.APPROVE,
    conditions: Iterable[Condition] = (),
) -> asi.Case:
    """Let people vote on a case, each for the body the case is before, and return the case."""
    for person in people:
        body = scene.register.case(case).body
        scene.register.decide(case, outcome, body=body, conditions=conditions, by=person)
    return scene.register.case(case)


def enter(scene: Scene, stage: asi.Stage, *, asked: str, entered: str) -> asi.SystemState:
    """Ask AI Safety whether the system may enter a stage, and enter it once it has approved."""
    scene.on(asked)
    why = scene.pick(ko="이 단계의 식별·평가·대응을 모두 마쳤습니다.", en="The cycle of the present stage is complete.")
    case = scene.register.escalate(SYSTEM, asi.Matter.STAGE, stage=stage, by="ml.lee", because=why)
    scene.on(entered)
    vote(scene, case.id, "safety.choi")
    return scene.register.enter(SYSTEM, stage, by="ml.lee")


def pin(scene: Scene, version: str, *parts: tuple[PinKind, str | None]) -> asi.SystemState:
    """Say which version of the parts the candidate consists of; in the story a digest stands for each."""
    pins = [
        Pin(kind=kind, component=component, digest=f"sha256:{_digest(f'{version}/{kind.id}/{component}')}")
        for kind, component in parts
    ]
    scene.register.submit(asi.commands.Pin(system=SYSTEM, pins=pins), by="ml.lee")
    return scene.system()


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def verify(scene: Scene, risk: str, reached: int, *evidence: asi.Evidence) -> asi.RiskState:
    """Let the second line confirm that every response to a risk works, for everything it is about."""
    for planned in scene.register.risk(risk).responses:
        scene.register.verify(
            risk,
            planned.id,
            coverage=Coverage(done=reached, of=reached),
            effective=True,
            evidence=evidence,
            by="safety.han",
        )
    return scene.register.risk(risk)


def ask_to_lower(scene: Scene, risk: str) -> asi.Case:
    """Bring the question whether a risk may be closed or its grade lowered; the grade decides before whom."""
    why = scene.pick(
        ko="모든 대응방안의 효과를 확인했고 잔여 리스크를 다시 평가했습니다.",
        en="Every response is verified and the residual risk is assessed.",
    )
    return scene.register.escalate(risk, asi.Matter.CLOSE_OR_LOWER, by="ml.lee", because=why)


def refusals_of(attempt: Callable[[], object]) -> tuple[Refusal, ...]:
    """Try something that has to be refused and return every reason; nothing was written.

    Raises:
        RuntimeError: it was not refused, so the story does not hold.
    """
    try:
        attempt()
    except asi.CommandRefused as refused:
        return refused.refusals
    except asi.GateBlocked as blocked:
        return blocked.result.blockers
    message = "the story expected a refusal and none came"
    raise RuntimeError(message)
