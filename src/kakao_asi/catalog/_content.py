"""Shipped guidance and screening: what the principles ask for, and what could go wrong."""

from __future__ import annotations

from functools import cache

from ..framework import AdviceRow, Candidate, Guidance, PledgeItem, check_unique
from ._files import shipped

__all__ = ["advice", "guidance", "pledge", "screening"]


@cache
def guidance() -> tuple[Guidance, ...]:
    """Return the guidance rows for developers and users, sorted by id; the words are ours, based on a principle."""
    return shipped("guidance.json", Guidance)


@cache
def advice() -> tuple[AdviceRow, ...]:
    """Return which guidance helps with which blocker, sorted by code (our choice)."""
    return shipped("advice.json", AdviceRow)


@cache
def screening() -> tuple[Candidate, ...]:
    """Return the screening catalogue, sorted by id: candidates by stage and category (ideas public, words ours)."""
    rows = shipped("screening.json", Candidate)
    check_unique(rows, "screening rows")
    return rows


@cache
def pledge() -> tuple[PledgeItem, ...]:
    """Return the three items of the Seoul AI Business Pledge, sorted by id; labels and wording are ours."""
    return shipped("pledge.json", PledgeItem)
