"""The Merkle tree against a naive one, and proofs that hold or do not."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakao_asi.exceptions import InvalidValue
from kakao_asi.stores import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 64
LEAVES = tuple(leaf_hash(str(number).encode()) for number in range(LARGEST))


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """The root by the recursive definition of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


ROOTS = tuple(naive_root(LEAVES[:size]) for size in range(LARGEST + 1))


def test_leaf_is_the_hash_of_a_zero_byte_and_the_body() -> None:
    """A leaf cannot be taken for a node, because its hash begins with another byte."""
    assert hashlib.sha256(b"\x00body").digest() == leaf_hash(b"body")


def test_root_is_that_of_the_definition_at_every_size() -> None:
    """The frontier gives the root of the recursive definition at every size."""
    assert list(ROOTS) == [Frontier().extended(LEAVES[:size], None).root() for size in range(LARGEST + 1)]


def test_frontier_grows_the_same_in_any_portions() -> None:
    """Leaves added in several portions give the frontier of all of them at once."""
    grown = [
        Frontier().extended(LEAVES[:first], None).extended(LEAVES[first:], None).peaks for first in range(LARGEST + 1)
    ]

    assert [Frontier().extended(LEAVES, None).peaks] * (LARGEST + 1) == grown


def test_every_inclusion_proof_holds() -> None:
    """Every leaf is proved in every tree up to the largest size."""
    held = [
        verify_inclusion(
            leaf=LEAVES[index],
            index=index,
            size=size,
            proof=inclusion_proof(LEAVES[:size], index),
            root=ROOTS[size],
        )
        for size in range(1, LARGEST + 1)
        for index in range(size)
    ]

    assert {True} == set(held)


def test_every_consistency_proof_holds() -> None:
    """Every tree is proved to continue every smaller one, the empty one and itself."""
    held = [
        verify_consistency(
            old_size=old,
            old_root=ROOTS[old],
            size=size,
            root=ROOTS[size],
            proof=consistency_proof(LEAVES[:size], old),
        )
        for size in range(LARGEST + 1)
        for old in range(size + 1)
    ]

    assert {True} == set(held)


@st.composite
def wrong_inclusion(draw: st.DrawFn) -> dict[str, object]:
    """A right inclusion proof in which one part was exchanged."""
    size = draw(st.integers(2, LARGEST))
    index = draw(st.integers(0, size - 1))
    proof = inclusion_proof(LEAVES[:size], index)
    right: dict[str, object] = {
        "leaf": LEAVES[index],
        "index": index,
        "size": size,
        "proof": proof,
        "root": ROOTS[size],
    }
    place = draw(st.integers(0, len(proof) - 1))
    wrong: list[dict[str, object]] = [
        {"leaf": leaf_hash(b"forged")},
        {"index": draw(st.integers(-1, LARGEST + 1).filter(lambda other: other != index))},
        {"proof": (*proof[:place], leaf_hash(b"forged"), *proof[place + 1 :])},
        {"proof": proof[:place]},
        {"proof": (*proof, leaf_hash(b"more"))},
        {"root": ROOTS[size - 1]},
    ]
    return right | draw(st.sampled_from(wrong))


@given(wrong_inclusion())
def test_wrong_inclusion_proof_does_not_hold(wrong: dict[str, object]) -> None:
    """An inclusion proof with any part exchanged is refused."""
    assert not verify_inclusion(**wrong)  # type: ignore[arg-type]  # the parts are drawn together


@st.composite
def wrong_consistency(draw: st.DrawFn) -> dict[str, object]:
    """A right consistency proof in which one part was exchanged."""
    size = draw(st.integers(2, LARGEST))
    old = draw(st.integers(1, size - 1))
    proof = consistency_proof(LEAVES[:size], old)
    right: dict[str, object] = {
        "old_size": old,
        "old_root": ROOTS[old],
        "size": size,
        "root": ROOTS[size],
        "proof": proof,
    }
    place = draw(st.integers(0, len(proof) - 1))
    wrong: list[dict[str, object]] = [
        {"old_root": leaf_hash(b"forged")},
        {"root": leaf_hash(b"forged")},
        {"proof": (*proof[:place], leaf_hash(b"forged"), *proof[place + 1 :])},
        {"proof": proof[:place]},
        {"proof": (*proof, leaf_hash(b"more"))},
        {"old_size": size + 1},
        {"old_size": -1},
        {"old_size": 0},
        {"old_size": size},
    ]
    return right | draw(st.sampled_from(wrong))


@given(wrong_consistency())
def test_wrong_consistency_proof_does_not_hold(wrong: dict[str, object]) -> None:
    """A consistency proof with any part exchanged is refused."""
    assert not verify_consistency(**wrong)  # type: ignore[arg-type]  # the parts are drawn together


def test_forked_log_has_no_consistency_proof() -> None:
    """A tree that differs in one early leaf cannot be proved to continue the older one."""
    forked = (*LEAVES[:3], leaf_hash(b"forged"), *LEAVES[4:])
    root = naive_root(forked)

    assert not verify_consistency(
        old_size=9, old_root=ROOTS[9], size=LARGEST, root=root, proof=consistency_proof(forked, 9)
    )


@pytest.mark.parametrize("index", [-1, 3], ids=["before", "behind"])
def test_absent_leaf_has_no_proof(index: int) -> None:
    """A position that the log does not have cannot be asked for."""
    with pytest.raises(InvalidValue, match="0 to 2"):
        inclusion_proof(LEAVES[:3], index)


@pytest.mark.parametrize("old_size", [-1, 4], ids=["negative", "larger"])
def test_size_the_log_never_had_has_no_proof(old_size: int) -> None:
    """A size that the log never had cannot be asked for."""
    with pytest.raises(InvalidValue, match="0 to 3"):
        consistency_proof(LEAVES[:3], old_size)
