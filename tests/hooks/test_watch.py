"""``watch``, ``gate``, ``human_action``, ``activity``, ``carry`` and ``inventory`` beyond the 22 behaviours."""

from __future__ import annotations

import asyncio
import builtins
import concurrent.futures
import datetime as dt
import functools
import inspect
import linecache
import logging
import operator
import os
import pickle
import subprocess
import sys
import traceback
import typing
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.governance import Code
from kakao_asi.signals import BoardState
from kakao_asi.testing import Capture, blocked, capture

AT = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
watched = hooks.watch("r", on=ValueError)


@pytest.fixture
def seen() -> Iterator[Capture]:
    """Everything found during a test."""
    with capture() as record:
        yield record


@pytest.fixture(params=["compiled", "generic"])
def wrappers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the wrappers are compiled with the exact signature."""
    if request.param == "generic":
        monkeypatch.setattr("kakao_asi.hooks._decorate.compiled", lambda _plan, _kind: None)
    return str(request.param)


@watched
def module_level(text: str = "private") -> str:
    """Raise."""
    raise ValueError(text)


def raising(error: BaseException) -> Callable[[], None]:
    """Return a function that raises."""

    def fail() -> None:
        raise error

    return fail


# --- watch -----------------------------------------------------------------------------------------------------------


def test_a_module_level_function_pickles_to_itself() -> None:
    """The decorated function is found by its name."""
    assert module_level is pickle.loads(pickle.dumps(module_level))  # noqa: S301  # our own bytes


@pytest.mark.parametrize(
    "kind",
    [asyncio.CancelledError, GeneratorExit, KeyboardInterrupt, SystemExit, concurrent.futures.CancelledError],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
@pytest.mark.usefixtures("wrappers")
def test_what_is_no_failure_counts_only_if_its_own_type_is_named(kind: type[BaseException], seen: Capture) -> None:
    """Cancellation and interrupts pass a watch for every exception, and are seen by one that names them."""
    error = kind()
    everything = hooks.watch("r", on=BaseException)(raising(error))
    named = hooks.watch("r", on=kind)(raising(error))
    with pytest.raises(kind):
        everything()
    before = len(seen.findings)
    with pytest.raises(kind):
        named()

    assert (0, 1) == (before, len(seen.findings))


def test_an_error_of_this_library_is_no_finding(seen: Capture) -> None:
    """A watch around a shut gate counts no refusal."""
    refused = hooks.watch("r", on=Exception)(hooks.gate("demo-chat/reply")(lambda: None))
    with blocked("demo-chat/reply"), pytest.raises(asi.GateBlocked):
        refused()

    assert () == seen.findings


def test_an_error_of_this_library_from_the_body_is_no_finding(seen: Capture) -> None:
    """A watch for every exception passes over what the library raises inside the body."""
    refused = hooks.watch("r", on=Exception)(raising(asi.exceptions.InvalidValue("a", "must be b")))
    with pytest.raises(asi.exceptions.InvalidValue):
        refused()

    assert () == seen.findings


def test_without_a_receiver_an_exception_leaves_as_it_is() -> None:
    """Nobody is told, and nothing is left on the exception."""
    error = ValueError()
    with pytest.raises(ValueError, match=r"^$"):
        watched(raising(error))()

    assert {} == vars(error)


def test_watches_for_different_exceptions_see_only_their_own(seen: Capture) -> None:
    """Of two watches on one function only the one that asks for the exception reports it."""
    both = hooks.watch("keys", on=KeyError)(hooks.watch("values", on=ValueError)(raising(ValueError())))
    with pytest.raises(ValueError, match=r"^$"):
        both()

    assert "values" == seen.assert_one().risk


def test_a_result_is_shown_to_predicates_only(seen: Capture) -> None:
    """Of two watches on one function only the one with a predicate looks at the result."""
    both = hooks.watch("values", on=ValueError)(hooks.watch("results", when=lambda _call: True)(lambda: 1))
    both()

    assert "results" == seen.assert_one().risk


def test_a_coroutine_of_a_plain_function_gives_its_result(seen: Capture) -> None:
    """Following a coroutine that succeeds changes nothing."""

    async def inner(number: int) -> int:
        """Be awaited by the test."""
        return number

    assert (3, ()) == (asyncio.run(watched(lambda: inner(3))()), seen.findings)


def test_an_exception_that_breaks_when_it_is_looked_at_still_arrives() -> None:
    """A failure of ours while reading the exception is counted and does not replace it."""

    class OddError(ValueError):
        def __getattr__(self, name: str) -> object:
            raise OSError(name)

    with hooks.activate(sink=lambda _finding: True, flush="manual"):
        with pytest.raises(OddError):
            watched(raising(OddError()))()
        errors = hooks.health().internal_errors

    assert 1 == errors


@pytest.mark.usefixtures("wrappers")
def test_a_group_is_looked_into_and_stays_whole(seen: Capture) -> None:
    """Each wanted member counts, others do not, and the group arrives as it was raised."""
    group = ExceptionGroup("g", [KeyError(), ExceptionGroup("inner", [ValueError(), TypeError()])])
    with pytest.raises(ExceptionGroup) as raised:
        watched(raising(group))()

    assert (group, "ValueError", "ExceptionGroup") == (
        raised.value,
        seen.assert_one().cause,
        seen.assert_one().fact("group"),
    )


def test_two_risks_count_one_each_and_recursion_once(seen: Capture) -> None:
    """One exception counts once for a risk, however many watched calls it passes."""

    @hooks.watch("other", on=ValueError)
    @watched
    def deep(level: int) -> None:
        if level == 0:
            raise ValueError
        deep(level - 1)

    with pytest.raises(ValueError, match=r"^$"):
        deep(5)

    assert ["other", "r"] == sorted(one.risk or "" for one in seen.findings)


def test_a_wrong_call_is_no_finding(wrappers: str, seen: Capture) -> None:
    """Arguments that do not fit raise Python's own message outside the watched body."""

    def function(a: int) -> int:
        return a

    with pytest.raises(TypeError) as plain:
        function()  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(TypeError) as through:
        hooks.watch("r", on=TypeError)(function)()  # type: ignore[call-arg]  # wrong on purpose

    assert (str(plain.value), ()) == (str(through.value), seen.findings), wrappers


@pytest.mark.usefixtures("wrappers")
def test_an_exception_keeps_all_and_its_traceback_is_one_frame_longer(seen: Capture) -> None:
    """Arguments, cause, context and notes stay; one frame is added."""
    error = ValueError("a", 1)
    error.__cause__, error.__context__ = KeyError(), OSError()
    error.add_note("note")
    fail = raising(error)
    with pytest.raises(ValueError, match="a") as raised:
        watched(fail)()

    frames = [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)][1:]
    assert (["wrapper", "fail"], ("a", 1), ["note"]) == (frames, error.args, error.__notes__)
    assert (KeyError, OSError, 1) == (type(error.__cause__), type(error.__context__), len(seen.findings))


@pytest.mark.parametrize(
    "call",
    [
        watched(functools.partial(raising(ValueError()))),
        lambda: watched(int)("x"),
        lambda: watched(operator.methodcaller("index", "x"))([]),
        watched(raising(ValueError()).__call__),
        watched(lambda: int("x")),
    ],
    ids=["partial", "class", "object", "bound", "lambda"],
)
def test_other_callables_are_watched_too(call: Callable[[], object], seen: Capture) -> None:
    """Whatever can be called can be watched."""
    with pytest.raises(ValueError):  # noqa: PT011  # Python's own words
        call()

    seen.assert_one(cause="ValueError")


def test_async_partials_and_async_objects_are_awaited(seen: Capture) -> None:
    """What is awaited in the end is watched while it is."""

    async def fail() -> None:
        """Be awaited by the test."""
        raise ValueError

    class Service:
        async def __call__(self) -> None:
            """Be awaited by the test."""
            raise ValueError

    for call in (watched(functools.partial(fail)), watched(Service())):
        with pytest.raises(ValueError, match=r"^$"):
            asyncio.run(call())

    assert 2 == len(seen.findings)


def test_a_future_or_generator_object_keeps_its_identity() -> None:
    """A plain function's result is not replaced unless it is a coroutine."""
    running = (item for item in "ab")

    assert running is watched(lambda: running)()


def test_type_hints_and_annotations_stay_readable() -> None:
    """Postponed annotations resolve in the module of the function."""
    assert {"text": str, "return": str} == typing.get_type_hints(module_level)


def test_the_source_of_a_compiled_wrapper_is_visible() -> None:
    """Debuggers and tracebacks find the lines of the wrapper."""
    code = module_level.__code__

    assert "_asi_f(text)" in "".join(linecache.getlines(code.co_filename))
    assert code.co_varnames[0] == "text"


def test_a_name_that_collides_falls_back_to_the_generic_wrapper() -> None:
    """A parameter named like ours is passed all the same."""

    @watched
    def function(_asi_f: int) -> int:
        return _asi_f

    assert (3, inspect.CO_VARARGS) == (function(3), function.__code__.co_flags & inspect.CO_VARARGS)


def test_a_mutable_default_stays_one_object() -> None:
    """Defaults are shared with the function."""

    @watched
    def add(item: int, items: list[int] = []) -> list[int]:  # noqa: B006  # what is tested
        items.append(item)
        return items

    add(1)

    assert [1, 2] == add(2)


@pytest.mark.usefixtures("wrappers")
@pytest.mark.parametrize("kind", ["function", "coroutine", "generator", "async_generator", "returns_coroutine"])
def test_a_predicate_sees_results_and_arguments(kind: str, seen: Capture) -> None:
    """A call that returned is shown with its result and its arguments by name."""
    told: list[tuple[Any, Any]] = []
    looks = hooks.watch("r", when=lambda call: not told.append((call.result, dict(call.args))))

    def plain(a: int, b: int = 2) -> int:
        return a + b

    async def coroutine(a: int, b: int = 2) -> int:
        """Be awaited by the test."""
        return a + b

    def generator(a: int, b: int = 2) -> Iterator[int]:
        yield a
        return a + b  # generators may return

    async def async_generator(a: int, b: int = 2) -> AsyncIterator[int]:
        """Yield what the test looks at."""
        yield a + b

    async def consume() -> None:
        """Be awaited by the test."""
        async for _ in looks(async_generator)(1):
            pass

    acts: dict[str, Callable[[], object]] = {
        "function": lambda: looks(plain)(1),
        "coroutine": lambda: asyncio.run(looks(coroutine)(1)),
        "generator": lambda: list(looks(generator)(1)),
        "async_generator": lambda: asyncio.run(consume()),
        "returns_coroutine": lambda: asyncio.run(looks(lambda a, b=2: coroutine(a, b))(1)),
    }
    acts[kind]()

    assert [(None if kind == "async_generator" else 3, {"a": 1, "b": 2})] == told
    seen.assert_one(risk="r")


def test_sampling_asks_about_an_even_share(seen: Capture) -> None:
    """One call in four is shown, and the finding says so."""
    look = hooks.watch("r", when=lambda _call: True, sample=0.25)(lambda: None)
    for _ in range(8):
        look()

    assert ["0.25", "0.25"] == [one.fact("sample") for one in seen.findings]


def test_a_predicate_that_fails_raises_under_the_test_kit(seen: Capture) -> None:
    """In a test a bug in a predicate is seen."""
    look = hooks.watch("r", when=lambda _call: 1 / 0)(lambda: None)
    with pytest.raises(ZeroDivisionError):
        look()

    assert () == seen.findings


def test_a_predicate_that_fails_never_reaches_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """In production it is counted and told once, without its message."""
    look = hooks.watch("r", when=lambda _call: int("private"))(lambda: 3)
    with hooks.activate(sink=lambda _finding: True, flush="manual"), caplog.at_level(logging.WARNING):
        results = [look(), look()]
        errors = hooks.health().internal_errors

    assert ([3, 3], 2, 1) == (results, errors, len(caplog.records))
    assert "private" not in caplog.text


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"risk": "No Id", "on": ValueError}, asi.exceptions.InvalidValue),
        ({"risk": "r", "on": "ValueError"}, asi.exceptions.InvalidValue),
        ({"risk": "r", "when": bool, "sample": 0}, asi.exceptions.InvalidValue),
        ({"risk": "r"}, TypeError),
        ({"risk": len}, TypeError),
    ],
    ids=["risk", "on", "sample", "neither", "bare"],
)
def test_a_watch_that_cannot_work_is_refused(arguments: dict[str, Any], error: type[Exception]) -> None:
    """Misuse fails where it is written."""
    risk = arguments.pop("risk")
    with pytest.raises(error):
        hooks.watch(risk, **arguments)


def test_a_property_cannot_be_decorated() -> None:
    """The message says where to put the decorator."""
    with pytest.raises(asi.exceptions.InvalidValue, match="below @property"):
        watched(property(lambda _self: 1))  # type: ignore[type-var]  # wrong on purpose


def test_off_gives_back_the_same_object() -> None:
    """With the switch off every decorator returns what it was given, and the sites stay in the inventory."""
    code = (
        "import kakao_asi as asi\nfrom kakao_asi import hooks\n"
        "def f(): pass\n"
        "same = [d(f) is f for d in (asi.watch('r', on=ValueError), asi.gate('a/b'), asi.guard('a/b'),\n"
        "        asi.gate('a/b', fallback=len), asi.human_action('a', risk='r', reversible=True))]\n"
        "print(same, hooks.health().disabled, [s.hook for s in hooks.inventory().sites])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "KAKAO_ASI_HOOKS": "off"},
    )

    assert "[True, True, True, True, True] 4 ['gate', 'guard', 'human_action', 'watch']" == done.stdout.strip()


def test_nothing_heavy_is_loaded_for_hooks() -> None:
    """Hooks load none of the heavy packages, and no receiver means no thread."""
    code = (
        "import sys, threading, kakao_asi.hooks\n"
        "heavy = {'networkx', 'cattrs', 'structlog', 'sqlite3', 'asyncio', 'importlib.metadata'}\n"
        "print(sorted(heavy & set(sys.modules)), threading.active_count())"
    )

    # Measuring coverage in the child would load sqlite3 there.
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, env=bare)

    assert "[] 1" == done.stdout.strip()


# --- gate ------------------------------------------------------------------------------------------------------------

gated = hooks.gate("demo-chat/reply")


@gated
def answer() -> str:
    """Answer."""
    return "…"


@pytest.mark.usefixtures("wrappers")
@pytest.mark.parametrize("kind", ["function", "coroutine", "generator", "async_generator"])
def test_a_shut_gate_refuses_or_gives_the_fallback(kind: str) -> None:
    """Each kind refuses at its start, and with a fallback gives that instead."""

    def plain() -> str:
        return "body"

    async def coroutine() -> str:
        """Be awaited by the test."""
        return "body"

    def generator() -> Iterator[str]:
        yield "body"

    async def async_generator() -> AsyncIterator[str]:
        """Yield what the test looks at."""
        yield "body"

    async def first(source: AsyncIterator[str]) -> str:
        """Be awaited by the test."""
        return "".join([item async for item in source])

    runs: dict[str, Callable[[Any], str]] = {
        "function": lambda decorate: decorate(plain)(),
        "coroutine": lambda decorate: asyncio.run(decorate(coroutine)()),
        "generator": lambda decorate: "".join(decorate(generator)()),
        "async_generator": lambda decorate: asyncio.run(first(decorate(async_generator)())),
    }
    fallback = hooks.gate("demo-chat/reply", fallback=lambda: "canned")
    with blocked("demo-chat/reply"), pytest.raises(asi.GateBlocked) as refused:
        runs[kind](gated)
    with blocked("demo-chat"):
        instead = runs[kind](fallback)

    assert ("canned", "body", Code.STOPPED) == (instead, runs[kind](gated), refused.value.result.blockers[0].code)


async def _agen() -> AsyncIterator[str]:
    """Yield what the test looks at."""
    yield "a"
    yield "b"


@pytest.mark.parametrize("fallback", [lambda: ["a", "b"], _agen], ids=["list", "async_generator"])
def test_a_fallback_of_an_async_generator_may_be_any_stream(fallback: Callable[[], Any]) -> None:
    """Items of a list or of an async generator stand in."""

    @hooks.gate("demo-chat/reply", fallback=fallback)
    async def stream() -> AsyncIterator[str]:
        """Yield what the test looks at."""
        yield "body"

    async def consume() -> list[str]:
        """Be awaited by the test."""
        return [item async for item in stream()]

    with blocked("demo-chat/reply"):
        assert ["a", "b"] == asyncio.run(consume())


def test_observing_reports_and_lets_pass(seen: Capture) -> None:
    """The first stage of a roll-out records what would have been refused."""
    observe = hooks.gate("demo-chat/reply", mode="observe")(lambda: 3)
    with blocked("demo-chat/reply", code=Code.REJECTED):
        result = observe()

    assert (3, "rejected") == (result, seen.assert_one(label="would_block").fact("codes"))


def test_observing_without_a_receiver_lets_pass() -> None:
    """Where nobody takes findings an observing gate lets a call pass unreported."""
    observed = hooks.gate("demo-chat/reply", mode="observe")(lambda: 3)
    with blocked("demo-chat/reply"):
        assert 3 == observed()


def test_a_watch_outside_a_fallback_sees_its_result(seen: Capture) -> None:
    """What stands in for a result is a result to the hooks outside."""
    looks = hooks.watch("r", when=lambda call: bool(call.result == "canned"))
    both = looks(hooks.gate("demo-chat/reply", fallback=lambda: "canned")(lambda: "body"))
    with blocked("demo-chat/reply"):
        both()

    seen.assert_one(risk="r")


def test_check_raises_nothing_and_only_this_context_is_shut() -> None:
    """The answer names the blockers; outside of the block the gate is open."""
    with blocked("demo-chat/reply"):
        inside = gated.check()
        thread = concurrent.futures.ThreadPoolExecutor(1)
        elsewhere = thread.submit(answer).result()
        thread.shutdown()

    assert (False, True, "…") == (inside.passed, gated.check().passed, elsewhere)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [(("No Path",), asi.exceptions.InvalidValue), ((len,), TypeError)],
    ids=["path", "bare"],
)
def test_a_gate_that_cannot_work_is_refused(arguments: tuple[Any, ...], error: type[Exception]) -> None:
    """Misuse fails where it is written."""
    with pytest.raises(error):
        hooks.gate(*arguments)
    with pytest.raises(asi.exceptions.InvalidValue):
        hooks.gate("a", mode="sometimes")  # type: ignore[call-overload]  # wrong on purpose


# --- human_action and activity ---------------------------------------------------------------------------------------

APPROVED = BoardState(at=AT, cases=[hooks.CaseNote(id="case-17")])


@hooks.human_action("drop-index", risk="dropped", reversible=False, dry_run="dry_run")
def drop_index(name: str, *, dry_run: bool = True) -> str:
    """Drop an index."""
    return f"{name}:{dry_run}"


def test_a_human_step_is_reported_from_humans(seen: Capture) -> None:
    """What a person does is a finding with the act and who did it; a rehearsal is none."""
    drop_index("old")
    with hooks.activity("reindex", by="ops.kim", stage="monitoring"):
        drop_index("old", dry_run=False)

    found = seen.assert_one(risk="dropped")
    assert (asi.Actor.HUMAN, "drop-index", "ops.kim", "reindex", asi.Stage.MONITORING) == (
        found.actor,
        found.fact("act"),
        found.fact("by"),
        found.run,
        found.stage,
    )


@pytest.mark.parametrize("case", ["case-17", "case-18"])
@pytest.mark.parametrize("place", ["activity", "decorator"])
def test_a_case_has_to_be_approved(case: str, place: str) -> None:
    """A step that names a case starts only if the board says it is approved, wherever it is named."""
    named = case if place == "decorator" else None
    step = hooks.human_action("purge", risk="dropped", reversible=False, case=named)(lambda: 1)
    with capture(state=APPROVED) as seen, hooks.activity("act", case=case):
        if case == "case-17":
            step()
        else:
            with pytest.raises(asi.GateBlocked):
                step()

    expected = asi.Verdict.FLAG if case == "case-17" else asi.Verdict.BLOCK
    assert expected is seen.assert_one().verdict


def test_a_wrong_call_of_a_step_says_what_python_says(seen: Capture) -> None:
    """The step is not reported, because it never starts."""
    with pytest.raises(TypeError, match="drop_index"):
        drop_index()  # type: ignore[call-arg]  # wrong on purpose

    assert () == seen.findings


@pytest.mark.usefixtures("wrappers")
def test_a_wrong_call_of_a_step_with_a_rehearsal_is_not_reported(seen: Capture) -> None:
    """Where the arguments do not fit, Python's own error arrives and no step is reported."""
    step: Any = hooks.human_action("act", risk="r", reversible=True, dry_run="dry")(lambda dry: dry)
    with pytest.raises(TypeError):
        step()

    assert () == seen.findings


def test_a_step_that_cannot_work_is_refused() -> None:
    """Misuse fails where it is written."""
    with pytest.raises(TypeError):
        hooks.human_action(len, risk="r", reversible=True)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(asi.exceptions.InvalidValue):
        hooks.human_action("No Id", risk="r", reversible=True)
    with pytest.raises(asi.exceptions.InvalidValue, match="dry_run"):
        hooks.human_action("a", risk="r", reversible=True, dry_run="nothing")(answer)


def test_an_activity_ties_findings_together(seen: Capture) -> None:
    """Findings inside carry its name and measures; flags and failures bear on its risk."""
    with pytest.raises(ValueError, match="private"), hooks.activity("reindex", risk="stale") as block:  # noqa: PT012  # the block is what is tested
        block.measure("dup_rate", "0.031")
        block.flag("schema drift", label="data.schema")
        with hooks.activity("inner"):
            pass
        module_level()

    assert [("stale", "data.schema"), ("r", None), ("stale", None)] == [(one.risk, one.label) for one in seen.findings]
    assert {("reindex", "0.031")} == {(one.run, one.fact("dup_rate")) for one in seen.findings}
    assert "private" not in repr(seen.findings)


def test_an_activity_works_with_async_with(seen: Capture) -> None:
    """The async form is the same block."""

    async def act() -> None:
        """Be awaited by the test."""
        async with hooks.activity("reindex", risk="stale") as block:
            block.flag("x", label="seen")

    asyncio.run(act())

    assert "reindex" == seen.assert_one().run


def test_an_activity_needs_ids() -> None:
    """Names that are no ids are refused."""
    with pytest.raises(asi.exceptions.InvalidValue):
        hooks.activity("No Id")


def test_carry_takes_the_context_along(seen: Capture, caplog: pytest.LogCaptureFixture) -> None:
    """Work submitted through carry keeps its activity; without it the finding has none and warns once."""

    def work() -> None:
        with pytest.raises(ValueError, match="private"):
            module_level()

    with concurrent.futures.ThreadPoolExecutor(1) as pool, hooks.activity("reindex"):
        pool.submit(asi.carry(work)).result()
        with_carry = seen.assert_one().run
    with (
        hooks.activate(sink=lambda _finding: True, flush="manual"),
        hooks.activity("reindex"),
        concurrent.futures.ThreadPoolExecutor(1) as pool,
        caplog.at_level(logging.WARNING),
    ):
        pool.submit(work).result()
        pool.submit(work).result()

    assert ("reindex", 1) == (with_carry, sum("carry()" in record.getMessage() for record in caplog.records))


# --- the inventory ---------------------------------------------------------------------------------------------------


def test_the_inventory_knows_what_does_not_fit() -> None:
    """Risks that hooks name and the register does not know are listed."""
    from kakao_asi.stores import MemoryStore

    @hooks.watch("nobody-knows", on=ValueError, component="no-system/part")
    def function() -> None: ...

    with asi.RiskRegister.on(MemoryStore()) as register:
        found = hooks.inventory().check(register)

    assert "nobody-knows" in found.unknown_risks
    assert "no-system" in found.unknown_systems
    assert ((), ()) == (found.without_hook, found.disabled)
    assert any(site.site.endswith("function") for site in hooks.inventory().sites)
    assert function.__name__ == "function"


class SmallPages:
    """A register that answers with pages of two."""

    def __init__(self, register: asi.RiskRegister) -> None:
        """Ask a real register."""
        self._register = register

    def risks(self, **options: Any) -> Any:
        """Return at most two risks."""
        return self._register.risks(**options, limit=2)

    def systems(self, **options: Any) -> Any:
        """Return at most two systems."""
        return self._register.systems(**options, limit=2)


def test_the_inventory_reads_every_page_of_a_register() -> None:
    """A register that does not fit on one page is known whole."""
    from kakao_asi.stores import MemoryStore

    @hooks.watch("leaks-3", on=ValueError, component="chat-3/part")
    def function() -> None: ...

    with asi.RiskRegister.on(MemoryStore()) as register:
        for number in range(5):
            audience = asi.Audience.EXTERNAL
            register.add_system(asi.System(id=f"chat-{number}", unit="chat", audience=audience), by="ml.lee")
            risk = asi.Risk(
                id=f"leaks-{number}",
                title="A reply repeats what it must not",
                category=asi.RiskCategory.MODEL_IMPERFECTION,
                system="chat-0",
                principles={"privacy"},
                owner="serving",
            )
            register.identify(risk, by="ml.lee")
        found = hooks.inventory().check(SmallPages(register))  # type: ignore[arg-type]  # answers what is asked

    assert ("leaks-0", "leaks-1", "leaks-2", "leaks-4") == found.without_hook
    assert "leaks-3" not in found.unknown_risks
    assert "chat-3" not in found.unknown_systems
    assert function.__name__ == "function"


def test_capture_says_what_it_found(seen: Capture) -> None:
    """The assertions of the test kit name what is there."""
    with pytest.raises(ValueError, match="private"):
        module_level()

    with pytest.raises(builtins.AssertionError, match="cause=ValueError"):
        seen.assert_none(risk="r")
    with pytest.raises(builtins.AssertionError, match="got 0"):
        seen.assert_one(risk="other")
    seen.assert_none(verdict=asi.Verdict.INDETERMINATE)
