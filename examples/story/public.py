"""Public incidents, replayed: what happened, our reading of it, and what this governance would have done."""

from __future__ import annotations

from collections import Counter

import kakao_asi as asi
from kakao_asi.assessments import Basis
from kakao_asi.governance import Reason

from ..incidents.records import Figure, Incident, ReadRisk, Said, all_incidents
from .cast import READER
from .scene import Scene
from .tables import category_of, controls_of

__all__ = ["public_incidents_are_read", "risk_id"]

_ABOUT = {
    "exact": Said(ko="", en=""),
    "about": Said(ko="약 ", en="about "),
    "at_least": Said(ko="최소 ", en="at least "),
}

_SURE = {
    "high": Said(
        ko="신뢰도 높음: 기관의 결정과 여러 보도", en="high confidence: a decision of an authority, several reports"
    ),
    "medium": Said(ko="신뢰도 보통: 언론 보도", en="medium confidence: press reports"),
    "low": Said(ko="신뢰도 낮음: 2차 출처만 있음", en="low confidence: secondary sources only"),
}


def public_incidents_are_read(scene: Scene) -> None:
    """Tell the chapter."""
    scene.chapter(ko="12. 공개된 사고를 다시 읽는다 (우리의 해석)", en="12. Public incidents, read again (our reading)")
    scene.on("2026-11-23 10:00")
    scene.add(
        ko="아래는 언론과 기관이 공개한 사고입니다. 조직과 시스템은 이름 대신 종류로 적습니다. 분류·단계·연결은 우리의 "
        "해석이며, 어떤 기관의 판단도 아닙니다. 시험 횟수나 오류 건수를 밝힌 출처가 없으므로 평가 요인은 우리의 "
        "가정(전문가 판단)입니다. 의도는 출처가 확인한 경우에만 인정합니다. '통제 불가능'에 해당하는 공개 사고는 "
        "여기에 없습니다.",
        en="These incidents were made public by the press or by authorities. Organisations and systems are described "
        "by kind, not by name. Category, stages and links are our reading, not a finding of any authority. No source "
        "gives trials or error counts, so the factors are our assumptions (expert judgement). Intent is claimed only "
        "where a source establishes it. No public incident here is one of uncontrollability.",
    )
    incidents = all_incidents()
    for number, incident in enumerate(incidents, 1):
        _replay(scene, incident)
        _tell(scene, number, incident)
    _sum_up(scene, incidents)


def risk_id(incident: Incident, risk: ReadRisk) -> str:
    """Return the id in the register of a risk of an incident."""
    return f"{incident.id}.{risk.key}"


def _replay(scene: Scene, incident: Incident) -> None:
    """Put an incident into the register: the system, its risks, links, assessments, responses and the case."""
    register = scene.register
    said = scene.teller.pick
    system = asi.System(
        id=incident.id,
        title=_case_title(scene, incident),
        unit="public-incidents",
        audience=incident.audience,
    )
    register.submit(asi.commands.AdoptSystem(system=system, stage=asi.Stage.MONITORING), by=READER)
    categorised = [risk for risk in incident.risks if risk.category is not None]
    for risk in categorised:
        register.identify(_as_risk(scene, incident, risk), by=READER, because=said(ko=risk.why.ko, en=risk.why.en))
    for risk in categorised:
        name = risk_id(incident, risk)
        for tie in risk.ties:
            link = asi.commands.Relate(risk=name, kind=tie.kind, to=f"{incident.id}.{tie.to}")
            register.submit(link, by=READER)
        if risk.factors is not None and risk.assumed is not None:
            because = said(ko=risk.assumed.ko, en=risk.assumed.en)
            register.assess(name, risk.factors, basis=Basis.EXPERT, by="safety.han", because=because)
        for response in risk.responses:
            register.respond(name, response, by=READER)
    for risk in categorised[:1]:
        because = said(ko=incident.title.ko, en=incident.title.en)
        register.escalate(risk_id(incident, risk), asi.Matter.RISK, reason=Reason.INCIDENT, by=READER, because=because)


def _case_title(scene: Scene, incident: Incident) -> str:
    return scene.pick(ko=f"공개 사례: {incident.system.ko}", en=f"Public incident: {incident.system.en}")


def _as_risk(scene: Scene, incident: Incident, risk: ReadRisk) -> asi.Risk:
    category = risk.category
    if category is None:
        message = f"risk '{risk.key}' of '{incident.id}' has no category; a person has to choose one first"
        raise ValueError(message)
    return asi.Risk(
        id=risk_id(incident, risk),
        title=scene.pick(ko=risk.title.ko, en=risk.title.en),
        category=category,
        human_role=risk.human_role,
        system=incident.id,
        stages=risk.stages | {asi.Stage.MONITORING},
        principles=risk.principles,
        owner=risk.responses[0].owner,
    )


def _tell(scene: Scene, number: int, incident: Incident) -> None:
    teller = scene.teller
    teller.write("")
    teller.paragraph(f"({number}) {_said(scene, incident.title)}")
    when = f"{incident.when} ({_said(scene, incident.when_means)})"
    who = f"{_said(scene, incident.organisation)} / {_said(scene, incident.system)}"
    facts = [
        f"{scene.pick(ko='때', en='When')}: {when}",
        f"{scene.pick(ko='조직과 시스템', en='Organisation and system')}: {who}",
        f"{scene.pick(ko='일어난 일', en='What happened')}: {_said(scene, incident.what_happened)}",
    ]
    if incident.figures:
        figures = "; ".join(_figure(scene, figure) for figure in incident.figures)
        facts.append(f"{scene.pick(ko='공개된 숫자', en='Published figures')}: {figures}")
    if incident.done is not None:
        facts.append(f"{scene.pick(ko='조치', en='Done')}: {_said(scene, incident.done)}")
    if incident.decided is not None:
        facts.append(f"{scene.pick(ko='결정', en='Decided')}: {_said(scene, incident.decided)}")
    teller.points(facts)
    _reading(scene, incident)
    sure = _said(scene, _SURE[incident.confidence])
    teller.points([f"{scene.pick(ko='출처', en='Sources')} ({sure}, {incident.retrieved_on}):"])
    for source in incident.sources:
        teller.write(f"      {source}")


def _said(scene: Scene, said: Said) -> str:
    return scene.pick(ko=said.ko, en=said.en)


def _figure(scene: Scene, figure: Figure) -> str:
    return f"{_said(scene, figure.what)} {_said(scene, _ABOUT[figure.qualifier])}{figure.value:,}"


def _reading(scene: Scene, incident: Incident) -> None:
    rows = []
    for risk in incident.risks:
        if risk.category is None:
            candidates = ", ".join(scene.label(one) for one in risk.candidates)
            open_ = scene.pick(ko=f"분류하지 않음 (후보: {candidates})", en=f"none claimed (candidate: {candidates})")
            nobody = scene.pick(ko="사람이 건별로 판단", en="a person decides case by case")
            rows.append((risk.key, open_, "-", nobody))
            continue
        state = scene.register.risk(risk_id(incident, risk))
        controls = [control for planned in state.responses for control in planned.response.controls]
        grade = scene.pick(ko="미평가", en="not assessed") if state.effective is None else scene.label(state.effective)
        rows.append((risk.key, category_of(scene, risk.category), grade, controls_of(scene, controls)))
    scene.teller.table(
        (
            scene.pick(ko="리스크", en="risk"),
            scene.pick(ko="분류 (우리의 해석)", en="category (our reading)"),
            scene.pick(ko="등급 (가정)", en="grade (assumed)"),
            scene.pick(ko="대응방안 (우리의 제안)", en="response (our proposal)"),
        ),
        rows,
    )
    scene.teller.write("")
    scene.teller.points(_remarks(scene, incident))


def _remarks(scene: Scene, incident: Incident) -> list[str]:
    remarks = [
        f"{risk.key}: {_said(scene, risk.why)}" + (f" {_said(scene, risk.assumed)}" if risk.assumed else "")
        for risk in incident.risks
    ]
    remarks += [
        scene.pick(
            ko=f"{risk.key} 리스크가 {tie.to} 리스크를 {scene.label(tie.kind)}: 둘 다 대응한다.",
            en=f"{risk.key} {scene.label(tie.kind)} {tie.to}: both are answered.",
        )
        for risk in incident.risks
        for tie in risk.ties
    ]
    graph = scene.register.governance().graph
    for case in scene.register.cases(system=incident.id):
        way = ", ".join(
            scene.label(graph.body(step.body)) + ("" if step.due_at is None else f" ({scene.hour(step.due_at)})")
            for step in case.steps
        )
        remarks.append(
            scene.pick(
                ko=f"이 거버넌스에서 거칠 기구와 기한: {way}",
                en=f"Bodies under this governance, and their deadlines: {way}",
            )
        )
    return remarks + [_said(scene, note) for note in incident.notes]


def _sum_up(scene: Scene, incidents: tuple[Incident, ...]) -> None:
    risks = [risk for incident in incidents for risk in incident.risks]
    counted = Counter(risk.category for risk in risks)
    pairs = sum(len(risk.ties) for risk in risks)
    scene.add(
        ko=f"사고 {len(incidents)}건에서 리스크 {len(risks)}건을 읽었습니다. 원인이 섞인 사고 {pairs}건은 리스크를 "
        "둘로 나누어 연결했습니다.",
        en=f"{len(incidents)} incidents give {len(risks)} risks; {pairs} with a mixed cause are two linked risks each.",
    )
    rows = [(category_of(scene, category), str(counted[category])) for category in asi.RiskCategory]
    rows.append((scene.pick(ko="분류하지 않음", en="no category claimed"), str(counted[None])))
    heads = (scene.pick(ko="분류 (우리의 해석)", en="category (our reading)"), scene.pick(ko="리스크 수", en="risks"))
    scene.teller.table(heads, rows)
