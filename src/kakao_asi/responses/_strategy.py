"""What a response wants to reach."""

from __future__ import annotations

from .._internal.words import Word

__all__ = ["NO_CONTROL_NEEDED", "Strategy", "as_strategy"]


class Strategy(Word):
    """The seven ways to treat a risk.

    TAKE, which means to accept more of a risk for an opportunity, exists for mappings to other frameworks only; a
    ``Response`` refuses it (our choice).

    Source: the seven options of ISO 31000:2018, clause 6.5.2; ids and labels are ours.
    """

    AVOID = "avoid", "활동 자체를 하지 않음", "Avoid"
    TAKE = "take", "기회를 위해 감수", "Take"
    REMOVE_SOURCE = "remove_source", "원인 제거", "Remove the source"
    CHANGE_LIKELIHOOD = "change_likelihood", "발생 가능성 낮추기", "Change the likelihood"
    CHANGE_CONSEQUENCE = "change_consequence", "피해 줄이기", "Change the consequence"
    SHARE = "share", "분담", "Share"
    RETAIN = "retain", "보유", "Retain"


NO_CONTROL_NEEDED = frozenset({Strategy.AVOID, Strategy.SHARE, Strategy.RETAIN})
"""Strategies that can stand without a control: the act itself is what is done (our choice)."""


def as_strategy(value: Strategy | str) -> Strategy:
    """Return the member of that id or Korean label."""
    return Strategy(value)
