"""Commands on what is kept: erasing a text that stands beside the log, and holds that forbid it."""

from __future__ import annotations

from attrs import field as member
from attrs import frozen

from ..._internal.fields import check_id, check_kind, check_optional, check_text, check_whole
from ..._internal.words import Word

__all__ = ["EndHold", "Erase", "ErasureGround", "LegalHold"]

_LONGEST_FIELD = 1_000


class ErasureGround(Word):
    """Why a text may be erased (our choice of grounds)."""

    PERSONAL_DATA = "personal_data", "개인정보 삭제", "Personal data to be erased"
    RETENTION_OVER = "retention_over", "보존 기간 만료", "Retention period over"


def as_erasure_ground(value: ErasureGround | str) -> ErasureGround:
    """Return the member of that id or Korean label."""
    return ErasureGround(value)


@frozen(kw_only=True)
class Erase:
    """Erase one text that came with an event; needs a reason, a person, and no hold on what it is about.

    The event stays, and every proof over the log holds: only the words and their salt are deleted. With the ground
    ``RETENTION_OVER`` it is refused until the governance's retention is over. ``PERSONAL_DATA`` is possible before,
    because a text with somebody's data in it may have to go at once; whether it has to is for the host to judge.
    Erasing what is erased already changes nothing.

    Attributes:
        seq: position of the event in the log, from 0.
        field: the text's place in it, as in ``Entry.texts``, for example ``risk.title`` or ``because``.
        ground: why it may be erased.
    """

    seq: int = member(validator=check_whole(most=2**53 - 1))
    field: str = member(validator=check_text(longest=_LONGEST_FIELD))
    ground: ErasureGround = member(converter=as_erasure_ground, validator=check_kind(ErasureGround))


@frozen(kw_only=True)
class LegalHold:
    """Forbid every erasure, at any age and on any ground, until the hold ends; needs a reason.

    Attributes:
        hold: id of the hold; one that was never used.
        system: id of the system whose texts are held, those of its risks and cases included; None for all texts.
    """

    hold: str = member(validator=check_id)
    system: str | None = member(default=None, validator=check_optional(check_id))


@frozen(kw_only=True)
class EndHold:
    """End a legal hold; needs a reason and the role ``legal`` (our choice).

    Attributes:
        hold: id of the hold.
    """

    hold: str = member(validator=check_id)
