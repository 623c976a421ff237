"""Signatures under checkpoints, by either kind of key."""

import base64
import hashlib
from collections.abc import Callable

import pytest

from kakao_asi.exceptions import InvalidValue, LoadError
from kakao_asi.stores import (
    Checkpoint,
    Draft,
    Ed25519Signer,
    Ed25519Verifier,
    HmacKey,
    MemoryStore,
    Signer,
    Verifier,
    audit,
    checkpoint_text,
    issue_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from kakao_asi.testing import FrozenClock

ORIGIN = "asi.example.com/chat"
TEXT = checkpoint_text(ORIGIN, 7, bytes(32))
SECRET = bytes(range(32))

pytest.importorskip("cryptography")
HMAC = HmacKey(ORIGIN, SECRET)
ED25519 = Ed25519Signer(ORIGIN, SECRET)
KEYS: list[tuple[Signer, Verifier]] = [(HMAC, HMAC), (ED25519, ED25519.verifier)]


@pytest.fixture(params=KEYS, ids=["hmac", "ed25519"])
def keys(request: pytest.FixtureRequest) -> tuple[Signer, Verifier]:
    """A key that signs, and one that checks it."""
    pair: tuple[Signer, Verifier] = request.param
    return pair


def test_signature_holds(keys: tuple[Signer, Verifier]) -> None:
    """A signed checkpoint is read with its key, and is the unsigned one with lines below it."""
    signer, verifier = keys
    signed = sign_checkpoint(TEXT, signer)

    assert verify_checkpoint(signed, [verifier], origin=ORIGIN) == Checkpoint(ORIGIN, 7, bytes(32))
    assert signed.startswith(TEXT + f"\n— {ORIGIN} ")
    assert parse_checkpoint(signed) == parse_checkpoint(TEXT)


def test_ed25519_is_that_of_signed_note() -> None:
    """Key id and signature are made as C2SP signed-note says, so that its other tools read them."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(SECRET)
    public = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + public).digest()[:4]
    line = base64.b64encode(key_id + private.sign(TEXT.encode())).decode()

    assert sign_checkpoint(TEXT, ED25519) == f"{TEXT}\n— {ORIGIN} {line}\n"
    assert ED25519.verifier == Ed25519Verifier(ORIGIN, public)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n7\n", "\n8\n"),
        lambda text: text[:-6] + "AAAA=\n",
        lambda _: TEXT,
        lambda _: TEXT + "\n",
        lambda text: text.replace("— " + ORIGIN, "— asi.example.org"),
        lambda text: text.replace("— ", "- "),
        lambda _: TEXT + f"\n— {ORIGIN} ?\n",
        lambda _: TEXT + f"\n— {ORIGIN} A\n",
        lambda _: TEXT + f"\n— {ORIGIN} {base64.b64encode(HMAC.key_id).decode()}\n",
    ],
    ids=["size", "signature", "none", "empty", "name", "dash", "no base64", "odd base64", "id only"],
)
def test_changed_checkpoint_is_not_signed(keys: tuple[Signer, Verifier], change: Callable[[str], str]) -> None:
    """A checkpoint of which any part was changed is refused."""
    signer, verifier = keys
    with pytest.raises(LoadError):
        verify_checkpoint(change(sign_checkpoint(TEXT, signer)), [verifier], origin=ORIGIN)


def test_other_keys_do_not_count(keys: tuple[Signer, Verifier]) -> None:
    """Signatures of keys that are not trusted are passed over, wherever they stand."""
    signer, verifier = keys
    stranger = HmacKey(ORIGIN, bytes(32))
    signed = sign_checkpoint(sign_checkpoint(TEXT, stranger), signer)

    assert verify_checkpoint(signed, [verifier], origin=ORIGIN).size == 7
    with pytest.raises(LoadError, match="not_signed"):
        verify_checkpoint(sign_checkpoint(TEXT, stranger), [verifier], origin=ORIGIN)


def test_several_keys_may_be_asked_for() -> None:
    """A checkpoint with signatures of two keys has two, and the same one twice has one."""
    both = sign_checkpoint(TEXT, HMAC, ED25519)
    twice = sign_checkpoint(TEXT, HMAC, HMAC)
    trusted = [HMAC, ED25519.verifier]

    assert verify_checkpoint(both, trusted, origin=ORIGIN, least=2).size == 7
    with pytest.raises(LoadError, match="at least 2"):
        verify_checkpoint(twice, trusted, origin=ORIGIN, least=2)
    with pytest.raises(InvalidValue, match="least"):
        verify_checkpoint(both, trusted, origin=ORIGIN, least=0)


def test_checkpoint_of_another_log_is_refused() -> None:
    """A right signature under the checkpoint of another log does not help."""
    with pytest.raises(LoadError, match="other_origin"):
        verify_checkpoint(sign_checkpoint(TEXT, HMAC), [HMAC], origin="asi.example.org")


@pytest.mark.parametrize("make", [HmacKey, Ed25519Signer, Ed25519Verifier])
@pytest.mark.parametrize(
    ("name", "key"), [("a b", SECRET), ("", SECRET), ("a+b", SECRET), ("a", b"short"), ("a", "x" * 32)]
)
def test_keys_are_checked(make: Callable[[str, object], object], name: str, key: object) -> None:
    """Names without white space and keys of 32 bytes are asked for; the error does not show the key."""
    with pytest.raises(InvalidValue) as refused:
        make(name, key)

    assert "short" not in str(refused.value)


def test_secrets_are_not_shown() -> None:
    """Neither secret stands in a repr."""
    assert not {repr(SECRET), str(SECRET)} & {part for one in (HMAC, ED25519) for part in repr(one).split("key=")}
    assert "key" not in repr(HMAC)
    assert "key" not in repr(ED25519)


def test_public_key_that_is_none_verifies_nothing() -> None:
    """Bytes that are no point of the curve refuse every signature."""
    broken = Ed25519Verifier(ORIGIN, b"\xff" * 32)
    assert not broken.verify(b"", bytes(64))


def test_issued_checkpoint_is_signed_and_audited(draft: Callable[..., Draft], clock: FrozenClock) -> None:
    """A checkpoint is signed as it is issued, and an audit takes it with its signatures."""
    store = MemoryStore(clock=clock)
    store.append([draft()], [], {}, None)
    signed = issue_checkpoint(store, origin=ORIGIN, signers=[HMAC])
    store.append([draft()], [], {}, None)

    assert verify_checkpoint(signed, [HMAC], origin=ORIGIN).size == 1
    assert audit(store, signed).sound
    assert issue_checkpoint(store, origin=ORIGIN, after=signed).splitlines()[1] == "2"
