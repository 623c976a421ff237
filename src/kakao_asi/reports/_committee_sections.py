"""The parts of a committee pack in words: each a title, a head and rows of plain texts and numbers, not yet escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import frozen

from .._internal.clock import KST, show_instant
from .._internal.words import Lang
from ..framework import RunningIncident
from ..lifecycle import FindingGroup
from ..register import Indicator, Kri, Light, ReviewReason
from ..taxonomy import Grade
from ._committee_facts import Asked, Pack, Top, level_of
from ._committee_movement import Moved
from ._committee_words import word_for

__all__ = ["Cell", "PackProfile", "Section", "cover_of", "pick", "sections_of"]

PackProfile: TypeAlias = Literal["committee", "auditor", "public"]
"""Who reads a pack.

``auditor`` adds the whole index of evidence and the list of risks; ``public`` holds counts only, no risk, case or role.
"""

Cell: TypeAlias = str | int
"""What a row holds; a number stays one in a workbook."""

_ASKED = 5
_NAMED = 12
_LISTED = 10
_LIMITS = {
    Kri.RESIDUAL_TREND: "2 / 3",
    Kri.MTTR: "80 / 100 %",
    Kri.OVERDUE_RESPONSES: "5 / 10 %",
    Kri.COVERAGE: "95 / 90 %",
    Kri.REOPEN_RATE: "5 / 10 %",
}


@frozen
class Section:
    """One part of a pack.

    Attributes:
        title: its title.
        head: the names of its columns.
        rows: its rows, each as wide as the head.
        none: what is said where there is no row.
        note: what is said below it; None if nothing is.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    none: str
    note: str | None = None


def pick(lang: Lang, ko: str, en: str) -> str:
    """Return the text of the language."""
    return ko if lang == "ko" else en


def cover_of(
    pack: Pack,
    label: str,
    lang: Lang,
    profile: PackProfile,
    *,
    number: str,
    checkpoint: str | None,
    previous: str | None,
) -> tuple[tuple[str, str], ...]:
    """Return the names and values of the cover."""
    readers = {
        "committee": pick(lang, "위원회 한정", "committee only"),
        "auditor": pick(lang, "감사 한정", "auditors only"),
        "public": pick(lang, "공개", "public"),
    }
    rows = [
        (pick(lang, "기구", "Body"), f"{label} ({pack.body})"),
        (pick(lang, "기준 시각", "As of"), show_instant(pack.at, lang=lang)),
        (pick(lang, "기간 시작", "Period from"), show_instant(pack.since, lang=lang)),
        (pick(lang, "거버넌스", "Governance"), pack.governance),
        (pick(lang, "윤리 원칙", "Principles"), pack.taxonomy),
        (pick(lang, "배포 범위", "For"), readers[profile]),
        (pick(lang, "보고 ID", "Pack id"), number),
    ]
    if checkpoint is not None:
        rows.append((pick(lang, "체크포인트", "Checkpoint"), " ".join(checkpoint.split())))
    if previous is not None:
        rows.append((pick(lang, "지난 보고", "Previous pack"), previous))
    return tuple(rows)


def sections_of(pack: Pack, lang: Lang, profile: PackProfile) -> Iterator[Section]:
    """Yield the parts in their order; those that name a risk, a case or a role for the committee only."""
    inside = profile != "public"
    words = _Words(pack, lang, pick(lang, "없음", "none"), inside)
    if inside:
        yield words.asked()
        yield words.top()
    yield words.movement()
    if inside:
        yield words.movers()
    yield words.grid()
    yield words.findings()
    if inside:
        yield words.asked_again()
        yield words.late()
        yield words.acceptances()
        yield words.incidents()
    yield words.indicators()
    yield words.breadth()
    yield words.coverage()
    yield words.horizon()
    if not inside:
        yield words.organisation()
    if inside:
        yield words.actions()
        yield words.evidence(full=profile == "auditor")
    if profile == "auditor":
        yield words.listed()
    yield words.glossary()


def _named(ids: Iterable[str]) -> str:
    """Return the first ids and how many more there are; Markdown and people both lose track of a longer line."""
    every = tuple(ids)
    more = f" +{len(every) - _NAMED}" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more


@frozen
class _Words:
    """The parts of one pack in one language."""

    pack: Pack
    lang: Lang
    none: str
    inside: bool

    def _say(self, ko: str, en: str) -> str:
        return pick(self.lang, ko, en)

    def _grade(self, grade: Grade | None) -> str:
        return self._say("미평가", "not assessed") if grade is None else grade.label(self.lang)

    def _section(
        self, ko: str, en: str, head: tuple[tuple[str, str], ...], rows: Iterable[tuple[Cell, ...]], **more: str
    ) -> Section:
        names = tuple(pick(self.lang, *one) for one in head)
        return Section(self._say(ko, en), names, tuple(rows), self.none, more.get("note"))

    # --- decisions and risks -----------------------------------------------------------------------------------------

    def asked(self) -> Section:
        head = (
            ("안건", "Case"),
            ("물음", "Question"),
            ("이 기구의 권한", "Within your authority"),
            ("앞선 의견", "Said before"),
            ("기한", "Due"),
        )
        more = len(self.pack.asked) - _ASKED
        note = self._say(
            "승인하면 안건이 나아가고, 보완 요청이나 거부면 멈추며, 결정하지 않으면 상위 기구로 넘어갑니다. "
            "결정하지 않았다고 해서 수용되는 일은 없습니다.",
            "Approval lets the matter go on; a return or a rejection leaves it undone; undecided, it goes up. "
            "Silence is never acceptance.",
        )
        if more > 0:
            note += self._say(f" 이 밖에 기다리는 안건이 {more}건 있습니다.", f" {more} more wait.")
        return self._section(
            "결정 요청", "Decisions asked", head, map(self._asked, self.pack.asked[:_ASKED]), note=note
        )

    def _asked(self, one: Asked) -> tuple[Cell, ...]:
        said = [f"{body}: {outcome.label(self.lang)}" for body, outcome in one.said]
        if one.case.reviews:
            said.append(
                self._say(
                    f"검토 의견 {len(one.case.reviews)}건 가운데 적정 {one.adequate}건",
                    f"{one.adequate} of {len(one.case.reviews)} opinions: adequate",
                )
            )
        authority = (
            self._say("예, 최종 결정", "yes, final")
            if one.final
            else self._say("아니요, 승인 후 다음 기구로", "no, approve and forward")
        )
        due = self._say("기한 없음", "none") if one.due_at is None else show_instant(one.due_at, lang=self.lang)
        return one.case.id, one.case.matter.label(self.lang), authority, "; ".join(said) or self.none, due

    def top(self) -> Section:
        head = (
            ("리스크", "Risk"),
            ("시스템", "System"),
            ("분류", "Category"),
            ("고유 → 잔여", "Inherent → residual"),
            ("현재 / 허용", "Effective / limit"),
            ("담당", "Owner"),
            ("다음 조치", "Next step"),
            ("조기 경보", "Early warning"),
        )
        return self._section("주요 리스크", "Top five", head, map(self._top, self.pack.top))

    def _top(self, one: Top) -> tuple[Cell, ...]:
        inherent, residual, effective = level_of(one.risk, self.pack.at)
        risk, plan = one.risk.risk, one.plan
        step = self._say("대응방안 없음", "no open response")
        if plan is not None:
            step = f"{plan.id}, {plan.response.due.isoformat()}"
        return (
            f"{risk.title} ({risk.id})",
            risk.system,
            f"{risk.category.label(self.lang)} ({risk.actor.label(self.lang)})",
            f"{self._grade(inherent)} → {self._grade(residual)}",
            f"{self._grade(effective)} / {self._grade(one.limit)}",
            risk.owner,
            step,
            self.none if one.warning is None else self._value(one.warning),
        )

    # --- movement ----------------------------------------------------------------------------------------------------

    def movement(self) -> Section:
        move = self.pack.movement
        count = move.counts
        equation = "{previous} + {new} + {reopened} - {closed} - {merged} = {now}".format(**count)
        names = self._say(
            "이전 + 신규 + 재개 - 종결 - 병합 = 현재", "previous + new + reopened - closed - merged = now"
        )
        rows: list[tuple[Cell, ...]] = [(names, equation)]
        for ko, en, ids in (
            ("신규", "New", move.new),
            ("재개", "Reopened", move.reopened),
            ("종결", "Closed", move.closed),
            ("병합", "Merged", move.merged),
        ):
            if self.inside and ids:
                rows.append((self._say(ko, en), _named(ids)))
        rows.append((self._say("등급 상승", "Raised"), len(move.raised)))
        rows.append((self._say("등급 하향", "Lowered"), len(move.lowered)))
        return self._section("변동", "Movement", (("항목", "Item"), ("값", "Value")), rows)

    def movers(self) -> Section:
        head = (("리스크", "Risk"), ("이전", "Before"), ("현재", "Now"), ("까닭", "Reason"), ("안건", "Case"))
        rows = map(self._mover, (*self.pack.movement.raised, *self.pack.movement.lowered))
        return self._section("등급이 바뀐 리스크", "Grades that moved", head, rows)

    def _mover(self, one: Moved) -> tuple[Cell, ...]:
        reason = one.reason.label(self.lang)
        return one.risk, self._grade(one.before), self._grade(one.now), reason, one.case or self.none

    def grid(self) -> Section:
        stages = tuple(dict.fromkeys(stage for _, stage, _ in self.pack.grid))
        rows: list[tuple[Cell, ...]] = [
            (actor.label(self.lang), *(count for who, _, count in self.pack.grid if who is actor))
            for actor in dict.fromkeys(who for who, _, _ in self.pack.grid)
        ]
        head = (("발생 주체", "Actor"), *((one.ko, one.en) for one in stages))
        note = self._say(
            "여러 단계에서 나타날 수 있는 리스크는 단계마다 셉니다.", "A risk counts at each stage it can show at."
        )
        return self._section("열린 리스크", "Open risks", head, rows, note=note)

    # --- what is late, lived with, or happened -----------------------------------------------------------------------

    def findings(self) -> Section:
        found = self.pack.findings
        shown, rest = (found[:_LISTED], found[_LISTED:]) if self.inside else ((), found)
        rows: list[tuple[Cell, ...]] = [self._finding(one) for one in shown]
        if rest:
            more = self._say(f"묶음 {len(rest)}개", f"groups: {len(rest)}")
            rows.append((more, "", "", sum(one.count for one in rest), ""))
        head = (
            ("묶음", "Group"),
            ("시스템", "System"),
            ("본 것", "What was seen"),
            ("건수", "Occurrences"),
            ("마지막으로 본 때", "Last seen"),
        )
        return self._section("판단을 기다리는 발견 사항", "Findings that wait for a person", head, rows)

    def _finding(self, one: FindingGroup) -> tuple[Cell, ...]:
        sample = one.sample
        return (
            one.id,
            one.system or self._say("알 수 없음", "not known"),
            " · ".join(
                part for part in (sample.risk, sample.label, sample.cause, sample.verdict.label(self.lang)) if part
            ),
            one.count,
            show_instant(one.last_seen, lang=self.lang),
        )

    def asked_again(self) -> Section:
        marks = [(one.id, one.recheck) for one in self.pack.asked_again if one.recheck is not None]
        rows = [
            (
                risk,
                mark.finding,
                show_instant(mark.at, lang=self.lang),
                self._say("예", "yes") if mark.step_up else self._say("아니요", "no"),
            )
            for risk, mark in marks[:_LISTED]
        ]
        more = len(marks) - len(rows)
        note = self._say(f"이 밖에 {more}건이 있습니다.", f"{more} more are asked for.") if more else ""
        head = (
            ("리스크", "Risk"),
            ("발견 사항 묶음", "Group of findings"),
            ("요청된 때", "Since"),
            ("한 등급 위로", "One grade up"),
        )
        return self._section("재평가 요청", "New assessments asked for", head, rows, **({"note": note} if note else {}))

    def late(self) -> Section:
        head = (
            ("무엇", "What"),
            ("대상", "Subject"),
            ("항목", "Item"),
            ("담당", "Owner"),
            ("지난 일수", "Days late"),
        )
        late = self.pack.late
        shown = late[: _LISTED * 2]
        rows = ((one.kind.label(self.lang), one.subject, one.item, one.owner, one.days) for one in shown)
        more = len(late) - len(shown)
        note = self._say(f"이 밖에 {more}건이 기한을 넘겼습니다.", f"{more} more are late.") if more else ""
        return self._section("기한을 넘긴 일", "Overdue", head, rows, **({"note": note} if note else {}))

    def acceptances(self) -> Section:
        pack = self.pack
        ending = [
            f"{one.id} ({one.acceptance.until.astimezone(KST).date().isoformat()})"
            for one in pack.ending
            if one.acceptance is not None
        ]
        groups: tuple[tuple[str, str, Iterable[str]], ...] = (
            ("수용 중", "Live acceptances", pack.accepted),
            ("30일 안에 만료", "Ending within 30 days", ending),
            ("만료되거나 상태가 달라져 열림", "Ended or no longer fitting, open", [one.id for one in pack.lapsed]),
            ("허용 수준을 넘고 수용되지 않음", "Above tolerance, not accepted", pack.breaches),
            ("증빙 없이 평가됨", "Graded without evidence", pack.unproved),
            ("받아들이지 않은 이의", "Overruled objections", pack.overruled),
            ("기간 안의 예외 승인", "Overrides of the period", pack.breadth.overrides),
        )
        rows = [(self._say(ko, en), len(tuple(ids)), _named(ids) or self.none) for ko, en, ids in groups]
        head = (("상태", "State"), ("건수", "Count"), ("대상", "Which"))
        return self._section("리스크 수용과 한도", "Acceptances and limits", head, rows)

    def incidents(self) -> Section:
        head = (
            ("사고", "Incident"),
            ("인지 / 차단", "Aware / contained"),
            ("법적 기한", "Duty"),
            ("기한", "Due"),
            ("상태", "Standing"),
            ("사후 검토", "Post-mortem"),
        )
        rows = [row for one in self.pack.incidents for row in self._incident(one)]
        return self._section("사고와 법적 기한", "Incidents and law clocks", head, rows)

    def _incident(self, one: RunningIncident) -> Iterator[tuple[Cell, ...]]:
        record, blank = one.record, self.none
        contained = blank if record.contained_at is None else show_instant(record.contained_at, lang=self.lang)
        known = f"{show_instant(record.facts.aware_at, lang=self.lang)} / {contained}"
        review = blank if record.post_mortem is None else record.post_mortem.label(self.lang)
        name = f"{record.id} ({record.system})"
        for clock in one.clocks:
            due = blank if clock.due_at is None else show_instant(clock.due_at, lang=self.lang)
            yield name, known, clock.clock.id, due, clock.standing.label(self.lang), review
        if not one.clocks:
            yield name, known, blank, blank, blank, review

    # --- indicators and coverage -------------------------------------------------------------------------------------

    def indicators(self) -> Section:
        head = (
            ("지표", "Indicator"),
            ("60일 전", "60 days ago"),
            ("30일 전", "30 days ago"),
            ("현재", "Now"),
            ("상태", "Standing"),
            ("바탕이 된 수", "Counts"),
        )
        trends = [one for one in self.pack.kris if one.kri is Kri.RESIDUAL_TREND]
        shown = [one for one in trends if self.inside and one.light in {Light.AMBER, Light.RED}]
        shown += [one for one in self.pack.kris if one.kri is not Kri.RESIDUAL_TREND]
        rows = [*map(self._indicator, shown), self._rest(trends)]
        note = self._say("한도(주의 / 경고): ", "Limits, amber / red: ")
        limits = "; ".join(f"{kri.label(self.lang)} {limit}" for kri, limit in _LIMITS.items())
        return self._section("핵심 위험 지표", "Key risk indicators", head, rows, note=note + limits)

    def _rest(self, trends: Iterable[Indicator]) -> tuple[Cell, ...]:
        """Return one row for how many systems stand how, so that many systems fill no page."""
        lights = [one.light for one in trends]
        counted = ", ".join(f"{light.label(self.lang)} {lights.count(light)}" for light in Light if light in lights)
        name = self._say(f"{Kri.RESIDUAL_TREND.ko}, 시스템 전체", f"{Kri.RESIDUAL_TREND.en}, all systems")
        return name, "", "", "", counted or self._say("자료 없음", "missing"), ""

    def _indicator(self, one: Indicator) -> tuple[Cell, ...]:
        past = [
            next((old for old in each if (old.kri, old.subject) == (one.kri, one.subject)), None)
            for each in self.pack.history
        ]
        missing = self._say("자료 없음", "missing")
        name = one.kri.label(self.lang)
        name = name if one.subject is None else f"{name} ({word_for(one.subject, self.lang)})"
        light = one.light.label(self.lang)
        light = light if one.reason is None else f"{light} ({word_for(one.reason, self.lang)})"
        counts = ", ".join(f"{word_for(key, self.lang)} {number}" for key, number in one.counts)
        before = (missing if old is None or old.value is None else self._value(old) for old in past)
        return name, *before, missing if one.value is None else self._value(one), light, counts

    def _value(self, one: Indicator) -> str:
        if one.value is None:
            return self._say("자료 없음", "missing")
        if one.kri is Kri.RESIDUAL_TREND:
            return self._say(f"연속 {one.value}기간 상승", f"risen {one.value} in a row")
        return f"{one.value // 10}.{one.value % 10} %"

    def breadth(self) -> Section:
        one = self.pack.breadth
        rows: list[tuple[Cell, ...]] = [
            (self._say("관리하는 시스템", "Systems"), one.systems),
            (self._say("평가된 열린 리스크 / 전체", "Open risks assessed / all"), f"{one.assessed} / {one.risks}"),
            (self._say("1선 평가 / 2선 독립 평가", "First line / second line"), f"{one.first} / {one.second}"),
            (
                self._say("통과한 단계 / 예외 승인", "Stages entered / overrides"),
                f"{one.entered} / {len(one.overrides)}",
            ),
        ]
        silent = (_named(one.silent) or self.none) if self.inside else len(one.silent)
        rows.append((self._say("기간 안에 평가가 없는 조직", "Units with nothing assessed"), silent))
        return self._section("점검 범위", "Breadth", (("항목", "Item"), ("값", "Value")), rows)

    def coverage(self) -> Section:
        rows: list[tuple[Cell, ...]] = []
        for one in self.pack.covered:
            told = [word_for(gap, self.lang) for gap in one.gaps]
            gaps = (_named(told) or self.none) if self.inside else len(told)
            rows.append(
                (
                    self.pack.principle(one.item, self.lang),
                    one.standing.label(self.lang),
                    len(one.risks),
                    len(one.evidence),
                    gaps,
                )
            )
        head = (
            ("원칙", "Principle"),
            ("상태", "Standing"),
            ("리스크", "Risks"),
            ("증빙", "Evidence"),
            ("빈틈", "Gaps"),
        )
        return self._section("원칙별 증빙", "Coverage by principle", head, rows)

    # --- ahead, behind, annexes --------------------------------------------------------------------------------------

    def horizon(self) -> Section:
        pack = self.pack
        rows = [(one.on.isoformat(), one.law, one.text(self.lang)) for one in pack.horizon]
        rows += [(one.effective_from.isoformat(), one.law, one.text(self.lang)) for one in pack.starting]
        due: dict[tuple[str, ReviewReason], list[str]] = {}
        for review in pack.reviews:
            if review.on >= pack.today:
                due.setdefault((review.on.isoformat(), review.reason), []).append(review.subject)
        rows += [
            (on, self._say("프레임워크 재검토", "Framework review"), self._review(reason, subjects))
            for (on, reason), subjects in due.items()
        ]
        head = (("날짜", "On"), ("근거", "Law or rule"), ("내용", "What"))
        return self._section("다가오는 일", "Horizon", head, sorted(rows))

    def _review(self, reason: ReviewReason, subjects: list[str]) -> str:
        label = reason.label(self.lang)
        return f"{label} ({_named(subjects)})" if self.inside else f"{label}: {len(subjects)}"

    def organisation(self) -> Section:
        """Say what is public by law where AI is high-impact; what only the company can say is marked so.

        Source: Decree of the AI Basic Act (Korea), article 27(1): policy and organisation, plan of explanation,
        protection of users, name and contact of the supervisor. Labels are ours; no legal advice.
        """
        pack = self.pack
        own = self._say("(회사가 적을 것)", "(for the company to say)")
        bodies = " → ".join(pick(self.lang, *one) for one in pack.bodies)
        policies = self._say(f"시행 중인 정책 {pack.policies}건", f"{pack.policies} policies in force")
        protects = len({risk.id for risk in pack.risks if "user_protection" in risk.risk.principles})
        rows = [
            (self._say("위험관리 정책과 조직", "Risk policy and organisation"), f"{bodies}; {policies}"),
            (self._say("설명 방안", "Plan of explanation"), own),
            (
                self._say("이용자 보호", "Protection of users"),
                self._say(f"이 원칙으로 다룬 리스크 {protects}건", f"{protects} risks handled under this principle"),
            ),
            (self._say("감독자의 이름과 연락처", "Name and contact of the supervisor"), own),
        ]
        return self._section("공개 항목", "Public items", (("항목", "Item"), ("값", "Value")), rows)

    def actions(self) -> Section:
        head = (
            ("조건", "Condition"),
            ("리스크", "Risk"),
            ("안건", "Case"),
            ("담당", "Owner"),
            ("기한", "Due"),
            ("이행", "Done"),
        )
        rows = [
            (
                one.id,
                risk.id,
                one.condition_of or "",
                one.response.owner,
                one.response.due.isoformat(),
                self._say("예", "yes") if one.verified else self._say("아니요", "no"),
            )
            for risk, one in self.pack.actions[:_LISTED]
        ]
        return self._section("지난 결정의 조건", "Previous actions", head, rows)

    def evidence(self, *, full: bool) -> Section:
        head = (
            ("증빙", "Evidence"),
            ("종류", "Kind"),
            ("나이(일)", "Age in days"),
            ("리스크", "Risks"),
            ("평가 방법", "Method"),
        )
        pieces = self.pack.pieces if full else self.pack.pieces[:_LISTED]
        rows = [
            (
                one.digest if full else one.digest[:19],
                one.kind.label(self.lang),
                one.age,
                _named(one.risks),
                ", ".join(one.methods) or self.none,
            )
            for one in pieces
        ]
        note = self._say(
            f"증빙 {len(self.pack.pieces)}건 가운데 오래된 {len(rows)}건입니다. 등록부에는 다이제스트만 있습니다.",
            f"{len(rows)} of {len(self.pack.pieces)}, the oldest first. The register holds digests only.",
        )
        return self._section("부록: 증빙 목록", "Annex: evidence", head, rows, note=note)

    def listed(self) -> Section:
        head = (
            ("리스크", "Risk"),
            ("제목", "Title"),
            ("시스템", "System"),
            ("상태", "Status"),
            ("현재 등급", "Effective"),
        )
        rows = [
            (
                one.id,
                one.risk.title,
                one.risk.system,
                one.status.label(self.lang),
                self._grade(level_of(one, self.pack.at)[2]),
            )
            for one in self.pack.risks
        ]
        return self._section("부록: 리스크 목록", "Annex: risks", head, rows)

    def glossary(self) -> Section:
        rows = (
            (
                self._say("고유 / 잔여 / 현재 등급", "inherent / residual / effective grade"),
                self._say(
                    "대응 전과 뒤의 등급, 기구가 낮추기 전까지 가장 높았던 등급입니다. 승인 관문은 현재 등급을 봅니다.",
                    "before responses, after them, and the highest since a body last lowered it, which gates read.",
                ),
            ),
            (
                self._say("허용 수준", "limit"),
                self._say("이 등급까지는 받아들일 수 있습니다.", "the highest grade within tolerance."),
            ),
            (
                self._say("미평가", "not assessed"),
                self._say(
                    "모르는 것은 낮은 것이 아니므로 고 등급보다 앞에 둡니다.",
                    "unknown is not low; it stands above HIGH.",
                ),
            ),
        )
        return self._section("부록: 용어", "Annex: words", (("용어", "Word"), ("뜻", "Meaning")), rows)
