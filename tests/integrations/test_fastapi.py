"""FastAPI in earnest: routes, dependencies and streams behave behind a hook as they do without one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from kakao_asi import hooks
from kakao_asi.integrations.asgi import Ended, RiskMiddleware, begun
from kakao_asi.integrations.fastapi import require_open
from kakao_asi.testing import Capture, blocked, capture

fastapi = pytest.importorskip("fastapi", reason="FastAPI is not installed")
httpx = pytest.importorskip("httpx", reason="httpx is not installed")
responses = pytest.importorskip("fastapi.responses", reason="FastAPI is not installed")

Decorate = Callable[[Any], Any]
CHUNKS = ("a", "b", "c", "d", "e", "f", "g", "h", "i")


def plainly(target: Any) -> Any:
    """Leave a callable as it is: the other side of each comparison."""
    return target


HOOKS = {
    "watch": hooks.watch("r", on=ValueError, when=lambda _call: False),
    "gate": hooks.gate("demo-chat/reply"),
    "fallback": hooks.gate("demo-chat/reply", fallback=lambda **_named: None),
    "guard": hooks.guard("demo-chat/reply"),
    "human_action": hooks.human_action("act", risk="r", reversible=True),
}
HOOKED = pytest.mark.parametrize("decorate", HOOKS.values(), ids=HOOKS.keys())


@pytest.fixture
def seen() -> Iterator[Capture]:
    """Everything found during a test."""
    with capture() as record:
        yield record


def got(app: Any, *paths: str) -> list[tuple[int, bytes]]:
    """Return status and body of requests to an app, in order."""

    async def ask() -> list[tuple[int, bytes]]:
        """Be awaited by the test."""
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return [(one.status_code, one.content) for one in [await client.get(path) for path in paths]]

    return asyncio.run(ask())


def app_of_routes(decorate: Decorate) -> Any:
    """Return an app with a route of each kind."""
    app = fastapi.FastAPI()

    @app.get("/async")
    @decorate
    async def chat(name: str = "a") -> dict[str, str]:
        """Greet."""
        return {"name": name}

    @app.get("/sync/{number}")
    @decorate
    def count(number: int, *, more: bool = False) -> dict[str, int | bool]:
        """Count."""
        return {"number": number, "more": more}

    @app.get("/stream")
    @decorate
    async def stream() -> Any:
        """Stream."""
        return responses.StreamingResponse(iter(CHUNKS), media_type="text/plain")

    return app


@HOOKED
@pytest.mark.usefixtures("seen")
def test_routes_answer_alike(decorate: Decorate) -> None:
    """A hooked route takes the same parameters and gives the same answers, refusals of wrong ones included."""
    asked = ("/async?name=kim", "/async", "/sync/3?more=true", "/sync/three", "/stream")

    assert got(app_of_routes(plainly), *asked) == got(app_of_routes(decorate), *asked)


@HOOKED
def test_the_openapi_document_is_the_same(decorate: Decorate) -> None:
    """Clients that are made from the document notice nothing."""
    assert app_of_routes(plainly).openapi() == app_of_routes(decorate).openapi()


class Told:
    """Dependencies of every kind, which tell when they start and when they are taken down."""

    def __init__(self, decorate: Decorate) -> None:
        """Decorate each of them."""
        self.lines: list[str] = []
        lines = self.lines

        def plain(name: str = "a") -> str:
            return f"plain {name}"

        async def coroutine(name: str = "a") -> str:
            """Be awaited by FastAPI."""
            return f"coroutine {name}"

        def generator(name: str = "a") -> Iterator[str]:
            try:
                yield f"generator {name}"
            except KeyError:
                lines.append("generator saw")
                raise
            finally:
                lines.append("generator down")

        async def async_generator(name: str = "a") -> AsyncIterator[str]:
            """Yield once, as a dependency does."""
            try:
                yield f"async_generator {name}"
            except KeyError:
                lines.append("async_generator saw")
                raise
            finally:
                lines.append("async_generator down")

        class Callable:
            def __call__(self, name: str = "a") -> str:
                return f"callable {name}"

        class Parameters:
            @decorate
            def __init__(self, name: str = "a") -> None:
                """Take what FastAPI passes."""
                self.name = f"class {name}"

        self.kinds: dict[str, Any] = {
            "plain": decorate(plain),
            "coroutine": decorate(coroutine),
            "generator": decorate(generator),
            "async_generator": decorate(async_generator),
            "callable": decorate(Callable()),
            "class": Parameters,
        }

    def app(self) -> Any:
        """Return an app whose two routes need all of them; the second fails."""
        app = fastapi.FastAPI()
        kinds = self.kinds

        def named(one: Any) -> Any:
            return getattr(one, "name", one)

        depends = {name: fastapi.Depends(one) for name, one in kinds.items()}

        # As defaults: a postponed annotation could not name what is only known here.
        @app.get("/all")
        def all_kinds(  # noqa: PLR0917  # FastAPI calls it, by name
            a: Any = depends["plain"],
            b: Any = depends["coroutine"],
            c: Any = depends["generator"],
            d: Any = depends["async_generator"],
            e: Any = depends["callable"],
            f: Any = depends["class"],
        ) -> list[str]:
            return [named(one) for one in (a, b, c, d, e, f)]

        @app.get("/fails")
        def fails(c: Any = depends["generator"], d: Any = depends["async_generator"]) -> None:
            raise KeyError(c, d)

        return app


@HOOKED
@pytest.mark.usefixtures("seen")
def test_dependencies_of_every_kind_work_alike(decorate: Decorate) -> None:
    """The same values, the same errors seen, and the same order of taking down."""
    before, after = Told(plainly), Told(decorate)
    asked = ("/all?name=kim", "/fails?name=kim")

    assert (got(before.app(), *asked), before.lines) == (got(after.app(), *asked), after.lines)
    assert 6 == len(after.lines)


def streaming(decorate: Decorate, ended: list[str]) -> Callable[[], AsyncIterator[str]]:
    """Return a decorated stream of nine pieces that says when it ended."""

    async def pieces() -> AsyncIterator[str]:
        """Be read by a response."""
        try:
            for chunk in CHUNKS:
                await asyncio.sleep(0)
                yield chunk
        finally:
            ended.append("finally")

    decorated: Callable[[], AsyncIterator[str]] = decorate(pieces)
    return decorated


def app_of_stream(stream: Callable[[], AsyncIterator[str]], noted: list[Ended]) -> Any:
    """Return an app that streams, behind the middleware."""
    app = fastapi.FastAPI()

    @app.get("/")
    async def endpoint() -> Any:
        """Stream."""
        return responses.StreamingResponse(stream(), media_type="text/plain")

    return RiskMiddleware(app, component="demo-chat/http", watch={"5xx": "down"}, ended=noted.append)


async def driven(app: Any, *, gone_after: int | None) -> list[bytes]:
    """Be a server whose client may go after some parts of the body; return the parts it was sent."""
    parts: list[bytes] = []
    gone = asyncio.Event()
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        """Give the request, then wait for the client to go."""
        for message in asked:
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        """Take what the app sends."""
        if message["type"] == "http.response.body" and message["body"]:
            parts.append(message["body"])
            if len(parts) == gone_after:
                gone.set()
                await asyncio.sleep(0)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [], "root_path": "",
        "server": ("app", 80), "client": ("test", 1),
    }  # fmt: skip
    await app(scope, receive, send)
    return parts


@HOOKED
@pytest.mark.usefixtures("seen")
def test_a_stream_has_the_same_bytes_and_ends_once(decorate: Decorate) -> None:
    """Every part leaves on its own, and the end is noted once, after the last of them."""
    ended: list[str] = []
    noted: list[Ended] = []
    parts = asyncio.run(driven(app_of_stream(streaming(decorate, ended), noted), gone_after=None))

    assert ([chunk.encode() for chunk in CHUNKS], ["finally"]) == (parts, ended)
    assert [Ended(status=200, how="complete", parts=len(CHUNKS) + 1)] == noted


@HOOKED
def test_a_client_that_goes_closes_the_stream(decorate: Decorate, seen: Capture, caplog: Any) -> None:
    """After the second of nine parts the source is closed, the end noted once, and nobody reports or logs a failure."""
    ended: list[str] = []
    noted: list[Ended] = []
    with caplog.at_level(logging.ERROR):
        parts = asyncio.run(driven(app_of_stream(streaming(decorate, ended), noted), gone_after=2))

    assert (["finally"], ["disconnected"], []) == (ended, [one.how for one in noted], caplog.records)
    assert len(parts) < len(CHUNKS)
    assert {one.label for one in seen.findings} <= {"human_action"}


def test_a_predicate_on_a_stream_is_asked_once_after_the_last_chunk(seen: Capture) -> None:
    """What looks at the end of a watched stream looks once."""
    ended: list[str] = []
    watch = hooks.watch("r", when=lambda _call: ended == ["finally"])
    got(app_of_stream(streaming(watch, ended), []), "/")

    seen.assert_one(risk="r")


def refusing(stream: Callable[[], Awaitable[Any]]) -> Any:
    """Return an app whose route refuses by a dependency or by the stream it begins."""
    app = fastapi.FastAPI()

    @app.get("/dependency", dependencies=[fastapi.Depends(require_open("demo-chat/reply"))])
    async def dependency() -> str:
        """Answer."""
        return "open"

    @app.get("/begun")
    async def endpoint() -> Any:
        """Stream, once the first piece is there."""
        return responses.StreamingResponse(await stream(), media_type="text/plain")

    options: dict[str, Any] = {"watch": {"5xx": "down"}, "blocked": (451, b"withheld")}
    app.add_middleware(RiskMiddleware, component="demo-chat/http", **options)
    return app


def test_a_shut_gate_is_answered_before_the_status(seen: Capture) -> None:
    """A dependency refuses with 503, and a stream begun first lets the middleware answer; neither is a finding."""
    stream = streaming(hooks.gate("demo-chat/reply"), [])
    app = refusing(lambda: begun(stream()))
    with blocked("demo-chat/reply"):
        shut = got(app, "/dependency", "/begun")

    whole = (200, "".join(CHUNKS).encode())
    assert ([503, 451], [(200, b'"open"'), whole], ()) == (
        [status for status, _ in shut],
        got(app, "/dependency", "/begun"),
        seen.findings,
    )
