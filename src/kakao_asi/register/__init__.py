"""The register: commands in, frozen states out, one append-only log beneath."""

from __future__ import annotations

from ._questions import Questions, RegisterView
from ._records import CycleDifference, Entry, Page, Permission
from ._register import Options, RiskRegister
from ._verbs import Who

__all__ = [
    "CycleDifference",
    "Entry",
    "Options",
    "Page",
    "Permission",
    "Questions",
    "RegisterView",
    "RiskRegister",
    "Who",
]
