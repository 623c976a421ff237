"""Where something stands, in words: for a case its way, for a risk its grade, for a system its next gate."""

from __future__ import annotations

from .._internal.clock import KST, show_instant
from .._internal.words import Lang, Origin
from ..governance import Case, CaseStatus, CaseStep, PersonKind
from ..lifecycle import (
    Context,
    RiskState,
    SystemState,
    cycle_record,
    excluded_from,
    grades_of,
    open_seats,
    owes_acknowledgement,
    recheck_open,
    stage_gate,
)
from ..taxonomy import Grade

__all__ = ["explain_case", "explain_risk", "explain_system"]


def _pick(lang: Lang, ko: str, en: str) -> str:
    return ko if lang == "ko" else en


def grade_text(grade: Grade | None, lang: Lang) -> str:
    """Write a grade; None is 'not assessed', never low."""
    return _pick(lang, "미평가", "not assessed") if grade is None else grade.label(lang)


def explain_case(case: Case, ctx: Context, lang: Lang) -> str:
    """Say which bodies a case goes through, in which order, why, by when, and who is still missing."""
    graph = ctx.governance.graph
    status = case.outcome.label(lang) if case.outcome is not None else case.status.label(lang)
    lines = [
        _pick(
            lang,
            f"안건 {case.id}: {case.matter.ko} ({case.subject}), {status}",
            f"case {case.id}: {case.matter.en} ({case.subject}), {status}",
        ),
        *_way(case, ctx, lang),
    ]
    for number, step in enumerate(case.steps):
        known = graph.by_id.get(step.body)
        name = step.body if known is None else known.label(lang)
        lines.append(f"  {number + 1}. {name}: {_standing(case, number, ctx, lang)}")
    if case.status is CaseStatus.OPEN:
        lines.append(_who_is_missing(case, ctx, lang))
    lines.append(
        _pick(
            lang,
            f"고정: 상태 {case.state_hash[7:19]}, 거버넌스 {case.governance[7:19]}, 구성원 {case.roster[7:19]}",
            f"pinned to state {case.state_hash[7:19]}, governance {case.governance[7:19]}, roster {case.roster[7:19]}",
        )
    )
    return "\n".join(lines)


def _way(case: Case, ctx: Context, lang: Lang) -> tuple[str, ...]:
    """Say why a case takes its way; of one that an earlier governance sent on it, that it waits to be rebased."""
    if case.governance == ctx.governance_digest:
        graph = ctx.governance.graph
        return graph.explain(graph.route(case.cell), lang=lang)
    return (
        _pick(
            lang,
            "이전 거버넌스에서 올라간 안건입니다. 표결하려면 새 거버넌스로 다시 고정(Rebase)해야 합니다.",
            "opened under an earlier governance; before anybody votes it has to be rebased (commands.Rebase)",
        ),
    )


def _standing(case: Case, number: int, ctx: Context, lang: Lang) -> str:
    step = case.steps[number]
    decided = [one for one in case.decisions if one.body == step.body]
    if decided:
        return decided[-1].outcome.label(lang)
    if number in case.missed and number < case.position:
        return _pick(lang, "기한 안에 결정하지 않아 상위 기구로 올라감", "let its time pass; moved up")
    due = step.due_at
    by = _pick(lang, "기한 없음", "no deadline") if due is None else show_instant(due, lang=lang)
    when = _pick(lang, f"{by}까지", f"by {by}")
    if number == case.position and case.status is CaseStatus.OPEN:
        body = ctx.governance.graph.by_id.get(case.body)
        quorum = "?" if body is None else body.quorum.votes
        given = sum(vote.body == case.body for vote in case.votes)
        says = _pick(lang, f"결정 대기, {when}, 표 {given}/{quorum}", f"deciding, {when}, votes {given}/{quorum}")
        return says + _known(case, ctx, lang) + _meeting(step, ctx, lang)
    return _pick(lang, f"대기, {when}", f"waiting, {when}") + _meeting(step, ctx, lang)


def _known(case: Case, ctx: Context, lang: Lang) -> str:
    """Say whether the body a case is before knows of it, where a clock asks for that."""
    due = case.steps[case.position].acknowledge_by
    if case.position in case.acknowledged:
        return _pick(lang, ", 접수 확인됨", ", acknowledged")
    if case.position in case.unacknowledged or owes_acknowledgement(case, ctx.now):
        return _pick(lang, ", 접수 확인 기한 지남", ", not acknowledged in time")
    if due is None or any(vote.body == case.body for vote in case.votes):
        return ""
    by = show_instant(due, lang=lang)
    return _pick(lang, f", 접수 확인 {by}까지", f", to acknowledge by {by}")


def _meeting(step: CaseStep, ctx: Context, lang: Lang) -> str:
    """Say when a body that meets does so next, and warn where its time ends before that."""
    body = ctx.governance.graph.by_id.get(step.body)
    if body is None or body.meets is None:
        return ""
    end = body.meets.next(ctx.now)
    day = end.astimezone(KST).date()
    said = _pick(lang, f", 다음 회의 {day}", f", next meeting {day}")
    if step.due_at is None or step.due_at >= end:
        return said
    return said + _pick(lang, "(기한이 먼저 끝남: 임시 회의 필요)", " (the time ends before it: call a meeting)")


def _who_is_missing(case: Case, ctx: Context, lang: Lang) -> str:
    body = ctx.governance.graph.by_id.get(case.body)
    able = ", ".join(open_seats(case, ctx)) or _pick(lang, "없음", "nobody")
    barred = excluded_from(case, ctx)
    seated = [one for one in ctx.roster.seated(case.body) if one.kind is PersonKind.HUMAN]
    empty = 0 if body is None else max(body.seats - len(seated), 0)
    out = ", ".join(sorted(one.id for one in seated if one.id in barred)) or _pick(lang, "없음", "nobody")
    return _pick(
        lang,
        f"지금 의결할 수 있는 사람: {able} · 빈 자리 {empty} · 이해충돌로 제외: {out}",
        f"who can vote now: {able}; empty seats: {empty}; kept out by a duty: {out}",
    )


def explain_risk(state: RiskState, ctx: Context, lang: Lang) -> str:
    """Say how a risk stands, what led to its grade, and what closing it would need."""
    grades = grades_of(state, ctx.now)
    risk = state.risk
    lines = [
        _pick(
            lang,
            f"리스크 {risk.id} · {risk.category.ko} · 발생 주체 {risk.actor.ko} · {state.status.ko} · "
            f"{state.cycle}번째 주기",
            f"risk {risk.id}: {risk.category.en}, from {risk.actor.en}, {state.status.en}, cycle {state.cycle}",
        ),
        _pick(
            lang,
            f"고유 {grade_text(grades.inherent, lang)} · 잔여 {grade_text(grades.residual, lang)} · "
            f"적용 {grade_text(grades.effective, lang)}",
            f"inherent {grade_text(grades.inherent, lang)}, residual {grade_text(grades.residual, lang)}, "
            f"effective {grade_text(grades.effective, lang)}",
        ),
    ]
    for one in state.assessments:
        if not one.withdrawn:
            head = f"{one.kind.label(lang)}, {one.line.label(lang)}, {one.basis.label(lang)}"
            lines.append(f"  {one.id} ({head}): {one.grade.label(lang)}")
            lines += [f"    {_pick(lang, step.ko, step.en)}" for step in one.judgement.steps]
    for planned in state.responses:
        done = planned.verification
        reach = f"{done.coverage.done}/{done.coverage.of}" if done else _pick(lang, "미확인", "not verified")
        due = planned.response.due.isoformat()
        lines.append(
            f"  {planned.id} {planned.response.strategy.label(lang)} ({planned.response.owner}, {due}): {reach}"
        )
    lines += [refusal.message(lang) for refusal in recheck_open(state)]
    if grades.disagree:
        lines.append(_pick(lang, "두 검토선의 평가가 다릅니다.", "the two lines disagree; the higher grade counts"))
    lines.append(f"({Origin.OURS.label(lang)})")
    return "\n".join(lines)


def explain_system(state: SystemState, ctx: Context, lang: Lang) -> str:
    """Say at which stage a system is, how far its cycle has come, and what keeps it from each stage that may follow."""
    findings = ctx.facts.findings.values()
    record = cycle_record(state, ctx.facts.risks.values(), ctx.governance, ctx.now, findings=findings)
    words = {True: _pick(lang, "완료", "done"), False: _pick(lang, "진행 중", "open")}
    done = ", ".join(f"{phase.phase.label(lang)} {words[phase.complete]}" for phase in record.phases)
    lines = [
        _pick(
            lang,
            f"시스템 {state.id} · {state.stage.ko} · {state.round}회차 · {done}",
            f"system {state.id}: {state.stage.en}, round {state.round}; {done}",
        )
    ]
    lines += [stage_gate(state, stage, ctx).to_text(lang=lang) for stage in sorted(state.stage.following)]
    return "\n".join(lines)
