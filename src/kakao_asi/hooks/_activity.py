"""An activity: a block of work that findings inside it are tied to."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from decimal import Decimal
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from .._internal.sites import Site, note_site
from .._internal.text import ID_RULE, is_id
from ..exceptions import InvalidValue
from ..findings import Scalar, Verdict, as_facts, is_decimal
from ..signals import current
from ..stages import Stage
from ._context import Enclosing, enclosing, live
from ._matching import leaves_of
from ._noting import note, note_error
from ._trouble import trouble

__all__ = ["Activity", "activity", "carry"]

P = ParamSpec("P")
R = TypeVar("R")

_FAILURES = (Exception,)


class Activity:
    """A block of work, used with ``with`` or ``async with``; lives as long as the block.

    Attributes:
        run: the name of the act; findings inside the block carry it.
        stage: the stage of the system's life, if given.
        by: who does it, if given.
        because: why, if given; never part of a finding.
        case: id of the case that allows it, if given.
    """

    def __init__(  # what a careful person may state
        self, act: str, *, risk: str | None, stage: Stage | None, by: str | None, because: str | None, case: str | None
    ) -> None:
        """Use ``activity`` instead."""
        self.run: str = act
        self.stage: Stage | None = stage
        self.by: str | None = by
        self.because: str | None = because
        self.case: str | None = case
        self._risk = risk
        self._parent: Enclosing | None = None
        self._measures: dict[str, Scalar] = {}
        risks = () if risk is None else (risk,)
        self._site = note_site(Site(name=f"activity:{act}", hook="activity", risks=risks))

    def measure(self, name: str, value: float | Decimal | str) -> None:
        """Note a number; the findings of this block carry it as a fact.

        Args:
            name: id of what was measured.
            value: the number. Decimal text keeps every digit; of any other text only the length is kept, under
                ``name.length``.
        """
        try:
            if isinstance(value, str) and not is_decimal(value):
                name, value = f"{name}.length", len(value)
            self._measures.update(as_facts({name: value}))
        except Exception as error:  # noqa: BLE001  # our own failure must not reach the call
            trouble(self._site, error, current())

    def flag(self, because: str, *, label: str) -> None:
        """Report something that was seen.

        Args:
            because: what, in words, for the reader of the code; only its length is kept.
            label: a short code for it.
        """
        facts: dict[str, Scalar] = {**self._measures, "because.length": len(because)}
        note(self._site, risk=self._risk, verdict=Verdict.FLAG, label=label, facts=facts)

    @property
    def facts(self) -> dict[str, Scalar]:
        """What was measured so far, and who acts."""
        who: dict[str, Scalar] = {} if self.by is None else {"by": self.by}
        return {**self._measures, **who}

    def __enter__(self) -> Self:
        """Bind the block to this context."""
        self._parent = enclosing.get()
        enclosing.set(self)
        live.add(id(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Report an exception that leaves the block, if the block names a risk; it goes on."""
        # No token: a block may be left in another context than it was entered in, and reset would raise there.
        if error is not None and self._risk is not None:
            note_error(self._site, self._risk, error, leaves_of(error, _FAILURES))
        enclosing.set(self._parent)
        live.discard(id(self))

    async def __aenter__(self) -> Self:
        """Bind the block to this context."""
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Report an exception that leaves the block, if the block names a risk; it goes on."""
        self.__exit__(kind, error, trace)


def activity(
    act: str,
    *,
    risk: str | None = None,
    stage: Stage | str | None = None,
    by: str | None = None,
    because: str | None = None,
    case: str | None = None,
) -> Activity:
    """Return a block of work that findings inside it are tied to.

    Args:
        act: id of what is done; findings inside carry it as their run.
        risk: id of the risk that an exception leaving the block, and ``flag``, bear on.
        stage: the stage of the system's life.
        by: who does it; ``human_action`` inside takes it from here.
        because: why; stays in memory.
        case: id of the case that allows it; ``human_action`` inside takes it from here.

    Example:
        >>> with activity("reindex", risk="stale-index") as block:
        ...     block.measure("dup_rate", "0.031")

    Raises:
        InvalidValue: an id is none, or there is no such stage.
    """
    for name, value in (("act", act), ("risk", risk), ("by", by), ("case", case)):
        if (value is not None or name == "act") and not is_id(value):
            raise InvalidValue(f"activity.{name}", ID_RULE)
    stage = None if stage is None else Stage(stage)
    return Activity(act, risk=risk, stage=stage, by=by, because=because, case=case)


def carry(function: Callable[P, R]) -> Callable[P, R]:
    """Return a callable that runs in a copy of the present context, for executors and threads.

    ``asyncio.to_thread`` copies the context by itself; ``submit`` and ``run_in_executor`` do not. Each call gets its
    own copy, so that one carried callable may run in several threads at once.

    Example:
        >>> carry(sorted)([2, 1])
        [1, 2]
    """
    context = copy_context()

    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        return context.copy().run(function, *args, **kwargs)

    return carried
