"""Conditions as responses of the risk or the system they were set on."""

from __future__ import annotations

from collections.abc import Iterable

from ..governance import Condition
from ..responses import PlannedResponse, Response, Strategy
from . import events as e
from ._context import Context
from ._transition import part_of

__all__ = ["planned_conditions"]


def planned_conditions(
    subject: str, before: int, conditions: Iterable[Condition], case: str, ctx: Context
) -> tuple[e.ResponsePlanned, ...]:
    """Return the responses that the conditions of an approval become.

    Their strategy is to retain: the body lives with what it approved for as long as its condition is met (our choice).

    Args:
        subject: id of the risk or the system.
        before: how many responses it has already.
        conditions: the conditions.
        case: id of the case.
        ctx: the context.
    """
    first = before + 1
    return tuple(
        e.ResponsePlanned(
            response=PlannedResponse(
                id=part_of(subject, f"r{number}"),
                response=Response(strategy=Strategy.RETAIN, owner=one.owner, due=one.due, note=one.text),
                planned_at=ctx.now,
                condition_of=case,
            )
        )
        for number, one in enumerate(conditions, first)
    )
