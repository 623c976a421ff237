"""Opinions before a vote: who has to look at a case, from which side, and what they said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from attrs import field, frozen

from .._internal.fields import as_ids, check_bool, check_id, check_kind, check_tuple_of, worded
from .._internal.words import Word
from ._dimensions import Cell
from ._when import When

__all__ = ["Delegation", "Perspective", "PerspectiveNeed", "Review"]


class Perspective(Word):
    """The side a reviewer looks from.

    That assessment and response are reviewed from several angles is published by Kakao; these five are our choice.
    """

    TECHNICAL = "technical", "기술", "Technical"
    ETHICS = "ethics", "윤리", "Ethics"
    PRIVACY = "privacy", "개인정보", "Privacy"
    LEGAL = "legal", "법무", "Legal"
    USER = "user", "이용자", "User"

    @property
    def role(self) -> str:
        """The role a reviewer holds, for example ``review.privacy``."""
        return f"review.{self.id}"


def _perspectives(values: Iterable[Perspective | str]) -> frozenset[Perspective]:
    return worded(Perspective, values)


@frozen(kw_only=True)
class PerspectiveNeed:
    """Which opinions a kind of case needs before anybody votes; every row that fits counts.

    Attributes:
        perspectives: the sides; at least one.
        when: the kinds of case.
        principles: only where one of these principles is named by a risk the case is about; empty: whatever they name.
        legal_obligation: only where a risk the case is about is a legal obligation.
    """

    perspectives: frozenset[Perspective] = field(
        converter=_perspectives, validator=check_tuple_of(check_kind(Perspective), least=1, kind=frozenset)
    )
    when: When = field(factory=When, validator=check_kind(When))
    principles: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    legal_obligation: bool = field(default=False, validator=check_bool)

    def fits(self, cell: Cell, *, principles: frozenset[str], legal_obligation: bool) -> bool:
        """Tell whether a case needs these opinions.

        Args:
            cell: the kind of case.
            principles: what the risks it is about name.
            legal_obligation: whether one of them is a legal obligation.
        """
        if not self.when.mask >> cell.index & 1 or (self.legal_obligation and not legal_obligation):
            return False
        return not self.principles or bool(self.principles & principles)


@frozen(kw_only=True)
class Review:
    """One person's opinion on a case. It is no vote.

    Attributes:
        perspective: the side the person looked from.
        by: the principal who gave it.
        person: id of the person behind the principal.
        assessment_adequate: whether the assessment is adequate.
        response_adequate: whether the response is.
        at: when it was given.
    """

    perspective: Perspective
    by: str
    person: str
    assessment_adequate: bool
    response_adequate: bool
    at: dt.datetime

    @property
    def adequate(self) -> bool:
        """Whether both are adequate."""
        return self.assessment_adequate and self.response_adequate


@frozen(kw_only=True)
class Delegation:
    """A person's seat on one case, lent to somebody for a while.

    Attributes:
        body: id of the body.
        of: id of the person who lends the seat.
        to: id of the person who votes in it, as themselves.
        until: the instant it ends.
    """

    body: str
    of: str
    to: str
    until: dt.datetime
