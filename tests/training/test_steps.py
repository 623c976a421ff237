"""Steps: what is not finite, what is skipped, and how numbers on a device are read."""

import math
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kakao_asi.exceptions import InvalidValue
from kakao_asi.training import GradNorm, LossSpike, Monitor, NonFinite, Rule, Run

Make = Callable[..., Monitor]
BAD = [math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("value", BAD, ids=str)
def test_a_step_that_is_not_finite_is_skipped(make: Make, value: float) -> None:
    """A loss that is no finite number asks to skip the update, when that is the rule's action."""
    monitor = make(NonFinite(action="skip_update"))

    assert monitor.step(1, loss=value, grad_norm=1.0).skip_update


@pytest.mark.parametrize("value", [0.0, -1.0, 1e308], ids=str)
def test_a_finite_step_goes_on(make: Make, collector: Any, value: float) -> None:
    """Any finite number goes on and leaves no finding."""
    monitor = make(NonFinite(action="skip_update"))

    assert monitor.step(1, loss=value, grad_norm=1.0).go_on
    assert [] == collector.labels


def test_an_observing_rule_asks_for_nothing(make: Make, collector: Any) -> None:
    """Without an action the step goes on, and there is a finding all the same."""
    monitor = make(NonFinite(risk="diverges"))

    assert monitor.step(1, loss=math.nan).go_on
    assert ["diverges"] == [one.risk for one in collector.findings]


def test_a_masked_loss_is_told_by_the_gradients(make: Make, collector: Any) -> None:
    """A framework that logs 0.0 for a loss that was none is found out by the norm."""
    make(NonFinite()).step(5, loss=0.0, grad_norm=math.nan)

    (found,) = collector.findings
    assert (True, "grad_norm", "nan") == (found.fact("masked"), found.fact("metric"), found.fact("value"))


def test_the_first_of_a_row_is_reported(make: Make, collector: Any) -> None:
    """Of several bad steps in a row the first is a finding, and each is skipped."""
    monitor = make(NonFinite(action="skip_update"))

    skipped = [monitor.step(step, loss=math.nan if 2 <= step < 5 else 1.0).skip_update for step in range(7)]

    assert [False, False, True, True, True, False, False] == skipped
    assert [2] == [one.fact("step") for one in collector.findings]


def test_three_in_a_row_ask_to_go_back(make: Make) -> None:
    """The third bad step in a row asks, at the next sync, to go back to a checkpoint."""
    monitor = make(NonFinite(rollback_after=3), every=1)
    for step in (1, 2):
        monitor.step(step, loss=math.nan)

    assert not monitor.sync(2).roll_back
    monitor.step(3, loss=math.nan)
    assert monitor.sync(3).roll_back


@pytest.mark.parametrize("action", ["save", "roll_back", "stop"])
def test_what_a_rule_asks_comes_from_sync_once(make: Make, action: Any) -> None:
    """A step never stops a run; the next sync does, and the one after does not repeat it."""
    monitor = make(NonFinite(action=action), every=10)

    assert monitor.step(1, loss=math.nan).go_on
    assert monitor.sync(9).go_on
    assert getattr(monitor.sync(10), action)
    assert monitor.sync(20).go_on


def test_sync_can_be_asked_at_once(make: Make) -> None:
    """With ``now`` a sync decides between two multiples."""
    monitor = make(NonFinite(action="stop"), every=100)
    monitor.step(1, loss=math.nan)

    decision = monitor.sync(1, now=True)

    assert (True, ("non_finite:non_finite",)) == (decision.stop, decision.reasons)


def test_an_observing_rule_reads_nothing_in_a_step(make: Make, on_device: Any) -> None:
    """Numbers on a device wait until as many steps as ``every`` have come."""
    monitor = make(NonFinite(), LossSpike(), every=50)
    for step in range(49):
        monitor.step(step, loss=on_device(1.0))
    before = on_device.reads
    monitor.step(49, loss=on_device(1.0))

    assert (0, 50) == (before, on_device.reads)


def test_numbers_that_waited_are_judged_step_by_step(make: Make, collector: Any, on_device: Any) -> None:
    """A bad number on a device is found for its own step, at the latest at the next sync."""
    monitor = make(NonFinite(action="stop"), every=50)
    for step in range(1, 8):
        monitor.step(step, loss=on_device(math.nan if step == 5 else 1.0))

    assert monitor.sync(8, now=True).stop
    assert [5] == [one.fact("step") for one in collector.findings]


def test_a_step_mixes_device_and_host_in_order(make: Make, collector: Any, on_device: Any) -> None:
    """A number on the host does not overtake one that still waits on a device."""
    monitor = make(NonFinite(), every=50)
    monitor.step(1, loss=on_device(math.nan))
    monitor.step(2, loss=math.nan)
    monitor.close()

    assert [1] == [one.fact("step") for one in collector.findings]


def test_skipping_reads_one_number_that_the_host_has(make: Make, on_device: Any) -> None:
    """A norm that the loop has read already decides; the loss stays on the device."""
    monitor = make(NonFinite(action="skip_update"))

    assert monitor.step(1, loss=on_device(1.0), grad_norm=math.nan).skip_update
    assert 0 == on_device.reads


def test_skipping_reads_in_the_same_step(make: Make, on_device: Any) -> None:
    """Where all numbers are on a device, a rule that may skip has them read at once."""
    monitor = make(NonFinite(action="skip_update"))

    assert monitor.step(1, loss=on_device(1.0), grad_norm=on_device(math.inf)).skip_update


class Torch:
    """What a monitor asks of a loaded torch: to put tensors on one another."""

    stacked = 0

    @staticmethod
    def stack(tensors: list[Any]) -> "Torch":
        """Put them on one another."""
        Torch.stacked += 1
        stack = Torch()
        stack.values = tensors
        return stack

    values: list[Any]

    def tolist(self) -> list[float]:
        """Read them all in one transfer."""
        return [one.hidden for one in self.values]


class Tensor:
    """A tensor that must not be read by itself."""

    def __init__(self, hidden: float) -> None:
        """Hold a number."""
        self.hidden = hidden

    def detach(self) -> "Tensor":
        """Leave the graph."""
        return self

    def numel(self) -> int:
        """Hold several elements."""
        return 3

    def mean(self) -> "Tensor":
        """Be one number."""
        return self

    def reshape(self, _shape: tuple[int, ...]) -> "Tensor":
        """Have no dimension."""
        return self


def test_many_tensors_are_one_transfer(make: Make, collector: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With torch loaded, the numbers of fifty steps cross in one transfer."""
    monkeypatch.setitem(sys.modules, "torch", Torch)
    Torch.stacked = 0
    monitor = make(NonFinite(), every=50, rank=0, world=1)
    for step in range(50):
        monitor.step(step, loss=Tensor(math.nan if step == 7 else 1.0))

    assert (1, [7]) == (Torch.stacked, [one.fact("step") for one in collector.findings])


def test_a_number_that_is_none_is_missing(make: Make, collector: Any) -> None:
    """None is no number: it is passed over, and a rule that sees no number at all says so at sync, once."""
    monitor = make(LossSpike(risk="diverges"), every=1)
    for step in (1, 2, 3):
        monitor.step(step, loss=None, grad_norm=1)
        monitor.sync(step)

    assert [("missing", "indeterminate", 1)] == [
        (one.label, one.verdict.id, one.fact("step")) for one in collector.findings
    ]


def test_a_finding_says_what_the_run_rests_on(make: Make, collector: Any) -> None:
    """A finding carries run, component, stage and the digests of the run."""
    digest = "sha256:" + "a" * 64
    run = Run(commit="0c0ffee", data={"train": digest}, config={"lr": 0.1, "layers": [1, 2], "seed": 7})
    make(NonFinite(), evidence=run).step(1, loss=math.nan)

    (found,) = collector.findings
    seen = (found.run, found.component, found.fact("commit"), found.fact("data.train"), found.fact("config"))
    assert ("exp-11", "demo-chat/model", "0c0ffee", digest, run.config) == seen


class Fails:
    """A rule that raises."""

    name = "fails"
    risk = "diverges"
    metrics = frozenset({"loss"})

    def __init__(self, moments: frozenset[Any]) -> None:
        """Be asked then."""
        self.moments = moments

    def judge(self, _seen: Any, _memory: Any, /) -> Any:
        """Raise."""
        message = "a private value"
        raise RuntimeError(message)


@pytest.mark.parametrize("of", [NonFinite(), NonFinite(action="skip_update")], ids=["later", "at once"])
def test_a_rule_that_raises_is_one_finding(make: Make, collector: Any, of: Rule) -> None:
    """A rule that raises at each step is one finding that it did not answer; the others are asked on."""
    monitor = make(Fails(of.moments), NonFinite())
    for step in range(20):
        monitor.step(step, loss=math.nan)

    assert [("rule_failed", "RuntimeError"), ("non_finite", None)] == [
        (one.label, one.cause) for one in collector.findings
    ]
    assert 20 == monitor.health.control_failures


def test_what_waits_on_a_device_is_judged_when_asked(make: Make, on_device: Any, collector: Any) -> None:
    """Before an evaluation that comes later, the last steps of a training can be judged; the run stays open."""
    monitor = make(NonFinite())
    monitor.step(1, loss=on_device(math.nan))
    before = list(collector.labels)
    monitor.flush()

    assert ([], ["non_finite"]) == (before, collector.labels)


def test_tensors_that_do_not_stack_are_read_one_by_one(
    make: Make, collector: Any, on_device: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tensors of several kinds or devices cannot cross together, and are judged all the same."""
    monkeypatch.setitem(sys.modules, "torch", Torch)
    monitor = make(NonFinite(), every=2, rank=0, world=1)
    monitor.step(1, loss=on_device(1.0))
    monitor.step(2, loss=on_device(math.nan))

    assert [2] == [one.fact("step") for one in collector.findings]


def test_the_default_numbers_let_old_steps_fade(make: Make, collector: Any) -> None:
    """After many half-lives the level is that of the last steps, so a loss that fell and rises again is a spike."""
    monitor = make(LossSpike(halflife=5, warmup=10), GradNorm(halflife=5, warmup=10, ratio=4))
    for step in range(200):
        value = 10.0 if step < 50 else 1.0
        monitor.step(step, loss=value + step % 2 * 0.1, grad_norm=value)
    monitor.step(200, loss=9.0, grad_norm=9.0)

    assert [("spike", 200), ("above_ratio", 200)] == [(one.label, one.fact("step")) for one in collector.findings]


@pytest.mark.parametrize(
    "wrong",
    [
        {"run": "No Id"},
        {"component": "a//b"},
        {"every": 0},
        {"rules": [NonFinite(), NonFinite()]},
        {"rules": [NonFinite(name="monitor")]},
        {"stage": "someday"},
    ],
    ids=["run", "component", "every", "one name twice", "the monitor's name", "stage"],
)
def test_a_monitor_that_could_not_work_is_refused(wrong: dict[str, Any]) -> None:
    """What is wrong when a monitor is made is refused at once, before the run begins."""
    parts: dict[str, Any] = {"run": "exp-11", "system": "demo-chat", "rules": []} | wrong

    with pytest.raises(InvalidValue):
        Monitor(parts.pop("run"), **parts)


@pytest.mark.parametrize(
    "config",
    [{"lr": 0.2}, {"lr": 0.1, "deep": {"한글": [1, (2.5, None)]}}, {"lr": 2**60}, {"lr": object()}, {}],
    ids=["value", "nested", "large", "object", "empty"],
)
def test_another_configuration_is_another_digest(config: dict[str, Any]) -> None:
    """Whatever differs in a configuration shows in its digest, and equal ones have one."""
    assert Run(config=config).config == Run(config=dict(reversed(config.items()))).config
    assert Run(config=config).config != Run(config={"lr": 0.1}).config


@pytest.mark.parametrize(
    "wrong",
    [{"data": {"train": "sha256:xyz"}}, {"data": {"No Id": "sha256:" + "a" * 64}}, {"data": 7}, {"commit": ""}],
    ids=str,
)
def test_a_run_names_digests(wrong: dict[str, Any]) -> None:
    """A run rests on ids and digests, and anything else is refused."""
    with pytest.raises(InvalidValue):
        Run(**wrong)


def test_a_tensor_in_the_hosts_memory_is_at_hand(make: Make, on_device: Any, collector: Any) -> None:
    """What need not be waited for is judged in its own step, and out of its graph."""
    at_hand = type("AtHand", (on_device,), {"device": SimpleNamespace(type="cpu")})
    monitor = make(NonFinite())
    monitor.step(1, loss=at_hand(math.nan))

    assert (1, ["non_finite"]) == (on_device.reads, collector.labels)
