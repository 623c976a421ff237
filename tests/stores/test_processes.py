"""Several processes at one file, processes that are killed, forks, and disks that are full."""

import datetime as dt
import os
import resource
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kakao_asi.exceptions import StoreFull, StoreUnavailable
from kakao_asi.stores import Draft, SQLiteStore, audit

PROGRAM = Path(__file__).with_name("store_program.py")
Build = Callable[..., Draft]
Start = Callable[[int], list["subprocess.Popen[str]"]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start processes of the program, which end with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(count: int) -> list[subprocess.Popen[str]]:
        for number in range(count):
            command = [sys.executable, str(PROGRAM), f"own-{number}"]
            started.append(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # closed below
            )
        return started

    yield begin
    for process in started:
        process.communicate()


def tell(processes: list["subprocess.Popen[str]"], count: int, path: Path) -> list[str]:
    """Set all processes to work at once, and return their answers."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{count} {path}\n")
        process.stdin.flush()
    return [process.stdout.readline() for process in processes if process.stdout is not None]


def in_child(work: Callable[[Callable[[bytes], object]], None]) -> tuple[int, int]:
    """Fork; run work in the child with a way to answer; return its id and the pipe its answers come through."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(lambda answer: os.write(writing, answer))
        except BaseException as error:  # noqa: BLE001  # a child must not come back into the test run
            os.write(writing, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading


def answer_of(child: int, reading: int) -> bytes:
    """Everything a child answered, when it has ended."""
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def check_processes(path: Path, start: Start, processes: int, count: int) -> None:
    """Let processes append half to a stream they share and half to one of their own, and look for what is missing."""
    answers = tell(start(processes), count, path)

    with closing(SQLiteStore(path)) as store:
        events = [
            event for after in range(-1, processes * count, 5_000) for event in store.read(after=after, limit=5_000)
        ]
        assert answers == ["done\n"] * processes
        assert [event.seq for event in events] == list(range(processes * count))
        assert Counter(event.stream for event in events) == {
            "risk:shared": processes * count // 2,
            **{f"risk:own-{number}": count // 2 for number in range(processes)},
        }
        assert audit(store).sound


def check_opening(folder: Path, start: Start, rounds: int) -> None:
    """Let eight processes find the same file missing, in several rounds, and count what each wrote."""
    processes = start(8)
    for number in range(rounds):
        assert tell(processes, 1, folder / f"{number}.db") == ["done\n"] * 8

    counts = []
    for number in range(rounds):
        with closing(SQLiteStore(folder / f"{number}.db")) as store:
            counts.append(len(store.read()))
    assert counts == [8] * rounds


@pytest.mark.long
def test_processes_lose_nothing_of_each_other(quick_folder: Path, start: Start) -> None:
    """Eight processes append a hundred events each: all are there, dense, and every stream counts up."""
    check_processes(quick_folder / "asi.db", start, processes=8, count=100)


@pytest.mark.soak
@pytest.mark.parametrize(("processes", "count"), [(8, 500), (32, 100), (32, 500)], ids=["8x500", "32x100", "32x500"])
def test_many_processes_lose_nothing_of_each_other(tmp_path: Path, start: Start, processes: int, count: int) -> None:
    """The same with more processes and more events, on a disk."""
    check_processes(tmp_path / "asi.db", start, processes, count)


@pytest.mark.long
def test_processes_may_open_a_new_file_at_once(quick_folder: Path, start: Start) -> None:
    """Eight processes find the same file missing, five times: each makes or opens it and writes."""
    check_opening(quick_folder, start, rounds=5)


@pytest.mark.soak
def test_processes_may_open_sixty_new_files_at_once(tmp_path: Path, start: Start) -> None:
    """The same sixty times, on a disk."""
    check_opening(tmp_path, start, rounds=60)


def test_full_disk_is_an_error_of_its_own_and_heals(tmp_path: Path, draft: Build) -> None:
    """Where the system refuses to let the file grow, nothing is lost, and writing goes on once it may grow again."""
    path = tmp_path / "asi.db"

    def work(answer: Callable[[bytes], object]) -> None:
        store = SQLiteStore(path)
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, most))
        written = 0
        for _ in range(5):
            try:
                while True:
                    store.append([draft(payload="x" * 20_000)], [], {"risk:a": written}, None)
                    written += 1
            except StoreFull:
                assert len(store.read()) == written
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        store.append([draft()], [], {"risk:a": written}, None)
        answer(f"{written > 5} {store.frontier().size - written} {audit(store).sound}".encode())

    assert answer_of(*in_child(work)) == b"True 1 True"


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_five_hundred_forks_do_not_hang(quick_folder: Path, draft: Build) -> None:
    """Forks among four threads that never pause: every child writes and ends, and nothing is lost."""
    stop, counts = threading.Event(), Counter[str]()

    def write(store: SQLiteStore, stream: str) -> None:
        while not stop.is_set():
            store.append([draft(stream)], [], {}, None)
            counts[stream] += 1

    with closing(SQLiteStore(quick_folder / "asi.db", busy_timeout=dt.timedelta(seconds=60))) as store:
        threads = [threading.Thread(target=write, args=(store, f"risk:t-{number}")) for number in range(4)]
        for thread in threads:
            thread.start()

        def work(answer: Callable[[bytes], object]) -> None:
            store.append([draft("risk:child")], [], {}, None)
            answer(b"done")

        answers = Counter(answer_of(*in_child(work)) for _ in range(500))
        stop.set()
        for thread in threads:
            thread.join()

        assert answers == {b"done": 500}
        assert store.frontier().size == counts.total() + 500
        assert audit(store).sound


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_children_write_through_the_same_store(quick_folder: Path, draft: Build) -> None:
    """Children forked while other threads write open the file anew, and nothing of anybody is lost."""

    def write(store: SQLiteStore, stream: str) -> None:
        for _ in range(100):
            store.append([draft(stream)], [], {}, None)

    with closing(SQLiteStore(quick_folder / "asi.db", busy_timeout=dt.timedelta(seconds=60))) as store:
        threads = [threading.Thread(target=write, args=(store, f"risk:t-{number}")) for number in range(2)]
        for thread in threads:
            thread.start()

        def work(answer: Callable[[bytes], object]) -> None:
            for _ in range(3):
                store.append([draft("risk:child")], [], {}, None)
            answer(b"done")

        answers = [answer_of(*in_child(work)) for _ in range(4)]
        for thread in threads:
            thread.join()

        assert answers == [b"done"] * 4
        assert Counter(event.stream for event in store.read()) == {"risk:t-0": 100, "risk:t-1": 100, "risk:child": 12}
        assert audit(store).sound


def test_child_forked_inside_a_block_is_refused(tmp_path: Path, draft: Build) -> None:
    """A child that was forked in the middle of a write cannot use the store; the parent's write is whole."""
    with closing(SQLiteStore(tmp_path / "asi.db")) as store:

        def work(answer: Callable[[bytes], object]) -> None:
            try:
                store.append([draft()], [], {}, None)
            except StoreUnavailable as error:
                answer(str(error).encode())

        with store.exclusive():
            store.append([draft()], [], {}, None)
            answer = answer_of(*in_child(work))

        assert b"forked in the middle of a write" in answer
        assert len(store.read()) == 1


def test_block_does_not_end_in_a_child(tmp_path: Path, draft: Build) -> None:
    """A child that leaves the block it was forked in writes nothing and says so."""
    with closing(SQLiteStore(tmp_path / "asi.db")) as store:
        reading, writing = os.pipe()
        child = -1
        try:
            with store.exclusive():
                store.append([draft()], [], {}, None)
                child = os.fork()
        except StoreUnavailable as error:
            os.write(writing, str(error).encode())
        finally:
            if child == 0:
                os._exit(0)
        os.close(writing)

        assert b"forked in the middle of a write" in answer_of(child, reading)
        assert (len(store.read()), audit(store).sound) == (1, True)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_fork_does_not_wait_for_ever(tmp_path: Path) -> None:
    """A fork while another thread keeps a block open goes on after the store's patience; the child is refused."""
    inside, leave = threading.Event(), threading.Event()

    def hold(store: SQLiteStore) -> None:
        with store.exclusive():
            inside.set()
            leave.wait()

    with closing(SQLiteStore(tmp_path / "asi.db", busy_timeout=dt.timedelta(milliseconds=5))) as store:
        thread = threading.Thread(target=hold, args=(store,))
        thread.start()
        inside.wait()

        def work(answer: Callable[[bytes], object]) -> None:
            try:
                store.read()
            except StoreUnavailable as error:
                answer(str(error).encode())

        answer = answer_of(*in_child(work))
        leave.set()
        thread.join()

        assert b"forked in the middle of a write" in answer
        assert store.read() == ()
