"""How much residual risk a company lives with, and for how long a decision to live with one may last."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from .._internal.fields import check_bool, check_id, check_kind, check_optional, check_tuple_of, check_whole
from ..stages import Stage
from ..systems import Audience, System
from ..taxonomy import Grade, RiskCategory, as_grade

__all__ = ["AcceptanceTerms", "Tolerance", "ToleranceRule"]


@frozen(kw_only=True)
class ToleranceRule:
    """A lower tolerance for part of the register; None matches everything.

    Attributes:
        within: the highest grade that is within tolerance, inclusive.
        audience: for systems of this audience.
        category: for risks of this category.
        system: for this system.
        stage: at this stage of the system.
    """

    within: Grade = field(converter=as_grade, validator=check_kind(Grade))
    audience: Audience | None = field(default=None, validator=check_optional(check_kind(Audience)))
    category: RiskCategory | None = field(default=None, validator=check_optional(check_kind(RiskCategory)))
    system: str | None = field(default=None, validator=check_optional(check_id))
    stage: Stage | None = field(default=None, validator=check_optional(check_kind(Stage)))

    def covers(self, system: System, category: RiskCategory, stage: Stage) -> bool:
        """Tell whether the rule speaks of risks of that category in that system at that stage."""
        return (
            self.stage in {None, stage}
            and self.audience in {None, system.audience}
            and self.category in {None, category}
            and self.system in {None, system.id}
        )


@frozen(kw_only=True)
class Tolerance:
    """The highest grade of residual risk that is lived with without a decision.

    Attributes:
        within: holds where no rule does; MEDIUM, inclusive, is our choice.
        rules: lower tolerances; of all that cover a risk the lowest counts.
    """

    within: Grade = field(default=Grade.MEDIUM, converter=as_grade, validator=check_kind(Grade))
    rules: tuple[ToleranceRule, ...] = field(default=(), validator=check_tuple_of(check_kind(ToleranceRule)))

    def limit(self, system: System, category: RiskCategory, stage: Stage) -> Grade:
        """Return the highest grade within tolerance for a category of risk in a system at a stage, inclusive."""
        return min([self.within, *(rule.within for rule in self.rules if rule.covers(system, category, stage))])


@frozen(kw_only=True)
class AcceptanceTerms:
    """How long an acceptance may last, in days from the opening of its case (our choice).

    Attributes:
        low: longest for a risk of LOW effective grade.
        medium: longest for MEDIUM.
        high: longest for HIGH.
        incident: longest where the grade stems from an incident.
        needs_controls: whether a risk is accepted only where a response with a control compensates for it; False.
    """

    low: int = field(default=365, validator=check_whole(least=1, most=3_660))
    medium: int = field(default=180, validator=check_whole(least=1, most=3_660))
    high: int = field(default=90, validator=check_whole(least=1, most=3_660))
    incident: int = field(default=30, validator=check_whole(least=1, most=3_660))

    needs_controls: bool = field(default=False, validator=check_bool)

    def longest(self, grade: Grade, *, incident: bool) -> dt.timedelta:
        """Return the longest acceptance for an effective grade."""
        days = {Grade.LOW: self.low, Grade.MEDIUM: self.medium, Grade.HIGH: self.high}[grade]
        return dt.timedelta(days=min(days, self.incident) if incident else days)
