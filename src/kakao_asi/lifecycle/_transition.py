"""One row of the transition table: what a command does to a stream in a status, and what it asks first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from attrs import frozen

from .._internal.canonical import digest_of
from .._internal.text import is_id
from .._internal.words import Word
from ..governance import Refusal
from ._context import Context
from .events import Event

__all__ = ["Change", "Guard", "StreamKind", "Transition", "part_of", "stream"]

_LONGEST_ID = 128


class StreamKind(Word):
    """The kinds of streams; each has one state type."""

    RISK = "risk", "리스크", "risk"
    SYSTEM = "system", "시스템", "system"
    CASE = "case", "안건", "case"
    GOVERNANCE = "governance", "거버넌스", "governance"
    FINDING = "finding", "발견 사항", "finding"
    SPOOL = "spool", "스풀", "spool"


def stream(kind: StreamKind, id: str) -> str:  # the word the whole library uses
    """Return the name of a stream, for example ``risk:leaks-rrn``."""
    return f"{kind.id}:{id}"


def part_of(subject: str, name: str) -> str:
    """Return the id of something that belongs to a subject, for example ``leaks-rrn.a1``.

    Where that is too long for an id, the start of a digest stands for the end of the subject's id.
    """
    whole = f"{subject}.{name}"
    if is_id(whole):
        return whole
    short = digest_of(subject)[7:23]
    return f"{subject[: _LONGEST_ID - len(short) - len(name) - 2]}.{short}.{name}"


@frozen
class Change:
    """An event and the stream it belongs to."""

    stream: str
    event: Event


Guard: TypeAlias = Callable[[Any, Any, Context], Iterable[Refusal]]
"""State, command, context → reasons to refuse; empty lets pass. Pure."""

Act: TypeAlias = Callable[[Any, Any, Context], tuple[Change, ...]]
"""State, command, context → what happens. Pure, and called only when every guard let pass."""


@frozen(kw_only=True)
class Transition:
    """One row of the table.

    Attributes:
        stream: the kind of stream the command moves.
        source: the status it starts from; None where the stream does not exist yet.
        command: the type of command.
        targets: the statuses it may lead to; the source alone where the status stays.
        guards: what it asks first; all of them answer, not only the first that refuses.
        act: what happens.
    """

    stream: StreamKind
    source: Word | None
    command: type[Any]
    targets: tuple[Word, ...]
    guards: tuple[Guard, ...] = ()
    act: Act
