"""Commands on risks: identify, assess, respond, and again."""

from __future__ import annotations

import datetime as dt

from attrs import field, frozen

from ..._internal.fields import (
    PRIVATE,
    as_ids,
    as_ids_or_none,
    as_nfc_or_none,
    as_utc_or_none,
    check_aware,
    check_bool,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
)
from ..._internal.words import Word
from ...assessments import (
    AssessmentKind,
    Basis,
    ImperfectionFactors,
    MisuseFactors,
    NegligenceFactors,
    UncontrollabilityFactors,
)
from ...evidence import Evidence, as_evidence
from ...responses import Coverage, Response
from ...risks import Risk
from ...stages import Stage, as_stages_or_none
from .._links import LinkKind, as_link_kind

__all__ = [
    "Assess",
    "Close",
    "Contain",
    "Identify",
    "Relate",
    "Reopen",
    "ReopenCode",
    "Rescope",
    "Respond",
    "Revoke",
    "Reword",
    "Verify",
    "WithdrawAssessment",
    "as_reopen_code",
]


class ReopenCode(Word):
    """Why a risk is looked at again (our choice of codes)."""

    RECURRENCE = "recurrence", "재발", "Recurrence"
    EXPIRY = "expiry", "수용 만료", "Expiry"
    FAILED_VERIFICATION = "failed_verification", "효과 확인 실패", "Failed verification"
    STAGE_CHANGE = "stage_change", "단계 변경", "Change of stage"
    NEW_VERSION = "new_version", "새 버전", "New version"
    DATA_REFRESH = "data_refresh", "데이터 변경", "Data refresh"
    REVOKED = "revoked", "수용 철회", "Acceptance revoked"
    OBJECTION = "objection", "이의 제기", "Objection"


def as_reopen_code(value: ReopenCode | str) -> ReopenCode:
    """Return the member of that id or Korean label."""
    return ReopenCode(value)


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
