"""One event, one line in the host's log. The only door to structlog; the host's configuration is never touched."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

import structlog

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["EventLog"]

_NAME = "kakao_asi"

logging.getLogger(_NAME).addHandler(logging.NullHandler())


class _Entry(Protocol):
    """What is logged of an entry of the log: no text and no payload."""

    @property
    def seq(self) -> int: ...

    @property
    def stream(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def recorded_at(self) -> dt.datetime: ...

    @property
    def by(self) -> str: ...


class EventLog:
    """An observer that writes ids of what happened to the standard logger ``kakao_asi``; silent until the host listens.

    Pass it to ``RiskRegister.open(observers=[EventLog()])``. A line has the event ``asi.<kind>`` and the keys ``seq``,
    ``stream``, ``version``, ``recorded_at`` and ``by``; texts, reasons and payloads are never logged. It goes through
    structlog as the host configured it, if the host did.

    Attributes:
        level: the logging level of every line.
    """

    level: int

    def __init__(self, *, level: int = logging.INFO) -> None:
        """Log at a level of the ``logging`` module."""
        self.level = level
        self._logger: Any = structlog.wrap_logger(logging.getLogger(_NAME), wrapper_class=structlog.stdlib.BoundLogger)

    def __call__(self, entry: _Entry) -> None:
        """Log one committed entry."""
        if not logging.getLogger(_NAME).isEnabledFor(self.level):
            return
        name = f"asi.{entry.kind}"
        self._logger.log(
            self.level,
            name,
            seq=entry.seq,
            stream=entry.stream,
            version=entry.version,
            recorded_at=entry.recorded_at.isoformat(),
            by=entry.by,
        )
