"""Portals and their stories as a file for a spreadsheet (CSV) or a program (JSON)."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LinkUnreadableError
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.event import TimelineEntry
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.ports import Ledger, WriteFile
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portals import PAGE_ROWS
from seam_portal_desktop.services.safe_preview_rules import refuse_safe_preview
from seam_portal_desktop.services.timeline import build_timeline

_JSON_VERSION = 1
_COLUMNS = (
    "customer_key",
    "kind",
    "status",
    "created_at",
    "expires_at",
    "at",
    "event",
    "by",
    "text",
    "portal_id",
    "workspace_id",
)

# What spreadsheets take for a formula at the start of a cell (OWASP, CSV injection); the last
# four are the same signs as East Asian keyboards type them.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ExportResult:
    """How many portals are in the file, and how many of their links could not be read."""

    portals: int
    unreadable_links: int


@dataclass(frozen=True, slots=True)
class ExportedPortal:
    """``link`` is None where links were not asked for or can't be read."""

    portal: PortalRecord
    status: str
    timeline: tuple[TimelineEntry, ...]
    link: Secret | None = None


class ExportService:
    def __init__(
        self, ledger: Ledger, clock: Clock, write_file: WriteFile, policy: Policy = UNMANAGED
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._clock = clock
        self._write_file = write_file

    async def export(
        self,
        which: Sequence[str] | PortalQuery,
        target: Path,
        file_format: ExportFormat,
        *,
        with_links: bool,
    ) -> ExportResult:
        """Write the portals of these ids, or all that a query finds, with what happened to them.

        Raises LedgerError or another UserFacingError, TwinNotSendableError among them; `target` is
        as it was before then.
        """
        now = self._clock()
        portals = (
            await self._all(which, now)
            if isinstance(which, PortalQuery)
            else [await self._ledger.get(portal_id) for portal_id in which]
        )
        for portal in portals:
            refuse_safe_preview(portal)
        events = await self._ledger.events_by_portal([portal.portal_id for portal in portals])
        exported = []
        unreadable = 0
        for portal in portals:
            link = await self._link_of(portal) if with_links and portal.has_url else None
            unreadable += with_links and portal.has_url and link is None
            timeline = build_timeline(portal, events.get(portal.portal_id, ()), now)
            exported.append(ExportedPortal(portal, portal.status(now).value, timeline, link))
        content = await asyncio.to_thread(render, exported, file_format, now, with_links=with_links)
        await self._write_file(target, content)
        return ExportResult(len(exported), unreadable)

    async def _all(self, query: PortalQuery, now: datetime) -> list[PortalRecord]:
        found: dict[str, PortalRecord] = {}
        offset = 0
        while True:
            page = await self._ledger.find(query, now=now, offset=offset, limit=PAGE_ROWS)
            # A row that comes in meanwhile moves others into the next page.
            found |= {portal.portal_id: portal for portal in page.rows}
            offset += len(page.rows)
            if not page.rows or offset >= page.total:
                return list(found.values())

    async def _link_of(self, portal: PortalRecord) -> Secret | None:
        try:
            url = await self._ledger.url_of(portal.portal_id)
            self._policy.check_link(url)
        except LinkUnreadableError:
            return None
        return url


def render(
    portals: Sequence[ExportedPortal],
    file_format: ExportFormat,
    now: datetime,
    *,
    with_links: bool,
) -> bytes:
    """The whole file. CSV has a line per thing that happened and starts with a byte order mark,
    without which spreadsheets don't see that it is UTF-8. Times are ISO 8601 in UTC."""
    if file_format is ExportFormat.JSON:
        return _as_json(portals, now, with_links=with_links)
    return _as_csv(portals, with_links=with_links)


def _as_csv(portals: Sequence[ExportedPortal], *, with_links: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_COLUMNS, "link"] if with_links else _COLUMNS)
    for exported in portals:
        portal = exported.portal
        about = [
            portal.customer_key,
            portal.kind.value,
            exported.status,
            _iso(portal.created_at),
            _iso(portal.expires_at),
        ]
        ids = [portal.portal_id, portal.workspace_id]
        link = [exported.link.reveal() if exported.link else ""] if with_links else []
        for entry in exported.timeline:
            told = [_iso(entry.at), entry.kind.value, entry.by, entry.text]
            writer.writerow([neutralised(cell) for cell in (*about, *told, *ids, *link)])
    return text.getvalue().encode("utf-8-sig", "replace")


def _as_json(portals: Sequence[ExportedPortal], now: datetime, *, with_links: bool) -> bytes:
    root = {
        "version": _JSON_VERSION,
        "exported_at": _iso(now),
        "portals": [_portal_json(each, with_links=with_links) for each in portals],
    }
    text = json.dumps(root, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace") + b"\n"


def _portal_json(exported: ExportedPortal, *, with_links: bool) -> dict[str, Any]:
    portal = exported.portal
    fields: dict[str, Any] = {
        "portal_id": portal.portal_id,
        "workspace_id": portal.workspace_id,
        "workspace_kind": portal.workspace_kind.value,
        "customer_key": portal.customer_key,
        "kind": portal.kind.value,
        "status": exported.status,
        "requested_at": _iso(portal.requested_at),
        "created_at": _iso(portal.created_at) or None,
        "expires_at": _iso(portal.expires_at) or None,
        "renewed_from": portal.renewed_from,
        "renewed_to": portal.renewed_to,
        "seam_request_id": portal.seam_request_id,
        "timeline": [
            {
                "at": _iso(entry.at),
                "event": entry.kind.value,
                "by": entry.by or None,
                "text": entry.text,
            }
            for entry in exported.timeline
        ],
    }
    if with_links:
        fields["link"] = exported.link.reveal() if exported.link else None
    return fields


def neutralised(cell: str) -> str:
    """`cell` so that no spreadsheet computes it: an apostrophe makes it text."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
