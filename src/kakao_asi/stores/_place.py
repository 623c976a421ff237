"""What is known about SQLite and about the place of a file before it is opened: file systems, versions, gates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

__all__ = ["file_system_of", "is_network", "wal_is_safe"]

_MOUNTS: Final = Path("/proc/self/mountinfo")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")

_NETWORK: Final = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)
"""File systems of several hosts, whose locks SQLite cannot rely on. FUSE counts too, whatever is behind it.

Source: sqlite.org/howtocorrupt.html, section 2.1; the list is our choice.
"""

_WAL_FIXED: Final = (((3, 44, 6), (3, 45)), ((3, 50, 7), (3, 51)), ((3, 51, 3), (3, 52)), ((3, 52, 1), (99,)))
"""Versions without the error by which a write-ahead log could lose committed writes: from inclusive, to exclusive.

Source: sqlite.org/wal.html, section on the WAL-reset bug. 3.52.0 was withdrawn and is left out (our choice).
"""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether a version of SQLite is known to be free of the WAL-reset bug."""
    return any(least <= version < end for least, end in _WAL_FIXED)


def file_system_of(path: Path) -> str | None:
    """Return the type of the file system that a file or its folder is on, such as ``ext4``; None where unknown.

    Only Linux tells it. The file need not exist.
    """
    try:
        mounts = _MOUNTS.read_text("utf-8", errors="replace")
    except OSError:
        return None
    place = path.resolve()
    found, length = None, -1
    for line in mounts.splitlines():
        head, _, tail = line.partition(" - ")
        fields = head.split(" ")
        if len(fields) < len(("id", "parent", "device", "root", "point")) or not tail:
            continue
        point = Path(_ESCAPED.sub(lambda code: chr(int(code[1], 8)), fields[4]))
        # Of several mounts over each other the last one counts.
        if place.is_relative_to(point) and len(point.parts) >= length:
            found, length = tail.split(" ")[0], len(point.parts)
    return found


def is_network(file_system: str | None) -> bool:
    """Tell whether a type of file system is one of several hosts, or may be one."""
    return file_system is not None and (file_system in _NETWORK or file_system.startswith("fuse."))
