"""A question put to the bodies, the votes on it and the decision they make."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from .._internal.fields import PRIVATE, as_nfc, check_id, check_kind, check_text
from .._internal.words import OrderedWord, Word
from ..evidence import Evidence
from ..stages import Stage
from ..systems import Pin
from ..taxonomy import Grade
from ._dimensions import Cell, Matter
from ._reviews import Delegation, Review

__all__ = ["Acceptance", "Case", "CaseStatus", "CaseStep", "Condition", "Decision", "Outcome", "Reminder", "Vote"]


class Outcome(OrderedWord):
    """What a body decides, by strength; among the votes of a quorum the strongest counts (our choice of order)."""

    APPROVE = "approve", "승인", "Approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", "조건부 승인", "Approve with conditions"
    RETURN = "return", "보완 요청", "Return for more work"
    REJECT = "reject", "거부", "Reject"
    ESCALATE = "escalate", "상위 기구 회부", "Escalate"
    STOP = "stop", "긴급 정지", "Stop"

    @property
    def approves(self) -> bool:
        """Whether it lets the matter go on, with or without conditions."""
        return self <= Outcome.APPROVE_WITH_CONDITIONS


class CaseStatus(Word):
    """Where a case stands; once decided or withdrawn it is over."""

    OPEN = "open", "진행 중", "Open"
    DECIDED = "decided", "결정됨", "Decided"
    WITHDRAWN = "withdrawn", "철회됨", "Withdrawn"


@frozen(kw_only=True)
class Condition:
    """What an approval asks for.

    Attributes:
        text: what has to be done, at most 500 characters; erasable.
        owner: role that has to do it.
        due: last day for it.
    """

    text: str = field(converter=as_nfc, validator=check_text(longest=500), repr=False, metadata=PRIVATE)
    owner: str = field(validator=check_id)
    due: dt.date = field(validator=check_kind(dt.date))


@frozen(kw_only=True)
class Vote:
    """One person's vote, given for one body.

    Attributes:
        body: id of the body the vote is given for.
        by: the principal who gave it.
        person: id of the person behind the principal; one person counts once over all bodies.
        outcome: what the person would decide.
        conditions: what an approval asks for.
        at: when it was given.
        seat: id of the person whose seat it was given in; another one where the seat was lent.
    """

    body: str
    by: str
    person: str
    outcome: Outcome
    conditions: tuple[Condition, ...] = ()
    at: dt.datetime
    seat: str = ""


@frozen(kw_only=True)
class Decision:
    """What one body decided, made by the vote that completed its quorum.

    Attributes:
        body: id of the body.
        outcome: the strongest outcome among the votes that made it.
        conditions: the conditions of those votes, united.
        voters: ids of the persons whose votes made it, in order of voting.
        at: when it came to be.
        state_hash: the state it was made on; of the last decision, with the conditions it set.
    """

    body: str
    outcome: Outcome
    conditions: tuple[Condition, ...] = ()
    voters: tuple[str, ...]
    at: dt.datetime
    state_hash: str


@frozen(kw_only=True)
class CaseStep:
    """One body on the way of a case.

    Attributes:
        body: id of the body.
        due_at: when its decision is due, counted from the opening of the case; None without a term.
        acknowledge_by: by when it says that it knows, counted from when the case came to it; None before that, and
            where no such clock runs.
    """

    body: str
    due_at: dt.datetime | None = None
    acknowledge_by: dt.datetime | None = None


@frozen(kw_only=True)
class Reminder:
    """A reminder that was given.

    Attributes:
        position: position of the step it was about.
        share: the share of the term that had passed, in percent.
    """

    position: int
    share: int


@frozen(kw_only=True)
class Case:
    """A question put to the bodies, pinned to what it is about.

    Attributes:
        id: ``<subject>.<matter>.<n>``, for example ``demo-chat.release.1``.
        matter: what is asked.
        subject: id of the risk (RISK, ACCEPT, CLOSE_OR_LOWER), else of the system.
        system: id of the system.
        stage: for STAGE and RELEASE, the stage to enter.
        component: for STOP, the stopped part; None for the whole system.
        until: for ACCEPT, when the acceptance would end.
        lowers_to: for CLOSE_OR_LOWER, the grade that stood when it was opened and that the effective grade falls to.
        opened_by: the principal who brought it.
        opened_at: when.
        cell: what it was routed by.
        state_hash: the state it is pinned to; a material change voids it.
        pins: for STAGE and RELEASE, the candidate's digests it is pinned to.
        governance: digest of the governance it runs under.
        roster: digest of the roster at its opening, for the record.
        steps: the bodies on its way, in order.
        position: index into ``steps`` of the body it is before, from 0.
        votes: every vote, in order.
        decisions: one for each body that decided, in order.
        reminders: the reminders given, in order.
        missed: positions whose body let its time pass; the case moved up from there without a decision of theirs.
        status: open, decided or withdrawn.
        reviews: the opinions given, in order.
        recused: ids of the persons who stepped back.
        delegations: the seats lent, in order; ended ones are taken out.
        acknowledged: positions whose body said that it knows of the case.
        unacknowledged: positions whose body let the time to say that it knows pass.
        rollback: for OVERRIDE, the record of the drill that showed that one can go back.
        reopens: id of the response whose missed condition opened this case; None for any other case.
    """

    id: str
    matter: Matter
    subject: str
    system: str
    stage: Stage | None = None
    component: str | None = None
    until: dt.datetime | None = None
    lowers_to: Grade | None = None
    opened_by: str
    opened_at: dt.datetime
    cell: Cell
    state_hash: str
    pins: tuple[Pin, ...] = ()
    governance: str
    roster: str
    steps: tuple[CaseStep, ...]
    position: int = 0
    votes: tuple[Vote, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    missed: tuple[int, ...] = ()
    status: CaseStatus = CaseStatus.OPEN
    reviews: tuple[Review, ...] = ()
    recused: frozenset[str] = frozenset()
    delegations: tuple[Delegation, ...] = ()
    acknowledged: tuple[int, ...] = ()
    unacknowledged: tuple[int, ...] = ()
    rollback: Evidence | None = None
    reopens: str | None = None

    @property
    def number(self) -> int:
        """Which case of its matter on its subject it is, from 1: the last part of its id."""
        return int(self.id.rpartition(".")[2])

    @property
    def body(self) -> str:
        """Id of the body the case is before, or was last before."""
        return self.steps[self.position].body

    @property
    def outcome(self) -> Outcome | None:
        """What was decided in the end; None while open or after a withdrawal."""
        return self.decisions[-1].outcome if self.status is CaseStatus.DECIDED else None

    @property
    def decided_at(self) -> dt.datetime | None:
        """When the last decision was made; None while open or after a withdrawal."""
        return self.decisions[-1].at if self.status is CaseStatus.DECIDED else None

    @property
    def approved(self) -> bool:
        """Whether it was decided and the last outcome lets the matter go on."""
        return self.outcome is not None and self.outcome.approves

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of every decision on the way, in order."""
        return tuple(condition for decision in self.decisions for condition in decision.conditions)


@frozen(kw_only=True)
class Acceptance:
    """A decision to live with a risk for a while; it always ends.

    Attributes:
        case: id of the case that decided it.
        grade: the effective grade it has authority over.
        state_hash: the state it was decided on; a material change ends it.
        until: the instant it ends; at that instant the risk is open.
    """

    case: str
    grade: Grade
    state_hash: str
    until: dt.datetime

    def is_live(self, *, now: dt.datetime, state_hash: str, grade: Grade | None) -> bool:
        """Tell whether it still covers a risk of that state and effective grade."""
        return now < self.until and state_hash == self.state_hash and grade is not None and grade <= self.grade
