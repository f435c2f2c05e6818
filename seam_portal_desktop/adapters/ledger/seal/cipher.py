"""Finds and makes the data keys in the operating system's keyring, and opens what they sealed."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Collection, Mapping, Sequence

from seam_portal_desktop.adapters.ledger.seal import unreadable
from seam_portal_desktop.adapters.ledger.seal.data_key import (
    DataKey,
    as_key,
    as_secret,
    decrypt,
    is_for_one_run,
    key_id_in_header,
    key_id_of,
    new_material,
)
from seam_portal_desktop.adapters.ledger.seal.unreadable import LINK, SealedContent
from seam_portal_desktop.domain.errors import SecretStoreError
from seam_portal_desktop.domain.portal.record import LinkState
from seam_portal_desktop.domain.ports import SecretStore
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _

_SAMPLES_TO_TELL = 2
"""A single sample may be damaged itself."""


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
        self._chosen = asyncio.Event()

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
        return _(
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
                self._chosen.set()
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
        key_id = key_id_of(sealed)
        if key_id is None:
            raise unreadable.damaged(content)
        async with self._lock:
            found = await self._find(key_id)
        if key_id in self._changed:
            raise unreadable.key_changed(content)
        if not isinstance(found, bytes):
            raise unreadable.no_key(content, found, is_for_one_run=is_for_one_run(sealed))
        opened = decrypt(found, name, sealed)
        if opened is None:
            if key_id in self._proven:
                raise unreadable.damaged(content)
            raise unreadable.damaged_or_key_changed(content)
        self._proven.add(key_id)
        return opened

    def link_state(self, header: bytes) -> LinkState:
        """Whether the link whose sealed content begins with `header` can be read.

        It can be called on any thread. Nothing is decrypted, and the store isn't asked.
        """
        key_id = key_id_in_header(header)
        if key_id is None:
            return LinkState.KEPT  # it is damaged, which `unseal` says
        found, sealing = self._found.get(key_id), self._sealing
        if isinstance(found, bytes):
            is_kept = sealing is None or sealing.key_id != key_id or sealing.kept
            return LinkState.KEPT if is_kept else LinkState.UNTIL_QUIT
        is_missing = found is None and key_id in self._found
        if is_for_one_run(header) and (is_missing or self._not_kept is not None):
            return LinkState.NOT_KEPT
        return LinkState.KEY_GONE if is_missing else LinkState.KEPT

    async def learn(self, key_ids: Collection[str]) -> None:
        """Wait until the key for new links is chosen. If the store works, ask it for `key_ids`."""
        await self._chosen.wait()
        if self._not_kept is None:
            await self.get_keys(key_ids)

    @property
    def has_problem(self) -> bool:
        """Whether the store refused the key of this run, so far."""
        return self._not_kept is not None

    def has_asked_for(self, key_id: str) -> bool:
        """Whether the store was asked for this key, with or without success."""
        return key_id in self._found

    def was_not_kept(self, sealed: bytes) -> bool:
        """Whether `sealed` needs a key of another run, which the store was asked for and never got.

        It can be called on any thread.
        """
        key_id = key_id_of(sealed)
        if key_id is None or key_id not in self._found:
            return False
        return self._found[key_id] is None and is_for_one_run(sealed)

    async def get_keys(self, key_ids: Collection[str]) -> None:
        """Ask the store for these keys; it may prompt the user."""
        for key_id in key_ids:
            async with self._lock:
                await self._find(key_id)

    def open_with_key_at_hand(self, name: str, sealed: bytes) -> bytes | None:
        """The content that was sealed under `name`. None without the key or if it is damaged.

        It can be called on any thread. Blocking, microseconds for a short text.
        """
        key_id = key_id_of(sealed)
        found = None if key_id is None else self._found.get(key_id)
        return decrypt(found, name, sealed) if isinstance(found, bytes) else None

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
            await self._store.set(_name(key.key_id), as_secret(key.material))
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
            await self._store.set(_name(key.key_id), as_secret(key.material))
        except SecretStoreError as error:
            self._not_kept = error
            return DataKey(key.key_id, key.material, kept=False)
        return key

    def _new_key(self, *, not_kept: SecretStoreError | None) -> DataKey:
        key = DataKey(str(uuid.uuid4()), new_material(), kept=not_kept is None)
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
                material = None if kept is None else as_key(kept)
                self._found[key_id] = self._verified(key_id, material)
        return self._found[key_id]

    def _verified(self, key_id: str, material: bytes | None) -> bytes | None:
        """The key from the store, or None if it isn't the one that content was sealed with."""
        self._changed.discard(key_id)
        if material is None:
            return None
        expected = self._check_values.get(key_id)
        samples = [(name, sealed) for name, sealed in self._samples if key_id_of(sealed) == key_id]
        if expected is not None:
            is_right = DataKey(key_id, material, kept=True).check_value == expected
            is_wrong = not is_right
        else:
            is_right = any(decrypt(material, *sample) is not None for sample in samples)
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
