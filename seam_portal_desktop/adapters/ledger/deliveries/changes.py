"""What a change of a delivery changes in its portal: the row, and the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryState
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.record import Sent

_EVENT_OF_STATE: Mapping[DeliveryState, EventKind] = MappingProxyType(
    {
        DeliveryState.FAILED: EventKind.SEND_FAILED,
        DeliveryState.MAYBE_SENT: EventKind.MAYBE_SENT,
        DeliveryState.UNDONE: EventKind.SEND_UNDONE,
        DeliveryState.RETURNED: EventKind.RETURNED,
    }
)


class Before(NamedTuple):
    """A row before its change."""

    state: str
    reached: int


def asked_events(delivery: Delivery) -> Iterator[PortalEvent]:
    """Of a new delivery. The last one has its reason as a note, if there is one."""
    is_given = delivery.state is DeliveryState.HANDED_OVER
    kind = EventKind.HANDED_OVER if is_given else EventKind.SEND_ASKED
    yield PortalEvent(delivery.at, kind, delivery.by, detail_of(delivery))
    if delivery.content is not None and delivery.content.override_reason:
        yield PortalEvent(delivery.at, EventKind.SENT_ANYWAY, delivery.by, detail_of(delivery))


def sent_of(before: Before, delivery: Delivery, now: datetime) -> Sent | None:
    """The sent state that the portal's record gets; None if it stays as it is."""
    reached = 0 if delivery.content is None else delivery.content.reached
    was_confirmed = delivery.state is DeliveryState.SENT and before.state in (
        DeliveryState.HANDED_OVER,
        DeliveryState.MAYBE_SENT,
    )
    if reached <= before.reached and not was_confirmed:
        return None
    return Sent(delivery.finished_at or now, delivery.by, delivery.channel.reaches_by)


def changed_event(
    before: Before, delivery: Delivery, sent: Sent | None, now: datetime
) -> PortalEvent | None:
    at = delivery.finished_at or now
    if sent is not None:
        channel = {"channel": delivery.channel.reaches_by.value}
        return PortalEvent(at, EventKind.SENT, delivery.by, channel | detail_of(delivery))
    kind = _EVENT_OF_STATE.get(delivery.state)
    if kind is None or before.state == delivery.state:
        return None
    by = delivery.by if kind is EventKind.SEND_UNDONE else ""
    return PortalEvent(at, kind, by, detail_of(delivery))


def detail_of(delivery: Delivery) -> dict[str, str]:
    """It never has an address."""
    detail = {"delivery_id": delivery.delivery_id, "send_channel": delivery.channel.value}
    if delivery.template:
        detail |= {
            "template": delivery.template,
            "template_version": str(delivery.template_version),
        }
    return detail
