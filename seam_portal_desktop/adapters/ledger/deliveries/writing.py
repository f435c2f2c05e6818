"""Writes deliveries, their portals' rows and events, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, type_coerce, update
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger import events
from seam_portal_desktop.adapters.ledger.deliveries import changes
from seam_portal_desktop.adapters.ledger.deliveries.changes import Before
from seam_portal_desktop.adapters.ledger.deliveries.rows import (
    FIELDS,
    changing_values,
    delivery_of_row,
    new_values,
)
from seam_portal_desktop.adapters.ledger.deliveries.sealed_content import (
    seal_addresses,
    seal_content,
    seal_message,
)
from seam_portal_desktop.adapters.ledger.events import IDS_AT_A_TIME
from seam_portal_desktop.adapters.ledger.row_access import read_row, update_row
from seam_portal_desktop.adapters.ledger.rows import sent_values, to_micros
from seam_portal_desktop.adapters.ledger.schema import deliveries, portals
from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey
from seam_portal_desktop.adapters.ledger.seal.names import event_note_name
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryContent, DeliveryState
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.record import Outcome

_c = deliveries.c
_p = portals.c
_IS_TO_BE_SENT = or_(
    _c.state == DeliveryState.WAITING.value,
    and_(_c.state == DeliveryState.PARTLY_SENT.value, _c.due_at.is_not(None)),
)


def insert_delivery(connection: Connection, key: DataKey, delivery: Delivery) -> None:
    """A new row, which its portal shows from now on."""
    read_row(connection, delivery.portal_id, _p.portal_id)
    content = delivery.content or DeliveryContent()
    addresses = seal_addresses(key, delivery.portal_id, content)
    connection.execute(
        insert(deliveries).values(
            **new_values(delivery),
            addresses_sealed=addresses,
            content_sealed=seal_content(key, delivery.delivery_id, content),
            message_sealed=seal_message(key, delivery.delivery_id, content.message),
        )
    )
    update_row(
        connection,
        delivery.portal_id,
        delivery_id=delivery.delivery_id,
        delivery_state=delivery.state.value,
        delivery_channel=delivery.channel.value,
        delivered_to_sealed=addresses,
    )
    for event in changes.asked_events(delivery):
        note = None
        if event.kind is EventKind.SENT_ANYWAY:
            reason = content.override_reason.encode("utf-8", "replace")
            note = key.seal_bytes(event_note_name(delivery.portal_id), reason)
        events.add(connection, delivery.portal_id, event, note)


def change_delivery(
    connection: Connection, key: DataKey, delivery: Delivery, now: datetime
) -> bool:
    """Replace the row's changing values. Returns False for a row that is undone or gone."""
    row = connection.execute(
        select(_c.state, _c.reached).where(
            _c.delivery_id == delivery.delivery_id, _c.state != DeliveryState.UNDONE.value
        )
    ).one_or_none()
    if row is None:
        return False
    before = Before(*row)
    values = changing_values(delivery)
    if delivery.content is not None:
        values["content_sealed"] = seal_content(key, delivery.delivery_id, delivery.content)
    connection.execute(
        update(deliveries).where(_c.delivery_id == delivery.delivery_id).values(values)
    )
    sent = changes.sent_of(before, delivery, now)
    if sent is not None:
        (customer_key,) = read_row(
            connection, delivery.portal_id, type_coerce(_p.customer_key, NullType())
        )
        update_row(connection, delivery.portal_id, **sent_values(str(customer_key), sent, None))
    event = changes.changed_event(before, delivery, sent, now)
    if event is not None:
        events.add(connection, delivery.portal_id, event)
    if delivery.state is DeliveryState.UNDONE:
        _show_newest(connection, delivery.portal_id)
    elif before.state != delivery.state.value:
        _show_state(connection, [(delivery.delivery_id, delivery.portal_id)], delivery.state)
    return True


def mark_sending(
    connection: Connection, delivery_ids: Sequence[str], now: datetime
) -> list[tuple[str, str]]:
    """The (delivery_id, portal_id) of the rows that it changed."""
    opens = select(_p.portal_id).where(
        _p.portal_id == _c.portal_id,
        _p.outcome == Outcome.CREATED.value,
        _p.damaged == 0,
        _p.deleted_at.is_(None),
        _p.revoked_at.is_(None),
        _p.expires_at > to_micros(now),
    )
    columns = (_c.delivery_id, _c.portal_id)
    rows = _rows(connection, columns, delivery_ids, and_(_IS_TO_BE_SENT, opens.exists()))
    marked = [(delivery_id, portal_id) for delivery_id, portal_id in rows]
    for start in range(0, len(marked), IDS_AT_A_TIME):
        ids = [delivery_id for delivery_id, _ in marked[start : start + IDS_AT_A_TIME]]
        connection.execute(
            update(deliveries)
            .where(_c.delivery_id.in_(ids))
            .values(state=DeliveryState.SENDING.value)
        )
    _show_state(connection, marked, DeliveryState.SENDING)
    return marked


def undo(
    connection: Connection, delivery_ids: Sequence[str], now: datetime, by: str
) -> list[tuple[str, str]]:
    """The (delivery_id, portal_id) of the rows that it changed."""
    rows = _rows(connection, FIELDS, delivery_ids, _IS_TO_BE_SENT)
    found = [delivery_of_row(row, lambda *_: None) for row in rows]
    for each in found:
        values: dict[str, Any] = {"due_at": None, "finished_at": to_micros(now)}
        if each.state is DeliveryState.WAITING:
            values["state"] = DeliveryState.UNDONE.value
            event = PortalEvent(now, EventKind.SEND_UNDONE, by, changes.detail_of(each))
            events.add(connection, each.portal_id, event)
        row = update(deliveries).where(_c.delivery_id == each.delivery_id)
        connection.execute(row.values(values))
        _show_newest(connection, each.portal_id)
    return [(each.delivery_id, each.portal_id) for each in found]


def _rows(
    connection: Connection,
    columns: Sequence[ColumnElement[Any]],
    delivery_ids: Sequence[str],
    wanted: ColumnElement[bool],
) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for start in range(0, len(delivery_ids), IDS_AT_A_TIME):
        ids = delivery_ids[start : start + IDS_AT_A_TIME]
        found += connection.execute(
            select(*columns).where(_c.delivery_id.in_(ids), wanted).order_by(_c.delivery_id)
        )
    return found


def _show_state(
    connection: Connection, rows: Sequence[tuple[str, str]], state: DeliveryState
) -> None:
    """Let the portals of these (delivery_id, portal_id) show `state`, if theirs is the newest."""
    for start in range(0, len(rows), IDS_AT_A_TIME):
        some = rows[start : start + IDS_AT_A_TIME]
        connection.execute(
            update(portals)
            .where(
                _p.portal_id.in_([portal_id for _, portal_id in some]),
                _p.delivery_id.in_([delivery_id for delivery_id, _ in some]),
            )
            .values(delivery_state=state.value)
        )


def _show_newest(connection: Connection, portal_id: str) -> None:
    """Let the portal show its newest delivery that isn't undone, or none."""
    newest = connection.execute(
        select(
            _c.delivery_id,
            _c.state,
            _c.channel,
            type_coerce(_c.addresses_sealed, NullType()),
        )
        .where(_c.portal_id == portal_id, _c.state != DeliveryState.UNDONE.value)
        .order_by(_c.at.desc(), _c.delivery_id.desc())
        .limit(1)
    ).one_or_none()
    delivery_id, state, channel, addresses = newest or (None, None, None, None)
    update_row(
        connection,
        portal_id,
        delivery_id=delivery_id,
        delivery_state=state,
        delivery_channel=channel,
        delivered_to_sealed=addresses,
    )
