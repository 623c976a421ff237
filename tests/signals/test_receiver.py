"""The receiver: groups with exact counts, few events, bounded memory, and nothing that goes missing uncounted."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kakao_asi import hooks
from kakao_asi.exceptions import CommandRefused, InvalidValue
from kakao_asi.findings import Finding, Verdict
from kakao_asi.governance import Code, Refusal
from kakao_asi.signals import BoardState, ComponentGate, GateStep, RiskNote, active, current, slot_for
from kakao_asi.taxonomy import Grade, RiskCategory
from kakao_asi.testing import FrozenClock

START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
STOPPED = Refusal(code=Code.STOPPED, subject="demo-chat")
CONTAINED = Refusal(code=Code.CONTAINMENT_OPEN, subject="leaks")


class Board:
    """A board that says what a test sets."""

    def __init__(self, state: BoardState | None = None) -> None:
        """Start with what a test sets."""
        self.state = state

    def read(self) -> BoardState:
        """Return the state, or fail as a file that is gone."""
        if self.state is None:
            raise FileNotFoundError
        return self.state


class Sink:
    """A sink that keeps what it takes."""

    def __init__(self) -> None:
        """Start with what a test sets."""
        self.taken: list[Finding] = []
        self.answer: bool | Exception = True

    def __call__(self, finding: Finding) -> bool:
        """Take it, refuse it or raise."""
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer:
            self.taken.append(finding)
        return self.answer

    def counts(self, label: str | None = None) -> list[int]:
        """Return how many occurrences each finding stands for."""
        return [one.count for one in self.taken if label is None or one.label == label]


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands."""
    return FrozenClock(START)


@pytest.fixture
def sink() -> Sink:
    """A sink that takes everything."""
    return Sink()


@pytest.fixture(autouse=True)
def _no_receiver_is_left() -> Iterator[None]:
    """Take the receiver away after each test, and wait for its thread, so that it counts in no later test."""
    yield
    hooks.deactivate()
    for thread in threading.enumerate():
        if thread.name == "kakao-asi-signals":
            thread.join(10)


def start(sink: Sink | hooks.Spool | None, clock: FrozenClock, board: Board | None = None) -> None:
    """Activate without a thread."""
    hooks.activate(sink=sink, board=board, clock=clock, flush="manual")


def offer(times: int, *, label: str = "a", risk: str | None = None) -> None:
    """Report the same finding many times."""
    recorder = current()
    assert recorder is not None
    finding = Finding(verdict=Verdict.FLAG, site="app:chat", label=label, risk=risk, at=recorder.now())
    key = finding.key
    for _ in range(times):
        recorder.offer(key, lambda: finding)


def exact() -> bool:
    """Tell whether every occurrence is accounted for."""
    health = hooks.health()
    return health.offered == health.stored + health.dropped + health.pending


def test_events_come_at_powers_of_ten_and_the_rest_at_the_end(sink: Sink, clock: FrozenClock) -> None:
    """250 occurrences make events at 1, 10 and 100 and one for the rest, and their counts add up."""
    start(sink, clock)
    offer(250)
    hooks.flush()

    assert [1, 9, 90, 150] == sink.counts()
    assert [0, 8, 89, 150] == [one.suppressed for one in sink.taken]


def test_a_window_reports_its_remainder(sink: Sink, clock: FrozenClock) -> None:
    """After 60 seconds what was counted since the last event is reported with its first and last time."""
    start(sink, clock)
    offer(1)
    clock.forward(dt.timedelta(seconds=30))
    offer(3)
    receiver = active()
    assert receiver is not None
    receiver.flush(everything=False)
    before = sink.counts()
    clock.forward(dt.timedelta(seconds=30))
    receiver.flush(everything=False)

    assert ([1], [1, 3]) == (before, sink.counts())
    assert (START, START + dt.timedelta(seconds=30)) == (sink.taken[1].first, sink.taken[1].at)


def test_a_storm_is_one_group_with_few_events(sink: Sink, clock: FrozenClock) -> None:
    """Fifty thousand equal findings make six events that stand for all of them."""
    start(sink, clock)
    offer(50_000)
    hooks.flush()

    assert (50_000, 6, 1) == (sum(sink.counts()), len(sink.taken), len({one.fingerprint for one in sink.taken}))
    assert exact()


def test_threads_lose_nothing(sink: Sink, clock: FrozenClock) -> None:
    """Eight threads report at once, and every occurrence is accounted for."""
    start(sink, clock)
    threads = [threading.Thread(target=offer, args=(5_000,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hooks.flush()

    assert (40_000, 40_000, 0) == (hooks.health().offered, sum(sink.counts()), hooks.health().pending)


def test_too_many_groups_evict_the_oldest_with_its_remainder(sink: Sink, clock: FrozenClock) -> None:
    """A key that has to go reports what it counted before it goes."""
    start(sink, clock)
    offer(3, label="first")
    for index in range(4_096):
        offer(1, label=f"l{index}")
    receiver = active()
    assert receiver is not None
    receiver.flush(everything=False)

    assert ([1, 2], True) == (sink.counts("first"), exact())


def test_a_sink_that_fails_keeps_findings_waiting(sink: Sink, clock: FrozenClock) -> None:
    """What a sink does not take waits and is handed over later."""
    start(sink, clock)
    sink.answer = OSError()
    offer(1)
    hooks.flush()
    waiting = hooks.health()
    sink.answer = True
    hooks.flush()

    assert (1, 1, 0, 1) == (waiting.pending, waiting.sink_errors, hooks.health().pending, sum(sink.counts()))


def test_what_no_sink_takes_until_the_end_is_dropped_and_counted(sink: Sink, clock: FrozenClock) -> None:
    """At the end the counts still add up."""
    start(sink, clock)
    sink.answer = False
    offer(5)
    hooks.deactivate()

    assert (5, 0, 5) == (hooks.health().offered, hooks.health().stored, hooks.health().dropped)


@pytest.mark.long
def test_a_full_buffer_drops_and_says_so(sink: Sink, clock: FrozenClock) -> None:
    """Drops are counted, and they are a finding themselves."""
    start(sink, clock)
    sink.answer = False
    for index in range(10_003):
        offer(1, label=f"l{index}")
    sink.answer = True
    hooks.flush()
    hooks.flush()

    told = next(one for one in sink.taken if one.label == "findings_dropped")
    assert (3, True) == (told.fact("dropped"), exact())


def test_without_a_sink_everything_is_dropped(clock: FrozenClock) -> None:
    """A receiver that has only a board counts what it cannot hand on."""
    start(None, clock)
    offer(2)
    hooks.flush()

    assert (2, 2) == (hooks.health().offered, hooks.health().dropped)


def test_an_error_while_building_is_dropped_and_raised(sink: Sink, clock: FrozenClock) -> None:
    """A finding that cannot be built does not vanish from the counts."""
    start(sink, clock)
    recorder = current()
    assert recorder is not None
    key = Finding(verdict=Verdict.FLAG, site="a", at=START).key

    def broken() -> Finding:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        recorder.offer(key, broken)

    assert (1, True) == (hooks.health().dropped, exact())


def gate(*steps: GateStep, path: str = "demo-chat") -> ComponentGate:
    """Return the gate of a component."""
    return ComponentGate(path=path, steps=steps)


def test_a_block_covers_what_lies_below_it(sink: Sink, clock: FrozenClock) -> None:
    """A stopped system shuts its components, and a sibling with a longer name stays open."""
    below, beside = slot_for("demo-chat/reply/filter"), slot_for("demo-chat-2/reply")
    start(sink, clock, Board(BoardState(at=START, gates=[gate(GateStep(since=START, blockers=[STOPPED]))])))

    assert (True, False) == (below.full, beside.full)
    assert "demo-chat/reply/filter" in hooks.health().shut


def test_a_slot_made_later_starts_with_the_board(sink: Sink, clock: FrozenClock) -> None:
    """A component decorated after the board was read is shut from its first call."""
    start(sink, clock, Board(BoardState(at=START, gates=[gate(GateStep(since=START, blockers=[STOPPED]))])))
    late = slot_for("demo-chat/late")

    assert late.full


def test_taking_the_receiver_away_opens_the_gates(sink: Sink, clock: FrozenClock) -> None:
    """Without a receiver nothing is shut."""
    slot = slot_for("demo-chat/reply")
    start(sink, clock, Board(BoardState(at=START, gates=[gate(GateStep(since=START, blockers=[STOPPED]))])))
    hooks.deactivate()

    assert (False, False) == (slot.full, hooks.health().active)


def test_a_board_that_fails_keeps_its_state_and_known_ends_take_effect(sink: Sink, clock: FrozenClock) -> None:
    """The last state stays, an acceptance that ends shuts on time, and one failure a window is reported."""
    end = START + dt.timedelta(minutes=5)
    lapsed = Refusal(code=Code.EXPIRED, subject="leaks", until=end)
    board = Board(BoardState(at=START, gates=[gate(GateStep(since=START), GateStep(since=end, blockers=[lapsed]))]))
    slot = slot_for("demo-chat")
    start(sink, clock, board)
    opened, change = slot.full, slot.next_change
    board.state = None
    hooks.refresh()
    hooks.refresh()
    clock.forward(dt.timedelta(minutes=5))
    hooks.refresh()
    hooks.flush()

    assert (False, end, (lapsed,)) == (opened, change, slot.blockers)
    assert (2, dt.timedelta(minutes=5)) == (hooks.health().control_failures, hooks.health().board_age)
    assert {("control_failure:board", "FileNotFoundError")} == {(one.label, one.cause) for one in sink.taken}


def overridable(clock: FrozenClock, *blockers: Refusal) -> Board:
    """Return a board with blockers and somebody who may override."""
    return Board(
        BoardState(at=clock(), gates=[gate(GateStep(since=clock(), blockers=blockers))], overriders={"top.kim"})
    )


def test_an_override_passes_a_containment_for_a_while(sink: Sink, clock: FrozenClock) -> None:
    """Whoever may, opens the gate until an instant, and that is a finding from humans."""
    start(sink, clock, overridable(clock, CONTAINED))
    answer = hooks.gate("demo-chat").check
    with hooks.override("demo-chat", by="top.kim", because="INC-12", until=clock() + dt.timedelta(minutes=15)):
        inside = answer().passed
        clock.forward(dt.timedelta(minutes=15))
        ended = answer().passed
    hooks.flush()

    assert (True, False, False) == (inside, ended, answer().passed)
    assert ("human", "top.kim") == (sink.taken[0].actor and sink.taken[0].actor.id, sink.taken[0].fact("by"))


@pytest.mark.parametrize("code", [Code.STOPPED, Code.REJECTED], ids=lambda code: code.id)
def test_no_override_passes_a_stop_or_a_rejection(code: Code, sink: Sink, clock: FrozenClock) -> None:
    """What a body or a stop shut stays shut."""
    start(sink, clock, overridable(clock, Refusal(code=code, subject="demo-chat")))
    with hooks.override("demo-chat", by="top.kim", because="INC-12", until=clock() + dt.timedelta(minutes=15)):
        assert not hooks.gate("demo-chat").check().passed


def test_who_is_not_named_cannot_override(sink: Sink, clock: FrozenClock) -> None:
    """The board says who may; anybody else is refused."""
    start(sink, clock, overridable(clock, CONTAINED))
    until = clock() + dt.timedelta(minutes=1)

    with pytest.raises(CommandRefused), hooks.override("demo-chat", by="ml.lee", because="INC-12", until=until):
        pass


@pytest.mark.parametrize(
    ("by", "because", "until"),
    [("No Id", "x", START + dt.timedelta(1)), ("top.kim", " ", START + dt.timedelta(1)), ("top.kim", "x", START),
     ("top.kim", "x", START + dt.timedelta(8))],
    ids=["by", "because", "past", "far"],
)  # fmt: skip
def test_an_override_says_who_why_and_until_when(
    by: str, because: str, until: dt.datetime, sink: Sink, clock: FrozenClock
) -> None:
    """Each of them is asked for."""
    start(sink, clock, overridable(clock, CONTAINED))

    with pytest.raises(InvalidValue), hooks.override("demo-chat", by=by, because=because, until=until):
        pass


def test_without_a_receiver_an_override_does_nothing() -> None:
    """Nothing is shut, so there is nothing to open."""
    with hooks.override("demo-chat", by="ml.lee", because="INC-12", until=START):
        assert hooks.gate("demo-chat").check().passed


@pytest.mark.parametrize("options", [{"refresh": dt.timedelta(0)}, {"flush": "never"}], ids=["refresh", "flush"])
def test_options_that_cannot_work_are_refused(options: dict[str, object]) -> None:
    """Wrong options fail at once."""
    with pytest.raises(InvalidValue):
        hooks.activate(**options)  # type: ignore[arg-type]  # wrong on purpose


def test_the_thread_flushes_at_the_end() -> None:
    """With a thread, ending the receiver hands over what waits."""
    sink = Sink()
    with hooks.activate(sink=sink, refresh=dt.timedelta(hours=1)):
        offer(3)

    assert 3 == sum(sink.counts())


def test_the_thread_reads_the_board_by_itself() -> None:
    """With a thread, the board is read again after the period."""
    read = threading.Event()

    class Told(Board):
        reads = 0

        def read(self) -> BoardState:
            self.reads += 1
            if self.reads > 1:
                read.set()
            return BoardState(at=START)

    with hooks.activate(board=Told(), refresh=dt.timedelta(milliseconds=1)):
        assert read.wait(10)


def test_a_sink_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end waits for its deadline and no longer."""
    monkeypatch.setattr("kakao_asi.signals._runtime.EXIT_DEADLINE", 0.05)
    release = threading.Event()

    def hang(_finding: Finding) -> bool:
        return release.wait(30)

    hooks.activate(sink=hang, refresh=dt.timedelta(milliseconds=1))
    offer(1)
    hooks.deactivate()
    release.set()

    assert not hooks.health().active


def test_high_and_unassessed_risks_are_urgent(clock: FrozenClock, tmp_path: object, sink: Sink) -> None:
    """Only findings on risks graded HIGH or not assessed go to the spool at once."""
    category = RiskCategory.MODEL_IMPERFECTION
    risks = [
        RiskNote(id="high", category=category, grade=Grade.HIGH),
        RiskNote(id="low", category=category, grade=Grade.LOW),
    ]
    spool = hooks.Spool(str(tmp_path))
    hooks.activate(board=Board(BoardState(at=START, risks=risks)), sink=sink, spool=spool, clock=clock, flush="manual")
    for risk in ("high", "low", "unknown", None):
        offer(2, risk=risk)
    from kakao_asi.signals import read_spool

    assert ["high"] * 2 + ["unknown"] * 2 == [one.finding.risk for one in read_spool(str(tmp_path)).entries]


def test_a_spool_that_refuses_leaves_the_finding_to_the_sink(clock: FrozenClock, tmp_path: Path, sink: Sink) -> None:
    """An urgent finding that the spool does not take waits for the sink."""

    class Full(hooks.Spool):
        def __call__(self, finding: Finding, /) -> bool:  # noqa: ARG002  # full for every finding
            return False

    hooks.activate(sink=sink, spool=Full(tmp_path), clock=clock, flush="manual")
    offer(1, risk="unknown")
    hooks.flush()

    assert ([1], 1, True) == (sink.counts(), hooks.health().sink_errors, exact())


def test_a_finding_made_while_its_like_is_built_joins_the_group(sink: Sink, clock: FrozenClock) -> None:
    """An occurrence that comes while the first of its key is being built is counted in the same group."""
    start(sink, clock)
    recorder = current()
    assert recorder is not None
    finding = Finding(verdict=Verdict.FLAG, site="app:chat", label="a", at=START)

    def build() -> Finding:
        offer(1)
        return finding

    recorder.offer(finding.key, build)
    hooks.flush()

    assert ([1, 1], True) == (sink.counts(), exact())


def test_a_receiver_that_was_replaced_ends_without_a_word(sink: Sink, clock: FrozenClock) -> None:
    """Leaving the block of an earlier receiver does not take the newer one away."""
    with hooks.activate(clock=clock, flush="manual"):
        start(sink, clock)

    assert hooks.health().active


@pytest.mark.parametrize("act", [hooks.flush, hooks.refresh], ids=["flush", "refresh"])
def test_without_a_receiver_there_is_nothing_to_do_by_hand(act: Callable[[], None]) -> None:
    """Flushing and refreshing are allowed where nothing is active."""
    act()

    assert not hooks.health().active


def test_a_thread_that_cannot_start_is_counted(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thread can be started any more, the end hands over what waits."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError

    with hooks.activate(sink=sink, refresh=dt.timedelta(hours=1)), monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        offer(1)
        errors = hooks.health().internal_errors

    assert (True, 1) == (errors > 0, sum(sink.counts()))


def test_a_failure_of_ours_does_not_end_the_thread() -> None:
    """The thread counts what breaks inside it and goes on."""
    went_on = threading.Event()
    failures = [OSError()]

    def clock() -> dt.datetime:
        if threading.current_thread() is not threading.main_thread():
            if failures:
                raise failures.pop()
            went_on.set()
        return START

    with hooks.activate(board=Board(BoardState(at=START)), refresh=dt.timedelta(milliseconds=1), clock=clock):
        assert went_on.wait(10)

        assert 1 == hooks.health().internal_errors


def test_a_sink_may_end_the_receiver_from_its_own_thread() -> None:
    """The thread that hands findings on does not wait for itself."""
    ended = threading.Event()

    def end(_finding: Finding) -> bool:
        hooks.deactivate()
        ended.set()
        return True

    hooks.activate(sink=end, refresh=dt.timedelta(milliseconds=1))
    offer(1)

    assert (True, False) == (ended.wait(10), hooks.health().active)
