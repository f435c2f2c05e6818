"""Portal URLs and notes at rest: AES-256-GCM, with the data key in the operating system's keyring.

A sealed URL is ``version (1) | flags (1) | key id (16) | nonce (12) | ciphertext and tag``. The
bytes before the nonce and the row's id are authenticated with it, so a sealed URL can't be opened
in another row. Notes, attachments and thumbnails are sealed alike, with a name instead of the
row's id.
"""

from __future__ import annotations

import asyncio
import binascii
import hmac
import secrets
import uuid
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seam_portal_desktop.domain.errors import LinkUnreadableError, SecretStoreError
from seam_portal_desktop.domain.ports import SecretStore
from seam_portal_desktop.domain.secret import Secret

_VERSION = 1
_FLAG_SESSION_KEY = 1
_HEADER_LENGTH = 18
_NONCE_LENGTH = 12
_KEY_LENGTH = 32
_SAMPLES_TO_TELL = 2
"""A single sample may be damaged itself."""

_CHECKED = b"seam-portal-desktop ledger key"


@dataclass(frozen=True, slots=True)
class SealedContent:
    """What an error calls the content that can't be read, and what to do without it."""

    name: str
    instead: str


LINK = SealedContent("link", "Create a new portal if the customer still needs one.")
ATTACHMENT = SealedContent("attachment", "Attach a new one from the portal's preview.")


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key to seal with. ``kept`` means that the keyring has it, so that it outlives this run."""

    key_id: str
    material: bytes = field(repr=False)
    kept: bool

    @property
    def check_value(self) -> str:
        """Tells this key from another with the same id. The key can't be computed from it."""
        return hmac.digest(self.material, _CHECKED, "sha256").hex()

    def seal(self, portal_id: str, url: Secret) -> bytes:
        """`url` encrypted for the row `portal_id`. Blocking, microseconds."""
        return self.seal_bytes(portal_id, url.reveal().encode())

    def seal_bytes(self, name: str, content: bytes) -> bytes:
        """`content` encrypted under `name`. Blocking, about a millisecond for each megabyte."""
        flags = 0 if self.kept else _FLAG_SESSION_KEY
        header = bytes((_VERSION, flags)) + uuid.UUID(self.key_id).bytes
        nonce = secrets.token_bytes(_NONCE_LENGTH)
        sealed = AESGCM(self.material).encrypt(nonce, content, header + name.encode())
        return header + nonce + sealed


class UrlCipher:
    """Finds and makes data keys, each kept in `store` as ``ledger-key/<key id>``.

    Each key is read from the store once a run. If the store fails, a key for this run only is
    used, and `find_problem` returns the error. No key is ever overwritten.
    """

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._preferred: str | None = None
        self._sealing: DataKey | None = None
        self._found: dict[str, bytes | SecretStoreError | None] = {}
        self._not_kept: SecretStoreError | None = None
        self._check_values: dict[str, str] = {}
        self._samples: Sequence[tuple[str, bytes]] = ()
        self._proven: set[str] = set()
        self._changed: set[str] = set()
        self._doubtful: set[str] = set()
        self._lock = asyncio.Lock()

    @property
    def kept_key_id(self) -> str | None:
        """The key that new links are sealed with, once it is safe in the store."""
        return self._sealing.key_id if self._sealing is not None and self._sealing.kept else None

    @property
    def check_value(self) -> str | None:
        """The check value of `kept_key_id`, if it is certainly the right key."""
        key = self._sealing
        return key.check_value if key is not None and key.key_id in self._proven else None

    @property
    def changed_key_notice(self) -> str | None:
        """A sentence for the user if the keyring has another key than the links' one."""
        if not self._changed:
            return None
        return (
            "The keyring has another key than the one that links were saved with, perhaps because "
            "it was restored or edited. Those links can’t be read until the keyring’s entry is "
            "restored. New links get a new key and are kept."
        )

    def prefer(
        self,
        key_id: str | None,
        check_values: Mapping[str, str],
        samples: Sequence[tuple[str, bytes]],
    ) -> None:
        """Seal with this key if the store still has it. The ledger remembers its id.

        `check_values` are those of keys by their ids. A key without one is compared with
        `samples`: names and what was sealed under them.
        """
        self._preferred = key_id
        self._check_values = dict(check_values)
        self._samples = samples

    async def sealing_key(self) -> DataKey:
        """The key for new links; the store may prompt the user. Never fails."""
        async with self._lock:
            if self._sealing is None:
                self._sealing = await self._choose_sealing_key()
            return self._sealing

    async def find_problem(self) -> SecretStoreError | None:
        """Get the key of new links from the store now.

        Returns why the links of this run can't be read after it, or None if they can.
        """
        await self.sealing_key()
        return self._not_kept

    async def unseal(self, portal_id: str, sealed: bytes) -> Secret:
        """The URL that was sealed for the row `portal_id`. Raises LinkUnreadableError."""
        return Secret((await self.unseal_bytes(portal_id, sealed)).decode())

    async def unseal_bytes(self, name: str, sealed: bytes, content: SealedContent = LINK) -> bytes:
        """What was sealed under `name`.

        Raises LinkUnreadableError, which calls it what `content` is.
        """
        key_id = self.key_id_of(sealed)
        if key_id is None:
            raise _damaged(content)
        async with self._lock:
            found = await self._find(key_id)
        if key_id in self._changed:
            raise _key_changed(content)
        if not isinstance(found, bytes):
            is_for_one_run = bool(sealed[1] & _FLAG_SESSION_KEY)
            raise _no_key(content, found, is_for_one_run=is_for_one_run)
        opened = _decrypt(found, name, sealed)
        if opened is None:
            is_proven = key_id in self._proven
            raise _damaged(content) if is_proven else _damaged_or_key_changed(content)
        self._proven.add(key_id)
        return opened

    @staticmethod
    def key_id_of(sealed: bytes) -> str | None:
        """The id of the key that `sealed` needs. None if it isn't sealed content."""
        if len(sealed) <= _HEADER_LENGTH + _NONCE_LENGTH or sealed[0] != _VERSION:
            return None
        return str(uuid.UUID(bytes=sealed[2:_HEADER_LENGTH]))

    def has_asked_for(self, key_id: str) -> bool:
        """Whether the store was asked for this key, with or without success."""
        return key_id in self._found

    def was_not_kept(self, sealed: bytes) -> bool:
        """Whether `sealed` needs a key of another run, which the store was asked for and never got.

        It can be called on any thread.
        """
        key_id = self.key_id_of(sealed)
        if key_id is None or key_id not in self._found:
            return False
        return self._found[key_id] is None and bool(sealed[1] & _FLAG_SESSION_KEY)

    async def get_keys(self, key_ids: Collection[str]) -> None:
        """Ask the store for these keys; it may prompt the user."""
        for key_id in key_ids:
            async with self._lock:
                await self._find(key_id)

    def open_with_key_at_hand(self, name: str, sealed: bytes) -> bytes | None:
        """The content that was sealed under `name`. None without the key or if it is damaged.

        It can be called on any thread. Blocking, microseconds for a short text.
        """
        key_id = self.key_id_of(sealed)
        found = None if key_id is None else self._found.get(key_id)
        return _decrypt(found, name, sealed) if isinstance(found, bytes) else None

    def retry(self) -> None:
        """Read keys that the store did not give again at their next use."""
        self._found = {
            key_id: found for key_id, found in self._found.items() if isinstance(found, bytes)
        }

    async def store_key(self) -> None:
        """Store the key of this run, so that its links can be read later too.

        Does nothing when it is kept already. Raises SecretStoreError.
        """
        self.retry()
        async with self._lock:
            key = self._sealing
            if key is None or key.kept:
                return
            await self._store.set(_name(key.key_id), _as_secret(key.material))
            self._sealing = DataKey(key.key_id, key.material, kept=True)
            self._not_kept = None

    async def _choose_sealing_key(self) -> DataKey:
        if self._preferred is not None:
            found = await self._find(self._preferred)
            if isinstance(found, bytes):
                # With a key that may be another one, the next links would be lost too.
                if self._preferred not in self._doubtful:
                    return DataKey(self._preferred, found, kept=True)
            elif found is not None:
                return self._new_key(not_kept=found)
        key = self._new_key(not_kept=None)
        try:
            await self._store.set(_name(key.key_id), _as_secret(key.material))
        except SecretStoreError as error:
            self._not_kept = error
            return DataKey(key.key_id, key.material, kept=False)
        return key

    def _new_key(self, *, not_kept: SecretStoreError | None) -> DataKey:
        key = DataKey(str(uuid.uuid4()), secrets.token_bytes(_KEY_LENGTH), kept=not_kept is None)
        self._found[key.key_id] = key.material
        self._proven.add(key.key_id)
        self._not_kept = not_kept
        return key

    async def _find(self, key_id: str) -> bytes | SecretStoreError | None:
        if key_id not in self._found:
            try:
                kept = await self._store.get(_name(key_id))
            except SecretStoreError as error:
                self._found[key_id] = error
            else:
                material = None if kept is None else _as_key(kept)
                self._found[key_id] = self._verified(key_id, material)
        return self._found[key_id]

    def _verified(self, key_id: str, material: bytes | None) -> bytes | None:
        """The key from the store, or None if it isn't the one that content was sealed with."""
        self._changed.discard(key_id)
        if material is None:
            return None
        expected = self._check_values.get(key_id)
        samples = [
            (name, sealed)
            for name, sealed in self._samples
            if sealed[2:_HEADER_LENGTH] == uuid.UUID(key_id).bytes
        ]
        if expected is not None:
            is_right = DataKey(key_id, material, kept=True).check_value == expected
            is_wrong = not is_right
        else:
            is_right = any(_decrypt(material, *sample) is not None for sample in samples)
            is_wrong = not is_right and len(samples) >= _SAMPLES_TO_TELL
        if is_wrong:
            self._changed.add(key_id)
            return None
        if is_right:
            self._proven.add(key_id)
        elif samples:
            self._doubtful.add(key_id)
        return material


def _name(key_id: str) -> str:
    return f"ledger-key/{key_id}"


def _as_secret(material: bytes) -> Secret:
    return Secret(b64encode(material).decode())


def _as_key(kept: Secret) -> bytes | None:
    try:
        material = b64decode(kept.reveal(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return material if len(material) == _KEY_LENGTH else None


def _decrypt(material: bytes, name: str, sealed: bytes) -> bytes | None:
    """The content, or None if key, name or content isn't what it was."""
    header, nonce = sealed[:_HEADER_LENGTH], sealed[_HEADER_LENGTH:][:_NONCE_LENGTH]
    try:
        return AESGCM(material).decrypt(
            nonce, sealed[_HEADER_LENGTH + _NONCE_LENGTH :], header + name.encode()
        )
    except (InvalidTag, ValueError):
        return None


def _key_changed(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        "The key in the keyring was changed",
        f"The keyring has another key than the one that this {content.name} was saved with, "
        "perhaps because it was restored or edited. If you have a backup of the keyring, restore "
        "the entry of Seam Portal Desktop whose name begins with “ledger-key”, then start the "
        f"program again. Otherwise: {content.instead}",
    )


def _damaged_or_key_changed(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        f"This {content.name} can't be decrypted",
        "Either what the ledger keeps of it was changed, or the keyring has another key than the "
        "one that it was saved with. If the keyring was restored or edited, restore its entry from "
        f"a backup. Otherwise: {content.instead}",
    )


def _damaged(content: SealedContent) -> LinkUnreadableError:
    return LinkUnreadableError(
        f"This {content.name} is damaged",
        f"What the ledger keeps of it was changed or is incomplete. {content.instead}",
    )


def _no_key(
    content: SealedContent, found: SecretStoreError | None, *, is_for_one_run: bool
) -> LinkUnreadableError:
    """`found` is the keyring's error, or None if it hasn't the key."""
    if found is not None and is_for_one_run:
        return LinkUnreadableError(
            f"This {content.name} was probably not kept",
            "It was made while the keyring was unavailable, and is lost unless its key was saved "
            f"there later. {found.title} now, so that can't be looked up. {content.instead}",
            technical=found.technical,
            can_retry=True,
        )
    if found is not None:
        return LinkUnreadableError(
            f"This {content.name} can't be read now",
            f"The key that protects it is in the keyring. {found.title_sentence} {found.message}",
            technical=found.technical,
            can_retry=True,
        )
    if is_for_one_run:
        return LinkUnreadableError(
            f"This {content.name} was not kept",
            f"The {content.name} was made while the keyring was unavailable and was not kept. "
            f"{content.instead}",
        )
    return LinkUnreadableError(
        f"The key to this {content.name} is gone",
        "The key that protects it is no longer in this computer's keyring, perhaps because the "
        f"ledger was copied from elsewhere or the keyring was reset. {content.instead}",
    )
