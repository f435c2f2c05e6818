"""Drafts in files of their own, compressed and encrypted with the ledger's key.

They aren't rows of the ledger, because it may be a team's, on a server that doesn't answer just
then. Nothing of a draft can be read without the key; a file's name is a random id.
"""

from __future__ import annotations

import logging
import time
import uuid
import zlib
from functools import partial
from pathlib import Path

from seam_portal_desktop.adapters.daemon_thread import DaemonThread
from seam_portal_desktop.adapters.files.disk import (
    DiskFault,
    disk_fault,
    read_start,
    replace_file,
    technical_text,
)
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey, key_id_of
from seam_portal_desktop.adapters.ledger.seal.names import draft_name
from seam_portal_desktop.adapters.ledger.seal.unreadable import DRAFT
from seam_portal_desktop.domain.draft import (
    KEPT_FOR,
    LARGEST_DRAFT,
    KeptDraft,
    decode_draft,
    encode_draft,
)
from seam_portal_desktop.domain.errors import LinkUnreadableError, UserFacingError
from seam_portal_desktop.domain.ports import StoredDrafts
from seam_portal_desktop.texts import _

_SUFFIX = ".draft"
_UNREADABLE = ".unreadable"
_MOST_FILES = 500
_LARGEST_FILE = LARGEST_DRAFT + 1024 * 1024
_FASTEST = 1
"""The compression: half a second of typing shouldn't cost a second of work."""

_log = logging.getLogger(__name__)


class SealedDrafts:
    """See the port DraftStore. `folder` is created when the first draft is saved.

    A file that can't be read gets another suffix, so that the user hears of it once. It is tried
    again at each `load`, because the keyring may have been restored, and removed after 30 days.
    """

    def __init__(self, folder: Path, cipher: UrlCipher) -> None:
        self._folder = folder
        self._cipher = cipher
        self._thread = DaemonThread("drafts")

    @property
    def has_key(self) -> bool:
        return self._cipher.kept_key_id is not None

    async def load(self) -> StoredDrafts:
        sealed = await self._thread.run(self._read_files)
        # Without files the keyring needn't be asked.
        if not sealed or await self._cipher.find_problem() is not None:
            return StoredDrafts()
        await self._cipher.get_keys(
            {key_id for each in sealed.values() if (key_id := key_id_of(each))}
        )
        drafts: list[KeptDraft] = []
        unreadable = 0
        for path, content in sealed.items():
            draft = await self._thread.run(partial(self._open, path, content))
            if draft is not None:
                drafts.append(draft)
            elif path.suffix == _SUFFIX and not await self._is_readable_later(path, content):
                unreadable += 1
                await self._thread.run(partial(_rename, path))
        return StoredDrafts(tuple(drafts), unreadable)

    async def save(self, draft: KeptDraft) -> bool:
        key = await self._cipher.sealing_key()
        if not key.kept:
            return False
        try:
            await self._thread.run(lambda: self._write(key, draft))
        except OSError as error:
            raise _write_error(error) from None
        return True

    async def delete(self, draft_id: str) -> None:
        await self._thread.run(lambda: self._delete(draft_id))

    def stop(self) -> None:
        self._thread.stop()

    def _read_files(self) -> dict[Path, bytes]:
        """The content of each file, with the files of drafts before the unreadable ones."""
        found: dict[Path, bytes] = {}
        for suffix in (_SUFFIX, _UNREADABLE):
            for path in sorted(self._folder.glob(f"*{suffix}"))[:_MOST_FILES]:
                try:
                    uuid.UUID(path.stem)
                    if time.time() - path.stat().st_mtime > KEPT_FOR.total_seconds():
                        path.unlink()
                    else:
                        found[path] = read_start(path, _LARGEST_FILE)
                except (OSError, ValueError) as error:
                    _log.warning("A draft could not be read: %s", type(error).__name__)
        return found

    def _open(self, path: Path, sealed: bytes) -> KeptDraft | None:
        """The draft, with the right suffix; None if it can't be read."""
        packed = self._cipher.open_with_key_at_hand(draft_name(path.stem), sealed)
        if packed is None:
            return None
        try:
            unpacked = zlib.decompressobj().decompress(packed, LARGEST_DRAFT)
            draft = decode_draft(path.stem, unpacked)
        except (ValueError, zlib.error) as error:
            _log.warning("A draft could not be understood: %s", type(error).__name__)
            return None
        if path.suffix == _UNREADABLE:
            _rename(path, _SUFFIX)
        return draft

    async def _is_readable_later(self, path: Path, sealed: bytes) -> bool:
        """Whether only the keyring refuses the key now."""
        try:
            await self._cipher.unseal_bytes(draft_name(path.stem), sealed, DRAFT)
        except LinkUnreadableError as error:
            return error.can_retry
        return False

    def _write(self, key: DataKey, draft: KeptDraft) -> None:
        try:
            written = encode_draft(draft)
        except (ValueError, TypeError, RecursionError) as error:
            raise UserFacingError(
                _("The draft could not be kept."),
                _("Send it before you close the program."),
                technical=type(error).__name__,
            ) from None
        if len(written) > LARGEST_DRAFT:
            raise UserFacingError(
                _("This is too large to keep as a draft."),
                _(
                    "Drafts have at most {megabytes} MB. Send it before you close the program, or "
                    "import the rows again later."
                ).format(megabytes=LARGEST_DRAFT // (1024 * 1024)),
            )
        sealed = key.seal_bytes(draft_name(draft.draft_id), zlib.compress(written, _FASTEST))
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._path(draft.draft_id), sealed)

    def _delete(self, draft_id: str) -> None:
        try:
            self._path(draft_id).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("A draft could not be removed: %s", type(error).__name__)

    def _path(self, draft_id: str) -> Path:
        return self._folder / f"{draft_id}{_SUFFIX}"


def _rename(path: Path, suffix: str = _UNREADABLE) -> None:
    try:
        path.replace(path.with_suffix(suffix))
    except OSError as error:
        _log.warning("A draft could not be renamed: %s", type(error).__name__)


def _write_error(error: OSError) -> UserFacingError:
    if disk_fault(error) in (DiskFault.FULL, DiskFault.QUOTA):
        why = _("The disk is full. Free some space, or send it before you close the program.")
    else:
        why = _("The program’s folder can’t be written. Send it before you close the program.")
    return UserFacingError(_("The draft could not be kept."), why, technical=technical_text(error))
