"""Board files and spools: what pods and ranks without a database read and write."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.findings import Finding, Verdict
from kakao_asi.governance import Code, Refusal
from kakao_asi.signals import (
    BoardState,
    CaseNote,
    ComponentGate,
    FileBoard,
    GateStep,
    RiskNote,
    Spool,
    read_spool,
    write_board,
)
from kakao_asi.taxonomy import Grade, RiskCategory

AT = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
STATE = BoardState(
    at=AT,
    position=12,
    gates=[
        ComponentGate(
            path="demo-chat/reply",
            steps=[
                GateStep(
                    since=AT,
                    blockers=[Refusal(code=Code.EXPIRED, subject="leaks", missing=("a",), who=("top",), until=AT)],
                ),
                GateStep(since=AT + dt.timedelta(hours=1)),
            ],
        )
    ],
    risks=[
        RiskNote(id="leaks", category=RiskCategory.MODEL_IMPERFECTION, grade=Grade.HIGH),
        RiskNote(id="new", category=RiskCategory.ACTIVE_MISUSE),
    ],
    cases=[CaseNote(id="case-1", until=AT), CaseNote(id="case-2")],
    overriders={"top.kim"},
)


def seen(label: str = "a") -> Finding:
    """Return a finding."""
    return Finding(verdict=Verdict.FLAG, site="app:chat", label=label, at=AT)


def test_a_board_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Every part of a board survives the file."""
    write_board(tmp_path / "board.json", STATE)

    assert STATE == FileBoard(tmp_path / "board.json").read()


def test_a_board_that_did_not_change_is_not_parsed_again(tmp_path: Path) -> None:
    """The same object comes back until the file is another one."""
    write_board(tmp_path / "board.json", STATE)
    board = FileBoard(tmp_path / "board.json")
    first = board.read()
    same = board.read() is first
    write_board(tmp_path / "board.json", BoardState(at=AT))

    assert (True, BoardState(at=AT)) == (same, board.read())


def test_writing_leaves_nothing_but_the_board(tmp_path: Path) -> None:
    """No half-written file stays, also when writing fails."""
    write_board(tmp_path / "board.json", STATE)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "in_use").touch()

    with pytest.raises(OSError, match="folder"):
        write_board(tmp_path / "folder", STATE)

    assert ["board.json", "folder"] == sorted(os.listdir(tmp_path))  # noqa: PTH208  # names only


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ("[]", "unknown_format"),
        ('{"format": "kakao_asi.board/2"}', "unknown_format"),
        ('{"format": "kakao_asi.board/1"}', "missing_key"),
        ('{"format": "kakao_asi.board/1", "at": "x", "position": 0}', "missing_key"),
    ],
    ids=["torn", "list", "newer", "empty", "no board in it"],
)
def test_a_file_that_is_no_board_is_refused(text: str, code: str, tmp_path: Path) -> None:
    """A reader takes what it knows and nothing else."""
    (tmp_path / "board.json").write_text(text)

    with pytest.raises(LoadError) as refused:
        FileBoard(tmp_path / "board.json").read()

    assert code == refused.value.code


def test_a_board_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """A file of more than 64 MiB is not read."""
    with (tmp_path / "board.json").open("wb") as stream:
        stream.truncate((64 << 20) + 1)

    with pytest.raises(LoadError, match="too_large"):
        FileBoard(tmp_path / "board.json").read()


def test_a_case_lapses() -> None:
    """A case is approved until its approval ends, or for good."""
    later = AT + dt.timedelta(hours=1)

    assert [False, True, False] == [STATE.approves(case, later) for case in ("case-1", "case-2", "case-3")]


def test_the_last_step_that_began_holds() -> None:
    """A gate answers for every instant it knows, and names the next change."""
    gate = STATE.gates[0]

    assert (1, 0) == (len(gate.at(AT)), len(gate.at(AT + dt.timedelta(hours=1))))
    assert (AT + dt.timedelta(hours=1), None) == (
        STATE.next_change("demo-chat/reply/x", AT),
        STATE.next_change("demo-chat/reply", AT + dt.timedelta(hours=1)),
    )


def test_a_spool_comes_back_in_order(tmp_path: Path) -> None:
    """Each finding has a writer and a position."""
    spool = Spool(tmp_path / "new", run="exp-11", rank=3)
    taken = [spool(seen(label)) for label in ("a", "b")]
    spool.close()
    reading = read_spool(tmp_path / "new")

    assert ([True, True], [0, 1], ["a", "b"], ()) == (
        taken,
        [one.n for one in reading.entries],
        [one.finding.label for one in reading.entries],
        reading.faults,
    )


def test_a_spool_that_was_closed_goes_on_in_a_new_file(tmp_path: Path) -> None:
    """Closing ends a file, and nothing is written twice to one."""
    spool = Spool(tmp_path)
    spool(seen())
    spool.close()
    spool.close()
    spool(seen())
    spool.after_fork()
    spool.after_fork()
    spool(seen())

    assert 3 == len({one.writer for one in read_spool(tmp_path).entries})


def test_torn_unreadable_and_missing_lines_are_reported(tmp_path: Path) -> None:
    """What cannot be used is named by file, line and kind, and the rest is read."""
    spool = Spool(tmp_path)
    for label in "abcd":
        spool(seen(label))
    spool.close()
    (path,) = tmp_path.glob("*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    wrong = json.dumps({"n": 0, "writer": "No Id", "finding": seen().to_data()}).encode() + b"\n"
    path.write_bytes(lines[0] + b"{}\n" + wrong + lines[2] + lines[3][:-5])
    reading = read_spool(tmp_path)

    assert ["a", "c"] == [one.finding.label for one in reading.entries]
    assert [(2, "unreadable"), (3, "unreadable"), (4, "gap"), (5, "torn")] == [
        (one.line, one.code) for one in reading.faults
    ]


def test_a_spool_that_cannot_write_says_so(tmp_path: Path) -> None:
    """A folder that is a file is an answer, not an error."""
    (tmp_path / "file").touch()

    assert not Spool(tmp_path / "file")(seen())


def test_half_a_line_ends_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only part of a line was written, the next finding starts another file."""
    spool, write = Spool(tmp_path), os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, raw: write(handle, raw[:5]))
        first = spool(seen())

    assert (False, True) == (first, spool(seen()))
    assert ["torn"] == [one.code for one in read_spool(tmp_path).faults]


@pytest.mark.parametrize("options", [{"run": "No Id"}, {"rank": -1}], ids=["run", "rank"])
def test_a_spool_has_a_run_and_a_rank(options: dict[str, object], tmp_path: Path) -> None:
    """Wrong names fail at once."""
    with pytest.raises(InvalidValue):
        Spool(tmp_path, **options)  # type: ignore[arg-type]  # wrong on purpose


PROGRAM = """
import os, signal, sys
from kakao_asi import hooks
import kakao_asi as asi

@asi.watch("leaks", on=ValueError)
def fail():
    raise ValueError

def many():
    for _ in range(100):
        try:
            fail()
        except ValueError:
            pass

hooks.activate(sink=hooks.Spool(sys.argv[1]), flush="manual")
many()
if sys.argv[2] == "fork":
    child = os.fork()
    if child == 0:
        many()
        os._exit(0)
    os.waitpid(child, 0)
elif sys.argv[2] == "exit":
    os._exit(0)
elif sys.argv[2] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("ending", "expected"), [("return", 100), ("exit", 100), ("kill", 100), ("fork", 200)], ids=str
)
def test_findings_on_unassessed_risks_survive_every_ending(ending: str, expected: int, tmp_path: Path) -> None:
    """Written through, nothing is lost, and a forked child writes to a file of its own."""
    subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path), ending], check=False)
    reading = read_spool(tmp_path)

    assert (expected, ()) == (sum(one.finding.count for one in reading.entries), reading.faults)


ORDINARY = PROGRAM.replace(
    'hooks.activate(sink=hooks.Spool(sys.argv[1]), flush="manual")',
    """
class Board:
    def read(self):
        note = hooks.RiskNote(id="leaks", category=asi.RiskCategory.MODEL_IMPERFECTION, grade=asi.Grade.LOW)
        return hooks.BoardState(at=asi.signals._runtime.utc_now(), risks=[note])

hooks.activate(board=Board(), sink=hooks.Spool(sys.argv[1]))
""",
).replace(
    'elif sys.argv[2] == "exit":',
    """elif sys.argv[2] == "process":
    import multiprocessing
    child = multiprocessing.get_context("fork").Process(target=many)
    child.start()
    child.join()
elif sys.argv[2] == "exit":""",
)


@pytest.mark.parametrize(("ending", "expected"), [("return", 100), ("process", 200)], ids=str)
def test_what_waits_is_flushed_at_the_end_of_a_process(ending: str, expected: int, tmp_path: Path) -> None:
    """A process that ends by itself hands over its remainder, also one that multiprocessing forked."""
    subprocess.run([sys.executable, "-W", "ignore", "-c", ORDINARY, str(tmp_path), ending], check=True)

    assert expected == sum(one.finding.count for one in read_spool(tmp_path).entries)
