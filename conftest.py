"""Rules for every test and every document: Python blocks in Markdown run, and nothing leaves the machine."""

import importlib.util
import os
import re
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
from sybil import Document, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

PYTHON_FENCE: Final = re.compile(
    r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(?:`{3,}|~{3,})[ \t]*(?P<info>\{?\.?py\w*\b.*)$", re.MULTILINE
)
NEEDS: Final = re.compile(r"^<!-- needs: (?P<packages>[a-z_ ]+) -->$", re.MULTILINE)


def lacking(document: Path) -> list[str]:
    """Name the packages that a document says its code needs and that are not installed."""
    found = NEEDS.search(document.read_text("utf-8"))
    return [] if found is None else [one for one in found["packages"].split() if not importlib.util.find_spec(one)]


class EveryPythonBlock:
    """A parser that refuses a document with a Python fence which would not run.

    Sybil runs fences whose info string is exactly `python` and is silent about `py`, `pycon` or `{.python}`. Here such
    a fence is an error, so that no block of code goes untested. A fence with `exec=` is run by the strict build of the
    documents instead.
    """

    def __init__(self) -> None:
        self._parser = PythonCodeBlockParser()

    def __call__(self, document: Document) -> Iterable[Region]:
        """Return the regions to run; raise ValueError on a Python fence that nothing would run."""
        for fence in PYTHON_FENCE.finditer(document.text):
            info = fence["info"].rstrip()
            if info != "python" and not (info.startswith("python ") and "exec=" in info):
                line = document.text.count("\n", 0, fence.start()) + 1
                message = f"{document.path}:{line}: a block marked {info!r} would not run; mark it `python`"
                raise ValueError(message)
        return self._parser(document)


class FreshFolder:
    """Gives each document an empty working folder and takes it away again; lives as long as the test run."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._back = ""

    def enter(self, namespace: dict[str, Any]) -> None:
        """Change into a new empty folder and name the module that the blocks stand in."""
        self._back = os.getcwd()  # noqa: PTH109  # given back to os.chdir as it was
        self._folder = tempfile.TemporaryDirectory(prefix="document-")
        os.chdir(self._folder.name)
        namespace["__name__"] = "document"

    def leave(self, _namespace: dict[str, Any]) -> None:
        """Change back and remove the folder with all that the document wrote."""
        os.chdir(self._back)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


_folder = FreshFolder()

pytest_collect_file = Sybil(
    parsers=[EveryPythonBlock()],
    patterns=["*.md"],  # matched from the right, so at any depth; the test paths in pyproject.toml choose the folders
    setup=_folder.enter,
    teardown=_folder.leave,
    fixtures=["no_network"],  # by name: Sybil asks for no automatic fixtures
).pytest()


def _refuse(address: object) -> NoReturn:
    message = f"a test tried to connect to {address!r}; this library and its tests use no network"
    raise RuntimeError(message)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the blocks of a document whose code needs what is not installed."""
    for item in items:
        if item.path.suffix == ".md" and (missing := lacking(item.path)):
            item.add_marker(pytest.mark.skip(reason=f"needs {', '.join(missing)}; `make training` runs it"))


@pytest.fixture(scope="session")
def lacks() -> Callable[[Path], list[str]]:
    """Return what names the packages that a document needs and that are not installed."""
    return lacking


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Make every connection over a network fail; sockets in the file system still work."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None):
            _refuse(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        if self.family != getattr(socket, "AF_UNIX", None):
            _refuse(address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root folder of the repository."""
    return Path(__file__).parent
