"""The register: commands in, frozen states out, one append-only log beneath."""

from __future__ import annotations

from ._questions import RegisterView
from ._records import CycleDifference, Entry, Page, Permission
from ._register import RiskRegister

__all__ = ["CycleDifference", "Entry", "Page", "Permission", "RegisterView", "RiskRegister"]
