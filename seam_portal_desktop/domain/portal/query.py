"""What the list of portals can be asked for, and a page of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus


class PortalColumn(StrEnum):
    """The table's columns, in their first order; every one can be sorted by."""

    CUSTOMER_KEY = "customer_key"
    STATUS = "status"
    CREATED = "created"
    EXPIRES = "expires"
    PREVIEW = "preview"
    SENT = "sent"
    WORKSPACE_KIND = "workspace_kind"


@dataclass(frozen=True, slots=True)
class PortalQuery:
    """Which rows of a workspace to list, and in which order.

    ``text`` matches inside the customer key and the sent note, ignoring case. An empty
    ``statuses`` means all of them. Ties are broken by requested_at, newest first, then by id.
    A row without a created time counts with its requested_at; rows without an expiry or a sent
    time come last, in both directions. Preview twins are listed alone, with ``twins``, or not at
    all.
    """

    workspace_id: str
    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    sort: PortalColumn = PortalColumn.CREATED
    descending: bool = True
    safe_previews: bool = False


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Rows ``offset .. offset+len(rows)`` of ``total`` that match the query."""

    rows: tuple[PortalRecord, ...]
    offset: int
    total: int
