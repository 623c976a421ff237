"""A section of a model card, made from a register and a run: what is at risk, and what was measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .._internal.clock import show_instant
from .._internal.words import Lang
from ..findings import decimal_text
from ..lifecycle import RiskState, SystemState
from ..register import Questions
from ..reports._escape import for_markdown
from ..reports._words import Words
from ..reports._writing import written
from ..responses import PlannedResponse
from ..taxonomy import Grade
from ._evaluation import Evaluation
from ._reviews import risks_of
from ._run import Run
from ._score import Score

__all__ = ["model_card"]

_LAST_SHORT: Final = 0xFFFF

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "title": ("AI 리스크 관리", "AI risk management"),
    "as_of": ("{at} 기준", "As of {at}"),
    "at_stage": ("시스템 {system}: {stage} 단계, {round}회차", "System {system}: stage {stage}, round {round}"),
    "gate_open": (
        "정지·긴급 차단·거부·만료된 승인 없음",
        "No stop, containment, rejection or lapsed approval is in force",
    ),
    "gate_shut": ("운영 차단 사유: {count}건", "Reasons that keep it from running: {count}"),
    "risks": ("리스크", "Risks"),
    "columns": (
        "리스크|분류|상태|고유 등급|잔여 등급|유효 등급|대응",
        "Risk|Category|Status|Inherent|Residual|Effective|Responses",
    ),
    "none": (
        "등록된 리스크가 없습니다. 위험이 없다는 뜻은 아닙니다.",
        "No risk is registered. That does not mean there is none.",
    ),
    "unassessed": ("평가 없음", "not assessed"),
    "verified": ("{id} ({done}/{of} 확인)", "{id} ({done} of {of} verified)"),
    "planned": ("{id} (효과 미확인)", "{id} (effect not verified)"),
    "evaluation": ("평가 결과 ({run}, {step}단계 이후)", "Evaluation ({run}, after step {step})"),
    "measures": ("지표|구분|값|시행 수|실패 수", "Metric|Group|Value|Trials|Failures"),
    "no_evaluation": (
        "평가 결과가 없습니다. 없는 결과는 합격이 아닙니다.",
        "There is no evaluation. A missing one is no pass.",
    ),
    "whole": ("전체", "all"),
    "unknown": ("알 수 없음", "unknown"),
    "rests_on": ("근거", "What it rests on"),
    "commit": ("코드 개정: {value}", "Revision of the code: {value}"),
    "data": ("데이터 세트 {name}: {value}", "Data set {name}: {value}"),
    "base_model": ("기반 모델: {value}", "Base model: {value}"),
    "config": ("설정: {value}", "Configuration: {value}"),
    "pin": ("고정된 {kind}{component}: {value}", "Pinned {kind}{component}: {value}"),
}


def model_card(
    register: Questions,
    system: str,
    path: str | Path | None = None,
    *,
    run: Run | None = None,
    evaluation: Evaluation | None = None,
    titles: bool = False,
    lang: Lang = "ko",
) -> str:
    """Return a section of a model card as Markdown, with front matter as Hugging Face reads it, and write it if asked.

    The front matter holds the tag ``kakao-asi`` and, with an evaluation, a ``model-index`` of its metrics, none of
    them marked as verified. A card is public: titles of risks, reasons and people stay out of it unless asked for.
    Markup in names does nothing. The same view gives the same text.

    Args:
        register: a register, or a view of it at a past point.
        system: id of the system.
        path: the file to write, whole or not at all; what is there is replaced. None writes nothing.
        run: what the model was trained on.
        evaluation: what was measured.
        titles: whether titles of risks stand in it; else their ids do.
        lang: the language.

    Raises:
        UnknownId: there is no such system.
        OSError: the file cannot be written.

    Source: Hugging Face, "Model Cards" and "Model card metadata" of the Hub documentation, for the front matter.
    """
    state = register.system(system)
    words = _Words(lang)
    parts = (
        _front(system, evaluation),
        _head(register, state, words),
        _risks(register, state, words, titles=titles),
        _measured(evaluation, words),
        _rests(state, run, words),
        _foot(lang),
    )
    return written("\n".join(line for part in parts for line in part) + "\n", path)


class _Words:
    """The texts of one language, filled and escaped for Markdown."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang

    def __call__(self, key: str, **parts: object) -> str:
        return for_markdown(self.plain(key).format(**parts))

    def plain(self, key: str) -> str:
        korean, english = _TEXTS[key]
        return korean if self.lang == "ko" else english

    def grade(self, grade: Grade | None) -> str:
        return self.plain("unassessed") if grade is None else grade.label(self.lang)

    def head(self, key: str) -> Iterator[str]:
        names = self.plain(key).split("|")
        yield f"| {' | '.join(names)} |"
        yield "|" + " --- |" * len(names)


def _row(*cells: str) -> str:
    return f"| {' | '.join(for_markdown(one) for one in cells)} |"


def _front(system: str, evaluation: Evaluation | None) -> Iterator[str]:
    """Yield the front matter; every text in it is quoted."""
    yield "---"
    yield "tags:"
    yield "- kakao-asi"
    if evaluation is not None and evaluation.values:
        yield "model-index:"
        yield f"- name: {_quoted(system)}"
        yield "  results:"
        yield "  - task:"
        yield '      type: "other"'
        yield "    dataset:"
        yield f"      name: {_quoted(evaluation.run)}"
        yield f"      type: {_quoted(evaluation.run)}"
        yield "    metrics:"
        for name, value in sorted(evaluation.values.items()):
            yield f"    - type: {_quoted(name)}"
            yield f"      name: {_quoted(name)}"
            yield f"      value: {decimal_text(value)}"
            yield "      verified: false"
    yield "---"
    yield ""


def _quoted(text: str) -> str:
    """Return a text as a double-quoted string of YAML: a JSON string in which all that cannot be seen is escaped."""
    return "".join(one if one.isprintable() else _escaped(ord(one)) for one in json.dumps(text, ensure_ascii=False))


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code <= _LAST_SHORT else f"\\U{code:08x}"


def _head(register: Questions, state: SystemState, w: _Words) -> Iterator[str]:
    gate = register.component_gate(state.id)
    yield f"## {w('title')}"
    yield ""
    yield f"- {w('as_of', at=show_instant(register.now(), lang=w.lang))}"
    yield f"- {w('at_stage', system=state.id, stage=state.stage.label(w.lang), round=state.round)}"
    yield f"- {w('gate_open') if gate.passed else w('gate_shut', count=len(gate.blockers))}"
    yield ""


def _risks(register: Questions, state: SystemState, w: _Words, *, titles: bool) -> Iterator[str]:
    yield f"### {w('risks')}"
    yield ""
    found = [_risk(risk, register, w, titles=titles) for risk in risks_of(register, state.id) if not risk.succeeded_by]
    if found:
        yield from w.head("columns")
        yield from found
    else:
        yield w("none")
    yield ""


def _risk(risk: RiskState, register: Questions, w: _Words, *, titles: bool) -> str:
    grades = register.grades(risk.id)
    shown = [w.grade(one) for one in (grades.inherent, grades.residual, grades.effective)]
    answers = ", ".join(_response(planned, w) for planned in risk.responses)
    title = Words(w.lang).text(risk.risk.title) if titles else risk.id
    return _row(title, risk.risk.category.label(w.lang), risk.status.label(w.lang), *shown, answers or "–")


def _response(planned: PlannedResponse, w: _Words) -> str:
    named = ", ".join(sorted(planned.response.controls)) or planned.response.strategy.label(w.lang)
    proof = planned.verification
    if proof is None or not proof.effective:
        return w.plain("planned").format(id=named)
    return w.plain("verified").format(id=named, done=proof.coverage.done, of=proof.coverage.of)


def _measured(evaluation: Evaluation | None, w: _Words) -> Iterator[str]:
    if evaluation is None:
        yield w("no_evaluation")
        yield ""
        return
    yield f"### {w('evaluation', run=evaluation.run, step=evaluation.step)}"
    yield ""
    yield from w.head("measures")
    for name, score in sorted(evaluation.scores.items()):
        yield _score(name, w.plain("whole"), score, w)
    for by, groups in sorted(evaluation.groups.items()):
        for group, scores in sorted(groups.items()):
            for name, score in sorted(scores.items()):
                yield _score(name, f"{by}: {group}", score, w)
    yield ""


def _score(name: str, group: str, score: Score, w: _Words) -> str:
    counts = (w.plain("unknown") if one is None else f"{one:,}" for one in (score.trials, score.failures))
    return _row(name, group, decimal_text(score.value), *counts)


def _rests(state: SystemState, run: Run | None, w: _Words) -> Iterator[str]:
    yield f"### {w('rests_on')}"
    yield ""
    if run is not None:
        named = (("commit", run.commit), ("base_model", run.base_model), ("config", run.config))
        yield from (f"- {w(key, value=value)}" for key, value in named if value is not None)
        yield from (f"- {w('data', name=name, value=digest)}" for name, digest in run.data)
    for pin in state.candidate or state.live:
        part = "" if pin.component is None else f" ({pin.component})"
        yield f"- {w('pin', kind=pin.kind.label(w.lang), component=part, value=pin.digest)}"
    if run is None and not (state.candidate or state.live):
        yield f"- {w('unknown')}"
    yield ""


def _foot(lang: Lang) -> Iterator[str]:
    said = Words(lang)
    yield from (for_markdown(said(key)) + "\n" for key in ("independence", "defaults", "no_advice"))
