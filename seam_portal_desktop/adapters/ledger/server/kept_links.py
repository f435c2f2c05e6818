"""Links that Seam made and the server hasn't saved yet, each in a small encrypted file.

The file is written before the server is asked, so a server that hangs, a kill or a power cut loses
no link. The next start saves what is left (`SqlLedger.open`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from seam_portal_desktop.adapters.files.disk import read_start, replace_file
from seam_portal_desktop.adapters.ledger.changes import host_of
from seam_portal_desktop.domain.portal.record import CustomerPortal
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.secret import Secret

_VERSION = 1
_MOST_BYTES = 64 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SealedLink:
    """What a row keeps of Seam's answer. ``sealed`` is the encrypted URL."""

    portal_id: str
    sealed: bytes
    host: str
    created_at: datetime
    expires_at: datetime
    seam_request_id: str | None

    @classmethod
    def of(cls, portal_id: str, created: CreatedPortal, sealed: bytes) -> SealedLink:
        portal = created.customer_portal
        host = host_of(portal.url) or ""
        return cls(
            portal_id, sealed, host, portal.created_at, portal.expires_at, created.seam_request_id
        )

    def answer(self) -> CreatedPortal:
        """Seam's answer as far as a row needs it: of the URL there is only the host."""
        url = Secret(f"https://{self.host}/")
        portal = CustomerPortal(url, None, None, self.created_at, self.expires_at)
        return CreatedPortal(portal, self.seam_request_id)

    def to_json(self) -> bytes:
        document = {
            "version": _VERSION,
            "sealed": b64encode(self.sealed).decode(),
            "host": self.host,
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "seam_request_id": self.seam_request_id,
        }
        return json.dumps(document).encode()

    @classmethod
    def from_json(cls, portal_id: str, content: bytes) -> SealedLink:
        """Raises ValueError, TypeError or KeyError for what `to_json` didn't write."""
        document = json.loads(content)
        if document["version"] != _VERSION:
            raise ValueError("version")
        created_at, expires_at = (
            datetime.fromisoformat(document[name]) for name in ("created_at", "expires_at")
        )
        if created_at.tzinfo is None or expires_at.tzinfo is None:
            raise ValueError("time")
        request_id = document["seam_request_id"]
        if not isinstance(request_id, str | None):
            raise TypeError("seam_request_id")
        sealed = b64decode(document["sealed"], validate=True)
        host = str(document["host"])
        return cls(portal_id, sealed, host, created_at, expires_at, request_id)


class KeptLinks:
    """The files in `folder`. Nothing is raised: without a usable folder nothing is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, link: SealedLink) -> bool:
        """Whether the link is on the disk now."""
        return await asyncio.to_thread(self._keep, link)

    async def forget(self, portal_id: str) -> None:
        await asyncio.to_thread(self._forget, portal_id)

    async def read(self) -> list[SealedLink]:
        """All of them. A file that can't be read stays where it is."""
        return await asyncio.to_thread(self._read)

    def _keep(self, link: SealedLink) -> bool:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._path(link.portal_id), link.to_json())
        except OSError as error:
            _log.warning("A link could not be kept beside the ledger: %s", type(error).__name__)
            return False
        return True

    def _forget(self, portal_id: str) -> None:
        try:
            self._path(portal_id).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("A kept link could not be removed: %s", type(error).__name__)

    def _read(self) -> list[SealedLink]:
        found = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                portal_id = str(uuid.UUID(path.stem))
                found.append(SealedLink.from_json(portal_id, read_start(path, _MOST_BYTES)))
            except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
                _log.warning("A kept link could not be read: %s", type(error).__name__)
        return found

    def _path(self, portal_id: str) -> Path:
        return self._folder / f"{portal_id}.json"
