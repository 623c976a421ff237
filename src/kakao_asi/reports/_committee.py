"""The committee pack: what a body is asked, what moved since it last met, and what is late; in four forms."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

from attrs import frozen

from .. import catalog
from .._internal.canonical import Json, canonical_bytes
from .._internal.clock import format_instant, show_instant
from .._internal.words import Lang, Origin
from ..exceptions import InvalidValue
from ..lifecycle import RiskState
from ..register import Questions
from ..taxonomy import Grade
from ._committee_facts import Asked, Pack, gathered_for, level_of
from ._escape import Safe, for_markdown, join, tag
from ._style import STYLE
from ._writing import written

__all__ = ["PackForm", "PackProfile", "committee"]

PackForm: TypeAlias = Literal["markdown", "html", "json", "csv"]
"""How a pack is written."""

PackProfile: TypeAlias = Literal["committee", "public"]
"""Who reads it: ``public`` holds counts only, no risk, case or role."""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


@frozen
class _Section:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    none: str


def committee(
    register: Questions,
    path: str | Path | None = None,
    *,
    body: str,
    since: dt.datetime,
    lang: Lang = "ko",
    form: PackForm = "markdown",
    profile: PackProfile = "committee",
    checkpoint: str | None = None,
) -> str:
    """Return the pack of a body on a register, and write it to a file if a path is given.

    The same view, period and checkpoint give the same bytes on any machine. The number of open risks reconciles:
    previous + new + reopened - closed - merged = now, and the pack prints the equation.

    Args:
        register: a register, or a view of it at a past point.
        path: the file to write, whole or not at all; None writes nothing.
        body: id of the body the pack is for.
        since: start of the period, usually the last meeting; aware.
        lang: the language.
        form: Markdown, a single HTML page, canonical JSON, or CSV with one row a risk for a spreadsheet, whose cells
            can be no formula and which starts with a byte order mark.
        profile: who reads it; the public one has counts only, and no CSV.
        checkpoint: the text of a checkpoint to print, so that the figures can be traced to it; None prints none.

    Raises:
        InvalidValue: the start has no time zone, or the public profile is asked for as CSV.
        UnknownId: the governance has no such body.
        OSError: the file cannot be written.
    """
    if since.tzinfo is None:
        raise InvalidValue("committee.since", "must be a datetime with a time zone")
    if profile == "public" and form == "csv":
        raise InvalidValue("committee.form", "must not be csv in the public profile", "it lists every risk")
    pack = gathered_for(register, body, since, catalog.horizon())
    if form == "json":
        return written(canonical_bytes(_json(pack, profile, checkpoint)).decode() + "\n", path)
    if form == "csv":
        return written(_csv(pack), path)
    label = register.governance().graph.body(body).label(lang)
    cover = _cover(pack, label, lang, checkpoint)
    sections = tuple(_sections(pack, lang, profile))
    text = _markdown(cover, sections, lang) if form == "markdown" else _html(cover, sections, lang)
    return written(text, path)


def _pick(lang: Lang, ko: str, en: str) -> str:
    return ko if lang == "ko" else en


def _grade(grade: Grade | None, lang: Lang) -> str:
    return _pick(lang, "미평가", "not assessed") if grade is None else grade.label(lang)


def _cover(pack: Pack, label: str, lang: Lang, checkpoint: str | None) -> tuple[tuple[str, str], ...]:
    rows = [
        (_pick(lang, "기구", "Body"), f"{label} ({pack.body})"),
        (_pick(lang, "기준 시각", "As of"), show_instant(pack.at, lang=lang)),
        (_pick(lang, "기간 시작", "Period from"), show_instant(pack.since, lang=lang)),
        (_pick(lang, "거버넌스", "Governance"), pack.governance),
    ]
    if checkpoint is not None:
        rows.append((_pick(lang, "체크포인트", "Checkpoint"), " ".join(checkpoint.split())))
    return tuple(rows)


# --- sections --------------------------------------------------------------------------------------------------------


def _sections(pack: Pack, lang: Lang, profile: PackProfile) -> Iterator[_Section]:
    none = _pick(lang, "없음", "none")
    if profile == "committee":
        yield _Section(
            _pick(lang, "결정 요청", "Decisions asked"), _HEAD_ASKED[lang], tuple(_asked_rows(pack, lang)), none
        )
        yield _Section(
            _pick(lang, "주요 리스크", "Top five"), _HEAD_RISK[lang], tuple(_risk_rows(pack.top, pack, lang)), none
        )
    yield _movement(pack, lang, profile, none)
    yield _grid(pack, lang, none)
    if profile == "committee":
        yield _late(pack, lang, none)
        yield _acceptances(pack, lang, none)
    yield _Section(
        _pick(lang, "핵심 위험 지표", "Key risk indicators"),
        (_pick(lang, "지표", "Indicator"),),
        tuple((one.text(lang),) for one in pack.kris if profile == "committee" or one.kri.id != "residual_trend"),
        none,
    )
    yield _coverage(pack, lang, profile, none)
    rows = tuple((one.on.isoformat(), one.law, one.text(lang)) for one in pack.horizon)
    head = (_pick(lang, "시행일", "From"), _pick(lang, "법령", "Law"), _pick(lang, "내용", "What"))
    yield _Section(_pick(lang, "다가오는 규제", "Horizon"), head, rows, none)


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
            _pick(lang, "기한 없음", "none") if one.due_at is None else show_instant(one.due_at, lang=lang),
            _pick(lang, "상위 기구로 상신되며 수용되지 않음", "it goes up; it is never accepted"),
        )


def _authority(one: Asked, lang: Lang) -> str:
    if one.final:
        return _pick(lang, "예, 최종 결정", "yes, final")
    return _pick(lang, "아니요, 승인 후 다음 기구로", "no, approve and forward")


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


def _movement(pack: Pack, lang: Lang, profile: PackProfile, none: str) -> _Section:
    move = pack.movement
    equation = f"{move.previous} + {move.new} + {move.reopened} - {move.closed} - {move.merged} = {move.now}"
    shown = profile == "committee"
    raised = ", ".join(move.raised) if shown else str(len(move.raised))
    lowered = ", ".join(move.lowered) if shown else str(len(move.lowered))
    names = _pick(lang, "이전 + 신규 + 재개 - 종결 - 병합 = 현재", "previous + new + reopened - closed - merged = now")
    rows = (
        (names, equation),
        (_pick(lang, "등급 상승", "Raised"), raised or none),
        (_pick(lang, "등급 하향", "Lowered"), lowered or none),
    )
    head = (_pick(lang, "항목", "Item"), _pick(lang, "값", "Value"))
    return _Section(_pick(lang, "변동", "Movement"), head, rows, none)


def _grid(pack: Pack, lang: Lang, none: str) -> _Section:
    stages = tuple(dict.fromkeys(stage for _, stage, _ in pack.grid))
    rows = tuple(
        (actor.label(lang), *(str(count) for who, _, count in pack.grid if who is actor))
        for actor in dict.fromkeys(who for who, _, _ in pack.grid)
    )
    head = (_pick(lang, "발생 주체", "Actor"), *(stage.label(lang) for stage in stages))
    return _Section(_pick(lang, "열린 리스크", "Open risks"), head, rows, none)


def _late(pack: Pack, lang: Lang, none: str) -> _Section:
    rows = tuple(
        (risk.id, planned.id, planned.response.owner, str((pack.today - planned.response.due).days))
        for risk, planned in pack.overdue
    )
    head: dict[Lang, tuple[str, ...]] = {
        "ko": ("리스크", "대응방안", "담당", "지난 일수"),
        "en": ("Risk", "Response", "Owner", "Days late"),
    }
    return _Section(_pick(lang, "기한을 넘긴 대응방안", "Overdue responses"), head[lang], rows, none)


def _acceptances(pack: Pack, lang: Lang, none: str) -> _Section:
    rows = []
    for risks, ko, en in ((pack.lapsed, "만료됨", "ended"), (pack.ending, "30일 안에 만료", "ends within 30 days")):
        for risk in risks:
            until = "" if risk.acceptance is None else show_instant(risk.acceptance.until, lang=lang)
            rows.append((risk.id, _pick(lang, ko, en), until))
    head = (_pick(lang, "리스크", "Risk"), _pick(lang, "상태", "State"), _pick(lang, "끝나는 때", "Until"))
    return _Section(_pick(lang, "리스크 수용", "Acceptances"), head, tuple(rows), none)


def _coverage(pack: Pack, lang: Lang, profile: PackProfile, none: str) -> _Section:
    rows = tuple(
        (
            one.item,
            one.standing.label(lang),
            str(len(one.risks)),
            str(len(one.evidence)),
            (", ".join(one.gaps) if profile == "committee" else str(len(one.gaps))) or none,
        )
        for one in pack.covered
    )
    head: dict[Lang, tuple[str, ...]] = {
        "ko": ("원칙", "상태", "리스크", "증빙", "빈틈"),
        "en": ("Principle", "Standing", "Risks", "Evidence", "Gaps"),
    }
    return _Section(_pick(lang, "원칙별 증빙", "Coverage by principle"), head[lang], rows, none)


# --- forms -----------------------------------------------------------------------------------------------------------


def _title(lang: Lang) -> str:
    return _pick(lang, "AI 리스크 위원회 보고", "AI risk committee pack")


def _footer(lang: Lang) -> str:
    return _pick(
        lang,
        f"{Origin.OURS.ko}. 카카오와 무관한 프로젝트이며 법률 자문이 아닙니다.",
        f"Limits and formulas: {Origin.OURS.en}. Independent of Kakao; no legal advice.",
    )


def _markdown(cover: Iterable[tuple[str, str]], sections: Iterable[_Section], lang: Lang) -> str:
    lines = [f"# {_title(lang)}", ""]
    lines += [f"- {name}: {for_markdown(value)}" for name, value in cover]
    for one in sections:
        lines += ["", f"## {one.title}", ""]
        if not one.rows:
            lines.append(one.none)
            continue
        lines += ["| " + " | ".join(one.head) + " |", "|" + "---|" * len(one.head)]
        lines += ["| " + " | ".join(for_markdown(cell) for cell in row) + " |" for row in one.rows]
    return "\n".join([*lines, "", _footer(lang), ""])


def _html(cover: Iterable[tuple[str, str]], sections: Iterable[_Section], lang: Lang) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", _title(lang)),
        tag("style", Safe(STYLE)),
    )
    facts = tag("dl", *(part for name, value in cover for part in (tag("dt", name), tag("dd", value))))
    parts = [tag("section", tag("h2", one.title), _table(one)) for one in sections]
    main = tag("main", tag("h1", _title(lang)), facts, *parts, tag("p", _footer(lang)))
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main), lang=lang)}"


def _table(section: _Section) -> Safe:
    if not section.rows:
        return tag("p", section.none)
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in section.head)))
    rows = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in section.rows]
    table = tag("table", tag("caption", section.title), head, tag("tbody", join(*rows)))
    return tag("div", table, tabindex="0", role="group", aria_label=section.title)


def _csv(pack: Pack) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = ("id", "title", "system", "category", "actor", "status", "inherent", "residual", "effective", "owner")
    writer.writerow(names)
    for risk in pack.risks:
        grades = ("" if grade is None else grade.id for grade in level_of(risk, pack.at))
        kept = risk.risk
        row = (kept.id, kept.title, kept.system, kept.category.id, kept.actor.id, risk.status.id, *grades, kept.owner)
        writer.writerow([_inert(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_RISKY) else cell


def _json(pack: Pack, profile: PackProfile, checkpoint: str | None) -> Json:
    move = pack.movement
    shared: dict[str, Json] = {
        "body": pack.body,
        "as_of": format_instant(pack.at),
        "since": format_instant(pack.since),
        "governance": pack.governance,
        "checkpoint": checkpoint,
        "profile": profile,
        "movement": {name: getattr(move, name) for name in ("previous", "new", "reopened", "closed", "merged", "now")},
        "grid": [{"actor": actor.id, "stage": stage.id, "open": count} for actor, stage, count in pack.grid],
        "horizon": [one.id for one in pack.horizon],
    }
    kris = [one for one in pack.kris if profile == "committee" or one.kri.id != "residual_trend"]
    shared["kris"] = [
        {"id": one.kri.id, "subject": one.subject, "permille": one.value, "light": one.light.id, "reason": one.reason}
        for one in kris
    ]
    if profile == "public":
        shared["coverage"] = [{"item": one.item, "standing": one.standing.id} for one in pack.covered]
        return shared
    return shared | {
        "asked": [
            {"case": one.case.id, "matter": one.case.matter.id, "subject": one.case.subject, "final": one.final}
            for one in pack.asked
        ],
        "top": [risk.id for risk in pack.top],
        "raised": list(move.raised),
        "lowered": list(move.lowered),
        "overdue": [{"risk": risk.id, "response": planned.id} for risk, planned in pack.overdue],
        "ending": [risk.id for risk in pack.ending],
        "lapsed": [risk.id for risk in pack.lapsed],
        "coverage": [{"item": one.item, "standing": one.standing.id, "gaps": list(one.gaps)} for one in pack.covered],
    }
