"""The two governances this library ships; who says so, Kakao, the press or this library, stands on each row."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from ..assessments import GridImperfection, GridMisuse, GridNegligence, ThresholdUncontrollability
from ..governance import (
    AcknowledgeTerms,
    EscalationGraph,
    Governance,
    Level,
    Matter,
    Perspective,
    PerspectiveNeed,
    ReleaseRule,
    StageGate,
    StageNeed,
    When,
)
from ..stages import Stage
from ..systems import Audience, PinKind
from ..taxonomy import Grade
from ._content import screening as catalogue
from ._graphs import kakao_graph, proportional_graph
from ._rows import principles

__all__ = ["kakao_governance", "proportional_governance"]

_FOR_USERS = frozenset({"user_protection", "user_agency"})
"""Principles that call for the side of the users (our choice)."""


def kakao_governance(*, side_bodies: bool = False, screening: bool = False, reviews: bool = False) -> Governance:
    """Return the default governance: AI Safety, the ERM committee and the top decision body, all three at a release.

    That there are three levels which verify assessment and response is published; the names of the second and third and
    their sequence at a release are from the press; everything else is a library default, not Kakao's.

    Args:
        side_bodies: adds legal, privacy, the affiliate's head and the group's tech-ethics subcommittee as side bodies.
        screening: takes in the shipped screening catalogue, so that each stage waits until every candidate that fits
            the system was identified as a risk or dismissed with a reason (the candidates are ours).
        reviews: asks for opinions before anybody votes. That several angles are looked at is published; which ones a
            case needs is our choice: technical, those its principles call for, and all five for a release.
    """
    governance = _governance("kakao", kakao_graph(side_bodies=side_bodies), screening=screening)
    return evolve(governance, perspectives=_perspectives(governance)) if reviews else governance


def proportional_governance(*, side_bodies: bool = False, screening: bool = False, reviews: bool = False) -> Governance:
    """Return a governance that routes by grade, so that small matters do not wait for a committee (ours).

    Whoever holds the owner's role may stop a system here too.

    Args:
        side_bodies: as in :func:`kakao_governance`.
        screening: as in :func:`kakao_governance`.
        reviews: as in :func:`kakao_governance`, by grade: technical for LOW, from MEDIUM on those that the principles
            call for too, and all five for HIGH and where the grade is not known (our choice).
    """
    governance = _governance("proportional", proportional_graph(side_bodies=side_bodies), screening=screening)
    asked = _by_grade(governance) if reviews else ()
    return evolve(governance, owners_stop=True, perspectives=asked)


_REVIEWED: Final = frozenset(Matter) - {Matter.GOVERNANCE, Matter.STOP}
_GRAVE: Final = frozenset({Level.HIGH, Level.UNASSESSED})


def _perspectives(governance: Governance) -> tuple[PerspectiveNeed, ...]:
    decided = When(matter=_REVIEWED)
    return (
        PerspectiveNeed(perspectives={Perspective.TECHNICAL}, when=decided),
        *_called_for(governance, decided),
        PerspectiveNeed(perspectives=frozenset(Perspective), when=When(matter={Matter.RELEASE})),
    )


def _by_grade(governance: Governance) -> tuple[PerspectiveNeed, ...]:
    return (
        PerspectiveNeed(perspectives={Perspective.TECHNICAL}, when=When(matter=_REVIEWED)),
        *_called_for(governance, When(matter=_REVIEWED, level=frozenset(Level) - {Level.LOW})),
        PerspectiveNeed(perspectives=frozenset(Perspective), when=When(matter=_REVIEWED, level=_GRAVE)),
    )


def _called_for(governance: Governance, when: When) -> tuple[PerspectiveNeed, ...]:
    """Return the opinions that principles and legal obligations call for, in these kinds of case."""
    by_hand = {"privacy", *_FOR_USERS}
    ethical = frozenset(one.id for one in governance.principles) - by_hand
    return (
        PerspectiveNeed(perspectives={Perspective.PRIVACY}, when=when, principles={"privacy"}),
        PerspectiveNeed(perspectives={Perspective.USER}, when=when, principles=_FOR_USERS),
        PerspectiveNeed(perspectives={Perspective.ETHICS}, when=when, principles=ethical),
        PerspectiveNeed(perspectives={Perspective.LEGAL}, when=when, legal_obligation=True),
    )


def _governance(name: str, graph: EscalationGraph, *, screening: bool) -> Governance:
    """Add what both presets share.

    An external system with a risk graded HIGH is not released: from the press (2024-10-23). That closed ones count
    where an acceptance closed them, the stages that need a decided case, and the model that has to be pinned before
    TEST and DEPLOYMENT are our choice.
    """
    decided = (Stage.DESIGN, Stage.DEVELOPMENT, Stage.TEST, Stage.MONITORING, Stage.UPDATE)
    return Governance(
        id=name,
        graph=graph,
        principles=principles(),
        methods=(GridImperfection(), ThresholdUncontrollability(), GridMisuse(), GridNegligence()),
        stage_gates=(
            *(StageGate(stage=stage, matter=Matter.STAGE) for stage in decided),
            StageGate(stage=Stage.DEPLOYMENT, matter=Matter.RELEASE),
        ),
        stage_needs=(
            StageNeed(stage=Stage.TEST, pins=(PinKind.MODEL,)),
            StageNeed(stage=Stage.DEPLOYMENT, pins=(PinKind.MODEL,)),
        ),
        release_rules=(ReleaseRule(audience=Audience.EXTERNAL, blocks_from=Grade.HIGH),),
        screening=catalogue() if screening else (),
        acknowledge=AcknowledgeTerms(),
    )
