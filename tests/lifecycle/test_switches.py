"""No switch of the interpreter or of attrs turns the rules off: the security tests pass under each."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SUBSET = ["test_search.py", "test_look_alikes.py", "test_gates.py"]
CHILD = """
import sys, attrs, pytest
attrs.validators.set_disabled({disabled})
sys.exit(pytest.main(sys.argv[1:]))
"""


@pytest.mark.long
@pytest.mark.parametrize("disabled", [False, True], ids=["-OO", "validators disabled"])
def test_the_security_tests_pass_under_every_switch(disabled: bool) -> None:
    """Without asserts and docstrings, and without attrs' validators: search, look-alikes and gates are as before."""
    options = [] if disabled else ["-OO"]
    # Asserts of the tests themselves are rewritten and do fail without the interpreter's own; pytest warns of others.
    asked = [
        "-W",
        "ignore:assertions not in test modules",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "not no_switch",
        *(str(HERE / name) for name in SUBSET),
    ]
    command = [sys.executable, *options, "-c", CHILD.format(disabled=disabled), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parents[1])

    assert (0, " passed" in done.stdout) == (done.returncode, True), done.stdout[-2_000:]
