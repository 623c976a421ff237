"""One guard around every method of an adapter to a training framework: no failure of ours ends a run.

Frameworks let what a callback raises end the run. A shut gate, or a guard that withholds, is a declared block: the host
asked for it, so it passes. Everything else is counted, logged once a method and kind of error, and forgotten; under
the test kit it raises.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from .._internal.sites import Site
from ..exceptions import GateBlocked, GuardBlocked, GuardUnavailable
from ..hooks._trouble import trouble
from ..signals import current

__all__ = ["guarded", "nothing", "site_of"]

_DECLARED = (GateBlocked, GuardBlocked, GuardUnavailable)

Method = TypeVar("Method", bound=Callable[..., Any])


def site_of(framework: str) -> Site:
    """Return the place that failures of an adapter are told about."""
    return Site(name=f"kakao_asi.integrations:{framework}", hook="monitor")


def guarded(method: Method) -> Method:
    """Return a method that answers None where it would raise, except for a declared block.

    The class names its place as ``site``. What may answer None here is used with ``or``.
    """

    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except _DECLARED:
            raise
        except Exception as error:  # noqa: BLE001  # a failure of ours, or of a rule, must not reach the run
            trouble(self.site, error, current())
            return None

    return cast("Method", call)


def nothing(*_args: Any, **_kwargs: Any) -> None:
    """Do nothing: the answer to every event that an adapter has no use for, and to those a framework adds later."""
