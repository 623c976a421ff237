"""Power cuts: what a disk may hold after one at any moment, and that nothing acknowledged is missing from it.

A layer below SQLite records every write, sync, truncation and deletion, and the acknowledgements between them. At a
random moment the disk then holds what was synced, and of everything later any subset of its 512-byte sectors. A
deleted file may come back unless its folder was synced. Two settings that are known to lose writes show that the rig
finds losses.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kakao_asi.exceptions import IntegrityError, StoreError
from kakao_asi.stores import Draft, Row, SQLiteStore, audit

apsw = pytest.importorskip("apsw")

SECTOR = 512
APPENDS = 30
# Without shared memory, which this layer does not have, a write-ahead log needs the file for itself.
MODES = {
    "delete/extra": {},
    "wal/extra": {"PRAGMA busy_timeout=5000": "PRAGMA locking_mode=EXCLUSIVE"},
    "delete/full": {"PRAGMA synchronous=EXTRA": "PRAGMA synchronous=FULL", "PRAGMA synchronous": "SELECT 3"},
    "wal/normal": {
        "PRAGMA synchronous=EXTRA": "PRAGMA synchronous=NORMAL",
        "PRAGMA synchronous": "SELECT 3",
        "PRAGMA busy_timeout=5000": "PRAGMA locking_mode=EXCLUSIVE",
    },
}

Build = Callable[..., Draft]
Step = tuple[Any, ...]


class File:
    """One file of a disk: what is safe, and what was written since the last sync."""

    def __init__(self, *, named: bool) -> None:
        """Begin empty; ``named`` if its name in the folder is safe already."""
        self.safe = bytearray()
        self.later: list[Step] = []
        self.named = named

    def now(self) -> bytearray:
        """What a program sees."""
        return applied(self.safe, self.later)

    def after_a_cut(self, chance: random.Random) -> bytearray:
        """What may be found after a power cut."""
        kept: list[Step] = []
        for step in self.later:
            if step[0] == "truncate":
                kept += [step] if chance.random() < 0.5 else []
                continue
            _, start, data = step
            place = 0
            while place < len(data):
                end = min(len(data), place + SECTOR - (start + place) % SECTOR)
                if chance.random() < 0.5:
                    kept.append(("write", start + place, data[place:end]))
                place = end
        return applied(self.safe, kept)


def applied(content: bytearray, steps: Sequence[Step]) -> bytearray:
    """Content after some writes and truncations."""
    result = bytearray(content)
    for step in steps:
        if step[0] == "truncate":
            del result[step[1] :]
        else:
            _, start, data = step
            result.extend(bytes(max(0, start - len(result))))
            result[start : start + len(data)] = data
    return result


class Disk:
    """A folder on a disk whose power may be cut."""

    def __init__(self) -> None:
        """Begin without files."""
        self.files: dict[str, File] = {}
        self.ghosts: dict[str, File] = {}
        self.acknowledged = 0

    def take(self, step: Step) -> None:
        """Follow one recorded step."""
        what, name, *rest = step
        if what == "acknowledge":
            self.acknowledged += 1
        elif what == "open":
            self.files.setdefault(name, File(named=rest[0]))
        elif what == "sync":
            file = self.files[name]
            file.safe, file.later = file.now(), []
            if not file.named:
                # The first sync of a new file syncs its folder too, and with it every deletion before.
                file.named = True
                self.ghosts.clear()
        elif what == "delete":
            gone = self.files.pop(name, None)
            if gone is not None:
                self.ghosts[name] = gone
            if rest[0]:
                self.ghosts.clear()
        else:
            self.files[name].later.append((what, *rest))

    def after_a_cut(self, chance: random.Random) -> dict[str, bytearray]:
        """The files that may be found after a power cut."""
        found = {name: file for name, file in self.ghosts.items() if chance.random() < 0.5}
        found |= {name: file for name, file in self.files.items() if file.named or chance.random() < 0.5}
        return {name: file.after_a_cut(chance) for name, file in found.items()}


def recording_layer(steps: list[Step]) -> Any:
    """A layer below SQLite that does what it is told and writes it down."""

    class RecordedFile(apsw.VFSFile):  # type: ignore[misc]  # it has no stubs where it is not installed
        def __init__(self, name: Any, flags: list[int]) -> None:
            super().__init__("", name, flags)
            self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name).name
            # The register's own file exists, and its folder was synced, before SQLite opens it.
            steps.append(("open", self.name, self.name == "asi.db"))

        def xWrite(self, data: bytes, start: int) -> None:  # noqa: N802  # apsw's name
            super().xWrite(data, start)
            steps.append(("write", self.name, start, bytes(data)))

        def xTruncate(self, size: int) -> None:  # noqa: N802  # apsw's name
            super().xTruncate(size)
            steps.append(("truncate", self.name, size))

        def xSync(self, flags: int) -> None:  # noqa: N802  # apsw's name
            super().xSync(flags)
            steps.append(("sync", self.name))

    class RecordedDisk(apsw.VFS):  # type: ignore[misc]  # see above
        def __init__(self) -> None:
            super().__init__("recorded", "")

        def xOpen(self, name: Any, flags: list[int]) -> RecordedFile:  # noqa: N802  # apsw's name
            return RecordedFile(name, flags)

        def xDelete(self, name: str, sync_folder: bool) -> None:  # noqa: N802  # apsw's name
            super().xDelete(name, sync_folder)
            steps.append(("delete", Path(name).name, bool(sync_folder)))

    return RecordedDisk()


class RecordedConnection:
    """As much of ``sqlite3.Connection`` as the store uses, over the recording layer."""

    def __init__(self, path: Path, changes: dict[str, str]) -> None:
        """Open a file; ``changes`` says which statement stands for which."""
        self._connection = apsw.Connection(str(path), vfs="recorded")
        self._changes = changes

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._connection.in_transaction)

    def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> Any:
        """Run a statement, or the one that stands for it in this mode."""
        return self._connection.execute(self._changes.get(sql, sql), parameters)

    def executemany(self, sql: str, rows: list[tuple[object, ...]]) -> None:
        """Run a statement for every row."""
        self._connection.executemany(sql, rows)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def recorded(folder: Path, mode: str, draft: Build, row: Callable[..., Row]) -> list[Step]:
    """Make a file and append to it; return every step that reached the disk and every acknowledgement."""
    steps: list[Step] = []
    layer = recording_layer(steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda path, **_: RecordedConnection(path, MODES[mode]))
        journal: Any = mode.partition("/")[0]
        with closing(SQLiteStore(folder / "asi.db", journal=journal, allow_wal=True)) as store:
            for number in range(APPENDS):
                one = draft(f"risk:{number % 3}", payload=[number, "x" * (number * 700 % 5_000)])
                store.append([one], [row(str(number % 3), version=number // 3 + 1)], {}, None)
                steps.append(("acknowledge", "asi.db"))
            # What closing does comes after the cut.
            steps = list(steps)
    layer.unregister()
    return steps


def cuts(steps: Sequence[Step], count: int, chance: random.Random) -> Iterator[Disk]:
    """The disk at random moments, in order."""
    moments = Counter(chance.randrange(len(steps)) for _ in range(count))
    disk = Disk()
    for moment, step in enumerate(steps):
        disk.take(step)
        for _ in range(moments[moment]):
            yield disk


def verdict(folder: Path, disk: Disk, chance: random.Random) -> str:
    """Write down what a power cut may leave, open it, and say what became of it."""
    for file in folder.iterdir():
        file.unlink()
    for name, content in disk.after_a_cut(chance).items():
        (folder / name).write_bytes(content)
    try:
        with closing(SQLiteStore(folder / "asi.db")) as store:
            numbers = [event.payload[0] for event in store.read()]  # type: ignore[index,call-overload]  # a list, see above
            sound = audit(store).sound
    except IntegrityError:
        return "corrupt"
    except StoreError:
        return "unavailable"
    with closing(sqlite3.connect(folder / "asi.db")) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    if not (sound and whole) or numbers != list(range(len(numbers))):
        return "corrupt"
    return "lost" if len(numbers) < disk.acknowledged else "kept"


def states(folder: Path, mode: str, count: int, draft: Build, row: Callable[..., Row]) -> Counter[str]:
    """What became of a number of power cuts in a mode."""
    chance = random.Random(count)  # noqa: S311  # it keeps no secret
    for name in ("recorded", "found"):
        (folder / name).mkdir()
    steps = recorded(folder / "recorded", mode, draft, row)
    return Counter(verdict(folder / "found", disk, chance) for disk in cuts(steps, count, chance))


@pytest.mark.long
@pytest.mark.parametrize("mode", ["delete/extra", "wal/extra"])
def test_power_cut_loses_nothing(quick_folder: Path, mode: str, draft: Build, row: Callable[..., Row]) -> None:
    """After a power cut at any moment every acknowledged event is there and the file is whole."""
    count = {"delete/extra": 2_000, "wal/extra": 500}[mode]

    assert states(quick_folder, mode, count, draft, row) == {"kept": count}


@pytest.mark.long
@pytest.mark.parametrize("mode", ["delete/full", "wal/normal"])
def test_rig_finds_what_weaker_settings_lose(
    quick_folder: Path, mode: str, draft: Build, row: Callable[..., Row]
) -> None:
    """Settings that are known to lose acknowledged writes do lose some, so the rig looks at the right things."""
    assert states(quick_folder, mode, 500, draft, row)["lost"]


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES)
def test_twenty_thousand_power_cuts(quick_folder: Path, mode: str, draft: Build, row: Callable[..., Row]) -> None:
    """The same twenty thousand times."""
    found = states(quick_folder, mode, 20_000, draft, row)

    print(f"\n{mode}: {dict(found)}")  # noqa: T201  # a figure of the run
    assert found["corrupt"] == 0
    assert (found["lost"] == 0) == mode.endswith("/extra")
