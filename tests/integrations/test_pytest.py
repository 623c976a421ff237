"""The pytest plugin: strict where it is named, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
Run = Callable[..., dict[str, int]]

HOOKED = """
import pytest
import kakao_asi as asi
from kakao_asi import hooks

@asi.watch("answers-late", on=TimeoutError)
def late():
    raise TimeoutError

@asi.watch("odd", when=lambda call: call.nothing)
def odd():
    return 1
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the tests of a text in a process of its own; return how many had each outcome."""

    def running(text: str, *, plugin: bool = True, risks: str = "") -> dict[str, int]:
        (tmp_path / "test_it.py").write_text(HOOKED + text, "utf-8")
        (tmp_path / "pytest.ini").write_text(f"[pytest]\nasi_risks = {risks}\n" if plugin else "[pytest]\n", "utf-8")
        named = ["-p", "kakao_asi.integrations.pytest"] if plugin else []
        command = [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "no:cacheprovider", *named]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [*command, "test_it.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        counted = {word: int(count) for count, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
        told = "hooks that name unknown risks" in done.stdout
        return {**counted, "exit": done.returncode, "told": int(told)}

    return running


STRICT = """
def test_findings_stay_in_the_test(asi_capture):
    with pytest.raises(TimeoutError):
        late()
    asi_capture.assert_one(risk="answers-late")

def test_an_error_inside_a_hook_fails():
    odd()

@pytest.mark.asi(capture=False)
def test_the_marker_leaves_hooks_alone(asi_capture):
    assert (asi_capture, odd()) == (None, 1)
"""


def test_an_error_inside_a_hook_fails_its_test(run: Run) -> None:
    """Findings stay in their test, a broken predicate fails it, and the marker switches both off."""
    assert {"passed": 2, "failed": 1, "exit": 1, "told": 0} == run(STRICT)


def test_without_the_plugin_nothing_is_strict(run: Run) -> None:
    """No hook looks whether pytest is running."""
    text = "def test_an_error_inside_a_hook_passes():\n    assert odd() == 1\n"

    assert {"passed": 1, "exit": 0, "told": 0} == run(text, plugin=False)


UNKNOWN = """
def test_that_is_fine(): ...
"""


@pytest.mark.parametrize(
    ("text", "risks", "expected"),
    [
        (UNKNOWN, "answers-late odd", {"passed": 1, "exit": 0, "told": 0}),
        (UNKNOWN, "answers-late", {"passed": 1, "exit": 1, "told": 1}),
        (
            "def test_finds():\n    with pytest.raises(TimeoutError):\n        late()\n",
            "odd",
            {"passed": 1, "error": 1, "exit": 1, "told": 1},
        ),
    ],
    ids=["all_known", "place", "finding"],
)
def test_an_unknown_risk_fails(run: Run, text: str, risks: str, expected: dict[str, int]) -> None:
    """Where the configuration lists the risks, naming another one fails: in a finding its test, in a place the run."""
    assert expected == run(text, risks="\n  ".join(["", *risks.split()]))
