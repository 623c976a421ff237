"""Doctor: what is unsafe about a register's file, its place and the SQLite that opens it."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from attrs import frozen

from .._internal.words import Lang, Word
from ..exceptions import StoreError
from ._place import file_system_of, is_network, wal_is_safe
from ._sqlite_file import translated

__all__ = ["Hazard", "HazardFinding", "doctor"]

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_SERIALIZED: Final = 3


class Hazard(Word):
    """What can be unsafe about a register's file."""

    MISSING = "missing", "파일이 없음", "there is no file at this path"
    NOT_A_FILE = "not_a_file", "일반 파일이 아님", "what stands at this path is no ordinary file"
    NETWORK = (
        "network",
        "네트워크 파일 시스템: 잠금을 믿을 수 없음",
        "on a network file system, whose locks cannot be relied on",
    )
    MEMORY = "memory", "메모리 파일 시스템: 재시작하면 사라짐", "on a file system in memory, gone after a restart"
    READABLE = "readable", "소유자가 아닌 사용자도 접근할 수 있음", "others than its owner may read or write it"
    FOLDER = "folder", "폴더에 다른 사용자가 쓸 수 있음", "others may exchange it, because they may write its folder"
    HARD_LINK = (
        "hard_link",
        "이름이 여럿(하드 링크): 복구용 저널을 놓칠 수 있음",
        "has several names, by which its journal can be missed",
    )
    JOURNAL = (
        "journal",
        "쓰는 중이거나 중단된 쓰기가 남아 있음",
        "a write is under way or was cut off; the next opening undoes it",
    )
    WAL = (
        "wal",
        "WAL 모드이나 이 SQLite 버전에는 WAL 결함이 있음",
        "has a write-ahead log, which this version of SQLite can lose",
    )
    OLD_SQLITE = (
        "old_sqlite",
        "이 SQLite 버전에서는 WAL을 켤 수 없음",
        "this version of SQLite may not use a write-ahead log",
    )
    THREADS = "threads", "SQLite가 스레드에 안전하지 않게 빌드됨", "SQLite was built without safety between threads"
    DAMAGED = "damaged", "SQLite가 파일을 온전히 읽지 못함", "SQLite cannot read all of it"


@frozen(kw_only=True)
class HazardFinding:
    """One thing that is unsafe about a file.

    Attributes:
        code: what is unsafe.
        detail: the mode, version or type of file system concerned; None for none. Never a path.
    """

    code: Hazard
    detail: str | None = None

    def message(self, lang: Lang) -> str:
        """Say what is unsafe, in one line."""
        return self.code.label(lang) + ("" if self.detail is None else f" ({self.detail})")


def doctor(path: str | Path) -> tuple[HazardFinding, ...]:
    """Say what is unsafe about a file, its place and this SQLite; nothing is changed. Empty: nothing is known to be.

    Whether the log is what was written is another question; :func:`~kakao_asi.stores.audit` answers it.
    """
    return tuple(_hazards(Path(path).absolute()))


def _hazards(path: Path) -> Iterator[HazardFinding]:
    file_system = file_system_of(path)
    if is_network(file_system):
        yield HazardFinding(code=Hazard.NETWORK, detail=file_system)
    if file_system in _IN_MEMORY:
        yield HazardFinding(code=Hazard.MEMORY, detail=file_system)
    if not wal_is_safe(sqlite3.sqlite_version_info):
        yield HazardFinding(code=Hazard.OLD_SQLITE, detail=sqlite3.sqlite_version)
    if sqlite3.threadsafety < _SERIALIZED:
        yield HazardFinding(code=Hazard.THREADS)
    try:
        found = path.stat()
    except OSError:
        yield HazardFinding(code=Hazard.MISSING)
        return
    if not stat.S_ISREG(found.st_mode):
        yield HazardFinding(code=Hazard.NOT_A_FILE)
        return
    yield from _of_file(path, found)
    yield from _of_content(path)


def _of_file(path: Path, found: os.stat_result) -> Iterator[HazardFinding]:
    if found.st_mode & _OTHERS:
        yield HazardFinding(code=Hazard.READABLE, detail=f"{stat.S_IMODE(found.st_mode):04o}")
    folder = path.parent.stat().st_mode
    # In a sticky folder, such as /tmp, only the owner of a file may exchange it.
    if folder & _OTHERS_WRITE and not folder & stat.S_ISVTX:
        yield HazardFinding(code=Hazard.FOLDER, detail=f"{stat.S_IMODE(folder):04o}")
    if found.st_nlink > 1:
        yield HazardFinding(code=Hazard.HARD_LINK, detail=str(found.st_nlink))
    if path.with_name(path.name + "-journal").exists():
        yield HazardFinding(code=Hazard.JOURNAL)


def _of_content(path: Path) -> Iterator[HazardFinding]:
    try:
        with translated(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for setting in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
                connection.execute(f"PRAGMA {setting}")
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            whole = connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except StoreError:
        mode, whole = "", False
    if not whole:
        yield HazardFinding(code=Hazard.DAMAGED)
    if mode == "wal" and not wal_is_safe(sqlite3.sqlite_version_info):
        yield HazardFinding(code=Hazard.WAL, detail=sqlite3.sqlite_version)
