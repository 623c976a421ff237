"""A clock that moves only when it is told to."""

from __future__ import annotations

import datetime as dt

from .._internal.fields import as_utc
from ..exceptions import InvalidValue

__all__ = ["FrozenClock"]


class FrozenClock:
    """A clock for tests; lives as long as the test, and may be passed wherever ``clock=`` is asked for.

    Example:
        >>> import datetime as dt
        >>> clock = FrozenClock(dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC))
        >>> clock.forward(dt.timedelta(hours=2))
        >>> clock().hour
        3
    """

    def __init__(self, start: dt.datetime) -> None:
        """Stand still at an aware instant.

        Raises:
            InvalidValue: the instant has no time zone.
        """
        self.set(start)

    def __call__(self) -> dt.datetime:
        """Return the instant it was set to, in UTC."""
        return self._now

    def forward(self, by: dt.timedelta) -> None:
        """Move on; a negative duration moves back, as real clocks do when they are corrected."""
        self._now += by

    def set(self, now: dt.datetime) -> None:
        """Stand still at another aware instant.

        Raises:
            InvalidValue: the instant has no time zone.
        """
        if now.tzinfo is None:
            raise InvalidValue("FrozenClock", "must stand at a datetime with a time zone", "pass tzinfo=datetime.UTC")
        self._now = as_utc(now)
