"""Why something is not possible: one closed set of codes for refused commands and for gate blockers."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from .._internal.clock import show_instant
from .._internal.fields import check_kind
from .._internal.words import Lang, Word
from ..evidence import EvidenceKind
from ..stages import Phase, Stage
from ..systems import PinKind
from ..taxonomy import Grade
from ._dimensions import Matter

__all__ = ["Code", "Refusal"]


class Code(Word):
    """A reason, with its Korean and its English sentence.

    In a sentence ``{subject}`` is the id it is about, ``{missing}`` the ids of what is missing, ``{who}`` who can
    give it, ``{detail}`` an id, a code or a count, and ``{until}`` a time. No sentence holds a value of a field.
    """

    NO_TRANSITION = (
        "no_transition",
        "'{subject}'의 현재 상태({detail})에서는 이 작업을 할 수 없습니다. 가능한 작업: {missing}",
        "'{subject}' is {detail}, where this is not possible; possible now: {missing}",
    )
    NOT_AUTHORIZED = (
        "not_authorized",
        "'{detail}'에게는 '{subject}'에 대한 이 작업의 권한이 없습니다. 할 수 있는 주체: {who}",
        "'{detail}' may not do this to '{subject}'; ask {who}",
    )
    FACTORS_DO_NOT_FIT = (
        "factors_do_not_fit",
        "'{subject}'의 분류에는 {missing} 요인을 써야 합니다.",
        "the category of '{subject}' is assessed by {missing}; pass those factors",
    )
    FACTOR_MISSING = (
        "factor_missing",
        "'{subject}'을(를) 평가할 수 없습니다. 빠진 요인: {missing}. 모르는 것은 낮은 것이 아닙니다.",
        "'{subject}' cannot be assessed without {missing}; unknown is not low",
    )
    EVIDENCE_MISSING = (
        "evidence_missing",
        "'{subject}'에 필요한 증빙이 없습니다: {missing}",
        "'{subject}' needs evidence of these kinds: {missing}",
    )
    CONTROL_DOES_NOT_FIT = (
        "control_does_not_fit",
        "대응방안이 '{subject}'의 발생 주체에 맞지 않습니다({detail}). 맞는 통제: {missing}",
        "the response does not fit the actor of '{subject}' ({detail}); controls that fit: {missing}",
    )
    NOT_ASSESSED = (
        "not_assessed",
        "'{subject}'에 이번 주기의 유효한 평가가 없습니다. 먼저 평가해 주세요.",
        "'{subject}' has no valid assessment in this cycle; assess it first",
    )
    RESIDUAL_ABOVE_TOLERANCE = (
        "residual_above_tolerance",
        "'{subject}'의 등급({detail})이 허용 수준을 넘고 유효한 수용 결정도 없습니다.",
        "'{subject}' stands at {detail}, above tolerance, and no live acceptance covers it",
    )
    RESPONSE_MISSING = (
        "response_missing",
        "'{subject}'에 대응방안이 없습니다.",
        "'{subject}' has no response with an owner and a due date",
    )
    RESPONSE_UNVERIFIED = (
        "response_unverified",
        "'{subject}'의 대응방안 {missing}의 효과가 확인되지 않았습니다.",
        "the effect of {missing} on '{subject}' is not verified",
    )
    COVERAGE_INCOMPLETE = (
        "coverage_incomplete",
        "'{subject}'의 대응방안 {missing}이(가) 기존 대상까지 모두 적용되지 않았습니다.",
        "{missing} does not yet cover everything '{subject}' is about, old objects included",
    )
    PEOPLE_MEASURES_ALONE = (
        "people_measures_alone",
        "AI에서 비롯된 리스크 '{subject}'은(는) 교육·점검표·안내만으로 종결할 수 없습니다.",
        "'{subject}' comes from AI; people's training, checklists and notices alone never close it",
    )
    LEGAL_OBLIGATION = (
        "legal_obligation",
        "'{subject}'은(는) 법적 의무이므로 수용할 수 없습니다.",
        "'{subject}' is a legal obligation and cannot be accepted away",
    )
    AUTHORITY = (
        "authority",
        "이 안건은 지금 {who}이(가) 결정합니다. '{detail}'은(는) 그 의결권자가 아닙니다.",
        "this is before {who} now, where '{detail}' has no seat or no say",
    )
    CONFLICT_OF_INTEREST = (
        "conflict_of_interest",
        "'{detail}'은(는) '{subject}'의 내용을 식별·평가·수정·담당·요청했거나 이미 표결했습니다. 의결 가능: {who}",
        "'{detail}' identified, assessed, edited, owns or asked for what '{subject}' is about, or has voted; ask {who}",
    )
    QUORUM_OPEN = (
        "quorum_open",
        "{missing}의 의결 정족수가 채워지지 않았습니다(남은 표: {detail}). 의결 가능: {who}",
        "the quorum of {missing} is open (votes missing: {detail}); who can vote: {who}",
    )
    AGENT_CANNOT_APPROVE = (
        "agent_cannot_approve",
        "에이전트 '{detail}'은(는) 결정할 수 없습니다. 사람이 결정합니다.",
        "'{detail}' is an agent, and agents never decide; a person has to",
    )
    ALREADY_DECIDED = (
        "already_decided",
        "안건 '{subject}'은(는) 이미 결정되었거나 철회되었습니다.",
        "case '{subject}' is over; open a new one that names it",
    )
    CASE_OPEN = (
        "case_open",
        "'{subject}'에 진행 중인 안건이 있습니다: {missing}",
        "'{subject}' still has open cases: {missing}",
    )
    CASE_MISSING = (
        "case_missing",
        "'{subject}'에 필요한 결정({detail})이 없습니다. 결정 기구: {who}",
        "'{subject}' needs a decision ({detail}) by {who}",
    )
    CASE_NOT_POSSIBLE = (
        "case_not_possible",
        "이 거버넌스에서는 '{subject}'에 대해 {detail} 안건을 올릴 수 없습니다.",
        "this governance takes no {detail} case on '{subject}' as it stands",
    )
    REJECTED = (
        "rejected",
        "'{subject}'에 대한 안건 {missing}이(가) 거부되었습니다.",
        "a body rejected '{subject}' in case {missing}",
    )
    STATE_CHANGED = (
        "state_changed",
        "안건 '{subject}'이(가) 올라간 뒤 그 내용이 바뀌었습니다. 철회하고 다시 올려 주세요.",
        "what '{subject}' stands on has changed since; withdraw it and open a new case",
    )
    PINS_CHANGED = (
        "pins_changed",
        "'{subject}'의 승인은 다른 구성 요소 버전에 대한 것입니다.",
        "the approval in '{subject}' is for other digests than the candidate's",
    )
    GOVERNANCE_CHANGED = (
        "governance_changed",
        "안건 '{subject}' 이후 거버넌스가 바뀌었습니다. 새 거버넌스로 다시 고정(Rebase)해 주세요.",
        "the governance has changed since case '{subject}' was opened; rebase it (commands.Rebase)",
    )
    OBJECTION_OPEN = (
        "objection_open",
        "'{subject}'에 차단을 요청한 이의 {missing}이(가) 해소되지 않았습니다. 서면으로 해소할 수 있는 기구: {who}",
        "the objection {missing} to '{subject}' asks for a block; somebody of {who} has to resolve it in writing",
    )
    OVERRIDE_ENDED = (
        "override_ended",
        "'{subject}'의 예외 승인 {missing}이(가) {until}에 끝났고 이의는 해소되지 않았습니다.",
        "the override {missing} that '{subject}' runs on ended at {until}, and an objection is still open",
    )
    CHECKLIST_OPEN = (
        "checklist_open",
        "'{subject}'의 점검 항목이 남아 있습니다: {missing}",
        "the checklist of '{subject}' is open: {missing}",
    )
    PERSPECTIVE_MISSING = (
        "perspective_missing",
        "안건 '{subject}'에 다음 관점의 검토 의견이 없습니다: {missing}. 제출: {who}",
        "case '{subject}' waits for the opinion of {missing}; ask {who}",
    )
    REVIEW_GIVEN = (
        "review_given",
        "'{detail}'은(는) 안건 '{subject}'에 이미 의견을 냈습니다. 한 사람은 한 번만 의견을 냅니다.",
        "'{detail}' has given an opinion on '{subject}' already; one person gives one",
    )
    VOTE_COUNTED = (
        "vote_counted",
        "안건 '{subject}'에서 '{detail}'의 표로 이미 의결이 이루어졌습니다.",
        "a decision in '{subject}' was made with the vote of '{detail}' already",
    )
    NOTHING_CHANGED = (
        "nothing_changed",
        "'{subject}'에 바뀐 내용이 없습니다.",
        "nothing has changed for '{subject}'",
    )
    EXPIRED = (
        "expired",
        "'{subject}'의 리스크 수용이 {until}에 끝났습니다.",
        "the acceptance of '{subject}' ended at {until}",
    )
    ACCEPTANCE_ENDING = (
        "acceptance_ending",
        "'{subject}'의 리스크 수용이 {until}에 끝납니다.",
        "the acceptance of '{subject}' ends at {until}",
    )
    LAPSED = (
        "lapsed",
        "안건 '{subject}'의 승인이 쓰이지 않은 채 {until}에 효력을 잃었습니다.",
        "the approval in '{subject}' was not used in time and lapsed at {until}",
    )
    NOT_DUE = (
        "not_due",
        "안건 '{subject}'에 지금 처리할 기한이 없습니다({until}).",
        "nothing is due on case '{subject}' now ({until})",
    )
    UNTIL_MISSING = (
        "until_missing",
        "'{subject}'의 수용에는 끝나는 때(until)가 있어야 합니다.",
        "an acceptance of '{subject}' always ends; say until= when",
    )
    UNTIL_TOO_FAR = (
        "until_too_far",
        "'{subject}'의 수용은 {until}보다 길 수 없습니다.",
        "an acceptance of '{subject}' may last until {until} at most, and must end in the future",
    )
    REASON_TOO_SHORT = (
        "reason_too_short",
        "사유(because)를 {detail}자 이상 적어 주세요.",
        "say why: because= needs at least {detail} characters",
    )
    CONDITIONS_OPEN = (
        "conditions_open",
        "안건 '{subject}'의 승인 조건 {detail}건이 남아 있습니다: {missing}. 담당: {who}",
        "the approval in '{subject}' has open conditions ({detail}): {missing}; ask {who}",
    )
    DUPLICATE_ACTIVE = (
        "duplicate_active",
        "같은 시스템·주체·분류·구성 요소·라벨의 리스크 {missing}이(가) 이미 있습니다.",
        "{missing} is already open with this system, actor, category, component and label; give '{subject}' a label",
    )
    ID_TAKEN = (
        "id_taken",
        "식별자 {missing}은(는) 다른 종류의 항목이 이미 쓰고 있어 '{subject}'에서 쓸 수 없습니다.",
        "'{subject}' would give the id {missing}, which names something of another kind; choose another",
    )
    CROSSES_ACTOR = (
        "crosses_actor",
        "발생 주체가 다른 리스크끼리는 합칠 수 없습니다: {missing}",
        "'{subject}' and {missing} come from different actors; link them instead",
    )
    LINK_UNANSWERED = (
        "link_unanswered",
        "연결된 리스크 {missing}에 자체 대응방안이 없습니다.",
        "the linked risk {missing} of the other actor has no response of its own",
    )
    RETENTION_RUNS = (
        "retention_runs",
        "'{subject}'의 원문은 보존 기간이 끝나는 {detail}까지 삭제할 수 없습니다.",
        "texts of '{subject}' are kept until {detail}, when the retention period is over",
    )
    ON_LEGAL_HOLD = (
        "on_legal_hold",
        "'{subject}'의 원문은 법적 보존 조치 {missing} 때문에 삭제할 수 없습니다. 해제할 수 있는 주체: {who}",
        "texts of '{subject}' are on legal hold {missing}; only {who} can end that",
    )
    HOLD_EXISTS = (
        "hold_exists",
        "법적 보존 조치 '{subject}'은(는) 이미 있습니다. 다른 식별자를 사용해 주세요.",
        "there is or was a legal hold '{subject}' already; choose another id",
    )
    UNKNOWN_SUBJECT = (
        "unknown_subject",
        "'{subject}'이(가) 가리키는 {missing}을(를) 찾을 수 없습니다.",
        "'{subject}' names {missing}, which the register or its governance does not know",
    )
    OWNER_DECIDES = (
        "owner_decides",
        "'{detail}' 역할은 {missing}의 의결 정족수에 필요하므로 '{subject}'을(를) 담당할 수 없습니다.",
        "the quorum of {missing} asks for role '{detail}', which therefore cannot answer for '{subject}'; name another",
    )
    SUCCEEDED = (
        "succeeded",
        "'{subject}'은(는) 다른 리스크로 이어졌습니다: {missing}",
        "'{subject}' stands for nothing any more, or names what does not; it leads to {missing}",
    )
    CYCLE_OPEN = (
        "cycle_open",
        "'{subject}'의 {detail} 단계가 끝나지 않았습니다: {missing}",
        "the cycle of '{subject}' is not complete, phase {detail}: {missing}",
    )
    CANDIDATE_OPEN = (
        "candidate_open",
        "'{subject}'의 {detail} 단계에 답하지 않은 예상 리스크가 있습니다: {missing}. 식별하거나 제외해 주세요.",
        "candidates of '{subject}' at stage {detail} wait for an answer: {missing}; identify each or dismiss it",
    )
    FINDING_WAITS = (
        "finding_waits",
        "'{subject}'에서 판단을 기다리는 발견 사항 묶음 {detail}건: {missing}. 리스크로 올리거나 제외해 주세요.",
        "findings in '{subject}' wait for a person ({detail}): {missing}; promote each group or dismiss it",
    )
    FINDING_HOMELESS = (
        "finding_homeless",
        "등록되지 않은 시스템의 발견 사항 묶음 {detail}건이 판단을 기다립니다: {missing}",
        "findings in no system the register knows wait for a person ({detail}): {missing}",
    )
    FINDING_ELSEWHERE = (
        "finding_elsewhere",
        "발견 사항 '{subject}'은(는) 시스템 {missing}에서 나왔는데 리스크는 '{detail}'의 것입니다.",
        "'{subject}' was seen in {missing}, and the risk belongs to '{detail}'; name a risk of the same system",
    )
    REASSESSMENT_ASKED = (
        "reassessment_asked",
        "발견 사항 {missing} 때문에 '{subject}'의 재평가가 필요합니다{detail}.",
        "{missing} asks for a new assessment of '{subject}'{detail}; assess it again",
    )
    SPOOL_READ = (
        "spool_read",
        "'{subject}'의 발견 사항은 이미 {detail}번째까지 읽었습니다.",
        "'{subject}' was read in up to position {detail} already; read on from there",
    )
    POLICY_OPEN = (
        "policy_open",
        "'{subject}'에 필요한 정책·절차가 시행 중이 아니거나 재검토 기한이 지났습니다: {missing}. 담당: {who}",
        "'{subject}' needs these policies and procedures in force and within their review: {missing}; ask {who}",
    )
    REVIEW_OVERDUE = (
        "review_overdue",
        "프레임워크 재검토 '{subject}'의 기한이 {until}에 지났습니다.",
        "the next framework review after '{subject}' has been due since {until}",
    )
    VERSION_ORDER = (
        "version_order",
        "'{subject}'의 다음 버전은 {detail}입니다.",
        "the next version of '{subject}' is {detail}",
    )
    STAGE_ORDER = (
        "stage_order",
        "'{subject}'은(는) {detail} 단계에 있습니다. 다음에 들어갈 수 있는 단계: {missing}",
        "'{subject}' is at stage {detail}, from which it can enter: {missing}",
    )
    ENTRY_NEED_OPEN = (
        "entry_need_open",
        "'{subject}'이(가) 이 단계에 들어가려면 다음이 고정되어야 합니다: {missing}",
        "'{subject}' has to pin these digests before it enters the stage: {missing}",
    )
    GRADE_HIGH = (
        "grade_high",
        "리스크 '{subject}'이(가) 고 등급인 동안 외부에 출시할 수 없습니다({detail}).",
        "an external system is not released while '{subject}' is graded HIGH ({detail})",
    )
    CHECKPOINT_OPEN = (
        "checkpoint_open",
        "이 학습 실행에서 '{subject}'에 대해 발견된 사항이 남아 있어 체크포인트를 쓸 수 없습니다({detail}).",
        "what this training run found on '{subject}' keeps its checkpoint from being used ({detail})",
    )
    ADOPTED_UNGATED = (
        "adopted_ungated",
        "'{subject}'은(는) 운영 중에 편입되어 출시 결정을 받은 적이 없습니다.",
        "'{subject}' was taken in while running; no release case ever decided on its live digests",
    )
    CONTAINMENT_OPEN = (
        "containment_open",
        "'{subject}'의 긴급 차단이 끝나지 않았습니다.",
        "the containment of '{subject}' is still on",
    )
    STOPPED = (
        "stopped",
        "'{subject}'이(가) 긴급 정지되어 있습니다. 해제: {who}",
        "'{subject}' is stopped; only {who} can lift that",
    )


_WORDS: dict[Code, type[Word]] = {
    Code.CYCLE_OPEN: Phase,
    Code.CASE_MISSING: Matter,
    Code.CASE_NOT_POSSIBLE: Matter,
    Code.GRADE_HIGH: Grade,
    Code.RESIDUAL_ABOVE_TOLERANCE: Grade,
    Code.STAGE_ORDER: Stage,
    Code.ENTRY_NEED_OPEN: PinKind,
    Code.EVIDENCE_MISSING: EvidenceKind,
}
"""Which closed set the words in ``detail`` and ``missing`` come from, so that Korean readers see Korean words."""

_NOBODY = {"ko": "해당 없음", "en": "nobody"}
_NOTHING = {"ko": "없음", "en": "nothing"}


@frozen(kw_only=True)
class Refusal:
    """One reason why a command is refused or a gate is shut.

    Attributes:
        code: the reason.
        subject: id it is about.
        missing: ids of what is missing, in a stable order.
        who: ids of the bodies, roles or people who can give it, in a stable order.
        detail: an id, a code or a count that the sentence names.
        until: the instant the sentence names.
    """

    code: Code = field(validator=check_kind(Code))
    subject: str
    missing: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    detail: str = ""
    until: dt.datetime | None = None

    def message(self, lang: Lang) -> str:
        """Say in one sentence what is wrong and what would clear it."""
        return self.code.label(lang).format(
            subject=self.subject,
            missing=", ".join(self._word(one, lang) for one in self.missing) or _NOTHING[lang],
            who=", ".join(self.who) or _NOBODY[lang],
            detail=self._word(self.detail, lang),
            until=show_instant(self.until, lang=lang) if self.until else "",
        )

    def _word(self, id: str, lang: Lang) -> str:
        """Return the Korean word of an id from a closed set; English sentences keep the id, so they stay searchable."""
        kind = _WORDS.get(self.code)
        if lang == "en" or kind is None:
            return id
        return next((word.ko for word in kind if word.id == id), id)
