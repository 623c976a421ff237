"""What findings may set off by themselves, and what they may not; all numbers are our choice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import check_kind, check_tuple_of, check_whole, worded
from ..findings import Verdict

__all__ = ["FindingTerms"]


def _as_verdicts(values: Iterable[Verdict | str]) -> frozenset[Verdict]:
    return worded(Verdict, values)


@frozen(kw_only=True)
class FindingTerms:
    """What findings set off; they never assess, and they lower no grade.

    Attributes:
        reopening: the verdicts with which a finding seen after a risk was closed opens it again; empty: none does. By
            default every verdict that found something; a control that did not answer only asks for an assessment.
        step_up_from: occurrences of one group from which an assessment one grade up is asked for; 3.
        step_up_days: the days within which those occurrences lie; 30.
        return_hours: hours of quiet after which the next finding of a dismissed group makes it wait again; 24.
        return_factor: a dismissed group waits again once it has grown so many times over; 10.
    """

    reopening: frozenset[Verdict] = field(
        default=frozenset({Verdict.FLAG, Verdict.BLOCK, Verdict.TRANSFORM}),
        converter=_as_verdicts,
        validator=check_tuple_of(check_kind(Verdict), kind=frozenset),
    )
    step_up_from: int = field(default=3, validator=check_whole(least=2))
    step_up_days: int = field(default=30, validator=check_whole(least=1, most=3_660))
    return_hours: int = field(default=24, validator=check_whole(least=1, most=87_840))
    return_factor: int = field(default=10, validator=check_whole(least=2, most=1_000_000))

    def steps_up(self, count: int, first: dt.datetime, last: dt.datetime) -> bool:
        """Tell whether so many occurrences between two instants ask for one grade up."""
        return count >= self.step_up_from and last - first <= dt.timedelta(days=self.step_up_days)

    def returns(self, *, dismissed: int, count: int, quiet: dt.timedelta) -> bool:
        """Tell whether a group dismissed at one count waits again, having grown to another after a quiet time."""
        return count >= dismissed * self.return_factor or quiet >= dt.timedelta(hours=self.return_hours)
