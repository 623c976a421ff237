"""What hooks report, as a test sees it: all of it, at once, in this context only."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator

from ..findings import Finding, FindingKey, Verdict
from ..governance import Code, Refusal
from ..signals import BoardState, scoped, slot_for
from ..signals._scope import forcing
from ._clock import FrozenClock

__all__ = ["Capture", "blocked", "capture"]

_START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


class Capture:
    """Every finding of a block; lives as long as a test looks at it.

    Attributes:
        clock: the clock of the block; stands still until it is moved.
        state: what a board would say; None: no board.
    """

    strict = True

    def __init__(self, clock: FrozenClock, state: BoardState | None) -> None:
        """Start empty."""
        self.clock: FrozenClock = clock
        self.state: BoardState | None = state
        self._findings: list[Finding] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found so far, in order; each occurrence on its own."""
        return tuple(self._findings)

    def now(self) -> dt.datetime:
        """Return the instant of the clock."""
        return self.clock()

    def offer(self, _key: FindingKey, build: Callable[[], Finding]) -> bool:
        """Take an occurrence; nothing is grouped."""
        self._findings.append(build())
        return True

    def matching(
        self,
        *,
        risk: str | None = None,
        cause: str | None = None,
        label: str | None = None,
        verdict: Verdict | None = None,
    ) -> tuple[Finding, ...]:
        """Return the findings that have all that is asked for; what is left out matches any."""
        return tuple(
            one
            for one in self._findings
            if (risk is None or one.risk == risk)
            and (cause is None or one.cause == cause)
            and (label is None or one.label == label)
            and (verdict is None or one.verdict is verdict)
        )

    def assert_one(
        self,
        *,
        risk: str | None = None,
        cause: str | None = None,
        label: str | None = None,
        verdict: Verdict | None = None,
    ) -> Finding:
        """Return the one finding that matches.

        Raises:
            AssertionError: none or several do; the message names what was found.
        """
        found = self.matching(risk=risk, cause=cause, label=label, verdict=verdict)
        if len(found) != 1:
            raise AssertionError(f"expected one such finding, got {len(found)} of {self._told()}")
        return found[0]

    def assert_none(
        self,
        *,
        risk: str | None = None,
        cause: str | None = None,
        label: str | None = None,
        verdict: Verdict | None = None,
    ) -> None:
        """Fail if any finding matches.

        Raises:
            AssertionError: one does; the message names what was found.
        """
        if self.matching(risk=risk, cause=cause, label=label, verdict=verdict):
            raise AssertionError(f"expected no such finding, got {self._told()}")

    def _told(self) -> str:
        told = [f"(risk={f.risk}, cause={f.cause}, label={f.label}, {f.verdict.id})" for f in self._findings]
        return ", ".join(told) or "none at all"


@contextlib.contextmanager
def capture(*, state: BoardState | None = None, clock: FrozenClock | None = None) -> Iterator[Capture]:
    """Take every finding of this context, at once and each on its own; errors inside hooks are raised.

    Args:
        state: what a board would say of risks, cases and overriders. Gates are forced by :func:`blocked`.
        clock: a clock to move; by default one that stands at 2026-11-23 10:30 in Korea.

    Example:
        >>> from kakao_asi.hooks import watch
        >>> @watch("answers-late", on=TimeoutError)
        ... def answer() -> str:
        ...     raise TimeoutError
        >>> with capture() as seen:
        ...     try:
        ...         answer()
        ...     except TimeoutError:
        ...         pass
        >>> seen.assert_one(risk="answers-late").cause
        'TimeoutError'
    """
    record = Capture(FrozenClock(_START) if clock is None else clock, state)
    with scoped(record):
        yield record


@contextlib.contextmanager
def blocked(component: str, *, code: Code = Code.STOPPED) -> Iterator[None]:
    """Force the gate of a component, and of all below it, shut in this context only.

    Args:
        component: path of the component.
        code: the reason the gate gives.
    """
    from ..signals import slots

    # Held, so that a slot decorated inside the block is found full as well.
    own = slot_for(component)
    held = [slot for slot in slots() if slot.path == component or slot.path.startswith(component + "/")]
    for slot in held:
        slot.force(1)
    try:
        with forcing(component, Refusal(code=code, subject=component)):
            yield
    finally:
        for slot in held:
            slot.force(-1)
        del own
