"""The table's queries, with equal results on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Delete,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger.rows import (
    ENUMS,
    FIRST_MICROS,
    LAST_MICROS,
    PORTAL_COLUMNS,
    REQUIRED_TEXTS,
    REQUIRED_TIMES,
    TEXTS,
    TIMES,
    to_micros,
)
from seam_portal_desktop.adapters.ledger.schema import customer_details, portals
from seam_portal_desktop.adapters.ledger.seal.data_key import HEADER_LENGTH
from seam_portal_desktop.domain.portal.query import (
    NO_FILTERS,
    RESULT_OF_LEVEL,
    PortalColumn,
    PortalQuery,
    PreviewOutcome,
    RecordFilters,
    TimeRange,
    folded_search,
)
from seam_portal_desktop.domain.portal.record import EXPIRING_WITHIN, Outcome, PortalStatus
from seam_portal_desktop.domain.preview.kinds import CheckLevel

_EXPIRING_MICROS = EXPIRING_WITHIN // timedelta(microseconds=1)
_STATUS_ORDER = {status.value: rank for rank, status in enumerate(PortalStatus)}
_VERDICT_ORDER = {level.value: level.rank for level in CheckLevel}
_MAY_BE_MISSING = (PortalColumn.EXPIRES, PortalColumn.PREVIEW, PortalColumn.SENT)

_SAMPLES = 8

_c = portals.c
_details = customer_details.c
_CREATED = func.coalesce(_c.created_at, _c.requested_at)
_PREVIEW_RESULT = case(
    {level.value: result.value for level, result in RESULT_OF_LEVEL.items()},
    value=_c.preview_verdict,
    else_=case(
        (_c.previewed_at.is_not(None), PreviewOutcome.UNCHECKED.value),
        else_=PreviewOutcome.NONE.value,
    ),
)
URL_HEADER = type_coerce(func.substr(_c.url_sealed, 1, HEADER_LENGTH), NullType())
"""The part of a sealed link that says which key it needs."""

DETAILS_SEALED = (
    select(_details.details_sealed)
    .where(_details.workspace_id == _c.workspace_id, _details.customer_key == _c.customer_key)
    .scalar_subquery()
)
"""What we call the customer of a row, sealed."""

PORTAL_FIELDS = (
    *(_c[name] for name in PORTAL_COLUMNS),
    URL_HEADER,
    type_coerce(_c.sent_note_sealed, NullType()),
    type_coerce(DETAILS_SEALED, NullType()),
    type_coerce(_c.delivered_to_sealed, NullType()),
)
"""The columns that `portal_from_row` reads."""


class FoundInSealed(NamedTuple):
    """The conditions for rows that SQL can't find, because what is searched is sealed.

    ``by_text``: those whose note, name or tags have the text; None without any. ``by_tags``: those
    of customers with the tags; None if no tags are wanted. ``by_recipients``: those that were sent
    to the recipients; None if none are wanted.
    """

    by_text: ColumnElement[bool] | None = None
    by_tags: ColumnElement[bool] | None = None
    by_recipients: ColumnElement[bool] | None = None


NOT_SEARCHED = FoundInSealed()


def is_one_of(
    column: ColumnElement[str], values: Sequence[str], dialect_name: str
) -> ColumnElement[bool]:
    """The rows with these values, as one parameter: the number of parameters is limited."""
    array = literal(json.dumps(values), Text)
    rows = (
        func.json_each(array)
        if dialect_name == "sqlite"
        else func.json_array_elements_text(cast(array, JSON))
    )
    return column.in_(select(rows.table_valued("value").c.value))


def status_at(now: datetime) -> ColumnElement[str]:
    """PortalRecord.status in SQL."""
    micros = to_micros(now)
    return case(
        (_c.damaged != 0, literal(PortalStatus.DAMAGED.value)),
        (_c.outcome != Outcome.CREATED.value, _c.outcome),
        (_c.revoked_at.is_not(None), literal(PortalStatus.REVOKED.value)),
        (
            or_(_c.expires_at.is_(None), _c.expires_at <= micros),
            literal(PortalStatus.EXPIRED.value),
        ),
        (_c.expires_at <= micros + _EXPIRING_MICROS, literal(PortalStatus.EXPIRING.value)),
        else_=literal(PortalStatus.ACTIVE.value),
    )


def listed(workspace_id: str, *, safe_previews: bool = False) -> ColumnElement[bool]:
    """The rows of a workspace that aren't hidden: safe previews, or all others."""
    of_kind = _c.twin_of.is_not(None) if safe_previews else _c.twin_of.is_(None)
    return and_(_c.workspace_id == workspace_id, _c.deleted_at.is_(None), of_kind)


def _contains(text: str) -> ColumnElement[bool]:
    return _c.search_text.contains(folded_search(text), autoescape=True)


def _visible(
    workspace_id: str,
    text: str,
    filters: RecordFilters,
    sealed: FoundInSealed,
    *,
    safe_previews: bool = False,
) -> ColumnElement[bool]:
    condition = and_(listed(workspace_id, safe_previews=safe_previews), *_conditions(filters))
    if sealed.by_tags is not None:
        condition = and_(condition, sealed.by_tags)
    if sealed.by_recipients is not None:
        condition = and_(condition, sealed.by_recipients)
    if not text:
        return condition
    matched = _contains(text)
    return and_(condition, matched if sealed.by_text is None else or_(matched, sealed.by_text))


def _conditions(filters: RecordFilters) -> Iterator[ColumnElement[bool]]:
    """RecordFilters.match in SQL."""
    if filters.sent is not None:
        yield _c.sent_at.is_not(None) if filters.sent else _c.sent_at.is_(None)
    if filters.created is not None:
        yield from _within(_CREATED, filters.created)
    if filters.expires is not None:
        yield _c.expires_at.is_not(None)
        yield from _within(_c.expires_at, filters.expires)
    for column, names in (
        (_c.created_by_folded, filters.creators),
        (_c.preset_folded, filters.presets),
    ):
        if names:
            yield func.coalesce(column, "").in_(sorted(map(folded_search, names)))
    if filters.previews:
        yield _PREVIEW_RESULT.in_(sorted(result.value for result in filters.previews))
    if filters.deliveries:
        yield _c.delivery_state.in_(sorted(state.value for state in filters.deliveries))
    if filters.channels:
        yield _c.delivery_channel.in_(sorted(channel.value for channel in filters.channels))


def _within(time: ColumnElement[int], times: TimeRange) -> Iterator[ColumnElement[bool]]:
    if times.start is not None:
        yield time >= to_micros(times.start)
    if times.end is not None:
        yield time < to_micros(times.end)


def _matching(query: PortalQuery, now: datetime, sealed: FoundInSealed) -> ColumnElement[bool]:
    condition = _visible(
        query.workspace_id, query.text, query.filters, sealed, safe_previews=query.safe_previews
    )
    if query.statuses:
        wanted = sorted(status.value for status in query.statuses)
        condition = and_(condition, status_at(now).in_(wanted))
    return condition


def _order(query: PortalQuery, now: datetime) -> list[ColumnElement[object]]:
    keys: list[ColumnElement[object]]
    match query.sort:
        case PortalColumn.CUSTOMER_KEY:
            keys = [_c.customer_key_folded]
        case PortalColumn.STATUS:
            keys = [case(_STATUS_ORDER, value=status_at(now))]
        case PortalColumn.CREATED:
            keys = [_CREATED]
        case PortalColumn.EXPIRES:
            keys = [_c.expires_at]
        case PortalColumn.PREVIEW:
            keys = [case(_VERDICT_ORDER, value=_c.preview_verdict), _c.previewed_at]
        case PortalColumn.SENT:
            keys = [_c.sent_at]
        case PortalColumn.WORKSPACE_KIND:
            keys = [_c.workspace_kind]
    ordered = [key.desc() if query.descending else key.asc() for key in keys]
    if query.sort in _MAY_BE_MISSING:
        ordered = [each.nulls_last() for each in ordered]
    return [*ordered, _c.requested_at.desc(), _c.portal_id.asc()]


def find(
    query: PortalQuery,
    now: datetime,
    *,
    offset: int,
    limit: int,
    sealed: FoundInSealed = NOT_SEARCHED,
) -> Select[object]:
    """The rows of one page, as PORTAL_FIELDS."""
    matching = _matching(query, now, sealed)
    if query.by_customer:
        return _find_by_customer(matching, offset, limit)
    return (
        select(*PORTAL_FIELDS)
        .where(matching)
        .order_by(*_order(query, now))
        .limit(limit)
        .offset(offset)
    )


def _find_by_customer(matching: ColumnElement[bool], offset: int, limit: int) -> Select[object]:
    """Narrow rows are sorted first: sorting whole ones takes twice as long."""
    places = (
        select(
            _c.portal_id.label("place_of"),
            _c.customer_key.label("customer"),
            func.max(_CREATED).over(partition_by=_c.customer_key).label("newest"),
            _CREATED.label("created"),
            _c.requested_at.label("requested"),
        )
        .where(matching)
        .subquery()
    )
    page = select(places).order_by(*_by_customer(places)).limit(limit).offset(offset).subquery()
    rows = select(*PORTAL_FIELDS).join(page, page.c.place_of == _c.portal_id)
    return rows.order_by(*_by_customer(page))


def _by_customer(places: Subquery) -> list[ColumnElement[object]]:
    c = places.c
    return [
        c.newest.desc(),
        c.customer.asc(),
        c.created.desc(),
        c.requested.desc(),
        c.place_of.asc(),
    ]


def total(query: PortalQuery, now: datetime, sealed: FoundInSealed = NOT_SEARCHED) -> Select[int]:
    """How many rows match."""
    return select(func.count()).select_from(portals).where(_matching(query, now, sealed))


def counts(
    workspace_id: str,
    text: str,
    now: datetime,
    *,
    filters: RecordFilters = NO_FILTERS,
    sealed: FoundInSealed = NOT_SEARCHED,
) -> Select[str, int]:
    """Rows of (status, how many)."""
    visible = _visible(workspace_id, text, filters, sealed)
    statuses = select(status_at(now).label("status")).where(visible).subquery()
    return select(statuses.c.status, func.count()).group_by(statuses.c.status)


def used_names(workspace_id: str) -> Select[str, str]:
    """Rows of (creator, preset), each pair once."""
    return select(_c.created_by, _c.preset).where(listed(workspace_id)).distinct()


def notes_without(text: str, workspace_id: str, *, safe_previews: bool) -> Select[str, bytes]:
    """Rows of (portal_id, sealed note) in which SQL doesn't find `text`.

    The caller decrypts the notes and keeps the ids whose note has `text`.
    """
    return select(_c.portal_id, type_coerce(_c.sent_note_sealed, NullType())).where(
        listed(workspace_id, safe_previews=safe_previews),
        _c.sent_note_sealed.is_not(None),
        ~_contains(text),
    )


def sealed_addresses(workspace_id: str, *, safe_previews: bool) -> Select[str, bytes]:
    """Rows of (portal_id, sealed addresses) of portals whose link was sent."""
    return select(_c.portal_id, type_coerce(_c.delivered_to_sealed, NullType())).where(
        listed(workspace_id, safe_previews=safe_previews), _c.delivered_to_sealed.is_not(None)
    )


def sealed_details(workspace_id: str) -> Select[str, bytes]:
    """Rows of (customer key, sealed details) of a workspace."""
    return select(_details.customer_key, type_coerce(_details.details_sealed, NullType())).where(
        _details.workspace_id == workspace_id
    )


@cache
def unreadable(*, checks_types: bool) -> ColumnElement[bool]:
    """Whether a row has a value that the program can't have written.

    `checks_types` is for SQLite, whose columns take values of any type. Texts that aren't UTF-8
    are not found.
    """
    found: list[ColumnElement[bool]] = []
    found += [_c[name].not_in([each.value for each in values]) for name, values in ENUMS.items()]
    found += [or_(_c[name] < FIRST_MICROS, _c[name] > LAST_MICROS) for name in TIMES]
    if checks_types:
        for name in (*TEXTS, *TIMES):
            wanted = ["text" if name in TEXTS else "integer"]
            if name not in (*REQUIRED_TEXTS, *REQUIRED_TIMES):
                wanted.append("null")
            found.append(func.typeof(_c[name]).not_in(wanted))
        found.append(func.typeof(_c.damaged) != "integer")
    return or_(*found)


def sealed_samples() -> Select[str, bytes]:
    """A few sealed links, the newest first, as (portal_id, url_sealed)."""
    return (
        select(_c.portal_id, _c.url_sealed)
        .where(_c.url_sealed.is_not(None))
        .order_by(_c.requested_at.desc())
        .limit(_SAMPLES)
    )


def url_headers() -> Select[str, bytes]:
    """Rows of (portal_id, URL_HEADER) of all links in the list."""
    return select(_c.portal_id, URL_HEADER).where(
        _c.url_sealed.is_not(None), _c.deleted_at.is_(None), _c.twin_of.is_(None)
    )


def erase_orphaned_safe_previews(now: datetime) -> Delete:
    """Delete safe previews of erased portals, except those whose own link may still open."""
    original = portals.alias("original")
    kept = select(original.c.portal_id).where(original.c.portal_id == _c.twin_of)
    over = or_(
        _c.outcome == Outcome.FAILED.value,
        _c.revoked_at.is_not(None),
        _c.expires_at <= to_micros(now),
    )
    return delete(portals).where(_c.twin_of.is_not(None), over, ~kept.exists())
