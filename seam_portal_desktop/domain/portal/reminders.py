"""What an operator should be reminded of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from seam_portal_desktop.domain.message.delivery import DeliveryState
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord, PortalStatus

SOON = timedelta(hours=72)
"""A link that ends within this time is worth a reminder, and so is a sent one that ended then."""

_TODAY = timedelta(hours=24)


class ReminderKind(StrEnum):
    """In the order in which they are shown.

    NOT_SENT: the message reached nobody. RETURNED: it came back. UNCONFIRMED: nobody knows whether
    it was sent. TODAY and SOON: the link ends within 24 and 72 hours. OVER: a sent link has ended.
    """

    NOT_SENT = "not_sent"
    RETURNED = "returned"
    UNCONFIRMED = "unconfirmed"
    TODAY = "today"
    SOON = "soon"
    OVER = "over"


_TROUBLES: Mapping[DeliveryState | None, ReminderKind] = MappingProxyType(
    {
        DeliveryState.FAILED: ReminderKind.NOT_SENT,
        DeliveryState.RETURNED: ReminderKind.RETURNED,
        DeliveryState.MAYBE_SENT: ReminderKind.UNCONFIRMED,
        DeliveryState.HANDED_OVER: ReminderKind.UNCONFIRMED,
    }
)

TROUBLED = frozenset(state for state in _TROUBLES if state is not None)
"""The deliveries that somebody has to look after."""


def reminder_of(portal: PortalRecord, now: datetime) -> ReminderKind | None:
    """Why to look at `portal` at `now`. None for a link that was renewed or revoked."""
    if portal.kind is PortalKind.SAFE_PREVIEW or portal.renewed_to or portal.expires_at is None:
        return None
    if portal.is_live(now):
        if portal.delivery_state in _TROUBLES:
            return _TROUBLES[portal.delivery_state]
        left = portal.expires_at - now
        if left <= _TODAY:
            return ReminderKind.TODAY
        return ReminderKind.SOON if left <= SOON else None
    is_over = portal.status(now) is PortalStatus.EXPIRED and now - portal.expires_at <= SOON
    return ReminderKind.OVER if is_over and portal.sent is not None else None
