"""Portals and their timelines as a file for a spreadsheet (XLSX, CSV) or a program (JSON)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
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
from seam_portal_desktop.domain.ports import Ledger, WriteFile, WriteTable
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.tables.formulas import without_formula
from seam_portal_desktop.domain.tables.sheet import CellValue
from seam_portal_desktop.services.portal.records import find_all
from seam_portal_desktop.services.portal.timeline import build_timeline

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
    "customer_name",
    "tags",
)
_MOMENTS = frozenset({"created_at", "expires_at", "at"})


class ExportFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class RegionalStyle:
    """``separator`` is that of CSV files. ``to_local`` gives a moment (aware) the offset of the
    user's time zone, whose name is ``zone``."""

    separator: str = ","
    to_local: Callable[[datetime], datetime] = lambda moment: moment
    zone: str = "UTC"


NO_REGION = RegionalStyle()


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The number of portals in the file, and of links among them that could not be read."""

    portals: int
    unreadable_links: int


@dataclass(frozen=True, slots=True)
class ExportedPortal:
    """``link`` is None if links were not requested or it can't be read."""

    portal: PortalRecord
    status: str
    timeline: tuple[TimelineEntry, ...]
    link: Secret | None = None


class ExportService:
    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        write_file: WriteFile,
        write_table: WriteTable,
        policy: Policy = UNMANAGED,
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._clock = clock
        self._write_file = write_file
        self._write_table = write_table

    async def export(
        self,
        which: Sequence[str] | PortalQuery,
        target: Path,
        file_format: ExportFormat,
        style: RegionalStyle = NO_REGION,
        *,
        with_links: bool,
    ) -> ExportResult:
        """Write the portals of these ids, or all that a query finds, with their timelines.

        A table has a row for each event. In XLSX its times are dates in the user's time zone, which
        the titles name. In CSV they are ISO 8601 in UTC. Of both the name of `target` decides.

        Raises SafePreviewNotSendableError, LedgerError or another UserFacingError. `target` is
        unchanged then.
        """
        now = self._clock()
        portals = (
            await find_all(self._ledger, which, now)
            if isinstance(which, PortalQuery)
            else [await self._ledger.get(portal_id) for portal_id in which]
        )
        for portal in portals:
            portal.check_sendable()
        events = await self._ledger.events_by_portal([portal.portal_id for portal in portals])
        exported = []
        unreadable = 0
        for portal in portals:
            link = await self._link_of(portal) if with_links and portal.has_url else None
            unreadable += with_links and portal.has_url and link is None
            timeline = build_timeline(portal, events.get(portal.portal_id, ()), now)
            exported.append(ExportedPortal(portal, portal.status(now).value, timeline, link))
        if file_format is ExportFormat.JSON:
            content = await asyncio.to_thread(as_json, exported, now, with_links=with_links)
            await self._write_file(target, content)
        else:
            zone = style if file_format is ExportFormat.XLSX else None
            titles = _titles(zone, with_links=with_links)
            rows = table_rows(exported, zone, with_links=with_links)
            await self._write_table(target, titles, rows, style.separator)
        return ExportResult(len(exported), unreadable)

    async def _link_of(self, portal: PortalRecord) -> Secret | None:
        try:
            return self._policy.check_link(await self._ledger.url_of(portal.portal_id))
        except LinkUnreadableError:
            return None


def _titles(local: RegionalStyle | None, *, with_links: bool) -> list[str]:
    titles = [*_COLUMNS, "link"] if with_links else list(_COLUMNS)
    if local is not None:
        titles = [f"{each} ({local.zone})" if each in _MOMENTS else each for each in titles]
    return titles


def table_rows(
    portals: Sequence[ExportedPortal], local: RegionalStyle | None, *, with_links: bool
) -> Iterator[Sequence[CellValue]]:
    """A row for each event. Times are in the zone of `local`, else texts in UTC."""

    def moment(value: datetime | None) -> CellValue:
        return _iso(value) if local is None or value is None else local.to_local(value)

    for exported in portals:
        portal = exported.portal
        portal_cells = [
            portal.customer_key,
            portal.kind.value,
            exported.status,
            moment(portal.created_at),
            moment(portal.expires_at),
        ]
        ids = [portal.portal_id, portal.workspace_id]
        own = [portal.customer_name, ", ".join(portal.tags)]
        link = [exported.link.reveal() if exported.link else ""] if with_links else []
        for entry in exported.timeline:
            event = [moment(entry.at), entry.kind.value, entry.by, entry.text]
            yield (*portal_cells, *event, *ids, *own, *link)


def as_json(portals: Sequence[ExportedPortal], now: datetime, *, with_links: bool) -> bytes:
    """The portals as a program reads them. Times are ISO 8601 in UTC."""
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
        "customer_name": portal.customer_name,
        "tags": list(portal.tags),
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


def link_line(customer_key: str, url: Secret) -> str:
    """A customer's link as a line for a message or for two columns of a spreadsheet."""
    return f"{without_formula(' '.join(customer_key.split()))}\t{url.reveal()}"


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
