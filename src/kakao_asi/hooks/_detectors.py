"""What a detector is: it looks at one text and says what it saw, where, and how sure it is."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import Literal, Protocol, TypeAlias

from attrs import field, frozen

from .._internal.fields import (
    as_ids,
    check_id,
    check_kind,
    check_optional,
    check_text,
    check_tuple_of,
    check_whole,
    tupled,
)
from ..exceptions import InvalidValue
from ..findings import Verdict
from ..taxonomy import RiskCategory

__all__ = ["AsyncDetector", "Detection", "Detector", "Item", "Side", "Span", "Turn"]

Side: TypeAlias = Literal["input", "output"]
"""Which side of a call a text is on."""

Turn: TypeAlias = Literal["user", "assistant", "tool"]
"""Who speaks."""


@frozen(kw_only=True)
class Item:
    """One text to look at.

    Attributes:
        text: the text; of a stream, what is checked now with the context before it. Not shown in ``repr``.
        side: which side of the call it is on.
        turn: who speaks: the user on the input, the assistant on the output, unless the guard says otherwise.
        offset: how many characters of the stream stand before it.
        final: whether nothing follows.
    """

    text: str = field(repr=False)
    side: Side
    turn: Turn
    offset: int = 0
    final: bool = True


@frozen(kw_only=True)
class Span:
    """A stretch of an item's raw text.

    Attributes:
        start: first character, from 0.
        end: one behind the last character.
        digest: keyed digest of what stands there, if the detector makes one; never the text.
    """

    start: int = field(validator=check_whole())
    end: int = field(validator=check_whole())
    digest: str | None = field(default=None, validator=check_optional(check_id))

    def __attrs_post_init__(self) -> None:
        """Refuse a stretch that ends before it begins."""
        if self.end < self.start:
            raise InvalidValue("Span.end", "must not lie before Span.start")


def _as_spans(values: Iterable[Span]) -> tuple[Span, ...]:
    return tupled(values)


def _as_notes(values: Iterable[str]) -> tuple[str, ...]:
    return tupled(values)


def _as_scope(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


@frozen(kw_only=True)
class Detection:
    """What a detector says of an item.

    Attributes:
        verdict: CLEAR says: nothing within ``scope``. FLAG is reported, BLOCK asks to withhold, TRANSFORM to replace
            the spans, INDETERMINATE says that no answer can be given.
        label: a code for what was seen; required unless CLEAR or INDETERMINATE.
        score: how sure the detector is, decimal text.
        spans: where, in order.
        replacement: what should stand in place of each span, for TRANSFORM; not shown in ``repr``.
        scope: codes the detector looked for.
        notes: codes that say more, for example ``out_of_scope``.
        category: the category it suggests; people decide.
        principles: ids of the ethics principles it suggests.
    """

    verdict: Verdict = field(validator=check_kind(Verdict))
    label: str | None = field(default=None, validator=check_optional(check_text(longest=100)))
    score: str | None = None
    spans: tuple[Span, ...] = field(default=(), converter=_as_spans, validator=check_tuple_of(check_kind(Span)))
    replacement: str | None = field(default=None, repr=False)
    scope: frozenset[str] = field(default=frozenset(), converter=_as_scope)
    notes: tuple[str, ...] = field(default=(), converter=_as_notes, validator=check_tuple_of(check_id))
    category: RiskCategory | None = field(default=None, validator=check_optional(check_kind(RiskCategory)))
    principles: frozenset[str] = field(default=frozenset(), converter=as_ids)

    def __attrs_post_init__(self) -> None:
        """Refuse something seen without a code for it."""
        if self.label is None and self.verdict not in {Verdict.CLEAR, Verdict.INDETERMINATE}:
            raise InvalidValue("Detection.label", "must say what was seen")


class Detector(Protocol):
    """Looks at a text. Keeps nothing between calls: a guard's session owns what a stream needs.

    An attribute ``in_process = True`` says that it neither waits nor calls out; only such a detector may go without a
    deadline.
    """

    @property
    def name(self) -> str:
        """Its id, different for each instance."""
        ...

    def detect(self, item: Item, /) -> Sequence[Detection]:
        """Return what it saw; nothing at all says: clear."""
        ...


class AsyncDetector(Protocol):
    """Looks at a text and waits without holding up the event loop; only for coroutines and async generators."""

    @property
    def name(self) -> str:
        """Its id, different for each instance."""
        ...

    def adetect(self, item: Item, /) -> Awaitable[Sequence[Detection]]:
        """Return what it saw; nothing at all says: clear."""
        ...
