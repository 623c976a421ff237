"""The observer that writes to the host's log."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
import structlog

import kakao_asi as asi
from kakao_asi.observers import EventLog
from kakao_asi.stores import MemoryStore


@pytest.fixture
def logged() -> asi.RiskRegister:
    """Give a register whose entries go to the log."""
    return asi.RiskRegister.on(MemoryStore(), observers=[EventLog()])


def _identify(register: asi.RiskRegister) -> None:
    register.add_system(asi.System(id="demo-chat", unit="chat", audience="external"), by="ml.lee")
    register.identify(
        asi.Risk(
            id="leaks-rrn",
            title="canary-title",
            category="model_imperfection",
            system="demo-chat",
            principles={"privacy"},
            owner="serving",
        ),
        by="ml.lee",
        because="canary-reason",
    )


def test_one_entry_is_one_line(logged: asi.RiskRegister, caplog: pytest.LogCaptureFixture) -> None:
    """Every committed entry gives one record under the logger of the library."""
    with caplog.at_level(logging.INFO, logger="kakao_asi"):
        _identify(logged)

    assert ["kakao_asi", "kakao_asi"] == [record.name for record in caplog.records]


def test_texts_are_never_logged(logged: asi.RiskRegister, caplog: pytest.LogCaptureFixture) -> None:
    """Neither titles nor reasons reach the log."""
    with caplog.at_level(logging.INFO, logger="kakao_asi"):
        _identify(logged)

    assert "canary" not in caplog.text


def test_a_structlog_host_captures_the_keys(logged: asi.RiskRegister, caplog: pytest.LogCaptureFixture) -> None:
    """A host that uses structlog sees ids as keys of its own events."""
    with caplog.at_level(logging.INFO, logger="kakao_asi"), structlog.testing.capture_logs() as captured:
        _identify(logged)

    assert ("asi.risk_identified", "risk:leaks-rrn", "ml.lee") == (
        captured[-1]["event"],
        captured[-1]["stream"],
        captured[-1]["by"],
    )


def test_a_host_that_does_not_listen_sees_nothing() -> None:
    """Without any logging set up nothing is printed, and the root logger gets no handler."""
    code = (
        "import logging, kakao_asi as asi\n"
        "from kakao_asi.stores import MemoryStore\n"
        "register = asi.RiskRegister.on(MemoryStore(), observers=[asi.observers.EventLog()])\n"
        "register.add_system(asi.System(id='a', unit='u', audience='external'), by='x')\n"
        "assert not logging.getLogger().handlers\n"
    )

    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)

    assert ("", "") == (done.stdout, done.stderr)


def test_the_level_is_the_hosts_choice(caplog: pytest.LogCaptureFixture) -> None:
    """A log at DEBUG stays silent where the host listens from INFO on."""
    register = asi.RiskRegister.on(MemoryStore(), observers=[EventLog(level=logging.DEBUG)])
    with caplog.at_level(logging.INFO, logger="kakao_asi"):
        _identify(register)

    assert [] == caplog.records
