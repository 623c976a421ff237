"""Signatures under checkpoints: a small port, with HMAC from the standard library and Ed25519 as an extra.

Source: C2SP signed-note. The text of a checkpoint is signed with its last line feed; each signature is a line below.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Final, Protocol

from attrs import field, frozen

from ..exceptions import InvalidValue, LoadError
from ._checkpoint import Checkpoint, parse_checkpoint, unsigned_text

__all__ = [
    "Ed25519Signer",
    "Ed25519Verifier",
    "HmacKey",
    "Signer",
    "Verifier",
    "sign_checkpoint",
    "verify_checkpoint",
]

_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_NAME: Final = re.compile(r"[^\s+]{1,200}")
_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_ED25519: Final = b"\x01"
_HMAC: Final = b"\xffkakao_asi/hmac-sha256"


class Signer(Protocol):
    """Somebody who signs checkpoints, for example a key service.

    Attributes:
        name: the name of the key, without white space and plus signs; usually that of the log.
        key_id: four bytes that tell the key from others of that name.
    """

    @property
    def name(self) -> str:
        """The name of the key."""
        ...

    @property
    def key_id(self) -> bytes:
        """The id of the key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message."""
        ...


class Verifier(Protocol):
    """Somebody who knows a key and checks its signatures; ``name`` and ``key_id`` as in :class:`Signer`."""

    @property
    def name(self) -> str:
        """The name of the key."""
        ...

    @property
    def key_id(self) -> bytes:
        """The id of the key."""
        ...

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is that of the key over the message."""
        ...


def _check_name(instance: object, _: object, value: str) -> None:
    if _NAME.fullmatch(value) is None:
        raise InvalidValue(f"{type(instance).__name__}.name", "must be 1 to 200 characters without white space or '+'")


def _check_key(instance: object, _: object, value: bytes) -> None:
    if not isinstance(value, bytes) or len(value) != _KEY_BYTES:
        raise InvalidValue(f"{type(instance).__name__}.key", f"must be {_KEY_BYTES} bytes")


def _key_id(name: str, kind: bytes, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:_ID_BYTES]


@frozen
class HmacKey:
    """A secret that signs and verifies; whoever can check a signature can also make one.

    Attributes:
        name: the name of the key.
        key: 32 random bytes; not shown in ``repr``.
    """

    name: str = field(validator=_check_name)
    key: bytes = field(validator=_check_key, repr=False)

    @property
    def key_id(self) -> bytes:
        """The id of the key, from its name and the digest of the secret."""
        return _key_id(self.name, _HMAC, hashlib.sha256(self.key).digest())

    def sign(self, message: bytes) -> bytes:
        """Return the HMAC-SHA-256 of a message."""
        return hmac.digest(self.key, message, "sha256")

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is the HMAC of the message, in a time that does not depend on where it differs."""
        return hmac.compare_digest(self.sign(message), signature)


@frozen
class Ed25519Verifier:
    """The public half of a key; needs the extra ``sign``.

    Attributes:
        name: the name of the key.
        key: the 32 bytes of the public key.
    """

    name: str = field(validator=_check_name)
    key: bytes = field(validator=_check_key)

    @property
    def key_id(self) -> bytes:
        """The id of the key, as C2SP signed-note makes it."""
        return _key_id(self.name, _ED25519, self.key)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is that of the key over the message."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@frozen
class Ed25519Signer:
    """The private half of a key; needs the extra ``sign``.

    Attributes:
        name: the name of the key.
        key: the 32 bytes of the private key; not shown in ``repr``.
    """

    name: str = field(validator=_check_name)
    key: bytes = field(validator=_check_key, repr=False)

    @property
    def verifier(self) -> Ed25519Verifier:
        """The public half."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        public = Ed25519PrivateKey.from_private_bytes(self.key).public_key()
        return Ed25519Verifier(self.name, public.public_bytes_raw())

    @property
    def key_id(self) -> bytes:
        """The id of the key, that of its public half."""
        return self.verifier.key_id

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature over a message."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.key).sign(message)


def sign_checkpoint(text: str, *signers: Signer) -> str:
    """Write signatures under a checkpoint; those that are there already stay.

    Raises:
        LoadError: the text is no checkpoint.
    """
    parse_checkpoint(text)
    note = unsigned_text(text).removesuffix("\n") + "\n"
    before = text[len(note) + 1 :]
    lines = [f"— {one.name} {base64.b64encode(one.key_id + one.sign(note.encode())).decode()}\n" for one in signers]
    return f"{note}\n{before}{''.join(lines)}"


def verify_checkpoint(text: str, verifiers: Iterable[Verifier], *, origin: str, least: int = 1) -> Checkpoint:
    """Read a checkpoint that has signatures of at least ``least`` of the keys; others under it do not count.

    Args:
        text: the checkpoint with its signatures.
        verifiers: the keys that are trusted.
        origin: the name the log must have; take it from your own configuration.
        least: how many different keys must have signed, at least 1.

    Raises:
        LoadError: the text is no checkpoint, one of another log, or not signed by enough of the keys.
        InvalidValue: ``least`` is below 1.
    """
    if least < 1:
        raise InvalidValue("least", "must be at least 1")
    read = parse_checkpoint(text, origin=origin)
    note = unsigned_text(text).removesuffix("\n") + "\n"
    signatures = list(_signatures(text[len(note) + 1 :]))
    valid = {
        (one.name, one.key_id)
        for one in verifiers
        for name, key_id, signature in signatures
        if (name, key_id) == (one.name, one.key_id) and one.verify(note.encode(), signature)
    }
    if len(valid) < least:
        raise LoadError("$", "not_signed", f"valid signatures of at least {least} of the keys")
    return read


def _signatures(block: str) -> Iterable[tuple[str, bytes, bytes]]:
    for line in block.splitlines():
        found = _LINE.fullmatch(line)
        try:
            data = b"" if found is None else base64.b64decode(found[2], validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if found is not None and len(data) > _ID_BYTES:
            yield found[1], data[:_ID_BYTES], data[_ID_BYTES:]
