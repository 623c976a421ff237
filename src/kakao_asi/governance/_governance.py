"""One frozen value that holds everything a company decides about how it decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from attrs import field, frozen

from .._internal.fields import (
    as_ids,
    check_bool,
    check_id,
    check_kind,
    check_optional,
    check_tuple_of,
    check_whole,
    tupled,
)
from .._internal.words import Word
from ..assessments import GridImperfection, GridMisuse, GridNegligence, ThresholdUncontrollability
from ..exceptions import GovernanceInvalid, InvalidValue
from ..framework import Candidate, Guidance, RetentionRule, check_unique
from ..principles import Principle
from ..stages import Stage, as_stage
from ..systems import Audience, PinKind, as_audience
from ..taxonomy import Grade, RiskCategory, as_category, as_grade
from ._checks import decided_below
from ._dimensions import Matter, as_matter
from ._duty_holes import groups_of, holes_by_design, holes_by_hands
from ._escalation import EscalationGraph
from ._faults import GraphFinding
from ._finding_terms import FindingTerms
from ._people import Roster
from ._reviews import PerspectiveNeed
from ._terms import AcknowledgeTerms
from ._tolerance import AcceptanceTerms, Tolerance

__all__ = ["Duty", "GateMode", "Governance", "NamedMethod", "ReleaseRule", "StageGate", "StageNeed"]


class Duty(Word):
    """Who is kept from deciding on what they had a hand in (our choice of duties).

    Source: the separation itself follows the Code of Practice for general-purpose AI, Safety and Security, 8.1.
    """

    IDENTIFIER = "identifier", "식별한 사람", "who identified it"
    ASSESSOR = "assessor", "평가한 사람", "who assessed it"
    EDITOR = "editor", "내용을 바꾼 사람", "who edited it"
    OWNER = "owner", "담당 역할을 맡은 사람", "who holds the owner's role"


class GateMode(Word):
    """What the gate of a stage does with what is missing (our choice).

    Whatever the mode, nobody enters a stage out of order, past a stop, a rejection, an objection that asks for a block,
    a grade that keeps a system from being released, or where the governance lets nobody decide. Before DEPLOYMENT a
    mode is about the cycle, pins, papers and the checklist only: the decision, grades and acceptances always hold.
    """

    BLOCK = "block", "차단", "Block"
    WARN = "warn", "경고", "Warn"
    OFF = "off", "해제", "Off"


def _as_matter_or_none(value: Matter | str | None) -> Matter | None:
    return None if value is None else as_matter(value)


def _as_items(values: Iterable[str]) -> tuple[str, ...]:
    return tupled(values)


def _as_mode(value: GateMode | str) -> GateMode:
    return GateMode(value)


@frozen(kw_only=True)
class StageGate:
    """What a stage is entered with, and what its gate does where something is missing.

    Attributes:
        stage: the stage.
        matter: what the case asks that has to be decided: STAGE or RELEASE; None: no case is needed.
        mode: whether what is missing shuts the gate, is shown only, or is not asked.
        checklist: ids of what the team checks off before; each is checked off again for other digests.
    """

    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    matter: Matter | None = field(converter=_as_matter_or_none, validator=check_optional(check_kind(Matter)))
    mode: GateMode = field(default=GateMode.BLOCK, converter=_as_mode, validator=check_kind(GateMode))
    checklist: tuple[str, ...] = field(default=(), converter=_as_items, validator=check_tuple_of(check_id))


@frozen(kw_only=True)
class StageNeed:
    """What has to be there before a system enters a stage; at least one thing.

    Attributes:
        stage: the stage.
        pins: kinds of digests the candidate pins.
        policies: ids of policies that are in force and within their review.
        procedures: ids of procedures that are in force and within their review.
    """

    stage: Stage = field(converter=as_stage, validator=check_kind(Stage))
    pins: tuple[PinKind, ...] = field(default=(), validator=check_tuple_of(check_kind(PinKind)))
    policies: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )
    procedures: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, kind=frozenset)
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a need of nothing."""
        if not (self.pins or self.policies or self.procedures):
            raise InvalidValue("StageNeed.pins", "must not be empty where no policy or procedure is needed either")


@frozen(kw_only=True)
class ReleaseRule:
    """A grade that keeps systems of an audience from being released, accepted or not.

    Attributes:
        audience: whom the systems serve.
        blocks_from: the lowest grade that blocks, inclusive.
    """

    audience: Audience = field(converter=as_audience, validator=check_kind(Audience))
    blocks_from: Grade = field(converter=as_grade, validator=check_kind(Grade))


@frozen(kw_only=True)
class NamedMethod:
    """An assessment method of a company's own, named by id and version; its code is passed to ``RiskRegister.open``.

    Attributes:
        id: id of the method.
        version: its version, at least 1.
        category: the category it assesses.
    """

    id: str = field(validator=check_id)
    version: int = field(validator=check_whole(least=1))
    category: RiskCategory = field(converter=as_category, validator=check_kind(RiskCategory))


MethodEntry: TypeAlias = GridImperfection | ThresholdUncontrollability | GridMisuse | GridNegligence | NamedMethod
"""What a governance holds for a category: a shipped method with its numbers, or the name of a company's own."""

_METHODS = (GridImperfection, ThresholdUncontrollability, GridMisuse, GridNegligence, NamedMethod)


def _candidates(values: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tupled(values)


def _perspectives(values: Iterable[PerspectiveNeed]) -> tuple[PerspectiveNeed, ...]:
    return tupled(values)


def _guidance(values: Iterable[Guidance]) -> tuple[Guidance, ...]:
    return tupled(values)


@frozen(kw_only=True)
class Governance:
    """Everything a company decides about how it decides: who, along which ways, by which measure.

    ``kakao_asi.catalog`` has two presets. What Kakao published, what the press reports and what is our choice is told
    apart in their rows. The first governance of a register is its first event; changing it is a case of its own.

    Attributes:
        id: id of the governance, for example ``kakao``.
        version: its version, at least 1.
        graph: the bodies and the ways between them.
        principles: the ethics principles that risks may name; at least one.
        methods: one assessment method for each of the four categories.
        tolerance: how much residual risk is lived with.
        acceptance: how long an acceptance may last.
        stage_gates: stages that need a decided case.
        stage_needs: what the candidate pins before a stage.
        release_rules: grades that keep a system from DEPLOYMENT even where they were accepted.
        duties: who does not decide on what they had a hand in.
        approval_days: days after which an unused approval lapses, 1 to 366; 30 is our choice.
        reason_characters: fewest characters of a reason that must be given, 1 to 200; 20 is our choice.
        not_applicable_days: longest time a stage may be set aside as not applicable, in days, 1 to 366; 365 is ours.
        delegation_days: longest time a seat may be lent, in days, 1 to 366; 30 is our choice.
        acknowledge: how long bodies have to say that they know of a case; None by default: no such clock runs.
        drill_days: how old the drill of going back may be that an override needs, 1 to 366 days; 90 is our choice.
            None: an override needs none.
        retention: how long texts are kept before they may be erased for their age; five years.
        perspectives: the opinions cases need before anybody votes; empty by default: none are asked for.
        second_line_role: the role that makes an assessor second line, if the unit differs from the system's.
        screening: candidates that every system is screened for; a stage waits until each that fits has an answer. Empty
            by default: nothing is screened then.
        guidance: what the principles ask for, in place of the shipped rows; empty by default.
        owners_stop: whether whoever holds an owner's role may stop the system too, beside members of the bodies and
            monitors; False by default (our choice).
        findings: what findings set off by themselves.
        close_on_grade: whether a HIGH effective grade alone shuts a component; False, so that nobody shuts production
            by entering a number (our choice).

    Raises:
        GovernanceInvalid: a body below the apex would lift stops or change the governance; those are the apex's alone.
    """

    id: str = field(validator=check_id)
    version: int = field(default=1, validator=check_whole(least=1))
    graph: EscalationGraph = field(validator=check_kind(EscalationGraph))
    principles: tuple[Principle, ...] = field(validator=check_tuple_of(check_kind(Principle), least=1))
    methods: tuple[MethodEntry, ...] = field(validator=check_tuple_of(check_kind(*_METHODS)))
    tolerance: Tolerance = field(factory=Tolerance, validator=check_kind(Tolerance))
    acceptance: AcceptanceTerms = field(factory=AcceptanceTerms, validator=check_kind(AcceptanceTerms))
    stage_gates: tuple[StageGate, ...] = field(default=(), validator=check_tuple_of(check_kind(StageGate)))
    stage_needs: tuple[StageNeed, ...] = field(default=(), validator=check_tuple_of(check_kind(StageNeed)))
    release_rules: tuple[ReleaseRule, ...] = field(default=(), validator=check_tuple_of(check_kind(ReleaseRule)))
    duties: frozenset[Duty] = field(default=frozenset(Duty), validator=check_tuple_of(check_kind(Duty), kind=frozenset))
    approval_days: int = field(default=30, validator=check_whole(least=1, most=366))
    reason_characters: int = field(default=20, validator=check_whole(least=1, most=200))
    not_applicable_days: int = field(default=365, validator=check_whole(least=1, most=366))
    delegation_days: int = field(default=30, validator=check_whole(least=1, most=366))
    acknowledge: AcknowledgeTerms | None = field(default=None, validator=check_optional(check_kind(AcknowledgeTerms)))
    drill_days: int | None = field(default=90, validator=check_optional(check_whole(least=1, most=366)))
    retention: RetentionRule = field(factory=RetentionRule, validator=check_kind(RetentionRule))
    perspectives: tuple[PerspectiveNeed, ...] = field(
        default=(), converter=_perspectives, validator=check_tuple_of(check_kind(PerspectiveNeed))
    )
    second_line_role: str = field(default="second_line", validator=check_id)
    screening: tuple[Candidate, ...] = field(
        default=(), converter=_candidates, validator=check_tuple_of(check_kind(Candidate))
    )
    guidance: tuple[Guidance, ...] = field(
        default=(), converter=_guidance, validator=check_tuple_of(check_kind(Guidance))
    )
    owners_stop: bool = field(default=False, validator=check_bool)
    findings: FindingTerms = field(factory=FindingTerms, validator=check_kind(FindingTerms))
    close_on_grade: bool = field(default=False, validator=check_bool)

    def __attrs_post_init__(self) -> None:
        """Refuse a principle that is known twice, not exactly one method a category, and what is not the apex's."""
        below = tuple(decided_below(self.graph.bodies, self.graph.edges, self.graph.layout))
        if below:
            raise GovernanceInvalid(below)
        check_unique(self.screening, "Governance.screening")
        ids = [principle.id for principle in self.principles]
        if len(set(ids)) != len(ids):
            raise InvalidValue("Governance.principles", "must not name an id twice", "give each principle its own id")
        if sorted(m.category.id for m in self.methods) != sorted(c.id for c in RiskCategory):
            rule = "must hold exactly one method for each of the four categories"
            raise InvalidValue("Governance.methods", rule, "start from default_methods() and replace one")

    def check(self, roster: Roster | None = None) -> tuple[GraphFinding, ...]:
        """Return what is worth a look, and with a roster what is missing in it, the duties taken into account.

        That is what :meth:`EscalationGraph.check` says, with all kinds of duty holes: by design, where a quorum asks
        for the role that answers for a risk; by role, where everybody who holds one would be kept out; and by hands,
        where two people who identified and assessed a risk would be.
        """
        owners = Duty.OWNER in self.duties
        found = [one for one in self.graph.check(roster) if owners or one.code != "duty_hole"]
        groups = groups_of(self.graph.layout)
        if owners:
            found += holes_by_design(self.graph.bodies, groups)
        if roster is not None and {Duty.IDENTIFIER, Duty.ASSESSOR} <= self.duties:
            found += holes_by_hands(self.graph.bodies, groups, roster)
        return tuple(found)

    def undecided_by(self, role: str) -> tuple[str, ...]:
        """Return the bodies that could decide on no risk that a role answers for: their quorum asks for that role."""
        if Duty.OWNER not in self.duties:
            return ()
        return tuple(body.id for body in self.graph.bodies if role in body.quorum.roles)

    def method_for(self, category: RiskCategory) -> MethodEntry:
        """Return the method that assesses a category."""
        return next(method for method in self.methods if method.category is category)

    def knows(self, principle: str) -> bool:
        """Tell whether a principle of that id is among the governance's."""
        return any(one.id == principle for one in self.principles)

    def matter_for(self, stage: Stage) -> Matter | None:
        """Return what a case must have asked before the stage is entered; None if no case is needed."""
        return next((gate.matter for gate in self.stage_gates if gate.stage is stage), None)

    def mode_for(self, stage: Stage) -> GateMode:
        """Return what the gate of a stage does with what is missing; BLOCK where nothing is said."""
        return next((gate.mode for gate in self.stage_gates if gate.stage is stage), GateMode.BLOCK)

    def checklist_for(self, stage: Stage) -> tuple[str, ...]:
        """Return what the team checks off before the stage is entered."""
        return tuple(item for gate in self.stage_gates if gate.stage is stage for item in gate.checklist)

    def pins_for(self, stage: Stage) -> frozenset[PinKind]:
        """Return the kinds of digests the candidate pins before it enters the stage."""
        return frozenset(kind for need in self.stage_needs if need.stage is stage for kind in need.pins)

    def papers_for(self, stage: Stage) -> tuple[frozenset[str], frozenset[str]]:
        """Return the ids of the policies and of the procedures a system stands under before it enters the stage."""
        needs = [need for need in self.stage_needs if need.stage is stage]
        policies = frozenset(one for need in needs for one in need.policies)
        return policies, frozenset(one for need in needs for one in need.procedures)

    def blocks_release(self, audience: Audience, grade: Grade) -> bool:
        """Tell whether a risk of that effective grade keeps a system of that audience from DEPLOYMENT."""
        return any(rule.audience is audience and grade >= rule.blocks_from for rule in self.release_rules)
