"""Reads which customers the ledger knows, with equal results on SQLite and PostgreSQL, and writes
what we call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger.queries import listed, sealed_details, status_at
from seam_portal_desktop.adapters.ledger.rows import UndecodableText, from_micros, is_time
from seam_portal_desktop.adapters.ledger.schema import customer_details, portals
from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
from seam_portal_desktop.domain.portal.customers import ActiveLink, KnownCustomer
from seam_portal_desktop.domain.portal.record import LIVE_STATUSES, Channel, PortalKind

_c = portals.c
_details = customer_details.c
_CHANNELS: dict[str | None, Channel] = {channel.value: channel for channel in Channel}


def customer_keys(workspace_id: str) -> Select[str]:
    """Distinct customer keys, the most recently used first."""
    return (
        select(_c.customer_key)
        .where(listed(workspace_id), _c.damaged == 0)
        .group_by(_c.customer_key)
        .order_by(func.max(_c.requested_at).desc(), _c.customer_key)
    )


def live_links(workspace_id: str, now: datetime) -> Select[str, str, int]:
    """Rows of (customer key, portal_id, expires_at) of live portals, the newest first."""
    live = status_at(now).in_(sorted(status.value for status in LIVE_STATUSES))
    return (
        select(_c.customer_key, _c.portal_id, _c.expires_at)
        .where(listed(workspace_id), live, _c.kind == PortalKind.PORTAL.value)
        .order_by(
            func.coalesce(_c.created_at, _c.requested_at).desc(),
            _c.requested_at.desc(),
            _c.portal_id,
        )
    )


def last_sent(workspace_id: str) -> Select[str, int, str | None]:
    """Rows of (customer key, sent_at, sent_channel), one for each customer with a sent link."""
    visible = and_(listed(workspace_id), _c.damaged == 0, _c.sent_at.is_not(None))
    rank = func.row_number().over(
        partition_by=_c.customer_key, order_by=(_c.sent_at.desc(), _c.portal_id)
    )
    ranked = (
        select(_c.customer_key, _c.sent_at, _c.sent_channel, rank.label("rank"))
        .where(visible)
        .subquery()
    )
    return select(ranked.c.customer_key, ranked.c.sent_at, ranked.c.sent_channel).where(
        ranked.c.rank == 1
    )


def read_customers(
    connection: Connection,
    workspace_id: str,
    now: datetime,
    open_details: Callable[[str, str, bytes], CustomerDetails],
) -> Sequence[KnownCustomer]:
    """See the port. Values that were damaged since `open`, and aren't marked, are left out."""
    links: defaultdict[str, list[ActiveLink]] = defaultdict(list)
    for key, portal_id, expires_at in connection.execute(live_links(workspace_id, now)):
        if type(key) is str and type(portal_id) is str and is_time(expires_at):
            links[key].append(ActiveLink(portal_id, from_micros(expires_at)))
    sent: dict[str, tuple[datetime, Channel | None]] = {}
    for key, micros, how in connection.execute(last_sent(workspace_id)):
        if type(key) is str and is_time(micros):
            sent[key] = (from_micros(micros), _CHANNELS.get(how))
    details = {
        key: open_details(workspace_id, key, sealed)
        for key, sealed in connection.execute(sealed_details(workspace_id))
        if isinstance(key, str) and isinstance(sealed, bytes)
    }
    found = []
    for key in connection.scalars(customer_keys(workspace_id)):
        if isinstance(key, str) and not isinstance(key, UndecodableText):
            sent_at, channel = sent.get(key, (None, None))
            known = details.get(key, NO_DETAILS)
            found.append(
                KnownCustomer(key, tuple(links.get(key, ())), sent_at, channel, details=known)
            )
    return found


def read_details(connection: Connection, workspace_id: str, customer_key: str) -> bytes | None:
    """What we call the customer, sealed; empty if it is damaged. None: there is nothing."""
    row = connection.execute(
        select(type_coerce(_details.details_sealed, NullType())).where(
            _is_customer(workspace_id, customer_key)
        )
    ).one_or_none()
    if row is None:
        return None
    return row[0] if isinstance(row[0], bytes) else b""


def write_details(
    connection: Connection, workspace_id: str, customer_key: str, sealed: bytes | None
) -> Sequence[str]:
    """Replace what we call the customer; None deletes it. Returns the portal_ids whose row shows
    it."""
    connection.execute(delete(customer_details).where(_is_customer(workspace_id, customer_key)))
    if sealed is not None:
        connection.execute(
            insert(customer_details).values(
                workspace_id=workspace_id, customer_key=customer_key, details_sealed=sealed
            )
        )
    shown = select(_c.portal_id).where(listed(workspace_id), _c.customer_key == customer_key)
    return connection.scalars(shown).all()


def _is_customer(workspace_id: str, customer_key: str) -> ColumnElement[bool]:
    return and_(_details.workspace_id == workspace_id, _details.customer_key == customer_key)
