"""Commands that a scheduler submits when time has come; each is refused before it has, so repeating one is harmless."""

from __future__ import annotations

from attrs import field, frozen

from ..._internal.fields import check_id

__all__ = ["MissAcknowledgement", "MissDeadline", "Remind"]


@frozen(kw_only=True)
class Remind:
    """Remind the body a case is before that half, or four fifths, of its time has passed.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)


@frozen(kw_only=True)
class MissAcknowledgement:
    """Record that the body a case is before did not say in time that it knows; the one above is told.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)


@frozen(kw_only=True)
class MissDeadline:
    """Record that the body a case is before let its time pass; the case moves up one tier. Nothing is approved by it.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)
