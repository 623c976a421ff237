"""The register: commands in, frozen states out, one append-only log beneath."""

from __future__ import annotations

from ._content import Covered
from ._finding_verbs import SpoolImport
from ._foresight import Moved, Undecidable
from ._framework import Disproved
from ._indicators import Indicator, Kri, Light
from ._questions import Questions, RegisterView
from ._records import CycleDifference, Entry, Page, Permission, Screening
from ._register import Options, RiskRegister
from ._reviewing import ReviewDue, ReviewReason
from ._verbs import Who

__all__ = [
    "Covered",
    "CycleDifference",
    "Disproved",
    "Entry",
    "Indicator",
    "Kri",
    "Light",
    "Moved",
    "Options",
    "Page",
    "Permission",
    "Questions",
    "RegisterView",
    "ReviewDue",
    "ReviewReason",
    "RiskRegister",
    "Screening",
    "SpoolImport",
    "Undecidable",
    "Who",
]
