"""The promise: one risk registered, assessed, answered, escalated and reported in twelve statements."""

import ast
import contextlib
import io
import runpy
from pathlib import Path

import pytest

import kakao_asi as asi


@pytest.fixture(scope="module")
def printed_and_left(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Run the file as it is, in a folder that holds an ``eval.json``; return what it printed and the folder."""
    folder = tmp_path_factory.mktemp("twelve")
    (folder / "eval.json").write_text('{"failures": 3, "trials": 10000}', "utf-8")
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.chdir(folder)
        names = runpy.run_path(str(repository / "examples" / "twelve.py"))
    names["register"].release()
    return printed.getvalue(), folder


def test_there_are_at_most_twelve_statements(repository: Path) -> None:
    """The file has at most twelve statements, its docstring not counted."""
    body = ast.parse((repository / "examples" / "twelve.py").read_text("utf-8")).body

    assert len(body[1:]) <= 12


def test_the_way_of_the_case_is_explained_in_korean(printed_and_left: tuple[str, Path]) -> None:
    """The case is explained with its three bodies in their order."""
    printed, _ = printed_and_left
    places = [printed.index(name) for name in ("AI 세이프티", "ERM 위원회", "최고 의사결정 기구")]

    assert sorted(places) == places


def test_the_gate_says_why_not_yet(printed_and_left: tuple[str, Path]) -> None:
    """The release gate is shut, and names the risk that is graded HIGH."""
    printed, _ = printed_and_left

    assert "demo-chat -> Deployment: blocked" in printed
    assert "'leaks-rrn' is graded HIGH" in printed


def test_register_and_report_are_left(printed_and_left: tuple[str, Path]) -> None:
    """The register holds the risk with its response and its case, and the report is there."""
    _, folder = printed_and_left
    with asi.RiskRegister.open(folder / "asi.db", read_only=True) as register:
        state = register.risk("leaks-rrn")
        cases = [case.id for case in register.cases(system="demo-chat")]

    assert (asi.Grade.HIGH, 1) == (state.effective, len(state.responses))
    assert cases == ["demo-chat.release.1"]
    assert "<html" in (folder / "report.html").read_text("utf-8")
