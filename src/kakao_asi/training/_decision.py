"""What a monitor answers a training loop: data that the loop acts on, or does not."""

from __future__ import annotations

from attrs import field, frozen

from .._internal.fields import check_bool, check_kind, check_optional, tupled

__all__ = ["CONTINUE", "Decision"]


def _as_texts(values: tuple[str, ...]) -> tuple[str, ...]:
    return tupled(values)


@frozen(kw_only=True)
class Decision:
    """What the loop is asked to do; all false: go on.

    ``Monitor.step`` asks for nothing but ``skip_update``; the rest comes from ``Monitor.sync`` alone, where it is the
    same on every rank.

    Attributes:
        skip_update: leave the optimizer step of this step out and clear the gradients.
        save: write a checkpoint.
        roll_back: go back to ``checkpoint``; where that is None, there is no good one, and the loop has to stop.
        stop: end the run in order.
        failed: a rank said that it failed; ``stop`` is true then, too.
        checkpoint: path of the last good checkpoint that this rank knows of: one whose tensors were looked into and
            finite, or, where nobody looked, one written at a step whose numbers were.
        reasons: ``rule:label`` of what this rank saw, in the order seen; another rank may have others.
    """

    skip_update: bool = field(default=False, validator=check_bool)
    save: bool = field(default=False, validator=check_bool)
    roll_back: bool = field(default=False, validator=check_bool)
    stop: bool = field(default=False, validator=check_bool)
    failed: bool = field(default=False, validator=check_bool)
    checkpoint: str | None = field(default=None, validator=check_optional(check_kind(str)))
    reasons: tuple[str, ...] = field(default=(), converter=_as_texts)

    @property
    def go_on(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.skip_update or self.save or self.roll_back or self.stop)


CONTINUE = Decision()
"""Nothing is asked for."""
