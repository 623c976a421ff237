"""What foresight asks of a risk, without the rest of it: a register of many risks is looked over in one go."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import lru_cache
from typing import Any, Final

from attrs import frozen

from ..governance import Matter, Reason
from ..lifecycle import RiskState, RiskStatus, SystemState, cell_of_risk, is_open
from ..stores import StoredRow
from ..taxonomy import Grade, RiskCategory

__all__ = ["Sketch", "sketch_of", "sketch_of_row"]


@frozen(kw_only=True)
class Sketch:
    """A risk as far as routes, tolerance, opinions and duties are concerned.

    Attributes:
        id: id of the risk.
        system: id of its system.
        category: its category.
        effective: its effective grade; None if it was never assessed.
        reason: the strongest reason that a case on it would have by itself.
        principles: the principles it names.
        legal_obligation: whether it is a legal obligation.
        owner: the role that answers for it.
        identified_by: who identified it.
        assessors: who assessed it in this cycle.
        editors: who changed it materially or planned responses.
        is_open: whether it counts as open.
        counted: whether it is not closed for good, so that cases on its system are about it too.
    """

    id: str
    system: str
    category: RiskCategory
    effective: Grade | None
    reason: Reason
    principles: frozenset[str]
    legal_obligation: bool
    owner: str
    identified_by: str
    assessors: tuple[str, ...]
    editors: frozenset[str]
    is_open: bool
    counted: bool


def sketch_of(state: RiskState, system: SystemState, now: dt.datetime) -> Sketch:
    """Return the sketch of a risk at an instant."""
    risk = state.risk
    return Sketch(
        id=risk.id,
        system=risk.system,
        category=risk.category,
        effective=state.effective,
        reason=cell_of_risk(state, system, Matter.RISK, Reason.LEVEL, now).reason,
        principles=risk.principles,
        legal_obligation=risk.legal_obligation,
        owner=risk.owner,
        identified_by=state.identified_by,
        assessors=state.assessors,
        editors=state.editors,
        is_open=is_open(state, now),
        counted=not state.closed_for_good,
    )


def sketch_of_row(row: StoredRow) -> Sketch | None:
    """Return the sketch of a risk from its stored bytes; None where time, two assessments or an objection matter.

    Those are few, and read in full. The bytes are canonical, so keys are in order and no text holds a bare quotation
    mark: what stands before ``closed_on_acceptance`` is the assessments, most of a state, and only their assessor is
    taken. A test holds both ways of reading together.
    """
    cut = row.state.find(_BEHIND_ASSESSMENTS)
    head = row.state[:cut]
    if head.count(_OF_EACH_ASSESSMENT) > 1:
        return None
    data: dict[str, Any] = json.loads("{" + row.state[cut + 1 :].decode())
    if data["status"] == RiskStatus.CLOSED.id or data["objections"]:
        return None
    risk, peak = data["risk"], data.get("peak")
    return Sketch(
        id=risk["id"],
        system=risk["system"],
        category=_CATEGORIES[risk["category"]],
        effective=None if peak is None else _GRADES[peak],
        reason=Reason.INCIDENT if data["incident"] else Reason.LEVEL,
        principles=_shared(tuple(risk["principles"])),
        legal_obligation=risk["legal_obligation"],
        owner=risk["owner"],
        identified_by=data["identified_by"],
        assessors=_assessors(tuple(_ASSESSOR.findall(head))),
        editors=_shared(tuple(data["editors"])),
        is_open=True,
        counted=True,
    )


@lru_cache(maxsize=4_096)
def _shared(names: tuple[str, ...]) -> frozenset[str]:
    """Return one set for equal names: a hundred thousand risks name few of them."""
    return frozenset(names)


@lru_cache(maxsize=4_096)
def _assessors(names: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(name.decode() for name in names)


_BEHIND_ASSESSMENTS: Final = b',"closed_on_acceptance":'
_OF_EACH_ASSESSMENT: Final = b'"withdrawn":'
_ASSESSOR: Final = re.compile(rb'"by":"([^"]*)"')
_CATEGORIES: Final = {one.id: one for one in RiskCategory}
_GRADES: Final = {one.id: one for one in Grade}
