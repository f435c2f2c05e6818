"""Queries for records in the ledger, and pages of results."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import total_ordering
from typing import Any

from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus

_SEARCHED_LENGTH = 1000
"""The characters of a search that are used: SQLite refuses patterns above some 50,000 bytes."""

_STATUS_RANK = {status: rank for rank, status in enumerate(PortalStatus)}


class PortalColumn(StrEnum):
    """The table's columns in their default order. The table can be sorted by each."""

    CUSTOMER_KEY = "customer_key"
    STATUS = "status"
    CREATED = "created"
    EXPIRES = "expires"
    PREVIEW = "preview"
    SENT = "sent"
    WORKSPACE_KIND = "workspace_kind"


NEWEST_FIRST = (PortalColumn.CREATED, PortalColumn.SENT)
"""The first click on one of these columns sorts the newest rows to the top."""


def fold(text: str) -> str:
    """`text` for searching and sorting: compatibility-normalised, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def folded_search(text: str) -> str:
    """A search to be compared with `search_text`.

    Half a surrogate pair and NUL are replaced: a database accepts neither in queries or records.
    """
    sendable = text[:_SEARCHED_LENGTH].encode("utf-8", "replace").decode()
    return fold(sendable.replace("\0", "\ufffd"))


def search_text(customer_key: str, note: str) -> str:
    """The text that is searched. The line break prevents a match across both parts."""
    return f"{fold(customer_key)}\n{fold(note)}"


def customer_text(name: str, tags: Iterable[str]) -> str:
    """The text that is searched of what we call a customer."""
    return "\n".join(map(fold, (name, *tags)))


def has_tags(tags: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether each of `wanted` is one of `tags`, or the start of one: it may still be typed."""
    folded = [fold(tag) for tag in tags]
    return all(any(tag.startswith(fold(start)) for tag in folded) for start in wanted)


@dataclass(frozen=True, slots=True)
class PortalQuery:
    """The records of a workspace to list, and their order.

    ``text`` is searched in the customer's key, name and tags and in the sent note, ignoring case.
    Empty ``statuses`` mean all. See `has_tags` for ``tags``. Equal records are sorted by
    requested_at, newest first, then by id. A record without a created time is sorted by its
    requested_at. Records without an expiry, a preview or a sent time are last in both directions.
    ``safe_previews`` lists only safe previews, else none.
    """

    workspace_id: str
    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    sort: PortalColumn = PortalColumn.CREATED
    descending: bool = True
    safe_previews: bool = False
    tags: frozenset[str] = frozenset()

    def matches(self, record: PortalRecord, now: datetime) -> bool:
        """Whether the list has `record` at `now`, by the same rules as the ledger's query."""
        note = record.sent.note or "" if record.sent is not None else ""
        text = folded_search(self.text)
        return (
            record.workspace_id == self.workspace_id
            and (record.preview_of is not None) == self.safe_previews
            and (not self.statuses or record.status(now) in self.statuses)
            and has_tags(record.tags, self.tags)
            and (
                text in search_text(record.customer_key, note)
                or text in customer_text(record.customer_name, record.tags)
            )
        )

    def sort_key(self, record: PortalRecord, now: datetime) -> tuple[Any, ...]:
        """A sort key that gives the ledger's order."""
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
    """Wraps a value so that greater values are sorted first."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:  # noqa: ANN401 - any comparable value
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and bool(self.value == other.value)

    def __lt__(self, other: _Descending) -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # type: ignore[assignment]


def _itself(value: Any) -> Any:  # noqa: ANN401 - any comparable value
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
