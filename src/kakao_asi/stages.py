"""The six stages of an AI system's life and the three phases of the risk cycle that runs at each of them."""

from __future__ import annotations

from collections.abc import Iterable

from ._internal.fields import worded
from ._internal.words import OrderedWord

__all__ = ["Phase", "Stage"]


class Stage(OrderedWord):
    """A stage of an AI system's life.

    Source: Kakao ASI, life cycle of the risk-management cycle (설계·개발·테스트·배포·모니터링·업데이트).
    """

    DESIGN = "design", "설계", "Design"
    DEVELOPMENT = "development", "개발", "Development"
    TEST = "test", "테스트", "Test"
    DEPLOYMENT = "deployment", "배포", "Deployment"
    MONITORING = "monitoring", "모니터링", "Monitoring"
    UPDATE = "update", "업데이트", "Update"

    @property
    def following(self) -> frozenset[Stage]:
        """The stages a system may enter from this one.

        Each stage leads to the next. UPDATE leads to TEST, or back to DESIGN where the purpose changes (our reading:
        ASI says the cycle repeats, not by which way).
        """
        if self is Stage.UPDATE:
            return frozenset({Stage.DESIGN, Stage.DEVELOPMENT, Stage.TEST})
        return frozenset({self.moved(1)})


class Phase(OrderedWord):
    """A phase of the risk-management cycle: identify, assess, respond, and again.

    Source: Kakao ASI, risk-management cycle (식별·평가·대응).
    """

    IDENTIFY = "identify", "식별", "Identify"
    ASSESS = "assess", "평가", "Assess"
    RESPOND = "respond", "대응", "Respond"


def as_stage(value: Stage | str) -> Stage:
    """Return the member of that id or Korean label."""
    return Stage(value)


def as_stages(values: Iterable[Stage | str]) -> frozenset[Stage]:
    """Return the members of those ids or Korean labels."""
    return worded(Stage, values)


def as_stages_or_none(values: Iterable[Stage | str] | None) -> frozenset[Stage] | None:
    """Return the members of those ids or Korean labels, or None."""
    return None if values is None else as_stages(values)
