"""Check a register's log without the library that wrote it.

Written from docs/explanation/event-format.md alone, with nothing but the standard library, so that a mistake in the
library is not made here again. The file is never changed: it is read through SQLite with `query_only`.

Usage: `python tools/verify_log.py asi.db [--checkpoint FILE] [--origin NAME]`; exit status 1 where anything was found.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

APPLICATION_ID = 0x4B415349
USER_VERSION = 1
HASH_BYTES = 32
LARGEST = 2**53 - 1
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
STREAM = re.compile(r"[a-z_]+:[a-z0-9][a-z0-9._:@-]*")
DIGEST = re.compile(r"[0-9a-f]{64}")
ALWAYS = {
    "at": str,
    "auth": str,
    "by": str,
    "id": str,
    "kind": str,
    "lifecycle": int,
    "recorded_at": str,
    "schema": int,
    "stream": str,
    "version": int,
}


# The tree.


def leaf_of(body: bytes) -> bytes:
    """Return the leaf of a body."""
    return hashlib.sha256(b"\x00" + body).digest()


def join(left: bytes, right: bytes) -> bytes:
    """Return the node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def largest_power_below(size: int) -> int:
    """Return the largest power of two below a size of at least two."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaves, by the definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = largest_power_below(len(leaves))
    return join(root_of(leaves[:split]), root_of(leaves[split:]))


def peaks_of(leaves: Sequence[bytes]) -> bytes:
    """Return the roots of the complete subtrees from left to right, joined."""
    start, peaks = 0, b""
    for bit in reversed(range(len(leaves).bit_length())):
        if len(leaves) >> bit & 1:
            peaks += root_of(leaves[start : start + (1 << bit)])
            start += 1 << bit
    return peaks


class BadProofError(Exception):
    """A proof has another shape than one for these sizes."""


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows a leaf at an index of the tree with this size and root."""
    try:
        return 0 <= index < size and _climb(leaf, index, size, list(proof)) == root
    except BadProofError:
        return False


def _climb(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    if size == 1:
        if proof:
            raise BadProofError
        return leaf
    if not proof:
        raise BadProofError
    # The last hash of a proof belongs to the highest fork of the tree.
    other, split = proof[-1], largest_power_below(size)
    if index < split:
        return join(_climb(leaf, index, split, proof[:-1]), other)
    return join(other, _climb(leaf, index - split, size - split, proof[:-1]))


def continues(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows the tree of size and root to continue the older tree."""
    if not 0 <= old_size <= size:
        return False
    if old_size == 0:
        return not proof and old_root == root_of([])
    try:
        return _both(old_size, size, old_root, list(proof)) == (old_root, root)
    except BadProofError:
        return False


def _both(old: int, size: int, known: bytes | None, proof: list[bytes]) -> tuple[bytes, bytes]:
    """Return the old and the new root that a proof leads to; `known` while the old tree is a part on the left edge."""
    if old == size:
        if known is None and len(proof) == 1:
            return proof[0], proof[0]
        if known is not None and not proof:
            return known, known
        raise BadProofError
    if not proof:
        raise BadProofError
    other, split = proof[-1], largest_power_below(size)
    if old <= split:
        before, after = _both(old, split, known, proof[:-1])
        return before, join(after, other)
    before, after = _both(old - split, size - split, None, proof[:-1])
    return join(other, before), join(other, after)


# The body.


class NotCanonicalError(Exception):
    """Bytes are not what the format allows."""


def parse(body: bytes) -> dict[str, Any]:
    """Parse a body and refuse what is not canonical or lacks a member."""
    try:
        data = json.loads(body.decode(), object_pairs_hook=_members, parse_float=_refused, parse_constant=_refused)
        written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError, NotCanonicalError) as error:
        raise NotCanonicalError from error
    if written != body or not isinstance(data, dict) or not _in_range(data):
        raise NotCanonicalError
    if "payload" not in data or any(type(data.get(name)) is not kind for name, kind in ALWAYS.items()):
        raise NotCanonicalError
    if not (_is_instant(data["at"]) and _is_instant(data["recorded_at"]) and STREAM.fullmatch(data["stream"])):
        raise NotCanonicalError
    return data


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs) or not all(name.isascii() for name in members):
        raise NotCanonicalError
    return members


def _refused(_: str) -> object:
    raise NotCanonicalError


def _in_range(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_in_range, value.values()))
    if isinstance(value, list):
        return all(map(_in_range, value))
    return not isinstance(value, int) or abs(value) <= LARGEST


def _is_instant(text: str) -> bool:
    if INSTANT.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def strings_in(value: object) -> Iterator[str]:
    """Yield every string inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from strings_in(item)


def text_digest(salt: bytes, text: bytes) -> bytes:
    """Return the digest that stands for a text."""
    return hashlib.sha256(b"kakao_asi/text/1\x00" + salt + text).digest()


# The log.


class Log:
    """What was read so far; lives for one check."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.latest: str | None = None
        self.versions: dict[str, int] = {}
        self.brought: dict[str, int] = {}
        self.texts: list[dict[str, str]] = []
        self.erased: dict[str, int] = {}
        self.erasures: list[tuple[int, Any]] = []

    def take(self, seq: object, stream: object, version: object, body: object, leaf: object) -> Iterator[str]:
        """Yield what is wrong with the next row of `event`."""
        place = len(self.leaves)
        self.texts.append({})
        if type(seq) is not int or seq != place:
            yield f"event {place}: missing; the next one is numbered {seq if isinstance(seq, int) else 'otherwise'}"
        if not isinstance(body, bytes):
            yield f"event {place}: its body is not bytes"
            body = b""
        self.leaves.append(leaf_of(body))
        if leaf != self.leaves[-1]:
            yield f"event {place}: its leaf is not that of its body"
        try:
            data = parse(body)
        except NotCanonicalError:
            yield f"event {place}: its body is not in canonical form or lacks a member"
            return
        if (stream, version) != (data["stream"], data["version"]):
            yield f"event {place}: stream or version differs from the body"
        yield from self._follow(place, data)

    def _follow(self, place: int, data: dict[str, Any]) -> Iterator[str]:
        expected = self.versions.get(data["stream"], 0) + 1
        if data["version"] != expected:
            yield f"event {place}: version {data['version']} of its stream follows {expected - 1}"
        self.versions[data["stream"]] = data["version"]
        if self.latest is not None and data["recorded_at"] < self.latest:
            yield f"event {place}: recorded earlier than the event before"
        self.latest = data["recorded_at"]
        private = data.get("private", {})
        if not isinstance(private, dict) or not all(isinstance(one, str) for one in private.values()):
            yield f"event {place}: its private texts are not named by digests"
        else:
            self.texts[place] = private
            self.brought |= dict.fromkeys(private.values(), place)
        if data["kind"] == "text_erased":
            digests = [one for text in strings_in(data["payload"]) for one in DIGEST.findall(text)]
            self.erased |= dict.fromkeys(digests, place)
            self.erasures.append((place, data["payload"]))


def findings(path: Path, checkpoint: str | None = None, origin: str | None = None) -> Iterator[str]:
    """Yield what is wrong with a file, and with its log against a checkpoint that was kept elsewhere."""
    held = None if checkpoint is None else read_checkpoint(checkpoint, origin)
    if checkpoint is not None and held is None:
        yield "the checkpoint is none, or one of another log"
        return
    if not path.is_file():
        yield "there is no such file"
        return
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.text_factory = bytes.decode
            for setting in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON"):
                connection.execute(f"PRAGMA {setting}")
            connection.execute("BEGIN")
            yield from _in_file(connection, held)
    except (sqlite3.Error, UnicodeDecodeError):
        yield "SQLite cannot read the file as a register"


def _in_file(connection: sqlite3.Connection, held: tuple[str, int, bytes] | None) -> Iterator[str]:
    identity = connection.execute("SELECT * FROM pragma_application_id, pragma_user_version").fetchone()
    if identity != (APPLICATION_ID, USER_VERSION):
        yield "the file is no register of format 1"
        return
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables >= {"event", "private_text", "frontier"}:
        yield "the file lacks a table of the log"
        return
    log = Log()
    for row in connection.execute("SELECT seq, stream, version, body, leaf FROM event ORDER BY seq"):
        yield from log.take(*row)
    frontier = connection.execute("SELECT size, peaks, latest FROM frontier").fetchall()
    if frontier != [(len(log.leaves), peaks_of(log.leaves), log.latest)]:
        yield "the stored tree is not that of the events"
    yield from _texts(connection, log)
    if held is not None:
        _, size, root = held
        if len(log.leaves) < size:
            yield f"the log has {len(log.leaves)} events, the checkpoint saw {size}"
        elif root_of(log.leaves[:size]) != root:
            yield f"the first {size} events are not those that the checkpoint saw"


def _texts(connection: sqlite3.Connection, log: Log) -> Iterator[str]:
    there: set[str] = set()
    for digest, salt, text in connection.execute("SELECT digest, salt, text FROM private_text"):
        parts = (digest, salt, text)
        fits = all(isinstance(part, bytes) for part in parts) and len(salt) == HASH_BYTES
        if not fits or text_digest(salt, text) != digest:
            yield "a text does not fit its digest"
        else:
            there.add(digest.hex())
    for digest, place in log.brought.items():
        if digest not in there and log.erased.get(digest, -1) < place:
            yield f"event {place}: a text is gone, and no event says that it was erased"
    for place, said in log.erasures:
        if isinstance(said, dict) and "seq" in said and not _is_done(said, place, log, there):
            yield f"event {place}: it says of a text that it was erased, and that is not so"


def _is_done(said: dict[str, Any], place: int, log: Log, there: set[str]) -> bool:
    """Tell whether an erasure names a text that came with an earlier event, and that text is gone."""
    seq, field, digest = said["seq"], said.get("field"), said.get("digest")
    if type(seq) is not int or not 0 <= seq < place or not isinstance(field, str):
        return False
    return log.texts[seq].get(field) == digest and digest not in there


def read_checkpoint(text: str, origin: str | None = None) -> tuple[str, int, bytes] | None:
    """Return origin, size and root of a checkpoint, signed or not; None where it is none or of another origin.

    Signatures are not checked here: that needs a key.
    """
    note = text.split("\n\n", 1)[0].removesuffix("\n").split("\n")
    if len(note) != len(("origin", "size", "root")) or not note[0].strip() or (origin or note[0]) != note[0]:
        return None
    try:
        root = base64.b64decode(note[2], validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(root) != HASH_BYTES or base64.b64encode(root).decode() != note[2]:
        return None
    if re.fullmatch(r"0|[1-9][0-9]{0,15}", note[1]) is None:
        return None
    return note[0], int(note[1]), root


def main() -> int:
    """Check the file that the command line names; print what is wrong."""
    parser = argparse.ArgumentParser(description="Check a register's log without the library that wrote it.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint that was kept elsewhere")
    parser.add_argument("--origin", help="the name the log must have")
    options = parser.parse_args()
    held = None if options.checkpoint is None else options.checkpoint.read_text("utf-8")
    found = list(findings(options.file, held, options.origin))
    for one in found:
        print(one)
    if not found and held is None:
        print("nothing found; without a checkpoint, cutting off, rolling back and rewriting cannot be told")
    elif not found:
        print("nothing found; the log continues the checkpoint")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
