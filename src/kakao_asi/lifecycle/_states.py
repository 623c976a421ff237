"""What is true of a risk, a system and the governance now: folds of their events, never set by hand."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from .._internal.fields import PRIVATE
from .._internal.words import Word
from ..assessments import Assessment
from ..framework import Dismissal, Record
from ..governance import Acceptance, Governance, Roster
from ..responses import PlannedResponse
from ..risks import Risk
from ..stages import Phase, Stage
from ..systems import Pin, System
from ..taxonomy import Grade
from ._finding_states import Recheck
from ._links import Link

__all__ = [
    "Checked",
    "Containment",
    "CycleRecord",
    "GovernanceState",
    "GovernanceStatus",
    "Hold",
    "Objection",
    "PhaseRecord",
    "Proposal",
    "RiskState",
    "RiskStatus",
    "SetAside",
    "Stopped",
    "SystemState",
    "SystemStatus",
]


class RiskStatus(Word):
    """Where a risk stands; the one writable status. What time changes is derived, never stored (our choice)."""

    IDENTIFIED = "identified", "식별됨", "identified"
    ASSESSED = "assessed", "평가됨", "assessed"
    RESPONDING = "responding", "대응 중", "responding"
    CLOSED = "closed", "종결됨", "closed"


class SystemStatus(Word):
    """Whether a system is under management."""

    ACTIVE = "active", "관리 중", "active"
    RETIRED = "retired", "폐기됨", "retired"


class GovernanceStatus(Word):
    """Whether a register has a governance; it always has once it is open."""

    ADOPTED = "adopted", "채택됨", "adopted"


@frozen(kw_only=True)
class Containment:
    """A risk is contained: its component does not run.

    Attributes:
        by: the principal who contained it.
        at: when.
        until: when it ends; None until somebody sets an end.
    """

    by: str
    at: dt.datetime
    until: dt.datetime | None = None

    def is_on(self, now: dt.datetime) -> bool:
        """Tell whether it holds at an instant; at ``until`` it has ended."""
        return self.until is None or now < self.until


@frozen(kw_only=True)
class Objection:
    """Somebody objects to how a risk is dealt with; the reason stands beside the event.

    Attributes:
        id: id of the objection.
        by: the principal who raised it.
        at: when.
        block_requested: whether the system should not go on to DEPLOYMENT until it is resolved.
        upheld: whether it was right; None until it is resolved.
        resolved_by: the principal who resolved it; None until then.
    """

    id: str
    by: str
    at: dt.datetime
    block_requested: bool
    upheld: bool | None = None
    resolved_by: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether it asks for a block and is not resolved."""
        return self.block_requested and self.upheld is None


@frozen(kw_only=True)
class RiskState:
    """What is true of a risk.

    Attributes:
        risk: the risk itself.
        status: where it stands.
        cycle: how often the cycle has started, from 1.
        identified_at: when it was identified.
        identified_by: by which principal.
        editors: principals who changed it materially or planned responses.
        assessments: assessments of this cycle, in order; withdrawn ones included.
        responses: planned responses, in order.
        peak: the highest grade of any kind and line since a body last lowered it; None if never assessed.
        incident: whether an assessment that set the peak says it stems from an incident.
        containment: the latest containment, if any.
        acceptance: the latest acceptance, over or not; None once the risk was closed for good.
        closed_at: when it was closed; None while it is not.
        closed_on_acceptance: whether it was closed by an acceptance rather than on a verified residual.
        links: links to other risks, in order.
        succeeded_by: ids of the risks it leads to, after a merge, a split or a replacement; then it is closed for good.
        took_over: ids of the risks that lead here, in order.
        objections: the objections raised, in order.
        missed: ids of the responses whose condition was missed; each opened its decision again once.
        recheck: what findings ask since the last assessment; None if nothing.
        assessed: how many assessments it ever had, over all cycles; the next one is numbered from here.
    """

    risk: Risk
    status: RiskStatus
    cycle: int
    identified_at: dt.datetime
    identified_by: str
    editors: frozenset[str] = frozenset()
    assessments: tuple[Assessment, ...] = ()
    responses: tuple[PlannedResponse, ...] = ()
    peak: Grade | None = None
    incident: bool = False
    containment: Containment | None = None
    acceptance: Acceptance | None = None
    closed_at: dt.datetime | None = None
    closed_on_acceptance: bool = False
    links: tuple[Link, ...] = ()
    succeeded_by: tuple[str, ...] = ()
    took_over: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    missed: frozenset[str] = frozenset()
    recheck: Recheck | None = None
    assessed: int = 0

    @property
    def id(self) -> str:
        """The risk's id."""
        return self.risk.id

    @property
    def owner(self) -> str:
        """The role that answers for it."""
        return self.risk.owner

    @property
    def assessors(self) -> tuple[str, ...]:
        """The principals who assessed it in this cycle, in order; withdrawn assessments count."""
        return tuple(one.by for one in self.assessments)

    @property
    def effective(self) -> Grade | None:
        """The grade that gates, routes, powers and quorum read: the peak (our choice)."""
        return self.peak

    @property
    def closed_for_good(self) -> bool:
        """Whether it was closed on a verified residual; an acceptance closes for a while only."""
        return self.status is RiskStatus.CLOSED and not self.closed_on_acceptance


@frozen(kw_only=True)
class PhaseRecord:
    """One phase of one turn of the cycle.

    Attributes:
        phase: the phase.
        complete: whether nothing is left to do, or it was set aside.
        open: ids of what is left to do, in order.
        set_aside: whether it was set aside as not applicable.
    """

    phase: Phase
    complete: bool
    open: tuple[str, ...] = ()
    set_aside: bool = False


@frozen(kw_only=True)
class CycleRecord:
    """One turn of the risk cycle, for one system at one stage.

    Attributes:
        system: id of the system.
        stage: the stage.
        round: how often the system has come to UPDATE, plus 1; from 1.
        started_at: when the stage was entered.
        ended_at: when the next one was entered; None while it lasts.
        phases: identify, assess and respond, in this order.
        risks: ids of the risks exposed at the stage, sorted.
        dismissed: ids of the candidates that were set aside with a reason, sorted.
    """

    system: str
    stage: Stage
    round: int
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    phases: tuple[PhaseRecord, ...]
    risks: tuple[str, ...]
    dismissed: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all three phases are complete."""
        return all(phase.complete for phase in self.phases)


@frozen(kw_only=True)
class SetAside:
    """A stage or one of its phases set aside as not applicable.

    Attributes:
        stage: the stage.
        round: the round.
        phase: the phase; None for the whole stage.
        because: why; erasable.
        owner: role that answers for it.
        review: last day it holds; after it the phase is open again.
    """

    stage: Stage
    round: int
    phase: Phase | None = None
    because: str = field(repr=False, metadata=PRIVATE)
    owner: str
    review: dt.date


@frozen(kw_only=True)
class Stopped:
    """A system or one of its components is stopped.

    Attributes:
        component: id of the part; None for the whole system.
        by: the principal who stopped it.
        at: when.
    """

    component: str | None = None
    by: str
    at: dt.datetime


@frozen(kw_only=True)
class Checked:
    """An item of a stage's checklist that the team checked off.

    Attributes:
        stage: the stage to enter.
        item: id of the item.
        by: the principal who did.
        at: when.
    """

    stage: Stage
    item: str
    by: str
    at: dt.datetime


@frozen(kw_only=True)
class SystemState:
    """What is true of a system.

    Attributes:
        system: the system itself.
        status: whether it is under management.
        stage: the stage of the candidate.
        round: from 1; entering UPDATE starts the next one.
        entered_at: when the stage was entered.
        candidate: digests of what is being prepared, ordered by place.
        live: digests of what serves, ordered by place; empty before the first DEPLOYMENT.
        former: the sets of digests that were live before, in order; going back to one waits for nobody.
        adopted: whether it was taken in while running.
        editors: principals who pinned the candidate.
        records: the finished cycle records, in order.
        set_aside: what was set aside as not applicable, in order.
        stops: the stops that are on, in order.
        checked: what was checked off for these digests in this round, in order.
        dismissed: the candidates that were ever set aside, in order; ended ones included.
        conditions: what the conditions of approvals on the system became, in order.
        missed: ids of the conditions that were missed; each opened its decision again once.
        used: ids of the cases that stages were entered on; a decision lets a system in once.
    """

    system: System
    status: SystemStatus
    stage: Stage
    round: int
    entered_at: dt.datetime
    candidate: tuple[Pin, ...] = ()
    live: tuple[Pin, ...] = ()
    former: tuple[tuple[Pin, ...], ...] = ()
    adopted: bool = False
    editors: frozenset[str] = frozenset()
    records: tuple[CycleRecord, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    stops: tuple[Stopped, ...] = ()
    checked: tuple[Checked, ...] = ()
    dismissed: tuple[Dismissal, ...] = ()
    conditions: tuple[PlannedResponse, ...] = ()
    missed: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The system's id."""
        return self.system.id


@frozen(kw_only=True)
class Proposal:
    """A governance that is before the bodies, or was.

    Attributes:
        case: id of the case that decides on it.
        governance: what would govern.
        digest: its digest.
    """

    case: str
    governance: Governance
    digest: str


@frozen(kw_only=True)
class Hold:
    """A legal hold: nothing that it covers is erased while it is on.

    Attributes:
        id: id of the hold.
        system: id of the system it covers; None for the whole register.
        by: the principal who set it.
        at: when.
        ended_at: when it ended; None while it is on.
    """

    id: str
    system: str | None = None
    by: str
    at: dt.datetime
    ended_at: dt.datetime | None = None

    def covers(self, system: str | None) -> bool:
        """Tell whether it is on for texts about a system; ``None`` for texts about none."""
        return self.ended_at is None and (self.system is None or self.system == system)


@frozen(kw_only=True)
class GovernanceState:
    """What governs the register.

    Attributes:
        governance: the governance in force.
        digest: its digest.
        roster: who exists and who has which seat.
        status: always adopted.
        proposed: the latest proposal; None if there was none since the last change.
        records: the company's policies, procedures and the like, every version of each, in order.
        holds: the legal holds, ended ones included, in order.
    """

    governance: Governance
    digest: str
    roster: Roster
    status: GovernanceStatus = GovernanceStatus.ADOPTED
    proposed: Proposal | None = None
    records: tuple[Record, ...] = ()
    holds: tuple[Hold, ...] = ()
