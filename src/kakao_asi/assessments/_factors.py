"""What an assessment asks, and it asks each of the four categories something else.

A required factor that nobody knows is given as None: it is *missing*, and no grade follows, because unknown is not low.
An optional factor left out counts as its worse case where it bears on the grade. Two are asked in all classes, and each
raises what is found where it is stated: ``exposes`` and ``vulnerable_group``. All counts are whole numbers.
Which factors there are is our choice; Kakao has not published its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, TypeAlias, TypeVar

from attrs import Attribute, field, frozen

from .._internal.fields import (
    as_utc_or_none,
    check_aware,
    check_bool,
    check_id,
    check_kind,
    check_optional,
    check_tuple_of,
    check_whole,
    name_of,
    tupled,
    worded,
)
from .._internal.words import Word
from ..exceptions import InvalidValue
from ..taxonomy import RiskCategory
from ._rate import MAX_TRIALS
from ._scales import Access, DataClass, ErrorKind, Reversibility, Severity, Skill, Uplift

__all__ = ["Factors", "ImperfectionFactors", "MisuseFactors", "NegligenceFactors", "Slice", "UncontrollabilityFactors"]

W = TypeVar("W", bound=Word)

_CHECK_COUNT = check_optional(check_whole(most=MAX_TRIALS))
_CHECK_TRIALS = check_optional(check_whole(least=1, most=MAX_TRIALS))
_CHECK_WHOLE = check_optional(check_whole())
_CHECK_POSITIVE = check_optional(check_whole(least=1))
_CHECK_PERCENT = check_optional(check_whole(most=100))
_CHECK_LEVEL = check_optional(check_whole(most=4))
_CHECK_BOOL = check_optional(check_bool)
_CHECK_AWARE = check_optional(check_aware)
_CHECK_DATA = check_tuple_of(check_kind(DataClass), kind=frozenset)


def _as_data(values: Iterable[DataClass | str]) -> frozenset[DataClass]:
    return worded(DataClass, values)


def _member(kind: type[W], value: W | str | None) -> W | None:
    return None if value is None else kind(value)


def _as_severity(value: Severity | str | None) -> Severity | None:
    return _member(Severity, value)


def _as_reversibility(value: Reversibility | str | None) -> Reversibility | None:
    return _member(Reversibility, value)


def _as_access(value: Access | str | None) -> Access | None:
    return _member(Access, value)


def _as_skill(value: Skill | str | None) -> Skill | None:
    return _member(Skill, value)


def _as_uplift(value: Uplift | str | None) -> Uplift | None:
    return _member(Uplift, value)


def _as_error_kind(value: ErrorKind | str | None) -> ErrorKind | None:
    return _member(ErrorKind, value)


def _missing(factors: Factors) -> tuple[str, ...]:
    return tuple(name for name in factors.required if getattr(factors, name) is None)


def _refuse_more(factors: object, part: str, whole: str) -> None:
    """Refuse a part that is larger than its whole."""
    counted, of = getattr(factors, part), getattr(factors, whole)
    if counted is not None and of is not None and counted > of:
        name = f"{type(factors).__name__}.{part}"
        raise InvalidValue(name, f"must be at most {whole}", "count both over the same cases")


def _refuse_half(factors: object, *names: str) -> None:
    """Refuse some of several factors that only mean something together."""
    given = [getattr(factors, name) is not None for name in names]
    if any(given) and not all(given):
        name = f"{type(factors).__name__}.{names[0]}"
        raise InvalidValue(name, f"goes with {' and '.join(names[1:])}", "give all or none")


def _check_slices(instance: Any, attribute: Attribute[Any], value: Any) -> None:
    check_tuple_of(check_kind(Slice), most=64)(instance, attribute, value)
    if len({one.id for one in value}) < len(value):
        raise InvalidValue(name_of(instance, attribute), "must not hold an id twice", "merge the counts of one slice")


def _as_slices(values: Iterable[Slice]) -> tuple[Slice, ...]:
    return tupled(values)


@frozen(kw_only=True)
class Slice:
    """Counts for one part of the test cases, for example one dialect or one age group.

    Attributes:
        id: what the part is called.
        failures: how many trials failed, 0 to ``trials``.
        trials: how many there were, at least 1.
    """

    id: str = field(validator=check_id)
    failures: int = field(validator=check_whole(most=MAX_TRIALS))
    trials: int = field(validator=check_whole(least=1, most=MAX_TRIALS))

    def __attrs_post_init__(self) -> None:
        """Refuse more failures than trials."""
        _refuse_more(self, "failures", "trials")


@frozen(kw_only=True)
class ImperfectionFactors:
    """What is asked about a system that gives imperfect output: how often it fails a test, and how bad that is.

    Attributes:
        failures: how many trials failed, 0 to ``trials``. Required.
        trials: how many there were, at least 1; few of them give a high rate by themselves. Required.
        severity: how bad one failure is when it reaches people. Required.
        slices: the same counts for parts of the cases, 0 to 64, in any order; the worst rate of all counts. At least
            two are asked for where the risk touches non-discrimination.
        coverage_pct: how much of the intended use the test covers, 0 to 100. None counts as too little.
        calls_30d: how often the system is called in 30 days. Shows how many failures to expect; grades nothing.
        tested_at: when the test ran; goes with ``metric_fixed_at``.
        metric_fixed_at: when metric and limit were fixed; at or before ``tested_at``.
        exposes: data about people that a failure exposes.
        vulnerable_group: true if a failure meets children or others who need protection.

    Source: EU AI Act, article 9(8), for a metric that is fixed before the test. The rest is our choice.
    """

    category: ClassVar[RiskCategory] = RiskCategory.MODEL_IMPERFECTION
    required: ClassVar[tuple[str, ...]] = ("failures", "trials", "severity")

    failures: int | None = field(validator=_CHECK_COUNT)
    trials: int | None = field(validator=_CHECK_TRIALS)
    severity: Severity | None = field(converter=_as_severity, validator=check_optional(check_kind(Severity)))
    slices: tuple[Slice, ...] = field(default=(), converter=_as_slices, validator=_check_slices)
    coverage_pct: int | None = field(default=None, validator=_CHECK_PERCENT)
    calls_30d: int | None = field(default=None, validator=_CHECK_WHOLE)
    tested_at: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=_CHECK_AWARE)
    metric_fixed_at: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=_CHECK_AWARE)
    exposes: frozenset[DataClass] = field(default=frozenset(), converter=_as_data, validator=_CHECK_DATA)
    vulnerable_group: bool = field(default=False, validator=check_bool)

    def __attrs_post_init__(self) -> None:
        """Refuse counts that do not add up and a metric that was chosen after the test."""
        _refuse_more(self, "failures", "trials")
        _refuse_half(self, "tested_at", "metric_fixed_at")
        if self.tested_at and self.metric_fixed_at and self.metric_fixed_at > self.tested_at:
            name = "ImperfectionFactors.metric_fixed_at"
            raise InvalidValue(name, "must not be after tested_at", "fix metric and limit, then run the test again")

    @property
    def missing(self) -> tuple[str, ...]:
        """Required factors that nobody knows, in the order of the fields."""
        return _missing(self)


@frozen(kw_only=True)
class UncontrollabilityFactors:
    """What is asked about a system that may act in ways nobody predicted: capability, freedom and the brake.

    Tiers are the team's own: a number from 0 to 4 that named evaluations (``tier``) or verified safeguards
    (``safeguards_tier``) reach. A stop counts as tested only where drill, time and limit are all stated.

    Attributes:
        tier: tier of dangerous capability reached, 0 to 4. Required.
        safeguards_tier: highest tier the verified safeguards are made for, 0 to 4. Required.
        margin_pct: distance to the next tier, 0 to 100; 100 where there is none. Required.
        autonomy: 0 advises, 1 acts after approval, 2 acts and can be vetoed, 3 acts alone in bounds, 4 acts alone and
            may start agents or change itself. Required.
        reversibility: whether its acts can be taken back. Required.
        oversight_pct: how many of its acts are logged, 0 to 100. Required.
        surprises_30d: acts in 30 days that nobody could explain. Required.
        evasion_seen: true if it was seen evading a control or a test. Required.
        stop_tested_at: when the last stop drill ended.
        stop_ms: how long that stop took, in milliseconds, at least 1.
        stop_limit_ms: how long a stop may take, in milliseconds, at least 1.
        exposes: data about people that its acts may expose.
        vulnerable_group: true if its acts may meet children or others who need protection.
    """

    category: ClassVar[RiskCategory] = RiskCategory.UNCONTROLLABILITY
    required: ClassVar[tuple[str, ...]] = (
        "tier",
        "safeguards_tier",
        "margin_pct",
        "autonomy",
        "reversibility",
        "oversight_pct",
        "surprises_30d",
        "evasion_seen",
    )

    tier: int | None = field(validator=_CHECK_LEVEL)
    safeguards_tier: int | None = field(validator=_CHECK_LEVEL)
    margin_pct: int | None = field(validator=_CHECK_PERCENT)
    autonomy: int | None = field(validator=_CHECK_LEVEL)
    reversibility: Reversibility | None = field(
        converter=_as_reversibility, validator=check_optional(check_kind(Reversibility))
    )
    oversight_pct: int | None = field(validator=_CHECK_PERCENT)
    surprises_30d: int | None = field(validator=_CHECK_WHOLE)
    evasion_seen: bool | None = field(validator=_CHECK_BOOL)
    stop_tested_at: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=_CHECK_AWARE)
    stop_ms: int | None = field(default=None, validator=_CHECK_POSITIVE)
    stop_limit_ms: int | None = field(default=None, validator=_CHECK_POSITIVE)
    exposes: frozenset[DataClass] = field(default=frozenset(), converter=_as_data, validator=_CHECK_DATA)
    vulnerable_group: bool = field(default=False, validator=check_bool)

    @property
    def missing(self) -> tuple[str, ...]:
        """Required factors that nobody knows, in the order of the fields."""
        return _missing(self)


@frozen(kw_only=True)
class MisuseFactors:
    """What is asked about people who use a system for unethical ends: how often they succeed, and who can try.

    Attributes:
        successes: how many attacks succeeded in the test, 0 to ``attempts``. Required.
        attempts: how many there were, at least 1. Required.
        severity: how bad one success is. Required.
        access: who can reach the system. Required.
        skill: what an attack asks of the one who tries it. Required.
        uplift: how much more a misuser can do than without the system. Required.
        known_campaign: true if such misuse was seen outside tests. Required.
        drills: misuse drills run against the own detection, at least 1; goes with ``detected`` and ``action_h``.
        detected: how many of them were detected, 0 to ``drills``.
        action_h: hours from detection to effect, rounded up to whole hours.
        exposes: data about people that a success exposes.
        vulnerable_group: true if a success meets children or others who need protection.
    """

    category: ClassVar[RiskCategory] = RiskCategory.ACTIVE_MISUSE
    required: ClassVar[tuple[str, ...]] = (
        "successes",
        "attempts",
        "severity",
        "access",
        "skill",
        "uplift",
        "known_campaign",
    )

    successes: int | None = field(validator=_CHECK_COUNT)
    attempts: int | None = field(validator=_CHECK_TRIALS)
    severity: Severity | None = field(converter=_as_severity, validator=check_optional(check_kind(Severity)))
    access: Access | None = field(converter=_as_access, validator=check_optional(check_kind(Access)))
    skill: Skill | None = field(converter=_as_skill, validator=check_optional(check_kind(Skill)))
    uplift: Uplift | None = field(converter=_as_uplift, validator=check_optional(check_kind(Uplift)))
    known_campaign: bool | None = field(validator=_CHECK_BOOL)
    drills: int | None = field(default=None, validator=_CHECK_TRIALS)
    detected: int | None = field(default=None, validator=_CHECK_COUNT)
    action_h: int | None = field(default=None, validator=_CHECK_WHOLE)
    exposes: frozenset[DataClass] = field(default=frozenset(), converter=_as_data, validator=_CHECK_DATA)
    vulnerable_group: bool = field(default=False, validator=check_bool)

    def __attrs_post_init__(self) -> None:
        """Refuse counts that do not add up."""
        _refuse_more(self, "successes", "attempts")
        _refuse_half(self, "drills", "detected", "action_h")
        _refuse_more(self, "detected", "drills")

    @property
    def missing(self) -> tuple[str, ...]:
        """Required factors that nobody knows, in the order of the fields."""
        return _missing(self)


@frozen(kw_only=True)
class NegligenceFactors:
    """What is asked about careless acts and lack of management: how often a step can go wrong, and who catches it.

    Blameless: there is a role, a process and a step elsewhere, and no field anywhere for the person who slipped.

    Attributes:
        opportunities_30d: how often the step is done in 30 days. Required.
        errors: how often it went wrong where somebody looked, 0 to ``observed``. Required.
        observed: how often somebody looked; 0 is allowed and counts as LIKELY. Required.
        caught_pct: how many errors are caught before they have effect, 0 to 100; a second person who checks is in
            here and nowhere else. Required.
        severity: how bad one error is that has effect. Required.
        recovery_h: hours to undo it, rounded up to whole hours; None: it cannot be undone, so it has no default.
        recurrences_30d: how often the same error came back in 30 days. Required.
        trained_days: days since those who do the step were last trained in it; None: never, or nobody knows.
        error_kind: how such errors come about; it orders the controls that are offered and grades nothing.
        exposes: data about people that an error exposes.
        vulnerable_group: true if an error meets children or others who need protection.
    """

    category: ClassVar[RiskCategory] = RiskCategory.PASSIVE_NEGLIGENCE
    required: ClassVar[tuple[str, ...]] = (
        "opportunities_30d",
        "errors",
        "observed",
        "caught_pct",
        "severity",
        "recurrences_30d",
    )

    opportunities_30d: int | None = field(validator=_CHECK_WHOLE)
    errors: int | None = field(validator=_CHECK_COUNT)
    observed: int | None = field(validator=_CHECK_COUNT)
    caught_pct: int | None = field(validator=_CHECK_PERCENT)
    severity: Severity | None = field(converter=_as_severity, validator=check_optional(check_kind(Severity)))
    recovery_h: int | None = field(validator=_CHECK_WHOLE)
    recurrences_30d: int | None = field(validator=_CHECK_WHOLE)
    trained_days: int | None = field(default=None, validator=_CHECK_WHOLE)
    error_kind: ErrorKind | None = field(
        default=None, converter=_as_error_kind, validator=check_optional(check_kind(ErrorKind))
    )
    exposes: frozenset[DataClass] = field(default=frozenset(), converter=_as_data, validator=_CHECK_DATA)
    vulnerable_group: bool = field(default=False, validator=check_bool)

    def __attrs_post_init__(self) -> None:
        """Refuse more errors than observations."""
        _refuse_more(self, "errors", "observed")

    @property
    def missing(self) -> tuple[str, ...]:
        """Required factors that nobody knows, in the order of the fields."""
        return _missing(self)


Factors: TypeAlias = ImperfectionFactors | UncontrollabilityFactors | MisuseFactors | NegligenceFactors
"""The factors of any category."""
