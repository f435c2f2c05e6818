"""Everything that the parts of the page draw from, worked out once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from seam_portal_desktop.sandbox.portal_page.catalogue import Messages
from seam_portal_desktop.sandbox.portal_page.devices import Device, devices_of
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, user_text
from seam_portal_desktop.sandbox.portal_page.places import (
    Place,
    Stay,
    places_of,
    stays_of,
    vertical_of,
)
from seam_portal_desktop.sandbox.portal_page.view import PortalView

_ZONE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){0,2}")
_WORDS = {"property_listings": "listings"}
_PLACE_ICONS = {
    "rooms": "bed-double",
    "units": "door-open",
    "property_listings": "house",
    "listings": "house",
    "properties": "house",
    "facilities": "building-2",
    "buildings": "building-2",
    "sites": "map-pin",
    "common_areas": "users",
}
_DEVICE_ICONS = {"thermostat": "thermometer", "noise_sensor": "volume-2"}


@dataclass(frozen=True)
class Context:
    """A view with its places, reservations and devices, and the words to speak of them.

    ``reachable`` are the routes of what the page will have (see routes.py).
    """

    view: PortalView
    messages: Messages
    reachable: frozenset[str] = frozenset()

    @classmethod
    def of(cls, view: PortalView) -> Context:
        locale = view.display_locale
        overrides = ((view.profile or {}).get("message_overrides") or {}).get(locale) or {}
        return cls(view, Messages(locale, overrides))

    @cached_property
    def places(self) -> list[Place]:
        return places_of(self.view.resources)

    @cached_property
    def place_by_ref(self) -> dict[str, Place]:
        return {place.ref: place for place in self.places}

    @cached_property
    def stays(self) -> list[Stay]:
        return stays_of(self.view.resources, self.places)

    @cached_property
    def devices(self) -> list[Device]:
        return devices_of(self.view)

    @cached_property
    def staff(self) -> list[Mapping[str, Any]]:
        return list(self.view.resources.get("staff_members") or ())

    @cached_property
    def vertical(self) -> str:
        return vertical_of(self.view.resources)

    @property
    def can_act(self) -> bool:
        return not self.view.read_only

    def can_manage(self, exclusion: str) -> bool:
        """Whether visitors may change what an ``exclude_…`` of the manage feature is about."""
        return self.can_act and not self.view.feature("manage").get(exclusion, False)

    def devices_in(self, place: Place) -> list[Device]:
        return [device for device in self.devices if device.place == place.ref]

    def stays_in(self, place: Place) -> list[Stay]:
        return [stay for stay in self.stays if place in stay.places]

    def word(self, kind: str, number: str = "many") -> str:
        """What a kind of place is called; `number` is one or many."""
        return self.messages.text(f"place.{_WORDS.get(kind, kind)}.{number}")

    def zone_of(self, place: Place | None) -> str | None:
        """The place's IANA time zone, None where it has none or it doesn't look like one."""
        zone = place.time_zone if place else None
        return zone if zone and _ZONE.fullmatch(zone) else None

    def device_title(self, device: Device) -> Html:
        """The device's own name, or what it is and where."""
        if device.name:
            return user_text(device.name)
        kind = self.messages.text(f"device.{device.device_type}")
        place = self.place_by_ref.get(device.place or "")
        if place is None:
            return h("{kind}", kind=f"{kind} {device.device_id[:4].upper()}")
        return h("{kind} · {place}", kind=kind, place=user_text(place.name))

    def provider_name(self, provider: str) -> str:
        for item in self.view.providers:
            if item["device_provider_name"] == provider:
                return str(item["display_name"])
        return provider.replace("_", " ").title()


def place_icon(kind: str) -> str:
    return _PLACE_ICONS.get(kind, "layers")


def device_icon(device: Device) -> str:
    if device.device_type == "lock":
        return "lock" if device.locked else "lock-open"
    return _DEVICE_ICONS[device.device_type]
