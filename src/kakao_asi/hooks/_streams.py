"""Guarding a stream: what leaves when, and what is checked together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from .._internal.fields import check_whole
from ..exceptions import InvalidValue
from ._detectors import Detection, Item, Side, Span, Turn

__all__ = ["Stream", "StreamMode", "StreamSession", "masked"]

StreamMode: TypeAlias = Literal["observe", "holdback", "buffer"]
"""``observe``: all leaves at once. ``holdback``: nothing unchecked leaves. ``buffer``: all leaves after the check."""

_MASK = "[***]"


@frozen(kw_only=True)
class Stream:
    """How a guard treats a stream. All numbers are our choice; a pattern longer than ``hold`` may slip through.

    Attributes:
        mode: what leaves when; see :data:`StreamMode`. None: ``holdback`` where the guard enforces, else ``observe``.
        hold: how many characters are held back until more has been checked behind them.
        every: after how many new characters the detectors run.
        context: how many characters before the new ones they see, at least ``hold``.
        on_flag: what a BLOCK does: ``stop`` closes the source and raises, ``mask`` replaces the spans, ``note`` only
            reports.
        closing: for ``stop``, an item that ends the stream instead of the error.
    """

    mode: StreamMode | None = None
    hold: int = field(default=120, validator=check_whole(least=1))
    every: int = field(default=40, validator=check_whole(least=1))
    context: int = field(default=200, validator=check_whole(least=1))
    on_flag: Literal["stop", "mask", "note"] = "stop"
    closing: Any = None

    def __attrs_post_init__(self) -> None:
        """Refuse words there are not, and a context shorter than what is held."""
        if self.mode not in {None, "observe", "holdback", "buffer"}:
            raise InvalidValue("Stream.mode", "must be 'observe', 'holdback' or 'buffer'")
        if self.on_flag not in {"stop", "mask", "note"}:
            raise InvalidValue("Stream.on_flag", "must be 'stop', 'mask' or 'note'")
        if self.hold > self.context:
            raise InvalidValue("Stream.context", "must be at least Stream.hold, or what is held is not seen whole")


@frozen
class _Held:
    """An item that waits, and where its text ends."""

    item: Any
    start: int
    end: int


class StreamSession:
    """The state of one guarded stream; lives as long as the stream. Items leave whole and in order."""

    def __init__(self, options: Stream, *, side: Side, turn: Turn, text_of: Callable[[Any], str | None]) -> None:
        """Start before the first item."""
        self._options, self._side, self._turn, self._text_of = options, side, turn, text_of
        self._held: deque[_Held] = deque()
        self._tail, self._base = "", 0
        self._checked = 0
        self._seen: set[tuple[str, str | None, int]] = set()
        self._masks: list[tuple[Span, str]] = []
        self.textless = False

    @property
    def end(self) -> int:
        """How many characters came so far."""
        return self._base + len(self._tail)

    def take(self, item: Any) -> bool:
        """Take an item; tell whether it is time to check."""
        text = self._text_of(item)
        if text is None:
            self.textless = True
            text = ""
        start = self.end
        self._tail += text
        self._held.append(_Held(item, start, self.end))
        return self._options.mode != "buffer" and self.end - self._checked >= self._options.every

    def to_check(self, *, final: bool) -> Item | None:
        """Return what the detectors look at now: the new characters and the context before them; None if none."""
        if self.end == self._checked and not (final and self.end > 0):
            return None
        start = 0 if self._options.mode == "buffer" else max(self._checked - self._options.context, 0)
        return Item(
            text=self._tail[max(start - self._base, 0) :],
            side=self._side,
            turn=self._turn,
            offset=max(start, self._base),
            final=final,
        )

    def fresh(self, detector: str, item: Item, detections: Iterable[Detection]) -> list[Detection]:
        """Return the detections that were not reported yet, with spans counted from the start of the stream."""
        new = []
        for one in detections:
            spans = [evolve(span, start=span.start + item.offset, end=span.end + item.offset) for span in one.spans]
            places = [(detector, one.label, span.start) for span in spans] or [(detector, one.label, -1)]
            if not self._seen.issuperset(places):
                kept = [span for span, place in zip(spans, places, strict=False) if place not in self._seen]
                self._seen.update(places)
                new.append(evolve(one, spans=tuple(kept)))
        return new

    def mask(self, detections: Iterable[Detection]) -> None:
        """Replace the spans of detections in what has not left yet."""
        for one in detections:
            self._masks.extend((span, _MASK if one.replacement is None else one.replacement) for span in one.spans)

    def can_mask(self) -> bool:
        """Tell whether every item that waits is a text."""
        return all(isinstance(held.item, str) for held in self._held)

    def checked(self) -> None:
        """Note that everything that came so far was looked at."""
        self._checked = self.end
        keep = max(self._checked - self._options.context, 0)
        if self._options.mode != "buffer" and keep > self._base:
            self._tail, self._base = self._tail[keep - self._base :], keep

    def leaving(self, *, final: bool) -> list[Any]:
        """Return the items that may leave now."""
        if self._options.mode == "observe" or final:
            limit = self.end
        else:
            limit = -1 if self._options.mode == "buffer" else self._checked - self._options.hold
        out = []
        while self._held and self._held[0].end <= limit:
            held = self._held.popleft()
            out.append(self._masked(held))
        return out

    def _masked(self, held: _Held) -> Any:
        touching = [(span, text) for span, text in self._masks if span.start < held.end and span.end > held.start]
        if not touching or not isinstance(held.item, str):
            return held.item
        spans = [
            # The replacement stands where the span begins; its other items lose their part of it.
            (max(span.start, held.start) - held.start, min(span.end, held.end) - held.start,
             text if span.start >= held.start else "")
            for span, text in touching
        ]  # fmt: skip
        return _replaced(held.item, spans)


def masked(text: str, detections: Iterable[Detection]) -> str:
    """Return a text with the spans of detections replaced."""
    spans = [
        (span.start, span.end, _MASK if one.replacement is None else one.replacement)
        for one in detections
        for span in one.spans
    ]
    return _replaced(text, spans)


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> str:
    out, at = [], 0
    for start, end, instead in sorted(spans):
        if end <= at:
            continue
        out += [text[at : max(start, at)], instead]
        at = end
    return "".join([*out, text[at:]])
