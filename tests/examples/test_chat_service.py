"""The chat service in earnest: uvicorn with two workers, httpx, and a committee in another process."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.findings import Finding
from kakao_asi.signals import read_spool

pytest.importorskip("fastapi", reason="FastAPI is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed")
httpx = pytest.importorskip("httpx", reason="httpx is not installed")

pytestmark = pytest.mark.long
PATIENCE = 60.0
CROWD = 12
MODULE = "examples.chat_service"


class Service:
    """A running service; lives as long as the tests of this file.

    Attributes:
        folder: where register, spool and socket stand.
        environment: what its processes are started with.
        root: where they are started.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        """Found the company; nothing serves yet."""
        self.folder, self.root = folder, root
        path = os.pathsep.join([str(root / "src"), str(root)])
        self.environment = os.environ | {
            "CHAT_FOLDER": str(folder),
            "CHAT_REFRESH_SECONDS": "0.1",
            "PYTHONPATH": path,
            "PYTHONUTF8": "1",
        }
        self.committee("found")

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run two workers on a socket in the file system, once both have said that they are ready."""
        command = [sys.executable, "-m", "uvicorn", f"{MODULE}.service:app", "--uds", str(self.socket)]
        command += ["--workers", "2", "--no-access-log", "--no-use-colors"]
        with subprocess.Popen(
            command, cwd=self.root, env=self.environment, stderr=subprocess.PIPE, text=True
        ) as serving:
            try:
                assert serving.stderr is not None
                ready = (line for line in serving.stderr if "Application startup complete" in line)
                assert 2 == len(list(itertools.islice(ready, 2)))
                yield
            finally:
                serving.send_signal(signal.SIGTERM)

    @property
    def socket(self) -> Path:
        """The socket."""
        return self.folder / "s"

    def committee(self, what: str) -> str:
        """Let the committee decide in a process of its own."""
        command = [sys.executable, "-m", f"{MODULE}.committee", what, "--folder", str(self.folder)]
        done = subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def get(self, path: str, **query: str) -> Any:
        """Ask over a connection of its own, so that any worker may answer."""
        transport = httpx.HTTPTransport(uds=str(self.socket), verify=False)  # there is no TLS, so no roots are read
        with httpx.Client(transport=transport, base_url="http://service", timeout=PATIENCE) as client:
            return client.get(path, params=query)

    def found(self, label: str, *, side: str) -> list[Finding]:
        """Wait until the spool holds findings of a label and side; return them."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            entries = read_spool(self.folder / "findings").entries
            found = [one.finding for one in entries if (one.finding.label, one.finding.fact("side")) == (label, side)]
            if found:
                return found
        raise AssertionError(label)

    def until(self, told: Callable[[Any], bool]) -> set[str]:
        """Ask, many at once so that no worker takes all, until two have answered so the latest time; name them."""
        ends = time.monotonic() + PATIENCE
        workers: dict[str, bool] = {}
        with ThreadPoolExecutor(CROWD) as crowd:
            while time.monotonic() < ends:
                for answer in crowd.map(self.get, ["/ready"] * CROWD):
                    workers[answer.headers["x-worker"]] = told(answer)
                if len(workers) == 2 and all(workers.values()):
                    return set(workers)
        message = f"not within {PATIENCE} s: {workers}"
        raise AssertionError(message)


def is_open(answer: Any) -> bool:
    """Tell whether a worker's gate is open."""
    return bool(answer.json()["open"])


def is_shut(answer: Any) -> bool:
    """Tell whether a worker's gate is shut."""
    return not is_open(answer)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Service]:
    """The service with two workers, both answering."""
    made = Service(tmp_path_factory.mktemp("chat"), repository)
    with made.running():
        made.until(is_open)
        yield made


def test_a_stream_leaves_the_service_as_the_model_made_it(service: Service) -> None:
    """What no detector minds arrives byte for byte."""
    answer = service.get("/chat", question="안녕")

    assert (200, "You asked: 안녕") == (answer.status_code, answer.text)


def test_a_number_split_over_pieces_leaves_masked_and_is_found(service: Service) -> None:
    """The client reads no digit of it, and the spool holds one finding without it."""
    answer = service.get("/chat", question="저는 누구인가요")
    found = service.found("rrn", side="output")

    assert (200, "고객님의 주민번호는 [***] 입니다.") == (answer.status_code, answer.text)
    assert ["leaks-rrn"] == [one.risk for one in found]
    assert not any("1234567" in path.read_text("utf-8") for path in (service.folder / "findings").iterdir())


def test_a_question_with_a_number_is_refused_before_the_status(service: Service) -> None:
    """The middleware answers for the guard, with the status of the host."""
    answer = service.get("/chat", question="제 번호는 900101-1234567 입니다")

    assert (451, "withheld") == (answer.status_code, answer.text)


def test_what_the_workers_found_reaches_the_register_once(service: Service) -> None:
    """Read in twice, the number that was masked is one occurrence on its risk."""
    service.get("/chat", question="누구")
    service.found("rrn", side="output")
    first, again = service.committee("findings"), service.committee("findings")

    assert first == again
    assert "x rrn on leaks-rrn" in first


def test_a_decision_shuts_every_worker_and_the_next_opens_them(service: Service) -> None:
    """A body's rejection, made in another process, is refused with 503 by both workers; an approval ends that."""
    service.committee("reject")
    shut = service.until(is_shut)
    refused = {service.get("/chat", question="hi").status_code for _ in range(6)}
    decided = service.committee("approve")
    opened = service.until(is_open)
    answered = {service.get("/chat", question="hi").status_code for _ in range(6)}

    assert ({503}, {200}) == (refused, answered)
    assert (2, shut) == (len(shut), opened)
    assert "ai_safety, erm_committee" in decided
