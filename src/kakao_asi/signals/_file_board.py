"""A board in a file, for pods and ranks that reach no database."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from .._internal.canonical import Json, canonical_bytes
from .._internal.clock import format_instant
from ..exceptions import InvalidValue, LoadError
from ..governance import Code, Refusal
from ..taxonomy import Grade, RiskCategory
from ._board import BoardState, CaseNote, ComponentGate, GateStep, RiskNote

__all__ = ["FileBoard", "write_board"]

T = TypeVar("T")

_FORMAT = "kakao_asi.board/1"
_LARGEST = 64 << 20


def write_board(path: str | Path, state: BoardState) -> None:
    """Write a board file; a reader sees the old one or the new one, never half of it.

    The file is readable by everybody who may read its folder: it holds ids, codes and grades, no texts.

    Raises:
        OSError: the folder cannot be written.
    """
    target = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(canonical_bytes(_data_of(state)) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


class FileBoard:
    """Reads a board file that ``register.write_board`` wrote; lives as long as its receiver."""

    def __init__(self, path: str | Path) -> None:
        """Remember the path; nothing is read yet, and the file may come later."""
        self._path = Path(path)
        self._seen: tuple[tuple[int, int, int], BoardState] | None = None

    def read(self) -> BoardState:
        """Return the file's state; a file that has not changed is not parsed again.

        Raises:
            OSError: it cannot be read.
            LoadError: it is no board file of this version.
        """
        found = self._path.stat()
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._seen is not None and self._seen[0] == mark:
            return self._seen[1]
        if found.st_size > _LARGEST:
            raise LoadError("$", "too_large", f"at most {_LARGEST:,} bytes")
        state = _parsed(self._path.read_bytes())
        self._seen = (mark, state)
        return state


def _data_of(state: BoardState) -> Json:
    return {
        "format": _FORMAT,
        "at": format_instant(state.at),
        "position": state.position,
        "gates": [
            {
                "path": gate.path,
                "steps": [
                    {"since": format_instant(step.since), "blockers": [_refusal_data(one) for one in step.blockers]}
                    for step in gate.steps
                ],
            }
            for gate in state.gates
        ],
        "risks": [
            {"id": risk.id, "category": risk.category.id, "grade": None if risk.grade is None else risk.grade.id}
            for risk in state.risks
        ],
        "cases": [{"id": case.id, "until": _text(case.until)} for case in state.cases],
        "overriders": [*sorted(state.overriders)],
    }


def _refusal_data(refusal: Refusal) -> Json:
    return {
        "code": refusal.code.id,
        "subject": refusal.subject,
        "missing": list(refusal.missing),
        "who": list(refusal.who),
        "detail": refusal.detail,
        "until": _text(refusal.until),
    }


def _text(value: dt.datetime | None) -> str | None:
    return None if value is None else format_instant(value)


def _parsed(raw: bytes) -> BoardState:
    try:
        data = json.loads(raw)
    except ValueError:
        raise LoadError("$", "not_json", "a board file") from None
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise LoadError("$.format", "unknown_format", _FORMAT)
    try:
        return BoardState(
            at=_instant(data["at"]),
            position=data["position"],
            gates=_each(data["gates"], _gate),
            risks=_each(data["risks"], _risk),
            cases=_each(data["cases"], lambda one: CaseNote(id=one["id"], until=_maybe(one["until"]))),
            overriders=data["overriders"],
        )
    except (InvalidValue, KeyError, TypeError, ValueError, AttributeError):
        raise LoadError("$", "malformed", f"the fields of {_FORMAT}") from None


def _each(items: list[Any], build: Callable[[Any], T]) -> tuple[T, ...]:
    return tuple(build(item) for item in items)


def _gate(data: Any) -> ComponentGate:
    steps = _each(
        data["steps"], lambda one: GateStep(since=_instant(one["since"]), blockers=_each(one["blockers"], _refusal))
    )
    return ComponentGate(path=data["path"], steps=steps)


def _refusal(data: Any) -> Refusal:
    return Refusal(
        code=Code(data["code"]),
        subject=str(data["subject"]),
        missing=tuple(map(str, data["missing"])),
        who=tuple(map(str, data["who"])),
        detail=str(data["detail"]),
        until=_maybe(data["until"]),
    )


def _risk(data: Any) -> RiskNote:
    grade = data["grade"]
    return RiskNote(
        id=data["id"], category=RiskCategory(data["category"]), grade=None if grade is None else Grade(grade)
    )


def _instant(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value)


def _maybe(value: str | None) -> dt.datetime | None:
    return None if value is None else _instant(value)
