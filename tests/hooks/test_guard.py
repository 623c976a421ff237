"""``guard``: detectors on both sides of a call, streams, and what happens when a detector does not answer."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.signals import BoardState
from kakao_asi.testing import (
    HOOK_BEHAVIOURS,
    Capture,
    HookContract,
    Outage,
    capture,
    detector,
    simulate_outage,
)

AT = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
LOW = BoardState(
    at=AT,
    risks=[
        hooks.RiskNote(id="leaks", category=asi.RiskCategory.MODEL_IMPERFECTION, grade=asi.Grade.LOW),
        hooks.RiskNote(id="asks", category=asi.RiskCategory.PASSIVE_NEGLIGENCE, grade=asi.Grade.LOW),
    ],
)
SPLIT = ("주민번호는 900101-", "1234567 입니다")
DIGITS = "1234567"
PII = hooks.personal_detector(key=b"k" * 16)
RISKS = {"input": "asks", "output": "leaks"}
SOON = dt.timedelta(milliseconds=50)


@pytest.fixture
def seen() -> Iterator[Capture]:
    """Everything found during a test, on a board that knows two risks graded LOW."""
    with capture(state=LOW) as record:
        yield record


class Remote:
    """A detector that may wait, so it needs a deadline."""

    name = "remote"

    def detect(self, _item: hooks.Item) -> list[hooks.Detection]:
        """See nothing."""
        return []


class AsyncRemote:
    """A detector that waits without holding up the loop."""

    name = "remote"

    async def adetect(self, item: hooks.Item) -> list[hooks.Detection]:
        """See the word bad."""
        await asyncio.sleep(0)
        return [hooks.Detection(verdict=asi.Verdict.BLOCK, label="bad")] if "bad" in item.text else []


def guarded(kind: str, **options: Any) -> Callable[[str], str]:
    """Return a call of each kind that echoes its argument through a guard, and gives what came out as one text."""
    decorate = hooks.guard("demo-chat/reply", risks=RISKS, **options)
    if kind == "function":

        @decorate
        def plain(text: str) -> str:
            return text

        return plain
    if kind == "coroutine":

        @decorate
        async def coroutine(text: str) -> str:
            """Be awaited by the test."""
            return text

        return lambda text: asyncio.run(coroutine(text))
    if kind == "generator":

        @decorate
        def generator(text: str) -> Iterator[str]:
            yield from text

        return lambda text: "".join(generator(text))

    @decorate
    async def async_generator(text: str) -> AsyncIterator[str]:
        """Yield what the test looks at."""
        for letter in text:
            yield letter

    async def joined(text: str) -> str:
        """Be awaited by the test."""
        return "".join([letter async for letter in async_generator(text)])

    return lambda text: asyncio.run(joined(text))


KINDS = ("function", "coroutine", "generator", "async_generator")


@pytest.mark.parametrize("behaviour", HOOK_BEHAVIOURS)
@pytest.mark.usefixtures("seen")
def test_a_guard_that_lets_pass_keeps_every_behaviour(behaviour: str) -> None:
    """A callable behind a guard without detectors behaves as if there were none."""
    HookContract(hooks.guard("demo-chat/reply")).run(behaviour)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clear_text_passes_unchanged(kind: str, seen: Capture) -> None:
    """What no detector minds comes out as it is, and nothing is reported."""
    text = "카카오 " * 60

    assert (text, ()) == (guarded(kind, input=[PII], output=[PII])(text), seen.findings)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_receiver_a_guard_lets_pass(kind: str) -> None:
    """Where nobody takes findings, no detector runs."""
    assert "".join(SPLIT) == guarded(kind, input=[PII], output=[PII])("".join(SPLIT))


@pytest.mark.parametrize("kind", KINDS)
def test_a_blocked_input_never_reaches_the_body(kind: str, seen: Capture) -> None:
    """An input that a detector blocks is refused and reported on the risk of the input, from humans."""
    with pytest.raises(hooks.GuardBlocked, match="withholds this input: rrn"):
        guarded(kind, input=[PII])("".join(SPLIT))

    assert asi.Actor.HUMAN is seen.assert_one(risk="asks", label="rrn").actor


@pytest.mark.parametrize("kind", KINDS)
def test_a_blocked_output_is_withheld(kind: str, seen: Capture) -> None:
    """An output that a detector blocks does not come out and is reported on the risk of the output."""
    with pytest.raises(hooks.GuardBlocked, match="withholds this output: rrn"):
        guarded(kind, output=[PII])("".join(SPLIT))

    assert asi.Verdict.BLOCK is seen.assert_one(risk="leaks", label="rrn").verdict


@pytest.mark.parametrize("kind", KINDS)
def test_no_digit_of_what_was_found_stands_in_a_finding(kind: str, seen: Capture) -> None:
    """A finding holds place, length and keyed digest, never the number."""
    with pytest.raises(hooks.GuardBlocked) as refused:
        guarded(kind, output=[PII])("".join(SPLIT))

    assert DIGITS not in str(refused.value) + repr(refused.value) + repr(seen.findings)


@pytest.mark.parametrize("kind", KINDS)
def test_observing_reports_and_withholds_nothing(kind: str, seen: Capture) -> None:
    """In observe mode all comes out, and what would be withheld is reported once."""
    text = "".join(SPLIT)

    assert text == guarded(kind, output=[PII], mode="observe")(text)
    seen.assert_one(risk="leaks", label="rrn")


@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_a_fallback_stands_in_for_what_is_withheld(kind: str, seen: Capture) -> None:
    """The caller's own replacement comes out instead of an error."""
    guard = guarded(kind, output=[PII], fallback=lambda _text: "canned")

    assert ("canned", 1) == (guard("".join(SPLIT)), len(seen.findings))


@pytest.mark.parametrize("side", ["input", "output"])
@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_a_transform_replaces_the_spans(side: str, kind: str, seen: Capture) -> None:
    """TRANSFORM lets the text pass with what was found replaced."""
    swear = hooks.keyword_detector("words", ["망할"], label="swear", verdict=asi.Verdict.TRANSFORM)

    assert ("이 [***] 코드", 1) == (guarded(kind, **{side: [swear]})("이 망할 코드"), len(seen.findings))


class Streams:
    """Streams of two chunks that hold a number only together."""

    @staticmethod
    def sync(**options: Any) -> list[str]:
        """Consume the stream of a generator."""

        @hooks.guard("demo-chat/reply", risks=RISKS, output=[PII], stream=hooks.Stream(**options))
        def chat() -> Iterator[str]:
            yield from SPLIT

        return list(chat())

    @staticmethod
    def aio(**options: Any) -> list[str]:
        """Consume the stream of an async generator."""

        @hooks.guard("demo-chat/reply", risks=RISKS, output=[PII], stream=hooks.Stream(**options))
        async def chat() -> AsyncIterator[str]:
            """Yield what the test looks at."""
            for chunk in SPLIT:
                yield chunk

        async def consume() -> list[str]:
            """Be awaited by the test."""
            return [chunk async for chunk in chat()]

        return asyncio.run(consume())


@pytest.mark.parametrize("consume", [Streams.sync, Streams.aio], ids=["sync", "async"])
@pytest.mark.parametrize("mode", ["holdback", "buffer"])
@pytest.mark.parametrize("every", [1, 40])
def test_a_number_split_over_chunks_is_found_once(
    consume: Callable[..., list[str]], mode: str, every: int, seen: Capture
) -> None:
    """A number that no chunk holds alone is found exactly once, and none of it comes out."""
    with pytest.raises(hooks.GuardBlocked):
        consume(mode=mode, every=every)

    assert 6 == seen.assert_one(label="rrn").fact("offset")


@pytest.mark.parametrize("consume", [Streams.sync, Streams.aio], ids=["sync", "async"])
def test_a_stream_can_be_masked(consume: Callable[..., list[str]], seen: Capture) -> None:
    """With on_flag mask the rest of the stream comes out, chunk by chunk, and the number does not."""
    assert ["주민번호는 [***]", " 입니다"] == consume(on_flag="mask")
    assert 1 == len(seen.findings)


@pytest.mark.parametrize("consume", [Streams.sync, Streams.aio], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"on_flag": "note"}, list(SPLIT)),
        ({"mode": "observe", "every": 1}, list(SPLIT)),
        ({"closing": "[stopped]"}, ["[stopped]"]),
    ],
    ids=["note", "observe", "closing"],
)
def test_what_a_stream_gives_out_follows_its_options(
    consume: Callable[..., list[str]], options: dict[str, Any], expected: list[str], seen: Capture
) -> None:
    """Only reporting lets all out; a closing item ends a stopped stream instead of an error."""
    assert expected == consume(**options)
    seen.assert_one(label="rrn")


def test_nothing_unchecked_leaves_a_holdback() -> None:
    """While a stream runs, the last characters that were not checked with what follows stay inside."""
    left: list[tuple[int, int]] = []

    @hooks.guard("demo-chat/reply", output=[PII], stream=hooks.Stream(hold=20, every=10, context=60))
    def chat() -> Iterator[str]:
        for index in range(100):
            yield "x"
            left.append((index + 1, len(out)))

    out: list[str] = []
    with capture(state=LOW):
        for chunk in chat():
            out.append(chunk)  # noqa: PERF402  # the source looks at it while it grows

    assert (100, True) == (len(out), all(gone <= max(come - 20, 0) for come, gone in left))


def test_a_hundred_interleaved_streams_do_not_mix(seen: Capture) -> None:
    """What one stream carries over never completes a number in another."""

    @hooks.guard("demo-chat/reply", output=[PII], mode="observe")
    def chat(first: str, second: str) -> Iterator[str]:
        yield first
        yield second

    running = [chat("900101-", "nothing") if index % 2 else chat("nothing", "1234567") for index in range(100)]
    for _ in range(2):
        for one in running:
            next(one)
    for one in running:
        list(one)

    assert () == seen.findings


OUTAGES: tuple[Outage, ...] = ("500", "timeout", "drop", "schema_drift", "free_text")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_is_indeterminate_and_never_clear(kind: str, outage: Outage, seen: Capture) -> None:
    """Whatever way a detector fails, blocking withholds and the finding names the policy in effect."""
    guard = guarded(kind, output=[Remote()], deadline=SOON, on_indeterminate="block")
    with simulate_outage("remote", kind=outage), pytest.raises(hooks.GuardUnavailable):
        guard("text")

    found = seen.assert_one(risk="leaks", label="control_failure:remote", verdict=asi.Verdict.INDETERMINATE)
    assert ("block", False) == (found.policy, found.fact("unguarded"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("outage", OUTAGES)
def test_allowing_lets_pass_and_says_so(kind: str, outage: Outage, seen: Capture) -> None:
    """With the policy allow the call goes on, reported as unguarded."""
    guard = guarded(kind, output=[Remote()], deadline=SOON, on_indeterminate="allow")
    with simulate_outage("remote", kind=outage):
        text = guard("text")

    found = seen.assert_one(verdict=asi.Verdict.INDETERMINATE)
    assert ("text", "allow", True) == (text, found.policy, found.fact("unguarded"))


@pytest.mark.parametrize("kind", ["function", "coroutine"])
def test_the_fallback_policy_gives_the_replacement(kind: str, seen: Capture) -> None:
    """With the policy fallback the caller's replacement comes out."""
    guard = guarded(
        kind, output=[Remote()], deadline=SOON, on_indeterminate="fallback", fallback=lambda _text: "canned"
    )
    with simulate_outage("remote", kind="drop"):
        text = guard("text")

    assert ("canned", "fallback") == (text, seen.assert_one().policy)


@pytest.mark.parametrize(
    ("grade", "side_effects", "policy"),
    [(asi.Grade.LOW, False, "allow"), (asi.Grade.LOW, True, "block"), (asi.Grade.HIGH, False, "block"),
     (None, False, "block")],
    ids=["low", "low_with_side_effects", "high", "unassessed"],
)  # fmt: skip
def test_the_default_policy_follows_the_risk(grade: asi.Grade | None, side_effects: bool, policy: str) -> None:
    """Left to itself a guard blocks where much is at stake or unknown."""
    note = hooks.RiskNote(id="leaks", category=asi.RiskCategory.MODEL_IMPERFECTION, grade=grade)
    guard = guarded("function", output=[Remote()], deadline=SOON, side_effects=side_effects)
    with capture(state=BoardState(at=AT, risks=[note])) as seen, simulate_outage("remote", kind="drop"):
        try:
            guard("text")
        except hooks.GuardUnavailable:
            done = "block"
        else:
            done = "allow"

    assert (policy, policy) == (done, seen.assert_one().policy)


def test_a_block_stands_whatever_another_detector_fails_at(seen: Capture) -> None:
    """A detector that fails later does not turn a block into a pass."""
    guard = guarded("function", output=[PII, Remote()], deadline=SOON, on_indeterminate="allow")
    with simulate_outage("remote", kind="drop"), pytest.raises(hooks.GuardBlocked):
        guard("".join(SPLIT))

    assert 2 == len(seen.findings)


@pytest.mark.parametrize("kind", ["coroutine", "async_generator"])
def test_an_async_detector_guards_coroutines(kind: str, seen: Capture) -> None:
    """A detector that is awaited works where there is a loop."""
    with pytest.raises(hooks.GuardBlocked):
        guarded(kind, output=[AsyncRemote()], deadline=dt.timedelta(seconds=5))("bad")

    seen.assert_one(label="bad")


@pytest.mark.parametrize("side", ["input", "output"])
def test_no_text_at_all_is_indeterminate(side: str, seen: Capture) -> None:
    """A side without a text to check is a control that did not answer."""

    @hooks.guard("demo-chat/reply", risks=RISKS, on_indeterminate="allow", **{side: [PII]})  # type: ignore[arg-type]  # by name of the side
    def count(number: int) -> int:
        return number

    assert 3 == count(3)
    seen.assert_one(label="control_failure:no_text", verdict=asi.Verdict.INDETERMINATE)


def test_a_stream_without_text_is_indeterminate(seen: Capture) -> None:
    """Items of a stream without a text are let out only if the policy lets them."""

    @hooks.guard("demo-chat/reply", output=[PII], on_indeterminate="block")
    def numbers() -> Iterator[int]:
        yield 1

    with pytest.raises(hooks.GuardUnavailable):
        list(numbers())

    seen.assert_one(label="control_failure:no_text")


@pytest.mark.parametrize("kind", ["generator", "async_generator"])
def test_a_stream_without_items_has_nothing_to_check(kind: str, seen: Capture) -> None:
    """A stream that ends before its first item is let out as it is."""
    assert ("", ()) == (guarded(kind, output=[PII])(""), seen.findings)


def test_a_selector_that_fails_on_a_stream_is_indeterminate(seen: Capture) -> None:
    """An error of a selector does not break the stream; the policy answers at its end."""
    broken = guarded("generator", output=[PII], output_text=lambda item: str(item["a"]), on_indeterminate="allow")

    assert "text" == broken("text")
    seen.assert_one(label="control_failure:no_text")


def test_a_coroutine_without_text_is_let_out_by_the_policy(seen: Capture) -> None:
    """A result without a text leaves a coroutine where the policy lets it."""
    silent = guarded("coroutine", output=[PII], output_text=lambda _result: None, on_indeterminate="allow")

    assert "text" == silent("text")
    seen.assert_one(label="control_failure:no_text")


def test_selectors_name_the_text(seen: Capture) -> None:
    """What the selectors return is checked, on both sides."""

    @hooks.guard(
        "demo-chat/reply",
        input=[PII],
        output=[PII],
        mode="observe",
        input_text=lambda request: [request["q"], request["more"]],
        output_text=lambda reply: str(reply["a"]),
    )
    def chat(request: dict[str, str]) -> dict[str, str]:
        return {"a": request["q"]}

    chat({"q": "".join(SPLIT), "more": ""})

    assert ["input", "output"] == [one.fact("side") for one in seen.findings]


@pytest.mark.parametrize("side", ["input", "output"])
def test_a_selector_that_fails_is_indeterminate(side: Literal["input", "output"], seen: Capture) -> None:
    """An error of a selector does not reach the call; the policy answers."""

    def broken(*_: Any) -> str:
        raise KeyError

    guard = guarded("function", **{side: [PII], f"{side}_text": broken}, on_indeterminate="allow")

    assert "text" == guard("text")
    seen.assert_one(label="control_failure:no_text")


def test_a_label_wins_over_its_side_and_unmapped_is_a_signal(seen: Capture) -> None:
    """A finding bears on the risk of its label, else of its side, else on none."""
    word = hooks.keyword_detector("words", ["a"], label="word")
    long = hooks.length_detector("length", most=1)

    @hooks.guard("demo-chat/reply", risks={"word": "swears"}, output=[word, long])
    def chat() -> str:
        return "aa"

    chat()

    assert [("word", "swears"), ("too_long", None)] == [(one.label, one.risk) for one in seen.findings]


def test_at_capacity_is_indeterminate(seen: Capture) -> None:
    """A detector that hangs keeps its place, and the next call does not wait beyond its deadline."""
    guard = guarded("function", output=[Remote()], deadline=SOON, on_indeterminate="allow", concurrency=1)
    with simulate_outage("remote", kind="timeout"):
        guard("text")
        guard("text")

    assert ["timeout", "at_capacity"] == [one.cause for one in seen.findings]


def test_a_fake_detector_answers_for_another(seen: Capture) -> None:
    """The test kit lets a fake stand in by name, in its block only."""
    guard = guarded("function", output=[PII])
    with detector("pii-ko", returns=[asi.Verdict.BLOCK]), pytest.raises(hooks.GuardBlocked):
        guard("text")

    assert ("text", "fake") == (guard("text"), seen.assert_one().label)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"component": "no path"}, "component"),
        ({"mode": "sometimes"}, "mode"),
        ({"on_indeterminate": "hope"}, "on_indeterminate"),
        ({"on_indeterminate": "fallback"}, "fallback"),
        ({"output": [Remote()]}, "deadline"),
        ({"deadline": dt.timedelta(0)}, "deadline"),
        ({"concurrency": 0}, "concurrency"),
        ({"output": [PII, PII]}, "detectors"),
    ],
    ids=["path", "mode", "policy", "fallback", "no_deadline", "zero", "concurrency", "same_name"],
)
def test_a_guard_that_cannot_work_is_refused_at_decoration(options: dict[str, Any], field: str) -> None:
    """Wrong options fail where they are written, not in the first call."""
    with pytest.raises(asi.exceptions.InvalidValue, match=field):
        hooks.guard(**{"component": "demo-chat/reply", **options})


@pytest.mark.parametrize(
    "options", [{"mode": "some"}, {"on_flag": "hide"}, {"hold": 300}], ids=["mode", "on_flag", "hold"]
)
def test_stream_options_that_cannot_work_are_refused(options: dict[str, Any]) -> None:
    """Words there are not, and a context shorter than what is held, are refused."""
    with pytest.raises(asi.exceptions.InvalidValue):
        hooks.Stream(**options)
