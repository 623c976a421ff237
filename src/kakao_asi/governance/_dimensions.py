"""The finite dimensions a case is routed by: closed sets, so that the whole space can be enumerated."""

from __future__ import annotations

from attrs import field, frozen

from .._internal.fields import check_kind
from .._internal.words import OrderedWord, Word
from ..stages import Stage
from ..systems import Audience
from ..taxonomy import Grade, RiskCategory

__all__ = ["Cell", "Level", "Matter", "Reason"]


class Matter(Word):
    """What a case asks the bodies (our choice of matters; that bodies verify assessment and response is ASI's)."""

    RISK = "risk", "리스크 검토", "Look at a risk"
    ACCEPT = "accept", "리스크 수용", "Accept a residual risk"
    CLOSE_OR_LOWER = "close_or_lower", "종결 또는 등급 하향", "Close a risk or lower its grade"
    STAGE = "stage", "단계 진입", "Enter a stage"
    RELEASE = "release", "출시", "Release"
    OVERRIDE = "override", "예외 승인", "Override an objection"
    GOVERNANCE = "governance", "거버넌스 변경", "Change the governance"
    STOP = "stop", "긴급 정지 해제", "Lift a stop"


class Level(OrderedWord):
    """The grade a case is routed by; unassessed stands above HIGH, because unknown is not low."""

    LOW = "low", "저 등급", "LOW"
    MEDIUM = "medium", "중 등급", "MEDIUM"
    HIGH = "high", "고 등급", "HIGH"
    UNASSESSED = "unassessed", "미평가", "unassessed"

    @classmethod
    def of(cls, grade: Grade | None) -> Level:
        """Return the level of a grade; None is UNASSESSED."""
        return cls.UNASSESSED if grade is None else cls(grade.id)


class Reason(OrderedWord):
    """Why a case is before the bodies; the strongest one that holds routes it (our choice of order)."""

    LEVEL = "level", "등급", "its grade"
    MISSING_EVIDENCE = "missing_evidence", "증빙 부족", "missing evidence"
    DISAGREEMENT = "disagreement", "평가 불일치", "two lines disagree"
    OVERDUE = "overdue", "기한 초과", "overdue"
    OBJECTION = "objection", "이의 제기", "an objection"
    INCIDENT = "incident", "사고", "an incident"


@frozen(kw_only=True)
class Cell:
    """One point of the routing space: what a case is about, as far as routing is concerned.

    A case on the governance has no level, category, stage or audience; it is read as UNASSESSED, EXTERNAL and the
    first member of the rest, and no condition may test those.
    """

    matter: Matter = field(validator=check_kind(Matter))
    level: Level = field(default=Level.UNASSESSED, validator=check_kind(Level))
    category: RiskCategory = field(default=RiskCategory.MODEL_IMPERFECTION, validator=check_kind(RiskCategory))
    stage: Stage = field(default=Stage.DESIGN, validator=check_kind(Stage))
    audience: Audience = field(default=Audience.EXTERNAL, validator=check_kind(Audience))
    reason: Reason = field(default=Reason.LEVEL, validator=check_kind(Reason))
    index: int = field(init=False, eq=False, repr=False)
    """Position among all cells, from 0; the last dimension varies fastest. Kept, so that routing is one look-up."""

    def __attrs_post_init__(self) -> None:
        """Work out the position once."""
        position = 0
        for word in (self.matter, self.level, self.category, self.stage, self.audience, self.reason):
            position = position * len(type(word)) + word.rank
        object.__setattr__(self, "index", position)


def as_matter(value: Matter | str) -> Matter:
    """Return the member of that id or Korean label."""
    return Matter(value)
