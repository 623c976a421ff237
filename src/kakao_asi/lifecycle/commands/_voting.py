"""Commands around a vote: opinions before it, and who sits in for whom."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from ..._internal.fields import as_utc, check_aware, check_bool, check_id, check_kind, check_tuple_of
from ...evidence import Evidence, as_evidence
from ...governance import Perspective

__all__ = [
    "Acknowledge",
    "Delegate",
    "EndDelegation",
    "MeetCondition",
    "MissCondition",
    "MissSystemCondition",
    "Recuse",
    "Review",
]


def _as_perspective(value: Perspective | str) -> Perspective:
    return Perspective(value)


@frozen(kw_only=True)
class Review:
    """Give an opinion on a case from one side; a body decides when every side it needs was heard.

    Attributes:
        case: id of the case.
        perspective: the side.
        assessment_adequate: whether the assessment is adequate.
        response_adequate: whether the response is.
    """

    case: str = field(validator=check_id)
    perspective: Perspective = field(converter=_as_perspective, validator=check_kind(Perspective))
    assessment_adequate: bool = field(validator=check_bool)
    response_adequate: bool = field(validator=check_bool)


@frozen(kw_only=True)
class Recuse:
    """Step back from a case: whoever does gives up vote and seat for it, whatever body it comes to.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)


@frozen(kw_only=True)
class Delegate:
    """Lend one's seat on a case to somebody for a while; they vote as themselves, and lend it to nobody.

    Attributes:
        case: id of the case.
        body: id of the body the seat is in.
        to: id or alias of who votes in it.
        until: when it ends, at most as far ahead as the governance allows.
    """

    case: str = field(validator=check_id)
    body: str = field(validator=check_id)
    to: str = field(validator=check_id)
    until: dt.datetime = field(converter=as_utc, validator=check_aware)


@frozen(kw_only=True)
class EndDelegation:
    """End a delegation before its time; either of the two may.

    Attributes:
        case: id of the case.
        body: id of the body the seat is in.
    """

    case: str = field(validator=check_id)
    body: str = field(validator=check_id)


@frozen(kw_only=True)
class Acknowledge:
    """Say that the body a case is before knows of it. That ends the reminders, and nothing else.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)


@frozen(kw_only=True)
class MissCondition:
    """Record that a condition of an approval was not met in time: the decision is open again at the same body.

    Attributes:
        risk: id of the risk.
        response: id of the response the condition became.
    """

    risk: str = field(validator=check_id)
    response: str = field(validator=check_id)


@frozen(kw_only=True)
class MeetCondition:
    """Record the proof that a condition on a system is met; nobody proves what their own role answers for.

    Attributes:
        system: id of the system.
        response: id of what the condition became.
        evidence: what shows it; at least one.
    """

    system: str = field(validator=check_id)
    response: str = field(validator=check_id)
    evidence: tuple[Evidence, ...] = field(
        converter=as_evidence, validator=check_tuple_of(check_kind(Evidence), least=1)
    )


@frozen(kw_only=True)
class MissSystemCondition:
    """Record that a condition on a system was not met in time: the decision is open again at the same body.

    Attributes:
        system: id of the system.
        response: id of what the condition became.
    """

    system: str = field(validator=check_id)
    response: str = field(validator=check_id)
