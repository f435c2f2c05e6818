"""The table's queries, with equal results on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
)

from seam_portal_desktop.adapters.ledger.rows import PORTAL_COLUMNS, to_micros
from seam_portal_desktop.adapters.ledger.schema import portals
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery, folded_search
from seam_portal_desktop.domain.portal.record import EXPIRING_WITHIN, Outcome, PortalStatus
from seam_portal_desktop.domain.preview.kinds import CheckLevel

_EXPIRING_MICROS = EXPIRING_WITHIN // timedelta(microseconds=1)
_STATUS_ORDER = {status.value: rank for rank, status in enumerate(PortalStatus)}
_VERDICT_ORDER = {level.value: level.rank for level in CheckLevel}
_MAY_BE_MISSING = (PortalColumn.EXPIRES, PortalColumn.PREVIEW, PortalColumn.SENT)

_SAMPLES = 8

_c = portals.c
PORTAL_FIELDS = (*(_c[name] for name in PORTAL_COLUMNS), _c.url_sealed.is_not(None))
"""The columns that `portal_from_row` reads."""


def status_at(now: datetime) -> ColumnElement[str]:
    """PortalRecord.status in SQL."""
    micros = to_micros(now)
    return case(
        (_c.outcome != Outcome.CREATED.value, _c.outcome),
        (_c.revoked_at.is_not(None), literal(PortalStatus.REVOKED.value)),
        (
            or_(_c.expires_at.is_(None), _c.expires_at <= micros),
            literal(PortalStatus.EXPIRED.value),
        ),
        (_c.expires_at <= micros + _EXPIRING_MICROS, literal(PortalStatus.EXPIRING.value)),
        else_=literal(PortalStatus.ACTIVE.value),
    )


def _visible(workspace_id: str, text: str, *, safe_previews: bool = False) -> ColumnElement[bool]:
    of_kind = _c.twin_of.is_not(None) if safe_previews else _c.twin_of.is_(None)
    condition = and_(_c.workspace_id == workspace_id, _c.deleted_at.is_(None), of_kind)
    if text:
        matched = _c.search_text.contains(folded_search(text), autoescape=True)
        condition = and_(condition, matched)
    return condition


def _matching(query: PortalQuery, now: datetime) -> ColumnElement[bool]:
    condition = _visible(query.workspace_id, query.text, safe_previews=query.safe_previews)
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
            keys = [func.coalesce(_c.created_at, _c.requested_at)]
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


def find(query: PortalQuery, now: datetime, *, offset: int, limit: int) -> Select[object]:
    """The rows of one page, as PORTAL_FIELDS."""
    return (
        select(*PORTAL_FIELDS)
        .where(_matching(query, now))
        .order_by(*_order(query, now))
        .limit(limit)
        .offset(offset)
    )


def total(query: PortalQuery, now: datetime) -> Select[int]:
    """How many rows match."""
    return select(func.count()).select_from(portals).where(_matching(query, now))


def counts(workspace_id: str, text: str, now: datetime) -> Select[str, int]:
    """Rows of (status, how many)."""
    statuses = select(status_at(now).label("status")).where(_visible(workspace_id, text)).subquery()
    return select(statuses.c.status, func.count()).group_by(statuses.c.status)


def customer_keys(workspace_id: str, limit: int) -> Select[str]:
    """Distinct customer keys, the most recently used first."""
    return (
        select(_c.customer_key)
        .where(_visible(workspace_id, ""))
        .group_by(_c.customer_key)
        .order_by(func.max(_c.requested_at).desc(), _c.customer_key)
        .limit(limit)
    )


def sealed_samples() -> Select[str, bytes]:
    """A few sealed links, the newest first, as (portal_id, url_sealed)."""
    return (
        select(_c.portal_id, _c.url_sealed)
        .where(_c.url_sealed.is_not(None))
        .order_by(_c.requested_at.desc())
        .limit(_SAMPLES)
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
