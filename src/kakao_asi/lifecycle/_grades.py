"""Which grades stand: per kind and line the latest valid assessment, then the highest; never an average."""

from __future__ import annotations

import datetime as dt

from attrs import frozen

from .._internal.clock import KST
from ..assessments import Assessment, AssessmentKind, Line
from ..taxonomy import Grade
from ._hashes import risk_hash
from ._states import RiskState, RiskStatus

__all__ = ["Grades", "acceptance_end", "acceptance_is_live", "grades_of", "is_open"]


@frozen(kw_only=True)
class Grades:
    """The grades of a risk at an instant.

    Attributes:
        inherent: highest over both lines, before responses; None if no valid assessment stands.
        residual: the same, after responses.
        peak: the highest grade of any kind and line since a body last lowered it.
        disagree: whether the two lines of one kind give different grades.
    """

    inherent: Grade | None
    residual: Grade | None
    peak: Grade | None
    disagree: bool

    @property
    def effective(self) -> Grade | None:
        """What gates, routes, powers and quorum read: the peak."""
        return self.peak

    @property
    def unassessed(self) -> bool:
        """Whether no valid grade stands in this cycle; unknown is not low."""
        return self.inherent is None and self.residual is None


def standing(state: RiskState, kind: AssessmentKind, line: Line, now: dt.datetime) -> Assessment | None:
    """Return the latest valid assessment of a kind and line: not withdrawn, not past its end, of this cycle."""
    for one in reversed(state.assessments):
        if one.kind is kind and one.line is line and not one.withdrawn and now < one.until:
            return one
    return None


def grades_of(state: RiskState, now: dt.datetime) -> Grades:
    """Return the grades of a risk at an instant."""
    found = {
        kind: [one.grade for line in Line if (one := standing(state, kind, line, now)) is not None]
        for kind in AssessmentKind
    }
    return Grades(
        inherent=max(found[AssessmentKind.INHERENT], default=None),
        residual=max(found[AssessmentKind.RESIDUAL], default=None),
        peak=state.peak,
        disagree=any(len(set(grades)) > 1 for grades in found.values()),
    )


def lowered_grade(state: RiskState, now: dt.datetime) -> Grade | None:
    """Return the grade to lower to: the residual if every response is verified in full, else the inherent."""
    grades = grades_of(state, now)
    if grades.residual is not None and state.responses and all(planned.verified for planned in state.responses):
        return grades.residual
    return grades.inherent


def acceptance_end(state: RiskState) -> dt.datetime | None:
    """Return when a risk's acceptance ends: as decided, or on the day after a condition of it that is not met."""
    acceptance = state.acceptance
    if acceptance is None:
        return None
    due = [one.response.due for one in state.responses if one.condition_of == acceptance.case and not one.verified]
    ends = [dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), KST).astimezone(dt.UTC) for day in due]
    return min([acceptance.until, *ends])


def acceptance_is_live(state: RiskState, now: dt.datetime) -> bool:
    """Tell whether an acceptance covers the risk as it is now, and every condition of it was met in time."""
    end = acceptance_end(state)
    return (
        end is not None
        and now < end
        and state.acceptance is not None
        and state.acceptance.is_live(now=now, state_hash=risk_hash(state), grade=state.effective)
    )


def is_open(state: RiskState, now: dt.datetime) -> bool:
    """Tell whether a risk counts as open: not closed, or closed by an acceptance that no longer holds.

    A lapsed acceptance counts from its very instant; no event and no clock run is needed.
    """
    if state.status is not RiskStatus.CLOSED:
        return True
    return state.closed_on_acceptance and not acceptance_is_live(state, now)
