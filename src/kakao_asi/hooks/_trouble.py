"""What happens when a hook itself fails: it is counted, told once a place, and never reaches the call."""

from __future__ import annotations

import threading
import weakref

from .._internal.sites import Site
from ..signals import Recorder
from ..signals._counting import counts

__all__ = ["Token", "busy", "is_busy", "tell_once", "trouble"]


class Token:
    """What a hook at work holds in its frame; gone with the frame, whatever ends it."""

    __slots__ = ("__weakref__",)


class _Busy(threading.local):
    """Who is at work in this thread."""

    holder: weakref.ref[Token] | None = None


busy = _Busy()
"""Set and taken back inside one ``try``. An interrupt may come between any two instructions, also in its ``finally``:
then the weak reference tells that nobody is at work any more."""


def is_busy() -> bool:
    """Tell whether a hook is at work in this thread, so that the one that asks was entered again."""
    holder = busy.holder
    return holder is not None and holder() is not None


def trouble(site: Site, error: Exception, recorder: Recorder | None) -> None:
    """Count a failure of a hook's own code and tell it once a place; under the test kit, raise it.

    The error's message is not told: it may hold what the call was about.
    """
    counts.add("internal_errors")
    if recorder is not None and recorder.strict:
        raise error
    tell_once(site, f"internal:{type(error).__name__}", "a hook failed inside and let the call pass", error)


def tell_once(site: Site, what: str, message: str, error: Exception | None = None) -> None:
    """Log a warning about a place, once a place and matter; logging that fails is passed over."""
    if what in site.noted:
        return
    site.noted.add(what)
    try:
        import logging

        logger = logging.getLogger("kakao_asi.hooks")
        if error is None:
            logger.warning("%s at %s", message, site.name)
        else:
            logger.warning("%s (%s) at %s", message, type(error).__name__, site.name)
    except Exception:  # noqa: BLE001  # a handler of the host
        counts.add("internal_errors")
