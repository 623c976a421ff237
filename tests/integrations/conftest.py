"""What the adapters to training frameworks are given: a monitor, a torch and parameters, each as little as they use."""

import datetime as dt
import math
import sys
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from kakao_asi.exceptions import GateBlocked
from kakao_asi.governance import GateResult
from kakao_asi.training import Decision


class FakeMonitor:
    """A monitor that keeps what it is told and answers what a test sets.

    Attributes:
        run: id of the run.
        told: each call, as its name and what it was given.
        answers: what ``step`` and ``sync`` answer.
        raises: what every call raises, if anything.
    """

    run = "exp-1"

    def __init__(self) -> None:
        """Know nothing yet."""
        self.told: list[tuple[str, Any]] = []
        self.answers: dict[str, Decision] = {}
        self.raises: Exception | None = None

    def _note(self, name: str, given: Any) -> Any:
        self.told.append((name, given))
        if self.raises is not None:
            raise self.raises
        return self.answers.get(name, Decision())

    def given(self, name: str) -> list[Any]:
        """What the calls of one name were given."""
        return [given for called, given in self.told if called == name]

    def step(self, step: int, /, **values: Any) -> Any:
        """Take a step."""
        return self._note("step", (step, values))

    def sync(self, step: int, /) -> Any:
        """Agree."""
        return self._note("sync", step)

    def evaluate(self, step: int, metrics: Any, /) -> Any:
        """Take an evaluation."""
        return self._note("evaluate", (step, metrics))

    def checkpoint(self, path: Any, /, *, step: int | None = None, tensors: Iterable[Any] = ()) -> Any:
        """Take a checkpoint."""
        return self._note("checkpoint", (str(path), step, len(list(tensors))))

    def state(self) -> Any:
        """Say what it remembers."""
        self._note("state", None)
        return {"remembered": len(self.told)}

    def resume(self, saved: Any) -> Any:
        """Go on."""
        return self._note("resume", saved)

    def bind(self, *, rank: int, world: int) -> Any:
        """Take a rank."""
        return self._note("bind", (rank, world))

    def fail(self, error: BaseException) -> Any:
        """Take a failure."""
        return self._note("fail", type(error).__name__)

    def evidence(self) -> Any:
        """Say what it rests on."""
        self._note("evidence", None)
        return (SimpleNamespace(kind=SimpleNamespace(id="data_set"), digest="sha256:aa"),)

    def flush(self) -> Any:
        """Judge what waits."""
        return self._note("flush", None)

    def close(self) -> Any:
        """End."""
        return self._note("close", None)


class Gradient:
    """A gradient of a few numbers.

    Attributes:
        values: the numbers.
        dtype: their kind.
        is_sparse: whether it has to be made dense.
    """

    def __init__(self, *numbers: float, dtype: str = "float32", sparse: bool = False) -> None:
        """Hold numbers."""
        self.numbers, self.dtype, self.is_sparse, self.device = numbers, dtype, sparse, "cpu"

    def detach(self) -> "Gradient":
        """Leave the graph."""
        return self

    def coalesce(self) -> "Gradient":
        """Add up what stands twice."""
        return self

    def values(self) -> "Gradient":
        """Give what is not zero."""
        return Gradient(*self.numbers, dtype=self.dtype)


class Held(float):
    """A number that stands in a graph.

    Attributes:
        device: where it is.
    """

    device = "cpu"

    def detach(self) -> float:
        """Leave the graph."""
        return float(self)

    def to(self, _device: str) -> "Held":
        """Stay where it is."""
        return self


def norm(gradients: Iterable[Any]) -> float:
    """The 2-norm over all."""
    return math.sqrt(sum(number * number for gradient in gradients for number in gradient.numbers))


@pytest.fixture
def monitor() -> FakeMonitor:
    """What the adapters talk to."""
    return FakeMonitor()


@pytest.fixture
def fake_torch(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A torch that the host has loaded, with the four things that are asked of it."""

    def vector_norm(values: Any, **kind: str) -> Held:
        measured.append(kind.get("dtype", "float32"))
        return Held(norm([values]) if isinstance(values, Gradient) else math.hypot(*values))

    def clip(parameters: list[Any], most: float) -> float:
        clipped.append(most)
        return norm(one.grad for one in parameters)

    measured: list[str] = []
    clipped: list[float] = []
    utils = SimpleNamespace(get_total_norm=norm, clip_grad_norm_=clip)
    torch = SimpleNamespace(
        float16="float16",
        float32="float32",
        stack=list,
        linalg=SimpleNamespace(vector_norm=vector_norm),
        nn=SimpleNamespace(utils=utils),
        measured=measured,
        clipped=clipped,
    )
    monkeypatch.setitem(sys.modules, "torch", torch)
    return torch


@pytest.fixture
def parameter() -> Callable[..., SimpleNamespace]:
    """Make a parameter with a gradient of some numbers; without numbers it has none."""

    def make(*numbers: float, **kind: Any) -> SimpleNamespace:
        return SimpleNamespace(grad=Gradient(*numbers, **kind) if numbers else None)

    return make


@pytest.fixture
def held() -> type[Held]:
    """A loss in a graph."""
    return Held


@pytest.fixture
def shut() -> GateBlocked:
    """What a gate raises that the host put somewhere itself."""
    return GateBlocked(GateResult(system="demo", component="model", at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC)))
