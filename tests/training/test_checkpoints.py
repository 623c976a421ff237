"""Checkpoints, what a run rests on, and the evidence that comes of both."""

import datetime as dt
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import hooks
from kakao_asi.evidence import Evidence, EvidenceKind
from kakao_asi.governance import Code, Refusal
from kakao_asi.signals import BoardState, ComponentGate, GateStep, RiskNote
from kakao_asi.systems import PinKind
from kakao_asi.taxonomy import Grade, RiskCategory
from kakao_asi.training import Checkpoint, Citation, DataRefresh, Limit, Monitor, NonFinite, Run

Make = Callable[..., Monitor]
AT = dt.datetime(2026, 3, 2, 0, 30, tzinfo=dt.UTC)
OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64


class FixedBoard:
    """A board that says one thing."""

    def __init__(self, **state: Any) -> None:
        """Say this."""
        self._state = BoardState(at=AT, **state)

    def read(self) -> BoardState:
        """Say it."""
        return self._state


@pytest.fixture
def board() -> Iterator[Callable[..., None]]:
    """Make a board this process's own until the test ends."""
    yield lambda **state: hooks.activate(board=FixedBoard(**state), sink=lambda _: True, flush="manual") and None
    hooks.deactivate()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A checkpoint of one file."""
    path = tmp_path / "step-9.bin"
    path.write_bytes(b"weights")
    return path


class Flags:
    """What a comparison of a tensor gives."""

    def __init__(self, whole: bool) -> None:
        """Hold whether all of it is true."""
        self._whole = whole

    def all(self) -> float:
        """Be one flag."""
        return float(self._whole)


class Weights:
    """A tensor of a state dict."""

    def __init__(self, *values: float, floating: bool = True) -> None:
        """Hold numbers."""
        self.values = values
        self._floating = floating

    def detach(self) -> "Weights":
        """Leave the graph."""
        return self

    def is_floating_point(self) -> bool:
        """Tell whether it can hold what is not finite."""
        return self._floating

    def __sub__(self, other: "Weights") -> "Weights":
        """Subtract place by place."""
        return Weights(*(one - two for one, two in zip(self.values, other.values, strict=True)))

    def __eq__(self, other: object) -> Any:
        """Compare place by place."""
        return Flags(all(one == other for one in self.values))

    __hash__ = None  # type: ignore[assignment]  # as tensors of numpy


def test_a_finite_checkpoint_is_open_and_good(make: Make, file: Path) -> None:
    """A checkpoint whose tensors are finite opens its gate and is what a run goes back to."""
    monitor = make(Checkpoint(), NonFinite(rollback_after=1))
    gate = monitor.checkpoint(file, tensors={"w": Weights(1.0, 2.0), "nested": [{"b": Weights(0.0)}], "step": 9})
    monitor.step(10, loss=math.nan)
    decision = monitor.sync(10, now=True)

    assert (True, True, str(file)) == (gate.passed, decision.roll_back, decision.checkpoint)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf], ids=str)
def test_a_checkpoint_that_is_not_finite_is_shut(make: Make, collector: Any, file: Path, bad: float) -> None:
    """One number that is not finite shuts the gate; the run goes on, and never goes back to it."""
    monitor = make(Checkpoint(risk="broken"), NonFinite(rollback_after=1))
    gate = monitor.checkpoint(file, tensors=[Weights(1.0), Weights(1.0, bad)])
    monitor.step(10, loss=math.nan)

    assert [(Code.CHECKPOINT_OPEN, "broken")] == [(one.code, one.subject) for one in gate.blockers]
    assert "not_finite" == collector.labels[0]
    assert monitor.sync(10, now=True).checkpoint is None


def test_whole_numbers_are_not_asked(make: Make, file: Path) -> None:
    """A tensor of whole numbers cannot be anything but finite."""
    assert make(Checkpoint()).checkpoint(file, tensors=[Weights(1.0, math.nan, floating=False)]).passed


class Array:
    """An array of a library that has no graph to leave."""

    dtype = type("Kind", (), {"kind": "f"})

    def __init__(self, *values: float) -> None:
        """Hold numbers."""
        self._weights = Weights(*values)

    def __sub__(self, other: "Array") -> Weights:
        """Subtract place by place."""
        return self._weights - other._weights  # of its own kind


@pytest.mark.parametrize(("value", "passes"), [(1.0, True), (math.nan, False)], ids=["finite", "nan"])
def test_arrays_and_iterables_are_looked_into(make: Make, file: Path, value: float, *, passes: bool) -> None:
    """A checkpoint of arrays, given one by one, is looked into like one of tensors."""
    assert (
        passes is make(Checkpoint()).checkpoint(file, tensors=(one for one in [Array(1.0), "x", Array(value)])).passed
    )


def test_a_checkpoint_nobody_looked_into_is_indeterminate(make: Make, collector: Any, file: Path) -> None:
    """Without its tensors nobody knows whether a checkpoint is finite, and that is said."""
    make(Checkpoint()).checkpoint(file)

    assert [("finite_unknown", "indeterminate")] == [(one.label, one.verdict.id) for one in collector.findings]


def test_a_checkpoint_of_a_bad_step_is_not_good(make: Make, file: Path, tmp_path: Path) -> None:
    """Where nobody looked, a checkpoint written at a step that was not finite is not gone back to."""
    later = tmp_path / "step-10.bin"
    later.write_bytes(b"weights")
    monitor = make(NonFinite(rollback_after=1))
    monitor.step(9, loss=1.0)
    monitor.checkpoint(file)
    monitor.step(10, loss=math.nan)
    monitor.checkpoint(later)

    assert str(file) == monitor.sync(10, now=True).checkpoint


@pytest.mark.parametrize(
    ("grade", "found", "passes"),
    [(Grade.HIGH, 2.0, False), (Grade.MEDIUM, 2.0, True), (Grade.HIGH, 0.0, True), (None, 2.0, False)],
    ids=["high", "medium", "no finding", "unassessed"],
)
def test_a_gate_is_shut_while_its_risk_stands_too_high(
    make: Make, file: Path, board: Any, *, grade: Grade | None, found: float, passes: bool
) -> None:
    """With a finding on the risk, its grade on the board decides; what nobody has assessed is not low."""
    board(risks=[RiskNote(id="toxic", category=RiskCategory.MODEL_IMPERFECTION, grade=grade)])
    monitor = make(
        Limit("m", risk="toxic", above=1), Checkpoint(risk="toxic", require_finite=False, block_at=Grade.HIGH)
    )
    monitor.evaluate(9, {"m": found})

    assert passes is monitor.checkpoint(file).passed


def test_a_component_that_is_stopped_shuts_the_gate(make: Make, file: Path, board: Any) -> None:
    """What the board says of the component counts for its checkpoints."""
    stopped = Refusal(code=Code.STOPPED, subject="demo-chat")
    board(gates=[ComponentGate(path="demo-chat", steps=[GateStep(since=AT, blockers=[stopped])])])

    assert (stopped,) == make().checkpoint(file).blockers


def test_a_finding_names_actor_and_category_of_a_known_risk(make: Make, collector: Any, board: Any) -> None:
    """A risk the board knows gives its findings their source."""
    board(risks=[RiskNote(id="toxic", category=RiskCategory.MODEL_IMPERFECTION, grade=Grade.LOW)])
    make(NonFinite(risk="toxic")).step(1, loss=math.nan)

    (found,) = collector.findings
    assert (RiskCategory.MODEL_IMPERFECTION, RiskCategory.MODEL_IMPERFECTION.actor) == (found.category, found.actor)


def test_a_folder_has_one_digest(make: Make, tmp_path: Path) -> None:
    """A folder of files has one digest, which a changed file, a new one and a new name change."""

    def digest() -> str:
        monitor = make()
        monitor.checkpoint(tmp_path / "ckpt")
        return next(one.digest for one in monitor.evidence() if one.kind is EvidenceKind.MODEL)

    folder = tmp_path / "ckpt" / "shards"
    folder.mkdir(parents=True)
    (folder / "a").write_bytes(b"1")
    first, again = digest(), digest()
    (folder / "b").write_bytes(b"2")
    second = digest()
    (folder / "b").rename(folder / "c")

    assert first == again
    assert 3 == len({first, second, digest()})


@pytest.mark.parametrize("make_path", [lambda tmp: tmp / "none", lambda tmp: tmp], ids=["missing", "empty"])
def test_a_checkpoint_that_cannot_be_read_is_indeterminate(
    make: Make, collector: Any, tmp_path: Path, make_path: Callable[[Path], Path]
) -> None:
    """A checkpoint that is not there is told, and nothing is raised."""
    make().checkpoint(make_path(tmp_path))

    assert [("unreadable", "FileNotFoundError")] == [(one.label, one.cause) for one in collector.findings]


def test_evidence_is_attached_once(make: Make, file: Path) -> None:
    """Data, configuration, checkpoint and evaluation are there once each, before and after a resume."""
    run = Run(data={"train": OLD}, config={"lr": 1}, base_model=NEW, commit="c0ffee")
    rules = [Limit("m", above=1), NonFinite(), DataRefresh(), Checkpoint(block_at=Grade.HIGH)]
    monitor = make(*rules, evidence=run)
    monitor.checkpoint(file)
    monitor.checkpoint(file)
    monitor.evaluate(9, {"m": 1.0})
    before = monitor.evidence()

    after = Monitor.from_state(json.loads(json.dumps(monitor.state())), rules=rules).evidence()

    kinds = ["data_set", "model", "configuration", "metric", "model", "result"]
    assert kinds == [one.kind.id for one in before]
    assert Evidence.of_file(file).digest == before[4].digest
    assert before == after


class Own:
    """A rule of one's own, which is no record."""

    name = "own"
    risk = None
    moments = frozenset()
    metrics = frozenset({"m"})

    def judge(self, _seen: Any, _memory: Any, /) -> Any:
        """Say nothing."""
        return ()


@pytest.mark.parametrize(
    "other",
    [
        Limit("m", above=2),
        Limit("m", above=1, min_trials=9),
        Limit("n", above=1),
        NonFinite(),
        Checkpoint(),
        DataRefresh(citations=[Citation(risk="r", name="train", digest=OLD)]),
        Own(),
    ],
    ids=["limit", "trials", "metric", "kind", "grade", "citations", "own"],
)
def test_another_rule_is_another_metric(make: Make, other: Any) -> None:
    """Whatever a rule asks differently is other evidence of what was measured."""

    def digest(rule: Any) -> str:
        return next(one.digest for one in make(rule).evidence() if one.kind is EvidenceKind.METRIC)

    assert digest(Limit("m", above=1)) == digest(Limit("m", above=1))
    assert digest(Limit("m", above=1)) != digest(other)


def test_a_run_is_pinned_as_a_candidate() -> None:
    """The data sets of a run are one pin, its base model another; other data is another digest."""
    assert [PinKind.MODEL] == [pin.kind for pin in Run(base_model=NEW).pins()]
    one, two = Run(data={"a": OLD}, base_model=NEW).pins("model"), Run(data={"a": OLD, "b": NEW}).pins("model")

    assert [(PinKind.DATA, OLD), (PinKind.MODEL, NEW)] == [(pin.kind, pin.digest) for pin in one]
    assert one[0].digest != two[0].digest


def test_risks_that_rest_on_other_data_are_named(make: Make, collector: Any) -> None:
    """A run on new data is a finding on each risk that rests on the old, once, and on no other risk."""
    citations = [
        Citation(risk="toxic", name="train", digest=OLD),
        Citation(risk="leaks", name="train", digest=OLD),
        Citation(risk="fresh", name="train", digest=NEW),
        Citation(risk="other", name="web", digest=OLD),
        Citation(risk="base", name="base model", digest=OLD),
    ]
    monitor = make(DataRefresh(citations=citations), evidence=Run(data={"train": NEW}, base_model=NEW))
    for step in (1, 2):
        monitor.step(step, loss=1.0)

    assert [("data_refresh", "toxic"), ("data_refresh", "leaks"), ("model_refresh", "base")] == [
        (one.label, one.risk) for one in collector.findings
    ]


@pytest.mark.parametrize(("then", "labels"), [(OLD, []), (NEW, ["data_refresh"])], ids=["same", "other"])
def test_a_run_that_goes_on_with_other_data_says_so(make: Make, collector: Any, then: str, labels: list[str]) -> None:
    """A resumed run on other data than it began with is a signal; on the same it repeats nothing."""
    first = make(DataRefresh(), evidence=Run(data={"train": OLD}))
    first.step(1, loss=1.0)
    second = Monitor.from_state(
        first.state(), rules=[DataRefresh()], sink=collector, evidence=Run(data={"train": then})
    )
    second.step(2, loss=1.0)

    assert labels == collector.labels


def test_a_monitor_can_go_on_in_place(make: Make, collector: Any) -> None:
    """A framework that made the monitor before it loads its checkpoint resumes it in place."""
    first = make(NonFinite(), DataRefresh(), evidence=Run(data={"train": OLD}))
    first.step(1, loss=math.nan)
    saved = first.state()

    second = make(NonFinite(), DataRefresh(), evidence=Run(data={"train": NEW}))
    second.sync(0, now=True)
    second.resume(saved)
    second.step(2, loss=math.nan)

    assert ["non_finite", "data_refresh"] == collector.labels
