"""What `import kakao_asi` may load."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

HEAVY = ("networkx", "cattrs", "structlog", "asyncio", "sqlite3")


def child(program: str) -> str:
    """Run a program in a fresh, isolated interpreter and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def package_exists() -> None:
    """Skip, visibly, while the package has no face yet."""
    spec = find_spec("kakao_asi")
    if spec is None or spec.origin is None:
        pytest.skip("kakao_asi has no __init__ yet")


@pytest.mark.parametrize("module", HEAVY, ids=HEAVY)
def test_import_leaves_heavy_modules_unloaded(module: str) -> None:
    """Importing the package loads none of the heavy modules."""
    assert child(f"import sys, kakao_asi; print({module!r} in sys.modules)") == "False"


def test_import_starts_no_thread_and_prints_nothing() -> None:
    """Importing the package starts no thread and writes nothing."""
    assert child("import threading, kakao_asi; print(threading.active_count())") == "1"


def test_import_leaves_logging_alone() -> None:
    """Importing the package adds no handler to the root logger and no filter to the warnings."""
    program = "import logging, warnings; w = list(warnings.filters); import kakao_asi"
    assert child(f"{program}; print(logging.root.handlers, w == warnings.filters)") == "[] True"
