"""ASGI middleware: findings on server errors, and an answer of your own where a gate is shut. Nothing is imported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

from .._internal.sites import Site, note_site
from ..exceptions import GateBlocked, GuardBlocked, GuardUnavailable, InvalidValue
from ..findings import Verdict, is_path
from ..hooks._gate import result_of
from ..hooks._matching import leaves_of
from ..hooks._noting import note, note_error
from ..hooks._switch import SWITCHED_OFF
from ..signals import slot_for

__all__ = ["RiskMiddleware"]

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_REFUSALS = (GateBlocked, GuardBlocked, GuardUnavailable)
_SERVER_ERROR = 500
_CLOSED_BY_POLICY = 1008


class RiskMiddleware:
    """Pure ASGI middleware for ``http`` and ``websocket``; buffers nothing and changes no byte of what passes.

    A request that a gate, or a hook inside, refuses is answered with ``blocked`` as long as nothing was sent. A
    server error, or an exception that leaves the app, is a finding on the risk of ``5xx``. A disconnect is none.

    Example:
        >>> async def app(scope, receive, send):
        ...     await send({"type": "http.response.start", "status": 204, "headers": []})
        ...     await send({"type": "http.response.body"})
        >>> guarded = RiskMiddleware(app, component="demo-chat/http", watch={"5xx": "server-fails"})
    """

    def __init__(
        self,
        app: App,
        *,
        component: str,
        watch: Mapping[str, str] | None = None,
        blocked: tuple[int, bytes] = (503, b"temporarily unavailable"),
        gate: bool = True,
    ) -> None:
        """Wrap an app.

        Args:
            app: the app.
            component: path of the component that requests run through.
            watch: the risk of ``5xx``; nothing is reported without one.
            blocked: status and body where a gate is shut.
            gate: whether the component's own gate is asked before the app starts.

        Raises:
            InvalidValue: the component is no path, or ``watch`` names something else than ``5xx``.
        """
        if not is_path(component):
            raise InvalidValue("RiskMiddleware.component", "must be a path such as 'demo-chat/http'")
        if not set(watch or {}) <= {"5xx"}:
            raise InvalidValue("RiskMiddleware.watch", "must map '5xx' to the id of a risk")
        self._app, self._blocked = app, blocked
        self._risk = (watch or {}).get("5xx")
        self._slot = slot_for(component)
        self._asks = gate
        risks = () if self._risk is None else (self._risk,)
        self._site = note_site(
            Site(name=f"asgi:{component}", hook="watch", risks=risks, component=component, disabled=SWITCHED_OFF)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one connection; ``lifespan`` and unknown kinds pass untouched."""
        if SWITCHED_OFF or scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        if self._asks and self._slot.full and not result_of(self._slot).passed:
            await self._refuse(scope, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start" and message["status"] >= _SERVER_ERROR:
                self._note_status(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except _REFUSALS:
            if started:
                raise
            await self._refuse(scope, send)
        except Exception as error:
            if self._risk is not None:
                note_error(self._site, self._risk, error, leaves_of(error, (Exception,)))
            raise

    def _note_status(self, status: int) -> None:
        if self._risk is not None:
            note(self._site, risk=self._risk, verdict=Verdict.FLAG, label=f"http_{status}", facts={"status": status})

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _CLOSED_BY_POLICY})
            return
        status, body = self._blocked
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
