"""What questions to a register are answered with: entries of the log, pages, permissions and differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from attrs import field, frozen

from .._internal.canonical import Json
from ..framework import Screened
from ..governance import Refusal
from ..lifecycle import Event, FindingGroup

__all__ = ["CycleDifference", "Entry", "Page", "Permission", "Screening", "all_pages"]

T = TypeVar("T")


@frozen(kw_only=True)
class Entry:
    """One event of the log, with the envelope around it.

    Attributes:
        seq: position in the log, from 0; the order of events.
        id: id of the event.
        stream: what it is about, for example ``risk:leaks-rrn``.
        version: position in its stream, from 1.
        kind: what happened.
        at: when it happened, as claimed by the caller; UTC.
        recorded_at: when the store took it; UTC.
        by: the principal who acted.
        because: the reason given; None if none was, or if it was erased.
        event: the event; None for a kind this version does not know.
        payload: the event's data as stored, private texts sealed.
        texts: the places of the texts that came with it and are not erased, sorted; ``commands.Erase`` takes one.
    """

    seq: int
    id: str
    stream: str
    version: int
    kind: str
    at: dt.datetime
    recorded_at: dt.datetime
    by: str
    because: str | None = field(repr=False)
    event: Event | None = field(repr=False)
    payload: Json = field(repr=False)
    texts: tuple[str, ...] = ()


@frozen(kw_only=True)
class Page(Generic[T]):
    """Part of a long answer.

    Attributes:
        items: the items, in a stable order.
        next: what to pass as ``after=`` for the next page; None on the last one.
    """

    items: tuple[T, ...]
    next: str | None = None

    def __iter__(self) -> Iterator[T]:
        """Iterate over the items of this page."""
        return iter(self.items)


def all_pages(page_after: Callable[[str | None], Page[T]]) -> list[T]:
    """Return the items of every page."""
    page = page_after(None)
    found = [*page.items]
    while page.next is not None:
        page = page_after(page.next)
        found += page.items
    return found


@frozen(kw_only=True)
class Permission:
    """Whether a command would be taken now; true in a condition if it would.

    Attributes:
        refusals: every reason why not; empty if it would.
    """

    refusals: tuple[Refusal, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether the command would be taken."""
        return not self.refusals


@frozen(kw_only=True)
class CycleDifference:
    """What changed in a risk between the ends of two turns of its cycle.

    An item is an assessment by kind and line, a response by id, or ``grade``.

    Attributes:
        risk: id of the risk.
        before: number of the earlier cycle.
        after: number of the later cycle.
        new: items only the later one has, sorted.
        modified: items both have, with different content, sorted.
        closed: items only the earlier one has, sorted.
        unchanged: items that are alike in both, sorted.
    """

    risk: str
    before: int
    after: int
    new: tuple[str, ...]
    modified: tuple[str, ...]
    closed: tuple[str, ...]
    unchanged: tuple[str, ...]


@frozen(kw_only=True)
class Screening:
    """What could go wrong at a stage, and what was found and nobody has judged; iterating gives the candidates.

    Attributes:
        candidates: the candidates that fit the system and that no risk of it answers.
        findings: the groups of findings in the system that wait for a person, in order of their ids.
    """

    candidates: tuple[Screened, ...]
    findings: tuple[FindingGroup, ...] = ()

    def __iter__(self) -> Iterator[Screened]:
        """Iterate over the candidates."""
        return iter(self.candidates)

    def __len__(self) -> int:
        """Count the candidates."""
        return len(self.candidates)

    def __getitem__(self, index: int) -> Screened:
        """Return a candidate by its place."""
        return self.candidates[index]
