"""A training run in memory: what a loop would pass, and where its findings go."""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.findings import Finding
from kakao_asi.signals import read_spool
from kakao_asi.testing import FrozenClock
from kakao_asi.training import Monitor, Rule

AT = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)


class Collector:
    """A sink that keeps what it is given; lives as long as a test."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.findings: list[Finding] = []

    def __call__(self, finding: Finding, /) -> bool:
        """Take a finding."""
        self.findings.append(finding)
        return True

    @property
    def labels(self) -> list[str | None]:
        """The labels of what came, in order."""
        return [one.label for one in self.findings]


class OnDevice:
    """A number on a pretended device, which counts how often the host reads."""

    reads = 0

    def __init__(self, value: float) -> None:
        """Hold the number."""
        self._value = value

    def detach(self) -> "OnDevice":
        """Leave the graph."""
        return self

    def clone(self) -> "OnDevice":
        """Take storage of its own."""
        return OnDevice(self._value)

    def numel(self) -> int:
        """Hold one element."""
        return 1

    def __float__(self) -> float:
        """Read it, which is what costs."""
        OnDevice.reads += 1
        return self._value


@pytest.fixture
def collector() -> Collector:
    """Where findings go."""
    return Collector()


@pytest.fixture
def make(collector: Collector) -> Callable[..., Monitor]:
    """Make a monitor of one run that gives its findings to the collector, unless told otherwise."""

    def make(*rules: Rule, **how: Any) -> Monitor:
        if "spool" not in how:
            how.setdefault("sink", collector)
        return Monitor("exp-11", system="demo-chat", component="model", rules=rules, clock=FrozenClock(AT), **how)

    return make


@pytest.fixture
def on_device() -> type[OnDevice]:
    """Numbers on a device, of which nothing was read yet."""
    OnDevice.reads = 0
    return OnDevice


@pytest.fixture
def spooled(tmp_path: Path) -> Callable[[], list[Finding]]:
    """Read what the spool of a test holds."""
    return lambda: [entry.finding for entry in read_spool(tmp_path / "spool").entries]


def keys(findings: Iterable[Finding]) -> list[tuple[object, ...]]:
    """What names a finding: rank, step, rule, label and metric, sorted."""
    named = ("rank", "step", "rule")
    return sorted((*(one.fact(name) for name in named), one.label, str(one.fact("metric"))) for one in findings)


@pytest.fixture(name="keys")
def keys_fixture() -> Callable[[Iterable[Finding]], list[tuple[object, ...]]]:
    """What names findings."""
    return keys
