"""The service: ``python -m uvicorn examples.chat_service.service:app --workers 2``.

Each worker reads the register on its own and writes what it finds to a spool file of its own. The folder and how often
the register is read come from ``CHAT_FOLDER`` and ``CHAT_REFRESH_SECONDS``.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI, Response
from fastapi.responses import StreamingResponse

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.integrations.asgi import RiskMiddleware, begun
from kakao_asi.integrations.fastapi import require_open

from .company import ASKS, FAILS, LEAKS, REPLY
from .model import tokens

__all__ = ["app"]

FOLDER = Path(os.environ.get("CHAT_FOLDER", "chat-output"))
REFRESH = dt.timedelta(seconds=float(os.environ.get("CHAT_REFRESH_SECONDS", "5")))
WORKER = {"x-worker": str(os.getpid())}
PERSONAL = hooks.personal_detector()


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Let the hooks of this worker read the register and report to its spool, as long as the worker lives."""
    with (
        asi.RiskRegister.open(FOLDER / "asi.db", read_only=True) as register,
        register.active(sink=hooks.Spool(FOLDER / "findings"), refresh=REFRESH),
    ):
        yield


app = FastAPI(title="demo-chat", lifespan=lifespan)
# Whatever a hook refuses is answered in one place; a server error is a finding on the risk named here.
app.add_middleware(RiskMiddleware, component="demo-chat/http", watch={"5xx": FAILS}, blocked=(451, b"withheld"))


@asi.gate(REPLY)
@asi.guard(
    REPLY,
    risks={"input": ASKS, "output": LEAKS},
    input=[PERSONAL],
    output=[PERSONAL],
    stream=hooks.Stream(on_flag="mask"),
)
@asi.watch(FAILS, on=TimeoutError)
async def reply(question: str) -> AsyncIterator[str]:
    """Answer in pieces; a number leaves masked, and a question that holds one is refused."""
    async for piece in tokens(question):
        yield piece


@app.get("/chat", dependencies=[Depends(require_open(REPLY))])
async def chat(question: str) -> StreamingResponse:
    """Stream a reply, unless the gate is shut (503) or the question is refused (451)."""
    return StreamingResponse(await begun(reply(question)), media_type="text/plain; charset=utf-8", headers=WORKER)


@app.get("/ready")
async def ready(response: Response) -> dict[str, object]:
    """Say which worker this is and whether its gate is open."""
    response.headers.update(WORKER)
    return {"open": asi.gate(REPLY).check().passed, "offered": hooks.health().offered}
