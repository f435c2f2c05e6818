"""Keeping pictures and documents of a portal's page, with the portal or in a file."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.ports import Ledger, WriteFile
from seam_portal_desktop.domain.preview.report import Attachment, AttachmentKind, PreviewMode

_WORD_LENGTH = 40
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class PageShot:
    """What was just taken of a page, before it is kept: `content` are the file's bytes."""

    portal_id: str
    kind: AttachmentKind
    mode: PreviewMode
    title: str
    content: bytes


class AttachmentService:
    def __init__(self, ledger: Ledger, clock: Clock, write_file: WriteFile) -> None:
        self._ledger = ledger
        self._clock = clock
        self._write_file = write_file

    async def attach(self, shot: PageShot) -> Attachment:
        """Keep it with its portal. Raises LedgerError."""
        evidence = Attachment(
            attachment_id=str(uuid.uuid4()),
            portal_id=shot.portal_id,
            kind=shot.kind,
            at=self._clock(),
            mode=shot.mode,
            title=shot.title,
            size=len(shot.content),
        )
        await self._ledger.attach(evidence, shot.content)
        return evidence

    async def attached_to(self, portal_id: str) -> Sequence[Attachment]:
        """What is kept with a portal, oldest first. Raises LedgerError."""
        return await self._ledger.attachments_of(portal_id)

    async def take_off(self, evidence: Attachment) -> bytes:
        """Erase it; the bytes are for `put_back`. Raises LedgerError."""
        content = await self._ledger.attachment_content(evidence.attachment_id)
        await self._ledger.detach(evidence.attachment_id)
        return content

    async def put_back(self, evidence: Attachment, content: bytes) -> None:
        """Undo `take_off`. Raises LedgerError."""
        await self._ledger.attach(evidence, content)

    async def save_attached(self, attachment_id: str, target: Path) -> None:
        """Write what is kept to a file. Raises LedgerError or UserFacingError."""
        await self._write_file(target, await self._ledger.attachment_content(attachment_id))

    async def save(self, shot: PageShot, target: Path) -> None:
        """Write what was just taken to a file. Raises UserFacingError."""
        await self._write_file(target, shot.content)

    def file_name(self, customer_key: str, kind: AttachmentKind, title: str) -> str:
        """A name that every file system takes, of a key that may hold anything."""
        words = (customer_key, title, f"{self._clock():%Y-%m-%d}")
        plain = (_UNFIT.sub("-", unicodedata.normalize("NFKC", word)) for word in words)
        name = "-".join(word[:_WORD_LENGTH].strip("-.") for word in plain).strip("-.")
        return f"{name}.{kind.value}"
