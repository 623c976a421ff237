"""The 22 behaviours, by the generic and by the compiled wrappers of every hook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kakao_asi import hooks
from kakao_asi.testing import HOOK_BEHAVIOURS, Capture, HookContract, capture


@pytest.fixture
def seen() -> Iterator[Capture]:
    """Everything that is found during a test."""
    with capture() as record:
        yield record


@pytest.fixture(params=["compiled", "generic"])
def wrappers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the wrappers are compiled with the exact signature."""
    if request.param == "generic":
        monkeypatch.setattr("kakao_asi.hooks._decorate.compiled", lambda _plan, _kind: None)
    return str(request.param)


@pytest.mark.usefixtures("wrappers")
@pytest.mark.parametrize("behaviour", HOOK_BEHAVIOURS)
def test_watch_keeps_every_behaviour(behaviour: str, seen: Capture) -> None:
    """A watched callable behaves as if it were not watched, and each failure is reported once."""
    HookContract(hooks.watch("r", on=ValueError), count=lambda: len(seen.findings)).run(behaviour)


@pytest.mark.usefixtures("wrappers")
@pytest.mark.parametrize("behaviour", HOOK_BEHAVIOURS)
def test_watch_with_a_predicate_keeps_every_behaviour(behaviour: str, seen: Capture) -> None:
    """Looking at results changes nothing either."""
    decorate = hooks.watch("r", on=ValueError, when=lambda _call: False)
    HookContract(decorate, count=lambda: len(seen.findings)).run(behaviour)


OPEN: list[Any] = [
    pytest.param(hooks.gate("demo-chat/reply"), id="gate"),
    pytest.param(hooks.gate("demo-chat/reply", fallback=lambda *_a, **_k: None), id="gate_with_fallback"),
    pytest.param(hooks.human_action("act", risk="r", reversible=True), id="human_action"),
]


@pytest.mark.usefixtures("wrappers")
@pytest.mark.parametrize("behaviour", HOOK_BEHAVIOURS)
@pytest.mark.parametrize("decorate", OPEN)
def test_an_open_gate_keeps_every_behaviour(behaviour: str, decorate: Callable[[Any], Any]) -> None:
    """A callable behind an open gate behaves as if there were none."""
    HookContract(decorate).run(behaviour)


@pytest.mark.usefixtures("wrappers")
@pytest.mark.parametrize("behaviour", HOOK_BEHAVIOURS)
def test_gate_and_watch_together_keep_every_behaviour(behaviour: str, seen: Capture) -> None:
    """Two hooks share one wrapper, and each does its own work."""

    def decorate(target: Any) -> Any:
        return hooks.gate("demo-chat/reply")(hooks.watch("r", on=ValueError)(target))

    HookContract(decorate, count=lambda: len(seen.findings)).run(behaviour)


@pytest.mark.usefixtures("wrappers")
@pytest.mark.parametrize("behaviour", HOOK_BEHAVIOURS)
def test_the_same_risk_watched_twice_counts_once(behaviour: str, seen: Capture) -> None:
    """Two watches for one risk on one callable report an exception once."""

    def decorate(target: Any) -> Any:
        return hooks.watch("r", on=ValueError)(hooks.watch("r", on=ValueError)(target))

    HookContract(decorate, count=lambda: len(seen.findings)).run(behaviour)
