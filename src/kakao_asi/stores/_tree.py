"""The Merkle tree over all events: hashes, its frontier, and proofs that anybody can check.

Source: RFC 6962, section 2.1; the checks follow RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from attrs import frozen

from ..exceptions import InvalidValue

__all__ = [
    "Frontier",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "verify_consistency",
    "verify_inclusion",
]


def leaf_hash(body: bytes) -> bytes:
    """Return the 32-byte leaf of an event: SHA-256 over a zero byte and the body."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte node above two others: SHA-256 over a one byte, the left and the right."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@frozen
class Frontier:
    """How far a log has come: enough to add to it and to know its root, at most 64 hashes.

    Attributes:
        size: number of events.
        peaks: roots of the complete subtrees from left to right, one for each bit of ``size``.
        latest: when the last event was recorded; None for an empty log.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()
    latest: dt.datetime | None = None

    def extended(self, leaves: Iterable[bytes], latest: dt.datetime | None) -> Frontier:
        """Return the frontier after further leaves, the last of them recorded at ``latest``."""
        peaks, size = list(self.peaks), self.size
        sha256 = hashlib.sha256
        for leaf in leaves:
            node, rest = leaf, size
            while rest & 1:
                # As node_hash, which for a million events would be a million calls more.
                node, rest = sha256(b"\x01" + peaks.pop() + node).digest(), rest >> 1
            peaks.append(node)
            size += 1
        return Frontier(size, tuple(peaks), latest)

    def root(self) -> bytes:
        """Return the 32-byte root; that of an empty log is the SHA-256 of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def _root_of(leaves: Sequence[bytes]) -> bytes:
    return Frontier().extended(leaves, None).root()


def _split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes that prove one leaf to be in the tree of all ``leaves``, from the bottom up.

    Args:
        leaves: every leaf of the tree, in order.
        index: position of the leaf to prove, from 0.

    Raises:
        InvalidValue: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise InvalidValue("index", f"must be a position in the log, 0 to {len(leaves) - 1}")
    path: list[bytes] = []
    part = leaves
    while len(part) > 1:
        split = _split(len(part))
        if index < split:
            path.append(_root_of(part[split:]))
            part = part[:split]
        else:
            path.append(_root_of(part[:split]))
            part, index = part[split:], index - split
    return tuple(reversed(path))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the hashes that prove the tree of all ``leaves`` to continue the tree of the first ``old_size``.

    Args:
        leaves: every leaf of the newer tree, in order.
        old_size: size of the older tree; the proof is empty for 0 and for the full size.

    Raises:
        InvalidValue: the tree never had that size.
    """
    if not 0 <= old_size <= len(leaves):
        raise InvalidValue("old_size", f"must be a size the log had, 0 to {len(leaves)}")
    if old_size in {0, len(leaves)}:
        return ()
    path: list[bytes] = []
    part, rest, whole = leaves, old_size, True
    while rest < len(part):
        split = _split(len(part))
        if rest <= split:
            path.append(_root_of(part[split:]))
            part = part[:split]
        else:
            path.append(_root_of(part[:split]))
            part, rest, whole = part[split:], rest - split, False
    # The old tree's own root is what the checker already has, so it is not repeated.
    return tuple(reversed(path)) if whole else (_root_of(part), *reversed(path))


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows a leaf to be at a position of the tree with this size and root."""
    if not 0 <= index < size:
        return False
    position, last, node = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(other, node)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, other)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(*, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows the tree of ``size`` and ``root`` to continue an older one, unchanged."""
    if not 0 <= old_size <= size:
        return False
    if old_size == 0:
        return not proof and old_root == Frontier().root()
    if old_size == size:
        return not proof and old_root == root
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    return bool(path) and _climbs(path, old_size - 1, size - 1) == (old_root, root)


def _climbs(path: Sequence[bytes], position: int, last: int) -> tuple[bytes, bytes] | None:
    """The old and the new root a path leads to; None where it is too long or too short."""
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, other)
        position, last = position >> 1, last >> 1
    return (old, new) if last == 0 else None
