"""The one transition table: every (status, command) that moves, for every stream. The rest is refused."""

from __future__ import annotations

from typing import Any

from .._internal.words import Word
from ..governance import CaseStatus
from . import _case_rules as cases
from . import _condition_rules as conditions
from . import _deadline_rules as deadlines
from . import _finding_rules as findings
from . import _framework_rules as framework
from . import _governance_rules as governing
from . import _identity_rules as identity
from . import _objection_rules as objecting
from . import _retention_rules as retention
from . import _review_rules as reviews
from . import _risk_acts as acts
from . import _risk_rules as risks
from . import _roster_rules as roster
from . import _system_rules as systems
from . import _voting_rules as voting
from . import commands as c
from ._finding_states import FindingStatus, SpoolStatus
from ._states import GovernanceStatus, RiskStatus, SystemStatus
from ._transition import Act, Guard, StreamKind, Transition

__all__ = ["TRANSITIONS"]

_IDENTIFIED, _ASSESSED, _RESPONDING, _CLOSED = RiskStatus
_ACTIVE = SystemStatus.ACTIVE
_OPEN = CaseStatus.OPEN


def _rows(
    stream: StreamKind,
    sources: tuple[Word | None, ...],
    command: type[Any],
    targets: tuple[Word, ...] | None,
    *guards: Guard,
    act: Act,
) -> tuple[Transition, ...]:
    """Write one row for each source; ``targets`` None leaves the status as it is."""
    return tuple(
        Transition(
            stream=stream,
            source=source,
            command=command,
            targets=targets if targets is not None else tuple(one for one in (source,) if one is not None),
            guards=guards,
            act=act,
        )
        for source in sources
    )


_ANY_OPEN = (_IDENTIFIED, _ASSESSED, _RESPONDING)
_ANY_RISK = (*_ANY_OPEN, _CLOSED)
_WORKED_ON = (_ASSESSED, _RESPONDING)

_FITS = (risks.assessment_fits, risks.basis_is_backed)
_CLOSING = (
    risks.risk_is_answered,
    risks.nothing_else_is_open,
    risks.findings_are_assessed,
    risks.closing_is_decided,
)
_OPENING = (
    cases.subject_is_known,
    cases.no_other_case,
    cases.case_is_possible,
    cases.acceptance_ends_in_time,
    cases.override_ends_in_time,
    cases.subject_is_ready,
)
_ASIDE = (risks.reason_is_given, systems.review_is_near, systems.is_no_agent)

_RISK, _SYSTEM, _CASE, _GOVERNANCE, _FINDING, _SPOOL = StreamKind
_WAITING, _LINKED, _DISMISSED = FindingStatus

TRANSITIONS: tuple[Transition, ...] = (
    *_rows(
        _RISK,
        (None,),
        c.Identify,
        (_IDENTIFIED,),
        risks.scope_is_known,
        risks.fingerprint_is_free,
        risks.id_is_free,
        risks.owner_leaves_a_quorum,
        act=acts.identify,
    ),
    *_rows(_RISK, _ANY_OPEN, c.Reword, None, act=acts.reword),
    *_rows(
        _RISK,
        _ANY_OPEN,
        c.Rescope,
        None,
        risks.principles_are_known,
        risks.duty_is_kept,
        risks.owner_leaves_a_quorum,
        act=acts.rescope,
    ),
    *_rows(_RISK, _ANY_OPEN, c.Relate, None, risks.link_is_known, act=acts.relate),
    *_rows(_RISK, (_IDENTIFIED, _ASSESSED), c.Assess, (_ASSESSED,), *_FITS, act=acts.assess),
    *_rows(_RISK, (_RESPONDING,), c.Assess, (_ASSESSED, _RESPONDING), *_FITS, act=acts.assess),
    *_rows(_RISK, _WORKED_ON, c.WithdrawAssessment, None, risks.can_withdraw, act=acts.withdraw_assessment),
    *_rows(_RISK, _WORKED_ON, c.Respond, (_RESPONDING,), risks.response_fits, act=acts.respond),
    *_rows(_RISK, _WORKED_ON, c.Verify, None, risks.response_exists, risks.verifier_is_independent, act=acts.verify),
    *_rows(_RISK, _ANY_OPEN, c.Contain, None, risks.can_end_containment, act=acts.contain),
    *_rows(
        _RISK,
        (_CLOSED,),
        c.Contain,
        (_IDENTIFIED, _CLOSED),
        risks.can_end_containment,
        identity.has_no_successor,
        act=acts.contain,
    ),
    *_rows(_RISK, _WORKED_ON, c.Close, (_CLOSED,), *_CLOSING, act=acts.close),
    *_rows(
        _RISK,
        (*_WORKED_ON, _CLOSED),
        c.Reopen,
        (_IDENTIFIED,),
        identity.has_no_successor,
        risks.has_no_twin,
        act=acts.reopen,
    ),
    *_rows(_RISK, _ANY_RISK, c.Object, None, risks.reason_is_given, act=objecting.object_),
    *_rows(
        _RISK,
        _ANY_RISK,
        c.ResolveObjection,
        None,
        risks.reason_is_given,
        objecting.objection_is_open,
        objecting.resolver_is_above,
        act=objecting.resolve,
    ),
    *_rows(_RISK, _ANY_RISK, c.MissCondition, None, conditions.condition_is_missed, act=conditions.miss_condition),
    *_rows(_RISK, _ANY_OPEN, c.Merge, None, identity.merge_fits, act=identity.merge),
    *_rows(_RISK, _ANY_OPEN, c.Split, (_CLOSED,), identity.part_fits, risks.id_is_free, act=identity.split),
    *_rows(_RISK, _ANY_OPEN, c.Supersede, (_CLOSED,), identity.successor_fits, act=identity.supersede),
    *_rows(_RISK, _ANY_OPEN, c.Revoke, None, risks.acceptance_exists, risks.has_power_to_revoke, act=acts.revoke),
    *_rows(
        _RISK,
        (_CLOSED,),
        c.Revoke,
        (_CLOSED, _IDENTIFIED),
        risks.acceptance_exists,
        risks.has_power_to_revoke,
        act=acts.revoke,
    ),
    *_rows(_SYSTEM, (None,), c.AddSystem, (_ACTIVE,), risks.id_is_free, act=systems.add),
    *_rows(
        _SYSTEM, (None,), c.AdoptSystem, (_ACTIVE,), systems.places_are_distinct, risks.id_is_free, act=systems.adopt
    ),
    *_rows(
        _SYSTEM, (_ACTIVE,), c.Pin, None, systems.places_are_distinct, systems.components_are_known, act=systems.pin
    ),
    *_rows(_SYSTEM, (_ACTIVE,), c.NotApplicable, None, *_ASIDE, act=systems.set_aside),
    *_rows(
        _SYSTEM,
        (_ACTIVE,),
        c.Dismiss,
        None,
        risks.reason_is_given,
        framework.is_no_agent,
        framework.candidate_is_open,
        act=framework.dismiss,
    ),
    *_rows(_SYSTEM, (_ACTIVE,), c.StateFacts, None, act=framework.state_facts),
    *_rows(_SYSTEM, (_ACTIVE,), c.Enter, None, systems.gate_is_open, act=systems.enter),
    *_rows(_SYSTEM, (_ACTIVE,), c.Stop, None, systems.components_are_known, systems.can_stop, act=systems.stop),
    *_rows(_SYSTEM, (_ACTIVE,), c.CheckOff, None, systems.is_no_agent, systems.item_is_open, act=systems.check_off),
    *_rows(_SYSTEM, (_ACTIVE,), c.MeetCondition, None, conditions.condition_is_open, act=conditions.meet_condition),
    *_rows(
        _SYSTEM,
        (_ACTIVE,),
        c.MissSystemCondition,
        None,
        conditions.system_condition_is_missed,
        act=conditions.miss_system_condition,
    ),
    *_rows(_SYSTEM, (_ACTIVE,), c.RollBack, None, systems.was_live_before, act=systems.roll_back),
    *_rows(_SYSTEM, (_ACTIVE,), c.Lift, None, systems.lifting_is_decided, act=systems.lift),
    *_rows(_SYSTEM, (_ACTIVE,), c.Retire, (SystemStatus.RETIRED,), systems.nothing_is_open, act=systems.retire),
    *_rows(_CASE, (None,), c.Escalate, (_OPEN,), *_OPENING, act=cases.open_case),
    *_rows(
        _CASE,
        (_OPEN,),
        c.Decide,
        (_OPEN, CaseStatus.DECIDED),
        cases.voter_may_vote,
        cases.state_is_the_same,
        cases.approval_still_fits,
        cases.conditions_fit,
        reviews.reviews_are_in,
        reviews.no_is_answered,
        act=cases.decide,
    ),
    *_rows(_CASE, (_OPEN,), c.Review, None, cases.state_is_the_same, reviews.reviewer_may_review, act=reviews.review),
    *_rows(_CASE, (_OPEN,), c.Recuse, None, voting.recusal_fits, act=voting.recuse),
    *_rows(_CASE, (_OPEN,), c.Delegate, None, voting.delegation_fits, act=voting.delegate),
    *_rows(_CASE, (_OPEN,), c.EndDelegation, None, voting.delegation_exists, act=voting.end_delegation),
    *_rows(_CASE, (_OPEN,), c.Acknowledge, None, voting.acknowledges_once, act=voting.acknowledge),
    *_rows(
        _CASE,
        (None,),
        c.ProposeGovernance,
        (_OPEN,),
        governing.governance_differs,
        governing.no_other_proposal,
        governing.no_agent_proposes,
        act=governing.propose,
    ),
    *_rows(
        _CASE,
        (_OPEN,),
        c.Rebase,
        None,
        cases.opened_by_voter,
        governing.can_rebase,
        governing.still_possible,
        act=governing.rebase,
    ),
    *_rows(_CASE, (_OPEN,), c.Remind, None, deadlines.reminder_is_due, act=deadlines.remind),
    *_rows(
        _CASE,
        (_OPEN,),
        c.MissAcknowledgement,
        None,
        deadlines.acknowledgement_is_owed,
        act=deadlines.miss_acknowledgement,
    ),
    *_rows(_CASE, (_OPEN,), c.MissDeadline, None, deadlines.time_has_passed, act=deadlines.miss),
    *_rows(_CASE, (_OPEN,), c.WithdrawCase, (CaseStatus.WITHDRAWN,), cases.opened_by_voter, act=cases.withdraw),
    *_rows(
        _GOVERNANCE, (GovernanceStatus.ADOPTED,), c.ChangePerson, None, roster.person_fits, act=roster.change_person
    ),
    *_rows(_GOVERNANCE, (GovernanceStatus.ADOPTED,), c.ChangeSeat, None, roster.seat_fits, act=roster.change_seat),
    *_rows(
        _GOVERNANCE,
        (GovernanceStatus.ADOPTED,),
        c.Record,
        None,
        framework.is_no_agent,
        framework.version_is_next,
        framework.names_are_known,
        framework.policy_is_decided,
        framework.legal_signs,
        act=framework.record,
    ),
    *_rows(_FINDING, (None,), c.RecordFindings, (_WAITING, _LINKED), act=findings.record),
    *_rows(
        _SPOOL,
        (None, SpoolStatus.READ),
        c.ImportFindings,
        (SpoolStatus.READ,),
        findings.spool_goes_on,
        act=findings.import_,
    ),
    *_rows(
        _FINDING,
        (_WAITING, _DISMISSED),
        c.PromoteFinding,
        (_LINKED,),
        findings.is_no_agent,
        findings.promotion_fits,
        act=findings.promote,
    ),
    *_rows(
        _FINDING,
        (_WAITING, _DISMISSED),
        c.LinkFinding,
        (_LINKED,),
        findings.is_no_agent,
        findings.link_fits,
        act=findings.link,
    ),
    *_rows(
        _FINDING,
        (_WAITING,),
        c.DismissFinding,
        (_DISMISSED,),
        risks.reason_is_given,
        findings.is_no_agent,
        act=findings.dismiss,
    ),
    *_rows(
        _GOVERNANCE,
        (GovernanceStatus.ADOPTED,),
        c.Erase,
        None,
        risks.reason_is_given,
        framework.is_no_agent,
        retention.text_is_known,
        retention.retention_is_over,
        retention.nothing_holds,
        act=retention.erase,
    ),
    *_rows(
        _GOVERNANCE,
        (GovernanceStatus.ADOPTED,),
        c.LegalHold,
        None,
        risks.reason_is_given,
        retention.hold_is_possible,
        act=retention.set_hold,
    ),
    *_rows(
        _GOVERNANCE,
        (GovernanceStatus.ADOPTED,),
        c.EndHold,
        None,
        risks.reason_is_given,
        retention.hold_is_on,
        retention.legal_ends,
        act=retention.end_hold,
    ),
)
"""Every row, in the order a reader would follow a risk, a system, a case and the roster."""
