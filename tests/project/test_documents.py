"""Which blocks of a document run as tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

Outcome = tuple[int, str]


@pytest.fixture
def run_document(repository: Path, pytester: pytest.Pytester) -> Callable[[str], Outcome]:
    """Runs pytest on one document under the rules of the root conftest; gives its exit status and output."""
    pytester.makeconftest((repository / "conftest.py").read_text("utf-8"))

    def run(text: str) -> Outcome:
        page = pytester.mkdir("docs") / "page.md"
        page.write_text(text, "utf-8")
        result = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider", page)
        return int(result.ret), result.stdout.str() + result.stderr.str()

    return run


def fence(body: str, info: str = "python") -> str:
    """A fenced block."""
    return f"```{info}\n{body}\n```\n\n"


def test_blocks_of_a_document_share_names(run_document: Callable[[str], Outcome]) -> None:
    """A later block sees what an earlier block of the same document defined."""
    status, output = run_document(fence("x = 2") + fence("assert x == 2"))

    assert (status, "2 passed" in output) == (0, True), output


@pytest.mark.parametrize("place", ["docs/ko/how-to/deep/page.md", "README.ko.md"], ids=["deep", "readme"])
def test_documents_are_found_at_any_depth(repository: Path, pytester: pytest.Pytester, place: str) -> None:
    """A document runs wherever it stands below the folder that is tested."""
    pytester.makeconftest((repository / "conftest.py").read_text("utf-8"))
    page = pytester.path / place
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(fence("x = 1"), "utf-8")

    pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_failing_block_fails(run_document: Callable[[str], Outcome]) -> None:
    """A block that raises fails the run."""
    status, output = run_document(fence("raise ValueError('from the page')"))

    assert (status, "from the page" in output) == (1, True), output


def test_a_document_writes_into_its_own_folder(
    run_document: Callable[[str], Outcome], pytester: pytest.Pytester
) -> None:
    """What a block writes into the working folder is gone after the run."""
    body = "from pathlib import Path\nassert not list(Path().iterdir())\nPath('left.txt').touch()"
    status, output = run_document(fence(body))

    assert status == 0, output
    assert list(pytester.path.rglob("left.txt")) == []


@pytest.mark.parametrize(
    "info",
    ["py", "python3", "pycon", "{.python}", 'python title="x"'],
    ids=["py", "python3", "pycon", "attribute", "title"],
)
def test_a_python_block_that_would_not_run_is_refused(run_document: Callable[[str], Outcome], info: str) -> None:
    """A Python fence that nothing would run is an error that names its line."""
    status, output = run_document("one\n\n" + fence("x = 1", info))

    assert status != 0, output
    assert "page.md:3" in output


@pytest.mark.parametrize(
    "info", ["console", "text", "toml", 'python exec="true"'], ids=["console", "text", "toml", "exec"]
)
def test_other_blocks_are_left_alone(run_document: Callable[[str], Outcome], info: str) -> None:
    """A fence in another language, or one that the build of the documents runs, is not run here."""
    status, output = run_document(fence("x = 1") + fence("this is (not Python", info))

    assert (status, "1 passed" in output) == (0, True), output


def test_a_block_cannot_connect(run_document: Callable[[str], Outcome]) -> None:
    """A block that opens a connection fails before anything leaves the machine."""
    status, output = run_document(fence("import socket\nwith socket.socket() as s:\n    s.connect(('127.0.0.1', 9))"))

    assert (status, "use no network" in output) == (1, True), output
