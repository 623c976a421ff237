"""The activity that encloses the present code, if any."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Protocol

from ..findings import Scalar
from ..stages import Stage

__all__ = ["Enclosing", "enclosing", "live"]


class Enclosing(Protocol):
    """What findings take from the activity they are made in."""

    @property
    def run(self) -> str:
        """The name of the act."""
        ...

    @property
    def stage(self) -> Stage | None:
        """The stage of the system's life, if given."""
        ...

    @property
    def by(self) -> str | None:
        """Who does it, if given."""
        ...

    @property
    def case(self) -> str | None:
        """Id of the case that allows it, if given."""
        ...

    @property
    def facts(self) -> Mapping[str, Scalar]:
        """What was measured so far, and who acts."""
        ...


enclosing: ContextVar[Enclosing | None] = ContextVar("kakao_asi_activity", default=None)
"""The innermost activity of this context."""

live: set[int] = set()
"""The ``id`` of every activity that is open anywhere in this process; tells a lost context from none."""
