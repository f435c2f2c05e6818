"""A key, and what is sealed with it: AES-256-GCM.

Sealed content is ``version (1) | flags (1) | key id (16) | nonce (12) | ciphertext and tag``. The
bytes before the nonce and a name (`names.py`) are authenticated with it, so it can't be opened
under another name.
"""

from __future__ import annotations

import binascii
import hmac
import secrets
import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seam_portal_desktop.domain.secret import Secret

_VERSION = 1
_FLAG_SESSION_KEY = 1
HEADER_LENGTH = 18
"""How much of sealed content says which key it needs."""

_NONCE_LENGTH = 12
_KEY_LENGTH = 32
_CHECKED = b"seam-portal-desktop ledger key"


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key to seal with. ``kept`` means that the keyring has it, so that it outlives this run."""

    key_id: str
    material: bytes = field(repr=False)
    kept: bool
    _header: bytes = field(init=False, repr=False, compare=False)
    _cipher: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Made once, because hundreds of messages are sealed one after the other.
        flags = 0 if self.kept else _FLAG_SESSION_KEY
        header = bytes((_VERSION, flags)) + uuid.UUID(self.key_id).bytes
        object.__setattr__(self, "_header", header)
        object.__setattr__(self, "_cipher", AESGCM(self.material))

    @property
    def check_value(self) -> str:
        """Tells this key from another with the same id. The key can't be computed from it."""
        return hmac.digest(self.material, _CHECKED, "sha256").hex()

    def seal(self, portal_id: str, url: Secret) -> bytes:
        """`url` encrypted for the row `portal_id`. Blocking, microseconds."""
        return self.seal_bytes(portal_id, url.reveal().encode())

    def seal_bytes(self, name: str, content: bytes) -> bytes:
        """`content` encrypted under `name`. Blocking, about a millisecond for each megabyte."""
        nonce = secrets.token_bytes(_NONCE_LENGTH)
        sealed = self._cipher.encrypt(nonce, content, self._header + name.encode())
        return self._header + nonce + sealed


def decrypt(material: bytes, name: str, sealed: bytes) -> bytes | None:
    """The content, or None if key, name or content isn't what it was."""
    header, nonce = sealed[:HEADER_LENGTH], sealed[HEADER_LENGTH:][:_NONCE_LENGTH]
    try:
        return AESGCM(material).decrypt(
            nonce, sealed[HEADER_LENGTH + _NONCE_LENGTH :], header + name.encode()
        )
    except (InvalidTag, ValueError):
        return None


def key_id_of(sealed: bytes) -> str | None:
    """The id of the key that `sealed` needs. None if it isn't sealed content."""
    if len(sealed) <= HEADER_LENGTH + _NONCE_LENGTH:
        return None
    return key_id_in_header(sealed[:HEADER_LENGTH])


@lru_cache(maxsize=64)  # there are few keys, and each row is asked for its one
def key_id_in_header(header: bytes) -> str | None:
    """The same, from the first `HEADER_LENGTH` bytes of sealed content."""
    if len(header) != HEADER_LENGTH or header[0] != _VERSION:
        return None
    return str(uuid.UUID(bytes=header[2:]))


def is_for_one_run(sealed: bytes) -> bool:
    """Whether the key of this sealed content was not kept when it was sealed."""
    return bool(sealed[1] & _FLAG_SESSION_KEY)


def new_material() -> bytes:
    """The bytes of a new key."""
    return secrets.token_bytes(_KEY_LENGTH)


def as_secret(material: bytes) -> Secret:
    return Secret(b64encode(material).decode())


def as_key(kept: Secret) -> bytes | None:
    try:
        material = b64decode(kept.reveal(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return material if len(material) == _KEY_LENGTH else None
