"""Every error: its place in the tree, its message, its parts, and that it travels between processes."""

import datetime as dt
import pickle
from typing import Any

import pytest

from kakao_asi import exceptions
from kakao_asi.exceptions import (
    AsiError,
    CommandRefused,
    GateBlocked,
    GovernanceDiffers,
    GovernanceInvalid,
    GuardBlocked,
    GuardUnavailable,
    IntegrityError,
    InvalidValue,
    KeyReused,
    LoadError,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
    UnknownId,
    VersionConflict,
)
from kakao_asi.governance import Code, FindingKind, GateResult, GraphFinding, Refusal
from kakao_asi.stages import Stage

REFUSAL = Refusal(code=Code.NOT_ASSESSED, subject="leaks-rrn")
SECOND = Refusal(code=Code.LEGAL_OBLIGATION, subject="leaks-rrn")
RESULT = GateResult(
    system="demo-chat", stage=Stage.DEPLOYMENT, at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC), blockers=(REFUSAL,)
)
FAULT = GraphFinding(
    code="gap", severity=next(iter(FindingKind)), ids=("top",), text="nobody decides", text_ko="결정할 기구가 없음"
)

DIFFERS = (
    "the register is governed by sha256:1, not by sha256:2; open it without governance=, "
    "and put the change before the bodies with commands.ProposeGovernance"
)

ERRORS: list[tuple[AsiError, str, dict[str, Any]]] = [
    (
        InvalidValue("Risk.owner", "must be an id", "name a role"),
        "Risk.owner must be an id; name a role",
        {"field": "Risk.owner", "rule": "must be an id", "remedy": "name a role"},
    ),
    (
        LoadError("$.risk", "unknown_key", "a known key"),
        "cannot load $.risk: unknown_key; expected a known key",
        {"path": "$.risk", "code": "unknown_key", "expected": "a known key"},
    ),
    (
        UnknownId("risk", "leaks"),
        "there is no risk 'leaks'; check the id, or list what the register holds",
        {"kind": "risk", "id": "leaks"},
    ),
    (
        CommandRefused(iter([REFUSAL, SECOND])),
        f"refused: [not_assessed] {REFUSAL.message('en')} | [legal_obligation] {SECOND.message('en')}",
        {"refusals": (REFUSAL, SECOND)},
    ),
    (GateBlocked(RESULT), RESULT.to_text(lang="en"), {"result": RESULT}),
    (
        GovernanceInvalid([FAULT]),
        "the governance cannot work: [gap] nobody decides",
        {"findings": (FAULT,)},
    ),
    (
        GuardBlocked("demo-chat/reply", "output", iter(["rrn"])),
        "the guard of 'demo-chat/reply' withholds this output: rrn",
        {"component": "demo-chat/reply", "side": "output", "labels": ("rrn",)},
    ),
    (
        GuardUnavailable("demo-chat/reply", "input", iter(["pii-ko"])),
        "the guard of 'demo-chat/reply' cannot check this input: no answer from pii-ko",
        {"component": "demo-chat/reply", "side": "input", "detectors": ("pii-ko",)},
    ),
    (
        GovernanceDiffers("sha256:1", "sha256:2"),
        DIFFERS,
        {"adopted": "sha256:1", "passed": "sha256:2"},
    ),
    (
        VersionConflict("risk:leaks-rrn", 3, 4),
        "'risk:leaks-rrn' is at version 4, not 3; read it again and decide anew",
        {"stream": "risk:leaks-rrn", "expected": 3, "actual": 4},
    ),
    (
        KeyReused("job-7"),
        "key 'job-7' already stands for another request; use a new key for a new request",
        {"key": "job-7"},
    ),
    (StoreBusy("held"), "held", {}),
    (StoreFull("full"), "full", {}),
    (StoreUnavailable("closed"), "closed", {}),
    (IntegrityError("changed"), "changed", {}),
    (StoreError("store"), "store", {}),
    (AsiError("root"), "root", {}),
]
NAMES = [type(error).__name__ for error, _, _ in ERRORS]


def test_every_error_of_the_tree_is_looked_at_here() -> None:
    """No error class is left out of these tests."""
    assert sorted(exceptions.__all__) == sorted(NAMES)


@pytest.mark.parametrize(("error", "message", "parts"), ERRORS, ids=NAMES)
def test_an_error_says_what_is_wrong_and_what_to_do(error: AsiError, message: str, parts: dict[str, Any]) -> None:
    """The message is one English sentence that stays stable, and its parts are attributes."""
    assert (message, parts) == (str(error), {name: getattr(error, name) for name in parts})


@pytest.mark.parametrize(("error", "message", "parts"), ERRORS, ids=NAMES)
def test_an_error_can_be_pickled(error: AsiError, message: str, parts: dict[str, Any]) -> None:
    """An error that crosses a process keeps its type, message and parts."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes

    assert (type(error), message) == (type(again), str(again))
    assert parts == {name: getattr(again, name) for name in parts}


@pytest.mark.parametrize("error", [error for error, _, _ in ERRORS], ids=NAMES)
def test_every_error_is_caught_at_the_root(error: AsiError) -> None:
    """One except clause catches whatever this library raises."""
    assert isinstance(error, AsiError)


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (InvalidValue, ValueError),
        (LoadError, ValueError),
        (UnknownId, LookupError),
        (GovernanceInvalid, ValueError),
        (KeyReused, ValueError),
        (StoreBusy, TimeoutError),
        (StoreFull, OSError),
        (StoreUnavailable, OSError),
    ],
    ids=lambda kind: kind.__name__,
)
def test_an_error_is_of_the_builtin_kind_too(kind: type[AsiError], builtin: type[Exception]) -> None:
    """Code that knows only the kinds of Python catches it as well."""
    assert issubclass(kind, builtin)


@pytest.mark.parametrize(
    "kind",
    [VersionConflict, KeyReused, StoreBusy, StoreFull, StoreUnavailable, IntegrityError],
    ids=lambda kind: kind.__name__,
)
def test_all_trouble_with_the_store_is_caught_as_one(kind: type[AsiError]) -> None:
    """Every error of the store is a StoreError."""
    assert issubclass(kind, StoreError)


def test_an_error_without_a_remedy_ends_after_the_rule() -> None:
    """Where there is no advice, no empty advice is printed."""
    assert str(InvalidValue("Risk.owner", "must be an id")) == "Risk.owner must be an id"
