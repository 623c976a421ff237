"""Write the golden files of the present format: a database, and what stands in it as JSON.

The format is frozen with the first release. Until then a change of it replaces the pair: run this program and commit
both. From then on the pair of a release stays as it is, and every later version has to read it.

Usage: `python tests/stores/golden/make.py`.
"""

import datetime as dt
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from kakao_asi.serialization import digest_text
from kakao_asi.stores import (
    Draft,
    PrivateField,
    RequestKey,
    Row,
    SQLiteStore,
    Store,
    checkpoint_text,
)
from kakao_asi.testing import FrozenClock

HERE = Path(__file__).parent
START = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
ORIGIN = "asi.example.com/golden"
ROWS = ("risk", "system", "case", "governance", "finding", "spool", "cursor")


def private(field: str, text: str, salt: int) -> PrivateField:
    """A sealed text with a salt that is the same each time."""
    filled = bytes([salt]) * 32
    return PrivateField(field=field, digest=digest_text(filled, text), salt=filled, text=text)


def draft(stream: str, kind: str, payload: Any, **parts: Any) -> Draft:
    """An event of the example."""
    number = parts.pop("number")
    return Draft(
        id=f"019aadf0-0000-7000-8000-{number:012d}",
        stream=stream,
        kind=kind,
        schema=parts.pop("schema", 1),
        at=START - dt.timedelta(minutes=number),
        by="ml.lee",
        lifecycle=1,
        payload=payload,
        **parts,
    )


def fill(store: Store, clock: FrozenClock) -> None:
    """Append what a format has to be able to hold."""
    title, reason = (
        private("title", "답변에 주민등록번호가 나온다", 1),
        private("because", "quarterly check\n분기 점검", 2),
    )
    gone = private("note", "erased on request", 3)
    key = RequestKey(key="k-1", digest="sha256:" + "1" * 64)
    columns = {"status": "identified", "grade": None, "system": "demo-chat", "until": None}
    state = json.dumps({"title": {"sealed": title.digest}}, separators=(",", ":")).encode()
    first = draft(
        "risk:leaks-rrn",
        "risk_identified",
        {"title": {"sealed": title.digest}, "ratio": "0.031", "count": 3},
        because={"sealed": reason.digest},
        cause="k-1",
        governance="sha256:" + "a" * 64,
        private=(title, reason),
        number=1,
    )
    row = Row(kind="risk", id="leaks-rrn", version=1, columns=columns, state=state)
    store.append([draft("system:demo-chat", "system_added", None, number=0), first], [row], {}, key)
    clock.forward(dt.timedelta(hours=1))
    store.append(
        [draft("risk:leaks-rrn", "noted", {"note": {"sealed": gone.digest}}, private=(gone,), number=2)], [], {}, None
    )
    clock.forward(dt.timedelta(hours=-2))
    erased = draft("risk:leaks-rrn", "text_erased", {"digests": [gone.digest]}, number=3)
    # A kind and a schema that no version knows: they must come back byte for byte.
    unknown = draft(
        "case:c-1", "weather_changed", {"sky": [True, False, None, -(2**53) + 1, '\x07"\\é']}, schema=99, number=4
    )
    store.append([erased, unknown], [Row(kind="cursor", id="pager", version=5, state=b"\x00\xff")], {}, None)
    store.erase(2, "note")


def export_of(store: Store) -> dict[str, Any]:
    """Everything a store gives out, as JSON."""
    frontier = store.frontier()
    return {
        "checkpoint": checkpoint_text(ORIGIN, frontier.size, frontier.root()),
        "events": [
            {
                "seq": one.seq,
                "stream": one.stream,
                "version": one.version,
                "body": one.body.decode(),
                "leaf": one.leaf.hex(),
                "texts": dict(one.texts),
            }
            for one in store.read()
        ],
        "rows": [
            {
                "kind": row.kind,
                "id": row.id,
                "version": row.version,
                "columns": dict(row.columns),
                "state": row.state.hex(),
                "texts": dict(row.texts),
            }
            for kind in ROWS
            for row in store.rows(kind)
        ],
    }


def main() -> None:
    """Write both files anew."""
    target = HERE / "format-1.db"
    target.unlink(missing_ok=True)
    clock = FrozenClock(START)
    with closing(SQLiteStore(target, clock=clock)) as store:
        fill(store, clock)
        content = json.dumps(export_of(store), ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / "format-1.json").write_text(content + "\n", "utf-8")


if __name__ == "__main__":
    main()
