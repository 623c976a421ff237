"""ASGI middleware: findings on server errors, and an answer of your own where a gate is shut. Nothing is imported."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Literal, TypeAlias, TypeVar

from attrs import frozen

from .._internal.sites import Site, note_site
from ..exceptions import GateBlocked, GuardBlocked, GuardUnavailable, InvalidValue
from ..findings import Verdict, is_path
from ..hooks._gate import result_of
from ..hooks._matching import leaves_of
from ..hooks._noting import note, note_error
from ..hooks._switch import SWITCHED_OFF
from ..hooks._trouble import trouble
from ..signals import current, slot_for

__all__ = ["Ended", "RiskMiddleware", "begun"]

T = TypeVar("T")

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_REFUSALS = (GateBlocked, GuardBlocked, GuardUnavailable)
_SERVER_ERROR = 500
_CLOSED_BY_POLICY = 1008


How: TypeAlias = Literal["complete", "disconnected", "refused", "failed"]

REFUSED = (b"x-kakao-asi", b"refused")
"""A header of answers by which a hook refuses, so that they do not count as server errors."""


@frozen(kw_only=True)
class Ended:
    """How one request ended.

    Attributes:
        status: the status that was sent; None if none was, as on a web socket.
        how: ``complete`` after the last part of the body was sent or a web socket's app returned, ``disconnected``
            where the client went first, ``refused`` where a gate or a hook inside refused, ``failed`` where the app
            raised or left the body open.
        parts: how many parts of the body were sent, from 0.
    """

    status: int | None
    how: How
    parts: int


class _Request:
    """One connection as it passes; lives as long as it."""

    __slots__ = (
        "_note_end",
        "_note_error",
        "_receive",
        "_send",
        "disconnected",
        "done",
        "parts",
        "refused",
        "started",
        "status",
    )

    def __init__(
        self,
        receive: Receive,
        send: Send,
        *,
        note_error: Callable[[int], None],
        note_end: Callable[[Ended], None],
    ) -> None:
        self._receive, self._send, self._note_error, self._note_end = receive, send, note_error, note_end
        self.started, self.done, self.disconnected, self.refused = False, False, False, False
        self.status: int | None = None
        self.parts = 0

    async def receive(self) -> Message:
        """Receive for the app."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.disconnected = True
        return message

    async def send(self, message: Message) -> None:
        """Send for the app."""
        self.started, last = True, False
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body":
            self.parts += 1
            last = not message.get("more_body", False)
        try:
            await self._send(message)
        except OSError:  # how a server tells that the client has gone
            self.disconnected = True
            raise
        if last:
            self.end("refused" if self.refused else "complete")

    def _start(self, message: Message) -> None:
        status = self.status = message["status"]
        self.refused = self.refused or REFUSED in [(*one,) for one in message.get("headers", ())]
        if status >= _SERVER_ERROR and not self.refused:
            self._note_error(status)

    def end(self, how: How) -> None:
        """Note the end, once."""
        if not self.done:
            self.done = True
            self._note_end(Ended(status=self.status, how=how, parts=self.parts))


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
        ended: Callable[[Ended], object] | None = None,
    ) -> None:
        """Wrap an app.

        Args:
            app: the app.
            component: path of the component that requests run through.
            watch: the risk of ``5xx``; nothing is reported without one.
            blocked: status and body where a gate is shut.
            gate: whether the component's own gate is asked before the app starts.
            ended: called once for each HTTP request or web socket, after the last part of a body or when it ends
                without one;
                what it raises is counted and changes nothing.

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
        self._asks, self._ended = gate, ended
        risks = () if self._risk is None else (self._risk,)
        self._site = note_site(
            Site(name=f"asgi:{component}", hook="watch", risks=risks, component=component, disabled=SWITCHED_OFF)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one connection; ``lifespan`` and unknown kinds pass untouched."""
        if SWITCHED_OFF or scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request = _Request(receive, send, note_error=self._note_status, note_end=self._note_end)
        try:
            if self._asks and self._slot.full and not result_of(self._slot).passed:
                await self._refuse(scope, request)
            else:
                await self._run(scope, request)
        finally:
            request.end("disconnected" if request.disconnected else "failed")

    async def _run(self, scope: Scope, request: _Request) -> None:
        try:
            await self._app(scope, request.receive, request.send)
            if scope["type"] == "websocket":
                request.end("complete")
        except _REFUSALS:
            if request.started:
                raise
            await self._refuse(scope, request)
        except Exception as error:
            if self._risk is not None and not request.disconnected:
                note_error(self._site, self._risk, error, leaves_of(error, (Exception,)))
            raise

    def _note_end(self, ended: Ended) -> None:
        if self._ended is None:
            return
        try:
            self._ended(ended)
        except Exception as error:  # noqa: BLE001  # an observer of the host never changes a response
            trouble(self._site, error, current())

    def _note_status(self, status: int) -> None:
        if self._risk is not None:
            note(self._site, risk=self._risk, verdict=Verdict.FLAG, label=f"http_{status}", facts={"status": status})

    async def _refuse(self, scope: Scope, request: _Request) -> None:
        request.refused = True
        if scope["type"] == "websocket":
            await request.send({"type": "websocket.close", "code": _CLOSED_BY_POLICY})
            request.end("refused")
            return
        status, body = self._blocked
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            REFUSED,
        ]
        await request.send({"type": "http.response.start", "status": status, "headers": headers})
        await request.send({"type": "http.response.body", "body": body})


async def begun(stream: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """Return a stream whose first item is there already, so that a refusal comes before any status is sent.

    A streaming response sends its status before it asks for the first item; a gate or a guard that refuses then could
    only break the response off. Awaited before the response is made, the refusal leaves the endpoint instead.

    Args:
        stream: an async iterator that was not started; closed when the result is.

    Example:
        >>> import asyncio
        >>> async def reply():
        ...     yield "hello"
        >>> async def read():
        ...     return [piece async for piece in await begun(reply())]
        >>> asyncio.run(read())
        ['hello']
    """
    primed = _primed(stream)
    await anext(primed)
    return primed


async def _primed(stream: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    nothing: Any = None  # taken by begun, seen by nobody else
    try:
        try:
            first = await anext(stream)
        except StopAsyncIteration:
            yield nothing
            return
        yield nothing
        yield first
        async for item in stream:
            yield item
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()
