"""Two hundred canaries in arguments, results, exceptions and facts: none comes out anywhere."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

import kakao_asi as asi
from kakao_asi import hooks
from kakao_asi.findings import Finding
from kakao_asi.signals import read_spool

CANARIES = tuple(f"canary{number:03d}x900101-1{number:06d}" for number in range(200))
ROUNDS = len(CANARIES) // 8


class Leaky:
    """A detector whose errors hold what it looked at."""

    name = "leaky"
    in_process = True

    def detect(self, item: hooks.Item) -> NoReturn:
        """Fail with the text."""
        raise RuntimeError(item.text)


class LeakyError(ValueError):
    """An error whose text and repr are the canary."""

    def __repr__(self) -> str:
        """Tell all."""
        return str(self)


PERSONAL = hooks.personal_detector()


@hooks.gate("demo-chat/reply", mode="observe")
@hooks.watch("fails", on=ValueError)
@hooks.watch("looks", when=lambda call: call.args["nothing"])
def watched(argument: str, *, fails: bool) -> str:
    """Return the argument, or fail with it."""
    if fails:
        raise LeakyError(argument) from KeyError(argument)
    return argument


@hooks.guard("demo-chat/reply", risks={"output": "leaks"}, input=[PERSONAL], output=[PERSONAL, Leaky()], mode="observe")
async def guarded(_question: str, answer: str) -> AsyncIterator[str]:
    """Stream an answer in two pieces."""
    yield answer[:15]
    yield answer[15:]


@hooks.human_action("drop", risk="wrong-drop", reversible=False, dry_run="dry_run")
def drop(index: str, *, dry_run: Any = False) -> str:
    """Drop an index."""
    return f"{index}{dry_run}"


async def consume(question: str, answer: str) -> None:
    """Read a guarded stream."""
    async for _ in guarded(question, answer):
        pass


def exercised(canaries: Iterator[str]) -> None:
    """Push eight canaries through hooks of every kind."""
    with hooks.activity("reindex", risk="stale-index", because=next(canaries)) as block:
        block.measure("loss", next(canaries))
        block.flag(next(canaries), label="schema")
        watched(next(canaries), fails=False)
        with contextlib.suppress(ValueError):
            watched(next(canaries), fails=True)
        asyncio.run(consume(next(canaries), next(canaries)))
        drop(next(canaries))


def told(taken: list[Finding], spool: Path, records: list[logging.LogRecord]) -> str:
    """Return everything that left the hooks, in every form it can be read in."""
    texts = [repr(one) + str(one) + repr(one.to_data()) for one in taken]
    texts += [path.read_text("utf-8") for path in spool.iterdir()]
    texts += [repr(entry) for entry in read_spool(spool).entries]
    formatter = logging.Formatter("%(message)s %(args)s")
    texts += [formatter.format(record) + repr(vars(record)) for record in records]
    texts += [repr(hooks.health()), repr(hooks.inventory()), repr(PERSONAL), repr(watched), repr(guarded)]
    return "\n".join(texts)


@pytest.mark.parametrize("grade", [asi.Grade.LOW, None], ids=["through_the_sink", "through_the_spool"])
def test_no_canary_comes_out(grade: asi.Grade | None, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a call, its errors or its activity hold, only types, lengths, places and digests are told."""
    categories = asi.RiskCategory.MODEL_IMPERFECTION
    risks = [hooks.RiskNote(id=one, category=categories, grade=grade) for one in ("fails", "looks", "leaks", "drop")]

    class Board:
        """Says how grave the risks are."""

        def read(self) -> hooks.BoardState:
            """Return the state."""
            return hooks.BoardState(at="2026-11-23T00:00:00+00:00", risks=risks)

    taken: list[Finding] = []
    (tmp_path / "spool").mkdir()
    spool = hooks.Spool(tmp_path / "spool")
    canaries = iter(CANARIES)
    with (
        caplog.at_level(logging.DEBUG),
        hooks.activate(sink=lambda one: not taken.append(one), spool=spool, flush="manual", board=Board()),
    ):
        for _ in range(ROUNDS):
            exercised(canaries)
        health = hooks.health()

    text = told(taken, tmp_path / "spool", caplog.records)
    found = {one.label for one in taken} | {one.finding.label for one in read_spool(tmp_path / "spool").entries}
    assert None is next(canaries, None)
    assert {"schema", "rrn", "human_action", "control_failure:leaky"} <= found
    assert (ROUNDS, True) == (health.internal_errors, health.offered >= 6 * ROUNDS)
    assert [] == [one for one in CANARIES if one in text or one[-14:] in text or one[:12] in text]


def test_no_canary_reaches_the_register(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the file of the register, nor its events, its groups of findings or its reports hold any of them."""
    path = tmp_path / "asi.db"
    canaries = iter(CANARIES)
    with caplog.at_level(logging.DEBUG), asi.RiskRegister.open(path) as register:
        register.add_system(asi.System(id="demo-chat", unit="chat", audience=asi.Audience.EXTERNAL), by="ml.lee")
        with register.active(flush="manual"):
            for _ in range(ROUNDS):
                exercised(canaries)
        groups = register.findings().items
        texts = [repr(entry) for entry in register.events()] + [repr(group) for group in groups]
        texts += [asi.reports.markdown(register), asi.reports.html(register)]
    text = "\n".join([*texts, path.read_bytes().decode("utf-8", "replace"), *map(repr, map(vars, caplog.records))])

    assert {"schema", "rrn", "human_action"} <= {group.sample.label for group in groups}
    assert [] == [one for one in CANARIES if one in text or one[-14:] in text or one[:12] in text]
