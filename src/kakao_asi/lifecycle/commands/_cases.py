"""Commands on cases: put a question, vote, withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from ..._internal.fields import (
    as_utc_or_none,
    check_aware,
    check_id,
    check_kind,
    check_optional,
    check_tuple_of,
    tupled,
)
from ...evidence import Evidence
from ...governance import Condition, Matter, Outcome, Reason
from ...stages import Stage

__all__ = ["Decide", "Escalate", "WithdrawCase"]


def _as_conditions(values: Iterable[Condition]) -> tuple[Condition, ...]:
    return tupled(values)


def _as_matter(value: Matter | str) -> Matter:
    return Matter(value)


def _as_outcome(value: Outcome | str) -> Outcome:
    return Outcome(value)


def _as_reason(value: Reason | str) -> Reason:
    return Reason(value)


@frozen(kw_only=True)
class Escalate:
    """Put a question before the bodies.

    Attributes:
        subject: id of the risk (RISK, ACCEPT, CLOSE_OR_LOWER) or of the system (STAGE, RELEASE, STOP).
        matter: what is asked.
        stage: for STAGE, the stage to enter. A RELEASE is always about DEPLOYMENT.
        component: for STOP, the stopped part; None for the stop on the whole system.
        until: for ACCEPT and OVERRIDE, when that would end.
        rollback: for OVERRIDE, the record of the drill that showed that one can go back.
        reason: why it is raised; the engine takes a stronger one where it finds one.
    """

    subject: str = field(validator=check_id)
    matter: Matter = field(converter=_as_matter, validator=check_kind(Matter))
    stage: Stage | None = field(default=None, validator=check_optional(check_kind(Stage)))
    component: str | None = field(default=None, validator=check_optional(check_id))
    until: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=check_optional(check_aware))
    rollback: Evidence | None = field(default=None, validator=check_optional(check_kind(Evidence)))
    reason: Reason = field(default=Reason.LEVEL, converter=_as_reason, validator=check_kind(Reason))


@frozen(kw_only=True)
class Decide:
    """Give one person's vote on a case; with the vote that completes the quorum the body has decided.

    Attributes:
        case: id of the case.
        outcome: what the person would decide.
        body: id of the body the person votes for.
        conditions: what an approval asks for; only with APPROVE_WITH_CONDITIONS, and then at least one.
    """

    case: str = field(validator=check_id)
    outcome: Outcome = field(converter=_as_outcome, validator=check_kind(Outcome))
    body: str = field(validator=check_id)
    conditions: tuple[Condition, ...] = field(
        default=(), converter=_as_conditions, validator=check_tuple_of(check_kind(Condition), most=50)
    )


@frozen(kw_only=True)
class WithdrawCase:
    """Withdraw an open case.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)
