"""The parts of a committee pack in words: each a title, a head and rows of plain texts and numbers, not yet escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

from attrs import frozen

from .._internal.clock import show_instant
from .._internal.words import Lang
from ..lifecycle import RiskState
from ..taxonomy import Grade
from ._committee_facts import Asked, Pack, level_of

__all__ = ["Cell", "PackProfile", "Section", "cover_of", "pick", "sections_of"]

PackProfile: TypeAlias = Literal["committee", "public"]
"""Who reads a pack: ``public`` holds counts only, no risk, case or role."""

Cell: TypeAlias = str | int
"""What a row holds; a number stays one in a workbook."""


@frozen
class Section:
    """One part of a pack.

    Attributes:
        title: its title.
        head: the names of its columns.
        rows: its rows, each as wide as the head.
        none: what is said where there is no row.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    none: str


def pick(lang: Lang, ko: str, en: str) -> str:
    """Return the text of the language."""
    return ko if lang == "ko" else en


def _grade(grade: Grade | None, lang: Lang) -> str:
    return pick(lang, "미평가", "not assessed") if grade is None else grade.label(lang)


def cover_of(pack: Pack, label: str, lang: Lang, checkpoint: str | None) -> tuple[tuple[str, str], ...]:
    """Return the names and values of the cover."""
    rows = [
        (pick(lang, "기구", "Body"), f"{label} ({pack.body})"),
        (pick(lang, "기준 시각", "As of"), show_instant(pack.at, lang=lang)),
        (pick(lang, "기간 시작", "Period from"), show_instant(pack.since, lang=lang)),
        (pick(lang, "거버넌스", "Governance"), pack.governance),
    ]
    if checkpoint is not None:
        rows.append((pick(lang, "체크포인트", "Checkpoint"), " ".join(checkpoint.split())))
    return tuple(rows)


def sections_of(pack: Pack, lang: Lang, profile: PackProfile) -> Iterator[Section]:
    """Yield the parts in their order; those that name a risk, a case or a role for the committee only."""
    none = pick(lang, "없음", "none")
    if profile == "committee":
        yield Section(
            pick(lang, "결정 요청", "Decisions asked"), _HEAD_ASKED[lang], tuple(_asked_rows(pack, lang)), none
        )
        yield Section(
            pick(lang, "주요 리스크", "Top five"), _HEAD_RISK[lang], tuple(_risk_rows(pack.top, pack, lang)), none
        )
    yield _movement(pack, lang, profile, none)
    yield _grid(pack, lang, none)
    if profile == "committee":
        yield _late(pack, lang, none)
        yield _acceptances(pack, lang, none)
    yield Section(
        pick(lang, "핵심 위험 지표", "Key risk indicators"),
        (pick(lang, "지표", "Indicator"),),
        tuple((one.text(lang),) for one in pack.kris if profile == "committee" or one.kri.id != "residual_trend"),
        none,
    )
    yield _coverage(pack, lang, profile, none)
    rows = tuple((one.on.isoformat(), one.law, one.text(lang)) for one in pack.horizon)
    head = (pick(lang, "시행일", "From"), pick(lang, "법령", "Law"), pick(lang, "내용", "What"))
    yield Section(pick(lang, "다가오는 규제", "Horizon"), head, rows, none)


_HEAD_ASKED: Final[dict[Lang, tuple[str, ...]]] = {
    "ko": ("안건", "물음", "대상", "이 기구의 권한", "기한", "결정하지 않으면"),
    "en": ("Case", "Question", "Subject", "Within your authority", "Due", "If undecided"),
}
_HEAD_RISK: Final[dict[Lang, tuple[str, ...]]] = {
    "ko": ("리스크", "제목", "시스템", "분류", "고유 → 잔여", "현재 등급", "담당"),
    "en": ("Risk", "Title", "System", "Category", "Inherent → residual", "Effective", "Owner"),
}


def _asked_rows(pack: Pack, lang: Lang) -> Iterator[tuple[str, ...]]:
    for one in pack.asked:
        yield (
            one.case.id,
            one.case.matter.label(lang),
            one.case.subject,
            _authority(one, lang),
            pick(lang, "기한 없음", "none") if one.due_at is None else show_instant(one.due_at, lang=lang),
            pick(lang, "상위 기구로 상신되며 수용되지 않음", "it goes up; it is never accepted"),
        )


def _authority(one: Asked, lang: Lang) -> str:
    if one.final:
        return pick(lang, "예, 최종 결정", "yes, final")
    return pick(lang, "아니요, 승인 후 다음 기구로", "no, approve and forward")


def _risk_rows(risks: Iterable[RiskState], pack: Pack, lang: Lang) -> Iterator[tuple[str, ...]]:
    for risk in risks:
        inherent, residual, effective = level_of(risk, pack.at)
        yield (
            risk.id,
            risk.risk.title,
            risk.risk.system,
            f"{risk.risk.category.label(lang)} ({risk.risk.actor.label(lang)})",
            f"{_grade(inherent, lang)} → {_grade(residual, lang)}",
            _grade(effective, lang),
            risk.risk.owner,
        )


def _movement(pack: Pack, lang: Lang, profile: PackProfile, none: str) -> Section:
    move = pack.movement
    equation = f"{move.previous} + {move.new} + {move.reopened} - {move.closed} - {move.merged} = {move.now}"
    shown = profile == "committee"
    raised = ", ".join(move.raised) if shown else str(len(move.raised))
    lowered = ", ".join(move.lowered) if shown else str(len(move.lowered))
    names = pick(lang, "이전 + 신규 + 재개 - 종결 - 병합 = 현재", "previous + new + reopened - closed - merged = now")
    rows = (
        (names, equation),
        (pick(lang, "등급 상승", "Raised"), raised or none),
        (pick(lang, "등급 하향", "Lowered"), lowered or none),
    )
    head = (pick(lang, "항목", "Item"), pick(lang, "값", "Value"))
    return Section(pick(lang, "변동", "Movement"), head, rows, none)


def _grid(pack: Pack, lang: Lang, none: str) -> Section:
    stages = tuple(dict.fromkeys(stage for _, stage, _ in pack.grid))
    rows: list[tuple[Cell, ...]] = [
        (actor.label(lang), *(count for who, _, count in pack.grid if who is actor))
        for actor in dict.fromkeys(who for who, _, _ in pack.grid)
    ]
    head = (pick(lang, "발생 주체", "Actor"), *(stage.label(lang) for stage in stages))
    return Section(pick(lang, "열린 리스크", "Open risks"), head, tuple(rows), none)


def _late(pack: Pack, lang: Lang, none: str) -> Section:
    rows = tuple(
        (risk.id, planned.id, planned.response.owner, (pack.today - planned.response.due).days)
        for risk, planned in pack.overdue
    )
    head: dict[Lang, tuple[str, ...]] = {
        "ko": ("리스크", "대응방안", "담당", "지난 일수"),
        "en": ("Risk", "Response", "Owner", "Days late"),
    }
    return Section(pick(lang, "기한을 넘긴 대응방안", "Overdue responses"), head[lang], rows, none)


def _acceptances(pack: Pack, lang: Lang, none: str) -> Section:
    rows = []
    for risks, ko, en in ((pack.lapsed, "만료됨", "ended"), (pack.ending, "30일 안에 만료", "ends within 30 days")):
        for risk in risks:
            until = "" if risk.acceptance is None else show_instant(risk.acceptance.until, lang=lang)
            rows.append((risk.id, pick(lang, ko, en), until))
    head = (pick(lang, "리스크", "Risk"), pick(lang, "상태", "State"), pick(lang, "끝나는 때", "Until"))
    return Section(pick(lang, "리스크 수용", "Acceptances"), head, tuple(rows), none)


def _coverage(pack: Pack, lang: Lang, profile: PackProfile, none: str) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for one in pack.covered:
        gaps = (", ".join(one.gaps) or none) if profile == "committee" else len(one.gaps)
        rows.append((one.item, one.standing.label(lang), len(one.risks), len(one.evidence), gaps))
    head: dict[Lang, tuple[str, ...]] = {
        "ko": ("원칙", "상태", "리스크", "증빙", "빈틈"),
        "en": ("Principle", "Standing", "Risks", "Evidence", "Gaps"),
    }
    return Section(pick(lang, "원칙별 증빙", "Coverage by principle"), head[lang], tuple(rows), none)
