"""Made-up reports and attachments of previews."""

from __future__ import annotations

from datetime import timedelta

from seam_portal_desktop.domain.preview.kinds import (
    AttachmentKind,
    CheckKind,
    CheckLevel,
    PreviewMode,
)
from seam_portal_desktop.domain.preview.report import (
    Attachment,
    Finding,
    PreviewReport,
    StoredReport,
)
from tests.support.ledger_data import NOW


def stored_report(
    verdict: CheckLevel = CheckLevel.WARNING,
    thumbnail: bytes = b"a small picture",
    *,
    minutes: int = 0,
) -> StoredReport:
    findings = (
        Finding(CheckKind.STATUS, CheckLevel.OK, "The page came at once."),
        Finding(CheckKind.TLS, CheckLevel.UNKNOWN, "This couldn’t be seen."),
        Finding(CheckKind.LANGUAGE, verdict, "It speaks “Ελληνικά”."),
    )
    at = NOW + timedelta(minutes=minutes)
    return StoredReport(PreviewReport(at, PreviewMode.SAFE, findings), thumbnail)


def an_attachment(
    attachment_id: str = "e1", portal_id: str = "p1", *, minutes: int = 0
) -> Attachment:
    return Attachment(
        attachment_id,
        portal_id,
        AttachmentKind.PNG,
        NOW + timedelta(minutes=minutes),
        PreviewMode.SAFE,
        "Phone, dark",
        7,
    )
