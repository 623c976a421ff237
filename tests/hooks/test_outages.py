"""Every detector that asks somebody else, and every way in which that somebody stops answering."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.testing import Capture, capture

SOON = dt.timedelta(milliseconds=50)
AMPLE = dt.timedelta(seconds=30)
OUTAGES = ("500", "timeout", "drop", "schema_drift", "free_text", "empty")
ASKING = ("presidio", "scanner", "safety_token", "async_safety_token")


@pytest.fixture
def seen() -> Iterator[Capture]:
    """Everything found during a test."""
    with capture() as record:
        yield record


@pytest.fixture
def backend() -> Iterator[Callable[[str], Any]]:
    """Play the other side in an outage; what hangs is let go when the test ends."""
    ended = threading.Event()

    def answer(outage: str) -> Any:
        if outage == "500":
            raise RuntimeError("internal server error: 900101-1234567")
        if outage == "drop":
            raise ConnectionResetError
        if outage == "timeout":
            ended.wait()
        return {"schema_drift": {"verdict": "safe"}, "free_text": "This looks fine to me."}.get(outage, "")

    yield answer
    ended.set()


def detector_of(kind: str, outage: str, answer: Callable[[str], Any]) -> hooks.Detector | hooks.AsyncDetector:
    """Return a shipped detector around an object of the host that answers so."""
    if kind == "presidio":
        return hooks.wrap_presidio(SimpleNamespace(analyze=lambda **_named: answer(outage)), name="asked")
    if kind == "scanner":
        return hooks.wrap_scanner(SimpleNamespace(scan=lambda *_texts: answer(outage)), name="asked")
    if kind == "safety_token":
        return hooks.safety_token(lambda _text: answer(outage), model="kanana-safeguard-8b", name="asked")

    async def call(_text: str) -> Any:
        """Be awaited by the detector."""
        if outage == "timeout":
            await asyncio.Event().wait()
        return answer(outage)

    return hooks.safety_token(call, model="kanana-safeguard-8b", name="asked")


def spoken(kind: str, decorate: Callable[[Any], Any]) -> Callable[[], str]:
    """Return a guarded call that says hello; a coroutine where the detector is awaited."""
    if kind != "async_safety_token":
        said: Callable[[], str] = decorate(lambda: "hello")
        return said

    @decorate
    async def say() -> str:
        """Be awaited by the test."""
        return "hello"

    return lambda: asyncio.run(say())


@pytest.mark.parametrize("policy", ["block", "allow", "fallback"])
@pytest.mark.parametrize("outage", OUTAGES)
@pytest.mark.parametrize("kind", ASKING)
def test_an_outage_is_never_clear_and_names_its_policy(
    kind: str, outage: str, policy: Any, backend: Callable[[str], Any], seen: Capture
) -> None:
    """The call is withheld, let pass or replaced as configured, and the finding says which, without the answer."""
    options: dict[str, Any] = {"fallback": lambda: "canned"} if policy == "fallback" else {}
    deadline = SOON if outage == "timeout" else AMPLE
    asked = detector_of(kind, outage, backend)
    guard = hooks.guard("demo-chat/reply", output=[asked], deadline=deadline, on_indeterminate=policy, **options)
    say = spoken(kind, guard)
    try:
        done = say()
    except hooks.GuardUnavailable:
        done = "withheld"

    found = seen.assert_one(label="control_failure:asked", verdict=asi.Verdict.INDETERMINATE)
    assert ({"block": "withheld", "allow": "hello", "fallback": "canned"}[policy], policy) == (done, found.policy)
    assert found.fact("unguarded") is (policy == "allow")
    assert "1234567" not in repr(found)


def test_an_awaited_detector_that_hangs_is_cancelled(seen: Capture) -> None:
    """Past its deadline it is INDETERMINATE, and its coroutine has been ended."""
    ended: list[str] = []

    async def call(_text: str) -> str:
        """Wait for ever."""
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")
        return "<SAFE>"

    asked = hooks.safety_token(call, model="kanana-safeguard-8b", name="asked")
    guard = hooks.guard("demo-chat/reply", output=[asked], deadline=SOON, on_indeterminate="block")
    with pytest.raises(hooks.GuardUnavailable):
        spoken("async_safety_token", guard)()

    assert (["cancelled"], "timeout") == (ended, seen.assert_one().cause)
