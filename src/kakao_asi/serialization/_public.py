"""The schema of everything a neighbour in another language reads or writes: values, commands, events, states."""

from __future__ import annotations

from typing import Any, get_args

from .._internal.canonical import Json
from ..assessments import Assessment, ImperfectionFactors, MisuseFactors, NegligenceFactors, UncontrollabilityFactors
from ..evidence import Evidence
from ..governance import Case, GateResult, Governance, Roster
from ..lifecycle import CycleRecord, RiskState, SystemState
from ..lifecycle.commands import Command
from ..lifecycle.events import KINDS
from ..principles import Principle
from ..responses import Response
from ..risks import Risk
from ..systems import System
from ._schema import schema_bundle

__all__ = ["PUBLIC_TYPES", "public_schema"]

PUBLIC_TYPES: tuple[type[Any], ...] = (
    Risk,
    System,
    Principle,
    Evidence,
    ImperfectionFactors,
    UncontrollabilityFactors,
    MisuseFactors,
    NegligenceFactors,
    Assessment,
    Response,
    Case,
    GateResult,
    CycleRecord,
    RiskState,
    SystemState,
    Roster,
    Governance,
    *get_args(Command),
    *KINDS.values(),
)
"""Every type that is written as JSON: the values, then the commands, then the events."""


def public_schema() -> dict[str, Json]:
    """Return one JSON Schema 2020-12 document with a definition for each of ``PUBLIC_TYPES``."""
    return schema_bundle(PUBLIC_TYPES)
