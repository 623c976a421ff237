"""Triggers as closed data: facts about a system or an incident, compared with constants; no code, so they serialise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import (
    as_utc,
    check_aware,
    check_bool,
    check_kind,
    check_optional,
    check_tuple_of,
    check_whole,
    tupled,
    worded,
)
from .._internal.words import Word
from ..exceptions import InvalidValue
from ..systems import System, SystemFact

__all__ = [
    "AnyOf",
    "Fact",
    "FactTest",
    "Incident",
    "LeakKind",
    "Triggered",
    "as_clauses",
    "as_tests",
    "known",
    "triggered",
]


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


def as_tests(values: Iterable[FactTest]) -> tuple[FactTest, ...]:
    """Return the tests as a tuple."""
    return tupled(values)


@frozen(kw_only=True)
class AnyOf:
    """Tests of which one has to pass; where none does and a fact is not known, it counts as passed (our choice).

    Attributes:
        tests: at least one test.
    """

    tests: tuple[FactTest, ...] = field(converter=as_tests, validator=check_tuple_of(check_kind(FactTest), least=1))


def as_clauses(values: Iterable[AnyOf]) -> tuple[AnyOf, ...]:
    """Return the clauses as a tuple."""
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
class Triggered:
    """Why clauses hold.

    Attributes:
        tests: the tests that passed or count as passed, in the order of the clauses.
        assumed: the facts nobody knows that were counted as passing, sorted by id.
    """

    tests: tuple[FactTest, ...] = ()
    assumed: tuple[Fact, ...] = ()


def triggered(clauses: Iterable[AnyOf], system: System, incident: Incident | None = None) -> Triggered | None:
    """Return why all of the clauses hold; None if one of them is known not to.

    A clause of which no test passes counts as holding where a fact of it is not known, by name (our choice).
    """
    passed: list[FactTest] = []
    assumed: set[Fact] = set()
    for clause in clauses:
        answers = [(test, test.passes(known(test.fact, system, incident))) for test in clause.tests]
        met = [test for test, answer in answers if answer]
        unknown = [test for test, answer in answers if answer is None]
        if not met and not unknown:
            return None
        passed += met or unknown
        assumed |= set() if met else {test.fact for test in unknown}
    return Triggered(tests=tuple(passed), assumed=tuple(sorted(assumed, key=lambda fact: fact.id)))


_SYSTEM_FACTS = frozenset(fact.id for fact in SystemFact)


def known(fact: Fact, system: System, incident: Incident | None) -> bool | int | None:
    """Return what is known about a fact; None if nobody knows."""
    if fact is Fact.HIGH_IMPACT:
        return None if system.high_impact is None else system.high_impact.applies
    if fact is Fact.TRAINING_FLOP_EXPONENT:
        return system.training_flop_exponent
    if fact.id in _SYSTEM_FACTS:
        return system.fact(SystemFact(fact.id))
    return None if incident is None else incident.fact(fact)
