"""Queries for records in the ledger, and pages of results."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import total_ordering
from typing import TYPE_CHECKING, Any

from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.domain.preview.kinds import CheckLevel

if TYPE_CHECKING:
    from seam_portal_desktop.domain.message.delivery import DeliveryState, SendChannel

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


class PreviewOutcome(StrEnum):
    """What is known of a portal's newest preview. UNCHECKED: it was previewed, without a result."""

    GOOD = "good"
    WARNINGS = "warnings"
    PROBLEMS = "problems"
    UNCHECKED = "unchecked"
    NONE = "none"


RESULT_OF_LEVEL = {
    CheckLevel.OK: PreviewOutcome.GOOD,
    CheckLevel.UNKNOWN: PreviewOutcome.UNCHECKED,
    CheckLevel.WARNING: PreviewOutcome.WARNINGS,
    CheckLevel.PROBLEM: PreviewOutcome.PROBLEMS,
}

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


def has_recipient(addresses: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether one of `addresses` has one of `wanted` in it: it may still be typed."""
    parts = [folded_search(part) for part in wanted]
    return any(part in fold(address) for address in addresses for part in parts)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Times from ``start`` until just before ``end``, both aware. None is open."""

    start: datetime | None = None
    end: datetime | None = None

    def has(self, time: datetime | None) -> bool:
        return (
            time is not None
            and (self.start is None or self.start <= time)
            and (self.end is None or time < self.end)
        )


@dataclass(frozen=True, slots=True)
class RecordFilters:
    """What a list is filtered by, beside status and text. None and empty sets mean all.

    ``creators`` and ``presets`` are whole names, ignoring case; an empty one is for records without
    a name. A record without a created time has its requested_at, as in the order of a query.
    ``deliveries``, ``channels`` and ``recipients`` are about the newest delivery. A recipient's
    address has one of ``recipients`` in it, ignoring case.
    """

    sent: bool | None = None
    created: TimeRange | None = None
    expires: TimeRange | None = None
    creators: frozenset[str] = frozenset()
    presets: frozenset[str] = frozenset()
    previews: frozenset[PreviewOutcome] = frozenset()
    deliveries: frozenset[DeliveryState] = frozenset()
    channels: frozenset[SendChannel] = frozenset()
    recipients: frozenset[str] = frozenset()

    def match(self, record: PortalRecord) -> bool:
        return (
            (self.sent is None or (record.sent is not None) == self.sent)
            and (self.created is None or self.created.has(_created(record)))
            and (self.expires is None or self.expires.has(record.expires_at))
            and (not self.creators or fold(record.created_by) in map(folded_search, self.creators))
            and (not self.presets or fold(record.preset) in map(folded_search, self.presets))
            and (not self.previews or preview_result(record) in self.previews)
            and (not self.deliveries or record.delivery_state in self.deliveries)
            and (not self.channels or record.delivery_channel in self.channels)
            and (not self.recipients or has_recipient(record.delivered_to, self.recipients))
        )


NO_FILTERS = RecordFilters()


def preview_result(record: PortalRecord) -> PreviewOutcome:
    if record.preview_verdict is not None:
        return RESULT_OF_LEVEL[record.preview_verdict]
    return PreviewOutcome.UNCHECKED if record.previewed_at else PreviewOutcome.NONE


@dataclass(frozen=True, slots=True)
class PortalQuery:
    """The records of a workspace to list, and their order.

    ``text`` is searched in the customer's key, name and tags and in the sent note, ignoring case.
    Empty ``statuses`` mean all. See `has_tags` for ``tags``. Equal records are sorted by
    requested_at, newest first, then by id. A record without a created time is sorted by its
    requested_at. Records without an expiry, a preview or a sent time are last in both directions.
    ``safe_previews`` lists only safe previews, else none.

    ``by_customer`` puts the records of each customer key together, and replaces the order: the
    customer with the newest record is first (equal ones by key), and a customer's newest record.
    """

    workspace_id: str
    text: str = ""
    statuses: frozenset[PortalStatus] = frozenset()
    sort: PortalColumn = PortalColumn.CREATED
    descending: bool = True
    safe_previews: bool = False
    tags: frozenset[str] = frozenset()
    filters: RecordFilters = NO_FILTERS
    by_customer: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether it may leave out records of the workspace."""
        return bool(self.text or self.statuses or self.tags) or self.filters != NO_FILTERS

    def matches(self, record: PortalRecord, now: datetime) -> bool:
        """Whether the list has `record` at `now`, by the same rules as the ledger's query."""
        note = record.sent.note or "" if record.sent is not None else ""
        text = folded_search(self.text)
        return (
            record.workspace_id == self.workspace_id
            and (record.preview_of is not None) == self.safe_previews
            and (not self.statuses or record.status(now) in self.statuses)
            and self.filters.match(record)
            and has_tags(record.tags, self.tags)
            and (
                text in search_text(record.customer_key, note)
                or text in customer_text(record.customer_name, record.tags)
            )
        )

    def sort_key(self, record: PortalRecord, now: datetime) -> tuple[Any, ...]:
        """A sort key that gives the ledger's order. With ``by_customer`` there is none: a record's
        place depends on others. See `grouped`."""
        wrap = _Descending if self.descending else _itself
        keys = [
            (1, 0) if value is None else (0, wrap(value))
            for value in _sorted_by(self.sort, record, now)
        ]
        return (*keys, _Descending(record.requested_at), record.portal_id)


@dataclass(frozen=True, slots=True)
class UsedNames:
    """The creators and the presets of a workspace's records, each once, in alphabetical order."""

    creators: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Rows ``offset .. offset+len(rows)`` of ``total`` that match the query."""

    rows: tuple[PortalRecord, ...]
    offset: int
    total: int


def grouped(records: Iterable[PortalRecord]) -> list[PortalRecord]:
    """Records that are sorted by their created time, newest first, in the order of a query with
    ``by_customer``."""
    groups: dict[str, list[PortalRecord]] = {}
    for record in records:
        groups.setdefault(record.customer_key, []).append(record)
    ordered = sorted(
        groups.items(), key=lambda group: (_Descending(_created(group[1][0])), group[0])
    )
    return [record for _, group in ordered for record in group]


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


def _created(record: PortalRecord) -> datetime:
    return record.created_at or record.requested_at


def _sorted_by(  # noqa: PLR0911 - one for each column
    column: PortalColumn, record: PortalRecord, now: datetime
) -> tuple[Any, ...]:
    match column:
        case PortalColumn.CUSTOMER_KEY:
            return (fold(record.customer_key),)
        case PortalColumn.STATUS:
            return (_STATUS_RANK[record.status(now)],)
        case PortalColumn.CREATED:
            return (_created(record),)
        case PortalColumn.EXPIRES:
            return (record.expires_at,)
        case PortalColumn.PREVIEW:
            level = record.preview_verdict
            return (None if level is None else level.rank, record.previewed_at)
        case PortalColumn.SENT:
            return (None if record.sent is None else record.sent.at,)
        case PortalColumn.WORKSPACE_KIND:
            return (record.workspace_kind.value,)
