"""The tables of the account, each read off the register."""

from __future__ import annotations

from collections.abc import Iterable

import kakao_asi as asi
from kakao_asi.assessments import AssessmentKind
from kakao_asi.governance import Refusal
from kakao_asi.responses import CONTROLS, PlannedResponse

from .cast import CAST, SYSTEM
from .scene import Scene

__all__ = [
    "show_answers",
    "show_blockers",
    "show_cast",
    "show_cycles",
    "show_decisions",
    "show_gate",
    "show_grades",
    "show_pins",
    "show_reasoning",
    "show_refusals",
    "show_risks",
    "show_way",
]


def show_cast(scene: Scene) -> None:
    """Show who is in the story."""
    scene.teller.table(
        (scene.pick(ko="사람", en="who"), scene.pick(ko="하는 일", en="what they do")),
        [(member.id, scene.pick(ko=member.ko, en=member.en)) for member in CAST],
    )


def category_of(scene: Scene, category: asi.RiskCategory) -> str:
    """Write a category with the actor that it implies."""
    return f"{scene.label(category)} ({scene.label(category.actor)})"


def grade_of(scene: Scene, grade: asi.Grade | None) -> str:
    """Write a grade; none is not low but unknown."""
    return scene.pick(ko="미평가", en="not assessed") if grade is None else scene.label(grade)


def show_risks(scene: Scene) -> None:
    """Show what could go wrong, and who each risk comes from."""
    scene.teller.table(
        (
            scene.pick(ko="리스크", en="risk"),
            scene.pick(ko="무엇이 잘못될 수 있는가", en="what could go wrong"),
            scene.pick(ko="분류 (발생 주체)", en="category (from)"),
            scene.pick(ko="찾은 사람", en="found by"),
        ),
        [
            (state.id, state.risk.title, category_of(scene, state.risk.category), state.identified_by)
            for state in scene.risks()
        ],
    )


def show_grades(scene: Scene, *risks: str) -> None:
    """Show how risks stand: assessed before and after responses, and the grade that decides."""
    chosen = [state for state in scene.risks() if not risks or state.id in risks]
    found = [(state, scene.register.grades(state.id)) for state in chosen]
    scene.teller.table(
        (
            scene.pick(ko="리스크", en="risk"),
            scene.pick(ko="고유", en="inherent"),
            scene.pick(ko="잔여", en="residual"),
            scene.pick(ko="적용 등급", en="effective"),
            scene.pick(ko="상태", en="status"),
            scene.pick(ko="주기", en="cycle"),
            scene.pick(ko="대응 확인", en="verified"),
        ),
        [
            (
                state.id,
                _standing(scene, state, AssessmentKind.INHERENT, grades.inherent),
                _standing(scene, state, AssessmentKind.RESIDUAL, grades.residual),
                grade_of(scene, grades.effective),
                scene.label(state.status),
                str(state.cycle),
                f"{sum(one.verified for one in state.responses)}/{len(state.responses)}",
            )
            for state, grades in found
        ],
    )


def _standing(scene: Scene, state: asi.RiskState, kind: AssessmentKind, grade: asi.Grade | None) -> str:
    """Write what stands for a kind of assessment in this cycle."""
    if grade is not None:
        return scene.label(grade)
    expired = any(one.kind is kind for one in state.assessments)
    return scene.pick(ko="기한 지남", en="expired") if expired else "-"


def show_reasoning(scene: Scene, risk: str) -> None:
    """Show, step by step, how the latest assessment of a risk came to its grade."""
    latest = scene.register.risk(risk).assessments[-1]
    told = scene.pick(
        ko=f"{risk}의 등급이 나온 과정 ({latest.by}, {scene.label(latest.basis)})",
        en=f"How {risk} came to its grade ({latest.by}, {scene.label(latest.basis)})",
    )
    scene.teller.paragraph(told + ":")
    scene.teller.points(scene.pick(ko=step.ko, en=step.en) for step in latest.judgement.steps)


def controls_of(scene: Scene, controls: Iterable[str]) -> str:
    """Write the names of controls."""
    return ", ".join(scene.label(CONTROLS[control]) for control in controls)


def show_answers(scene: Scene, *risks: str) -> None:
    """Show what is planned against risks, by whom and until when."""
    planned: list[tuple[str, PlannedResponse]] = [
        (state.id, one) for state in scene.risks() if not risks or state.id in risks for one in state.responses
    ]
    scene.teller.table(
        (
            scene.pick(ko="리스크", en="risk"),
            scene.pick(ko="대응방안", en="response"),
            scene.pick(ko="담당 역할", en="owner"),
            scene.pick(ko="기한", en="due"),
        ),
        [
            (risk, controls_of(scene, one.response.controls), one.response.owner, one.response.due.isoformat())
            for risk, one in planned
        ],
    )


def show_gate(scene: Scene, gate: asi.GateResult) -> None:
    """Show whether a gate is open, and every reason why it is not."""
    place = scene.label(gate.stage) if gate.stage else gate.component or gate.system
    if gate.passed:
        scene.teller.paragraph(scene.pick(ko=f"승인 관문 '{place}': 열림", en=f"Gate '{place}': open"))
        return
    shut = scene.pick(
        ko=f"승인 관문 '{place}': 닫힘, 사유 {len(gate.blockers)}건",
        en=f"Gate '{place}': shut, for {len(gate.blockers)} reason{'s' * (len(gate.blockers) > 1)}",
    )
    scene.teller.paragraph(shut)
    show_blockers(scene, gate.blockers)


def show_blockers(scene: Scene, blockers: Iterable[Refusal]) -> None:
    """List reasons in plain words."""
    scene.teller.points(one.message(scene.teller.lang) for one in blockers)


def show_refusals(scene: Scene, rows: Iterable[tuple[str, tuple[Refusal, ...]]]) -> None:
    """Show what was tried and why it was refused."""
    scene.teller.table(
        (scene.pick(ko="시도", en="tried"), scene.pick(ko="거절 사유", en="why it was refused")),
        [(tried, " / ".join(one.message(scene.teller.lang) for one in refusals)) for tried, refusals in rows],
    )


def show_way(scene: Scene, case: str) -> None:
    """Show where a case stands: which bodies, in which order, why, until when, and who is still missing."""
    scene.teller.block(scene.register.explain(case, lang=scene.teller.lang))


def show_decisions(scene: Scene, *cases: asi.Case) -> None:
    """Show what the bodies decided, when, and by whose votes."""
    graph = scene.register.governance().graph
    rows = [
        (
            case.subject,
            scene.label(graph.body(decision.body)),
            scene.label(decision.outcome),
            ", ".join(decision.voters),
            scene.hour(decision.at),
            "-" if step.due_at is None else scene.hour(step.due_at),
        )
        for case in cases
        for step, decision in zip(case.steps, case.decisions, strict=False)
    ]
    asked = ", ".join(dict.fromkeys(scene.label(case.matter) for case in cases))
    scene.teller.paragraph(scene.pick(ko=f"안건: {asked}", en=f"Case: {asked}"))
    scene.teller.table(
        (
            scene.pick(ko="대상", en="about"),
            scene.pick(ko="기구", en="body"),
            scene.pick(ko="결정", en="decision"),
            scene.pick(ko="의결한 사람", en="votes of"),
            scene.pick(ko="결정 시각", en="decided"),
            scene.pick(ko="기한", en="due"),
        ),
        rows,
    )


def show_pins(scene: Scene) -> None:
    """Show which versions serve, and which are being prepared."""
    state = scene.system()
    live = {one.place: one.digest for one in state.live}
    none = scene.pick(ko="없음", en="none")
    scene.teller.table(
        (
            scene.pick(ko="구성 요소", en="part"),
            scene.pick(ko="준비 중(후보)", en="candidate"),
            scene.pick(ko="운영 중", en="live"),
        ),
        [
            (
                scene.label(one.kind) + (f" ({one.component})" if one.component else ""),
                one.digest[7:19],
                live[one.place][7:19] if one.place in live else none,
            )
            for one in state.candidate
        ],
    )


def show_cycles(scene: Scene) -> None:
    """Show the turns of the cycle: one for each stage, and the present one as far as it has come."""
    records = [*scene.system().records, scene.register.cycle(SYSTEM)]
    done = scene.pick(ko="완료", en="complete")
    scene.teller.table(
        (
            scene.pick(ko="단계", en="stage"),
            scene.pick(ko="회차", en="round"),
            scene.pick(ko="시작", en="from"),
            scene.pick(ko="끝", en="to"),
            *(scene.label(phase) for phase in asi.Phase),
            scene.pick(ko="리스크", en="risks"),
        ),
        [
            (
                scene.label(record.stage),
                str(record.round),
                scene.day(record.started_at),
                scene.pick(ko="진행 중", en="present") if record.ended_at is None else scene.day(record.ended_at),
                *(
                    done if phase.complete else scene.pick(ko="남음: ", en="open: ") + ", ".join(phase.open)
                    for phase in record.phases
                ),
                str(len(record.risks)),
            )
            for record in records
        ],
    )
