"""Events of what is kept: texts that were erased, and holds. They stand in the stream of the governance."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from ..commands import ErasureGround

__all__ = ["HoldEnded", "HoldSet", "TextErased"]


@frozen(kw_only=True)
class TextErased:
    """A text that came with an earlier event is erased.

    Attributes:
        seq: position of that event.
        stream: the stream it is in.
        field: the text's place in it.
        digest: what the log holds in its place, 64 hexadecimal digits.
        ground: why it was erased.
    """

    kind: ClassVar[str] = "text_erased"
    seq: int
    stream: str
    field: str
    digest: str
    ground: ErasureGround


@frozen(kw_only=True)
class HoldSet:
    """Nothing is erased of a system, or of the whole register where ``system`` is None, until the hold ends."""

    kind: ClassVar[str] = "hold_set"
    hold: str
    system: str | None = None


@frozen(kw_only=True)
class HoldEnded:
    """A hold ended."""

    kind: ClassVar[str] = "hold_ended"
    hold: str
