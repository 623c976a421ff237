"""The answer of a gate: may this system enter this stage, may this component run."""

from __future__ import annotations

import datetime as dt

from attrs import frozen

from .._internal.words import Lang
from ..exceptions import GateBlocked
from ..stages import Stage
from ._refusals import Refusal

__all__ = ["GateResult"]


@frozen(kw_only=True)
class GateResult:
    """The answer of a gate, with everything that stands in the way.

    Attributes:
        system: id of the system asked about.
        stage: the stage it would enter; None for the gate of a component.
        component: the part that would run; None for the whole system or for a stage.
        at: the instant the answer holds for.
        blockers: what keeps the gate shut, in a stable order.
        warnings: what does not shut it but should be known.
        next_change: for components, the next instant at which time alone may change the answer; None if none.
    """

    system: str
    stage: Stage | None = None
    component: str | None = None
    at: dt.datetime
    blockers: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = ()
    next_change: dt.datetime | None = None

    @property
    def passed(self) -> bool:
        """Whether the gate is open: no blocker is left."""
        return not self.blockers

    def check(self) -> None:
        """Raise unless the gate is open.

        Raises:
            GateBlocked: at least one blocker is left.
        """
        if self.blockers:
            raise GateBlocked(self)

    def to_text(self, *, lang: Lang) -> str:
        """Say the answer and every reason, one a line."""
        place = self.stage.label(lang) if self.stage else (self.component or self.system)
        if lang == "ko":
            head = f"{self.system} → {place}: " + ("통과" if self.passed else f"차단, 사유 {len(self.blockers)}건")
            note = "참고"
        else:
            count = len(self.blockers)
            reasons = f"blocked for {count} reason{'s' if count > 1 else ''}"
            head = f"{self.system} -> {place}: " + ("open" if self.passed else reasons)
            note = "note"
        lines = [head, *(f"  - {one.message(lang)}" for one in self.blockers)]
        return "\n".join([*lines, *(f"  - ({note}) {one.message(lang)}" for one in self.warnings)])

    def __str__(self) -> str:
        """Say the answer in English."""
        return self.to_text(lang="en")
