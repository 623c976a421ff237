"""The face of the package: what ``import kakao_asi`` promises."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from typing import Any

import pytest

import kakao_asi as asi


@pytest.mark.parametrize("name", asi.__all__)
def test_every_name_of_the_face_resolves(name: str) -> None:
    """Each promised name is there and says in its docstring what it is."""
    value: Any = getattr(asi, name)

    assert value.__doc__


@pytest.mark.parametrize(
    "name", ["assessments", "catalog", "commands", "governance", "observers", "reports", "responses", "stores"]
)
def test_modules_are_reached_through_the_face(name: str) -> None:
    """A module that holds more is an attribute of the package."""
    module = getattr(asi, name)

    assert module.__name__.startswith("kakao_asi.")


def test_the_face_is_sorted_and_small() -> None:
    """The face holds at most 45 names, in order."""
    assert (sorted(asi.__all__), True) == (asi.__all__, len(asi.__all__) <= 45)


def test_the_version_is_that_of_the_distribution() -> None:
    """The version comes from the installed package."""
    assert importlib.metadata.version("kakao-asi") == asi.__version__


def test_dir_lists_what_can_be_asked_for() -> None:
    """Everything the face offers stands in ``dir``, before it was loaded too."""
    listed = set(dir(asi))

    assert {*asi.__all__, "commands", "__version__"} <= listed


def test_an_unknown_name_is_an_attribute_error_that_helps() -> None:
    """A misspelt name is refused and the message says where the names stand."""
    with pytest.raises(AttributeError, match="__all__"):
        asi.RiskRegistre  # noqa: B018  # the attribute access is what is tested


def test_the_heavy_packages_stay_unloaded_until_a_register_opens() -> None:
    """Naming every value of the face but the register loads none of the heavy packages."""
    code = (
        "import sys, kakao_asi as asi\n"
        "[getattr(asi, name) for name in asi.__all__ if name != 'RiskRegister']\n"
        "print(sorted({'networkx', 'cattrs', 'structlog', 'asyncio', 'sqlite3'} & set(sys.modules)))"
    )

    # A measurement of coverage would load sqlite3 into the child by itself.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, env=plain)

    assert "[]" == done.stdout.strip()
