"""The words of a report in Korean and English: headings, labels and sentences, one row each."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import Final

from .._internal.clock import KST, show_instant
from .._internal.text import ERASED
from .._internal.words import Lang

__all__ = ["TEXTS", "Words"]

_ROWS: Final = (
    # The page
    ("report", "AI 리스크 보고서", "AI risk report"),
    ("language", "한국어", "English"),
    ("contents", "차례", "Contents"),
    ("as_of", "기준 시각", "As of"),
    ("log", "기록", "Log"),
    ("log_size", "사건 {count}건, 마지막 기록 {at}", "{count} events, the last one recorded {at}"),
    ("governance", "거버넌스", "Governance"),
    ("governed_by", "{id} 제{version}판", "{id}, version {version}"),
    ("scope", "범위", "Scope"),
    (
        "scope_counts",
        "시스템 {systems}개, 미종결 리스크 {open}건(전체 {risks}건)",
        "{systems} systems, {open} open risks of {risks}",
    ),
    (
        "independence",
        "카카오, Kakao, Kanana는 ㈜카카오의 상표이며 본 프로젝트는 카카오와 무관합니다.",
        "Kakao and Kanana are trademarks of Kakao Corp.; this project is independent of Kakao.",
    ),
    (
        "defaults",
        "척도, 기준값, 기한, 의결 정족수는 따로 밝히지 않는 한 라이브러리 기본값이며 카카오 공식 기준이 아닙니다.",
        "Scales, thresholds, deadlines and quorums are library defaults, not Kakao's, unless a row says otherwise.",
    ),
    ("no_advice", "이 보고서는 법률 자문이 아닙니다.", "This report is no legal advice."),
    ("nothing_here", "해당 사항이 없습니다.", "There is nothing to show."),
    ("erased", "(삭제됨)", "(erased)"),
    ("none", "없음", "none"),
    ("and_more", "외 {count}건", "and {count} more"),
    # Summary
    ("summary", "한눈에 보기", "At a glance"),
    ("open_risks", "미종결 리스크", "Open risks"),
    ("high_risks", "고 등급 리스크", "Graded HIGH"),
    ("unassessed_risks", "미평가 리스크", "Unassessed"),
    ("shut_gates", "차단된 승인 관문", "Stage gates shut"),
    ("waiting_cases", "결정을 기다리는 안건", "Cases waiting"),
    ("waiting_findings", "판단을 기다리는 발견 사항 묶음", "Groups of findings waiting"),
    ("asked_assessments", "재평가가 요청된 리스크", "Risks to be assessed again"),
    ("overdue_responses", "기한이 지난 대응", "Responses overdue"),
    ("ending_acceptances", "30일 안에 끝나는 수용", "Acceptances ending in 30 days"),
    ("measures_on", "진행 중인 차단·정지", "Containments and stops on"),
    ("asked", "요청하는 결정", "Decisions asked"),
    (
        "undecided",
        "기한 안에 결정하지 않아도 승인으로 보지 않습니다.",
        "A decision that is not made in time is never taken for an approval.",
    ),
    # Gates
    ("gates", "승인 관문", "Gates"),
    (
        "gates_note",
        "각 시스템이 다음 단계에 들어가려면 무엇이 남았는지, 누가 해결할 수 있는지 보여 줍니다.",
        "What stands between each system and its next stage, and who can clear it.",
    ),
    ("stage_of", "{stage} 단계, {round}회차", "{stage}, round {round}"),
    ("unit", "담당 조직 {unit}", "Unit {unit}"),
    ("to_stage", "{stage} 단계로", "To {stage}"),
    ("gate_open", "통과", "Open"),
    ("gate_shut", "차단, 사유 {count}건", "Shut, {count} reasons"),
    ("gate_shut_one", "차단, 사유 1건", "Shut, 1 reason"),
    ("reason", "사유", "Reason"),
    ("who_clears", "해결할 수 있는 주체", "Who can clear it"),
    ("note", "참고", "Note"),
    ("running", "운영", "Operation"),
    ("runs", "가동할 수 있음", "May run"),
    ("role", "담당 역할 {role}", "role {role}"),
    ("unit_role", "담당 조직 {unit}", "unit {unit}"),
    # Heat map
    ("heat_map", "시스템과 범주별 등급", "Grades by system and category"),
    (
        "heat_map_note",
        "칸마다 미종결 리스크 가운데 가장 높은 적용 등급을 적었습니다. 칸을 누르면 해당 행으로 갑니다.",
        "Each cell names the highest effective grade of the open risks. A cell links to its rows.",
    ),
    ("unassessed", "미평가", "Unassessed"),
    ("unassessed_count", "미평가 {count}건", "{count} unassessed"),
    ("risk_count", "{count}건", "{count} risks"),
    ("risk_count_one", "1건", "1 risk"),
    ("all_closed", "모두 종결", "All closed"),
    ("none_identified", "식별 없음", "None identified"),
    ("source_actor", "리스크 발생 주체: {actor}", "Risks from: {actor}"),
    ("unknown_not_low", "평가하지 않은 것은 낮은 것이 아닙니다.", "Unknown is not low."),
    ("legend", "범례", "Legend"),
    # Register
    ("register", "리스크 대장", "Risk register"),
    ("risk", "리스크", "Risk"),
    ("category", "범주와 발생 주체", "Category and actor"),
    ("status", "상태", "Status"),
    ("cycle", "{cycle}번째 주기", "cycle {cycle}"),
    ("grades", "등급", "Grades"),
    ("grade_steps", "고유 → 잔여 → 적용", "Inherent → residual → effective"),
    ("inherent", "고유", "Inherent"),
    ("residual", "잔여", "Residual"),
    ("effective", "적용", "Effective"),
    ("owner", "담당 역할", "Owner"),
    ("responses", "대응방안", "Responses"),
    ("acceptance", "수용", "Acceptance"),
    ("component", "구성 요소 {component}", "component {component}"),
    ("system", "시스템", "System"),
    ("due", "{day}까지", "due {day}"),
    ("overdue", "기한 지남", "overdue"),
    ("covered", "적용 {done}/{of}, 효과 확인", "covers {done} of {of}, works"),
    ("ineffective", "적용 {done}/{of}, 효과 없음", "covers {done} of {of}, does not work"),
    ("unverified", "효과 미확인", "not verified"),
    ("no_response", "대응방안 없음", "no response"),
    ("accepted_until", "{grade}까지 수용, {day} 종료", "accepted up to {grade}, ends {day}"),
    ("accepted_over", "효력 없음({day} 종료 예정이었음)", "no longer holds (would have ended {day})"),
    ("accepted_ended", "{day}에 끝남", "ended {day}"),
    ("legal_obligation", "법적 의무", "Legal obligation"),
    ("contained", "긴급 차단 중", "contained"),
    ("link", "{kind} → {to}", "{kind} {to}"),
    ("lines_disagree", "1선과 2선의 평가가 다름", "the two lines disagree"),
    # Bars
    ("bars", "고유 등급과 잔여 등급", "Inherent and residual grades"),
    (
        "bars_note",
        "등급은 순서만 뜻하며 막대 길이의 비율에는 의미가 없습니다. 세로선은 적용 등급입니다.",
        "Grades are ordered steps; ratios of length mean nothing. The upright line is the effective grade.",
    ),
    # Graph
    ("graph", "에스컬레이션 그래프", "Escalation graph"),
    ("graph_case", "굵은 선은 안건 {case}의 경로입니다.", "The thick line is the way of case {case}."),
    ("graph_no_case", "아직 안건이 없습니다.", "No case was opened yet."),
    ("start", "안건을 올리는 팀", "Team bringing the case"),
    ("here", "현재 위치", "Here"),
    ("quorum", "정족수 {votes} / 좌석 {seats}", "quorum {votes} of {seats} seats"),
    ("not_reached", "차례 전", "not reached yet"),
    ("not_asked", "심의하지 않음", "was not asked"),
    ("missed", "기한을 넘겨 상위 기구로 올라감", "let its time pass; moved up"),
    ("votes_given", "표 {given}/{needed}", "{given} of {needed} votes"),
    ("edges", "선 번호", "Numbers of the lines"),
    ("every_matter", "모든 안건", "every matter"),
    ("way", "경로", "Way"),
    ("way_reasons", "경로의 근거", "Why it goes this way"),
    ("other_stages", "다른 단계로 가는 경우: {stages}", "Other ways on: {stages}"),
    # Cases and decisions
    ("cases", "안건과 결정", "Cases and decisions"),
    ("case", "안건", "Case"),
    ("asks", "요청", "Asks"),
    ("subject", "대상", "Subject"),
    ("opened", "상정", "Opened"),
    ("before", "심의 중인 기구", "Before"),
    ("until_due", "결정 기한", "Due"),
    ("no_deadline", "기한 없음", "no deadline"),
    ("outcome", "결과", "Outcome"),
    ("state", "상태 해시", "State hash"),
    ("decided_at", "결정 시각", "Decided"),
    ("body", "결정 기구", "Body"),
    ("voters", "의결한 사람", "Voters"),
    ("conditions", "조건", "Conditions"),
    ("condition", "{text} ({owner}, {day}까지)", "{text} ({owner}, due {day})"),
    ("decisions", "결정 이력", "Decisions made"),
    # Timeline
    ("timeline", "단계와 주기", "Stages and cycles"),
    (
        "timeline_note",
        "여섯 단계마다 식별·평가·대응이 한 바퀴 돕니다. 업데이트에 들어가면 다음 회차가 시작됩니다.",
        "At each of the six stages the cycle of identify, assess and respond turns once. UPDATE begins the next round.",
    ),
    ("round", "{round}회차", "Round {round}"),
    ("in_round", "회차", "Round"),
    ("stage", "단계", "Stage"),
    ("span", "기간", "Time"),
    ("from_day", "{day}부터", "from {day}"),
    ("round_begins", "{round}회차 시작", "round {round} begins"),
    ("complete", "완료", "Complete"),
    ("open", "진행 중", "Open"),
    ("set_aside", "해당 없음", "Set aside"),
    ("present", "현재", "Now"),
    ("skipped", "거치지 않음", "Not entered"),
    ("not_yet", "진입 전", "Not yet"),
    ("marks", "긴급 조치", "Emergency measures"),
    ("mark", "{at} {kind}: {subject} ({by})", "{at} {kind}: {subject} ({by})"),
    ("retired", "관리 종료", "Retired"),
    # Footer
    ("sources", "출처와 근거", "Sources and origins"),
    ("origin", "출처 구분", "Who says so"),
    ("what", "내용", "What"),
    ("source", "주소", "Address"),
    ("own_rule", "조직 자체 규칙", "the organisation's own rule"),
    ("row_categories", "리스크 범주", "Risk categories"),
    ("row_grades", "저·중·고 세 등급이 있다는 사실", "That there are three grades, low, medium and high"),
    ("row_principles", "윤리 원칙", "Ethics principles"),
    ("row_body", "결정 기구 {name}", "Body: {name}"),
    ("row_way", "{way} ({matters})", "{way} ({matters})"),
    ("row_methods", "등급을 정하는 방법과 기준값", "Assessment methods and their thresholds"),
    (
        "row_choices",
        "허용 수준, 수용 기간, 결정 기한, 의결 정족수, 주기 완료 조건",
        "Tolerance, terms of acceptance, deadlines, quorums, when a cycle is complete",
    ),
)

TEXTS: Final = MappingProxyType({key: (ko, en) for key, ko, en in _ROWS})
"""Korean and English of each text, by key."""


class Words:
    """The texts of one language; lives as long as the report is made.

    Attributes:
        lang: the language.
    """

    def __init__(self, lang: Lang) -> None:
        """Speak a language."""
        self.lang: Lang = lang

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its values; values are plain texts, escaped later with the rest."""
        ko, en = TEXTS[key]
        return (ko if self.lang == "ko" else en).format(**values)

    def instant(self, value: dt.datetime) -> str:
        """Write an instant in Korean time."""
        return show_instant(value, lang=self.lang)

    def day(self, value: dt.date | dt.datetime) -> str:
        """Write a day as ``YYYY-MM-DD``; an instant is shown as its day in Korean time."""
        date = value.astimezone(KST).date() if isinstance(value, dt.datetime) else value
        return date.isoformat()

    def text(self, value: str) -> str:
        """Return a user's text; in place of an erased one the word for it."""
        return self("erased") if value == ERASED else value

    def counted(self, key: str, count: int) -> str:
        """Return a text with a count; ``<key>_one`` holds the singular."""
        return self(f"{key}_one") if count == 1 else self(key, count=count)
