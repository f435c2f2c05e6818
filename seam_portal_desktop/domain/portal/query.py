"""What the list of portals can be asked for, and a page of its answer."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import total_ordering
from typing import Any

from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus

_SEARCHED_LENGTH = 1000
"""Characters of a search that count; SQLite refuses patterns above some 50,000 bytes."""

_STATUS_RANK = {status: rank for rank, status in enumerate(PortalStatus)}


class PortalColumn(StrEnum):
    """The table's columns, in their first order; every one can be sorted by."""

    CUSTOMER_KEY = "customer_key"
    STATUS = "status"
    CREATED = "created"
    EXPIRES = "expires"
    PREVIEW = "preview"
    SENT = "sent"
    WORKSPACE_KIND = "workspace_kind"


def fold(text: str) -> str:
    """`text` as it is searched and sorted: compatibility-normalised, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def folded_search(text: str) -> str:
    """A search as `search_text` is compared with it.

    Half a surrogate pair and NUL can't be sent to a database, nor be in one of its records.
    """
    sendable = text[:_SEARCHED_LENGTH].encode("utf-8", "replace").decode()
    return fold(sendable.replace("\0", "\ufffd"))


def search_text(customer_key: str, note: str) -> str:
    """What a search looks into. A line break keeps a match from spanning both parts."""
    return f"{fold(customer_key)}\n{fold(note)}"


@dataclass(frozen=True, slots=True)
class PortalQuery:
    """Which records of a workspace to list, and in which order.

    ``text`` matches inside the customer key and the sent note, ignoring case. An empty
    ``statuses`` means all of them. Ties are broken by requested_at, newest first, then by id.
    A record without a created time counts with its requested_at; records without an expiry, a
    preview or a sent time come last, in both directions. Safe previews are listed alone, with
    ``safe_previews``, or not at all.
    """

    workspace_id: str
    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    sort: PortalColumn = PortalColumn.CREATED
    descending: bool = True
    safe_previews: bool = False

    def matches(self, record: PortalRecord, now: datetime) -> bool:
        """Whether the list holds `record` at `now`, as the ledger's own search decides."""
        note = record.sent.note if record.sent is not None else ""
        return (
            record.workspace_id == self.workspace_id
            and (record.preview_of is not None) == self.safe_previews
            and (not self.statuses or record.status(now) in self.statuses)
            and folded_search(self.text) in search_text(record.customer_key, note)
        )

    def sort_key(self, record: PortalRecord, now: datetime) -> tuple[Any, ...]:
        """What to sort records by to get the ledger's order."""
        wrap = _Descending if self.descending else _itself
        keys = [
            (1, 0) if value is None else (0, wrap(value))
            for value in _sorted_by(self.sort, record, now)
        ]
        return (*keys, _Descending(record.requested_at), record.portal_id)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Rows ``offset .. offset+len(rows)`` of ``total`` that match the query."""

    rows: tuple[PortalRecord, ...]
    offset: int
    total: int


@total_ordering
class _Descending:
    """Sorts before what is smaller than it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:  # noqa: ANN401 - whatever can be compared
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and bool(self.value == other.value)

    def __lt__(self, other: _Descending) -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # type: ignore[assignment]


def _itself(value: Any) -> Any:  # noqa: ANN401 - whatever can be compared
    return value


def _sorted_by(  # noqa: PLR0911 - one for each column
    column: PortalColumn, record: PortalRecord, now: datetime
) -> tuple[Any, ...]:
    match column:
        case PortalColumn.CUSTOMER_KEY:
            return (fold(record.customer_key),)
        case PortalColumn.STATUS:
            return (_STATUS_RANK[record.status(now)],)
        case PortalColumn.CREATED:
            return (record.created_at or record.requested_at,)
        case PortalColumn.EXPIRES:
            return (record.expires_at,)
        case PortalColumn.PREVIEW:
            level = record.preview_verdict
            return (None if level is None else level.rank, record.previewed_at)
        case PortalColumn.SENT:
            return (None if record.sent is None else record.sent.at,)
        case PortalColumn.WORKSPACE_KIND:
            return (record.workspace_kind.value,)
