"""The events of the Activity section: what visitors did, and a made-up past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from seam_portal_desktop.sandbox.portal_page.context import Context
from seam_portal_desktop.sandbox.portal_page.devices import PageDevice, digest
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, user_text
from seam_portal_desktop.sandbox.portal_page.places import parse_time

EVENT_ICONS = {
    "lock.locked": "lock",
    "lock.unlocked": "lock-open",
    "access_code.set_on_device": "key-round",
    "device.low_battery": "battery-low",
    "device.disconnected": "wifi-off",
    "noise_sensor.noise_threshold_triggered": "volume-2",
    "connected_account.connected": "plug",
    "reservation.created": "calendar-plus",
    "reservation.cancelled": "calendar-x",
}
_LIMIT = 60
_QUIET_HOURS = 30


@dataclass(frozen=True, slots=True)
class PageEvent:
    event_type: str
    occurred_at: datetime
    subject: Html


def events_of(context: Context) -> list[PageEvent]:
    """The newest events that the link allows; newest first."""
    allowed = (context.data.feature("manage").get("events") or {}).get("allowed_events")
    found = [
        event
        for event in [*_visitors_events(context), *_derived_events(context)]
        if not allowed or event.event_type in allowed
    ]
    return sorted(found, key=lambda event: event.occurred_at, reverse=True)[:_LIMIT]


def _visitors_events(context: Context) -> list[PageEvent]:
    devices = {device.device_id: device for device in context.devices}
    found = []
    for item in context.data.events:
        time, subject = parse_time(item.get("occurred_at")), str(item.get("subject", ""))
        if time is None:
            continue
        if subject in devices:
            shown = context.device_title(devices[subject])
        elif item["event_type"] == "connected_account.connected":
            shown = h("{name}", name=context.provider_name(subject))
        else:
            shown = user_text(subject)
        found.append(PageEvent(str(item["event_type"]), time, shown))
    return found


def _derived_events(context: Context) -> list[PageEvent]:
    # Relative to the full hour, so that a reload shows the same times.
    hour = context.data.now.replace(minute=0, second=0, microsecond=0)
    found = []
    for device in context.devices:
        title, spread = context.device_title(device), digest(device.device_id)
        for event_type, hours in _device_events(device, spread):
            found.append(PageEvent(event_type, hour - timedelta(minutes=hours * 60 + 7), title))
    for stay in context.stays:
        if stay.starts_at is not None:
            booked = min(stay.starts_at - timedelta(days=9), hour - timedelta(hours=5))
            found.append(PageEvent("reservation.created", booked, user_text(stay.name)))
    return found


def _device_events(device: PageDevice, spread: int) -> list[tuple[str, int]]:
    found = []
    if not device.online:
        found.append(("device.disconnected", 2))
    elif device.device_type == "lock":
        found += [("lock.unlocked", spread % _QUIET_HOURS + 1), ("lock.locked", spread % 9)]
        if spread % 3 == 0:
            found.append(("access_code.set_on_device", spread % 40 + 3))
    elif device.device_type == "noise_sensor" and spread % 2 == 0:
        found.append(("noise_sensor.noise_threshold_triggered", spread % 50 + 1))
    if device.online and device.needs_attention:
        found.append(("device.low_battery", spread % 20 + 1))
    return found
