"""Nothing hangs: forks under threads, signals in a hot loop, re-entry, hung sinks, and a store that others hold.

Each rig runs in a process of its own, which a watchdog ends if it hangs: then its test fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

WATCHDOG = 300
FORKS = [pytest.param(10, marks=pytest.mark.long), pytest.param(500, marks=pytest.mark.soak)]
SECONDS = [pytest.param(0.5, marks=pytest.mark.long), pytest.param(30.0, marks=pytest.mark.soak)]

HEAD = """
import gc, logging, os, signal, sys, threading, time
from kakao_asi import hooks

@hooks.watch("fails", on=ValueError)
def fail():
    raise ValueError

def storm():
    try:
        fail()
    except ValueError:
        pass

def balanced():
    hooks.flush()
    seen = hooks.health()
    return seen.offered == seen.stored + seen.dropped + seen.pending
"""

Rig = Callable[..., list[str]]


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    """Run a program in a process of its own until it ends by itself; return the words it printed."""
    # A coverage measurement has locks of its own, which a fork under busy threads may leave held.
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}

    def run(program: str, *arguments: object) -> list[str]:
        script = tmp_path / "rig.py"
        script.write_text(HEAD + textwrap.dedent(program), "utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "ignore::DeprecationWarning", str(script), *map(str, arguments)],
            env=quiet | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=WATCHDOG,
            check=False,
        )
        assert (0, "") == (done.returncode, done.stderr)
        return done.stdout.split()

    return run


FORKING = """
forks, stop = int(sys.argv[1]), threading.Event()
with hooks.activate(sink=lambda finding: True):
    def hot():
        while not stop.is_set():
            storm()
    threads = [threading.Thread(target=hot) for _ in range(4)]
    for thread in threads:
        thread.start()
    good = 0
    for _ in range(forks):
        child = os.fork()
        if child == 0:
            signal.alarm(20)  # a child that hangs is ended, and counts as failed
            for _ in range(5):
                storm()
            os._exit(0 if balanced() and hooks.health().offered == 5 else 3)
        good += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    stop.set()
    for thread in threads:
        thread.join()
    print(good, balanced())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("forks", FORKS, ids=str)
def test_forks_under_busy_threads_do_not_hang(forks: int, rig: Rig) -> None:
    """Every child reports and flushes with locks of its own, whatever was held when it was forked."""
    assert [str(forks), "True"] == rig(FORKING, forks)


ALARMED = """
ends, alarms = time.monotonic() + float(sys.argv[1]), 0
def handler(signum, frame):
    global alarms
    alarms += 1
    storm()
calls = 0
with hooks.activate(sink=lambda finding: True, flush=sys.argv[2]):
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    while time.monotonic() < ends:
        storm()
        calls += 1
        if calls % 100 == 0:
            hooks.flush()
            hooks.refresh()
    signal.setitimer(signal.ITIMER_REAL, 0)
    even = balanced()
    seen = hooks.health()
    print(even, seen.offered + seen.reentered == calls + alarms, alarms > 10)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no SIGALRM")
@pytest.mark.parametrize("flush", ["manual", "thread"])
@pytest.mark.parametrize("seconds", SECONDS, ids=str)
def test_a_signal_each_millisecond_does_not_hang(seconds: float, flush: str, rig: Rig) -> None:
    """A handler that enters the same hooks neither hangs nor loses a count: all are offered or re-entered."""
    assert ["True"] * 3 == rig(ALARMED, seconds, flush)


REENTERED = """
class Dying:
    def __init__(self):
        self.me = self
    def __del__(self):
        storm()

class Handler(logging.Handler):
    def emit(self, record):
        storm()

logging.getLogger("kakao_asi").addHandler(Handler())
logging.getLogger("kakao_asi").propagate = False

@hooks.watch("odd", when=lambda call: call.nothing)
def odd():
    return 1

def sink(finding):
    Dying()
    logging.getLogger("kakao_asi.hooks").warning("from a sink")
    storm()
    return True

with hooks.activate(sink=sink, flush="manual"):
    for number in range(2_000):
        Dying()
        storm()
        odd()
        if number % 500 == 0:
            gc.collect()
            hooks.flush()
    gc.collect()
    for _ in range(3):
        hooks.flush()
    seen = hooks.health()
    print(seen.offered == seen.stored + seen.dropped + seen.pending, seen.offered > 4_000, seen.internal_errors)
"""


def test_reentry_from_finalisers_and_loggers_does_not_hang(rig: Rig) -> None:
    """``__del__``, a handler of logging and the sink itself enter hooks while hooks are at work."""
    assert ["True", "True", "2000"] == rig(REENTERED)


HUNG = """
hung = threading.Event()
def sink(finding):
    hung.set()
    threading.Event().wait()
hooks.activate(sink=sink, refresh=__import__("datetime").timedelta(milliseconds=10))
storm()
hung.wait()
print("ends")
"""


@pytest.mark.long
def test_an_interpreter_ends_with_a_sink_that_hangs(rig: Rig) -> None:
    """The process ends by itself although the sink never answers."""
    assert ["ends"] == rig(HUNG)


STALLED = """
import asyncio, datetime, subprocess
import kakao_asi as asi

HOLDER = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
    "c.execute('BEGIN EXCLUSIVE'); print(flush=True); input()"
)

async def ticks(seconds):
    longest, ends, count = 0.0, time.monotonic() + seconds, 0
    while time.monotonic() < ends or count < 100:
        before = time.monotonic()
        await asyncio.sleep(0.001)
        storm()
        longest = max(longest, time.monotonic() - before - 0.001)
        count += 1
    return longest

def held(path):
    return subprocess.Popen([sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

with asi.RiskRegister.open(sys.argv[1]) as register:
    register.add_system(asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
    with register.active(sink=lambda finding: True, refresh=datetime.timedelta(milliseconds=5)):
        alone = asyncio.run(ticks(float(sys.argv[2])))
        with held(sys.argv[1]) as holder:
            holder.stdout.readline()
            longest = asyncio.run(ticks(float(sys.argv[2])))
            holder.communicate(b"end")
    print(hooks.health().offered >= 200, round(longest * 1_000, 1), round(alone * 1_000, 1))
"""


@pytest.mark.parametrize("seconds", [*SECONDS[:1], pytest.param(5.0, marks=pytest.mark.soak)], ids=str)
def test_the_event_loop_goes_on_while_another_process_holds_the_store(
    seconds: float, rig: Rig, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """With the file locked by another process the loop's own work goes on: the store is read elsewhere."""
    done, longest, alone = rig(STALLED, tmp_path / "asi.db", seconds)
    record_property("longest stall in milliseconds, locked and not", (longest, alone))

    assert "True" == done
