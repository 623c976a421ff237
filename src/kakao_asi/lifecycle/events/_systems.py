"""Events of systems: what is managed, at which stage, with which digests."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from ...framework import Dismissal
from ...stages import Stage
from ...systems import HighImpact, Pin, StatedFact, System
from .._states import CycleRecord, SetAside

__all__ = [
    "CandidateDismissed",
    "CheckedOff",
    "ComponentPinned",
    "FactsStated",
    "Lifted",
    "NotApplicableSet",
    "RolledBack",
    "StageEntered",
    "SystemAdded",
    "SystemAdopted",
    "SystemRetired",
    "SystemStopped",
]


@frozen(kw_only=True)
class SystemAdded:
    """A system was taken under management; it is in DESIGN."""

    kind: ClassVar[str] = "system_added"
    system: System


@frozen(kw_only=True)
class SystemAdopted:
    """A running system was taken in."""

    kind: ClassVar[str] = "system_adopted"
    system: System
    stage: Stage
    live: tuple[Pin, ...] = ()


@frozen(kw_only=True)
class SystemRetired:
    """The management of a system ended."""

    kind: ClassVar[str] = "system_retired"


@frozen(kw_only=True)
class ComponentPinned:
    """The candidate's digests were set; ``pins`` is the whole set from now on."""

    kind: ClassVar[str] = "component_pinned"
    pins: tuple[Pin, ...]


@frozen(kw_only=True)
class NotApplicableSet:
    """A stage or phase was set aside."""

    kind: ClassVar[str] = "not_applicable_set"
    set_aside: SetAside


@frozen(kw_only=True)
class StageEntered:
    """A stage was entered, and the cycle of the one before ended.

    The record of the finished stage travels in the event, so that a reader sees it without replaying the log.
    """

    kind: ClassVar[str] = "stage_entered"
    stage: Stage
    round: int
    left: CycleRecord
    case: str | None = None
    live: tuple[Pin, ...]
    passed: bool = True


@frozen(kw_only=True)
class CheckedOff:
    """The team checked an item of a stage's checklist off."""

    kind: ClassVar[str] = "checked_off"
    stage: Stage
    item: str


@frozen(kw_only=True)
class RolledBack:
    """Digests that were live before serve again."""

    kind: ClassVar[str] = "rolled_back"
    live: tuple[Pin, ...]


@frozen(kw_only=True)
class SystemStopped:
    """A system or component was stopped."""

    kind: ClassVar[str] = "stopped"
    component: str | None = None


@frozen(kw_only=True)
class Lifted:
    """A stop was lifted."""

    kind: ClassVar[str] = "lifted"
    component: str | None = None
    case: str


@frozen(kw_only=True)
class CandidateDismissed:
    """A candidate of the stage's screening was set aside with a reason."""

    kind: ClassVar[str] = "candidate_dismissed"
    dismissal: Dismissal


@frozen(kw_only=True)
class FactsStated:
    """Somebody said what is true of a system; facts that are not named keep what they are."""

    kind: ClassVar[str] = "facts_stated"
    facts: tuple[StatedFact, ...] = ()
    high_impact: HighImpact | None = None
    training_flop_exponent: int | None = None
