"""Reads and writes the reports of previews and the attachments of portals."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, type_coerce
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger.rows import from_micros, to_micros
from seam_portal_desktop.adapters.ledger.schema import attachments, portals, preview_reports
from seam_portal_desktop.domain.preview.kinds import (
    AttachmentKind,
    CheckKind,
    CheckLevel,
    PreviewMode,
)
from seam_portal_desktop.domain.preview.report import Attachment, Finding, PreviewReport

_log = logging.getLogger(__name__)
_UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError)
_r = preview_reports.c
_a = attachments.c


def write_report(
    connection: Connection, portal_id: str, report: PreviewReport, thumbnail: bytes | None
) -> None:
    """Replace the portal's report; `thumbnail` is sealed."""
    connection.execute(delete(preview_reports).where(_r.portal_id == portal_id))
    connection.execute(
        insert(preview_reports).values(
            portal_id=portal_id,
            at=to_micros(report.at),
            mode=report.mode.value,
            findings=_as_json(report.findings),
            thumbnail_sealed=thumbnail,
        )
    )


def read_report(
    connection: Connection, portal_id: str
) -> tuple[PreviewReport, bytes | None] | None:
    """The portal's report and its thumbnail, still sealed. None if it can't be read."""
    thumbnail_sealed = type_coerce(_r.thumbnail_sealed, NullType())
    row = connection.execute(
        select(_r.at, _r.mode, _r.findings, thumbnail_sealed).where(_r.portal_id == portal_id)
    ).one_or_none()
    if row is None:
        return None
    at, mode, findings, thumbnail = row
    try:
        report = PreviewReport(from_micros(at), PreviewMode(mode), _from_json(findings))
    except _UNREADABLE:
        _log.warning("A report of the ledger can't be read")
        return None
    return report, thumbnail if isinstance(thumbnail, bytes) else None


def add_attachment(connection: Connection, attachment: Attachment, sealed: bytes) -> None:
    connection.execute(
        insert(attachments).values(
            evidence_id=attachment.attachment_id,
            portal_id=attachment.portal_id,
            kind=attachment.kind.value,
            at=to_micros(attachment.at),
            mode=attachment.mode.value,
            title=attachment.title,
            size=attachment.size,
            content_sealed=sealed,
        )
    )


def list_attachments(connection: Connection, portal_id: str) -> Sequence[Attachment]:
    """What is attached to the portal, oldest first. What can't be read is named damaged."""
    rows = connection.execute(
        select(_a.evidence_id, _a.kind, _a.at, _a.mode, _a.title, _a.size)
        .where(_a.portal_id == portal_id)
        .order_by(_a.at, _a.evidence_id)
    )
    return tuple(_attachment(portal_id, row) for row in rows)


def _attachment(portal_id: str, row: Sequence[Any]) -> Attachment:
    attachment_id, kind, at, mode, title, size = row
    try:
        if type(title) is not str or type(size) is not int:
            raise TypeError
        return Attachment(
            attachment_id,
            portal_id,
            AttachmentKind(kind),
            from_micros(at),
            PreviewMode(mode),
            title,
            size,
        )
    except _UNREADABLE:
        _log.warning("An attachment of the ledger can't be read")
        first = from_micros(0)
        return Attachment(
            str(attachment_id), portal_id, AttachmentKind.PNG, first, PreviewMode.LIVE, "damaged", 0
        )


def read_attachment(connection: Connection, attachment_id: str) -> bytes | None:
    """The attachment's content, still sealed. None if it doesn't exist or its portal is deleted."""
    sealed = connection.scalar(
        select(type_coerce(_a.content_sealed, NullType()))
        .join(portals, portals.c.portal_id == _a.portal_id)
        .where(_a.evidence_id == attachment_id, portals.c.deleted_at.is_(None))
    )
    return sealed if isinstance(sealed, bytes) or sealed is None else b""


def remove_attachment(connection: Connection, attachment_id: str) -> str | None:
    """Delete the attachment. Returns its portal's id, or None if it didn't exist."""
    portal_id: str | None = connection.scalar(
        select(_a.portal_id).where(_a.evidence_id == attachment_id)
    )
    connection.execute(delete(attachments).where(_a.evidence_id == attachment_id))
    return portal_id


def _as_json(findings: Sequence[Finding]) -> str:
    return json.dumps([[each.check.value, each.level.value, each.sentence] for each in findings])


def _from_json(text: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(CheckKind(check), CheckLevel(level), sentence)
        for check, level, sentence in json.loads(text)
    )
