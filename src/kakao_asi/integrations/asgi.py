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
    """One connection whose end is told; lives as long as it, outside of everything else."""

    __slots__ = ("_receive", "_send", "disconnected", "ended", "parts", "refused", "status", "tell")

    def __init__(self, receive: Receive, send: Send, tell: Callable[[Ended], None]) -> None:
        self._receive, self._send, self.tell = receive, send, tell
        self.ended, self.disconnected, self.refused = False, False, False
        self.status: int | None = None
        self.parts = 0

    async def receive(self) -> Message:
        """Receive for the app."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.disconnected = True
        return message

    async def send(self, message: Message) -> None:
        """Send for the app, then see whether it was the last of it."""
        try:
            await self._send(message)
        except OSError:  # how a server tells that the client has gone
            self.disconnected = True
            raise
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
            self.refused = _is_refusal(message)
        elif kind == "http.response.body":
            self.parts += 1
            if not message.get("more_body", False):
                self.end("complete")
        elif kind == "websocket.close" and message.get("code") == _CLOSED_BY_POLICY:
            self.refused = True

    def end(self, how: How) -> None:
        """Tell the end, once."""
        if not self.ended:
            self.ended = True
            self.tell(Ended(status=self.status, how="refused" if self.refused else how, parts=self.parts))


def _is_refusal(start: Message) -> bool:
    return any((*header,) == REFUSED for header in start.get("headers", ()))


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
                without one; what it raises is counted and changes nothing.

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
        if self._ended is None:
            await self._run(scope, receive, send)
            return
        request = _Request(receive, send, self._tell)
        try:
            await self._run(scope, request.receive, request.send)
            if scope["type"] == "websocket":
                request.end("complete")
        finally:
            request.end("disconnected" if request.disconnected else "failed")

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._asks and self._slot.full and not result_of(self._slot).passed:
            await self._refuse(scope, send)
            return
        started = gone = False

        async def receiving() -> Message:
            nonlocal gone
            message = await receive()
            gone = gone or message["type"] == "http.disconnect"
            return message

        async def sending(message: Message) -> None:
            nonlocal started, gone
            started = True
            if message["type"] == "http.response.start" and message["status"] >= _SERVER_ERROR:
                self._note_status(message)
            try:
                await send(message)
            except OSError:  # how a server tells that the client has gone
                gone = True
                raise

        try:
            await self._app(scope, receiving, sending)
        except _REFUSALS:
            if started:
                raise
            await self._refuse(scope, send)
        except Exception as error:
            if self._risk is not None and not gone:
                note_error(self._site, self._risk, error, leaves_of(error, (Exception,)))
            raise

    def _tell(self, ended: Ended) -> None:
        try:
            if self._ended is not None:
                self._ended(ended)
        except Exception as error:  # noqa: BLE001  # an observer of the host never changes a response
            trouble(self._site, error, current())

    def _note_status(self, start: Message) -> None:
        status = start["status"]
        if self._risk is not None and not _is_refusal(start):
            note(self._site, risk=self._risk, verdict=Verdict.FLAG, label=f"http_{status}", facts={"status": status})

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _CLOSED_BY_POLICY})
            return
        status, body = self._blocked
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            REFUSED,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


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
