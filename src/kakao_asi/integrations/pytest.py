"""A pytest plugin, only by ``-p kakao_asi.integrations.pytest``: hooks are strict in every test.

Each test runs inside ``testing.capture()``, so that what a hook finds stays in the test and an error inside a hook
fails it. With the option ``asi_risks`` in the configuration (ids, one a line), a finding or a decorated place that
names another risk fails as well. Nothing of this happens where the plugin is not named: no hook looks whether pytest
is running.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .. import hooks
from ..testing import Capture, capture

__all__ = ["asi_capture", "pytest_addoption", "pytest_configure", "pytest_sessionfinish", "pytest_terminal_summary"]

_UNKNOWN = pytest.StashKey[tuple[str, ...]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of the configuration."""
    parser.addini("asi_risks", "ids of the risks that hooks may name; empty: any", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "asi(capture=True, state=None, clock=None): how the hooks of a test report; capture=False leaves them alone, "
        "state and clock are those of kakao_asi.testing.capture",
    )


@pytest.fixture(autouse=True)
def asi_capture(request: pytest.FixtureRequest) -> Iterator[Capture | None]:
    """Everything that hooks find during a test; None under ``@pytest.mark.asi(capture=False)``."""
    marker = request.node.get_closest_marker("asi")
    options = {} if marker is None else dict(marker.kwargs)
    if not options.pop("capture", True):
        yield None
        return
    with capture(**options) as seen:
        yield seen
    known = _known(request.config)
    unknown = sorted({one.risk for one in seen.findings if one.risk is not None} - known) if known else []
    if unknown:
        pytest.fail(f"findings name risks that asi_risks does not list: {', '.join(unknown)}", pytrace=False)


def _known(config: pytest.Config) -> set[str]:
    return set(config.getini("asi_risks"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a decorated place names a risk that is not listed."""
    known = _known(session.config)
    named = [
        f"{site.site} names {risk}" for site in hooks.inventory().sites for risk in site.risks if risk not in known
    ]
    session.config.stash[_UNKNOWN] = tuple(named) if known else ()
    if known and named and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which places name risks that are not listed."""
    unknown = config.stash.get(_UNKNOWN, ())
    if unknown:
        terminalreporter.section("kakao_asi: hooks that name unknown risks", red=True)
        for line in unknown:
            terminalreporter.line(line)
