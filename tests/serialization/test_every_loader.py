"""The hostile inputs again, through every door by which outside JSON comes in: files, lines, commands, values."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from kakao_asi import Response, Risk, commands
from kakao_asi.catalog import from_file
from kakao_asi.exceptions import LoadError
from kakao_asi.framework import Candidate, ClockRow
from kakao_asi.serialization import load
from kakao_asi.signals import FileBoard, read_spool

AT = "2026-11-23T10:00:00.000000Z"
LATER = "2026-11-24T10:00:00.000000Z"
RISK: dict[str, Any] = {
    "id": "leaks-rrn",
    "title": "A reply repeats a number",
    "category": "active_misuse",
    "system": "demo-chat",
    "principles": ["privacy"],
    "owner": "serving",
    "legal_obligation": False,
}
SYSTEM: dict[str, Any] = {
    "id": "demo-chat",
    "unit": "chat",
    "audience": "external",
    "components": ["reply"],
    "generative": True,
}
RESPONSE: dict[str, Any] = {
    "strategy": "change_likelihood",
    "controls": ["output_filter"],
    "owner": "serving",
    "due": "2026-12-01",
}
CANDIDATE: dict[str, Any] = {
    "id": "test.mu.own",
    "stage": "test",
    "category": "active_misuse",
    "label": "own",
    "ko": "우리 것",
    "en": "Ours",
    "principles": ["privacy"],
    "version": 2,
}
CLOCK: dict[str, Any] = {
    "id": "own.report.v1",
    "duty": "own.report",
    "kind": "incident",
    "ko": "알린다",
    "en": "Tell the committee",
    "law": "House rule 3",
    "limit": 24,
    "unit": "hours",
    "counts_from": "aware",
    "effective_from": "2026-01-01",
    "status": "confirmed",
    "origin": "ours",
    "source_url": "https://example.org/rule",
    "licence": "own",
    "retrieved_on": "2026-01-01",
}
BOARD: dict[str, Any] = {
    "format": "kakao_asi.board/1",
    "board": {
        "at": AT,
        "position": 3,
        "gates": [
            {
                "path": "demo-chat/reply",
                "steps": [
                    {"since": AT, "blockers": [{"code": "containment_open", "subject": "leaks-rrn", "who": ["ceo"]}]}
                ],
            }
        ],
        "risks": [{"id": "leaks-rrn", "category": "active_misuse", "grade": "high"}],
        "cases": [{"id": "demo-chat.release.1", "until": LATER}],
        "overriders": ["ops.lim"],
    },
}
LINE: dict[str, Any] = {
    "writer": "0123456789abcdef",
    "n": 0,
    "finding": {
        "risk": "leaks-rrn",
        "verdict": "flag",
        "site": "app:reply",
        "facts": {"length": 12},
        "at": AT,
        "count": 2,
    },
}
Place = tuple[str | int, ...]


@frozen(kw_only=True)
class Door:
    """One loader: how it is called, what it accepts, and where in that each kind of value stands."""

    read: Callable[[bytes, Path], object]
    friendly: Any
    places: dict[str, Place]


def _values(kind: Any) -> Callable[[bytes, Path], object]:
    return lambda text, _: load(kind, text)


def _rows(kind: Any) -> Callable[[bytes, Path], object]:
    def read(text: bytes, folder: Path) -> object:
        (folder / "rows.json").write_bytes(text)
        return from_file(folder / "rows.json", kind)

    return read


def _board(text: bytes, folder: Path) -> object:
    (folder / "board.json").write_bytes(text)
    return FileBoard(folder / "board.json").read()


def _spool(text: bytes, folder: Path) -> object:
    """Read one line; a spool lists what it cannot use and goes on, so that is turned into the error here."""
    (folder / "run-0-1-0.findings.jsonl").write_bytes(text + b"\n")
    reading = read_spool(folder)
    if reading.faults:
        raise LoadError("$", reading.faults[0].code, "a line of a spool")
    return reading.entries


DOORS = {
    "risk": Door(
        read=_values(Risk),
        friendly=RISK,
        places={
            "text": ("title",),
            "flag": ("legal_obligation",),
            "word": ("category",),
            "texts": ("principles",),
            "top": (),
        },
    ),
    "response": Door(
        read=_values(Response),
        friendly=RESPONSE,
        places={"text": ("owner",), "word": ("strategy",), "texts": ("controls",), "date": ("due",), "top": ()},
    ),
    "command": Door(
        read=_values(commands.AddSystem),
        friendly={"system": SYSTEM},
        places={
            "text": ("system", "unit"),
            "flag": ("system", "generative"),
            "word": ("system", "audience"),
            "texts": ("system", "components"),
            "top": (),
        },
    ),
    "candidates of a company": Door(
        read=_rows(Candidate),
        friendly=[CANDIDATE],
        places={
            "text": (0, "ko"),
            "whole": (0, "version"),
            "word": (0, "stage"),
            "texts": (0, "principles"),
            "rows": (),
        },
    ),
    "clocks of a company": Door(
        read=_rows(ClockRow),
        friendly=[CLOCK],
        places={
            "text": (0, "law"),
            "whole": (0, "limit"),
            "word": (0, "kind"),
            "date": (0, "retrieved_on"),
            "rows": (),
        },
    ),
    "board": Door(
        read=_board,
        friendly=BOARD,
        places={
            "text": ("board", "gates", 0, "steps", 0, "blockers", 0, "subject"),
            "whole": ("board", "position"),
            "word": ("board", "risks", 0, "category"),
            "instant": ("board", "at"),
            "texts": ("board", "overriders"),
            "top": (),
        },
    ),
    "spool": Door(
        read=_spool,
        friendly=LINE,
        places={
            "text": ("finding", "site"),
            "whole": ("finding", "count"),
            "word": ("finding", "verdict"),
            "instant": ("finding", "at"),
            "mapping": ("finding", "facts"),
            "top": (),
        },
    ),
}

# Raw JSON that stands in the place of a value. The names follow the table that the loaders were made for.
ROWS: dict[str, dict[str, str]] = {
    "text": {
        "null": "null",
        "integer": "123",
        "true": "true",
        "list": "[]",
        "object": "{}",
        "lone surrogate": r'"\ud800"',
        "NUL": r'"a\u0000"',
        "ESC": r'"a\u001b[31m"',
        "C0": r'"a\u0007"',
        "C1": r'"a\u0085"',
        "bidi override": r'"a\u202eb"',
        "not NFC": r'"\u1112\u1161\u11ab"',
        "10 MB": '"' + "a" * 10_000_000 + '"',
    },
    "whole": {
        "true": "true",
        "3.9": "3.9",
        "digit text": '"7"',
        "arabic digit": r'" \u0663 "',
        "10**400": "1" + "0" * 400,
        "NaN": "NaN",
        "Infinity": "Infinity",
        "nan text": '"nan"',
        "underscore": '"1_0"',
        "1e400": "1e400",
        "5.0": "5.0",
        "minus zero": "-0.0",
        "1e-7": "1e-7",
    },
    "flag": {"false text": '"false"', "0": "0", "empty list": "[]"},
    "word": {"unknown": '"robot"', "member name": '"MEMBER"', "5.0": "5.0", "true": "true", "list": "[]"},
    "instant": {
        "naive": '"2026-11-23T10:00:00.000000"',
        "date only": '"2026-11-23"',
        "week date": '"2026-W47-1"',
        "offset with seconds": '"2026-11-23T10:00:00.000000+09:00:30"',
        "beyond the last year": '"9999-12-31T23:00:00.000000-14:00"',
        "integer": "0",
    },
    "date": {
        "without dashes": '"20261123"',
        "week date": '"2026-W47-1"',
        "no such day": '"2026-02-30"',
        "integer": "0",
    },
    "texts": {"text": '"abc"', "object": '{"a":1}', "null inside": '["1",null]'},
    "mapping": {
        "text": '"abc"',
        "list": "[]",
        "NaN inside": '{"a":NaN}',
        "float inside": '{"a":1e-7}',
        "list inside": '{"a":[]}',
        "repeated key": '{"a":1,"a":1}',
    },
    "top": {"null": "null", "list": "[]", "text": '"x"', "unknown key": '{"surprise":1}'},
    "rows": {"null": "null", "object": "{}", "text": '"x"', "unknown key": '[{"surprise":1}]'},
}
WHOLE_TEXTS: dict[str, bytes] = {
    "invalid UTF-8": b'{"a":"\xff"}',
    "UTF-16": "{}".encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "trailing text": b"{} x",
    "duplicate key": b'{"a":1,"a":2}',
    "depth 1,100": b"[" * 1_100 + b"]" * 1_100,
    "depth 100,000": b'{"a":' * 100_000,
    "depth 1,000,000": b"[" * 1_000_000,
}


def _with(friendly: Any, place: Place, raw: str) -> bytes:
    """Return the friendly text with raw JSON in one place."""
    if not place:
        return raw.encode()
    copy = json.loads(json.dumps(friendly))
    at = copy
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = "\ue000"
    return json.dumps(copy).replace(r'"\ue000"', raw).encode()


CASES = [
    pytest.param(door, _with(door.friendly, place, raw), id=f"{name}: {kind}, {row}")
    for name, door in DOORS.items()
    for kind, place in door.places.items()
    for row, raw in ROWS[kind].items()
] + [pytest.param(door, text, id=f"{name}: {row}") for name, door in DOORS.items() for row, text in WHOLE_TEXTS.items()]


@pytest.mark.parametrize(("door", "text"), CASES)
def test_every_door_refuses_hostile_input(door: Door, text: bytes, tmp_path: Path) -> None:
    """Hostile input ends in the one error type, and the error repeats nothing of it."""
    with pytest.raises(LoadError) as refused:
        door.read(text, tmp_path)

    assert refused.value.__context__ is None or refused.value.__suppress_context__
    assert "surprise" not in str(refused.value)


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_every_door_takes_what_the_hostile_was_made_of(door: Door, tmp_path: Path) -> None:
    """The friendly text passes, so it is the hostile part that was refused."""
    assert door.read(json.dumps(door.friendly).encode(), tmp_path)


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_every_door_refuses_a_key_it_does_not_know(door: Door, tmp_path: Path) -> None:
    """A key that is not known is refused at every depth."""
    refused = 0
    places = {place[:n] for place in door.places.values() for n in range(len(place))}
    for place in places:
        copy = json.loads(json.dumps(door.friendly))
        at = copy
        for step in place:
            at = at[step]
        if isinstance(at, dict) and place[-1:] != ("facts",):
            at["surprise"] = 1
            with pytest.raises(LoadError):
                door.read(json.dumps(copy).encode(), tmp_path)
            refused += 1

    assert refused


def test_every_kind_of_row_meets_a_door() -> None:
    """No row of the table is without a loader that has such a value."""
    assert {kind for door in DOORS.values() for kind in door.places} == ROWS.keys()
