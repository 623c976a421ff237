"""The ASGI middleware, with apps and servers that are plain coroutines."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from kakao_asi import hooks
from kakao_asi.exceptions import GateBlocked, InvalidValue
from kakao_asi.integrations.asgi import Ended, RiskMiddleware, begun
from kakao_asi.integrations.fastapi import require_open
from kakao_asi.testing import Capture, blocked, capture

CHUNKS = [b"a", b"b", b"c"]


@pytest.fixture
def seen() -> Iterator[Capture]:
    """Everything found during a test."""
    with capture() as record:
        yield record


def served(app: Any, kind: str = "http", **options: Any) -> list[dict[str, Any]]:
    """Return what a server would be sent."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        """Be awaited by the test."""
        sent.append(dict(message))

    async def receive() -> dict[str, Any]:
        """Be awaited by the test."""
        return {"type": "http.request"}

    guarded = RiskMiddleware(app, component="demo-chat/http", watch={"5xx": "down"}, **options)
    asyncio.run(guarded({"type": kind}, receive, send))
    return sent


def streaming(status: int) -> Any:
    """Return an app that streams three chunks."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        """Be awaited by the test."""
        await send({"type": "http.response.start", "status": status, "headers": []})
        for chunk in CHUNKS:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    return app


def failing(error: Exception, *, late: bool = False) -> Any:
    """Return an app that raises."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        """Be awaited by the test."""
        if late:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


def test_a_stream_passes_byte_for_byte(seen: Capture) -> None:
    """Nothing is buffered, joined or reported."""
    sent = served(streaming(200))

    assert (CHUNKS, ()) == ([one["body"] for one in sent[1:]], seen.findings)


def test_a_server_error_is_a_finding(seen: Capture) -> None:
    """A status of 500 or more is reported on its risk with the status."""
    served(streaming(502))

    assert 502 == seen.assert_one(risk="down", label="http_502").fact("status")


def test_an_exception_is_a_finding_and_goes_on(seen: Capture) -> None:
    """What leaves the app is reported and reaches the server."""
    with pytest.raises(ValueError, match="private"):
        served(failing(ValueError("private")))

    assert "ValueError" == seen.assert_one(risk="down").cause


@pytest.mark.parametrize(
    ("kind", "expected"), [("http", "http.response.start"), ("websocket", "websocket.close")], ids=["http", "websocket"]
)
def test_a_shut_gate_is_answered_before_the_app_starts(kind: str, expected: str) -> None:
    """The app does not run, and the client reads the answer of the host."""
    with blocked("demo-chat/http"):
        sent = served(failing(AssertionError()), kind)

    assert expected == sent[0]["type"]


def test_a_refusal_inside_is_answered_while_nothing_was_sent(seen: Capture) -> None:
    """A hook inside that refuses gives the same answer, as long as there is none yet."""
    refusal = hooks.GuardBlocked("demo-chat/reply", "output", ["rrn"])
    sent = served(failing(refusal), blocked=(451, b"no"))
    with pytest.raises(hooks.GuardBlocked):
        served(failing(refusal, late=True))

    assert (451, b"no", ()) == (sent[0]["status"], sent[1]["body"], seen.findings)


def test_other_kinds_of_connections_pass_untouched() -> None:
    """A life span has no gate."""
    with blocked("demo-chat/http"):
        assert 4 == len(served(streaming(200), "lifespan"))


def test_the_gate_can_be_left_to_the_routes() -> None:
    """With gate=False only refusals inside are answered."""
    with blocked("demo-chat/http"):
        assert 200 == served(streaming(200), gate=False)[0]["status"]


@pytest.mark.parametrize(
    ("app", "kind", "shut", "expected"),
    [
        (streaming(200), "http", False, Ended(status=200, how="failed", parts=3)),
        (failing(ValueError()), "http", False, Ended(status=None, how="failed", parts=0)),
        (failing(ValueError(), late=True), "http", False, Ended(status=200, how="failed", parts=0)),
        (failing(ConnectionResetError(), late=True), "http", False, Ended(status=200, how="failed", parts=0)),
        (streaming(200), "http", True, Ended(status=503, how="refused", parts=1)),
        (streaming(200), "websocket", True, Ended(status=None, how="refused", parts=0)),
        (failing(hooks.GuardBlocked("a", "output", ["b"])), "http", False, Ended(status=503, how="refused", parts=1)),
    ],
    ids=["open", "raises", "raises_late", "reset", "shut", "shut_socket", "refused"],
)
def test_the_end_is_told_once_with_how_it_came(app: Any, kind: str, shut: bool, expected: Ended) -> None:
    """However a request ends, the host hears of it exactly once."""
    told: list[Ended] = []
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(ValueError, ConnectionResetError))
        if shut:
            stack.enter_context(blocked("demo-chat/http"))
        served(app, kind, ended=told.append)

    assert [expected] == told


def test_an_observer_that_fails_changes_nothing() -> None:
    """What the host's own observer raises is counted, and the response goes on."""

    def fail(_ended: Ended) -> None:
        raise OSError

    with hooks.activate(flush="manual"):
        sent = served(streaming(200), ended=fail)
        assert (4, 1) == (len(sent), hooks.health().internal_errors)


async def _nothing() -> AsyncIterator[str]:
    """Yield nothing."""
    return
    yield ""


@pytest.mark.parametrize(("stream", "expected"), [(_nothing, []), (None, ["a", "b"])], ids=["empty", "two"])
def test_a_stream_that_has_begun_gives_every_item(stream: Any, expected: list[str]) -> None:
    """Beginning a stream loses none of its items and adds none."""

    async def two() -> AsyncIterator[str]:
        """Yield two."""
        for item in ("a", "b"):
            yield item

    async def read() -> list[str]:
        """Be awaited by the test."""
        return [item async for item in await begun((stream or two)())]

    assert expected == asyncio.run(read())


def test_closing_a_stream_that_has_begun_closes_its_source() -> None:
    """The source's own end runs before the close returns."""
    ended: list[str] = []

    async def source() -> AsyncIterator[str]:
        """Yield and tell of the end."""
        try:
            yield "a"
        finally:
            ended.append("finally")

    async def close() -> None:
        """Be awaited by the test."""
        await (await begun(source())).aclose()

    asyncio.run(close())

    assert ["finally"] == ended


def test_without_a_risk_nothing_is_reported(seen: Capture) -> None:
    """Where no risk is named, the middleware only answers refusals."""
    plain = RiskMiddleware(streaming(500), component="demo-chat/http")

    async def send(_message: Any) -> None:
        """Be awaited by the test."""

    asyncio.run(plain({"type": "http"}, send, send))  # type: ignore[arg-type]  # nothing is received
    with pytest.raises(ValueError, match=r"^$"):
        asyncio.run(
            RiskMiddleware(failing(ValueError()), component="demo-chat/http")({"type": "http"}, send, send)  # type: ignore[arg-type]  # nothing is received
        )

    assert () == seen.findings


@pytest.mark.parametrize("options", [{"component": "No Path"}, {"component": "a", "watch": {"4xx": "r"}}], ids=str)
def test_a_middleware_that_cannot_work_is_refused(options: dict[str, Any]) -> None:
    """Wrong options fail when the app is built."""
    with pytest.raises(InvalidValue):
        RiskMiddleware(streaming(200), **options)


def test_the_dependency_refuses_while_the_gate_is_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is refused with the status of the host before the body starts."""

    class HTTPError(Exception):
        def __init__(self, *, status_code: int, detail: str, headers: dict[str, str]) -> None:
            """Start with what a test sets."""
            super().__init__(status_code, detail, headers)

    monkeypatch.setitem(sys.modules, "fastapi", SimpleNamespace(HTTPException=HTTPError))
    is_open = require_open("demo-chat/http")
    is_open()
    with blocked("demo-chat/http"), pytest.raises(HTTPError, match="503"):
        is_open()


def test_a_gated_body_raises_where_nobody_answers() -> None:
    """Without the middleware the refusal is the server's to see."""
    gated = hooks.gate("demo-chat/http")(lambda: None)
    with blocked("demo-chat/http"), pytest.raises(GateBlocked):
        gated()
