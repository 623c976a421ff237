"""What running code has to know of the register: which components are shut, until when, and how grave risks are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from attrs import field, frozen

from .._internal.fields import (
    as_ids,
    as_utc,
    as_utc_or_none,
    check_aware,
    check_id,
    check_kind,
    check_optional,
    check_tuple_of,
    check_whole,
    tupled,
)
from ..findings import check_path
from ..governance import Refusal
from ..taxonomy import Grade, RiskCategory

__all__ = ["Board", "BoardState", "CaseNote", "ComponentGate", "GateStep", "RiskNote"]

_MANY = 1_000_000


def _as_refusals(values: Iterable[Refusal]) -> tuple[Refusal, ...]:
    return tupled(values)


def _as_steps(values: Iterable[GateStep]) -> tuple[GateStep, ...]:
    return tupled(values)


def _as_gates(values: Iterable[ComponentGate]) -> tuple[ComponentGate, ...]:
    return tupled(values)


def _as_risks(values: Iterable[RiskNote]) -> tuple[RiskNote, ...]:
    return tupled(values)


def _as_cases(values: Iterable[CaseNote]) -> tuple[CaseNote, ...]:
    return tupled(values)


@frozen(kw_only=True)
class GateStep:
    """What a component's gate says from an instant on.

    Attributes:
        since: the first instant it holds for; UTC.
        blockers: what keeps the component shut then; empty: open.
    """

    since: dt.datetime = field(converter=as_utc, validator=check_aware)
    blockers: tuple[Refusal, ...] = field(
        default=(), converter=_as_refusals, validator=check_tuple_of(check_kind(Refusal))
    )


@frozen(kw_only=True)
class ComponentGate:
    """A component's gate now and at every instant at which time alone changes it.

    Attributes:
        path: ``system`` or ``system/component``; what lies below it is covered too.
        steps: in order of time, at least one; the first is the present.
    """

    path: str = field(validator=check_path)
    steps: tuple[GateStep, ...] = field(
        converter=_as_steps, validator=check_tuple_of(check_kind(GateStep), least=1, most=64)
    )

    def at(self, now: dt.datetime) -> tuple[Refusal, ...]:
        """Return the blockers of an instant; before the first step, those of the first."""
        held = self.steps[0]
        for step in self.steps[1:]:
            if step.since <= now:
                held = step
        return held.blockers

    def next_change(self, now: dt.datetime) -> dt.datetime | None:
        """Return the next instant, after ``now``, at which the answer changes; None if none is known."""
        return min((step.since for step in self.steps[1:] if step.since > now), default=None)


@frozen(kw_only=True)
class RiskNote:
    """How grave a risk is.

    Attributes:
        id: id of the risk.
        category: its category.
        grade: its effective grade; None if it is not assessed, which is not low.
    """

    id: str = field(validator=check_id)
    category: RiskCategory = field(validator=check_kind(RiskCategory))
    grade: Grade | None = field(default=None, validator=check_optional(check_kind(Grade)))


@frozen(kw_only=True)
class CaseNote:
    """An approved case.

    Attributes:
        id: id of the case.
        until: when an approval that was not used lapses; None if it does not.
    """

    id: str = field(validator=check_id)
    until: dt.datetime | None = field(default=None, converter=as_utc_or_none, validator=check_optional(check_aware))


@frozen(kw_only=True)
class BoardState:
    """One reading of a board.

    Attributes:
        at: when it was made; UTC.
        position: how many events of the register it follows from.
        gates: components that are shut, or will be by time alone; a component that stands nowhere is open.
        risks: how grave each risk is; a risk that does not stand here counts as not assessed.
        cases: approved cases whose state and pins still hold.
        overriders: principals that may override a gate.
    """

    at: dt.datetime = field(converter=as_utc, validator=check_aware)
    position: int = field(default=0, validator=check_whole())
    gates: tuple[ComponentGate, ...] = field(
        default=(), converter=_as_gates, validator=check_tuple_of(check_kind(ComponentGate), most=_MANY)
    )
    risks: tuple[RiskNote, ...] = field(
        default=(), converter=_as_risks, validator=check_tuple_of(check_kind(RiskNote), most=_MANY)
    )
    cases: tuple[CaseNote, ...] = field(
        default=(), converter=_as_cases, validator=check_tuple_of(check_kind(CaseNote), most=_MANY)
    )
    overriders: frozenset[str] = field(
        default=frozenset(), converter=as_ids, validator=check_tuple_of(check_id, most=_MANY, kind=frozenset)
    )

    def blockers(self, path: str, now: dt.datetime) -> tuple[Refusal, ...]:
        """Return what keeps a component shut: its own blockers and those of all it is part of, each once."""
        found = [one for gate in self._over(path) for one in gate.at(now)]
        return tuple(dict.fromkeys(found))

    def next_change(self, path: str, now: dt.datetime) -> dt.datetime | None:
        """Return the next instant at which time alone changes a component's gate; None if none is known."""
        changes = [change for gate in self._over(path) if (change := gate.next_change(now)) is not None]
        return min(changes, default=None)

    @cached_property
    def _notes(self) -> dict[str, RiskNote]:
        return {note.id: note for note in self.risks}

    def risk(self, id: str) -> RiskNote | None:  # the word the whole library uses
        """Return what is known of a risk; None if the board does not name it."""
        return self._notes.get(id)

    def approves(self, case: str, now: dt.datetime) -> bool:
        """Tell whether a case is approved and its approval has not lapsed."""
        return any(note.id == case and (note.until is None or now < note.until) for note in self.cases)

    def _over(self, path: str) -> list[ComponentGate]:
        return [gate for gate in self.gates if path == gate.path or path.startswith(gate.path + "/")]


class Board(Protocol):
    """Where a process reads which components are shut: a file, a register, or anything that answers."""

    def read(self) -> BoardState:
        """Return the present state. What it raises is counted, and the last state stays in force."""
        ...
