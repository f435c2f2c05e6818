"""Saves pictures and documents of a portal's page in the ledger or in a file."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from pathlib import Path

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.ports import Ledger, WriteFile
from seam_portal_desktop.domain.preview.kinds import AttachmentKind, PreviewMode
from seam_portal_desktop.domain.preview.report import Attachment

_PART_LENGTH = 40
_INVALID_CHARACTERS = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class PageShot:
    """A picture or document of a page that is not saved yet. `content` is the file."""

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
        """Save it with its portal. Raises LedgerError."""
        attachment = Attachment(
            attachment_id=str(uuid.uuid4()),
            portal_id=shot.portal_id,
            kind=shot.kind,
            at=self._clock(),
            mode=shot.mode,
            title=shot.title,
            size=len(shot.content),
        )
        await self._ledger.attach(attachment, shot.content)
        return attachment

    async def remove(self, attachment: Attachment) -> bytes:
        """Delete it and return its content. `Ledger.attach` undoes it. Raises LedgerError."""
        content = await self._ledger.attachment_content(attachment.attachment_id)
        await self._ledger.detach(attachment.attachment_id)
        return content

    async def save_attachment(self, attachment_id: str, target: Path) -> None:
        """Write an attachment to a file. Raises LedgerError or UserFacingError."""
        await self._write_file(target, await self._ledger.attachment_content(attachment_id))

    async def save(self, shot: PageShot, target: Path) -> None:
        """Write it to a file. Raises UserFacingError."""
        await self._write_file(target, shot.content)

    def file_name(self, customer_key: str, kind: AttachmentKind, title: str) -> str:
        """A name that is valid in every file system. `customer_key` may be any text."""
        parts = (customer_key, title, f"{self._clock():%Y-%m-%d}")
        valid = (
            _INVALID_CHARACTERS.sub("-", unicodedata.normalize("NFKC", part)) for part in parts
        )
        name = "-".join(part[:_PART_LENGTH].strip("-.") for part in valid).strip("-.")
        return f"{name}.{kind.value}"
