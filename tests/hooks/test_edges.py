"""Rare paths: hooks that fail inside, re-entry, streams that are thrown into, and travelling between processes."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import pickle
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.signals import BoardState, current, slot_for
from kakao_asi.testing import Capture, blocked, capture, detector, simulate_outage

AT = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
SOON = dt.timedelta(milliseconds=50)


@pytest.fixture
def seen() -> Iterator[Capture]:
    """Everything found during a test."""
    with capture() as record:
        yield record


class Quiet(logging.Handler):
    """A handler of the host that fails."""

    def emit(self, _record: logging.LogRecord) -> None:
        """Fail."""
        raise OSError

    def handle(self, record: logging.LogRecord) -> bool:
        """Fail without logging's own net."""
        self.emit(record)
        return True


class Broken:
    """A board that breaks when its time is asked for."""

    strict = False
    state: BoardState | None = None

    def now(self) -> dt.datetime:
        """Fail."""
        raise OSError

    def offer(self, *_: Any) -> bool:
        """Fail."""
        raise OSError


def test_a_failing_recorder_never_reaches_the_call() -> None:
    """Whatever breaks inside a hook is counted, and the user's exception arrives, through failing log handlers too."""
    from kakao_asi.signals import scoped

    @hooks.watch("r", on=ValueError)
    def fail() -> None:
        raise ValueError("mine")

    gate = hooks.gate("demo-chat/reply")(lambda: 3)
    handler = Quiet()
    logging.getLogger("kakao_asi.hooks").addHandler(handler)
    before = hooks.health().internal_errors
    try:
        with scoped(Broken()):
            with pytest.raises(ValueError, match="mine"):
                fail()
            with blocked("demo-chat/reply"):
                passed = gate()
    finally:
        logging.getLogger("kakao_asi.hooks").removeHandler(handler)

    assert (3, True) == (passed, hooks.health().internal_errors > before)


def test_a_hook_that_is_entered_again_gives_up(seen: Capture) -> None:
    """A finding made while a finding is made is dropped and counted, and nothing hangs."""

    @hooks.watch("r", on=ValueError)
    def fail() -> None:
        raise ValueError

    class Again(Capture):
        def offer(self, _key: Any, build: Any) -> bool:
            with pytest.raises(ValueError, match=r"^$"):
                fail()
            return super().offer(_key, build)

    from kakao_asi.signals import scoped

    again = Again(seen.clock, None)
    before = hooks.health().reentered
    with scoped(again), pytest.raises(ValueError, match=r"^$"):
        fail()

    assert (1, before + 1) == (len(again.findings), hooks.health().reentered)


def test_an_exception_without_a_place_for_the_mark_still_counts(seen: Capture) -> None:
    """Such an exception counts once a hook."""

    class Closed(Exception):  # noqa: N818  # a name of the test
        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(name)

    @hooks.watch("r", on=Closed)
    def fail() -> None:
        raise Closed

    with pytest.raises(Closed):
        fail()

    assert "Closed" == seen.assert_one().cause


def test_a_type_name_that_no_source_could_hold_is_not_kept(seen: Capture) -> None:
    """Even the name of a type cannot carry a payload into a finding."""
    odd = type("private 900101-1234567", (ValueError,), {})

    @hooks.watch("r", on=ValueError)
    def fail() -> None:
        raise odd

    with pytest.raises(ValueError, match=r"^$"):
        fail()

    assert "unnamed" == seen.assert_one().cause


def test_an_activity_that_cannot_measure_says_so_under_the_test_kit(seen: Capture) -> None:
    """A number that breaks when it is read is a bug of the caller's that a test sees."""

    class Odd(float):
        def __repr__(self) -> str:
            raise OSError

    with pytest.raises(OSError, match=r"^$"), hooks.activity("act") as block:
        block.measure("a", Odd(1.5))

    assert () == seen.findings


def test_a_step_whose_arguments_break_is_no_rehearsal() -> None:
    """What cannot be read as true is not taken for a dry run, and in production the call goes on."""

    class Odd:
        def __bool__(self) -> bool:
            raise OSError

    @hooks.human_action("act", risk="r", reversible=True, dry_run="dry")
    def step(dry: object) -> int:
        return 1 if dry is not None else 0

    taken: list[asi.Finding] = []
    with hooks.activate(sink=lambda finding: not taken.append(finding), flush="manual"):
        result = step(Odd())

    assert (1, "human_action") == (result, taken[0].label)


def test_what_hooks_are_made_of_travels() -> None:
    """In another process a slot is that process's slot, and a site stands in its inventory."""
    from kakao_asi._internal.sites import Site
    from kakao_asi.hooks._hook import GO
    from kakao_asi.hooks._watch import _Watch

    slot = slot_for("demo-chat/reply")
    site = Site(name="app:chat", hook="watch")
    again = pickle.loads(pickle.dumps((slot, GO, _Watch(site, "r", (ValueError,), None, 1.0))))  # noqa: S301  # ours

    assert (True, True, (ValueError, BaseExceptionGroup)) == (again[0] is slot, again[1] is GO, again[2].wanted)


@hooks.guard(
    "demo-chat/reply", output=[hooks.length_detector("length", most=500)], stream=hooks.Stream(every=1, hold=1)
)
def talk() -> Iterator[str]:
    """Talk, and answer what is thrown in."""
    while True:
        try:
            yield "talk"
        except KeyError:
            yield "caught"


@hooks.guard(
    "demo-chat/reply", output=[hooks.length_detector("length", most=500)], stream=hooks.Stream(every=1, hold=1)
)
async def atalk() -> AsyncIterator[str]:
    """Talk, and answer what is thrown in."""
    while True:
        try:
            yield "talk"
        except KeyError:
            yield "caught"


@pytest.mark.usefixtures("seen")
def test_a_guarded_stream_can_be_thrown_into_and_closed() -> None:
    """What is thrown reaches the source at its next step, and closing closes it."""
    running: Any = talk()
    said = [next(running), running.throw(KeyError()), next(running)]
    running.close()

    async def consume() -> list[str]:
        """Be awaited by the test."""
        stream: Any = atalk()
        told = [await anext(stream), await stream.athrow(KeyError()), await anext(stream)]
        await stream.aclose()
        return told

    assert ("caught" in said, "caught" in asyncio.run(consume())) == (True, True)


def test_a_withheld_stream_gives_its_fallback(seen: Capture) -> None:
    """A blocked input of a stream gives the items of the replacement."""
    word = hooks.keyword_detector("words", ["bad"], label="bad", verdict=asi.Verdict.BLOCK)
    decorate = hooks.guard("demo-chat/reply", input=[word], fallback=lambda _text: ["a", "b"])

    @decorate
    def sync(text: str) -> Iterator[str]:
        yield text

    @decorate
    async def aio(text: str) -> AsyncIterator[str]:
        """Yield what the test looks at."""
        yield text

    async def consume() -> list[str]:
        """Be awaited by the test."""
        return [one async for one in aio("bad")]

    assert (["a", "b"], ["a", "b"], 2) == (list(sync("bad")), asyncio.run(consume()), len(seen.findings))


def test_keyword_arguments_are_transformed_too(seen: Capture) -> None:
    """A text passed by name is replaced by name."""
    word = hooks.keyword_detector("words", ["bad"], label="bad", verdict=asi.Verdict.TRANSFORM)
    echo = hooks.guard("demo-chat/reply", input=[word])(lambda text: text)

    assert ("a [***] b", 1) == (echo(text="a bad b"), len(seen.findings))


def test_a_transform_of_what_is_no_text_withholds(seen: Capture) -> None:
    """Where spans cannot be replaced, the result stays inside."""
    word = hooks.keyword_detector("words", ["bad"], label="bad", verdict=asi.Verdict.TRANSFORM)
    reply = hooks.guard("demo-chat/reply", output=[word], output_text=lambda one: str(one["a"]))(lambda: {"a": "bad"})
    with pytest.raises(hooks.GuardBlocked):
        reply()

    seen.assert_one(label="bad")


def test_a_detector_without_a_name_is_refused() -> None:
    """Names of detectors are ids."""
    odd = hooks.keyword_detector("words", ["bad"], label="bad")
    object.__setattr__(odd, "name", "No Id")
    with pytest.raises(asi.exceptions.InvalidValue, match="ids"):
        hooks.guard("demo-chat/reply", input=[odd])


class Remote:
    """A detector that may wait."""

    name = "remote"

    def detect(self, _item: hooks.Item) -> list[hooks.Detection]:
        """Cannot say."""
        return [hooks.Detection(verdict=asi.Verdict.INDETERMINATE, notes=["not_covered"])]


def test_an_indeterminate_answer_keeps_its_notes(seen: Capture) -> None:
    """A detector that says it cannot say is a control that did not answer, with its reason."""
    hooks.guard("demo-chat/reply", output=[Remote()], deadline=SOON, on_indeterminate="allow")(lambda: "x")()

    assert "not_covered" == seen.assert_one().cause


def test_a_guard_in_a_coroutine_waits_for_a_place(seen: Capture) -> None:
    """A detector at capacity is waited for until the deadline, without holding up the loop."""
    guarded: Any = hooks.guard(
        "demo-chat/reply", output=[Remote()], deadline=SOON, on_indeterminate="allow", concurrency=1
    )

    @guarded
    async def reply() -> str:
        """Be awaited by the test."""
        return "x"

    async def both() -> list[str]:
        """Be awaited by the test."""
        return [await reply(), await reply()]

    with simulate_outage("remote", kind="timeout"):
        asyncio.run(both())

    assert ["timeout", "at_capacity"] == [one.cause for one in seen.findings]


class Late:
    """A detector that answers when it is let go."""

    name = "late"

    def __init__(self) -> None:
        """Start held."""
        self.release = threading.Event()
        self.threads: list[threading.Thread] = []

    def detect(self, _item: hooks.Item) -> list[hooks.Detection]:
        """See nothing, late."""
        self.threads.append(threading.current_thread())
        self.release.wait(30)
        return []


def test_an_answer_after_the_deadline_is_passed_over(seen: Capture) -> None:
    """A detector that answers too late in a coroutine changes nothing any more."""
    late = Late()

    @hooks.guard("demo-chat/reply", output=[late], deadline=SOON, on_indeterminate="allow")
    async def reply() -> str:
        """Be awaited by the test."""
        return "x"

    async def wait_for_the_answer() -> str:
        """Be awaited by the test."""
        result = await reply()
        late.release.set()
        await asyncio.to_thread(late.threads[0].join)
        return result

    assert ("x", "timeout") == (asyncio.run(wait_for_the_answer()), seen.assert_one().cause)


def test_an_async_detector_that_raises_did_not_answer(seen: Capture) -> None:
    """What an async detector raises is a control that did not answer."""

    class Broken:
        name = "broken"

        async def adetect(self, _item: hooks.Item) -> list[hooks.Detection]:
            """Fail."""
            raise OSError

    @hooks.guard("demo-chat/reply", output=[Broken()], deadline=SOON * 100, on_indeterminate="allow")
    async def reply() -> str:
        """Be awaited by the test."""
        return "x"

    assert ("x", "OSError") == (asyncio.run(reply()), seen.assert_one().cause)


def test_an_outage_under_observation_lets_pass(seen: Capture) -> None:
    """A guard that only observes lets pass whatever its detectors do not answer, and says so."""
    reply = hooks.guard("demo-chat/reply", output=[Remote()], deadline=SOON * 100, mode="observe")(lambda: "x")
    with detector("remote", raises=OSError()):
        assert "x" == reply()

    assert seen.assert_one(label="control_failure:remote").fact("unguarded") is True


def test_spans_inside_each_other_are_replaced_once(seen: Capture) -> None:
    """A span within another one that is replaced already adds nothing."""
    words = ["bad apple", "apple"]
    found = [
        hooks.keyword_detector(f"words-{index}", [word], label=f"bad-{index}", verdict=asi.Verdict.TRANSFORM)
        for index, word in enumerate(words)
    ]
    echo = hooks.guard("demo-chat/reply", input=found)(lambda text: text)

    assert ("a [***].", 2) == (echo("a bad apple."), len(seen.findings))


def test_a_fake_detector_can_raise(seen: Capture) -> None:
    """The test kit plays a detector that fails."""
    reply = hooks.guard("demo-chat/reply", output=[Remote()], deadline=SOON, on_indeterminate="allow")(lambda: "x")
    with detector("remote", raises=OSError("private")):
        reply()

    assert "OSError" == seen.assert_one().cause
    assert "private" not in repr(seen.findings)


def test_a_finding_names_detectors_notes_and_principles(seen: Capture) -> None:
    """What a detector suggests stands in the finding for the person who promotes it."""
    token = hooks.safety_token(lambda _text: "<UNSAFE-I3>", model="kanana-safeguard-8b")
    hooks.guard("demo-chat/reply", input=[token], deadline=dt.timedelta(seconds=5))(lambda text: text)("x")

    found = seen.assert_one(label="I3")
    assert ("contract_mismatch", "privacy", asi.RiskCategory.PASSIVE_NEGLIGENCE, None) == (
        found.fact("notes"),
        found.fact("principles"),
        found.category,
        found.risk,
    )


def test_nobody_takes_findings_outside_of_a_receiver() -> None:
    """Without a receiver there is no recorder."""
    assert current() is None
