"""One register for many: threads, processes and coroutines."""

import asyncio
import inspect
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kakao_asi import CommandRefused, Risk, RiskRegister, Stage, System, commands
from kakao_asi.exceptions import StoreFull, VersionConflict
from kakao_asi.stores import MemoryStore, Row, SQLiteStore
from kakao_asi.testing import FrozenClock

AsyncRegister = type(RiskRegister.on(MemoryStore()).aio)

READER = """
import json, sys
from kakao_asi import RiskRegister
with RiskRegister.open(sys.argv[1], read_only=True) as register:
    risks = [(one.id, one.status.id, one.cycle, one.effective and one.effective.id) for one in register.risks()]
    hashes = [register.state_hash(one) for one in ("r", "chat")]
    case = [(one.id, one.status.id, one.body) for one in register.cases()]
    print(json.dumps([risks, hashes, case, register.rebuild(), register.audit().sound]))
"""


def risk(name: str, **more: Any) -> Risk:
    """Return a risk."""
    parts = {"title": "Made up", "category": "model_imperfection", "system": "chat", "owner": "serving"}
    return Risk(**({"id": name, "principles": {"privacy"}} | parts | more))


def test_another_process_sees_the_same_state(start_life: Callable[..., Any], tmp_path: Path) -> None:
    """What one process wrote, another one reads from the file, while the first has it open."""
    clock = FrozenClock(start_life.start)
    path = tmp_path / "asi.db"
    life = start_life(store=SQLiteStore(path, clock=clock), clock=clock)
    life.answered()
    life.lowered()
    done = subprocess.run([sys.executable, "-c", READER, str(path)], capture_output=True, check=True, text=True)
    register = life.register
    expected = [
        [[one.id, one.status.id, one.cycle, "low"] for one in register.risks()],
        [register.state_hash("r"), register.state_hash("chat")],
        [[one.id, one.status.id, one.body] for one in register.cases()],
        [],
        True,
    ]

    assert expected == json.loads(done.stdout)


def together(count: int, act: Callable[[int], None]) -> list[BaseException]:
    """Let threads act at the same moment; return what they raised."""
    barrier = threading.Barrier(count)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            act(number)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test looks at it
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_threads_identify_different_risks_at_once(kept: Any) -> None:
    """Eight threads, five risks each: all there, none twice, and the log adds up."""

    def identify(number: int) -> None:
        for turn in range(5):
            kept.register.identify(risk(f"t{number}-{turn}"), by="pm.oh")

    assert together(8, identify) == []
    assert len(list(kept.register.risks())) == 41
    assert kept.register.rebuild() == ()
    assert kept.register.audit().sound


def test_threads_that_want_the_same_get_it_once(kept: Any) -> None:
    """Eight threads identify one risk; one does, seven are refused with the reason."""
    raised = together(8, lambda number: kept.register.identify(risk(f"t{number}", label="same"), by="pm.oh") and None)

    assert [type(one) for one in raised] == [CommandRefused] * 7
    assert {one.code.id for error in raised for one in error.refusals} == {"duplicate_active"}  # type: ignore[attr-defined]  # they are all refusals
    assert len(list(kept.register.risks())) == 2


def test_threads_with_one_key_are_one_request(kept: Any) -> None:
    """The same request from eight threads is taken once and answered eight times."""
    states: list[Any] = []
    raised = together(8, lambda _: states.append(kept.register.identify(risk("one"), by="pm.oh", key="k")))

    assert (raised, len(states)) == ([], 8)
    assert [one.kind for one in kept.register.history("one")] == ["risk_identified"]


def test_two_registers_on_one_file_exclude_each_other(start_life: Callable[..., Any], tmp_path: Path) -> None:
    """Each decides on what the other has written."""
    clock = FrozenClock(start_life.start)
    path = tmp_path / "asi.db"
    start_life(store=SQLiteStore(path, clock=clock), clock=clock).register.release()
    with RiskRegister.open(path, clock=clock) as one, RiskRegister.open(path, clock=clock) as two:
        registers = [one, two]
        raised = together(
            4, lambda n: [registers[n % 2].identify(risk(f"p{n}-{turn}"), by="pm.oh") for turn in range(4)] and None
        )
        assert raised == []
        assert len(list(one.risks())) == 17
        assert list(one.risks()) == list(two.risks())
        assert two.rebuild() == ()


# --- coroutines ------------------------------------------------------------------------------------------------------


def test_coroutines_do_the_same(life: Any) -> None:
    """Verbs, questions and submit, with the same answers."""

    async def main() -> None:
        """Ask for one of each."""
        register = life.register.aio
        await register.add_system(System(id="bot", unit="chat", audience="internal"), by="pm.oh")
        await register.identify(risk("late", system="bot"), by="pm.oh")
        await register.submit(commands.Reword(risk="late", title="Said better"), by="pm.oh")
        assert (await register.risk("late")).risk.title == "Said better"
        assert await register.gate("bot", Stage.DEVELOPMENT) == life.register.gate("bot", Stage.DEVELOPMENT)
        assert [one.id for one in await register.risks(system="bot")] == ["late"]
        with pytest.raises(CommandRefused):
            await register.close("late", by="pm.oh")

    asyncio.run(main())


COROUTINES = sorted(name for name in dir(AsyncRegister) if inspect.iscoroutinefunction(getattr(AsyncRegister, name)))


@pytest.mark.parametrize("name", COROUTINES)
def test_each_coroutine_is_the_call_of_its_name(name: str) -> None:
    """With the same parameters, passed on as they are, and the same answer."""
    mine = inspect.signature(getattr(AsyncRegister, name))
    theirs = inspect.signature(getattr(RiskRegister, name))
    asked: dict[str, Any] = {}
    names: list[str] = []

    class Recording:
        """A register that notes what it is asked."""

        def __getattr__(self, called: str) -> Callable[..., str]:
            """Answer any call with its name."""

            def call(*args: Any, **kwargs: Any) -> str:
                asked.update(theirs.bind(None, *args, **kwargs).arguments)
                names.append(called)
                return called

            return call

    wanted: dict[str, Any] = {}
    plain: list[Any] = []
    for one in list(mine.parameters.values())[1:]:
        if one.kind is one.VAR_KEYWORD:
            wanted["by"] = "pm.oh"
        elif one.kind is one.KEYWORD_ONLY:
            wanted[one.name] = object()
        else:
            plain.append(object())
    answer = asyncio.run(getattr(AsyncRegister(Recording()), name)(*plain, **wanted))
    given = {key: value for key, value in asked.items() if key != "self"}
    given |= given.pop("who", {})

    assert ([name], None if mine.return_annotation == "None" else name) == (names, answer)
    assert {id(value) for value in [*plain, *wanted.values()]} == {id(value) for value in given.values()}


def test_every_verb_is_a_coroutine_too() -> None:
    """The thirteen, submit, and the questions that read the store."""
    risks = {"identify", "assess", "respond", "verify", "contain", "close", "reopen"}
    verbs = risks | {"add_system", "escalate", "decide", "enter", "stop", "lift"}

    assert verbs | {"submit", "gate", "risks", "events"} <= set(COROUTINES)


def test_coroutines_leave_the_loop_free(start_life: Callable[..., Any]) -> None:
    """While a command waits in the store, the event loop goes on."""
    clock = FrozenClock(start_life.start)
    entered, let_go = threading.Event(), threading.Event()

    class Slow(MemoryStore):
        """A store that waits until it is told to go on."""

        def append(self, events: Any, rows: Any, expected: Any, key: Any) -> Any:
            """Wait, once somebody asked for it."""
            if wait:
                entered.set()
                assert let_go.wait(30)
            return super().append(events, rows, expected, key)

    wait: list[bool] = []
    life = start_life(store=Slow(clock=clock), clock=clock)
    wait.append(True)

    async def main() -> str:
        """Start a command and let the store go on only then."""
        task = asyncio.create_task(life.register.aio.identify(risk("late"), by="pm.oh"))
        assert await asyncio.to_thread(entered.wait, 30)
        assert not task.done()
        let_go.set()
        return (await task).id

    assert asyncio.run(main()) == "late"


# --- when the store fails --------------------------------------------------------------------------------------------


class Failing(MemoryStore):
    """A store whose next appends raise, before or after they have written."""

    def __init__(self, **options: Any) -> None:
        """Work until told otherwise."""
        super().__init__(**options)
        self.errors: list[Exception] = []
        self.late = False

    def append(self, events: Any, rows: Any, expected: Any, key: Any) -> Any:
        """Raise what is due."""
        if self.errors and not self.late:
            raise self.errors.pop()
        receipt = super().append(events, rows, expected, key)
        if self.errors:
            raise self.errors.pop()
        return receipt


@pytest.fixture
def failing(start_life: Callable[..., Any]) -> Any:
    """A life over a store that can be made to fail."""
    clock = FrozenClock(start_life.start)
    return start_life(store=Failing(clock=clock), clock=clock)


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_a_failing_store_leaves_nothing_half_written(failing: Any, late: bool) -> None:
    """Whether it fails before or after it wrote, a command that touches two streams is there wholly or not at all."""
    failing.assess()
    failing.submit(commands.Pin(system="chat", pins=[failing.pin("v1")]))
    before = failing.size(), failing.state(), failing.register.system("chat")
    failing.store.late = late
    failing.store.errors = [StoreFull("no space")]
    with pytest.raises(StoreFull):
        failing.submit(commands.Pin(system="chat", pins=[failing.pin("v2")]))
    assert before == (failing.size(), failing.state(), failing.register.system("chat"))
    assert failing.register.rebuild() == ()

    failing.submit(commands.Pin(system="chat", pins=[failing.pin("v2")]))
    assert (failing.state().cycle, failing.register.rebuild()) == (2, ())


@pytest.mark.parametrize(("conflicts", "taken"), [(4, True), (5, False)])
def test_a_stale_decision_is_made_anew_five_times(failing: Any, conflicts: int, taken: bool) -> None:
    """After the fifth conflict the caller hears of it, and nothing was written."""
    before = failing.size()
    failing.store.errors = [VersionConflict("risk:r", 1, 2) for _ in range(conflicts)]
    if not taken:
        with pytest.raises(VersionConflict):
            failing.submit(commands.Reword(risk="r", title="x"))
    else:
        failing.submit(commands.Reword(risk="r", title="x"))

    assert failing.size() == before + taken
    assert failing.register.rebuild() == ()


def test_states_that_do_not_follow_from_the_log_are_named(life: Any) -> None:
    """A row that somebody changed shows in the rebuild."""
    row = life.store.get("risk", "r")
    forged = row.state.replace(b'"status":"identified"', b'"status":"assessed"')
    columns = dict(row.columns)
    life.store.append((), [Row(kind="risk", id="r", version=row.version, columns=columns, state=forged)], {}, None)

    assert life.register.rebuild() == ("risk:r",)


def test_a_copy_opens_with_the_same_content(life: Any, tmp_path: Path) -> None:
    """A backup of a register is a register."""
    life.answered()
    life.register.backup(tmp_path / "copy.db")
    with RiskRegister.open(tmp_path / "copy.db", read_only=True) as copy:
        assert copy.risk("r") == life.state()
