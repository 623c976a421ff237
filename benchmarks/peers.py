"""What others cost for the same functions, in the same table; whoever is not installed is named as skipped.

They do other work, and some do more. The comparison says only what a service pays for having one of them on a call
that goes well, or that fails.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen

__all__ = ["PEERS", "Peer", "installed"]

Decorate = Callable[[Any], Any]


@frozen(kw_only=True)
class Peer:
    """One library, as a decorator that does next to nothing with it.

    Attributes:
        name: what the table says.
        module: what has to be installed.
        make: returns the decorator, given the module.
        waits: whether it also fits coroutine functions.
        fails: whether it lets an exception pass at once, so that failing can be compared.
    """

    name: str
    module: str
    make: Callable[[Any], Decorate]
    waits: bool = True
    fails: bool = True


def _stamina(module: Any) -> Decorate:
    decorate: Decorate = module.retry(on=KeyError, attempts=2)
    return decorate


def _tenacity(module: Any) -> Decorate:
    decorate: Decorate = module.retry(retry=module.retry_if_exception_type(KeyError), reraise=True)
    return decorate


def _prometheus(module: Any) -> Decorate:
    counter = module.Counter("failures", "failures of a benchmark", registry=None)
    decorate: Decorate = counter.count_exceptions(ValueError)
    return decorate


def _opentelemetry(module: Any) -> Decorate:
    decorate: Decorate = module.get_tracer("benchmark").start_as_current_span("call")
    return decorate


def _opentelemetry_sdk(module: Any) -> Decorate:
    decorate: Decorate = module.TracerProvider().get_tracer("benchmark").start_as_current_span("call")
    return decorate


def _wrapt(module: Any) -> Decorate:
    def passed(wrapped: Any, _instance: Any, args: Any, kwargs: Any) -> Any:
        return wrapped(*args, **kwargs)

    decorate: Decorate = module.decorator(passed)
    return decorate


def _sentry(module: Any) -> Decorate:
    decorate: Decorate = module.trace
    return decorate


PEERS = (
    Peer(name="prometheus_client", module="prometheus_client", make=_prometheus, waits=False),
    Peer(name="wrapt, doing nothing", module="wrapt", make=_wrapt, waits=False),
    Peer(name="sentry_sdk.trace, idle", module="sentry_sdk", make=_sentry),
    Peer(name="opentelemetry, API only", module="opentelemetry.trace", make=_opentelemetry),
    Peer(name="opentelemetry, SDK", module="opentelemetry.sdk.trace", make=_opentelemetry_sdk),
    Peer(name="stamina", module="stamina", make=_stamina),
    Peer(name="tenacity", module="tenacity", make=_tenacity),
)
"""In the order of the table."""


def installed() -> Iterator[tuple[Peer, Decorate | None]]:
    """Iterate over the peers with a decorator of each; None where it is not installed."""
    for peer in PEERS:
        try:
            module = importlib.import_module(peer.module)
        except ImportError:
            yield peer, None
        else:
            yield peer, peer.make(module)
