"""The numbers of steps on their way to the rules: at once where they are on the host, later where they are not."""

from __future__ import annotations

from ._decision import CONTINUE, Decision
from ._panel import Panel
from ._values import Number, kept, on_device, read

__all__ = ["Intake"]


class Intake:
    """Takes the numbers of each step; lives as long as its monitor.

    Numbers on a device wait there, at most so many steps, and are then read together and judged step by step. What is
    on the host does not overtake them.

    Attributes:
        stepped: whether there was a step since the last decision.
    """

    def __init__(self, panel: Panel, *, most: int) -> None:
        """Name the rules, and how many steps may wait."""
        self._panel, self._most = panel, most
        self.stepped = False
        self._waiting: list[tuple[int, dict[str, Number]]] = []

    def take(self, step: int, values: dict[str, Number]) -> Decision:
        """Take the numbers of one step and return what the rules that are asked at once decide."""
        self.stepped = True
        panel, decision, waits = self._panel, CONTINUE, False
        for name, value in values.items():
            if type(value) is not float:
                if on_device(value):
                    waits = True
                else:
                    values = _plain(values, name)
        if panel.at_once:
            seen = values
            if waits:
                seen, waits = self._at_once(values)
                values = values if waits else seen
            decision = panel.ask_at_once(step, seen)
        if not waits and not self._waiting:
            panel.ask_later(step, values)
        else:
            self._waiting.append((step, {name: kept(value) for name, value in values.items()}))
            if len(self._waiting) >= self._most:
                self.flush()
        return decision

    def _at_once(self, values: dict[str, Number]) -> tuple[dict[str, float], bool]:
        """Return the numbers for the rules that are asked at once, and whether others still wait on a device."""
        here = {name: value for name, value in values.items() if not on_device(value)}
        if all(not here.keys().isdisjoint(held.metrics) for held in self._panel.at_once):
            return here, True
        return read([values])[0], False

    def clear(self) -> None:
        """Forget what waits: the run goes back to before it."""
        self._waiting.clear()

    def flush(self) -> None:
        """Read what waits, and have it judged."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            for (step, _), values in zip(waiting, read([values for _, values in waiting]), strict=True):
                self._panel.ask_later(step, values)


def _plain(values: dict[str, Number], name: str) -> dict[str, Number]:
    """Return the numbers of a step with one of them as a float; what is None is left out."""
    value = values[name]
    if value is None:
        return {other: one for other, one in values.items() if other != name}
    return {**values, name: float(kept(value))}
