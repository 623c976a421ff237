"""Two escalation graphs after the three levels of Kakao ASI, with the origin of every row.

Public are three levels (the unit for AI safety, the company-wide risk organisation, the management) and that they
verify whether assessment and response are adequate. From the press are the names of the second and third level and
that a release goes through all three. Which case ends where, quorums, seats and deadlines are not public: those here
are library defaults, to be replaced by one's own.

Source: Kakao AI Safety Initiative, page "AI ethics and risk"; Korea Financial Times, 2024-10-23.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from .._internal.words import Origin
from ..governance import (
    START,
    Edge,
    EdgeKind,
    EscalationGraph,
    GovernanceBody,
    Level,
    Matter,
    Quorum,
    Reason,
    Term,
    When,
    Withheld,
)
from ..systems import Audience

__all__ = ["kakao_graph", "proportional_graph"]

_SHOWCASE: Final = "https://kakao.github.io/ai-native-showcase/ko/part-03/ch02-collab-culture/ai-ethics-risk/"
_PRESS: Final = "https://newsbell.co.kr/?p=955764"
_SOURCES: Final = {Origin.PUBLISHED: _SHOWCASE, Origin.PRESS: _PRESS}

_SAFETY, _ERM, _TOP = "ai_safety", "erm_committee", "top"

_LOWER: Final = frozenset({Level.LOW, Level.MEDIUM})
_HIGH: Final = frozenset({Level.HIGH, Level.UNASSESSED})
_EVERY: Final = _LOWER | _HIGH
_CALM: Final = frozenset(Reason) - {Reason.INCIDENT}
_INCIDENT: Final = frozenset({Reason.INCIDENT})
_TIER_OF: Final = (({Level.LOW}, _SAFETY), ({Level.MEDIUM}, _ERM), (_HIGH, _TOP))

_DAYS: Final = {_SAFETY: 1, _ERM: 5, _TOP: 10}
"""Business days to decide (our choice)."""

_HOURS: Final = {_SAFETY: 4, _ERM: 24, _TOP: 48}
"""Hours to decide after an incident whose grade is HIGH or not known (our choice)."""

_WHY_TIER: Final = ("등급에 따라 의결 단계를 정합니다.", "The grade sets the tier that decides.")
_WHY_STEP: Final = (
    "거버넌스는 평가와 대응이 적정한지 확인합니다. 거치는 순서는 라이브러리가 정한 것입니다.",
    "The governance verifies that assessment and response are adequate; the order is this library's choice.",
)
_WHY_GRAVE: Final = ("무거운 안건은 최고 의사결정 기구까지 올라갑니다.", "Grave cases go up to the top decision body.")
_WHY_RELEASE: Final = ("출시는 세 단계를 모두 거칩니다.", "A release goes through all three levels.")
_WHY_CHANGE: Final = (
    "거버넌스 변경은 현행 거버넌스의 세 단계를 모두 거칩니다.",
    "A change of the governance goes through all three levels of the present one.",
)
_WHY_STAGE: Final = ("단계 진입은 AI 세이프티가 의결합니다.", "AI Safety decides on entering a stage.")
_WHY_STOP: Final = (
    "긴급 정지는 최고 의사결정 기구만 해제합니다.",
    "Only the top decision body lifts a stop.",
)
_WHY_OVERRIDE: Final = (
    "예외 승인은 의결한 기구보다 높은 단계에서 정합니다.",
    "An override is decided above the body that would decide.",
)

_WHY_INCIDENT: Final = ("사고는 한 단계 위에서 의결합니다.", "An incident is decided one tier higher.")

_Why: TypeAlias = tuple[str, str]
"""A reason in Korean and in English."""


def _beside(id_: str, ko: str, en: str, tier: int) -> GovernanceBody:
    quorum = Quorum(votes=1, origin=Origin.OURS)
    return GovernanceBody(id=id_, ko=ko, en=en, tier=tier, seats=1, quorum=quorum, origin=Origin.OURS)


_SIDE_BODIES: Final = (
    _beside("legal", "법무", "Legal", 1),
    _beside("affiliate_ceo", "계열사 대표이사", "Chief executive of the affiliate", 2),
    _beside("privacy", "개인정보보호", "Privacy", 1),
    _beside("group_tech_ethics", "그룹 기술윤리 소위원회", "Group tech-ethics subcommittee", 2),
)


def _edges(
    source: str,
    target: str,
    matter: Matter,
    *,
    why: _Why,
    origin: Origin = Origin.OURS,
    levels: Iterable[Level] = _EVERY,
    reasons: Iterable[Reason] = frozenset(Reason),
    audience: Audience | None = None,
) -> tuple[Edge, ...]:
    """Return the edges of one row of the table: one with the usual deadline and one for grave incidents.

    Three disjoint boxes cover the row, because everything but "grave and an incident" is no product of sets.
    """
    asked, named = frozenset(levels), frozenset(reasons)
    days = Term(business_days=_DAYS[target], origin=Origin.OURS)
    hours = Term(hours=_HOURS[target], origin=Origin.OURS)
    boxes = (
        (asked & _LOWER, named, days),
        (asked & _HIGH, named & _CALM, days),
        (asked & _HIGH, named & _INCIDENT, hours),
    )
    return tuple(
        Edge(
            source=source,
            target=target,
            when=When(
                matter={matter},
                level=level,
                audience=None if audience is None else {audience},
                reason=reason,
            ),
            within=term,
            why_ko=why[0],
            why_en=why[1],
            origin=origin,
            source_url=_SOURCES.get(origin),
        )
        for level, reason, term in boxes
        if level and reason
    )


def _in_sequence(matter: Matter, *, why: _Why, origin: Origin = Origin.OURS) -> tuple[Edge, ...]:
    legs = ((START, _SAFETY), (_SAFETY, _ERM), (_ERM, _TOP))
    return tuple(edge for source, target in legs for edge in _edges(source, target, matter, why=why, origin=origin))


def _change_of_governance() -> tuple[Edge, ...]:
    """Return the way of a governance case, which has no grade and so one deadline per level."""
    return tuple(
        Edge(
            source=source,
            target=target,
            when=When(matter={Matter.GOVERNANCE}),
            within=Term(business_days=_DAYS[target], origin=Origin.OURS),
            why_ko=_WHY_CHANGE[0],
            why_en=_WHY_CHANGE[1],
            origin=Origin.OURS,
        )
        for source, target in ((START, _SAFETY), (_SAFETY, _ERM), (_ERM, _TOP))
    )


def _by_tier(*matters: Matter) -> tuple[Edge, ...]:
    """Return the entry edges of matters that go straight to the tier of their grade."""
    return tuple(
        edge
        for matter in matters
        for levels, target in _TIER_OF
        for edge in _edges(START, target, matter, why=_WHY_TIER, levels=levels)
    )


def _bodies(safety: Iterable[When], erm: Iterable[When]) -> tuple[GovernanceBody, ...]:
    one, three = (Quorum(votes=votes, origin=Origin.OURS) for votes in (1, 3))
    return (
        GovernanceBody(
            id=_SAFETY,
            ko="AI 세이프티",
            en="AI Safety",
            tier=1,
            seats=1,
            quorum=one,
            decides=safety,
            origin=Origin.PUBLISHED,
            source=_SHOWCASE,
        ),
        GovernanceBody(
            id=_ERM,
            ko="ERM 위원회",
            en="ERM committee",
            tier=2,
            seats=3,
            quorum=three,
            decides=erm,
            origin=Origin.PRESS,
            source=_PRESS,
        ),
        GovernanceBody(
            id=_TOP,
            ko="최고 의사결정 기구",
            en="Top decision body",
            tier=3,
            seats=1,
            quorum=one,
            origin=Origin.PRESS,
            source=_PRESS,
        ),
    )


def _on(matters: Iterable[Matter], levels: Iterable[Level], **more: Any) -> When:
    return When(matter=matters, level=levels, **more)


_SETTLING: Final = (Matter.ACCEPT, Matter.CLOSE_OR_LOWER)


def kakao_graph(*, side_bodies: bool = False) -> EscalationGraph:
    """Return the default graph: all three levels for every release, the grade's tier for the rest.

    * RELEASE and GOVERNANCE go through AI Safety, the ERM committee and the top decision body.
    * STAGE is decided by AI Safety. Which stages need a case is the governance's to say.
    * RISK goes to AI Safety and is decided by the ERM committee; HIGH, unassessed and incidents by the top body.
    * ACCEPT and CLOSE_OR_LOWER go straight to the tier of the grade.
    * STOP and OVERRIDE go straight to the top body.

    Args:
        side_bodies: whether a release also needs the signatures of the legal team and of the affiliate's chief
            executive, asks privacy for an opinion and informs the group's tech-ethics subcommittee. They model the
            checklist path known from the press; their place beside the three levels is our choice.
    """
    bodies = _bodies(
        safety=(When(matter={Matter.STAGE}), _on(_SETTLING, {Level.LOW})),
        erm=(_on({Matter.RISK}, _LOWER, reason=_CALM), _on(_SETTLING, {Level.MEDIUM})),
    )
    edges = (
        *_in_sequence(Matter.RELEASE, why=_WHY_RELEASE, origin=Origin.PRESS),
        *_edges(START, _SAFETY, Matter.STAGE, why=_WHY_STAGE),
        *_edges(START, _SAFETY, Matter.RISK, why=_WHY_STEP),
        *_edges(_SAFETY, _ERM, Matter.RISK, why=_WHY_STEP),
        *_edges(_ERM, _TOP, Matter.RISK, why=_WHY_GRAVE, levels=_HIGH),
        *_edges(_ERM, _TOP, Matter.RISK, why=_WHY_GRAVE, levels=_LOWER, reasons=_INCIDENT),
        *_by_tier(*_SETTLING),
        *_edges(START, _TOP, Matter.STOP, why=_WHY_STOP),
        *_edges(START, _TOP, Matter.OVERRIDE, why=_WHY_OVERRIDE),
        *_change_of_governance(),
    )
    return _graph(bodies, edges, side_bodies=side_bodies, first=(_SAFETY,))


def proportional_graph(*, side_bodies: bool = False) -> EscalationGraph:
    """Return a graph in which the grade decides how far a case goes; for small teams and many small systems.

    All of it is our choice but the bodies. Against :func:`kakao_graph`:

    * STAGE at LOW needs no case; from HIGH on the ERM committee is informed.
    * RELEASE to the outside ends at AI Safety for LOW and at the ERM committee for MEDIUM; HIGH and unassessed are
      withheld, because nobody may release them. Inside, LOW and MEDIUM end at AI Safety, the rest at the top body.
    * RISK goes straight to the tier of the grade, an incident one tier higher.
    * OVERRIDE goes to the ERM committee for LOW, else to the top body.

    Args:
        side_bodies: as in :func:`kakao_graph`.
    """
    outside, inside = {Audience.EXTERNAL}, {Audience.INTERNAL}
    bodies = _bodies(
        safety=(
            _on({Matter.STAGE}, _EVERY - {Level.LOW}),
            _on({Matter.RELEASE}, {Level.LOW}, audience=outside),
            _on({Matter.RELEASE}, _LOWER, audience=inside),
            _on({Matter.RISK, *_SETTLING}, {Level.LOW}),
        ),
        erm=(
            _on({Matter.RELEASE}, {Level.MEDIUM}, audience=outside),
            _on({Matter.RISK}, _LOWER),
            _on(_SETTLING, {Level.MEDIUM}),
            _on({Matter.OVERRIDE}, {Level.LOW}),
        ),
    )
    return _graph(
        bodies,
        (*_proportional_releases(), *_proportional_rest()),
        withheld=_withheld(),
        side_bodies=side_bodies,
        first=(_SAFETY, _ERM),
    )


def _proportional_releases() -> tuple[Edge, ...]:
    release, outside, inside = Matter.RELEASE, Audience.EXTERNAL, Audience.INTERNAL
    return (
        *_edges(START, _SAFETY, release, why=_WHY_TIER, levels=_LOWER, audience=outside),
        *_edges(_SAFETY, _ERM, release, why=_WHY_TIER, levels={Level.MEDIUM}, audience=outside),
        *_edges(START, _SAFETY, release, why=_WHY_TIER, levels=_LOWER, audience=inside),
        *_edges(START, _ERM, release, why=_WHY_TIER, levels=_HIGH, audience=inside),
        *_edges(_ERM, _TOP, release, why=_WHY_TIER, levels=_HIGH, audience=inside),
    )


def _proportional_rest() -> tuple[Edge, ...]:
    told = Edge(
        source=_SAFETY,
        target=_ERM,
        kind=EdgeKind.INFORM,
        when=_on({Matter.STAGE}, _HIGH),
        why_ko="무거운 단계 진입은 ERM 위원회에 알립니다.",
        why_en="The ERM committee knows of grave systems that move on.",
        origin=Origin.OURS,
    )
    return (
        *_edges(START, _SAFETY, Matter.STAGE, why=_WHY_STAGE, levels=_EVERY - {Level.LOW}),
        told,
        *_edges(START, _SAFETY, Matter.RISK, why=_WHY_TIER, levels={Level.LOW}, reasons=_CALM),
        *_edges(START, _ERM, Matter.RISK, why=_WHY_INCIDENT, levels={Level.LOW}, reasons=_INCIDENT),
        *_edges(START, _ERM, Matter.RISK, why=_WHY_TIER, levels={Level.MEDIUM}, reasons=_CALM),
        *_edges(START, _TOP, Matter.RISK, why=_WHY_INCIDENT, levels={Level.MEDIUM}, reasons=_INCIDENT),
        *_edges(START, _TOP, Matter.RISK, why=_WHY_TIER, levels=_HIGH),
        *_by_tier(*_SETTLING),
        *_edges(START, _TOP, Matter.STOP, why=_WHY_STOP),
        *_edges(START, _ERM, Matter.OVERRIDE, why=_WHY_OVERRIDE, levels={Level.LOW}),
        *_edges(START, _TOP, Matter.OVERRIDE, why=_WHY_OVERRIDE, levels=_EVERY - {Level.LOW}),
        *_change_of_governance(),
    )


def _withheld() -> tuple[Withheld, ...]:
    return (
        Withheld(
            when=_on({Matter.STAGE}, {Level.LOW}),
            needless=True,
            why_ko="저 등급 시스템의 단계 진입은 안건 없이 승인 관문만으로 판단합니다.",
            why_en="Gates alone judge whether a LOW system enters a stage.",
            origin=Origin.OURS,
        ),
        Withheld(
            when=_on({Matter.RELEASE}, {Level.HIGH}, audience={Audience.EXTERNAL}),
            needless=False,
            why_ko="고 등급 리스크가 있는 시스템은 외부에 출시하지 않습니다.",
            why_en="A system with a risk graded HIGH is not released to the outside.",
            origin=Origin.PRESS,
            source_url=_PRESS,
        ),
        Withheld(
            when=_on({Matter.RELEASE}, {Level.UNASSESSED}, audience={Audience.EXTERNAL}),
            needless=False,
            why_ko="평가하지 않은 리스크는 고 등급과 같이 보아 외부에 출시하지 않습니다.",
            why_en="A risk without an assessment counts like HIGH: the system is not released to the outside.",
            origin=Origin.OURS,
        ),
    )


def _graph(
    bodies: tuple[GovernanceBody, ...],
    edges: tuple[Edge, ...],
    *,
    withheld: tuple[Withheld, ...] = (),
    side_bodies: bool,
    first: tuple[str, ...],
) -> EscalationGraph:
    """Build a graph; side bodies join after the first body that a release comes to."""
    if side_bodies:
        bodies += _SIDE_BODIES
        edges += tuple(edge for source in first for edge in _side_edges(source))
    return EscalationGraph(bodies=bodies, edges=edges, apex=_TOP, withheld=withheld)


def _side_edges(source: str) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            source=source,
            target=target,
            kind=kind,
            when=When(matter={Matter.RELEASE}),
            why_ko="출시 점검 절차에 따릅니다.",
            why_en="The checklist path of a release.",
            origin=Origin.OURS,
        )
        for target, kind in (
            ("legal", EdgeKind.SIGN),
            ("affiliate_ceo", EdgeKind.SIGN),
            ("privacy", EdgeKind.CONSULT),
            ("group_tech_ethics", EdgeKind.INFORM),
        )
    )
