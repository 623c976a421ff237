"""The pure core: which events a command causes, and which state events make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self, TypeAlias

from attrs import field, frozen

from .._internal.words import Lang, Word
from ..exceptions import InvalidValue
from ..governance import Case, Code, Refusal
from ._context import Context
from ._finding_states import FindingGroup, SpoolState
from ._fold import Stamp, State, apply
from ._states import GovernanceState, RiskState, SystemState
from ._table import TRANSITIONS
from ._transition import Change, StreamKind, Transition
from .commands import Command
from .events import Event

__all__ = ["Decided", "LifecycleEngine", "Refused"]

_STREAM_OF_STATE: dict[type[Any], StreamKind] = {
    RiskState: StreamKind.RISK,
    SystemState: StreamKind.SYSTEM,
    Case: StreamKind.CASE,
    GovernanceState: StreamKind.GOVERNANCE,
    FindingGroup: StreamKind.FINDING,
    SpoolState: StreamKind.SPOOL,
}


@frozen
class Decided:
    """The command is allowed.

    Attributes:
        changes: what happens, in order, each with the stream it belongs to; empty if nothing changes.
    """

    changes: tuple[Change, ...]


@frozen
class Refused:
    """The command is refused.

    Attributes:
        refusals: every reason, in the order of the guards; at least one.
    """

    refusals: tuple[Refusal, ...]


Answer: TypeAlias = Decided | Refused


def _compiled(rows: Iterable[Transition]) -> dict[tuple[Word | None, type[Any]], Transition]:
    table: dict[tuple[Word | None, type[Any]], Transition] = {}
    for row in rows:
        key = (row.source, row.command)
        if key in table:
            raise InvalidValue("LifecycleEngine.table", f"must hold one transition for {row.command.__name__} a status")
        table[key] = row
    return table


@frozen(kw_only=True)
class LifecycleEngine:
    """Decides and folds. Pure: no clock, no input or output, no state of its own.

    Attributes:
        table: one transition for each (status, type of command); a pair it does not hold is refused.
    """

    table: dict[tuple[Word | None, type[Any]], Transition] = field(factory=lambda: _compiled(TRANSITIONS), repr=False)

    @classmethod
    def of(cls, rows: Iterable[Transition]) -> Self:
        """Return an engine over other rows, for example those of ``LifecycleEngine().table`` without one.

        Raises:
            InvalidValue: two rows are for one status and command.
        """
        return cls(table=_compiled(rows))

    def decide(self, state: State | None, command: Command, context: Context) -> Decided | Refused:
        """Return what a command does to a state, or every reason why it does not.

        Args:
            state: the state of the command's own stream; None where it does not exist yet.
            command: what should happen.
            context: what the decision may know besides.
        """
        row = self.table.get((None if state is None else state.status, type(command)))
        if row is None:
            return Refused((self._no_transition(state, command),))
        refusals = tuple(refusal for guard in row.guards for refusal in guard(state, command, context))
        return Refused(refusals) if refusals else Decided(row.act(state, command, context))

    def apply(self, state: State | None, event: Event, *, by: str, at: Any) -> State | None:
        """Return the state after an event.

        Args:
            state: the state before; None where the stream does not exist yet.
            event: what happened.
            by: the principal who did it.
            at: when, an aware instant.
        """
        return apply(state, event, Stamp(by, at))

    def available(self, state: State | None, stream: StreamKind) -> tuple[type[Any], ...]:
        """Return the types of commands a stream takes in its status, in the order of the table; guards still ask."""
        status = None if state is None else state.status
        return tuple(
            row.command for (source, _), row in self.table.items() if source is status and row.stream is stream
        )

    def to_mermaid(self, stream: StreamKind = StreamKind.RISK, *, lang: Lang = "en") -> str:
        """Draw the table of one stream as a Mermaid state diagram."""
        names: dict[Word | None, str] = {None: "[*]"}
        lines = ["stateDiagram-v2"]
        for row in self.table.values():
            for status in (row.source, *row.targets):
                if row.stream is stream and status is not None and status not in names:
                    names[status] = f"s{len(names)}"
                    lines.append(f"    {names[status]} : {status.label(lang)}")
        for row in self.table.values():
            if row.stream is stream:
                arrows = (
                    f"    {names[row.source]} --> {names[target]} : {row.command.__name__}" for target in row.targets
                )
                lines.extend(arrows)
        return "\n".join(lines) + "\n"

    def _no_transition(self, state: State | None, command: Command) -> Refusal:
        if state is None:
            named = (getattr(command, part, None) for part in ("finding", "risk", "system"))
            subject = str(next((one for one in named if one is not None), command.__class__.__name__))
            return Refusal(code=Code.NO_TRANSITION, subject=subject, detail="unknown")
        stream = _STREAM_OF_STATE[type(state)]
        possible = tuple(one.__name__ for one in self.available(state, stream))
        subject = state.digest if isinstance(state, GovernanceState) else state.id
        if isinstance(state, Case) and not possible:
            return Refusal(code=Code.ALREADY_DECIDED, subject=subject)
        return Refusal(code=Code.NO_TRANSITION, subject=subject, missing=possible, detail=state.status.id)
