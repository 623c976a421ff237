"""Events of the governance: what is in force, who exists, what is on record."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from ...framework import Record
from ...governance import Governance, Person, Roster

__all__ = ["GovernanceAdopted", "GovernanceChanged", "GovernanceProposed", "PersonChanged", "RecordSet", "SeatChanged"]


@frozen(kw_only=True)
class GovernanceAdopted:
    """A governance is in force; the first one is the first event of a register."""

    kind: ClassVar[str] = "governance_adopted"
    governance: Governance
    digest: str
    roster: Roster


@frozen(kw_only=True)
class GovernanceProposed:
    """Another governance was put before the bodies."""

    kind: ClassVar[str] = "governance_proposed"
    case: str
    governance: Governance
    digest: str


@frozen(kw_only=True)
class GovernanceChanged:
    """What was proposed in a case is in force from now on."""

    kind: ClassVar[str] = "governance_changed"
    case: str


@frozen(kw_only=True)
class PersonChanged:
    """The roster holds a person from now on."""

    kind: ClassVar[str] = "person_changed"
    person: Person


@frozen(kw_only=True)
class SeatChanged:
    """A person has a seat from now on, or has it no longer."""

    kind: ClassVar[str] = "seat_changed"
    body: str
    person: str
    seated: bool
    alternate: bool = False


@frozen(kw_only=True)
class RecordSet:
    """A policy, procedure, accountability, regulation link, review or attestation is on record."""

    kind: ClassVar[str] = "record_set"
    record: Record
