"""Everything that can be asked of a register, as frozen values; ``register.submit`` takes any of them.

The daily ones have verbs on the register (``register.identify(risk, by=...)`` submits ``Identify(risk=risk)``). A
command says what should happen; whether it may is decided by the engine, and what happened is an event.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from attrs import field, frozen

from .._internal.fields import (
    PRIVATE,
    as_ids,
    as_ids_or_none,
    as_nfc_or_none,
    as_utc_or_none,
    check_aware,
    check_bool,
    check_date,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
)
from .._internal.words import Word
from ..assessments import (
    AssessmentKind,
    Basis,
    ImperfectionFactors,
    MisuseFactors,
    NegligenceFactors,
    UncontrollabilityFactors,
)
from ..evidence import Evidence, as_evidence
from ..governance import Condition, Matter, Outcome, Person, Reason
from ..governance._cases import as_conditions, as_outcome
from ..governance._dimensions import as_matter, as_reason
from ..responses import Coverage, Response
from ..risks import Risk
from ..stages import Phase, Stage, as_stage, as_stages_or_none
from ..systems import Pin as PinnedDigest
from ..systems import System, as_pins
from ._links import LinkKind, as_link_kind

__all__ = [
    "AddSystem",
    "AdoptSystem",
    "Assess",
    "ChangePerson",
    "ChangeSeat",
    "Close",
    "Command",
    "Contain",
    "Decide",
    "Enter",
    "Escalate",
    "Identify",
    "Lift",
    "NotApplicable",
    "Pin",
    "Relate",
    "Reopen",
    "ReopenCode",
    "Rescope",
    "Respond",
    "Retire",
    "Revoke",
    "Reword",
    "Stop",
    "Verify",
    "WithdrawAssessment",
    "WithdrawCase",
]


class ReopenCode(Word):
    """Why a risk is looked at again (our choice of codes)."""

    RECURRENCE = "recurrence", "재발", "Recurrence"
    EXPIRY = "expiry", "수용 만료", "Expiry"
    FAILED_VERIFICATION = "failed_verification", "효과 확인 실패", "Failed verification"
    STAGE_CHANGE = "stage_change", "단계 변경", "Change of stage"
    NEW_VERSION = "new_version", "새 버전", "New version"
    REVOKED = "revoked", "수용 철회", "Acceptance revoked"
    OBJECTION = "objection", "이의 제기", "Objection"


def as_reopen_code(value: ReopenCode | str) -> ReopenCode:
    """Return the member of that id or Korean label."""
    return ReopenCode(value)


# --- systems ---------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class AddSystem:
    """Take a new system under management; it starts in DESIGN.

    Attributes:
        system: the system.
    """

    system: System = field(validator=check_kind(System))


@frozen(kw_only=True)
class AdoptSystem:
    """Take in a system that already runs; it is shown as ungated until a release case decides on its live digests.

    Attributes:
        system: the system.
        stage: the stage it is at.
        live: the digests that serve now.
    """

    system: System = field(validator=check_kind(System))
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    live: tuple[PinnedDigest, ...] = field(
        default=(), converter=as_pins, validator=check_tuple_of(check_kind(PinnedDigest))
    )


@frozen(kw_only=True)
class Retire:
    """End the management of a system; possible once no risk of it is open.

    Attributes:
        system: id of the system.
    """

    system: str = field(validator=check_id)


@frozen(kw_only=True)
class Pin:
    """Say which digests the candidate consists of; a changed one opens a new cycle for every risk it touches.

    Attributes:
        system: id of the system.
        pins: digests to set; places not named keep theirs. At least one, each place once.
    """

    system: str = field(validator=check_id)
    pins: tuple[PinnedDigest, ...] = field(
        converter=as_pins, validator=check_tuple_of(check_kind(PinnedDigest), least=1)
    )


@frozen(kw_only=True)
class NotApplicable:
    """Set the present stage, or one phase of its cycle, aside as not applicable; needs a reason.

    Attributes:
        system: id of the system.
        phase: the phase; None for the whole stage.
        owner: role that answers for it.
        review: day by which it is looked at again.
    """

    system: str = field(validator=check_id)
    phase: Phase | None = field(default=None, validator=check_optional(check_kind(Phase)))
    owner: str = field(validator=check_id)
    review: dt.date = field(validator=check_date)


@frozen(kw_only=True)
class Enter:
    """Enter a stage; refused with every blocker while the stage's gate is shut.

    Attributes:
        system: id of the system.
        stage: the stage to enter.
    """

    system: str = field(validator=check_id)
    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))


@frozen(kw_only=True)
class Stop:
    """Stop a system or one of its components, alone and at once.

    Attributes:
        system: id of the system.
        component: id of the part; None for the whole system.
    """

    system: str = field(validator=check_id)
    component: str | None = field(default=None, validator=check_optional(check_id))


@frozen(kw_only=True)
class Lift:
    """Lift a stop; performs a decided case of matter STOP.

    Attributes:
        system: id of the system.
        component: id of the part; None for the stop on the whole system.
    """

    system: str = field(validator=check_id)
    component: str | None = field(default=None, validator=check_optional(check_id))


# --- risks -----------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Identify:
    """Identify a risk.

    Attributes:
        risk: the risk.
    """

    risk: Risk = field(validator=check_kind(Risk))


@frozen(kw_only=True)
class Reword:
    """Change the words of a risk, nothing else; no approval turns stale.

    Attributes:
        risk: id of the risk.
        title: new title; None keeps the old one.
        description: new description; None keeps the old one.
    """

    risk: str = field(validator=check_id)
    title: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text()),
        repr=False,
        metadata=PRIVATE,
    )
    description: str | None = field(
        default=None,
        converter=as_nfc_or_none,
        validator=check_optional(check_text(longest=4_000, lines=True)),
        repr=False,
        metadata=PRIVATE,
    )


@frozen(kw_only=True)
class Rescope:
    """Change what a risk is about; every approval on it turns stale. The category stays: identify another risk.

    Attributes:
        risk: id of the risk.
        stages: stages at which it can show; None keeps them.
        principles: principles it touches; None keeps them.
        owner: role that answers for it; None keeps it.
        legal_obligation: whether living with it would break a law; None keeps it.
    """

    risk: str = field(validator=check_id)
    stages: frozenset[Stage] | None = field(
        default=None,
        converter=as_stages_or_none,
        validator=check_optional(check_tuple_of(check_kind(Stage), least=1, kind=frozenset)),
    )
    principles: frozenset[str] | None = field(
        default=None,
        converter=as_ids_or_none,
        validator=check_optional(check_tuple_of(check_id, least=1, kind=frozenset)),
    )
    owner: str | None = field(default=None, validator=check_optional(check_id))
    legal_obligation: bool | None = field(default=None, validator=check_optional(check_bool))


@frozen(kw_only=True)
class Relate:
    """Link a risk to another one of the same system; a mixed cause is two linked risks, both answered.

    Attributes:
        risk: id of the risk.
        kind: what it does to the other one.
        to: id of the other one.
    """

    risk: str = field(validator=check_id)
    kind: LinkKind = field(converter=as_link_kind, validator=check_kind(LinkKind))
    to: str = field(validator=check_id)


@frozen(kw_only=True)
class Assess:
    """Assess a risk with the factors of its category.

    Attributes:
        risk: id of the risk.
        factors: what was measured or judged.
        evidence: what it rests on.
        kind: inherent, or residual after responses.
        basis: what the numbers rest on; None takes MEASURED where the needed digests are there, else DEFAULT.
        responses: for a residual, ids of the responses it counts on.
    """

    risk: str = field(validator=check_id)
    factors: ImperfectionFactors | UncontrollabilityFactors | MisuseFactors | NegligenceFactors = field(
        validator=check_kind(ImperfectionFactors, UncontrollabilityFactors, MisuseFactors, NegligenceFactors)
    )
    evidence: tuple[Evidence, ...] = field(
        default=(), converter=as_evidence, validator=check_tuple_of(check_kind(Evidence), most=100)
    )
    kind: AssessmentKind = field(default=AssessmentKind.INHERENT, validator=check_kind(AssessmentKind))
    basis: Basis | None = field(default=None, validator=check_optional(check_kind(Basis)))
    responses: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )


@frozen(kw_only=True)
class WithdrawAssessment:
    """Withdraw a mistaken assessment; it stays readable. The grade it raised falls only by a decided case.

    Attributes:
        risk: id of the risk.
        assessment: id of the assessment.
    """

    risk: str = field(validator=check_id)
    assessment: str = field(validator=check_id)


@frozen(kw_only=True)
class Respond:
    """Plan a response to a risk.

    Attributes:
        risk: id of the risk.
        response: the response.
    """

    risk: str = field(validator=check_id)
    response: Response = field(validator=check_kind(Response))


@frozen(kw_only=True)
class Verify:
    """Record whether a response works, and for how much of what it is about.

    Attributes:
        risk: id of the risk.
        response: id of the response.
        coverage: how many of how many objects it reaches, old ones included.
        effective: whether it does what was expected of it.
        evidence: what shows it; at least one piece.
    """

    risk: str = field(validator=check_id)
    response: str = field(validator=check_id)
    coverage: Coverage = field(validator=check_kind(Coverage))
    effective: bool = field(validator=check_bool)
    evidence: tuple[Evidence, ...] = field(
        converter=as_evidence, validator=check_tuple_of(check_kind(Evidence), most=100)
    )


@frozen(kw_only=True)
class Contain:
    """Contain a risk at once, without waiting for an assessment; its component is shut meanwhile.

    Attributes:
        risk: id of the risk.
        until: when the containment ends; None until somebody sets an end.
    """

    risk: str = field(validator=check_id)
    until: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=check_optional(check_aware))


@frozen(kw_only=True)
class Close:
    """Close a risk; performs a decided case, or rests on a live acceptance.

    Attributes:
        risk: id of the risk.
    """

    risk: str = field(validator=check_id)


@frozen(kw_only=True)
class Reopen:
    """Look at a risk again: the next cycle starts, whether it was closed or is still open.

    Attributes:
        risk: id of the risk.
        code: why.
    """

    risk: str = field(validator=check_id)
    code: ReopenCode = field(converter=as_reopen_code, validator=check_kind(ReopenCode))


@frozen(kw_only=True)
class Revoke:
    """Take back the acceptance of a risk; a risk closed by it is open again.

    Attributes:
        risk: id of the risk.
    """

    risk: str = field(validator=check_id)


# --- cases -----------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Escalate:
    """Put a question before the bodies.

    Attributes:
        subject: id of the risk (RISK, ACCEPT, CLOSE_OR_LOWER) or of the system (STAGE, RELEASE, STOP).
        matter: what is asked.
        stage: for STAGE, the stage to enter. A RELEASE is always about DEPLOYMENT.
        component: for STOP, the stopped part; None for the stop on the whole system.
        until: for ACCEPT, when the acceptance would end.
        reason: why it is raised; the engine takes a stronger one where it finds one.
    """

    subject: str = field(validator=check_id)
    matter: Matter = field(converter=as_matter, validator=check_kind(Matter))
    stage: Stage | None = field(default=None, validator=check_optional(check_kind(Stage)))
    component: str | None = field(default=None, validator=check_optional(check_id))
    until: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=check_optional(check_aware))
    reason: Reason = field(default=Reason.LEVEL, converter=as_reason, validator=check_kind(Reason))


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
    outcome: Outcome = field(converter=as_outcome, validator=check_kind(Outcome))
    body: str = field(validator=check_id)
    conditions: tuple[Condition, ...] = field(
        default=(), converter=as_conditions, validator=check_tuple_of(check_kind(Condition), most=50)
    )


@frozen(kw_only=True)
class WithdrawCase:
    """Withdraw an open case.

    Attributes:
        case: id of the case.
    """

    case: str = field(validator=check_id)


# --- governance ------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class ChangePerson:
    """Say who a person is: new, or in place of what the roster held under that id.

    Attributes:
        person: the person.
    """

    person: Person = field(validator=check_kind(Person))


@frozen(kw_only=True)
class ChangeSeat:
    """Seat a person in a body, or end that.

    Attributes:
        body: id of the body.
        person: id of the person.
        seated: whether the person has a seat from now on.
    """

    body: str = field(validator=check_id)
    person: str = field(validator=check_id)
    seated: bool = field(validator=check_bool)


Command: TypeAlias = (
    AddSystem
    | AdoptSystem
    | Retire
    | Pin
    | NotApplicable
    | Enter
    | Stop
    | Lift
    | Identify
    | Reword
    | Rescope
    | Relate
    | Assess
    | WithdrawAssessment
    | Respond
    | Verify
    | Contain
    | Close
    | Reopen
    | Revoke
    | Escalate
    | Decide
    | WithdrawCase
    | ChangePerson
    | ChangeSeat
)
"""Any command."""
