"""Where committed events go besides the store: today, the host's log."""

from __future__ import annotations

from ._asking import asks_people
from ._structlog import EventLog

__all__ = ["EventLog", "asks_people"]
