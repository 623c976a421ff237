"""Spools read into the register: once, whatever happens in between, and whatever else stands in the files."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakao_asi import Finding, Verdict, commands, hooks
from kakao_asi.exceptions import InvalidValue, StoreUnavailable
from kakao_asi.stores import SQLiteStore

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def finding(label: str = "odd", **parts: Any) -> Finding:
    """A finding on the chat system."""
    whole = {"verdict": Verdict.FLAG, "site": "m:f", "component": "chat/reply", "at": START, "label": label}
    return Finding(**(whole | parts))


def spooled(folder: Path, findings: list[Finding], **options: Any) -> hooks.Spool:
    """Write findings to a spool of a process."""
    spool = hooks.Spool(folder, **options)
    for one in findings:
        spool(one)
    return spool


def counts(life: Any) -> dict[str | None, int]:
    """Return the counts by label."""
    return {one.sample.label: one.count for one in life.register.findings()}


def test_reading_in_twice_counts_once(life: Any, tmp_path: Path) -> None:
    """The second time adds nothing and says how many lines it knew."""
    spooled(tmp_path, [finding("a"), finding("b", count=9)]).close()
    spooled(tmp_path, [finding("a")], rank=1).close()
    first = life.register.import_spool(tmp_path, by="ml.lee")
    size = life.size()
    second = life.register.import_spool(tmp_path, by="ml.lee")

    assert ((2, 11, 0), (2, 0, 3)) == tuple((one.files, one.recorded, one.known) for one in (first, second))
    assert ({"a": 2, "b": 9}, size) == (counts(life), life.size())


def test_a_file_that_grows_is_read_on(life: Any, tmp_path: Path) -> None:
    """What a process writes after an import comes with the next one."""
    spool = spooled(tmp_path, [finding()])
    life.register.import_spool(tmp_path, by="ml.lee")
    spool(finding())
    again = life.register.import_spool(tmp_path, by="ml.lee")

    assert (1, 1, {"odd": 2}) == (again.recorded, again.known, counts(life))


def test_a_copied_file_counts_once(life: Any, tmp_path: Path) -> None:
    """The writer inside tells whose findings they are, not the name of the file."""
    spooled(tmp_path, [finding()]).close()
    (path,) = tmp_path.iterdir()
    (tmp_path / f"copy-{path.name}").write_bytes(path.read_bytes())
    life.register.import_spool(tmp_path, by="ml.lee")

    assert {"odd": 1} == counts(life)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.long
@given(cut=st.integers(0, 3), found=st.lists(st.sampled_from("abc"), min_size=1, max_size=40))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_kill_in_the_middle_counts_once(
    cut: int, found: list[str], start_life: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was written before the end stands, and reading in again adds exactly the rest."""
    folder = tmp_path_factory.mktemp("spool")
    for rank in range(3):
        spooled(folder, [finding(label) for label in found], rank=rank).close()
    life = start_life()
    append, left = life.store.append, [cut]

    def dies(*parts: Any) -> Any:
        """Append so often, then end."""
        if not left[0]:
            raise Killed
        left[0] -= 1
        return append(*parts)

    life.store.append = dies
    if cut < 3:
        with pytest.raises(Killed):
            life.register.import_spool(folder, by="ml.lee")
    life.store.append = append
    life.register.import_spool(folder, by="ml.lee")
    life.register.import_spool(folder, by="ml.lee")

    assert {label: 3 * found.count(label) for label in set(found)} == counts(life)


def test_lines_that_cannot_be_used_cost_only_themselves(life: Any, tmp_path: Path) -> None:
    """Each is refused with file, line, path and rule; the others are read in, once."""
    spooled(tmp_path, [finding(f"good.{number}") for number in range(3)]).close()
    (path,) = tmp_path.iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    line = json.loads(lines[0])
    wrong: list[bytes] = [
        b"garbage\n",
        b"[]\n",
        b'{"n":1,"n":2}\n',
        json.dumps(line | {"n": -1}).encode() + b"\n",
        json.dumps(line | {"n": True}).encode() + b"\n",
        json.dumps(line | {"writer": "../../x"}).encode() + b"\n",
        json.dumps(line | {"finding": line["finding"] | {"verdict": "clear"}}).encode() + b"\n",
        json.dumps(line | {"finding": line["finding"] | {"extra": 1}}).encode() + b"\n",
        json.dumps(line | {"finding": line["finding"] | {"count": 0}}).encode() + b"\n",
        b"x" * 200_000 + b"\n",
        lines[0],
        b"\xff\xfe\n",
    ]
    path.write_bytes(lines[0] + b"".join(wrong) + lines[1] + lines[2] + lines[2][:-9])
    read = life.register.import_spool(tmp_path, by="ml.lee")

    assert {"good.0": 1, "good.1": 1, "good.2": 1} == counts(life)
    assert [*range(2, 14), 16] == [one.line for one in read.faults]
    assert ["unreadable"] * 10 + ["repeated", "unreadable", "torn"] == [one.code for one in read.faults]
    assert {path.name} == {one.file for one in read.faults}
    assert ["$.n", "$.n", "$.writer", "$.finding.verdict", "$.finding"] == [one.path for one in read.faults[3:8]]
    assert all(one.rule for one in read.faults)


def test_a_file_without_a_usable_line_adds_nothing(life: Any, tmp_path: Path) -> None:
    """Only its fault is told."""
    (tmp_path / "x.findings.jsonl").write_bytes(b"garbage\n")
    read = life.register.import_spool(tmp_path, by="ml.lee")

    assert (1, 0, 0, [(1, "$")]) == (
        read.files,
        read.recorded,
        read.known,
        [(one.line, one.path) for one in read.faults],
    )


PROGRAM = """
import sys
from kakao_asi import RiskRegister

with RiskRegister.open(sys.argv[1]) as register:
    register.observe("told", lambda entry: entry.kind == "spool_read" and print(entry.seq, flush=True))
    register.import_spool(sys.argv[2], by="ml.lee")
"""


@pytest.mark.long
def test_an_import_that_is_killed_goes_on_where_it_was(start_life: Any, tmp_path: Path) -> None:
    """A process that ends by SIGKILL after its first step leaves whole steps only; the next import adds the rest."""
    life = start_life(store=SQLiteStore(tmp_path / "asi.db"))
    for rank in range(4):
        spooled(tmp_path / "spool", [finding(f"l{number % 7}") for number in range(700)], rank=rank).close()
    program = [sys.executable, "-c", PROGRAM, tmp_path / "asi.db", tmp_path / "spool"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        child.kill()
    before = sum(counts(life).values())
    read = life.register.import_spool(tmp_path / "spool", by="ml.lee")
    again = life.register.import_spool(tmp_path / "spool", by="ml.lee")

    assert (True, 2_800, 0) == (first != "", before + read.recorded, again.recorded)
    assert before > 0
    assert {f"l{number}": 400 for number in range(7)} == counts(life)
    life.register.release()


def test_a_line_of_any_length_is_refused_in_small_memory(life: Any, tmp_path: Path) -> None:
    """The rest of a line that is too long is skipped in pieces, and the next line is read."""
    spooled(tmp_path, [finding()]).close()
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(b"{" * 1_000_000 + b"\n" + whole + b"{" * 70_000)
    read = life.register.import_spool(tmp_path, by="ml.lee")

    assert ([(1, "unreadable"), (3, "torn")], {"odd": 1}) == (
        [(one.line, one.code) for one in read.faults],
        counts(life),
    )


def test_a_spool_of_two_writers_in_one_file_counts_each(life: Any, tmp_path: Path) -> None:
    """Files that somebody joined are read by the writer of each line, as far as their positions go on."""
    spooled(tmp_path, [finding("a")]).close()
    (first,) = tmp_path.iterdir()
    start = first.read_bytes()
    first.unlink()
    spooled(tmp_path, [finding("b"), finding("c")]).close()
    (second,) = tmp_path.iterdir()
    second.write_bytes(start + second.read_bytes().splitlines(keepends=True)[1])
    read = life.register.import_spool(tmp_path, by="ml.lee")

    assert ({"a": 1, "c": 1}, [(2, "gap")]) == (counts(life), [(one.line, one.code) for one in read.faults])


def test_two_imports_at_once_count_once(life: Any, tmp_path: Path) -> None:
    """Whoever comes second to a step goes on behind it."""
    spooled(tmp_path, [finding() for _ in range(40)]).close()
    begin, known = threading.Barrier(4), []

    def read() -> None:
        """Read in with the others."""
        begin.wait()
        known.append(life.register.import_spool(tmp_path, by="ml.lee").known)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert ({"odd": 40}, [0, 40, 40, 40]) == (counts(life), sorted(known))


def test_a_step_from_elsewhere_is_refused(life: Any) -> None:
    """A position that the file was not read in to would count twice, or leave something out."""
    step = commands.ImportFindings(spool="w", start=3, end=4, findings=[finding()])

    assert ["spool_read"] == life.can(step)


def test_other_refusals_of_an_import_reach_the_caller(start_life: Any, tmp_path: Path) -> None:
    """Who may not record may not read in either."""
    from kakao_asi.exceptions import CommandRefused

    life = start_life(authorize=lambda _by, command: not isinstance(command, commands.ImportFindings))
    spooled(tmp_path, [finding()]).close()

    with pytest.raises(CommandRefused):
        life.register.import_spool(tmp_path, by="ml.lee")


def test_a_folder_that_is_not_there_is_an_error(life: Any, tmp_path: Path) -> None:
    """Nothing found is not the same as nothing there."""
    with pytest.raises(InvalidValue):
        life.register.import_spool(tmp_path / "none", by="ml.lee")


def test_a_register_that_only_reads_takes_no_spool(life: Any, tmp_path: Path) -> None:
    """It is refused before anything is counted."""
    from kakao_asi import RiskRegister

    spooled(tmp_path, [finding()]).close()
    reader = RiskRegister.on(life.store, read_only=True, clock=life.clock)

    with pytest.raises(StoreUnavailable):
        reader.import_spool(tmp_path, by="ml.lee")
