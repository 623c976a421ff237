"""The loops as a module, and in processes of their own."""

import importlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.findings import Finding
from kakao_asi.signals import read_spool

# Read when Keras is imported, and it looks for another backend without it.
os.environ.setdefault("KERAS_BACKEND", "torch")

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def modules() -> Iterator[Callable[[str], Any]]:
    """Import a module of this folder by its name, here and in processes that are started here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HERE))
        yield importlib.import_module


@pytest.fixture(scope="session")
def loops(modules: Callable[[str], Any]) -> Any:
    """The module of the loops."""
    return modules("training_loops")


@pytest.fixture(scope="session")
def started(modules: Callable[[str], Any]) -> Callable[..., ForkServerProcess]:
    """Start ``main`` of a module in a process of its own; the frameworks are imported once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "transformers.trainer", "lightning.pytorch"])

    def start(module: str, *arguments: object) -> ForkServerProcess:
        process = context.Process(target=modules(module).main, args=tuple(map(str, arguments)))
        process.start()
        return process

    return start


@pytest.fixture
def spooled() -> Callable[[Path], list[Finding]]:
    """What the spool of a run holds."""
    return lambda folder: [entry.finding for entry in read_spool(folder / "spool").entries]


@pytest.fixture
def program() -> list[str]:
    """The command that runs a loop as a program."""
    return [sys.executable, str(HERE / "training_loops.py")]
