"""Law clocks: dated rows with a trigger in closed data, the facts they ask for, and the due time that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import (
    as_utc,
    check_aware,
    check_bool,
    check_date,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    check_whole,
    tupled,
    worded,
)
from .._internal.words import Lang, Origin, Word
from ..exceptions import InvalidValue

__all__ = ["AnyOf", "ClockKind", "ClockRow", "DueClock", "Fact", "FactTest", "Incident", "LeakKind", "RowStatus", "Start", "Unit"]


class LeakKind(Word):
    """What happened to personal data.

    Source: Personal Information Protection Act (Korea), article 34(1) and article 23(2) in the version of 2026-09-11.
    """

    LOSS = "loss", "분실", "loss"
    THEFT = "theft", "도난", "theft"
    LEAK = "leak", "유출", "leak"
    FORGERY = "forgery", "위조", "forgery"
    ALTERATION = "alteration", "변조", "alteration"
    DAMAGE = "damage", "훼손", "damage"


class Fact(Word):
    """A fact that a trigger may ask for, about the incident or about the system."""

    LOSS = "loss", "분실", "loss"
    THEFT = "theft", "도난", "theft"
    LEAK = "leak", "유출", "leak"
    FORGERY = "forgery", "위조", "forgery"
    ALTERATION = "alteration", "변조", "alteration"
    DAMAGE = "damage", "훼손", "damage"
    POSSIBLE_ONLY = "possible_only", "가능성만 있음", "only possible"
    PEOPLE = "people", "정보주체 수", "number of people"
    SENSITIVE = "sensitive", "민감정보", "sensitive data"
    UNIQUE_ID = "unique_id", "고유식별정보", "unique identifiers"
    OUTSIDE_ACCESS = "outside_access", "외부의 불법 접근", "illegal outside access"
    PSEUDONYMISED = "pseudonymised", "가명정보", "pseudonymised"
    RECOVERED = "recovered", "회수·삭제됨", "recovered or deleted"
    SERIOUS = "serious", "중대한 사고", "serious incident"
    WIDESPREAD = "widespread", "광범위하거나 주요 기반시설 관련", "widespread or in critical infrastructure"
    CRITICAL_INFRASTRUCTURE = "critical_infrastructure", "주요 기반시설 관련", "in critical infrastructure"
    CYBER = "cyber", "보안 침해나 자기 유출", "security breach or self-exfiltration"
    DEATH = "death", "사망", "death"
    DISAGREES = "disagrees", "회신에 이견 있음", "disagrees with an answer"
    GENERATIVE = "generative", "생성형", "generative"
    HIGH_IMPACT = "high_impact", "법령상 중대 영향 AI로 결정", "decided to be high-impact AI"
    TRAINING_FLOP_EXPONENT = "training_flop_exponent", "학습 연산량의 자릿수", "order of magnitude of training compute"
    STATE_OF_THE_ART = "state_of_the_art", "최첨단 기술 적용", "state of the art"
    WIDE_IMPACT = "wide_impact", "광범위하고 중대한 영향", "wide and serious impact"
    INTERNAL_ONLY = "internal_only", "사내 전용", "internal use only"
    OBVIOUS_AI = "obvious_ai", "AI임이 명백함", "obviously AI"
    ICT_PROVIDER = "ict_provider", "정보통신서비스 제공자", "information and communications service provider"
    EU_HIGH_RISK = "eu_high_risk", "EU AI법 부속서의 규제 대상", "in a regulated class of the EU AI Act"
    GPAI_SYSTEMIC = "gpai_systemic", "범용 AI 모델(시스템적 리스크)", "general-purpose model with systemic risk"
    COP_SIGNATORY = "cop_signatory", "EU 실천 강령 서명", "signed the EU code of practice"


class Unit(Word):
    """What a limit counts."""

    HOURS = "hours", "시간", "hours"
    DAYS = "days", "일", "days"
    MONTHS = "months", "개월", "months"
    YEARS = "years", "년", "years"


class Start(Word):
    """From when a limit counts."""

    AWARE = "aware", "인지한 때", "awareness"
    ANSWER = "answer", "회신을 받은 때", "the answer"
    BEFORE = "before", "제공하기 전", "before it is provided"
    RECORD = "record", "기록한 때", "the record"
    RESOLVED = "resolved", "해결된 때", "resolution"


class RowStatus(Word):
    """How sure a row is."""

    CONFIRMED = "confirmed", "확인됨", "confirmed"
    RECHECK = "recheck", "재확인 필요", "check again"
    UNCONFIRMED = "unconfirmed", "미확정", "unconfirmed"


class ClockKind(Word):
    """What a row is for: a duty with a due time of an incident, or a standing duty of the system."""

    INCIDENT = "incident", "사고 대응", "incident"
    STANDING = "standing", "상시 의무", "standing duty"


@frozen(kw_only=True)
class FactTest:
    """One fact compared with a constant.

    Attributes:
        fact: the fact.
        value: what a fact that is true or false has to be.
        least: for a number, the least that passes, inclusive; None for a fact that is true or false.
    """

    fact: Fact = field(validator=check_kind(Fact))
    value: bool = field(default=True, validator=check_bool)
    least: int | None = field(default=None, validator=check_optional(check_whole()))

    def passes(self, known: bool | int | None) -> bool | None:
        """Tell whether a known value passes; None if it is not known."""
        if known is None:
            return None
        return known is self.value if self.least is None else int(known) >= self.least


def _tests(values: Iterable[FactTest]) -> tuple[FactTest, ...]:
    return tupled(values)


@frozen(kw_only=True)
class AnyOf:
    """Tests of which one has to pass; where none does and a fact is not known, it counts as passed (our choice).

    Attributes:
        tests: at least one test.
    """

    tests: tuple[FactTest, ...] = field(converter=_tests, validator=check_tuple_of(check_kind(FactTest), least=1))


def _clauses(values: Iterable[AnyOf]) -> tuple[AnyOf, ...]:
    return tupled(values)


_LEAKS = frozenset(kind.id for kind in LeakKind)


def _kinds(values: Iterable[LeakKind | str]) -> frozenset[LeakKind]:
    return worded(LeakKind, values)


@frozen(kw_only=True)
class Incident:
    """What is known about something that happened; None where nobody knows yet.

    Attributes:
        aware_at: when it became known; decides which version of a law applies, so it is required.
        answered_at: for the objection clock of the AI Basic Act, when the answer came; None if there is none.
        resolved_at: when it was resolved; None while it is not.
        kinds: what happened to personal data; empty if no personal data is concerned.
        possible_only: whether it is only possible: access is known or part of the data leaked, who is hit is unclear.
        people: number of people concerned.
        sensitive: whether sensitive data is among it.
        unique_id: whether unique identifiers are among it.
        outside_access: whether it stems from illegal access from outside.
        pseudonymised: whether the data was pseudonymised.
        recovered: whether it was recovered or deleted, and harm is markedly less likely.
        serious: whether it is a serious incident with an AI system (harm to life, rights, property, environment).
        widespread: whether it is widespread or disrupts critical infrastructure.
        critical_infrastructure: whether it disrupts critical infrastructure.
        cyber: whether it is a serious breach of security or a model that exfiltrated itself.
        death: whether a person died.
        disagrees: whether the operator disagrees with the answer.
    """

    aware_at: dt.datetime = field(converter=as_utc, validator=check_aware)
    answered_at: dt.datetime | None = field(default=None, validator=check_optional(check_kind(dt.datetime)))
    resolved_at: dt.datetime | None = field(default=None, validator=check_optional(check_kind(dt.datetime)))
    kinds: frozenset[LeakKind] = field(
        default=frozenset(), converter=_kinds, validator=check_tuple_of(check_kind(LeakKind), kind=frozenset)
    )
    possible_only: bool | None = field(default=False, validator=check_optional(check_bool))
    people: int | None = field(default=None, validator=check_optional(check_whole()))
    sensitive: bool | None = field(default=None, validator=check_optional(check_bool))
    unique_id: bool | None = field(default=None, validator=check_optional(check_bool))
    outside_access: bool | None = field(default=None, validator=check_optional(check_bool))
    pseudonymised: bool | None = field(default=None, validator=check_optional(check_bool))
    recovered: bool | None = field(default=None, validator=check_optional(check_bool))
    serious: bool | None = field(default=False, validator=check_optional(check_bool))
    widespread: bool | None = field(default=None, validator=check_optional(check_bool))
    critical_infrastructure: bool | None = field(default=None, validator=check_optional(check_bool))
    cyber: bool | None = field(default=None, validator=check_optional(check_bool))
    death: bool | None = field(default=None, validator=check_optional(check_bool))
    disagrees: bool | None = field(default=False, validator=check_optional(check_bool))

    def __attrs_post_init__(self) -> None:
        """Refuse an answer or a resolution without a time zone."""
        for name in ("answered_at", "resolved_at"):
            value = getattr(self, name)
            if value is not None and value.tzinfo is None:
                raise InvalidValue(f"Incident.{name}", "must be a datetime with a time zone")

    def fact(self, fact: Fact) -> bool | int | None:
        """Return what is known about a fact of the incident; None if nobody knows."""
        if fact.id in _LEAKS:
            return LeakKind(fact.id) in self.kinds
        known: bool | int | None = getattr(self, fact.id)
        return known


@frozen(kw_only=True)
class ClockRow:
    """One duty of one version of a law, with what triggers it and how long it leaves.

    Attributes:
        id: stable id of the row, for example ``kr.pipa.report.v2``.
        duty: what rows of successive versions share, for example ``kr.pipa.report``; one is live at a time.
        kind: whether it is for an incident or stands all the time.
        ko: what is to be done, in Korean, at most 300 characters.
        en: the same in English.
        law: the law and its article.
        limit: how many units it leaves; None if the law gives no number.
        unit: the unit of the limit; None without a limit.
        counts_from: from when it counts.
        all_of: what triggers it: each of these has to hold; none means that it always applies.
        relief: tests that all pass where the law lets the duty be dropped; empty if it never does.
        effective_from: first day it applies, local to the law.
        effective_to: first day it no longer applies; None while no end is known.
        offset_hours: hours by which local time of the law is ahead of UTC; 9 for Korea.
        status: how sure the row is.
        follow_up_ko: what comes after or is special, in Korean, at most 500 characters; None if nothing.
        follow_up_en: the same in English.
        origin: LAW or STANDARD; a company's own duty is OURS.
        source_url: https address of the source.
        licence: licence of the source.
        retrieved_on: day it was read.
    """

    id: str = field(validator=check_id)
    duty: str = field(validator=check_id)
    kind: ClockKind = field(validator=check_kind(ClockKind))
    ko: str = field(validator=check_text(longest=300))
    en: str = field(validator=check_text(longest=300))
    law: str = field(validator=check_text())
    limit: int | None = field(default=None, validator=check_optional(check_whole(least=1, most=10_000)))
    unit: Unit | None = field(default=None, validator=check_optional(check_kind(Unit)))
    counts_from: Start = field(validator=check_kind(Start))
    all_of: tuple[AnyOf, ...] = field(default=(), converter=_clauses, validator=check_tuple_of(check_kind(AnyOf)))
    relief: tuple[FactTest, ...] = field(
        default=(), converter=_tests, validator=check_tuple_of(check_kind(FactTest))
    )
    effective_from: dt.date = field(validator=check_date)
    effective_to: dt.date | None = field(default=None, validator=check_optional(check_date))
    offset_hours: int = field(default=9, validator=check_whole(most=14))
    status: RowStatus = field(validator=check_kind(RowStatus))
    follow_up_ko: str | None = field(default=None, validator=check_optional(check_text(longest=500)))
    follow_up_en: str | None = field(default=None, validator=check_optional(check_text(longest=500)))
    origin: Origin = field(validator=check_kind(Origin))
    source_url: str = field(validator=check_text(longest=500))
    licence: str = field(validator=check_text(longest=50))
    retrieved_on: dt.date = field(validator=check_date)

    def __attrs_post_init__(self) -> None:
        """Refuse a limit without its unit, an end before the start, and a source that is no https address."""
        if (self.limit is None) != (self.unit is None):
            raise InvalidValue("ClockRow.limit", "must come with its unit, or both must be left out")
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise InvalidValue("ClockRow.effective_to", "must be after effective_from", "the interval is half-open")
        if not self.source_url.startswith("https://"):
            raise InvalidValue("ClockRow.source_url", "must be an https address")

    @property
    def zone(self) -> dt.timezone:
        """The local time of the law; fixed, so that no time-zone data is needed."""
        return dt.timezone(dt.timedelta(hours=self.offset_hours))

    def is_live(self, aware_at: dt.datetime) -> bool:
        """Tell whether the row applies to what became known at an instant: from 00:00 local time, half-open."""
        day = aware_at.astimezone(self.zone).date()
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def text(self, lang: Lang) -> str:
        """Return what is to be done, in the language asked for."""
        return self.ko if lang == "ko" else self.en

    def follow_up(self, lang: Lang) -> str | None:
        """Return what comes after or is special, in the language asked for."""
        return self.follow_up_ko if lang == "ko" else self.follow_up_en


@frozen(kw_only=True)
class DueClock:
    """A duty that is triggered, and when it is due. Output is no legal advice.

    Attributes:
        row: the row of the law.
        starts_at: from when it counts; None for a standing duty.
        due_at: by when it is to be done, UTC; a final holiday does not move it (stricter than the law, our choice).
            None where the law gives no number.
        legal_end: the end the law itself gives: a period of days that would end on a Saturday, a Sunday or a holiday
            moves on. None without a due time, and for days where no calendar was given.
        triggered_by: the facts that triggered it, sorted by id.
        assumed: those of them nobody knows, which count as true.
        may_drop: whether the law lets it be dropped as things stand; people decide, so it is still listed.
    """

    row: ClockRow
    starts_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    legal_end: dt.datetime | None = None
    triggered_by: tuple[Fact, ...] = ()
    assumed: tuple[Fact, ...] = ()
    may_drop: bool = False

    @property
    def id(self) -> str:
        """The id of the row."""
        return self.row.id
