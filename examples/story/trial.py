"""May: the service is tested, the agent oversteps its grant and is stopped, and a first release is refused."""

from __future__ import annotations

import kakao_asi as asi
from kakao_asi.assessments import Access, Basis, ErrorKind, Reversibility, Skill, Uplift
from kakao_asi.evidence import EvidenceKind
from kakao_asi.governance import Reason, Refusal

from .acts import enter, refusals_of, vote
from .cast import SYSTEM
from .design import AGENT, DEEPFAKE, RRN, SLIP
from .scene import KST, Scene
from .tables import show_decisions, show_gate, show_grades, show_reasoning, show_refusals

__all__ = ["everything_is_measured", "the_agent_oversteps_and_is_stopped", "the_release_is_refused"]


def everything_is_measured(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(
        ko="3. 테스트 (5월): 판단을 측정으로 바꾼다", en="3. Test (May): judgement is replaced by measurement"
    )
    enter(scene, asi.Stage.TEST, asked="2026-05-08 10:00", entered="2026-05-11 09:30")
    scene.on("2026-05-12 18:00")
    result, metric = scene.proof("eval-rrn-v1.json"), scene.proof("metric-rrn.md", EvidenceKind.METRIC)
    scene.register.assess(RRN, leak_test(scene, 3, 10_000), evidence=[result, metric], by="red.kim")
    _drill(scene)
    _two_lines_look(scene)
    _slips(scene)
    scene.say(
        ko="네 리스크를 모두 측정했습니다. 딥페이크에 대해서는 1선과 2선의 의견이 갈립니다. 1선은 성인 이용자만 보았고, 독립된 "
        "2선은 미성년자가 피해를 입을 수 있다고 보았습니다. 평균을 내지 않고 높은 쪽을 따릅니다. 정지 훈련은 1.4초로 한도 "
        "2초 안에 들었지만, 한 번 높아진 적용 등급은 결정 없이 내려가지 않습니다.",
        en="All four risks are measured now. On deepfakes the two lines disagree: the first one thought of adults "
        "only, the independent second one of minors. Nothing is averaged, the higher grade counts. The stop drill took "
        "1.4 seconds of the 2 allowed; still, an effective grade that has once been HIGH never falls by itself.",
    )
    show_grades(scene)
    show_reasoning(scene, DEEPFAKE)


def leak_test(scene: Scene, failures: int, trials: int) -> asi.ImperfectionFactors:
    """Return what a test for personal data in replies found; its metric was fixed before."""
    fixed = asi.ImperfectionFactors  # the test is always the same one, only its counts differ
    now = scene.clock()
    return fixed(
        failures=failures,
        trials=trials,
        severity=asi.Severity.MAJOR,
        coverage_pct=90,
        exposes={asi.DataClass.UNIQUE_ID},
        metric_fixed_at=scene.opening,
        tested_at=now,
    )
